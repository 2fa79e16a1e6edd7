//! A minimal notification service for tests, with several kinds of behavior.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;

use futures_lite::StreamExt;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::zvariant::OwnedValue;
use zbus::{Connection, fdo};

use crate::tray_host::within_timeout;

const BUS_NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// The capabilities that affect the notifier.
pub(crate) const ALL_CAPABILITIES: &[&str] = &["actions", "body", "body-markup", "persistence"];

/// The behavior of a service for a notification.
#[derive(Clone)]
pub(crate) enum Behavior {
    /// Accepts it.
    Accept,
    /// Does not reply.
    Hang,
    /// Does not even reply to the request for capabilities.
    HangAtOnce,
    /// Disconnects without a reply.
    Disconnect,
    /// Rejects it.
    Reject,
    /// Replies once there is a permit.
    Wait(Arc<Semaphore>),
}

/// The arguments of `Notify`.
#[derive(Debug)]
pub(crate) struct NotifyArgs {
    pub(crate) app: String,
    pub(crate) replaces: u32,
    pub(crate) icon: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) actions: Vec<String>,
    pub(crate) hints: HashMap<String, OwnedValue>,
    pub(crate) time: i32,
    /// The unique name of the sender.
    pub(crate) sender: String,
    /// The id it was given.
    pub(crate) id: u32,
}

struct Notifications {
    capabilities: &'static [&'static str],
    behavior: Behavior,
    last_id: u32,
    call_sender: UnboundedSender<NotifyArgs>,
    asked: UnboundedSender<()>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    async fn get_capabilities(&self) -> Vec<&'static str> {
        self.asked.send(()).expect("the test receives");
        if matches!(self.behavior, Behavior::HangAtOnce) {
            pending::<()>().await;
        }
        self.capabilities.to_vec()
    }

    #[expect(clippy::too_many_arguments, reason = "required by the specification")]
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
        let id = if replaces == 0 { self.last_id + 1 } else { replaces };
        self.last_id = self.last_id.max(id);
        let sender = header.sender().expect("the bus adds it").to_string();
        let args = NotifyArgs { app, replaces, icon, title, body, actions, hints, time, sender, id };
        self.call_sender.send(args).expect("the test receives");
        match &self.behavior {
            Behavior::Accept => Ok(id),
            Behavior::Hang | Behavior::HangAtOnce => pending().await,
            Behavior::Disconnect => {
                bus.clone().close().await.expect("it was open");
                pending().await
            }
            Behavior::Reject => Err(fdo::Error::LimitsExceeded("too many".to_owned())),
            Behavior::Wait(permits) => {
                permits.acquire().await.expect("it is never closed").forget();
                Ok(id)
            }
        }
    }
}

/// A notification service on the bus.
pub(crate) struct TestService {
    bus: Connection,
    calls: UnboundedReceiver<NotifyArgs>,
    asked: UnboundedReceiver<()>,
}

impl TestService {
    pub(crate) async fn start(behavior: Behavior) -> Self {
        Self::start_with_capabilities(ALL_CAPABILITIES, behavior).await
    }

    /// Starts a service with capabilities. Its ids start at 1.
    pub(crate) async fn start_with_capabilities(capabilities: &'static [&'static str], behavior: Behavior) -> Self {
        let ((call_sender, calls), (asked, questions)) = (unbounded_channel(), unbounded_channel());
        let notifications = Notifications { capabilities, behavior, last_id: 0, call_sender, asked };
        let bus = zbus::connection::Builder::session()
            .and_then(|bus| bus.serve_at(PATH, notifications))
            .and_then(|bus| bus.name(BUS_NAME))
            .expect("the names are valid")
            .build()
            .await
            .expect("the bus is there and the name is free");
        Self { bus, calls, asked: questions }
    }

    /// Waits for the next call of `Notify`.
    pub(crate) async fn next_call(&mut self) -> NotifyArgs {
        within_timeout(self.calls.recv()).await.expect("the service is there")
    }

    /// Returns the number of requests for capabilities so far.
    pub(crate) fn count_capability_requests(&mut self) -> usize {
        std::iter::from_fn(|| self.asked.try_recv().ok()).count()
    }

    /// Emits the signal of a click.
    pub(crate) async fn click(&self, id: u32, key: &str) {
        self.emit_signal("ActionInvoked", &(id, key)).await;
    }

    /// Emits the signal of an activation token, which precedes a click.
    pub(crate) async fn send_activation_token(&self, id: u32, token: &str) {
        self.emit_signal("ActivationToken", &(id, token)).await;
    }

    /// Emits the signal of a closed notification.
    pub(crate) async fn close_notification(&self, id: u32, reason: u32) {
        self.emit_signal("NotificationClosed", &(id, reason)).await;
    }

    async fn emit_signal(&self, name: &str, body: &(impl serde::Serialize + zbus::zvariant::DynamicType)) {
        self.bus.emit_signal(None::<&str>, PATH, BUS_NAME, name, body).await.expect("the bus is there");
    }

    /// Subscribes to disconnects from the bus.
    pub(crate) async fn watch_disconnects(&self) -> Disconnects {
        let bus = fdo::DBusProxy::new(&self.bus).await.expect("the bus is there");
        Disconnects { changes: bus.receive_name_owner_changed().await.expect("the bus sends signals") }
    }

    pub(crate) async fn stop(self) {
        self.bus.close().await.expect("the bus is there");
    }
}

/// The connections that leave the bus.
pub(crate) struct Disconnects {
    changes: fdo::NameOwnerChangedStream,
}

impl Disconnects {
    /// Returns the unique name of the next one.
    pub(crate) async fn next(&mut self) -> String {
        loop {
            let change = within_timeout(self.changes.next()).await.expect("the bus is there");
            let change = change.args().expect("the signal is valid");
            if change.new_owner.is_none() {
                return change.name.to_string();
            }
        }
    }
}
