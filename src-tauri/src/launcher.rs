//! Starts the daemon, or asks a running app to act.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use token_monitor_engine::UserDirs;
use token_monitor_engine::config::ConfigSources;
use token_monitor_ipc::{ActivateAction, ActivateRequest, Address, Client};

use crate::args::StartOptions;
use crate::platform::{AutostartAction, autostart, display, tray_support, window};

/// The longest wait for a started daemon. Repairing a large store takes several seconds.
const START_TIMEOUT: Duration = Duration::from_secs(20);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The line that a daemon with sample data prints once it runs.
const READY_LINE: &str = "ready";

/// The result of a start, which is printed for the terminal it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StartResult {
    /// A daemon was started on a desktop with a tray.
    InTray,
    /// A daemon was started on a desktop without a tray.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "other systems always have a tray"))]
    WithoutTray,
    /// A daemon was started in a session without a bus.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "other systems have no bus"))]
    WithoutBus,
    /// The app was running, and did what it was asked for.
    WasRunning(ActivateAction),
    /// There was no app to quit.
    NothingToQuit,
}

impl fmt::Display for StartResult {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::InTray => "Token Monitor is in the tray: click its icon.",
            Self::WithoutTray => "This desktop shows no tray icons, so Token Monitor opens as a window.",
            Self::WithoutBus => "This session has no D-Bus, which icons need, so Token Monitor opens as a window.",
            Self::WasRunning(ActivateAction::Open) => "Token Monitor is already running. It opens now.",
            Self::WasRunning(ActivateAction::Toggle) => "Token Monitor is already running. It opens or closes now.",
            Self::WasRunning(ActivateAction::Quit) => "Token Monitor quits.",
            Self::NothingToQuit => "Token Monitor is not running.",
        })
    }
}

/// Asks a running app to act, or else starts the daemon, and prints the result.
#[expect(clippy::print_stdout, reason = "the terminal of a start by hand shows it")]
pub(crate) fn start(options: &StartOptions) -> anyhow::Result<()> {
    let result = start_or_activate(options)?;
    if !options.in_background {
        println!("{result}");
    }
    Ok(())
}

fn start_or_activate(options: &StartOptions) -> anyhow::Result<StartResult> {
    if options.is_demo {
        display::check()?;
        start_demo_daemon()?;
        return Ok(tray_support::start_result());
    }
    if let Err(error) = autostart::apply(AutostartAction::Repair, None) {
        tracing::warn!(error = format!("{error:#}"), "Could not update the autostart entry.");
    }
    if !options.in_background && activate_running(options)? {
        return Ok(StartResult::WasRunning(options.action));
    }
    if options.action == ActivateAction::Quit {
        return Ok(StartResult::NothingToQuit);
    }
    display::check()?;
    ensure_daemon()?;
    if options.action == ActivateAction::Toggle {
        activate_running(&StartOptions { action: ActivateAction::Open, ..options.clone() })?;
    }
    Ok(tray_support::start_result())
}

/// Asks a running app to act. Returns true if there is one.
pub(crate) fn activate_running(options: &StartOptions) -> anyhow::Result<bool> {
    let store = ConfigSources::load(UserDirs::from_env(), None).resolve().db_path;
    let request = ActivateRequest { route: options.route.clone(), action: options.action };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(request.send(&store)))
}

/// Starts the daemon and waits until it responds. If a daemon is already running, the new one exits by itself.
pub(crate) fn ensure_daemon() -> anyhow::Result<()> {
    let Some(program) = window::daemon_program().context("finding the program's folder")? else { return Ok(()) };
    let mut daemon = spawn_daemon(&program, &[], Stdio::inherit())?;
    let address = Address::of_store(&ConfigSources::load(UserDirs::from_env(), None).resolve().db_path);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let started_at = Instant::now();
    while started_at.elapsed() < START_TIMEOUT {
        if runtime.block_on(Client::connect(address.clone())).is_some() {
            return Ok(());
        }
        if let Some(status) = daemon.try_wait()?.filter(|status| !status.success()) {
            bail!("{} ended at once: {status}", program.display());
        }
        std::thread::sleep(POLL_INTERVAL);
    }
    bail!("{} does not respond", program.display())
}

/// Starts a daemon with sample data and waits until it runs. It is independent of a daemon with the user's data.
fn start_demo_daemon() -> anyhow::Result<()> {
    let Some(program) = window::daemon_program().context("finding the program's folder")? else { return Ok(()) };
    let mut daemon = spawn_daemon(&program, &["--demo"], Stdio::piped())?;
    let mut line = String::new();
    if let Some(output) = daemon.stdout.take() {
        BufReader::new(output).read_line(&mut line).context("waiting for the sample data")?;
    }
    if line.trim_end() != READY_LINE {
        bail!("{} ended at once: {}", program.display(), daemon.wait()?);
    }
    Ok(())
}

fn spawn_daemon(program: &Path, options: &[&str], stdout: Stdio) -> anyhow::Result<Child> {
    let mut command = Command::new(program);
    command.args(options).stdin(Stdio::null()).stdout(stdout);
    command.spawn().with_context(|| format!("starting {}", program.display()))
}
