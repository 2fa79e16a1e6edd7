//! The clipboard on Linux, where a program serves the text that it has copied for as long as it is on the clipboard.

use std::io::Read;
use std::time::Duration;

use anyhow::Context;
use gtk::gdk::SELECTION_CLIPBOARD;
use gtk::glib::prelude::ObjectExt;

/// True if the tray can copy text.
pub(crate) const CAN_COPY: bool = true;

/// The longest time for which a process serves a copied text.
const SERVE_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// Copies a text. Must be called on the main thread.
pub(crate) fn set_text(text: &str) {
    gtk::Clipboard::get(&SELECTION_CLIPBOARD).set_text(text);
}

/// Copies the text of the standard input, and serves it until something else is copied. The tray process starts this,
/// because it has no connection to the display.
pub(crate) fn copy_stdin() -> anyhow::Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("reading the text")?;
    gtk::init().context("connecting to the display")?;
    set_text(&text);
    let clipboard = gtk::Clipboard::get(&SELECTION_CLIPBOARD);
    clipboard.connect_local("owner-change", false, move |values| {
        let clipboard = values.first()?.get::<gtk::Clipboard>().ok()?;
        if clipboard.wait_for_text().is_none_or(|copied| copied != text) {
            gtk::main_quit();
        }
        None
    });
    gtk::glib::timeout_add_local_once(SERVE_TIMEOUT, gtk::main_quit);
    gtk::main();
    Ok(())
}
