//! Counting of a group of lines by this program's rules, by ccusage's, and by every set of rules between them.

use std::collections::BTreeMap;

use crate::audit::ccusage::PeerCommand;
use crate::audit::observation::UsageObservation;
use crate::audit::rule::{CcusageRule, RuleSet};
use crate::audit::token_delta::TokenCounts;
use crate::interner::{Interner, SessionId};
use crate::ledger::message_key::MessageKey;
use crate::time::timestamp::Timestamp;

/// A counted message with the day and session it is assigned to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CountedMessage {
    pub(crate) key: MessageKey,
    pub(crate) counts: TokenCounts,
    pub(crate) when: Option<Timestamp>,
    pub(crate) session: SessionId,
}

/// Counts the lines of a group, which must be in the order of their logs' paths and of their positions.
pub(crate) fn count_messages(
    group: &[UsageObservation],
    rules: RuleSet,
    command: PeerCommand,
    sessions: &Interner<SessionId>,
) -> Vec<CountedMessage> {
    let lines: Vec<&UsageObservation> = group.iter().filter(|line| line.is_counted_at(rules)).collect();
    if !rules.adopts(CcusageRule::BestLine) {
        return merge_by_maximum(&lines, rules, sessions);
    }
    let mut merger = CcusageMerger { rules, is_daily: command.is_daily(), sessions, merged: Vec::new() };
    lines.into_iter().for_each(|line| merger.add_line(line));
    merger.merged.iter().map(|message| message.to_counted(rules)).collect()
}

/// A message by this program's rule: the maximum of each count, with sidechains only if the main conversation is
/// missing.
struct MessageSlots<'a> {
    main: Option<TokenCounts>,
    side: Option<TokenCounts>,
    first: &'a UsageObservation,
}

fn merge_by_maximum(
    lines: &[&UsageObservation],
    rules: RuleSet,
    sessions: &Interner<SessionId>,
) -> Vec<CountedMessage> {
    let mut messages: BTreeMap<MessageKey, MessageSlots<'_>> = BTreeMap::new();
    for &line in lines {
        let slots = messages.entry(line.key).or_insert(MessageSlots { main: None, side: None, first: line });
        let slot = if line.is_side_at(rules) { &mut slots.side } else { &mut slots.main };
        let counts = line.counts_at(rules);
        *slot = Some(slot.map_or(counts, |known| known.max(counts)));
        if line.compare_to(slots.first, sessions).is_lt() {
            slots.first = line;
        }
    }
    let counted = |(key, slots): (MessageKey, MessageSlots<'_>)| CountedMessage {
        key,
        counts: slots.main.or(slots.side).unwrap_or_default(),
        when: slots.first.when,
        session: slots.first.session,
    };
    messages.into_iter().map(counted).collect()
}

/// The merging by ccusage's rule: each line either joins an earlier message or starts a new one, and one line
/// represents each message.
struct CcusageMerger<'a> {
    rules: RuleSet,
    is_daily: bool,
    sessions: &'a Interner<SessionId>,
    merged: Vec<MergedMessage<'a>>,
}

/// A message merged so far.
struct MergedMessage<'a> {
    /// The line that represents the message.
    best: &'a UsageObservation,
    first: &'a UsageObservation,
    /// The sessions of its lines.
    seen_in: Vec<SessionId>,
}

impl<'a> CcusageMerger<'a> {
    fn add_line(&mut self, line: &'a UsageObservation) {
        let found = self.merged.iter().position(|message| self.is_repetition(message, line));
        let Some(index) = found.or_else(|| self.merged.iter().position(|message| self.is_replay(message, line))) else {
            return self.merged.push(MergedMessage { best: line, first: line, seen_in: vec![line.peer_session] });
        };
        let (rules, sessions) = (self.rules, self.sessions);
        let message = &mut self.merged[index];
        if is_better(line, message.best, rules) {
            message.best = line;
        }
        if line.compare_to(message.first, sessions).is_lt() {
            message.first = line;
        }
        if !message.seen_in.contains(&line.peer_session) {
            message.seen_in.push(line.peer_session);
        }
    }

    /// Returns true if a line repeats a message.
    fn is_repetition(&self, message: &MergedMessage<'_>, line: &UsageObservation) -> bool {
        let (rules, best) = (self.rules, message.best);
        let (has_same_key, peer) = (best.key == line.key, &line.peer);
        if !(best.peer.has_id && peer.has_id) {
            return has_same_key && !rules.adopts(CcusageRule::MissingId);
        }
        if !rules.adopts(CcusageRule::Requests) {
            return has_same_key;
        }
        if best.peer.call != peer.call {
            return false;
        }
        if best.peer.request.is_none() && peer.request.is_none() {
            let is_same_session =
                if rules.adopts(CcusageRule::Sessions) { best.peer_session == line.peer_session } else { has_same_key };
            return is_same_session && (!self.is_daily || self.is_same_instant(best, line));
        }
        best.peer.request == peer.request
    }

    /// Returns true if a line is a sidechain copy of a message, or the other way round.
    fn is_replay(&self, message: &MergedMessage<'_>, line: &UsageObservation) -> bool {
        let (rules, best) = (self.rules, message.best);
        if !(best.peer.has_id && line.peer.has_id && best.peer.call == line.peer.call) {
            return false;
        }
        let is_same_session = match rules.adopts(CcusageRule::Sessions) {
            true => message.seen_in.contains(&line.peer_session),
            false => best.key == line.key,
        };
        let is_side = line.is_side_at(rules) || best.is_side_at(rules);
        is_same_session && is_side && (self.is_daily || self.is_same_instant(best, line))
    }

    fn is_same_instant(&self, best: &UsageObservation, line: &UsageObservation) -> bool {
        !self.rules.adopts(CcusageRule::Instants) || best.peer.when == line.peer.when
    }
}

/// Returns true if a line represents its message better than the best line so far.
fn is_better(line: &UsageObservation, best: &UsageObservation, rules: RuleSet) -> bool {
    let rank = |line: &UsageObservation| (!line.is_side_at(rules), line.counts_at(rules).total(), line.peer.speed);
    rank(line) > rank(best)
}

impl MergedMessage<'_> {
    fn to_counted(&self, rules: RuleSet) -> CountedMessage {
        let Self { best, first, .. } = self;
        CountedMessage {
            key: best.key,
            counts: best.counts_at(rules),
            when: if rules.adopts(CcusageRule::Day) { Some(best.peer.when) } else { first.when },
            session: if rules.adopts(CcusageRule::PathSession) { best.path_session } else { first.session },
        }
    }
}
