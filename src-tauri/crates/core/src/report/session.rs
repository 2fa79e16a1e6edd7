//! Builds the figures of sessions: names, totals, models and subagent runs.

use std::collections::BTreeSet;

use crate::interner::{RunId, SessionId};
use crate::ledger::session::Session;
use crate::ledger::subagent_run::SubagentRun;
use crate::report::context::ViewContext;
use crate::report::model::{ModelStats, NameSource, RunStats, SessionMetadata, SessionStats, Totals, UnloggedUsage};
use crate::report::snapshot::SnapshotBuilder;
use crate::text::format::{ViewerZone, format_date_time};
use crate::transcript::title::TitleKind;

/// The seconds after its last line for which a session counts as active.
const ACTIVE_SECONDS: f64 = 300.0;

/// The folders in which Claude Code creates worktrees.
const WORKTREE_FOLDERS: [&str; 2] = ["/.claude/worktrees/", "\\.claude\\worktrees\\"];

impl<'a> SnapshotBuilder<'a> {
    /// Returns the figures of a session.
    pub fn session_stats(&self, id: SessionId) -> SessionStats {
        let session = &self.ledger.sessions[&id];
        let (first, last) = session.span.unwrap_or_default();
        let (session_id, metadata) = (self.ledger.names.sessions.text_of(id), self.session_metadata(id));
        let (name_source, display_name) = self.name_with_source(id);
        let (sum, project) = (session.total_usage(), self.project_path(session));
        let (context, prompt_cache) = self.context_and_cache(id);
        SessionStats {
            tags: metadata.map(|metadata| metadata.tags.clone()).unwrap_or_default(),
            is_pinned: metadata.is_some_and(|metadata| metadata.is_pinned),
            is_hidden: metadata.is_some_and(|metadata| metadata.is_hidden),
            is_muted: metadata.is_some_and(|metadata| metadata.is_muted),
            session_name: metadata.and_then(|metadata| metadata.name.clone()),
            display_name,
            name_source,
            branch: self.branch_name(session),
            worktree: self.last_folder(session).as_deref().and_then(worktree_name),
            project_path: project,
            start_time: first.to_utc(),
            last_activity: last.to_utc(),
            totals: Totals::from(&sum),
            models_used: self.model_names(session),
            current_block: self.session_blocks.get(&id).map(|block| Box::new(self.billing_block(block))),
            burn_rate: self.burn_rates.session_tokens_per_minute(id),
            is_active: self.is_active(session),
            not_in_logs: self.ledger.reported_excess(id).map(UnloggedUsage::from),
            agent: self.context.running.get(&session_id).map(|agent| agent.status.clone()),
            context,
            prompt_cache,
            session_id,
        }
    }

    /// Returns the metadata the user added to a session, if any.
    pub fn session_metadata(&self, id: SessionId) -> Option<&'a SessionMetadata> {
        let ViewContext { metadata, .. } = self.context;
        if metadata.is_empty() {
            None
        } else {
            metadata.get(&*String::from_utf8_lossy(self.ledger.names.sessions.bytes_of(id)))
        }
    }

    /// Returns true if the session was used in the last five minutes.
    pub(crate) fn is_active(&self, session: &Session) -> bool {
        session.span.is_some_and(|(_, last)| self.context.now.seconds_since(last) < ACTIVE_SECONDS)
    }

    /// Returns the usage of a session by model, sorted by name.
    pub fn session_models(&self, id: SessionId) -> Vec<ModelStats> {
        self.stats_by_model(self.ledger.sessions[&id].models.iter())
    }

    /// Returns the figures of a session's subagent runs, ordered by start time. Runs without messages are left out.
    pub fn run_stats(&self, runs: &[(RunId, SubagentRun)]) -> Vec<RunStats> {
        let mut rows: Vec<_> =
            runs.iter().filter(|(_, run)| run.sum.messages > 0).map(|row| self.run_row(row)).collect();
        rows.sort_by(|a, b| (a.start_time, &a.run_id).cmp(&(b.start_time, &b.run_id)));
        rows
    }

    fn run_row(&self, (id, run): &(RunId, SubagentRun)) -> RunStats {
        let name = self.ledger.names.runs.text_of(*id);
        let (workflow, run_id) = name.rsplit_once('/').map_or((None, name.as_str()), |(flow, id)| (Some(flow), id));
        let (first, last) = run.span.unwrap_or_default();
        RunStats {
            run_id: run_id.to_owned(),
            workflow: workflow.map(str::to_owned),
            kind: run.agent_type.clone(),
            start_time: first.to_utc(),
            last_activity: last.to_utc(),
            totals: Totals::from(&run.sum),
        }
    }

    /// Returns the name to display for a session.
    pub fn display_name(&self, id: SessionId) -> String {
        self.name_with_source(id).1
    }

    /// Returns the name to display for a session and its source: the user's name, else the title, else folder and start.
    pub(crate) fn name_with_source(&self, id: SessionId) -> (NameSource, String) {
        let session = &self.ledger.sessions[&id];
        if let Some(name) = self.session_metadata(id).and_then(|metadata| metadata.name.clone()) {
            return (NameSource::User, name);
        }
        self.logged_title(id).unwrap_or_else(|| (NameSource::Project, self.folder_and_start(session)))
    }

    /// Returns the title of a session in its logs and its source.
    pub(crate) fn logged_title(&self, id: SessionId) -> Option<(NameSource, String)> {
        let (kind, title) = self.ledger.sessions[&id].best_title()?;
        Some((name_source(kind), title.to_owned()))
    }

    /// Returns the working folder of a session.
    pub(crate) fn session_project(&self, id: SessionId) -> Option<String> {
        self.project_path(&self.ledger.sessions[&id])
    }

    fn folder_and_start(&self, session: &Session) -> String {
        let start = session.span.unwrap_or_default().0.to_utc();
        let start = format_date_time(start, ViewerZone::from(self.context.zone));
        let project = self.project_path(session).unwrap_or_default();
        match project.rsplit(['/', '\\']).find(|part| !part.is_empty()) {
            Some(folder) => format!("{folder} {start}"),
            None => start,
        }
    }

    /// Returns the last branch of a session.
    pub(crate) fn branch_name(&self, session: &Session) -> Option<String> {
        session.branch.map(|(_, branch)| self.ledger.names.branches.text_of(branch))
    }

    /// Returns the names of the models that a session used.
    pub(crate) fn model_names(&self, session: &Session) -> BTreeSet<String> {
        session.models.keys().map(|model| self.ledger.names.models.text_of(model)).collect()
    }

    /// Returns the folder in which a session was last used, or else its project.
    fn last_folder(&self, session: &Session) -> Option<String> {
        let (_, folder) = session.last_folder.or(session.project)?;
        Some(self.ledger.names.projects.text_of(folder))
    }

    fn project_path(&self, session: &Session) -> Option<String> {
        session.project.map(|(_, project)| self.ledger.names.projects.text_of(project))
    }
}

fn name_source(kind: TitleKind) -> NameSource {
    match kind {
        TitleKind::Custom => NameSource::CustomTitle,
        TitleKind::Generated => NameSource::AiTitle,
        TitleKind::Summary => NameSource::Summary,
        TitleKind::Prompt => NameSource::FirstPrompt,
    }
}

/// Returns the name of the worktree that contains a folder.
fn worktree_name(folder: &str) -> Option<String> {
    let (_, rest) = WORKTREE_FOLDERS.iter().find_map(|marker| folder.split_once(marker))?;
    let name = rest.split(['/', '\\']).next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worktree_is_recognized_by_the_folder_of_claude_code() {
        assert_eq!(worktree_name("/home/me/app/.claude/worktrees/fix-login/src").as_deref(), Some("fix-login"));
        assert_eq!(worktree_name(r"C:\app\.claude\worktrees\fix-login").as_deref(), Some("fix-login"));
        assert_eq!(worktree_name("/home/me/worktrees/x"), None);
    }
}
