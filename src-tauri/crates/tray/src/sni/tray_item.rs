//! The tray item: publishes views, reports clicks, and reconnects to the session bus.
//!
//! A desktop without a tray is not an error but a reported state: the item stays on the bus and appears when a tray
//! starts. Everything runs inside of the future that [`TrayItem::serve`] returns, without further threads or tasks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use zbus::Connection;
use zbus::connection::Builder;

use crate::icon::types::IconTheme;
use crate::sni::click::{ActivationToken, Click, ITEM_PATH, MENU_PATH};
use crate::sni::color_scheme;
use crate::sni::dbusmenu::DbusMenu;
use crate::sni::item_state::ItemState;
use crate::sni::signals::emit_changes;
use crate::sni::status_notifier_item::StatusNotifierItem;
use crate::sni::tray_host::{TrayHost, TrayHostReporter};
use crate::sni::watcher::Watcher;
use crate::view::TrayView;

/// The first and the longest wait before another attempt to connect to the bus. An attempt costs a system call, and
/// after a new login the icon should appear soon.
const RETRY_WAIT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

/// The reason that an icon is no longer served.
enum ServeEnd {
    /// The item was dropped.
    Dropped,
    /// There is no session bus, or the connection to it was lost.
    NoBus(Option<zbus::Error>),
}

/// The tray icon.
///
/// Only the latest view is kept, so that nothing accumulates if views are faster than the tray.
pub struct TrayItem {
    views: watch::Sender<TrayView>,
}

impl TrayItem {
    /// Creates an icon that is not shown until [`TrayItem::serve`] runs.
    pub fn new(view: TrayView) -> Self {
        Self { views: watch::Sender::new(view) }
    }

    /// Shows another view. An equal view sends no message.
    pub fn update(&self, view: TrayView) {
        self.views.send_if_modified(|shown| {
            let differs = *shown != view;
            *shown = view;
            differs
        });
    }

    /// Shows the icon until the item is dropped.
    ///
    /// `on_click` and `on_host` must not block. `on_host` is called once with the initial state and then after each
    /// change. Without a bus the host is absent.
    pub fn serve(
        &self,
        on_click: impl Fn(Click, Option<ActivationToken>) + Send + Sync + 'static,
        on_host: impl Fn(TrayHost) + Send + Sync + 'static,
    ) -> impl Future<Output = ()> + Send + 'static {
        let views = self.views.subscribe();
        let state = Arc::new(ItemState::new(views.borrow().clone(), Box::new(on_click)));
        serve_until_dropped(views, state, TrayHostReporter::new(on_host))
    }
}

async fn serve_until_dropped(views: watch::Receiver<TrayView>, state: Arc<ItemState>, hosts: TrayHostReporter) {
    let (shortest, longest) = RETRY_WAIT;
    let mut wait = shortest;
    while let ServeEnd::NoBus(error) = serve_on_bus(views.clone(), &state, &hosts).await {
        tracing::debug!(error = error.map(tracing::field::display), "The tray item has no session bus.");
        if hosts.report(TrayHost::Absent) {
            wait = shortest;
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => wait = (wait * 2).min(longest),
            () = wait_until_dropped(views.clone()) => return,
        }
    }
}

/// Waits until the item is dropped.
async fn wait_until_dropped(mut views: watch::Receiver<TrayView>) {
    while views.changed().await.is_ok() {}
}

/// Serves the icon while there is a bus.
async fn serve_on_bus(views: watch::Receiver<TrayView>, state: &Arc<ItemState>, hosts: &TrayHostReporter) -> ServeEnd {
    let bus = match connect(state).await {
        Ok(bus) => bus,
        Err(error) => return ServeEnd::NoBus(Some(error)),
    };
    let ended = tokio::select! {
        ended = serve_with_name(&bus, views, state, hosts) => ended,
        () = drive_connection(&bus) => ServeEnd::NoBus(None),
    };
    // Closed after the driver has ended, which would take the closing for a lost connection.
    let _ = bus.close().await;
    ended
}

/// Connects to the session bus. Item and menu are served before the connection accepts calls.
async fn connect(state: &Arc<ItemState>) -> zbus::Result<Connection> {
    Builder::session()?
        .internal_executor(false)
        .serve_at(ITEM_PATH, StatusNotifierItem(Arc::clone(state)))?
        .serve_at(MENU_PATH, DbusMenu(Arc::clone(state)))?
        .build()
        .await
}

/// Runs the tasks of the connection, which has no thread of its own.
async fn drive_connection(bus: &Connection) {
    let executor = bus.executor().clone();
    while !executor.is_empty() {
        executor.tick().await;
    }
}

async fn serve_with_name(
    bus: &Connection,
    views: watch::Receiver<TrayView>,
    state: &Arc<ItemState>,
    hosts: &TrayHostReporter,
) -> ServeEnd {
    let name = request_item_name(bus).await;
    let ended = run_item(bus, &name, views, state, hosts).await;
    // Ensures that the icon is gone when this returns. If the bus is gone, so is the icon.
    let _ = bus.release_name(name.as_str()).await;
    ended
}

async fn run_item(
    bus: &Connection,
    name: &str,
    views: watch::Receiver<TrayView>,
    state: &Arc<ItemState>,
    hosts: &TrayHostReporter,
) -> ServeEnd {
    let themes = watch::Sender::new(IconTheme::Light);
    let watcher = match Watcher::connect(bus, name).await {
        Ok(watcher) => watcher,
        Err(error) => return ServeEnd::NoBus(Some(error)),
    };
    tokio::select! {
        published = publish_views(bus, views, themes.subscribe(), state) => match published {
            Ok(()) => ServeEnd::Dropped,
            Err(error) => ServeEnd::NoBus(Some(error)),
        },
        () = watcher.keep_registered(hosts) => ServeEnd::NoBus(None),
        () = color_scheme::follow_theme(bus, &themes) => ServeEnd::NoBus(None),
    }
}

/// Requests the well-known name of an item. Returns the connection's own name if a sandbox does not allow that.
async fn request_item_name(bus: &Connection) -> String {
    static ITEMS: AtomicU32 = AtomicU32::new(1);
    let number = ITEMS.fetch_add(1, Ordering::Relaxed);
    let name = format!("org.kde.StatusNotifierItem-{}-{number}", std::process::id());
    match (bus.request_name(name.as_str()).await, bus.unique_name()) {
        (Err(error), Some(unique)) => {
            tracing::debug!(%error, "The bus did not grant the item's name.");
            unique.to_string()
        }
        (Ok(()), _) | (Err(_), None) => name,
    }
}

/// Publishes each view in the panel's theme, until the item is dropped. A view is published again when a change of its
/// tooltip was held back.
async fn publish_views(
    bus: &Connection,
    mut views: watch::Receiver<TrayView>,
    mut themes: watch::Receiver<IconTheme>,
    state: &ItemState,
) -> zbus::Result<()> {
    loop {
        tokio::select! {
            changed = views.changed() => if changed.is_err() { return Ok(()) },
            Ok(()) = themes.changed() => {}
            () = wait_until(state.tooltip_due()) => {}
        }
        let mut view = views.borrow_and_update().clone();
        view.icon.theme = *themes.borrow_and_update();
        emit_changes(state.show(view, Instant::now()), bus).await?;
    }
}

/// Waits until a time, or forever if there is none.
async fn wait_until(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time.into()).await,
        None => std::future::pending().await,
    }
}
