//! The tables of reports.

use token_monitor_core::report::model::{
    AgentState, BillingBlock, ExactTotals, GroupValue, Grouping, Report, ReportPart, ReportRow, SessionStats,
};
use token_monitor_core::text::format::{ViewerZone, format_cost, format_number, format_table_time};
use token_monitor_core::text::sanitize::sanitize_line;

use crate::render::table::{Cell, Column, ColumnKind, Table};
use crate::render::tables::{TotalsTable, number_cell, render_legend, render_with_legend};
use crate::render::text_width::shorten_middle;

/// The length at which session ids are cut, in characters. The other commands accept the beginning of an id.
const ID_CHARS: usize = 8;

/// The width of the longest name of a session, and of the longest list of models.
const MAX_TEXT_WIDTH: usize = 40;

/// The width of the longest path.
const MAX_PATH_WIDTH: usize = 80;

/// The column of dates once it has names of parts as well, which may be shortened.
const PART_NAME: ColumnKind = ColumnKind::Name(18);

const DAY: [Column; 1] = [Column::new("Day", ColumnKind::Fixed)];
const WEEK: [Column; 1] = [Column::new("Week of", ColumnKind::Fixed)];
const MONTH: [Column; 1] = [Column::new("Month", ColumnKind::Fixed)];
const PROJECT: [Column; 1] = [Column::new("Project", ColumnKind::Name(20))];
const BRANCH: [Column; 1] = [Column::new("Branch", ColumnKind::Name(14))];
const TAGS: [Column; 1] = [Column::new("Tags", ColumnKind::Name(14))];
const PULL_REQUEST: [Column; 1] = [Column::new("Pull request", ColumnKind::Name(14))];
const AGENT: [Column; 1] = [Column::new("Agent", ColumnKind::Name(14))];
const MODEL: [Column; 1] = [Column::new("Model", ColumnKind::Name(14))];
const SESSION: [Column; 5] = [
    Column::new("Session", ColumnKind::Fixed).leaves(9),
    Column::new("Name", ColumnKind::Name(22)),
    Column::new("Project", ColumnKind::Name(10)).leaves(6),
    Column::new("Last activity", ColumnKind::Fixed).leaves(8),
    Column::new("Models", ColumnKind::Text(14)).leaves(7),
];

/// Returns a report as a table with a legend.
pub(super) fn render_report(report: &Report, by: Grouping, breakdown: bool, width: Option<usize>) -> String {
    let zone = ViewerZone::from_name(&report.zone);
    if by == Grouping::Block {
        return render_blocks(report, zone, breakdown, width);
    }
    let mut columns = columns_of(by).to_vec();
    if breakdown && by.is_time() {
        columns.iter_mut().for_each(|column| *column = column.with_kind(PART_NAME));
    }
    let mut table = TotalsTable::new(&columns);
    for row in &report.rows {
        table.add_row(&row_texts(row, zone), &row.sums.totals);
        for part in &row.parts {
            table.add_row(&part_texts(part, by), &part.sums.totals);
        }
    }
    table.render_with_total(&report.sums.totals, &report_notes(report, by, breakdown), width)
}

fn columns_of(by: Grouping) -> &'static [Column] {
    match by {
        Grouping::Day => &DAY,
        Grouping::Week => &WEEK,
        Grouping::Month => &MONTH,
        Grouping::Project => &PROJECT,
        Grouping::Session => &SESSION,
        Grouping::Branch => &BRANCH,
        Grouping::Tag => &TAGS,
        Grouping::PullRequest => &PULL_REQUEST,
        Grouping::Agent => &AGENT,
        Grouping::Model => &MODEL,
        // Blocks have columns of their own.
        Grouping::Block => &[],
    }
}

/// Returns the sentences about zone, limit and parts below a table.
fn report_notes(report: &Report, by: Grouping, breakdown: bool) -> Vec<String> {
    let what = match by {
        Grouping::Day | Grouping::Week | Grouping::Month => "Days are",
        Grouping::Block | Grouping::Session => "Times are",
        Grouping::Project
        | Grouping::Branch
        | Grouping::Tag
        | Grouping::PullRequest
        | Grouping::Agent
        | Grouping::Model => "",
    };
    let range = match (report.since, report.until) {
        (None, None) => String::new(),
        (Some(since), None) => format!(", since {since}"),
        (None, Some(until)) => format!(", until {until}"),
        (Some(since), Some(until)) if since == until => format!(", on {since}"),
        (Some(since), Some(until)) => format!(", from {since} to {until}"),
    };
    let zone = match (what, range.as_str()) {
        ("", "") => None,
        ("", _) => Some(format!("Days are in {}{range}.", report.zone)),
        (what, _) => Some(format!("{what} in {}{range}.", report.zone)),
    };
    let shown = report.rows.len() as u64;
    let [shown_text, all] = [shown, report.row_count].map(|count| format_number(u128::from(count)));
    let limit = (shown < report.row_count).then(|| format!("{shown_text} of {all} rows; the total is theirs."));
    let parts = if by == Grouping::Model { "projects" } else { "models" };
    let parts = breakdown.then(|| format!("Indented rows are {parts}; they add up to the row above."));
    [zone, limit, parts].into_iter().flatten().collect()
}

fn row_texts(row: &ReportRow, zone: ViewerZone) -> Vec<String> {
    match &row.session {
        Some(session) => session_texts(session, zone).to_vec(),
        None => row.values.iter().map(value_text).collect(),
    }
}

fn part_texts(part: &ReportPart, by: Grouping) -> Vec<String> {
    let name = format!("  {}", part.name.as_deref().map_or("no folder".to_owned(), sanitize_line));
    let name = shorten_middle(&name, MAX_TEXT_WIDTH);
    // The first column of sessions is their id, which the name of a model would widen.
    if by == Grouping::Session { vec![String::new(), name] } else { vec![name] }
}

/// Returns a value as the text of a cell.
pub(crate) fn value_text(value: &GroupValue) -> String {
    let named = |name: &Option<String>, otherwise: &str| match name.as_deref() {
        Some("") | None => otherwise.to_owned(),
        Some(name) => shorten_middle(&sanitize_line(name), MAX_PATH_WIDTH),
    };
    match value {
        GroupValue::Day(date) | GroupValue::Week(date) => date.to_string(),
        GroupValue::Month(first) => first.format("%Y-%m").to_string(),
        GroupValue::Block(start, ..) => start.to_rfc3339(),
        GroupValue::Project(path) => named(path, "no folder"),
        GroupValue::Session(_, name) => shorten_middle(&sanitize_line(name), MAX_TEXT_WIDTH),
        GroupValue::Branch(branch) => named(branch, "no branch"),
        GroupValue::Tag(tags) => {
            let tags: Vec<String> = tags.iter().map(|tag| sanitize_line(tag)).collect();
            if tags.is_empty() { "no tag".to_owned() } else { shorten_middle(&tags.join(", "), MAX_PATH_WIDTH) }
        }
        GroupValue::PullRequest(address) => named(address, "no pull request"),
        GroupValue::Agent(None) => "main conversation".to_owned(),
        GroupValue::Agent(agent @ Some(_)) => named(agent, "subagent of unknown type"),
        GroupValue::Model(model) => shorten_middle(&sanitize_line(model), MAX_PATH_WIDTH),
    }
}

fn session_texts(session: &SessionStats, zone: ViewerZone) -> [String; 5] {
    let id = session.session_id.chars().take(ID_CHARS).collect();
    let project = session.project_path.as_deref().unwrap_or_default();
    let folder = project.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default();
    let models = session.models_used.iter().map(|model| sanitize_line(model)).collect::<Vec<_>>().join(", ");
    [
        id,
        name_with_marks(session),
        shorten_middle(&sanitize_line(folder), MAX_TEXT_WIDTH),
        format_table_time(session.last_activity, zone),
        shorten_middle(&models, MAX_TEXT_WIDTH),
    ]
}

/// Returns the name of a session, its state if it runs, and what the user decided about it:
/// `▲ login form (waits for you, pinned, muted)`.
fn name_with_marks(session: &SessionStats) -> String {
    let name = shorten_middle(&sanitize_line(&session.display_name), MAX_TEXT_WIDTH);
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

fn render_blocks(report: &Report, zone: ViewerZone, breakdown: bool, width: Option<usize>) -> String {
    let blocks = || report.rows.iter().filter_map(|row| row.block.as_deref());
    let has_accounts = blocks().any(|block| block.account.is_some());
    let account = has_accounts.then_some(Column::new("Account", ColumnKind::Name(10)).leaves(2));
    let columns = [
        Column::new("Start", if breakdown { PART_NAME } else { ColumnKind::Fixed }),
        Column::new("End", ColumnKind::Fixed).leaves(3),
        Column::new("State", ColumnKind::Fixed).leaves(5),
        Column::new("Edges", ColumnKind::Fixed).leaves(1),
    ];
    let numbers = [
        Column::new("Tokens", ColumnKind::Number),
        Column::new("Messages", ColumnKind::Number).leaves(4),
        Column::new("Cost", ColumnKind::Number),
    ];
    let mut table = Table::new(columns.into_iter().chain(account).chain(numbers).collect());
    for (block, row) in report.rows.iter().filter_map(|row| Some((row.block.as_deref()?, row))) {
        table.add_row(block_cells(block, zone, has_accounts));
        for part in &row.parts {
            let name = part.name.as_deref().map_or(String::new(), sanitize_line);
            let name = shorten_middle(&format!("  {name}"), MAX_TEXT_WIDTH);
            table.add_row(sum_cells(&name, has_accounts, &part.sums));
        }
    }
    table.add_row(sum_cells("Total", has_accounts, &report.sums));
    let legend = render_legend(&report.sums.totals, "Tokens are a lower bound");
    let notes = report_notes(report, Grouping::Block, breakdown);
    render_with_legend(&table, &[&[legend][..], &notes[..]].concat(), width)
}

fn block_cells(block: &BillingBlock, zone: ViewerZone, has_accounts: bool) -> Vec<Cell> {
    let state = match (block.is_gap, block.is_active) {
        (true, _) => "gap",
        (false, true) => "active",
        (false, false) => "",
    };
    let [start, end] = [block.start_time, block.end_time].map(|time| Cell::from(format_table_time(time, zone)));
    let edges = if block.is_gap { "" } else { block.source.phrase() };
    let cost = if block.is_gap { String::new() } else { format_cost(block.cost_usd, block.unpriced_tokens) };
    let account = has_accounts.then(|| Cell::from(sanitize_line(block.account.as_deref().unwrap_or_default())));
    let numbers = [number_cell(block.tokens_used), number_cell(u128::from(block.message_count)), Cell::from(cost)];
    [start, end, Cell::text(state), Cell::text(edges)].into_iter().chain(account).chain(numbers).collect()
}

/// Returns the cells of a row that is no block.
fn sum_cells(name: &str, has_accounts: bool, sums: &ExactTotals) -> Vec<Cell> {
    let totals = &sums.totals;
    let empty = if has_accounts { 4 } else { 3 };
    let numbers = [
        number_cell(totals.total_tokens),
        number_cell(u128::from(totals.message_count)),
        Cell::from(format_cost(totals.total_cost, totals.unpriced_tokens)),
    ];
    let text = std::iter::once(Cell::text(name)).chain(std::iter::repeat_n(Cell::default(), empty));
    text.chain(numbers).collect()
}
