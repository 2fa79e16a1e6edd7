//! Builds the native menu of the tray.
//!
//! Some systems close a menu that is replaced while it is open, or lose the icon if that happens too often. Therefore
//! only the texts of labels are updated if the structure is unchanged.

use tauri::menu::{CheckMenuItem, IsMenuItem, Menu, MenuItem as NativeItem, PredefinedMenuItem, Submenu};
use tauri::{AppHandle, Wry};
use token_monitor_tray::{MenuAction, MenuItem};

/// The menu of the tray icon.
pub(crate) struct TrayMenu {
    /// The native menu.
    pub(crate) menu: Menu<Wry>,
    rows: Vec<MenuItem>,
    /// The native items of the labels and figures, from the top.
    labels: Vec<NativeItem<Wry>>,
}

impl TrayMenu {
    /// Creates a menu with these rows.
    pub(crate) fn new(app: &AppHandle, rows: &[MenuItem]) -> tauri::Result<Self> {
        let mut labels = Vec::new();
        let items = build_items(app, rows, &mut labels)?;
        let menu = Menu::with_items(app, &items.iter().map(AsRef::as_ref).collect::<Vec<_>>())?;
        Ok(Self { menu, rows: rows.to_vec(), labels })
    }

    /// Returns true if the rows differ only in the texts of labels.
    pub(crate) fn has_same_structure(&self, rows: &[MenuItem]) -> bool {
        self.rows.iter().map(without_text).eq(rows.iter().map(without_text))
    }

    /// Updates the labels. The rows must have the same structure.
    pub(crate) fn update_labels(&mut self, rows: &[MenuItem]) -> tauri::Result<()> {
        for (item, (old, new)) in self.labels.iter().zip(label_texts(&self.rows).zip(label_texts(rows))) {
            if old != new {
                item.set_text(escape_mnemonic(new))?;
            }
        }
        self.rows = rows.to_vec();
        Ok(())
    }
}

/// Returns a label without its text, and other rows unchanged. Submenus contain only actions.
fn without_text(row: &MenuItem) -> MenuItem {
    match row {
        MenuItem::Label(_) => MenuItem::Label(String::new()),
        MenuItem::Figure(_, action) => MenuItem::Figure(String::new(), *action),
        MenuItem::Separator | MenuItem::Action(_) | MenuItem::Submenu(..) => row.clone(),
    }
}

fn label_texts(rows: &[MenuItem]) -> impl Iterator<Item = &str> {
    rows.iter().filter_map(|row| match row {
        MenuItem::Label(text) | MenuItem::Figure(text, _) => Some(text.as_str()),
        MenuItem::Separator | MenuItem::Action(_) | MenuItem::Submenu(..) => None,
    })
}

fn build_items(
    app: &AppHandle,
    rows: &[MenuItem],
    labels: &mut Vec<NativeItem<Wry>>,
) -> tauri::Result<Vec<Box<dyn IsMenuItem<Wry>>>> {
    rows.iter().map(|row| build_item(app, row, labels)).collect()
}

fn build_item(
    app: &AppHandle,
    row: &MenuItem,
    labels: &mut Vec<NativeItem<Wry>>,
) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    Ok(match row {
        MenuItem::Separator => Box::new(PredefinedMenuItem::separator(app)?),
        MenuItem::Label(text) => {
            let item = NativeItem::new(app, escape_mnemonic(text), false, None::<&str>)?;
            labels.push(item.clone());
            Box::new(item)
        }
        MenuItem::Figure(text, action) => {
            let item = NativeItem::with_id(app, action.key(), escape_mnemonic(text), true, None::<&str>)?;
            labels.push(item.clone());
            Box::new(item)
        }
        MenuItem::Submenu(text, rows) => {
            let items = build_items(app, rows, labels)?;
            let items: Vec<_> = items.iter().map(AsRef::as_ref).collect();
            Box::new(Submenu::with_items(app, escape_mnemonic(text), true, &items)?)
        }
        MenuItem::Action(action) => build_action(app, *action)?,
    })
}

fn build_action(app: &AppHandle, action: MenuAction) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    let (key, text) = (action.key(), escape_mnemonic(action.label()));
    Ok(match action.is_checked() {
        Some(checked) => Box::new(CheckMenuItem::with_id(app, key, text, true, checked, None::<&str>)?),
        None => Box::new(NativeItem::with_id(app, key, text, true, None::<&str>)?),
    })
}

/// Doubles ampersands, as a single one marks an access key and is not shown.
fn escape_mnemonic(text: &str) -> String {
    text.replace('&', "&&")
}
