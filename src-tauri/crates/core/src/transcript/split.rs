//! The JSON records on one line of a log, however damaged the line is.
//!
//! A whole line is one record, and that is the fast path. What else has been seen: runs of NUL bytes and a byte
//! order mark before a record, two records joined without a newline, a torn record with the next one spliced into
//! it. After damage, reading resumes at the next `{"` that starts a parsable object with a `type`.
//! It works in time linear in the line: a hostile line is given up, not chewed on.

use std::borrow::Cow;

use memchr::memmem;

use crate::transcript::lenient_json;
use crate::transcript::salvage;
use crate::transcript::schema::Record;

/// What a line held.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// Records and nothing else.
    Records,
    /// Records, with something unreadable beside them.
    Damaged,
    /// Nothing that could be read.
    Nothing,
}

/// How much of a record there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Whole,
    /// Its beginning, as far as that is certain.
    Torn,
}

/// Calls `visit` with each record of the line, in order; with what is left of torn ones after all others.
pub(crate) fn each(line: &[u8], mut visit: impl FnMut(&Record<'_>, Extent)) -> Held {
    if let Some(lenient_json::Object(Some(record))) = lenient_json::only_value::<Record<'_>>(line) {
        visit(&record, Extent::Whole);
        return Held::Records;
    }
    let text = mend(line);
    let mut torn = Vec::new();
    let walk =
        Walk { text: text.as_bytes(), at: 0, clean: true, found: false, damaged: false, strength: 0, torn: &mut torn };
    let held = walk.run(&mut visit);
    for text in torn.iter().filter_map(|torn| salvage::mended(torn)) {
        if let Some(lenient_json::Object(Some(record))) = lenient_json::only_value::<Record<'_>>(&text) {
            visit(&record, Extent::Torn);
        }
    }
    held
}

/// Calls `visit` with each record of a line that may still be being written, but only if nothing in it is broken.
pub(crate) fn each_if_whole(line: &[u8], mut visit: impl FnMut(&Record<'_>)) {
    if let Some(lenient_json::Object(Some(record))) = lenient_json::only_value::<Record<'_>>(line) {
        visit(&record);
    }
}

/// What JSON cannot have but logs do: NULs, a byte order mark, invalid UTF-8, half a surrogate pair, NaN.
fn mend(line: &[u8]) -> Cow<'_, str> {
    let mut text = String::from_utf8_lossy(line);
    if text.contains('\0') {
        text = Cow::Owned(text.replace('\0', ""));
    }
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if trimmed.len() < text.len() {
        text = Cow::Owned(trimmed.to_owned());
    }
    if text.contains("\\u") || text.contains("NaN") || text.contains("Infinity") {
        text = Cow::Owned(plain(&text));
    }
    text
}

/// The text with lone surrogates replaced and non-numbers nulled, in both cases at unchanged length or less.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let taken = match next {
            '\\' if quoted => escape(rest, &mut out),
            '"' => {
                quoted = !quoted;
                keep(next, &mut out)
            }
            _ => match not_a_number(rest).filter(|_| !quoted) {
                Some(taken) => null(taken, &mut out),
                None => keep(next, &mut out),
            },
        };
        rest = &rest[taken..];
    }
    out
}

fn keep(next: char, out: &mut String) -> usize {
    out.push(next);
    next.len_utf8()
}

fn null(taken: usize, out: &mut String) -> usize {
    out.push_str("null");
    taken
}

fn not_a_number(rest: &str) -> Option<usize> {
    ["NaN", "Infinity", "-Infinity"].iter().find(|word| rest.starts_with(**word)).map(|word| word.len())
}

/// Copies one escape sequence; half a surrogate pair becomes U+FFFD.
fn escape(rest: &str, out: &mut String) -> usize {
    let unit = |at: usize| {
        let digits = rest.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    match (unit(0), unit(6)) {
        (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => copy(rest, 12, out),
        (Some(0xD800..=0xDFFF), _) => {
            out.push_str("\\ufffd");
            6
        }
        _ => copy(rest, 1 + rest[1..].chars().next().map_or(0, char::len_utf8), out),
    }
}

fn copy(rest: &str, len: usize, out: &mut String) -> usize {
    out.push_str(&rest[..len]);
    len
}

/// A walk over a line that is not simply one record.
struct Walk<'a, 'w> {
    text: &'a [u8],
    at: usize,
    /// Whether everything up to here was read.
    clean: bool,
    found: bool,
    damaged: bool,
    /// Bytes looked at in vain so far.
    strength: usize,
    /// Records with usage that break off, from their first byte.
    torn: &'w mut Vec<&'a [u8]>,
}

impl<'a> Walk<'a, '_> {
    /// How often a line's length may be looked at in vain: real damage needs once or twice.
    const PATIENCE: usize = 16;

    fn run(mut self, visit: &mut impl FnMut(&Record<'_>, Extent)) -> Held {
        while self.at < self.text.len() && self.strength <= Self::PATIENCE * self.text.len() && self.next_start() {
            self.step(visit);
            self.skip_separators();
        }
        match (self.found, self.damaged) {
            (true, false) => Held::Records,
            (true, true) => Held::Damaged,
            (false, _) => Held::Nothing,
        }
    }

    /// After damage, moves to the next place a record may start at.
    fn next_start(&mut self) -> bool {
        if self.clean {
            return true;
        }
        let found = memmem::find(&self.text[self.at..], b"{\"");
        self.at += found.unwrap_or_default();
        found.is_some()
    }

    fn step(&mut self, visit: &mut impl FnMut(&Record<'_>, Extent)) {
        let rest = &self.text[self.at..];
        match lenient_json::value::<Record<'_>>(rest) {
            Some((lenient_json::Object(Some(record)), taken)) if self.clean || record.has_type() => {
                visit(&record, Extent::Whole);
                self.found = true;
                self.at += taken;
            }
            Some((lenient_json::Object(Some(_)), taken)) => {
                self.strength += taken;
                self.at += 1;
            }
            Some((lenient_json::Object(None), taken)) => {
                self.at += taken;
                self.break_off();
            }
            None => {
                self.note_torn(rest);
                self.strength += rest.len();
                self.at += 1;
                self.break_off();
            }
        }
    }

    /// A line holds a few torn records at most; a nested object that breaks off with them is none.
    fn note_torn(&mut self, rest: &'a [u8]) {
        if self.clean && memmem::find(rest, b"\"usage\"").is_some() {
            self.torn.push(rest);
        }
    }

    fn break_off(&mut self) {
        self.clean = false;
        self.damaged = true;
    }

    fn skip_separators(&mut self) {
        while self.text.get(self.at).is_some_and(|byte| b" \t\r,".contains(byte)) {
            self.at += 1;
        }
    }
}

impl Record<'_> {
    fn has_type(&self) -> bool {
        self.kind.is_some()
    }
}

/// Whether a line looks like one whole object, judged by its ends alone.
pub(crate) fn looks_whole(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.first() == Some(&b'{') && line.last() == Some(&b'}')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn kinds(line: &[u8]) -> (Vec<String>, Held) {
        let mut kinds = Vec::new();
        let held = each(line, |record, extent| {
            kinds.extend(
                (extent == Extent::Whole)
                    .then(|| record.kind.as_ref().map(|kind| kind.0.to_string()).unwrap_or_default()),
            );
        });
        (kinds, held)
    }

    #[rstest]
    #[case::one(br#"{"type":"a"}"#, &["a"], Held::Records)]
    #[case::crlf(b"{\"type\":\"a\"}\r", &["a"], Held::Records)]
    #[case::joined(br#"{"type":"a"}{"type":"b"}"#, &["a", "b"], Held::Records)]
    #[case::byte_order_mark(b"\xef\xbb\xbf{\"type\":\"a\"}", &["a"], Held::Records)]
    #[case::nuls(b"\0\0\0{\"type\":\"a\"}", &["a"], Held::Records)]
    #[case::invalid_utf8(b"{\"type\":\"a\xff\"}", &["a\u{fffd}"], Held::Records)]
    #[case::half_a_pair(br#"{"type":"a\ud83d"}"#, &["a\u{fffd}"], Held::Records)]
    #[case::nan(br#"{"type":"a","x":NaN,"y":"NaN"}"#, &["a"], Held::Records)]
    #[case::spliced(br#"{"type":"a","x":"cut of{"type":"b","y":1}"#, &["b"], Held::Damaged)]
    #[case::trailing(br#"{"type":"a"} and more"#, &["a"], Held::Damaged)]
    #[case::leading(br#"more {"x":1} {"type":"a"}"#, &["a"], Held::Damaged)]
    #[case::torn(br#"{"type":"a","x":"cut of"#, &[], Held::Nothing)]
    #[case::prose(b"not json at all", &[], Held::Nothing)]
    #[case::list(br#"[{"type":"a"}]"#, &[], Held::Nothing)]
    fn records_are_found(#[case] line: &[u8], #[case] found: &[&str], #[case] held: Held) {
        assert_eq!(kinds(line), (found.iter().map(ToString::to_string).collect(), held));
    }

    #[test]
    fn a_hostile_line_is_given_up() {
        let line = br#"{"a":"#.repeat(200_000);
        assert_eq!(kinds(&line), (vec![], Held::Nothing));
    }
}
