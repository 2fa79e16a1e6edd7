//! What one line of a log says about usage.
//!
//! Most lines say nothing and are passed over after a substring search. Nothing is dropped silently: every line
//! has an [`Outcome`], and what was skipped is counted by its reason.

use std::borrow::Cow;

use memchr::memmem::Finder;

use crate::json::{self, Count, Message, Record};
use crate::key::{Identity, Key};
use crate::moment::Moment;
use crate::records::{self, Held};
use crate::tally::{Reason, Tally};
use crate::tokens::Usage;

/// One accounted use of a model, as one record tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The message it belongs to.
    pub key: Key,
    /// What was used so far.
    pub usage: Usage,
    /// The model, `unknown` where the record names none.
    pub model: &'a str,
    /// The session: the record's own, else that of its file.
    pub session: &'a str,
    /// The working folder, if the record names it.
    pub cwd: Option<&'a str>,
    /// Whether a subagent or side question said it.
    pub side: bool,
    /// When.
    pub when: Moment,
}

/// A session's title, as Claude Code or its user worded it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title<'a> {
    /// The session.
    pub session: &'a str,
    /// The title, or nothing where it was taken back.
    pub text: &'a str,
    /// Whether a person chose it.
    pub chosen: bool,
    /// The last time known where it stands; title records seldom carry one.
    pub when: Option<Moment>,
    /// Where it stands: the later of two titles wins.
    pub offset: u64,
}

/// What a record may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// A use of a model.
    Entry(Entry<'a>),
    /// A title.
    Title(Title<'a>),
}

/// What a line cannot say itself: where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The session of the file.
    pub home: &'a str,
    /// The file, named so that a copy or a move keeps the name.
    pub file: &'a str,
    /// The line's first byte.
    pub offset: u64,
}

/// Reads lines. Built once: it holds the compiled searches.
#[derive(Debug)]
pub struct Lines {
    usage: Finder<'static>,
    assistant: Finder<'static>,
    progress: Finder<'static>,
    title: Finder<'static>,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            usage: Finder::new("\"usage\""),
            assistant: Finder::new("\"assistant\""),
            progress: Finder::new("\"progress\""),
            title: Finder::new("-title\""),
        }
    }
}

impl Lines {
    /// Title records are short; looking for them in long lines would cost more than it finds.
    const LONGEST_TITLE: usize = 4096;

    /// Reads one finished line, without its newline.
    ///
    /// `earlier` finds the last readable timestamp before this line; it is asked only where a record has none.
    pub fn read(
        &self,
        line: &[u8],
        place: Place<'_>,
        tally: &mut Tally,
        mut earlier: impl FnMut() -> Option<Moment>,
        mut say: impl FnMut(Said<'_>),
    ) {
        if line.trim_ascii().is_empty() {
            return;
        }
        tally.lines += 1;
        if !self.matters(line) {
            return Self::pass_over(line, tally);
        }
        let mut reading = Reading { line, place, last: None };
        let held = records::each(line, |record| reading.record(record, tally, &mut earlier, &mut say));
        match held {
            Held::Records => {}
            Held::Damaged => tally.skip(Reason::Damaged),
            Held::Nothing => tally.skip(Reason::NotJson),
        }
    }

    /// Reads a line whose newline has not been written yet, if it is whole all the same: a writer may have died.
    /// It is read again once it is finished, so nothing is tallied.
    pub fn read_unfinished(
        &self,
        line: &[u8],
        place: Place<'_>,
        mut earlier: impl FnMut() -> Option<Moment>,
        mut say: impl FnMut(Said<'_>),
    ) {
        if records::looks_whole(line) && self.matters(line) {
            let mut reading = Reading { line, place, last: None };
            let mut unheard = Tally::default();
            records::each_if_whole(line, |record| reading.record(record, &mut unheard, &mut earlier, &mut say));
        }
    }

    /// Whether a line may hold an entry or a title.
    fn matters(&self, line: &[u8]) -> bool {
        let entry = || {
            self.usage.find(line).is_some()
                && (self.assistant.find(line).is_some() || self.progress.find(line).is_some())
        };
        entry() || (line.len() <= Self::LONGEST_TITLE && self.title.find(line).is_some())
    }

    /// A line without usage is looked at only so far as to see whether it is a record at all.
    fn pass_over(line: &[u8], tally: &mut Tally) {
        if records::looks_whole(line) {
            return;
        }
        match records::each(line, |_| {}) {
            Held::Records => {}
            Held::Damaged => tally.skip(Reason::Damaged),
            Held::Nothing => tally.skip(Reason::NotJson),
        }
    }
}

/// The last readable timestamp on a line, usage or not.
pub fn last_moment(line: &[u8]) -> Option<Moment> {
    let mut last = None;
    records::each(line, |record| last = Moment::parse(&record.timestamp.0).or(last));
    last
}

/// One line being read.
struct Reading<'a> {
    line: &'a [u8],
    place: Place<'a>,
    /// The last timestamp on this line so far.
    last: Option<Moment>,
}

impl Reading<'_> {
    fn record(
        &mut self,
        record: &Record<'_>,
        tally: &mut Tally,
        earlier: &mut impl FnMut() -> Option<Moment>,
        say: &mut impl FnMut(Said<'_>),
    ) {
        self.last = Moment::parse(&record.timestamp.0).or(self.last);
        let kind = record.kind.as_ref().map_or("", |kind| &kind.0);
        let (message, request, side) = match kind {
            "assistant" => (&record.message, &record.request, record.sidechain.0),
            "progress" => match record.data.0.as_ref().and_then(|data| data.message.0.as_ref()) {
                Some(nested) => (&nested.message, &nested.request, true),
                None => return,
            },
            "ai-title" | "custom-title" => return self.title(record, kind, earlier, say),
            _ => return,
        };
        let Some(message) = &message.0 else { return };
        let Some(usage) = &message.usage.0 else { return };
        if message.model.0 == "<synthetic>" {
            return tally.skip(Reason::Synthetic);
        }
        let Some(when) = self.last.or_else(earlier) else {
            return tally.skip(Reason::NoTime);
        };
        tally.entries += 1;
        let session = or(&record.session.0, self.place.home);
        let key = self.key(record, message, &request.0, session);
        let entry = Entry { key, usage: Usage::default(), model: "", session, cwd: some(&record.cwd.0), side, when };
        Self::calls(&entry, message, usage, tally, say);
    }

    /// Says the message's own call and the extra ones billed beside it.
    fn calls(
        entry: &Entry<'_>,
        message: &Message<'_>,
        usage: &json::Usage<'_>,
        tally: &mut Tally,
        say: &mut impl FnMut(Said<'_>),
    ) {
        let model = or(&message.model.0, "unknown");
        let advisors = usage.iterations.0.iter().enumerate().filter_map(|(index, item)| {
            let item = item.0.as_ref().filter(|item| item.kind.0 == "advisor_message")?;
            Some((entry.key.advisor(index), item))
        });
        for (key, call) in std::iter::once((entry.key, usage)).chain(advisors) {
            let model = if key == entry.key { model } else { or(&call.model.0, model) };
            let usage = counts(call, tally);
            say(Said::Entry(Entry { key, usage, model, ..entry.clone() }));
        }
    }

    fn title(
        &self,
        record: &Record<'_>,
        kind: &str,
        earlier: &mut impl FnMut() -> Option<Moment>,
        say: &mut impl FnMut(Said<'_>),
    ) {
        let chosen = kind == "custom-title";
        let text = if chosen { &record.custom_title.0 } else { &record.ai_title.0 };
        let session = or(&record.session.0, self.place.home);
        let when = self.last.or_else(earlier);
        say(Said::Title(Title { session, text: text.trim(), chosen, when, offset: self.place.offset }));
    }

    fn key(&self, record: &Record<'_>, message: &Message<'_>, request: &str, session: &str) -> Key {
        let identity = Identity { id: &message.id.0, request, session, uuid: &record.uuid.0 };
        Key::new(identity, || {
            let mut place = self.place.file.as_bytes().to_vec();
            place.extend_from_slice(&self.place.offset.to_le_bytes());
            // Without its end: read before that was written, it is the same line.
            place.extend_from_slice(&xxhash_rust::xxh3::xxh3_64(self.line.trim_ascii_end()).to_le_bytes());
            place
        })
    }
}

/// The counts of one call. The total of cache writes may be missing where the split is there, and the reverse.
fn counts(usage: &json::Usage<'_>, tally: &mut Tally) -> Usage {
    let (five_minutes, hour) = usage.split.0.as_ref().map(|split| (split.five_minutes, split.hour)).unwrap_or_default();
    let web_searches = usage.tools.0.as_ref().map(|tools| tools.web_searches).unwrap_or_default();
    let all = [usage.input, usage.output, usage.cache_write, usage.cache_read, five_minutes, hour, web_searches];
    if all.iter().any(|count: &Count| count.refused) {
        tally.skip(Reason::NotACount);
    }
    Usage {
        input: usage.input.value,
        output: usage.output.value,
        cache_write: usage.cache_write.value.max(five_minutes.value + hour.value),
        cache_write_hour: hour.value,
        cache_read: usage.cache_read.value,
        web_searches: web_searches.value,
    }
}

fn or<'a>(text: &'a Cow<'a, str>, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

fn some<'a>(text: &'a Cow<'a, str>) -> Option<&'a str> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const PLACE: Place<'_> = Place { home: "home", file: "home.jsonl", offset: 0 };

    fn said(line: &str) -> (Vec<(String, Usage)>, Tally) {
        let (mut entries, mut tally) = (Vec::new(), Tally::default());
        Lines::default().read(
            line.as_bytes(),
            PLACE,
            &mut tally,
            || None,
            |said| match said {
                Said::Entry(entry) => entries.push((format!("{}/{}", entry.session, entry.model), entry.usage)),
                Said::Title(title) => entries.push((format!("{}: {}", title.session, title.text), Usage::default())),
            },
        );
        (entries, tally)
    }

    fn assistant(usage: &str) -> String {
        format!(
            r#"{{"type":"assistant","timestamp":"2026-05-01T10:00:00Z","message":{{"id":"msg_1","model":"m","usage":{usage}}}}}"#
        )
    }

    #[test]
    fn a_call_is_said_with_its_counts() {
        let (said, tally) = said(&assistant(r#"{"input_tokens":1,"output_tokens":2,"cache_read_input_tokens":3}"#));
        let usage = Usage { input: 1, output: 2, cache_read: 3, ..Usage::default() };
        assert_eq!(said, vec![("home/m".to_owned(), usage)]);
        assert_eq!((tally.lines, tally.entries), (1, 1));
    }

    #[rstest]
    #[case(r#"{"cache_creation_input_tokens":999,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20}}"#, 999, 20)]
    #[case(r#"{"cache_creation_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20}}"#, 30, 20)]
    #[case(r#"{"cache_creation_input_tokens":5,"cache_creation":null}"#, 5, 0)]
    fn cache_writes_are_the_larger_of_total_and_split(#[case] usage: &str, #[case] all: u64, #[case] hour: u64) {
        let (said, _) = said(&assistant(usage));
        assert_eq!((said[0].1.cache_write, said[0].1.cache_write_hour), (all, hour));
    }

    #[test]
    fn an_advisor_is_a_call_of_its_own_under_its_own_model() {
        let (said, tally) = said(&assistant(
            r#"{"output_tokens":2,"iterations":[{"type":"message","output_tokens":2},{"type":"advisor_message","model":"big","output_tokens":7}]}"#,
        ));
        let names: Vec<_> = said.iter().map(|(name, usage)| (name.as_str(), usage.output)).collect();
        assert_eq!(names, vec![("home/m", 2), ("home/big", 7)]);
        assert_eq!(tally.entries, 1, "both come from one record");
    }

    #[test]
    fn a_nested_progress_message_counts_aside() {
        let line = r#"{"type":"progress","sessionId":"s","timestamp":"2026-02-01T10:00:00Z","data":{"message":{"type":"assistant","requestId":"r","message":{"id":"msg_1","model":"m","usage":{"output_tokens":4}}}}}"#;
        let mut sides = Vec::new();
        Lines::default().read(
            line.as_bytes(),
            PLACE,
            &mut Tally::default(),
            || None,
            |said| {
                if let Said::Entry(entry) = said {
                    sides.push((entry.session.to_owned(), entry.side));
                }
            },
        );
        assert_eq!(sides, vec![("s".to_owned(), true)]);
    }

    #[rstest]
    #[case::synthetic(&assistant("{}").replace("\"m\"", "\"<synthetic>\""), Reason::Synthetic)]
    #[case::no_time(&assistant("{}").replace("2026-05-01T10:00:00Z", "soon"), Reason::NoTime)]
    #[case::half(&assistant("{}")[..60], Reason::NotJson)]
    #[case::prose("the quick brown fox", Reason::NotJson)]
    fn what_is_skipped_is_counted_by_reason(#[case] line: &str, #[case] reason: Reason) {
        let (said, tally) = said(line);
        assert_eq!((said.len(), tally.skipped(reason), tally.lines), (0, 1, 1));
    }

    #[test]
    fn a_number_that_is_no_count_reads_as_zero_and_is_told() {
        let (said, tally) = said(&assistant(r#"{"input_tokens":-5,"output_tokens":2}"#));
        assert_eq!((said[0].1.input, said[0].1.output, tally.skipped(Reason::NotACount)), (0, 2, 1));
    }

    #[test]
    fn titles_are_heard() {
        let (said, _) = said(r#"{"type":"custom-title","sessionId":"other","customTitle":" login "}"#);
        assert_eq!(said[0].0, "other: login");
    }

    #[test]
    fn usage_quoted_inside_text_is_not_usage() {
        let (said, tally) =
            said(r#"{"type":"user","message":{"content":"\"usage\":{\"input_tokens\":1} \"assistant\""}}"#);
        assert!(said.is_empty());
        assert_eq!(tally.lines, 1);
    }
}
