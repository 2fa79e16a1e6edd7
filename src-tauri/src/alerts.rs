//! Delivers the alerts of the single-process app as notifications, and handles the user's actions on them.

use tauri::{AppHandle, Manager};
use token_monitor_engine::{EngineHandle, Request};
use token_monitor_ipc::EngineClient;
use token_monitor_tray::{Notification, NotificationAction, NotificationReport, Notifier, PopoverRequest};

use crate::engine_source::EngineSource;
use crate::popover::{self, Frame};

/// Starts the delivery of an engine's alerts, which lasts until the engine ends.
pub(crate) fn start_delivery(app: &AppHandle, engine: &EngineHandle) {
    let reporting = app.clone();
    match Notifier::start(move |report| handle_report(&reporting, report)) {
        Ok(notifier) => {
            drop(tauri::async_runtime::spawn(deliver_alerts(EngineClient::InProcess(engine.clone()), notifier)));
        }
        Err(error) => tracing::warn!(%error, "Cannot show alerts."),
    }
}

async fn deliver_alerts(client: EngineClient, notifier: Notifier) {
    client.show_alerts(|out| notifier.show(Notification::from_alert(out.id, &out.alert))).await;
}

/// Handles a report. The window of this process needs no activation token, since its program is already running.
fn handle_report(app: &AppHandle, report: NotificationReport) {
    match report {
        NotificationReport::Delivered(id, fate) => {
            let (status, unavailable) = fate.into_status();
            send_request(app, Request::ReportAlertStatus { id, status, unavailable });
        }
        NotificationReport::Action(NotificationAction::Snooze(pause)) => {
            send_request(app, Request::PauseAlerts { pause });
        }
        NotificationReport::Action(NotificationAction::Open { route, token: _ }) => {
            let opened = app.clone();
            // Fails only if the app is exiting.
            let _ = app.run_on_main_thread(move || {
                let request = PopoverRequest { near: None, route: Some(route) };
                if let Err(error) = popover::open(&opened, &request, Frame::Popover) {
                    tracing::error!(%error, "Could not open the popover.");
                }
            });
        }
    }
}

fn send_request(app: &AppHandle, request: Request) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let response = async { app.state::<EngineSource>().get().await?.request(request).await };
        if let Err(error) = response.await {
            tracing::warn!(%error, "Could not send a request about alerts.");
        }
    });
}
