//! What Token Monitor shows on a desktop: the tray as plain data, its icon's pixels, the popover's place.
//!
//! The way of a snapshot through it: [`view`] → [`TrayView`] → [`Picture`] → pixels. Everything but the Linux
//! item is pure. No window toolkit is named here: whoever has one reads the view and hands clicks back.

mod album;
mod canvas;
mod clicks;
mod digits;
#[cfg(test)]
mod fixture;
mod fullness;
#[cfg(target_os = "linux")]
mod item_linux;
mod layout;
mod lines;
mod palette;
mod picture;
mod place;
#[cfg(target_os = "linux")]
mod presence;
mod tray;
mod words;

pub use album::Album;
pub use clicks::{LEFT_FOR_ANOTHER_WINDOW, Popover, Response, respond};
pub use fullness::Fullness;
#[cfg(target_os = "linux")]
pub use item_linux::{Click, Item, ItemError};
pub use picture::{Gauge, Ink, Order, Picture, Side};
pub use place::{Area, Monitor, Point, Size, place};
#[cfg(target_os = "linux")]
pub use presence::Host;
pub use tray::{Row, Tooltip, TrayView, view};
pub use words::{Figure, duration, grouped, tokens};
