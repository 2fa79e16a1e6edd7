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
    let row = models.iter().fold(row, |row, (_, sum)| row.push_kind_costs(sum));
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
        let model = ModelId(row.read_number()?);
        *session.models.get_or_insert(model) = row.read_sum()?;
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
    for (_, sum) in session.models.iter_mut() {
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
mod tests;
