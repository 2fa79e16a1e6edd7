//! Alerts of our own engine on their way to the system's notifications.
//!
//! An engine in another process has its alerts shown there, or by nobody: they stand in the list then.

use std::sync::Arc;

use token_monitor_core::figures::Pause;
use token_monitor_desktop::{Fate, Notice, Notifier, Report};
use token_monitor_engine::{AlertOut, Ask};
use token_monitor_link::Core;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tracing::warn;

/// Whoever shows alerts; nobody where the system has no thread to give.
pub(super) struct Alerts(Option<Arc<Notifier>>);

impl Alerts {
    /// `told` hears what became of alerts and what somebody did with them. It must not block.
    pub(super) fn new(told: impl Fn(Report) + Send + Sync + 'static) -> Self {
        let notifier = Notifier::start(told).inspect_err(|error| warn!(%error, "Alerts cannot be shown."));
        Self(notifier.ok().map(Arc::new))
    }

    /// Shows the alerts of an engine until it ends.
    pub(super) fn listen(&self, core: &Core) {
        if let (Some(notifier), Core::Here(handle)) = (&self.0, core) {
            tokio::spawn(deliver(handle.alerts(), Arc::clone(notifier)));
        }
    }
}

async fn deliver(mut alerts: broadcast::Receiver<Arc<AlertOut>>, notifier: Arc<Notifier>) {
    loop {
        match alerts.recv().await {
            Ok(out) => notifier.show(Notice::of(out.id, &out.alert)),
            Err(RecvError::Lagged(missed)) => warn!(missed, "Alerts came too fast to be shown."),
            Err(RecvError::Closed) => return,
        }
    }
}

/// Notes what became of an alert. Off the loop: an engine that is busy keeps no click waiting.
pub(super) fn note(core: Core, id: u64, fate: Fate) {
    let (fate, unavailable) = fate.noted();
    ask(core, Ask::AlertFate { id, fate, unavailable });
}

/// Pauses alerts, off the loop, too. What comes of it stands in the next snapshot.
pub(super) fn pause(core: Core, pause: Pause) {
    ask(core, Ask::PauseAlerts { pause });
}

fn ask(core: Core, ask: Ask) {
    tokio::spawn(async move {
        if let Err(error) = core.ask(ask).await {
            warn!(%error, "The engine does not hear of alerts.");
        }
    });
}
