//! Reads the color scheme of the desktop from the settings portal, to choose the theme of the icon.
//!
//! Only a running portal is queried: an icon must not start one. Without a portal the theme is unchanged, and the badge
//! is readable on every panel.

use futures_lite::StreamExt;
use tokio::sync::watch;
use tracing::debug;
use zbus::proxy::{CacheProperties, MethodFlags};
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, Proxy, proxy};

use crate::icon::types::IconTheme;

const PORTAL_NAME: &str = "org.freedesktop.portal.Desktop";
const PORTAL_PATH: &str = "/org/freedesktop/portal/desktop";
const SETTINGS_INTERFACE: &str = "org.freedesktop.portal.Settings";
const NAMESPACE: &str = "org.freedesktop.appearance";
const KEY: &str = "color-scheme";

/// The value of a preference for light colors. Without a preference panels are dark.
const PREFER_LIGHT: u32 = 2;

/// Sends the theme of the desktop after each change, and never returns.
pub(crate) async fn follow_theme(bus: &Connection, themes: &watch::Sender<IconTheme>) {
    if let Err(error) = forward_changes(bus, themes).await {
        debug!(%error, "Cannot follow the color scheme of the desktop.");
    }
    std::future::pending::<()>().await;
}

async fn forward_changes(bus: &Connection, themes: &watch::Sender<IconTheme>) -> zbus::Result<()> {
    let portal: Proxy<'_> = proxy::Builder::new(bus)
        .destination(PORTAL_NAME)?
        .path(PORTAL_PATH)?
        .interface(SETTINGS_INTERFACE)?
        .cache_properties(CacheProperties::No)
        .build()
        .await?;
    let mut owners = portal.receive_owner_changed().await?;
    let mut changes = portal.receive_signal_with_args("SettingChanged", &[(0, NAMESPACE), (1, KEY)]).await?;
    loop {
        if let Some(theme) = read_theme(&portal).await {
            themes.send_if_modified(|current| std::mem::replace(current, theme) != theme);
        }
        tokio::select! {
            owner = owners.next() => if owner.is_none() { return Ok(()) },
            change = changes.next() => if change.is_none() { return Ok(()) },
        }
    }
}

async fn read_theme(portal: &Proxy<'_>) -> Option<IconTheme> {
    let reply = portal.call_with_flags("Read", MethodFlags::NoAutoStart.into(), &(NAMESPACE, KEY)).await;
    parse_theme(&reply.ok()??)
}

/// Parses the portal's reply, which is nested in variants: portals differ in how many.
fn parse_theme(reply: &OwnedValue) -> Option<IconTheme> {
    let mut value: &Value<'_> = reply;
    while let Value::Value(inner) = value {
        value = inner;
    }
    match value {
        Value::U32(PREFER_LIGHT) => Some(IconTheme::Dark),
        Value::U32(_) => Some(IconTheme::Light),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: Value<'_>) -> Option<IconTheme> {
        parse_theme(&OwnedValue::try_from(value).unwrap())
    }

    #[test]
    fn only_a_preference_for_light_colors_gives_the_dark_theme() {
        assert_eq!(parse(Value::U32(0)), Some(IconTheme::Light));
        assert_eq!(parse(Value::U32(1)), Some(IconTheme::Light));
        assert_eq!(parse(Value::U32(2)), Some(IconTheme::Dark));
        assert_eq!(parse(Value::from("light")), None);
    }

    #[test]
    fn a_nested_reply_is_parsed() {
        assert_eq!(parse(Value::Value(Box::new(Value::Value(Box::new(Value::U32(2)))))), Some(IconTheme::Dark));
    }
}
