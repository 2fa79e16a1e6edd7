//! Reads the sums of groups from the database.
//!
//! Members and devices are grouped by the id of the device, and named afterwards: a join before the grouping would look up a name
//! for each row. Classes of members are joined, because there are few of them.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use deadpool_postgres::GenericClient;
use token_monitor_core::team::UsageCounts;
use token_monitor_core::tokens::UsageSum;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::database::Database;
use crate::error::HubError;
use crate::intake::COUNT_COLUMNS;
use crate::report::ReportGroup;
use crate::report::query_parameters::QueryParameters;
use crate::report::usage_source::UsageSource;

/// The largest number of rows. A report with more is refused.
const MAX_ROWS: usize = 100_000;

/// The counts of [`CountSet::Tokens`]. Rows without messages are left out, so these are counted as well.
const TOKEN_COLUMNS: [&str; 5] =
    ["messages", "input_tokens", "output_tokens", "cache_creation_tokens", "cache_read_tokens"];

/// The counts of [`CountSet::Amount`].
const AMOUNT_COLUMNS: [&str; 7] = [
    "messages",
    "input_tokens",
    "output_tokens",
    "cache_creation_tokens",
    "cache_read_tokens",
    "cost_nanos",
    "unpriced_tokens",
];

/// A property that distinguishes rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UsageColumn {
    /// The property of a report.
    Group(ReportGroup),
    /// The class of the member, of [`UsageQuery::member_classes`].
    MemberClass,
    /// The tags, as a JSON array.
    Tags,
}

/// The counts to sum up. Others are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CountSet {
    /// All counts.
    #[default]
    All,
    /// The counts from which tokens and their cost are made.
    Amount,
    /// The counts from which tokens are made.
    Tokens,
}

impl CountSet {
    fn has(self, column: &str) -> bool {
        match self {
            Self::All => true,
            Self::Amount => AMOUNT_COLUMNS.contains(&column),
            Self::Tokens => TOKEN_COLUMNS.contains(&column),
        }
    }
}

/// The usage to sum up, and the groups in which to do so.
#[derive(Clone, Debug, Default)]
pub(crate) struct UsageQuery<'a> {
    /// The properties that distinguish rows.
    pub(crate) columns: Vec<UsageColumn>,
    /// A property, and the values of it that are summed up; all values by default.
    pub(crate) selected: Option<(UsageColumn, &'a [String])>,
    /// The classes of members for [`UsageColumn::MemberClass`], by the names of the members.
    pub(crate) member_classes: Option<&'a BTreeMap<String, String>>,
    /// Expressions that aggregate the texts of a row of all properties.
    pub(crate) aggregates: Vec<&'static str>,
    /// The counts.
    pub(crate) counts: CountSet,
    /// The first UTC day.
    pub(crate) since: Option<NaiveDate>,
    /// The last UTC day.
    pub(crate) until: Option<NaiveDate>,
    /// The name of a member; all members by default.
    pub(crate) member: Option<&'a str>,
}

/// The sum of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupedUsage {
    /// The values of the columns and the aggregates. A missing value is empty.
    pub(crate) texts: Vec<String>,
    /// The sum.
    pub(crate) sum: UsageSum,
}

/// The names of a device and its member.
#[derive(Clone, Debug)]
pub(super) struct DeviceNames {
    pub(super) member: String,
    pub(super) device: String,
}

impl UsageColumn {
    /// Returns the expression by which rows are grouped. Devices and members are grouped by the id of the device.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Group(ReportGroup::Day) => "day",
            Self::Group(ReportGroup::Month) => "date_trunc('month', day::timestamp)",
            Self::Group(ReportGroup::Member | ReportGroup::Device) => "device",
            Self::Group(ReportGroup::Model) => "model",
            Self::Group(ReportGroup::Project) => "project",
            Self::Group(ReportGroup::Repository) => "repository",
            Self::Group(ReportGroup::Branch) => "branch",
            Self::Group(ReportGroup::Session) => "session",
            Self::MemberClass => "member_class",
            Self::Tags => "tags",
        }
    }

    /// Returns the expression of the value, as text. Rows are grouped before, because texts are slower to compare.
    fn text(self) -> String {
        match self {
            Self::Group(ReportGroup::Month) => format!("to_char({}, 'YYYY-MM')", self.key()),
            _ => format!("{}::text", self.key()),
        }
    }

    /// Returns the value of a row whose text the database returned.
    fn name(self, text: &str, devices: &HashMap<Uuid, DeviceNames>) -> String {
        let names = || text.parse().ok().and_then(|id: Uuid| devices.get(&id));
        match self {
            Self::Group(ReportGroup::Member) => names().map(|names| names.member.clone()).unwrap_or_default(),
            Self::Group(ReportGroup::Device) => names().map(|names| names.device.clone()).unwrap_or_default(),
            _ => text.to_owned(),
        }
    }

    /// Returns the type of the key of a property with selected values.
    pub(super) fn key_type(self) -> &'static str {
        if self.is_of_device() { "uuid" } else { "text" }
    }

    pub(super) fn is_of_device(self) -> bool {
        matches!(self, Self::Group(ReportGroup::Member | ReportGroup::Device))
    }
}

impl UsageQuery<'_> {
    /// Returns the sums of one organization in order of the columns. Groups without messages are left out.
    ///
    /// # Errors
    ///
    /// If there are too many rows or the database cannot be used.
    pub(crate) async fn load(&self, database: &Database, organization: Uuid) -> Result<Vec<GroupedUsage>, HubError> {
        self.load_with(&database.connection().await?, organization).await
    }

    /// Like [`load`](Self::load), on a connection or in a transaction.
    pub(crate) async fn load_with(
        &self,
        client: &impl GenericClient,
        organization: Uuid,
    ) -> Result<Vec<GroupedUsage>, HubError> {
        let devices = match self.needs_devices() {
            true => load_devices(client, organization).await?,
            false => HashMap::new(),
        };
        let parameters = QueryParameters::new(self, &devices);
        let (since, until) = (self.since.unwrap_or_else(first_day), self.until.unwrap_or_else(last_day));
        let values: Vec<&(dyn ToSql + Sync)> =
            [&organization as &(dyn ToSql + Sync), &since, &until].into_iter().chain(parameters.values()).collect();
        // Not a cached statement: after some executions, PostgreSQL plans these for any days, as if they were few.
        let found = client.query(&self.statement(&parameters), &values).await?;
        self.merge_rows(&found, &devices)
    }

    fn needs_devices(&self) -> bool {
        self.member.is_some() || self.member_classes.is_some() || self.read_columns().any(UsageColumn::is_of_device)
    }

    /// Returns the properties that the statement reads.
    fn read_columns(&self) -> impl Iterator<Item = UsageColumn> {
        self.columns.iter().copied().chain(self.selected.map(|(column, _)| column))
    }

    /// Names the rows that the database returned, and merges those of the devices of a member.
    fn merge_rows(&self, found: &[Row], devices: &HashMap<Uuid, DeviceNames>) -> Result<Vec<GroupedUsage>, HubError> {
        let too_many = || HubError::BadRequest(format!("the report has more than {MAX_ROWS} rows; select fewer days"));
        if found.len() > MAX_ROWS {
            return Err(too_many());
        }
        let columns = &self.columns;
        let texts = columns.len() + self.aggregates.len();
        let mut merged: BTreeMap<Vec<String>, (Vec<String>, UsageSum)> = BTreeMap::new();
        for row in found {
            let text = |at: usize| row.get::<_, Option<&str>>(at).unwrap_or_default();
            let key = columns.iter().enumerate().map(|(at, column)| column.name(text(at), devices)).collect();
            let (aggregates, sum) = merged.entry(key).or_default();
            *aggregates = (columns.len()..texts).map(|at| text(at).to_owned()).collect();
            sum.merge(&read_sum(row, texts)?);
        }
        // Without columns, there is a row of no usage as well.
        let used = merged.into_iter().filter(|(_, (_, sum))| sum.messages > 0);
        Ok(used.map(|(key, (aggregates, sum))| GroupedUsage { texts: [key, aggregates].concat(), sum }).collect())
    }

    /// Returns the rollup from which the sums are read.
    fn source(&self) -> UsageSource {
        let of_member = self.member.map(|_| UsageColumn::Group(ReportGroup::Device));
        let columns: Vec<UsageColumn> = self.read_columns().chain(of_member).collect();
        if self.aggregates.is_empty() { UsageSource::with_columns(&columns) } else { UsageSource::Days }
    }

    fn statement(&self, parameters: &QueryParameters) -> String {
        let keys: Vec<&str> = self.columns.iter().map(|column| column.key()).collect();
        let texts = self.columns.iter().map(|column| column.text());
        let aggregates = self.aggregates.iter().map(|aggregate| (*aggregate).to_owned());
        let sums = COUNT_COLUMNS.iter().map(|column| match self.counts.has(column) {
            true => format!("coalesce(sum({column}), 0)::text"),
            false => "'0'".to_owned(),
        });
        let selected: Vec<String> = texts.chain(aggregates).chain(sums).collect();
        let groups = if keys.is_empty() { String::new() } else { format!(" GROUP BY {}", keys.join(", ")) };
        format!(
            "SELECT {selected} FROM {rows}{classes}{conditions}{groups} LIMIT {limit}",
            selected = selected.join(", "),
            rows = self.source().rows(),
            classes = parameters.join_classes(),
            conditions = parameters.conditions(),
            limit = MAX_ROWS + 1,
        )
    }
}

/// Returns the first and the last day that the database has.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(0, 1, 1).unwrap_or_default()
}

fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(9_999, 12, 31).unwrap_or_default()
}

async fn load_devices(client: &impl GenericClient, organization: Uuid) -> Result<HashMap<Uuid, DeviceNames>, HubError> {
    const LIST: &str = "SELECT devices.id, members.name, devices.name FROM devices \
        JOIN members ON members.organization = devices.organization AND members.id = devices.member \
        WHERE devices.organization = $1";
    let list = client.prepare_cached(LIST).await?;
    let rows = client.query(&list, &[&organization]).await?;
    Ok(rows.iter().map(|row| (row.get(0), DeviceNames { member: row.get(1), device: row.get(2) })).collect())
}

/// Reads the counts of a row, which follow its texts.
pub(crate) fn read_sum(row: &Row, texts: usize) -> Result<UsageSum, HubError> {
    let mut counts = [0_u128; UsageCounts::FIELDS];
    for (index, count) in counts.iter_mut().enumerate() {
        let text: &str = row.get(texts + index);
        *count = text.parse().map_err(|_| HubError::InvalidCount(text.to_owned()))?;
    }
    Ok(UsageCounts::sum_from_array(counts))
}
