//! The tray icon: what it shows, and its pixels, drawn in code and cached.

pub(crate) mod cache;
pub(crate) mod canvas;
pub(crate) mod glyphs;
pub(crate) mod layout;
pub(crate) mod palette;
pub(crate) mod spec;
