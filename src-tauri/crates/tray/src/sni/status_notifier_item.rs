//! The icon's face to panels: `org.kde.StatusNotifierItem`, with the text beside it that Ayatana's hosts show.
//!
//! Nothing here decides or remembers; it spells the stage as the protocol wants it. What never changes is answered
//! here and signals for it do not exist: the title is the app's name, the status is always active.

use std::sync::Arc;

use zbus::object_server::SignalEmitter;
use zbus::zvariant::ObjectPath;

use crate::sni::item_state::{Stage, guide};
use crate::sni::{Click, MENU_PATH};

/// Width, height and pixels.
pub(crate) type Pixmap = (i32, i32, Vec<u8>);

/// The icon as panels see it.
pub(crate) struct StatusNotifierItem(pub(crate) Arc<Stage>);

#[zbus::interface(name = "org.kde.StatusNotifierItem")]
impl StatusNotifierItem {
    fn activate(&self, x: i32, y: i32) {
        self.0.click(Click::Activate { x, y });
    }

    /// The middle button; where the left one opens the menu it is the short way.
    fn secondary_activate(&self, x: i32, y: i32) {
        self.0.click(Click::Activate { x, y });
    }

    /// Asked for by panels that cannot show our menu: the popover has all that is in it.
    fn context_menu(&self, x: i32, y: i32) {
        self.0.click(Click::Activate { x, y });
    }

    fn scroll(&self, _delta: i32, _orientation: &str) {}

    fn provide_xdg_activation_token(&self, token: String) {
        self.0.keep(token);
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

    /// Empty: a name would be preferred to the pixels.
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
        ("", Vec::new(), unmarked(&tooltip.title), unmarked(&tooltip.lines.join("\n")))
    }

    #[zbus(property, name = "XAyatanaLabel")]
    fn label(&self) -> String {
        self.0.label()
    }

    #[zbus(property, name = "XAyatanaLabelGuide")]
    fn label_guide(&self) -> String {
        guide(&self.0.label())
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

/// Makes a text the same whether a tray reads markup in it or not. Escapes would show literally in the trays
/// that do not, and the specification leaves it to them; so the three characters give way to their likes.
fn unmarked(text: &str) -> String {
    text.replace('<', "‹").replace('>', "›").replace('&', "＆")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_markup() {
        assert_eq!(unmarked("cannot read <R&D>"), "cannot read ‹R＆D›");
    }
}
