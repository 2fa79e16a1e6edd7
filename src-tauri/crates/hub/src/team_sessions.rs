//! The sessions of those who share them, with their usage in a range of days.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Serialize;
use token_monitor_core::report::model::ExactTotals;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::database::Database;
use crate::error::HubError;
use crate::intake::COUNT_COLUMNS;
use crate::report::{exact_totals, parse_tags, read_sum};

/// The largest number of sessions of a list. The latest ones are kept.
const MAX_SESSIONS: i64 = 500;

/// The length of the time that a row stands for.
const ROW_LENGTH: TimeDelta = TimeDelta::minutes(5);

/// The time after the last usage during which a session is marked as active.
const ACTIVE_TIME: TimeDelta = TimeDelta::minutes(5);

/// The number of columns before the counts.
const TEXTS: usize = 10;

/// The sessions with usage in a range of days, the latest first.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TeamSessionList {
    sessions: Vec<TeamSession>,
    /// True if there are more sessions.
    has_more: bool,
    /// The number of devices that share sessions.
    sharing_devices: i64,
}

/// A session with its usage.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct TeamSession {
    member: String,
    device: String,
    /// The pseudonym.
    session: String,
    /// The texts that the user gave the session; null without one.
    session_name: Option<String>,
    description: Option<String>,
    tags: Vec<String>,
    /// The pseudonym of the project; null if it is not known.
    project: Option<String>,
    repository: Option<String>,
    branch: Option<String>,
    /// The end of the last five minutes with usage; null if it is not known.
    last_activity: Option<DateTime<Utc>>,
    /// True if it was used in the last five minutes.
    is_active: bool,
    #[serde(flatten)]
    totals: ExactTotals,
}

/// Lists the sessions with usage on the days from `since` until `until`.
///
/// # Errors
///
/// If the database cannot be used.
pub(crate) async fn list_sessions(
    database: &Database,
    organization: Uuid,
    (since, until): (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> Result<TeamSessionList, HubError> {
    const COUNT: &str = "SELECT count(*) FROM devices WHERE organization = $1 AND level >= 3 AND revoked_at IS NULL";
    let connection = database.connection().await?;
    let statement = connection.prepare_cached(&list_statement()).await?;
    let limit = MAX_SESSIONS + 1;
    let mut rows = connection.query(&statement, &[&organization, &since, &until, &limit]).await?;
    let has_more = rows.len() as i64 > MAX_SESSIONS;
    rows.truncate(MAX_SESSIONS.unsigned_abs() as usize);
    let sessions = rows.iter().map(|row| read_session(row, now)).collect::<Result<_, HubError>>()?;
    let sharing_devices = connection.query_one(COUNT, &[&organization]).await?.get(0);
    Ok(TeamSessionList { sessions, has_more, sharing_devices })
}

/// Returns the statement that lists sessions. Sums are made before devices are named.
fn list_statement() -> String {
    let sums: Vec<String> = COUNT_COLUMNS.iter().map(|column| format!("sum({column})::text AS {column}")).collect();
    format!(
        "SELECT members.name, devices.name, used.session, session_name, session_description, tags, project, repository, \
         branch, last_start, {counts} FROM (SELECT device, session, max(session_name) AS session_name, \
         max(session_description) AS session_description, max(tags) AS tags, max(project) AS project, \
         max(repository) AS repository, max(branch) AS branch, max(last_start) AS last_start, {sums} FROM usage_days \
         WHERE organization = $1 AND day >= $2 AND day <= $3 AND session <> '' GROUP BY device, session \
         ORDER BY max(last_start) DESC NULLS LAST, session LIMIT $4) AS used \
         JOIN devices ON devices.organization = $1 AND devices.id = used.device \
         JOIN members ON members.organization = $1 AND members.id = devices.member \
         ORDER BY last_start DESC NULLS LAST, used.session",
        counts = COUNT_COLUMNS.join(", "),
        sums = sums.join(", "),
    )
}

fn read_session(row: &Row, now: DateTime<Utc>) -> Result<TeamSession, HubError> {
    let text = |at: usize| Some(row.get::<_, String>(at)).filter(|text| !text.is_empty());
    let last_start: Option<DateTime<Utc>> = row.get(9);
    let sum = read_sum(row, TEXTS)?;
    Ok(TeamSession {
        member: row.get(0),
        device: row.get(1),
        session: row.get(2),
        session_name: text(3),
        description: text(4),
        tags: parse_tags(row.get(5)),
        project: text(6),
        repository: text(7),
        branch: text(8),
        last_activity: last_start.map(|start| (start + ROW_LENGTH).min(now.max(start))),
        is_active: last_start.is_some_and(|start| is_active(start, now)),
        totals: exact_totals(&sum),
    })
}

/// Returns true if usage in the five minutes from a start may be less than five minutes ago. A clock may be ahead.
fn is_active(start: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let since_end = now - (start + ROW_LENGTH);
    since_end < ACTIVE_TIME && since_end > ROW_LENGTH * -2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_active_until_five_minutes_after_its_last_row() {
        let time = |text: &str| -> DateTime<Utc> { text.parse().expect("a time") };
        let start = time("2026-03-01T12:05:00Z");
        for (now, expected) in [
            ("2026-03-01T12:05:01Z", true),
            ("2026-03-01T12:14:59Z", true),
            ("2026-03-01T12:15:00Z", false),
            ("2026-03-02T12:05:00Z", false),
            ("2026-02-28T12:05:00Z", false),
        ] {
            assert_eq!(is_active(start, time(now)), expected, "{now}");
        }
    }
}
