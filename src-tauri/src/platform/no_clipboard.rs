//! The clipboard on macOS and Windows, which the page uses itself: a copied content outlives its program there.

use crate::platform::CopyFormat;

/// True if the tray can copy text.
pub(crate) const CAN_COPY: bool = false;

/// Does nothing: the menu has no entry for it.
pub(crate) fn set_text(_: &str) {}

/// Returns false: the page copies.
pub(crate) fn copy_lasting(_: CopyFormat, _: &[u8]) -> anyhow::Result<bool> {
    Ok(false)
}

/// Fails: nothing starts this.
pub(crate) fn copy_stdin(_: CopyFormat) -> anyhow::Result<()> {
    anyhow::bail!("only the processes of Linux copy for others")
}
