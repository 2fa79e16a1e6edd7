//! Which ink the desktop's panel wants, as the settings portal tells it.
//!
//! It asks only a portal that runs already: an icon is no reason to start one. Where there is none, the ink stays
//! as it was; the badge makes every ink readable on every panel.

use futures_lite::StreamExt;
use tokio::sync::watch;
use tracing::debug;
use zbus::proxy::{CacheProperties, MethodFlags};
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, Proxy, proxy};

use crate::icon::spec::Ink;

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PORTAL_PATH: &str = "/org/freedesktop/portal/desktop";
const SETTINGS: &str = "org.freedesktop.portal.Settings";
const NAMESPACE: &str = "org.freedesktop.appearance";
const KEY: &str = "color-scheme";

/// What the portal answers where light colours are preferred. Without a preference panels are dark.
const PREFER_LIGHT: u32 = 2;

/// Follows the desktop's colours for ever.
pub(crate) async fn follow(bus: &Connection, inks: &watch::Sender<Ink>) {
    if let Err(error) = listen(bus, inks).await {
        debug!(%error, "The desktop's colours cannot be followed.");
    }
    std::future::pending::<()>().await;
}

async fn listen(bus: &Connection, inks: &watch::Sender<Ink>) -> zbus::Result<()> {
    let portal: Proxy<'_> = proxy::Builder::new(bus)
        .destination(PORTAL)?
        .path(PORTAL_PATH)?
        .interface(SETTINGS)?
        .cache_properties(CacheProperties::No)
        .build()
        .await?;
    let mut owners = portal.receive_owner_changed().await?;
    let mut changes = portal.receive_signal_with_args("SettingChanged", &[(0, NAMESPACE), (1, KEY)]).await?;
    loop {
        if let Some(ink) = read(&portal).await {
            inks.send_if_modified(|known| std::mem::replace(known, ink) != ink);
        }
        tokio::select! {
            owner = owners.next() => if owner.is_none() { return Ok(()) },
            change = changes.next() => if change.is_none() { return Ok(()) },
        }
    }
}

async fn read(portal: &Proxy<'_>) -> Option<Ink> {
    let answer = portal.call_with_flags("Read", MethodFlags::NoAutoStart.into(), &(NAMESPACE, KEY)).await;
    ink(&answer.ok()??)
}

/// Understands the portal's answer, however often it is wrapped: portals differ.
fn ink(answer: &OwnedValue) -> Option<Ink> {
    let mut value: &Value<'_> = answer;
    while let Value::Value(inner) = value {
        value = inner;
    }
    match value {
        Value::U32(PREFER_LIGHT) => Some(Ink::Dark),
        Value::U32(_) => Some(Ink::Light),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(value: Value<'_>) -> Option<Ink> {
        ink(&OwnedValue::try_from(value).unwrap())
    }

    #[test]
    fn only_a_wish_for_light_colours_makes_the_ink_dark() {
        assert_eq!(answered(Value::U32(0)), Some(Ink::Light));
        assert_eq!(answered(Value::U32(1)), Some(Ink::Light));
        assert_eq!(answered(Value::U32(2)), Some(Ink::Dark));
        assert_eq!(answered(Value::from("light")), None);
    }

    #[test]
    fn a_wrapped_answer_is_understood() {
        assert_eq!(answered(Value::Value(Box::new(Value::Value(Box::new(Value::U32(2)))))), Some(Ink::Dark));
    }
}
