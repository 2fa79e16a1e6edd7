//! Alerts on their way to the system's notifications, whichever process decides them: whoever sits in the tray shows
//! them.

use std::sync::Arc;

use token_monitor_core::report::model::Pause;
use token_monitor_engine::Ask;
use token_monitor_ipc::Core;
use token_monitor_tray::{Fate, Notice, Notifier, Report};
use tracing::warn;

/// Whoever shows alerts; nobody where the system has no thread to give.
pub(crate) struct Alerts(Option<Arc<Notifier>>);

impl Alerts {
    /// `told` hears what became of alerts and what somebody did with them. It must not block.
    pub(crate) fn new(told: impl Fn(Report) + Send + Sync + 'static) -> Self {
        let notifier = Notifier::start(told).inspect_err(|error| warn!(%error, "Alerts cannot be shown."));
        Self(notifier.ok().map(Arc::new))
    }

    /// Shows the alerts of an engine until it ends.
    pub(crate) fn listen(&self, core: &Core) {
        if let Some(notifier) = &self.0 {
            tokio::spawn(deliver(core.clone(), Arc::clone(notifier)));
        }
    }
}

async fn deliver(core: Core, notifier: Arc<Notifier>) {
    core.show_alerts(|out| notifier.show(Notice::of(out.id, &out.alert))).await;
}

/// Notes what became of an alert. Off the loop: an engine that is busy keeps no click waiting.
pub(crate) fn note(core: Core, id: u64, fate: Fate) {
    let (fate, unavailable) = fate.noted();
    ask(core, Ask::AlertFate { id, fate, unavailable });
}

/// Pauses alerts, off the loop, too. What comes of it stands in the next snapshot.
pub(crate) fn pause(core: Core, pause: Pause) {
    ask(core, Ask::PauseAlerts { pause });
}

fn ask(core: Core, ask: Ask) {
    tokio::spawn(async move {
        if let Err(error) = core.ask(ask).await {
            warn!(%error, "The engine does not hear of alerts.");
        }
    });
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use token_monitor_core::report::model::{AlertFate, AlertRule};
    use token_monitor_engine::config::Layers;
    use tokio::time::timeout;

    use super::*;
    use crate::connect::{Desk, PATIENCE};

    /// Far longer than anything awaited takes; it ends a test that would wait for ever.
    const DEADLINE: Duration = Duration::from_secs(10);

    fn layers(folder: &Path) -> Layers {
        let mut layers = Layers::default();
        layers.environment.insert("claude_config_dirs", folder.join("claude").display().to_string());
        layers.environment.insert("storage.db_path", folder.join("sessions.db").display().to_string());
        layers
    }

    /// The fear: `token-monitor watch` owns the store, and its alerts are shown by nobody.
    #[test]
    fn alerts_of_an_engine_in_another_process_are_shown_by_whoever_sits_in_the_tray() {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let watch = Desk::open_live(layers(folder.path()), PATIENCE).await.expect("it owns the store");
            let tray = Desk::open_live(layers(folder.path()), PATIENCE).await.expect("somebody answers");
            assert!(!watch.is_elsewhere() && tray.is_elsewhere());
            let told = tray.core.clone();
            let shower = tray.core.clone();
            let delivering = tokio::spawn(async move {
                shower.show_alerts(|out| note(told.clone(), out.id, Fate::Shown)).await;
            });
            // Nobody listens yet, or somebody does: it is tried until somebody did.
            let tried = async {
                loop {
                    watch.core.test_alert(AlertRule::Block).await.expect("it is heard");
                    let rows = watch.core.alerts(1).await.expect("it answers");
                    if rows[0].fate == AlertFate::Shown {
                        return;
                    }
                }
            };
            timeout(DEADLINE, tried).await.expect("one is shown in time");
            delivering.abort();
            tray.close().expect("it closes");
            watch.close().expect("it closes");
        });
    }
}
