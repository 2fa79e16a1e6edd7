//! The tray icon: its content, its pixels, which are drawn in code, and a cache of recent icons.

pub(crate) mod cache;
mod canvas;
mod glyphs;
mod layout;
mod painter;
mod palette;
pub(crate) mod types;
