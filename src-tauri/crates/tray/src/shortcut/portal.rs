//! Shortcuts of a desktop with a portal for them, such as those of KDE Plasma and GNOME on Wayland.

use std::convert::Infallible;

use ashpd::desktop::global_shortcuts::{BindShortcutsOptions, GlobalShortcuts, NewShortcut};
use ashpd::desktop::{CreateSessionOptions, Session};
use futures_lite::StreamExt;
use token_monitor_core::report::model::{Modifiers, Shortcut, ShortcutKey};
use zbus::Connection;

use crate::shortcut::listener::ShortcutError;

/// The name by which the desktop remembers the shortcut.
const SHORTCUT_ID: &str = "toggle-popover";

/// The purpose of the shortcut, which the desktop shows to the user.
const DESCRIPTION: &str = "Open or close Token Monitor";

/// Registers a shortcut, and calls back for each press until the portal ends the session. The desktop may ask the user
/// first, who can choose other keys there.
pub(super) async fn listen(
    shortcut: Shortcut,
    on_registered: &(dyn Fn() + Send + Sync),
    on_press: &(dyn Fn() + Send + Sync),
) -> Result<Infallible, ShortcutError> {
    let portal = connect().await.map_err(ShortcutError::NoPortal)?;
    let mut presses = portal.receive_activated().await.map_err(ShortcutError::NoPortal)?;
    let session = portal.create_session(CreateSessionOptions::default()).await.map_err(ShortcutError::NoPortal)?;
    bind(&portal, &session, shortcut).await.map_err(ShortcutError::Refused)?;
    on_registered();
    while let Some(press) = presses.next().await {
        if press.shortcut_id() == SHORTCUT_ID {
            on_press();
        }
    }
    Err(ShortcutError::Ended)
}

async fn connect() -> ashpd::Result<GlobalShortcuts> {
    GlobalShortcuts::with_connection(Connection::session().await?).await
}

async fn bind(portal: &GlobalShortcuts, session: &Session<GlobalShortcuts>, shortcut: Shortcut) -> ashpd::Result<()> {
    let trigger = trigger_text(shortcut);
    let shortcut = NewShortcut::new(SHORTCUT_ID, DESCRIPTION).preferred_trigger(trigger.as_str());
    portal.bind_shortcuts(session, &[shortcut], None, BindShortcutsOptions::default()).await?.response()?;
    Ok(())
}

/// Writes a shortcut as the specification of shortcuts (XDG) does, such as `CTRL+ALT+t`.
fn trigger_text(shortcut: Shortcut) -> String {
    let Modifiers { ctrl, alt, shift, logo } = shortcut.modifiers;
    let modifiers = [(ctrl, "CTRL"), (alt, "ALT"), (shift, "SHIFT"), (logo, "LOGO")];
    let mut names: Vec<String> =
        modifiers.into_iter().filter(|(held, _)| *held).map(|(_, name)| name.to_owned()).collect();
    names.push(match shortcut.key {
        ShortcutKey::Character(character) => character.to_ascii_lowercase().to_string(),
        ShortcutKey::Function(number) => format!("F{number}"),
        ShortcutKey::Space => "space".to_owned(),
    });
    names.join("+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_has_the_names_of_the_specification() {
        let written = ["Ctrl+Alt+T", "Super+Shift+F5", "Alt+Space"].map(|text| trigger_text(text.parse().unwrap()));
        assert_eq!(written, ["CTRL+ALT+t", "SHIFT+LOGO+F5", "ALT+space"]);
    }
}
