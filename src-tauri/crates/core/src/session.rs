//! What is known of one session.
//!
//! Everything but the totals is a minimum or maximum over lines, so it comes out the same in whatever order the
//! lines are read.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::line::Title;
use crate::message::Share;
use crate::moment::Moment;
use crate::names::{ModelId, Names, ProjectId};
use crate::tokens::Sum;

/// A title and what decides between two of them: the later one, by time and then by place, wins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Titled {
    /// The last time known where it stands.
    pub when: Option<Moment>,
    /// Where in its log it stands.
    pub offset: u64,
    /// The title; empty where it was taken back.
    pub text: String,
}

/// What is known of one session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The times of its first and last line with usage.
    pub span: Option<(Moment, Moment)>,
    /// The working folder of its earliest line that names one.
    pub project: Option<(Moment, ProjectId)>,
    /// The title a person chose in Claude Code.
    pub chosen_title: Option<Titled>,
    /// The title Claude Code chose.
    pub given_title: Option<Titled>,
    /// What each model answered.
    pub models: BTreeMap<ModelId, Sum>,
}

impl Session {
    /// The longest title kept, in characters.
    const LONGEST_TITLE: usize = 80;

    /// Adds a message.
    pub fn add(&mut self, share: &Share) {
        self.models.entry(share.bucket.model).or_default().add(share.usage);
    }

    /// Takes back a message added before.
    pub fn take(&mut self, share: &Share) {
        let sum = self.models.get_mut(&share.bucket.model).expect("only what was added is taken back");
        sum.take(share.usage);
        if sum.messages == 0 {
            self.models.remove(&share.bucket.model);
        }
    }

    /// Notes that a line of this session was seen. Says whether that was news.
    pub fn see(&mut self, when: Moment) -> bool {
        let span = self.span.map_or((when, when), |(first, last)| (first.min(when), last.max(when)));
        self.span.replace(span) != Some(span)
    }

    /// Notes where a line of this session ran. Says whether that was news.
    pub fn ran_in(&mut self, when: Moment, project: ProjectId, names: &Names) -> bool {
        let rank = |(when, id): (Moment, ProjectId)| (when, names.projects.spelling(id));
        let earlier = self.project.is_none_or(|known| rank((when, project)) < rank(known));
        if earlier {
            self.project = Some((when, project));
        }
        earlier
    }

    /// Notes a title. Says whether that was news.
    pub fn titled(&mut self, title: &Title<'_>) -> bool {
        let text = title.text.chars().filter(|c| !c.is_control()).take(Self::LONGEST_TITLE).collect();
        let titled = Titled { when: title.when, offset: title.offset, text };
        let known = if title.chosen { &mut self.chosen_title } else { &mut self.given_title };
        let later = known.as_ref().is_none_or(|known| titled > *known);
        if later {
            *known = Some(titled);
        }
        later
    }

    /// Its title, if it has one.
    pub fn title(&self) -> Option<&str> {
        let text = |titled: &'_ Option<Titled>| titled.as_ref().is_some_and(|titled| !titled.text.is_empty());
        let titled = if text(&self.chosen_title) { &self.chosen_title } else { &self.given_title };
        titled.as_ref().map(|titled| titled.text.as_str()).filter(|text| !text.is_empty())
    }

    /// All its models together.
    pub fn sum(&self) -> Sum {
        self.models.values().fold(Sum::default(), |mut all, sum| {
            all.join(sum);
            all
        })
    }

    /// What sorts it among others: the last used first.
    pub fn recency(&self) -> Reverse<Option<Moment>> {
        Reverse(self.span.map(|(_, last)| last))
    }
}
