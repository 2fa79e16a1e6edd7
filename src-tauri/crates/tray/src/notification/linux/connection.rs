//! The connection to the session bus and to its notification service.
//!
//! One reader handles all messages in order: a click is neither handled before the id of its notification is known, nor
//! after the service was replaced.

use std::num::NonZeroU32;
use std::time::Duration;

use futures_lite::StreamExt;
use serde::Serialize;
use tokio::time::timeout;
use tracing::debug;
use zbus::message::{Header, Type};
use zbus::zvariant::DynamicType;
use zbus::{Connection, Message, MessageStream};

use crate::notification::linux::active::ActiveNotifications;
use crate::notification::linux::error::NotifyError;
use crate::notification::linux::notify_call::{Capabilities, notify_args};
use crate::notification::types::{Notification, NotificationReport, ReportSink};

/// The object of a call: its bus name, which is also its interface, and its path.
struct BusObject {
    name: &'static str,
    path: &'static str,
}

const SERVICE: BusObject = BusObject { name: "org.freedesktop.Notifications", path: "/org/freedesktop/Notifications" };
const BUS: BusObject = BusObject { name: "org.freedesktop.DBus", path: "/org/freedesktop/DBus" };

/// The match rules for the signals of the notification service and for changes of its owner.
const MATCH_RULES: [&str; 2] = [
    "type='signal',sender='org.freedesktop.Notifications',interface='org.freedesktop.Notifications'",
    "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.freedesktop.Notifications'",
];

/// The longest wait for the bus itself, which replies at once unless the session is ending.
const BUS_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection to the session bus, with the known state of the notification service.
pub(crate) struct ServiceConnection {
    bus: Connection,
    messages: MessageStream,
    /// The unique name of the service, if it is known.
    owner: Option<String>,
    /// The capabilities of the service, once requested.
    capabilities: Option<Capabilities>,
    active: ActiveNotifications,
    report: ReportSink,
    response_timeout: Duration,
}

impl ServiceConnection {
    /// Connects to the session bus. `response_timeout` is the longest wait for a reply of the service.
    pub(crate) async fn open(report: ReportSink, response_timeout: Duration) -> Result<Self, NotifyError> {
        let bus = timeout(BUS_TIMEOUT, Connection::session()).await.map_err(|_| NotifyError::Timeout)?;
        let bus = bus.map_err(NotifyError::NoBus)?;
        let messages = MessageStream::from(&bus);
        let (owner, capabilities, active) = (None, None, ActiveNotifications::default());
        let mut connection = Self { bus, messages, owner, capabilities, active, report, response_timeout };
        for rule in MATCH_RULES {
            connection.call(&BUS, "AddMatch", &rule, BUS_TIMEOUT).await?;
        }
        Ok(connection)
    }

    /// Sends a notification.
    pub(crate) async fn show(&mut self, notification: &Notification) -> Result<(), NotifyError> {
        self.refresh_owner().await?;
        let capabilities = self.capabilities().await?;
        let notify_args = notify_args(notification, self.active.replaced_id(&notification.tag), capabilities);
        let reply = self.call(&SERVICE, "Notify", &notify_args, self.response_timeout).await?;
        self.set_owner(reply.header().sender().map(ToString::to_string));
        self.active.insert(reply.body().deserialize()?, notification);
        Ok(())
    }

    /// Handles messages until the connection ends, and returns the reason.
    pub(crate) async fn listen(&mut self) -> NotifyError {
        loop {
            match self.next().await {
                Ok(message) => self.handle_message(&message),
                Err(error) => return error,
            }
        }
    }

    /// Requests the current owner of the service from the bus. Earlier changes may still be unread, but they precede
    /// the reply, so that no notification is built for a service that has ended.
    async fn refresh_owner(&mut self) -> Result<(), NotifyError> {
        let owner = match self.call(&BUS, "GetNameOwner", &SERVICE.name, BUS_TIMEOUT).await {
            Ok(reply) => Some(reply.body().deserialize()?),
            // The next call may start the service.
            Err(NotifyError::NoService(_)) => None,
            Err(error) => return Err(error),
        };
        self.set_owner(owner);
        Ok(())
    }

    /// Returns the capabilities of the service, which are requested once per owner.
    async fn capabilities(&mut self) -> Result<Capabilities, NotifyError> {
        if let Some(capabilities) = self.capabilities {
            return Ok(capabilities);
        }
        let reply = self.call(&SERVICE, "GetCapabilities", &(), self.response_timeout).await?;
        let capabilities = Capabilities::from_names(&reply.body().deserialize::<Vec<String>>()?);
        self.set_owner(reply.header().sender().map(ToString::to_string));
        debug!(owner = self.owner, ?capabilities, "Connected to the notification service.");
        self.capabilities = Some(capabilities);
        Ok(capabilities)
    }

    /// Sets the owner of the service. Another owner has other capabilities and ids.
    fn set_owner(&mut self, owner: Option<String>) {
        if self.owner != owner {
            self.owner = owner;
            self.capabilities = None;
            self.active.clear();
        }
    }

    /// Calls a method and waits for its reply. Messages that arrive before it are handled.
    async fn call<B>(
        &mut self,
        object: &BusObject,
        method: &str,
        body: &B,
        response_timeout: Duration,
    ) -> Result<Message, NotifyError>
    where
        B: Serialize + DynamicType,
    {
        let call =
            Message::method_call(object.path, method)?.destination(object.name)?.interface(object.name)?.build(body)?;
        let serial = call.primary_header().serial_num();
        timeout(response_timeout, async {
            self.bus.send(&call).await?;
            self.wait_for_reply(serial).await
        })
        .await
        .unwrap_or(Err(NotifyError::Timeout))
    }

    async fn wait_for_reply(&mut self, serial: NonZeroU32) -> Result<Message, NotifyError> {
        loop {
            let message = self.next().await?;
            match (message.header().reply_serial() == Some(serial), message.message_type()) {
                (true, Type::Error) => return Err(zbus::Error::from(message).into()),
                (true, _) => return Ok(message),
                (false, _) => self.handle_message(&message),
            }
        }
    }

    async fn next(&mut self) -> Result<Message, NotifyError> {
        match self.messages.next().await {
            Some(Ok(message)) => Ok(message),
            Some(Err(error)) => Err(NotifyError::NoBus(error)),
            None => Err(NotifyError::NoBus(zbus::Error::Failure("the connection ended".to_owned()))),
        }
    }

    /// Handles a signal. Late replies and unknown signals are ignored.
    fn handle_message(&mut self, message: &Message) {
        if message.message_type() != Type::Signal {
            return;
        }
        if let Err(error) = self.handle_signal(message, &message.header()) {
            debug!(%error, "Cannot parse a signal of the notification service.");
        }
    }

    fn handle_signal(&mut self, message: &Message, header: &Header<'_>) -> Result<(), zbus::Error> {
        let body = message.body();
        match header.member().map_or("", |member| member.as_str()) {
            "ActionInvoked" => {
                let (id, key): (u32, String) = body.deserialize()?;
                if let Some(action) = self.active.action_for(id, &key) {
                    (self.report)(NotificationReport::Action(action));
                }
            }
            "ActivationToken" => {
                let (id, token): (u32, String) = body.deserialize()?;
                self.active.set_activation_token(id, &token);
            }
            "NotificationClosed" => {
                let (id, reason) = body.deserialize()?;
                self.active.handle_closed(id, reason);
            }
            "NameOwnerChanged" => {
                let (_, _, owner): (String, String, String) = body.deserialize()?;
                self.set_owner((!owner.is_empty()).then_some(owner));
            }
            _ => {}
        }
        Ok(())
    }
}
