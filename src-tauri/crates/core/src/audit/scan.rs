//! Scanning of lines for all uses of a model, including those that are not counted.
//!
//! The line parser only emits counted uses. An audit also needs the others (synthetic messages, records of other types)
//! and ccusage's view of the same bytes, so the records are visited once more. The statistics of lines and damage are
//! those of the line parser.

use memchr::memmem::Finder;

use crate::audit::ccusage::{self, AcceptedLine, PeerCommand};
use crate::audit::observation::{CcusageView, ExclusionReason, RecordKind, UsageObservation};
use crate::audit::rule::CcusageRule;
use crate::audit::token_delta::TokenCounts;
use crate::interner::{Interner, SessionId};
use crate::ledger::message_key::{MessageIdentity, MessageKey};
use crate::time::timestamp::Timestamp;
use crate::transcript::events::LineContext;
use crate::transcript::interpret::{calling_session, has_no_totals, is_certain_answer};
use crate::transcript::line::LineParser;
use crate::transcript::parse_stats::ParseStats;
use crate::transcript::schema::{AnswerMessage, LogRecord, LoggedUsage};
use crate::transcript::split::{self, Completeness};

/// The location of a line.
#[derive(Clone, Copy, Debug)]
pub struct LineLocation<'a> {
    /// The session of the log.
    pub file_session: &'a str,
    /// A name of the log that a copied or moved log keeps.
    pub file: &'a str,
    /// The index of the log in the order of the paths.
    pub log_index: u32,
    /// The session that ccusage derives from the log's path.
    pub peer_session: &'a str,
    /// True if ccusage searches the folder of the log.
    pub peer_searches: bool,
    /// The position of the line's first byte.
    pub offset: u64,
}

/// A scanner of lines with its compiled substring searches. It is built once.
#[derive(Debug)]
pub struct UsageScanner {
    parser: LineParser,
    usage: Finder<'static>,
    command: PeerCommand,
}

impl UsageScanner {
    /// Creates a scanner that emulates a command of ccusage.
    pub fn new(command: PeerCommand) -> Self {
        Self { parser: LineParser::default(), usage: Finder::new("\"usage\""), command }
    }

    /// Adds one finished line to the statistics, as the line parser does.
    pub fn update_stats(
        &self,
        line: &[u8],
        location: &LineLocation<'_>,
        stats: &mut ParseStats,
        find_earlier: impl FnMut() -> Option<Timestamp>,
    ) {
        let LineLocation { file_session, file, offset, .. } = *location;
        let context = LineContext { file_session, run: None, file, offset, needs_first_prompt: false };
        self.parser.parse_line(line, context, stats, find_earlier, |_| {});
    }

    /// Emits each use of a model on a line, in order.
    ///
    /// An unfinished line is scanned if it is a complete record. `find_earlier` finds the last readable timestamp before
    /// the line.
    pub fn scan_line(
        &self,
        line: &[u8],
        finished: bool,
        location: &LineLocation<'_>,
        sessions: &mut Interner<SessionId>,
        mut find_earlier: impl FnMut() -> Option<Timestamp>,
        mut emit: impl FnMut(UsageObservation),
    ) {
        if self.usage.find(line).is_none() {
            return;
        }
        let peer = match location.peer_searches {
            true => ccusage::interpret_line(line, self.command),
            false => Err(CcusageRule::Folder),
        };
        let mut scan = LineScan { line, location, peer, last_timestamp: None, sessions };
        match finished {
            true => drop(split::for_each_record(line, |record, completeness| match completeness {
                Completeness::Complete => scan.scan_record(record, &mut find_earlier, &mut emit),
                Completeness::Torn => scan.scan_torn_record(record, &mut emit),
            })),
            false => {
                split::visit_if_complete(line, |record| scan.scan_record(record, &mut find_earlier, &mut emit));
            }
        }
    }
}

/// The scan of one line.
struct LineScan<'a> {
    line: &'a [u8],
    location: &'a LineLocation<'a>,
    /// The line as read by ccusage, or the rule by which ccusage drops it.
    peer: Result<AcceptedLine, CcusageRule>,
    /// The last timestamp on the line so far.
    last_timestamp: Option<Timestamp>,
    sessions: &'a mut Interner<SessionId>,
}

/// A record with usage, and the message in it that has the usage.
struct ScannedAnswer<'r> {
    record: &'r LogRecord<'r>,
    message: &'r AnswerMessage<'r>,
    usage: &'r LoggedUsage<'r>,
    request: &'r str,
    kind: RecordKind,
    /// True if the type of the record is one with usage.
    has_usage_type: bool,
}

impl<'r> ScannedAnswer<'r> {
    fn from_record(record: &'r LogRecord<'r>) -> Option<Self> {
        let record_type = record.kind.as_ref().map_or("", |kind| &kind.0);
        let direct = || Some((record.message.0.as_ref()?, &*record.request.0, RecordKind::Line));
        let nested = || {
            let nested = record.data.0.as_ref()?.message.0.as_ref()?;
            Some((nested.message.0.as_ref()?, &*nested.request.0, RecordKind::Progress))
        };
        let answer = |has_usage_type, (message, request, kind): (&'r AnswerMessage<'r>, &'r str, RecordKind)| {
            Some(Self { record, message, usage: message.usage.0.as_ref()?, request, kind, has_usage_type })
        };
        match record_type {
            "assistant" => answer(true, direct()?),
            "progress" => answer(true, nested()?),
            _ => direct().and_then(|found| answer(false, found)).or_else(|| answer(false, nested()?)),
        }
    }

    fn is_side(&self) -> bool {
        self.kind == RecordKind::Progress || self.record.sidechain.0
    }

    fn exclusion(&self, when: Option<Timestamp>) -> Option<ExclusionReason> {
        match (self.has_usage_type, when) {
            (false, _) => Some(ExclusionReason::OtherType),
            (true, _) if self.message.model.0 == "<synthetic>" => Some(ExclusionReason::Synthetic),
            (true, None) => Some(ExclusionReason::NoTime),
            (true, Some(_)) => None,
        }
    }
}

impl LineScan<'_> {
    fn scan_record(
        &mut self,
        record: &LogRecord<'_>,
        find_earlier: &mut impl FnMut() -> Option<Timestamp>,
        emit: &mut impl FnMut(UsageObservation),
    ) {
        self.last_timestamp = Timestamp::parse(&record.timestamp.0).or(self.last_timestamp);
        let Some(answer) = ScannedAnswer::from_record(record) else { return };
        let when = self.last_timestamp.or_else(find_earlier);
        self.emit_calls(&answer, when, emit);
    }

    /// Scans a torn record as the line parser does. ccusage does not read such lines.
    fn scan_torn_record(&mut self, record: &LogRecord<'_>, emit: &mut impl FnMut(UsageObservation)) {
        self.last_timestamp = Timestamp::parse(&record.timestamp.0).or(self.last_timestamp);
        let answer = ScannedAnswer::from_record(record).filter(|_| is_certain_answer(record));
        if let (Some(answer), Some(when)) = (answer, self.last_timestamp) {
            self.emit_calls(&ScannedAnswer { has_usage_type: true, ..answer }, Some(when), emit);
        }
    }

    fn emit_calls(
        &mut self,
        answer: &ScannedAnswer<'_>,
        when: Option<Timestamp>,
        emit: &mut impl FnMut(UsageObservation),
    ) {
        let call = self.observe_call(answer, when);
        emit(call);
        let advisors = answer.usage.iterations.0.iter().enumerate().filter_map(|(index, item)| {
            let item = item.0.as_ref().filter(|item| item.kind.0 == "advisor_message")?;
            Some((index, item))
        });
        for (nth, (index, item)) in advisors.enumerate() {
            emit(self.observe_advisor(&call, nth, index, item));
        }
    }

    /// Returns the message's own call.
    fn observe_call(&mut self, answer: &ScannedAnswer<'_>, when: Option<Timestamp>) -> UsageObservation {
        let record = answer.record;
        let (session, _) = calling_session(record, self.location.file_session);
        let message_id = &*answer.message.id.0;
        let identity =
            MessageIdentity { message_id, request_id: answer.request, session_id: session, uuid: &record.uuid.0 };
        let (key, copy_key) = (self.message_key(identity), MessageKey::copy_key(identity));
        let path_session = self.sessions.intern(self.location.peer_session.as_bytes());
        let accepted = self.peer.as_ref().ok();
        let named_session = accepted.and_then(|accepted| accepted.session.as_deref());
        let peer_session = named_session.unwrap_or(self.location.peer_session);
        UsageObservation {
            group: group_key(message_id, key),
            key,
            copy_key,
            counts: token_counts(answer.usage),
            kind: answer.kind,
            side: answer.is_side(),
            when,
            foreign_session: session != self.location.file_session,
            session: self.sessions.intern(session.as_bytes()),
            log_index: self.location.log_index,
            exclusion: answer.exclusion(when),
            path_session,
            dropped_by: self.peer.as_ref().err().copied(),
            peer: accepted.map(|accepted| accepted.view).unwrap_or_default(),
            peer_session: self.sessions.intern(peer_session.as_bytes()),
        }
    }

    /// Returns the `nth` advisor call of a message, which is at `index` among its iterations.
    fn observe_advisor(
        &self,
        call: &UsageObservation,
        nth: usize,
        index: usize,
        usage: &LoggedUsage<'_>,
    ) -> UsageObservation {
        let peer = match &self.peer {
            Ok(accepted) => accepted.advisors.get(nth).copied().flatten().ok_or(CcusageRule::Advisor),
            Err(rule) => Err(*rule),
        };
        UsageObservation {
            key: call.key.advisor_key(index),
            copy_key: call.copy_key.map(|key| key.advisor_key(index)),
            counts: token_counts(usage),
            kind: RecordKind::Advisor,
            dropped_by: peer.err(),
            peer: peer.unwrap_or(CcusageView::default()),
            ..*call
        }
    }

    fn message_key(&self, identity: MessageIdentity<'_>) -> MessageKey {
        MessageKey::new(identity, || {
            let line = xxhash_rust::xxh3::xxh3_64(self.line.trim_ascii_end());
            [self.location.file.as_bytes(), &self.location.offset.to_le_bytes(), &line.to_le_bytes()].concat()
        })
    }
}

/// Returns the group of a line: its message id alone if it has one, because all lines of a message share it.
fn group_key(message_id: &str, key: MessageKey) -> MessageKey {
    match message_id.is_empty() {
        true => key,
        false => MessageKey::new(MessageIdentity { message_id, ..MessageIdentity::default() }, Vec::new),
    }
}

/// Returns the counts as the ledger reads them.
fn token_counts(usage: &LoggedUsage<'_>) -> TokenCounts {
    let split = usage.split.0.as_ref().filter(|_| !has_no_totals(usage));
    let split = split.map(|split| split.five_minutes.value + split.hour.value);
    let cache_write = usage.cache_write.value.max(split.unwrap_or_default());
    TokenCounts([usage.input.value, usage.output.value, cache_write, usage.cache_read.value])
}
