//! `token-monitor status`: the current figures, each with its provenance.

use token_monitor_core::report::model::{
    BillingBlock, LimitBasis, LimitUse, Progress, QuotaStats, Snapshot, WeekStats,
};
use token_monitor_core::text::format::{
    ViewerZone, format_clock, format_compact_range, format_count, format_date_time, format_dollars, format_number,
    format_percent, format_percent_range, format_tokens, format_upcoming,
};
use token_monitor_core::text::phrases::{estimated_limit, label_with_age, time_left, window_name};
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::connect::request_once;
use crate::error::CliError;
use crate::render::fields::field_line;
use crate::render::format::{format_total_cost, paint_level};
use crate::render::output::Printer;

/// Shows the snapshot in a few lines.
pub(crate) async fn run(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let Response::Snapshot(snapshot) = request_once(sources, Request::Snapshot).await? else {
        return Err(CliError::unexpected_response());
    };
    printer.print(&snapshot, || render_snapshot(&snapshot, printer.color))
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
    lines.extend(snapshot.block_use.as_ref().map(|share| field_line("Used", &limit_use_text(share, tokens_text))));
    lines.extend(
        snapshot.block_cost_use.as_ref().map(|share| field_line("By cost", &limit_use_text(share, format_dollars))),
    );
    lines.extend(pace_text(snapshot).map(|pace| field_line("At this pace", &pace)));
    lines.extend(snapshot.quota.iter().map(|quota| quota_line(quota, snapshot)));
    lines.push(week_line(&snapshot.week));
    lines.push(field_line("Burn rate", &burn_rate_text(snapshot, color)));
    let sessions = format_count(snapshot.session_count.into(), "session", "sessions");
    let total =
        format!("{}, {}; {}; {sessions}", format_tokens(all.total_tokens), all.label.as_str(), format_total_cost(all));
    lines.push(field_line("All time", &total));
    if let Progress::Importing { files_done, files, .. } = snapshot.progress {
        lines.push(field_line("Reading", &format!("{files_done} of {files} logs; the figures still grow")));
    }
    if all.under_logged_messages > 0 {
        let messages = format_count(all.under_logged_messages.into(), "message", "messages");
        lines.push(format!("Output under-logged by Claude Code in {messages}: a lower bound."));
    }
    let problems = snapshot.problems.iter();
    lines.extend(problems.map(|problem| sanitize_line(&format!("! {} {}", problem.message, problem.hint))));
    lines.join("\n")
}

/// Returns the most important figures of a snapshot in one line.
pub(crate) fn render_line(snapshot: &Snapshot, color: bool) -> String {
    let (today, burn) = (&snapshot.today.totals, &snapshot.burn_rate);
    let block =
        snapshot.current_block.as_ref().map_or("no block".to_owned(), |block| short_block_text(block, snapshot));
    let (level, label) = (paint_level(burn.level.as_str(), burn.level, color), burn.label.as_str());
    let (tokens, rate) = (format_number(today.total_tokens), format_number(burn.tokens_per_minute.into()));
    format!("today {tokens} {} · {block} · {rate} tok/min {level} {label}", today.label.as_str())
}

fn viewer_zone(snapshot: &Snapshot) -> ViewerZone {
    ViewerZone::from_name(&snapshot.zone)
}

fn block_lines(snapshot: &Snapshot) -> Vec<String> {
    let Some(block) = &snapshot.current_block else { return vec![field_line("Block", "none open")] };
    let zone = viewer_zone(snapshot);
    let (start, end) = (format_clock(block.start_time, zone), format_clock(block.end_time, zone));
    let tokens = format_tokens(block.tokens_used);
    let left = time_left(block.end_time - snapshot.at);
    vec![
        field_line("Block", &format!("{start} to {end}, {}; {tokens}, measured", block.source.phrase())),
        field_line("", &format!("{left}, {}", block.label.as_str())),
    ]
}

fn short_block_text(block: &BillingBlock, snapshot: &Snapshot) -> String {
    let used = match &snapshot.block_use {
        Some(share) => format!("{} used, {}", format_percent(share.used_percent), share.label.as_str()),
        None => format!("{}, measured", format_tokens(block.tokens_used)),
    };
    format!("{}, {}, {used}", time_left(block.end_time - snapshot.at), block.source.phrase())
}

fn limit_use_text(share: &LimitUse, format_limit: impl Fn(f64) -> String) -> String {
    let limit = share.limit.map_or(String::new(), format_limit);
    let of_limit = match share.basis {
        LimitBasis::Official => String::new(),
        LimitBasis::Number => format!(" of {limit}"),
        LimitBasis::Max | LimitBasis::P90 => format!(" of {}, {limit}", estimated_limit(share.basis)),
    };
    let elsewhere = share
        .elsewhere_percent
        .map_or(String::new(), |part| format!("; about {} of it elsewhere, estimated", format_percent(part)));
    format!("{}{of_limit}, {}{elsewhere}", format_percent(share.used_percent), share.label.as_str())
}

fn tokens_text(limit: f64) -> String {
    format_tokens(limit as u128)
}

/// Returns the projection of the block, in percent if there is a limit, otherwise in tokens.
fn pace_text(snapshot: &Snapshot) -> Option<String> {
    let share = snapshot.block_use.as_ref();
    let runs_out = share.and_then(|share| share.runs_out_at).map_or(String::new(), |at| {
        format!("; runs out at {}", format_upcoming(at, snapshot.at, viewer_zone(snapshot)))
    });
    if let Some(range) = share.and_then(|share| share.projected_percent) {
        return Some(format!("{} when it resets, estimated{runs_out}", format_percent_range(range.low, range.high)));
    }
    let range = snapshot.projected_tokens?;
    let tokens = format_compact_range(range.low as u128, range.high as u128);
    Some(format!("{tokens} tokens when it resets, estimated"))
}

fn quota_line(quota: &QuotaStats, snapshot: &Snapshot) -> String {
    let used = format_percent(quota.share.used_percent);
    let label = label_with_age(quota.share.label, quota.is_stale, quota.age_minutes);
    let resets =
        quota.resets_at.map_or(String::new(), |at| format!(", resets {}", format_date_time(at, viewer_zone(snapshot))));
    let binding = if quota.is_binding { "; stops first" } else { "" };
    let name = window_name(quota.window, quota.scope.as_deref());
    field_line(&name, &format!("{used} used, {label}{resets}{binding}"))
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
    let level = paint_level(burn.level.as_str(), burn.level, color);
    let hourly =
        burn.cost_per_hour.map_or(String::new(), |cost| format!("; {} an hour API-equivalent", format_dollars(cost)));
    let rate = format_number(burn.tokens_per_minute.into());
    format!("{rate} tokens a minute, {}, {level}{hourly}", burn.label.as_str())
}
