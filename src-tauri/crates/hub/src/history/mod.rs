//! The history of an organization: days, each divided into parts, as the charts of the dashboard show it.

mod ranking;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use token_monitor_core::report::model::{History, Totals};
use token_monitor_core::tokens::UsageSum;
use uuid::Uuid;

use crate::allocation::{AllocationKey, allocate_usage};
use crate::database::Database;
use crate::error::HubError;
use crate::history::ranking::PartRanking;
use crate::report::{CountSet, ReportGroup, ReportRequest, UsageColumn, UsageQuery};

/// The property by which a history is divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum HistorySplit {
    /// The member.
    #[default]
    Member,
    /// The model.
    Model,
    /// The pseudonym of the project.
    Project,
    /// The repository.
    Repository,
    /// The cost center.
    CostCenter,
}

/// The usage of a day and a part. The part is null if it has no name.
pub(crate) type DayUsage = (NaiveDate, Option<String>, UsageSum);

impl HistorySplit {
    fn group(self) -> Option<ReportGroup> {
        match self {
            Self::Member => Some(ReportGroup::Member),
            Self::Model => Some(ReportGroup::Model),
            Self::Project => Some(ReportGroup::Project),
            Self::Repository => Some(ReportGroup::Repository),
            Self::CostCenter => None,
        }
    }
}

/// Makes the history of the days from `since`, or from the first usage, until `until`.
///
/// # Errors
///
/// If the days are not valid or the database cannot be used.
pub(crate) async fn load_history(
    database: &Database,
    organization: Uuid,
    split: HistorySplit,
    since: Option<NaiveDate>,
    until: NaiveDate,
) -> Result<History, HubError> {
    let request = ReportRequest { since, until: Some(until), ..ReportRequest::default() };
    request.check()?;
    match split.group() {
        Some(group) => load_history_by(database, organization, group, &request, until).await,
        None => load_allocated_history(database, organization, request, until).await,
    }
}

/// Divides by a property. The parts are ranked first, so that the database returns days with the largest ones only. The totals
/// have all counts, which are summed up without the property, because there are fewer of these sums.
async fn load_history_by(
    database: &Database,
    organization: Uuid,
    group: ReportGroup,
    request: &ReportRequest,
    until: NaiveDate,
) -> Result<History, HubError> {
    let group = UsageColumn::Group(group);
    let query = UsageQuery { since: request.since, until: request.until, ..UsageQuery::default() };
    let totals = query.load(database, organization).await?;
    let by_part = UsageQuery { columns: vec![group], counts: CountSet::Amount, ..query.clone() };
    let by_part = by_part.load(database, organization).await?;
    let parts = PartRanking::new(by_part.iter().map(|row| (name_of(&row.texts[0]), &row.sum)));
    let by_day = UsageQuery {
        columns: vec![UsageColumn::Group(ReportGroup::Day)],
        named: Some((group, &parts.names)),
        counts: CountSet::Amount,
        ..query
    };
    let mut usage = Vec::new();
    for row in by_day.load(database, organization).await? {
        let [day, name] = row.texts.as_slice() else { continue };
        usage.push((parse_day(day)?, name_of(name).map(str::to_owned), row.sum));
    }
    Ok(History {
        totals: totals_of(totals.iter().map(|row| &row.sum)),
        ..parts.build_history(&usage, request.since, until)
    })
}

fn totals_of<'a>(sums: impl Iterator<Item = &'a UsageSum>) -> Totals {
    let mut total = UsageSum::default();
    sums.for_each(|sum| total.merge(sum));
    Totals::from(&total)
}

async fn load_allocated_history(
    database: &Database,
    organization: Uuid,
    request: ReportRequest,
    until: NaiveDate,
) -> Result<History, HubError> {
    let since = request.since;
    let request = ReportRequest { by: vec![ReportGroup::Day], ..request };
    let sums = allocate_usage(database, organization, &request).await?;
    let usage = sums.into_iter().map(|(AllocationKey { texts, cost_center, .. }, sum)| {
        Ok((parse_day(texts.first().map(String::as_str).unwrap_or_default())?, cost_center, sum))
    });
    let usage = usage.collect::<Result<Vec<DayUsage>, HubError>>()?;
    let parts = PartRanking::new(usage.iter().map(|(_, name, sum)| (name.as_deref(), sum)));
    Ok(parts.build_history(&usage, since, until))
}

fn name_of(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn parse_day(text: &str) -> Result<NaiveDate, HubError> {
    text.parse().map_err(|_| HubError::InvalidCount(text.to_owned()))
}
