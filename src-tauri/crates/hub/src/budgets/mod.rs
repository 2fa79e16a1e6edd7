//! Budgets: a cost of a month for an organization or a cost center, and the thresholds of it that are reported by a webhook.

mod monitor;
mod webhook;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;
use token_monitor_core::team::{MAX_REACHED_BUDGETS, ReachedBudget, ReachedBudgets};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::access::{random_bytes, random_id};
use crate::database::Database;
use crate::error::HubError;
use crate::intake::to_unsigned;
use crate::members::check_name;

pub use crate::budgets::monitor::check_budgets;
use crate::budgets::monitor::cost_of_month;
pub(crate) use crate::budgets::monitor::{check_repeatedly, first_of_month};
pub use crate::budgets::webhook::{WebhookKey, signature_of};

/// The largest number of thresholds of a budget.
const MAX_THRESHOLDS: usize = 10;

/// The highest threshold, in percent.
const MAX_THRESHOLD: i32 = 1_000;

/// The largest cost of a budget, in billionths of a dollar: a billion dollars.
const MAX_COST_NANOS: i64 = 1_000_000_000_000_000_000;

/// The settings of a budget: the usage it applies to, its cost, and how it is reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetSettings {
    /// The cost center; the whole organization without one.
    pub cost_center: Option<String>,
    /// The cost of a month, in billionths of a dollar.
    pub monthly_cost_nanos: i64,
    /// The percentages of the cost that are reported, in ascending order.
    pub thresholds: Vec<i32>,
    /// The address to which messages are sent.
    #[serde(skip)]
    pub webhook_url: String,
}

/// A stored budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MonthlyBudget {
    /// The id.
    pub id: Uuid,
    /// The settings.
    #[serde(flatten)]
    pub settings: BudgetSettings,
    /// The months and thresholds that were reported or are about to be.
    pub reached: Vec<ReachedThreshold>,
}

/// A budget with the cost of the current month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MonthlyBudgetUse {
    /// The budget.
    #[serde(flatten)]
    pub budget: MonthlyBudget,
    /// The cost so far, in billionths of a dollar.
    pub cost_nanos: u128,
}

/// A threshold that was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReachedThreshold {
    /// The first day of the month.
    pub month: NaiveDate,
    /// The threshold, in percent.
    pub threshold: i32,
    /// True once the receiver has accepted the message.
    pub is_sent: bool,
}

/// The budgets of one organization.
#[derive(Clone, Debug)]
pub struct Budgets {
    database: Database,
    organization: Uuid,
}

impl BudgetSettings {
    fn check(mut self) -> Result<Self, HubError> {
        let invalid = |message: &str| Err(HubError::BadRequest(message.to_owned()));
        if let Some(name) = &mut self.cost_center {
            *name = check_name(name)?.to_owned();
        }
        self.thresholds.sort_unstable();
        self.thresholds.dedup();
        let count = self.thresholds.len();
        if !(1..=MAX_COST_NANOS).contains(&self.monthly_cost_nanos) {
            return invalid("a budget is more than $0 and at most a billion dollars");
        }
        if !(1..=MAX_THRESHOLDS).contains(&count) || !self.thresholds.iter().all(|at| (1..=MAX_THRESHOLD).contains(at))
        {
            return invalid("a budget has 1 to 10 thresholds from 1% to 1,000%");
        }
        match ["https://", "http://"].iter().any(|scheme| self.webhook_url.starts_with(scheme)) {
            true => Ok(self),
            false => invalid("the address of a webhook begins with https:// or http://"),
        }
    }
}

impl Budgets {
    /// Returns the budgets of an organization.
    pub fn new(database: &Database, organization: Uuid) -> Self {
        Self { database: database.clone(), organization }
    }

    /// Adds a budget, and returns its id and the key with which its messages are signed.
    ///
    /// # Errors
    ///
    /// If the settings are not valid, the system has no random numbers, or the database cannot be used.
    pub async fn add(&self, settings: BudgetSettings) -> Result<(Uuid, WebhookKey), HubError> {
        const INSERT: &str = "INSERT INTO budgets (organization, id, cost_center, monthly_cost_nanos, thresholds, \
            webhook_url, webhook_key, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, now())";
        let BudgetSettings { cost_center, monthly_cost_nanos, thresholds, webhook_url } = settings.check()?;
        let (id, key) = (random_id()?, random_bytes::<32>()?.to_vec());
        let thresholds = json!(thresholds).to_string();
        let values: [&(dyn ToSql + Sync); 7] =
            [&self.organization, &id, &cost_center, &monthly_cost_nanos, &thresholds, &webhook_url, &key];
        self.database.connection().await?.execute(INSERT, &values).await?;
        Ok((id, WebhookKey(key)))
    }

    /// Lists the budgets, oldest first, with the thresholds that were reached.
    ///
    /// # Errors
    ///
    /// If the database cannot be used.
    pub async fn list(&self) -> Result<Vec<MonthlyBudget>, HubError> {
        const LIST: &str = "SELECT id, cost_center, monthly_cost_nanos, thresholds, webhook_url FROM budgets \
            WHERE organization = $1 ORDER BY created_at, id";
        const REACHED: &str = "SELECT budget, month, threshold, sent_at IS NOT NULL FROM budget_alerts \
            WHERE organization = $1 ORDER BY month, threshold";
        let connection = self.database.connection().await?;
        let reached = connection.query(REACHED, &[&self.organization]).await?;
        let budgets = connection.query(LIST, &[&self.organization]).await?;
        Ok(budgets.iter().map(|row| read_budget(row, &reached)).collect())
    }

    /// Lists the budgets with the cost of the current month.
    ///
    /// # Errors
    ///
    /// If the database cannot be used.
    pub async fn list_with_costs(&self, today: NaiveDate) -> Result<Vec<MonthlyBudgetUse>, HubError> {
        let mut used = Vec::new();
        for budget in self.list().await? {
            let cost_center = budget.settings.cost_center.as_deref();
            let cost_nanos = cost_of_month(&self.database, self.organization, cost_center, today).await?;
            used.push(MonthlyBudgetUse { budget, cost_nanos });
        }
        Ok(used)
    }

    /// Returns the thresholds that were reached in a month, without computing costs. `month` is its first day.
    ///
    /// # Errors
    ///
    /// If the database cannot be used.
    pub(crate) async fn list_reached(&self, month: NaiveDate) -> Result<ReachedBudgets, HubError> {
        const LIST: &str = "SELECT budgets.id, cost_center, monthly_cost_nanos, month, threshold FROM budget_alerts \
            JOIN budgets ON budgets.organization = budget_alerts.organization AND budgets.id = budget_alerts.budget \
            WHERE budget_alerts.organization = $1 AND month = $2 ORDER BY created_at, budgets.id, threshold LIMIT $3";
        let connection = self.database.connection().await?;
        let limit = i64::try_from(MAX_REACHED_BUDGETS).unwrap_or(i64::MAX);
        let rows = connection.query(LIST, &[&self.organization, &month, &limit]).await?;
        let reached = |row: &Row| ReachedBudget {
            budget: row.get::<_, Uuid>(0).to_string(),
            cost_center: row.get(1),
            monthly_cost_nanos: to_unsigned(row.get(2)),
            month: row.get(3),
            threshold: to_unsigned(i64::from(row.get::<_, i32>(4))),
        };
        Ok(ReachedBudgets { reached: rows.iter().map(reached).collect() })
    }

    /// Removes a budget.
    ///
    /// # Errors
    ///
    /// If there is no such budget or the database cannot be used.
    pub async fn remove(&self, id: Uuid) -> Result<(), HubError> {
        let connection = self.database.connection().await?;
        let alerts = "DELETE FROM budget_alerts WHERE organization = $1 AND budget = $2";
        connection.execute(alerts, &[&self.organization, &id]).await?;
        let budget = "DELETE FROM budgets WHERE organization = $1 AND id = $2";
        match connection.execute(budget, &[&self.organization, &id]).await? {
            0 => Err(HubError::NotFound { kind: "budget", name: id.to_string() }),
            _ => Ok(()),
        }
    }
}

fn read_budget(row: &Row, reached: &[Row]) -> MonthlyBudget {
    let id: Uuid = row.get(0);
    let own = reached.iter().filter(|reached| reached.get::<_, Uuid>(0) == id);
    let reached = own.map(|row| ReachedThreshold { month: row.get(1), threshold: row.get(2), is_sent: row.get(3) });
    MonthlyBudget {
        id,
        settings: BudgetSettings {
            cost_center: row.get(1),
            monthly_cost_nanos: row.get(2),
            thresholds: serde_json::from_str(row.get(3)).unwrap_or_default(),
            webhook_url: row.get(4),
        },
        reached: reached.collect(),
    }
}
