//! A snapshot for tests: a block more than half over, a calm rate, one folder of logs, no problems.

use token_monitor_core::figures::{
    BillingBlock, BlockSource, BurnLevel, BurnRate, DayStats, Progress, RootStatus, Snapshot, Totals,
};

pub(crate) fn snapshot() -> Snapshot {
    Snapshot {
        at: "2026-03-01T12:49:10Z".parse().unwrap(),
        zone: "UTC".to_owned(),
        progress: Progress::Live,
        totals: Totals { total_tokens: 98_000_000, ..Totals::default() },
        today: DayStats {
            date: "2026-03-01".parse().unwrap(),
            totals: Totals { total_tokens: 4_213_902, ..Totals::default() },
        },
        current_block: Some(block()),
        revision: 0,
        block_limit: None,
        burn_rate: BurnRate { tokens_per_minute: 1_840, fresh_tokens_per_minute: 640, level: BurnLevel::Normal },
        session_count: 3,
        recent_sessions: Vec::new(),
        roots: vec![RootStatus { path: "/home/ada/.claude/projects".to_owned(), found: true, logs: 7 }],
        problems: Vec::new(),
    }
}

pub(crate) fn block() -> BillingBlock {
    BillingBlock {
        id: "2026-03-01T10:00:00Z".to_owned(),
        start_time: "2026-03-01T10:00:00Z".parse().unwrap(),
        end_time: "2026-03-01T15:00:00Z".parse().unwrap(),
        is_active: true,
        is_gap: false,
        tokens_used: 1_234_567,
        cost_usd: None,
        message_count: 120,
        models: ["claude-opus-5".to_owned()].into(),
        source: BlockSource::Estimate,
    }
}
