//! Whether there is a tray to show the icon, and telling it once per change.
//!
//! It only remembers what an attempt to register and the bus reported; it asks nobody.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Whether the desktop shows tray icons now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// The icon is handed over to a tray.
    Present,
    /// Nobody shows tray icons: some desktops have no tray, others are still starting theirs.
    Absent,
}

/// Whether there is a tray, told once per change.
pub(crate) struct Presence {
    now: Mutex<Now>,
    tell: Box<dyn Fn(Host) + Send + Sync>,
}

#[derive(Default)]
struct Now {
    told: Option<Host>,
    /// Whether the attempt under way found nobody.
    alone: bool,
}

impl Presence {
    pub(crate) fn new(tell: impl Fn(Host) + Send + Sync + 'static) -> Self {
        Self { now: Mutex::default(), tell: Box::new(tell) }
    }

    /// An attempt starts.
    pub(crate) fn begin(&self) {
        self.now().alone = false;
    }

    /// The attempt is through; unless it said otherwise meanwhile, somebody took the icon.
    pub(crate) fn began(&self) {
        let now = self.now();
        if !now.alone {
            self.tell(now, Host::Present);
        }
    }

    pub(crate) fn found(&self) {
        self.tell(self.now(), Host::Present);
    }

    pub(crate) fn lost(&self) {
        let mut now = self.now();
        now.alone = true;
        self.tell(now, Host::Absent);
    }

    pub(crate) fn is_alone(&self) -> bool {
        self.now().told == Some(Host::Absent)
    }

    /// Holds the lock while telling, so that the last word told is the last word.
    fn tell(&self, mut now: MutexGuard<'_, Now>, host: Host) {
        if now.told.replace(host) != Some(host) {
            (self.tell)(host);
        }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn presence() -> (Presence, mpsc::Receiver<Host>) {
        let (told, hosts) = mpsc::channel();
        (Presence::new(move |host| told.send(host).unwrap()), hosts)
    }

    #[test]
    fn a_tray_that_takes_the_icon_is_present() {
        let (presence, hosts) = presence();
        presence.begin();
        presence.began();
        assert_eq!(hosts.try_iter().collect::<Vec<_>>(), [Host::Present]);
    }

    #[test]
    fn an_attempt_that_finds_nobody_never_says_present() {
        let (presence, hosts) = presence();
        presence.begin();
        presence.lost();
        presence.began();
        assert!(presence.is_alone());
        assert_eq!(hosts.try_iter().collect::<Vec<_>>(), [Host::Absent]);
    }

    #[test]
    fn a_second_attempt_may_find_what_the_first_missed() {
        let (presence, hosts) = presence();
        presence.lost();
        presence.begin();
        presence.began();
        assert_eq!(hosts.try_iter().collect::<Vec<_>>(), [Host::Absent, Host::Present]);
    }

    #[test]
    fn the_same_news_is_told_once() {
        let (presence, hosts) = presence();
        presence.lost();
        presence.lost();
        presence.found();
        presence.found();
        assert_eq!(hosts.try_iter().collect::<Vec<_>>(), [Host::Absent, Host::Present]);
    }
}
