//! Builds the rows of running sessions.

use crate::agents::RunningAgent;
use crate::interner::SessionId;
use crate::report::model::{NameSource, SessionAgent, Totals};
use crate::report::snapshot::SnapshotBuilder;
use crate::text::format::{ViewerZone, format_date_time};

impl SnapshotBuilder<'_> {
    /// Returns the running sessions that are not hidden: those that wait first, then busy ones, then idle ones.
    pub fn session_agents(&self) -> Vec<SessionAgent> {
        let rows = self.context.running.in_order().into_iter();
        rows.filter(|(session, _)| !self.context.metadata.get(*session).is_some_and(|metadata| metadata.is_hidden))
            .map(|(session, agent)| self.session_agent(session, agent))
            .collect()
    }

    fn session_agent(&self, session: &str, agent: &RunningAgent) -> SessionAgent {
        let id = self.ledger.names.sessions.get(session.as_bytes());
        let known = id.filter(|id| self.ledger.sessions.contains_key(id));
        let has_messages = known.is_some_and(|id| !self.ledger.sessions[&id].models.is_empty());
        let (name_source, display_name) = match known.filter(|_| has_messages) {
            Some(id) => self.name_with_source(id),
            None => self.name_before_messages(session, known, agent),
        };
        let session_row = known.map(|id| &self.ledger.sessions[&id]);
        let (context, prompt_cache) = known.map(|id| self.context_and_cache(id)).unwrap_or_default();
        SessionAgent {
            session_id: session.to_owned(),
            display_name,
            name_source,
            project_path: known.and_then(|id| self.session_project(id)).or_else(|| agent.folder.clone()),
            branch: session_row.and_then(|row| self.branch_name(row)),
            models_used: session_row.map(|row| self.model_names(row)).unwrap_or_default(),
            totals: session_row.filter(|_| has_messages).map(|row| Totals::from(&row.total_usage())),
            is_muted: self.context.metadata.get(session).is_some_and(|metadata| metadata.is_muted),
            has_messages,
            status: agent.status.clone(),
            context,
            prompt_cache,
        }
    }

    /// Returns the name of a running session without messages: the user's name, a title in the log, the
    /// title of the running process, or the folder with the time of the start.
    fn name_before_messages(
        &self,
        session: &str,
        known: Option<SessionId>,
        agent: &RunningAgent,
    ) -> (NameSource, String) {
        if let Some(name) = self.context.metadata.get(session).and_then(|metadata| metadata.name.clone()) {
            return (NameSource::User, name);
        }
        let logged = known.and_then(|id| self.logged_title(id));
        logged
            .or_else(|| agent.title.clone())
            .unwrap_or_else(|| (NameSource::Project, self.folder_and_process_start(agent)))
    }

    fn folder_and_process_start(&self, agent: &RunningAgent) -> String {
        let start = format_date_time(agent.started_at.to_utc(), ViewerZone::from(self.context.zone));
        let folder = agent.folder.as_deref().unwrap_or_default();
        match folder.rsplit(['/', '\\']).find(|part| !part.is_empty()) {
            Some(name) => format!("{name} {start}"),
            None => start,
        }
    }
}
