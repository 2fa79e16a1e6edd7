//! The single-process app: engine, tray and popover in one process, as on macOS and Windows.

use std::sync::Mutex;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::Context;
use tauri::{AppHandle, Manager, RunEvent};
use token_monitor_core::report::model::Route;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Engine, EngineMode, UserDirs};
use token_monitor_ipc::{Activations, Address, EngineClient, InstanceLock, Server};
use token_monitor_tray::PopoverRequest;

use crate::args::StartOptions;
use crate::engine_source::EngineSource;
use crate::platform::{AutostartAction, dock, window};
use crate::popover::{Frame, OnDismiss, PopoverTracker};
use crate::tray::TrayUpdate;
use crate::{alerts, app, launcher, popover, signals, snapshot_forwarder, tauri_context, tray};

/// The engine and the server, which are closed in order when the app exits.
struct RunningEngine(Mutex<Option<(Engine, Option<Server>)>>);

/// Runs until the user quits. If the app is already running, that instance shows its popover and this one exits.
pub(crate) fn run(options: &StartOptions) -> anyhow::Result<()> {
    window::prepare_environment();
    let sources = ConfigSources::load(UserDirs::from_env(), None);
    let store = sources.resolve().db_path;
    let Some(lock) = InstanceLock::acquire(&store).context("checking for a running app")? else {
        tracing::info!("Token Monitor is already running.");
        return if options.in_background { Ok(()) } else { launcher::activate_running(options).map(drop) };
    };
    let engine = Engine::start(sources, EngineMode::Live).context("opening the store")?;
    let address = Address::of_store(&store);
    let client = EngineClient::InProcess(engine.handle());
    let alert_engine = engine.handle();
    let handle = engine.handle();
    let server = tauri::async_runtime::block_on(async move { Server::start(&address, handle) });
    let server = server.inspect_err(|error| tracing::warn!(%error, "Cannot listen for the command.")).ok();
    let activations = tauri::async_runtime::block_on(async { lock.listen() });
    let activations =
        activations.inspect_err(|error| tracing::warn!(%error, "Cannot listen for second instances.")).ok();
    let app = app::builder(EngineSource::InProcess(client), OnDismiss::Destroy)
        .manage(lock)
        .manage(RunningEngine(Mutex::new(Some((engine, server)))))
        .setup(move |app| {
            dock::hide_dock_icon(app);
            alerts::start_delivery(app.handle(), &alert_engine);
            let tray = tray::Tray::create(app.handle())?;
            let (updates, receiver) = mpsc::channel();
            tray.run(receiver);
            app.manage(updates.clone());
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(snapshot_forwarder::forward_snapshots(app.handle().clone(), move |snapshot| {
                set_keep_time(&handle, snapshot.display.keep_popover_seconds);
                // Fails only if the tray is gone.
                let _ = updates.send(TrayUpdate::Snapshot(Box::new(snapshot.clone())));
            }));
            if let Some(activations) = activations {
                tauri::async_runtime::spawn(show_on_activation(app.handle().clone(), activations));
            }
            tray::apply_autostart(app.handle(), AutostartAction::Repair);
            signals::exit_on_signal(app.handle().clone());
            Ok(())
        })
        .build(tauri_context::load_context())?;
    app.run(|app, event| match event {
        // Closing the popover does not end the app.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::Exit => close_engine(app),
        event if dock::is_reopen_event(&event) => show_popover(app, None),
        _ => {}
    });
    Ok(())
}

/// Sets the time for which a dismissed popover is kept.
fn set_keep_time(app: &AppHandle, seconds: u32) {
    let on_dismiss =
        if seconds == 0 { OnDismiss::Destroy } else { OnDismiss::HideFor(Duration::from_secs(seconds.into())) };
    app.state::<PopoverTracker>().set_on_dismiss(on_dismiss);
}

/// Shows the popover whenever another instance of the app was started.
async fn show_on_activation(app: AppHandle, mut activations: Activations) {
    while let Some(activation) = activations.next().await {
        let target = app.clone();
        // Fails only if the app is exiting.
        let _ = app.run_on_main_thread(move || show_popover(&target, activation.route));
    }
}

fn show_popover(app: &AppHandle, route: Option<Route>) {
    if let Err(error) = popover::open(app, &PopoverRequest { near: None, route }, Frame::Popover) {
        tracing::error!(%error, "Could not open the popover.");
    }
}

fn close_engine(app: &AppHandle) {
    let engine_slot = app.state::<RunningEngine>().0.lock().ok().and_then(|mut engine_slot| engine_slot.take());
    if let Some((engine, server)) = engine_slot {
        drop(server);
        if let Err(error) = engine.stop() {
            tracing::error!(%error, "Could not close the store.");
        }
    }
}
