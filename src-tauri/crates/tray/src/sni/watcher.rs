//! Handing the icon over to the desktop's watcher of tray icons, again whenever that is another one.
//!
//! A panel that restarts is a new owner of the watcher's name; a watcher without a panel takes icons and shows
//! none. It listens before it asks, so that a watcher which starts in between is not missed.

use std::time::Duration;

use futures_lite::StreamExt;
use tokio::time::sleep;
use tracing::debug;
use zbus::proxy::{CacheProperties, OwnerChangedStream, SignalStream};
use zbus::{Connection, Proxy, fdo, proxy};

use crate::sni::tray_host::{Host, Presence};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_PATH: &str = "/StatusNotifierWatcher";

/// First and longest wait before a watcher that refused the icon is asked again.
const RETRY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// The desktop's watcher, and the icon to hand over.
pub(crate) struct Watcher<'a> {
    proxy: Proxy<'a>,
    icon: &'a str,
    owners: OwnerChangedStream<'a>,
    /// Panels that come to the watcher and leave it.
    panels: [SignalStream<'a>; 2],
}

/// What came of handing the icon over.
enum Outcome {
    /// A panel shows it.
    Shown,
    /// Nobody does, until somebody comes.
    Nobody,
    /// A watcher is there and does not take it yet.
    Refused,
}

/// What makes another try worth while.
enum Occasion {
    /// The watcher is another, or there is one again, or none.
    Owner,
    /// A panel came or left.
    Panel,
    /// Some time has passed.
    Time,
    /// The bus is gone.
    End,
}

impl<'a> Watcher<'a> {
    /// Listens to whoever is the watcher, now or later.
    pub(crate) async fn of(bus: &'a Connection, icon: &'a str) -> zbus::Result<Self> {
        let proxy: Proxy<'a> = proxy::Builder::new(bus)
            .destination(WATCHER)?
            .path(WATCHER_PATH)?
            .interface(WATCHER)?
            .cache_properties(CacheProperties::No)
            .build()
            .await?;
        let owners = proxy.receive_owner_changed().await?;
        let came = proxy.receive_signal("StatusNotifierHostRegistered").await?;
        let left = proxy.receive_signal("StatusNotifierHostUnregistered").await?;
        Ok(Self { proxy, icon, owners, panels: [came, left] })
    }

    /// Keeps the icon handed over until the bus is gone.
    pub(crate) async fn attend(mut self, presence: &Presence) {
        let (shortest, longest) = RETRY;
        let mut wait = shortest;
        let mut outcome = self.hand_over().await;
        loop {
            presence.holds(if matches!(outcome, Outcome::Shown) { Host::Present } else { Host::Absent });
            let retry = matches!(outcome, Outcome::Refused).then_some(wait);
            outcome = match self.occasion(retry).await {
                Occasion::End => return,
                Occasion::Panel if retry.is_none() => self.look().await,
                // A panel says nothing of an icon that its watcher refused.
                Occasion::Panel => self.hand_over().await,
                Occasion::Time => {
                    wait = (wait * 2).min(longest);
                    self.hand_over().await
                }
                Occasion::Owner => {
                    wait = shortest;
                    self.hand_over().await
                }
            };
        }
    }

    async fn occasion(&mut self, retry: Option<Duration>) -> Occasion {
        let [came, left] = &mut self.panels;
        tokio::select! {
            owner = self.owners.next() => if owner.is_some() { Occasion::Owner } else { Occasion::End },
            Some(_) = came.next() => Occasion::Panel,
            Some(_) = left.next() => Occasion::Panel,
            () = sleep(retry.unwrap_or_default()), if retry.is_some() => Occasion::Time,
        }
    }

    async fn hand_over(&self) -> Outcome {
        match self.proxy.call::<_, _, ()>("RegisterStatusNotifierItem", &self.icon).await.map_err(fdo::Error::from) {
            Ok(()) => self.look().await,
            Err(fdo::Error::ServiceUnknown(_) | fdo::Error::NameHasNoOwner(_)) => Outcome::Nobody,
            Err(error) => {
                debug!(%error, "The tray refused the icon.");
                Outcome::Refused
            }
        }
    }

    /// Whether a panel is there. Watchers that are panels themselves may not say, and are.
    async fn look(&self) -> Outcome {
        match self.proxy.get_property("IsStatusNotifierHostRegistered").await {
            Ok(false) => Outcome::Nobody,
            Ok(true) | Err(_) => Outcome::Shown,
        }
    }
}
