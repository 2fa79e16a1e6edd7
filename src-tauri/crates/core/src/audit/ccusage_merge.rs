//! What a group of lines counts as: by our rule, by ccusage's, and at every stage between.

use std::collections::BTreeMap;

use crate::audit::ccusage::PeerCommand;
use crate::audit::observation::Heard;
use crate::audit::rule::{Rule, Stage};
use crate::audit::token_delta::Counts;
use crate::interner::{Interner, SessionId};
use crate::ledger::message_key::Key;
use crate::time::timestamp::Timestamp;

/// One message as it is counted, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    pub(crate) key: Key,
    pub(crate) counts: Counts,
    pub(crate) when: Option<Timestamp>,
    pub(crate) session: SessionId,
}

/// What the lines of a group count as at a stage. They are in the order of their paths and of their places there.
pub(crate) fn counted(
    group: &[Heard],
    stage: Stage,
    command: PeerCommand,
    sessions: &Interner<SessionId>,
) -> Vec<Counted> {
    let lines: Vec<&Heard> = group.iter().filter(|heard| heard.counts_at(stage)).collect();
    if !stage.follows(Rule::BestLine) {
        return by_largest_counts(&lines, stage, sessions);
    }
    let mut merging = Merging { stage, daily: command.is_daily(), sessions, kept: Vec::new() };
    lines.into_iter().for_each(|heard| merging.take(heard));
    merging.kept.iter().map(|kept| kept.counted(stage)).collect()
}

/// Our rule: the largest of each count, aside only where the main conversation says nothing.
struct Slots<'a> {
    main: Option<Counts>,
    side: Option<Counts>,
    first: &'a Heard,
}

fn by_largest_counts(lines: &[&Heard], stage: Stage, sessions: &Interner<SessionId>) -> Vec<Counted> {
    let mut messages: BTreeMap<Key, Slots<'_>> = BTreeMap::new();
    for &heard in lines {
        let slots = messages.entry(heard.key).or_insert(Slots { main: None, side: None, first: heard });
        let slot = if heard.is_side_at(stage) { &mut slots.side } else { &mut slots.main };
        let counts = heard.counts_by(stage);
        *slot = Some(slot.map_or(counts, |known| known.max(counts)));
        if heard.order(slots.first, sessions).is_lt() {
            slots.first = heard;
        }
    }
    let counted = |(key, slots): (Key, Slots<'_>)| Counted {
        key,
        counts: slots.main.or(slots.side).unwrap_or_default(),
        when: slots.first.when,
        session: slots.first.session,
    };
    messages.into_iter().map(counted).collect()
}

/// ccusage's rule: line after line either joins a message met before or begins one, and one line speaks for it.
struct Merging<'a> {
    stage: Stage,
    daily: bool,
    sessions: &'a Interner<SessionId>,
    kept: Vec<Kept<'a>>,
}

/// A message so far.
struct Kept<'a> {
    /// The line that speaks for it.
    best: &'a Heard,
    first: &'a Heard,
    /// The sessions its lines were met in.
    met_in: Vec<SessionId>,
}

impl<'a> Merging<'a> {
    fn take(&mut self, heard: &'a Heard) {
        let found = self.kept.iter().position(|kept| self.is_same(kept, heard));
        let Some(at) = found.or_else(|| self.kept.iter().position(|kept| self.is_replay(kept, heard))) else {
            return self.kept.push(Kept { best: heard, first: heard, met_in: vec![heard.their_session] });
        };
        let (stage, sessions) = (self.stage, self.sessions);
        let kept = &mut self.kept[at];
        if is_better(heard, kept.best, stage) {
            kept.best = heard;
        }
        if heard.order(kept.first, sessions).is_lt() {
            kept.first = heard;
        }
        if !kept.met_in.contains(&heard.their_session) {
            kept.met_in.push(heard.their_session);
        }
    }

    /// Whether a line repeats the one kept.
    fn is_same(&self, kept: &Kept<'_>, heard: &Heard) -> bool {
        let (stage, kept) = (self.stage, kept.best);
        let (ours, theirs) = (kept.key == heard.key, &heard.theirs);
        if !(kept.theirs.named && theirs.named) {
            return ours && !stage.follows(Rule::Nameless);
        }
        if !stage.follows(Rule::Requests) {
            return ours;
        }
        if kept.theirs.call != theirs.call {
            return false;
        }
        if kept.theirs.request.is_none() && theirs.request.is_none() {
            let here = if stage.follows(Rule::Sessions) { kept.their_session == heard.their_session } else { ours };
            return here && (!self.daily || self.is_at_instant(kept, heard));
        }
        kept.theirs.request == theirs.request
    }

    /// Whether a line tells aside what is kept, or what is kept told it aside.
    fn is_replay(&self, kept: &Kept<'_>, heard: &Heard) -> bool {
        let stage = self.stage;
        let (best, theirs) = (&kept.best.theirs, &heard.theirs);
        if !(best.named && theirs.named && best.call == theirs.call) {
            return false;
        }
        let here = match stage.follows(Rule::Sessions) {
            true => kept.met_in.contains(&heard.their_session),
            false => kept.best.key == heard.key,
        };
        let aside = heard.is_side_at(stage) || kept.best.is_side_at(stage);
        here && aside && (self.daily || self.is_at_instant(kept.best, heard))
    }

    fn is_at_instant(&self, kept: &Heard, heard: &Heard) -> bool {
        !self.stage.follows(Rule::Instants) || kept.theirs.when == heard.theirs.when
    }
}

/// Whether a line speaks for its message rather than the one kept so far.
fn is_better(heard: &Heard, kept: &Heard, stage: Stage) -> bool {
    let rank = |heard: &Heard| (!heard.is_side_at(stage), heard.counts_by(stage).total(), heard.theirs.speed);
    rank(heard) > rank(kept)
}

impl Kept<'_> {
    fn counted(&self, stage: Stage) -> Counted {
        let Self { best, first, .. } = self;
        Counted {
            key: best.key,
            counts: best.counts_by(stage),
            when: if stage.follows(Rule::Day) { Some(best.theirs.when) } else { first.when },
            session: if stage.follows(Rule::PathSession) { best.path_session } else { first.session },
        }
    }
}
