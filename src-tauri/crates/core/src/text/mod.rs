//! Text shared by all surfaces: formatting of figures, sanitizing of untrusted text, and phrases for enums.

pub mod format;
pub mod phrases;
pub mod sanitize;
