//! Members of organizations, and their devices.

use chrono::{DateTime, Utc};
use deadpool_postgres::Transaction;
use serde::Serialize;
use token_monitor_core::team::DeviceToken;
use uuid::Uuid;

use crate::access::{hash_secret, random_bytes, random_id};
use crate::database::{Database, RetryAttempts};
use crate::error::HubError;
use crate::intake::DeviceScope;

/// The longest name, in characters.
const MAX_NAME_CHARS: usize = 120;

/// A device that was added, or got a new token.
#[derive(Clone, Debug)]
pub struct AddedDevice {
    /// The token. It is stored nowhere.
    pub token: DeviceToken,
    /// True if the device existed, and its former token is no longer valid.
    pub is_renewed: bool,
}

/// A device in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceRow {
    /// The name of the member.
    pub member: String,
    /// True if the member may change what concerns the whole organization.
    pub is_admin: bool,
    /// The name of the device.
    pub device: String,
    /// The level of detail that the device shares.
    pub level: i16,
    /// The time of the last update; null before the first.
    pub last_seen: Option<DateTime<Utc>>,
    /// The time when the token was revoked; null while it is valid.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Returns the name of an organization.
///
/// # Errors
///
/// If the database cannot be used.
pub(crate) async fn load_organization_name(database: &Database, organization: Uuid) -> Result<String, HubError> {
    const FIND: &str = "SELECT name FROM organizations WHERE id = $1";
    Ok(database.connection().await?.query_one(FIND, &[&organization]).await?.get(0))
}

/// The members of one organization.
#[derive(Clone, Debug)]
pub struct Members {
    database: Database,
    organization: Uuid,
    pseudonym_key: [u8; 16],
}

impl Members {
    /// Finds an organization by its name, or creates it.
    ///
    /// # Errors
    ///
    /// If the name is not valid or the database cannot be used.
    pub async fn find_or_create(database: &Database, name: &str) -> Result<Self, HubError> {
        const INSERT: &str = "INSERT INTO organizations (id, name, pseudonym_key, created_at) \
            VALUES ($1, $2, $3, now()) ON CONFLICT (name) DO NOTHING";
        let name = check_name(name)?;
        let key = random_bytes::<16>()?.to_vec();
        database.connection().await?.execute(INSERT, &[&random_id()?, &name, &key]).await?;
        Self::find(database, name).await
    }

    /// Finds an organization by its name.
    ///
    /// # Errors
    ///
    /// If there is none, or the database cannot be used.
    pub async fn find(database: &Database, name: &str) -> Result<Self, HubError> {
        const FIND: &str = "SELECT id, pseudonym_key FROM organizations WHERE name = $1";
        let not_found = || HubError::NotFound { kind: "organization", name: name.to_owned() };
        let row = database.connection().await?.query_opt(FIND, &[&name]).await?.ok_or_else(not_found)?;
        let key: Vec<u8> = row.get(1);
        let pseudonym_key = key.try_into().map_err(|_| HubError::BadRequest("the key is not valid".to_owned()))?;
        Ok(Self { database: database.clone(), organization: row.get(0), pseudonym_key })
    }

    /// Returns the id of the organization.
    pub fn organization(&self) -> Uuid {
        self.organization
    }

    /// Adds a device of a member, who is created if there is none of this name. An existing device gets a new token, and the
    /// former one is no longer valid.
    ///
    /// # Errors
    ///
    /// If a name is not valid or the database cannot be used.
    pub async fn add_device(&self, member: &str, device: &str) -> Result<AddedDevice, HubError> {
        let (member, device) = (check_name(member)?, check_name(device)?);
        let mut attempts = RetryAttempts::default();
        loop {
            match self.add_device_once(member, device).await {
                Err(error) => attempts.wait_after(error).await?,
                added => return added,
            }
        }
    }

    async fn add_device_once(&self, member: &str, device: &str) -> Result<AddedDevice, HubError> {
        const INSERT: &str = "INSERT INTO devices (organization, id, member, name, secret_hash, created_at) \
            VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT (organization, member, name) \
            DO UPDATE SET secret_hash = excluded.secret_hash, revoked_at = NULL RETURNING id";
        let mut connection = self.database.connection().await?;
        let transaction = connection.transaction().await?;
        let owner = self.find_or_create_member(&transaction, member).await?;
        let (secret, new_id) = (random_bytes::<32>()?, random_id()?);
        let hash = hash_secret(&secret);
        let row = transaction.query_one(INSERT, &[&self.organization, &new_id, &owner, &device, &hash]).await?;
        transaction.commit().await?;
        let id: Uuid = row.get(0);
        let token = DeviceToken {
            organization: *self.organization.as_bytes(),
            device: *id.as_bytes(),
            secret,
            pseudonym_key: self.pseudonym_key,
        };
        Ok(AddedDevice { token, is_renewed: id != new_id })
    }

    async fn find_or_create_member(&self, transaction: &Transaction<'_>, name: &str) -> Result<Uuid, HubError> {
        const INSERT: &str = "INSERT INTO members (organization, id, name, created_at) VALUES ($1, $2, $3, now()) \
            ON CONFLICT (organization, name) DO NOTHING";
        transaction.execute(INSERT, &[&self.organization, &random_id()?, &name]).await?;
        const FIND: &str = "SELECT id FROM members WHERE organization = $1 AND name = $2";
        Ok(transaction.query_one(FIND, &[&self.organization, &name]).await?.get(0))
    }

    /// Lets a member change what concerns the whole organization, or no longer.
    ///
    /// # Errors
    ///
    /// If there is no such member or the database cannot be used.
    pub async fn set_admin(&self, member: &str, is_admin: bool) -> Result<(), HubError> {
        const SET: &str = "UPDATE members SET is_admin = $3 WHERE organization = $1 AND name = $2";
        let connection = self.database.connection().await?;
        match connection.execute(SET, &[&self.organization, &member, &is_admin]).await? {
            0 => Err(HubError::NotFound { kind: "member", name: member.to_owned() }),
            _ => Ok(()),
        }
    }

    /// Lists the devices by member and name.
    ///
    /// # Errors
    ///
    /// If the database cannot be used.
    pub async fn list_devices(&self) -> Result<Vec<DeviceRow>, HubError> {
        list_devices(&self.database, self.organization).await
    }

    /// Revokes the tokens of a member, or that of one device. Returns the number of devices. With `delete_usage`, their
    /// usage is deleted as well.
    ///
    /// # Errors
    ///
    /// If there is no such member or device, or the database cannot be used.
    pub async fn revoke(&self, member: &str, device: Option<&str>, delete_usage: bool) -> Result<usize, HubError> {
        let mut attempts = RetryAttempts::default();
        loop {
            match self.revoke_once(member, device, delete_usage).await {
                Err(error) => attempts.wait_after(error).await?,
                revoked => return revoked,
            }
        }
    }

    async fn revoke_once(&self, member: &str, device: Option<&str>, delete_usage: bool) -> Result<usize, HubError> {
        const REVOKE: &str = "UPDATE devices SET revoked_at = coalesce(revoked_at, now()) WHERE organization = $1 \
            AND member = (SELECT id FROM members WHERE organization = $1 AND name = $2) \
            AND ($3::text IS NULL OR name = $3) RETURNING id";
        let mut connection = self.database.connection().await?;
        let transaction = connection.transaction().await?;
        let revoked = transaction.query(REVOKE, &[&self.organization, &member, &device]).await?;
        if revoked.is_empty() {
            let name = device.map_or_else(|| member.to_owned(), |device| format!("{device} of {member}"));
            return Err(HubError::NotFound { kind: if device.is_some() { "device" } else { "member" }, name });
        }
        for row in revoked.iter().filter(|_| delete_usage) {
            let scope = DeviceScope { organization: self.organization, device: row.get(0) };
            scope.delete_usage(&transaction, Utc::now()).await?;
        }
        transaction.commit().await?;
        Ok(revoked.len())
    }
}

/// Lists the devices of an organization by member and name.
pub(crate) async fn list_devices(database: &Database, organization: Uuid) -> Result<Vec<DeviceRow>, HubError> {
    const LIST: &str = "SELECT members.name, members.is_admin, devices.name, devices.level, devices.last_seen, \
        devices.revoked_at FROM devices JOIN members ON members.organization = devices.organization AND members.id = devices.member \
        WHERE devices.organization = $1 ORDER BY members.name, devices.name";
    let rows = database.connection().await?.query(LIST, &[&organization]).await?;
    let device = |row: &tokio_postgres::Row| DeviceRow {
        member: row.get(0),
        is_admin: row.get(1),
        device: row.get(2),
        level: row.get(3),
        last_seen: row.get(4),
        revoked_at: row.get(5),
    };
    Ok(rows.iter().map(device).collect())
}

/// Checks a name: not empty, trimmed, and without control characters.
pub(crate) fn check_name(name: &str) -> Result<&str, HubError> {
    let name = name.trim();
    let is_valid = !name.is_empty() && name.chars().count() <= MAX_NAME_CHARS && !name.chars().any(char::is_control);
    match is_valid {
        true => Ok(name),
        false => Err(HubError::BadRequest(format!("a name has 1 to {MAX_NAME_CHARS} characters"))),
    }
}
