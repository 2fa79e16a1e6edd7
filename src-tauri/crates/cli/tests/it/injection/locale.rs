//! Languages and regions of the system change neither figures nor how numbers are read.

use rstest::rstest;

use crate::program::Home;

#[rstest]
#[case("C")]
#[case("C.UTF-8")]
#[case("tr_TR.UTF-8")]
#[case("ar_EG.UTF-8")]
#[case("de_DE.ISO-8859-1")]
#[case("xx_YY.nothing")]
#[case("")]
fn figures_are_the_same_in_every_locale(#[case] locale: &str) {
    let home = Home::with_sessions();
    for args in [&["sessions", "--json"][..], &["days", "--json"], &["models"], &["export"]] {
        let plain = home.run(args);
        let mut command = home.command(args);
        for name in ["LC_ALL", "LC_NUMERIC", "LANG", "LANGUAGE"] {
            command.env(name, locale);
        }
        let output = command.output().expect("it runs");
        assert_eq!(String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&plain.stderr), "{args:?}");
        assert!(output.status.success() && output.stdout == plain.stdout, "{args:?} in {locale:?}");
    }
    let set = home.command(&["settings", "set", "blocks.token_limit", "1500000"]).env("LC_ALL", locale).status();
    assert!(set.expect("it runs").success());
    let is_limit = |line: &&str| line.starts_with("blocks.token_limit");
    let settings = home.prints(&["settings"]);
    let limit = settings.lines().find(is_limit).expect("the setting").split_whitespace().nth(1);
    assert_eq!(limit, Some("1500000"));
}
