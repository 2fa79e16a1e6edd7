//! The smallest notification service there is, in every mood a desktop's own may be in.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;

use futures_lite::StreamExt;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::zvariant::OwnedValue;
use zbus::{Connection, fdo};

use crate::panel::soon;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// What a service can do where it can do all that matters here.
pub(crate) const ALL: &[&str] = &["actions", "body", "body-markup", "persistence"];

/// How a service takes a notification.
#[derive(Clone)]
pub(crate) enum Mood {
    /// Shows it.
    Fine,
    /// Never answers.
    Hangs,
    /// Hangs on the first question already.
    HangsAtOnce,
    /// Leaves the bus without an answer.
    Dies,
    /// Wants none.
    Refuses,
    /// Answers once there is a permit.
    Waits(Arc<Semaphore>),
}

/// The arguments of `Notify`.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) app: String,
    pub(crate) replaces: u32,
    pub(crate) icon: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) actions: Vec<String>,
    pub(crate) hints: HashMap<String, OwnedValue>,
    pub(crate) time: i32,
    /// The connection that sent it.
    pub(crate) sender: String,
    /// The number it was given, or would have been.
    pub(crate) id: u32,
}

struct Notifications {
    can: &'static [&'static str],
    mood: Mood,
    last: u32,
    told: UnboundedSender<Letter>,
    asked: UnboundedSender<()>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    async fn get_capabilities(&self) -> Vec<&'static str> {
        self.asked.send(()).expect("the test listens");
        if matches!(self.mood, Mood::HangsAtOnce) {
            pending::<()>().await;
        }
        self.can.to_vec()
    }

    #[expect(clippy::too_many_arguments, reason = "the specification has it so")]
    async fn notify(
        &mut self,
        app: String,
        replaces: u32,
        icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        time: i32,
        #[zbus(header)] header: zbus::message::Header<'_>,
        #[zbus(connection)] bus: &Connection,
    ) -> fdo::Result<u32> {
        let id = if replaces == 0 { self.last + 1 } else { replaces };
        self.last = self.last.max(id);
        let sender = header.sender().expect("the bus adds it").to_string();
        let letter = Letter { app, replaces, icon, title, body, actions, hints, time, sender, id };
        self.told.send(letter).expect("the test listens");
        match &self.mood {
            Mood::Fine => Ok(id),
            Mood::Hangs | Mood::HangsAtOnce => pending().await,
            Mood::Dies => {
                bus.clone().close().await.expect("it was open");
                pending().await
            }
            Mood::Refuses => Err(fdo::Error::LimitsExceeded("too many".to_owned())),
            Mood::Waits(permits) => {
                permits.acquire().await.expect("it is never closed").forget();
                Ok(id)
            }
        }
    }
}

/// A notification service on the bus.
pub(crate) struct Service {
    bus: Connection,
    letters: UnboundedReceiver<Letter>,
    asked: UnboundedReceiver<()>,
}

impl Service {
    pub(crate) async fn start(mood: Mood) -> Self {
        Self::that_can(ALL, mood).await
    }

    /// One with these capabilities. It counts from 1, as each service does.
    pub(crate) async fn that_can(can: &'static [&'static str], mood: Mood) -> Self {
        let ((told, letters), (asked, questions)) = (unbounded_channel(), unbounded_channel());
        let notifications = Notifications { can, mood, last: 0, told, asked };
        let bus = zbus::connection::Builder::session()
            .and_then(|bus| bus.serve_at(PATH, notifications))
            .and_then(|bus| bus.name(NAME))
            .expect("the names are valid")
            .build()
            .await
            .expect("the bus is there and the name is free");
        Self { bus, letters, asked: questions }
    }

    /// What comes next.
    pub(crate) async fn letter(&mut self) -> Letter {
        soon(self.letters.recv()).await.expect("the service is there")
    }

    /// How often it was asked what it can do, so far.
    pub(crate) fn times_asked(&mut self) -> usize {
        std::iter::from_fn(|| self.asked.try_recv().ok()).count()
    }

    /// Somebody clicks.
    pub(crate) async fn click(&self, id: u32, key: &str) {
        self.signal("ActionInvoked", &(id, key)).await;
    }

    /// What comes before a click, on desktops that say who may take the focus.
    pub(crate) async fn entitle(&self, id: u32, token: &str) {
        self.signal("ActivationToken", &(id, token)).await;
    }

    /// It is gone from the screen.
    pub(crate) async fn take_away(&self, id: u32, reason: u32) {
        self.signal("NotificationClosed", &(id, reason)).await;
    }

    async fn signal(&self, name: &str, body: &(impl serde::Serialize + zbus::zvariant::DynamicType)) {
        self.bus.emit_signal(None::<&str>, PATH, NAME, name, body).await.expect("the bus is there");
    }

    /// Who leaves the bus from now on.
    pub(crate) async fn departures(&self) -> Departures {
        let bus = fdo::DBusProxy::new(&self.bus).await.expect("the bus is there");
        Departures { changes: bus.receive_name_owner_changed().await.expect("it tells") }
    }

    pub(crate) async fn stop(self) {
        self.bus.close().await.expect("the bus is there");
    }
}

/// Connections that leave the bus.
pub(crate) struct Departures {
    changes: fdo::NameOwnerChangedStream,
}

impl Departures {
    /// The name of the next.
    pub(crate) async fn next(&mut self) -> String {
        loop {
            let change = soon(self.changes.next()).await.expect("the bus is there");
            let change = change.args().expect("it is understood");
            if change.new_owner.is_none() {
                return change.name.to_string();
            }
        }
    }
}
