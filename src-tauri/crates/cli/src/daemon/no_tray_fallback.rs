//! What to do on a desktop that shows no tray icons: open a window once, so that the app is not invisible.
//!
//! A session that starts may start its tray last, so there is some patience first. Only where no tray came at all:
//! a panel that restarts later opens nothing.

use std::time::{Duration, Instant};

use token_monitor_tray::Host;

/// How long a desktop that just started may take to show its tray.
const GRACE: Duration = Duration::from_secs(3);

/// Whether a window is owed to somebody without a tray.
#[derive(Debug, Default, PartialEq)]
pub(crate) enum WithoutHost {
    /// Nothing was heard yet.
    #[default]
    Unknown,
    /// There was none at the start; from this moment on a window is owed.
    Owed(Instant),
    /// A tray came, or the window was opened.
    Settled,
}

impl WithoutHost {
    /// Hears where the icon stands.
    pub(crate) fn heard(&mut self, host: Host, now: Instant) {
        *self = match (&self, host) {
            (Self::Unknown, Host::Absent) => Self::Owed(now + GRACE),
            (Self::Owed(at), Host::Absent) => Self::Owed(*at),
            (Self::Settled, Host::Absent) | (_, Host::Present) => Self::Settled,
        };
    }

    /// Waits until a window is owed, which happens once.
    pub(crate) async fn due(&mut self) {
        match self {
            Self::Owed(at) => tokio::time::sleep_until((*at).into()).await,
            Self::Unknown | Self::Settled => std::future::pending().await,
        }
        *self = Self::Settled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_tray_a_window_is_owed_after_some_patience() {
        let (mut without, now) = (WithoutHost::default(), Instant::now());
        without.heard(Host::Absent, now);
        assert_eq!(without, WithoutHost::Owed(now + GRACE));
        without.heard(Host::Absent, now + GRACE / 2);
        assert_eq!(without, WithoutHost::Owed(now + GRACE), "the patience does not begin anew");
    }

    #[test]
    fn a_tray_that_comes_in_time_leaves_nothing_owed_for_good() {
        let (mut without, now) = (WithoutHost::default(), Instant::now());
        for host in [Host::Absent, Host::Present, Host::Absent] {
            without.heard(host, now);
        }
        assert_eq!(without, WithoutHost::Settled, "a panel that restarts opens no window");
    }

    #[tokio::test]
    async fn the_window_is_owed_once() {
        let mut without = WithoutHost::Owed(Instant::now());
        without.due().await;
        assert_eq!(without, WithoutHost::Settled);
    }
}
