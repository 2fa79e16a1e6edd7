//! Sends updates to a hub over HTTP.
//!
//! Redirects are not followed, because the token is sent.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use token_monitor_core::team::{DeviceToken, TeamReceipt, USAGE_PATH};
use ureq::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};

use crate::http::{compress, is_transient, is_transient_status, retry_after};
use crate::team::hub_url::HubUrl;

/// The longest time for one request.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The largest response, in bytes.
const MAX_RESPONSE_BYTES: u64 = 64 << 10;

/// Sends updates to one hub.
#[derive(Clone, Debug)]
pub struct TeamSender {
    agent: Agent,
    url: HubUrl,
    token: DeviceToken,
}

/// The reason why an update was not accepted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TeamSendError {
    /// The hub did not answer, or asks to try again. Whether it has the update is not known.
    #[error("the hub cannot be reached: {message}")]
    Unreachable {
        /// The reason.
        message: String,
        /// The wait that the hub asks for.
        retry_after: Option<Duration>,
    },
    /// The hub has a later generation or later rows than this device remembers.
    #[error("the hub has later figures of this device")]
    Conflict(TeamReceipt),
    /// The hub does not accept the update.
    #[error("the hub answered {status}: {message}")]
    Refused {
        /// The status.
        status: u16,
        /// The reason, in the hub's words.
        message: String,
    },
}

/// The part of problem details that is shown.
#[derive(Deserialize)]
struct ProblemText {
    detail: String,
}

impl TeamSender {
    /// Creates a sender. Nothing is sent yet.
    pub fn new(url: HubUrl, token: DeviceToken) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(TIMEOUT))
            .user_agent(concat!("token-monitor/", env!("CARGO_PKG_VERSION")));
        Self { agent: config.build().into(), url, token }
    }

    /// Sends an update as JSON and waits for the receipt.
    ///
    /// # Errors
    ///
    /// If there is no receipt.
    pub fn send(&self, update: &[u8], now: DateTime<Utc>) -> Result<TeamReceipt, TeamSendError> {
        let body = compress(update).map_err(|error| unreachable(&error.into()))?;
        let request = self
            .agent
            .post(self.url.join(USAGE_PATH))
            .header(AUTHORIZATION, format!("Bearer {}", self.token.credential()))
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_ENCODING, "gzip");
        let response = request.send(body.as_slice()).map_err(|error| match is_transient(&error) {
            true => unreachable(&error),
            false => TeamSendError::Refused { status: 0, message: error.to_string() },
        })?;
        read_receipt(response, now)
    }
}

fn unreachable(error: &ureq::Error) -> TeamSendError {
    TeamSendError::Unreachable { message: error.to_string(), retry_after: None }
}

fn read_receipt(response: Response<Body>, now: DateTime<Utc>) -> Result<TeamReceipt, TeamSendError> {
    let (status, wait) = (response.status(), retry_after(response.headers(), now));
    let body = response.into_body().with_config().limit(MAX_RESPONSE_BYTES).read_to_vec();
    let Ok(body) = body else {
        return Err(TeamSendError::Unreachable { message: "the answer broke off".to_owned(), retry_after: wait });
    };
    let receipt = || {
        serde_json::from_slice(&body).map_err(|_| TeamSendError::Refused {
            status: status.as_u16(),
            message: "there is no hub at this address".to_owned(),
        })
    };
    match status {
        StatusCode::OK => receipt(),
        StatusCode::CONFLICT => Err(TeamSendError::Conflict(receipt()?)),
        status if is_transient_status(status) || status == StatusCode::INTERNAL_SERVER_ERROR => {
            Err(TeamSendError::Unreachable { message: status.to_string(), retry_after: wait })
        }
        status => Err(TeamSendError::Refused { status: status.as_u16(), message: problem_text(&body) }),
    }
}

fn problem_text(body: &[u8]) -> String {
    serde_json::from_slice::<ProblemText>(body)
        .map_or_else(|_| "there is no hub at this address".to_owned(), |it| it.detail)
}
