//! `token-monitor statusline install` and `uninstall`: Claude Code's settings, changed on request and only there.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::program::Home;

fn settings(home: &Home) -> PathBuf {
    home.path().join(".claude/settings.json")
}

fn with_settings(text: &str) -> Home {
    let home = Home::new();
    fs::create_dir_all(home.path().join(".claude")).expect("a folder");
    fs::write(settings(&home), text).expect("it is written");
    home
}

fn read(home: &Home) -> String {
    fs::read_to_string(settings(home)).expect("it is there")
}

fn command(home: &Home) -> String {
    let value: Value = serde_json::from_str(&read(home)).expect("it is JSON");
    value["statusLine"]["command"].as_str().expect("there is one").to_owned()
}

fn backups(home: &Home) -> Vec<PathBuf> {
    let files = fs::read_dir(home.path().join(".claude")).expect("it is there");
    let paths = files.map(|file| file.expect("it can be listed").path());
    paths.filter(|path| path.to_string_lossy().contains(".token-monitor-backup-")).collect()
}

/// The exit code and what was said.
fn fails(home: &Home, args: &[&str]) -> (Option<i32>, String) {
    let output = home.run(args);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

const OWN: &str = "{\r\n    \"model\" : \"opus\",\r\n\t\"env\": { \"A\": \"\\u00e9\", \"b\":[ ] }\r\n}\r\n\r\n";

#[test]
fn settings_come_back_byte_for_byte() {
    let home = with_settings(OWN);
    let said = home.prints(&["statusline", "install"]);
    assert!(said.contains("The settings as they were: ~/.claude/settings.json.token-monitor-backup-"), "{said}");
    let program = fs::canonicalize(env!("CARGO_BIN_EXE_token-monitor")).expect("it was built");
    assert_eq!(command(&home), format!("{} statusline", program.display()), "where the program really is");
    assert_eq!(fs::read_to_string(&backups(&home)[0]).expect("it is there"), OWN);
    home.prints(&["statusline", "uninstall"]);
    assert_eq!(read(&home), OWN);
}

#[test]
fn any_command_that_was_there_comes_back() {
    for previous in [
        "~/.claude/statusline.sh",
        "echo 'it'\\''s' \"$HOME\" `id` $(date) \\",
        "echo a\necho b",
        "echo é 漢字 🦀",
        "'open",
    ] {
        let line = json!({ "type": "command", "command": previous, "padding": 2 });
        let text = format!("{{\n \"statusLine\":{line},\n \"model\": \"opus\"}}");
        let home = with_settings(&text);
        let said = home.prints(&["statusline", "install"]);
        assert!(said.starts_with("Claude Code now shows Token Monitor's status line below that of: "), "{said}");
        assert!(read(&home).contains("\"padding\":2"), "the rest of it stays");
        home.prints(&["statusline", "uninstall"]);
        assert_eq!(read(&home), text);
    }
}

/// As Claude Code runs it: the command is one text for a shell.
#[cfg(unix)]
#[test]
fn the_installed_command_runs_what_was_there_before() {
    let previous = "printf '%s|' \"it's\" \"$HOME\" `echo ok` é; cat | wc -c | tr -d ' '";
    let home = with_settings(&json!({ "statusLine": { "type": "command", "command": previous } }).to_string());
    home.prints(&["statusline", "install"]);
    let mut shell = std::process::Command::new("/bin/sh");
    shell.arg("-c").arg(command(&home)).env("HOME", home.path()).env("TOKEN_MONITOR_DB", home.store());
    fs::write(home.path().join("told"), "{\"model\":\"m\"}").expect("it is written");
    let told = fs::File::open(home.path().join("told")).expect("it is there");
    let output = shell.env("XDG_RUNTIME_DIR", home.path()).stdin(told).output().expect("it runs");
    let home = home.path().display();
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("it's|{home}|ok|é|13\nm\n"));
}

#[test]
fn installing_again_changes_nothing() {
    let home = with_settings("{}");
    home.prints(&["statusline", "install"]);
    let text = read(&home);
    let said = home.prints(&["statusline", "install"]);
    assert!(said.starts_with("Token Monitor is there already; nothing was changed."), "{said}");
    assert_eq!((read(&home), backups(&home).len()), (text, 1));
}

#[test]
fn settings_that_are_not_there_are_made() {
    let home = Home::new();
    let done = home.json(&["statusline", "install"]);
    assert_eq!(done["backup"], Value::Null, "there was nothing to keep");
    let value: Value = serde_json::from_str(&read(&home)).expect("it is JSON");
    assert_eq!(value.as_object().map(serde_json::Map::len), Some(1), "{value}");
    assert_eq!(value["statusLine"]["type"], "command");
    home.prints(&["statusline", "uninstall"]);
    assert_eq!(read(&home), "{\n}\n");
}

#[test]
fn the_settings_of_claude_code_s_folder_are_meant_unless_named() {
    let home = Home::new();
    let output = home
        .command(&["statusline", "install"])
        .env("CLAUDE_CONFIG_DIR", "~/first, /nowhere/second")
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(home.path().join("first/settings.json").exists() && !settings(&home).exists());
    home.prints(&["statusline", "install", "--settings", "mine.json"]);
    assert!(home.path().join("mine.json").exists() && !settings(&home).exists());
}

#[test]
fn settings_that_are_no_json_are_left_alone() {
    for text in ["", "{,}", "// mine\n{}", "[]"] {
        let home = with_settings(text);
        for change in ["install", "uninstall"] {
            let (code, said) = fails(&home, &["statusline", change]);
            assert!(code == Some(2) && said.contains("is not valid JSON; nothing was changed"), "{code:?} {said}");
        }
        assert_eq!((read(&home), backups(&home).len()), (text.to_owned(), 0));
    }
}

#[test]
fn somebody_else_s_status_line_is_not_uninstalled() {
    let text = r#"{"statusLine":{"type":"command","command":"ccusage statusline"}}"#;
    let home = with_settings(text);
    let (code, said) = fails(&home, &["statusline", "uninstall"]);
    assert!(code == Some(1) && said.contains("is not Token Monitor's; nothing was changed"), "{code:?} {said}");
    assert_eq!(read(&home), text);
}

#[test]
fn uninstalling_without_installing_says_so() {
    let home = Home::new();
    let said = home.prints(&["statusline", "uninstall"]);
    assert!(said.starts_with("There is no status line; nothing was changed."), "{said}");
    assert!(!settings(&home).exists());
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = Home::new();
    let real = home.path().join("dotfiles.json");
    fs::create_dir_all(home.path().join(".claude")).expect("a folder");
    fs::write(&real, OWN).expect("it is written");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("it is ours");
    symlink(&real, settings(&home)).expect("a link");
    home.prints(&["statusline", "install"]);
    let mode = |path: &PathBuf| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert!(fs::symlink_metadata(settings(&home)).expect("it is there").is_symlink());
    assert_eq!((mode(&real), mode(&backups(&home)[0])), (0o640, 0o600));
    home.prints(&["statusline", "uninstall"]);
    assert_eq!(fs::read_to_string(&real).expect("it is there"), OWN);
    let left: Vec<_> = fs::read_dir(home.path()).expect("a folder").flatten().map(|file| file.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".tmp")), "{left:?}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_left_alone() {
    let home = Home::new();
    fs::create_dir_all(home.path().join(".claude")).expect("a folder");
    std::os::unix::fs::symlink("nowhere.json", settings(&home)).expect("a link");
    let (code, said) = fails(&home, &["statusline", "install"]);
    assert!(code == Some(1) && said.contains("cannot read"), "{code:?} {said}");
}

#[test]
fn whether_it_is_on_can_be_asked() {
    let home = Home::new();
    assert_eq!(home.prints(&["statusline", "check"]).trim(), "off");
    home.prints(&["statusline", "install"]);
    assert_eq!(home.prints(&["statusline", "check"]).trim(), "on");
    home.prints(&["statusline", "uninstall"]);
    assert_eq!(home.prints(&["statusline", "check"]).trim(), "off");
}
