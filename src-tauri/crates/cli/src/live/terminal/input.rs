//! Reads keys, the mouse and sizes on a thread of its own, which waits without using the processor.

use std::io;
use std::thread;

use ratatui::crossterm::event::{Event, KeyEvent, KeyEventKind, MouseEvent, read};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// An input.
#[derive(Clone, Debug)]
pub(crate) enum TerminalInput {
    Key(KeyEvent),
    Paste(String),
    Mouse(MouseEvent),
    Resize,
    /// The terminal cannot be read any more.
    Closed(String),
}

/// The inputs, in their order.
pub(crate) struct InputReader(UnboundedReceiver<TerminalInput>);

impl InputReader {
    /// Starts to read. The thread ends with the process: a read cannot be interrupted.
    pub(crate) fn start() -> io::Result<Self> {
        let (sender, receiver) = unbounded_channel();
        thread::Builder::new().name("terminal input".to_owned()).spawn(move || read_all(&sender))?;
        Ok(Self(receiver))
    }

    /// Waits for the next input.
    pub(crate) async fn next(&mut self) -> Option<TerminalInput> {
        self.0.recv().await
    }

    /// Returns an input that has already arrived.
    pub(crate) fn next_now(&mut self) -> Option<TerminalInput> {
        self.0.try_recv().ok()
    }
}

fn read_all(sender: &UnboundedSender<TerminalInput>) {
    loop {
        let (input, is_last) = match read() {
            Ok(event) => (input_of(event), false),
            Err(error) => (Some(TerminalInput::Closed(error.to_string())), true),
        };
        let is_received = input.is_none_or(|input| sender.send(input).is_ok());
        if is_last || !is_received {
            return;
        }
    }
}

fn input_of(event: Event) -> Option<TerminalInput> {
    match event {
        Event::Key(key) if key.kind == KeyEventKind::Release => None,
        Event::Key(key) => Some(TerminalInput::Key(key)),
        Event::Paste(text) => Some(TerminalInput::Paste(text)),
        Event::Mouse(event) => Some(TerminalInput::Mouse(event)),
        Event::Resize(..) => Some(TerminalInput::Resize),
        Event::FocusGained | Event::FocusLost => None,
    }
}
