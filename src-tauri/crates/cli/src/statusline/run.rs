//! Prints the status line.
//!
//! It must never disturb Claude Code: every error becomes one plain line, and the exit code is always 0. It never opens
//! the store. Figures that only the running app has are omitted if no app answers at once. Official quota figures from
//! the input are passed to the app through the inbox.

use std::ffi::OsString;
use std::io::Write;
use std::panic;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use token_monitor_core::quota::StatusLineInput;
use token_monitor_core::report::model::Snapshot;
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_engine::clock;
use token_monitor_engine::config::{SettingOrigin, Settings};
use token_monitor_engine::{Request, Response};
use token_monitor_ipc::{Address, Client};

use crate::args::Args;
use crate::statusline::line::{AppFigures, LineInput, fit_line, render_line};
use crate::statusline::state_folder::{OutputSlot, record_call};
use crate::statusline::{chained_command, chained_worker, inbox, input};

/// The longest wait for the running app. The whole line should be printed within 20 ms.
const APP_TIMEOUT: Duration = Duration::from_millis(12);

/// The columns at both ends of a row that Claude Code leaves free.
const INDENT_COLUMNS: usize = 4;

/// The text of a panic. The panic itself is not printed, because Claude Code might show it.
const INTERNAL_ERROR: &str = "internal error";

/// Returns true if the arguments ask for a status line. Does not use the parser, because even invalid arguments must
/// not make the status line fail.
pub(crate) fn is_requested(args: &[OsString]) -> bool {
    let mut words = positional_args(args);
    let is_subcommand = |word: &OsString| ["install", "uninstall", "check", "help"].iter().any(|name| word == name);
    words.next().is_some_and(|word| word == "statusline") && !words.next().is_some_and(is_subcommand)
}

/// Returns the arguments before `--` that are neither options nor their values.
fn positional_args(args: &[OsString]) -> impl Iterator<Item = &OsString> {
    let own = args.iter().skip(1).take_while(|word| *word != "--");
    own.scan(false, |is_value, word| {
        let is_positional = !*is_value && !word.as_encoded_bytes().starts_with(b"-");
        *is_value = !*is_value && (word == "--config" || word == "--log-level");
        Some(is_positional.then_some(word))
    })
    .flatten()
}

/// Prints the output of the chained command and the status line.
pub(crate) fn run(args: &[OsString]) -> ExitCode {
    if let Some((path, command)) = chained_worker::parse_worker_args(args) {
        catch_panic(|| chained_worker::run_worker(path, command));
        return ExitCode::SUCCESS;
    }
    let printed = catch_panic(|| compose_output(args)).unwrap_or_else(|| error_line(INTERNAL_ERROR).into_bytes());
    // An error here cannot be reported anywhere.
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(&printed).and_then(|()| out.flush());
    ExitCode::SUCCESS
}

/// Returns the result of `work`, or none if it panics. Nothing is printed about the panic.
fn catch_panic<T>(work: impl FnOnce() -> T) -> Option<T> {
    panic::set_hook(Box::new(|_| {}));
    panic::catch_unwind(panic::AssertUnwindSafe(work)).ok()
}

fn compose_output(args: &[OsString]) -> Vec<u8> {
    let (own_args, chained) = split_chained(args);
    let args = match Args::try_parse_from(own_args) {
        Ok(args) => Ok(args),
        Err(help) if help.exit_code() == 0 => return help.to_string().into_bytes(),
        Err(_) => Err("unknown options".to_owned()),
    };
    let settings = args.and_then(|args| {
        let settings = args.config_sources(None).map_err(|error| error.cause_chain())?.resolve();
        Ok((uses_color(&args, &settings), settings))
    });
    let input = input::read_stdin();
    let slot = settings.as_ref().ok().and_then(|(_, settings)| {
        let session = StatusLineInput::parse(&input.bytes).map(|input| input.session).unwrap_or_default();
        OutputSlot::new(&settings.db_path, &session, chained).ok()
    });
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return error_line("the system is out of resources").into_bytes();
    };
    let (mut printed, own_line) = runtime.block_on(async {
        // In a task of its own, so that a panic does not affect the output of the chained command.
        let own_line = tokio::spawn(compose_line(settings, input.problem, input.bytes.clone()));
        let chained = chained_command::run_chained(chained, &input.bytes, slot.as_ref());
        tokio::join!(chained, own_line)
    });
    let own_line = own_line.unwrap_or_else(|_| Err(INTERNAL_ERROR.to_owned()));
    let own_line = own_line.unwrap_or_else(|error| error_line(&error));
    printed.extend(fit_line(own_line, columns_from_env()).into_bytes());
    printed.push(b'\n');
    printed
}

/// Returns this program's arguments, and the command after `--`.
fn split_chained(args: &[OsString]) -> (&[OsString], &[OsString]) {
    match args.iter().position(|word| word == "--") {
        Some(at) => (&args[..at], &args[at + 1..]),
        None => (args, &[]),
    }
}

fn error_line(error: &str) -> String {
    format!("Token Monitor: no status ({})", sanitize_line(error))
}

async fn compose_line(
    settings: Result<(bool, Settings), String>,
    problem: Option<&'static str>,
    input: Vec<u8>,
) -> Result<String, String> {
    if let Some(problem) = problem {
        return Err(problem.to_owned());
    }
    let (color, settings) = settings?;
    let input = StatusLineInput::parse(&input).ok_or("standard input is not a JSON object")?;
    let now = clock::now();
    // A time that cannot be recorded is only missing in `doctor`.
    let _ = record_call(&settings.db_path);
    let saved = inbox::write_quota_note(&settings.db_path, &input, now.into());
    let app = fetch_snapshot(&settings.db_path).await.map(|snapshot| AppFigures::from_snapshot(&snapshot));
    let notice = saved.is_err().then_some("official figures not saved");
    Ok(render_line(&LineInput { input: &input, app: app.as_ref(), now: now.into(), notice }, columns_from_env(), color))
}

/// Returns the number of columns that the line may have. Claude Code passes the width of its terminal and indents the
/// line. `None` if it passes no width.
fn columns_from_env() -> Option<usize> {
    let columns: usize = std::env::var("COLUMNS").ok()?.trim().parse().ok()?;
    match columns {
        0 => None,
        _ => Some(columns.checked_sub(INDENT_COLUMNS).filter(|left| *left > 0).unwrap_or(columns)),
    }
}

/// Returns the snapshot of the running app, or none if it does not answer in time.
async fn fetch_snapshot(store: &Path) -> Option<Snapshot> {
    let fetch = async {
        let client = Client::connect(Address::of_store(store)).await?;
        match client.request(Request::Snapshot).await {
            Ok(Response::Snapshot(snapshot)) => Some(*snapshot),
            Ok(_) | Err(_) => None,
        }
    };
    tokio::time::timeout(APP_TIMEOUT, fetch).await.ok()?
}

/// Returns true if the settings turn colors on explicitly: the line appears inside another program's display.
fn uses_color(args: &Args, settings: &Settings) -> bool {
    let origin = settings.origins.get("display.color_enabled");
    let is_set = origin.is_some_and(|origin| *origin > SettingOrigin::Default);
    is_set && settings.color_enabled && !args.no_color && std::env::var_os("NO_COLOR").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests_status_line(command: &str) -> bool {
        is_requested(&command.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn a_status_line_is_recognized_among_any_options() {
        for command in [
            "tm statusline",
            "tm statusline --nonsense",
            "tm statusline nonsense",
            "tm --config x statusline",
            "tm --config=x --json statusline",
            "tm statusline --log-level install",
            "tm statusline -- install",
        ] {
            assert!(requests_status_line(command), "{command}");
        }
    }

    #[test]
    fn other_commands_are_not_taken_for_a_status_line() {
        for command in [
            "tm",
            "tm status",
            "tm statusline install",
            "tm statusline --json uninstall",
            "tm statusline check",
            "tm --config statusline days",
        ] {
            assert!(!requests_status_line(command), "{command}");
        }
    }

    #[test]
    fn a_panic_yields_nothing() {
        assert_eq!(catch_panic(|| panic!("odd")), None::<()>);
        drop(panic::take_hook());
    }

    #[test]
    fn an_error_stays_on_one_line() {
        assert_eq!(error_line("a\nb\u{1b}[2J"), "Token Monitor: no status (a b[2J)");
    }
}
