//! The report: lines gathered, grouped, and summed by our rules and by ccusage's.

use serde::Serialize;

use crate::audit::breakdown::Own;
use crate::audit::ccusage::{PeerCommand, VERSION};
use crate::audit::ccusage_merge::{Counted, counted};
use crate::audit::observation::Heard;
use crate::audit::rule::{Rule, Stage};
use crate::audit::token_delta::Four;
use crate::interner::{Interner, SessionId};
use crate::time::timestamp::Timestamp;

/// Which messages a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All.
    All,
    /// Those first seen from one instant up to another, which is no longer in it.
    Between(Timestamp, Timestamp),
    /// Those of a session.
    Session(SessionId),
}

impl Scope {
    /// Whether a line may belong to a message in scope: by our rule or by ccusage's.
    pub fn concerns(self, heard: &Heard) -> bool {
        let theirs = heard.refused.is_none().then_some(heard.theirs.when);
        self.holds(heard.when, heard.session) || self.holds(theirs, heard.path_session)
    }

    fn holds(self, when: Option<Timestamp>, session: SessionId) -> bool {
        match self {
            Self::All => true,
            Self::Between(start, end) => when.is_some_and(|when| (start..end).contains(&when)),
            Self::Session(wanted) => session == wanted,
        }
    }

    fn has(self, counted: &Counted) -> bool {
        self.holds(counted.when, counted.session)
    }
}

/// One rule of ccusage's and what it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The rule.
    pub rule: Rule,
    /// In words.
    pub words: &'static str,
    /// By how much the sum grows once the rule is ccusage's.
    #[serde(flatten)]
    pub tokens: Four,
}

/// The way from our figure to ccusage's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Against {
    /// The command that is emulated.
    pub command: PeerCommand,
    /// The version that is emulated.
    pub version: &'static str,
    /// Our figure from the logs: where the way begins.
    pub ours: Four,
    /// All rules, those that change nothing too.
    pub steps: Vec<Step>,
    /// Its figure: where the steps lead.
    pub theirs: Four,
}

/// Lines, until all are there. Its size is that of the lines with usage that concern the scope.
#[derive(Debug)]
pub struct Gathering {
    scope: Scope,
    command: PeerCommand,
    heard: Vec<Heard>,
}

impl Gathering {
    /// Nothing yet.
    pub fn new(scope: Scope, command: PeerCommand) -> Self {
        Self { scope, command, heard: Vec::new() }
    }

    /// Takes in one use of a model. They come in the order of their logs' paths, and of their places there.
    pub fn add(&mut self, heard: Heard) {
        self.heard.push(heard);
    }

    /// All that was taken in, message by message.
    pub fn finish(mut self) -> Gathered {
        // Stable: within a group the order of the paths stays.
        self.heard.sort_by_key(Heard::group);
        Gathered { scope: self.scope, command: self.command, heard: self.heard }
    }
}

/// Lines, all of them, those of a message together.
#[derive(Debug)]
pub struct Gathered {
    scope: Scope,
    command: PeerCommand,
    heard: Vec<Heard>,
}

impl Gathered {
    /// What became of every line, by our rules.
    pub fn own(&self, sessions: &Interner<SessionId>) -> Own {
        let mut own = Own::default();
        self.groups().for_each(|group| self.own_group(group, sessions, &mut own));
        own
    }

    /// The way from our figure to ccusage's.
    pub fn against(&self, sessions: &Interner<SessionId>) -> Against {
        let sum_at = |stage| self.groups().map(|group| self.sum(group, stage, sessions)).sum();
        let ours = sum_at(Stage::OURS);
        let sums: Vec<Four> = Rule::ALL.into_iter().map(|rule| sum_at(Stage::after(rule))).collect();
        let before = std::iter::once(&ours).chain(&sums);
        let step =
            |((rule, sum), before): ((Rule, &Four), &Four)| Step { rule, words: rule.words(), tokens: *sum - *before };
        Against {
            command: self.command,
            version: VERSION,
            ours,
            steps: Rule::ALL.into_iter().zip(&sums).zip(before).map(step).collect(),
            theirs: sums.last().copied().unwrap_or(ours),
        }
    }

    /// The lines, those of a message together.
    pub fn lines(&self) -> impl Iterator<Item = &Heard> {
        self.heard.iter()
    }

    fn groups(&self) -> impl Iterator<Item = &[Heard]> {
        self.heard.chunk_by(|a, b| a.group == b.group)
    }

    fn own_group(&self, group: &[Heard], sessions: &Interner<SessionId>, own: &mut Own) {
        for message in counted(group, Stage::OURS, self.command, sessions) {
            if self.scope.has(&message) {
                let told = |heard: &&Heard| heard.left_out.is_none() && heard.key == message.key;
                let lines: Vec<&Heard> = group.iter().filter(told).collect();
                own.message(&message, &lines, sessions);
            }
        }
        for heard in group.iter().filter(|heard| self.scope.holds(heard.when, heard.session)) {
            if let Some(why) = heard.left_out {
                own.left_out(heard, why);
            }
        }
    }

    fn sum(&self, group: &[Heard], stage: Stage, sessions: &Interner<SessionId>) -> Four {
        let messages = counted(group, stage, self.command, sessions);
        messages.iter().filter(|message| self.scope.has(message)).map(|message| Four::from(message.counts)).sum()
    }
}
