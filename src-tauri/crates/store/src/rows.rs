//! What each table's rows hold.

use std::collections::BTreeMap;

use token_monitor_core::{
    Bucket, Carry, Cursor, FileId, Key, LogId, Look, Mark, Message, ModelId, Prints, ProjectId, Reason, Seen, Session,
    SessionId, Tally, Titled, Told,
};

use crate::codec::{Decoder, Encoder};

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

pub(crate) fn message(key: Key, message: &Message) -> Vec<u8> {
    let Message { main, side, first } = message;
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    let flags = flag(main.is_some(), MAIN) | flag(side.is_some(), SIDE) | flag(first.away, AWAY);
    let row = Encoder::row().fixed(check_of(key)).byte(flags).moment(first.when);
    let row = row.number(first.log.0).number(first.session.0);
    main.iter().chain(side).fold(row, told_row).done()
}

fn told_row(row: Encoder, told: &Told) -> Encoder {
    row.number(told.model.0).usage(told.usage)
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
    if row.fixed::<4>()? != check_of(key) {
        return Some(Found::Another);
    }
    let flags = row.byte()?;
    let when = row.moment()?;
    let (log, session) = (LogId(row.number()?), SessionId(row.number()?));
    let first = Seen { when, away: flags & AWAY != 0, log, session };
    let mut told = |flag: u8| if flags & flag == 0 { Some(None) } else { read_told(&mut row).map(Some) };
    Some(Found::This(Message { main: told(MAIN)?, side: told(SIDE)?, first }))
}

fn read_told(row: &mut Decoder<'_>) -> Option<Told> {
    Some(Told { model: ModelId(row.number()?), usage: row.usage()? })
}

pub(crate) fn bucket(bucket: &Bucket) -> Vec<u8> {
    let row = Encoder::row().tokens(&bucket.tokens).number(bucket.marks.len() as u64);
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
    let tokens = row.tokens()?;
    let count: usize = row.number()?;
    let mut marks = Vec::new();
    let mut at = 0_u32;
    for _ in 0..count {
        at = at.checked_add(row.number()?)?;
        marks.push(Mark(at));
    }
    Some(Bucket { tokens, marks })
}

pub(crate) fn session(session: &Session) -> Vec<u8> {
    let Session { span, project, chosen_title, given_title, models } = session;
    let row = Encoder::row()
        .option(*span, |row, (first, last)| row.moment(first).moment(last))
        .option(*project, |row, (when, project)| row.moment(when).number(project.0))
        .option(chosen_title.as_ref(), titled)
        .option(given_title.as_ref(), titled)
        .number(models.len() as u64);
    models.iter().fold(row, |row, (model, sum)| row.number(model.0).sum(sum)).done()
}

fn titled(row: Encoder, titled: &Titled) -> Encoder {
    row.option(titled.when, Encoder::moment).number(titled.offset).text(&titled.text)
}

pub(crate) fn read_session(bytes: &[u8]) -> Option<Session> {
    let mut row = Decoder::row(bytes)?;
    let span = row.option(|row| Some((row.moment()?, row.moment()?)))?;
    let project = row.option(|row| Some((row.moment()?, ProjectId(row.number()?))))?;
    let chosen_title = row.option(read_titled)?;
    let given_title = row.option(read_titled)?;
    let mut models = BTreeMap::new();
    for _ in 0..row.number::<u64>()? {
        models.insert(ModelId(row.number()?), row.sum()?);
    }
    Some(Session { span, project, chosen_title, given_title, models })
}

fn read_titled(row: &mut Decoder<'_>) -> Option<Titled> {
    Some(Titled { when: row.option(Decoder::moment)?, offset: row.number()?, text: row.text()? })
}

pub(crate) fn cursor(cursor: &Cursor) -> Vec<u8> {
    let Cursor { look, offset, prints, carry, tally } = cursor;
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
        .number(tally.lines)
        .number(tally.entries)
        .number(tally.skips.len() as u64);
    tally.skips.into_iter().fold(row, Encoder::number).done()
}

pub(crate) fn read_cursor(bytes: &[u8]) -> Option<Cursor> {
    let mut row = Decoder::row(bytes)?;
    let file = FileId { device: row.number()?, inode: row.number()? };
    let look = Look { file, len: row.number()?, modified: row.signed()? };
    let offset = row.number()?;
    let prints = Prints { head: u64::from_le_bytes(row.fixed()?), tail: u64::from_le_bytes(row.fixed()?) };
    let carry = Carry { upto: row.number()?, when: row.option(Decoder::moment)? };
    Some(Cursor { look, offset, prints, carry, tally: read_tally(&mut row)? })
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
    use proptest::prelude::*;
    use token_monitor_core::{Moment, Sum, Tokens, Usage};

    use super::*;

    fn usages() -> impl Strategy<Value = Usage> {
        any::<[u32; Usage::FIELDS]>().prop_map(|fields| Usage::from_fields(fields.map(u64::from)))
    }

    fn told() -> impl Strategy<Value = Told> {
        (usages(), any::<u32>()).prop_map(|(usage, model)| Told { usage, model: ModelId(model) })
    }

    fn moments() -> impl Strategy<Value = Moment> {
        prop_oneof![
            (-62_135_596_800_000_i64..253_402_300_800_000).prop_map(|millis| Moment(millis * 1000)),
            (-62_135_596_800_000_000_i64..253_402_300_800_000_000).prop_map(Moment),
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
            when in moments(), away: bool, log: u32, session: u32,
        ) {
            let first = Seen { when, away, log: LogId(log), session: SessionId(session) };
            let went = Message { main, side, first };
            let row = message(Key(key), &went);
            prop_assert!(matches!(read_message(Key(key), &row), Some(Found::This(came)) if came == went));
            prop_assert!(matches!(read_message(Key(key ^ 1), &row), Some(Found::Another)));
        }

        #[test]
        fn buckets_come_back_as_they_went_in(
            fields: [u128; Usage::FIELDS], marks in proptest::collection::vec(0..300_000_000_u32, 0..20),
        ) {
            let mut marks: Vec<_> = marks.into_iter().map(Mark).collect();
            marks.sort();
            let went = Bucket { tokens: Tokens::from_fields(fields), marks };
            prop_assert_eq!(read_bucket(&bucket(&went)), Some(went));
        }

        #[test]
        fn sessions_come_back_as_they_went_in(
            span in proptest::option::of((moments(), moments())),
            project in proptest::option::of((moments(), any::<u32>().prop_map(ProjectId))),
            chosen_title in proptest::option::of(titles()),
            model: u32, messages: u64, fields: [u128; Usage::FIELDS],
        ) {
            let sum = Sum { messages, tokens: Tokens::from_fields(fields) };
            let models = BTreeMap::from([(ModelId(model), sum)]);
            let went = Session { span, project, chosen_title, given_title: None, models };
            prop_assert_eq!(read_session(&session(&went)), Some(went));
        }

        #[test]
        fn any_bytes_decode_to_a_row_or_to_nothing(bytes: Vec<u8>) {
            let _ = (read_message(Key(0), &bytes), read_bucket(&bytes), read_session(&bytes), read_cursor(&bytes));
        }
    }
}
