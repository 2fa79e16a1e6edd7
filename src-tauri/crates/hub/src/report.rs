//! Reports: the usage of an organization, grouped by properties.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde_json::{Map, Value};
use token_monitor_core::report::model::{ExactTotals, Totals};
use token_monitor_core::team::UsageCounts;
use token_monitor_core::tokens::UsageSum;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::database::Database;
use crate::error::HubError;
use crate::intake::COUNT_COLUMNS;
use crate::members::check_name;

/// The largest number of rows. A report with more is refused.
const MAX_ROWS: usize = 100_000;

/// A property that distinguishes the rows of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportGroup {
    /// The UTC day.
    Day,
    /// The member.
    Member,
    /// The device.
    Device,
    /// The model.
    Model,
    /// The pseudonym of the project.
    Project,
    /// The repository.
    Repository,
    /// The branch.
    Branch,
    /// The pseudonym of the session, with its name and tags.
    Session,
}

impl ReportGroup {
    /// All groups, in the order of the columns.
    pub const ALL: [Self; 8] = [
        Self::Day,
        Self::Member,
        Self::Device,
        Self::Model,
        Self::Project,
        Self::Repository,
        Self::Branch,
        Self::Session,
    ];

    /// Returns the name, which is also that of the field.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Member => "member",
            Self::Device => "device",
            Self::Model => "model",
            Self::Project => "project",
            Self::Repository => "repository",
            Self::Branch => "branch",
            Self::Session => "session",
        }
    }

    /// Returns the expression of the value, as text.
    fn expression(self) -> &'static str {
        match self {
            Self::Day => "usage_days.day::text",
            Self::Member => "members.name",
            Self::Device => "devices.name",
            Self::Model => "usage_days.model",
            Self::Project => "usage_days.project",
            Self::Repository => "usage_days.repository",
            Self::Branch => "usage_days.branch",
            Self::Session => "usage_days.session",
        }
    }
}

impl fmt::Display for ReportGroup {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for ReportGroup {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = || Self::ALL.map(Self::name).join(", ");
        let found = Self::ALL.into_iter().find(|group| group.name() == text);
        found.ok_or_else(|| format!("{text:?} is no group; use {}", names()))
    }
}

/// The question that a report answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportRequest {
    /// The properties that distinguish rows; without any there is one row.
    pub by: Vec<ReportGroup>,
    /// The first UTC day.
    pub since: Option<NaiveDate>,
    /// The last UTC day.
    pub until: Option<NaiveDate>,
    /// The name of a member; all members by default.
    pub member: Option<String>,
}

impl ReportRequest {
    /// Checks values that the database would refuse.
    fn check(&self) -> Result<(), HubError> {
        self.member.as_deref().map(check_name).transpose()?;
        match [self.since, self.until].iter().flatten().all(|day| (0..=9_999).contains(&day.year())) {
            true => Ok(()),
            false => Err(HubError::BadRequest("use days of the years 0 to 9999".to_owned())),
        }
    }
}

/// A report: rows with the fields of their groups, and the totals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TeamReport {
    /// The rows, in order of their groups. A missing value is null.
    pub rows: Vec<TeamReportRow>,
    /// The sums of all rows.
    pub totals: ExactTotals,
}

/// A row of a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TeamReportRow {
    /// The values of the groups, by name.
    #[serde(flatten)]
    pub values: Map<String, Value>,
    /// The sums.
    #[serde(flatten)]
    pub totals: ExactTotals,
}

impl TeamReport {
    /// Makes a report of one organization.
    ///
    /// # Errors
    ///
    /// If there are too many rows or the database cannot be used.
    pub async fn load(database: &Database, organization: Uuid, request: &ReportRequest) -> Result<Self, HubError> {
        request.check()?;
        let by = distinct(&request.by);
        let connection = database.connection().await?;
        let statement = connection.prepare_cached(&select_statement(&by)).await?;
        let values: [&(dyn ToSql + Sync); 4] = [&organization, &request.since, &request.until, &request.member];
        let found = connection.query(&statement, &values).await?;
        if found.len() > MAX_ROWS {
            return Err(HubError::BadRequest(format!("the report has more than {MAX_ROWS} rows; select fewer days")));
        }
        let mut total = UsageSum::default();
        let mut rows = Vec::with_capacity(found.len());
        for row in &found {
            let (values, sum) = read_row(&by, row)?;
            total.merge(&sum);
            rows.push(TeamReportRow { values, totals: exact_totals(&sum) });
        }
        // Without groups, there is a row of no usage as well.
        rows.retain(|row| row.totals.totals.message_count > 0);
        Ok(Self { rows, totals: exact_totals(&total) })
    }
}

/// Returns groups without repetitions, in their order.
fn distinct(by: &[ReportGroup]) -> Vec<ReportGroup> {
    let mut kept = Vec::new();
    for group in by {
        if !kept.contains(group) {
            kept.push(*group);
        }
    }
    kept
}

fn select_statement(by: &[ReportGroup]) -> String {
    let mut columns: Vec<String> = by.iter().map(|group| group.expression().to_owned()).collect();
    let places: Vec<String> = (1..=by.len()).map(|place| place.to_string()).collect();
    if by.contains(&ReportGroup::Session) {
        columns.push("max(usage_days.session_name)".to_owned());
        columns.push("max(usage_days.tags)".to_owned());
    }
    columns.extend(COUNT_COLUMNS.iter().map(|column| format!("coalesce(sum(usage_days.{column}), 0)::text")));
    let order = match places.is_empty() {
        true => String::new(),
        false => format!(" GROUP BY {0} ORDER BY {0}", places.join(", ")),
    };
    format!(
        "SELECT {columns} FROM usage_days \
         JOIN devices ON devices.organization = usage_days.organization AND devices.id = usage_days.device \
         JOIN members ON members.organization = devices.organization AND members.id = devices.member \
         WHERE usage_days.organization = $1 AND usage_days.day >= coalesce($2::date, date '-infinity') \
         AND usage_days.day <= coalesce($3::date, date 'infinity') AND ($4::text IS NULL OR members.name = $4){order} \
         LIMIT {limit}",
        columns = columns.join(", "),
        limit = MAX_ROWS + 1,
    )
}

/// Reads the values and the sum of a row.
fn read_row(by: &[ReportGroup], row: &Row) -> Result<(Map<String, Value>, UsageSum), HubError> {
    let mut values = Map::new();
    for (at, group) in by.iter().enumerate() {
        values.insert(group.name().to_owned(), text_or_null(row.get(at)));
    }
    let mut at = by.len();
    if by.contains(&ReportGroup::Session) {
        values.insert("sessionName".to_owned(), text_or_null(row.get(at)));
        let tags: &str = row.get(at + 1);
        values.insert("tags".to_owned(), serde_json::from_str(tags).unwrap_or_else(|_| Value::Array(Vec::new())));
        at += 2;
    }
    let mut counts = [0_u128; UsageCounts::FIELDS];
    for (index, count) in counts.iter_mut().enumerate() {
        let text: &str = row.get(at + index);
        *count = text.parse().map_err(|_| HubError::InvalidCount(text.to_owned()))?;
    }
    Ok((values, UsageCounts::sum_from_array(counts)))
}

fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::String(text.to_owned()) }
}

fn exact_totals(sum: &UsageSum) -> ExactTotals {
    ExactTotals { totals: Totals::from(sum), cost_nanos: sum.cost.nanos }
}
