//! Requests of the release list, and their last result, which is kept in a file.
//!
//! The request contains nothing but the name and version of the program and the etag of the last response. Of the response
//! only version numbers are used; the address that users get is made from the repository's.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use semver::Version;
use serde::{Deserialize, Serialize};
use token_monitor_core::report::model::AvailableUpdate;
use token_monitor_core::time::Timestamp;
use tracing::{info, warn};
use ureq::Agent;
use ureq::http::header::ACCEPT;

use crate::clock;
use crate::config::Settings;
use crate::refresh::{NewResponse, REQUEST_TIMEOUT, Refresh, RequestHistory, get_if_changed, new_agent, replace_file};
use crate::regular_file::read_regular_file;
use crate::updates::release_list;

/// The largest response, in bytes. A page of releases has about 100 KB.
const MAX_RESPONSE_BYTES: u64 = 4 << 20;

/// The version of this program.
const CURRENT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// What is known about newer versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateStatus {
    /// The version of this program.
    pub current: String,
    /// The latest version; null if it is unknown or there was no release.
    pub latest: Option<String>,
    /// The newer version, if there is one.
    pub update: Option<AvailableUpdate>,
    /// The time of the last successful check; null if there was none.
    pub checked_at: Option<DateTime<Utc>>,
}

/// The reason why a check failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The server cannot be reached, or refused the request.
    #[error("no response from {url}: {source}")]
    Http {
        /// The address.
        url: String,
        /// The cause.
        source: ureq::Error,
    },
    /// The response is not a list of releases.
    #[error("the response from {url} is not a list of releases: {source}")]
    InvalidList {
        /// The address.
        url: String,
        /// The cause.
        source: serde_json::Error,
    },
    /// The result cannot be saved.
    #[error("cannot save the result in {path}: {source}")]
    Disk {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

/// Asks for a newer version now, whether or not the settings enable regular checks.
///
/// # Errors
///
/// If there is no response, it is not a list of releases, or the result cannot be saved.
pub fn check_for_update(settings: &Settings) -> Result<UpdateStatus, UpdateError> {
    let mut checker = UpdateChecker::open(settings);
    let now = clock::now().into();
    let outcome = checker.request_list();
    checker.record(outcome.is_ok(), now);
    outcome?;
    checker.save()?;
    Ok(checker.state.status())
}

/// Returns the result of the last check, without a request.
pub fn last_update_check(settings: &Settings) -> UpdateStatus {
    CheckState::load(&settings.updates.url, &settings.cache_dir).status()
}

/// Returns the newer version that the last check found, if the settings enable checks and this version is older.
pub(crate) fn load_available_update(settings: &Settings) -> Option<AvailableUpdate> {
    if settings.updates.check { last_update_check(settings).update } else { None }
}

/// The state kept between requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct CheckState {
    /// The address of the list.
    url: String,
    /// The etag of the last response.
    etag: Option<String>,
    #[serde(flatten)]
    history: RequestHistory,
    /// The latest version of the last response.
    latest: Option<Version>,
    /// The time of the last successful request, in microseconds since 1970.
    checked: Option<i64>,
}

impl CheckState {
    /// Loads the state of an address. That of another address is ignored.
    fn load(url: &str, folder: &Path) -> Self {
        let bytes = read_regular_file(&state_path(folder), MAX_RESPONSE_BYTES).ok();
        let saved = bytes.and_then(|json| serde_json::from_slice::<Self>(&json).ok());
        saved.filter(|state| state.url == url).unwrap_or_else(|| Self { url: url.to_owned(), ..Self::default() })
    }

    fn status(&self) -> UpdateStatus {
        UpdateStatus {
            current: CURRENT_VERSION.to_owned(),
            latest: self.latest.as_ref().map(Version::to_string),
            update: self.latest.as_ref().and_then(|latest| available_update(CURRENT_VERSION, latest)),
            checked_at: self.checked.map(|at| Timestamp(at).to_utc()),
        }
    }
}

/// Returns the latest version if it is newer than this one.
fn available_update(current: &str, latest: &Version) -> Option<AvailableUpdate> {
    let current: Version = current.parse().expect("cargo checks the version of a package");
    (*latest > current).then(|| AvailableUpdate {
        version: latest.to_string(),
        url: format!("{}/releases/tag/v{latest}", env!("CARGO_PKG_REPOSITORY")),
    })
}

fn state_path(folder: &Path) -> PathBuf {
    folder.join("updates.json")
}

/// Requests the list of releases, and keeps the result.
pub(crate) struct UpdateChecker {
    agent: Agent,
    folder: PathBuf,
    /// Also kept in memory: an unwritable folder must not cause repeated requests.
    state: CheckState,
}

impl UpdateChecker {
    /// Opens the result of the last request.
    pub(crate) fn open(settings: &Settings) -> Self {
        let (url, folder) = (&settings.updates.url, &settings.cache_dir);
        Self { agent: new_agent(url, REQUEST_TIMEOUT), folder: folder.clone(), state: CheckState::load(url, folder) }
    }

    /// Requests the list. If it has not changed, the last result stays.
    fn request_list(&mut self) -> Result<(), UpdateError> {
        let url = self.state.url.clone();
        let request = self.agent.get(&url).header(ACCEPT, "application/vnd.github+json");
        let changed = get_if_changed(request, self.state.etag.as_deref(), MAX_RESPONSE_BYTES);
        let changed = changed.map_err(|source| UpdateError::Http { url: url.clone(), source })?;
        let Some(NewResponse { bytes, etag }) = changed else { return Ok(()) };
        let latest = release_list::latest_version(&bytes);
        self.state.latest = latest.map_err(|source| UpdateError::InvalidList { url, source })?;
        self.state.etag = etag;
        Ok(())
    }

    fn record(&mut self, succeeded: bool, now: Timestamp) {
        self.state.history.record(succeeded, now);
        if succeeded {
            self.state.checked = Some(now.0);
        }
    }

    fn save(&self) -> Result<(), UpdateError> {
        let json = serde_json::to_vec(&self.state).expect("texts and numbers are JSON");
        let path = state_path(&self.folder);
        replace_file(&path, &json).map_err(|source| UpdateError::Disk { path, source })
    }
}

impl Refresh for UpdateChecker {
    type Output = Option<AvailableUpdate>;

    fn time_until_due(&self, now: Timestamp) -> Duration {
        self.state.history.time_until_due(now)
    }

    fn refresh_if_due(&mut self, now: Timestamp) -> Option<Self::Output> {
        if !self.time_until_due(now).is_zero() {
            return None;
        }
        let outcome = self.request_list();
        self.record(outcome.is_ok(), now);
        match &outcome {
            Ok(()) => info!(latest = self.state.latest.as_ref().map(Version::to_string), "Checked for updates."),
            Err(error) => warn!(%error, "The check for updates failed."),
        }
        if let Err(error) = self.save() {
            warn!(%error, "The time of the check for updates is not saved.");
        }
        Some(self.state.status().update)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use std::fs;
    use tempfile::TempDir;

    use super::*;
    use crate::config::ConfigSources;
    use crate::refresh::{FETCH_INTERVAL, FIRST_RETRY_DELAY};
    use crate::test_server::{TestServer, bare, ok};

    const START: Timestamp = Timestamp(1_790_000_000_000_000);
    const NEWER: &str = r#"[{"tag_name":"v999.1.0"}]"#;

    fn folder() -> TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn settings(url: &str, folder: &Path) -> Settings {
        let mut settings = ConfigSources::default().default_settings();
        url.clone_into(&mut settings.updates.url);
        folder.clone_into(&mut settings.cache_dir);
        settings.updates.check = true;
        settings
    }

    fn later(hours: i64) -> Timestamp {
        Timestamp(START.0 + hours * token_monitor_core::time::MICROS_PER_HOUR)
    }

    fn newer_version() -> AvailableUpdate {
        let url = "https://github.com/token-monitor/token-monitor/releases/tag/v999.1.0";
        AvailableUpdate { version: "999.1.0".to_owned(), url: url.to_owned() }
    }

    #[rstest]
    #[case::older("1.9.9", None)]
    #[case::the_same("1.10.0", None)]
    #[case::newer("1.10.1", Some("1.10.1"))]
    #[case::newer_by_number("1.11.0", Some("1.11.0"))]
    fn only_a_newer_version_is_an_update(#[case] latest: &str, #[case] expected: Option<&str>) {
        let update = available_update("1.10.0", &latest.parse().expect("a version"));
        assert_eq!(update.map(|update| update.version).as_deref(), expected);
    }

    #[test]
    fn the_list_is_requested_daily_and_only_read_if_it_changed() {
        let server =
            TestServer::with_responses(vec![ok("\"one\"", "[]"), bare("304 Not Modified"), ok("\"two\"", NEWER)]);
        let temp = folder();
        let settings = settings(&server.url, &temp.path().join("new/cache"));
        let mut checker = UpdateChecker::open(&settings);
        assert_eq!(checker.refresh_if_due(START), Some(None), "there is no release");
        assert_eq!(checker.refresh_if_due(later(23)), None, "not due yet");

        let mut checker = UpdateChecker::open(&settings);
        assert_eq!(checker.refresh_if_due(later(23)), None, "a restart changes nothing");
        assert_eq!(checker.refresh_if_due(later(24)), Some(None), "304: the same");
        assert_eq!(checker.refresh_if_due(later(48)), Some(Some(newer_version())));
        assert_eq!(load_available_update(&settings), Some(newer_version()), "a restart knows it without a request");

        let asked = server.requests();
        assert!(asked[0].contains(concat!("user-agent: token-monitor/", env!("CARGO_PKG_VERSION"), "\r\n")));
        assert!(!asked[0].contains("if-none-match"), "nothing is kept yet");
        assert!(asked[1].contains("if-none-match: \"one\"\r\n"), "{}", asked[1]);
    }

    #[test]
    fn a_failed_check_keeps_the_last_result_and_is_repeated_later() {
        let error = r#"{"message":"API rate limit exceeded"}"#;
        let server = TestServer::with_responses(vec![
            ok("\"one\"", NEWER),
            bare("403 Forbidden"),
            ok("\"bad\"", error),
            bare("304 Not Modified"),
        ]);
        let temp = folder();
        let mut checker = UpdateChecker::open(&settings(&server.url, temp.path()));
        assert_eq!(checker.refresh_if_due(START), Some(Some(newer_version())));
        assert_eq!(checker.refresh_if_due(later(24)), Some(Some(newer_version())));
        assert_eq!(checker.time_until_due(later(24)), FIRST_RETRY_DELAY);
        assert_eq!(checker.refresh_if_due(later(25)), Some(Some(newer_version())));
        assert_eq!(checker.time_until_due(later(25)), 2 * FIRST_RETRY_DELAY);
        assert_eq!(checker.refresh_if_due(later(27)), Some(Some(newer_version())));
        assert_eq!(checker.time_until_due(later(27)), FETCH_INTERVAL);
        assert_eq!(checker.state.status().checked_at, Some(later(27).to_utc()));
        assert!(server.requests()[3].contains("if-none-match: \"one\"\r\n"), "that of the bad response was not kept");
    }

    #[test]
    fn a_check_on_request_reports_its_failure() {
        let server = TestServer::with_responses(vec![bare("500 Oops"), ok("\"one\"", "{}"), ok("\"one\"", NEWER)]);
        let temp = folder();
        let settings = settings(&server.url, temp.path());
        assert!(matches!(check_for_update(&settings), Err(UpdateError::Http { .. })));
        assert!(matches!(check_for_update(&settings), Err(UpdateError::InvalidList { .. })));
        assert_eq!(last_update_check(&settings).checked_at, None);
        let status = check_for_update(&settings).expect("it is a list");
        assert_eq!(status.update, Some(newer_version()));
        assert_eq!(last_update_check(&settings), status);
        assert_eq!(server.requests().len(), 3);
    }

    #[test]
    fn a_result_that_cannot_be_saved_does_not_cause_a_request_at_once() {
        let server = TestServer::with_responses(vec![ok("\"one\"", NEWER)]);
        let temp = folder();
        let file = temp.path().join("a file");
        fs::write(&file, "").expect("it is written");
        let mut checker = UpdateChecker::open(&settings(&server.url, &file.join("cache")));
        assert_eq!(checker.refresh_if_due(START), Some(Some(newer_version())));
        assert_eq!(checker.refresh_if_due(later(1)), None);
        assert_eq!(server.requests().len(), 1);
    }

    #[test]
    fn the_result_of_another_address_is_not_used() {
        let server = TestServer::with_responses(vec![ok("\"one\"", NEWER)]);
        let temp = folder();
        assert!(check_for_update(&settings(&server.url, temp.path())).is_ok());
        let other = settings("https://releases.example/list", temp.path());
        assert_eq!(last_update_check(&other).latest, None);
        assert_eq!(server.requests().len(), 1);
    }

    #[test]
    fn nothing_is_shown_while_checks_are_off() {
        let server = TestServer::with_responses(vec![ok("\"one\"", NEWER)]);
        let temp = folder();
        let mut settings = settings(&server.url, temp.path());
        assert!(check_for_update(&settings).is_ok());
        settings.updates.check = false;
        assert_eq!(load_available_update(&settings), None);
        assert_eq!(server.requests().len(), 1);
    }

    #[test]
    fn the_default_address_is_that_of_the_repository() {
        let settings = ConfigSources::default().default_settings();
        assert!(!settings.updates.check, "it is off unless the user turns it on");
        let path = env!("CARGO_PKG_REPOSITORY").strip_prefix("https://github.com/").expect("it is on GitHub");
        assert_eq!(settings.updates.url, format!("https://api.github.com/repos/{path}/releases"));
    }
}
