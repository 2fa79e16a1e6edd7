//! The fallback for desktops without a tray: opens the popover as a window once, so that the app is visible.
//!
//! The tray of a new session may start last, so there is a grace period. The window opens only if there was no tray
//! from the start; a panel that restarts later opens nothing.

use std::time::{Duration, Instant};

use token_monitor_tray::TrayHost;

/// The longest time in which the tray of a new session is expected to start.
const GRACE_PERIOD: Duration = Duration::from_secs(3);

/// The state of the fallback.
#[derive(Debug, Default, PartialEq)]
pub(crate) enum NoTrayFallback {
    /// The tray host is not known yet.
    #[default]
    Unknown,
    /// There was no tray at the start. The window opens at this time.
    Pending(Instant),
    /// A tray has started, or the window was opened.
    Settled,
}

impl NoTrayFallback {
    /// SnapshotStream the state after a change of the tray host.
    pub(crate) fn update(&mut self, host: TrayHost, now: Instant) {
        *self = match (&self, host) {
            (Self::Unknown, TrayHost::Absent) => Self::Pending(now + GRACE_PERIOD),
            (Self::Pending(at), TrayHost::Absent) => Self::Pending(*at),
            (Self::Settled, TrayHost::Absent) | (_, TrayHost::Present) => Self::Settled,
        };
    }

    /// Waits until the window is to be opened, which happens at most once. Never returns in the other states.
    pub(crate) async fn wait_until_due(&mut self) {
        match self {
            Self::Pending(at) => tokio::time::sleep_until((*at).into()).await,
            Self::Unknown | Self::Settled => std::future::pending().await,
        }
        *self = Self::Settled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_tray_a_window_is_pending_for_the_grace_period() {
        let (mut fallback, now) = (NoTrayFallback::default(), Instant::now());
        fallback.update(TrayHost::Absent, now);
        assert_eq!(fallback, NoTrayFallback::Pending(now + GRACE_PERIOD));
        fallback.update(TrayHost::Absent, now + GRACE_PERIOD / 2);
        assert_eq!(fallback, NoTrayFallback::Pending(now + GRACE_PERIOD), "the grace period does not restart");
    }

    #[test]
    fn a_tray_that_starts_in_time_cancels_the_window_for_good() {
        let (mut fallback, now) = (NoTrayFallback::default(), Instant::now());
        for host in [TrayHost::Absent, TrayHost::Present, TrayHost::Absent] {
            fallback.update(host, now);
        }
        assert_eq!(fallback, NoTrayFallback::Settled, "a panel that restarts opens no window");
    }

    #[tokio::test]
    async fn the_window_is_due_once() {
        let mut fallback = NoTrayFallback::Pending(Instant::now());
        fallback.wait_until_due().await;
        assert_eq!(fallback, NoTrayFallback::Settled);
    }
}
