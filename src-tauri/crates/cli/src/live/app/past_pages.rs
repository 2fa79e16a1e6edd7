//! The state of the pages *Blocks* and *History*.

use chrono::{NaiveDate, TimeDelta};
use token_monitor_core::report::model::{BlockHistory, History, HistoryBy};
use token_monitor_engine::Request;

use crate::live::app::feed::Feed;
use crate::live::app::list_cursor::ListCursor;

/// The shortest time between two queries of the past: only its latest block or day changes.
const PAST_INTERVAL: TimeDelta = TimeDelta::seconds(1);

/// The ways to divide days, in the sequence of the key.
const SPLITS: [HistoryBy; 5] =
    [HistoryBy::Model, HistoryBy::Project, HistoryBy::Branch, HistoryBy::Tag, HistoryBy::PullRequest];

/// The list of blocks and gaps.
#[derive(Clone, Debug)]
pub(crate) struct BlocksPage {
    pub(crate) list: Feed<(usize, usize), BlockHistory>,
    pub(crate) cursor: ListCursor,
    loaded_from: usize,
}

impl BlocksPage {
    pub(crate) fn new() -> Self {
        Self { list: Feed::new((0, 0), PAST_INTERVAL), cursor: ListCursor::default(), loaded_from: 0 }
    }

    /// Makes the list follow the scroll position.
    pub(crate) fn update_query(&mut self) {
        let window = self.cursor.window();
        self.list.want((window.start, window.len()));
    }

    /// Returns the index of the first loaded row.
    pub(crate) fn loaded_from(&self) -> usize {
        self.loaded_from
    }

    /// Accepts the answer to a query of the list.
    pub(crate) fn accept(&mut self, query: (usize, usize), result: Result<BlockHistory, String>) {
        let is_loaded = result.is_ok();
        if self.list.accept(&query, result) && is_loaded {
            self.loaded_from = query.0;
            let count = self.list.result.as_ref().map_or(0, |page| page.count);
            self.cursor.set_count(usize::try_from(count).unwrap_or(usize::MAX));
        }
    }
}

/// The range of the history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum HistoryRange {
    Week,
    #[default]
    Month,
    Quarter,
    Year,
    All,
}

impl HistoryRange {
    /// All ranges, the shortest first.
    pub(crate) const ALL: [Self; 5] = [Self::Week, Self::Month, Self::Quarter, Self::Year, Self::All];

    /// Returns the name of the range.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Week => "7 d",
            Self::Month => "30 d",
            Self::Quarter => "90 d",
            Self::Year => "Year",
            Self::All => "All",
        }
    }

    /// Returns the number of days; `None` for all.
    pub(crate) fn days(self) -> Option<u64> {
        match self {
            Self::Week => Some(7),
            Self::Month => Some(30),
            Self::Quarter => Some(90),
            Self::Year => Some(365),
            Self::All => None,
        }
    }
}

/// The history of a range of days.
#[derive(Clone, Debug)]
pub(crate) struct HistoryPage {
    pub(crate) feed: Feed<Request, History>,
    pub(crate) cursor: ListCursor,
    pub(crate) range: HistoryRange,
    pub(crate) split: HistoryBy,
}

impl HistoryPage {
    pub(crate) fn new() -> Self {
        let nothing = Request::History { from: None, to: None, by: HistoryBy::Model };
        Self {
            feed: Feed::new(nothing, PAST_INTERVAL),
            cursor: ListCursor::default(),
            range: HistoryRange::default(),
            split: HistoryBy::Model,
        }
    }

    /// Makes the history follow the range, the split and the current day.
    pub(crate) fn update_query(&mut self, today: NaiveDate) {
        let first = |days: u64| today.checked_sub_days(chrono::Days::new(days - 1));
        let from = self.range.days().and_then(first);
        self.feed.want(Request::History { from, to: None, by: self.split });
    }

    /// Accepts the answer to a query.
    pub(crate) fn accept(&mut self, query: &Request, result: Result<History, String>) {
        if self.feed.accept(query, result) {
            let parts = self.feed.result.as_ref().map_or(0, |history| history.parts.len());
            self.cursor.set_count(parts);
        }
    }

    /// Selects a shorter or longer range.
    pub(crate) fn move_range(&mut self, step: isize) {
        let place = HistoryRange::ALL.iter().position(|range| *range == self.range).unwrap_or_default();
        let last = HistoryRange::ALL.len() - 1;
        self.range = HistoryRange::ALL[place.saturating_add_signed(step).min(last)];
    }

    /// Selects the next way to divide the days.
    pub(crate) fn next_split(&mut self) {
        let place = SPLITS.iter().position(|split| *split == self.split).unwrap_or_default();
        self.split = SPLITS[(place + 1) % SPLITS.len()];
        self.cursor.move_to_first();
    }
}

/// Returns the name of a way to divide days.
pub(crate) fn split_name(split: HistoryBy) -> &'static str {
    match split {
        HistoryBy::Model => "By model",
        HistoryBy::Project => "By project",
        HistoryBy::Branch => "By branch",
        HistoryBy::Tag => "By tag",
        HistoryBy::PullRequest => "By pull request",
    }
}
