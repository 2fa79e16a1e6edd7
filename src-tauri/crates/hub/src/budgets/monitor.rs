//! Compares the costs of the current month with budgets, and reports thresholds that were reached.
//!
//! Any number of hubs check the same budgets. A threshold is a row that one of them inserts, and a message is sent by the hub that
//! has claimed the row. If that hub ends before the receiver has accepted the message, another one sends it with the same id after
//! the claim has expired.

use std::error::Error;
use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use serde::Serialize;
use serde_json::json;
use token_monitor_core::money::Usd;
use tokio_postgres::types::ToSql;
use tracing::warn;
use uuid::Uuid;

use crate::allocation::allocate_usage;
use crate::budgets::webhook::{WebhookKey, WebhookMessage};
use crate::database::Database;
use crate::error::HubError;
use crate::report::ReportRequest;

/// The interval of the checks. Devices push once a minute.
const CHECK_INTERVAL: Duration = Duration::from_secs(60);

/// The time for which a hub that sends a message keeps others from doing so.
const CLAIM_TTL: TimeDelta = TimeDelta::minutes(2);

/// Checks the budgets of all organizations until the future is dropped.
pub(crate) async fn check_repeatedly(database: &Database) {
    let mut interval = tokio::time::interval(CHECK_INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        if let Err(error) = check_budgets(database, Utc::now()).await {
            warn!(error = &error as &dyn Error, "The budgets could not be checked.");
        }
    }
}

/// Checks the budgets of all organizations once, and sends what is due. Returns the number of messages that receivers have accepted.
///
/// # Errors
///
/// If the database cannot be used.
pub async fn check_budgets(database: &Database, now: DateTime<Utc>) -> Result<usize, HubError> {
    const LIST: &str = "SELECT budgets.organization, organizations.name, budgets.id, cost_center, monthly_cost_nanos, \
        thresholds, webhook_url, webhook_key FROM budgets \
        JOIN organizations ON organizations.id = budgets.organization";
    let rows = database.connection().await?.query(LIST, &[]).await?;
    let mut sent = 0;
    for row in rows {
        let budget = CheckedBudget {
            organization: row.get(0),
            organization_name: row.get(1),
            id: row.get(2),
            cost_center: row.get(3),
            cost_nanos: u128::try_from(row.get::<_, i64>(4)).unwrap_or_default(),
            thresholds: serde_json::from_str(row.get(5)).unwrap_or_default(),
            url: row.get(6),
            key: WebhookKey(row.get(7)),
        };
        sent += budget.check(database, now).await?;
    }
    Ok(sent)
}

/// A budget with what is needed to report it.
#[derive(Debug)]
struct CheckedBudget {
    organization: Uuid,
    organization_name: String,
    id: Uuid,
    cost_center: Option<String>,
    cost_nanos: u128,
    thresholds: Vec<i32>,
    url: String,
    key: WebhookKey,
}

/// The content of a message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BudgetEvent<'a> {
    organization: &'a str,
    cost_center: Option<&'a str>,
    /// The month, such as `2026-03`.
    month: String,
    /// In percent.
    threshold: i32,
    /// In dollars.
    budget: f64,
    /// The cost so far, in dollars.
    cost: f64,
    cost_nanos: u128,
}

/// Returns the cost of an organization, or of one of its cost centers, from the first day of a month until a day of it, in billionths
/// of a dollar.
///
/// # Errors
///
/// If the database cannot be used.
pub(super) async fn cost_of_month(
    database: &Database,
    organization: Uuid,
    cost_center: Option<&str>,
    today: NaiveDate,
) -> Result<u128, HubError> {
    let request = ReportRequest { since: Some(first_of_month(today)), until: Some(today), ..ReportRequest::default() };
    let allocated = allocate_usage(database, organization, &request).await?;
    let is_own = |name: &Option<String>| cost_center.is_none() || name.as_deref() == cost_center;
    Ok(allocated.iter().filter(|(key, _)| is_own(&key.cost_center)).map(|(_, sum)| sum.cost.nanos).sum())
}

/// Returns the first day of the month of a day.
pub(crate) fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

impl CheckedBudget {
    async fn check(&self, database: &Database, now: DateTime<Utc>) -> Result<usize, HubError> {
        let today = now.date_naive();
        let month = first_of_month(today);
        let spent = cost_of_month(database, self.organization, self.cost_center.as_deref(), today).await?;
        let reached = self.thresholds.iter().filter(|threshold| {
            let threshold = u128::try_from(**threshold).unwrap_or_default();
            spent * 100 >= self.cost_nanos * threshold
        });
        let mut sent = 0;
        for threshold in reached {
            if self.claim(database, month, *threshold, now).await? {
                sent += usize::from(self.report(database, month, *threshold, spent, now).await?);
            }
        }
        Ok(sent)
    }

    /// Claims the message about a threshold. Returns false if it was sent already, or another hub is sending it.
    async fn claim(
        &self,
        database: &Database,
        month: NaiveDate,
        threshold: i32,
        now: DateTime<Utc>,
    ) -> Result<bool, HubError> {
        const CLAIM: &str = "INSERT INTO budget_alerts (organization, budget, month, threshold, claimed_until) \
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization, budget, month, threshold) \
            DO UPDATE SET claimed_until = excluded.claimed_until \
            WHERE budget_alerts.sent_at IS NULL AND budget_alerts.claimed_until <= $6";
        let until = now + CLAIM_TTL;
        let values: [&(dyn ToSql + Sync); 6] = [&self.organization, &self.id, &month, &threshold, &until, &now];
        Ok(database.connection().await?.execute(CLAIM, &values).await? == 1)
    }

    /// Sends the message about a threshold. Returns true if the receiver has accepted it.
    async fn report(
        &self,
        database: &Database,
        month: NaiveDate,
        threshold: i32,
        spent: u128,
        now: DateTime<Utc>,
    ) -> Result<bool, HubError> {
        const SENT: &str = "UPDATE budget_alerts SET sent_at = $5 \
            WHERE organization = $1 AND budget = $2 AND month = $3 AND threshold = $4";
        let message = self.message(month, threshold, spent);
        let delivery = tokio::task::spawn_blocking(move || message.send(now)).await;
        match delivery {
            Ok(Ok(())) => {
                let values: [&(dyn ToSql + Sync); 5] = [&self.organization, &self.id, &month, &threshold, &now];
                database.connection().await?.execute(SENT, &values).await?;
                Ok(true)
            }
            Ok(Err(error)) => {
                warn!(budget = %self.id, threshold, error = &error as &dyn Error, "A webhook did not accept a message.");
                Ok(false)
            }
            Err(error) => {
                warn!(budget = %self.id, threshold, error = &error as &dyn Error, "A message was not sent.");
                Ok(false)
            }
        }
    }

    fn message(&self, month: NaiveDate, threshold: i32, spent: u128) -> WebhookMessage {
        let dollars = |nanos: u128| nanos as f64 / Usd::ONE.0 as f64;
        let event = BudgetEvent {
            organization: &self.organization_name,
            cost_center: self.cost_center.as_deref(),
            month: month.format("%Y-%m").to_string(),
            threshold,
            budget: dollars(self.cost_nanos),
            cost: dollars(spent),
            cost_nanos: spent,
        };
        WebhookMessage {
            url: self.url.clone(),
            key: self.key.clone(),
            id: format!("{}-{}-{threshold}", self.id.simple(), month.format("%Y-%m")),
            body: json!({ "type": "budget.threshold_reached", "data": event }).to_string(),
        }
    }
}
