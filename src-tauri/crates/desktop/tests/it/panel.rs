//! The smallest tray there is: it takes registrations, and asks an icon what any tray would.

use std::collections::HashMap;
use std::time::Duration;

use futures_lite::StreamExt;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::proxy::SignalStream;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, Proxy, fdo};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// Ample for a message between two threads; only a failing test waits it out.
const PATIENCE: Duration = Duration::from_secs(20);

/// What must happen shortly.
pub(crate) async fn soon<T>(event: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, event).await.expect("it happens in time")
}

struct Watcher {
    registered: UnboundedSender<String>,
    refusals: u8,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&mut self, service: &str) -> fdo::Result<()> {
        match self.refusals.checked_sub(1) {
            Some(left) => {
                self.refusals = left;
                Err(fdo::Error::Failed("still starting".to_owned()))
            }
            None => {
                self.registered.send(service.to_owned()).expect("the test listens");
                Ok(())
            }
        }
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }
}

/// A tray on the bus.
pub(crate) struct Panel {
    bus: Connection,
    icons: UnboundedReceiver<String>,
}

impl Panel {
    pub(crate) async fn start() -> Self {
        Self::refusing(0).await
    }

    /// A tray that turns the first few registrations down.
    pub(crate) async fn refusing(refusals: u8) -> Self {
        let (registered, icons) = unbounded_channel();
        let watcher = Watcher { registered, refusals };
        let bus = zbus::connection::Builder::session()
            .and_then(|bus| bus.serve_at("/StatusNotifierWatcher", watcher))
            .and_then(|bus| bus.name(WATCHER))
            .expect("the names are valid")
            .build()
            .await
            .expect("the bus is there and the name is free");
        Self { bus, icons }
    }

    pub(crate) async fn stop(self) {
        self.bus.close().await.expect("the bus is there");
    }

    /// The next icon that registers.
    pub(crate) async fn icon(&mut self) -> Icon {
        let name = soon(self.icons.recv()).await.expect("the watcher is there");
        Icon { bus: self.bus.clone(), name }
    }
}

/// An icon as a tray sees it.
pub(crate) struct Icon {
    bus: Connection,
    name: String,
}

/// One row of its menu.
pub(crate) struct Entry {
    pub(crate) id: i32,
    pub(crate) label: String,
    pub(crate) enabled: bool,
}

/// Id, properties and children of a menu.
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// Width, height and pixels.
type Pixmap = (i32, i32, Vec<u8>);

impl Icon {
    async fn item(&self) -> Proxy<'_> {
        self.proxy("/StatusNotifierItem", ITEM).await
    }

    async fn proxy(&self, path: &'static str, interface: &'static str) -> Proxy<'_> {
        zbus::proxy::Builder::new(&self.bus)
            .destination(self.name.as_str())
            .and_then(|proxy| proxy.path(path))
            .and_then(|proxy| proxy.interface(interface))
            .expect("the names are valid")
            .cache_properties(zbus::proxy::CacheProperties::No)
            .build()
            .await
            .expect("the bus is there")
    }

    pub(crate) async fn text(&self, property: &str) -> String {
        self.item().await.get_property(property).await.expect("a text")
    }

    pub(crate) async fn flag(&self, property: &str) -> bool {
        self.item().await.get_property(property).await.expect("a flag")
    }

    pub(crate) async fn pixmaps(&self) -> Vec<Pixmap> {
        let value: OwnedValue = self.item().await.get_property("IconPixmap").await.expect("icons");
        value.try_into().expect("they are pixmaps")
    }

    /// Title and description.
    pub(crate) async fn tooltip(&self) -> (String, String) {
        let value: OwnedValue = self.item().await.get_property("ToolTip").await.expect("a tooltip");
        let (_, _, title, text): (String, Vec<Pixmap>, String, String) = value.try_into().expect("it is one");
        (title, text)
    }

    pub(crate) async fn activate(&self, x: i32, y: i32) {
        self.item().await.call::<_, _, ()>("Activate", &(x, y)).await.expect("it is clicked");
    }

    pub(crate) async fn menu(&self) -> Vec<Entry> {
        let menu = self.proxy("/MenuBar", MENU).await;
        let names: [&str; 0] = [];
        let (_, layout): (u32, Layout) = menu.call("GetLayout", &(0, -1, names.as_slice())).await.expect("a menu");
        layout.2.into_iter().map(entry).collect()
    }

    pub(crate) async fn choose(&self, id: i32) {
        let menu = self.proxy("/MenuBar", MENU).await;
        let event = (id, "clicked", Value::from(0), 0_u32);
        menu.call::<_, _, ()>("Event", &event).await.expect("it is chosen");
    }

    pub(crate) async fn signals(&self) -> Signals {
        let signals = self.item().await.receive_all_signals().await.expect("the bus is there");
        Signals { signals }
    }

    /// Waits until nobody owns its name.
    pub(crate) async fn gone(&self) {
        let bus = fdo::DBusProxy::new(&self.bus).await.expect("the bus is there");
        let name = zbus::names::BusName::try_from(self.name.as_str()).expect("it is a name");
        assert!(!bus.name_has_owner(name).await.expect("the bus answers"));
    }
}

fn entry(value: OwnedValue) -> Entry {
    let (id, properties, _): Layout = value.try_into().expect("a row");
    let label = properties.get("label").map(|label| label.to_string().trim_matches('"').to_owned());
    let enabled = properties.get("enabled").is_none_or(|value| bool::try_from(value).expect("a flag"));
    Entry { id, label: label.unwrap_or_default(), enabled }
}

/// What an icon says has changed.
pub(crate) struct Signals {
    signals: SignalStream<'static>,
}

impl Signals {
    /// The name of the next change.
    pub(crate) async fn next(&mut self) -> String {
        let message = soon(self.signals.next()).await.expect("the bus is there");
        message.header().member().expect("a signal has a name").to_string()
    }
}
