//! Decides how Claude Code's settings change. Pure: text in, text out.
//!
//! Nothing is remembered elsewhere: the command that stood there before is written out in ours, so `uninstall` finds
//! it even in settings that were copied from another machine.

use std::path::Path;

use serde_json::json;

use crate::statusline::settings_text::Object;
use crate::statusline::shell_words::{self, Word, quoted};

/// What is to be done with the settings.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// They are as wished.
    Nothing,
    /// They are to be written.
    Write {
        /// The new text.
        text: String,
        /// What that does.
        effect: Effect,
    },
}

/// What an edit does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Our command stands where none was.
    Added,
    /// Our command stands before this one and runs it.
    Chained(String),
    /// Our command was there, with its program somewhere else.
    Moved,
    /// Our command is gone.
    Removed,
    /// Our command is gone and this one back.
    Restored(String),
}

/// Why the settings are left as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// They are no JSON object.
    NoObject,
    /// `statusLine` or its command stands there twice.
    Twice,
    /// `statusLine` stands there, and is no command.
    NoCommand,
    /// The command there is somebody else's.
    NotOurs,
}

const STATUS_LINE: &str = "statusLine";
const COMMAND: &str = "command";
/// Some editors on Windows begin a file with it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Settings with our command, `program statusline`, in them. None where there is no file yet.
pub(crate) fn installed(settings: Option<&str>, program: &str) -> Result<Edit, Refusal> {
    let command = format!("{} statusline", quoted(program));
    let value = json_line(&command);
    let Some(settings) = settings else {
        let text = format!("{{\n  \"{STATUS_LINE}\": {value}\n}}\n");
        return Ok(Edit::Write { text, effect: Effect::Added });
    };
    edited(settings, |all, line| match line {
        None => Ok(Some((all.with(STATUS_LINE, &value), Effect::Added))),
        Some(line) => Ok(taken_over(&line.command, program, &command)
            .map(|(command, effect)| (line.with_command(all, &command), effect))),
    })
}

/// Settings without our command, and with the one that stood there before.
pub(crate) fn uninstalled(settings: Option<&str>) -> Result<Edit, Refusal> {
    edited(settings.unwrap_or("{}"), |all, line| {
        let Some(line) = line else { return Ok(None) };
        let ours = Ours::read(&line.command).ok_or(Refusal::NotOurs)?;
        Ok(Some(match ours.previous {
            None => (all.without(STATUS_LINE), Effect::Removed),
            Some(previous) => (line.with_command(all, &previous), Effect::Restored(previous)),
        }))
    })
}

/// Whether our command stands in the settings.
pub(crate) fn is_installed(settings: &str) -> bool {
    let all = Object::read(settings.strip_prefix(BYTE_ORDER_MARK).unwrap_or(settings));
    all.and_then(|all| line(&all).ok()?).is_some_and(|line| Ours::read(&line.command).is_some())
}

/// The status line's own part of the settings.
struct Line<'a> {
    object: Object<'a>,
    command: String,
}

impl Line<'_> {
    fn with_command(&self, all: &Object<'_>, command: &str) -> String {
        all.with(STATUS_LINE, &self.object.with(COMMAND, &json!(command).to_string()))
    }
}

fn edited(
    settings: &str,
    edit: impl FnOnce(&Object<'_>, Option<Line<'_>>) -> Result<Option<(String, Effect)>, Refusal>,
) -> Result<Edit, Refusal> {
    let (mark, plain) = match settings.strip_prefix(BYTE_ORDER_MARK) {
        Some(plain) => (BYTE_ORDER_MARK, plain),
        None => ("", settings),
    };
    let all = Object::read(plain).ok_or(Refusal::NoObject)?;
    let line = line(&all)?;
    Ok(match edit(&all, line)? {
        Some((text, effect)) => Edit::Write { text: [mark, &text].concat(), effect },
        None => Edit::Nothing,
    })
}

fn line<'a>(all: &Object<'a>) -> Result<Option<Line<'a>>, Refusal> {
    let Some(value) = all.value(STATUS_LINE) else { return Ok(None) };
    let object = Object::read(value).ok_or(Refusal::NoCommand)?;
    if all.is_twice(STATUS_LINE) || object.is_twice(COMMAND) {
        return Err(Refusal::Twice);
    }
    let command = object.value(COMMAND).and_then(|command| serde_json::from_str(command).ok());
    command.map(|command| Some(Line { object, command })).ok_or(Refusal::NoCommand)
}

fn json_line(command: &str) -> String {
    format!("{{ \"type\": \"command\", \"{COMMAND}\": {} }}", json!(command))
}

/// The command to stand in the place of one; none where it is ours as it should be.
fn taken_over(current: &str, program: &str, command: &str) -> Option<(String, Effect)> {
    match Ours::read(current) {
        Some(ours) if ours.program.text == program => None,
        Some(Ours { program: Word { place, .. }, .. }) => {
            Some(([&current[..place.start], &quoted(program), &current[place.end..]].concat(), Effect::Moved))
        }
        None => Some((format!("{command} -- sh -c {}", quoted(current)), Effect::Chained(current.to_owned()))),
    }
}

/// A command that runs us.
struct Ours {
    program: Word,
    /// What it runs before us.
    previous: Option<String>,
}

impl Ours {
    fn read(command: &str) -> Option<Self> {
        let words = shell_words::words(command)?;
        let (program, rest) = words.split_first()?;
        let (own, chained) = match rest.iter().position(|word| word.text == "--") {
            Some(at) => (&rest[..at], &rest[at + 1..]),
            None => (rest, &rest[..0]),
        };
        let named = Path::new(&program.text).file_stem().is_some_and(|name| name == "token-monitor");
        let is_ours = named && own.iter().any(|word| word.text == "statusline");
        is_ours.then(|| Self { program: program.clone(), previous: previous(command, chained) })
    }
}

/// What we wrapped into `sh -c`, or what somebody wrote after `--` by hand.
fn previous(command: &str, chained: &[Word]) -> Option<String> {
    match chained {
        [] => None,
        [shell, option, script] if shell.text == "sh" && option.text == "-c" => Some(script.text.clone()),
        [first, ..] => Some(command[first.place.start..].to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const PROGRAM: &str = "/opt/it's here/token-monitor";

    fn install(settings: &str) -> (String, Effect) {
        match installed(Some(settings), PROGRAM).expect("it is possible") {
            Edit::Write { text, effect } => (text, effect),
            Edit::Nothing => panic!("nothing is changed in {settings}"),
        }
    }

    fn uninstall(settings: &str) -> (String, Effect) {
        match uninstalled(Some(settings)).expect("it is possible") {
            Edit::Write { text, effect } => (text, effect),
            Edit::Nothing => panic!("nothing is changed in {settings}"),
        }
    }

    #[rstest]
    #[case("{}")]
    #[case("{\r\n\t\"model\": \"opus\",\r\n\t\"env\": { \"A\" : \"\\u00e9\" }\r\n}\r\n")]
    #[case("\u{feff}{\"model\":\"opus\"}")]
    fn settings_without_a_status_line_come_back_byte_for_byte(#[case] settings: &str) {
        let (text, effect) = install(settings);
        assert_eq!(effect, Effect::Added);
        assert_eq!(uninstall(&text), (settings.to_owned(), Effect::Removed));
    }

    #[rstest]
    #[case::plain("~/.claude/statusline.sh")]
    #[case::quotes("echo 'a' \"b\" '\\''")]
    #[case::variables("echo $HOME ${x:-y} `id` $(date)")]
    #[case::lines("echo a\necho b # c\n")]
    #[case::unicode("echo é 漢字 🦀")]
    #[case::odd("'open")]
    #[case::dashes("foo -- bar | baz && qux; exit")]
    #[case::wrapped("sh -c 'echo x'")]
    #[case::other_monitor("/opt/other-token-monitor statusline")]
    #[case::nothing("")]
    fn any_command_is_chained_and_comes_back(#[case] previous: &str) {
        let line = json!({ "type": "command", "command": previous, "padding": 0 });
        let settings = format!("{{\n  \"statusLine\": {line},\n  \"model\": \"opus\"\n}}");
        let (text, effect) = install(&settings);
        assert_eq!(effect, Effect::Chained(previous.to_owned()));
        assert!(text.contains("\"padding\":0"), "{text}");
        assert_eq!(uninstall(&text), (settings, Effect::Restored(previous.to_owned())));
    }

    #[test]
    fn installing_again_changes_nothing() {
        for settings in ["{}", r#"{"statusLine":{"type":"command","command":"echo 'x'"}}"#] {
            let (text, _) = install(settings);
            assert_eq!(installed(Some(&text), PROGRAM), Ok(Edit::Nothing));
        }
    }

    #[test]
    fn a_program_that_moved_keeps_what_it_runs_before_itself() {
        let (old, _) = install(r#"{"statusLine":{"type":"command","command":"echo 'x'"}}"#);
        let Ok(Edit::Write { text, effect: Effect::Moved }) = installed(Some(&old), "/new/token-monitor") else {
            panic!("it is not moved: {old}");
        };
        assert!(text.contains("/new/token-monitor statusline -- sh -c"), "{text}");
        assert_eq!(uninstall(&text).1, Effect::Restored("echo 'x'".to_owned()));
    }

    #[test]
    fn what_was_chained_by_hand_comes_back_as_it_was_written() {
        let line = r#"{"statusLine":{"command":"token-monitor --no-color statusline -- ~/a.sh  \"$X\" | b"}}"#;
        assert_eq!(uninstall(line).1, Effect::Restored("~/a.sh  \"$X\" | b".to_owned()));
    }

    #[rstest]
    #[case("", Refusal::NoObject)]
    #[case("{\"a\":1,}", Refusal::NoObject)]
    #[case("// mine\n{}", Refusal::NoObject)]
    #[case(r#"{"statusLine":null}"#, Refusal::NoCommand)]
    #[case(r#"{"statusLine":{"type":"other"}}"#, Refusal::NoCommand)]
    #[case(r#"{"statusLine":{"command":7}}"#, Refusal::NoCommand)]
    #[case(r#"{"statusLine":{"command":"a"},"statusLine":{"command":"b"}}"#, Refusal::Twice)]
    #[case(r#"{"statusLine":{"command":"a","command":"b"}}"#, Refusal::Twice)]
    fn settings_that_are_not_understood_are_left_alone(#[case] settings: &str, #[case] why: Refusal) {
        assert_eq!(installed(Some(settings), PROGRAM), Err(why));
        assert_eq!(uninstalled(Some(settings)), Err(why));
    }

    #[test]
    fn somebody_elses_command_is_not_uninstalled() {
        for command in ["ccusage statusline", "token-monitor status", "echo token-monitor statusline", "'"] {
            let settings = json!({ "statusLine": { "command": command } }).to_string();
            assert_eq!(uninstalled(Some(&settings)), Err(Refusal::NotOurs), "{command}");
        }
        assert_eq!(uninstalled(None), Ok(Edit::Nothing));
        assert_eq!(uninstalled(Some("{}")), Ok(Edit::Nothing));
    }
}
