//! The tray's menu, from the rows of a view.
//!
//! A menu that is made anew while it is open, or too often, makes systems close it or lose the icon. So one stays for as
//! long as its rows are the same but for their figures, and these are changed in it.

use tauri::menu::{CheckMenuItem, IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::{AppHandle, Wry};
use token_monitor_tray::{Choice, Row};

/// A menu that stands in the tray.
pub(crate) struct TrayMenu {
    /// For the system.
    pub(crate) menu: Menu<Wry>,
    rows: Vec<Row>,
    /// The rows that are only read, from the top.
    figures: Vec<MenuItem<Wry>>,
}

impl TrayMenu {
    /// A menu with these rows.
    pub(crate) fn new(app: &AppHandle, rows: &[Row]) -> tauri::Result<Self> {
        let mut figures = Vec::new();
        let items = items(app, rows, &mut figures)?;
        let menu = Menu::with_items(app, &items.iter().map(AsRef::as_ref).collect::<Vec<_>>())?;
        Ok(Self { menu, rows: rows.to_vec(), figures })
    }

    /// Whether these rows differ from its own in nothing but what is read.
    pub(crate) fn fits(&self, rows: &[Row]) -> bool {
        self.rows.iter().map(unread).eq(rows.iter().map(unread))
    }

    /// Shows other figures, in rows that fit.
    pub(crate) fn change(&mut self, rows: &[Row]) -> tauri::Result<()> {
        for (item, (old, new)) in self.figures.iter().zip(figures(&self.rows).zip(figures(rows))) {
            if old != new {
                item.set_text(literal(new))?;
            }
        }
        self.rows = rows.to_vec();
        Ok(())
    }
}

/// A row without what is read in it. Groups hold choices alone.
fn unread(row: &Row) -> Row {
    match row {
        Row::Figure(_) => Row::Figure(String::new()),
        Row::Separator | Row::Choice(_) | Row::Group(..) => row.clone(),
    }
}

fn figures(rows: &[Row]) -> impl Iterator<Item = &str> {
    rows.iter().filter_map(|row| match row {
        Row::Figure(text) => Some(text.as_str()),
        Row::Separator | Row::Choice(_) | Row::Group(..) => None,
    })
}

fn items(
    app: &AppHandle,
    rows: &[Row],
    figures: &mut Vec<MenuItem<Wry>>,
) -> tauri::Result<Vec<Box<dyn IsMenuItem<Wry>>>> {
    rows.iter().map(|row| item(app, row, figures)).collect()
}

fn item(app: &AppHandle, row: &Row, figures: &mut Vec<MenuItem<Wry>>) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    Ok(match row {
        Row::Separator => Box::new(PredefinedMenuItem::separator(app)?),
        Row::Figure(text) => {
            let item = MenuItem::new(app, literal(text), false, None::<&str>)?;
            figures.push(item.clone());
            Box::new(item)
        }
        Row::Group(text, rows) => {
            let items = items(app, rows, figures)?;
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
