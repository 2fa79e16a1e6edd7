//! A writer for log lines without invisible characters: messages contain paths, and texts of other processes.

use std::io::{self, Write};

use token_monitor_core::text::sanitize::sanitize_layout;
use tracing_subscriber::fmt::MakeWriter;

/// A writer that sanitizes log lines. Each write is one event, which is written as one line. The color sequences of the
/// formatter are kept.
pub(crate) struct SanitizedWriter<W>(W);

impl<W: Write> Write for SanitizedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(sanitize_event(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Sanitizes an event, except its final line break and its color sequences.
fn sanitize_event(event: &str) -> String {
    let (line, end) = event.strip_suffix('\n').map_or((event, ""), |line| (line, "\n"));
    let mut parts = line.split('\u{1b}');
    let mut sanitized = sanitize_layout(parts.next().unwrap_or_default());
    for part in parts {
        if starts_with_color(part) {
            sanitized.push('\u{1b}');
        }
        sanitized.push_str(&sanitize_layout(part));
    }
    sanitized + end
}

/// Returns true if a text after an escape character begins with the rest of a color sequence, such as `[33m`.
fn starts_with_color(text: &str) -> bool {
    let parameters = text.strip_prefix('[').and_then(|rest| rest.split_once('m'));
    parameters.is_some_and(|(digits, _)| digits.chars().all(|c| c.is_ascii_digit() || c == ';'))
}

/// Creates sanitized writers.
pub(crate) struct MakeSanitized<M>(pub(crate) M);

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for MakeSanitized<M> {
    type Writer = SanitizedWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        SanitizedWriter(self.0.make_writer())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::{info, subscriber};

    use super::*;

    #[test]
    fn log_lines_have_no_invisible_characters_but_colors() {
        let event = "\u{1b}[33mWARN\u{1b}[0m a\u{0}b\u{202e}c\u{200f}\u{1b}[2J\u{1b}]0;x\u{7}\n\u{9b}d\n";
        assert_eq!(sanitize_event(event), "\u{1b}[33mWARN\u{1b}[0m abc[2J]0;x d\n");
    }

    #[test]
    fn an_event_with_a_hostile_name_is_one_line() {
        #[derive(Clone, Default)]
        struct Sink(Arc<Mutex<Vec<u8>>>);
        impl Write for Sink {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().expect("no panic before").write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let sink = Sink::default();
        let make = {
            let sink = sink.clone();
            move || sink.clone()
        };
        let format = tracing_subscriber::fmt().with_writer(MakeSanitized(make)).with_ansi(false).without_time();
        let name = "a\u{0}b\u{1b}[2J\u{202e}c\nWARN forged";
        subscriber::with_default(format.with_target(false).finish(), || info!(path = %name, "Read {name}."));
        let written = String::from_utf8(sink.0.lock().expect("no panic before").clone()).expect("it is text");
        let (line, rest) = written.split_once('\n').expect("it ends");
        assert_eq!(rest, "");
        assert!(!line.chars().any(|c| c.is_control() || c == '\u{202e}'), "{line:?}");
    }
}
