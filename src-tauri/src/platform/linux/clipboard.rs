//! The clipboard on Linux, where a program serves what it has copied for as long as it is on the clipboard.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context;
use gtk::gdk::SELECTION_CLIPBOARD;
use gtk::gdk_pixbuf::PixbufLoader;
use gtk::gdk_pixbuf::prelude::PixbufLoaderExt;
use gtk::glib::prelude::ObjectExt;

use crate::platform::CopyFormat;

/// True if the tray can copy text.
pub(crate) const CAN_COPY: bool = true;

/// The longest time for which a process serves a copied content.
const SERVE_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// Copies a text. Must be called on the main thread.
pub(crate) fn set_text(text: &str) {
    gtk::Clipboard::get(&SELECTION_CLIPBOARD).set_text(text);
}

/// Copies a content by a process of its own, so that it outlives the popover. Returns true.
pub(crate) fn copy_lasting(format: CopyFormat, content: &[u8]) -> anyhow::Result<bool> {
    let program = std::env::current_exe().context("finding this program")?;
    let argument = match format {
        CopyFormat::Text => "--copy",
        CopyFormat::Png => "--copy=png",
    };
    let mut child = Command::new(program).arg(argument).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(content).context("passing on what is copied")?;
    }
    std::thread::spawn(move || child.wait());
    Ok(true)
}

/// Copies the standard input, and serves it until something else is copied. The tray process starts this, because it has
/// no connection to the display.
pub(crate) fn copy_stdin(format: CopyFormat) -> anyhow::Result<()> {
    let mut content = Vec::new();
    std::io::stdin().read_to_end(&mut content).context("reading what to copy")?;
    gtk::init().context("connecting to the display")?;
    let clipboard = gtk::Clipboard::get(&SELECTION_CLIPBOARD);
    let text = String::from_utf8_lossy(&content).into_owned();
    match format {
        CopyFormat::Text => clipboard.set_text(&text),
        CopyFormat::Png => set_picture(&clipboard, &content)?,
    }
    clipboard.connect_local("owner-change", false, move |values| {
        let clipboard = values.first()?.get::<gtk::Clipboard>().ok()?;
        let is_ours = match format {
            CopyFormat::Text => clipboard.wait_for_text().is_some_and(|copied| copied == text),
            CopyFormat::Png => clipboard.wait_is_image_available(),
        };
        if !is_ours {
            gtk::main_quit();
        }
        None
    });
    gtk::glib::timeout_add_local_once(SERVE_TIMEOUT, gtk::main_quit);
    gtk::main();
    Ok(())
}

fn set_picture(clipboard: &gtk::Clipboard, png: &[u8]) -> anyhow::Result<()> {
    let loader = PixbufLoader::with_type("png").context("reading the picture")?;
    loader.write(png).and_then(|()| loader.close()).context("reading the picture")?;
    clipboard.set_image(&loader.pixbuf().context("the picture is empty")?);
    Ok(())
}
