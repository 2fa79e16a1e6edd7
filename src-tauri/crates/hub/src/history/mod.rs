//! The history of an organization: days, each divided into parts, as the charts of the dashboard show it.

mod ranking;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use token_monitor_core::report::model::{History, Totals};
use token_monitor_core::tokens::UsageSum;
use tokio_postgres::IsolationLevel;
use uuid::Uuid;

use crate::allocation::{AllocationKey, allocate_usage};
use crate::database::{Database, RetryAttempts};
use crate::error::HubError;
use crate::history::ranking::PartRanking;
use crate::report::{CountSet, GroupedUsage, ReportGroup, ReportRequest, UsageColumn, UsageQuery};

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

/// Divides by a property.
async fn load_history_by(
    database: &Database,
    organization: Uuid,
    group: ReportGroup,
    request: &ReportRequest,
    until: NaiveDate,
) -> Result<History, HubError> {
    let mut attempts = RetryAttempts::default();
    loop {
        match load_history_once(database, organization, group, request, until).await {
            Err(error) => attempts.wait_after(error).await?,
            loaded => return loaded,
        }
    }
}

/// Reads the days, then the largest parts, then the days of these parts. The rest of a day is what its parts leave of it: sums
/// without the property are few. All is read in one transaction, so that the parts belong to the days.
async fn load_history_once(
    database: &Database,
    organization: Uuid,
    group: ReportGroup,
    request: &ReportRequest,
    until: NaiveDate,
) -> Result<History, HubError> {
    let (day, group) = (UsageColumn::Group(ReportGroup::Day), UsageColumn::Group(group));
    let query = UsageQuery { since: request.since, until: request.until, ..UsageQuery::default() };
    let mut connection = database.connection().await?;
    let snapshot = connection.build_transaction().read_only(true).isolation_level(IsolationLevel::RepeatableRead);
    let snapshot = snapshot.start().await?;
    let days = UsageQuery { columns: vec![day], ..query.clone() }.load_with(&snapshot, organization).await?;
    let by_part = UsageQuery { columns: vec![group], counts: CountSet::Tokens, ..query.clone() };
    let by_part = by_part.load_with(&snapshot, organization).await?;
    let parts = PartRanking::new(by_part.iter().map(|row| (name_of(&row.texts[0]), &row.sum)));
    let by_day = UsageQuery {
        columns: vec![day, group],
        selected: Some((group, &parts.names)),
        counts: CountSet::Amount,
        ..query
    };
    let by_day = by_day.load_with(&snapshot, organization).await?;
    snapshot.commit().await?;
    let usage = parse_usage(&by_day)?.into_iter().chain(remaining_usage(&days, &by_day)?).collect::<Vec<_>>();
    let total: UsageSum = days.iter().map(|day| &day.sum).sum();
    Ok(History { totals: Totals::from(&total), ..parts.build_history(&usage, request.since, until) })
}

/// Reads rows by day and part.
fn parse_usage(by_day: &[GroupedUsage]) -> Result<Vec<DayUsage>, HubError> {
    by_day
        .iter()
        .map(|row| Ok((parse_day(&row.texts[0])?, name_of(&row.texts[1]).map(str::to_owned), row.sum)))
        .collect()
}

/// Returns the usage of days that belongs to none of the parts.
fn remaining_usage(days: &[GroupedUsage], by_day: &[GroupedUsage]) -> Result<Vec<DayUsage>, HubError> {
    let mut sums: BTreeMap<&str, UsageSum> = BTreeMap::new();
    for row in by_day {
        sums.entry(&row.texts[0]).or_default().merge(&row.sum);
    }
    let mut remaining = Vec::new();
    for row in days {
        let day = row.texts[0].as_str();
        let parts = sums.get(day).copied().unwrap_or_default();
        let rest = row.sum.checked_sub(&parts).ok_or_else(|| HubError::InconsistentSums(day.to_owned()))?;
        if rest.messages > 0 {
            remaining.push((parse_day(day)?, None, rest));
        }
    }
    Ok(remaining)
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
