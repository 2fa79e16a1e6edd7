//! The selection of messages for a report: a range of slots, sessions and models.

use std::ops::Range;

use chrono::NaiveDate;
use chrono_tz::Tz;
use rustc_hash::FxHashSet;

use crate::interner::{ModelId, SessionId};
use crate::ledger::{BucketKey, Ledger, Session};
use crate::report::context::SessionMetadataMap;
use crate::report::grouped::name_pattern::NamePattern;
use crate::report::history::slots_between;
use crate::report::model::ReportFilter;
use crate::time::{Slot, Timestamp, calendar};

/// The selected messages. Names are compared once, not once per message.
#[derive(Clone, Debug)]
pub struct ReportSelection {
    /// The first and the last day, as far as they are given.
    pub(crate) days: (Option<NaiveDate>, Option<NaiveDate>),
    slots: Range<Slot>,
    /// `None` for all sessions.
    sessions: Option<FxHashSet<SessionId>>,
    /// `None` for all models.
    models: Option<FxHashSet<ModelId>>,
}

impl ReportSelection {
    /// Resolves a filter. Relative days are counted from `now` in `zone`.
    pub fn new(
        filter: &ReportFilter,
        ledger: &Ledger,
        metadata: &SessionMetadataMap,
        (now, zone): (Timestamp, Tz),
    ) -> Self {
        let today = calendar::local_date(now, zone);
        let since = filter.since.map(|bound| bound.as_first(today));
        let until = filter.until.map(|bound| bound.as_last(today));
        let all = Slot(i32::MIN)..Slot(i32::MAX);
        let slots = Range {
            start: since.map_or(all.start, |since| slots_between(Some(since), since, zone).start),
            end: until.map_or(all.end, |until| slots_between(None, until, zone).end),
        };
        let models = SelectedModels::new(filter);
        let sessions = SelectedSessions::new(filter);
        let session_ids = || {
            let matching = ledger.sessions.iter().filter(|(id, session)| {
                let metadata = metadata.get(&*String::from_utf8_lossy(ledger.names.sessions.bytes_of(**id)));
                let tags = metadata.map_or(&[][..], |metadata| &metadata.tags);
                sessions.contains(session, tags, ledger)
            });
            matching.map(|(id, _)| *id).collect()
        };
        Self {
            days: (since, until),
            slots,
            sessions: (!sessions.is_all()).then(session_ids),
            models: (!models.0.is_empty()).then(|| models.ids(ledger)),
        }
    }

    /// Keeps only the messages of these sessions.
    pub fn retain_sessions(&mut self, kept: impl IntoIterator<Item = SessionId>) {
        let kept = kept.into_iter().filter(|id| self.sessions.as_ref().is_none_or(|known| known.contains(id)));
        self.sessions = Some(kept.collect());
    }

    /// Returns the slots of the selected days.
    pub fn slots(&self) -> Range<Slot> {
        // The end is before the start if the last day is before the first one.
        self.slots.start..self.slots.end.max(self.slots.start)
    }

    /// Returns true if messages of all days are selected.
    pub fn has_all_days(&self) -> bool {
        self.days == (None, None)
    }

    /// Returns true if all messages are selected.
    pub fn has_everything(&self) -> bool {
        self.has_all_days() && self.sessions.is_none() && self.models.is_none()
    }

    /// Returns true if all messages of the selected days are selected.
    pub fn has_whole_days(&self) -> bool {
        self.sessions.is_none() && self.models.is_none()
    }

    /// Returns true if the messages of a bucket are selected, regardless of the day.
    pub fn contains(&self, session: SessionId, model: ModelId) -> bool {
        self.sessions.as_ref().is_none_or(|sessions| sessions.contains(&session))
            && self.models.as_ref().is_none_or(|models| models.contains(&model))
    }

    /// Returns true if the messages of a bucket are selected.
    pub fn contains_bucket(&self, key: &BucketKey) -> bool {
        self.slots().contains(&key.slot) && self.contains(key.session, key.model)
    }
}

fn patterns(texts: &[String]) -> Vec<NamePattern> {
    texts.iter().map(|text| NamePattern::new(text)).collect()
}

/// The patterns of models.
struct SelectedModels(Vec<NamePattern>);

impl SelectedModels {
    fn new(filter: &ReportFilter) -> Self {
        Self(patterns(&filter.models))
    }

    fn ids(&self, ledger: &Ledger) -> FxHashSet<ModelId> {
        let names = ledger.names.models.added_since(0);
        let is_selected = |name: &[u8]| {
            let name = String::from_utf8_lossy(name);
            self.0.iter().any(|pattern| pattern.matches_part(&name))
        };
        names.filter(|(_, name)| is_selected(name)).map(|(id, _)| ModelId(id)).collect()
    }
}

/// The patterns of properties that a whole session has.
struct SelectedSessions {
    projects: Vec<NamePattern>,
    branches: Vec<NamePattern>,
    tags: Vec<NamePattern>,
}

impl SelectedSessions {
    fn new(filter: &ReportFilter) -> Self {
        let ReportFilter { projects, branches, tags, .. } = filter;
        Self { projects: patterns(projects), branches: patterns(branches), tags: patterns(tags) }
    }

    fn is_all(&self) -> bool {
        self.projects.is_empty() && self.branches.is_empty() && self.tags.is_empty()
    }

    fn contains(&self, session: &Session, tags: &[String], ledger: &Ledger) -> bool {
        let project = session.project.map(|(_, id)| ledger.names.projects.text_of(id));
        let branch = session.branch.map(|(_, id)| ledger.names.branches.text_of(id));
        matches_any(&self.projects, project.as_slice(), NamePattern::matches_path)
            && matches_any(&self.branches, branch.as_slice(), NamePattern::matches_name)
            && matches_any(&self.tags, tags, NamePattern::matches_name)
    }
}

/// Returns true if there are no patterns, if one of them matches one of the names, or if there is a pattern for what has
/// no name and there are no names.
fn matches_any(patterns: &[NamePattern], names: &[String], matches: fn(&NamePattern, &str) -> bool) -> bool {
    let is_match = |pattern: &NamePattern| match pattern.is_for_unnamed() {
        true => names.is_empty(),
        false => names.iter().any(|name| matches(pattern, name)),
    };
    patterns.is_empty() || patterns.iter().any(is_match)
}
