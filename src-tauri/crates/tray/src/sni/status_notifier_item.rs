//! The D-Bus interface of the icon: `org.kde.StatusNotifierItem`, with Ayatana's extension for a text beside it.
//!
//! Returns the published [`ItemState`]. Properties that never change have no signals: the title is the app's name, and
//! the status is always active.

use std::sync::Arc;

use zbus::object_server::SignalEmitter;
use zbus::zvariant::ObjectPath;

use crate::sni::click::{Click, MENU_PATH};
use crate::sni::item_state::{ItemState, Pixmap, label_guide};

/// The D-Bus object of the icon.
pub(crate) struct StatusNotifierItem(pub(crate) Arc<ItemState>);

#[zbus::interface(name = "org.kde.StatusNotifierItem")]
impl StatusNotifierItem {
    fn activate(&self, x: i32, y: i32) {
        self.0.click(Click::Activate { x, y });
    }

    /// The middle button. In trays that open the menu on a left click it opens the popover.
    fn secondary_activate(&self, x: i32, y: i32) {
        self.0.click(Click::Activate { x, y });
    }

    /// Called by panels that cannot show the menu. The popover has the same content.
    fn context_menu(&self, x: i32, y: i32) {
        self.0.click(Click::Activate { x, y });
    }

    fn scroll(&self, _delta: i32, _orientation: &str) {}

    fn provide_xdg_activation_token(&self, token: String) {
        self.0.set_activation_token(token);
    }

    #[zbus(property)]
    fn category(&self) -> &'static str {
        "ApplicationStatus"
    }

    #[zbus(property)]
    fn id(&self) -> &'static str {
        "token-monitor"
    }

    #[zbus(property)]
    fn title(&self) -> &'static str {
        "Token Monitor"
    }

    #[zbus(property)]
    fn status(&self) -> &'static str {
        "Active"
    }

    #[zbus(property)]
    fn window_id(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn item_is_menu(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn menu(&self) -> ObjectPath<'static> {
        ObjectPath::from_static_str_unchecked(MENU_PATH)
    }

    #[zbus(property)]
    fn icon_theme_path(&self) -> &'static str {
        ""
    }

    /// Empty, since panels prefer a name to the pixels.
    #[zbus(property)]
    fn icon_name(&self) -> &'static str {
        ""
    }

    #[zbus(property)]
    fn icon_pixmap(&self) -> Vec<Pixmap> {
        self.0.pixmaps()
    }

    #[zbus(property)]
    fn overlay_icon_name(&self) -> &'static str {
        ""
    }

    #[zbus(property)]
    fn overlay_icon_pixmap(&self) -> Vec<Pixmap> {
        Vec::new()
    }

    #[zbus(property)]
    fn attention_icon_name(&self) -> &'static str {
        ""
    }

    #[zbus(property)]
    fn attention_icon_pixmap(&self) -> Vec<Pixmap> {
        Vec::new()
    }

    #[zbus(property)]
    fn attention_movie_name(&self) -> &'static str {
        ""
    }

    /// Icon name, icon, title and text.
    #[zbus(property)]
    fn tool_tip(&self) -> (&'static str, Vec<Pixmap>, String, String) {
        let tooltip = self.0.tooltip();
        ("", Vec::new(), replace_markup(&tooltip.title), replace_markup(&tooltip.lines.join("\n")))
    }

    #[zbus(property, name = "XAyatanaLabel")]
    fn label(&self) -> String {
        self.0.label()
    }

    #[zbus(property, name = "XAyatanaLabelGuide")]
    fn label_guide(&self) -> String {
        label_guide(&self.0.label())
    }

    #[zbus(property, name = "XAyatanaOrderingIndex")]
    fn ordering_index(&self) -> u32 {
        0
    }

    #[zbus(signal)]
    pub(crate) async fn new_icon(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;

    #[zbus(signal)]
    pub(crate) async fn new_tool_tip(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;

    #[zbus(signal, name = "XAyatanaNewLabel")]
    pub(crate) async fn x_ayatana_new_label(emitter: &SignalEmitter<'_>, label: &str, guide: &str) -> zbus::Result<()>;
}

/// Replaces the characters of markup by similar ones. The specification leaves it to trays to interpret markup, and the
/// ones that do not would show escapes literally.
fn replace_markup(text: &str) -> String {
    text.replace('<', "‹").replace('>', "›").replace('&', "＆")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_characters_are_replaced() {
        assert_eq!(replace_markup("cannot read <R&D>"), "cannot read ‹R＆D›");
    }
}
