//! Core.
pub mod figures;
