//! Asks an engine for the figures that are exported.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use token_monitor_core::alerts::{Budget, first_day_of_month, first_day_of_week};
use token_monitor_core::report::grouped::DayBound;
use token_monitor_core::report::model::{
    GroupValue, Grouping, Report, ReportFilter, ReportQuery, ReportRow, SettingsPage, Snapshot, Totals,
};
use token_monitor_engine::{ApiError, ErrorCode, Request, Response, SessionQuery};
use token_monitor_ipc::EngineClient;

use crate::usage::{BudgetPeriod, BudgetUse, UsageFigures, UsageRow};

/// The number of sessions that are asked for at once.
const SESSIONS_PER_PAGE: usize = 500;

/// The figures to ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CollectOptions {
    /// True to divide usage by project as well.
    pub by_project: bool,
}

/// Asks an engine for the figures of this moment.
///
/// # Errors
///
/// If the engine cannot be reached or cannot read its store.
pub async fn collect_usage(client: &EngineClient, options: CollectOptions) -> Result<UsageFigures, ApiError> {
    let snapshot = client.snapshot().await?;
    let rows = match options.by_project {
        true => rows_by_project(client).await?,
        false => rows_by_model(client).await?,
    };
    let budgets = budget_uses(client, &snapshot).await?;
    Ok(UsageFigures { snapshot, rows, budgets })
}

/// Returns the time of the first message, or `None` if there is none.
///
/// # Errors
///
/// If the engine cannot be reached.
pub async fn first_message_time(client: &EngineClient) -> Result<Option<DateTime<Utc>>, ApiError> {
    let mut first: Option<DateTime<Utc>> = None;
    for page in 0.. {
        let query = SessionQuery {
            offset: page * SESSIONS_PER_PAGE,
            limit: SESSIONS_PER_PAGE,
            include_hidden: true,
            ..SessionQuery::default()
        };
        let Response::Sessions(found) = client.request(Request::Sessions(query)).await? else {
            return Err(unexpected_response());
        };
        first = first.into_iter().chain(found.sessions.iter().map(|session| session.start_time)).min();
        if found.sessions.len() < SESSIONS_PER_PAGE {
            break;
        }
    }
    Ok(first)
}

async fn rows_by_model(client: &EngineClient) -> Result<Vec<UsageRow>, ApiError> {
    match client.request(Request::Models).await? {
        Response::Models(models, _) => Ok(models.into_iter().map(UsageRow::from).collect()),
        _ => Err(unexpected_response()),
    }
}

async fn rows_by_project(client: &EngineClient) -> Result<Vec<UsageRow>, ApiError> {
    let query = ReportQuery { by: vec![Grouping::Project, Grouping::Model], ..ReportQuery::default() };
    Ok(request_report(client, query).await?.rows.into_iter().filter_map(usage_row).collect())
}

fn usage_row(row: ReportRow) -> Option<UsageRow> {
    let mut values = row.values.into_iter();
    match (values.next()?, values.next()?) {
        (GroupValue::Project(project), GroupValue::Model(model)) => {
            Some(UsageRow { model, project: Some(project.unwrap_or_default()), totals: row.sums.totals })
        }
        _ => None,
    }
}

async fn request_report(client: &EngineClient, query: ReportQuery) -> Result<Report, ApiError> {
    match client.request(Request::Report(Box::new(query))).await? {
        Response::Report(report) => Ok(*report),
        _ => Err(unexpected_response()),
    }
}

/// Returns the used shares of the budgets that are set. A budget in dollars is left out while its usage has no price.
async fn budget_uses(client: &EngineClient, snapshot: &Snapshot) -> Result<Vec<BudgetUse>, ApiError> {
    let Response::Settings(settings) = client.request(Request::Settings).await? else {
        return Err(unexpected_response());
    };
    let mut uses = Vec::new();
    for period in [BudgetPeriod::Day, BudgetPeriod::Week, BudgetPeriod::Month] {
        let Some(budget) = configured_budget(&settings, period) else { continue };
        let totals = totals_of_period(client, snapshot, period).await?;
        uses.extend(used_ratio(budget, &totals).map(|used_ratio| BudgetUse { period, used_ratio }));
    }
    Ok(uses)
}

fn configured_budget(settings: &SettingsPage, period: BudgetPeriod) -> Option<Budget> {
    let key = match period {
        BudgetPeriod::Day => "alerts.daily_budget",
        BudgetPeriod::Week => "alerts.weekly_budget",
        BudgetPeriod::Month => "alerts.monthly_budget",
    };
    match &settings.rows.iter().find(|row| row.key == key)?.value {
        Value::String(text) => Budget::parse(text),
        Value::Number(tokens) => Budget::parse(&tokens.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

async fn totals_of_period(
    client: &EngineClient,
    snapshot: &Snapshot,
    period: BudgetPeriod,
) -> Result<Totals, ApiError> {
    let today = snapshot.today.date;
    match period {
        BudgetPeriod::Day => Ok(snapshot.today.totals.clone()),
        BudgetPeriod::Week => totals_since(client, first_day_of_week(today, snapshot.display.week_start)).await,
        BudgetPeriod::Month => totals_since(client, first_day_of_month(today)).await,
    }
}

async fn totals_since(client: &EngineClient, first: NaiveDate) -> Result<Totals, ApiError> {
    let filter = ReportFilter { since: Some(DayBound::Date(first)), ..ReportFilter::default() };
    let query = ReportQuery { by: vec![Grouping::Model], filter, ..ReportQuery::default() };
    Ok(request_report(client, query).await?.sums.totals)
}

fn used_ratio(budget: Budget, totals: &Totals) -> Option<f64> {
    match budget {
        Budget::Tokens(limit) => Some(totals.total_tokens as f64 / limit as f64),
        Budget::Dollars(limit) => Some(totals.total_cost? / limit as f64),
    }
}

fn unexpected_response() -> ApiError {
    ApiError::new(ErrorCode::Internal, "the response has an unexpected type")
}
