//! Whether there is a tray to show the icon, telling it once per change.
//!
//! It only remembers what it was told last; it asks nobody.

use std::sync::{Mutex, PoisonError};

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
    told: Mutex<Option<Host>>,
    tell: Box<dyn Fn(Host) + Send + Sync>,
}

impl Presence {
    pub(crate) fn new(tell: impl Fn(Host) + Send + Sync + 'static) -> Self {
        Self { told: Mutex::default(), tell: Box::new(tell) }
    }

    /// Tells what holds now, unless it held already; whether it is news. The lock is held meanwhile: the last word
    /// told is the last word.
    pub(crate) fn holds(&self, host: Host) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = told.replace(host) != Some(host);
        if is_news {
            (self.tell)(host);
        }
        is_news
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn the_same_news_is_told_once() {
        let (told, hosts) = mpsc::channel();
        let presence = Presence::new(move |host| told.send(host).unwrap());
        for host in [Host::Absent, Host::Absent, Host::Present, Host::Present, Host::Absent] {
            presence.holds(host);
        }
        assert_eq!(hosts.try_iter().collect::<Vec<_>>(), [Host::Absent, Host::Present, Host::Absent]);
    }
}
