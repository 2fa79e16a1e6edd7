//! `token-monitor status`: the current figures, each with its provenance.

use token_monitor_core::report::model::{
    BillingBlock, LimitBasis, LimitUse, Progress, QuotaStats, ReportCompleteness, SessionAgent, Snapshot, WeekStats,
};
use token_monitor_core::text::format::{
    ViewerZone, format_clock, format_compact_range, format_count, format_dollars, format_number, format_percent,
    format_tokens, format_upcoming,
};
use token_monitor_core::text::phrases::{
    agent_counts, block_name, block_share_label, block_time_left, capitalize, comparison_name, import_phrase,
    label_with_age, missing_folders_phrase, problem_phrase, projected_share, quota_name, share_of_limit,
};
use token_monitor_core::text::sanitize::{sanitize_line, sanitize_name};
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::connect::request_once;
use crate::error::CliError;
use crate::render::agents::{agent_text, context_text};
use crate::render::fields::field_line;
use crate::render::format::{format_total_cost, paint_level};
use crate::render::output::Printer;

/// The longest name of a running session, in characters.
const MAX_NAME_CHARS: usize = 40;

/// Shows the snapshot in a few lines.
pub(crate) async fn run(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let Response::Snapshot(snapshot) = request_once(sources, Request::Snapshot).await? else {
        return Err(CliError::unexpected_response());
    };
    printer.print(&snapshot, || render_snapshot(&snapshot, printer.color))?;
    CliError::check_complete(&ReportCompleteness::from_problems(snapshot.problems))
}

/// Prints the most important figures in one line.
pub(crate) async fn run_compact(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let Response::Snapshot(snapshot) = request_once(sources, Request::Snapshot).await? else {
        return Err(CliError::unexpected_response());
    };
    printer.print(&snapshot, || render_line(&snapshot, printer.color))?;
    CliError::check_complete(&ReportCompleteness::from_problems(snapshot.problems))
}

/// Returns the figures of a snapshot in a few lines.
pub(crate) fn render_snapshot(snapshot: &Snapshot, color: bool) -> String {
    let today = &snapshot.today.totals;
    let all = &snapshot.totals;
    let mut lines = vec![field_line(
        "Today",
        &format!("{}, {}; {}", format_tokens(today.total_tokens), today.label.as_str(), format_total_cost(today)),
    )];
    lines.extend(block_lines(snapshot));
    lines.extend(snapshot.block_use.as_ref().map(|share| {
        let name = if share.basis.is_limit() { "Used" } else { "Compared" };
        field_line(name, &share_text(share, &block_share_label(snapshot), tokens_text))
    }));
    lines.extend(
        snapshot
            .block_cost_use
            .as_ref()
            .map(|share| field_line("By cost", &share_text(share, share.label.as_str(), format_dollars))),
    );
    lines.extend(pace_text(snapshot).map(|pace| field_line("At this pace", &pace)));
    lines.extend(snapshot.quota.iter().map(|quota| quota_line(quota, snapshot)));
    lines.push(week_line(&snapshot.week));
    lines.extend(agent_lines(snapshot));
    lines.push(field_line("Burn rate", &burn_rate_text(snapshot, color)));
    let sessions = format_count(snapshot.session_count.into(), "session", "sessions");
    let total =
        format!("{}, {}; {}; {sessions}", format_tokens(all.total_tokens), all.label.as_str(), format_total_cost(all));
    lines.push(field_line("All time", &total));
    if let (Some(phrase), Progress::Importing { files_done, files, .. }) =
        (import_phrase(&snapshot.progress), &snapshot.progress)
    {
        lines.push(format!("{}, {files_done} of {files}; the figures still grow.", capitalize(&phrase)));
    }
    if all.under_logged_messages > 0 {
        let messages = format_count(all.under_logged_messages.into(), "message", "messages");
        lines.push(format!("All time is a lower bound: Claude Code did not fully log the output of {messages}."));
    }
    if let Some(phrase) = missing_folders_phrase(snapshot) {
        lines.push(format!("{}; token-monitor doctor lists the searched folders.", capitalize(phrase)));
    }
    let problems = snapshot.problems.iter();
    lines.extend(problems.map(|problem| sanitize_line(&format!("! {} {}", problem.message, problem.hint))));
    lines.join("\n")
}

/// Returns the most important figures of a snapshot in one line.
pub(crate) fn render_line(snapshot: &Snapshot, color: bool) -> String {
    let (today, burn) = (&snapshot.today.totals, &snapshot.burn_rate);
    let block = snapshot
        .current_block
        .as_ref()
        .map_or("no block running".to_owned(), |block| short_block_text(block, snapshot));
    let (level, label) = (paint_level(burn.level_phrase(), burn.level, color), burn.label.as_str());
    let burn = match burn.is_at_rest() {
        true => format!("burn rate {level}"),
        false => format!("{} tok/min {level} {label}", format_number(burn.tokens_per_minute.into())),
    };
    let mut parts = vec![format!("today {} {}", format_number(today.total_tokens), today.label.as_str()), block, burn];
    parts.extend(agent_counts(snapshot));
    parts.extend(import_phrase(&snapshot.progress));
    parts.extend(missing_folders_phrase(snapshot).map(str::to_owned));
    parts.extend(problem_phrase(&snapshot.problems));
    parts.join(" · ")
}

/// Returns a line for each running session: `▲ fix-login: waits for you, 2m, permission prompt; context 62%`.
fn agent_lines(snapshot: &Snapshot) -> Vec<String> {
    let row = |(index, agent): (usize, &SessionAgent)| {
        let name = sanitize_name(&agent.display_name, MAX_NAME_CHARS);
        let text = format!("{} {name}: {}", agent.status.state.shape(), agent_text(&agent.status, snapshot.at));
        let context = agent.context.map_or(String::new(), |context| format!("; context {}", context_text(&context)));
        field_line(if index == 0 { "Agents" } else { "" }, &(text + &context))
    };
    snapshot.agents.iter().enumerate().map(row).collect()
}

fn viewer_zone(snapshot: &Snapshot) -> ViewerZone {
    ViewerZone::from_name(&snapshot.zone)
}

fn block_lines(snapshot: &Snapshot) -> Vec<String> {
    let Some(block) = &snapshot.current_block else { return vec![field_line("Block", "none running")] };
    let zone = viewer_zone(snapshot);
    let (start, end) = (format_clock(block.start_time, zone), format_clock(block.end_time, zone));
    let tokens = format_tokens(block.tokens_used);
    let left = block_time_left(block.end_time - snapshot.at, snapshot.block_use.as_ref());
    vec![
        field_line(
            &capitalize(&block_name(block)),
            &format!("{start} to {end}, {}; {tokens}, measured", block.source.phrase()),
        ),
        field_line("", &format!("{left}, {}", block.label.as_str())),
    ]
}

fn short_block_text(block: &BillingBlock, snapshot: &Snapshot) -> String {
    let used = match &snapshot.block_use {
        Some(share) => format!("{}, {}", share_of_limit(share, tokens_text), block_share_label(snapshot)),
        None => format!("{}, measured", format_tokens(block.tokens_used)),
    };
    let left = block_time_left(block.end_time - snapshot.at, snapshot.block_use.as_ref());
    let account = block.account.as_ref().map_or(String::new(), |_| format!("{}, ", block_name(block)));
    format!("{account}{left}, {}, {used}", block.source.phrase())
}

fn share_text(share: &LimitUse, label: &str, format_limit: impl Fn(f64) -> String) -> String {
    let limit = share.limit.map_or(String::new(), format_limit);
    let of_limit = match share.basis {
        LimitBasis::Official => String::new(),
        LimitBasis::Number => format!(" of {limit}"),
        LimitBasis::Max | LimitBasis::P90 => format!(" of {}, {limit}", comparison_name(share.basis)),
    };
    let elsewhere = share
        .elsewhere_percent
        .map_or(String::new(), |part| format!("; about {} of it elsewhere, estimated", format_percent(part)));
    format!("{}{of_limit}, {label}{elsewhere}", format_percent(share.used_percent))
}

fn tokens_text(limit: f64) -> String {
    format_tokens(limit as u128)
}

/// Returns the projection of the block, in percent if there is a limit or a comparison, otherwise in tokens.
fn pace_text(snapshot: &Snapshot) -> Option<String> {
    let share = snapshot.block_use.as_ref();
    let runs_out = share.and_then(|share| exhaustion_text(share, snapshot)).unwrap_or_default();
    if let Some(share) = share {
        let range = projected_share(share, share.projected_percent?);
        return Some(format!("{range} when it resets, estimated{runs_out}"));
    }
    let range = snapshot.projected_tokens?;
    let tokens = format_compact_range(range.low as u128, range.high as u128);
    Some(format!("{tokens} tokens when it resets, estimated"))
}

/// Returns the forecast time at which a limit runs out: `; runs out at 13:20`.
fn exhaustion_text(share: &LimitUse, snapshot: &Snapshot) -> Option<String> {
    let at = share.upcoming_exhaustion()?;
    let time = format_upcoming(at, snapshot.at, viewer_zone(snapshot));
    Some(format!("; {} at {time}", share.exhaustion_phrase()))
}

fn quota_line(quota: &QuotaStats, snapshot: &Snapshot) -> String {
    let used = format_percent(quota.share.used_percent);
    let label = label_with_age(quota.share.label, quota.is_stale, quota.age_minutes);
    let resets_text = |at| format!(", resets {}", format_upcoming(at, snapshot.at, viewer_zone(snapshot)));
    let resets = quota.resets_at.map_or_else(String::new, resets_text);
    let runs_out = exhaustion_text(&quota.share, snapshot).map_or(String::new(), |text| format!("{text}, estimated"));
    let rank = quota.rank_phrase().filter(|_| snapshot.quota.len() > 1);
    let rank = rank.map_or(String::new(), |rank| format!("; {rank}"));
    let name = quota_name(quota);
    field_line(&name, &format!("{used} used, {label}{resets}{runs_out}{rank}"))
}

fn week_line(week: &WeekStats) -> String {
    let name = if week.end_time.is_some() { "This week" } else { "Seven days" };
    let totals = &week.totals;
    let text =
        format!("{}, {}; {}", format_tokens(totals.total_tokens), totals.label.as_str(), format_total_cost(totals));
    field_line(name, &text)
}

fn burn_rate_text(snapshot: &Snapshot, color: bool) -> String {
    let burn = &snapshot.burn_rate;
    let level = paint_level(burn.level_phrase(), burn.level, color);
    if burn.is_at_rest() {
        return level;
    }
    let hourly = burn.hourly_cost_phrase();
    let rate = format_number(burn.tokens_per_minute.into());
    format!("{rate} tokens a minute, {}, {level}; {hourly}", burn.label.as_str())
}
