//! Alerts of the one-process app on their way to the system's notifications, and what people do with those.

use tauri::{AppHandle, Manager};
use token_monitor_engine::{Ask, Handle};
use token_monitor_ipc::Core;
use token_monitor_tray::{Notice, Notifier, Opening, Pressed, Report};

use crate::app;
use crate::popover::{self, Frame};

/// Shows the alerts of an engine until it ends.
pub(crate) fn listen(app: &AppHandle, engine: &Handle) {
    let told = app.clone();
    match Notifier::start(move |report| take(&told, report)) {
        Ok(notifier) => drop(tauri::async_runtime::spawn(deliver(Core::Here(engine.clone()), notifier))),
        Err(error) => tracing::warn!(%error, "Alerts cannot be shown."),
    }
}

async fn deliver(core: Core, notifier: Notifier) {
    core.show_alerts(|out| notifier.show(Notice::of(out.id, &out.alert))).await;
}

/// Hands a report on. The one window of this process needs no token: it belongs to a program that runs already.
fn take(app: &AppHandle, report: Report) {
    match report {
        Report::Fate(id, fate) => {
            let (fate, unavailable) = fate.noted();
            ask(app, Ask::AlertFate { id, fate, unavailable });
        }
        Report::Pressed(Pressed::Snooze(pause)) => ask(app, Ask::PauseAlerts { pause }),
        Report::Pressed(Pressed::Open { route, token: _ }) => {
            let opened = app.clone();
            // The app may be ending.
            let _ = app.run_on_main_thread(move || {
                let opening = Opening { near: None, route: Some(route) };
                if let Err(error) = popover::open(&opened, &opening, Frame::Popover) {
                    tracing::error!(%error, "The popover could not be opened.");
                }
            });
        }
    }
}

fn ask(app: &AppHandle, ask: Ask) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let asked = async { app.state::<app::Source>().get().await?.ask(ask).await };
        if let Err(error) = asked.await {
            tracing::warn!(%error, "The engine does not hear of alerts.");
        }
    });
}
