//! The file manager on Linux: the program that the desktop uses for folders.

use std::path::Path;

use anyhow::Context;
use gtk::gio::prelude::FileExt;
use gtk::gio::{AppInfo, AppLaunchContext, File};

/// Opens an existing folder.
pub(crate) fn open_folder(folder: &Path) -> anyhow::Result<()> {
    let address = File::for_path(folder).uri();
    AppInfo::launch_default_for_uri(&address, None::<&AppLaunchContext>).context("no program opens folders")
}
