//! `token-monitor explain`: accounts for every log line behind a figure, and for differences from ccusage.
//!
//! Requests the figure from the engine, then reads the logs again, because the store contains messages and not lines.
//! The difference between the two is what the logs no longer contain.

use std::path::PathBuf;

use chrono::NaiveDate;
use chrono_tz::Tz;
use clap::ValueEnum;
use serde::Serialize;
use token_monitor_core::audit::{Breakdown, BreakdownRow, Comparison, MessageTotals, PeerCommand, TokenDelta};
use token_monitor_core::report::model::SettingsPage;
use token_monitor_core::text::format::format_number;
use token_monitor_core::text::sanitize::sanitize_layout;
use token_monitor_core::time::{Timestamp, calendar};
use token_monitor_engine::clock;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{ExplainScope, Explanation, Health, Request, Response, explain_logs, zone};

use crate::connect::{EngineSession, completeness_of};
use crate::error::CliError;
use crate::render::output::{Printer, WithCompleteness};
use crate::render::tables::{new_table, row_cells};

/// The figure to explain, and the program to compare it with.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// Explain a day; this is the default, with the current day
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with_all = ["session", "all"])]
    day: Option<NaiveDate>,

    /// Time zone of the day: an IANA name such as Asia/Kathmandu
    #[arg(long, value_name = "ZONE", conflicts_with_all = ["session", "all"])]
    timezone: Option<Tz>,

    /// Explain a session: its id, the beginning of it, or its name
    #[arg(long, value_name = "SESSION", conflicts_with = "all")]
    session: Option<String>,

    /// Explain everything in the logs
    #[arg(long)]
    all: bool,

    /// Show rule by rule why another program's figure differs
    #[arg(long, value_enum, value_name = "PROGRAM")]
    against: Option<CompareTarget>,

    /// The other program's command to compare with [default: session with --session, otherwise daily]
    #[arg(long, value_enum, value_name = "COMMAND", requires = "against")]
    command: Option<CcusageCommandArg>,

    /// Show rows and rules without effect, too
    #[arg(long)]
    verbose: bool,
}

/// The programs whose counting is emulated.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CompareTarget {
    /// The ccusage command
    Ccusage,
}

/// The commands of ccusage.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CcusageCommandArg {
    /// Usage by day
    Daily,
    /// Usage by session
    Session,
    /// Usage by five-hour block
    Blocks,
    /// Usage by month
    Monthly,
}

impl From<CcusageCommandArg> for PeerCommand {
    fn from(command: CcusageCommandArg) -> Self {
        match command {
            CcusageCommandArg::Daily => Self::Daily,
            CcusageCommandArg::Session => Self::Session,
            CcusageCommandArg::Blocks => Self::Blocks,
            CcusageCommandArg::Monthly => Self::Monthly,
        }
    }
}

/// An explanation as it is printed. The names of the fields are public.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExplainReport {
    /// The day, the session or `all time`, as text.
    about: String,
    /// The figure that all surfaces show.
    history: TokenDelta,
    /// The part of that figure that the logs no longer contain.
    no_longer_in_logs: TokenDelta,
    #[serde(flatten)]
    explanation: Explanation,
}

/// Explains a figure.
pub(crate) async fn run(sources: ConfigSources, args: &ExplainArgs, printer: &Printer) -> Result<(), CliError> {
    let dirs = sources.dirs.clone();
    let session = EngineSession::open(sources).await?;
    let figure = find_figure(&session, args).await;
    let health = session.client.request(Request::Health).await;
    let page = session.client.request(Request::Settings).await;
    let completeness = completeness_of(&session.client).await;
    session.close()?;
    let Response::Health(health) = health? else { return Err(CliError::unexpected_response()) };
    let completeness = completeness?;
    let Response::Settings(page) = page? else { return Err(CliError::unexpected_response()) };
    let ((scope, history), folders) = (figure?, log_folders(&health));
    let command =
        args.against.map(|CompareTarget::Ccusage| args.command.map_or_else(|| default_command(&scope), Into::into));
    let explanation = explain_logs(&folders, &dirs, follows_links(&page), &scope, command);
    let no_longer_in_logs = history - explanation.breakdown.counted.tokens;
    let report = ExplainReport { about: describe_scope(&scope), history, no_longer_in_logs, explanation };
    let document = WithCompleteness { figures: &report, completeness: &completeness };
    printer.print(&document, || render_explanation(&report, args.verbose, printer.width))?;
    CliError::check_complete(&completeness)
}

/// Returns true if the engine follows links.
fn follows_links(page: &SettingsPage) -> bool {
    page.rows.iter().any(|row| row.key == "monitoring.follow_links" && row.value == true)
}

/// Returns the folders that the engine searches, which may be configured differently from this command.
fn log_folders(health: &Health) -> Vec<PathBuf> {
    health.roots.iter().map(|root| PathBuf::from(&root.path)).collect()
}

/// Returns the scope of the explanation, and the figure that all surfaces show for it.
async fn find_figure(session: &EngineSession, args: &ExplainArgs) -> Result<(ExplainScope, TokenDelta), CliError> {
    if let Some(wanted) = &args.session {
        let request = Request::Session { session: wanted.clone() };
        let Response::Session(detail) = session.client.request(request).await? else {
            return Err(CliError::unexpected_response());
        };
        let found = &detail.session;
        return Ok((ExplainScope::Session(found.session_id.clone()), TokenDelta::from(&found.totals)));
    }
    let zone = match args.timezone {
        Some(zone) => zone,
        None => session.client.snapshot().await?.zone.parse().unwrap_or_else(|_| zone::system_zone()),
    };
    let Response::Days(days, totals) = session.client.request(Request::Days { zone: Some(zone) }).await? else {
        return Err(CliError::unexpected_response());
    };
    if args.all {
        return Ok((ExplainScope::All, TokenDelta::from(&totals)));
    }
    let date = args.day.unwrap_or_else(|| current_date(zone));
    let figure = days.iter().find(|day| day.date == date).map(|day| TokenDelta::from(&day.totals));
    Ok((ExplainScope::Day(date, zone), figure.unwrap_or_default()))
}

fn current_date(zone: Tz) -> NaiveDate {
    calendar::local_date(Timestamp::from(clock::now()), zone)
}

/// Returns the command of ccusage that shows the same figure.
fn default_command(scope: &ExplainScope) -> PeerCommand {
    match scope {
        ExplainScope::Session(_) => PeerCommand::Session,
        ExplainScope::Day(..) | ExplainScope::All => PeerCommand::Daily,
    }
}

fn describe_scope(scope: &ExplainScope) -> String {
    match scope {
        ExplainScope::All => "all time".to_owned(),
        ExplainScope::Day(date, zone) => format!("{date}, {zone}"),
        ExplainScope::Session(id) => format!("session {id}"),
    }
}

fn render_explanation(report: &ExplainReport, verbose: bool, width: Option<usize>) -> String {
    let Explanation { logs, lines, breakdown, comparison, .. } = &report.explanation;
    let read = format!("{} lines of {} logs", format_number(u128::from(*lines)), format_number(u128::from(*logs)));
    let mut parts = vec![format!("Explaining {}", report.about)];
    parts.push(format!("\nMeasured, from {read}\n{}", render_breakdown(breakdown, verbose, width)));
    parts.extend(render_unanswered(report.explanation.unanswered_requests));
    parts.extend(render_skipped(&report.explanation));
    match comparison {
        Some(comparison) => {
            let title = format!("Against ccusage {} {}, emulated", comparison.version, comparison.command.name());
            parts.push(format!("\n{title}\n{}", render_comparison(report, comparison, verbose, width)));
        }
        None if report.no_longer_in_logs.is_zero() => {}
        None => {
            let [.., total] = format_counts(report.no_longer_in_logs);
            parts.push(format!("\nNo longer in the logs: {total} tokens"));
        }
    }
    parts.iter().flat_map(|part| part.lines()).map(sanitize_layout).collect::<Vec<_>>().join("\n")
}

/// Returns the numbers of skipped lines and unreadable logs, or none if everything was read.
/// Returns the sentence about requests without an answer.
fn render_unanswered(requests: u64) -> Option<String> {
    let noun = if requests == 1 { "request has" } else { "requests have" };
    let count = format_number(u128::from(requests));
    let meaning = "refused, or cut off before the answer was logged. Their tokens, if any were billed, are in no log.";
    (requests > 0).then(|| format!("\n{count} {noun} no answer in the logs: {meaning}"))
}

fn render_skipped(explanation: &Explanation) -> Option<String> {
    let skips = explanation.skipped.iter().map(|skip| (skip.description.as_str(), skip.count));
    let skips = skips.chain([("logs that could not be read", explanation.unreadable_logs)]);
    let lines: Vec<String> = skips
        .filter(|(_, count)| *count > 0)
        .map(|(reason, count)| format!("\n  {reason}: {}", format_number(u128::from(count))))
        .collect();
    (!lines.is_empty()).then(|| format!("\nSkipped in all logs{}", lines.concat()))
}

const TOKEN_HEADERS: [&str; 5] = ["Input", "Output", "Cache write", "Cache read", "Total"];

fn render_breakdown(breakdown: &Breakdown, verbose: bool, width: Option<usize>) -> String {
    let mut table = new_table(&[""], &[&["Count"], &TOKEN_HEADERS[..]].concat());
    let mut add_row = |label: &str, count: u64, tokens: TokenDelta| {
        let count = if count == 0 { String::new() } else { format_number(u128::from(count)) };
        table.add_row(row_cells(&[label.to_owned()], &[&[count], &format_counts(tokens)[..]].concat()));
    };
    add_row("  all lines with usage", breakdown.naive.lines, breakdown.naive.tokens);
    for (label, row) in excluded_rows(breakdown).into_iter().filter(|(_, row)| verbose || row.lines > 0) {
        add_row(label, row.lines, row.tokens);
    }
    if verbose || !breakdown.pieced_together.is_zero() {
        add_row("+ larger counts on other lines", 0, breakdown.pieced_together);
    }
    add_row("= messages counted", breakdown.counted.messages, breakdown.counted.tokens);
    for (label, totals) in included_rows(breakdown).into_iter().filter(|(_, totals)| verbose || totals.messages > 0) {
        add_row(label, totals.messages, totals.tokens);
    }
    table.render(width).text
}

/// Returns the rows that are subtracted from the sum over all lines.
fn excluded_rows(breakdown: &Breakdown) -> [(&'static str, &BreakdownRow); 7] {
    [
        ("- repeated in the same log", &breakdown.repeated),
        ("- copied to another log", &breakdown.copies),
        ("- replayed aside", &breakdown.replays),
        ("- repeated by progress lines", &breakdown.progress),
        ("- synthetic entries", &breakdown.synthetic),
        ("- entries without a time", &breakdown.no_time),
        ("- records of other types", &breakdown.other_types),
    ]
}

/// Returns the rows that are parts of the counted messages.
fn included_rows(breakdown: &Breakdown) -> [(&'static str, &MessageTotals); 3] {
    [
        ("  of these, advisor calls", &breakdown.advisors),
        ("  of these, by subagents and side questions", &breakdown.aside),
        ("  of these, from progress lines alone", &breakdown.progress_alone),
    ]
}

fn render_comparison(report: &ExplainReport, comparison: &Comparison, verbose: bool, width: Option<usize>) -> String {
    let mut table = new_table(&[""], &TOKEN_HEADERS);
    let mut add_row = |label: &str, counts: [String; 5]| {
        table.add_row(row_cells(&[label.to_owned()], &counts));
    };
    add_row("  Token Monitor (measured)", format_counts(report.history));
    if verbose || !report.no_longer_in_logs.is_zero() {
        add_row("  no longer in the logs", format_changes(TokenDelta::default() - report.no_longer_in_logs));
    }
    for step in comparison.steps.iter().filter(|step| verbose || !step.tokens.is_zero()) {
        add_row(&format!("  {}", step.words), format_changes(step.tokens));
    }
    add_row(&format!("= ccusage {} (emulated)", comparison.command.name()), format_counts(comparison.theirs));
    table.render(width).text
}

fn kinds_and_total(tokens: TokenDelta) -> [i128; 5] {
    let [input, output, cache_write, cache_read] = tokens.by_kind();
    [input, output, cache_write, cache_read, tokens.total()]
}

fn format_counts(tokens: TokenDelta) -> [String; 5] {
    kinds_and_total(tokens)
        .map(|count| format!("{}{}", if count < 0 { "-" } else { "" }, format_number(count.unsigned_abs())))
}

/// Returns differences with their signs, and nothing for those that are zero.
fn format_changes(tokens: TokenDelta) -> [String; 5] {
    kinds_and_total(tokens).map(|change| match change {
        0 => String::new(),
        change => format!("{}{}", if change < 0 { "-" } else { "+" }, format_number(change.unsigned_abs())),
    })
}
