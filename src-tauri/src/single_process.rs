//! Engine, tray and popover in one process, as on macOS and Windows.

use std::sync::Mutex;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::Context;
use tauri::{AppHandle, Manager, RunEvent};
use token_monitor_core::report::model::Route;
use token_monitor_engine::config::Layers;
use token_monitor_engine::{Conduct, Engine, Homes};
use token_monitor_ipc::{Address, Core, Raises, Seat, Server};
use token_monitor_tray::Opening;

use crate::args::{Order, Start};
use crate::platform::{dock, window};
use crate::popover::{Frame, Popover, Stay};
use crate::tray::News;
use crate::{alerts, app, launcher, popover, signals, snapshot_forwarder, tray};

/// What has to be closed in order when the app ends.
struct Running(Mutex<Option<(Engine, Option<Server>)>>);

/// Runs until the user quits. Where the app runs already, that one shows its popover and this one ends at once.
pub(crate) fn run(start: &Start) -> anyhow::Result<()> {
    window::prepare();
    let layers = Layers::gather(Homes::from_env(), None);
    let store = layers.settle().db_path;
    let Some(seat) = Seat::take(&store).context("looking whether the app runs already")? else {
        tracing::info!("Token Monitor is in the tray already.");
        return if start.in_background { Ok(()) } else { launcher::raise(start).map(drop) };
    };
    let engine = Engine::start(layers, Conduct::Live).context("opening the store")?;
    let address = Address::of_store(&store);
    let core = Core::Here(engine.handle());
    let alerting = engine.handle();
    let handle = engine.handle();
    let server = tauri::async_runtime::block_on(async move { Server::start(&address, handle) });
    let server = server.inspect_err(|error| tracing::warn!(%error, "The command cannot ask this app.")).ok();
    let raises = tauri::async_runtime::block_on(async { seat.listen() });
    let raises = raises.inspect_err(|error| tracing::warn!(%error, "Second starts are not heard.")).ok();
    let app = app::builder(app::Source::Here(core), Stay::Not)
        .manage(seat)
        .manage(Running(Mutex::new(Some((engine, server)))))
        .setup(move |app| {
            dock::stay_out(app);
            alerts::listen(app.handle(), &alerting);
            let tray = tray::Tray::show(app.handle())?;
            let (news, told) = mpsc::channel();
            tray.follow(told);
            app.manage(news.clone());
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(snapshot_forwarder::follow(app.handle().clone(), move |snapshot| {
                keep(&handle, snapshot.display.keep_popover_seconds);
                // A tray that is gone needs no more news.
                let _ = news.send(News::Snapshot(Box::new(snapshot.clone())));
            }));
            if let Some(raises) = raises {
                tauri::async_runtime::spawn(rise(app.handle().clone(), raises));
            }
            tray::start_at_login(app.handle(), Order::Repair);
            signals::when_told(app.handle().clone());
            Ok(())
        })
        .build(app::context())?;
    app.run(|app, event| match event {
        // A dismissed popover does not end the tray.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::Exit => close(app),
        event if dock::is_opened_again(&event) => bring_up(app, None),
        _ => {}
    });
    Ok(())
}

/// A dismissed popover is kept for as long as the settings say.
fn keep(app: &AppHandle, seconds: u32) {
    let stay = if seconds == 0 { Stay::Not } else { Stay::For(Duration::from_secs(seconds.into())) };
    app.state::<Popover>().stay(stay);
}

/// Shows the popover whenever the app is started a second time.
async fn rise(app: AppHandle, mut raises: Raises) {
    while let Some(raise) = raises.next().await {
        let raised = app.clone();
        // The app may be ending.
        let _ = app.run_on_main_thread(move || bring_up(&raised, raise.route));
    }
}

fn bring_up(app: &AppHandle, route: Option<Route>) {
    if let Err(error) = popover::open(app, &Opening { near: None, route }, Frame::Popover) {
        tracing::error!(%error, "The popover could not be opened.");
    }
}

fn close(app: &AppHandle) {
    let running = app.state::<Running>().0.lock().ok().and_then(|mut running| running.take());
    if let Some((engine, server)) = running {
        drop(server);
        if let Err(error) = engine.stop() {
            tracing::error!(%error, "The store was not closed properly.");
        }
    }
}
