//! The sessions of browsers that signed in. The database has the hash of their ids, so any hub knows them.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::access::{Caller, Credential, hash_secret, random_bytes};
use crate::database::Database;
use crate::error::HubError;

/// The name of the cookie.
const COOKIE_NAME: &str = "token_monitor_hub_session";

/// The time for which a session is valid.
const SESSION_TTL: TimeDelta = TimeDelta::days(30);

/// The number of random bytes of the id of a session.
const ID_BYTES: usize = 32;

/// The session that a cookie names.
#[derive(Clone, Debug)]
pub(crate) struct BrowserSession {
    organization: Uuid,
    id_hash: Vec<u8>,
}

impl BrowserSession {
    /// Starts a session of a device's token, and returns the value of the cookie. The credential must be valid.
    ///
    /// # Errors
    ///
    /// If the system has no random numbers, or the database cannot be used.
    pub(crate) async fn start(
        database: &Database,
        credential: &Credential,
        now: DateTime<Utc>,
    ) -> Result<String, HubError> {
        const EXPIRE: &str = "DELETE FROM sessions WHERE organization = $1 AND expires_at <= $2";
        const INSERT: &str = "INSERT INTO sessions (organization, id_hash, device, token_hash, expires_at) \
            VALUES ($1, $2, $3, $4, $5)";
        let id = random_bytes::<ID_BYTES>()?;
        let Credential { organization, device, secret_hash } = credential;
        let connection = database.connection().await?;
        connection.execute(EXPIRE, &[organization, &now]).await?;
        let expires_at = now + SESSION_TTL;
        connection.execute(INSERT, &[organization, &hash_secret(&id), device, secret_hash, &expires_at]).await?;
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(format!("{}.{id}", organization.simple()))
    }

    /// Parses the cookies of a request.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == COOKIE_NAME)?;
        let (organization, id) = value.split_once('.')?;
        let organization = Uuid::try_parse(organization).ok()?;
        Some(Self { organization, id_hash: hash_secret(&parse_hex(id)?) })
    }

    /// Returns the member of the session.
    ///
    /// # Errors
    ///
    /// If the session has ended, the token was revoked or replaced, or the database cannot be used.
    pub(crate) async fn authenticate(&self, database: &Database, now: DateTime<Utc>) -> Result<Caller, HubError> {
        const FIND: &str = "SELECT members.name, members.is_admin FROM sessions \
            JOIN devices ON devices.organization = sessions.organization AND devices.id = sessions.device \
            AND devices.secret_hash = sessions.token_hash AND devices.revoked_at IS NULL \
            JOIN members ON members.organization = devices.organization AND members.id = devices.member \
            WHERE sessions.organization = $1 AND sessions.id_hash = $2 AND sessions.expires_at > $3";
        let connection = database.connection().await?;
        let find = connection.prepare_cached(FIND).await?;
        let found = connection.query_opt(&find, &[&self.organization, &self.id_hash, &now]).await?;
        let found = found.ok_or(HubError::Unauthorized)?;
        Ok(Caller { organization: self.organization, member: found.get("name"), is_admin: found.get("is_admin") })
    }

    /// Ends the session.
    ///
    /// # Errors
    ///
    /// If the database cannot be used.
    pub(crate) async fn end(&self, database: &Database) -> Result<(), HubError> {
        const DELETE: &str = "DELETE FROM sessions WHERE organization = $1 AND id_hash = $2";
        database.connection().await?.execute(DELETE, &[&self.organization, &self.id_hash]).await?;
        Ok(())
    }
}

/// Returns the header `Set-Cookie` for a session. `is_secure` keeps the browser from sending it without TLS.
pub(crate) fn set_cookie(value: &str, is_secure: bool) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    let seconds = SESSION_TTL.num_seconds();
    format!("{COOKIE_NAME}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

/// Returns the header `Set-Cookie` that removes the cookie.
pub(crate) fn clear_cookie() -> String {
    format!("{COOKIE_NAME}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
}

fn parse_hex(text: &str) -> Option<[u8; ID_BYTES]> {
    let mut bytes = [0; ID_BYTES];
    if text.len() != 2 * ID_BYTES || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let id = "ab".repeat(ID_BYTES);
        let cookie = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_str(&format!("a=b; {COOKIE_NAME}={value}; c=d")).expect("text"));
            BrowserSession::from_headers(&headers)
        };
        let found = cookie(&format!("{}.{id}", Uuid::nil().simple())).expect("it is one");
        assert_eq!(found.id_hash, hash_secret(&[0xab; ID_BYTES]));
        for wrong in ["", ".", &id, &format!("x.{id}"), &format!("{}.{}", Uuid::nil().simple(), &id[1..])] {
            assert!(cookie(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn scripts_and_other_sites_do_not_get_the_cookie() {
        let set = set_cookie("x", true);
        assert!(set.contains("; HttpOnly; SameSite=Strict;") && set.ends_with("; Secure"));
        assert!(!set_cookie("x", false).contains("Secure"));
    }
}
