//! Makes sure that the resident runs, or has the one that runs show itself.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use token_monitor_engine::Homes;
use token_monitor_engine::config::Layers;
use token_monitor_ipc::{Address, Client, Raise};

use crate::args::{Order, Start};
use crate::platform::{autostart, window};

/// A resident answers within moments; a large store that needs repair may take longer.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);

/// What people start: whoever is in the tray already shows the popover, else the resident comes up.
pub(crate) fn start(start: &Start) -> anyhow::Result<()> {
    if let Err(error) = autostart::obey(Order::Repair, None) {
        tracing::warn!(error = format!("{error:#}"), "The autostart entry could not be looked after.");
    }
    if !start.in_background && raise(start)? {
        return Ok(());
    }
    ensure()
}

/// Whether somebody is in the tray, and was asked to show the popover.
pub(crate) fn raise(start: &Start) -> anyhow::Result<bool> {
    let store = Layers::gather(Homes::from_env(), None).settle().db_path;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(Raise { route: start.route.clone() }.ask(&store)))
}

/// Starts the resident and waits until it answers. One that runs already keeps running: the second ends by itself.
pub(crate) fn ensure() -> anyhow::Result<()> {
    let Some(program) = window::resident_program().context("finding the program's folder")? else { return Ok(()) };
    let started = Command::new(&program).arg("tray").stdin(Stdio::null()).spawn();
    let mut resident = started.with_context(|| format!("starting {}", program.display()))?;
    let address = Address::of_store(&Layers::gather(Homes::from_env(), None).settle().db_path);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if runtime.block_on(Client::connect(address.clone())).is_some() {
            return Ok(());
        }
        if let Some(status) = resident.try_wait()?.filter(|status| !status.success()) {
            bail!("{} ended at once: {status}", program.display());
        }
        std::thread::sleep(PAUSE);
    }
    bail!("{} does not answer", program.display())
}
