//! The identity of who sends a request: a device, whose token is compared with the stored hash, or a browser that signed in with
//! one.

mod session;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use chrono::Utc;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use subtle::ConstantTimeEq;
use token_monitor_core::team::DeviceToken;
use tokio_postgres::Row;
use uuid::Uuid;

pub(crate) use crate::access::session::{BrowserSession, clear_cookie, set_cookie};
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
    /// Parses a token as it is sent, or as it was printed, with the key of the pseudonyms.
    ///
    /// # Errors
    ///
    /// If it is no token.
    pub(crate) fn from_token(text: &str) -> Result<Self, HubError> {
        let text = text.trim();
        let token = text.parse().or_else(|_| DeviceToken::from_credential(text)).map_err(|_| HubError::Unauthorized)?;
        Ok(Self::new(&token))
    }

    fn new(token: &DeviceToken) -> Self {
        Self {
            organization: Uuid::from_bytes(token.organization),
            device: Uuid::from_bytes(token.device),
            secret_hash: hash_secret(&token.secret),
        }
    }

    /// Parses the header `Authorization`.
    ///
    /// # Errors
    ///
    /// If it has no token.
    pub(crate) fn from_header(header: Option<&str>) -> Result<Self, HubError> {
        let text = header.and_then(|header| header.strip_prefix(SCHEME)).ok_or(HubError::Unauthorized)?;
        Ok(Self::new(&DeviceToken::from_credential(text).map_err(|_| HubError::Unauthorized)?))
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

    /// Checks the credential against the database and returns the member, to whose organization everything that follows is
    /// limited.
    ///
    /// # Errors
    ///
    /// Under the conditions of [`Self::check`], or if the database cannot be used.
    pub(crate) async fn authenticate(&self, database: &Database) -> Result<Caller, HubError> {
        const FIND: &str = "SELECT devices.secret_hash, devices.revoked_at IS NOT NULL AS is_revoked, \
            members.name, members.is_admin FROM devices \
            JOIN members ON members.organization = devices.organization AND members.id = devices.member \
            WHERE devices.organization = $1 AND devices.id = $2";
        let connection = database.connection().await?;
        let find = connection.prepare_cached(FIND).await?;
        let device = connection.query_opt(&find, &[&self.organization, &self.device]).await?;
        self.check(device.as_ref())?;
        let device = device.ok_or(HubError::Unauthorized)?;
        Ok(Caller { organization: self.organization, member: device.get("name"), is_admin: device.get("is_admin") })
    }
}

/// The member who sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The organization.
    pub(crate) organization: Uuid,
    /// The name of the member.
    pub(crate) member: String,
    /// True if the member may change what concerns the whole organization.
    pub(crate) is_admin: bool,
}

impl Caller {
    /// Returns the organization.
    ///
    /// # Errors
    ///
    /// If the member is no administrator.
    pub(crate) fn organization_of_admin(&self) -> Result<Uuid, HubError> {
        if self.is_admin { Ok(self.organization) } else { Err(HubError::Forbidden) }
    }
}

/// Returns the credential of a request.
///
/// # Errors
///
/// If it has none.
pub(crate) fn credential(headers: &HeaderMap) -> Result<Credential, HubError> {
    Credential::from_header(headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()))
}

/// Returns the member who sent a request, by its token or else by the session of the browser.
///
/// # Errors
///
/// If the request has neither, they are not valid, or the database cannot be used.
pub(crate) async fn authenticate(headers: &HeaderMap, database: &Database) -> Result<Caller, HubError> {
    match BrowserSession::from_headers(headers) {
        Some(session) if !headers.contains_key(AUTHORIZATION) => session.authenticate(database, Utc::now()).await,
        _ => credential(headers)?.authenticate(database).await,
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
