//! The tray's menu, from the rows of a view.

use tauri::menu::{CheckMenuItem, IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::{AppHandle, Wry};
use token_monitor_desktop::{Choice, Row};

/// A menu with these rows.
pub(super) fn menu(app: &AppHandle, rows: &[Row]) -> tauri::Result<Menu<Wry>> {
    let items = items(app, rows)?;
    Menu::with_items(app, &items.iter().map(AsRef::as_ref).collect::<Vec<_>>())
}

fn items(app: &AppHandle, rows: &[Row]) -> tauri::Result<Vec<Box<dyn IsMenuItem<Wry>>>> {
    rows.iter().map(|row| item(app, row)).collect()
}

fn item(app: &AppHandle, row: &Row) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    Ok(match row {
        Row::Separator => Box::new(PredefinedMenuItem::separator(app)?),
        Row::Figure(text) => Box::new(MenuItem::new(app, literal(text), false, None::<&str>)?),
        Row::Group(text, rows) => {
            let items = items(app, rows)?;
            let items: Vec<_> = items.iter().map(AsRef::as_ref).collect();
            Box::new(Submenu::with_items(app, literal(text), true, &items)?)
        }
        Row::Choice(choice) => chooseable(app, *choice)?,
    })
}

fn chooseable(app: &AppHandle, choice: Choice) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    let (key, text) = (choice.key(), literal(choice.text()));
    Ok(match choice.is_checked() {
        Some(checked) => Box::new(CheckMenuItem::with_id(app, key, text, true, checked, None::<&str>)?),
        None => Box::new(MenuItem::with_id(app, key, text, true, None::<&str>)?),
    })
}

/// Keeps an ampersand an ampersand: a single one would mark an access key and vanish.
fn literal(text: &str) -> String {
    text.replace('&', "&&")
}
