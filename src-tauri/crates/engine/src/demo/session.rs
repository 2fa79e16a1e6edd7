//! The sessions of the sample data, and the usage of their turns.

use chrono::{DateTime, TimeDelta, Utc};

use crate::demo::catalog::DemoProject;
use crate::demo::random::DemoRandom;

/// A session of the sample data.
#[derive(Clone, Debug)]
pub(crate) struct DemoSession {
    pub(crate) id: String,
    pub(crate) project: DemoProject,
    pub(crate) branch: &'static str,
    pub(crate) title: &'static str,
    pub(crate) model: &'static str,
    pub(crate) turns: Vec<DemoTurn>,
    /// The run of a subagent, if there is one.
    pub(crate) run: Option<DemoRun>,
    /// The number of the pull request that the session created, if any.
    pub(crate) pull_request: Option<u64>,
    pub(crate) is_tagged: bool,
}

/// The run of a subagent.
#[derive(Clone, Debug)]
pub(crate) struct DemoRun {
    pub(crate) id: String,
    pub(crate) model: &'static str,
    pub(crate) turns: Vec<DemoTurn>,
}

/// A turn: one answer of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DemoTurn {
    pub(crate) at: DateTime<Utc>,
    /// A random id, from which those of the message and of the request are made.
    pub(crate) id: String,
    pub(crate) usage: TurnUsage,
}

/// The tokens of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TurnUsage {
    pub(crate) input: u64,
    pub(crate) output: u64,
    pub(crate) cache_write: u64,
    pub(crate) cache_read: u64,
}

impl TurnUsage {
    /// Returns the sum of all kinds.
    pub(crate) fn total(self) -> u64 {
        self.input + self.output + self.cache_write + self.cache_read
    }
}

/// The context of a session, which grows with each turn and is compacted when it is full.
#[derive(Clone, Debug)]
pub(crate) struct Context(u64);

impl Context {
    /// The length at which the context is compacted, in tokens.
    const FULL: u64 = 150_000;

    /// Creates the context of a new session.
    pub(crate) fn new(random: &mut DemoRandom) -> Self {
        Self(random.number_in(12_000..=18_000))
    }

    /// Returns the usage of the next turn.
    pub(crate) fn next_usage(&mut self, random: &mut DemoRandom) -> TurnUsage {
        let usage = TurnUsage {
            input: random.number_in(4..=60),
            output: random.number_in(120..=1_900),
            cache_write: random.number_in(900..=4_600),
            cache_read: self.0,
        };
        self.0 += usage.cache_write + usage.output;
        if self.0 > Self::FULL {
            self.0 = random.number_in(22_000..=34_000);
        }
        usage
    }
}

/// Generates turns from a start on, with a pause in seconds before each, while `wants_more` returns true for the number
/// of turns and the time of the next one.
pub(crate) fn generate_turns(
    random: &mut DemoRandom,
    start: DateTime<Utc>,
    pause: std::ops::RangeInclusive<u64>,
    wants_more: impl Fn(usize, DateTime<Utc>) -> bool,
) -> Vec<DemoTurn> {
    let (mut context, mut turns, mut at) = (Context::new(random), Vec::new(), start);
    loop {
        at += TimeDelta::milliseconds(random.number_in(pause.start() * 1_000..=pause.end() * 1_000).cast_signed());
        if !wants_more(turns.len(), at) {
            return turns;
        }
        turns.push(DemoTurn { at, id: random.uuid(), usage: context.next_usage(random) });
    }
}

impl DemoSession {
    /// Returns all turns, including those of the subagent.
    pub(crate) fn all_turns(&self) -> impl Iterator<Item = &DemoTurn> {
        self.turns.iter().chain(self.run.iter().flat_map(|run| &run.turns))
    }

    /// Returns the tokens of all turns.
    pub(crate) fn tokens(&self) -> u64 {
        self.all_turns().map(|turn| turn.usage.total()).sum()
    }

    /// Returns the time of the last turn.
    pub(crate) fn end(&self) -> Option<DateTime<Utc>> {
        self.all_turns().map(|turn| turn.at).max()
    }
}
