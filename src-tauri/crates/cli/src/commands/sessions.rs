//! `token-monitor sessions`: all sessions: pinned ones, then the most recent first.

use token_monitor_core::report::model::{AgentState, SessionStats, Totals};
use token_monitor_core::text::format::{ViewerZone, format_table_time};
use token_monitor_core::text::sanitize::sanitize_name;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response, SessionQuery};

use crate::connect::request_with_zone;
use crate::error::CliError;
use crate::render::output::{Printer, RowsWithTotals};
use crate::render::tables::TotalsTable;

/// The length at which session ids are cut, in characters. The other commands accept the beginning of an id.
const ID_CHARS: usize = 8;

/// The longest name of a session and the longest list of models, in characters.
const MAX_TEXT_CHARS: usize = 40;

/// Lists all sessions, including hidden ones.
pub(crate) async fn run(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let request = Request::Sessions(all_sessions());
    let (Response::Sessions(page), zone) = request_with_zone(sources, request).await? else {
        return Err(CliError::unexpected_response());
    };
    let json = RowsWithTotals { name: "sessions", rows: &page.sessions, totals: &page.totals };
    printer.print(&json, || render_sessions(&page.sessions, &page.totals, zone))
}

/// Returns the query for all sessions, including hidden ones.
fn all_sessions() -> SessionQuery {
    SessionQuery { limit: usize::MAX, include_hidden: true, ..SessionQuery::default() }
}

/// Returns the name of a session, its state if it runs, and what the user decided about it:
/// `▲ login form (waits for you, pinned, muted)`.
fn name_with_marks(session: &SessionStats) -> String {
    let name = sanitize_name(&session.display_name, MAX_TEXT_CHARS);
    let marks = [(session.is_pinned, "pinned"), (session.is_hidden, "hidden"), (session.is_muted, "muted")];
    let state = session.agent.as_ref().map(|agent| agent.state);
    let name = match state {
        Some(state) => format!("{} {name}", state.shape()),
        None => name,
    };
    let marks = marks.into_iter().filter_map(|(is_set, mark)| is_set.then_some(mark));
    let marks: Vec<&str> = state.map(AgentState::as_str).into_iter().chain(marks).collect();
    if marks.is_empty() { name } else { format!("{name} ({})", marks.join(", ")) }
}

fn render_sessions(sessions: &[SessionStats], totals: &Totals, zone: ViewerZone) -> String {
    let mut table = TotalsTable::new(&["Session", "Name", "Last activity", "Models"]);
    for session in sessions {
        let id = session.session_id.chars().take(ID_CHARS).collect();
        let last_activity = format_table_time(session.last_activity, zone);
        let name = name_with_marks(session);
        let models = session.models_used.iter().cloned().collect::<Vec<_>>().join(", ");
        table.add_row(&[id, name, last_activity, sanitize_name(&models, MAX_TEXT_CHARS)], &session.totals);
    }
    table.render_with_total(totals)
}
