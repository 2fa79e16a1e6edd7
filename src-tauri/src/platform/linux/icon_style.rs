//! The look of the tray icon on Linux, in the single-process app.

use std::time::Duration;

use tauri::AppHandle;
use tauri::image::Image;
use tauri::tray::TrayIcon;
use token_monitor_tray::{IconSize, IconTheme, Tooltip, TrayView};

/// The minimum time between two changes. Panels have no limit.
pub(crate) const MIN_UPDATE_INTERVAL: Duration = Duration::ZERO;

/// Returns the light theme, whose dark badge is readable on every panel.
pub(crate) fn theme() -> IconTheme {
    IconTheme::Light
}

/// Returns twice the usual size, which scales down well.
pub(crate) fn icon_size(_: &AppHandle) -> IconSize {
    IconSize::from_pixels(44)
}

/// Shows an image. The label is not shown.
pub(crate) fn set_icon(icon: &TrayIcon, image: Option<Image<'_>>, _: &TrayView) -> tauri::Result<()> {
    image.map_or(Ok(()), |image| icon.set_icon(Some(image)))
}

/// Returns the whole tooltip.
pub(crate) fn tooltip_text(tooltip: &Tooltip) -> String {
    tooltip.full_text()
}
