//! What is known of one session.
//!
//! Everything but the sums is a minimum or maximum over lines, so it comes out the same in whatever order the
//! lines are read.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::interner::{BranchId, ModelId, Names, ProjectId};
use crate::ledger::message::Share;
use crate::ledger::reported_totals::Counter;
use crate::time::timestamp::Timestamp;
use crate::tokens::Sum;
use crate::transcript::title::{Title, TitleKind, Titled};

/// Where a line with usage was written from, as far as it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// The working folder.
    pub project: Option<ProjectId>,
    /// The branch checked out there.
    pub branch: Option<BranchId>,
}

/// What is known of one session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The times of its first and last line with usage.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The working folder of its earliest line that names one.
    pub project: Option<(Timestamp, ProjectId)>,
    /// The branch of its latest line that names one.
    pub branch: Option<(Timestamp, BranchId)>,
    /// Its titles, one of each kind, in their order of preference.
    pub titles: [Option<Titled>; TitleKind::ALL.len()],
    /// What Claude Code's own counter says of it.
    pub counter: Option<Box<Counter>>,
    /// What each model answered.
    pub models: BTreeMap<ModelId, Sum>,
}

impl Session {
    /// Adds a message.
    pub fn add(&mut self, share: &Share) {
        self.models.entry(share.bucket.model).or_default().add(&share.charge);
    }

    /// Takes back a message added before.
    pub fn take(&mut self, share: &Share) {
        let sum = self.models.get_mut(&share.bucket.model).expect("only what was added is taken back");
        sum.take(&share.charge);
        if sum.messages == 0 {
            self.models.remove(&share.bucket.model);
        }
    }

    /// Notes that a line of this session was seen, and where it was written from. Says whether that was news.
    pub fn see(&mut self, when: Timestamp, scene: Scene, names: &Names) -> bool {
        let span = self.span.map_or((when, when), |(first, last)| (first.min(when), last.max(when)));
        let longer = self.span.replace(span) != Some(span);
        let moved = scene.project.is_some_and(|project| self.ran_in(when, project, names));
        let switched = scene.branch.is_some_and(|branch| self.ran_on(when, branch, names));
        longer || moved || switched
    }

    fn ran_in(&mut self, when: Timestamp, project: ProjectId, names: &Names) -> bool {
        let rank = |(when, id): (Timestamp, ProjectId)| (when, names.projects.spelling(id));
        let earlier = self.project.is_none_or(|known| rank((when, project)) < rank(known));
        if earlier {
            self.project = Some((when, project));
        }
        earlier
    }

    fn ran_on(&mut self, when: Timestamp, branch: BranchId, names: &Names) -> bool {
        let rank = |(when, id): (Timestamp, BranchId)| (when, names.branches.spelling(id));
        let later = self.branch.is_none_or(|known| rank((when, branch)) > rank(known));
        if later {
            self.branch = Some((when, branch));
        }
        later
    }

    /// Notes a title. Says whether that was news.
    pub fn titled(&mut self, title: &Title<'_>) -> bool {
        let titled = Titled::new(title);
        let known = &mut self.titles[title.kind as usize];
        let better = known.as_ref().is_none_or(|known| title.kind.prefers(&titled, known));
        if better {
            *known = Some(titled);
        }
        better
    }

    /// Notes what Claude Code's own counter says. Says whether that was news.
    pub fn counted(&mut self, counter: &Counter) -> bool {
        let further = self.counter.as_deref().is_none_or(|known| counter > known);
        if further {
            self.counter = Some(Box::new(*counter));
        }
        further
    }

    /// Its best title and the kind of it, if it has one.
    pub fn title(&self) -> Option<(TitleKind, &str)> {
        TitleKind::ALL.into_iter().zip(&self.titles).find_map(|(kind, titled)| {
            let text = titled.as_ref().map(|titled| titled.text.as_str())?;
            (!text.is_empty()).then_some((kind, text))
        })
    }

    /// All its models together.
    pub fn sum(&self) -> Sum {
        self.models.values().sum()
    }

    /// What sorts it among others: the last used first.
    pub fn recency(&self) -> Reverse<Option<Timestamp>> {
        Reverse(self.span.map(|(_, last)| last))
    }
}
