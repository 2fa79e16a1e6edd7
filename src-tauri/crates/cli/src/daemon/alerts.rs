//! Shows the alerts of an engine as notifications. The engine may run in this process or in another one.

use std::sync::Arc;

use token_monitor_ipc::EngineClient;
use token_monitor_tray::{Notification, NotificationReport, Notifier};
use tracing::warn;

/// The connection to the notification service. Empty if its thread cannot be started.
pub(crate) struct AlertNotifier(Option<Arc<Notifier>>);

impl AlertNotifier {
    /// Starts the notifier. `on_report` receives the delivery results and the user's actions, and must not block.
    pub(crate) fn new(on_report: impl Fn(NotificationReport) + Send + Sync + 'static) -> Self {
        let notifier = Notifier::start(on_report).inspect_err(|error| warn!(%error, "Cannot show notifications."));
        Self(notifier.ok().map(Arc::new))
    }

    /// Spawns a task that shows the alerts of an engine until the engine ends.
    pub(crate) fn show_alerts_of(&self, client: &EngineClient) {
        if let Some(notifier) = &self.0 {
            tokio::spawn(forward_alerts(client.clone(), Arc::clone(notifier)));
        }
    }
}

async fn forward_alerts(client: EngineClient, notifier: Arc<Notifier>) {
    client.show_alerts(|alert| notifier.show(Notification::from_alert(alert.id, &alert.alert))).await;
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use token_monitor_core::report::model::{AlertRule, DeliveryStatus};
    use token_monitor_engine::config::ConfigSources;
    use token_monitor_engine::{Request, Response};
    use tokio::time::timeout;

    use token_monitor_tray::DeliveryResult;

    use crate::connect::{CONNECT_TIMEOUT, EngineSession};
    use crate::daemon::engine_requests::report_delivery;

    /// Far longer than the test takes. It ends a test that would wait forever.
    const DEADLINE: Duration = Duration::from_secs(10);

    fn sources_in(folder: &Path) -> ConfigSources {
        let mut sources = ConfigSources::default();
        sources.environment.insert("claude_config_dirs", folder.join("claude").display().to_string());
        sources.environment.insert("storage.db_path", folder.join("sessions.db").display().to_string());
        sources
    }

    /// Guards against alerts that are lost while `token-monitor watch` owns the store.
    #[test]
    fn the_tray_process_shows_the_alerts_of_an_engine_in_another_process() {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let open = || EngineSession::open_live(sources_in(folder.path()), CONNECT_TIMEOUT);
            let watch = open().await.expect("it owns the store");
            let tray = open().await.expect("the other one answers");
            assert!(!watch.is_remote() && tray.is_remote());
            let (presenter, reporter) = (tray.client.clone(), tray.client.clone());
            let presenting = tokio::spawn(async move {
                presenter.show_alerts(|alert| report_delivery(reporter.clone(), alert.id, DeliveryResult::Shown)).await;
            });
            // The subscription may not exist yet, so the test alert is repeated until one is shown.
            let until_shown = async {
                loop {
                    let test = Request::TestAlert { rule: AlertRule::Block };
                    watch.client.request(test).await.expect("it is accepted");
                    let response = watch.client.request(Request::Alerts { limit: 1 }).await;
                    let Response::Alerts(rows) = response.expect("they are listed") else { panic!("no alerts") };
                    if rows[0].fate == DeliveryStatus::Shown {
                        return;
                    }
                }
            };
            timeout(DEADLINE, until_shown).await.expect("one is shown in time");
            presenting.abort();
            tray.close().expect("it closes");
            watch.close().expect("it closes");
        });
    }
}
