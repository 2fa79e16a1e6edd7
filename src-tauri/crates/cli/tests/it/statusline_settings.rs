//! `token-monitor statusline install`, `uninstall` and `check`: changes of Claude Code's settings.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::program::Home;

fn settings_path(home: &Home) -> PathBuf {
    home.path().join(".claude/settings.json")
}

fn home_with_settings(text: &str) -> Home {
    let home = Home::new();
    fs::create_dir_all(home.path().join(".claude")).expect("a folder");
    fs::write(settings_path(&home), text).expect("it is written");
    home
}

fn read_settings(home: &Home) -> String {
    fs::read_to_string(settings_path(home)).expect("it is there")
}

fn installed_command(home: &Home) -> String {
    let value: Value = serde_json::from_str(&read_settings(home)).expect("it is JSON");
    value["statusLine"]["command"].as_str().expect("there is one").to_owned()
}

fn backups(home: &Home) -> Vec<PathBuf> {
    let files = fs::read_dir(home.path().join(".claude")).expect("it is there");
    let paths = files.map(|file| file.expect("it can be listed").path());
    paths.filter(|path| path.to_string_lossy().contains(".token-monitor-backup-")).collect()
}

/// Returns the exit code and the standard error output.
fn fails(home: &Home, args: &[&str]) -> (Option<i32>, String) {
    let output = home.run(args);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

const SETTINGS: &str = "{\r\n    \"model\" : \"opus\",\r\n\t\"env\": { \"A\": \"\\u00e9\", \"b\":[ ] }\r\n}\r\n\r\n";

#[test]
fn settings_are_restored_byte_for_byte() {
    let home = home_with_settings(SETTINGS);
    let output = home.prints(&["statusline", "install"]);
    assert!(output.contains("Previous settings: ~/.claude/settings.json.token-monitor-backup-"), "{output}");
    let program = fs::canonicalize(env!("CARGO_BIN_EXE_token-monitor")).expect("it was built");
    assert_eq!(
        installed_command(&home),
        format!("{} statusline", program.display()),
        "the absolute path of the program"
    );
    assert_eq!(fs::read_to_string(&backups(&home)[0]).expect("it is there"), SETTINGS);
    home.prints(&["statusline", "uninstall"]);
    assert_eq!(read_settings(&home), SETTINGS);
}

#[test]
fn any_previous_command_is_restored() {
    for previous in [
        "~/.claude/statusline.sh",
        "echo 'it'\\''s' \"$HOME\" `id` $(date) \\",
        "echo a\necho b",
        "echo é 漢字 🦀",
        "'open",
    ] {
        let line = json!({ "type": "command", "command": previous, "padding": 2 });
        let text = format!("{{\n \"statusLine\":{line},\n \"model\": \"opus\"}}");
        let home = home_with_settings(&text);
        let output = home.prints(&["statusline", "install"]);
        assert!(
            output.starts_with("Claude Code now shows Token Monitor's status line below the output of: "),
            "{output}"
        );
        assert!(read_settings(&home).contains("\"padding\":2"), "the other members are kept");
        home.prints(&["statusline", "uninstall"]);
        assert_eq!(read_settings(&home), text);
    }
}

/// Runs the command with a shell, like Claude Code.
#[cfg(unix)]
#[test]
fn the_installed_command_runs_the_previous_one_first() {
    let previous = "printf '%s|' \"it's\" \"$HOME\" `echo ok` é; cat | wc -c | tr -d ' '";
    let home = home_with_settings(&json!({ "statusLine": { "type": "command", "command": previous } }).to_string());
    home.prints(&["statusline", "install"]);
    let mut shell = std::process::Command::new("/bin/sh");
    shell.arg("-c").arg(installed_command(&home)).env("HOME", home.path()).env("TOKEN_MONITOR_DB", home.store());
    fs::write(home.path().join("input"), "{\"model\":\"m\"}").expect("it is written");
    let input = fs::File::open(home.path().join("input")).expect("it is there");
    let output = shell.env("XDG_RUNTIME_DIR", home.path()).stdin(input).output().expect("it runs");
    let home = home.path().display();
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("it's|{home}|ok|é|13\nm\n"));
}

#[test]
fn installing_again_changes_nothing() {
    let home = home_with_settings("{}");
    home.prints(&["statusline", "install"]);
    let text = read_settings(&home);
    let output = home.prints(&["statusline", "install"]);
    assert!(output.starts_with("The status line is already installed; nothing was changed."), "{output}");
    assert_eq!((read_settings(&home), backups(&home).len()), (text, 1));
}

#[test]
fn missing_settings_are_created() {
    let home = Home::new();
    let done = home.json(&["statusline", "install"]);
    assert_eq!(done["backup"], Value::Null, "there was nothing to copy");
    let value: Value = serde_json::from_str(&read_settings(&home)).expect("it is JSON");
    assert_eq!(value.as_object().map(serde_json::Map::len), Some(1), "{value}");
    assert_eq!(value["statusLine"]["type"], "command");
    home.prints(&["statusline", "uninstall"]);
    assert_eq!(read_settings(&home), "{\n}\n");
}

#[test]
fn the_settings_are_in_claude_codes_folder_unless_named() {
    let home = Home::new();
    let output = home
        .command(&["statusline", "install"])
        .env("CLAUDE_CONFIG_DIR", "~/first, /nowhere/second")
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(home.path().join("first/settings.json").exists() && !settings_path(&home).exists());
    home.prints(&["statusline", "install", "--settings", "mine.json"]);
    assert!(home.path().join("mine.json").exists() && !settings_path(&home).exists());
}

#[test]
fn settings_that_are_not_json_are_not_changed() {
    for text in ["", "{,}", "// mine\n{}", "[]"] {
        let home = home_with_settings(text);
        for change in ["install", "uninstall"] {
            let (code, output) = fails(&home, &["statusline", change]);
            assert!(code == Some(2) && output.contains("is not valid JSON; nothing was changed"), "{code:?} {output}");
        }
        assert_eq!((read_settings(&home), backups(&home).len()), (text.to_owned(), 0));
    }
}

#[test]
fn the_status_line_of_another_program_is_not_removed() {
    let text = r#"{"statusLine":{"type":"command","command":"ccusage statusline"}}"#;
    let home = home_with_settings(text);
    let (code, output) = fails(&home, &["statusline", "uninstall"]);
    assert!(code == Some(1) && output.contains("is not Token Monitor's; nothing was changed"), "{code:?} {output}");
    assert_eq!(read_settings(&home), text);
}

#[test]
fn uninstalling_without_a_status_line_changes_nothing() {
    let home = Home::new();
    let output = home.prints(&["statusline", "uninstall"]);
    assert!(output.starts_with("There is no status line; nothing was changed."), "{output}");
    assert!(!settings_path(&home).exists());
}

#[cfg(unix)]
#[test]
fn links_and_permissions_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = Home::new();
    let real = home.path().join("dotfiles.json");
    fs::create_dir_all(home.path().join(".claude")).expect("a folder");
    fs::write(&real, SETTINGS).expect("it is written");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("it is ours");
    symlink(&real, settings_path(&home)).expect("a link");
    home.prints(&["statusline", "install"]);
    let mode = |path: &PathBuf| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert!(fs::symlink_metadata(settings_path(&home)).expect("it is there").is_symlink());
    assert_eq!((mode(&real), mode(&backups(&home)[0])), (0o640, 0o600));
    home.prints(&["statusline", "uninstall"]);
    assert_eq!(fs::read_to_string(&real).expect("it is there"), SETTINGS);
    let left: Vec<_> = fs::read_dir(home.path()).expect("a folder").flatten().map(|file| file.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".tmp")), "{left:?}");
}

#[cfg(unix)]
#[test]
fn a_broken_link_is_not_changed() {
    let home = Home::new();
    fs::create_dir_all(home.path().join(".claude")).expect("a folder");
    std::os::unix::fs::symlink("nowhere.json", settings_path(&home)).expect("a link");
    let (code, output) = fails(&home, &["statusline", "install"]);
    assert!(code == Some(1) && output.contains("cannot read"), "{code:?} {output}");
}

#[test]
fn check_prints_on_or_off() {
    let home = Home::new();
    assert_eq!(home.prints(&["statusline", "check"]).trim(), "off");
    home.prints(&["statusline", "install"]);
    assert_eq!(home.prints(&["statusline", "check"]).trim(), "on");
    home.prints(&["statusline", "uninstall"]);
    assert_eq!(home.prints(&["statusline", "check"]).trim(), "off");
}

/// Runs a program under another name in this home.
#[cfg(unix)]
fn run_renamed(home: &Home, program: &std::path::Path, args: &[&str]) -> String {
    let mut command = std::process::Command::new(program);
    command.args(args).env_clear().env("HOME", home.path()).env("TOKEN_MONITOR_DB", home.store());
    let output = command.current_dir(home.path()).output().expect("it runs");
    assert!(output.status.success(), "{program:?} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

#[cfg(unix)]
#[test]
fn the_program_recognizes_itself_under_any_name() {
    let text = "{\n  \"statusLine\": {\"command\": \"foo | bar \\u00e9\"},\n  \"x\": \"\\u00e9\"\n}\n";
    for name in [".token-monitor-wrapped", "token-monitor-0.1.0", "tm"] {
        let home = home_with_settings(text);
        let program = home.path().join(name);
        if fs::hard_link(env!("CARGO_BIN_EXE_token-monitor"), &program).is_err() {
            fs::copy(env!("CARGO_BIN_EXE_token-monitor"), &program).expect("it is copied");
        }
        run_renamed(&home, &program, &["statusline", "install"]);
        let installed = read_settings(&home);
        assert!(installed.contains(&format!("/{name} statusline -- sh -c 'foo | bar \\u00e9'")), "{installed}");
        run_renamed(&home, &program, &["statusline", "install"]);
        assert_eq!(read_settings(&home), installed, "{name}: a second install changes nothing");
        assert_eq!(home.prints(&["statusline", "check"]).trim(), "on", "{name}: a copy is recognized");
        run_renamed(&home, &program, &["statusline", "uninstall"]);
        assert_eq!(read_settings(&home), text, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_the_program_is_recognized() {
    let home = Home::new();
    let link = home.path().join("tm");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_token-monitor"), &link).expect("a link");
    let text = json!({ "statusLine": { "type": "command", "command": "~/tm statusline" } }).to_string();
    let home_settings = home.path().join(".claude");
    fs::create_dir_all(&home_settings).expect("a folder");
    fs::write(settings_path(&home), &text).expect("it is written");
    let output = home.prints(&["statusline", "install"]);
    assert!(output.starts_with("The status line is already installed; nothing was changed."), "{output}");
    assert_eq!(read_settings(&home), text);
    home.prints(&["statusline", "uninstall"]);
    assert_eq!(read_settings(&home), "{}");
}

#[cfg(unix)]
#[test]
fn the_wrapper_of_the_program_is_installed() {
    let home = Home::new();
    let program = home.path().join(".token-monitor-wrapped");
    if fs::hard_link(env!("CARGO_BIN_EXE_token-monitor"), &program).is_err() {
        fs::copy(env!("CARGO_BIN_EXE_token-monitor"), &program).expect("it is copied");
    }
    fs::write(home.path().join("token-monitor"), "#!/bin/sh\n").expect("it is written");
    for _ in 0..2 {
        run_renamed(&home, &program, &["statusline", "install"]);
        let wrapper = fs::canonicalize(home.path()).expect("it is there").join("token-monitor");
        assert_eq!(installed_command(&home), format!("{} statusline", wrapper.display()));
    }
}

#[test]
fn a_part_of_a_longer_command_is_left_to_its_author() {
    let text = r#"{"statusLine":{"command":"cat | token-monitor statusline"}}"#;
    let home = home_with_settings(text);
    assert!(home.prints(&["statusline", "install"]).contains("nothing was changed"));
    let (code, output) = fails(&home, &["statusline", "uninstall"]);
    assert!(code == Some(1) && output.contains("a part of a longer command"), "{code:?} {output}");
    assert_eq!(read_settings(&home), text);
}

#[test]
fn the_last_three_backups_are_kept() {
    let home = home_with_settings(SETTINGS);
    let foreign = home.path().join(".claude/settings.json.token-monitor-backup-mine");
    fs::write(&foreign, "").expect("it is written");
    for _ in 0..3 {
        home.prints(&["statusline", "install"]);
        home.prints(&["statusline", "uninstall"]);
    }
    let mut files = backups(&home);
    files.retain(|path| *path != foreign);
    files.sort();
    let texts: Vec<_> = files.iter().map(|path| fs::read_to_string(path).expect("it is there") == SETTINGS).collect();
    assert_eq!(texts, [false, true, false], "the newest ones");
    assert!(foreign.exists());
}

#[test]
fn settings_that_hide_the_status_line_are_named() {
    let home = home_with_settings(r#"{"disableAllHooks": true}"#);
    let warning = "! ~/.claude/settings.json sets disableAllHooks: Claude Code shows no status line.";
    for _ in 0..2 {
        let output = home.prints(&["statusline", "install"]);
        assert!(output.ends_with(warning), "{output}");
    }
    let doctor = home.prints(&["doctor"]);
    assert!(doctor.ends_with(&format!("Status line    on, not called yet\n{warning}")), "{doctor}");
    assert_eq!(home.json(&["doctor"])["statusLine"]["warnings"].as_array().map(Vec::len), Some(1));
    home.prints(&["statusline", "uninstall"]);
    assert!(!home.prints(&["doctor"]).contains("disableAllHooks"), "there is no line that could be shown");
}

#[test]
fn the_status_line_of_a_project_is_named() {
    let home = Home::new();
    let project = home.path().join("work");
    fs::create_dir_all(project.join(".claude")).expect("a folder");
    fs::write(project.join(".claude/settings.local.json"), r#"{"statusLine":{"type":"command","command":"date"}}"#)
        .expect("it is written");
    let output = home.command(&["statusline", "install"]).current_dir(&project).output().expect("it runs");
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = "settings.local.json sets another statusLine: Claude Code shows that one instead in this project.";
    assert!(output.contains(text), "{output}");
    assert!(!home.prints(&["doctor"]).contains(text), "outside of the project it is shown");
}

#[test]
fn doctor_prints_when_the_status_line_was_last_called() {
    let home = Home::new();
    assert!(home.prints(&["doctor"]).ends_with("Status line    off"));
    assert_eq!(home.json(&["doctor"])["statusLine"]["lastCalled"], Value::Null);
    home.prints(&["statusline", "install"]);
    home.run_with(&["statusline"], b"{}");
    let doctor = home.prints(&["doctor"]);
    assert!(doctor.ends_with("Status line    on, last called less than a minute ago"), "{doctor}");
}
