//! The schemas of reports. Their JSON is written by [`ReportJson`](token_monitor_export::ReportJson); a test compares both.
#![expect(dead_code, reason = "the types only describe what another crate writes")]

use chrono::NaiveDate;
use token_monitor_core::report::model::{BillingBlock, ExactTotals, ReportCompleteness, SessionStats};
use utoipa::ToSchema;

/// What every report has beside its rows.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReportSummary {
    /// The sums of the rows.
    totals: ExactTotals,
    /// The number of rows without the limit.
    row_count: u64,
    /// The zone of days, by its IANA name.
    zone: String,
    /// The first day, if it was given.
    #[schema(required)]
    since: Option<NaiveDate>,
    /// The last day, if it was given.
    #[schema(required)]
    until: Option<NaiveDate>,
    #[serde(flatten)]
    completeness: ReportCompleteness,
}

/// A part of a row: a model.
#[derive(ToSchema)]
struct ModelPart {
    /// The name of the model.
    model: String,
    #[serde(flatten)]
    sums: ExactTotals,
}

/// A part of a model: a project.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProjectPart {
    /// The folder; null for sessions without one.
    #[schema(required)]
    project_path: Option<String>,
    #[serde(flatten)]
    sums: ExactTotals,
}

/// Days with messages of a report.
#[derive(ToSchema)]
pub(crate) struct DayList {
    /// The days, the oldest first.
    days: Vec<DayRow>,
    #[serde(flatten)]
    summary: ReportSummary,
}

/// A row of days with messages.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
struct DayRow {
    /// The date.
    date: NaiveDate,
    #[serde(flatten)]
    sums: ExactTotals,
    /// The parts, if they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    breakdown: Vec<ModelPart>,
}

/// Weeks with messages of a report.
#[derive(ToSchema)]
pub(crate) struct WeekList {
    /// The weeks, the oldest first.
    weeks: Vec<WeekRow>,
    #[serde(flatten)]
    summary: ReportSummary,
}

/// A row of weeks with messages.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
struct WeekRow {
    /// The first day.
    week: NaiveDate,
    /// The last day.
    end_date: NaiveDate,
    #[serde(flatten)]
    sums: ExactTotals,
    /// The parts, if they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    breakdown: Vec<ModelPart>,
}

/// Months with messages of a report.
#[derive(ToSchema)]
pub(crate) struct MonthList {
    /// The months, the oldest first.
    months: Vec<MonthRow>,
    #[serde(flatten)]
    summary: ReportSummary,
}

/// A row of months with messages.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
struct MonthRow {
    /// The month, such as `2026-11`.
    month: String,
    #[serde(flatten)]
    sums: ExactTotals,
    /// The parts, if they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    breakdown: Vec<ModelPart>,
}

/// Projects of a report.
#[derive(ToSchema)]
pub(crate) struct ProjectList {
    /// The projects, the largest first.
    projects: Vec<ProjectRow>,
    #[serde(flatten)]
    summary: ReportSummary,
}

/// A row of projects.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProjectRow {
    /// The folder; null for sessions without one.
    #[schema(required)]
    project_path: Option<String>,
    #[serde(flatten)]
    sums: ExactTotals,
    /// The parts, if they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    breakdown: Vec<ModelPart>,
}

/// Models of a report.
#[derive(ToSchema)]
pub(crate) struct ModelList {
    /// The models by name.
    models: Vec<ModelRow>,
    #[serde(flatten)]
    summary: ReportSummary,
}

/// A row of models.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
struct ModelRow {
    /// The name of the model.
    model: String,
    #[serde(flatten)]
    sums: ExactTotals,
    /// The parts, if they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    breakdown: Vec<ProjectPart>,
}

/// Sessions of a report.
#[derive(ToSchema)]
pub(crate) struct SessionList {
    /// The sessions.
    sessions: Vec<ListedSession>,
    #[serde(flatten)]
    summary: ReportSummary,
}

/// A row of sessions.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
struct ListedSession {
    #[serde(flatten)]
    session: SessionStats,
    /// The cost in billionths of a dollar; 0 if nothing has a price.
    cost_nanos: u128,
    /// The parts, if they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    breakdown: Vec<ModelPart>,
}

/// Blocks and gaps of a report.
#[derive(ToSchema)]
pub(crate) struct BlockList {
    /// The blocks and gaps, the oldest first.
    blocks: Vec<BlockRow>,
    #[serde(flatten)]
    summary: ReportSummary,
}

/// A row of blocks and gaps.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
struct BlockRow {
    #[serde(flatten)]
    block: BillingBlock,
    /// The cost in billionths of a dollar; 0 if nothing has a price.
    cost_nanos: u128,
    /// The parts, if they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    breakdown: Vec<ModelPart>,
}
