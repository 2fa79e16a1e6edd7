//! Sends updates to a hub over HTTP.
//!
//! Redirects are not followed, because the token is sent.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use token_monitor_core::team::{
    DeviceToken, LIMITS_PATH, MAX_REACHED_BUDGETS, REACHED_BUDGETS_PATH, ReachedBudget, ReachedBudgets, TeamReceipt,
    USAGE_PATH,
};
use ureq::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use ureq::http::{Response, StatusCode};
use ureq::typestate::WithBody;
use ureq::{Agent, Body, RequestBuilder};

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
        let (status, wait, body) = self.send_json(self.agent.post(self.url.join(USAGE_PATH)), update, now)?;
        read_receipt(status, wait, &body)
    }

    /// Sends limits as JSON, which replace those at the hub.
    ///
    /// # Errors
    ///
    /// If the hub does not accept them.
    pub fn send_limits(&self, limits: &[u8], now: DateTime<Utc>) -> Result<(), TeamSendError> {
        let (status, wait, body) = self.send_json(self.agent.put(self.url.join(LIMITS_PATH)), limits, now)?;
        match status {
            StatusCode::NO_CONTENT => Ok(()),
            status => Err(refusal(status, wait, &body)),
        }
    }

    /// Reads the thresholds of budgets that were reached in this month. A hub of an earlier version reports none.
    ///
    /// # Errors
    ///
    /// If the hub does not answer as expected.
    pub fn read_reached_budgets(&self, now: DateTime<Utc>) -> Result<Vec<ReachedBudget>, TeamSendError> {
        let request = self.agent.get(self.url.join(REACHED_BUDGETS_PATH));
        let request = request.header(AUTHORIZATION, format!("Bearer {}", self.token.credential()));
        let (status, wait, body) = read_response(request.call().map_err(|error| unreachable(&error))?, now)?;
        match status {
            StatusCode::OK => parse_reached_budgets(&body),
            StatusCode::NOT_FOUND => Ok(Vec::new()),
            status => Err(refusal(status, wait, &body)),
        }
    }

    /// Sends JSON, and returns the status of the response, the wait that it asks for, and its body.
    fn send_json(
        &self,
        request: RequestBuilder<WithBody>,
        json: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(StatusCode, Option<Duration>, Vec<u8>), TeamSendError> {
        let body = compress(json).map_err(|error| unreachable(&error.into()))?;
        let request = request
            .header(AUTHORIZATION, format!("Bearer {}", self.token.credential()))
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_ENCODING, "gzip");
        let response = request.send(body.as_slice()).map_err(|error| match is_transient(&error) {
            true => unreachable(&error),
            false => TeamSendError::Refused { status: 0, message: error.to_string() },
        })?;
        read_response(response, now)
    }
}

fn unreachable(error: &ureq::Error) -> TeamSendError {
    TeamSendError::Unreachable { message: error.to_string(), retry_after: None }
}

/// Returns the status of a response, the wait that it asks for, and its body.
fn read_response(
    response: Response<Body>,
    now: DateTime<Utc>,
) -> Result<(StatusCode, Option<Duration>, Vec<u8>), TeamSendError> {
    let (status, wait) = (response.status(), retry_after(response.headers(), now));
    match response.into_body().with_config().limit(MAX_RESPONSE_BYTES).read_to_vec() {
        Ok(body) => Ok((status, wait, body)),
        Err(_) => Err(TeamSendError::Unreachable { message: "the answer broke off".to_owned(), retry_after: wait }),
    }
}

fn read_receipt(status: StatusCode, wait: Option<Duration>, body: &[u8]) -> Result<TeamReceipt, TeamSendError> {
    let receipt = || {
        serde_json::from_slice(body).map_err(|_| TeamSendError::Refused {
            status: status.as_u16(),
            message: "there is no hub at this address".to_owned(),
        })
    };
    match status {
        StatusCode::OK => receipt(),
        StatusCode::CONFLICT => Err(TeamSendError::Conflict(receipt()?)),
        status => Err(refusal(status, wait, body)),
    }
}

fn parse_reached_budgets(body: &[u8]) -> Result<Vec<ReachedBudget>, TeamSendError> {
    let list: ReachedBudgets = serde_json::from_slice(body).map_err(|error| TeamSendError::Refused {
        status: StatusCode::OK.as_u16(),
        message: format!("the budgets cannot be read: {error}"),
    })?;
    Ok(list.reached.into_iter().take(MAX_REACHED_BUDGETS).collect())
}

/// Returns the error of a response that does not accept what was sent.
fn refusal(status: StatusCode, wait: Option<Duration>, body: &[u8]) -> TeamSendError {
    match is_transient_status(status) || status == StatusCode::INTERNAL_SERVER_ERROR {
        true => TeamSendError::Unreachable { message: status.to_string(), retry_after: wait },
        false => TeamSendError::Refused { status: status.as_u16(), message: problem_text(body) },
    }
}

fn problem_text(body: &[u8]) -> String {
    serde_json::from_slice::<ProblemText>(body)
        .map_or_else(|_| "there is no hub at this address".to_owned(), |it| it.detail)
}
