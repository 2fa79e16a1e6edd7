//! What Token Monitor shows on a desktop: the tray as plain data, its icon's pixels, the popover's place.
//!
//! The way of a snapshot through it: [`view`] → [`TrayView`] → [`Picture`] → pixels. The way of an alert: [`Notice`] →
//! [`Notifier`] → the system. Everything but the Linux item and the notifier is pure. No window toolkit is named here:
//! whoever has one reads the view and hands clicks back.

#[cfg(target_os = "linux")]
mod autostart;
mod format;
mod icon;
mod limit_level;
mod menu;
mod notification;
mod placement;
mod popover_protocol;
#[cfg(target_os = "linux")]
mod sni;
#[cfg(test)]
mod test_support;
mod toggle;
mod tooltip;
mod tooltip_lines;
mod view;

#[cfg(target_os = "linux")]
pub use crate::autostart::LoginEntry;
pub use crate::format::{Figure, duration, grouped, tokens};
pub use crate::icon::cache::Album;
pub use crate::icon::spec::{Gauge, Ink, Order, Picture, Side};
pub use crate::limit_level::Fullness;
pub use crate::menu::{Choice, Row};
pub use crate::notification::{Fate, Notice, Notifier, Pressed, Report};
pub use crate::placement::{Anchor, Area, Monitor, Placement, Point, Size, in_pixels, place};
pub use crate::popover_protocol::{Became, Opening, Told, Unheard, Wish};
#[cfg(target_os = "linux")]
pub use crate::sni::{ActivationToken, Click, Host, Item};
pub use crate::toggle::{Popover, Response, respond};
pub use crate::tooltip::Tooltip;
pub use crate::view::{Surroundings, TrayView, view};
