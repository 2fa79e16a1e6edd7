//! Interpretation of the records of one line: converts their fields to events.
//!
//! An interpreter keeps no state beyond the last timestamp on its line.

use std::borrow::Cow;

use crate::ledger::message_key::{MessageIdentity, MessageKey};
use crate::ledger::prompts::CacheTtl;
use crate::ledger::pull_request::PullRequestLink;
use crate::ledger::reported_totals::ReportedTotals;
use crate::pricing::terms::BillingTerms;
use crate::quota::{Percent, QuotaSource, QuotaWindow, Reading};
use crate::time::timestamp::Timestamp;
use crate::tokens::Usage;
use crate::transcript::events::{FolderMove, LineContext, LogEvent, MainCall, OrphanTitle, UsageEntry};
use crate::transcript::lenient_json::{self, LenientCount, Object};
use crate::transcript::limit_message::{LimitNotice, Rejection};
use crate::transcript::parse_stats::{ParseStats, SkipReason};
use crate::transcript::schema::{
    AnswerMessage, ApiErrorRecord, LogRecord, LoggedUsage, ModelTotals, PromptRecord, PullRequestRecord,
};
use crate::transcript::title::{Title, TitleKind, is_title_summary};

/// An interpreter of the records of one line.
pub(crate) struct RecordInterpreter<'a> {
    line: &'a [u8],
    context: LineContext<'a>,
    /// The last timestamp on the line so far.
    last_timestamp: Option<Timestamp>,
}

impl<'a> RecordInterpreter<'a> {
    /// Creates an interpreter for a line.
    pub(crate) fn new(line: &'a [u8], context: LineContext<'a>) -> Self {
        Self { line, context, last_timestamp: None }
    }

    /// Emits the events of a record.
    pub(crate) fn interpret_record(
        &mut self,
        record: &LogRecord<'_>,
        stats: &mut ParseStats,
        find_earlier: &mut impl FnMut() -> Option<Timestamp>,
        emit: &mut impl FnMut(LogEvent<'_>),
    ) {
        self.last_timestamp = Timestamp::parse(&record.timestamp.0).or(self.last_timestamp);
        let kind = record.kind.as_ref().map_or("", |kind| &kind.0);
        match kind {
            "assistant" => self.interpret_answer(&ModelAnswer::from_record(record), stats, find_earlier, emit),
            "progress" => {
                let Some(data) = &record.data.0 else { return };
                let Some(nested) = &data.message.0 else { return };
                let (message, request, agent) = (&nested.message, &*nested.request.0, &*data.agent.0);
                let answer = ModelAnswer { record, message, request, agent, side: true, torn: false };
                self.interpret_answer(&answer, stats, find_earlier, emit);
            }
            "ai-title" => self.emit_title(record, &record.ai_title.0, TitleKind::Generated, find_earlier, emit),
            "custom-title" => self.emit_title(record, &record.custom_title.0, TitleKind::Custom, find_earlier, emit),
            "summary" => self.emit_orphan_title(record, emit),
            "cost-state" => self.emit_reported_totals(record, stats, emit),
            "system" => self.emit_system_event(record, emit),
            "pr-link" => self.emit_pull_request(record, emit),
            "relocated" => self.emit_folder(record, &record.relocated_to.0, find_earlier, emit),
            "worktree-state" => {
                let folder = record.worktree.0.as_ref().map_or("", |worktree| &worktree.path.0);
                self.emit_folder(record, folder, find_earlier, emit);
            }
            _ => {}
        }
    }

    /// Emits the events of a torn record if its message is certain.
    ///
    /// If its own time is lost, that of a later record on the line is used. The time of an earlier line is never used,
    /// because it could move the message to the day before.
    pub(crate) fn interpret_torn_record(
        &mut self,
        record: &LogRecord<'_>,
        stats: &mut ParseStats,
        emit: &mut impl FnMut(LogEvent<'_>),
    ) {
        self.last_timestamp = Timestamp::parse(&record.timestamp.0).or(self.last_timestamp);
        if is_certain_answer(record) && self.last_timestamp.is_some() {
            let answer = ModelAnswer { torn: true, ..ModelAnswer::from_record(record) };
            self.interpret_answer(&answer, stats, &mut || None, emit);
        }
    }

    fn interpret_answer(
        &self,
        answer: &ModelAnswer<'_>,
        stats: &mut ParseStats,
        find_earlier: &mut impl FnMut() -> Option<Timestamp>,
        emit: &mut impl FnMut(LogEvent<'_>),
    ) {
        let Some(message) = &answer.message.0 else { return };
        let Some(usage) = &message.usage.0 else { return };
        let when = self.last_timestamp.or_else(find_earlier);
        if message.model.0 == "<synthetic>" {
            stats.count_skip(SkipReason::Synthetic);
            return self.emit_notice(when, emit);
        }
        let Some(when) = when else { return stats.count_skip(SkipReason::NoTime) };
        stats.entries += 1;
        let record = answer.record;
        let (session, copied_into) = calling_session(record, self.context.file_session);
        let identity = MessageIdentity {
            message_id: &message.id.0,
            request_id: answer.request,
            session_id: session,
            uuid: &record.uuid.0,
        };
        let entry = UsageEntry {
            key: self.message_key(identity),
            copy_key: MessageKey::copy_key(identity),
            usage: Usage::default(),
            terms: BillingTerms::from_log(&usage.speed.0, &usage.geo.0, &usage.tier.0),
            reported_cost: record.cost.0,
            under_logged: answer.is_under_logged(message),
            model: non_empty_or(&message.model.0, "unknown"),
            session,
            copied_into,
            run: self.context.run.or_else(|| answer.run_name()),
            cwd: non_empty(&record.cwd.0),
            branch: branch_name(&record.branch.0),
            side: answer.side,
            when,
            main_call: (!answer.side && self.context.run.is_none())
                .then(|| MainCall { requested_ttl: CacheTtl::from_log(&record.cache_requested.0) }),
        };
        emit_calls(&entry, usage, stats, emit);
    }

    /// Emits the text of a synthetic message, which has no usage but may report a limit.
    fn emit_notice(&self, when: Option<Timestamp>, emit: &mut impl FnMut(LogEvent<'_>)) {
        let record = lenient_json::parse_single::<PromptRecord<'_>>(self.line).and_then(|record| record.0);
        let Some(message) = record.as_ref().and_then(|record| record.message.0.as_ref()) else { return };
        if let Some(when) = when.filter(|_| !message.content.0.is_empty()) {
            let is_api_limit = record.as_ref().is_some_and(is_api_rate_limit);
            if is_api_limit {
                return;
            }
            let rejection = record.as_ref().and_then(rejection_of);
            emit(LogEvent::Notice(LimitNotice { when, text: &message.content.0, rejection }));
        }
    }

    /// Emits the folder that a session moved to. Such records have no time of their own.
    fn emit_folder(
        &self,
        record: &LogRecord<'_>,
        folder: &str,
        find_earlier: &mut impl FnMut() -> Option<Timestamp>,
        emit: &mut impl FnMut(LogEvent<'_>),
    ) {
        let Some(when) = self.last_timestamp.or_else(find_earlier).filter(|_| !folder.is_empty()) else { return };
        let session = non_empty_or(&record.session.0, self.context.file_session);
        emit(LogEvent::Folder(FolderMove { session, folder, when: Timestamp(when.0.saturating_add(1)) }));
    }

    /// Emits a compaction, or the end of the quota window that the response to a failed request named.
    fn emit_system_event(&self, record: &LogRecord<'_>, emit: &mut impl FnMut(LogEvent<'_>)) {
        let event = lenient_json::parse_single::<ApiErrorRecord<'_>>(self.line).and_then(|record| record.0);
        let (Some(event), Some(at)) = (event, self.last_timestamp) else { return };
        match &*event.subtype.0 {
            "api_error" => Self::emit_window_end(&event, at, emit),
            "compact_boundary" if !event.sidechain.0 && self.context.run.is_none() => {
                emit(LogEvent::Compaction(non_empty_or(&record.session.0, self.context.file_session), at));
            }
            _ => {}
        }
    }

    /// Emits a link to a pull request. Anything but a web address is no link.
    fn emit_pull_request(&self, record: &LogRecord<'_>, emit: &mut impl FnMut(LogEvent<'_>)) {
        let link = lenient_json::parse_single::<PullRequestRecord<'_>>(self.line).and_then(|record| record.0);
        let (Some(link), Some(when)) = (link, self.last_timestamp) else { return };
        let number = (!link.number.invalid && link.number.value > 0).then_some(link.number.value);
        if let Some(link) = PullRequestLink::from_log(when, &link.url.0, non_empty(&link.repository.0), number) {
            emit(LogEvent::PullRequest(non_empty_or(&record.session.0, self.context.file_session), link));
        }
    }

    fn emit_window_end(event: &ApiErrorRecord<'_>, at: Timestamp, emit: &mut impl FnMut(LogEvent<'_>)) {
        let Some(limits) = event.error.0.as_ref().and_then(|error| error.rate_limits.0.as_ref()) else { return };
        let window = QuotaWindow::for_key(&limits.window.0).filter(QuotaWindow::is_plan);
        let (Some(window), resets_at @ Some(_)) = (window, limits.resets_at.0) else { return };
        let (used, source) = (Percent::ZERO, QuotaSource::ErrorResponse);
        emit(LogEvent::WindowEnd(Reading { window, used, resets_at, at, source, account: None }));
    }

    fn emit_title(
        &self,
        record: &LogRecord<'_>,
        text: &str,
        kind: TitleKind,
        find_earlier: &mut impl FnMut() -> Option<Timestamp>,
        emit: &mut impl FnMut(LogEvent<'_>),
    ) {
        let session = non_empty_or(&record.session.0, self.context.file_session);
        let when = self.last_timestamp.or_else(find_earlier);
        emit(LogEvent::Title(Title { session, text: text.trim(), kind, when, offset: self.context.offset }));
    }

    fn emit_orphan_title(&self, record: &LogRecord<'_>, emit: &mut impl FnMut(LogEvent<'_>)) {
        let (text, message_uuid) = (&record.summary.0, &record.leaf.0);
        if is_title_summary(text) && !message_uuid.is_empty() {
            emit(LogEvent::OrphanTitle(OrphanTitle { message_uuid, text, offset: self.context.offset }));
        }
    }

    fn emit_reported_totals(
        &self,
        record: &LogRecord<'_>,
        stats: &mut ParseStats,
        emit: &mut impl FnMut(LogEvent<'_>),
    ) {
        let totals = ReportedTotals {
            cost: record.total_cost.0.unwrap_or_default(),
            cost_is_lower_bound: record.unknown_cost.0,
            start: start_of_totals(record.start),
            ..ReportedTotals::default()
        };
        let models = record.models.0.iter().filter_map(|model| model.0.as_ref());
        let totals = models.fold(totals, |totals, model| totals.add_model_usage(usage_of_model(model, stats)));
        emit(LogEvent::ReportedTotals(non_empty_or(&record.session.0, self.context.file_session), totals));
    }

    fn message_key(&self, identity: MessageIdentity<'_>) -> MessageKey {
        MessageKey::new(identity, || {
            let mut location = self.context.file.as_bytes().to_vec();
            location.extend_from_slice(&self.context.offset.to_le_bytes());
            // Trimmed, so that the key of an unfinished line is the same once its end is written.
            location.extend_from_slice(&xxhash_rust::xxh3::xxh3_64(self.line.trim_ascii_end()).to_le_bytes());
            location
        })
    }
}

/// Returns true if a torn record is a model's answer with an unambiguous message id.
pub(crate) fn is_certain_answer(record: &LogRecord<'_>) -> bool {
    let Some(message) = &record.message.0 else { return false };
    let is_by_model = match &record.kind {
        Some(kind) => kind.0 == "assistant",
        None => message.role.0 == "assistant",
    };
    is_by_model && message.id.0.starts_with("msg_")
}

/// A model's answer: that of an `assistant` record, or one repeated by a `progress` record.
struct ModelAnswer<'a> {
    record: &'a LogRecord<'a>,
    message: &'a Object<AnswerMessage<'a>>,
    request: &'a str,
    agent: &'a str,
    side: bool,
    /// True if fields may be missing because the record is torn.
    torn: bool,
}

impl<'a> ModelAnswer<'a> {
    /// Returns the answer of an `assistant` record.
    fn from_record(record: &'a LogRecord<'a>) -> Self {
        let (message, request, agent) = (&record.message, &*record.request.0, &*record.agent.0);
        Self { record, message, request, agent, side: record.sidechain.0, torn: false }
    }

    /// Returns the name of the subagent run, if the record has one.
    fn run_name(&self) -> Option<&str> {
        (self.side && !self.agent.is_empty()).then_some(self.agent)
    }

    /// Returns true if the final output is missing. Claude Code 2.1.9 to 2.1.52 never logged it, and all versions
    /// occasionally omit the final record of a subagent. The output of an answer that the user interrupted or whose
    /// stream broke was never reported. In the latter case, the stop reason is added by Claude Code, and only the stop
    /// details are missing, which all complete answers of the main conversation have since 2.1.89.
    fn is_under_logged(&self, message: &AnswerMessage<'_>) -> bool {
        let has_stop_reason = !message.stop_reason.0.is_empty();
        let is_unfinished = self.side && !has_stop_reason;
        let is_cut = has_stop_reason && !message.stop_details.0 && !self.side && !self.torn;
        let version = parse_version(&self.record.version.0);
        self.record.aborted.0
            || is_unfinished
            || version.is_some_and(|version| ((2, 1, 9)..=(2, 1, 52)).contains(&version))
            || is_cut && version.is_some_and(|version| version >= FIRST_WITH_STOP_DETAILS)
    }
}

/// The first version that logs the stop details of every complete answer.
const FIRST_WITH_STOP_DETAILS: (u32, u32, u32) = (2, 1, 89);

/// Returns the session that made the call of a record. If the record is a copy in the log of another session, that
/// session is returned as well.
pub(crate) fn calling_session<'a>(record: &'a LogRecord<'_>, file_session: &'a str) -> (&'a str, Option<&'a str>) {
    let session = non_empty_or(&record.session.0, file_session);
    let caller = non_empty_or(&record.request_session.0, session);
    (caller, (caller != session).then_some(session))
}

/// Parses the first three numbers of a version.
fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.splitn(3, '.');
    let mut next = || parts.next()?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok();
    Some((next()?, next()?, next()?))
}

/// Emits the message's own call and its advisor calls, which are billed separately.
fn emit_calls(
    entry: &UsageEntry<'_>,
    usage: &LoggedUsage<'_>,
    stats: &mut ParseStats,
    emit: &mut impl FnMut(LogEvent<'_>),
) {
    emit(LogEvent::Usage(UsageEntry { usage: usage_of_call(usage, stats), ..entry.clone() }));
    for (index, item) in usage.iterations.0.iter().enumerate() {
        let Some(call) = item.0.as_ref().filter(|item| item.kind.0 == "advisor_message") else { continue };
        let (key, usage) = (entry.key.advisor_key(index), usage_of_call(call, stats));
        let copy_key = entry.copy_key.map(|key| key.advisor_key(index));
        let model = non_empty_or(&call.model.0, entry.model);
        // The cost named in the record is that of its own call only.
        emit(LogEvent::Usage(UsageEntry {
            key,
            copy_key,
            usage,
            model,
            reported_cost: None,
            main_call: None,
            ..entry.clone()
        }));
    }
}

/// Converts the start of reported totals from milliseconds since 1970. A missing or impossible time is `None`.
fn start_of_totals(millis: LenientCount) -> Option<Timestamp> {
    let micros = i64::try_from(millis.value).ok()?.checked_mul(1000)?;
    (1..MAX_START_MICROS).contains(&micros).then_some(Timestamp(micros))
}

/// The first microsecond after the year 9999.
const MAX_START_MICROS: i64 = 253_402_300_800_000_000;

/// Converts the reported totals of one model.
fn usage_of_model(model: &ModelTotals<'_>, stats: &mut ParseStats) -> Usage {
    let ModelTotals { input, output, cache_read, cache_write, web_searches, .. } = model;
    count_invalid(&[*input, *output, *cache_read, *cache_write, *web_searches], stats);
    Usage {
        input: input.value,
        output: output.value,
        cache_read: cache_read.value,
        cache_write: cache_write.value,
        web_searches: web_searches.value,
        ..Usage::default()
    }
}

fn count_invalid(counts: &[LenientCount], stats: &mut ParseStats) {
    if counts.iter().any(|count| count.invalid) {
        stats.count_skip(SkipReason::NotACount);
    }
}

/// Converts the usage of one call. Either the total of cache writes or its split by duration may be missing. If all four
/// totals are zero, the split is a remainder: Claude Code copies messages that it keeps in a compaction with zero totals.
fn usage_of_call(usage: &LoggedUsage<'_>, stats: &mut ParseStats) -> Usage {
    let split = usage.split.0.as_ref();
    let (five_minutes, hour) = match has_no_totals(usage) {
        true => Default::default(),
        false => split.map(|split| (split.five_minutes, split.hour)).unwrap_or_default(),
    };
    let tools = usage.tools.0.as_ref();
    let (web_searches, web_fetches) = tools.map(|tools| (tools.web_searches, tools.web_fetches)).unwrap_or_default();
    let LoggedUsage { input, output, cache_write, cache_read, .. } = usage;
    count_invalid(&[*input, *output, *cache_write, *cache_read, five_minutes, hour, web_searches, web_fetches], stats);
    Usage {
        input: usage.input.value,
        output: usage.output.value,
        cache_write: usage.cache_write.value.max(five_minutes.value + hour.value),
        cache_write_hour: hour.value,
        cache_read: usage.cache_read.value,
        web_searches: web_searches.value,
        web_fetches: web_fetches.value,
    }
}

/// Returns true if a notice reports the rate limit of an API key, which is no limit of a plan.
fn is_api_rate_limit(record: &PromptRecord<'_>) -> bool {
    record.error_type.0 == "rate_limit_error" && record.quota_limits.0.is_none()
}

/// Returns the window that rejected the request, if the record contains it.
fn rejection_of(record: &PromptRecord<'_>) -> Option<Rejection> {
    let limits = record.quota_limits.0.as_ref()?;
    let is_rejected = limits.status.0.is_empty() || limits.status.0 == "rejected";
    let window = QuotaWindow::for_key(&limits.window.0).filter(|window| !matches!(window, QuotaWindow::Other(_)));
    is_rejected.then_some(Rejection { window, resets_at: limits.resets_at.0 })
}

/// Returns true if the four token totals of a call are zero.
pub(crate) fn has_no_totals(usage: &LoggedUsage<'_>) -> bool {
    [usage.input, usage.output, usage.cache_write, usage.cache_read].iter().all(|count| count.value == 0)
}

/// Returns the text, or `default` if it is empty.
pub(crate) fn non_empty_or<'a>(text: &'a Cow<'a, str>, default: &'a str) -> &'a str {
    if text.is_empty() { default } else { text }
}

/// Returns the Git branch of a record. Outside a repository and without a branch Claude Code writes `HEAD`, which no branch
/// can be called.
fn branch_name<'a>(text: &'a Cow<'a, str>) -> Option<&'a str> {
    non_empty(text).filter(|name| *name != "HEAD")
}

fn non_empty<'a>(text: &'a Cow<'a, str>) -> Option<&'a str> {
    (!text.is_empty()).then_some(text)
}
