//! Text shared by all surfaces: formatting and sanitizing.

pub mod sanitize;
