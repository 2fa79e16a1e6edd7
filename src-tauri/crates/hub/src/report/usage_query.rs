//! Reads the sums of groups from the database.

use chrono::NaiveDate;
use token_monitor_core::team::UsageCounts;
use token_monitor_core::tokens::UsageSum;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::database::Database;
use crate::error::HubError;
use crate::intake::COUNT_COLUMNS;

/// The largest number of rows. A report with more is refused.
const MAX_ROWS: usize = 100_000;

/// The usage to sum up, and the groups in which to do so.
#[derive(Clone, Debug, Default)]
pub(crate) struct UsageQuery<'a> {
    /// The expressions that distinguish rows, as text.
    pub(crate) columns: Vec<&'static str>,
    /// A further expression that distinguishes rows, and the values that do so. All other values are one row, as empty text.
    pub(crate) named: Option<(&'static str, &'a [String])>,
    /// Further expressions, which aggregate the texts of a row.
    pub(crate) aggregates: Vec<&'static str>,
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

impl UsageQuery<'_> {
    /// Returns the sums of one organization in order of the columns. Groups without messages are left out.
    ///
    /// # Errors
    ///
    /// If there are too many rows or the database cannot be used.
    pub(crate) async fn load(&self, database: &Database, organization: Uuid) -> Result<Vec<GroupedUsage>, HubError> {
        let connection = database.connection().await?;
        let statement = connection.prepare_cached(&self.statement()).await?;
        let mut values: Vec<&(dyn ToSql + Sync)> = vec![&organization, &self.since, &self.until, &self.member];
        values.extend(self.named.as_ref().map(|(_, names)| names as &(dyn ToSql + Sync)));
        let found = connection.query(&statement, &values).await?;
        if found.len() > MAX_ROWS {
            return Err(HubError::BadRequest(format!("the report has more than {MAX_ROWS} rows; select fewer days")));
        }
        let texts = self.distinguishing().count() + self.aggregates.len();
        let mut rows = found.iter().map(|row| read_row(row, texts)).collect::<Result<Vec<_>, _>>()?;
        // Without columns, there is a row of no usage as well.
        rows.retain(|row| row.sum.messages > 0);
        Ok(rows)
    }

    /// Returns the expressions that distinguish rows.
    fn distinguishing(&self) -> impl Iterator<Item = String> {
        let named = |(name, _): (&str, _)| format!("CASE WHEN {name} = ANY($5) THEN {name} ELSE '' END");
        self.columns.iter().map(|column| (*column).to_owned()).chain(self.named.map(named))
    }

    fn statement(&self) -> String {
        let texts = self.distinguishing().chain(self.aggregates.iter().map(|column| (*column).to_owned()));
        let sums = COUNT_COLUMNS.iter().map(|column| format!("coalesce(sum(usage_days.{column}), 0)::text"));
        let selected: Vec<String> = texts.chain(sums).collect();
        let places: Vec<String> = (1..=self.distinguishing().count()).map(|place| place.to_string()).collect();
        let order = match places.is_empty() {
            true => String::new(),
            false => format!(" GROUP BY {0} ORDER BY {0}", places.join(", ")),
        };
        format!(
            "SELECT {selected} FROM usage_days \
             JOIN devices ON devices.organization = usage_days.organization AND devices.id = usage_days.device \
             JOIN members ON members.organization = devices.organization AND members.id = devices.member \
             WHERE usage_days.organization = $1 AND usage_days.day >= coalesce($2::date, date '-infinity') \
             AND usage_days.day <= coalesce($3::date, date 'infinity') \
             AND ($4::text IS NULL OR members.name = $4){order} LIMIT {limit}",
            selected = selected.join(", "),
            limit = MAX_ROWS + 1,
        )
    }
}

fn read_row(row: &Row, texts: usize) -> Result<GroupedUsage, HubError> {
    let mut counts = [0_u128; UsageCounts::FIELDS];
    for (index, count) in counts.iter_mut().enumerate() {
        let text: &str = row.get(texts + index);
        *count = text.parse().map_err(|_| HubError::InvalidCount(text.to_owned()))?;
    }
    let text = |at: usize| row.get::<_, Option<String>>(at).unwrap_or_default();
    Ok(GroupedUsage { texts: (0..texts).map(text).collect(), sum: UsageCounts::sum_from_array(counts) })
}
