//! The stored rules of an organization.

use serde_json::json;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::access::random_id;
use crate::allocation::rule::{AllocationRule, CostCenterShare, RuleSettings};
use crate::database::{Database, RetryAttempts};
use crate::error::HubError;

/// The largest number of rules of an organization.
const MAX_RULES: i64 = 500;

const LIST: &str = "SELECT id, position, from_day, until_day, member, project, repository, tag, shares \
    FROM allocation_rules WHERE organization = $1 ORDER BY position, id";

/// Inserts or replaces a rule. A new one without a position gets one after all others.
const SAVE: &str = "INSERT INTO allocation_rules \
    (organization, id, position, from_day, until_day, member, project, repository, tag, shares) \
    VALUES ($1, $2, coalesce($3, (SELECT coalesce(max(position), 0) + 1 FROM allocation_rules WHERE organization = $1)), \
    $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (organization, id) DO UPDATE SET \
    position = coalesce($3, allocation_rules.position), from_day = excluded.from_day, until_day = excluded.until_day, \
    member = excluded.member, project = excluded.project, repository = excluded.repository, tag = excluded.tag, \
    shares = excluded.shares RETURNING position";

/// The rules of one organization.
#[derive(Clone, Debug)]
pub struct AllocationRules {
    database: Database,
    organization: Uuid,
}

impl AllocationRules {
    /// Returns the rules of an organization.
    pub fn new(database: &Database, organization: Uuid) -> Self {
        Self { database: database.clone(), organization }
    }

    /// Lists the rules in the order in which they are tried.
    ///
    /// # Errors
    ///
    /// If the database cannot be used.
    pub async fn list(&self) -> Result<Vec<AllocationRule>, HubError> {
        let connection = self.database.connection().await?;
        let list = connection.prepare_cached(LIST).await?;
        connection.query(&list, &[&self.organization]).await?.iter().map(read_rule).collect()
    }

    /// Adds a rule.
    ///
    /// # Errors
    ///
    /// If the rule is not valid, there are too many, or the database cannot be used.
    pub async fn add(&self, settings: RuleSettings) -> Result<AllocationRule, HubError> {
        const COUNT: &str = "SELECT count(*) FROM allocation_rules WHERE organization = $1";
        let settings = settings.check()?;
        let count: i64 = self.database.connection().await?.query_one(COUNT, &[&self.organization]).await?.get(0);
        if count >= MAX_RULES {
            return Err(HubError::BadRequest(format!("an organization has at most {MAX_RULES} rules")));
        }
        self.save(random_id()?, settings).await
    }

    /// Replaces a rule. Without a position, it keeps its own.
    ///
    /// # Errors
    ///
    /// If there is no such rule, the new one is not valid, or the database cannot be used.
    pub async fn replace(&self, id: Uuid, settings: RuleSettings) -> Result<AllocationRule, HubError> {
        const FIND: &str = "SELECT 1 FROM allocation_rules WHERE organization = $1 AND id = $2";
        let settings = settings.check()?;
        let found = self.database.connection().await?.query_opt(FIND, &[&self.organization, &id]).await?;
        found.ok_or_else(|| not_found(id))?;
        self.save(id, settings).await
    }

    /// Removes a rule.
    ///
    /// # Errors
    ///
    /// If there is no such rule or the database cannot be used.
    pub async fn remove(&self, id: Uuid) -> Result<(), HubError> {
        const REMOVE: &str = "DELETE FROM allocation_rules WHERE organization = $1 AND id = $2";
        let removed = self.database.connection().await?.execute(REMOVE, &[&self.organization, &id]).await?;
        if removed == 0 { Err(not_found(id)) } else { Ok(()) }
    }

    async fn save(&self, id: Uuid, settings: RuleSettings) -> Result<AllocationRule, HubError> {
        let mut attempts = RetryAttempts::default();
        loop {
            match self.save_once(id, &settings).await {
                Err(error) => attempts.wait_after(error).await?,
                Ok(position) => {
                    return Ok(AllocationRule { id, settings: RuleSettings { position: Some(position), ..settings } });
                }
            }
        }
    }

    async fn save_once(&self, id: Uuid, settings: &RuleSettings) -> Result<i32, HubError> {
        let RuleSettings { position, from, until, member, project, repository, tag, shares } = settings;
        let shares = json!(shares).to_string();
        let values: [&(dyn ToSql + Sync); 10] =
            [&self.organization, &id, position, from, until, member, project, repository, tag, &shares];
        let connection = self.database.connection().await?;
        let save = connection.prepare_cached(SAVE).await?;
        Ok(connection.query_one(&save, &values).await?.get(0))
    }
}

fn not_found(id: Uuid) -> HubError {
    HubError::NotFound { kind: "rule", name: id.to_string() }
}

fn read_rule(row: &Row) -> Result<AllocationRule, HubError> {
    let shares: &str = row.get(8);
    let shares: Vec<CostCenterShare> =
        serde_json::from_str(shares).map_err(|_| HubError::InvalidShares(shares.to_owned()))?;
    let settings = RuleSettings {
        position: row.get(1),
        from: row.get(2),
        until: row.get(3),
        member: row.get(4),
        project: row.get(5),
        repository: row.get(6),
        tag: row.get(7),
        shares,
    };
    Ok(AllocationRule { id: row.get(0), settings })
}
