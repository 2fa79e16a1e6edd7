//! The access of the popover's page: requests it may send, and their limits.
//!
//! The page renders text from logs, so it is trusted less than the command: it can read what it shows and change
//! what its controls change. It cannot make the engine run a program or connect to an address.

use crate::api::error::{ApiError, ErrorCode};
use crate::api::request::{Request, SessionQuery};
use crate::config::RESTRICTED_SETTINGS;

/// The largest number of rows the page gets at once.
const MAX_PAGE_ROWS: usize = 500;

/// The longest session id, name or search of the page, in bytes.
const MAX_TEXT_BYTES: usize = 1024;

impl Request {
    /// Returns true if the popover's page may send the request.
    pub fn is_allowed_from_page(&self) -> bool {
        match self {
            Self::Snapshot
            | Self::Sessions(_)
            | Self::Session { .. }
            | Self::UpdateSession { .. }
            | Self::BlockHistory { .. }
            | Self::History { .. }
            | Self::Settings
            | Self::Alerts { .. }
            | Self::MarkAlertsSeen
            | Self::TestAlert { .. }
            | Self::PauseAlerts { .. } => true,
            Self::SetSetting { key, .. } => !RESTRICTED_SETTINGS.contains(&key.as_str()),
            Self::Sync
            | Self::Blocks { .. }
            | Self::Days { .. }
            | Self::Models
            | Self::Report(_)
            | Self::Backtest
            | Self::MarkAppOpened
            | Self::ReportAlertStatus { .. }
            | Self::ReportShortcutStatus { .. }
            | Self::ReportBackgroundStatus { .. }
            | Self::Backups
            | Self::CreateBackup
            | Self::RestoreBackup { .. }
            | Self::Team(_)
            | Self::Health
            | Self::Diagnostics => false,
        }
    }

    /// Checks a request of the page and limits the number of rows it asks for. Fails with `Forbidden` if the page may
    /// not send it, and with `NotFound` if its session is too long to be one.
    pub fn restrict_to_page(self) -> Result<Self, ApiError> {
        if !self.is_allowed_from_page() {
            let error = ApiError::new(ErrorCode::Forbidden, "the popover cannot do this");
            return Err(error.with_hint("Use token-monitor in a terminal."));
        }
        match self {
            Self::Session { session } | Self::UpdateSession { session, .. } if session.len() > MAX_TEXT_BYTES => {
                Err(ApiError::new(ErrorCode::NotFound, "there is no such session"))
            }
            Self::Sessions(query) => {
                let search = query.search.filter(|text| text.len() <= MAX_TEXT_BYTES);
                Ok(Self::Sessions(SessionQuery { limit: query.limit.min(MAX_PAGE_ROWS), search, ..query }))
            }
            Self::BlockHistory { offset, limit } => Ok(Self::BlockHistory { offset, limit: limit.min(MAX_PAGE_ROWS) }),
            Self::Alerts { limit } => Ok(Self::Alerts { limit: limit.min(MAX_PAGE_ROWS) }),
            other => Ok(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};
    use token_monitor_core::report::model::{
        AlertRule, BackgroundCommand, DeliveryStatus, HistoryBy, Pause, SessionChanges,
    };

    use super::*;
    use crate::config::KEYS;

    fn set_setting(key: &str) -> Request {
        Request::SetSetting { key: key.to_owned(), value: Some(json!("x")) }
    }

    #[rstest]
    #[case(Request::Snapshot)]
    #[case(Request::Sessions(SessionQuery::default()))]
    #[case(Request::Session { session: "s".into() })]
    #[case(Request::UpdateSession { session: "s".into(), changes: SessionChanges::default() })]
    #[case(Request::BlockHistory { offset: 0, limit: 1 })]
    #[case(Request::History { from: None, to: None, by: HistoryBy::Model })]
    #[case(Request::Settings)]
    #[case(set_setting("display.theme"))]
    #[case(Request::Alerts { limit: 1 })]
    #[case(Request::MarkAlertsSeen)]
    #[case(Request::TestAlert { rule: AlertRule::Block })]
    #[case(Request::PauseAlerts { pause: Pause::Off })]
    fn the_page_may_send_the_requests_of_its_controls(#[case] request: Request) {
        assert_eq!(request.clone().restrict_to_page(), Ok(request));
    }

    #[rstest]
    #[case(Request::Sync)]
    #[case(Request::Blocks { anchor: None })]
    #[case(Request::Days { zone: None })]
    #[case(Request::Models)]
    #[case(Request::Report(Box::default()))]
    #[case(Request::Backtest)]
    #[case(Request::MarkAppOpened)]
    #[case(Request::ReportShortcutStatus { unavailable: None })]
    #[case(Request::ReportBackgroundStatus { command: BackgroundCommand::Serve, problem: None })]
    #[case(Request::ReportAlertStatus { id: 1, status: DeliveryStatus::Shown, unavailable: None })]
    #[case(Request::Backups)]
    #[case(Request::CreateBackup)]
    #[case(Request::RestoreBackup { file: "/home/x/other.db".to_owned() })]
    #[case(Request::Team(crate::api::TeamRequest::Stop))]
    #[case(Request::Health)]
    #[case(Request::Diagnostics)]
    #[case(set_setting("alerts.command"))]
    #[case(set_setting("pricing.litellm_url"))]
    fn the_page_may_not_send_other_requests(#[case] request: Request) {
        assert_eq!(request.restrict_to_page().expect_err("it is refused").code, ErrorCode::Forbidden);
    }

    #[test]
    fn every_setting_that_names_a_program_or_an_address_is_restricted() {
        let names_one = |key: &str| ["command", "url", "endpoint"].iter().any(|end| key.ends_with(end));
        let expected: Vec<&str> = KEYS.iter().map(|key| key.name).filter(|key| names_one(key)).collect();
        let mut restricted = RESTRICTED_SETTINGS.to_vec();
        restricted.sort_by_key(|name| KEYS.iter().position(|key| key.name == *name));
        assert_eq!(restricted, expected);
    }

    #[test]
    fn large_requests_of_the_page_are_limited() {
        let long = "x".repeat(MAX_TEXT_BYTES + 1);
        let query = SessionQuery { limit: usize::MAX, search: Some(long.clone()), ..SessionQuery::default() };
        let limited = SessionQuery { limit: MAX_PAGE_ROWS, ..SessionQuery::default() };
        assert_eq!(Request::Sessions(query).restrict_to_page(), Ok(Request::Sessions(limited)));
        let alerts = Request::Alerts { limit: usize::MAX }.restrict_to_page();
        assert_eq!(alerts, Ok(Request::Alerts { limit: MAX_PAGE_ROWS }));
        let session = Request::Session { session: long }.restrict_to_page();
        assert_eq!(session.expect_err("it is too long").code, ErrorCode::NotFound);
    }

    #[test]
    fn requests_are_tagged_by_their_type() {
        let json = |request: &Request| serde_json::to_value(request).expect("it is JSON");
        assert_eq!(json(&Request::MarkAlertsSeen), json!({ "type": "markAlertsSeen" }));
        assert_eq!(json(&set_setting("a")), json!({ "type": "setSetting", "key": "a", "value": "x" }));
        let sessions = json(&Request::Sessions(SessionQuery::default()));
        assert_eq!((&sessions["type"], &sessions["search"]), (&json!("sessions"), &Value::Null));
    }
}
