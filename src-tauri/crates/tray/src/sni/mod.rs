//! The tray icon on Linux: a `StatusNotifierItem` on the session bus, with its menu.

mod click;
mod color_scheme;
mod dbusmenu;
mod item_state;
mod menu;
mod signals;
mod status_notifier_item;
mod tray_host;
mod tray_item;
mod tray_support;
mod watcher;

pub use crate::sni::click::{ActivationToken, Click};
pub use crate::sni::tray_host::TrayHost;
pub use crate::sni::tray_item::TrayItem;
pub use crate::sni::tray_support::TraySupport;
