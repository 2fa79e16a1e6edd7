//! The location of the keyboard focus.

/// The location of the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// The popover's window has the focus.
    Own,
    /// A menu of the popover has the focus.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "on other systems a menu is part of its window"))]
    Menu,
    /// Another window has the focus.
    Elsewhere,
}
