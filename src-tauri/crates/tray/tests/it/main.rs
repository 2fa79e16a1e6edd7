//! Integration tests: the icon's pixels against image files, and the tray item and notifications on a private bus.

#[cfg(unix)]
mod background;
#[cfg(target_os = "linux")]
mod dunst;
mod icon_images;
mod image_sheet;
mod legibility;
#[cfg(target_os = "linux")]
mod notification_service;
#[cfg(target_os = "linux")]
mod notifications;
#[cfg(target_os = "linux")]
mod private_bus;
#[cfg(target_os = "linux")]
mod shortcut_portal;
#[cfg(target_os = "linux")]
mod tray_host;
#[cfg(target_os = "linux")]
mod tray_item;
#[cfg(target_os = "linux")]
mod tray_support;
