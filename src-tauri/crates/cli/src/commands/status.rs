//! A snapshot in words. Each figure says whether it is official, measured or estimated.

use token_monitor_core::report::model::{
    BillingBlock, LimitBasis, LimitUse, Progress, QuotaStats, Range, Snapshot, WeekStats, WindowKind,
};

use crate::render::format::{clean, cost, dollars, grouped, left, level, minute, painted, percent};

/// The figures of a snapshot in a few lines.
pub(crate) fn text(snapshot: &Snapshot, colour: bool) -> String {
    let today = &snapshot.today.totals;
    let all = &snapshot.totals;
    let tokens = |count: u128| format!("{} tokens", grouped(count));
    let mut lines =
        vec![row("Today", &format!("{}, {}; {}", tokens(today.total_tokens), today.label.word(), cost(today)))];
    lines.push(row("Block", &snapshot.current_block.as_ref().map_or("none open".to_owned(), block)));
    let closes = |block: &BillingBlock| format!("{}, {}", left(block.end_time, snapshot.at), block.label.word());
    lines.extend(snapshot.current_block.as_ref().map(|block| row("", &closes(block))));
    lines.extend(snapshot.block_use.as_ref().map(|used| row("Used", &share(used, tokens_of))));
    lines.extend(snapshot.block_cost_use.as_ref().map(|used| row("By cost", &share(used, dollars))));
    lines.extend(pace(snapshot).map(|pace| row("At this pace", &pace)));
    lines.extend(snapshot.quota.iter().map(|quota| row(window(quota), &official(quota))));
    lines.push(row(week_name(&snapshot.week), &week(&snapshot.week)));
    lines.push(row("Burn rate", &burn(snapshot, colour)));
    let sessions = snapshot.session_count;
    let sessions = if sessions == 1 { "1 session".to_owned() } else { format!("{sessions} sessions") };
    let total = format!("{}, {}; {}; {sessions}", tokens(all.total_tokens), all.label.word(), cost(all));
    lines.push(row("All time", &total));
    if let Progress::Importing { files_done, files, .. } = snapshot.progress {
        lines.push(row("Reading", &format!("{files_done} of {files} logs; the figures still grow")));
    }
    if all.under_logged_messages > 0 {
        let messages = grouped(u128::from(all.under_logged_messages));
        lines.push(format!("Output under-logged by Claude Code in {messages} messages: a lower bound."));
    }
    lines.extend(snapshot.problems.iter().map(|problem| clean(&format!("! {} {}", problem.message, problem.hint))));
    lines.join("\n")
}

/// A snapshot in one line.
pub(crate) fn line(snapshot: &Snapshot, colour: bool) -> String {
    let burn = &snapshot.burn_rate;
    let block = snapshot.current_block.as_ref().map_or("no block".to_owned(), |block| in_short(block, snapshot));
    let level = painted(level(burn.level), burn.level, colour);
    let today = &snapshot.today.totals;
    let rate = grouped(u128::from(burn.tokens_per_minute));
    let label = today.label.word();
    format!("today {} {label} · {block} · {rate} tok/min {level} {}", grouped(today.total_tokens), burn.label.word())
}

fn row(name: &str, words: &str) -> String {
    format!("{name:14} {words}")
}

fn block(block: &BillingBlock) -> String {
    let (start, end) = (minute(block.start_time), block.end_time.format("%H:%M"));
    let tokens = grouped(block.tokens_used);
    format!("{start} to {end} UTC, {}; {tokens} tokens, measured", block.source.words())
}

fn in_short(block: &BillingBlock, snapshot: &Snapshot) -> String {
    let used = match &snapshot.block_use {
        Some(used) => format!("{} used, {}", percent(used.used_percent), used.label.word()),
        None => format!("{} tokens, measured", grouped(block.tokens_used)),
    };
    format!("{}, {}, {used}", left(block.end_time, snapshot.at), block.source.words())
}

fn share(used: &LimitUse, spelled: impl Fn(f64) -> String) -> String {
    let limit = used.limit.map_or(String::new(), spelled);
    let of = match used.basis {
        LimitBasis::Official => String::new(),
        LimitBasis::Number => format!(" of {limit}"),
        LimitBasis::Max => format!(" of {limit}, your largest block"),
        LimitBasis::P90 => format!(" of {limit}, what nine of ten of your blocks stayed under"),
    };
    let elsewhere = used
        .elsewhere_percent
        .map_or(String::new(), |share| format!("; about {} of it elsewhere, estimated", percent(share)));
    format!("{}{of}, {}{elsewhere}", percent(used.used_percent), used.label.word())
}

fn tokens_of(limit: f64) -> String {
    format!("{} tokens", grouped(limit as u128))
}

fn pace(snapshot: &Snapshot) -> Option<String> {
    let used = snapshot.block_use.as_ref();
    let out = used
        .and_then(|used| used.runs_out_at)
        .map_or(String::new(), |out| format!("; runs out at {} UTC", out.format("%H:%M")));
    if let Some(range) = used.and_then(|used| used.projected_percent) {
        return Some(format!("{} when it resets, estimated{out}", span(range, percent)));
    }
    let tokens = snapshot.projected_tokens?;
    Some(format!("{} tokens when it resets, estimated", span(tokens, |count| grouped(count as u128))))
}

fn span(range: Range, spelled: impl Fn(f64) -> String) -> String {
    let (low, high) = (spelled(range.low), spelled(range.high));
    if low == high { low } else { format!("{low} to {high}") }
}

fn window(quota: &QuotaStats) -> &'static str {
    match quota.window {
        WindowKind::FiveHour => "Five hours",
        WindowKind::Weekly => "Week",
        WindowKind::WeeklyScoped => "Week, of one",
        WindowKind::ExtraUsage => "Extra usage",
    }
}

fn official(quota: &QuotaStats) -> String {
    let scope = quota.scope.as_deref().map_or(String::new(), |scope| format!("{}: ", clean(scope)));
    let resets = quota.resets_at.map_or(String::new(), |at| format!(", resets {} UTC", minute(at)));
    let age = match (quota.is_stale, quota.age_minutes) {
        (false, 0) => String::new(),
        (false, age) => format!(", {age} min ago"),
        (true, age) => format!(", stale: {age} min ago"),
    };
    let binding = if quota.is_binding { "; binding" } else { "" };
    format!("{scope}{} used, {}{resets}{age}{binding}", percent(quota.share.used_percent), quota.share.label.word())
}

fn week_name(week: &WeekStats) -> &'static str {
    if week.end_time.is_some() { "This week" } else { "Seven days" }
}

fn week(week: &WeekStats) -> String {
    format!("{} tokens, {}; {}", grouped(week.totals.total_tokens), week.totals.label.word(), cost(&week.totals))
}

fn burn(snapshot: &Snapshot, colour: bool) -> String {
    let burn = &snapshot.burn_rate;
    let level = painted(level(burn.level), burn.level, colour);
    let hourly = burn.cost_per_hour.map_or(String::new(), |cost| format!("; {} an hour API-equivalent", dollars(cost)));
    let rate = grouped(u128::from(burn.tokens_per_minute));
    format!("{rate} tokens a minute, {}, {level}{hourly}", burn.label.word())
}
