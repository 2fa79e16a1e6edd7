//! Shortcuts of an X server.

use std::convert::Infallible;
use std::os::fd::AsFd;

use async_io::Async;
use token_monitor_core::report::model::{Modifiers, Shortcut, ShortcutKey};
use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{ConnectionExt, GrabMode, Keycode, Mapping, ModMask, Timestamp, Window};
use x11rb::protocol::{ErrorKind, Event};
use x11rb::rust_connection::RustConnection;

use crate::shortcut::listener::ShortcutError;

/// The symbol of the key F1. Those of the other function keys follow it.
const FIRST_FUNCTION_KEY: u32 = 0xffbe;

/// Registers a shortcut, and calls back for each press until the connection to the server ends.
pub(super) async fn listen(
    shortcut: Shortcut,
    on_registered: &(dyn Fn() + Send + Sync),
    on_press: &(dyn Fn() + Send + Sync),
) -> Result<Infallible, ShortcutError> {
    let (server, screen) = RustConnection::connect(None)?;
    let root = server.setup().roots.get(screen).ok_or(ShortcutError::NoScreen)?.root;
    let mut grab = KeyGrab::new(&server, root, shortcut)?;
    on_registered();
    let socket = Async::new_nonblocking(server.stream().as_fd())?;
    let mut presses = Presses::default();
    loop {
        while let Some(event) = server.poll_for_event()? {
            match event {
                Event::KeyPress(event) if presses.is_new(event.time) => on_press(),
                Event::KeyRelease(event) => presses.note_release(event.time),
                // The key of the symbol may be another one.
                Event::MappingNotify(event) if event.request == Mapping::KEYBOARD => {
                    drop(grab);
                    grab = KeyGrab::new(&server, root, shortcut)?;
                }
                _ => {}
            }
        }
        socket.readable().await?;
    }
}

/// Tells presses from repetitions of a held key, which the server reports as a release and a press at the same time.
#[derive(Default)]
struct Presses {
    last_release: Option<Timestamp>,
}

impl Presses {
    fn is_new(&self, press: Timestamp) -> bool {
        self.last_release != Some(press)
    }

    fn note_release(&mut self, release: Timestamp) {
        self.last_release = Some(release);
    }
}

/// A combination of keys that is given to this program alone.
struct KeyGrab<'a> {
    server: &'a RustConnection,
    root: Window,
    modifiers: ModMask,
    keycode: Keycode,
}

impl<'a> KeyGrab<'a> {
    fn new(server: &'a RustConnection, root: Window, shortcut: Shortcut) -> Result<Self, ShortcutError> {
        let keycode = find_keycode(server, keysym(shortcut.key))?.ok_or(ShortcutError::NoSuchKey)?;
        let grab = Self { server, root, modifiers: modifier_mask(shortcut.modifiers), keycode };
        for locks in lock_states() {
            grab.request(locks)?;
        }
        Ok(grab)
    }

    /// Requests the combination in a state of the lock keys, and waits for the answer.
    fn request(&self, locks: ModMask) -> Result<(), ShortcutError> {
        let modifiers = self.modifiers | locks;
        let request =
            self.server.grab_key(false, self.root, modifiers, self.keycode, GrabMode::ASYNC, GrabMode::ASYNC)?;
        match request.check() {
            Err(ReplyError::X11Error(error)) if error.error_kind == ErrorKind::Access => Err(ShortcutError::InUse),
            result => Ok(result?),
        }
    }
}

impl Drop for KeyGrab<'_> {
    fn drop(&mut self) {
        for locks in lock_states() {
            // Fails only if the connection is lost, and the grab with it.
            let _ = self.server.ungrab_key(self.keycode, self.root, self.modifiers | locks);
        }
    }
}

/// Returns the states of Caps Lock and Num Lock. The server tells a combination of keys apart by them.
fn lock_states() -> [ModMask; 4] {
    [ModMask::default(), ModMask::LOCK, ModMask::M2, ModMask::LOCK | ModMask::M2]
}

fn modifier_mask(modifiers: Modifiers) -> ModMask {
    let Modifiers { ctrl, alt, shift, logo } = modifiers;
    [(ctrl, ModMask::CONTROL), (alt, ModMask::M1), (shift, ModMask::SHIFT), (logo, ModMask::M4)]
        .into_iter()
        .filter(|(held, _)| *held)
        .fold(ModMask::default(), |mask, (_, modifier)| mask | modifier)
}

/// Returns the symbol of a key without Shift. Those of letters, digits and the space are their ASCII codes.
fn keysym(key: ShortcutKey) -> u32 {
    match key {
        ShortcutKey::Character(character) => u32::from(character.to_ascii_lowercase()),
        ShortcutKey::Function(number) => FIRST_FUNCTION_KEY + u32::from(number) - 1,
        ShortcutKey::Space => u32::from(' '),
    }
}

/// Finds the key with a symbol on the present keyboard layout.
fn find_keycode(server: &RustConnection, symbol: u32) -> Result<Option<Keycode>, ShortcutError> {
    let (first, last) = (server.setup().min_keycode, server.setup().max_keycode);
    let mapping = server.get_keyboard_mapping(first, last - first + 1)?.reply()?;
    let symbols_of_keys = mapping.keysyms.chunks(mapping.keysyms_per_keycode.into());
    Ok((first..=last).zip(symbols_of_keys).find(|(_, symbols)| symbols.contains(&symbol)).map(|(key, _)| key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_symbols_of_the_server() {
        let symbols =
            [ShortcutKey::Character('T'), ShortcutKey::Character('7'), ShortcutKey::Function(12), ShortcutKey::Space]
                .map(keysym);
        assert_eq!(symbols, [0x74, 0x37, 0xffc9, 0x20]);
    }

    #[test]
    fn modifiers_have_the_bits_of_the_server() {
        let mask = |ctrl, alt, shift, logo| u16::from(modifier_mask(Modifiers { ctrl, alt, shift, logo }));
        assert_eq!([mask(true, false, false, false), mask(false, true, true, false)], [0b100, 0b1001]);
        assert_eq!([mask(false, false, false, true), mask(false, false, false, false)], [0b100_0000, 0]);
    }

    #[test]
    fn repetitions_of_a_held_key_are_no_presses() {
        let mut presses = Presses::default();
        assert!(presses.is_new(10));
        presses.note_release(500);
        assert!(!presses.is_new(500), "the key is held");
        presses.note_release(530);
        assert!(presses.is_new(900), "the key was released and pressed again");
    }
}
