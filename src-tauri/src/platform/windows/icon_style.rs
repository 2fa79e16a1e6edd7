//! How the icon looks in the taskbar of Windows, which has no room for a text beside it.

use std::time::Duration;

use tauri::AppHandle;
use tauri::image::Image;
use tauri::tray::TrayIcon;
use token_monitor_tray::{Ink, Side, Tooltip, TrayView};
use windows_registry::CURRENT_USER;

/// The least time between two changes. The taskbar draws each change; nobody reads faster.
pub(crate) const BEAT: Duration = Duration::from_secs(1);

/// Where Windows keeps whether its taskbar is light.
const COLOURS: &str = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize";

/// A small icon at a scale of one; Windows scales badly, so it gets the pixels it shows.
const SMALL: f64 = 16.0;

/// `szTip` of `NOTIFYICONDATAW` holds 128 units, the last of which ends the text.
const LONGEST_TOOLTIP: usize = 127;

/// Dark on a light taskbar. Where nobody knows, as on older systems, the dark badge is readable on every one.
pub(crate) fn ink() -> Ink {
    let is_light = CURRENT_USER.open(COLOURS).and_then(|colours| colours.get_u32("SystemUsesLightTheme"));
    if is_light.is_ok_and(|is_light| is_light != 0) { Ink::Dark } else { Ink::Light }
}

/// What a small icon measures on the screen of the taskbar.
pub(crate) fn side(app: &AppHandle) -> Side {
    let scale = app.primary_monitor().ok().flatten().map_or(1.0, |monitor| monitor.scale_factor());
    Side::of((SMALL * scale).round() as u16)
}

/// Shows the picture.
pub(crate) fn set_picture(icon: &TrayIcon, image: Option<Image<'_>>, _: &TrayView) -> tauri::Result<()> {
    image.map_or(Ok(()), |image| icon.set_icon(Some(image)))
}

/// As many lines as there is room for.
pub(crate) fn tooltip(tooltip: &Tooltip) -> String {
    tooltip.fitting(LONGEST_TOOLTIP)
}
