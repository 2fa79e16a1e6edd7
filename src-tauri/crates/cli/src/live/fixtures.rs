//! Made-up figures for the tests of the live view: one moment of a busy afternoon.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use token_monitor_core::report::model::{
    AgentState, AgentStatus, AlertStatus, Amount, BackgroundSettings, BillingBlock, BlockHistory, BlockSource,
    BurnLevel, BurnRate, ContextUse, CostByKind, DayStats, DisplaySettings, History, HistoryDay, HistoryPart,
    LimitBasis, LimitUse, ModelStats, NameSource, Progress, ProjectedRange, PromptCache, Provenance, QuotaOrigin,
    QuotaStats, ReportCompleteness, RootStatus, RunStats, SessionAgent, SessionDetail, SessionPage, SessionStats,
    Snapshot, TimelinePoint, TodayComparison, Totals, WeekStats, WindowKind,
};

/// The moment of all figures.
pub(crate) const NOW: &str = "2026-11-29T14:07:00Z";

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn now() -> DateTime<Utc> {
    at(NOW)
}

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Returns totals with mostly cache reads, as real ones have.
pub(crate) fn totals(total_tokens: u128, cost: f64) -> Totals {
    let part = |per_mille: u128| total_tokens * per_mille / 1_000;
    Totals {
        input_tokens: part(8),
        output_tokens: part(14),
        cache_creation_tokens: part(38),
        cache_read_tokens: total_tokens - part(8) - part(14) - part(38),
        total_tokens,
        total_cost: Some(cost),
        cost_by_kind: Some(CostByKind {
            input: cost * 0.04,
            output: cost * 0.24,
            cache_creation: cost * 0.3,
            cache_read: cost * 0.42,
            other: 0.0,
        }),
        message_count: 412,
        ..Totals::default()
    }
}

/// Returns a snapshot without an official limit, and without sessions.
pub(crate) fn plain_snapshot() -> Snapshot {
    let hour = (0..60_u64).map(|minute| if minute % 7 < 3 { minute * 130 } else { 0 }).collect();
    Snapshot {
        at: now(),
        zone: "Europe/Berlin".to_owned(),
        revision: 1,
        progress: Progress::Live,
        totals: totals(981_402_113, 1_204.5),
        today: DayStats { date: date("2026-11-29"), totals: totals(4_213_902, 3.41) },
        compared: TodayComparison {
            yesterday: Amount { tokens: 5_102_000, cost: Some(4.2) },
            yesterday_by_now: Amount { tokens: 3_401_000, cost: Some(2.9) },
            usual: Some(Amount { tokens: 6_210_000, cost: Some(5.1) }),
        },
        current_block: Some(block("2026-11-29T11:20:00Z", 2_830_798, true)),
        block_use: None,
        block_cost_use: None,
        projected_tokens: Some(ProjectedRange { low: 3_900_000.0, high: 4_800_000.0 }),
        quota: Vec::new(),
        reached_limits: Vec::new(),
        week: WeekStats { start_time: at("2026-11-26T08:00:00Z"), end_time: None, totals: totals(31_204_881, 42.13) },
        burn_rate: BurnRate {
            tokens_per_minute: 1_840,
            fresh_tokens_per_minute: 640,
            level: BurnLevel::Normal,
            cost_per_hour: Some(12.31),
            cost_is_lower_bound: false,
            label: Provenance::Measured,
        },
        last_hour: hour,
        session_count: 214,
        recent_sessions: Vec::new(),
        agents: Vec::new(),
        is_demo: false,
        roots: vec![RootStatus { path: "/home/ada/.claude/projects".to_owned(), found: true, logs: 214 }],
        incomplete: false,
        problems: Vec::new(),
        update: None,
        alerts: AlertStatus::default(),
        display: DisplaySettings::default(),
        background: BackgroundSettings::default(),
    }
}

/// Returns a snapshot with official limits and sessions at work.
pub(crate) fn snapshot() -> Snapshot {
    let share = |used_percent, range: Option<(f64, f64)>| LimitUse {
        used_percent,
        basis: LimitBasis::Official,
        limit: None,
        projected_percent: range.map(|(low, high)| ProjectedRange { low, high }),
        runs_out_at: None,
        elsewhere_percent: None,
        label: Provenance::Official,
    };
    let quota = |window, scope: Option<&str>, share: LimitUse, resets: &str, is_binding| QuotaStats {
        window,
        scope: scope.map(str::to_owned),
        share,
        resets_at: Some(at(resets)),
        read_at: now(),
        age_minutes: 0,
        origin: QuotaOrigin::StatusLine,
        is_stale: false,
        is_binding,
        account: None,
    };
    let block_share = share(38.0, Some((71.0, 84.0)));
    Snapshot {
        block_use: Some(block_share.clone()),
        current_block: Some(BillingBlock {
            source: BlockSource::Official,
            label: Provenance::Official,
            ..block("2026-11-29T11:20:00Z", 2_830_798, true)
        }),
        quota: vec![
            quota(WindowKind::FiveHour, None, block_share, "2026-11-29T16:20:00Z", false),
            quota(WindowKind::Weekly, None, share(61.0, Some((78.0, 92.0))), "2026-12-03T08:00:00Z", true),
            quota(WindowKind::WeeklyScoped, Some("Opus"), share(12.0, None), "2026-12-03T08:00:00Z", false),
        ],
        agents: vec![
            agent("3f1c0a52-7d5e", "Fix the login flow", "web-app", AgentState::Waiting, 4, Some(62.0), 130),
            agent("8a2b11c9-0e4f", "Rename the settings keys", "token-monitor", AgentState::Busy, 12, Some(31.0), 282),
            agent("c77d90aa-11b2", "Notes on the harbour tides", "notes", AgentState::Idle, 41, None, -60),
        ],
        recent_sessions: sessions().into_iter().take(3).collect(),
        ..plain_snapshot()
    }
}

fn agent(
    id: &str,
    name: &str,
    project: &str,
    state: AgentState,
    minutes: i64,
    percent: Option<f64>,
    cache_seconds: i64,
) -> SessionAgent {
    SessionAgent {
        session_id: id.to_owned(),
        display_name: name.to_owned(),
        name_source: NameSource::AiTitle,
        project_path: Some(format!("/home/ada/{project}")),
        branch: None,
        models_used: BTreeSet::new(),
        totals: None,
        has_messages: true,
        is_muted: false,
        status: status(state, minutes),
        context: Some(context(percent)),
        prompt_cache: Some(cache(cache_seconds)),
    }
}

fn status(state: AgentState, minutes: i64) -> AgentStatus {
    let is_waiting = state == AgentState::Waiting;
    AgentStatus {
        state,
        waiting_for: is_waiting.then(|| "permission prompt".to_owned()),
        waiting_tool: is_waiting.then(|| "Bash".to_owned()),
        since: now() - TimeDelta::minutes(minutes),
        is_background: false,
    }
}

fn context(percent: Option<f64>) -> ContextUse {
    let label = if percent.is_some() { Provenance::Official } else { Provenance::Measured };
    ContextUse { tokens: 124_000, window: percent.map(|_| 200_000), percent, label }
}

fn cache(seconds: i64) -> PromptCache {
    PromptCache {
        expires_at: now() + TimeDelta::seconds(seconds),
        ttl_seconds: 300,
        hit_percent: Some(96.0),
        cold_tokens: Some(124_000),
        cold_cost: Some(0.77),
        last_miss: None,
        label: Provenance::Estimated,
    }
}

/// Returns a block of five hours.
pub(crate) fn block(start: &str, tokens_used: u128, is_active: bool) -> BillingBlock {
    BillingBlock {
        id: start.to_owned(),
        start_time: at(start),
        end_time: at(start) + TimeDelta::hours(5),
        is_active,
        is_gap: false,
        tokens_used,
        cost_usd: Some(tokens_used as f64 / 1_200_000.0),
        unpriced_tokens: 0,
        message_count: 72,
        models: ["claude-opus-4-8".to_owned()].into(),
        peak_tokens_per_minute: Some(41_200),
        source: BlockSource::Estimate,
        label: Provenance::Estimated,
        account: None,
        curve: Vec::new(),
    }
}

/// Returns the sessions of the list, the most recent first.
pub(crate) fn sessions() -> Vec<SessionStats> {
    let names = [
        ("3f1c0a52-7d5e", "Fix the login flow", "web-app", 2_830_798),
        ("8a2b11c9-0e4f", "Rename the settings keys", "token-monitor", 1_204_113),
        ("c77d90aa-11b2", "Notes on the harbour tides", "notes", 88_201),
        (
            "d10e44f0-52c3",
            "An exceptionally long name of a session that nobody would ever type by hand",
            "web-app",
            9_400_200,
        ),
        ("e2f3a4b5-6c7d", "日本語の長いセッション名", "docs", 310_400),
        ("f9e8d7c6-b5a4", "Upgrade the build image", "infrastructure-of-the-team", 4_120_000),
    ];
    names
        .into_iter()
        .enumerate()
        .map(|(place, (id, name, project, tokens))| session(place, id, name, project, tokens))
        .collect()
}

fn session(place: usize, id: &str, name: &str, project: &str, tokens: u128) -> SessionStats {
    let minutes = [0, 3, 41, 190, 1_500, 9_000][place % 6];
    let is_running = place < 3;
    let state = [AgentState::Waiting, AgentState::Busy, AgentState::Idle][place % 3];
    SessionStats {
        session_id: id.to_owned(),
        session_name: None,
        display_name: name.to_owned(),
        name_source: NameSource::AiTitle,
        project_path: Some(format!("/home/ada/{project}")),
        branch: Some("main".to_owned()),
        worktree: None,
        start_time: now() - TimeDelta::minutes(minutes + 83),
        last_activity: now() - TimeDelta::minutes(minutes),
        totals: totals(tokens, tokens as f64 / 1_540_000.0),
        models_used: ["claude-opus-4-8".to_owned()].into(),
        current_block: None,
        burn_rate: if place == 1 { 1_840 } else { 0 },
        is_active: place < 2,
        not_in_logs: None,
        tags: if place == 0 { vec!["work".to_owned()] } else { Vec::new() },
        is_pinned: place == 0,
        is_hidden: false,
        is_muted: place == 1,
        agent: is_running.then(|| status(state, 4)),
        context: is_running.then(|| context([Some(62.0), Some(31.0), None][place % 3])),
        prompt_cache: is_running.then(|| cache([130, 282, -60][place % 3])),
    }
}

/// Returns a page with all sessions.
pub(crate) fn session_page() -> SessionPage {
    let sessions = sessions();
    SessionPage { count: sessions.len() as u64, sessions, totals: totals(17_953_712, 11.66), older_count: 365 }
}

/// Returns the first session in detail.
pub(crate) fn session_detail() -> SessionDetail {
    let session = sessions().remove(0);
    let point = |minute: i64, tokens| TimelinePoint {
        start_time: session.start_time + TimeDelta::minutes(minute),
        amount: Amount { tokens, cost: None },
    };
    SessionDetail {
        models: vec![
            ModelStats { model: "claude-opus-4-8".to_owned(), totals: totals(2_693_518, 1.79) },
            ModelStats { model: "claude-haiku-4-5-20251001".to_owned(), totals: totals(137_280, 0.04) },
        ],
        runs: vec![RunStats {
            run_id: "a1b2c3".to_owned(),
            workflow: None,
            kind: Some("Explore".to_owned()),
            start_time: session.start_time,
            last_activity: session.last_activity,
            totals: totals(137_280, 0.04),
        }],
        timeline: (0..16).map(|step| point(step * 5, (u128::from(step as u64 % 5) + 1) * 40_000)).collect(),
        pull_requests: Vec::new(),
        description: Some("The form forgets the password.".to_owned()),
        completeness: ReportCompleteness::default(),
        session,
    }
}

/// Returns some blocks and a gap, the latest first.
pub(crate) fn block_history() -> BlockHistory {
    let gap = BillingBlock {
        id: "gap-2026-11-28T20:00:00Z".to_owned(),
        is_gap: true,
        is_active: false,
        tokens_used: 0,
        cost_usd: None,
        end_time: at("2026-11-29T11:20:00Z"),
        ..block("2026-11-28T20:00:00Z", 0, false)
    };
    let mut blocks = vec![block("2026-11-29T11:20:00Z", 2_830_798, true), gap];
    for step in 0..12_u64 {
        let start = at("2026-11-28T15:00:00Z") - TimeDelta::hours(12 * step as i64);
        let tokens = 1_000_000 + u128::from(step * 37 % 11) * 620_000;
        blocks.push(block(&start.to_rfc3339(), tokens, false));
    }
    BlockHistory {
        count: blocks.len() as u64,
        largest: Some(at("2026-11-24T15:00:00Z").to_rfc3339()),
        largest_tokens: Some(7_200_000),
        p90_tokens: Some(6_100_000),
        limit_tokens: None,
        totals: totals(48_000_000, 40.2),
        blocks,
    }
}

/// Returns the days before today, divided into three parts.
pub(crate) fn history(days: u64) -> History {
    let today = date("2026-11-29");
    let from = today - Days::new(days - 1);
    let amount = |tokens: u128| Amount { tokens, cost: Some(tokens as f64 / 1_200_000.0) };
    let day = |step: u64| {
        let scale = u128::from((step * 7919 + 13) % 17);
        let parts = vec![amount(scale * 310_000), amount(scale * 120_000), amount(scale % 5 * 40_000)];
        let tokens = parts.iter().map(|part| part.tokens).sum();
        HistoryDay { date: from + Days::new(step), amount: amount(tokens), parts }
    };
    let days: Vec<_> = (0..days).map(day).filter(|day| day.amount.tokens > 0).collect();
    let sum = |place: usize| amount(days.iter().map(|day| day.parts[place].tokens).sum());
    let part =
        |name: Option<&str>, count, place| HistoryPart { name: name.map(str::to_owned), count, amount: sum(place) };
    let total = days.iter().map(|day| day.amount.tokens).sum();
    History {
        from,
        to: today,
        parts: vec![
            part(Some("claude-opus-4-8"), 1, 0),
            part(Some("claude-haiku-4-5-20251001"), 1, 1),
            part(None, 4, 2),
        ],
        totals: totals(total, total as f64 / 1_200_000.0),
        hours: vec![amount(0); 24],
        days,
    }
}
