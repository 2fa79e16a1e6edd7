//! What a tray says in words: a line for each figure, each with where it comes from.
//!
//! Pure text of a snapshot. It works nothing out, it never says a figure without its label, and it never calls a
//! cost anything but API-equivalent. The lines people look for first come first: some systems cut tooltips short.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use token_monitor_core::report::model::{
    BillingBlock, BurnLevel, BurnRate, Label, LimitBasis, LimitUse, Problem, Progress, QuotaStats, Snapshot, Totals,
    WindowKind,
};

use crate::format::{Figure, age, dollars, duration, grouped, percent, percents, tokens};
use crate::tooltip::Tooltip;

/// More problems than this are counted, not told: a tooltip is read in passing.
const TOLD: usize = 2;

/// All of it, in percent.
const FULL: f64 = 100.0;

/// Further ahead a time of day alone could be taken for today's.
const NEAR: TimeDelta = TimeDelta::hours(20);

/// Decides what appears when the pointer rests on the icon.
pub(crate) fn tooltip(snapshot: &Snapshot) -> Tooltip {
    let today = &snapshot.today.totals;
    let mut lines = problem_lines(&snapshot.problems);
    lines.extend(progress_line(&snapshot.progress));
    lines.push(block_line(snapshot));
    lines.extend(elsewhere_line(snapshot));
    lines.extend(pace_line(snapshot));
    lines.extend(cost_limit_line(snapshot));
    lines.extend(quota_lines(snapshot));
    lines.extend(week_line(snapshot));
    lines.push(burn_line(snapshot.burn_rate));
    lines.extend(cost_line(today));
    lines.extend(under_logged_line(today));
    Tooltip { title: format!("{} today, {}", tokens(today.total_tokens), today.label.word()), lines }
}

/// What is left of a block.
pub(crate) fn time_left(block: &BillingBlock, snapshot: &Snapshot) -> String {
    format!("{} left", duration(block.end_time - snapshot.at))
}

fn problem_lines(problems: &[Problem]) -> Vec<String> {
    let mut lines: Vec<_> = problems.iter().take(TOLD).map(problem_line).collect();
    match problems.len().saturating_sub(TOLD) {
        0 => {}
        1 => lines.push("1 more problem.".to_owned()),
        more => lines.push(format!("{more} more problems.")),
    }
    lines
}

fn problem_line(problem: &Problem) -> String {
    let message = problem.message.trim_end_matches('.');
    format!("{message}. {}", problem.hint)
}

fn progress_line(progress: &Progress) -> Option<String> {
    match *progress {
        Progress::Live => None,
        Progress::Importing { bytes_done, bytes, .. } => Some(format!("Reading logs: {} %", done(bytes_done, bytes))),
    }
}

/// Whole percents, rounded down: a hundred means done.
fn done(bytes: u64, all: u64) -> u128 {
    (u128::from(bytes) * 100).checked_div(u128::from(all)).unwrap_or(0).min(100)
}

fn block_line(snapshot: &Snapshot) -> String {
    let Some(block) = &snapshot.current_block else {
        return "No block running".to_owned();
    };
    let (used, label) = match &snapshot.block_use {
        None => (tokens(block.tokens_used), Label::Measured),
        Some(share) => (share_words(share), share.label),
    };
    let told = match five_hours(snapshot) {
        Some(row) => official(row),
        None => label.word().to_owned(),
    };
    let left = time_left(block, snapshot);
    let resets = resets(block.end_time, snapshot);
    format!("Block {used}, {told} · {left}, {resets}{}", edges(block, label))
}

/// Where a block's edges come from, where that is not what was said of its share already.
fn edges(block: &BillingBlock, said: Label) -> String {
    let words = block.source.words();
    if words == said.word() { String::new() } else { format!(", {words}") }
}

/// The vendor's figure the block's share was taken from, if it was.
pub(crate) fn five_hours(snapshot: &Snapshot) -> Option<&QuotaStats> {
    let official = snapshot.block_use.as_ref().is_some_and(|share| share.basis == LimitBasis::Official);
    snapshot.quota.iter().find(|row| official && row.window == WindowKind::FiveHour)
}

fn share_words(share: &LimitUse) -> String {
    let used = percent(share.used_percent);
    match (share.basis, share.limit) {
        (LimitBasis::Official, _) | (LimitBasis::Number, None) => format!("{used} used"),
        (LimitBasis::Number, Some(limit)) => format!("{used} used of {}", tokens(limit as u128)),
        (LimitBasis::Max, _) => format!("{used} used of your largest block"),
        (LimitBasis::P90, _) => format!("{used} used of your blocks’ P90"),
    }
}

/// The label of a vendor's figure, with its age once it is no longer the present.
fn official(row: &QuotaStats) -> String {
    let label = row.share.label.word();
    if row.is_stale { format!("{label}, {} ago", age(row.age_minutes)) } else { label.to_owned() }
}

fn elsewhere_line(snapshot: &Snapshot) -> Option<String> {
    let share = snapshot.block_use.as_ref()?.elsewhere_percent?;
    Some(format!("About {} of it used elsewhere, {}", percent(share), Label::Estimated.word()))
}

/// Where the block will stand at its end: a range in percent, else in tokens, and when it runs out.
fn pace_line(snapshot: &Snapshot) -> Option<String> {
    let share = snapshot.block_use.as_ref();
    let in_percent = share.and_then(|share| share.projected_percent).map(percents);
    let in_tokens = snapshot.projected_tokens.map(|range| {
        let [low, high] = [range.low, range.high].map(|end| Figure::of(end as u128).to_string());
        if low == high { format!("{low} tokens") } else { format!("{low}–{high} tokens") }
    });
    let range = if share.is_some() { in_percent } else { in_tokens }?;
    let out = share.and_then(|share| out_words(share, snapshot)).unwrap_or_default();
    Some(format!("At this pace {range} when it resets{out}, {}", Label::Estimated.word()))
}

fn out_words(share: &LimitUse, snapshot: &Snapshot) -> Option<String> {
    let out = share.runs_out_at.filter(|_| share.used_percent < FULL)?;
    Some(format!(", runs out {}", clock(out, snapshot)))
}

fn cost_limit_line(snapshot: &Snapshot) -> Option<String> {
    let share = snapshot.block_cost_use.as_ref()?;
    let limit = match (share.basis, share.limit) {
        (LimitBasis::Max, _) => "your dearest block".to_owned(),
        (LimitBasis::P90, _) => "your blocks’ P90".to_owned(),
        (LimitBasis::Official | LimitBasis::Number, limit) => dollars(limit.unwrap_or_default()),
    };
    let (used, label) = (percent(share.used_percent), share.label.word());
    Some(format!("Block {used} used of {limit}, API-equivalent, {label}"))
}

/// The vendor's other windows.
fn quota_lines(snapshot: &Snapshot) -> Vec<String> {
    let said = five_hours(snapshot).is_some();
    let others = snapshot.quota.iter().filter(|row| !(said && row.window == WindowKind::FiveHour));
    others.map(|row| quota_line(row, snapshot)).collect()
}

fn quota_line(row: &QuotaStats, snapshot: &Snapshot) -> String {
    let (name, used, label) = (window(row), percent(row.share.used_percent), official(row));
    let mut line = format!("{name} {used} used, {label}");
    if let Some(at) = row.resets_at {
        line = format!("{line} · {}", resets(at, snapshot));
    }
    if let Some(out) = out_words(&row.share, snapshot) {
        line = format!("{line}{out}, {}", Label::Estimated.word());
    }
    if row.is_binding && snapshot.quota.len() > 1 {
        line.push_str(" · stops first");
    }
    line
}

fn window(row: &QuotaStats) -> String {
    match (row.window, &row.scope) {
        (WindowKind::FiveHour, _) => "Five hours".to_owned(),
        (WindowKind::Weekly, _) | (WindowKind::WeeklyScoped, None) => "Week".to_owned(),
        (WindowKind::WeeklyScoped, Some(scope)) => format!("Week of {scope}"),
        (WindowKind::ExtraUsage, _) => "Extra usage".to_owned(),
    }
}

/// The measured week, where the vendor says nothing of it.
fn week_line(snapshot: &Snapshot) -> Option<String> {
    let told = snapshot.quota.iter().any(|row| row.window == WindowKind::Weekly);
    let (totals, name) = match snapshot.week.end_time {
        Some(_) => (&snapshot.week.totals, "Week"),
        None => (&snapshot.week.totals, "Last seven days"),
    };
    (!told).then(|| format!("{name} {}, {}", tokens(totals.total_tokens), totals.label.word()))
}

fn burn_line(rate: BurnRate) -> String {
    if rate.tokens_per_minute == 0 {
        return "Burn rate at rest".to_owned();
    }
    let level = match rate.level {
        BurnLevel::Normal => "normal",
        BurnLevel::Moderate => "moderate",
        BurnLevel::High => "high",
    };
    let per_minute = grouped(u128::from(rate.tokens_per_minute));
    let cost = match rate.cost_per_hour {
        Some(cost) => format!("{} an hour API-equivalent", dollars(cost)),
        None => "cost unpriced".to_owned(),
    };
    format!("{per_minute} tokens a minute, {} · {level} · {cost}", rate.label.word())
}

fn cost_line(today: &Totals) -> Option<String> {
    let unpriced = (today.unpriced_tokens > 0).then(|| format!("unpriced: {}", tokens(today.unpriced_tokens)));
    let cost = today.total_cost.map(|cost| format!("{} API-equivalent today", dollars(cost)));
    let line = [cost, unpriced].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    (today.total_tokens > 0 && !line.is_empty()).then(|| sentence(&line))
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn under_logged_line(today: &Totals) -> Option<String> {
    let messages = today.under_logged_messages;
    let noun = if messages == 1 { "message" } else { "messages" };
    (messages > 0)
        .then(|| format!("Output under-logged by Claude Code in {} {noun} today", grouped(u128::from(messages))))
}

fn resets(at: DateTime<Utc>, snapshot: &Snapshot) -> String {
    format!("resets {}", clock(at, snapshot))
}

/// An instant on the viewer's clock, with its weekday where it is far ahead. A zone nobody knows is UTC.
pub(crate) fn clock(at: DateTime<Utc>, snapshot: &Snapshot) -> String {
    let day = if at - snapshot.at < NEAR { "" } else { "%a " };
    match snapshot.zone.parse::<Tz>() {
        Ok(zone) => at.with_timezone(&zone).format(&format!("{day}%H:%M")).to_string(),
        Err(_) => at.format(&format!("{day}%H:%M UTC")).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use token_monitor_core::report::model::{BlockSource, Range};

    use super::*;
    use crate::test_support::{block, official_share, quota, snapshot};

    fn lines(snapshot: &Snapshot) -> Vec<String> {
        tooltip(snapshot).lines
    }

    /// The one line that begins so.
    fn line(snapshot: &Snapshot, start: &str) -> String {
        let mut found = lines(snapshot).into_iter().filter(|line| line.starts_with(start));
        let line = found.next().unwrap_or_else(|| panic!("no line begins with {start}: {:#?}", lines(snapshot)));
        assert_eq!(found.next(), None, "and only one");
        line
    }

    fn with_official() -> Snapshot {
        let quota = vec![quota(WindowKind::FiveHour, 38.2), quota(WindowKind::Weekly, 61.0)];
        Snapshot { block_use: Some(official_share(38.2)), quota, ..snapshot() }
    }

    #[test]
    fn an_ordinary_day_without_a_limit() {
        let said = tooltip(&snapshot());
        assert_eq!(said.title, "4,213,902 tokens today, measured");
        assert_eq!(
            said.lines,
            [
                "Block 1,234,567 tokens, measured · 2 h 10 m left, resets 15:00, estimated",
                "At this pace 2.1M–3.0M tokens when it resets, estimated",
                "Last seven days 31,000,000 tokens, measured",
                "1,840 tokens a minute, measured · normal · $1.20 an hour API-equivalent",
                "$3.41 API-equivalent today",
            ]
        );
    }

    #[test]
    fn an_ordinary_day_with_the_vendors_figures() {
        let block = BillingBlock { source: BlockSource::Official, label: Label::Official, ..block() };
        let snapshot = Snapshot { current_block: Some(block), ..with_official() };
        assert_eq!(
            lines(&snapshot)[..3],
            [
                "Block 38 % used, official · 2 h 10 m left, resets 15:00",
                "At this pace 71–84 % when it resets, estimated",
                "Week 61 % used, official · resets Thu 09:00 · stops first",
            ]
        );
    }

    #[test]
    fn between_blocks_the_vendors_five_hours_are_told_by_themselves() {
        let quota = vec![quota(WindowKind::FiveHour, 12.0)];
        let snapshot = Snapshot { current_block: None, quota, ..snapshot() };
        assert_eq!(lines(&snapshot)[0], "No block running");
        assert_eq!(line(&snapshot, "Five hours"), "Five hours 12 % used, official · resets Thu 09:00");
    }

    #[test]
    fn what_grew_old_says_how_old() {
        let mut snapshot = with_official();
        for (row, age) in snapshot.quota.iter_mut().zip([25, 190]) {
            (row.is_stale, row.age_minutes) = (true, age);
        }
        assert_eq!(
            line(&snapshot, "Block"),
            "Block 38 % used, official, 25 min ago · 2 h 10 m left, resets 15:00, estimated"
        );
        assert!(line(&snapshot, "Week").starts_with("Week 61 % used, official, 3 h ago ·"));
    }

    #[rstest]
    #[case(LimitBasis::Number, Label::Measured, "Block 38 % used of 5,000,000 tokens, measured ·")]
    #[case(LimitBasis::Max, Label::Estimated, "Block 38 % used of your largest block, estimated ·")]
    #[case(LimitBasis::P90, Label::Estimated, "Block 38 % used of your blocks’ P90, estimated ·")]
    fn a_share_says_of_what(#[case] basis: LimitBasis, #[case] label: Label, #[case] start: &str) {
        let share = LimitUse { basis, label, limit: Some(5e6), ..official_share(38.0) };
        let snapshot = Snapshot { block_use: Some(share), ..snapshot() };
        line(&snapshot, start);
    }

    #[rstest]
    #[case(BlockSource::Official, ", official")]
    #[case(BlockSource::LimitMessage, ", by a limit message")]
    #[case(BlockSource::Estimate, ", estimated")]
    #[case(BlockSource::Utc, ", fixed UTC grid")]
    fn the_edges_say_where_they_come_from(#[case] source: BlockSource, #[case] end: &str) {
        let block = BillingBlock { source, label: source.label(), ..block() };
        let snapshot = Snapshot { current_block: Some(block), ..snapshot() };
        let line = line(&snapshot, "Block");
        assert!(line.ends_with(end), "{line}");
    }

    #[test]
    fn use_elsewhere_is_named() {
        let share = LimitUse { elsewhere_percent: Some(12.4), ..official_share(38.0) };
        let snapshot = Snapshot { block_use: Some(share), ..with_official() };
        line(&snapshot, "About 12 % of it used elsewhere, estimated");
    }

    #[test]
    fn a_limit_that_runs_out_says_when_until_it_has() {
        let out = LimitUse { runs_out_at: "2026-03-01T13:20:00Z".parse().ok(), ..official_share(92.0) };
        let snapshot = Snapshot { block_use: Some(out.clone()), ..with_official() };
        assert_eq!(line(&snapshot, "At this pace"), "At this pace 71–84 % when it resets, runs out 13:20, estimated");
        let over = Snapshot { block_use: Some(LimitUse { used_percent: 100.0, ..out }), ..snapshot };
        assert!(!lines(&over).join(" ").contains("runs out"));
    }

    #[test]
    fn families_of_models_and_extra_usage_have_their_names() {
        let opus = QuotaStats { scope: Some("Opus".to_owned()), ..quota(WindowKind::WeeklyScoped, 80.0) };
        let quota = vec![opus, quota(WindowKind::ExtraUsage, 3.0)];
        let snapshot = Snapshot { quota, ..snapshot() };
        line(&snapshot, "Week of Opus 80 % used, official");
        line(&snapshot, "Extra usage 3 % used, official");
        line(&snapshot, "Last seven days 31,000,000 tokens, measured");
    }

    #[test]
    fn a_limit_on_cost_is_api_equivalent() {
        let share = LimitUse { basis: LimitBasis::Number, limit: Some(10.0), ..official_share(40.0) };
        let share = LimitUse { label: Label::Measured, ..share };
        let snapshot = Snapshot { block_cost_use: Some(share), ..snapshot() };
        line(&snapshot, "Block 40 % used of $10.00, API-equivalent, measured");
    }

    #[rstest]
    #[case(Some(3.41), 12_000, Some("$3.41 API-equivalent today · unpriced: 12,000 tokens"))]
    #[case(None, 4_213_902, Some("Unpriced: 4,213,902 tokens"))]
    #[case(Some(0.0), 0, Some("$0.00 API-equivalent today"))]
    #[case(None, 0, None)]
    fn a_cost_says_what_it_lacks(#[case] cost: Option<f64>, #[case] unpriced: u128, #[case] said: Option<&str>) {
        let totals = Totals { total_cost: cost, unpriced_tokens: unpriced, ..snapshot().today.totals };
        assert_eq!(cost_line(&totals).as_deref(), said);
    }

    #[test]
    fn under_logged_output_is_told() {
        let mut snapshot = snapshot();
        snapshot.today.totals.under_logged_messages = 3;
        line(&snapshot, "Output under-logged by Claude Code in 3 messages today");
    }

    #[test]
    fn nothing_burning_has_no_level() {
        let idle = BurnRate { tokens_per_minute: 0, ..snapshot().burn_rate };
        line(&Snapshot { burn_rate: idle, ..snapshot() }, "Burn rate at rest");
        let unpriced = BurnRate { cost_per_hour: None, ..snapshot().burn_rate };
        let line = line(&Snapshot { burn_rate: unpriced, ..snapshot() }, "1,840");
        assert!(line.ends_with("· normal · cost unpriced"), "{line}");
    }

    #[test]
    fn every_line_with_a_figure_has_its_label() {
        let labels = ["official", "measured", "estimated", "API-equivalent", "unpriced", "under-logged"];
        let over = LimitUse { elsewhere_percent: Some(9.0), ..official_share(104.0) };
        let flat = Range { low: 40.0, high: 40.0 };
        let all = [
            snapshot(),
            with_official(),
            Snapshot { block_use: Some(over), ..with_official() },
            Snapshot { projected_tokens: Some(flat), ..snapshot() },
            Snapshot { current_block: None, ..with_official() },
        ];
        for line in all.iter().flat_map(lines).filter(|line| line.contains(|c: char| c.is_ascii_digit())) {
            assert!(labels.iter().any(|label| line.to_lowercase().contains(&label.to_lowercase())), "{line}");
        }
    }

    #[test]
    fn problems_come_first_and_only_two_are_told() {
        let problem = |message: &str| Problem { message: message.to_owned(), hint: "Check the folder.".to_owned() };
        let problems = vec![problem("One."), problem("Two"), problem("Three."), problem("Four.")];
        let told = ["One. Check the folder.", "Two. Check the folder.", "2 more problems."];
        assert_eq!(lines(&Snapshot { problems, ..snapshot() })[..3], told);
    }

    #[test]
    fn importing_is_told_in_percent() {
        let progress = Progress::Importing { files_done: 1, files: 3, bytes_done: 299, bytes: 700 };
        assert_eq!(lines(&Snapshot { progress, ..snapshot() })[0], "Reading logs: 42 %");
    }

    #[test]
    fn an_import_that_knows_no_size_yet_is_at_nought() {
        assert_eq!(done(0, 0), 0);
        assert_eq!(done(u64::MAX, u64::MAX), 100);
        assert_eq!(done(999, 1000), 99);
    }

    #[test]
    fn clocks_are_the_viewers_and_an_unknown_zone_is_utc() {
        let at = |zone: &str| line(&Snapshot { zone: zone.to_owned(), ..snapshot() }, "Block");
        assert!(at("Asia/Kathmandu").contains("resets 20:45,"));
        assert!(at("Not/A_Zone").contains("resets 15:00 UTC,"));
    }
}
