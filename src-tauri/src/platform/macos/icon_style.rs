//! The look of the icon in the menu bar of macOS: a template that the system tints, with the figures beside it.

use std::time::Duration;

use tauri::AppHandle;
use tauri::image::Image;
use tauri::tray::TrayIcon;
use token_monitor_tray::{IconSize, IconTheme, Tooltip, TrayView};

/// The minimum time between two changes. Menu bar items that change more often sometimes disappear.
pub(crate) const MIN_UPDATE_INTERVAL: Duration = Duration::from_secs(1);

/// Returns the template theme, which the menu bar tints.
pub(crate) fn theme() -> IconTheme {
    IconTheme::Template
}

/// Returns twice the size in points, for screens with a scale of 2.
pub(crate) fn icon_size(_: &AppHandle) -> IconSize {
    IconSize::from_pixels(44)
}

/// Shows an image and the label. The image and its template flag are set in one call, as the icon would flash
/// otherwise.
pub(crate) fn set_icon(icon: &TrayIcon, image: Option<Image<'_>>, view: &TrayView) -> tauri::Result<()> {
    if let Some(image) = image {
        icon.set_icon_with_as_template(Some(image), true)?;
    }
    // `None` would keep the old title.
    icon.set_title(Some(&view.label))
}

/// Returns the whole tooltip.
pub(crate) fn tooltip_text(tooltip: &Tooltip) -> String {
    tooltip.full_text()
}
