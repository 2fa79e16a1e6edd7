//! The JSON of reports: rows with their own field names, and the totals.

use chrono::{Days, NaiveDate};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use token_monitor_core::report::model::{
    BillingBlock, ExactTotals, GroupValue, Grouping, Report, ReportPart, ReportRow, SessionStats,
};

/// A report as JSON: `{"days": […], "totals": …}` and the range.
#[derive(Clone, Copy, Debug)]
pub struct ReportJson<'a> {
    /// The report.
    pub report: &'a Report,
    /// The property that distinguishes its rows.
    pub by: Grouping,
}

impl Serialize for ReportJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Report { zone, since, until, rows, row_count, completeness, sums } = self.report;
        let rows: Vec<RowJson<'_>> = rows.iter().map(RowJson::new).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(rows_name(self.by), &rows)?;
        map.serialize_entry("totals", sums)?;
        map.serialize_entry("rowCount", row_count)?;
        map.serialize_entry("zone", zone)?;
        map.serialize_entry("since", since)?;
        map.serialize_entry("until", until)?;
        if completeness.incomplete {
            map.serialize_entry("incomplete", &true)?;
            map.serialize_entry("problems", &completeness.problems)?;
        }
        map.end()
    }
}

fn rows_name(by: Grouping) -> &'static str {
    match by {
        Grouping::Day => "days",
        Grouping::Week => "weeks",
        Grouping::Month => "months",
        Grouping::Block => "blocks",
        Grouping::Project => "projects",
        Grouping::Session => "sessions",
        Grouping::Branch => "branches",
        Grouping::Tag => "tags",
        Grouping::PullRequest => "pullRequests",
        Grouping::Agent => "agents",
        Grouping::Model => "models",
    }
}

/// A row as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowJson<'a> {
    #[serde(flatten)]
    head: Option<RowHead<'a>>,
    /// Sessions and blocks have sums of their own.
    #[serde(flatten)]
    sums: Option<&'a ExactTotals>,
    #[serde(flatten)]
    cost: Option<ExactCost>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    breakdown: Vec<PartJson<'a>>,
}

/// The exact cost of a row that has sums of its own.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExactCost {
    cost_nanos: u128,
}

/// The fields that name a row.
#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum RowHead<'a> {
    Day { date: NaiveDate },
    Week { week: NaiveDate, end_date: NaiveDate },
    Month { month: String },
    Project { project_path: Option<&'a str> },
    Branch { branch: Option<&'a str> },
    Tags { tags: &'a [String] },
    PullRequest { pull_request: Option<&'a str> },
    Agent { agent: Option<&'a str> },
    Model { model: &'a str },
    Session(&'a SessionStats),
    Block(&'a BillingBlock),
}

impl<'a> RowJson<'a> {
    fn new(row: &'a ReportRow) -> Self {
        let ReportRow { values, sums, session, block, parts } = row;
        let own = session.as_deref().map(RowHead::Session).or(block.as_deref().map(RowHead::Block));
        let has_own_sums = own.is_some();
        Self {
            head: own.or_else(|| values.first().and_then(row_head)),
            sums: (!has_own_sums).then_some(sums),
            cost: has_own_sums.then_some(ExactCost { cost_nanos: sums.cost_nanos }),
            breakdown: parts.iter().map(|part| PartJson::new(part, values)).collect(),
        }
    }
}

fn row_head(value: &GroupValue) -> Option<RowHead<'_>> {
    Some(match value {
        GroupValue::Day(date) => RowHead::Day { date: *date },
        GroupValue::Week(first) => {
            RowHead::Week { week: *first, end_date: first.checked_add_days(Days::new(6)).unwrap_or(*first) }
        }
        GroupValue::Month(first) => RowHead::Month { month: first.format("%Y-%m").to_string() },
        GroupValue::Project(path) => RowHead::Project { project_path: path.as_deref() },
        GroupValue::Branch(branch) => RowHead::Branch { branch: branch.as_deref() },
        GroupValue::Tag(tags) => RowHead::Tags { tags },
        GroupValue::PullRequest(address) => RowHead::PullRequest { pull_request: address.as_deref() },
        GroupValue::Agent(agent) => RowHead::Agent { agent: agent.as_deref() },
        GroupValue::Model(model) => RowHead::Model { model },
        // These rows come with all their figures.
        GroupValue::Session(..) | GroupValue::Block(..) => return None,
    })
}

/// A part of a row as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartJson<'a> {
    #[serde(flatten)]
    head: RowHead<'a>,
    #[serde(flatten)]
    sums: &'a ExactTotals,
}

impl<'a> PartJson<'a> {
    /// Rows of models are divided by project, all others by model.
    fn new(part: &'a ReportPart, values: &[GroupValue]) -> Self {
        let is_model = values.iter().any(|value| matches!(value, GroupValue::Model(_)));
        let name = part.name.as_deref();
        let head = match is_model {
            true => RowHead::Project { project_path: name },
            false => RowHead::Model { model: name.unwrap_or_default() },
        };
        Self { head, sums: &part.sums }
    }
}
