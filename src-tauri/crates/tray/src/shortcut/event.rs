//! The events of a shortcut.

/// An event of a shortcut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShortcutEvent {
    /// The shortcut is registered, or none is set.
    Available,
    /// The shortcut is not available, for the reason in this sentence.
    Unavailable(String),
    /// The user has pressed the shortcut.
    Pressed,
}
