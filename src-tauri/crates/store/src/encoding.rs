//! What each table's rows hold.

use token_monitor_core::interner::{BranchId, LogId, ModelId, ProjectId, RunId, SessionId};
use token_monitor_core::ledger::{Bucket, Counter, Key, Mark, Message, Run, Seen, Session, Told};
use token_monitor_core::money::Usd;
use token_monitor_core::pricing::Terms;
use token_monitor_core::tokens::Sum;
use token_monitor_core::transcript::{Carry, Cursor, FileId, Look, Prints, Reason, Tally, TitleKind, Titled};

use crate::codec::{Decoder, Encoder};

/// The version in which rows tell terms, runs, branches and all titles.
const WITH_TERMS: u8 = 2;

/// Where a message is kept: the first half of its key.
pub(crate) fn place_of(key: Key) -> u64 {
    (key.0 >> 64) as u64
}

/// What tells it from another message at the same place: a quarter of its key.
fn check_of(key: Key) -> [u8; 4] {
    (key.0 as u32).to_le_bytes()
}

const MAIN: u8 = 1;
const SIDE: u8 = 2;
const AWAY: u8 = 4;
const IN_A_RUN: u8 = 8;

pub(crate) fn message(key: Key, message: &Message) -> Vec<u8> {
    let Message { main, side, first } = message;
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    let flags = flag(main.is_some(), MAIN) | flag(side.is_some(), SIDE) | flag(first.away, AWAY);
    let flags = flags | flag(first.run.is_some(), IN_A_RUN);
    let row = Encoder::row().fixed(check_of(key)).byte(flags).moment(first.when);
    let row = row.number(first.log.0).number(first.session.0);
    let row = first.run.into_iter().fold(row, |row, run| row.number(run.0));
    main.iter().chain(side).fold(row, told_row).done()
}

const REPORTED: u8 = 1;
const UNDER_LOGGED: u8 = 2;
/// The terms take the bits above.
const TERMS: u32 = 2;

fn told_row(row: Encoder, told: &Told) -> Encoder {
    let Told { usage, model, terms, reported, under_logged } = told;
    let reports = if reported.is_some() { REPORTED } else { 0 };
    let lacks = if *under_logged { UNDER_LOGGED } else { 0 };
    let row = row.number(model.0).usage(*usage).byte(reports | lacks | terms.to_byte() << TERMS);
    reported.iter().fold(row, |row, usd| row.number(usd.0))
}

/// A message row; the key says whether it is the one looked for.
pub(crate) enum Found {
    /// It is.
    This(Message),
    /// Another message has the same place.
    Another,
}

pub(crate) fn read_message(key: Key, bytes: &[u8]) -> Option<Found> {
    let mut row = Decoder::row(bytes)?;
    match row.fixed::<4>()? == check_of(key) {
        true => message_after_check(&mut row).map(Found::This),
        false => Some(Found::Another),
    }
}

/// A message row, whichever message it is.
pub(crate) fn read_any_message(bytes: &[u8]) -> Option<Message> {
    let mut row = Decoder::row(bytes)?;
    row.fixed::<4>()?;
    message_after_check(&mut row)
}

fn message_after_check(row: &mut Decoder<'_>) -> Option<Message> {
    let flags = row.byte()?;
    let when = row.moment()?;
    let (log, session) = (LogId(row.number()?), SessionId(row.number()?));
    let run = if flags & IN_A_RUN == 0 { None } else { Some(RunId(row.number()?)) };
    let first = Seen { when, away: flags & AWAY != 0, log, session, run };
    let mut told = |flag: u8| if flags & flag == 0 { Some(None) } else { read_told(row).map(Some) };
    Some(Message { main: told(MAIN)?, side: told(SIDE)?, first })
}

fn read_told(row: &mut Decoder<'_>) -> Option<Told> {
    let (model, usage) = (ModelId(row.number()?), row.usage()?);
    let flags = if row.version < WITH_TERMS { 0 } else { row.byte()? };
    let reported = if flags & REPORTED == 0 { None } else { Some(Usd(row.number()?)) };
    let terms = Terms::from_byte(flags >> TERMS)?;
    Some(Told { usage, model, terms, reported, under_logged: flags & UNDER_LOGGED != 0 })
}

pub(crate) fn bucket(bucket: &Bucket) -> Vec<u8> {
    let row = Encoder::row().sum(&bucket.sum);
    let mut before = 0;
    let row = bucket.marks.iter().fold(row, |row, mark| {
        let step = mark.0 - before;
        before = mark.0;
        row.number(step)
    });
    row.done()
}

pub(crate) fn read_bucket(bytes: &[u8]) -> Option<Bucket> {
    let mut row = Decoder::row(bytes)?;
    let sum = sum_of(&mut row)?;
    let mut marks = Vec::new();
    let mut at = 0_u32;
    for _ in 0..sum.messages {
        at = at.checked_add(row.number()?)?;
        marks.push(Mark(at));
    }
    Some(Bucket { sum, marks })
}

/// A bucket's sum alone.
pub(crate) fn read_sum(bytes: &[u8]) -> Option<Sum> {
    sum_of(&mut Decoder::row(bytes)?)
}

fn sum_of(row: &mut Decoder<'_>) -> Option<Sum> {
    match row.version < WITH_TERMS {
        // Then the number of marks stood after the counts.
        true => row.sum_over(0).and_then(|sum| Some(Sum { messages: row.number()?, ..sum })),
        false => row.sum(),
    }
}

pub(crate) fn run(run: &Run) -> Vec<u8> {
    let Run { span, kind, sum } = run;
    let row = Encoder::row().option(*span, |row, (first, last)| row.moment(first).moment(last));
    row.option(kind.as_deref(), Encoder::text).sum(sum).done()
}

pub(crate) fn read_run(bytes: &[u8]) -> Option<Run> {
    let mut row = Decoder::row(bytes)?;
    let span = row.option(|row| Some((row.moment()?, row.moment()?)))?;
    Some(Run { span, kind: row.option(Decoder::text)?, sum: row.sum()? })
}

pub(crate) fn session(session: &Session) -> Vec<u8> {
    let Session { span, project, branch, titles, counter, models } = session;
    let row = Encoder::row()
        .option(*span, |row, (first, last)| row.moment(first).moment(last))
        .option(*project, |row, (when, project)| row.moment(when).number(project.0))
        .option(*branch, |row, (when, branch)| row.moment(when).number(branch.0));
    let row = titles.iter().fold(row, |row, title| row.option(title.as_ref(), titled));
    let row = row.option(counter.as_deref(), counted).number(models.len() as u64);
    models.iter().fold(row, |row, (model, sum)| row.number(model.0).sum(sum)).done()
}

fn counted(row: Encoder, counter: &Counter) -> Encoder {
    let Counter { cost, input, output, cache_write, cache_read, web_searches, lower_bound } = *counter;
    let row = row.number(cost.0).number(input).number(output).number(cache_write).number(cache_read);
    row.number(web_searches).byte(u8::from(lower_bound))
}

fn read_counted(row: &mut Decoder<'_>) -> Option<Counter> {
    Some(Counter {
        cost: Usd(row.number()?),
        input: row.number()?,
        output: row.number()?,
        cache_write: row.number()?,
        cache_read: row.number()?,
        web_searches: row.number()?,
        lower_bound: row.byte()? != 0,
    })
}

fn titled(row: Encoder, titled: &Titled) -> Encoder {
    row.option(titled.when, Encoder::moment).number(titled.offset).text(&titled.text)
}

pub(crate) fn read_session(bytes: &[u8]) -> Option<Session> {
    let mut row = Decoder::row(bytes)?;
    let mut session = Session {
        span: row.option(|row| Some((row.moment()?, row.moment()?)))?,
        project: row.option(|row| Some((row.moment()?, ProjectId(row.number()?))))?,
        ..Session::default()
    };
    let mut kinds = TitleKind::ALL.len();
    if row.version < WITH_TERMS {
        // Only those that a person and Claude Code chose.
        kinds = 2;
    } else {
        session.branch = row.option(|row| Some((row.moment()?, BranchId(row.number()?))))?;
    }
    for title in &mut session.titles[..kinds] {
        *title = row.option(read_titled)?;
    }
    if row.version >= WITH_TERMS {
        session.counter = row.option(read_counted)?.map(Box::new);
    }
    for _ in 0..row.number::<u64>()? {
        session.models.insert(ModelId(row.number()?), row.sum()?);
    }
    Some(session)
}

fn read_titled(row: &mut Decoder<'_>) -> Option<Titled> {
    Some(Titled { when: row.option(Decoder::moment)?, offset: row.number()?, text: row.text()? })
}

pub(crate) fn cursor(cursor: &Cursor) -> Vec<u8> {
    let Cursor { look, offset, prints, carry, tally, prompted } = cursor;
    let row = Encoder::row()
        .number(look.file.device)
        .number(look.file.inode)
        .number(look.len)
        .signed(look.modified)
        .number(*offset)
        .fixed(prints.head.to_le_bytes())
        .fixed(prints.tail.to_le_bytes())
        .number(carry.upto)
        .option(carry.when, Encoder::moment)
        .byte(u8::from(*prompted))
        .number(tally.lines)
        .number(tally.entries)
        .number(tally.skips.len() as u64);
    tally.skips.into_iter().fold(row, Encoder::number).done()
}

pub(crate) fn read_cursor(bytes: &[u8]) -> Option<Cursor> {
    // Cursors of earlier versions are dropped when a store is opened.
    let mut row = Decoder::row(bytes).filter(|row| row.version >= WITH_TERMS)?;
    let file = FileId { device: row.number()?, inode: row.number()? };
    let look = Look { file, len: row.number()?, modified: row.signed()? };
    let offset = row.number()?;
    let prints = Prints { head: u64::from_le_bytes(row.fixed()?), tail: u64::from_le_bytes(row.fixed()?) };
    let carry = Carry { upto: row.number()?, when: row.option(Decoder::moment)? };
    let prompted = row.byte()? != 0;
    Some(Cursor { look, offset, prints, carry, tally: read_tally(&mut row)?, prompted })
}

/// A later version may know more reasons than an earlier one wrote.
fn read_tally(row: &mut Decoder<'_>) -> Option<Tally> {
    let mut tally = Tally { lines: row.number()?, entries: row.number()?, ..Tally::default() };
    for index in 0..row.number::<usize>()? {
        let count = row.number()?;
        if index < Reason::ALL.len() {
            tally.skips[index] = count;
        }
    }
    Some(tally)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use token_monitor_core::money::Bill;
    use token_monitor_core::time::Timestamp;
    use token_monitor_core::tokens::{Sum, Tokens, Usage};

    use super::*;

    fn usages() -> impl Strategy<Value = Usage> {
        any::<[u32; Usage::FIELDS]>().prop_map(|fields| Usage::from_fields(fields.map(u64::from)))
    }

    fn told() -> impl Strategy<Value = Told> {
        let parts = (usages(), any::<u32>(), 0..12_u8, proptest::option::of(any::<u64>()), any::<bool>());
        parts.prop_map(|(usage, model, terms, reported, under_logged)| Told {
            usage,
            model: ModelId(model),
            terms: Terms::from_byte(terms).expect("each is a combination"),
            reported: reported.map(Usd),
            under_logged,
        })
    }

    fn sums() -> impl Strategy<Value = Sum> {
        let parts = (any::<[u128; Usage::FIELDS]>(), 0..20_u64, any::<u128>(), any::<u128>(), any::<u64>());
        parts.prop_map(|(fields, messages, nanos, unpriced, under_logged)| Sum {
            tokens: Tokens::from_fields(fields),
            messages,
            bill: Bill { nanos, unpriced },
            under_logged,
        })
    }

    fn moments() -> impl Strategy<Value = Timestamp> {
        prop_oneof![
            (-62_135_596_800_000_i64..253_402_300_800_000).prop_map(|millis| Timestamp(millis * 1000)),
            (-62_135_596_800_000_000_i64..253_402_300_800_000_000).prop_map(Timestamp),
        ]
    }

    fn titles() -> impl Strategy<Value = Titled> {
        let parts = (proptest::option::of(moments()), any::<u64>(), ".{0,80}");
        parts.prop_map(|(when, offset, text)| Titled { when, offset, text })
    }

    proptest! {
        #[test]
        fn messages_come_back_as_they_went_in(
            key: u128, main in proptest::option::of(told()), side in proptest::option::of(told()),
            when in moments(), away: bool, log: u32, session: u32, run in proptest::option::of(any::<u32>()),
        ) {
            let first = Seen { when, away, log: LogId(log), session: SessionId(session), run: run.map(RunId) };
            let went = Message { main, side, first };
            let row = message(Key(key), &went);
            prop_assert!(matches!(read_message(Key(key), &row), Some(Found::This(came)) if came == went));
            prop_assert!(matches!(read_message(Key(key ^ 1), &row), Some(Found::Another)));
            prop_assert_eq!(read_any_message(&row), Some(went));
        }

        #[test]
        fn buckets_come_back_as_they_went_in(
            sum in sums(), marks in proptest::collection::vec(0..300_000_000_u32, 0..20),
        ) {
            let mut marks: Vec<_> = marks.into_iter().map(Mark).collect();
            marks.sort();
            let went = Bucket { sum: Sum { messages: marks.len() as u64, ..sum }, marks };
            prop_assert_eq!(read_bucket(&bucket(&went)), Some(went));
        }

        #[test]
        fn sessions_come_back_as_they_went_in(
            span in proptest::option::of((moments(), moments())),
            project in proptest::option::of((moments(), any::<u32>().prop_map(ProjectId))),
            branch in proptest::option::of((moments(), any::<u32>().prop_map(BranchId))),
            titles in [(); TitleKind::ALL.len()].map(|()| proptest::option::of(titles())),
            cost in proptest::option::of(any::<u64>()), model: u32, sum in sums(),
        ) {
            let counter = |cost| Box::new(Counter { cost: Usd(cost), lower_bound: true, output: 7, ..Counter::default() });
            let models = BTreeMap::from([(ModelId(model), sum)]);
            let went = Session { span, project, branch, titles, counter: cost.map(counter), models };
            prop_assert_eq!(read_session(&session(&went)), Some(went));
        }

        #[test]
        fn runs_come_back_as_they_went_in(
            span in proptest::option::of((moments(), moments())), kind in proptest::option::of(".{0,20}"), sum in sums(),
        ) {
            let went = Run { span, kind, sum };
            prop_assert_eq!(read_run(&run(&went)), Some(went));
        }

        #[test]
        fn any_bytes_decode_to_a_row_or_to_nothing(bytes: Vec<u8>) {
            let _ = (read_message(Key(0), &bytes), read_bucket(&bytes), read_session(&bytes), read_cursor(&bytes));
            let _ = (read_any_message(&bytes), read_run(&bytes));
        }
    }
}
