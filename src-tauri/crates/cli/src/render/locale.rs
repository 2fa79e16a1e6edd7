//! The terminal's character set, by the locale.

use std::ffi::OsString;

/// The variables that decide the character set, the first that is set and not empty.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_CTYPE", "LANG"];

/// Returns true if the terminal shows UTF-8.
pub(crate) fn is_utf8() -> bool {
    // The console of Windows is written to in UTF-16 and has no such variables.
    cfg!(windows) || is_utf8_locale(|name| std::env::var_os(name))
}

fn is_utf8_locale(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let locale = VARIABLES.into_iter().filter_map(variable).find(|value| !value.is_empty());
    let locale = locale.unwrap_or_default().to_string_lossy().to_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&[("LANG", "en_US.UTF-8")], true)]
    #[case(&[("LANG", "de_DE.utf8")], true)]
    #[case(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")], false)]
    #[case(&[("LC_ALL", ""), ("LC_CTYPE", "C.UTF-8")], true)]
    #[case(&[("LANG", "en_US.ISO-8859-1")], false)]
    #[case(&[], false)]
    fn the_first_variable_that_is_set_decides(#[case] variables: &[(&str, &str)], #[case] expected: bool) {
        let value_of =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into());
        assert_eq!(is_utf8_locale(value_of), expected);
    }
}
