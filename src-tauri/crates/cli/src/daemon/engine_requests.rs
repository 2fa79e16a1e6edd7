//! Requests of the tray process to the engine. Each one is sent by a task of its own: a busy engine must not delay the event
//! loop.

use token_monitor_core::report::model::{BackgroundCommand, Pause};
use token_monitor_engine::Request;
use token_monitor_ipc::EngineClient;
use token_monitor_tray::DeliveryResult;
use tracing::warn;

/// Reports the delivery of an alert.
pub(crate) fn report_delivery(client: EngineClient, id: u64, result: DeliveryResult) {
    let (status, unavailable) = result.into_status();
    spawn_request(client, Request::ReportAlertStatus { id, status, unavailable });
}

/// Reports the reason why the shortcut is not available, or none.
pub(crate) fn report_shortcut(client: EngineClient, unavailable: Option<String>) {
    spawn_request(client, Request::ReportShortcutStatus { unavailable });
}

/// Reports the problem of a background command, or none.
pub(crate) fn report_background(client: EngineClient, command: BackgroundCommand, problem: Option<String>) {
    spawn_request(client, Request::ReportBackgroundStatus { command, problem });
}

/// Pauses alerts. The next snapshot contains the result.
pub(crate) fn pause_alerts(client: EngineClient, pause: Pause) {
    spawn_request(client, Request::PauseAlerts { pause });
}

fn spawn_request(client: EngineClient, request: Request) {
    tokio::spawn(async move {
        if let Err(error) = client.request(request).await {
            warn!(%error, "A request of the tray failed.");
        }
    });
}
