//! The snapshot that all surfaces show.

use std::path::PathBuf;

use chrono::DateTime;
use chrono_tz::Tz;
use token_monitor_core::rates::BurnRates;
use token_monitor_core::report::model::{
    AlertStatus, BurnRate, DayStats, Problem, ProblemCode, Progress, ReachedLimit, RootStatus, Snapshot,
    TodayComparison, Totals, WeekStats,
};
use token_monitor_core::text::phrases;
use token_monitor_core::time::Timestamp;

use crate::actor::queries::view::EngineView;
use crate::config::Settings;

/// The number of recent sessions in a snapshot.
const RECENT_SESSIONS: usize = 3;

/// Returns the snapshot at an instant.
pub(crate) fn snapshot(view: &EngineView<'_>, now: Timestamp) -> Snapshot {
    let builder = view.builder(now);
    let reached_limits = builder.reached_limits();
    let (recent, session_count) = builder.most_recent(RECENT_SESSIONS, view.oldest_listed(now));
    let problems: Vec<Problem> = reached_limits.iter().map(reached_limit_problem).chain(view.problems()).collect();
    Snapshot {
        at: now.to_utc(),
        zone: view.live.zone.name().to_owned(),
        is_demo: view.live.sources.is_demo,
        revision: view.revision,
        progress: view.scanner.progress(),
        totals: Totals::from(&view.storage.ledger_store.ledger.total),
        today: builder.day_stats(),
        current_block: builder.current_block(),
        block_use: builder.block_use(),
        block_cost_use: builder.block_cost_use(),
        projected_tokens: builder.projected_tokens(),
        quota: builder.quota_stats(),
        reached_limits,
        week: builder.week_stats(),
        burn_rate: builder.burn_rate(),
        session_count,
        recent_sessions: recent.into_iter().map(|id| builder.session_stats(id)).collect(),
        agents: builder.session_agents(),
        roots: view.scanner.discovery.roots.iter().map(root_status).collect(),
        incomplete: problems.iter().any(|problem| problem.code.hides_usage()),
        problems,
        update: view.update.cloned(),
        compared: builder.today_comparison(view.history.typical_day),
        last_hour: builder.tokens_of_last_hour(),
        alerts: view.alerts.alert_status(now.to_utc()),
        display: view.live.settings.display.clone(),
        background: view.live.settings.background(),
    }
}

/// Returns the problem to show for a limit whose end is unknown.
fn reached_limit_problem(limit: &ReachedLimit) -> Problem {
    let name = phrases::limit_name(limit.window, limit.scope.as_deref());
    let hint = "Claude Code gave no reset time. This message disappears with its next answer.";
    Problem { code: ProblemCode::LimitReached, message: format!("The {name} is reached."), hint: hint.to_owned() }
}

fn root_status((path, found, logs): &(PathBuf, bool, u64)) -> RootStatus {
    RootStatus { path: path.display().to_string(), found: *found, logs: *logs }
}

/// Returns the snapshot before anything is known.
pub(crate) fn empty_snapshot(zone: Tz, settings: &Settings) -> Snapshot {
    let totals = Totals::default();
    Snapshot {
        at: DateTime::UNIX_EPOCH,
        zone: zone.name().to_owned(),
        is_demo: false,
        revision: 0,
        progress: Progress::Live,
        totals: totals.clone(),
        today: DayStats { date: DateTime::UNIX_EPOCH.date_naive(), totals: totals.clone() },
        current_block: None,
        block_use: None,
        block_cost_use: None,
        projected_tokens: None,
        quota: Vec::new(),
        week: WeekStats { start_time: DateTime::UNIX_EPOCH, end_time: None, totals },
        burn_rate: BurnRate::from(&BurnRates::default()),
        session_count: 0,
        recent_sessions: Vec::new(),
        agents: Vec::new(),
        roots: Vec::new(),
        incomplete: false,
        problems: Vec::new(),
        update: None,
        compared: TodayComparison::default(),
        reached_limits: Vec::new(),
        last_hour: Vec::new(),
        alerts: AlertStatus::default(),
        display: settings.display.clone(),
        background: settings.background(),
    }
}
