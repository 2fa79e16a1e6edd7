//! The file that the status-line command writes to the inbox for the running app. It contains the official windows, the
//! context and the prompt cache only.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_64;

use crate::quota::session_figures::{SessionFigures, SessionNote};
use crate::quota::statusline_input::{StatusLineInput, StatusLineLimits};
use crate::time::Timestamp;

/// The official windows as passed to one session's status line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuotaNote {
    /// The version of the file format.
    pub version: u32,
    /// The time at which the windows were passed, in microseconds.
    #[serde(serialize_with = "serialize_micros")]
    pub at: DateTime<Utc>,
    /// The session id.
    pub session: String,
    /// The windows, not validated.
    #[serde(default)]
    pub rate_limits: StatusLineLimits,
    /// The context and the prompt cache.
    #[serde(default, skip_serializing_if = "SessionFigures::is_empty")]
    pub figures: SessionFigures,
}

impl QuotaNote {
    /// The name of the folder for these files, next to the store.
    pub const INBOX_DIR: &str = "inbox";

    /// The version of the file format written today.
    pub const VERSION: u32 = 1;

    /// The time within which an unchanged note is not written again.
    const REPEAT_INTERVAL: TimeDelta = TimeDelta::seconds(60);

    /// Parses the context and the prompt cache of a note, with the session id. Returns `None` if it has none.
    pub fn parse_figures(bytes: &[u8]) -> Option<(String, SessionNote)> {
        let note: Self = serde_json::from_slice(bytes).ok()?;
        let is_known = note.version == Self::VERSION && !note.figures.is_empty() && !note.session.is_empty();
        is_known.then(|| (note.session, SessionNote { at: note.at.into(), figures: note.figures }))
    }

    /// Creates a note, or returns `None` if the input contains neither windows nor other figures.
    pub fn from_input(input: &StatusLineInput, now: Timestamp) -> Option<Self> {
        let StatusLineInput { session, limits, figures, .. } = input;
        let (version, at) = (Self::VERSION, now.to_utc());
        // The model alone is not written.
        let figures = if figures.is_empty() { SessionFigures::default() } else { figures.clone() };
        let (rate_limits, is_empty) = (limits.clone(), limits.is_empty() && figures.is_empty());
        (!is_empty).then(|| Self { version, at, session: session.clone(), rate_limits, figures })
    }

    /// Returns the file name, which is unique to the session.
    pub fn file_name(&self) -> String {
        format!("{:016x}.json", xxh3_64(self.session.as_bytes()))
    }

    /// Returns true if a file of the inbox is a note or the temporary file of one, by its name.
    pub fn is_own_file_name(name: &str) -> bool {
        let Some((session, rest)) = name.split_once('.') else { return false };
        let is_digit = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        let is_process = |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_digit());
        let is_temporary = rest.strip_prefix("json.").unwrap_or(rest).strip_suffix(".tmp").is_some_and(is_process);
        session.len() == 16 && session.chars().all(is_digit) && (rest == "json" || is_temporary)
    }

    /// Returns true if an older note has the same content and is less than a minute old.
    pub fn is_repeat_of(&self, older: &Self) -> bool {
        let is_recent = (TimeDelta::zero()..Self::REPEAT_INTERVAL).contains(&(self.at - older.at));
        is_recent && *self == Self { at: self.at, ..older.clone() }
    }
}

fn serialize_micros<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::Number;

    use super::*;

    /// 2026-11-22T12:00:00Z
    const NOON: Timestamp = Timestamp(1_795_348_800_000_000);

    const WITHOUT_LIMITS: &str = r#"{"session_id":"s1","model":{"id":"claude-opus-4-1"}}"#;
    const BOTH_WINDOWS: &str = r#"{"session_id":"s2",
        "rate_limits":{"five_hour":{"used_percentage":37.5,"resets_at":1795356600},
                       "seven_day":{"used_percentage":41.2,"resets_at":1795800000}}}"#;
    const ONLY_WEEK: &str = r#"{"session_id":"s3",
        "rate_limits":{"seven_day":{"used_percentage":12,"resets_at":1795800000}}}"#;
    const TIME_AS_PERCENTAGE: &str = r#"{"session_id":"s4",
        "rate_limits":{"five_hour":{"used_percentage":1795356600,"resets_at":1795356600}}}"#;
    const UNKNOWN_FIELDS: &str = r#"{"session_id":"s5","future":{"a":[1,{"b":null}]},
        "rate_limits":{"five_hour":{"used_percentage":9,"resets_at":1795356600,"account":"a@b.c"},
                       "seven_day_opus":{"used_percentage":3},"monthly":{"used_percentage":1},
                       "seven_day<script>":{"used_percentage":1}}}"#;

    fn note_of(json: &str) -> Option<QuotaNote> {
        QuotaNote::from_input(&StatusLineInput::parse(json.as_bytes()).expect("is an object"), NOON)
    }

    #[test]
    fn a_note_contains_only_the_windows() {
        let note = note_of(UNKNOWN_FIELDS).expect("has windows");
        assert_eq!(
            serde_json::to_string(&note).expect("is JSON"),
            r#"{"version":1,"at":"2026-11-22T12:00:00.000000Z","session":"s5","rate_limits":{"five_hour":{"used_percentage":9,"resets_at":1795356600},"monthly":{"used_percentage":1},"seven_day_opus":{"used_percentage":3}}}"#
        );
        assert_eq!(note_of(WITHOUT_LIMITS), None);
    }

    #[test]
    fn numbers_are_not_validated_in_a_note() {
        let note = note_of(TIME_AS_PERCENTAGE).expect("has windows");
        let used = note.rate_limits.windows["five_hour"].used_percentage.clone();
        assert_eq!(used, Some(Number::from(1_795_356_600_u64)), "its reader rejects it");
    }

    #[rstest]
    #[case::at_once(0, true)]
    #[case::within_a_minute(59, true)]
    #[case::after_a_minute(60, false)]
    #[case::older_note_from_the_future(-1, false)]
    fn an_unchanged_note_within_a_minute_is_a_repeat(#[case] seconds: i64, #[case] is_repeat: bool) {
        let older = note_of(BOTH_WINDOWS).expect("has windows");
        let note = QuotaNote { at: older.at + TimeDelta::seconds(seconds), ..older.clone() };
        assert_eq!(note.is_repeat_of(&older), is_repeat);
        assert!(!QuotaNote { session: "other".into(), ..note }.is_repeat_of(&older));
    }

    #[test]
    fn each_session_has_a_file_of_its_own() {
        let name = |json| note_of(json).expect("has windows").file_name();
        assert_ne!(name(BOTH_WINDOWS), name(ONLY_WEEK));
        assert!(name(BOTH_WINDOWS).len() == 21 && name(BOTH_WINDOWS).ends_with(".json"), "the id cannot add a path");
        assert!(QuotaNote::is_own_file_name(&name(BOTH_WINDOWS)));
    }

    #[test]
    fn only_names_of_notes_are_own_names() {
        for own in ["0123456789abcdef.json", "0123456789abcdef.json.42.tmp", "0123456789abcdef.42.tmp"] {
            assert!(QuotaNote::is_own_file_name(own), "{own}");
        }
        for other in [
            "taxes.json",
            "letter.txt",
            "0123456789abcdef",
            "0123456789abcdef.",
            "0123456789abcdef.jsonl",
            "0123456789abcdef.json.tmp",
            "0123456789abcdef.json.bak",
            "0123456789ABCDEF.json",
            "0123456789abcde.json",
            "0123456789abcdef0.json",
        ] {
            assert!(!QuotaNote::is_own_file_name(other), "{other}");
        }
    }
}
