//! What Token Monitor shows on a desktop: the tray as plain data, its icon's pixels, the popover's place.
//!
//! The way of a snapshot through it: [`view`] → [`TrayView`] → [`Picture`] → pixels. The way of an alert: [`Notice`] →
//! [`Notifier`] → the system. Everything but the Linux item and the notifier is pure. No window toolkit is named here:
//! whoever has one reads the view and hands clicks back.

mod album;
mod canvas;
mod choice;
mod clicks;
mod digits;
#[cfg(test)]
mod fixture;
mod fullness;
mod layout;
mod lines;
#[cfg(target_os = "linux")]
mod login_entry;
mod notice;
mod opening;
mod palette;
mod picture;
mod place;
#[cfg(target_os = "linux")]
mod sni;
mod tooltip;
mod tray;
mod words;

pub use album::Album;
pub use choice::{Choice, Row};
pub use clicks::{Popover, Response, respond};
pub use fullness::Fullness;
#[cfg(target_os = "linux")]
pub use login_entry::LoginEntry;
pub use notice::{Fate, Notice, Notifier, Pressed, Report};
pub use opening::{Became, Opening, Told, Unheard, Wish};
pub use picture::{Gauge, Ink, Order, Picture, Side};
pub use place::{Anchor, Area, Monitor, Placement, Point, Size, in_pixels, place};
#[cfg(target_os = "linux")]
pub use sni::{ActivationToken, Click, Host, Item};
pub use tooltip::Tooltip;
pub use tray::{Surroundings, TrayView, view};
pub use words::{Figure, duration, grouped, tokens};
