//! The tray of Token Monitor as plain data: its view, the pixels of its icon, its notifications, the place of the
//! popover.
//!
//! A snapshot becomes pixels by [`build_view`] → [`TrayView`] → [`IconSpec`] → [`IconCache`]. An alert becomes a
//! [`Notification`], which the [`Notifier`] sends to the system. Everything but the notifier and the Linux tray item is
//! pure, and no window toolkit is used: the caller draws the view and reports clicks.

#[cfg(target_os = "linux")]
mod autostart;
mod background;
mod format;
mod icon;
mod menu;
mod notification;
mod placement;
mod popover_protocol;
mod sanitized_view;
mod shortcut;
mod snapshot_text;
#[cfg(target_os = "linux")]
mod sni;
#[cfg(test)]
mod test_support;
mod toggle;
mod tooltip;
mod tooltip_lines;
mod view;
mod wrap;

#[cfg(target_os = "linux")]
pub use crate::autostart::AutostartEntry;
pub use crate::background::BackgroundCommands;
pub use crate::format::CompactFigure;
pub use crate::icon::cache::IconCache;
pub use crate::icon::types::{IconBadge, IconSize, IconSpec, IconTheme, LimitBars, LimitGauge, PixelFormat};
pub use crate::menu::{MenuAction, MenuItem, MenuPage};
pub use crate::notification::{DeliveryResult, Notification, NotificationAction, NotificationReport, Notifier};
pub use crate::placement::{
    Monitor, PANEL_GAP, Placement, PopoverAnchor, ScreenArea, ScreenPoint, WindowSize, place_popover,
    to_physical_pixels,
};
pub use crate::popover_protocol::{ParseError, PopoverCommand, PopoverEvent, PopoverRequest, PopoverState};
#[cfg(target_os = "linux")]
pub use crate::shortcut::PopoverShortcut;
pub use crate::shortcut::ShortcutEvent;
#[cfg(target_os = "linux")]
pub use crate::sni::{ActivationToken, Click, TrayHost, TrayItem, TraySupport};
pub use crate::toggle::{ClickAction, PopoverVisibility, on_click};
pub use crate::tooltip::Tooltip;
pub use crate::view::{TrayContext, TrayView, build_view};
pub use token_monitor_core::report::LimitLevel;
