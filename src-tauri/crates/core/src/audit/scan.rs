//! Hears all that a line says about usage, counted by us or not.
//!
//! The ledger's reader says what counts and is silent about the rest. Here the rest matters: synthetic entries,
//! records of other types, what ccusage makes of the same bytes. So the records are walked once more; how many
//! lines there were, and what could not be read of them, the ledger's reader tells.

use memchr::memmem::Finder;

use crate::audit::ccusage::{self, Accepted, PeerCommand};
use crate::audit::observation::{Form, Heard, LeftOut, Theirs};
use crate::audit::rule::Rule;
use crate::audit::token_delta::Counts;
use crate::interner::{Interner, SessionId};
use crate::ledger::message_key::{Identity, Key};
use crate::time::timestamp::Timestamp;
use crate::transcript::interpret::is_certain;
use crate::transcript::line::{Lines, Place};
use crate::transcript::parse_stats::Tally;
use crate::transcript::schema::{self, Message, Record};
use crate::transcript::split::{self, Extent};

/// Where a line stands.
#[derive(Clone, Copy, Debug)]
pub struct Spot<'a> {
    /// The session of the log.
    pub home: &'a str,
    /// The log, named so that a copy or a move keeps the name.
    pub file: &'a str,
    /// The log's number in the order of the paths.
    pub log: u32,
    /// The session ccusage makes of the log's path.
    pub peer_session: &'a str,
    /// Whether ccusage searches the log's folder.
    pub peer_searches: bool,
    /// The line's first byte.
    pub offset: u64,
}

/// Hears lines. Built once: it holds the compiled searches.
#[derive(Debug)]
pub struct Ear {
    lines: Lines,
    usage: Finder<'static>,
    command: PeerCommand,
}

impl Ear {
    /// An ear that hears what a command of ccusage's would make of a line.
    pub fn new(command: PeerCommand) -> Self {
        Self { lines: Lines::default(), usage: Finder::new("\"usage\""), command }
    }

    /// Tallies one finished line as the ledger's reader does.
    pub fn tally(&self, line: &[u8], spot: &Spot<'_>, tally: &mut Tally, earlier: impl FnMut() -> Option<Timestamp>) {
        let place = Place { home: spot.home, run: None, file: spot.file, offset: spot.offset, wants_prompt: false };
        self.lines.read(line, place, tally, earlier, |_| {});
    }

    /// Says each use of a model on a line, in order.
    ///
    /// An unfinished line is heard if it is whole all the same. `earlier` finds the last readable timestamp before
    /// the line.
    pub fn hear(
        &self,
        line: &[u8],
        finished: bool,
        spot: &Spot<'_>,
        sessions: &mut Interner<SessionId>,
        mut earlier: impl FnMut() -> Option<Timestamp>,
        mut say: impl FnMut(Heard),
    ) {
        if self.usage.find(line).is_none() {
            return;
        }
        let theirs = if spot.peer_searches { ccusage::read(line, self.command) } else { Err(Rule::Folder) };
        let mut hearing = Hearing { line, spot, theirs, last: None, sessions };
        match finished {
            true => drop(split::each(line, |record, extent| match extent {
                Extent::Whole => hearing.record(record, &mut earlier, &mut say),
                Extent::Torn => hearing.torn(record, &mut say),
            })),
            false => split::each_if_whole(line, |record| hearing.record(record, &mut earlier, &mut say)),
        }
    }
}

/// One line being heard.
struct Hearing<'a> {
    line: &'a [u8],
    spot: &'a Spot<'a>,
    theirs: Result<Accepted, Rule>,
    /// The last timestamp on this line so far.
    last: Option<Timestamp>,
    sessions: &'a mut Interner<SessionId>,
}

/// A record that tells usage, and where in it that stands.
struct Answer<'r> {
    record: &'r Record<'r>,
    message: &'r Message<'r>,
    usage: &'r schema::Usage<'r>,
    request: &'r str,
    form: Form,
    /// Whether its type is one that tells usage.
    ours: bool,
}

impl<'r> Answer<'r> {
    fn of(record: &'r Record<'r>) -> Option<Self> {
        let kind = record.kind.as_ref().map_or("", |kind| &kind.0);
        let direct = || Some((record.message.0.as_ref()?, &*record.request.0, Form::Line));
        let nested = || {
            let nested = record.data.0.as_ref()?.message.0.as_ref()?;
            Some((nested.message.0.as_ref()?, &*nested.request.0, Form::Progress))
        };
        let answer = |ours: bool, (message, request, form): (&'r Message<'r>, &'r str, Form)| {
            Some(Self { record, message, usage: message.usage.0.as_ref()?, request, form, ours })
        };
        match kind {
            "assistant" => answer(true, direct()?),
            "progress" => answer(true, nested()?),
            _ => direct().and_then(|found| answer(false, found)).or_else(|| answer(false, nested()?)),
        }
    }

    fn is_side(&self) -> bool {
        self.form == Form::Progress || self.record.sidechain.0
    }

    fn left_out(&self, when: Option<Timestamp>) -> Option<LeftOut> {
        match (self.ours, when) {
            (false, _) => Some(LeftOut::OtherType),
            (true, _) if self.message.model.0 == "<synthetic>" => Some(LeftOut::Synthetic),
            (true, None) => Some(LeftOut::NoTime),
            (true, Some(_)) => None,
        }
    }
}

impl Hearing<'_> {
    fn record(
        &mut self,
        record: &Record<'_>,
        earlier: &mut impl FnMut() -> Option<Timestamp>,
        say: &mut impl FnMut(Heard),
    ) {
        self.last = Timestamp::parse(&record.timestamp.0).or(self.last);
        let Some(answer) = Answer::of(record) else { return };
        let when = self.last.or_else(earlier);
        self.calls(&answer, when, say);
    }

    /// What is left of a torn record, as the ledger's reader takes it; no other program reads such a line.
    fn torn(&mut self, record: &Record<'_>, say: &mut impl FnMut(Heard)) {
        self.last = Timestamp::parse(&record.timestamp.0).or(self.last);
        let answer = Answer::of(record).filter(|_| is_certain(record));
        if let (Some(answer), Some(when)) = (answer, self.last) {
            self.calls(&Answer { ours: true, ..answer }, Some(when), say);
        }
    }

    fn calls(&mut self, answer: &Answer<'_>, when: Option<Timestamp>, say: &mut impl FnMut(Heard)) {
        let call = self.call(answer, when);
        say(call);
        let advisors = answer.usage.iterations.0.iter().enumerate().filter_map(|(index, item)| {
            let item = item.0.as_ref().filter(|item| item.kind.0 == "advisor_message")?;
            Some((index, item))
        });
        for (nth, (index, item)) in advisors.enumerate() {
            say(self.advisor(&call, nth, index, item));
        }
    }

    /// The message's own call.
    fn call(&mut self, answer: &Answer<'_>, when: Option<Timestamp>) -> Heard {
        let record = answer.record;
        let session = if record.session.0.is_empty() { self.spot.home } else { &record.session.0 };
        let id = &*answer.message.id.0;
        let identity = Identity { id, request: answer.request, session, uuid: &record.uuid.0 };
        let key = self.key(identity);
        let path_session = self.sessions.id(self.spot.peer_session.as_bytes());
        let accepted = self.theirs.as_ref().ok();
        let said = accepted.and_then(|accepted| accepted.session.as_deref()).unwrap_or(self.spot.peer_session);
        Heard {
            group: group(id, key),
            key,
            counts: counts(answer.usage),
            form: answer.form,
            side: answer.is_side(),
            when,
            away: session != self.spot.home,
            session: self.sessions.id(session.as_bytes()),
            log: self.spot.log,
            left_out: answer.left_out(when),
            path_session,
            refused: self.theirs.as_ref().err().copied(),
            theirs: accepted.map(|accepted| accepted.theirs).unwrap_or_default(),
            their_session: self.sessions.id(said.as_bytes()),
        }
    }

    /// A call made on its behalf: the `nth` of them, at `index` among the iterations.
    fn advisor(&self, call: &Heard, nth: usize, index: usize, usage: &schema::Usage<'_>) -> Heard {
        let theirs = match &self.theirs {
            Ok(accepted) => accepted.advisors.get(nth).copied().flatten().ok_or(Rule::Advisor),
            Err(rule) => Err(*rule),
        };
        Heard {
            key: call.key.advisor(index),
            counts: counts(usage),
            form: Form::Advisor,
            refused: theirs.err(),
            theirs: theirs.unwrap_or(Theirs::default()),
            ..*call
        }
    }

    fn key(&self, identity: Identity<'_>) -> Key {
        Key::new(identity, || {
            let line = xxhash_rust::xxh3::xxh3_64(self.line.trim_ascii_end());
            [self.spot.file.as_bytes(), &self.spot.offset.to_le_bytes(), &line.to_le_bytes()].concat()
        })
    }
}

/// A message id alone holds together what may be one message, whatever else a key is made of.
fn group(id: &str, key: Key) -> Key {
    if id.is_empty() { key } else { Key::new(Identity { id, ..Identity::default() }, Vec::new) }
}

/// The counts as the ledger reads them.
fn counts(usage: &schema::Usage<'_>) -> Counts {
    let split = usage.split.0.as_ref().map(|split| split.five_minutes.value + split.hour.value);
    let cache_write = usage.cache_write.value.max(split.unwrap_or_default());
    Counts([usage.input.value, usage.output.value, cache_write, usage.cache_read.value])
}
