//! The clicks on the tray icon, and the object paths of the item and its menu.

use crate::menu::MenuAction;

/// The object path of the item. Both paths are those other items use, too.
pub(crate) const ITEM_PATH: &str = "/StatusNotifierItem";

/// The object path of the menu.
pub(crate) const MENU_PATH: &str = "/MenuBar";

/// A click on the icon or its menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Click {
    /// A click on the icon, at this position of the screen if the tray reports it; both values are 0 if it does not.
    Activate {
        /// The distance to the right, in the tray's pixels.
        x: i32,
        /// The distance downwards, in the tray's pixels.
        y: i32,
    },
    /// A selected menu item.
    Menu(MenuAction),
}

/// A compositor's token for a click, which allows the window opened for it to take the focus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivationToken(pub String);
