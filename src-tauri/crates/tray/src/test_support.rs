//! A snapshot for tests: a block that is more than half over, a normal burn rate, one log folder, no limit, no
//! problems. Also official figures.

use token_monitor_core::report::model::{
    AgentState, AgentStatus, AlertStatus, BackgroundSettings, BillingBlock, BlockSource, BurnLevel, BurnRate, DayStats,
    DisplaySettings, LimitBasis, LimitUse, NameSource, Progress, ProjectedRange, Provenance, QuotaOrigin, QuotaStats,
    RootStatus, SessionAgent, Snapshot, TodayComparison, Totals, WeekStats, WindowKind,
};

pub(crate) fn snapshot() -> Snapshot {
    Snapshot {
        at: "2026-03-01T12:49:10Z".parse().unwrap(),
        zone: "UTC".to_owned(),
        progress: Progress::Live,
        totals: totals(98_000_000),
        today: DayStats {
            date: "2026-03-01".parse().unwrap(),
            totals: Totals { total_cost: Some(3.41), ..totals(4_213_902) },
        },
        current_block: Some(block()),
        is_demo: false,
        revision: 0,
        block_use: None,
        block_cost_use: None,
        projected_tokens: Some(ProjectedRange { low: 2_100_000.0, high: 3_000_000.0 }),
        quota: Vec::new(),
        week: WeekStats {
            start_time: "2026-02-22T12:49:10Z".parse().unwrap(),
            end_time: None,
            totals: totals(31_000_000),
        },
        burn_rate: BurnRate {
            tokens_per_minute: 1_840,
            fresh_tokens_per_minute: 640,
            level: BurnLevel::Normal,
            cost_per_hour: Some(1.2),
            cost_is_lower_bound: false,
            label: Provenance::Measured,
        },
        session_count: 3,
        recent_sessions: Vec::new(),
        agents: Vec::new(),
        roots: vec![RootStatus { path: "/home/ada/.claude/projects".to_owned(), found: true, logs: 7 }],
        incomplete: false,
        problems: Vec::new(),
        update: None,
        compared: TodayComparison::default(),
        reached_limits: Vec::new(),
        last_hour: Vec::new(),
        alerts: AlertStatus::default(),
        display: DisplaySettings::default(),
        background: BackgroundSettings::default(),
    }
}

fn totals(total_tokens: u128) -> Totals {
    Totals { total_tokens, ..Totals::default() }
}

pub(crate) fn block() -> BillingBlock {
    BillingBlock {
        curve: Vec::new(),
        peak_tokens_per_minute: None,
        id: "2026-03-01T10:00:00Z".to_owned(),
        start_time: "2026-03-01T10:00:00Z".parse().unwrap(),
        end_time: "2026-03-01T15:00:00Z".parse().unwrap(),
        is_active: true,
        is_gap: false,
        tokens_used: 1_234_567,
        cost_usd: Some(1.1),
        unpriced_tokens: 0,
        message_count: 120,
        models: ["claude-opus-5".to_owned()].into(),
        source: BlockSource::Estimate,
        label: Provenance::Estimated,
        account: None,
    }
}

/// A running session.
pub(crate) fn agent(display_name: &str, state: AgentState) -> SessionAgent {
    SessionAgent {
        session_id: display_name.to_owned(),
        display_name: display_name.to_owned(),
        name_source: NameSource::CustomTitle,
        project_path: Some("/home/ada/harbour".to_owned()),
        branch: None,
        models_used: [].into(),
        totals: None,
        is_muted: false,
        has_messages: true,
        status: AgentStatus {
            state,
            waiting_for: (state == AgentState::Waiting).then(|| "permission prompt".to_owned()),
            waiting_tool: None,
            since: "2026-03-01T12:47:00Z".parse().unwrap(),
            is_background: false,
        },
        context: None,
        prompt_cache: None,
    }
}

/// An official usage with a forecast.
pub(crate) fn official_share(used_percent: f64) -> LimitUse {
    LimitUse {
        used_percent,
        basis: LimitBasis::Official,
        limit: None,
        projected_percent: Some(ProjectedRange { low: 71.2, high: 83.9 }),
        runs_out_at: None,
        elsewhere_percent: None,
        label: Provenance::Official,
    }
}

/// A current official figure. The weekly one is the binding window.
pub(crate) fn quota(window: WindowKind, used_percent: f64) -> QuotaStats {
    QuotaStats {
        window,
        scope: None,
        share: official_share(used_percent),
        resets_at: "2026-03-05T09:00:00Z".parse().ok(),
        read_at: "2026-03-01T12:48:00Z".parse().unwrap(),
        age_minutes: 1,
        origin: QuotaOrigin::StatusLine,
        is_stale: false,
        is_binding: window == WindowKind::Weekly,
        account: None,
    }
}
