//! Determines whether the desktop has a tray, for a program that shows no icon itself.

use std::time::Duration;

use zbus::connection::Builder;
use zbus::proxy::{self, CacheProperties};
use zbus::{Connection, Proxy};

use crate::sni::watcher::{WATCHER, WATCHER_PATH};

/// The longest wait for an answer of the desktop. A process that does not answer shows no icon either.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// The kind of tray of a desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraySupport {
    /// A tray shows icons.
    Tray,
    /// There is a session bus, but no tray.
    NoTray,
    /// There is no session bus, over which icons are shown.
    NoBus,
}

impl TraySupport {
    /// Asks the desktop. Takes a few milliseconds, and at most a few seconds.
    pub fn detect() -> Self {
        futures_lite::future::block_on(async {
            match connect().await {
                Ok(bus) => {
                    if has_tray(&bus).await {
                        Self::Tray
                    } else {
                        Self::NoTray
                    }
                }
                Err(error) => {
                    tracing::debug!(%error, "There is no session bus.");
                    Self::NoBus
                }
            }
        })
    }
}

async fn connect() -> zbus::Result<Connection> {
    Builder::session()?.method_timeout(ANSWER_TIMEOUT).build().await
}

/// Returns true if a watcher runs and has a panel. A watcher without this property is a panel itself.
async fn has_tray(bus: &Connection) -> bool {
    let Ok(desktop) = zbus::fdo::DBusProxy::new(bus).await else { return false };
    let Ok(name) = WATCHER.try_into() else { return false };
    if !desktop.name_has_owner(name).await.unwrap_or(false) {
        return false;
    }
    match watcher(bus).await {
        Ok(watcher) => watcher.get_property("IsStatusNotifierHostRegistered").await.unwrap_or(true),
        Err(_) => false,
    }
}

async fn watcher(bus: &Connection) -> zbus::Result<Proxy<'_>> {
    let builder: proxy::Builder<'_, Proxy<'_>> = proxy::Builder::new(bus);
    builder
        .destination(WATCHER)?
        .path(WATCHER_PATH)?
        .interface(WATCHER)?
        .cache_properties(CacheProperties::No)
        .build()
        .await
}
