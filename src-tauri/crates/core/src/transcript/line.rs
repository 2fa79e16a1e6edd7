//! What one line of a log says about usage.
//!
//! Most lines say nothing and are passed over after a substring search. Nothing is dropped silently: every line
//! has an [`Outcome`], and what was skipped is counted by its reason.

use memchr::memmem::Finder;

use crate::ledger::message_key::Key;
use crate::ledger::reported_totals::Counter;
use crate::money::Usd;
use crate::pricing::terms::Terms;
use crate::time::timestamp::Timestamp;
use crate::tokens::Usage;
use crate::transcript::interpret::{Reading, or};
use crate::transcript::lenient_json;
use crate::transcript::parse_stats::{Reason, Tally};
use crate::transcript::schema::Spoken;
use crate::transcript::split::{self, Extent, Held};
use crate::transcript::title::{Title, TitleKind, is_prompt};

/// One accounted use of a model, as one record tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The message it belongs to.
    pub key: Key,
    /// What was used so far.
    pub usage: Usage,
    /// On which terms.
    pub terms: Terms,
    /// What the record itself says it cost.
    pub reported: Option<Usd>,
    /// Whether this is known not to be the whole output.
    pub under_logged: bool,
    /// The model, `unknown` where the record names none.
    pub model: &'a str,
    /// The session: the record's own, else that of its file.
    pub session: &'a str,
    /// The subagent's run, by its file, else by the record's own word.
    pub run: Option<&'a str>,
    /// The working folder, if the record names it.
    pub cwd: Option<&'a str>,
    /// The branch checked out there, if the record names it.
    pub branch: Option<&'a str>,
    /// Whether a subagent or side question said it.
    pub side: bool,
    /// When.
    pub when: Timestamp,
}

/// A title for the session that a message belongs to, wherever that is logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary<'a> {
    /// The `uuid` of the message.
    pub leaf: &'a str,
    /// The title.
    pub text: &'a str,
    /// Where it stands.
    pub offset: u64,
}

/// What a record may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// A use of a model.
    Entry(Entry<'a>),
    /// A title.
    Title(Title<'a>),
    /// A title for a session still to be found.
    Summary(Summary<'a>),
    /// What Claude Code's own counter says of a session.
    Counter(&'a str, Counter),
    /// What Claude Code said instead of an answer, perhaps that a limit was reached.
    Notice(Timestamp, &'a str),
}

/// What a line cannot say itself: where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The session of the file.
    pub home: &'a str,
    /// The subagent's run of the file, if it is one's.
    pub run: Option<&'a str>,
    /// The file, named so that a copy or a move keeps the name.
    pub file: &'a str,
    /// The line's first byte.
    pub offset: u64,
    /// Whether the first thing a person asked in this file is still to be found.
    pub wants_prompt: bool,
}

/// Reads lines. Built once: it holds the compiled searches.
#[derive(Debug)]
pub struct Lines {
    usage: Finder<'static>,
    assistant: Finder<'static>,
    progress: Finder<'static>,
    user: Finder<'static>,
    /// Of records about a session.
    about: [Finder<'static>; 3],
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            usage: Finder::new("\"usage\""),
            assistant: Finder::new("\"assistant\""),
            progress: Finder::new("\"progress\""),
            user: Finder::new("\"user\""),
            about: ["-title\"", "\"leafUuid\"", "\"cost-state\""].map(Finder::new),
        }
    }
}

impl Lines {
    /// Records about a session are short; looking for them in long lines would cost more than it finds.
    const LONGEST_ABOUT: usize = 4096;

    /// Reads one finished line, without its newline.
    ///
    /// `earlier` finds the last readable timestamp before this line; it is asked only where a record has none.
    pub fn read(
        &self,
        line: &[u8],
        place: Place<'_>,
        tally: &mut Tally,
        mut earlier: impl FnMut() -> Option<Timestamp>,
        mut say: impl FnMut(Said<'_>),
    ) {
        if line.trim_ascii().is_empty() {
            return;
        }
        tally.lines += 1;
        if place.wants_prompt && self.user.find(line).is_some() {
            prompt(line, place, &mut say);
        }
        if !self.matters(line) {
            return Self::pass_over(line, tally);
        }
        let mut reading = Reading::of(line, place);
        let held = split::each(line, |record, extent| match extent {
            Extent::Whole => reading.record(record, tally, &mut earlier, &mut say),
            Extent::Torn => reading.torn(record, tally, &mut say),
        });
        Self::tell(&held, tally);
    }

    /// Reads a line whose newline has not been written yet, if it is whole all the same: a writer may have died.
    /// It is read again once it is finished, so nothing is tallied.
    pub fn read_unfinished(
        &self,
        line: &[u8],
        place: Place<'_>,
        mut earlier: impl FnMut() -> Option<Timestamp>,
        mut say: impl FnMut(Said<'_>),
    ) {
        if split::looks_whole(line) && self.matters(line) {
            let mut reading = Reading::of(line, place);
            let mut unheard = Tally::default();
            split::each_if_whole(line, |record| reading.record(record, &mut unheard, &mut earlier, &mut say));
        }
    }

    /// Whether a line may hold an entry or something about a session.
    fn matters(&self, line: &[u8]) -> bool {
        let entry = || {
            self.usage.find(line).is_some()
                && (self.assistant.find(line).is_some() || self.progress.find(line).is_some())
        };
        let about = || line.len() <= Self::LONGEST_ABOUT && self.about.iter().any(|about| about.find(line).is_some());
        entry() || about()
    }

    /// A line that does not matter is looked at only so far as to see whether it is a record at all.
    fn pass_over(line: &[u8], tally: &mut Tally) {
        if !split::looks_whole(line) {
            Self::tell(&split::each(line, |_, _| {}), tally);
        }
    }

    fn tell(held: &Held, tally: &mut Tally) {
        match held {
            Held::Records => {}
            Held::Damaged => tally.skip(Reason::Damaged),
            Held::Nothing => tally.skip(Reason::NotJson),
        }
    }
}

/// The last readable timestamp on a line, usage or not.
pub fn last_moment(line: &[u8]) -> Option<Timestamp> {
    let mut last = None;
    split::each(line, |record, _| last = Timestamp::parse(&record.timestamp.0).or(last));
    last
}

/// Says what a person asked, if that is what the line holds.
fn prompt(line: &[u8], place: Place<'_>, say: &mut impl FnMut(Said<'_>)) {
    let Some(lenient_json::Object(Some(spoken))) = lenient_json::only_value::<Spoken<'_>>(line) else { return };
    let Some(speech) = &spoken.message.0 else { return };
    let by_a_person = spoken.kind.0 == "user" && !spoken.meta.0 && !spoken.compact_summary.0 && !spoken.sidechain.0;
    if by_a_person && is_prompt(&speech.content.0) {
        say(Said::Title(Title {
            session: or(&spoken.session.0, place.home),
            text: &speech.content.0,
            kind: TitleKind::Prompt,
            when: Timestamp::parse(&spoken.timestamp.0),
            offset: place.offset,
        }));
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const PLACE: Place<'_> = Place { home: "home", run: None, file: "home.jsonl", offset: 0, wants_prompt: true };

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
                Said::Summary(summary) => {
                    entries.push((format!("{}: {}", summary.leaf, summary.text), Usage::default()));
                }
                Said::Counter(session, counter) => {
                    entries.push((format!("{session}: {}", counter.cost), Usage::default()));
                }
                Said::Notice(_, text) => entries.push((text.to_owned(), Usage::default())),
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
    fn of_a_torn_record_its_whole_usage_counts() {
        let usage = r#"{"input_tokens":3,"output_tokens":9}"#;
        let torn = format!(
            r#"{{"isSidechain":false,"message":{{"role":"assistant","id":"msg_2","model":"n","usage":{usage},"sto"#
        );
        let (said, tally) = said(&format!("{torn}{}", assistant(r#"{"output_tokens":2}"#)));
        let found: Vec<_> = said.iter().map(|(name, usage)| (name.as_str(), usage.output)).collect();
        assert_eq!(found, vec![("home/m", 2), ("home/n", 9)]);
        assert_eq!((tally.entries, tally.skipped(Reason::Damaged)), (2, 1));
    }

    #[rstest]
    #[case::a_half_count(
        r#"{"message":{"role":"assistant","id":"msg_2","model":"n","usage":{"input_tokens":3,"output_tokens":9"#
    )]
    #[case::a_foreign_id(r#"{"message":{"role":"assistant","id":"7","model":"n","usage":{"output_tokens":9},"sto"#)]
    #[case::no_answer(r#"{"message":{"role":"user","id":"msg_2","model":"n","usage":{"output_tokens":9},"sto"#)]
    fn what_is_not_certain_of_a_torn_record_does_not_count(#[case] torn: &str) {
        let (said, _) = said(&format!("{torn}{}", assistant(r#"{"output_tokens":2}"#)));
        assert_eq!(said.len(), 1);
    }

    #[test]
    fn titles_are_heard() {
        let (said, _) = said(r#"{"type":"custom-title","sessionId":"other","customTitle":" login "}"#);
        assert_eq!(said[0].0, "other: login");
    }

    #[test]
    fn usage_quoted_inside_text_is_not_usage() {
        let (said, tally) = said(
            r#"{"type":"user","isMeta":true,"message":{"content":"\"usage\":{\"input_tokens\":1} \"assistant\""}}"#,
        );
        assert!(said.is_empty());
        assert_eq!(tally.lines, 1);
    }
}
