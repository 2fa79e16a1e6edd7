//! Makes updates of prepared rows.

use std::io::{self, Read};
use std::path::Path;

use ring::digest::{SHA256, digest};
use token_monitor_core::team::{DeviceToken, MESSAGE_FORMAT, SharingLevel, TeamRow, TeamUpdate};
use token_monitor_engine::{TeamBatch, TeamDestination, fs_permissions};

use crate::team::hub_url::HubUrl;
use crate::team::pseudonym::{PseudonymMaker, to_hex};

/// The largest size of a token file, in bytes.
const MAX_TOKEN_BYTES: u64 = 1_024;

/// The number of bytes of the fingerprint of a token.
const FINGERPRINT_BYTES: usize = 8;

/// Reads a token from a file.
///
/// # Errors
///
/// If the file is a symbolic link, belongs to another user or can be read by others, or has no token.
pub fn read_token(path: &Path) -> io::Result<DeviceToken> {
    let mut text = String::new();
    fs_permissions::open_private_file(path)?.take(MAX_TOKEN_BYTES).read_to_string(&mut text)?;
    text.parse().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Returns the destination of a hub, a token and a level. With another token, nothing was shared before.
pub fn destination_of(url: &HubUrl, token: &DeviceToken, level: SharingLevel) -> TeamDestination {
    let hash = digest(&SHA256, token.to_string().as_bytes());
    TeamDestination { receiver: format!("{url} {}", to_hex(&hash.as_ref()[..FINGERPRINT_BYTES])), level }
}

/// Returns the update with prepared rows, in which projects and sessions are pseudonyms.
pub fn make_update(batch: TeamBatch, level: SharingLevel, token: &DeviceToken) -> TeamUpdate {
    let maker = PseudonymMaker::new(&token.pseudonym_key);
    TeamUpdate {
        format: MESSAGE_FORMAT,
        level,
        generation: batch.generation,
        previous_revision: batch.previous_revision,
        rows: batch.rows.into_iter().map(|row| with_pseudonyms(row, &maker)).collect(),
    }
}

fn with_pseudonyms(mut row: TeamRow, maker: &PseudonymMaker) -> TeamRow {
    row.group.project = row.group.project.map(|name| maker.make("project", &name));
    row.group.session = row.group.session.map(|id| maker.make("session", &id));
    row
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    #[cfg(unix)]
    use rstest::rstest;
    use token_monitor_core::team::{RowGroup, UsageCounts};

    use super::*;

    fn token() -> DeviceToken {
        DeviceToken { organization: [1; 16], device: [2; 16], secret: [3; 32], pseudonym_key: [4; 16] }
    }

    #[test]
    fn projects_and_sessions_are_pseudonyms() {
        let group = RowGroup {
            model: "claude-opus-4-8".to_owned(),
            project: Some("shop".to_owned()),
            repository: Some("ada/shop".to_owned()),
            branch: Some("main".to_owned()),
            session: Some("6b8b4567".to_owned()),
            session_name: Some("Refunds".to_owned()),
            session_description: Some("Late refunds".to_owned()),
            tags: vec!["billing".to_owned()],
        };
        let usage = UsageCounts { messages: 1, output_tokens: 7, ..UsageCounts::default() };
        let start = "2026-03-01T12:05:00Z".parse().expect("a time");
        let rows = vec![TeamRow { row: 1, revision: 2, start, group, usage }];
        let batch = TeamBatch { generation: 3, is_confirmed: true, previous_revision: 1, rows, skipped_rows: 0 };
        let update = make_update(batch, SharingLevel::Sessions, &token());
        assert_snapshot!("update", serde_json::to_string(&update).expect("it is JSON"));
    }

    #[test]
    fn another_token_or_level_is_another_destination() {
        let url: HubUrl = "https://hub.example".parse().expect("an address");
        let destination = destination_of(&url, &token(), SharingLevel::Totals);
        let other_token = DeviceToken { secret: [9; 32], ..token() };
        assert_ne!(destination_of(&url, &other_token, SharingLevel::Totals), destination);
        assert_ne!(destination_of(&url, &token(), SharingLevel::Projects), destination);
        assert!(!destination.receiver.contains(&token().credential()));
    }

    #[cfg(unix)]
    #[rstest]
    #[case(0o600, true)]
    #[case(0o640, false)]
    #[case(0o604, false)]
    fn a_token_that_others_can_read_is_refused(#[case] mode: u32, #[case] is_read: bool) {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("token");
        std::fs::write(&path, format!("{}\n", token())).expect("it is written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("they are set");
        assert_eq!(read_token(&path).ok(), is_read.then(token));
    }
}
