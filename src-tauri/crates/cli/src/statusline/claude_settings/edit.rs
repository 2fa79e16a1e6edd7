//! Decides how Claude Code's settings change. Pure: text in, text out.
//!
//! The previous command becomes a part of the new one, so `uninstall` can restore it without any other file, even from
//! settings that were copied from another machine.

use serde_json::json;

use crate::statusline::claude_settings::json_object::JsonObject;
use crate::statusline::claude_settings::json_string::{JsonString, escape_text};
use crate::statusline::claude_settings::own_command::{
    OwnCommand, PreviousCommand, ProgramLookup, ProgramMatch, WholeCommand,
};
use crate::statusline::claude_settings::shell_words::quote_word;

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
    /// This program is a part of a longer command that a user wrote.
    PartOfCommand,
}

const STATUS_LINE: &str = "statusLine";
const COMMAND: &str = "command";

/// The mark with which some editors on Windows begin a file.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Returns the edit that adds the command `program statusline`. `settings` is none if there is no file. Nothing changes
/// if the command already runs the program, under any name.
pub(crate) fn edit_to_install(
    settings: Option<&str>,
    program: &str,
    lookup: ProgramLookup<'_>,
) -> Result<SettingsEdit, EditError> {
    let command = format!("{} statusline", quote_word(program));
    let value = status_line_json(&command);
    let Some(settings) = settings else {
        let text = format!("{{\n  \"{STATUS_LINE}\": {value}\n}}\n");
        return Ok(SettingsEdit::Write { text, effect: EditEffect::Added });
    };
    edit_status_line(settings, |all, line| {
        let Some(line) = line else { return Ok(Some((all.with_member(STATUS_LINE, &value), EditEffect::Added))) };
        Ok(match OwnCommand::parse(&line.command.text, lookup) {
            Some(OwnCommand::Part) => None,
            Some(OwnCommand::Whole(own)) if own.runs(program) => None,
            Some(OwnCommand::Whole(WholeCommand { program: word, .. })) => {
                let (before, after) = (0..word.range.start, word.range.end..line.command.text.len());
                let program = escape_text(&quote_word(program));
                let moved = [line.command.written_range(before), &program, line.command.written_range(after)].concat();
                Some((line.with_command(all, &moved), EditEffect::Moved))
            }
            None => {
                let chained = format!("{} -- sh -c {}", escape_text(&command), line.command.quoted_word());
                Some((line.with_command(all, &chained), EditEffect::Chained(line.command.text.clone())))
            }
        })
    })
}

/// Returns the edit that removes this program's command and restores the previous one.
pub(crate) fn edit_to_uninstall(settings: Option<&str>, lookup: ProgramLookup<'_>) -> Result<SettingsEdit, EditError> {
    edit_status_line(settings.unwrap_or("{}"), |all, line| {
        let Some(line) = line else { return Ok(None) };
        let own = match OwnCommand::parse(&line.command.text, lookup) {
            None => return Err(EditError::NotOwnCommand),
            Some(OwnCommand::Part) => return Err(EditError::PartOfCommand),
            Some(OwnCommand::Whole(own)) => own,
        };
        let (text, written) = match own.previous {
            None => return Ok(Some((all.without_member(STATUS_LINE), EditEffect::Removed))),
            Some(PreviousCommand::Script(script)) => (script.text.clone(), line.command.written_word(&script)),
            Some(PreviousCommand::Rest(start)) => {
                let range = start..line.command.text.len();
                (line.command.text[range.clone()].to_owned(), line.command.written_range(range).to_owned())
            }
        };
        Ok(Some((line.with_command(all, &written), EditEffect::Restored(text))))
    })
}

/// Returns true if the settings contain this program's command.
pub(crate) fn is_installed(settings: &str, lookup: ProgramLookup<'_>) -> bool {
    let all = JsonObject::parse(settings.strip_prefix(BYTE_ORDER_MARK).unwrap_or(settings));
    let line = all.as_ref().and_then(|all| parse_status_line(all).ok()?);
    line.is_some_and(|line| OwnCommand::parse(&line.command.text, lookup).is_some())
}

impl WholeCommand {
    /// Returns true if the command runs the program at this path.
    fn runs(&self, program: &str) -> bool {
        self.program.text == program || self.program_match == ProgramMatch::Running
    }
}

/// The `statusLine` member of the settings.
struct StatusLineMember<'a> {
    object: JsonObject<'a>,
    command: JsonString<'a>,
}

impl StatusLineMember<'_> {
    /// Returns the settings `all` with this member's command replaced. The command is written as inside a JSON string.
    fn with_command(&self, all: &JsonObject<'_>, written: &str) -> String {
        all.with_member(STATUS_LINE, &self.object.with_member(COMMAND, &format!("\"{written}\"")))
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
    let command = object.value_text(COMMAND).and_then(JsonString::parse);
    command.map(|command| Some(StatusLineMember { object, command })).ok_or(EditError::NotACommand)
}

fn status_line_json(command: &str) -> String {
    format!("{{ \"type\": \"command\", \"{COMMAND}\": {} }}", json!(command))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const PROGRAM: &str = "/opt/it's here/token-monitor";

    /// Recognizes no program, so that only names count.
    fn lookup(_: &str) -> ProgramMatch {
        ProgramMatch::Other
    }

    fn write_install(settings: &str) -> (String, EditEffect) {
        match edit_to_install(Some(settings), PROGRAM, &lookup).expect("it can be edited") {
            SettingsEdit::Write { text, effect } => (text, effect),
            SettingsEdit::Unchanged => panic!("{settings} is not changed"),
        }
    }

    fn write_uninstall(settings: &str) -> (String, EditEffect) {
        match edit_to_uninstall(Some(settings), &lookup).expect("it can be edited") {
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

    #[rstest]
    #[case(r#""echo \u00e9 é \ud83e\udd80 \/ it's it\u0027s \"\t\"""#)]
    #[case(r#""\u006d\u0079""#)]
    fn the_spelling_of_a_command_is_restored(#[case] written: &str) {
        let settings =
            format!("{{ \"st\\u0061tusLine\" : {{\"command\":{written} }},\n\"env\": {{\"A\":\"\\u00e9\"}}}}");
        let (text, _) = write_install(&settings);
        assert_eq!(write_uninstall(&text).0, settings, "{text}");
        let Ok(SettingsEdit::Write { text, .. }) = edit_to_install(Some(&text), "/nèw/token-monitor", &lookup) else {
            panic!("the program is not moved: {text}");
        };
        assert_eq!(write_uninstall(&text).0, settings, "{text}");
    }

    #[test]
    fn a_part_of_a_longer_command_is_not_changed() {
        let settings = r#"{"statusLine":{"command":"cat | token-monitor statusline"}}"#;
        assert_eq!(edit_to_install(Some(settings), PROGRAM, &lookup), Ok(SettingsEdit::Unchanged));
        assert_eq!(edit_to_uninstall(Some(settings), &lookup), Err(EditError::PartOfCommand));
        assert!(is_installed(settings, &lookup));
    }

    #[test]
    fn installing_again_changes_nothing() {
        for settings in ["{}", r#"{"statusLine":{"type":"command","command":"echo 'x'"}}"#] {
            let (text, _) = write_install(settings);
            assert_eq!(edit_to_install(Some(&text), PROGRAM, &lookup), Ok(SettingsEdit::Unchanged));
        }
    }

    #[test]
    fn a_moved_program_keeps_its_chained_command() {
        let (old, _) = write_install(r#"{"statusLine":{"type":"command","command":"echo 'x'"}}"#);
        let Ok(SettingsEdit::Write { text, effect: EditEffect::Moved }) =
            edit_to_install(Some(&old), "/new/token-monitor", &lookup)
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
        assert_eq!(edit_to_install(Some(settings), PROGRAM, &lookup), Err(reason));
        assert_eq!(edit_to_uninstall(Some(settings), &lookup), Err(reason));
    }

    #[test]
    fn the_command_of_another_program_is_not_removed() {
        for command in ["ccusage statusline", "token-monitor status", "echo token-monitor statusline", "'"] {
            let settings = json!({ "statusLine": { "command": command } }).to_string();
            assert_eq!(edit_to_uninstall(Some(&settings), &lookup), Err(EditError::NotOwnCommand), "{command}");
        }
        assert_eq!(edit_to_uninstall(None, &lookup), Ok(SettingsEdit::Unchanged));
        assert_eq!(edit_to_uninstall(Some("{}"), &lookup), Ok(SettingsEdit::Unchanged));
    }
}
