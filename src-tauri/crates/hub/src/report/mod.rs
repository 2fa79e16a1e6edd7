//! Reports: the usage of an organization, grouped by properties.

mod group;
mod query_parameters;
mod usage_query;
mod usage_source;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde_json::{Map, Value};
use token_monitor_core::report::model::{ExactTotals, Totals};
use token_monitor_core::tokens::UsageSum;
use uuid::Uuid;

use crate::database::Database;
use crate::error::HubError;
use crate::members::check_name;
pub use crate::report::group::ReportGroup;
pub(crate) use crate::report::usage_query::{CountSet, GroupedUsage, UsageColumn, UsageQuery, read_sum};

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
    pub(crate) fn check(&self) -> Result<(), HubError> {
        self.member.as_deref().map(check_name).transpose()?;
        [self.since, self.until].into_iter().flatten().try_for_each(check_day)
    }

    /// Returns the groups without repetitions, in their order.
    pub(crate) fn groups(&self) -> Vec<ReportGroup> {
        let mut kept = Vec::new();
        for group in &self.by {
            if !kept.contains(group) {
                kept.push(*group);
            }
        }
        kept
    }
}

/// Checks that the database can store a day.
pub(crate) fn check_day(day: NaiveDate) -> Result<(), HubError> {
    match (0..=9_999).contains(&day.year()) {
        true => Ok(()),
        false => Err(HubError::BadRequest("use days of the years 0 to 9999".to_owned())),
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
        let by = request.groups();
        let has_sessions = by.contains(&ReportGroup::Session);
        let query = UsageQuery {
            columns: by.iter().copied().map(UsageColumn::Group).collect(),
            aggregates: if has_sessions { SESSION_TEXTS.to_vec() } else { Vec::new() },
            since: request.since,
            until: request.until,
            member: request.member.as_deref(),
            ..UsageQuery::default()
        };
        let mut total = UsageSum::default();
        let mut rows = Vec::new();
        for row in query.load(database, organization).await? {
            total.merge(&row.sum);
            let mut values = group_values(&by, &row.texts);
            if has_sessions {
                add_session_texts(&mut values, &row.texts[by.len()..]);
            }
            rows.push(TeamReportRow { values, totals: exact_totals(&row.sum) });
        }
        Ok(Self { rows, totals: exact_totals(&total) })
    }
}

/// The texts of a session: its name and tags.
const SESSION_TEXTS: [&str; 2] = ["max(session_name)", "max(tags)"];

/// Returns the values of groups by their names. A missing value is null.
pub(crate) fn group_values(by: &[ReportGroup], texts: &[String]) -> Map<String, Value> {
    by.iter().zip(texts).map(|(group, text)| (group.name().to_owned(), text_or_null(text))).collect()
}

fn add_session_texts(values: &mut Map<String, Value>, texts: &[String]) {
    let [name, tags] = texts else { return };
    values.insert("sessionName".to_owned(), text_or_null(name));
    values.insert("tags".to_owned(), parse_tags(tags).into());
}

/// Parses the tags of a row, a JSON array.
pub(crate) fn parse_tags(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::String(text.to_owned()) }
}

/// Returns a sum as the totals of a report.
pub(crate) fn exact_totals(sum: &UsageSum) -> ExactTotals {
    ExactTotals { totals: Totals::from(sum), cost_nanos: sum.cost.nanos }
}
