//! Recognizes this program in a command of Claude Code's settings.
//!
//! Pure: the file system is behind [`ProgramLookup`]. The program may have another name: a package manager wraps it, a
//! download has its version in the name, and users rename it or link to it.

use std::ops::Range;

use crate::statusline::claude_settings::shell_words::{ShellWord, split_simple_commands, split_words};

/// The name of the program, without an extension.
const PROGRAM_NAME: &str = "token-monitor";

/// The name of the subcommand that prints the status line.
const SUBCOMMAND: &str = "statusline";

/// The relation between a program named in a command and the running one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProgramMatch {
    /// The running program, by this or another path.
    Running,
    /// A copy or another version of the running program.
    Copy,
    /// A file that does not exist.
    Missing,
    /// Another program.
    Other,
}

/// Compares a program named in a command with the running one.
pub(crate) type ProgramLookup<'a> = &'a dyn Fn(&str) -> ProgramMatch;

/// A command that runs this program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OwnCommand {
    /// The whole command, as `install` writes it or a user may write it.
    Whole(WholeCommand),
    /// A part of a longer command that a user wrote.
    Part,
}

/// A command that is this program, and possibly a previous command after `--`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct WholeCommand {
    pub(crate) program: ShellWord,
    pub(crate) program_match: ProgramMatch,
    pub(crate) previous: Option<PreviousCommand>,
}

/// The command that this program runs first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PreviousCommand {
    /// The script of `sh -c`, as `install` writes it.
    Script(ShellWord),
    /// The rest of the command from this position, as a user wrote it.
    Rest(usize),
}

impl OwnCommand {
    /// Returns the use of this program in a command, or `None` if the command does not run it.
    pub(crate) fn parse(command: &str, lookup: ProgramLookup<'_>) -> Option<Self> {
        let parts = split_simple_commands(command)?;
        let calls = parts.iter().map(|part| OwnCall::parse(command, part.clone(), lookup)).collect::<Vec<_>>();
        let others = calls.len().saturating_sub(1);
        match calls.into_iter().enumerate().find_map(|(index, call)| Some((index, call?)))? {
            // The pipe belongs to the command after `--`.
            (0, OwnCall::Direct { program, program_match, chained }) if others == 0 || !chained.is_empty() => {
                let previous = previous_command(&chained, others == 0);
                Some(Self::Whole(WholeCommand { program, program_match, previous }))
            }
            _ => Some(Self::Part),
        }
    }
}

/// Returns true if a file has a name that this program is distributed under: `token-monitor`, with a version or the name
/// of a system after it, or as the program behind a wrapper of Nix, `.token-monitor-wrapped`.
pub(crate) fn is_own_name(file_name: &str) -> bool {
    let name = file_name.strip_suffix(".exe").unwrap_or(file_name);
    let name = match name.strip_prefix('.') {
        Some(hidden) => hidden.trim_end_matches('_').strip_suffix("-wrapped").unwrap_or(name),
        None => name,
    };
    let Some(rest) = name.strip_prefix(PROGRAM_NAME) else { return false };
    let Some(rest) = rest.strip_prefix(['-', '_', '.', '@']) else { return rest.is_empty() };
    let is_version = rest.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let systems = ["linux", "macos", "darwin", "windows", "x86", "amd64", "aarch64", "arm64", "exe"];
    is_version || systems.iter().any(|system| rest.starts_with(system))
}

/// A call of this program.
enum OwnCall {
    /// A call with the words after `--`.
    Direct { program: ShellWord, program_match: ProgramMatch, chained: Vec<ShellWord> },
    /// A call within the script of a shell.
    InScript,
}

impl OwnCall {
    fn parse(command: &str, part: Range<usize>, lookup: ProgramLookup<'_>) -> Option<Self> {
        let words = split_words(&command[part.clone()])?;
        let mut words = words.into_iter().map(|word| word.moved_by(part.start)).skip_while(is_prefix);
        let program = words.next()?;
        let rest: Vec<_> = words.collect();
        if let Some(script) = script_of_shell(&program, &rest) {
            return OwnCommand::parse(&script.text, lookup).map(|_| Self::InScript);
        }
        let (own, chained) = match rest.iter().position(|word| word.text == "--") {
            Some(at) => (&rest[..at], &rest[at + 1..]),
            None => (rest.as_slice(), &rest[..0]),
        };
        if !own.iter().any(|word| word.text == SUBCOMMAND) {
            return None;
        }
        let is_named = program.text.rsplit(['/', '\\']).next().is_some_and(is_own_name);
        // Only `install` writes a command of this form.
        let is_installed = matches!(own, [only] if only.text == SUBCOMMAND) && is_shell_script(chained);
        let program_match = lookup(&program.text);
        let is_own = match program_match {
            ProgramMatch::Running | ProgramMatch::Copy => true,
            ProgramMatch::Missing => is_named || is_installed,
            ProgramMatch::Other => is_named,
        };
        is_own.then(|| Self::Direct { program, program_match, chained: chained.to_vec() })
    }
}

/// Returns true for a word before the program: an assignment of a variable, or a command that runs another.
fn is_prefix(word: &ShellWord) -> bool {
    let is_assignment = word
        .text
        .split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    is_assignment || ["exec", "command", "env", "nice"].contains(&word.text.as_str())
}

fn script_of_shell<'a>(program: &ShellWord, rest: &'a [ShellWord]) -> Option<&'a ShellWord> {
    let name = program.text.rsplit('/').next().unwrap_or_default();
    let option = rest.iter().position(|word| word.text == "-c")?;
    ["sh", "bash", "dash", "zsh"].contains(&name).then(|| rest.get(option + 1)).flatten()
}

fn is_shell_script(chained: &[ShellWord]) -> bool {
    matches!(chained, [shell, option, _] if shell.text == "sh" && option.text == "-c")
}

fn previous_command(chained: &[ShellWord], is_alone: bool) -> Option<PreviousCommand> {
    match chained {
        [] => None,
        [_, _, script] if is_alone && is_shell_script(chained) => Some(PreviousCommand::Script(script.clone())),
        [first, ..] => Some(PreviousCommand::Rest(first.range.start)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn parse(command: &str) -> Option<OwnCommand> {
        OwnCommand::parse(command, &|program| match program {
            "/home/me/tm" => ProgramMatch::Running,
            "/copy" => ProgramMatch::Copy,
            "/gone" => ProgramMatch::Missing,
            _ => ProgramMatch::Other,
        })
    }

    #[rstest]
    #[case::name("token-monitor statusline")]
    #[case::path("'/opt/it'\\''s here/token-monitor' --no-color statusline")]
    #[case::windows(r"'C:\Programs\token-monitor.exe' statusline")]
    #[case::version("/opt/token-monitor-0.1.0 statusline")]
    #[case::system("/opt/token-monitor_linux-x64 statusline -- a")]
    #[case::wrapped("/nix/store/x/bin/.token-monitor-wrapped statusline")]
    #[case::renamed("/home/me/tm statusline")]
    #[case::copy("/copy statusline")]
    #[case::variable("TZ=UTC exec token-monitor statusline\n")]
    #[case::renamed_and_removed("/gone statusline -- sh -c 'a | b'")]
    #[case::pipe_after_the_chained_command("token-monitor statusline -- a | b")]
    fn the_program_is_recognized_under_any_name(#[case] command: &str) {
        assert!(matches!(parse(command), Some(OwnCommand::Whole(_))), "{:?}", parse(command));
    }

    #[rstest]
    #[case("cat | token-monitor statusline")]
    #[case("token-monitor statusline | lolcat")]
    #[case("a; /home/me/tm statusline")]
    #[case("bash -c 'cat | token-monitor statusline'")]
    fn a_part_of_a_longer_command_is_recognized(#[case] command: &str) {
        assert_eq!(parse(command), Some(OwnCommand::Part));
    }

    #[rstest]
    #[case("ccusage statusline")]
    #[case("/gone statusline")]
    #[case("/opt/other-token-monitor statusline")]
    #[case("token-monitoring statusline")]
    #[case("token-monitor-plus statusline")]
    #[case("token-monitor status")]
    #[case("echo token-monitor statusline")]
    #[case("token-monitor -- statusline")]
    #[case("token-monitor 'statusline")]
    fn another_program_is_not_recognized(#[case] command: &str) {
        assert_eq!(parse(command), None);
    }
}
