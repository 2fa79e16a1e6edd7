//! Registers the shortcut that the user has set.

use std::convert::Infallible;
use std::sync::Arc;

use token_monitor_core::report::model::Shortcut;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::shortcut::event::ShortcutEvent;
use crate::shortcut::{portal, x11};

type OnEvent = Arc<dyn Fn(ShortcutEvent) + Send + Sync>;

/// The shortcut that the user has set. It is registered until another one is set, or until this is dropped.
pub struct PopoverShortcut {
    on_event: OnEvent,
    current: Option<(Shortcut, JoinHandle<()>)>,
}

impl PopoverShortcut {
    /// Creates an unset shortcut that passes its events on.
    pub fn new(on_event: impl Fn(ShortcutEvent) + Send + Sync + 'static) -> Self {
        Self { on_event: Arc::new(on_event), current: None }
    }

    /// Sets the shortcut, or none. Needs the runtime of tokio.
    pub fn set(&mut self, shortcut: Option<Shortcut>) {
        if shortcut == self.current.as_ref().map(|(current, _)| *current) {
            return;
        }
        self.end();
        match shortcut {
            Some(shortcut) => self.current = Some((shortcut, tokio::spawn(register(shortcut, self.on_event.clone())))),
            None => (self.on_event)(ShortcutEvent::Available),
        }
    }

    fn end(&mut self) {
        if let Some((_, task)) = self.current.take() {
            task.abort();
        }
    }
}

impl Drop for PopoverShortcut {
    fn drop(&mut self) {
        self.end();
    }
}

async fn register(shortcut: Shortcut, on_event: OnEvent) {
    let Err(error) = listen(shortcut, &on_event).await;
    warn!(%shortcut, error = &error as &dyn std::error::Error, "The shortcut is not available.");
    on_event(ShortcutEvent::Unavailable(format!("The shortcut {shortcut} is not available: {error}.")));
}

async fn listen(shortcut: Shortcut, on_event: &OnEvent) -> Result<Infallible, ShortcutError> {
    let on_registered = || {
        info!(%shortcut, "The shortcut is registered.");
        on_event(ShortcutEvent::Available);
    };
    let on_press = || on_event(ShortcutEvent::Pressed);
    match is_wayland_session() {
        true => portal::listen(shortcut, &on_registered, &on_press).await,
        false => x11::listen(shortcut, &on_registered, &on_press).await,
    }
}

/// Returns true on a Wayland desktop. Its X server sees only the keys that are pressed in X windows.
fn is_wayland_session() -> bool {
    std::env::var_os("WAYLAND_DISPLAY").is_some_and(|display| !display.is_empty())
}

/// The reason why a shortcut is not available.
#[derive(Debug, thiserror::Error)]
pub(super) enum ShortcutError {
    #[error("another program uses it")]
    InUse,
    #[error("the X server has no screen")]
    NoScreen,
    #[error("the keyboard has no such key")]
    NoSuchKey,
    #[error("this desktop does not let programs register shortcuts")]
    NoPortal(#[source] ashpd::Error),
    #[error("the desktop has refused it")]
    Refused(#[source] ashpd::Error),
    #[error("the desktop has ended it")]
    Ended,
    #[error("there is no X server")]
    NoServer(#[from] x11rb::errors::ConnectError),
    #[error("the X server has refused it")]
    ServerRefused(#[from] x11rb::errors::ReplyError),
    #[error("the connection to the X server is lost")]
    ServerLost(#[from] x11rb::errors::ConnectionError),
    #[error("the connection to the X server is lost")]
    Io(#[from] std::io::Error),
}
