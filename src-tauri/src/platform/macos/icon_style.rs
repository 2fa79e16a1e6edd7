//! How the icon looks in the menu bar of macOS: a template that the system tints, and the figures beside it.

use std::time::Duration;

use tauri::AppHandle;
use tauri::image::Image;
use tauri::tray::TrayIcon;
use token_monitor_tray::{Ink, Side, Tooltip, TrayView};

/// The least time between two changes. Items of the menu bar that change more often have been seen to vanish.
pub(crate) const BEAT: Duration = Duration::from_secs(1);

/// Black where the menu bar tints it.
pub(crate) fn ink() -> Ink {
    Ink::Template
}

/// Twice what the menu bar shows: its screens have two pixels for one.
pub(crate) fn side(_: &AppHandle) -> Side {
    Side::of(44)
}

/// Shows the picture and the text. Both within one turn of the main loop, and the picture together with the word that
/// it is a template: apart, each change would flash.
pub(crate) fn set_picture(icon: &TrayIcon, image: Option<Image<'_>>, view: &TrayView) -> tauri::Result<()> {
    if let Some(image) = image {
        icon.set_icon_with_as_template(Some(image), true)?;
    }
    // Empty rather than none, which would leave the old one.
    icon.set_title(Some(&view.label))
}

/// All of it.
pub(crate) fn tooltip(tooltip: &Tooltip) -> String {
    tooltip.text()
}
