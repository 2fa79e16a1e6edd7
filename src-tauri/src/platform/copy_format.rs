//! The kinds of contents that can be copied.

/// The kind of a copied content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CopyFormat {
    /// Text in UTF-8.
    Text,
    /// A picture as PNG.
    Png,
}
