//! The smallest tray there is: it takes registrations, and asks an icon what any tray would.

use std::collections::HashMap;
use std::time::Duration;

use futures_lite::StreamExt;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::fdo::RequestNameFlags;
use zbus::object_server::SignalEmitter;
use zbus::proxy::SignalStream;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, Proxy, fdo};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_PATH: &str = "/StatusNotifierWatcher";
const PORTAL_PATH: &str = "/org/freedesktop/portal/desktop";
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
    has_panel: bool,
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
        self.has_panel
    }

    #[zbus(signal)]
    async fn status_notifier_host_registered(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}

/// The desktop's settings, of which an icon asks one.
struct Portal {
    scheme: u32,
}

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Portal {
    fn read(&self, namespace: &str, key: &str) -> fdo::Result<Value<'static>> {
        match (namespace, key) {
            ("org.freedesktop.appearance", "color-scheme") => Ok(Value::Value(Box::new(Value::U32(self.scheme)))),
            _ => Err(fdo::Error::Failed("no such setting".to_owned())),
        }
    }

    #[zbus(signal)]
    async fn setting_changed(
        emitter: &SignalEmitter<'_>,
        namespace: &str,
        key: &str,
        value: Value<'_>,
    ) -> zbus::Result<()>;
}

/// A desktop's settings on the bus.
pub(crate) struct Settings {
    bus: Connection,
}

impl Settings {
    /// With this preference of colours: 2 for light ones.
    pub(crate) async fn start(scheme: u32) -> Self {
        let bus = zbus::connection::Builder::session()
            .and_then(|bus| bus.serve_at(PORTAL_PATH, Portal { scheme }))
            .and_then(|bus| bus.name("org.freedesktop.portal.Desktop"))
            .expect("the names are valid")
            .build()
            .await
            .expect("the bus is there and the name is free");
        Self { bus }
    }

    pub(crate) async fn change(&self, scheme: u32) {
        let portal = self.bus.object_server().interface::<_, Portal>(PORTAL_PATH).await.expect("it is served");
        portal.get_mut().await.scheme = scheme;
        let (namespace, key) = ("org.freedesktop.appearance", "color-scheme");
        Portal::setting_changed(portal.signal_emitter(), namespace, key, Value::U32(scheme))
            .await
            .expect("the bus is there");
    }
}

/// A tray on the bus.
pub(crate) struct Panel {
    bus: Connection,
    icons: UnboundedReceiver<String>,
}

impl Panel {
    pub(crate) async fn start() -> Self {
        Self::with(0, true).await
    }

    /// A tray that turns the first few registrations down.
    pub(crate) async fn refusing(refusals: u8) -> Self {
        Self::with(refusals, true).await
    }

    /// A watcher without a panel: it takes icons and shows none.
    pub(crate) async fn without_a_panel() -> Self {
        Self::with(0, false).await
    }

    async fn with(refusals: u8, has_panel: bool) -> Self {
        let (registered, icons) = unbounded_channel();
        let watcher = Watcher { registered, refusals, has_panel };
        let bus = zbus::connection::Builder::session()
            .and_then(|bus| bus.serve_at(WATCHER_PATH, watcher))
            .expect("the names are valid")
            .build()
            .await
            .expect("the bus is there");
        // Where there is a tray already this one waits for its turn.
        bus.request_name_with_flags(WATCHER, RequestNameFlags::AllowReplacement.into())
            .await
            .expect("the bus is there");
        Self { bus, icons }
    }

    /// A panel comes to a watcher that had none.
    pub(crate) async fn panel_comes(&self) {
        let watcher = self.bus.object_server().interface::<_, Watcher>(WATCHER_PATH).await.expect("it is served");
        watcher.get_mut().await.has_panel = true;
        Watcher::status_notifier_host_registered(watcher.signal_emitter()).await.expect("the bus is there");
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
    /// Whether it is marked; none where it cannot be.
    pub(crate) checked: Option<bool>,
    pub(crate) rows: Vec<Entry>,
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

    /// A text as another tray on the bus reads it.
    pub(crate) async fn text_read_by(&self, other: &Panel, property: &str) -> String {
        Self { bus: other.bus.clone(), name: self.name.clone() }.text(property).await
    }

    pub(crate) async fn allow_a_window(&self, token: &str) {
        self.item().await.call::<_, _, ()>("ProvideXdgActivationToken", &token).await.expect("it is taken");
    }

    /// The same click by another button, or a wish for a menu.
    pub(crate) async fn click(&self, method: &str, x: i32, y: i32) {
        self.item().await.call::<_, _, ()>(method, &(x, y)).await.expect("it is clicked");
    }

    pub(crate) async fn menu(&self) -> Vec<Entry> {
        self.layout(-1).await.1
    }

    /// The number of the menu's layout and so many levels of its rows.
    pub(crate) async fn layout(&self, depth: i32) -> (u32, Vec<Entry>) {
        let menu = self.proxy("/MenuBar", MENU).await;
        let names: [&str; 0] = [];
        let (revision, layout): (u32, Layout) =
            menu.call("GetLayout", &(0, depth, names.as_slice())).await.expect("a menu");
        (revision, layout.2.into_iter().map(entry).collect())
    }

    pub(crate) async fn choose(&self, id: i32) {
        let menu = self.proxy("/MenuBar", MENU).await;
        let event = (id, "clicked", Value::from(0), 0_u32);
        menu.call::<_, _, ()>("Event", &event).await.expect("it is chosen");
    }

    /// The same in a group; returns the rows that are not there.
    pub(crate) async fn choose_all(&self, ids: &[i32]) -> Vec<i32> {
        let menu = self.proxy("/MenuBar", MENU).await;
        let events: Vec<_> = ids.iter().map(|id| (*id, "clicked", Value::from(0), 0_u32)).collect();
        menu.call("EventGroup", &events).await.expect("they are chosen")
    }

    /// One property of some rows, by their numbers.
    pub(crate) async fn property_of(&self, ids: &[i32], name: &str) -> HashMap<i32, OwnedValue> {
        let menu = self.proxy("/MenuBar", MENU).await;
        let rows: Vec<(i32, HashMap<String, OwnedValue>)> =
            menu.call("GetGroupProperties", &(ids, [name].as_slice())).await.expect("properties");
        rows.into_iter().filter_map(|(id, mut properties)| Some((id, properties.remove(name)?))).collect()
    }

    /// What the menu says has changed.
    pub(crate) async fn menu_signals(&self) -> Signals {
        let signals = self.proxy("/MenuBar", MENU).await.receive_all_signals().await.expect("the bus is there");
        Signals { signals }
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
    let (id, properties, rows): Layout = value.try_into().expect("a row");
    let label = properties.get("label").map(|label| label.to_string().trim_matches('"').to_owned());
    let enabled = properties.get("enabled").is_none_or(|value| bool::try_from(value).expect("a flag"));
    let checked = properties.get("toggle-state").map(|value| i32::try_from(value).expect("a number") == 1);
    let rows = rows.into_iter().map(entry).collect();
    Entry { id, label: label.unwrap_or_default(), enabled, checked, rows }
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

    /// The next change with what it says.
    pub(crate) async fn next_with<T: for<'m> zbus::zvariant::DynamicDeserialize<'m>>(&mut self) -> (String, T) {
        let message = soon(self.signals.next()).await.expect("the bus is there");
        let name = message.header().member().expect("a signal has a name").to_string();
        (name, message.body().deserialize().expect("it says this"))
    }
}
