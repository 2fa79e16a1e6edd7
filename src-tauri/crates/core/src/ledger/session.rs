//! Sessions: the totals and properties of one Claude Code session.
//!
//! Every property other than the sums is a minimum or maximum over lines, so the result does not depend on the order
//! in which lines are read.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::interner::{BranchId, InternTables, ModelId, ProjectId};
use crate::ledger::contribution::Contribution;
use crate::ledger::reported_totals::ReportedTotals;
use crate::time::timestamp::Timestamp;
use crate::tokens::UsageSum;
use crate::transcript::title::{StoredTitle, Title, TitleKind};

/// The working directory and branch of a line with usage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionContext {
    /// The working directory, if named on the line.
    pub project: Option<ProjectId>,
    /// The Git branch, if named on the line.
    pub branch: Option<BranchId>,
}

/// The totals and properties of one session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The times of the first and last line with usage.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The working directory of the earliest line that names one.
    pub project: Option<(Timestamp, ProjectId)>,
    /// The branch of the latest line that names one.
    pub branch: Option<(Timestamp, BranchId)>,
    /// The titles by kind, in order of preference.
    pub titles: [Option<StoredTitle>; TitleKind::ALL.len()],
    /// The totals that Claude Code reported.
    pub reported_totals: Option<Box<ReportedTotals>>,
    /// The usage by model.
    pub models: BTreeMap<ModelId, UsageSum>,
}

impl Session {
    /// Adds a message.
    pub fn add(&mut self, contribution: &Contribution) {
        self.models.entry(contribution.bucket.model).or_default().add(&contribution.priced);
    }

    /// Subtracts a message.
    ///
    /// Panics if the message was not added before.
    pub fn subtract(&mut self, contribution: &Contribution) {
        let model = contribution.bucket.model;
        let sum = self.models.get_mut(&model).expect("only added messages are subtracted");
        sum.subtract(&contribution.priced);
        if sum.messages == 0 {
            self.models.remove(&model);
        }
    }

    /// Records the time and context of a line. Returns true if anything changed.
    pub fn record_activity(&mut self, when: Timestamp, context: SessionContext, names: &InternTables) -> bool {
        let span = self.span.map_or((when, when), |(first, last)| (first.min(when), last.max(when)));
        let span_changed = self.span.replace(span) != Some(span);
        let project_changed = context.project.is_some_and(|project| self.update_project(when, project, names));
        let branch_changed = context.branch.is_some_and(|branch| self.update_branch(when, branch, names));
        span_changed || project_changed || branch_changed
    }

    fn update_project(&mut self, when: Timestamp, project: ProjectId, names: &InternTables) -> bool {
        let rank = |(when, id): (Timestamp, ProjectId)| (when, names.projects.bytes_of(id));
        let is_earlier = self.project.is_none_or(|known| rank((when, project)) < rank(known));
        if is_earlier {
            self.project = Some((when, project));
        }
        is_earlier
    }

    fn update_branch(&mut self, when: Timestamp, branch: BranchId, names: &InternTables) -> bool {
        let rank = |(when, id): (Timestamp, BranchId)| (when, names.branches.bytes_of(id));
        let is_later = self.branch.is_none_or(|known| rank((when, branch)) > rank(known));
        if is_later {
            self.branch = Some((when, branch));
        }
        is_later
    }

    /// Stores a title if it is preferred to the known one of its kind. Returns true if it was stored.
    pub fn update_title(&mut self, title: &Title<'_>) -> bool {
        let new = StoredTitle::new(title);
        let known = &mut self.titles[title.kind as usize];
        let is_preferred = known.as_ref().is_none_or(|known| title.kind.prefers(&new, known));
        if is_preferred {
            *known = Some(new);
        }
        is_preferred
    }

    /// Stores the totals that Claude Code reported if they are larger than the known ones. Returns true if they were
    /// stored.
    pub fn update_reported_totals(&mut self, totals: &ReportedTotals) -> bool {
        let is_larger = self.reported_totals.as_deref().is_none_or(|known| totals > known);
        if is_larger {
            self.reported_totals = Some(Box::new(*totals));
        }
        is_larger
    }

    /// Returns the preferred title with its kind. Empty titles are skipped.
    pub fn best_title(&self) -> Option<(TitleKind, &str)> {
        TitleKind::ALL.into_iter().zip(&self.titles).find_map(|(kind, stored)| {
            let text = stored.as_ref().map(|stored| stored.text.as_str())?;
            (!text.is_empty()).then_some((kind, text))
        })
    }

    /// Returns the usage of all models.
    pub fn total_usage(&self) -> UsageSum {
        self.models.values().sum()
    }

    /// Returns a sort key that orders sessions by last use, the most recent first.
    pub fn recency_key(&self) -> Reverse<Option<Timestamp>> {
        Reverse(self.span.map(|(_, last)| last))
    }
}
