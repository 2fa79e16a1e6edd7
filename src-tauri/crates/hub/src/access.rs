//! The identity of a device: its token is compared with the stored hash.

use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use subtle::ConstantTimeEq;
use token_monitor_core::team::DeviceToken;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::database::Database;
use crate::error::HubError;

/// The scheme of the header `Authorization`.
const SCHEME: &str = "Bearer ";

/// The credential of a request.
#[derive(Clone, Debug)]
pub(crate) struct Credential {
    /// The organization that the token names.
    pub(crate) organization: Uuid,
    /// The device that the token names.
    pub(crate) device: Uuid,
    secret_hash: Vec<u8>,
}

impl Credential {
    /// Parses the header `Authorization`.
    ///
    /// # Errors
    ///
    /// If it has no token.
    pub(crate) fn from_header(header: Option<&str>) -> Result<Self, HubError> {
        let text = header.and_then(|header| header.strip_prefix(SCHEME)).ok_or(HubError::Unauthorized)?;
        let token = DeviceToken::from_credential(text).map_err(|_| HubError::Unauthorized)?;
        Ok(Self {
            organization: Uuid::from_bytes(token.organization),
            device: Uuid::from_bytes(token.device),
            secret_hash: hash_secret(&token.secret),
        })
    }

    /// Checks the credential against a row of `devices` with the columns `secret_hash` and `revoked_at`.
    ///
    /// # Errors
    ///
    /// If there is no such device, the secret is another one, or the token was revoked.
    pub(crate) fn check(&self, device: Option<&Row>) -> Result<(), HubError> {
        let device = device.ok_or(HubError::Unauthorized)?;
        let (hash, is_revoked): (Vec<u8>, bool) = (device.get("secret_hash"), device.get("is_revoked"));
        let is_same: bool = hash.ct_eq(&self.secret_hash).into();
        if is_same && !is_revoked { Ok(()) } else { Err(HubError::Unauthorized) }
    }

    /// Checks the credential against the database and returns the organization, to which everything that follows is limited.
    ///
    /// # Errors
    ///
    /// Under the conditions of [`Self::check`], or if the database cannot be used.
    pub(crate) async fn authenticate(&self, database: &Database) -> Result<Uuid, HubError> {
        const FIND: &str = "SELECT secret_hash, revoked_at IS NOT NULL AS is_revoked FROM devices \
            WHERE organization = $1 AND id = $2";
        let connection = database.connection().await?;
        let find = connection.prepare_cached(FIND).await?;
        let device = connection.query_opt(&find, &[&self.organization, &self.device]).await?;
        self.check(device.as_ref())?;
        Ok(self.organization)
    }
}

/// Returns the stored form of a secret. It has 256 random bits, so it cannot be guessed from its hash.
pub(crate) fn hash_secret(secret: &[u8]) -> Vec<u8> {
    digest(&SHA256, secret).as_ref().to_vec()
}

/// Returns random bytes.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], HubError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| HubError::NoRandomNumbers)?;
    Ok(bytes)
}

/// Returns a random UUID (version 4).
pub(crate) fn random_id() -> Result<Uuid, HubError> {
    Ok(uuid::Builder::from_random_bytes(random_bytes()?).into_uuid())
}
