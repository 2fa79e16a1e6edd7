//! Decides how Claude Code's settings change. Pure: text in, text out.
//!
//! The previous command becomes a part of the new one, so `uninstall` can restore it without any other file, even from
//! settings that were copied from another machine.

use std::path::Path;

use serde_json::json;

use crate::statusline::claude_settings::json_object::JsonObject;
use crate::statusline::claude_settings::shell_words::{ShellWord, quote_word, split_words};

/// A decision about the settings.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SettingsEdit {
    /// The settings stay as they are.
    Unchanged,
    /// The settings are written.
    Write {
        /// The new text.
        text: String,
        /// The effect of the change.
        effect: EditEffect,
    },
}

/// The effect of a change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EditEffect {
    /// This program's command was added, and there was none before.
    Added,
    /// This program's command was added, and runs the previous command first.
    Chained(String),
    /// The path of the program in this program's command was changed.
    Moved,
    /// This program's command was removed.
    Removed,
    /// This program's command was replaced with the previous command.
    Restored(String),
}

/// A reason for which the settings are not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EditError {
    /// The text is not a JSON object.
    NotAnObject,
    /// There are two members named `statusLine`, or two commands in it.
    Duplicate,
    /// `statusLine` has no command.
    NotACommand,
    /// The command runs another program.
    NotOwnCommand,
}

const STATUS_LINE: &str = "statusLine";
const COMMAND: &str = "command";

/// The mark with which some editors on Windows begin a file.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Returns the edit that adds the command `program statusline`. `settings` is none if there is no file.
pub(crate) fn edit_to_install(settings: Option<&str>, program: &str) -> Result<SettingsEdit, EditError> {
    let command = format!("{} statusline", quote_word(program));
    let value = status_line_json(&command);
    let Some(settings) = settings else {
        let text = format!("{{\n  \"{STATUS_LINE}\": {value}\n}}\n");
        return Ok(SettingsEdit::Write { text, effect: EditEffect::Added });
    };
    edit_status_line(settings, |all, line| match line {
        None => Ok(Some((all.with_member(STATUS_LINE, &value), EditEffect::Added))),
        Some(line) => Ok(replacement_command(&line.command, program, &command)
            .map(|(command, effect)| (line.with_command(all, &command), effect))),
    })
}

/// Returns the edit that removes this program's command and restores the previous one.
pub(crate) fn edit_to_uninstall(settings: Option<&str>) -> Result<SettingsEdit, EditError> {
    edit_status_line(settings.unwrap_or("{}"), |all, line| {
        let Some(line) = line else { return Ok(None) };
        let own = OwnCommand::parse(&line.command).ok_or(EditError::NotOwnCommand)?;
        Ok(Some(match own.previous {
            None => (all.without_member(STATUS_LINE), EditEffect::Removed),
            Some(previous) => (line.with_command(all, &previous), EditEffect::Restored(previous)),
        }))
    })
}

/// Returns true if the settings contain this program's command.
pub(crate) fn is_installed(settings: &str) -> bool {
    let all = JsonObject::parse(settings.strip_prefix(BYTE_ORDER_MARK).unwrap_or(settings));
    all.and_then(|all| parse_status_line(&all).ok()?).is_some_and(|line| OwnCommand::parse(&line.command).is_some())
}

/// The `statusLine` member of the settings.
struct StatusLineMember<'a> {
    object: JsonObject<'a>,
    command: String,
}

impl StatusLineMember<'_> {
    /// Returns the settings `all` with this member's command replaced.
    fn with_command(&self, all: &JsonObject<'_>, command: &str) -> String {
        all.with_member(STATUS_LINE, &self.object.with_member(COMMAND, &json!(command).to_string()))
    }
}

fn edit_status_line(
    settings: &str,
    edit: impl FnOnce(&JsonObject<'_>, Option<StatusLineMember<'_>>) -> Result<Option<(String, EditEffect)>, EditError>,
) -> Result<SettingsEdit, EditError> {
    let (mark, json) = match settings.strip_prefix(BYTE_ORDER_MARK) {
        Some(json) => (BYTE_ORDER_MARK, json),
        None => ("", settings),
    };
    let all = JsonObject::parse(json).ok_or(EditError::NotAnObject)?;
    let line = parse_status_line(&all)?;
    Ok(match edit(&all, line)? {
        Some((text, effect)) => SettingsEdit::Write { text: [mark, &text].concat(), effect },
        None => SettingsEdit::Unchanged,
    })
}

fn parse_status_line<'a>(all: &JsonObject<'a>) -> Result<Option<StatusLineMember<'a>>, EditError> {
    let Some(value) = all.value_text(STATUS_LINE) else { return Ok(None) };
    let object = JsonObject::parse(value).ok_or(EditError::NotACommand)?;
    if all.has_duplicate(STATUS_LINE) || object.has_duplicate(COMMAND) {
        return Err(EditError::Duplicate);
    }
    let command = object.value_text(COMMAND).and_then(|command| serde_json::from_str(command).ok());
    command.map(|command| Some(StatusLineMember { object, command })).ok_or(EditError::NotACommand)
}

fn status_line_json(command: &str) -> String {
    format!("{{ \"type\": \"command\", \"{COMMAND}\": {} }}", json!(command))
}

/// Returns the command that replaces the current one. None if that is already this program's, with the right path.
fn replacement_command(current: &str, program: &str, command: &str) -> Option<(String, EditEffect)> {
    match OwnCommand::parse(current) {
        Some(own) if own.program.text == program => None,
        Some(OwnCommand { program: ShellWord { range, .. }, .. }) => {
            let moved = [&current[..range.start], &quote_word(program), &current[range.end..]].concat();
            Some((moved, EditEffect::Moved))
        }
        None => {
            let chained = format!("{command} -- sh -c {}", quote_word(current));
            Some((chained, EditEffect::Chained(current.to_owned())))
        }
    }
}

/// A command that runs this program.
struct OwnCommand {
    program: ShellWord,
    /// The command that it runs first.
    previous: Option<String>,
}

impl OwnCommand {
    fn parse(command: &str) -> Option<Self> {
        let words = split_words(command)?;
        let (program, rest) = words.split_first()?;
        let (own, chained) = match rest.iter().position(|word| word.text == "--") {
            Some(at) => (&rest[..at], &rest[at + 1..]),
            None => (rest, &rest[..0]),
        };
        let is_this_program = Path::new(&program.text).file_stem().is_some_and(|name| name == "token-monitor");
        let is_status_line = is_this_program && own.iter().any(|word| word.text == "statusline");
        is_status_line.then(|| Self { program: program.clone(), previous: chained_command(command, chained) })
    }
}

/// Returns the command after `--`: the script of `sh -c`, as `install` writes it, or the text as a user wrote it.
fn chained_command(command: &str, chained: &[ShellWord]) -> Option<String> {
    match chained {
        [] => None,
        [shell, option, script] if shell.text == "sh" && option.text == "-c" => Some(script.text.clone()),
        [first, ..] => Some(command[first.range.start..].to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const PROGRAM: &str = "/opt/it's here/token-monitor";

    fn write_install(settings: &str) -> (String, EditEffect) {
        match edit_to_install(Some(settings), PROGRAM).expect("it can be edited") {
            SettingsEdit::Write { text, effect } => (text, effect),
            SettingsEdit::Unchanged => panic!("{settings} is not changed"),
        }
    }

    fn write_uninstall(settings: &str) -> (String, EditEffect) {
        match edit_to_uninstall(Some(settings)).expect("it can be edited") {
            SettingsEdit::Write { text, effect } => (text, effect),
            SettingsEdit::Unchanged => panic!("{settings} is not changed"),
        }
    }

    #[rstest]
    #[case("{}")]
    #[case("{\r\n\t\"model\": \"opus\",\r\n\t\"env\": { \"A\" : \"\\u00e9\" }\r\n}\r\n")]
    #[case("\u{feff}{\"model\":\"opus\"}")]
    fn settings_without_a_status_line_are_restored_byte_for_byte(#[case] settings: &str) {
        let (text, effect) = write_install(settings);
        assert_eq!(effect, EditEffect::Added);
        assert_eq!(write_uninstall(&text), (settings.to_owned(), EditEffect::Removed));
    }

    #[rstest]
    #[case::plain("~/.claude/statusline.sh")]
    #[case::quotes("echo 'a' \"b\" '\\''")]
    #[case::variables("echo $HOME ${x:-y} `id` $(date)")]
    #[case::lines("echo a\necho b # c\n")]
    #[case::unicode("echo é 漢字 🦀")]
    #[case::open_quote("'open")]
    #[case::operators("foo -- bar | baz && qux; exit")]
    #[case::shell("sh -c 'echo x'")]
    #[case::other_monitor("/opt/other-token-monitor statusline")]
    #[case::empty("")]
    fn any_command_is_chained_and_restored(#[case] previous: &str) {
        let line = json!({ "type": "command", "command": previous, "padding": 0 });
        let settings = format!("{{\n  \"statusLine\": {line},\n  \"model\": \"opus\"\n}}");
        let (text, effect) = write_install(&settings);
        assert_eq!(effect, EditEffect::Chained(previous.to_owned()));
        assert!(text.contains("\"padding\":0"), "{text}");
        assert_eq!(write_uninstall(&text), (settings, EditEffect::Restored(previous.to_owned())));
    }

    #[test]
    fn installing_again_changes_nothing() {
        for settings in ["{}", r#"{"statusLine":{"type":"command","command":"echo 'x'"}}"#] {
            let (text, _) = write_install(settings);
            assert_eq!(edit_to_install(Some(&text), PROGRAM), Ok(SettingsEdit::Unchanged));
        }
    }

    #[test]
    fn a_moved_program_keeps_its_chained_command() {
        let (old, _) = write_install(r#"{"statusLine":{"type":"command","command":"echo 'x'"}}"#);
        let Ok(SettingsEdit::Write { text, effect: EditEffect::Moved }) =
            edit_to_install(Some(&old), "/new/token-monitor")
        else {
            panic!("the program is not moved: {old}");
        };
        assert!(text.contains("/new/token-monitor statusline -- sh -c"), "{text}");
        assert_eq!(write_uninstall(&text).1, EditEffect::Restored("echo 'x'".to_owned()));
    }

    #[test]
    fn a_command_chained_by_hand_is_restored_as_written() {
        let line = r#"{"statusLine":{"command":"token-monitor --no-color statusline -- ~/a.sh  \"$X\" | b"}}"#;
        assert_eq!(write_uninstall(line).1, EditEffect::Restored("~/a.sh  \"$X\" | b".to_owned()));
    }

    #[rstest]
    #[case("", EditError::NotAnObject)]
    #[case("{\"a\":1,}", EditError::NotAnObject)]
    #[case("// mine\n{}", EditError::NotAnObject)]
    #[case(r#"{"statusLine":null}"#, EditError::NotACommand)]
    #[case(r#"{"statusLine":{"type":"other"}}"#, EditError::NotACommand)]
    #[case(r#"{"statusLine":{"command":7}}"#, EditError::NotACommand)]
    #[case(r#"{"statusLine":{"command":"a"},"statusLine":{"command":"b"}}"#, EditError::Duplicate)]
    #[case(r#"{"statusLine":{"command":"a","command":"b"}}"#, EditError::Duplicate)]
    fn invalid_settings_are_not_changed(#[case] settings: &str, #[case] reason: EditError) {
        assert_eq!(edit_to_install(Some(settings), PROGRAM), Err(reason));
        assert_eq!(edit_to_uninstall(Some(settings)), Err(reason));
    }

    #[test]
    fn the_command_of_another_program_is_not_removed() {
        for command in ["ccusage statusline", "token-monitor status", "echo token-monitor statusline", "'"] {
            let settings = json!({ "statusLine": { "command": command } }).to_string();
            assert_eq!(edit_to_uninstall(Some(&settings)), Err(EditError::NotOwnCommand), "{command}");
        }
        assert_eq!(edit_to_uninstall(None), Ok(SettingsEdit::Unchanged));
        assert_eq!(edit_to_uninstall(Some("{}")), Ok(SettingsEdit::Unchanged));
    }
}
