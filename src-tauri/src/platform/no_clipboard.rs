//! The clipboard on macOS and Windows: the tray copies nothing.

/// True if the tray can copy text.
pub(crate) const CAN_COPY: bool = false;

/// Does nothing: the menu has no entry for it.
pub(crate) fn set_text(_: &str) {}

/// Fails: nothing starts this.
pub(crate) fn copy_stdin() -> anyhow::Result<()> {
    anyhow::bail!("only the tray process of Linux copies text")
}
