//! The screen while the live view has it.
//!
//! It is given back when this value is dropped, and before a panic is reported. Each drawing is one synchronized update,
//! so that a terminal never shows half of one.

use std::io::{self, BufWriter, Stdout, Write};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use ratatui::crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use ratatui::crossterm::{execute, queue};
use ratatui::layout::{Position, Rect};

/// True while the screen is taken over, for the panic hook.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// The screen of the terminal.
pub(crate) struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    uses_mouse: bool,
}

impl Screen {
    /// Takes over the screen.
    pub(crate) fn open(uses_mouse: bool) -> io::Result<Self> {
        restore_on_panic();
        take(uses_mouse).inspect_err(|_| give_back())?;
        let backend = CrosstermBackend::new(BufWriter::new(io::stdout()));
        let terminal = Terminal::new(backend).inspect_err(|_| give_back())?;
        Ok(Self { terminal, uses_mouse })
    }

    /// Draws a frame. `draw` returns the position of the cursor, or `None` to hide it.
    pub(crate) fn draw(&mut self, draw: impl FnOnce(&mut Buffer, Rect) -> Option<Position>) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        let result = self.terminal.draw(|frame| {
            let area = frame.area();
            if let Some(position) = draw(frame.buffer_mut(), area) {
                frame.set_cursor_position(position);
            }
        });
        let result = result.map(drop);
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        result
    }

    /// Clears the screen, so that the next drawing writes every cell.
    pub(crate) fn forget(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        // Unlike `clear`, this does not ask the terminal for its cursor: the answer would arrive as an input.
        self.terminal.resize(size.into())
    }

    /// Writes an escape sequence that draws nothing.
    pub(crate) fn write_sequence(&mut self, sequence: &str) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        backend.write_all(sequence.as_bytes())?;
        io::Write::flush(backend)
    }

    /// Gives the screen back, until [`Self::resume`].
    pub(crate) fn suspend(&mut self) {
        give_back();
    }

    /// Takes the screen over again, whatever happened to it meanwhile.
    pub(crate) fn resume(&mut self) -> io::Result<()> {
        take(self.uses_mouse)?;
        self.forget()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn take(uses_mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    IS_TAKEN.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)?;
    if uses_mouse {
        execute!(io::stdout(), EnableMouseCapture)?;
    }
    Ok(())
}

/// Restores the terminal. Errors are ignored: it may be gone, and there is nothing else to do.
fn give_back() {
    if !IS_TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        Show,
        LeaveAlternateScreen
    );
    let _ = disable_raw_mode();
}

/// Restores the terminal before a panic is reported, on whatever thread it is.
fn restore_on_panic() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            give_back();
            report(info);
        }));
    });
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Command;
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;

    /// The longest wait for the panic to be reported.
    const DEADLINE: Duration = Duration::from_secs(10);

    /// The variable that is set in the process that takes the terminal.
    const TAKES_SCREEN: &str = "TOKEN_MONITOR_TEST_TAKES_SCREEN";

    #[test]
    fn a_panic_on_any_thread_restores_the_terminal_first() {
        if std::env::var_os(TAKES_SCREEN).is_some() {
            panic_while_the_screen_is_taken();
        }
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("tmux");
        let tmux = |args: &[&str]| {
            let output = Command::new("tmux").arg("-S").arg(&socket).args(["-f", "/dev/null"]).args(args).output();
            String::from_utf8(output.expect("tmux runs").stdout).expect("text")
        };
        let program = std::env::current_exe().expect("this program");
        let test = "live::terminal::screen::tests::a_panic_on_any_thread_restores_the_terminal_first";
        let command = format!("{TAKES_SCREEN}=1 exec {} --exact {test} --nocapture", program.display());
        tmux(&["new-session", "-d", "-x", "80", "-y", "24", &command]);
        let start = Instant::now();
        while !tmux(&["capture-pane", "-p"]).contains("reported on the main screen") {
            assert!(start.elapsed() < DEADLINE, "{}", tmux(&["capture-pane", "-p"]));
            thread::yield_now();
        }
        let flags = tmux(&["display-message", "-p", "#{alternate_on} #{cursor_flag} #{mouse_any_flag}"]);
        tmux(&["kill-server"]);
        assert_eq!(flags.trim(), "0 1 0", "main screen, cursor, no mouse");
    }

    /// Takes the terminal of this process, panics on another thread, and waits to be killed.
    fn panic_while_the_screen_is_taken() -> ! {
        let mut screen = Screen::open(true).expect("there is a terminal");
        screen
            .draw(|buffer, area| {
                buffer.set_string(area.x, area.y, "taken", ratatui::style::Style::new());
                None
            })
            .expect("it is drawn");
        thread::spawn(|| panic!("reported on the main screen")).join().expect_err("it panics");
        loop {
            thread::park();
        }
    }
}
