//! The connection to the session bus, and the notification service at its other end.
//!
//! Everything is read in the order it came, by one reader: a click can neither overtake the number of its
//! notification nor come after the news that the service is another one now.

use std::num::NonZeroU32;
use std::time::Duration;

use futures_lite::StreamExt;
use serde::Serialize;
use tokio::time::timeout;
use tracing::debug;
use zbus::message::{Header, Type};
use zbus::zvariant::DynamicType;
use zbus::{Connection, Message, MessageStream};

use crate::notification::linux::active::Shown;
use crate::notification::linux::error::Trouble;
use crate::notification::linux::notify_call::{Capabilities, letter};
use crate::notification::{Notice, Report, Tell};

/// Where a call goes: the owner of a name, its object, and what of it.
struct Place {
    name: &'static str,
    path: &'static str,
}

const SERVICE: Place = Place { name: "org.freedesktop.Notifications", path: "/org/freedesktop/Notifications" };
const BUS: Place = Place { name: "org.freedesktop.DBus", path: "/org/freedesktop/DBus" };

/// What the bus is asked to tell: what happens to notifications, and who shows them.
const RULES: [&str; 2] = [
    "type='signal',sender='org.freedesktop.Notifications',interface='org.freedesktop.Notifications'",
    "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.freedesktop.Notifications'",
];

/// The bus itself answers at once, or the session has come to its end.
const CONNECTING: Duration = Duration::from_secs(10);

/// The connection, and what is known of the service.
pub(crate) struct Line {
    bus: Connection,
    heard: MessageStream,
    /// The connection of the service, where it has spoken.
    service: Option<String>,
    /// What it can do, where it was asked.
    can: Option<Capabilities>,
    shown: Shown,
    tell: Tell,
    patience: Duration,
}

impl Line {
    /// Connects. `patience` is how long the service may take for an answer.
    pub(crate) async fn open(tell: Tell, patience: Duration) -> Result<Self, Trouble> {
        let bus = timeout(CONNECTING, Connection::session()).await.map_err(|_| Trouble::Silent)?;
        let bus = bus.map_err(Trouble::NoBus)?;
        let heard = MessageStream::from(&bus);
        let (service, can, shown) = (None, None, Shown::default());
        let mut line = Self { bus, heard, service, can, shown, tell, patience };
        for rule in RULES {
            line.call(&BUS, "AddMatch", &rule, CONNECTING).await?;
        }
        Ok(line)
    }

    /// Shows a notice.
    pub(crate) async fn show(&mut self, notice: &Notice) -> Result<(), Trouble> {
        self.see_who_shows().await?;
        let can = self.capabilities().await?;
        let letter = letter(notice, self.shown.replaced_by(&notice.tag), can);
        let answer = self.call(&SERVICE, "Notify", &letter, self.patience).await?;
        self.meet(answer.header().sender().map(ToString::to_string));
        self.shown.note(answer.body().deserialize()?, notice);
        Ok(())
    }

    /// Takes in what happens, until the connection ends.
    pub(crate) async fn listen(&mut self) -> Trouble {
        loop {
            match self.next().await {
                Ok(message) => self.take(&message),
                Err(trouble) => return trouble,
            }
        }
    }

    /// Asks the bus who shows notifications now. What it told of that before may still be on its way; its answer is
    /// behind all of it, so no letter is written for a service that is gone.
    async fn see_who_shows(&mut self) -> Result<(), Trouble> {
        let owner = match self.call(&BUS, "GetNameOwner", &SERVICE.name, CONNECTING).await {
            Ok(answer) => Some(answer.body().deserialize()?),
            // One may be started for the question what it can do.
            Err(Trouble::NoService(_)) => None,
            Err(trouble) => return Err(trouble),
        };
        self.meet(owner);
        Ok(())
    }

    /// What the service can do: asked once of each.
    async fn capabilities(&mut self) -> Result<Capabilities, Trouble> {
        if let Some(can) = self.can {
            return Ok(can);
        }
        let answer = self.call(&SERVICE, "GetCapabilities", &(), self.patience).await?;
        let can = Capabilities::of(&answer.body().deserialize::<Vec<String>>()?);
        self.meet(answer.header().sender().map(ToString::to_string));
        debug!(service = self.service, ?can, "Met the notification service.");
        self.can = Some(can);
        Ok(can)
    }

    /// Whoever speaks for the service now. Another one can other things, and counts anew.
    fn meet(&mut self, service: Option<String>) {
        if self.service != service {
            self.service = service;
            self.can = None;
            self.shown.clear();
        }
    }

    /// Calls and waits for the answer, taking in what comes before it.
    async fn call<B>(&mut self, place: &Place, method: &str, body: &B, patience: Duration) -> Result<Message, Trouble>
    where
        B: Serialize + DynamicType,
    {
        let call =
            Message::method_call(place.path, method)?.destination(place.name)?.interface(place.name)?.build(body)?;
        let number = call.primary_header().serial_num();
        timeout(patience, async {
            self.bus.send(&call).await?;
            self.answer_to(number).await
        })
        .await
        .unwrap_or(Err(Trouble::Silent))
    }

    async fn answer_to(&mut self, number: NonZeroU32) -> Result<Message, Trouble> {
        loop {
            let message = self.next().await?;
            match (message.header().reply_serial() == Some(number), message.message_type()) {
                (true, Type::Error) => return Err(zbus::Error::from(message).into()),
                (true, _) => return Ok(message),
                (false, _) => self.take(&message),
            }
        }
    }

    async fn next(&mut self) -> Result<Message, Trouble> {
        match self.heard.next().await {
            Some(Ok(message)) => Ok(message),
            Some(Err(error)) => Err(Trouble::NoBus(error)),
            None => Err(Trouble::NoBus(zbus::Error::Failure("the connection ended".to_owned()))),
        }
    }

    /// Takes in a signal. What is none, or is not understood, is nobody's: late answers, and services of the future.
    fn take(&mut self, message: &Message) {
        if message.message_type() != Type::Signal {
            return;
        }
        if let Err(error) = self.act_on(message, &message.header()) {
            debug!(%error, "A signal was not understood.");
        }
    }

    fn act_on(&mut self, message: &Message, header: &Header<'_>) -> Result<(), zbus::Error> {
        let body = message.body();
        match header.member().map_or("", |member| member.as_str()) {
            "ActionInvoked" => {
                let (id, key): (u32, String) = body.deserialize()?;
                if let Some(pressed) = self.shown.pressed(id, &key) {
                    (self.tell)(Report::Pressed(pressed));
                }
            }
            "ActivationToken" => {
                let (id, token): (u32, String) = body.deserialize()?;
                self.shown.entitle(id, &token);
            }
            "NotificationClosed" => {
                let (id, reason) = body.deserialize()?;
                self.shown.closed(id, reason);
            }
            "NameOwnerChanged" => {
                let (_, _, owner): (String, String, String) = body.deserialize()?;
                self.meet((!owner.is_empty()).then_some(owner));
            }
            _ => {}
        }
        Ok(())
    }
}
