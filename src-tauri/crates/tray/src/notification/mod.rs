//! Notifications of the system: handed over, never waited for.
//!
//! Whoever has something to say calls [`Notifier::show`] and goes on at once. A thread of its own hands the notices
//! to the system one after the other, however slow that is, and reports what became of each. It knows nothing of
//! rules, quiet hours or settings: what comes here is to be shown.

mod queue;
mod text;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod native;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(not(target_os = "linux"))]
use native as platform;

use std::sync::Arc;
use std::time::Duration;

use token_monitor_core::alerts::{Alert, Urgency};
use token_monitor_core::report::model::{AlertFate, Pause, Route};

use crate::notification::queue::Queue;

/// How long the system may take for one answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Something to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What its fate is reported by.
    pub id: u64,
    /// What it is about: a notice takes the place of an earlier one of the same tag.
    pub tag: String,
    /// What it says first.
    pub title: String,
    /// What it says beneath.
    pub body: String,
    /// How much it may disturb. The system decides what comes of it while somebody does not want to be disturbed.
    pub urgency: Urgency,
    /// Whether it may be heard.
    pub sound: bool,
    /// The page it opens.
    pub route: Route,
}

impl Notice {
    /// The notice of an alert. `id` is the alert's number.
    pub fn of(id: u64, alert: &Alert) -> Self {
        Self {
            id,
            tag: alert.replaces.clone(),
            title: alert.title.clone(),
            body: alert.body.clone(),
            urgency: alert.urgency,
            sound: alert.sound,
            route: alert.route.clone(),
        }
    }
}

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The system took it.
    Shown,
    /// The system did not.
    Failed {
        /// Why, in a sentence for people.
        why: &'static str,
    },
}

impl Fate {
    /// The same in the words of the list of alerts, and why the system takes none, where it does not.
    pub fn noted(self) -> (AlertFate, Option<String>) {
        match self {
            Self::Shown => (AlertFate::Shown, None),
            Self::Failed { why } => (AlertFate::Failed, Some(why.to_owned())),
        }
    }
}

/// What somebody did with a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// Wants to see the page it is about.
    Open {
        /// That page.
        route: Route,
        /// What entitles a window to the focus, where the system says it.
        token: Option<String>,
    },
    /// Wants no alerts for a while.
    Snooze(Pause),
}

/// What a notifier has to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// What became of a notice. Each gets one fate.
    Fate(u64, Fate),
    /// What somebody did.
    Pressed(Pressed),
}

/// Where reports go.
type Tell = Arc<dyn Fn(Report) + Send + Sync>;

/// Too many came while the system was slow.
const CROWDED_OUT: Fate = Fate::Failed { why: "Too many notifications were waiting." };

/// Hands notices to the system.
pub struct Notifier {
    queue: Arc<Queue>,
    tell: Tell,
}

impl Notifier {
    /// Starts one. `tell` is called from its thread, and from [`Notifier::show`] for a notice that had to give way;
    /// it must not block.
    ///
    /// # Errors
    ///
    /// When the system has no thread to give.
    pub fn start(tell: impl Fn(Report) + Send + Sync + 'static) -> std::io::Result<Self> {
        Self::with_patience(PATIENCE, tell)
    }

    /// The same with another time for the system to answer in.
    ///
    /// # Errors
    ///
    /// When the system has no thread to give.
    pub fn with_patience(patience: Duration, tell: impl Fn(Report) + Send + Sync + 'static) -> std::io::Result<Self> {
        let (queue, tell) = (Arc::new(Queue::default()), Arc::new(tell) as Tell);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let (waiting, told) = (Arc::clone(&queue), Arc::clone(&tell));
        std::thread::Builder::new()
            .name("notifications".to_owned())
            .spawn(move || runtime.block_on(platform::carry(&waiting, told, patience)))?;
        Ok(Self { queue, tell })
    }

    /// Shows a notice when its turn comes. Never waits: where too many wait already, the oldest of them is given up.
    pub fn show(&self, notice: Notice) {
        if let Some(given_up) = self.queue.push(notice) {
            (self.tell)(Report::Fate(given_up.id, CROWDED_OUT));
        }
    }
}

impl Drop for Notifier {
    /// What is being handed over still is; what waits is not.
    fn drop(&mut self) {
        self.queue.close();
    }
}
