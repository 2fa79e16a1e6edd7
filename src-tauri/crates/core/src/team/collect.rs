//! Collects the rows of a level from buckets.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_128;

use crate::interner::InternTables;
use crate::ledger::Session;
use crate::report::model::SessionMetadata;
use crate::team::level::SharingLevel;
use crate::team::message::to_valid_text;
use crate::team::row::{RowGroup, UsageCounts};
use crate::time::Slot;
use crate::tokens::UsageSum;

/// The properties of a session that can be shared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedSession {
    project: Option<String>,
    repository: Option<String>,
    branch: Option<String>,
    id: String,
    name: Option<String>,
    description: Option<String>,
    tags: Vec<String>,
    /// True if the session itself is not shared.
    is_private: bool,
}

impl SharedSession {
    /// Returns the properties of a session. `id` is Claude Code's id.
    pub fn new(id: String, session: &Session, metadata: Option<&SessionMetadata>, names: &InternTables) -> Self {
        let path = session.project.map(|(_, project)| names.projects.text_of(project));
        let project = path.as_deref().and_then(folder_name).map(str::to_owned);
        let logged = session.pull_requests.iter().rev().find_map(|link| link.repository.as_deref());
        Self {
            repository: logged.map(str::to_owned).or_else(|| project.clone()),
            project,
            branch: session.branch.map(|(_, branch)| names.branches.text_of(branch)),
            id,
            name: metadata.and_then(|metadata| metadata.name.clone()),
            description: metadata.and_then(|metadata| metadata.description.clone()),
            tags: metadata.map(|metadata| metadata.tags.clone()).unwrap_or_default(),
            is_private: metadata.is_some_and(|metadata| metadata.is_private),
        }
    }

    fn group(&self, level: SharingLevel, model: &str) -> RowGroup {
        let from = |lowest: SharingLevel, text: &Option<String>| {
            text.as_deref().filter(|_| level >= lowest).map(to_valid_text)
        };
        let sessions = SharingLevel::Sessions;
        let has_session = level >= sessions && !self.is_private;
        let of_session = |text: &Option<String>| text.as_deref().filter(|_| has_session).map(to_valid_text);
        RowGroup {
            model: to_valid_text(model),
            project: from(SharingLevel::Projects, &self.project),
            repository: from(SharingLevel::Repositories, &self.repository),
            branch: from(SharingLevel::Repositories, &self.branch),
            session: has_session.then(|| to_valid_text(&self.id)),
            session_name: of_session(&self.name),
            session_description: of_session(&self.description),
            tags: if has_session { self.tags.clone() } else { Vec::new() },
        }
    }
}

/// Returns the last component of a path of any system.
fn folder_name(path: &str) -> Option<&str> {
    path.rsplit(['/', '\\']).find(|part| !part.is_empty())
}

/// The row of a group as it should be at the receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectedRow {
    /// The slot at which it starts.
    pub slot: Slot,
    /// The hash of what identifies the row on its device: all but the name, description and tags of the session.
    pub key: u128,
    /// The hash of the contents.
    pub content: u128,
    /// The properties of the messages.
    pub group: RowGroup,
    /// The usage of the messages.
    pub usage: UsageCounts,
}

/// Collects the rows of a level.
#[derive(Debug)]
pub struct TeamRowCollector {
    level: SharingLevel,
    sums: BTreeMap<(Slot, RowGroup), UsageSum>,
}

impl TeamRowCollector {
    /// Creates a collector without rows.
    pub fn new(level: SharingLevel) -> Self {
        Self { level, sums: BTreeMap::new() }
    }

    /// Adds the usage of a session with a model in a slot.
    pub fn add(&mut self, slot: Slot, model: &str, session: &SharedSession, sum: &UsageSum) {
        let key = (self.level.row_slot(slot), session.group(self.level, model));
        self.sums.entry(key).or_default().merge(sum);
    }

    /// Returns the rows in order of time, and the number of rows that were left out because a count is too large.
    pub fn finish(self) -> (Vec<CollectedRow>, usize) {
        let total = self.sums.len();
        let rows: Vec<_> = self.sums.into_iter().filter_map(|((slot, group), sum)| to_row(slot, group, &sum)).collect();
        let skipped = total - rows.len();
        (rows, skipped)
    }
}

fn to_row(slot: Slot, group: RowGroup, sum: &UsageSum) -> Option<CollectedRow> {
    let usage = UsageCounts::try_from(sum).ok()?;
    let identity = RowGroup { session_name: None, session_description: None, tags: Vec::new(), ..group.clone() };
    let key = hash(&(slot.0, &identity));
    Some(CollectedRow { slot, key, content: hash(&(&group, &usage)), group, usage })
}

fn hash(value: &impl serde::Serialize) -> u128 {
    xxh3_128(&serde_json::to_vec(value).expect("texts and numbers are JSON"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::tokens::{PricedUsage, Usage};

    fn session(id: &str, project: &str) -> SharedSession {
        SharedSession {
            project: Some(project.to_owned()),
            repository: Some("ada/shop".to_owned()),
            branch: Some("main".to_owned()),
            id: id.to_owned(),
            name: Some(format!("name of {id}")),
            description: Some(format!("description of {id}")),
            is_private: false,
            tags: vec!["tag".to_owned()],
        }
    }

    fn sum(output: u64) -> UsageSum {
        let usage = Usage { output, ..Usage::default() };
        let mut sum = UsageSum::default();
        sum.add(&PricedUsage { usage, cost: crate::money::Cost::Unpriced, under_logged: false });
        sum
    }

    fn collect(level: SharingLevel) -> Vec<CollectedRow> {
        let mut collector = TeamRowCollector::new(level);
        collector.add(Slot(1), "opus", &session("a", "shop"), &sum(1));
        collector.add(Slot(1), "opus", &session("b", "shop"), &sum(2));
        collector.add(Slot(2), "opus", &session("a", "blog"), &sum(4));
        let (rows, skipped) = collector.finish();
        assert_eq!(skipped, 0);
        rows
    }

    #[rstest]
    #[case(SharingLevel::Totals, &[(0, 7)])]
    #[case(SharingLevel::Projects, &[(1, 3), (2, 4)])]
    #[case(SharingLevel::Repositories, &[(1, 3), (2, 4)])]
    #[case(SharingLevel::Sessions, &[(1, 1), (1, 2), (2, 4)])]
    fn every_level_has_the_same_total_and_nothing_above_it(
        #[case] level: SharingLevel,
        #[case] expected: &[(i32, u64)],
    ) {
        let rows = collect(level);
        let found: Vec<(i32, u64)> = rows.iter().map(|row| (row.slot.0, row.usage.output_tokens)).collect();
        assert_eq!(found, expected);
        assert!(rows.iter().all(|row| row.group.level() == level));
    }

    #[test]
    fn a_new_name_of_a_session_changes_the_contents_of_the_same_row() {
        let row = |name: &str| {
            let mut collector = TeamRowCollector::new(SharingLevel::Sessions);
            let renamed = SharedSession { name: Some(name.to_owned()), ..session("a", "shop") };
            collector.add(Slot(1), "opus", &renamed, &sum(1));
            collector.finish().0.remove(0)
        };
        let (before, after) = (row("before"), row("after"));
        assert_eq!(before.key, after.key);
        assert_ne!(before.content, after.content);
    }

    #[test]
    fn a_private_session_is_shared_like_the_level_below() {
        let mut collector = TeamRowCollector::new(SharingLevel::Sessions);
        let private = SharedSession { is_private: true, ..session("a", "shop") };
        collector.add(Slot(1), "opus", &private, &sum(1));
        collector.add(Slot(1), "opus", &session("b", "shop"), &sum(2));
        let (rows, _) = collector.finish();
        let found: Vec<_> = rows.iter().map(|row| (row.group.level(), row.usage.output_tokens)).collect();
        assert_eq!(found, [(SharingLevel::Repositories, 1), (SharingLevel::Sessions, 2)]);
        assert!(!format!("{:?}", rows[0].group).contains(" of a"), "neither name nor description");
    }

    #[test]
    fn a_text_that_cannot_be_stored_is_shortened() {
        let mut collector = TeamRowCollector::new(SharingLevel::Repositories);
        collector.add(Slot(1), &"\0x".repeat(600), &session("a", "shop"), &sum(1));
        let (rows, _) = collector.finish();
        assert_eq!(rows[0].group.model, "x".repeat(500));
    }

    #[test]
    fn the_project_is_the_last_folder_of_a_path() {
        assert_eq!(folder_name("/home/ada/shop/"), Some("shop"));
        assert_eq!(folder_name(r"C:\Users\ada\shop"), Some("shop"));
        assert_eq!(folder_name("/"), None);
    }
}
