//! What the records of one line say of usage and of sessions, each field judged for what it means.
//!
//! It knows nothing of where lines come from, and keeps nothing but the last timestamp it met on its line.

use std::borrow::Cow;

use crate::ledger::message_key::{Identity, Key};
use crate::ledger::reported_totals::Counter;
use crate::pricing::terms::Terms;
use crate::time::timestamp::Timestamp;
use crate::tokens::Usage;
use crate::transcript::lenient_json::{self, Count};
use crate::transcript::line::{Entry, Place, Said, Summary};
use crate::transcript::parse_stats::{Reason, Tally};
use crate::transcript::schema::{self, Counted, Message, Record, Spoken};
use crate::transcript::title::{Title, TitleKind, is_summary};

/// One line being read.
pub(crate) struct Reading<'a> {
    line: &'a [u8],
    place: Place<'a>,
    /// The last timestamp on this line so far.
    last: Option<Timestamp>,
}

impl<'a> Reading<'a> {
    /// Starts to read a line.
    pub(crate) fn of(line: &'a [u8], place: Place<'a>) -> Self {
        Self { line, place, last: None }
    }

    /// Says what a record says.
    pub(crate) fn record(
        &mut self,
        record: &Record<'_>,
        tally: &mut Tally,
        earlier: &mut impl FnMut() -> Option<Timestamp>,
        say: &mut impl FnMut(Said<'_>),
    ) {
        self.last = Timestamp::parse(&record.timestamp.0).or(self.last);
        let kind = record.kind.as_ref().map_or("", |kind| &kind.0);
        match kind {
            "assistant" => self.answer(&Answer::of(record), tally, earlier, say),
            "progress" => {
                let Some(data) = &record.data.0 else { return };
                let Some(nested) = &data.message.0 else { return };
                let (message, request, agent) = (&nested.message, &*nested.request.0, &*data.agent.0);
                self.answer(&Answer { record, message, request, agent, side: true }, tally, earlier, say);
            }
            "ai-title" => self.title(record, &record.ai_title.0, TitleKind::Given, earlier, say),
            "custom-title" => self.title(record, &record.custom_title.0, TitleKind::Chosen, earlier, say),
            "summary" => self.summary(record, say),
            "cost-state" => self.counter(record, tally, say),
            _ => {}
        }
    }

    /// What is left of a torn record counts if it names its message for sure. Where its own time is lost, that of a
    /// record after it on the line stands in: never an earlier one, which could move the message before its day.
    pub(crate) fn torn(&mut self, record: &Record<'_>, tally: &mut Tally, say: &mut impl FnMut(Said<'_>)) {
        self.last = Timestamp::parse(&record.timestamp.0).or(self.last);
        if is_certain(record) && self.last.is_some() {
            self.answer(&Answer::of(record), tally, &mut || None, say);
        }
    }

    fn answer(
        &self,
        answer: &Answer<'_>,
        tally: &mut Tally,
        earlier: &mut impl FnMut() -> Option<Timestamp>,
        say: &mut impl FnMut(Said<'_>),
    ) {
        let Some(message) = &answer.message.0 else { return };
        let Some(usage) = &message.usage.0 else { return };
        let when = self.last.or_else(earlier);
        if message.model.0 == "<synthetic>" {
            tally.skip(Reason::Synthetic);
            return self.notice(when, say);
        }
        let Some(when) = when else { return tally.skip(Reason::NoTime) };
        tally.entries += 1;
        let record = answer.record;
        let session = or(&record.session.0, self.place.home);
        let identity = Identity { id: &message.id.0, request: answer.request, session, uuid: &record.uuid.0 };
        let entry = Entry {
            key: self.key(identity),
            usage: Usage::default(),
            terms: Terms::logged(&usage.speed.0, &usage.geo.0, &usage.tier.0),
            reported: record.cost.0,
            under_logged: answer.is_under_logged(message),
            model: or(&message.model.0, "unknown"),
            session,
            run: self.place.run.or_else(|| answer.run()),
            cwd: some(&record.cwd.0),
            branch: some(&record.branch.0),
            side: answer.side,
            when,
        };
        calls(&entry, usage, tally, say);
    }

    /// What Claude Code says in a model's stead is no usage, but may tell of a limit.
    fn notice(&self, when: Option<Timestamp>, say: &mut impl FnMut(Said<'_>)) {
        let spoken = lenient_json::only_value::<Spoken<'_>>(self.line).and_then(|spoken| spoken.0);
        let Some(speech) = spoken.as_ref().and_then(|spoken| spoken.message.0.as_ref()) else { return };
        if let Some(when) = when.filter(|_| !speech.content.0.is_empty()) {
            say(Said::Notice(when, &speech.content.0));
        }
    }

    fn title(
        &self,
        record: &Record<'_>,
        text: &str,
        kind: TitleKind,
        earlier: &mut impl FnMut() -> Option<Timestamp>,
        say: &mut impl FnMut(Said<'_>),
    ) {
        let session = or(&record.session.0, self.place.home);
        let when = self.last.or_else(earlier);
        say(Said::Title(Title { session, text: text.trim(), kind, when, offset: self.place.offset }));
    }

    fn summary(&self, record: &Record<'_>, say: &mut impl FnMut(Said<'_>)) {
        if is_summary(&record.summary.0) && !record.leaf.0.is_empty() {
            say(Said::Summary(Summary { leaf: &record.leaf.0, text: &record.summary.0, offset: self.place.offset }));
        }
    }

    fn counter(&self, record: &Record<'_>, tally: &mut Tally, say: &mut impl FnMut(Said<'_>)) {
        let lower_bound = record.unknown_cost.0;
        let bare = Counter { cost: record.total_cost.0.unwrap_or_default(), lower_bound, ..Counter::default() };
        let models = record.models.0.iter().filter_map(|model| model.0.as_ref());
        let counter = models.fold(bare, |counter, model| counter.with(counted(model, tally)));
        say(Said::Counter(or(&record.session.0, self.place.home), counter));
    }

    fn key(&self, identity: Identity<'_>) -> Key {
        Key::new(identity, || {
            let mut place = self.place.file.as_bytes().to_vec();
            place.extend_from_slice(&self.place.offset.to_le_bytes());
            // Without its end: read before that was written, it is the same line.
            place.extend_from_slice(&xxhash_rust::xxh3::xxh3_64(self.line.trim_ascii_end()).to_le_bytes());
            place
        })
    }
}

/// Whether what is left of a torn record is a model's answer that names its message for sure.
pub(crate) fn is_certain(record: &Record<'_>) -> bool {
    let Some(message) = &record.message.0 else { return false };
    let by_a_model = match &record.kind {
        Some(kind) => kind.0 == "assistant",
        None => message.role.0 == "assistant",
    };
    by_a_model && message.id.0.starts_with("msg_")
}

/// A model's answer: a record's own, or one that a `progress` record repeats.
struct Answer<'a> {
    record: &'a Record<'a>,
    message: &'a lenient_json::Object<Message<'a>>,
    request: &'a str,
    agent: &'a str,
    side: bool,
}

impl<'a> Answer<'a> {
    /// A record's own.
    fn of(record: &'a Record<'a>) -> Self {
        let (message, request, agent) = (&record.message, &*record.request.0, &*record.agent.0);
        Self { record, message, request, agent, side: record.sidechain.0 }
    }

    /// The subagent's run, where the record names it.
    fn run(&self) -> Option<&str> {
        (self.side && !self.agent.is_empty()).then_some(self.agent)
    }

    /// Claude Code 2.1.9 to 2.1.52 never wrote the final output, and subagents' final records are missing in all
    /// versions now and then.
    fn is_under_logged(&self, message: &Message<'_>) -> bool {
        let unfinished = self.side && message.stop_reason.0.is_empty();
        unfinished || version(&self.record.version.0).is_some_and(|version| ((2, 1, 9)..=(2, 1, 52)).contains(&version))
    }
}

/// The first three numbers of a version.
fn version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.splitn(3, '.');
    let mut next = || parts.next()?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok();
    Some((next()?, next()?, next()?))
}

/// Says the message's own call and the extra ones billed beside it.
fn calls(entry: &Entry<'_>, usage: &schema::Usage<'_>, tally: &mut Tally, say: &mut impl FnMut(Said<'_>)) {
    say(Said::Entry(Entry { usage: counts(usage, tally), ..entry.clone() }));
    for (index, item) in usage.iterations.0.iter().enumerate() {
        let Some(call) = item.0.as_ref().filter(|item| item.kind.0 == "advisor_message") else { continue };
        let (key, usage) = (entry.key.advisor(index), counts(call, tally));
        let model = or(&call.model.0, entry.model);
        // What the record says it cost covers its own call.
        say(Said::Entry(Entry { key, usage, model, reported: None, ..entry.clone() }));
    }
}

fn counted(model: &Counted<'_>, tally: &mut Tally) -> Usage {
    let Counted { input, output, cache_read, cache_write, web_searches, .. } = model;
    refuse(&[*input, *output, *cache_read, *cache_write, *web_searches], tally);
    Usage {
        input: input.value,
        output: output.value,
        cache_read: cache_read.value,
        cache_write: cache_write.value,
        web_searches: web_searches.value,
        ..Usage::default()
    }
}

fn refuse(counts: &[Count], tally: &mut Tally) {
    if counts.iter().any(|count| count.refused) {
        tally.skip(Reason::NotACount);
    }
}

/// The counts of one call. The total of cache writes may be missing where the split is there, and the reverse.
fn counts(usage: &schema::Usage<'_>, tally: &mut Tally) -> Usage {
    let (five_minutes, hour) = usage.split.0.as_ref().map(|split| (split.five_minutes, split.hour)).unwrap_or_default();
    let tools = usage.tools.0.as_ref();
    let (web_searches, web_fetches) = tools.map(|tools| (tools.web_searches, tools.web_fetches)).unwrap_or_default();
    let schema::Usage { input, output, cache_write, cache_read, .. } = usage;
    refuse(&[*input, *output, *cache_write, *cache_read, five_minutes, hour, web_searches, web_fetches], tally);
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

/// A text, or another where it is empty.
pub(crate) fn or<'a>(text: &'a Cow<'a, str>, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

fn some<'a>(text: &'a Cow<'a, str>) -> Option<&'a str> {
    (!text.is_empty()).then_some(text)
}
