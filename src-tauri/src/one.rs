//! Engine, tray and popover in one process, as on macOS and Windows.

use std::sync::Mutex;
use std::sync::mpsc;

use anyhow::Context;
use tauri::{Manager, RunEvent};
use token_monitor_engine::settings::Layers;
use token_monitor_engine::{Conduct, Engine, Homes};
use token_monitor_link::{Address, Core, Seat, Server};

use crate::{desktop, follow, shell, stop, tray};

/// What has to be closed in order when the app ends.
struct Running(Mutex<Option<(Engine, Option<Server>)>>);

/// Runs until the user quits. Where the app runs already, this one ends at once.
pub(crate) fn run() -> anyhow::Result<()> {
    desktop::prepare();
    let layers = Layers::gather(Homes::from_env(), None);
    let store = layers.settle().db_path;
    let Some(seat) = Seat::take(&store).context("looking whether the app runs already")? else {
        tracing::info!("Token Monitor is in the tray already.");
        return Ok(());
    };
    let engine = Engine::start(layers, Conduct::Live).context("opening the store")?;
    let address = Address::of_store(&store);
    let core = Core::Here(engine.handle());
    let handle = engine.handle();
    let server = tauri::async_runtime::block_on(async move { Server::start(&address, handle) });
    let server = server.inspect_err(|error| tracing::warn!(%error, "The command cannot ask this app.")).ok();
    let app = shell::builder(shell::Source::Here(core))
        .manage(seat)
        .manage(Running(Mutex::new(Some((engine, server)))))
        .setup(|app| {
            let tray = tray::Tray::show(app.handle())?;
            let (views, seen) = mpsc::channel();
            tray.follow(app.handle().clone(), seen);
            // The app that ends needs no more views.
            tauri::async_runtime::spawn(follow::follow(app.handle().clone(), move |snapshot| {
                let _ = views.send(token_monitor_desktop::view(snapshot));
            }));
            stop::when_told(app.handle().clone());
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| match event {
        // A dismissed popover does not end the tray.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::Exit => close(app),
        _ => {}
    });
    Ok(())
}

fn close(app: &tauri::AppHandle) {
    let running = app.state::<Running>().0.lock().ok().and_then(|mut running| running.take());
    if let Some((engine, server)) = running {
        drop(server);
        if let Err(error) = engine.stop() {
            tracing::error!(%error, "The store was not closed properly.");
        }
    }
}
