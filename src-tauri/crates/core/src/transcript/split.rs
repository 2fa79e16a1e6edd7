//! Splitting of a line into JSON records, even if the line is damaged.
//!
//! Normally a line is one record, which is the fast path. Also seen in logs: NUL bytes or a byte order mark before a
//! record, two records joined without a newline, and a torn record with the next one spliced into it. After damage,
//! parsing resumes at the next `{"` that starts a valid object with a `type`. The time is linear in the length of the
//! line: a hostile line is abandoned.

use std::borrow::Cow;

use memchr::memmem;

use crate::transcript::lenient_json;
use crate::transcript::salvage;
use crate::transcript::schema::LogRecord;

/// The quality of a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LineQuality {
    /// The line consists of complete records.
    Clean,
    /// The line has records and unreadable parts.
    Damaged,
    /// The line has no readable record.
    Unreadable,
}

/// The completeness of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Completeness {
    /// The whole record was parsed.
    Complete,
    /// Only the certain beginning of the record was parsed.
    Torn,
}

/// Calls `visit` with each record of the line in order, then with the certain parts of torn records.
pub(crate) fn for_each_record(line: &[u8], mut visit: impl FnMut(&LogRecord<'_>, Completeness)) -> LineQuality {
    if let Some(lenient_json::Object(Some(record))) = lenient_json::parse_single::<LogRecord<'_>>(line) {
        visit(&record, Completeness::Complete);
        return LineQuality::Clean;
    }
    let text = repair_text(line);
    let mut torn = Vec::new();
    let walk = RecordWalk {
        text: text.as_bytes(),
        position: 0,
        clean: true,
        found: false,
        damaged: false,
        wasted: 0,
        torn: &mut torn,
    };
    let quality = walk.run(&mut visit);
    for text in torn.iter().filter_map(|torn| salvage::salvage_record(torn)) {
        if let Some(lenient_json::Object(Some(record))) = lenient_json::parse_single::<LogRecord<'_>>(&text) {
            visit(&record, Completeness::Torn);
        }
    }
    quality
}

/// Calls `visit` with the record of a line that may still be written, but only if the line is one complete record.
pub(crate) fn visit_if_complete(line: &[u8], mut visit: impl FnMut(&LogRecord<'_>)) {
    if let Some(lenient_json::Object(Some(record))) = lenient_json::parse_single::<LogRecord<'_>>(line) {
        visit(&record);
    }
}

/// Replaces parts that are not valid JSON but occur in logs: NULs, a byte order mark, invalid UTF-8, unpaired
/// surrogates and NaN.
fn repair_text(line: &[u8]) -> Cow<'_, str> {
    let mut text = String::from_utf8_lossy(line);
    if text.contains('\0') {
        text = Cow::Owned(text.replace('\0', ""));
    }
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if trimmed.len() < text.len() {
        text = Cow::Owned(trimmed.to_owned());
    }
    if text.contains("\\u") || text.contains("NaN") || text.contains("Infinity") {
        text = Cow::Owned(replace_invalid_tokens(&text));
    }
    text
}

/// Replaces unpaired surrogates with U+FFFD, and numbers that are not finite with `null`. The text does not get
/// longer.
fn replace_invalid_tokens(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let taken = match next {
            '\\' if quoted => copy_escape(rest, &mut out),
            '"' => {
                quoted = !quoted;
                push_char(next, &mut out)
            }
            _ => match non_number_len(rest).filter(|_| !quoted) {
                Some(taken) => push_null(taken, &mut out),
                None => push_char(next, &mut out),
            },
        };
        rest = &rest[taken..];
    }
    out
}

fn push_char(next: char, out: &mut String) -> usize {
    out.push(next);
    next.len_utf8()
}

fn push_null(taken: usize, out: &mut String) -> usize {
    out.push_str("null");
    taken
}

fn non_number_len(rest: &str) -> Option<usize> {
    ["NaN", "Infinity", "-Infinity"].iter().find(|word| rest.starts_with(**word)).map(|word| word.len())
}

/// Copies one escape sequence. An unpaired surrogate becomes U+FFFD.
fn copy_escape(rest: &str, out: &mut String) -> usize {
    let unit = |at: usize| {
        let digits = rest.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    match (unit(0), unit(6)) {
        (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => copy_prefix(rest, 12, out),
        (Some(0xD800..=0xDFFF), _) => {
            out.push_str("\\ufffd");
            6
        }
        _ => copy_prefix(rest, 1 + rest[1..].chars().next().map_or(0, char::len_utf8), out),
    }
}

fn copy_prefix(rest: &str, len: usize, out: &mut String) -> usize {
    out.push_str(&rest[..len]);
    len
}

/// A walk over a line that is not exactly one record.
struct RecordWalk<'a, 'w> {
    text: &'a [u8],
    position: usize,
    /// True if everything up to the position was parsed.
    clean: bool,
    found: bool,
    damaged: bool,
    /// The number of bytes parsed without success.
    wasted: usize,
    /// The torn records with usage, each from its first byte.
    torn: &'w mut Vec<&'a [u8]>,
}

impl<'a> RecordWalk<'a, '_> {
    /// The number of times the length of a line may be parsed without success. Real damage needs once or twice.
    const MAX_WASTED_FACTOR: usize = 16;

    fn run(mut self, visit: &mut impl FnMut(&LogRecord<'_>, Completeness)) -> LineQuality {
        while self.position < self.text.len()
            && self.wasted <= Self::MAX_WASTED_FACTOR * self.text.len()
            && self.seek_start()
        {
            self.parse_next(visit);
            self.skip_separators();
        }
        match (self.found, self.damaged) {
            (true, false) => LineQuality::Clean,
            (true, true) => LineQuality::Damaged,
            (false, _) => LineQuality::Unreadable,
        }
    }

    /// After damage, moves to the next possible start of a record. Returns false if there is none.
    fn seek_start(&mut self) -> bool {
        if self.clean {
            return true;
        }
        let found = memmem::find(&self.text[self.position..], b"{\"");
        self.position += found.unwrap_or_default();
        found.is_some()
    }

    fn parse_next(&mut self, visit: &mut impl FnMut(&LogRecord<'_>, Completeness)) {
        let rest = &self.text[self.position..];
        match lenient_json::parse_prefix::<LogRecord<'_>>(rest) {
            Some((lenient_json::Object(Some(record)), taken)) if self.clean || record.has_type() => {
                visit(&record, Completeness::Complete);
                self.found = true;
                self.position += taken;
            }
            Some((lenient_json::Object(Some(_)), taken)) => {
                self.wasted += taken;
                self.position += 1;
            }
            Some((lenient_json::Object(None), taken)) => {
                self.position += taken;
                self.mark_damaged();
            }
            None => {
                self.note_torn(rest);
                self.wasted += rest.len();
                self.position += 1;
                self.mark_damaged();
            }
        }
    }

    /// Records the start of a torn record with usage. Objects nested in an already torn record are not recorded.
    fn note_torn(&mut self, rest: &'a [u8]) {
        if self.clean && memmem::find(rest, b"\"usage\"").is_some() {
            self.torn.push(rest);
        }
    }

    fn mark_damaged(&mut self) {
        self.clean = false;
        self.damaged = true;
    }

    fn skip_separators(&mut self) {
        while self.text.get(self.position).is_some_and(|byte| b" \t\r,".contains(byte)) {
            self.position += 1;
        }
    }
}

impl LogRecord<'_> {
    fn has_type(&self) -> bool {
        self.kind.is_some()
    }
}

/// Returns true if a line starts and ends like a single object.
pub(crate) fn looks_complete(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.first() == Some(&b'{') && line.last() == Some(&b'}')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn record_kinds(line: &[u8]) -> (Vec<String>, LineQuality) {
        let mut kinds = Vec::new();
        let quality = for_each_record(line, |record, completeness| {
            kinds.extend(
                (completeness == Completeness::Complete)
                    .then(|| record.kind.as_ref().map(|kind| kind.0.to_string()).unwrap_or_default()),
            );
        });
        (kinds, quality)
    }

    #[rstest]
    #[case::one(br#"{"type":"a"}"#, &["a"], LineQuality::Clean)]
    #[case::crlf(b"{\"type\":\"a\"}\r", &["a"], LineQuality::Clean)]
    #[case::joined(br#"{"type":"a"}{"type":"b"}"#, &["a", "b"], LineQuality::Clean)]
    #[case::byte_order_mark(b"\xef\xbb\xbf{\"type\":\"a\"}", &["a"], LineQuality::Clean)]
    #[case::nuls(b"\0\0\0{\"type\":\"a\"}", &["a"], LineQuality::Clean)]
    #[case::invalid_utf8(b"{\"type\":\"a\xff\"}", &["a\u{fffd}"], LineQuality::Clean)]
    #[case::unpaired_surrogate(br#"{"type":"a\ud83d"}"#, &["a\u{fffd}"], LineQuality::Clean)]
    #[case::nan(br#"{"type":"a","x":NaN,"y":"NaN"}"#, &["a"], LineQuality::Clean)]
    #[case::spliced(br#"{"type":"a","x":"cut of{"type":"b","y":1}"#, &["b"], LineQuality::Damaged)]
    #[case::trailing(br#"{"type":"a"} and more"#, &["a"], LineQuality::Damaged)]
    #[case::leading(br#"more {"x":1} {"type":"a"}"#, &["a"], LineQuality::Damaged)]
    #[case::torn(br#"{"type":"a","x":"cut of"#, &[], LineQuality::Unreadable)]
    #[case::plain_text(b"not json at all", &[], LineQuality::Unreadable)]
    #[case::list(br#"[{"type":"a"}]"#, &[], LineQuality::Unreadable)]
    fn records_are_split_and_the_quality_is_reported(
        #[case] line: &[u8],
        #[case] found: &[&str],
        #[case] quality: LineQuality,
    ) {
        assert_eq!(record_kinds(line), (found.iter().map(ToString::to_string).collect(), quality));
    }

    #[test]
    fn a_hostile_line_is_abandoned() {
        let line = br#"{"a":"#.repeat(200_000);
        assert_eq!(record_kinds(&line), (vec![], LineQuality::Unreadable));
    }
}
