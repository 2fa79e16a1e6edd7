//! Starts the daemon, or opens the popover of a running app.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use token_monitor_engine::UserDirs;
use token_monitor_engine::config::ConfigSources;
use token_monitor_ipc::{ActivateRequest, Address, Client};

use crate::args::StartOptions;
use crate::platform::{AutostartAction, autostart, window};

/// The longest wait for a started daemon. Repairing a large store takes several seconds.
const START_TIMEOUT: Duration = Duration::from_secs(20);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Opens the popover of a running app, or else starts the daemon.
pub(crate) fn start(options: &StartOptions) -> anyhow::Result<()> {
    if let Err(error) = autostart::apply(AutostartAction::Repair, None) {
        tracing::warn!(error = format!("{error:#}"), "Could not update the autostart entry.");
    }
    if !options.in_background && activate_running(options)? {
        return Ok(());
    }
    ensure_daemon()
}

/// Asks a running app to open its popover. Returns true if there is one.
pub(crate) fn activate_running(options: &StartOptions) -> anyhow::Result<bool> {
    let store = ConfigSources::load(UserDirs::from_env(), None).resolve().db_path;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(ActivateRequest { route: options.route.clone() }.send(&store)))
}

/// Starts the daemon and waits until it responds. If a daemon is already running, the new one exits by itself.
pub(crate) fn ensure_daemon() -> anyhow::Result<()> {
    let Some(program) = window::daemon_program().context("finding the program's folder")? else { return Ok(()) };
    let spawned = Command::new(&program).arg("tray").stdin(Stdio::null()).spawn();
    let mut daemon = spawned.with_context(|| format!("starting {}", program.display()))?;
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
