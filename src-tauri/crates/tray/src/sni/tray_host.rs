//! The presence of a tray, reported once per change.

use std::sync::{Mutex, PoisonError};

/// The presence of a tray on the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrayHost {
    /// A tray shows the icon.
    Present,
    /// The desktop has no tray, or has not started it yet.
    Absent,
}

/// Reports the presence of a tray once per change.
pub(crate) struct TrayHostReporter {
    last: Mutex<Option<TrayHost>>,
    on_change: Box<dyn Fn(TrayHost) + Send + Sync>,
}

impl TrayHostReporter {
    pub(crate) fn new(on_change: impl Fn(TrayHost) + Send + Sync + 'static) -> Self {
        Self { last: Mutex::default(), on_change: Box::new(on_change) }
    }

    /// Reports the current state unless it is unchanged. Returns true if it has changed. The lock is held during the
    /// call, so that reports are in order.
    pub(crate) fn report(&self, host: TrayHost) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let has_changed = last.replace(host) != Some(host);
        if has_changed {
            (self.on_change)(host);
        }
        has_changed
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn an_unchanged_state_is_reported_once() {
        let (sender, hosts) = mpsc::channel();
        let reporter = TrayHostReporter::new(move |host| sender.send(host).unwrap());
        for host in [TrayHost::Absent, TrayHost::Absent, TrayHost::Present, TrayHost::Present, TrayHost::Absent] {
            reporter.report(host);
        }
        assert_eq!(hosts.try_iter().collect::<Vec<_>>(), [TrayHost::Absent, TrayHost::Present, TrayHost::Absent]);
    }
}
