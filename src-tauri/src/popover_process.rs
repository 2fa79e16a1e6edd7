//! The process of one popover, a client of the socket.
//!
//! It ends when the popover is dismissed. If a daemon controls it, it hides the popover instead and waits for commands.

use std::io::BufRead;

use tauri::{AppHandle, Manager, RunEvent};
use token_monitor_engine::UserDirs;
use token_monitor_engine::config::ConfigSources;
use token_monitor_ipc::Address;
use token_monitor_tray::{PopoverCommand, PopoverRequest, PopoverState};

use crate::engine_source::{EngineLocation, EngineSource};
use crate::events::POPOVER_LABEL;
use crate::platform::{display, window};
use crate::popover::{EarlyRequests, Frame, OnDismiss, PopoverTracker};
use crate::{app, popover, signals, snapshot_forwarder, tauri_context};

/// Shows the popover until it is dismissed, or until its daemon ends it.
pub(crate) fn run(request: PopoverRequest, frame: Frame, is_controlled: bool) -> anyhow::Result<()> {
    window::prepare_environment();
    display::check()?;
    let sources = ConfigSources::load(UserDirs::from_env(), None);
    let address = Address::of_store(&sources.resolve().db_path);
    let early = EarlyRequests::send(address.clone());
    let source = EngineSource::new(EngineLocation::Remote(address), sources);
    let app = app::builder(source, if is_controlled { OnDismiss::HideForDaemon } else { OnDismiss::Destroy })
        .manage(early)
        .setup(move |app| {
            // The daemon ends this process by a signal. Sample data is removed before.
            signals::exit_on_signal(app.handle().clone());
            popover::open(app.handle(), &request, frame)?;
            tauri::async_runtime::spawn(forward_while_shown(app.handle().clone()));
            if is_controlled {
                let app = app.handle().clone();
                std::thread::spawn(move || read_commands(&app, frame));
            }
            Ok(())
        })
        .build(tauri_context::load_context())?;
    app.run(|app, event| match event {
        // The process ends with its last window.
        RunEvent::ExitRequested { code: None, .. } => app.exit(0),
        RunEvent::Exit => app.state::<EngineSource>().stop_demo(),
        _ => {}
    });
    Ok(())
}

/// Forwards snapshots while the popover is visible. A hidden popover uses no CPU time and gets a new snapshot when it
/// is shown.
async fn forward_while_shown(app: AppHandle) {
    let mut shown = app.state::<PopoverTracker>().subscribe_shown();
    while shown.wait_for(|shown| *shown).await.is_ok() {
        tokio::select! {
            () = snapshot_forwarder::forward_snapshots(app.clone()) => {}
            _ = shown.wait_for(|shown| !*shown) => {}
        }
    }
}

/// Runs the commands of the daemon from stdin until the daemon is gone.
fn read_commands(app: &AppHandle, frame: Frame) {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        match line.parse() {
            Ok(command) => run_command(app, command, frame),
            Err(error) => tracing::debug!(%error, "Unknown command of the daemon."),
        }
    }
    let app = app.clone();
    // Fails only if the app is exiting.
    let _ = app.clone().run_on_main_thread(move || detach_from_daemon(&app));
}

fn run_command(app: &AppHandle, command: PopoverCommand, frame: Frame) {
    let target = app.clone();
    // Fails only if the app is exiting.
    let _ = app.run_on_main_thread(move || match command {
        PopoverCommand::Show(request) => {
            if let Err(error) = popover::open(&target, &request, frame) {
                tracing::error!(%error, "Could not open the popover.");
            }
        }
        PopoverCommand::Hide => {
            if let Some(window) = target.get_webview_window(POPOVER_LABEL) {
                popover::dismiss(&window, PopoverState::Dismissed);
            }
        }
    });
}

/// Exits a hidden popover that has lost its daemon, since nothing would end it. A visible one shows that the connection
/// is lost.
fn detach_from_daemon(app: &AppHandle) {
    let popover = app.state::<PopoverTracker>();
    popover.set_on_dismiss(OnDismiss::Destroy);
    if !popover.is_shown() {
        app.exit(0);
    }
}
