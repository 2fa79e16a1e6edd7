//! `token-monitor session`: one session with its models and subagent runs.

use chrono::{DateTime, Utc};
use token_monitor_core::report::model::{PullRequestStats, SessionDetail, UnloggedUsage};
use token_monitor_core::text::format::{ViewerZone, format_date_time, format_dollars, format_number, format_tokens};
use token_monitor_core::text::sanitize::{sanitize_line, truncate};
use token_monitor_engine::clock;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::connect::request_with_zone;
use crate::error::CliError;
use crate::render::agents::{agent_text, cache_text, context_text};
use crate::render::fields::{field_line, indent_lines, join_tags};
use crate::render::format::format_total_cost;
use crate::render::output::Printer;
use crate::render::table::{Column, ColumnKind};
use crate::render::tables::TotalsTable;

/// The longest name of a model or subagent run, in characters.
const MAX_NAME_CHARS: usize = 60;

/// The columns before the totals.
const COLUMNS: [Column; 2] =
    [Column::new("Model", ColumnKind::Name(16)), Column::new("Agent", ColumnKind::Text(8)).leaves(0)];

/// Shows one session. `session` is its id, the beginning of it, or its name.
pub(crate) async fn run(sources: ConfigSources, session: String, printer: &Printer) -> Result<(), CliError> {
    let (Response::Session(detail), zone) = request_with_zone(sources, Request::Session { session }).await? else {
        return Err(CliError::unexpected_response());
    };
    printer.print(&detail, || render_session(&detail, zone, clock::now(), printer.width))?;
    CliError::check_complete(&detail.completeness)
}

fn render_session(detail: &SessionDetail, zone: ViewerZone, now: DateTime<Utc>, width: Option<usize>) -> String {
    let mut lines = vec![sanitize_line(&detail.session.display_name)];
    lines.extend(session_fields(detail, zone, now));
    lines.push(format!("\n{}", session_table(detail).render_with_total(&detail.session.totals, &[], width)));
    if !detail.runs.is_empty() {
        lines.push("Indented rows are subagent runs; the rows of the models include them.".to_owned());
    }
    lines.extend(pull_request_lines(detail));
    lines.extend(detail.session.not_in_logs.as_ref().map(not_in_logs_line));
    lines.join("\n")
}

fn session_fields(detail: &SessionDetail, zone: ViewerZone, now: DateTime<Utc>) -> Vec<String> {
    let session = &detail.session;
    let sanitized = |text: &Option<String>| text.as_deref().map(sanitize_line);
    let [start, end] = [session.start_time, session.last_activity].map(|time| format_date_time(time, zone));
    let period = format!("{start} to {end}");
    let fields = [
        ("Id", Some(sanitize_line(&session.session_id))),
        ("Project", sanitized(&session.project_path)),
        ("Branch", sanitized(&session.branch)),
        ("Worktree", sanitized(&session.worktree)),
        ("Tags", join_tags(&session.tags)),
        ("Description", detail.description.as_deref().map(indent_lines)),
        ("State", session.agent.as_ref().map(|agent| agent_text(agent, now))),
        ("Context", session.context.as_ref().map(context_text)),
        ("Cache", session.prompt_cache.as_ref().map(|cache| cache_text(cache, now, zone))),
        ("Lasted", Some(period)),
    ];
    fields.into_iter().filter_map(|(label, value)| Some(field_line(label, &value?))).collect()
}

fn session_table(detail: &SessionDetail) -> TotalsTable {
    let mut table = TotalsTable::new(&COLUMNS);
    for model in &detail.models {
        table.add_row(&[truncate(&model.model, MAX_NAME_CHARS), String::new()], &model.totals);
    }
    for run in &detail.runs {
        let workflow = run.workflow.as_deref().map_or(String::new(), |workflow| format!("{workflow}/"));
        let name = format!("  {workflow}{}", run.run_id);
        table.add_row(&[truncate(&name, MAX_NAME_CHARS), run.kind.clone().unwrap_or_default()], &run.totals);
    }
    table
}

/// Returns a line for each pull request: its address, tokens and cost.
fn pull_request_lines(detail: &SessionDetail) -> Vec<String> {
    let line = |(index, row): (usize, &PullRequestStats)| {
        let (tokens, cost) = (format_tokens(row.totals.total_tokens), format_total_cost(&row.totals));
        field_line(
            if index == 0 { "Pull request" } else { "" },
            &format!("{}: {tokens}; {cost}", sanitize_line(&row.url)),
        )
    };
    detail.pull_requests.iter().enumerate().map(line).collect()
}

fn not_in_logs_line(unlogged: &UnloggedUsage) -> String {
    let (tokens, cost) = (format_number(unlogged.total()), format_dollars(unlogged.cost));
    format!("Not in the logs: {tokens} tokens, {cost} API-equivalent, according to Claude Code's own totals.")
}
