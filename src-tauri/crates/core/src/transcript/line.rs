//! Parsing of one line of a log.
//!
//! Most lines have no usage and are skipped after a substring search. No line is dropped silently: skipped input is
//! counted by reason in [`ParseStats`].

use memchr::memmem::Finder;

use crate::time::timestamp::Timestamp;
use crate::transcript::events::{LineContext, LogEvent};
use crate::transcript::interpret::{RecordInterpreter, non_empty_or};
use crate::transcript::lenient_json::{self, Object};
use crate::transcript::parse_stats::{ParseStats, SkipReason};
use crate::transcript::schema::PromptRecord;
use crate::transcript::split::{self, Completeness, LineQuality};
use crate::transcript::title::{Title, TitleKind, is_prompt};

/// A parser of log lines with its compiled substring searches. It is built once.
#[derive(Debug)]
pub struct LineParser {
    usage: Finder<'static>,
    assistant: Finder<'static>,
    progress: Finder<'static>,
    user: Finder<'static>,
    /// Finders of records with session metadata.
    metadata: [Finder<'static>; 8],
    /// A finder of records with the totals of a session.
    totals: Finder<'static>,
}

impl Default for LineParser {
    fn default() -> Self {
        Self {
            usage: Finder::new("\"usage\""),
            assistant: Finder::new("\"assistant\""),
            progress: Finder::new("\"progress\""),
            user: Finder::new("\"user\""),
            metadata: [
                "-title\"",
                "\"leafUuid\"",
                "\"cost-state\"",
                "\"rateLimits\"",
                "\"relocatedCwd\"",
                "\"worktreePath\"",
                "\"pr-link\"",
                "\"compact_boundary\"",
            ]
            .map(Finder::new),
            totals: Finder::new("\"cost-state\""),
        }
    }
}

impl LineParser {
    /// The longest line that is searched for session metadata. Such records are short, and the search is not worth its
    /// cost in longer lines.
    const MAX_METADATA_BYTES: usize = 4096;

    /// The longest line that may be a record of session totals. Such a record grows with the number of models, by about
    /// 300 bytes each.
    const MAX_TOTALS_BYTES: usize = 1 << 20;

    /// The number of bytes at either end of a long line that are searched for the type of a record of session totals.
    const TYPE_SEARCH_BYTES: usize = 512;

    /// Parses one finished line, given without its newline, and emits its events.
    ///
    /// `find_earlier` finds the last readable timestamp before the line. It is only called if a record has no timestamp.
    pub fn parse_line(
        &self,
        line: &[u8],
        context: LineContext<'_>,
        stats: &mut ParseStats,
        mut find_earlier: impl FnMut() -> Option<Timestamp>,
        mut emit: impl FnMut(LogEvent<'_>),
    ) {
        if line.trim_ascii().is_empty() {
            return;
        }
        stats.lines += 1;
        if context.needs_first_prompt && self.user.find(line).is_some() {
            emit_prompt(line, context, &mut emit);
        }
        let text = self.without_nuls(line);
        let line = text.as_deref().unwrap_or(line);
        if !self.is_relevant(line) {
            return Self::check_irrelevant(line, stats);
        }
        let mut interpreter = RecordInterpreter::new(line, context);
        let quality = split::for_each_record(line, |record, completeness| match completeness {
            Completeness::Complete => interpreter.interpret_record(record, stats, &mut find_earlier, &mut emit),
            Completeness::Torn => interpreter.interpret_torn_record(record, stats, &mut emit),
        });
        Self::count_quality(&quality, stats);
    }

    /// Parses a line without a newline if it is a complete record, because its writer may have died.
    ///
    /// The line is parsed again once it is finished, so nothing is added to the statistics.
    pub fn parse_unfinished(
        &self,
        line: &[u8],
        context: LineContext<'_>,
        mut find_earlier: impl FnMut() -> Option<Timestamp>,
        mut emit: impl FnMut(LogEvent<'_>),
    ) {
        if split::looks_complete(line) && self.is_relevant(line) {
            let mut interpreter = RecordInterpreter::new(line, context);
            let mut ignored = ParseStats::default();
            split::visit_if_complete(line, |record| {
                interpreter.interpret_record(record, &mut ignored, &mut find_earlier, &mut emit);
            });
        }
    }

    /// Returns a line without its NUL bytes if they hide that it has usage or session metadata, as in a file in UTF-16.
    fn without_nuls(&self, line: &[u8]) -> Option<Vec<u8>> {
        if split::looks_complete(line) || memchr::memchr(0, line).is_none() || self.is_relevant(line) {
            return None;
        }
        let text: Vec<u8> = line.iter().copied().filter(|byte| *byte != 0).collect();
        self.is_relevant(&text).then_some(text)
    }

    /// Returns true if a line may contain usage or session metadata.
    fn is_relevant(&self, line: &[u8]) -> bool {
        let has_usage = || {
            self.usage.find(line).is_some()
                && (self.assistant.find(line).is_some() || self.progress.find(line).is_some())
        };
        let has_metadata = || {
            if line.len() <= Self::MAX_METADATA_BYTES {
                return self.metadata.iter().any(|finder| finder.find(line).is_some());
            }
            line.len() <= Self::MAX_TOTALS_BYTES && {
                let (start, end) = (&line[..Self::TYPE_SEARCH_BYTES], &line[line.len() - Self::TYPE_SEARCH_BYTES..]);
                [start, end].iter().any(|part| self.totals.find(part).is_some())
            }
        };
        has_usage() || has_metadata()
    }

    /// Checks only that an irrelevant line consists of records.
    fn check_irrelevant(line: &[u8], stats: &mut ParseStats) {
        if !split::looks_complete(line) {
            Self::count_quality(&split::for_each_record(line, |_, _| {}), stats);
        }
    }

    fn count_quality(quality: &LineQuality, stats: &mut ParseStats) {
        match quality {
            LineQuality::Clean => {}
            LineQuality::Damaged => stats.count_skip(SkipReason::Damaged),
            LineQuality::Unreadable => stats.count_skip(SkipReason::NotJson),
        }
    }
}

/// Returns the last readable timestamp on a line, with or without usage.
pub fn last_timestamp(line: &[u8]) -> Option<Timestamp> {
    let mut last = None;
    split::for_each_record(line, |record, _| last = Timestamp::parse(&record.timestamp.0).or(last));
    last
}

/// Emits the user's prompt as a title, if the line contains one.
fn emit_prompt(line: &[u8], context: LineContext<'_>, emit: &mut impl FnMut(LogEvent<'_>)) {
    let Some(Object(Some(record))) = lenient_json::parse_single::<PromptRecord<'_>>(line) else { return };
    let Some(message) = &record.message.0 else { return };
    let is_by_user = record.kind.0 == "user" && !record.meta.0 && !record.compact_summary.0 && !record.sidechain.0;
    if is_by_user && is_typed_by_person(&record) && is_prompt(&message.content.0) {
        emit(LogEvent::Title(Title {
            session: non_empty_or(&record.session.0, context.file_session),
            text: &message.content.0,
            kind: TitleKind::Prompt,
            when: Timestamp::parse(&record.timestamp.0),
            offset: context.offset,
        }));
    }
}

/// Returns true if a prompt was written by a person, or if its origin is unknown. Claude Code also writes prompts for
/// finished background tasks, for hooks and for other agents.
fn is_typed_by_person(record: &PromptRecord<'_>) -> bool {
    let kind = record.origin.0.as_ref().map_or("", |origin| &origin.kind.0);
    match kind {
        "" => record.prompt_source.0 != "system" && matches!(&*record.turn_origin.0, "" | "human" | "sdk"),
        kind => kind == "human",
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::tokens::Usage;

    const CONTEXT: LineContext<'_> =
        LineContext { file_session: "home", run: None, file: "home.jsonl", offset: 0, needs_first_prompt: true };

    fn parse(line: &str) -> (Vec<(String, Usage)>, ParseStats) {
        let (mut entries, mut stats) = (Vec::new(), ParseStats::default());
        LineParser::default().parse_line(
            line.as_bytes(),
            CONTEXT,
            &mut stats,
            || None,
            |event| match event {
                LogEvent::Usage(entry) => entries.push((format!("{}/{}", entry.session, entry.model), entry.usage)),
                LogEvent::Title(title) => {
                    entries.push((format!("{}: {}", title.session, title.text), Usage::default()));
                }
                LogEvent::OrphanTitle(title) => {
                    entries.push((format!("{}: {}", title.message_uuid, title.text), Usage::default()));
                }
                LogEvent::ReportedTotals(session, totals) => {
                    entries.push((format!("{session}: {}", totals.cost), Usage::default()));
                }
                LogEvent::WindowEnd(_) | LogEvent::Folder(_) | LogEvent::PullRequest(..) | LogEvent::Compaction(..) => {
                }
                LogEvent::Notice(notice) => entries.push((notice.text.to_owned(), Usage::default())),
            },
        );
        (entries, stats)
    }

    fn assistant_line(usage: &str) -> String {
        format!(
            r#"{{"type":"assistant","timestamp":"2026-05-01T10:00:00Z","message":{{"id":"msg_1","model":"m","usage":{usage}}}}}"#
        )
    }

    #[test]
    fn an_assistant_record_is_parsed_with_its_counts() {
        let (events, stats) =
            parse(&assistant_line(r#"{"input_tokens":1,"output_tokens":2,"cache_read_input_tokens":3}"#));
        let usage = Usage { input: 1, output: 2, cache_read: 3, ..Usage::default() };
        assert_eq!(events, vec![("home/m".to_owned(), usage)]);
        assert_eq!((stats.lines, stats.entries), (1, 1));
    }

    #[rstest]
    #[case(r#"{"cache_creation_input_tokens":999,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20}}"#, 999, 20)]
    #[case(r#"{"output_tokens":1,"cache_creation_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20}}"#, 30, 20)]
    #[case(r#"{"cache_creation_input_tokens":5,"cache_creation":null}"#, 5, 0)]
    fn cache_writes_are_the_larger_of_total_and_split(#[case] usage: &str, #[case] all: u64, #[case] hour: u64) {
        let (events, _) = parse(&assistant_line(usage));
        assert_eq!((events[0].1.cache_write, events[0].1.cache_write_hour), (all, hour));
    }

    #[test]
    fn a_message_copied_without_its_usage_has_no_cache_writes() {
        let (events, _) = parse(&assistant_line(
            r#"{"input_tokens":0,"output_tokens":0,"cache_creation_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":32,"ephemeral_1h_input_tokens":5}}"#,
        ));
        assert_eq!(events[0].1, Usage::default());
    }

    #[rstest]
    #[case::before_stop_details("2.1.76", "", r#""stop_reason":"end_turn","#, false)]
    #[case::complete("2.1.89", "", r#""stop_reason":"end_turn","stop_details":null,"#, false)]
    #[case::broken_stream("2.1.89", "", r#""stop_reason":"end_turn","#, true)]
    #[case::broken_stream("2.1.332", "", r#""stop_reason":"tool_use","#, true)]
    #[case::an_early_line("2.1.89", "", r#""stop_reason":null,"stop_details":null,"#, false)]
    #[case::interrupted("2.1.332", r#""isAbortedMidStream":true,"#, r#""stop_reason":null,"#, true)]
    #[case::unknown_version("", "", r#""stop_reason":"end_turn","#, false)]
    fn cut_answers_are_under_logged(
        #[case] version: &str,
        #[case] fields: &str,
        #[case] message_fields: &str,
        #[case] expected: bool,
    ) {
        let line = format!(
            r#"{{"type":"assistant",{fields}"version":"{version}","timestamp":"2026-05-01T10:00:00Z","message":{{"id":"msg_1",{message_fields}"model":"m","usage":{{"output_tokens":4}}}}}}"#
        );
        let mut found = None;
        let emit = |event: LogEvent<'_>| {
            if let LogEvent::Usage(entry) = event {
                found = Some(entry.under_logged);
            }
        };
        LineParser::default().parse_line(line.as_bytes(), CONTEXT, &mut ParseStats::default(), || None, emit);
        assert_eq!(found, Some(expected));
    }

    #[rstest]
    #[case::own(r#""sessionId":"s","#, "s", None)]
    #[case::copied(r#""sessionId":"fork","requestSessionId":"s","#, "s", Some("fork"))]
    #[case::own_in_a_fork(r#""sessionId":"fork","requestSessionId":"fork","#, "fork", None)]
    #[case::copied_without_a_session(r#""requestSessionId":"s","#, "s", Some("home"))]
    fn a_copied_line_belongs_to_the_session_that_made_the_call(
        #[case] fields: &str,
        #[case] session: &str,
        #[case] copied_into: Option<&str>,
    ) {
        let line = assistant_line("{}").replacen('{', &format!("{{{fields}"), 1);
        let mut found = Vec::new();
        let emit = |event: LogEvent<'_>| {
            if let LogEvent::Usage(entry) = event {
                found.push((entry.session.to_owned(), entry.copied_into.map(str::to_owned)));
            }
        };
        LineParser::default().parse_line(line.as_bytes(), CONTEXT, &mut ParseStats::default(), || None, emit);
        assert_eq!(found, vec![(session.to_owned(), copied_into.map(str::to_owned))]);
    }

    #[rstest]
    #[case::old_version("", true)]
    #[case::typed(r#""origin":{"kind":"human"},"promptSource":"typed","turnOrigin":"human","#, true)]
    #[case::print_run(r#""promptSource":"sdk","turnOrigin":"sdk","#, true)]
    #[case::task_notification(r#""origin":{"kind":"task-notification"},"#, false)]
    #[case::peer(r#""origin":{"kind":"peer"},"#, false)]
    #[case::hook(r#""promptSource":"system","#, false)]
    #[case::notified_turn(r#""turnOrigin":"task_notification","#, false)]
    fn only_a_persons_prompt_names_a_session(#[case] fields: &str, #[case] expected: bool) {
        let (events, _) = parse(&format!(r#"{{"type":"user",{fields}"message":{{"content":"fix the login"}}}}"#));
        assert_eq!(!events.is_empty(), expected);
    }

    #[rstest]
    #[case::first("", "")]
    #[case::last("\"modelUsage\":{},", "\"totalCostUSD\":0.5,")]
    fn totals_of_many_models_are_parsed(#[case] before: &str, #[case] after: &str) {
        let model = |index| format!(r#""claude-some-long-model-name-number-{index}-20260101[1m]":{{"inputTokens":1}}"#);
        let models: Vec<_> = (0..200).map(model).collect();
        let models = format!(r#""modelUsage":{{{}}},"#, models.join(","));
        let line = match before {
            "" => format!(r#"{{"type":"cost-state",{models}"totalCostUSD":0.5}}"#),
            _ => format!(r#"{{{before}{models}{after}"type":"cost-state"}}"#),
        };
        assert!(line.len() > 3 * LineParser::MAX_METADATA_BYTES);
        assert_eq!(parse(&line).0, vec![("home: 0.500000000".to_owned(), Usage::default())]);
    }

    #[test]
    fn an_advisor_call_is_a_separate_entry_with_its_own_model() {
        let (events, stats) = parse(&assistant_line(
            r#"{"output_tokens":2,"iterations":[{"type":"message","output_tokens":2},{"type":"advisor_message","model":"big","output_tokens":7}]}"#,
        ));
        let names: Vec<_> = events.iter().map(|(name, usage)| (name.as_str(), usage.output)).collect();
        assert_eq!(names, vec![("home/m", 2), ("home/big", 7)]);
        assert_eq!(stats.entries, 1, "both come from one record");
    }

    #[test]
    fn a_message_in_a_progress_record_belongs_to_a_sidechain() {
        let line = r#"{"type":"progress","sessionId":"s","timestamp":"2026-02-01T10:00:00Z","data":{"message":{"type":"assistant","requestId":"r","message":{"id":"msg_1","model":"m","usage":{"output_tokens":4}}}}}"#;
        let mut sides = Vec::new();
        LineParser::default().parse_line(
            line.as_bytes(),
            CONTEXT,
            &mut ParseStats::default(),
            || None,
            |event| {
                if let LogEvent::Usage(entry) = event {
                    sides.push((entry.session.to_owned(), entry.side));
                }
            },
        );
        assert_eq!(sides, vec![("s".to_owned(), true)]);
    }

    #[rstest]
    #[case::synthetic(&assistant_line("{}").replace("\"m\"", "\"<synthetic>\""), SkipReason::Synthetic)]
    #[case::no_time(&assistant_line("{}").replace("2026-05-01T10:00:00Z", "soon"), SkipReason::NoTime)]
    #[case::incomplete(&assistant_line("{}")[..60], SkipReason::NotJson)]
    #[case::prose("the quick brown fox", SkipReason::NotJson)]
    fn skipped_input_is_counted_by_reason(#[case] line: &str, #[case] reason: SkipReason) {
        let (events, stats) = parse(line);
        assert_eq!((events.len(), stats.skip_count(reason), stats.lines), (0, 1, 1));
    }

    #[test]
    fn an_invalid_count_reads_as_zero_and_is_counted() {
        let (events, stats) = parse(&assistant_line(r#"{"input_tokens":-5,"output_tokens":2}"#));
        assert_eq!((events[0].1.input, events[0].1.output, stats.skip_count(SkipReason::NotACount)), (0, 2, 1));
    }

    #[test]
    fn complete_usage_of_a_torn_record_counts() {
        let usage = r#"{"input_tokens":3,"output_tokens":9}"#;
        let torn = format!(
            r#"{{"isSidechain":false,"message":{{"role":"assistant","id":"msg_2","model":"n","usage":{usage},"sto"#
        );
        let (events, stats) = parse(&format!("{torn}{}", assistant_line(r#"{"output_tokens":2}"#)));
        let found: Vec<_> = events.iter().map(|(name, usage)| (name.as_str(), usage.output)).collect();
        assert_eq!(found, vec![("home/m", 2), ("home/n", 9)]);
        assert_eq!((stats.entries, stats.skip_count(SkipReason::Damaged)), (2, 1));
    }

    #[rstest]
    #[case::an_incomplete_count(
        r#"{"message":{"role":"assistant","id":"msg_2","model":"n","usage":{"input_tokens":3,"output_tokens":9"#
    )]
    #[case::another_message_id(
        r#"{"message":{"role":"assistant","id":"7","model":"n","usage":{"output_tokens":9},"sto"#
    )]
    #[case::a_user_record(r#"{"message":{"role":"user","id":"msg_2","model":"n","usage":{"output_tokens":9},"sto"#)]
    fn uncertain_fields_of_a_torn_record_do_not_count(#[case] torn: &str) {
        let (events, _) = parse(&format!("{torn}{}", assistant_line(r#"{"output_tokens":2}"#)));
        assert_eq!(events.len(), 1);
    }

    #[test]
    fn titles_are_parsed() {
        let (events, _) = parse(r#"{"type":"custom-title","sessionId":"other","customTitle":" login "}"#);
        assert_eq!(events[0].0, "other: login");
    }

    /// Returns the events of a line as text.
    fn events(line: &str) -> Vec<String> {
        let mut events = Vec::new();
        let emit = |event: LogEvent<'_>| events.push(format!("{event:?}"));
        LineParser::default().parse_line(line.as_bytes(), CONTEXT, &mut ParseStats::default(), || None, emit);
        events
    }

    #[rstest]
    #[case(r#""prUrl":"https://github.com/ada/web-app/pull/17","prNumber":17,"prRepository":"ada/web-app""#, true)]
    #[case(r#""prUrl":"https://github.com/ada/web-app/pull/17""#, true)]
    #[case(r#""prUrl":"javascript:alert(1)","prNumber":17"#, false)]
    #[case(r#""prUrl":17"#, false)]
    fn a_pull_request_is_a_web_address(#[case] fields: &str, #[case] is_link: bool) {
        let time = "2026-11-29T21:10:57.184Z";
        let events = events(&format!(r#"{{"type":"pr-link","sessionId":"s",{fields},"timestamp":"{time}"}}"#));
        assert_eq!(events.len(), usize::from(is_link), "{events:?}");
        assert!(events.iter().all(|event| event.starts_with("PullRequest(\"s\"")), "{events:?}");
    }

    #[test]
    fn a_compaction_is_an_event_of_the_main_conversation() {
        let line = |fields: &str| {
            events(&format!(
                r#"{{"type":"system",{fields}"subtype":"compact_boundary","timestamp":"2026-11-29T21:10:57Z"}}"#
            ))
        };
        assert_eq!(line(r#""sessionId":"s","#), [r#"Compaction("s", Timestamp(1795986657000000))"#]);
        assert_eq!(line(r#""isSidechain":true,"#), Vec::<String>::new());
    }

    #[rstest]
    #[case::requested(r#""promptCacheRequested":"1h","#, "main_call: Some(MainCall { requested_ttl: Some(Hour) })")]
    #[case::earlier_version("", "main_call: Some(MainCall { requested_ttl: None })")]
    #[case::subagent(r#""isSidechain":true,"#, "main_call: None")]
    fn a_call_of_the_main_conversation_names_its_cache(#[case] fields: &str, #[case] expected: &str) {
        let line = assistant_line(r#"{"output_tokens":2,"iterations":[{"type":"advisor_message","output_tokens":7}]}"#);
        let found = events(&line.replacen('{', &format!("{{{fields}"), 1));
        assert!(found[0].contains(expected), "{found:?}");
        assert!(found[1].contains("main_call: None"), "a call of the advisor has a prompt of its own");
    }

    #[test]
    fn usage_quoted_in_text_is_not_counted() {
        let (events, stats) = parse(
            r#"{"type":"user","isMeta":true,"message":{"content":"\"usage\":{\"input_tokens\":1} \"assistant\""}}"#,
        );
        assert!(events.is_empty());
        assert_eq!(stats.lines, 1);
    }
}
