//! The tray icon on Linux: a `StatusNotifierItem` on the session bus, and its menu beside it.
//!
//! Shows views and hands clicks back; it decides nothing. A desktop without a tray is no error but a fact to
//! report: the item waits on the bus and appears when a tray does. So is a session without a bus, and a bus that goes
//! away: it is looked for again. Everything runs inside the one future that [`Item::serve`] returns, without a thread
//! or a task of its own: when that ends, all of it has ended.

mod color_scheme;
mod dbusmenu;
mod item_state;
mod menu;
mod status_notifier_item;
mod tray_host;
mod watcher;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use zbus::Connection;
use zbus::connection::Builder;

use crate::icon::spec::Ink;
use crate::menu::Choice;
use crate::sni::dbusmenu::DbusMenu;
use crate::sni::item_state::Stage;
use crate::sni::status_notifier_item::StatusNotifierItem;
use crate::sni::tray_host::Presence;
use crate::sni::watcher::Watcher;
use crate::view::TrayView;

pub use crate::sni::tray_host::Host;

/// Where every item has its two faces; both paths are what other items use.
const ITEM_PATH: &str = "/StatusNotifierItem";
const MENU_PATH: &str = "/MenuBar";

/// First and longest wait before a bus that is not there is looked for again. Trying costs a call to the system, and
/// a user who logs in again wants the icon soon.
const RETRY: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

/// What somebody did with the icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Click {
    /// Clicked it, here on the screen as far as the tray tells; all zero where it does not.
    Activate {
        /// Rightwards, in the tray's pixels.
        x: i32,
        /// Downwards, in the tray's pixels.
        y: i32,
    },
    /// Chose something from the menu.
    Choose(Choice),
}

/// What a compositor gives with a click, so that the window opened for it may have the focus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivationToken(pub String);

/// Why an icon is no longer shown.
enum End {
    /// The item was dropped.
    Dropped,
    /// There is no session bus to put it on, or it went away.
    NoBus(Option<zbus::Error>),
}

/// The tray icon, and the way to change it.
///
/// Only the latest view is kept: however fast views come and however slow the tray is, nothing piles up.
pub struct Item {
    views: watch::Sender<TrayView>,
}

impl Item {
    /// An icon not shown yet; see [`Item::serve`].
    pub fn new(view: TrayView) -> Self {
        Self { views: watch::Sender::new(view) }
    }

    /// Shows another view. An equal one costs a comparison and no message.
    pub fn update(&self, view: TrayView) {
        self.views.send_if_modified(|shown| {
            let differs = *shown != view;
            *shown = view;
            differs
        });
    }

    /// Shows the icon until the item is dropped.
    ///
    /// `on_click` and `on_host` must not block. `on_host` is told once where it stands, then whenever that changes;
    /// without a bus nobody shows it.
    pub fn serve(
        &self,
        on_click: impl Fn(Click, Option<ActivationToken>) + Send + Sync + 'static,
        on_host: impl Fn(Host) + Send + Sync + 'static,
    ) -> impl Future<Output = ()> + Send + 'static {
        let views = self.views.subscribe();
        let stage = Arc::new(Stage::new(views.borrow().clone(), Box::new(on_click)));
        serve(views, stage, Presence::new(on_host))
    }
}

async fn serve(views: watch::Receiver<TrayView>, stage: Arc<Stage>, presence: Presence) {
    let (shortest, longest) = RETRY;
    let mut wait = shortest;
    while let End::NoBus(error) = once(views.clone(), &stage, &presence).await {
        tracing::debug!(error = error.map(tracing::field::display), "The icon has no session bus.");
        if presence.holds(Host::Absent) {
            wait = shortest;
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => wait = (wait * 2).min(longest),
            () = dropped(views.clone()) => return,
        }
    }
}

/// Waits until nobody has views to show any more.
async fn dropped(mut views: watch::Receiver<TrayView>) {
    while views.changed().await.is_ok() {}
}

/// Shows the icon for as long as there is a bus.
async fn once(views: watch::Receiver<TrayView>, stage: &Arc<Stage>, presence: &Presence) -> End {
    let bus = match connect(stage).await {
        Ok(bus) => bus,
        Err(error) => return End::NoBus(Some(error)),
    };
    let ended = tokio::select! {
        ended = live(&bus, views, stage, presence) => ended,
        () = drive(&bus) => End::NoBus(None),
    };
    // Not before the driver is gone: a connection that is being closed looks to it like one that was lost.
    let _ = bus.close().await;
    ended
}

/// Both faces are on the bus before anybody can ask for them.
async fn connect(stage: &Arc<Stage>) -> zbus::Result<Connection> {
    Builder::session()?
        .internal_executor(false)
        .serve_at(ITEM_PATH, StatusNotifierItem(Arc::clone(stage)))?
        .serve_at(MENU_PATH, DbusMenu(Arc::clone(stage)))?
        .build()
        .await
}

/// Runs what the connection has to do: it has no thread of its own.
async fn drive(bus: &Connection) {
    let executor = bus.executor().clone();
    while !executor.is_empty() {
        executor.tick().await;
    }
}

async fn live(bus: &Connection, views: watch::Receiver<TrayView>, stage: &Arc<Stage>, presence: &Presence) -> End {
    let name = take_name(bus).await;
    let ended = show(bus, &name, views, stage, presence).await;
    // Makes sure that the icon is gone when this returns; a bus that is gone took it along.
    let _ = bus.release_name(name.as_str()).await;
    ended
}

async fn show(
    bus: &Connection,
    name: &str,
    views: watch::Receiver<TrayView>,
    stage: &Arc<Stage>,
    presence: &Presence,
) -> End {
    let inks = watch::Sender::new(Ink::Light);
    let watcher = match Watcher::of(bus, name).await {
        Ok(watcher) => watcher,
        Err(error) => return End::NoBus(Some(error)),
    };
    tokio::select! {
        performed = perform(bus, views, inks.subscribe(), stage) => performed.err().map_or(End::Dropped, |error| End::NoBus(Some(error))),
        () = watcher.attend(presence) => End::NoBus(None),
        () = color_scheme::follow(bus, &inks) => End::NoBus(None),
    }
}

/// The name items are known by; the connection's own where a sandbox does not allow it.
async fn take_name(bus: &Connection) -> String {
    static ITEMS: AtomicU32 = AtomicU32::new(1);
    let number = ITEMS.fetch_add(1, Ordering::Relaxed);
    let name = format!("org.kde.StatusNotifierItem-{}-{number}", std::process::id());
    match (bus.request_name(name.as_str()).await, bus.unique_name()) {
        (Err(error), Some(unique)) => {
            tracing::debug!(%error, "The bus does not allow the icon its name.");
            unique.to_string()
        }
        (Ok(()), _) | (Err(_), None) => name,
    }
}

/// Shows each view in the panel's ink, until the item is dropped.
async fn perform(
    bus: &Connection,
    mut views: watch::Receiver<TrayView>,
    mut inks: watch::Receiver<Ink>,
    stage: &Stage,
) -> zbus::Result<()> {
    loop {
        tokio::select! {
            changed = views.changed() => if changed.is_err() { return Ok(()) },
            Ok(()) = inks.changed() => {}
        }
        let mut view = views.borrow_and_update().clone();
        view.picture.ink = *inks.borrow_and_update();
        stage.show(view).tell(bus).await?;
    }
}
