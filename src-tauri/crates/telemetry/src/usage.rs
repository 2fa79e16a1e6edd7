//! The figures that are exported at one instant, as plain data.

use token_monitor_core::report::model::{ModelStats, Problem, ProblemCode, Progress, Snapshot, Totals};

/// The figures that are exported at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageFigures {
    /// The snapshot that surfaces show.
    pub snapshot: Snapshot,
    /// Usage of all time, by model and, if it was asked for, by project.
    pub rows: Vec<UsageRow>,
    /// The used shares of the budgets that are set.
    pub budgets: Vec<BudgetUse>,
}

/// Usage of all time of one model, or of one model in one project.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageRow {
    /// The model's name as logged.
    pub model: String,
    /// The working folder, empty if the logs name none; `None` if usage is not divided by project.
    pub project: Option<String>,
    /// The totals.
    pub totals: Totals,
}

/// The used share of a budget.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BudgetUse {
    /// The period of the budget.
    pub period: BudgetPeriod,
    /// The used share; above 1 if the budget is exceeded.
    pub used_ratio: f64,
}

/// The period of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BudgetPeriod {
    /// A calendar day.
    Day,
    /// A calendar week.
    Week,
    /// A calendar month.
    Month,
}

impl BudgetPeriod {
    /// Returns the value of the label `budget`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

impl UsageFigures {
    /// Returns true if everything in the logs is counted, as far as the engine knows: nothing is being read, the folders
    /// were searched, and no problem keeps the engine from reading them.
    pub(crate) fn is_complete(&self) -> bool {
        !self.is_reading() && !self.snapshot.problems.iter().any(prevents_reading)
    }

    /// Returns true if the folders are not searched yet, or logs are being read.
    pub(crate) fn is_reading(&self) -> bool {
        self.snapshot.progress != Progress::Live || self.snapshot.roots.is_empty()
    }

    /// Returns the number of messages of all rows.
    pub(crate) fn message_count(&self) -> u64 {
        self.rows.iter().map(|row| row.totals.message_count).sum()
    }
}

fn prevents_reading(problem: &Problem) -> bool {
    problem.code.hides_usage() || matches!(problem.code, ProblemCode::StoreUnavailable | ProblemCode::FolderMissing)
}

impl From<ModelStats> for UsageRow {
    fn from(stats: ModelStats) -> Self {
        Self { model: stats.model, project: None, totals: stats.totals }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use token_monitor_core::report::model::{
        AlertStatus, BackgroundSettings, BurnLevel, BurnRate, DayStats, DisplaySettings, Provenance, RootStatus,
        TodayComparison, WeekStats,
    };

    use super::*;

    pub(crate) fn start() -> DateTime<Utc> {
        "2026-03-01T12:50:00Z".parse().expect("a time")
    }

    /// Returns figures with these rows and nothing else.
    pub(crate) fn figures(rows: Vec<UsageRow>) -> UsageFigures {
        let (at, totals) = (start(), Totals::default());
        let burn_rate = BurnRate {
            tokens_per_minute: 0,
            fresh_tokens_per_minute: 0,
            level: BurnLevel::Normal,
            cost_per_hour: None,
            cost_is_lower_bound: false,
            label: Provenance::Measured,
        };
        let snapshot = Snapshot {
            at,
            zone: "UTC".to_owned(),
            is_demo: false,
            revision: 1,
            progress: Progress::Live,
            totals: totals.clone(),
            today: DayStats { date: at.date_naive(), totals: totals.clone() },
            compared: TodayComparison::default(),
            current_block: None,
            block_use: None,
            block_cost_use: None,
            projected_tokens: None,
            quota: Vec::new(),
            reached_limits: Vec::new(),
            week: WeekStats { start_time: at - TimeDelta::days(7), end_time: None, totals },
            burn_rate,
            last_hour: Vec::new(),
            session_count: 0,
            recent_sessions: Vec::new(),
            agents: Vec::new(),
            roots: vec![RootStatus { path: "/home/ada/.claude/projects".to_owned(), found: true, logs: 1 }],
            incomplete: false,
            problems: Vec::new(),
            update: None,
            alerts: AlertStatus::default(),
            display: DisplaySettings::default(),
            background: BackgroundSettings::default(),
        };
        UsageFigures { snapshot, rows, budgets: Vec::new() }
    }
}
