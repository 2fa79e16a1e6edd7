//! A session as a row of the live view, from the list of sessions or from the list of running ones.

use chrono::{DateTime, TimeDelta, Utc};
use token_monitor_core::report::model::{
    AgentState, AgentStatus, ContextUse, PromptCache, SessionAgent, SessionStats, Snapshot,
};
use token_monitor_core::text::sanitize::sanitize_name;

/// The longest name kept for a row, in characters. It is shortened further to fit.
const MAX_NAME_CHARS: usize = 120;

/// The figures of a session in the terms of a row. Texts are sanitized; unknown figures are `None`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SessionRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) project: Option<String>,
    pub(crate) branch: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) agent: Option<AgentStatus>,
    pub(crate) context: Option<ContextUse>,
    pub(crate) cache: Option<PromptCache>,
    pub(crate) usage: Option<RowUsage>,
    pub(crate) marks: Vec<&'static str>,
}

/// The usage of a session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RowUsage {
    pub(crate) tokens: u128,
    pub(crate) cost: Option<f64>,
    pub(crate) is_partly_unpriced: bool,
    pub(crate) burn_rate: u64,
    pub(crate) last_activity: DateTime<Utc>,
    pub(crate) is_active: bool,
}

impl From<&SessionStats> for SessionRow {
    fn from(session: &SessionStats) -> Self {
        let marks = [(session.is_pinned, "pinned"), (session.is_hidden, "hidden"), (session.is_muted, "muted")];
        Self {
            id: sanitize_name(&session.session_id, MAX_NAME_CHARS),
            name: sanitize_name(&session.display_name, MAX_NAME_CHARS),
            project: session.project_path.as_deref().map(folder_name),
            branch: session.branch.as_deref().map(|branch| sanitize_name(branch, MAX_NAME_CHARS)),
            model: models_text(session),
            agent: session.agent.clone(),
            context: session.context,
            cache: session.prompt_cache.clone(),
            usage: Some(RowUsage {
                tokens: session.totals.total_tokens,
                cost: session.totals.total_cost,
                is_partly_unpriced: session.totals.unpriced_tokens > 0,
                burn_rate: session.burn_rate,
                last_activity: session.last_activity,
                is_active: session.is_active,
            }),
            marks: marks.into_iter().filter_map(|(is_set, mark)| is_set.then_some(mark)).collect(),
        }
    }
}

impl From<&SessionAgent> for SessionRow {
    fn from(agent: &SessionAgent) -> Self {
        Self {
            id: sanitize_name(&agent.session_id, MAX_NAME_CHARS),
            name: sanitize_name(&agent.display_name, MAX_NAME_CHARS),
            project: agent.project_path.as_deref().map(folder_name),
            branch: None,
            model: None,
            agent: Some(agent.status.clone()),
            context: agent.context,
            cache: agent.prompt_cache.clone(),
            usage: None,
            marks: if agent.is_muted { vec!["muted"] } else { Vec::new() },
        }
    }
}

impl SessionRow {
    /// Returns the state of a running session.
    pub(crate) fn state(&self) -> Option<AgentState> {
        self.agent.as_ref().map(|agent| agent.state)
    }

    /// Returns the time until the prompt cache expires, while it is warm.
    pub(crate) fn cache_left(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        let left = self.cache.as_ref()?.expires_at - now;
        (left > TimeDelta::zero()).then_some(left)
    }
}

/// Returns the sessions of the page *Now*: the running ones, those that wait for the user first, then recent ones.
pub(crate) fn current_rows(snapshot: &Snapshot) -> Vec<SessionRow> {
    let recent = &snapshot.recent_sessions;
    let usage_of = |agent: &SessionAgent| recent.iter().find(|session| session.session_id == agent.session_id);
    let running = snapshot.agents.iter().map(|agent| {
        let row = SessionRow::from(agent);
        match usage_of(agent).map(SessionRow::from) {
            Some(SessionRow { branch, model, usage, marks, .. }) => SessionRow { branch, model, usage, marks, ..row },
            None => row,
        }
    });
    let is_running =
        |session: &SessionStats| snapshot.agents.iter().any(|agent| agent.session_id == session.session_id);
    running.chain(recent.iter().filter(|session| !is_running(session)).map(SessionRow::from)).collect()
}

/// Returns the last part of a path, which tells projects apart in little space.
pub(crate) fn folder_name(path: &str) -> String {
    let name = path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    sanitize_name(if name.is_empty() { path } else { name }, MAX_NAME_CHARS)
}

/// Returns a model's name without the vendor and the date: `opus-4-8` for `claude-opus-4-8-20260401`.
pub(crate) fn short_model(model: &str) -> String {
    let model = sanitize_name(model, MAX_NAME_CHARS);
    let name = model.strip_prefix("claude-").unwrap_or(&model);
    match name.rsplit_once('-') {
        Some((name, date)) if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) => name.to_owned(),
        _ => name.to_owned(),
    }
}

fn models_text(session: &SessionStats) -> Option<String> {
    let models: Vec<_> = session.models_used.iter().map(|model| short_model(model)).collect();
    (!models.is_empty()).then(|| models.join(", "))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("claude-opus-4-8", "opus-4-8")]
    #[case("claude-haiku-4-5-20251001", "haiku-4-5")]
    #[case("gpt-\u{1b}[31mx", "gpt-[31mx")]
    fn a_model_is_named_without_vendor_and_date(#[case] model: &str, #[case] short: &str) {
        assert_eq!(short_model(model), short);
    }

    #[rstest]
    #[case("/home/ada/web-app", "web-app")]
    #[case("/home/ada/web-app/", "web-app")]
    #[case("C:\\Users\\ada\\web-app", "web-app")]
    #[case("/", "/")]
    fn a_project_is_named_by_its_folder(#[case] path: &str, #[case] name: &str) {
        assert_eq!(folder_name(path), name);
    }
}
