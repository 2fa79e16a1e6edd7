//! The encoding of each table's rows.

use token_monitor_core::interner::{BranchId, LogId, ModelId, ProjectId, RunId, SessionId};
use token_monitor_core::ledger::{
    Bucket, CacheTtl, Message, MessageKey, Occurrence, Prompt, PromptMiss, PullRequestLink, ReportedTotals, Session,
    SessionPrompts, SlotOffset, SubagentRun, UsageReport,
};
use token_monitor_core::money::Usd;
use token_monitor_core::pricing::BillingTerms;
use token_monitor_core::tokens::UsageSum;
use token_monitor_core::transcript::{
    ContentHashes, Cursor, FileId, FileStat, ParseStats, SkipReason, StoredTitle, TimestampCarry, TitleKind,
};

use crate::codec::{Decoder, Encoder};

/// The first version with billing terms, runs, branches and all kinds of titles.
const FIRST_WITH_TERMS: u8 = 2;

/// Returns the row key of a message: the first half of its key.
pub(crate) fn message_row_key(key: MessageKey) -> u64 {
    (key.0 >> 64) as u64
}

/// Returns a quarter of a message's key, which distinguishes messages with the same row key.
fn message_check(key: MessageKey) -> [u8; 4] {
    (key.0 as u32).to_le_bytes()
}

const MAIN_FLAG: u8 = 1;
const SIDE_FLAG: u8 = 2;
const FOREIGN_SESSION_FLAG: u8 = 4;
const RUN_FLAG: u8 = 8;
/// Set by versions that assign copied lines to the session that made the call.
const CURRENT_SESSION_FLAG: u8 = 16;

pub(crate) fn encode_message(key: MessageKey, message: &Message) -> Vec<u8> {
    let Message { main, side, first } = message;
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    let flags = flag(main.is_some(), MAIN_FLAG)
        | flag(side.is_some(), SIDE_FLAG)
        | flag(first.foreign_session, FOREIGN_SESSION_FLAG);
    let flags = flags | flag(first.run.is_some(), RUN_FLAG) | flag(!first.has_old_session, CURRENT_SESSION_FLAG);
    let row = Encoder::new_row().push_bytes(message_check(key)).push_byte(flags).push_timestamp(first.when);
    let row = row.push_number(first.log.0).push_number(first.session.0);
    let row = first.run.into_iter().fold(row, |row, run| row.push_number(run.0));
    main.iter().chain(side).fold(row, encode_report).into_bytes()
}

const REPORTED_FLAG: u8 = 1;
const UNDER_LOGGED_FLAG: u8 = 2;
/// The billing terms are stored in the bits above the flags.
const TERMS_SHIFT: u32 = 2;

fn encode_report(row: Encoder, report: &UsageReport) -> Encoder {
    let UsageReport { usage, model, terms, reported_cost, under_logged } = report;
    let reports = if reported_cost.is_some() { REPORTED_FLAG } else { 0 };
    let lacks = if *under_logged { UNDER_LOGGED_FLAG } else { 0 };
    let row = row.push_number(model.0).push_usage(*usage).push_byte(reports | lacks | terms.to_byte() << TERMS_SHIFT);
    reported_cost.iter().fold(row, |row, usd| row.push_number(usd.0))
}

/// A decoded message row, compared with the expected key.
pub(crate) enum DecodedMessage {
    /// The message has the key.
    Match(Message),
    /// Another message has the same row key.
    OtherKey,
}

pub(crate) fn decode_message(key: MessageKey, bytes: &[u8]) -> Option<DecodedMessage> {
    let mut row = Decoder::from_row(bytes)?;
    match row.read_bytes::<4>()? == message_check(key) {
        true => decode_checked_message(&mut row).map(DecodedMessage::Match),
        false => Some(DecodedMessage::OtherKey),
    }
}

/// Decodes a message row of any key.
pub(crate) fn decode_any_message(bytes: &[u8]) -> Option<Message> {
    let mut row = Decoder::from_row(bytes)?;
    row.read_bytes::<4>()?;
    decode_checked_message(&mut row)
}

fn decode_checked_message(row: &mut Decoder<'_>) -> Option<Message> {
    let flags = row.read_byte()?;
    let when = row.read_timestamp()?;
    let (log, session) = (LogId(row.read_number()?), SessionId(row.read_number()?));
    let run = if flags & RUN_FLAG == 0 { None } else { Some(RunId(row.read_number()?)) };
    let has_old_session = flags & CURRENT_SESSION_FLAG == 0;
    let foreign_session = flags & FOREIGN_SESSION_FLAG != 0;
    let first = Occurrence { when, has_old_session, foreign_session, log, session, run };
    let mut report = |flag: u8| if flags & flag == 0 { Some(None) } else { decode_report(row).map(Some) };
    Some(Message { main: report(MAIN_FLAG)?, side: report(SIDE_FLAG)?, first })
}

fn decode_report(row: &mut Decoder<'_>) -> Option<UsageReport> {
    let (model, usage) = (ModelId(row.read_number()?), row.read_usage()?);
    let flags = if row.version < FIRST_WITH_TERMS { 0 } else { row.read_byte()? };
    let reported_cost = if flags & REPORTED_FLAG == 0 { None } else { Some(Usd(row.read_number()?)) };
    let terms = BillingTerms::from_byte(flags >> TERMS_SHIFT)?;
    Some(UsageReport { usage, model, terms, reported_cost, under_logged: flags & UNDER_LOGGED_FLAG != 0 })
}

pub(crate) fn encode_bucket(bucket: &Bucket) -> Vec<u8> {
    let row = Encoder::new_row().push_sum(&bucket.sum);
    let mut before = 0;
    let row = bucket.offsets.iter().fold(row, |row, offset| {
        let step = offset.0 - before;
        before = offset.0;
        row.push_number(step)
    });
    row.push_kind_costs(&bucket.sum).into_bytes()
}

pub(crate) fn decode_bucket(bytes: &[u8]) -> Option<Bucket> {
    let mut row = Decoder::from_row(bytes)?;
    let mut sum = decode_row_sum(&mut row)?;
    let mut offsets = Vec::new();
    let mut at = 0_u32;
    for _ in 0..sum.messages {
        at = at.checked_add(row.read_number()?)?;
        offsets.push(SlotOffset(at));
    }
    sum.cost.kinds = row.read_kind_costs()?;
    Some(Bucket { sum, offsets })
}

/// Decodes only the sum of a bucket.
pub(crate) fn decode_sum(bytes: &[u8]) -> Option<UsageSum> {
    let mut row = Decoder::from_row(bytes)?;
    let mut sum = decode_row_sum(&mut row)?;
    row.skip_numbers(sum.messages)?;
    sum.cost.kinds = row.read_kind_costs()?;
    Some(sum)
}

fn decode_row_sum(row: &mut Decoder<'_>) -> Option<UsageSum> {
    match row.version < FIRST_WITH_TERMS {
        // In earlier versions the number of messages follows the token counts.
        true => row.read_sum_with_messages(0).and_then(|sum| Some(UsageSum { messages: row.read_number()?, ..sum })),
        false => row.read_sum(),
    }
}

pub(crate) fn encode_run(run: &SubagentRun) -> Vec<u8> {
    let SubagentRun { span, agent_type, sum } = run;
    let row =
        Encoder::new_row().push_option(*span, |row, (first, last)| row.push_timestamp(first).push_timestamp(last));
    row.push_option(agent_type.as_deref(), Encoder::push_text).push_sum(sum).push_kind_costs(sum).into_bytes()
}

pub(crate) fn decode_run(bytes: &[u8]) -> Option<SubagentRun> {
    let mut row = Decoder::from_row(bytes)?;
    let span = row.read_option(|row| Some((row.read_timestamp()?, row.read_timestamp()?)))?;
    let (agent_type, mut sum) = (row.read_option(Decoder::read_text)?, row.read_sum()?);
    sum.cost.kinds = row.read_kind_costs()?;
    Some(SubagentRun { span, agent_type, sum })
}

pub(crate) fn encode_session(session: &Session) -> Vec<u8> {
    let Session {
        span,
        project,
        last_folder,
        branch,
        last_copy,
        titles,
        reported_totals,
        models,
        pull_requests,
        prompts,
    } = session;
    let row = Encoder::new_row()
        .push_option(*span, |row, (first, last)| row.push_timestamp(first).push_timestamp(last))
        .push_option(*project, |row, (when, project)| row.push_timestamp(when).push_number(project.0))
        .push_option(*branch, |row, (when, branch)| row.push_timestamp(when).push_number(branch.0));
    let row = titles.iter().fold(row, |row, title| row.push_option(title.as_ref(), encode_title));
    let row = row.push_option(reported_totals.as_deref(), encode_reported_totals).push_number(models.len() as u64);
    let row = models.iter().fold(row, |row, (model, sum)| row.push_number(model.0).push_sum(sum));
    let start = reported_totals.as_ref().and_then(|totals| totals.start);
    let row = row
        .push_option(start, Encoder::push_timestamp)
        .push_option(*last_folder, |row, (when, folder)| row.push_timestamp(when).push_number(folder.0))
        .push_option(*last_copy, |row, (when, session)| row.push_timestamp(when).push_number(session.0))
        .push_number(pull_requests.len() as u64);
    let row = pull_requests.iter().fold(row, encode_pull_request);
    let row = row.push_option(prompts.as_deref(), encode_prompts);
    let row = models.values().fold(row, Encoder::push_kind_costs);
    last_message(prompts.as_deref()).iter().fold(row, |row, key| row.push_bytes(key.0.to_le_bytes())).into_bytes()
}

/// Returns the message of the last prompt. It is stored at the end of the row, since earlier versions did not store it.
fn last_message(prompts: Option<&SessionPrompts>) -> Option<MessageKey> {
    prompts?.last?.message
}

fn encode_prompts(row: Encoder, prompts: &SessionPrompts) -> Encoder {
    let SessionPrompts { last, compacted_at, last_miss } = prompts;
    let row = row.push_option(last.as_ref(), encode_prompt);
    row.push_option(*compacted_at, Encoder::push_timestamp).push_option(
        *last_miss,
        |row, PromptMiss { when, tokens, expired }| {
            row.push_timestamp(when).push_number(tokens).push_byte(u8::from(expired))
        },
    )
}

fn encode_prompt(row: Encoder, prompt: &Prompt) -> Encoder {
    let Prompt { when, first_line, model, input, cache_read, cache_write, ttl, message: _ } = prompt;
    let row = row.push_timestamp(*when).push_timestamp(*first_line).push_number(model.0).push_number(*input);
    row.push_number(*cache_read).push_number(*cache_write).push_number(ttl.map_or(0, CacheTtl::seconds))
}

fn decode_prompts(row: &mut Decoder<'_>) -> Option<SessionPrompts> {
    Some(SessionPrompts {
        last: row.read_option(decode_prompt)?,
        compacted_at: row.read_option(Decoder::read_timestamp)?,
        last_miss: row.read_option(|row| {
            let (when, tokens) = (row.read_timestamp()?, row.read_number()?);
            Some(PromptMiss { when, tokens, expired: row.read_byte()? != 0 })
        })?,
    })
}

fn decode_prompt(row: &mut Decoder<'_>) -> Option<Prompt> {
    Some(Prompt {
        when: row.read_timestamp()?,
        first_line: row.read_timestamp()?,
        model: ModelId(row.read_number()?),
        input: row.read_number()?,
        cache_read: row.read_number()?,
        cache_write: row.read_number()?,
        ttl: CacheTtl::from_seconds(row.read_number()?),
        message: None,
    })
}

fn encode_pull_request(row: Encoder, link: &PullRequestLink) -> Encoder {
    let PullRequestLink { when, url, repository, number } = link;
    row.push_timestamp(*when)
        .push_text(url)
        .push_option(repository.as_deref(), Encoder::push_text)
        .push_option(*number, Encoder::push_number)
}

fn decode_pull_request(row: &mut Decoder<'_>) -> Option<PullRequestLink> {
    Some(PullRequestLink {
        when: row.read_timestamp()?,
        url: row.read_text()?.into(),
        repository: row.read_option(Decoder::read_text)?.map(Into::into),
        number: row.read_option(Decoder::read_number)?,
    })
}

fn encode_reported_totals(row: Encoder, totals: &ReportedTotals) -> Encoder {
    let ReportedTotals { cost, input, output, cache_write, cache_read, web_searches, cost_is_lower_bound, .. } =
        *totals;
    let row =
        row.push_number(cost.0).push_number(input).push_number(output).push_number(cache_write).push_number(cache_read);
    row.push_number(web_searches).push_byte(u8::from(cost_is_lower_bound))
}

fn decode_reported_totals(row: &mut Decoder<'_>) -> Option<ReportedTotals> {
    Some(ReportedTotals {
        cost: Usd(row.read_number()?),
        input: row.read_number()?,
        output: row.read_number()?,
        cache_write: row.read_number()?,
        cache_read: row.read_number()?,
        web_searches: row.read_number()?,
        cost_is_lower_bound: row.read_byte()? != 0,
        start: None,
    })
}

fn encode_title(row: Encoder, title: &StoredTitle) -> Encoder {
    row.push_option(title.when, Encoder::push_timestamp).push_number(title.offset).push_text(&title.text)
}

pub(crate) fn decode_session(bytes: &[u8]) -> Option<Session> {
    let mut row = Decoder::from_row(bytes)?;
    let mut session = Session {
        span: row.read_option(|row| Some((row.read_timestamp()?, row.read_timestamp()?)))?,
        project: row.read_option(|row| Some((row.read_timestamp()?, ProjectId(row.read_number()?))))?,
        ..Session::default()
    };
    let mut kinds = TitleKind::ALL.len();
    if row.version < FIRST_WITH_TERMS {
        // Earlier versions stored only the titles chosen by the user and by Claude Code.
        kinds = 2;
    } else {
        session.branch = row.read_option(|row| Some((row.read_timestamp()?, BranchId(row.read_number()?))))?;
    }
    for title in &mut session.titles[..kinds] {
        *title = row.read_option(decode_title)?;
    }
    if row.version >= FIRST_WITH_TERMS {
        session.reported_totals = row.read_option(decode_reported_totals)?.map(Box::new);
    }
    for _ in 0..row.read_number::<u64>()? {
        session.models.insert(ModelId(row.read_number()?), row.read_sum()?);
    }
    if row.is_at_end() {
        // Earlier versions did not distinguish copied lines.
        session.lower_ranks();
        return Some(session);
    }
    let start = row.read_option(Decoder::read_timestamp)?;
    if let Some(totals) = &mut session.reported_totals {
        totals.start = start;
    }
    session.last_folder = row.read_option(|row| Some((row.read_timestamp()?, ProjectId(row.read_number()?))))?;
    session.last_copy = row.read_option(|row| Some((row.read_timestamp()?, SessionId(row.read_number()?))))?;
    // Earlier versions did not store pull requests and prompts.
    if !row.is_at_end() {
        for _ in 0..row.read_number::<u64>()? {
            session.pull_requests.push(decode_pull_request(&mut row)?);
        }
        session.prompts = row.read_option(decode_prompts)?.map(Box::new);
    }
    for sum in session.models.values_mut() {
        sum.cost.kinds = row.read_kind_costs()?;
    }
    if let Some(last) = session.prompts.as_mut().and_then(|prompts| prompts.last.as_mut()) {
        last.message = row.read_bytes().map(u128::from_le_bytes).map(MessageKey);
    }
    Some(session)
}

fn decode_title(row: &mut Decoder<'_>) -> Option<StoredTitle> {
    Some(StoredTitle {
        when: row.read_option(Decoder::read_timestamp)?,
        offset: row.read_number()?,
        text: row.read_text()?,
    })
}

pub(crate) fn encode_cursor(cursor: &Cursor) -> Vec<u8> {
    let Cursor { stat, offset, hashes, carry, stats, prompt_found } = cursor;
    let row = Encoder::new_row()
        .push_number(stat.file.device)
        .push_number(stat.file.inode)
        .push_number(stat.len)
        .push_signed(stat.modified)
        .push_number(*offset)
        .push_bytes(hashes.head.to_le_bytes())
        .push_bytes(hashes.tail.to_le_bytes())
        .push_number(carry.searched_to)
        .push_option(carry.when, Encoder::push_timestamp)
        .push_byte(u8::from(*prompt_found))
        .push_number(stats.lines)
        .push_number(stats.entries)
        .push_number(stats.skips.len() as u64);
    stats.skips.into_iter().fold(row, Encoder::push_number).into_bytes()
}

pub(crate) fn decode_cursor(bytes: &[u8]) -> Option<Cursor> {
    // Cursors of earlier versions are removed by the migration.
    let mut row = Decoder::from_row(bytes).filter(|row| row.version >= FIRST_WITH_TERMS)?;
    let file = FileId { device: row.read_number()?, inode: row.read_number()? };
    let stat = FileStat { file, len: row.read_number()?, modified: row.read_signed()? };
    let offset = row.read_number()?;
    let hashes =
        ContentHashes { head: u64::from_le_bytes(row.read_bytes()?), tail: u64::from_le_bytes(row.read_bytes()?) };
    let carry = TimestampCarry { searched_to: row.read_number()?, when: row.read_option(Decoder::read_timestamp)? };
    let prompt_found = row.read_byte()? != 0;
    Some(Cursor { stat, offset, hashes, carry, stats: decode_parse_stats(&mut row)?, prompt_found })
}

/// Decodes parse statistics. The number of skip reasons differs between versions.
fn decode_parse_stats(row: &mut Decoder<'_>) -> Option<ParseStats> {
    let mut stats = ParseStats { lines: row.read_number()?, entries: row.read_number()?, ..ParseStats::default() };
    for index in 0..row.read_number::<usize>()? {
        let count = row.read_number()?;
        if index < SkipReason::ALL.len() {
            stats.skips[index] = count;
        }
    }
    Some(stats)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use token_monitor_core::money::{CostSum, KindCostSums};
    use token_monitor_core::time::Timestamp;
    use token_monitor_core::tokens::{TokenSums, Usage, UsageSum};

    use super::*;

    fn usages() -> impl Strategy<Value = Usage> {
        any::<[u32; Usage::FIELDS]>().prop_map(|fields| Usage::from_array(fields.map(u64::from)))
    }

    fn reports() -> impl Strategy<Value = UsageReport> {
        let parts = (usages(), any::<u32>(), 0..12_u8, proptest::option::of(any::<u64>()), any::<bool>());
        parts.prop_map(|(usage, model, terms, reported_cost, under_logged)| UsageReport {
            usage,
            model: ModelId(model),
            terms: BillingTerms::from_byte(terms).expect("each is a combination"),
            reported_cost: reported_cost.map(Usd),
            under_logged,
        })
    }

    fn sums() -> impl Strategy<Value = UsageSum> {
        let kinds = any::<[u128; KindCostSums::KINDS]>().prop_map(KindCostSums::from_array);
        let parts = (any::<[u128; Usage::FIELDS]>(), 0..20_u64, any::<u128>(), kinds, any::<u128>(), any::<u64>());
        parts.prop_map(|(fields, messages, nanos, kinds, unpriced_tokens, under_logged)| UsageSum {
            tokens: TokenSums::from_array(fields),
            messages,
            cost: CostSum { nanos, kinds, unpriced_tokens },
            under_logged,
        })
    }

    fn timestamps() -> impl Strategy<Value = Timestamp> {
        prop_oneof![
            (-62_135_596_800_000_i64..253_402_300_800_000).prop_map(|millis| Timestamp(millis * 1000)),
            (-62_135_596_800_000_000_i64..253_402_300_800_000_000).prop_map(Timestamp),
        ]
    }

    fn titles() -> impl Strategy<Value = StoredTitle> {
        let parts = (proptest::option::of(timestamps()), any::<u64>(), ".{0,80}");
        parts.prop_map(|(when, offset, text)| StoredTitle { when, offset, text })
    }

    fn prompts() -> impl Strategy<Value = SessionPrompts> {
        let ttls = prop::sample::select(vec![None, Some(CacheTtl::FiveMinutes), Some(CacheTtl::Hour)]);
        let messages = proptest::option::of(any::<u128>());
        let last = ([(); 2].map(|()| timestamps()), any::<u32>(), any::<[u64; 3]>(), ttls, messages);
        let last = last.prop_map(|([when, first_line], model, tokens, ttl, message)| {
            let [input, cache_read, cache_write] = tokens;
            let (model, message) = (ModelId(model), message.map(MessageKey));
            Prompt { when, first_line, model, input, cache_read, cache_write, ttl, message }
        });
        let miss = (timestamps(), any::<u64>(), any::<bool>());
        let miss = miss.prop_map(|(when, tokens, expired)| PromptMiss { when, tokens, expired });
        let parts = (proptest::option::of(last), proptest::option::of(timestamps()), proptest::option::of(miss));
        parts.prop_map(|(last, compacted_at, last_miss)| SessionPrompts { last, compacted_at, last_miss })
    }

    fn pull_requests() -> impl Strategy<Value = PullRequestLink> {
        let parts = (timestamps(), ".{0,80}", proptest::option::of(".{0,20}"), proptest::option::of(any::<u64>()));
        parts.prop_map(|(when, url, repository, number)| PullRequestLink {
            when,
            url: url.into(),
            repository: repository.map(Into::into),
            number,
        })
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_rejected(bytes in proptest::collection::vec(any::<u8>(), 0..200), version in 0..4_u8) {
            let bytes = [vec![version], bytes].concat();
            if let Some(bucket) = decode_bucket(&bytes) {
                prop_assert_eq!(decode_sum(&bytes), Some(bucket.sum), "the sum is that of the bucket");
                prop_assert_eq!(decode_bucket(&encode_bucket(&bucket)), Some(bucket));
            }
            if let Some(run) = decode_run(&bytes) {
                prop_assert_eq!(decode_run(&encode_run(&run)), Some(run));
            }
            if let Some(session) = decode_session(&bytes) {
                prop_assert_eq!(decode_session(&encode_session(&session)), Some(session));
            }
            if let Some(cursor) = decode_cursor(&bytes) {
                prop_assert_eq!(decode_cursor(&encode_cursor(&cursor)), Some(cursor));
            }
            decode_any_message(&bytes);
        }

        #[test]
        fn messages_round_trip(
            key: u128, main in proptest::option::of(reports()), side in proptest::option::of(reports()),
            when in timestamps(), has_old_session: bool, foreign_session: bool, log: u32, session: u32,
            run in proptest::option::of(any::<u32>()),
        ) {
            let (log, session, run) = (LogId(log), SessionId(session), run.map(RunId));
            let first = Occurrence { when, has_old_session, foreign_session, log, session, run };
            let original = Message { main, side, first };
            let row = encode_message(MessageKey(key), &original);
            let decoded = decode_message(MessageKey(key), &row);
            prop_assert!(matches!(decoded, Some(DecodedMessage::Match(message)) if message == original));
            prop_assert!(matches!(decode_message(MessageKey(key ^ 1), &row), Some(DecodedMessage::OtherKey)));
            prop_assert_eq!(decode_any_message(&row), Some(original));
        }

        #[test]
        fn buckets_round_trip(
            sum in sums(), offsets in proptest::collection::vec(0..300_000_000_u32, 0..20),
        ) {
            let mut offsets: Vec<_> = offsets.into_iter().map(SlotOffset).collect();
            offsets.sort();
            let original = Bucket { sum: UsageSum { messages: offsets.len() as u64, ..sum }, offsets };
            let row = encode_bucket(&original);
            prop_assert_eq!(decode_sum(&row), Some(original.sum));
            prop_assert_eq!(decode_bucket(&row), Some(original));
        }

        #[test]
        fn sessions_round_trip(
            span in proptest::option::of((timestamps(), timestamps())),
            project in proptest::option::of((timestamps(), any::<u32>().prop_map(ProjectId))),
            branch in proptest::option::of((timestamps(), any::<u32>().prop_map(BranchId))),
            titles in [(); TitleKind::ALL.len()].map(|()| proptest::option::of(titles())),
            cost in proptest::option::of(any::<u64>()), start in proptest::option::of(timestamps()),
            last_folder in proptest::option::of((timestamps(), any::<u32>().prop_map(ProjectId))),
            last_copy in proptest::option::of((timestamps(), any::<u32>().prop_map(SessionId))),
            model: u32, sum in sums(), pull_requests in proptest::collection::vec(pull_requests(), 0..4),
            prompts in proptest::option::of(prompts()),
        ) {
            let prompts = prompts.map(Box::new);
            let template = ReportedTotals { cost_is_lower_bound: true, output: 7, start, ..ReportedTotals::default() };
            let totals = |cost| Box::new(ReportedTotals { cost: Usd(cost), ..template });
            let models = BTreeMap::from([(ModelId(model), sum)]);
            let reported_totals = cost.map(totals);
            let original = Session {
                span, project, last_folder, branch, last_copy, titles, reported_totals, models, pull_requests,
                prompts,
            };
            prop_assert_eq!(decode_session(&encode_session(&original)), Some(original));
        }

        #[test]
        fn an_earlier_session_row_has_values_of_low_rank(when in timestamps(), project: u32, text in ".{0,80}") {
            let title = StoredTitle { when: Some(when), offset: 3, text };
            let session = Session {
                project: Some((when, ProjectId(project))),
                branch: Some((when, BranchId(project))),
                titles: [Some(title.clone()), None, None, Some(title.clone())],
                ..Session::default()
            };
            let mut row = encode_session(&session);
            // The five fields that earlier versions did not write are missing. Without models, no costs follow them.
            row.truncate(row.len() - 5);
            let decoded = decode_session(&row).expect("the row can be decoded");
            prop_assert!(decoded.project > session.project && decoded.branch < session.branch);
            let ranks: Vec<_> = TitleKind::ALL.into_iter().zip(&decoded.titles).filter_map(|(kind, decoded)| {
                decoded.as_ref().map(|decoded| kind.prefers(&title, decoded) && decoded.text == title.text)
            }).collect();
            prop_assert_eq!(ranks, [true, true], "a title that is read again is preferred");
            prop_assert_eq!(decode_session(&encode_session(&decoded)), Some(decoded));
        }

        #[test]
        fn a_session_row_without_pull_requests_can_be_decoded(when in timestamps(), session: u32) {
            let session = Session { last_copy: Some((when, SessionId(session))), ..Session::default() };
            let mut row = encode_session(&session);
            row.truncate(row.len() - 2);
            prop_assert_eq!(decode_session(&row), Some(session));
        }

        #[test]
        fn runs_round_trip(
            span in proptest::option::of((timestamps(), timestamps())),
            agent_type in proptest::option::of(".{0,20}"), sum in sums(),
        ) {
            let original = SubagentRun { span, agent_type, sum };
            prop_assert_eq!(decode_run(&encode_run(&original)), Some(original));
        }

        #[test]
        fn a_bucket_without_costs_by_kind_can_be_decoded(sum in sums(), offset in 0..300_000_000_u32) {
            let cost = CostSum { kinds: KindCostSums::default(), ..sum.cost };
            let original = Bucket { sum: UsageSum { messages: 1, cost, ..sum }, offsets: vec![SlotOffset(offset)] };
            let mut row = encode_bucket(&original);
            // Earlier versions did not write the four costs, each of which is a zero here.
            row.truncate(row.len() - KindCostSums::KINDS);
            prop_assert_eq!(decode_sum(&row), Some(original.sum));
            prop_assert_eq!(decode_bucket(&row), Some(original));
        }

        #[test]
        fn any_bytes_decode_without_panic(bytes: Vec<u8>) {
            let _ = (decode_message(MessageKey(0), &bytes), decode_any_message(&bytes), decode_bucket(&bytes));
            let _ = (decode_session(&bytes), decode_run(&bytes), decode_cursor(&bytes));
        }
    }
}
