//! Tagged PDF documents: headings, paragraphs, tables and a bar chart, on as many pages as they need.
//!
//! A document is laid out first, as items with positions, and then drawn. All text is in embedded fonts. The tags give the
//! reading order and the structure of tables to screen readers; headers and footers of pages are not part of it.

mod document;
mod font;
mod layout;
mod structure;
mod usage;

pub use crate::document::{PdfDocument, PdfError};
pub use crate::layout::{Align, Bar, PdfColumn};
pub use crate::usage::USAGE_FOOTER;
