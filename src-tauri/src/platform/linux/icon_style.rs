//! How the icon looks on Linux, in one process: as everywhere that has neither a menu bar nor small icons of its own.

use std::time::Duration;

use tauri::AppHandle;
use tauri::image::Image;
use tauri::tray::TrayIcon;
use token_monitor_tray::{Ink, Side, Tooltip, TrayView};

/// The least time between two changes. Panels take every change.
pub(crate) const BEAT: Duration = Duration::ZERO;

/// The dark badge is readable on every panel.
pub(crate) fn ink() -> Ink {
    Ink::Light
}

/// Twice the usual, which scales down well.
pub(crate) fn side(_: &AppHandle) -> Side {
    Side::of(44)
}

/// Shows the picture. Panels have no room for the text here.
pub(crate) fn set_picture(icon: &TrayIcon, image: Option<Image<'_>>, _: &TrayView) -> tauri::Result<()> {
    image.map_or(Ok(()), |image| icon.set_icon(Some(image)))
}

/// All of it.
pub(crate) fn tooltip(tooltip: &Tooltip) -> String {
    tooltip.text()
}
