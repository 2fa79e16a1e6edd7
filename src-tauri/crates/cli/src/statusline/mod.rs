//! `token-monitor statusline`: what Claude Code runs to fill the line below its prompt.
//!
//! It must never disturb Claude Code: whatever goes wrong becomes a plain line, and the exit code is 0. It never opens
//! the store; what only the running app knows is left out where no app answers at once. The official windows it was
//! told go into the app's inbox. `install`, `uninstall` and `check` are commands like any other, and fail like
//! them.

mod chained_command;
mod edit;
mod inbox;
mod input;
mod line;
mod settings_file;
mod settings_text;
mod shell_words;

mod platform;

use std::ffi::OsString;
use std::io::Write;
use std::panic;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use chrono::Utc;
use clap::Parser;
use token_monitor_core::quota::StatusInput;
use token_monitor_core::report::model::Snapshot;
use token_monitor_engine::config::{Origin, Settings};
use token_monitor_engine::{Answer, Ask};
use token_monitor_ipc::{Address, Client};

use crate::args::Args;

pub(crate) use crate::statusline::settings_file::{check, install, uninstall};

/// How long the running app may take. The whole answer is to be there within 20 ms.
const APP_PATIENCE: Duration = Duration::from_millis(12);

/// Whether the arguments ask for a status line. Decided without the parser: even arguments it refuses must not fail
/// here.
pub(crate) fn is_meant(given: &[OsString]) -> bool {
    let mut words = words(given);
    let changes = |word: &OsString| ["install", "uninstall", "check", "help"].iter().any(|change| word == change);
    words.next().is_some_and(|word| word == "statusline") && !words.next().is_some_and(changes)
}

/// The arguments that are neither options nor their values.
fn words(given: &[OsString]) -> impl Iterator<Item = &OsString> {
    let before = given.iter().skip(1).take_while(|word| *word != "--");
    before
        .scan(false, |is_value, word| {
            let is_word = !*is_value && !word.as_encoded_bytes().starts_with(b"-");
            *is_value = !*is_value && (word == "--config" || word == "--log-level");
            Some(is_word.then_some(word))
        })
        .flatten()
}

/// Prints the status line, and before it what the chained command prints.
pub(crate) fn answer(given: &[OsString]) -> ExitCode {
    let printed = guarded(|| lines(given)).unwrap_or_else(|| plain("something went wrong here").into_bytes());
    // Nobody is left to tell when that fails.
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(&printed).and_then(|()| out.flush());
    ExitCode::SUCCESS
}

/// What is done, unless it panics; nothing is said of that where Claude Code might show it.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    panic::set_hook(Box::new(|_| {}));
    panic::catch_unwind(panic::AssertUnwindSafe(work)).ok()
}

/// Everything there is to print.
fn lines(given: &[OsString]) -> Vec<u8> {
    let (own, chained) = split(given);
    let args = match Args::try_parse_from(own) {
        Ok(args) => Ok(args),
        Err(help) if help.exit_code() == 0 => return help.to_string().into_bytes(),
        Err(_) => Err("these options are not known".to_owned()),
    };
    let told = input::read();
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return plain("the system is out of resources").into_bytes();
    };
    let (mut printed, own) = runtime.block_on(async {
        let chained = chained_command::output_of(chained, &told.bytes);
        // A task of its own: a panic in it leaves the chained command's lines alone.
        let own = tokio::spawn(own_line(args, told.trouble, told.bytes.clone()));
        tokio::join!(chained, own)
    });
    let own = own.unwrap_or_else(|_| Err("something went wrong here".to_owned()));
    printed.extend(own.unwrap_or_else(|trouble| plain(&trouble)).into_bytes());
    printed.push(b'\n');
    printed
}

/// Our own arguments, and the command after `--`.
fn split(given: &[OsString]) -> (&[OsString], &[OsString]) {
    match given.iter().position(|word| word == "--") {
        Some(at) => (&given[..at], &given[at + 1..]),
        None => (given, &[]),
    }
}

fn plain(trouble: &str) -> String {
    format!("Token Monitor: no status ({})", crate::render::format::clean(trouble))
}

async fn own_line(args: Result<Args, String>, trouble: Option<&'static str>, told: Vec<u8>) -> Result<String, String> {
    if let Some(trouble) = trouble {
        return Err(trouble.to_owned());
    }
    let args = args?;
    let settings = args.layers().map_err(|failure| failure.words())?.settle();
    let told = StatusInput::read(&told).ok_or("what came on standard input is no JSON object")?;
    let now = Utc::now();
    let noted = inbox::note(&settings.db_path, &told, now.into());
    let app = snapshot(&settings.db_path).await.map(|snapshot| line::Measured::of(&snapshot));
    let line = line::compose(&told, app.as_ref(), now.into(), colour(&args, &settings));
    Ok(if noted.is_ok() { line } else { format!("{line} · official figures not passed on") })
}

/// What the running app shows, if it answers at once.
async fn snapshot(store: &Path) -> Option<Snapshot> {
    let ask = async {
        let client = Client::connect(Address::of_store(store)).await?;
        match client.ask(Ask::Snapshot).await {
            Ok(Answer::Snapshot(snapshot)) => Some(*snapshot),
            Ok(_) | Err(_) => None,
        }
    };
    tokio::time::timeout(APP_PATIENCE, ask).await.ok()?
}

/// Only for those who asked for colour: here it goes into somebody else's picture.
fn colour(args: &Args, settings: &Settings) -> bool {
    let asked = settings.origins.get("display.color_enabled").is_some_and(|origin| *origin > Origin::Default);
    asked && settings.color_enabled && !args.no_color && std::env::var_os("NO_COLOR").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(given: &str) -> bool {
        is_meant(&given.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn a_status_line_is_recognised_among_any_options() {
        for given in [
            "tm statusline",
            "tm statusline --nonsense",
            "tm statusline nonsense",
            "tm --config x statusline",
            "tm --config=x --json statusline",
            "tm statusline --log-level install",
            "tm statusline -- install",
        ] {
            assert!(meant(given), "{given}");
        }
    }

    #[test]
    fn other_commands_fail_as_they_always_did() {
        for given in [
            "tm",
            "tm status",
            "tm statusline install",
            "tm statusline --json uninstall",
            "tm statusline check",
            "tm --config statusline days",
        ] {
            assert!(!meant(given), "{given}");
        }
    }

    #[test]
    fn a_panic_becomes_nothing() {
        assert_eq!(guarded(|| panic!("odd")), None::<()>);
        drop(panic::take_hook());
    }

    #[test]
    fn trouble_stays_on_one_line() {
        assert_eq!(plain("a\nb\u{1b}[2J"), "Token Monitor: no status (ab[2J)");
    }
}
