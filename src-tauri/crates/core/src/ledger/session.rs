//! Sessions: the totals and properties of one Claude Code session.
//!
//! Every property other than the sums is a minimum or maximum over lines, so the result does not depend on the order
//! in which lines are read.

use std::cmp::Reverse;

use crate::interner::{BranchId, InternTables, ProjectId, SessionId};
use crate::ledger::contribution::Contribution;
use crate::ledger::prompts::{Prompt, SessionPrompts};
use crate::ledger::pull_request::{PullRequestLink, add_link};
use crate::ledger::reported_totals::ReportedTotals;
use crate::ledger::usage_by_model::UsageByModel;
use crate::time::timestamp::Timestamp;
use crate::tokens::UsageSum;
use crate::transcript::title::{StoredTitle, Title, TitleKind};

/// The properties of a line with usage that describe its session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionContext {
    /// The working directory, if named on the line.
    pub project: Option<ProjectId>,
    /// The Git branch, if named on the line.
    pub branch: Option<BranchId>,
    /// The session whose log contains the line, if the line was copied there from the session that made the call.
    pub copied_into: Option<SessionId>,
    /// The prompt of the line, if it is one of the main conversation.
    pub prompt: Option<Prompt>,
}

/// The distance in microseconds by which a value of low rank is moved in time, away from the times of all lines. Ten
/// thousand years are more than the range of a timestamp in a log.
const LOW_RANK_SHIFT: i64 = 10_000 * 366 * 86_400 * 1_000_000;

/// Returns a time after that of any line, in the same order.
fn shift_later(when: Timestamp) -> Timestamp {
    if when.0 < LOW_RANK_SHIFT { Timestamp(when.0 + LOW_RANK_SHIFT) } else { when }
}

/// Returns a time before that of any line, in the same order.
fn shift_earlier(when: Timestamp) -> Timestamp {
    if when.0 > -LOW_RANK_SHIFT / 2 { Timestamp(when.0 - LOW_RANK_SHIFT) } else { when }
}

/// The totals and properties of one session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The times of the first and last line with usage.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The working directory of the earliest line that names one. That of a copied line is used if there is no other.
    pub project: Option<(Timestamp, ProjectId)>,
    /// The working directory of the latest line of the main conversation that names one.
    pub last_folder: Option<(Timestamp, ProjectId)>,
    /// The branch of the latest line that names one. That of a copied line is used if there is no other.
    pub branch: Option<(Timestamp, BranchId)>,
    /// The time and the session of the latest line that was copied into this session's log from another session.
    pub last_copy: Option<(Timestamp, SessionId)>,
    /// The titles by kind, in order of preference.
    pub titles: [Option<StoredTitle>; TitleKind::ALL.len()],
    /// The totals that Claude Code reported.
    pub reported_totals: Option<Box<ReportedTotals>>,
    /// The usage by model.
    pub models: UsageByModel,
    /// The pull requests linked by the session, ordered by time.
    pub pull_requests: Vec<PullRequestLink>,
    /// The last prompt of the main conversation.
    pub prompts: Option<Box<SessionPrompts>>,
}

impl Session {
    /// Adds a message.
    pub fn add(&mut self, contribution: &Contribution) {
        self.models.get_or_insert(contribution.bucket.model).add(&contribution.priced);
    }

    /// Subtracts a message.
    ///
    /// Panics if the message was not added before.
    pub fn subtract(&mut self, contribution: &Contribution) {
        let model = contribution.bucket.model;
        let sum = self.models.get_mut(model).expect("only added messages are subtracted");
        sum.subtract(&contribution.priced);
        if sum.messages == 0 {
            self.models.remove(model);
        }
    }

    /// Records the time and context of a line. `side` is true for a line of a subagent or side question. Returns true if
    /// anything changed.
    pub fn record_activity(
        &mut self,
        when: Timestamp,
        side: bool,
        context: SessionContext,
        names: &InternTables,
    ) -> bool {
        let span = self.span.map_or((when, when), |(first, last)| (first.min(when), last.max(when)));
        let span_changed = self.span.replace(span) != Some(span);
        // A copy may be made in another folder or on another branch.
        let (project_rank, branch_rank) = match context.copied_into {
            Some(_) => (shift_later(when), shift_earlier(when)),
            None => (when, when),
        };
        let project_changed = context.project.is_some_and(|project| self.update_project(project_rank, project, names));
        let branch_changed = context.branch.is_some_and(|branch| self.update_branch(branch_rank, branch, names));
        let folder = context.project.filter(|_| !side && context.copied_into.is_none());
        let folder_changed = folder.is_some_and(|folder| self.update_last_folder(when, folder, names));
        let prompt_changed = context.prompt.is_some_and(|prompt| self.prompts.get_or_insert_default().record(prompt));
        span_changed || project_changed || branch_changed || folder_changed || prompt_changed
    }

    /// Records a line that was copied into this session's log. Returns true if anything changed.
    pub fn record_copy(&mut self, when: Timestamp, from: SessionId, names: &InternTables) -> bool {
        let rank = |(when, id): (Timestamp, SessionId)| (when, names.sessions.bytes_of(id));
        let is_later = self.last_copy.is_none_or(|known| rank((when, from)) > rank(known));
        if is_later {
            self.last_copy = Some((when, from));
        }
        is_later
    }

    /// Lowers the rank of the project, branch and titles, which were recorded by the rules of an earlier version. They
    /// are replaced by those of any line that is read again.
    pub fn lower_ranks(&mut self) {
        self.project = self.project.map(|(when, project)| (shift_later(when), project));
        self.branch = self.branch.map(|(when, branch)| (shift_earlier(when), branch));
        for (kind, title) in TitleKind::ALL.into_iter().zip(&mut self.titles) {
            let Some(title) = title else { continue };
            title.when = match kind {
                TitleKind::Custom | TitleKind::Generated | TitleKind::Summary => title.when.map(shift_earlier),
                TitleKind::Prompt => Some(shift_later(title.when.unwrap_or_default())),
            };
        }
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

    /// Records a later working directory. Returns true if it was stored.
    pub(crate) fn update_last_folder(&mut self, when: Timestamp, folder: ProjectId, names: &InternTables) -> bool {
        let rank = |(when, id): (Timestamp, ProjectId)| (when, names.projects.bytes_of(id));
        let is_later = self.last_folder.is_none_or(|known| rank((when, folder)) > rank(known));
        if is_later {
            self.last_folder = Some((when, folder));
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

    /// Records a compaction of the context. Returns true if it is later than the known one.
    pub fn record_compaction(&mut self, when: Timestamp) -> bool {
        self.prompts.get_or_insert_default().record_compaction(when)
    }

    /// Records a link to a pull request. Returns true if it is new or earlier than before.
    pub fn add_pull_request(&mut self, link: PullRequestLink) -> bool {
        add_link(&mut self.pull_requests, link)
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
        self.models.total()
    }

    /// Returns a sort key that orders sessions by last use, the most recent first.
    pub fn recency_key(&self) -> Reverse<Option<Timestamp>> {
        Reverse(self.span.map(|(_, last)| last))
    }
}
