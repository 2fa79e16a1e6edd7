//! The lines of the tooltip, each figure with its label.
//!
//! Pure text of a snapshot: nothing is computed here, and every cost is called API-equivalent. The most important lines
//! come first, since some systems truncate tooltips.

use chrono::{DateTime, Utc};
use token_monitor_core::report::model::{
    AgentState, BillingBlock, BurnRate, LimitUse, Problem, Provenance, QuotaStats, SessionAgent, Snapshot, Totals,
    WindowKind,
};
use token_monitor_core::text::format::{
    format_compact_range, format_count, format_dollars, format_number, format_percent, format_tokens,
};
use token_monitor_core::text::phrases::{
    agent_counts, block_name, block_share_label, capitalize, import_phrase, label_with_age, missing_folders_phrase,
    official_block_quota, projected_share, quota_name, share_of_limit,
};
use token_monitor_core::text::sanitize::sanitize_name;

use crate::menu::MenuPage;
use crate::snapshot_text::{format_clock, format_time_left};
use crate::tooltip::Tooltip;
use crate::wrap::wrap_line;

/// The most waiting sessions that are shown by name. The line of all sessions counts the others.
const MAX_WAITING: usize = 2;

/// The longest name of a session, in characters.
const MAX_NAME_CHARS: usize = 24;

/// The most problems that are shown. Further ones are only counted.
const MAX_PROBLEMS: usize = 2;

/// The first line if all figures are made up.
const DEMO_TITLE: &str = "Sample data, not your usage";

/// A line of figures, before it is broken, with the page that has more about them.
pub(crate) struct SummaryLine {
    pub(crate) text: String,
    pub(crate) page: MenuPage,
}

/// Returns the lines of the tooltip and the menu, the title first.
pub(crate) fn build_summary(snapshot: &Snapshot) -> Vec<SummaryLine> {
    let today = &snapshot.today.totals;
    let mut lines = Vec::new();
    let mut add = |page, texts: Vec<String>| lines.extend(texts.into_iter().map(|text| SummaryLine { text, page }));
    add(MenuPage::Now, snapshot.is_demo.then(|| DEMO_TITLE.to_owned()).into_iter().collect());
    add(MenuPage::History, vec![format!("{} today, {}", format_tokens(today.total_tokens), today.label.as_str())]);
    add(MenuPage::Now, waiting_lines(snapshot));
    add(MenuPage::Now, problem_lines(&snapshot.problems));
    add(MenuPage::Now, missing_folders_phrase(snapshot).map(capitalize).into_iter().collect());
    add(MenuPage::Now, import_phrase(&snapshot.progress).map(|phrase| capitalize(&phrase)).into_iter().collect());
    add(MenuPage::Now, vec![block_line(snapshot)]);
    add(MenuPage::Now, elsewhere_line(snapshot).into_iter().collect());
    add(MenuPage::Now, pace_line(snapshot).into_iter().collect());
    add(MenuPage::Now, cost_limit_line(snapshot).into_iter().collect());
    add(MenuPage::Now, quota_lines(snapshot));
    add(MenuPage::History, week_line(snapshot).into_iter().collect());
    add(MenuPage::Now, agent_counts(snapshot).map(|counts| format!("Agents: {counts}")).into_iter().collect());
    add(MenuPage::Now, vec![burn_line(snapshot.burn_rate)]);
    add(MenuPage::History, cost_line(today).into_iter().collect());
    add(MenuPage::Now, under_logged_line(today).into_iter().collect());
    lines
}

/// Builds the tooltip of the icon from its summary, in lines that fit a panel.
pub(crate) fn build_tooltip(summary: &[SummaryLine]) -> Tooltip {
    let mut lines = summary.iter().flat_map(|line| wrap_line(&line.text));
    Tooltip { title: lines.next().unwrap_or_default(), lines: lines.collect() }
}

/// Returns a line for each of the first sessions that wait.
fn waiting_lines(snapshot: &Snapshot) -> Vec<String> {
    let waiting = snapshot.agents.iter().filter(|agent| agent.status.state == AgentState::Waiting);
    let line = |agent: &SessionAgent| {
        let (shape, state) = (agent.status.state.shape(), agent.status.state.as_str());
        format!("{shape} {} {state}", sanitize_name(&agent.display_name, MAX_NAME_CHARS))
    };
    waiting.take(MAX_WAITING).map(line).collect()
}

fn problem_lines(problems: &[Problem]) -> Vec<String> {
    let mut lines: Vec<_> = problems.iter().take(MAX_PROBLEMS).map(problem_line).collect();
    match problems.len().saturating_sub(MAX_PROBLEMS) {
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

fn block_line(snapshot: &Snapshot) -> String {
    let Some(block) = &snapshot.current_block else {
        return "No block running".to_owned();
    };
    let (used, label) = match &snapshot.block_use {
        None => (format_tokens(block.tokens_used), Provenance::Measured),
        Some(share) => (share_of_limit(share, |limit| format_tokens(limit as u128)), share.label),
    };
    let provenance = block_share_label(snapshot);
    let left = format_time_left(block, snapshot);
    let resets = reset_text(block.end_time, snapshot);
    format!("{} {used}, {provenance} · {left}, {resets}{}", capitalize(&block_name(block)), source_suffix(block, label))
}

/// Returns the source of a block's edges, unless it equals the label of the usage shown before it.
fn source_suffix(block: &BillingBlock, shown: Provenance) -> String {
    let words = block.source.phrase();
    if words == shown.as_str() { String::new() } else { format!(", {words}") }
}

fn elsewhere_line(snapshot: &Snapshot) -> Option<String> {
    let share = snapshot.block_use.as_ref()?.elsewhere_percent?;
    Some(format!("About {} of it used elsewhere, {}", format_percent(share), Provenance::Estimated.as_str()))
}

/// Returns the forecast for the end of the block: a range in percent or else in tokens, and the time the limit is
/// reached.
fn pace_line(snapshot: &Snapshot) -> Option<String> {
    let share = snapshot.block_use.as_ref();
    let in_percent = share.and_then(|share| Some(projected_share(share, share.projected_percent?)));
    let in_tokens = snapshot
        .projected_tokens
        .map(|range| format!("{} tokens", format_compact_range(range.low as u128, range.high as u128)));
    let range = if share.is_some() { in_percent } else { in_tokens }?;
    let out = share.and_then(|share| exhaustion_text(share, snapshot)).unwrap_or_default();
    Some(format!("At this pace {range} when it resets{out}, {}", Provenance::Estimated.as_str()))
}

fn exhaustion_text(share: &LimitUse, snapshot: &Snapshot) -> Option<String> {
    let out = share.upcoming_exhaustion()?;
    Some(format!(", {} {}", share.exhaustion_phrase(), format_clock(out, snapshot)))
}

fn cost_limit_line(snapshot: &Snapshot) -> Option<String> {
    let share = snapshot.block_cost_use.as_ref()?;
    let used = share_of_limit(share, format_dollars);
    Some(format!("Block’s cost {used}, API-equivalent, {}", share.label.as_str()))
}

/// Returns the lines of the official windows that the block's line does not show.
fn quota_lines(snapshot: &Snapshot) -> Vec<String> {
    let of_block = official_block_quota(snapshot);
    let others = snapshot.quota.iter().filter(|row| !of_block.is_some_and(|official| std::ptr::eq(official, *row)));
    others.map(|row| quota_line(row, snapshot)).collect()
}

fn quota_line(row: &QuotaStats, snapshot: &Snapshot) -> String {
    let (name, used) = (quota_name(row), format_percent(row.share.used_percent));
    let label = label_with_age(row.share.label, row.is_stale, row.age_minutes);
    let mut line = format!("{name} {used} used, {label}");
    if let Some(at) = row.resets_at {
        line = format!("{line} · {}", reset_text(at, snapshot));
    }
    if let Some(out) = exhaustion_text(&row.share, snapshot) {
        line = format!("{line}{out}, {}", Provenance::Estimated.as_str());
    }
    if let Some(rank) = row.rank_phrase().filter(|_| snapshot.quota.len() > 1) {
        line = format!("{line} · {rank}");
    }
    line
}

/// Returns the measured week, unless there is an official weekly figure.
fn week_line(snapshot: &Snapshot) -> Option<String> {
    let is_official = snapshot.quota.iter().any(|row| row.window == WindowKind::Weekly);
    let (totals, name) = match snapshot.week.end_time {
        Some(_) => (&snapshot.week.totals, "Week"),
        None => (&snapshot.week.totals, "Last seven days"),
    };
    (!is_official).then(|| format!("{name} {}, {}", format_tokens(totals.total_tokens), totals.label.as_str()))
}

fn burn_line(rate: BurnRate) -> String {
    let level = rate.level_phrase();
    if rate.is_at_rest() {
        return format!("Burn rate {level}");
    }
    let per_minute = format_number(u128::from(rate.tokens_per_minute));
    format!("{per_minute} tokens a minute, {} · {level} · {}", rate.label.as_str(), rate.hourly_cost_phrase())
}

fn cost_line(today: &Totals) -> Option<String> {
    let unpriced = (today.unpriced_tokens > 0).then(|| format!("unpriced: {}", format_tokens(today.unpriced_tokens)));
    let cost = today.total_cost.map(|cost| format!("{} API-equivalent today", format_dollars(cost)));
    let line = [cost, unpriced].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    (today.total_tokens > 0 && !line.is_empty()).then(|| capitalize(&line))
}

fn under_logged_line(today: &Totals) -> Option<String> {
    let messages = today.under_logged_messages;
    let count = format_count(messages.into(), "message", "messages");
    (messages > 0).then(|| format!("Output under-logged by Claude Code in {count} today"))
}

fn reset_text(at: DateTime<Utc>, snapshot: &Snapshot) -> String {
    format!("resets {}", format_clock(at, snapshot))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use token_monitor_core::report::model::{BlockSource, LimitBasis, ProblemCode, Progress, ProjectedRange};

    use super::*;
    use crate::test_support::{agent, block, official_share, quota, snapshot};

    /// Returns the lines before they are broken, without the title.
    fn lines(snapshot: &Snapshot) -> Vec<String> {
        build_summary(snapshot).into_iter().skip(1).map(|line| line.text).collect()
    }

    /// Returns the only line that starts with a text.
    fn line(snapshot: &Snapshot, start: &str) -> String {
        let mut matches = lines(snapshot).into_iter().filter(|line| line.starts_with(start));
        let line = matches.next().unwrap_or_else(|| panic!("no line starts with {start}: {:#?}", lines(snapshot)));
        assert_eq!(matches.next(), None, "exactly one line");
        line
    }

    fn snapshot_with_quota() -> Snapshot {
        let quota = vec![quota(WindowKind::FiveHour, 38.2), quota(WindowKind::Weekly, 61.0)];
        Snapshot { block_use: Some(official_share(38.2)), quota, ..snapshot() }
    }

    #[test]
    fn the_tooltip_without_a_limit() {
        assert_eq!(build_summary(&snapshot())[0].text, "4,213,902 tokens today, measured");
        assert_eq!(
            lines(&snapshot()),
            [
                "Block 1,234,567 tokens, measured · ends in 2h 10m, resets 15:00, estimated",
                "At this pace 2.1M–3M tokens when it resets, estimated",
                "Last seven days 31,000,000 tokens, measured",
                "1,840 tokens a minute, measured · normal · $1.20 an hour API-equivalent",
                "$3.41 API-equivalent today",
            ]
        );
    }

    #[test]
    fn sample_data_is_marked_first() {
        let texts: Vec<_> = build_summary(&Snapshot { is_demo: true, ..snapshot() })[..2]
            .iter()
            .map(|line| line.text.clone())
            .collect();
        assert_eq!(texts, ["Sample data, not your usage", "4,213,902 tokens today, measured"]);
    }

    #[test]
    fn the_tooltip_with_official_figures() {
        let block = BillingBlock { source: BlockSource::Official, label: Provenance::Official, ..block() };
        let snapshot = Snapshot { current_block: Some(block), ..snapshot_with_quota() };
        assert_eq!(
            lines(&snapshot)[..3],
            [
                "Block 38% used, official · 2h 10m left, resets 15:00",
                "At this pace 71–84% when it resets, estimated",
                "Week 61% used, official · resets Thu 09:00 · fullest",
            ]
        );
    }

    #[test]
    fn without_a_block_the_official_five_hours_have_a_line() {
        let quota = vec![quota(WindowKind::FiveHour, 12.0)];
        let snapshot = Snapshot { current_block: None, quota, ..snapshot() };
        assert_eq!(lines(&snapshot)[0], "No block running");
        assert_eq!(line(&snapshot, "Five hours"), "Five hours 12% used, official · resets Thu 09:00");
    }

    #[test]
    fn a_stale_figure_shows_its_age() {
        let mut snapshot = snapshot_with_quota();
        for (row, age) in snapshot.quota.iter_mut().zip([25, 190]) {
            (row.is_stale, row.age_minutes) = (true, age);
        }
        assert_eq!(
            line(&snapshot, "Block"),
            "Block 38% used, official, 25m ago · 2h 10m left, resets 15:00, estimated"
        );
        assert!(line(&snapshot, "Week").starts_with("Week 61% used, official, 3h ago ·"));
    }

    #[rstest]
    #[case(LimitBasis::Number, Provenance::Measured, "Block 38% of 5,000,000 tokens, measured ·")]
    #[case(LimitBasis::Max, Provenance::Estimated, "Block 38% of your largest block, estimated ·")]
    #[case(LimitBasis::P90, Provenance::Estimated, "Block 38% of your usual maximum, estimated ·")]
    fn a_percentage_names_its_limit(#[case] basis: LimitBasis, #[case] label: Provenance, #[case] start: &str) {
        let share = LimitUse { basis, label, limit: Some(5e6), ..official_share(38.0) };
        let snapshot = Snapshot { block_use: Some(share), ..snapshot() };
        line(&snapshot, start);
    }

    #[rstest]
    #[case(BlockSource::Official, ", official")]
    #[case(BlockSource::LimitMessage, ", official, limit message")]
    #[case(BlockSource::Estimate, ", estimated")]
    #[case(BlockSource::Utc, ", estimated, fixed UTC grid")]
    fn the_block_line_names_the_source_of_the_edges(#[case] source: BlockSource, #[case] end: &str) {
        let block = BillingBlock { source, label: source.into(), ..block() };
        let snapshot = Snapshot { current_block: Some(block), ..snapshot() };
        let line = line(&snapshot, "Block");
        assert!(line.ends_with(end), "{line}");
    }

    #[test]
    fn usage_elsewhere_has_a_line() {
        let share = LimitUse { elsewhere_percent: Some(12.4), ..official_share(38.0) };
        let snapshot = Snapshot { block_use: Some(share), ..snapshot_with_quota() };
        line(&snapshot, "About 12% of it used elsewhere, estimated");
    }

    #[test]
    fn the_exhaustion_time_is_shown_until_the_limit_is_reached() {
        let out = LimitUse { runs_out_at: "2026-03-01T13:20:00Z".parse().ok(), ..official_share(92.0) };
        let snapshot = Snapshot { block_use: Some(out.clone()), ..snapshot_with_quota() };
        assert_eq!(line(&snapshot, "At this pace"), "At this pace 71–84% when it resets, may run out 13:20, estimated");
        let over = Snapshot { block_use: Some(LimitUse { used_percent: 100.0, ..out }), ..snapshot };
        assert!(!lines(&over).join(" ").contains("runs out"));
    }

    #[test]
    fn scoped_weeks_and_extra_usage_are_named() {
        let opus = QuotaStats { scope: Some("Opus".to_owned()), ..quota(WindowKind::WeeklyScoped, 80.0) };
        let quota = vec![opus, quota(WindowKind::ExtraUsage, 3.0)];
        let snapshot = Snapshot { quota, ..snapshot() };
        line(&snapshot, "Week (Opus) 80% used, official");
        line(&snapshot, "Extra usage 3% used, official");
        line(&snapshot, "Last seven days 31,000,000 tokens, measured");
    }

    #[test]
    fn a_limit_on_cost_is_api_equivalent() {
        let share = LimitUse { basis: LimitBasis::Number, limit: Some(10.0), ..official_share(40.0) };
        let share = LimitUse { label: Provenance::Measured, ..share };
        let snapshot = Snapshot { block_cost_use: Some(share), ..snapshot() };
        line(&snapshot, "Block’s cost 40% of $10.00, API-equivalent, measured");
    }

    #[rstest]
    #[case(Some(3.41), 12_000, Some("$3.41 API-equivalent today · unpriced: 12,000 tokens"))]
    #[case(None, 4_213_902, Some("Unpriced: 4,213,902 tokens"))]
    #[case(Some(0.0), 0, Some("$0.00 API-equivalent today"))]
    #[case(None, 0, None)]
    fn the_cost_line_shows_unpriced_tokens(
        #[case] cost: Option<f64>,
        #[case] unpriced: u128,
        #[case] expected: Option<&str>,
    ) {
        let totals = Totals { total_cost: cost, unpriced_tokens: unpriced, ..snapshot().today.totals };
        assert_eq!(cost_line(&totals).as_deref(), expected);
    }

    #[test]
    fn under_logged_output_has_a_line() {
        let mut snapshot = snapshot();
        snapshot.today.totals.under_logged_messages = 3;
        line(&snapshot, "Output under-logged by Claude Code in 3 messages today");
    }

    #[test]
    fn an_idle_burn_rate_has_no_level() {
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
        let flat = ProjectedRange { low: 40.0, high: 40.0 };
        let all = [
            snapshot(),
            snapshot_with_quota(),
            Snapshot { block_use: Some(over), ..snapshot_with_quota() },
            Snapshot { projected_tokens: Some(flat), ..snapshot() },
            Snapshot { current_block: None, ..snapshot_with_quota() },
        ];
        for line in all.iter().flat_map(lines).filter(|line| line.contains(|c: char| c.is_ascii_digit())) {
            assert!(labels.iter().any(|label| line.to_lowercase().contains(&label.to_lowercase())), "{line}");
        }
    }

    #[test]
    fn problems_come_first_and_only_two_are_shown() {
        let problem = |message: &str| Problem {
            code: ProblemCode::Other,
            message: message.to_owned(),
            hint: "Check the folder.".to_owned(),
        };
        let problems = vec![problem("One."), problem("Two"), problem("Three."), problem("Four.")];
        let expected = ["One. Check the folder.", "Two. Check the folder.", "2 more problems."];
        assert_eq!(lines(&Snapshot { problems, ..snapshot() })[..3], expected);
    }

    #[test]
    fn no_line_of_the_tooltip_is_longer_than_40_characters() {
        let message =
            "TOKEN_MONITOR_CONFIG=/home/ada/.config/a/very/long/folder/config.yaml: blocks.token_limit is 12345x";
        let problems =
            vec![Problem { code: ProblemCode::Other, message: message.to_owned(), hint: "Use a number.".to_owned() }];
        let snapshot = Snapshot { problems, ..snapshot_with_quota() };
        let tooltip = build_tooltip(&build_summary(&snapshot));
        assert!(tooltip.lines.iter().all(|line| line.chars().count() <= 40), "{:#?}", tooltip.lines);
        assert!(tooltip.lines.iter().any(|line| line.contains("12345x")), "{:#?}", tooltip.lines);
        assert_eq!(tooltip.title, "4,213,902 tokens today, measured");
    }

    #[test]
    fn sessions_that_wait_come_right_after_the_title() {
        let waiting = ["login", "harbour", "rates"].map(|name| agent(name, AgentState::Waiting));
        let others = [agent("one", AgentState::Busy), agent("two", AgentState::Busy), agent("three", AgentState::Idle)];
        let agents = waiting.into_iter().chain(others).collect();
        let snapshot = Snapshot { agents, ..snapshot() };
        assert_eq!(lines(&snapshot)[..2], ["▲ login waits for you", "▲ harbour waits for you"]);
        assert_eq!(line(&snapshot, "Agents"), "Agents: 3 wait for you, 2 busy, 1 idle");
    }

    #[test]
    fn without_running_sessions_there_is_no_line_about_them() {
        assert!(!lines(&snapshot()).iter().any(|line| line.starts_with("Agents")));
    }

    #[test]
    fn import_progress_is_in_percent() {
        let progress = Progress::Importing { files_done: 1, files: 3, bytes_done: 299, bytes: 700 };
        assert_eq!(lines(&Snapshot { progress, ..snapshot() })[0], "Reading logs: 42%");
    }

    #[test]
    fn a_window_stops_first_only_if_it_is_forecast_to_run_out() {
        let out = "2026-03-03T13:20:00Z".parse().ok();
        let week = |used, runs_out_at| {
            let mut snapshot = snapshot_with_quota();
            (snapshot.quota[1].share.used_percent, snapshot.quota[1].share.runs_out_at) = (used, runs_out_at);
            line(&snapshot, "Week")
        };
        assert!(week(61.0, out).ends_with("may run out Tue 13:20, estimated · stops first"), "{}", week(61.0, out));
        assert!(week(99.0, None).ends_with(" · fullest"), "{}", week(99.0, None));
        assert!(week(100.0, None).ends_with(" · stops first"), "{}", week(100.0, None));
    }

    #[test]
    fn a_comparison_with_past_blocks_has_no_words_of_a_limit() {
        let runs_out_at = "2026-03-01T13:20:00Z".parse().ok();
        let (basis, label) = (LimitBasis::P90, Provenance::Estimated);
        let share = LimitUse { basis, label, limit: Some(5e6), runs_out_at, ..official_share(92.0) };
        let compared = Snapshot { block_use: Some(share), ..snapshot() };
        assert_eq!(
            lines(&compared)[..2],
            [
                "Block 92% of your usual maximum, estimated · ends in 2h 10m, resets 15:00",
                "At this pace 71–84% of your usual maximum when it resets, estimated",
            ]
        );
    }

    #[test]
    fn times_are_in_the_viewers_zone_and_an_unknown_zone_is_utc() {
        let at = |zone: &str| line(&Snapshot { zone: zone.to_owned(), ..snapshot() }, "Block");
        assert!(at("Asia/Kathmandu").contains("resets 20:45,"));
        assert!(at("Not/A_Zone").contains("resets 15:00 UTC,"));
    }
}
