//! The running sessions, one row each.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::agents::registry::RegistryEntry;
use crate::report::model::{AgentStatus, NameSource};
use crate::time::timestamp::Timestamp;

/// A running session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningAgent {
    /// The state.
    pub status: AgentStatus,
    /// The working folder.
    pub folder: Option<String>,
    /// The title and its source, if it has one.
    pub title: Option<(NameSource, String)>,
    /// The time at which its process started.
    pub started_at: Timestamp,
}

impl RunningAgent {
    /// Creates the row of a session whose process runs. `waiting_tool` is the tool to be approved, if known.
    pub fn from_entry(entry: &RegistryEntry, waiting_tool: Option<String>) -> Self {
        let status = AgentStatus {
            state: entry.state,
            waiting_for: entry.waiting_for.clone(),
            waiting_tool: waiting_tool.filter(|_| entry.waiting_for.is_some()),
            since: entry.since.to_utc(),
            is_background: entry.job.is_some(),
        };
        let RegistryEntry { folder, title, process, .. } = entry;
        Self { status, folder: folder.clone(), title: title.clone(), started_at: process.started_at }
    }
}

/// The running sessions by session id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunningAgents {
    rows: BTreeMap<String, RunningAgent>,
}

impl RunningAgents {
    /// Adds a session. If several processes run it, the one that needs the user most counts, then the latest change.
    pub fn insert(&mut self, session: String, agent: RunningAgent) {
        let rank = |agent: &RunningAgent| (agent.status.state, Reverse(agent.status.since));
        let is_better = self.rows.get(&session).is_none_or(|known| rank(&agent) < rank(known));
        if is_better {
            self.rows.insert(session, agent);
        }
    }

    /// Returns a session if it runs.
    pub fn get(&self, session: &str) -> Option<&RunningAgent> {
        self.rows.get(session)
    }

    /// Returns true if no session runs.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the sessions: those that wait first, then busy ones, then idle ones; within a state the latest change first.
    pub fn in_order(&self) -> Vec<(&str, &RunningAgent)> {
        let mut rows: Vec<_> = self.rows.iter().map(|(session, agent)| (session.as_str(), agent)).collect();
        rows.sort_by_key(|(session, agent)| (agent.status.state, Reverse(agent.status.since), *session));
        rows
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::report::model::AgentState::{self, Busy, Idle, Waiting};

    fn agent(state: AgentState, second: i64) -> RunningAgent {
        let since = DateTime::from_timestamp(second, 0).expect("a time");
        let status = AgentStatus { state, waiting_for: None, waiting_tool: None, since, is_background: false };
        RunningAgent { status, folder: None, title: None, started_at: Timestamp(0) }
    }

    #[test]
    fn sessions_that_wait_come_first_and_the_latest_change_before_earlier_ones() {
        let mut agents = RunningAgents::default();
        for (session, state, second) in [("a", Idle, 9), ("b", Busy, 1), ("c", Waiting, 2), ("d", Waiting, 3)] {
            agents.insert(session.to_owned(), agent(state, second));
        }
        let order: Vec<&str> = agents.in_order().into_iter().map(|(session, _)| session).collect();
        assert_eq!(order, ["d", "c", "b", "a"]);
    }

    #[test]
    fn a_session_in_two_processes_is_one_row_that_waits_if_one_of_them_waits() {
        for order in [[Waiting, Busy], [Busy, Waiting]] {
            let mut agents = RunningAgents::default();
            order.into_iter().for_each(|state| agents.insert("a".to_owned(), agent(state, 1)));
            let rows = agents.in_order();
            assert_eq!((rows.len(), rows[0].1.status.state), (1, Waiting));
        }
    }
}
