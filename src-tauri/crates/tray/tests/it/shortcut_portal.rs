//! The shortcut on a Wayland desktop, through a portal on a private bus.

use std::collections::HashMap;

use token_monitor_tray::{PopoverShortcut, ShortcutEvent};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, interface};

use crate::private_bus::run_on_private_bus_with;
use crate::tray_host::within_timeout;

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PORTAL_PATH: &str = "/org/freedesktop/portal/desktop";

/// The session of a Wayland desktop.
const WAYLAND: [(&str, &str); 1] = [("WAYLAND_DISPLAY", "wayland-0")];

/// The result of a request to which the user has agreed.
const AGREED: u32 = 0;

/// The result of a request that the user has cancelled.
const CANCELLED: u32 = 1;

type Options = HashMap<String, OwnedValue>;

/// The portal for shortcuts of a desktop whose user gives the same answer to each question.
struct ShortcutsPortal {
    answer: u32,
    bound: UnboundedSender<(String, String)>,
}

#[interface(name = "org.freedesktop.portal.GlobalShortcuts")]
impl ShortcutsPortal {
    async fn create_session(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] bus: &Connection,
        options: Options,
    ) -> OwnedObjectPath {
        let session = client_path("session", &header, &options, "session_handle_token");
        let results = HashMap::from([("session_handle", Value::from(session.to_string()))]);
        respond(bus, &client_path("request", &header, &options, "handle_token"), AGREED, results).await
    }

    async fn bind_shortcuts(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] bus: &Connection,
        _session: ObjectPath<'_>,
        shortcuts: Vec<(String, Options)>,
        _parent_window: &str,
        options: Options,
    ) -> OwnedObjectPath {
        for (id, properties) in shortcuts {
            let trigger = String::try_from(properties["preferred_trigger"].clone()).expect("a trigger is text");
            self.bound.send((id, trigger)).expect("the test receives");
        }
        let results = HashMap::from([("shortcuts", Value::from(Vec::<(String, HashMap<String, Value<'_>>)>::new()))]);
        respond(bus, &client_path("request", &header, &options, "handle_token"), self.answer, results).await
    }

    #[zbus(signal)]
    async fn activated(
        emitter: &SignalEmitter<'_>,
        session: ObjectPath<'_>,
        id: &str,
        timestamp: u64,
        options: HashMap<&str, Value<'_>>,
    ) -> zbus::Result<()>;

    #[zbus(property, name = "version")]
    fn version(&self) -> u32 {
        1
    }
}

/// Returns the path of an object that belongs to the caller, as the portals define it.
fn client_path(kind: &str, header: &Header<'_>, options: &Options, token: &str) -> OwnedObjectPath {
    let sender = header.sender().expect("a bus names the sender").trim_start_matches(':').replace('.', "_");
    let token = String::try_from(options[token].clone()).expect("a token is text");
    OwnedObjectPath::try_from(format!("{PORTAL_PATH}/{kind}/{sender}/{token}")).expect("the path is valid")
}

async fn respond(
    bus: &Connection,
    request: &OwnedObjectPath,
    answer: u32,
    results: HashMap<&str, Value<'_>>,
) -> OwnedObjectPath {
    bus.emit_signal(None::<&str>, request, "org.freedesktop.portal.Request", "Response", &(answer, results))
        .await
        .expect("the bus is there");
    request.clone()
}

async fn start_portal(answer: u32) -> (Connection, UnboundedReceiver<(String, String)>) {
    let (bound, receiver) = unbounded_channel();
    let bus = zbus::connection::Builder::session()
        .and_then(|bus| bus.serve_at(PORTAL_PATH, ShortcutsPortal { answer, bound }))
        .and_then(|bus| bus.name(PORTAL))
        .expect("the names are valid")
        .build()
        .await
        .expect("the bus is there");
    (bus, receiver)
}

fn set_shortcut(text: &str) -> (PopoverShortcut, UnboundedReceiver<ShortcutEvent>) {
    let (sender, events) = unbounded_channel();
    let mut shortcut = PopoverShortcut::new(move |event| drop(sender.send(event)));
    shortcut.set(Some(text.parse().expect("it is a shortcut")));
    (shortcut, events)
}

async fn press(bus: &Connection, id: &str) {
    let portal = bus.object_server().interface::<_, ShortcutsPortal>(PORTAL_PATH).await.expect("it is served");
    let session = ObjectPath::try_from("/org/freedesktop/portal/desktop/session/x").expect("the path is valid");
    ShortcutsPortal::activated(portal.signal_emitter(), session, id, 1, HashMap::new())
        .await
        .expect("the bus is there");
}

#[test]
fn the_portal_gets_the_shortcut_and_reports_presses() {
    let name = "shortcut_portal::the_portal_gets_the_shortcut_and_reports_presses";
    run_on_private_bus_with(name, &WAYLAND, async {
        let (bus, mut bound) = start_portal(AGREED).await;
        let (_shortcut, mut events) = set_shortcut("Ctrl+Alt+T");
        let expected = ("toggle-popover".to_owned(), "CTRL+ALT+t".to_owned());
        assert_eq!(within_timeout(bound.recv()).await, Some(expected));
        assert_eq!(within_timeout(events.recv()).await, Some(ShortcutEvent::Available));
        press(&bus, "of-another-program").await;
        press(&bus, "toggle-popover").await;
        assert_eq!(within_timeout(events.recv()).await, Some(ShortcutEvent::Pressed));
        assert!(events.try_recv().is_err(), "the other press was not ours");
    });
}

#[test]
fn a_refusal_of_the_user_is_said() {
    run_on_private_bus_with("shortcut_portal::a_refusal_of_the_user_is_said", &WAYLAND, async {
        let (_bus, _bound) = start_portal(CANCELLED).await;
        let (_shortcut, mut events) = set_shortcut("Super+F2");
        let sentence = "The shortcut Super+F2 is not available: the desktop has refused it.".to_owned();
        assert_eq!(within_timeout(events.recv()).await, Some(ShortcutEvent::Unavailable(sentence)));
    });
}

#[test]
fn a_desktop_without_a_portal_is_said() {
    run_on_private_bus_with("shortcut_portal::a_desktop_without_a_portal_is_said", &WAYLAND, async {
        let (mut shortcut, mut events) = set_shortcut("Super+F2");
        let sentence =
            "The shortcut Super+F2 is not available: this desktop does not let programs register shortcuts.".to_owned();
        assert_eq!(within_timeout(events.recv()).await, Some(ShortcutEvent::Unavailable(sentence)));
        shortcut.set(None);
        assert_eq!(within_timeout(events.recv()).await, Some(ShortcutEvent::Available), "none is wanted");
    });
}
