//! The look of the icon in the taskbar of Windows, which shows no label.

use std::time::Duration;

use tauri::AppHandle;
use tauri::image::Image;
use tauri::tray::TrayIcon;
use token_monitor_tray::{IconSize, IconTheme, Tooltip, TrayView};
use windows_registry::CURRENT_USER;

/// The minimum time between two changes, since the taskbar draws each one.
pub(crate) const MIN_UPDATE_INTERVAL: Duration = Duration::from_secs(1);

/// The registry key with the theme of the taskbar.
const PERSONALIZE_KEY: &str = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize";

/// The size of a small icon at a scale of 1. Windows scales icons badly, so they are drawn in the exact size.
const SMALL_ICON_PIXELS: f64 = 16.0;

/// The longest tooltip in UTF-16 code units: `szTip` of `NOTIFYICONDATAW` has 128 with the terminator.
const MAX_TOOLTIP_UNITS: usize = 127;

/// Returns the dark theme for a light taskbar. If the theme is unknown, as on older systems, the light one is readable
/// on every taskbar.
pub(crate) fn theme() -> IconTheme {
    let is_light = CURRENT_USER.open(PERSONALIZE_KEY).and_then(|key| key.get_u32("SystemUsesLightTheme"));
    if is_light.is_ok_and(|is_light| is_light != 0) { IconTheme::Dark } else { IconTheme::Light }
}

/// Returns the size of a small icon on the primary screen.
pub(crate) fn icon_size(app: &AppHandle) -> IconSize {
    let scale = app.primary_monitor().ok().flatten().map_or(1.0, |monitor| monitor.scale_factor());
    IconSize::from_pixels((SMALL_ICON_PIXELS * scale).round() as u16)
}

/// Shows an image.
pub(crate) fn set_icon(icon: &TrayIcon, image: Option<Image<'_>>, _: &TrayView) -> tauri::Result<()> {
    image.map_or(Ok(()), |image| icon.set_icon(Some(image)))
}

/// Returns as many lines as fit.
pub(crate) fn tooltip_text(tooltip: &Tooltip) -> String {
    tooltip.fit_utf16(MAX_TOOLTIP_UNITS)
}
