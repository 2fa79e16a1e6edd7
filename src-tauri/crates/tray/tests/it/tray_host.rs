//! A minimal tray for tests: it accepts registrations and sends an icon the requests of a panel.

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

/// The longest wait for an event. Only failing tests reach it.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Awaits an event, and panics after the timeout.
pub(crate) async fn within_timeout<T>(event: impl Future<Output = T>) -> T {
    tokio::time::timeout(TIMEOUT, event).await.expect("the event happens in time")
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
                self.registered.send(service.to_owned()).expect("the test receives");
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

/// The settings portal with the one setting that an icon reads.
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

/// A settings portal on the bus.
pub(crate) struct SettingsPortal {
    bus: Connection,
}

impl SettingsPortal {
    /// Starts a portal with a color scheme: 2 for light colors.
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

    pub(crate) async fn set_color_scheme(&self, scheme: u32) {
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
        Self::start_with(0, true).await
    }

    /// Starts a tray that refuses the first registrations.
    pub(crate) async fn start_refusing(refusals: u8) -> Self {
        Self::start_with(refusals, true).await
    }

    /// Starts a watcher without a panel, which accepts icons and shows none.
    pub(crate) async fn start_without_panel() -> Self {
        Self::start_with(0, false).await
    }

    async fn start_with(refusals: u8, has_panel: bool) -> Self {
        let (registered, icons) = unbounded_channel();
        let watcher = Watcher { registered, refusals, has_panel };
        let bus = zbus::connection::Builder::session()
            .and_then(|bus| bus.serve_at(WATCHER_PATH, watcher))
            .expect("the names are valid")
            .build()
            .await
            .expect("the bus is there");
        // If there is another tray, this one waits in the queue for the name.
        bus.request_name_with_flags(WATCHER, RequestNameFlags::AllowReplacement.into())
            .await
            .expect("the bus is there");
        Self { bus, icons }
    }

    /// Registers a panel with a watcher that had none.
    pub(crate) async fn register_panel(&self) {
        let watcher = self.bus.object_server().interface::<_, Watcher>(WATCHER_PATH).await.expect("it is served");
        watcher.get_mut().await.has_panel = true;
        Watcher::status_notifier_host_registered(watcher.signal_emitter()).await.expect("the bus is there");
    }

    pub(crate) async fn stop(self) {
        self.bus.close().await.expect("the bus is there");
    }

    /// Waits for the next registered icon.
    pub(crate) async fn next_icon(&mut self) -> Icon {
        let name = within_timeout(self.icons.recv()).await.expect("the watcher is there");
        Icon { bus: self.bus.clone(), name }
    }
}

/// The client of an icon, as in a tray.
pub(crate) struct Icon {
    bus: Connection,
    name: String,
}

/// An item of the menu.
pub(crate) struct Entry {
    pub(crate) id: i32,
    pub(crate) label: String,
    pub(crate) enabled: bool,
    /// True if the item is checked; `None` if it is not a check item.
    pub(crate) checked: Option<bool>,
    pub(crate) rows: Vec<Entry>,
}

/// The id, properties and children of a menu item.
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// The width, height and pixels of an image.
type Pixmap = (i32, i32, Vec<u8>);

impl Icon {
    async fn item_proxy(&self) -> Proxy<'_> {
        self.build_proxy("/StatusNotifierItem", ITEM).await
    }

    async fn build_proxy(&self, path: &'static str, interface: &'static str) -> Proxy<'_> {
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

    pub(crate) async fn text_property(&self, property: &str) -> String {
        self.item_proxy().await.get_property(property).await.expect("a text")
    }

    pub(crate) async fn bool_property(&self, property: &str) -> bool {
        self.item_proxy().await.get_property(property).await.expect("a flag")
    }

    pub(crate) async fn icon_pixmaps(&self) -> Vec<Pixmap> {
        let value: OwnedValue = self.item_proxy().await.get_property("IconPixmap").await.expect("icons");
        value.try_into().expect("they are pixmaps")
    }

    /// Returns title and description.
    pub(crate) async fn tooltip(&self) -> (String, String) {
        let value: OwnedValue = self.item_proxy().await.get_property("ToolTip").await.expect("a tooltip");
        let (_, _, title, text): (String, Vec<Pixmap>, String, String) =
            value.try_into().expect("the value is a tooltip");
        (title, text)
    }

    /// Reads a text property on the connection of another tray.
    pub(crate) async fn text_property_read_by(&self, other: &Panel, property: &str) -> String {
        Self { bus: other.bus.clone(), name: self.name.clone() }.text_property(property).await
    }

    pub(crate) async fn send_activation_token(&self, token: &str) {
        self.item_proxy().await.call::<_, _, ()>("ProvideXdgActivationToken", &token).await.expect("it is taken");
    }

    /// Calls a click method of the item.
    pub(crate) async fn click(&self, method: &str, x: i32, y: i32) {
        self.item_proxy().await.call::<_, _, ()>(method, &(x, y)).await.expect("it is clicked");
    }

    pub(crate) async fn menu(&self) -> Vec<Entry> {
        self.menu_layout(-1).await.1
    }

    /// Returns the number of the menu's layout, and its items up to a depth.
    pub(crate) async fn menu_layout(&self, depth: i32) -> (u32, Vec<Entry>) {
        let menu = self.build_proxy("/MenuBar", MENU).await;
        let names: [&str; 0] = [];
        let (revision, layout): (u32, Layout) =
            menu.call("GetLayout", &(0, depth, names.as_slice())).await.expect("a menu");
        (revision, layout.2.into_iter().map(parse_entry).collect())
    }

    pub(crate) async fn select(&self, id: i32) {
        let menu = self.build_proxy("/MenuBar", MENU).await;
        let event = (id, "clicked", Value::from(0), 0_u32);
        menu.call::<_, _, ()>("Event", &event).await.expect("the event is handled");
    }

    /// Selects several items at once. Returns the unknown ids.
    pub(crate) async fn select_all(&self, ids: &[i32]) -> Vec<i32> {
        let menu = self.build_proxy("/MenuBar", MENU).await;
        let events: Vec<_> = ids.iter().map(|id| (*id, "clicked", Value::from(0), 0_u32)).collect();
        menu.call("EventGroup", &events).await.expect("the events are handled")
    }

    /// Returns a property of some items by their ids.
    pub(crate) async fn menu_property(&self, ids: &[i32], name: &str) -> HashMap<i32, OwnedValue> {
        let menu = self.build_proxy("/MenuBar", MENU).await;
        let rows: Vec<(i32, HashMap<String, OwnedValue>)> =
            menu.call("GetGroupProperties", &(ids, [name].as_slice())).await.expect("properties");
        rows.into_iter().filter_map(|(id, mut properties)| Some((id, properties.remove(name)?))).collect()
    }

    /// Subscribes to the signals of the menu.
    pub(crate) async fn menu_signals(&self) -> Signals {
        let signals = self.build_proxy("/MenuBar", MENU).await.receive_all_signals().await.expect("the bus is there");
        Signals { signals }
    }

    pub(crate) async fn signals(&self) -> Signals {
        let signals = self.item_proxy().await.receive_all_signals().await.expect("the bus is there");
        Signals { signals }
    }

    /// Asserts that the item's bus name has no owner.
    pub(crate) async fn assert_gone(&self) {
        let bus = fdo::DBusProxy::new(&self.bus).await.expect("the bus is there");
        let name = zbus::names::BusName::try_from(self.name.as_str()).expect("it is a name");
        assert!(!bus.name_has_owner(name).await.expect("the bus answers"));
    }
}

fn parse_entry(value: OwnedValue) -> Entry {
    let (id, properties, rows): Layout = value.try_into().expect("a row");
    let label = properties.get("label").map(|label| label.to_string().trim_matches('"').to_owned());
    let enabled = properties.get("enabled").is_none_or(|value| bool::try_from(value).expect("a flag"));
    let checked = properties.get("toggle-state").map(|value| i32::try_from(value).expect("a number") == 1);
    let rows = rows.into_iter().map(parse_entry).collect();
    Entry { id, label: label.unwrap_or_default(), enabled, checked, rows }
}

/// The signals of an icon.
pub(crate) struct Signals {
    signals: SignalStream<'static>,
}

impl Signals {
    /// Returns the name of the next signal.
    pub(crate) async fn next(&mut self) -> String {
        let message = within_timeout(self.signals.next()).await.expect("the bus is there");
        message.header().member().expect("a signal has a name").to_string()
    }

    /// Returns the name and the body of the next signal.
    pub(crate) async fn next_with<T: for<'m> zbus::zvariant::DynamicDeserialize<'m>>(&mut self) -> (String, T) {
        let message = within_timeout(self.signals.next()).await.expect("the bus is there");
        let name = message.header().member().expect("a signal has a name").to_string();
        (name, message.body().deserialize().expect("the body has this type"))
    }
}
