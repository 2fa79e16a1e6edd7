//! The report: collected lines, summed by this program's rules and by ccusage's.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::audit::breakdown::Breakdown;
use crate::audit::ccusage::{CCUSAGE_VERSION, PeerCommand};
use crate::audit::ccusage_merge::{CountedMessage, count_messages};
use crate::audit::observation::UsageObservation;
use crate::audit::rule::{CcusageRule, RuleSet};
use crate::audit::token_delta::TokenDelta;
use crate::interner::{Interner, SessionId};
use crate::ledger::message_key::MessageKey;
use crate::time::timestamp::Timestamp;

/// The messages a report covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditScope {
    /// Every message.
    All,
    /// The messages first seen from the first timestamp up to, but not including, the second.
    Between(Timestamp, Timestamp),
    /// The messages of a session.
    Session(SessionId),
}

impl AuditScope {
    /// Returns true if a line may belong to a message in scope, by the rules of this program or of ccusage.
    pub fn may_include(self, line: &UsageObservation) -> bool {
        let peer_time = line.dropped_by.is_none().then_some(line.peer.when);
        self.includes(line.when, line.session) || self.includes(peer_time, line.path_session)
    }

    pub(crate) fn includes(self, when: Option<Timestamp>, session: SessionId) -> bool {
        match self {
            Self::All => true,
            Self::Between(start, end) => when.is_some_and(|when| (start..end).contains(&when)),
            Self::Session(requested) => session == requested,
        }
    }

    fn includes_message(self, counted: &CountedMessage) -> bool {
        self.includes(counted.when, counted.session)
    }
}

/// The effect of one rule of ccusage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonStep {
    /// The rule.
    pub rule: CcusageRule,
    /// A description of the rule.
    pub words: &'static str,
    /// The change of the sum when the rule is applied.
    #[serde(flatten)]
    pub tokens: TokenDelta,
}

/// The steps from this program's sum to ccusage's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The emulated command.
    pub command: PeerCommand,
    /// The emulated version.
    pub version: &'static str,
    /// The sum by this program's rules.
    pub ours: TokenDelta,
    /// The effects of all rules, including those without effect.
    pub steps: Vec<ComparisonStep>,
    /// The sum by ccusage's rules: `ours` with all steps added.
    pub theirs: TokenDelta,
}

/// A collector of the lines of an audit. Its size is that of the lines with usage in scope.
#[derive(Debug)]
pub struct AuditCollector {
    scope: AuditScope,
    command: PeerCommand,
    observations: Vec<UsageObservation>,
}

impl AuditCollector {
    /// Creates an empty collector.
    pub fn new(scope: AuditScope, command: PeerCommand) -> Self {
        Self { scope, command, observations: Vec::new() }
    }

    /// Adds one use of a model. Uses must be added in the order of their logs' paths and of their positions.
    pub fn add(&mut self, observation: UsageObservation) {
        self.observations.push(observation);
    }

    /// Groups the uses by message.
    pub fn finish(mut self) -> AuditData {
        // The sort is stable, so the order of the paths is kept within a group.
        self.observations.sort_by_key(UsageObservation::group_key);
        self.observations.chunk_by_mut(|a, b| a.group == b.group).for_each(unite_copies);
        AuditData { scope: self.scope, command: self.command, observations: self.observations }
    }
}

/// Gives lines that share a second key the same first key, as the ledger does.
fn unite_copies(group: &mut [UsageObservation]) {
    let mut first_keys: BTreeMap<MessageKey, MessageKey> = BTreeMap::new();
    for index in 0..group.len() {
        let line = &group[index];
        let Some(copy_key) = line.copy_key.filter(|_| line.exclusion.is_none()) else { continue };
        let (own, known) = (line.key, *first_keys.entry(copy_key).or_insert(line.key));
        if own != known {
            group.iter_mut().filter(|line| line.key == own).for_each(|line| line.key = known);
            first_keys.values_mut().filter(|key| **key == own).for_each(|key| *key = known);
        }
    }
}

/// The collected lines, grouped by message.
#[derive(Debug)]
pub struct AuditData {
    scope: AuditScope,
    command: PeerCommand,
    observations: Vec<UsageObservation>,
}

impl AuditData {
    /// Returns the outcome of every line by this program's rules.
    pub fn breakdown(&self, sessions: &Interner<SessionId>) -> Breakdown {
        let mut breakdown = Breakdown::default();
        self.message_groups().for_each(|group| self.add_group(group, sessions, &mut breakdown));
        breakdown
    }

    /// Compares the sum with that of ccusage, rule by rule.
    pub fn comparison(&self, sessions: &Interner<SessionId>) -> Comparison {
        let sum_at = |rules| self.message_groups().map(|group| self.sum_group(group, rules, sessions)).sum();
        let ours = sum_at(RuleSet::OURS);
        let sums: Vec<TokenDelta> = CcusageRule::ALL.into_iter().map(|rule| sum_at(RuleSet::up_to(rule))).collect();
        let before = std::iter::once(&ours).chain(&sums);
        let step = |((rule, sum), before): ((CcusageRule, &TokenDelta), &TokenDelta)| ComparisonStep {
            rule,
            words: rule.description(),
            tokens: *sum - *before,
        };
        Comparison {
            command: self.command,
            version: CCUSAGE_VERSION,
            ours,
            steps: CcusageRule::ALL.into_iter().zip(&sums).zip(before).map(step).collect(),
            theirs: sums.last().copied().unwrap_or(ours),
        }
    }

    /// Returns the lines, grouped by message.
    pub fn observations(&self) -> impl Iterator<Item = &UsageObservation> {
        self.observations.iter()
    }

    fn message_groups(&self) -> impl Iterator<Item = &[UsageObservation]> {
        self.observations.chunk_by(|a, b| a.group == b.group)
    }

    fn add_group(&self, group: &[UsageObservation], sessions: &Interner<SessionId>, breakdown: &mut Breakdown) {
        for message in count_messages(group, RuleSet::OURS, self.command, sessions) {
            if self.scope.includes_message(&message) {
                let is_line = |line: &&UsageObservation| line.exclusion.is_none() && line.key == message.key;
                let lines: Vec<&UsageObservation> = group.iter().filter(is_line).collect();
                breakdown.add_message(&message, &lines, sessions);
            }
        }
        for line in group.iter().filter(|line| self.scope.includes(line.when, line.session)) {
            if let Some(reason) = line.exclusion {
                breakdown.add_excluded(line, reason);
            }
        }
    }

    fn sum_group(&self, group: &[UsageObservation], rules: RuleSet, sessions: &Interner<SessionId>) -> TokenDelta {
        let messages = count_messages(group, rules, self.command, sessions);
        messages
            .iter()
            .filter(|message| self.scope.includes_message(message))
            .map(|message| TokenDelta::from(message.counts))
            .sum()
    }
}
