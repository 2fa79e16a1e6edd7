//! Registers the icon with the desktop's `StatusNotifierWatcher`, again whenever that is replaced.
//!
//! A restarted panel is a new owner of the watcher's name. A watcher without a panel accepts icons and shows none. The
//! signals are subscribed to before the registration, so that a watcher that starts in between is not missed.

use std::time::Duration;

use futures_lite::StreamExt;
use tokio::time::sleep;
use tracing::debug;
use zbus::proxy::{CacheProperties, OwnerChangedStream, SignalStream};
use zbus::{Connection, Proxy, fdo, proxy};

use crate::sni::tray_host::{TrayHost, TrayHostReporter};

pub(super) const WATCHER: &str = "org.kde.StatusNotifierWatcher";
pub(super) const WATCHER_PATH: &str = "/StatusNotifierWatcher";

/// The first and the longest wait before the icon is registered again with a watcher that refused it.
const RETRY_WAIT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// A client of the desktop's watcher, with the bus name of the icon to register.
pub(crate) struct Watcher<'a> {
    proxy: Proxy<'a>,
    icon: &'a str,
    owners: OwnerChangedStream<'a>,
    /// The signals of panels that register with the watcher and unregister.
    host_changes: [SignalStream<'a>; 2],
}

/// The outcome of a registration.
enum RegisterOutcome {
    /// A panel shows it.
    Shown,
    /// There is no panel, or no watcher.
    NoHost,
    /// The watcher refused the icon.
    Refused,
}

/// An event after which the registration is repeated or checked.
enum WatcherEvent {
    /// The watcher started, ended or was replaced.
    OwnerChanged,
    /// A panel registered or unregistered.
    HostChanged,
    /// The wait after a refusal is over.
    RetryDue,
    /// The connection to the bus was lost.
    Disconnected,
}

impl<'a> Watcher<'a> {
    /// Subscribes to the signals of the watcher, which need not run yet.
    pub(crate) async fn connect(bus: &'a Connection, icon: &'a str) -> zbus::Result<Self> {
        let proxy: Proxy<'a> = proxy::Builder::new(bus)
            .destination(WATCHER)?
            .path(WATCHER_PATH)?
            .interface(WATCHER)?
            .cache_properties(CacheProperties::No)
            .build()
            .await?;
        let owners = proxy.receive_owner_changed().await?;
        let registered = proxy.receive_signal("StatusNotifierHostRegistered").await?;
        let unregistered = proxy.receive_signal("StatusNotifierHostUnregistered").await?;
        Ok(Self { proxy, icon, owners, host_changes: [registered, unregistered] })
    }

    /// Keeps the icon registered until the connection to the bus is lost.
    pub(crate) async fn keep_registered(mut self, hosts: &TrayHostReporter) {
        let (shortest, longest) = RETRY_WAIT;
        let mut wait = shortest;
        let mut outcome = self.register().await;
        loop {
            hosts.report(if matches!(outcome, RegisterOutcome::Shown) { TrayHost::Present } else { TrayHost::Absent });
            let retry = matches!(outcome, RegisterOutcome::Refused).then_some(wait);
            outcome = match self.next_event(retry).await {
                WatcherEvent::Disconnected => return,
                WatcherEvent::HostChanged if retry.is_none() => self.check_host().await,
                // A new panel does not show an icon that the watcher refused.
                WatcherEvent::HostChanged => self.register().await,
                WatcherEvent::RetryDue => {
                    wait = (wait * 2).min(longest);
                    self.register().await
                }
                WatcherEvent::OwnerChanged => {
                    wait = shortest;
                    self.register().await
                }
            };
        }
    }

    async fn next_event(&mut self, retry: Option<Duration>) -> WatcherEvent {
        let [registered, unregistered] = &mut self.host_changes;
        tokio::select! {
            owner = self.owners.next() => owner.map_or(WatcherEvent::Disconnected, |_| WatcherEvent::OwnerChanged),
            Some(_) = registered.next() => WatcherEvent::HostChanged,
            Some(_) = unregistered.next() => WatcherEvent::HostChanged,
            () = sleep(retry.unwrap_or_default()), if retry.is_some() => WatcherEvent::RetryDue,
        }
    }

    async fn register(&self) -> RegisterOutcome {
        match self.proxy.call::<_, _, ()>("RegisterStatusNotifierItem", &self.icon).await.map_err(fdo::Error::from) {
            Ok(()) => self.check_host().await,
            Err(fdo::Error::ServiceUnknown(_) | fdo::Error::NameHasNoOwner(_)) => RegisterOutcome::NoHost,
            Err(error) => {
                debug!(%error, "The tray watcher refused the icon.");
                RegisterOutcome::Refused
            }
        }
    }

    /// Checks for a panel. A watcher without this property is a panel itself.
    async fn check_host(&self) -> RegisterOutcome {
        match self.proxy.get_property("IsStatusNotifierHostRegistered").await {
            Ok(false) => RegisterOutcome::NoHost,
            Ok(true) | Err(_) => RegisterOutcome::Shown,
        }
    }
}
