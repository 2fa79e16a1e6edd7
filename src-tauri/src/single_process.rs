//! The single-process app: engine, tray and popover in one process, as on macOS and Windows.

use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::Context;
use tauri::{AppHandle, Manager, RunEvent};
use token_monitor_core::report::model::Route;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::demo::DemoFolder;
use token_monitor_engine::{Engine, EngineHandle, EngineMode, Request, UserDirs};
use token_monitor_ipc::{ActivateAction, Activations, Address, EngineClient, InstanceLock, Server, SnapshotStream};
use token_monitor_tray::{BackgroundCommands, PopoverRequest, ShortcutEvent};

use crate::args::StartOptions;
use crate::engine_source::{EngineLocation, EngineSource};
use crate::platform::shortcut::{self, PopoverShortcut};
use crate::platform::{AutostartAction, display, dock, window};
use crate::popover::{Frame, OnDismiss, PopoverTracker};
use crate::tray::TrayUpdate;
use crate::{alerts, app, launcher, popover, signals, snapshot_forwarder, tauri_context, tray};

/// The engine, the server and the sample data.
type EngineParts = (Engine, Option<Server>, Option<DemoFolder>);

/// What is closed in order when the app exits.
struct RunningEngine(Mutex<Option<EngineParts>>);

/// Runs until the user quits. If the app is already running, that instance shows its popover and this one exits.
pub(crate) fn run(options: &StartOptions) -> anyhow::Result<()> {
    window::prepare_environment();
    display::check()?;
    let mut demo = options.is_demo.then(DemoFolder::create).transpose().context("writing the sample data")?;
    let load = || ConfigSources::load(UserDirs::from_env(), None);
    let sources = demo.as_ref().map_or_else(load, DemoFolder::config_sources);
    let store = sources.resolve().db_path;
    let Some(lock) = InstanceLock::acquire(&store).context("checking for a running app")? else {
        tracing::info!("Token Monitor is already running.");
        return if options.in_background { Ok(()) } else { launcher::activate_running(options).map(drop) };
    };
    if options.action == ActivateAction::Quit {
        return Ok(());
    }
    let engine = Engine::start(sources.clone(), EngineMode::Live).context("opening the store")?;
    if let Some(demo) = &mut demo {
        demo.continue_writing().context("continuing the sample data")?;
    }
    let server = start_server(&engine, &store);
    let activations = listen_for_activations(&lock);
    let is_demo = sources.is_demo;
    let background = create_background_commands(&sources, &engine.handle());
    let services =
        Services { engine: engine.handle(), snapshots: engine.handle().subscribe_snapshots(), activations, background };
    let source = EngineSource::new(EngineLocation::InProcess(EngineClient::InProcess(engine.handle())), sources);
    let app = app::builder(source, OnDismiss::Destroy)
        .manage(lock)
        .manage(RunningEngine(Mutex::new(Some((engine, server, demo)))))
        .setup(move |app| {
            dock::hide_dock_icon(app);
            start_services(app, services)?;
            // Sample data changes nothing of the user's.
            if !is_demo {
                tray::apply_autostart(app.handle(), AutostartAction::Repair);
            }
            signals::exit_on_signal(app.handle().clone());
            Ok(())
        })
        .build(tauri_context::load_context())?;
    app.run(handle_event);
    Ok(())
}

/// Serves the command. Without a server, the command starts an engine of its own, which cannot open the store.
fn start_server(engine: &Engine, store: &Path) -> Option<Server> {
    let (address, handle) = (Address::of_store(store), engine.handle());
    let server = tauri::async_runtime::block_on(async move { Server::start(&address, handle) });
    server.inspect_err(|error| tracing::warn!(%error, "Cannot listen for the command.")).ok()
}

fn listen_for_activations(lock: &InstanceLock) -> Option<Activations> {
    let activations = tauri::async_runtime::block_on(async { lock.listen() });
    activations.inspect_err(|error| tracing::warn!(%error, "Cannot listen for second instances.")).ok()
}

/// What the tasks of the app need.
struct Services {
    engine: EngineHandle,
    snapshots: SnapshotStream,
    activations: Option<Activations>,
    background: Option<BackgroundCommands>,
}

/// Starts the delivery of alerts, the tray, and the tasks that follow snapshots and activations.
fn start_services(app: &tauri::App, services: Services) -> tauri::Result<()> {
    let handle = app.handle();
    alerts::start_delivery(handle, &services.engine);
    let tray = tray::Tray::create(handle)?;
    let (updates, receiver) = mpsc::channel();
    tray.run(receiver);
    app.manage(updates.clone());
    let followers = Followers { shortcut: create_shortcut(handle, &services.engine), background: services.background };
    tauri::async_runtime::spawn(update_tray(handle.clone(), services.snapshots, updates, followers));
    tauri::async_runtime::spawn(snapshot_forwarder::forward_snapshots(handle.clone()));
    if let Some(activations) = services.activations {
        tauri::async_runtime::spawn(act_on_activation(handle.clone(), activations));
    }
    Ok(())
}

fn handle_event(app: &AppHandle, event: RunEvent) {
    match event {
        // Closing the popover does not end the app.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::Exit => close_engine(app),
        event if dock::is_reopen_event(&event) => show_popover(app, None),
        _ => {}
    }
}

/// What follows the settings in each snapshot.
struct Followers {
    shortcut: PopoverShortcut,
    /// None for sample data, which is not given away.
    background: Option<BackgroundCommands>,
}

/// Shows each snapshot of the app's engine in the tray, also while the popover shows sample data.
async fn update_tray(
    app: AppHandle,
    mut snapshots: SnapshotStream,
    updates: mpsc::Sender<TrayUpdate>,
    mut followers: Followers,
) {
    snapshots.mark_changed();
    while snapshots.changed().await.is_ok() {
        let snapshot = snapshots.borrow_and_update().clone();
        set_keep_time(&app, snapshot.display.keep_popover_seconds);
        followers.shortcut.set(snapshot.display.shortcut);
        if let Some(background) = &mut followers.background {
            background.set(&snapshot.background);
        }
        // Fails only if the tray is gone.
        let _ = updates.send(TrayUpdate::Snapshot(Box::new((*snapshot).clone())));
    }
}

/// Creates the shortcut that opens and closes the popover.
fn create_shortcut(app: &AppHandle, engine: &EngineHandle) -> PopoverShortcut {
    let (target, engine) = (app.clone(), engine.clone());
    shortcut::create(app, move |event| match event {
        ShortcutEvent::Pressed => {
            let popover = target.clone();
            // Fails only if the app is exiting.
            let _ = target.run_on_main_thread(move || tray::toggle_popover(&popover));
        }
        ShortcutEvent::Available => report_shortcut(&engine, None),
        ShortcutEvent::Unavailable(reason) => report_shortcut(&engine, Some(reason)),
    })
}

/// Creates the runner of background commands. Sample data is not given away.
fn create_background_commands(sources: &ConfigSources, engine: &EngineHandle) -> Option<BackgroundCommands> {
    let program = window::command_program().ok().filter(|_| !sources.is_demo)?;
    let (variable, path) = sources.environment_variable();
    let engine = engine.clone();
    let report = move |command, problem| {
        let engine = engine.clone();
        let request = Request::ReportBackgroundStatus { command, problem };
        tauri::async_runtime::spawn(async move { engine.request(request).await });
    };
    Some(BackgroundCommands::new(program, (variable, path.to_owned()), report))
}

/// Reports the reason why the shortcut is not available, or none.
fn report_shortcut(engine: &EngineHandle, unavailable: Option<String>) {
    let engine = engine.clone();
    tauri::async_runtime::spawn(async move { engine.request(Request::ReportShortcutStatus { unavailable }).await });
}

/// Sets the time for which a dismissed popover is kept.
fn set_keep_time(app: &AppHandle, seconds: u32) {
    let on_dismiss =
        if seconds == 0 { OnDismiss::Destroy } else { OnDismiss::HideFor(Duration::from_secs(seconds.into())) };
    app.state::<PopoverTracker>().set_on_dismiss(on_dismiss);
}

/// Acts on each request of another instance of the app, or of a window.
async fn act_on_activation(app: AppHandle, mut activations: Activations) {
    while let Some(request) = activations.next().await {
        let target = app.clone();
        // Fails only if the app is exiting.
        let _ = app.run_on_main_thread(move || match request.action {
            ActivateAction::Open => show_popover(&target, request.route),
            ActivateAction::Toggle => tray::toggle_popover(&target),
            ActivateAction::Quit => target.exit(0),
        });
    }
}

fn show_popover(app: &AppHandle, route: Option<Route>) {
    if let Err(error) = popover::open(app, &PopoverRequest { near: None, route }, Frame::Popover) {
        tracing::error!(%error, "Could not open the popover.");
    }
}

fn close_engine(app: &AppHandle) {
    let engine_slot = app.state::<RunningEngine>().0.lock().ok().and_then(|mut engine_slot| engine_slot.take());
    app.state::<EngineSource>().stop_demo();
    if let Some((engine, server, demo)) = engine_slot {
        drop(server);
        if let Err(error) = engine.stop() {
            tracing::error!(%error, "Could not close the store.");
        }
        drop(demo);
    }
}
