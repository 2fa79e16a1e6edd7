//! The file manager of macOS and Windows.

use std::path::Path;
use std::process::Command;

use anyhow::Context;

/// The program that opens a folder.
const PROGRAM: &str = if cfg!(target_os = "macos") { "open" } else { "explorer" };

/// Opens an existing folder.
pub(crate) fn open_folder(folder: &Path) -> anyhow::Result<()> {
    let mut opening = Command::new(PROGRAM).arg(folder).spawn().context("no program opens folders")?;
    std::thread::spawn(move || opening.wait());
    Ok(())
}
