//! What Claude Code tells its status-line command, and what of it is worth keeping.
//!
//! Read tolerantly, one field at a time: what is missing, of another type or no sensible number is absent, and costs
//! nothing else. Only text that is no JSON object is refused. What is kept for the running app is the official
//! windows and nothing else of what was told; their numbers are passed on as they are, for whoever reads them to
//! judge. What a line shows is judged here.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Number;
use serde_json::value::RawValue;
use xxhash_rust::xxh3::xxh3_64;

use crate::money::Usd;
use crate::time::timestamp::Timestamp;

/// What Claude Code tells its status-line command.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatusInput {
    /// The session's id; empty where it was not told.
    pub session: String,
    /// The session's name, where its user gave it one.
    pub session_name: Option<String>,
    /// What the model is called on surfaces.
    pub model: Option<String>,
    /// What the session cost so far, by Claude Code's own reckoning.
    pub cost: Option<Usd>,
    /// How full the context is.
    pub context: Option<Used>,
    /// The official windows; empty where none were told.
    pub limits: Limits,
}

type Fields<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

impl StatusInput {
    /// Reads what was told; none where that is no JSON object.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let told: Fields<'_> = serde_json::from_slice(bytes).ok()?;
        let inside = |name: &str, field: &str| told.get(name).and_then(|value| fields(value)?.get(field).copied());
        let dollars = inside("cost", "total_cost_usd").and_then(number);
        Some(Self {
            session: told.get("session_id").and_then(|id| text(id)).unwrap_or_default(),
            session_name: told.get("session_name").and_then(|name| text(name)),
            model: told.get("model").and_then(|model| model_name(model)),
            cost: dollars.and_then(|dollars| Usd::from_dollars(dollars.as_f64()?)),
            context: inside("context_window", "used_percentage").and_then(number).as_ref().and_then(Used::of),
            limits: told.get("rate_limits").map_or_else(Limits::default, |limits| Limits::read(limits)),
        })
    }
}

fn fields(value: &RawValue) -> Option<Fields<'_>> {
    serde_json::from_str(value.get()).ok()
}

fn text(value: &RawValue) -> Option<String> {
    let text: String = serde_json::from_str(value.get()).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A number that can be held; `1e999` cannot.
fn number(value: &RawValue) -> Option<Number> {
    serde_json::from_str(value.get()).ok()
}

/// An object with a name to show, or at least an id; old versions wrote the id alone.
fn model_name(value: &RawValue) -> Option<String> {
    let Some(model) = fields(value) else { return text(value) };
    ["display_name", "id"].iter().find_map(|name| text(model.get(*name)?))
}

/// A share that is used, in per cent.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Used(f64);

impl Used {
    /// A little over a hundred happens. Far more is another number in the wrong place: some versions of Claude
    /// Code wrote the reset time there.
    const MOST: f64 = 101.0;

    /// A percentage as it was told; none where it cannot be one.
    fn of(told: &Number) -> Option<Self> {
        told.as_f64().filter(|percent| (0.0..=Self::MOST).contains(percent)).map(Self)
    }

    /// In whole per cent, at most 100.
    pub fn percent(self) -> u8 {
        self.0.round().min(100.0) as u8
    }
}

/// The official windows, by the names Claude Code has for them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Limits(pub BTreeMap<String, LimitWindow>);

/// One official window as it was told. Nothing in it is judged yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LimitWindow {
    /// Per cent, as told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_percentage: Option<Number>,
    /// Seconds since 1970, as told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resets_at: Option<Number>,
}

/// The five hours' window as a line shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FiveHours {
    /// How much of it is used.
    pub used: Used,
    /// When it ends, where that was told.
    pub resets: Option<Timestamp>,
}

impl Limits {
    const FIVE_HOUR: &str = "five_hour";
    /// There is one for all models, and there may be some for single ones.
    const SEVEN_DAY: &str = "seven_day";
    /// Names are short; what is longer was not written by Claude Code.
    const LONGEST_NAME: usize = 40;
    /// Five hours, and a little for clocks that disagree.
    const FURTHEST_RESET: i64 = (5 * 3600 + 600) * 1_000_000;

    fn read(told: &RawValue) -> Self {
        let windows = fields(told).unwrap_or_default().into_iter();
        let known = windows.filter(|(name, _)| Self::knows(name));
        Self(known.filter_map(|(name, window)| Some((name.into_owned(), LimitWindow::read(window)?))).collect())
    }

    fn knows(name: &str) -> bool {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        plain && name.len() <= Self::LONGEST_NAME && (name == Self::FIVE_HOUR || name.starts_with(Self::SEVEN_DAY))
    }

    /// The five hours' window, if it is one and not over yet.
    pub fn five_hours(&self, now: Timestamp) -> Option<FiveHours> {
        let window = self.0.get(Self::FIVE_HOUR)?;
        let used = Used::of(window.used_percentage.as_ref()?)?;
        let resets = match &window.resets_at {
            Some(told) => Some(moment(told).filter(|at| (1..=Self::FURTHEST_RESET).contains(&(at.0 - now.0)))?),
            None => None,
        };
        Some(FiveHours { used, resets })
    }
}

impl LimitWindow {
    /// One that tells neither number is none.
    fn read(told: &RawValue) -> Option<Self> {
        let fields = fields(told)?;
        let number = |name: &str| fields.get(name).and_then(|value| number(value));
        let window = Self { used_percentage: number("used_percentage"), resets_at: number("resets_at") };
        (window != Self::default()).then_some(window)
    }
}

/// Seconds since 1970; none where they are further away than a calendar goes.
fn moment(seconds: &Number) -> Option<Timestamp> {
    let micros = seconds.as_f64()? * 1e6;
    (micros.abs() < 2.5e17).then_some(Timestamp(micros as i64))
}

/// The official windows as one session was told them: what is put into the inbox for the running app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LimitNote {
    /// The version of this form.
    pub version: u32,
    /// When they were told, to the microsecond.
    #[serde(serialize_with = "micros")]
    pub at: DateTime<Utc>,
    /// The session's id.
    pub session: String,
    /// What was told.
    pub rate_limits: Limits,
}

impl LimitNote {
    /// The folder beside the store that notes are put into.
    pub const INBOX: &str = "inbox";
    /// The version of the form written today.
    pub const VERSION: u32 = 1;
    /// How long a note that says nothing new stands.
    const LASTS_SECONDS: i64 = 60;

    /// A note of what was told, if there is anything to note.
    pub fn of(told: &StatusInput, now: Timestamp) -> Option<Self> {
        let StatusInput { session, limits, .. } = told;
        let note =
            || Self { version: Self::VERSION, at: now.utc(), session: session.clone(), rate_limits: limits.clone() };
        (!limits.0.is_empty()).then(note)
    }

    /// A file of its own for each session.
    pub fn file_name(&self) -> String {
        format!("{:016x}.json", xxh3_64(self.session.as_bytes()))
    }

    /// Whether an older note says the same and is young enough to stand for this one.
    pub fn is_told_by(&self, older: &Self) -> bool {
        let age = self.at - older.at;
        let young = (0..Self::LASTS_SECONDS).contains(&age.num_seconds()) && age >= chrono::TimeDelta::zero();
        young && *self == Self { at: self.at, ..older.clone() }
    }
}

fn micros<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// 2026-11-22T12:00:00Z
    const NOON: Timestamp = Timestamp(1_795_348_800_000_000);

    const OLD: &str = r#"{"session_id":"s1","transcript_path":"/t.jsonl","cwd":"/w","version":"1.0.85",
        "model":{"id":"claude-opus-4-1","display_name":"Opus 4.1"},"workspace":{"current_dir":"/w"},
        "cost":{"total_cost_usd":0.01234,"total_duration_ms":45000}}"#;
    const BOTH: &str = r#"{"session_id":"s2","session_name":"fix login flow","version":"2.1.80",
        "model":{"id":"claude-opus-5-5","display_name":"Opus 5.5"},"cost":{"total_cost_usd":3.41},
        "context_window":{"context_window_size":200000,"used_percentage":42,"remaining_percentage":58},
        "rate_limits":{"five_hour":{"used_percentage":37.5,"resets_at":1795356600},
                       "seven_day":{"used_percentage":41.2,"resets_at":1795800000}}}"#;
    const WEEK: &str = r#"{"session_id":"s3","model":{"id":"claude-sonnet-5"},
        "rate_limits":{"seven_day":{"used_percentage":12,"resets_at":1795800000}}}"#;
    const LEAK: &str = r#"{"session_id":"s4","model":"claude-haiku-4-5",
        "rate_limits":{"five_hour":{"used_percentage":1795356600,"resets_at":1795356600}}}"#;
    const NULLS: &str = r#"{"session_id":null,"session_name":null,"model":null,"cost":null,
        "context_window":{"used_percentage":null,"current_usage":null},
        "rate_limits":{"five_hour":null,"seven_day":{"used_percentage":null,"resets_at":null}}}"#;
    const UNKNOWN: &str = r#"{"session_id":"s5","future":{"a":[1,{"b":null}]},"model":{"display_name":"X","effort":3},
        "rate_limits":{"five_hour":{"used_percentage":9,"resets_at":1795356600,"account":"a@b.c"},
                       "seven_day_opus":{"used_percentage":3},"monthly":{"used_percentage":1},
                       "seven_day<script>":{"used_percentage":1}}}"#;
    const HUGE: &str = r#"{"session_id":"s6","model":{"display_name":"Y"},"cost":{"total_cost_usd":1e300},
        "context_window":{"used_percentage":1e999,"context_window_size":123456789012345678901234567890},
        "rate_limits":{"five_hour":{"used_percentage":-5,"resets_at":1e300},"seven_day":{"used_percentage":1e999}}}"#;

    fn read(told: &str) -> StatusInput {
        StatusInput::read(told.as_bytes()).expect("is an object")
    }

    fn windows(told: &str) -> Vec<String> {
        read(told).limits.0.into_keys().collect()
    }

    #[rstest]
    #[case::no_limits_yet(OLD, Some("Opus 4.1"), &[])]
    #[case::both_windows(BOTH, Some("Opus 5.5"), &["five_hour", "seven_day"])]
    #[case::only_the_week(WEEK, Some("claude-sonnet-5"), &["seven_day"])]
    #[case::a_time_for_a_percentage(LEAK, Some("claude-haiku-4-5"), &["five_hour"])]
    #[case::nulls(NULLS, None, &[])]
    #[case::fields_of_the_future(UNKNOWN, Some("X"), &["five_hour", "seven_day_opus"])]
    #[case::numbers_beyond_numbers(HUGE, Some("Y"), &["five_hour"])]
    fn each_version_is_read(#[case] told: &str, #[case] model: Option<&str>, #[case] expected: &[&str]) {
        assert_eq!(read(told).model.as_deref(), model);
        assert_eq!(windows(told), expected);
    }

    #[test]
    fn every_figure_is_found() {
        let told = read(BOTH);
        assert_eq!((told.session.as_str(), told.session_name.as_deref()), ("s2", Some("fix login flow")));
        assert_eq!((told.cost, told.context.map(Used::percent)), (Some(Usd(3_410_000_000)), Some(42)));
        let window = told.limits.five_hours(NOON).expect("it is open");
        assert_eq!((window.used.percent(), window.resets), (38, Some(Timestamp(NOON.0 + 7_800_000_000))));
    }

    #[rstest]
    #[case::a_time_for_a_percentage(LEAK)]
    #[case::numbers_beyond_numbers(HUGE)]
    #[case::only_the_week(WEEK)]
    fn what_cannot_be_a_percentage_is_not_shown(#[case] told: &str) {
        assert_eq!(read(told).limits.five_hours(NOON), None);
    }

    #[test]
    fn amounts_nobody_can_owe_are_not_shown() {
        assert_eq!((read(HUGE).cost, read(HUGE).context), (None, None));
    }

    #[rstest]
    #[case::over(1_795_348_799, false)]
    #[case::open(1_795_348_801, true)]
    #[case::of_another_window(1_795_448_800, false)]
    fn a_window_is_shown_until_it_resets(#[case] resets: i64, #[case] shown: bool) {
        let told = format!(r#"{{"rate_limits":{{"five_hour":{{"used_percentage":1,"resets_at":{resets}}}}}}}"#);
        assert_eq!(read(&told).limits.five_hours(NOON).is_some(), shown);
    }

    #[test]
    fn a_window_without_a_reset_is_shown_without_one() {
        let told = read(r#"{"rate_limits":{"five_hour":{"used_percentage":100.9}}}"#);
        let window = told.limits.five_hours(NOON).expect("it is open");
        assert_eq!((window.used.percent(), window.resets), (100, None));
    }

    #[rstest]
    #[case("")]
    #[case("{")]
    #[case("[]")]
    #[case("null")]
    #[case("7")]
    #[case("{} {}")]
    #[case("\u{feff}{}")]
    fn what_is_no_object_is_refused(#[case] told: &str) {
        assert_eq!(StatusInput::read(told.as_bytes()), None);
    }

    #[test]
    fn a_note_holds_the_windows_and_nothing_else() {
        let note = LimitNote::of(&read(UNKNOWN), NOON).expect("there is something to note");
        assert_eq!(
            serde_json::to_string(&note).expect("is JSON"),
            r#"{"version":1,"at":"2026-11-22T12:00:00.000000Z","session":"s5","rate_limits":{"five_hour":{"used_percentage":9,"resets_at":1795356600},"seven_day_opus":{"used_percentage":3}}}"#
        );
        assert_eq!(LimitNote::of(&read(OLD), NOON), None, "there is nothing to note");
    }

    #[test]
    fn a_note_passes_numbers_on_as_they_are() {
        let note = LimitNote::of(&read(LEAK), NOON).expect("there is something to note");
        let told = note.rate_limits.0["five_hour"].used_percentage.clone();
        assert_eq!(told, Some(Number::from(1_795_356_600_u64)), "its reader refuses it");
    }

    #[rstest]
    #[case::at_once(0, true)]
    #[case::within_the_minute(59, true)]
    #[case::after_it(60, false)]
    #[case::from_the_future(-1, false)]
    fn the_same_again_within_a_minute_is_no_news(#[case] seconds: i64, #[case] told: bool) {
        let older = LimitNote::of(&read(BOTH), NOON).expect("there is something to note");
        let note = LimitNote { at: older.at + chrono::TimeDelta::seconds(seconds), ..older.clone() };
        assert_eq!(note.is_told_by(&older), told);
        assert!(!LimitNote { session: "other".into(), ..note }.is_told_by(&older));
    }

    #[test]
    fn each_session_has_a_file_of_its_own() {
        let name = |told| LimitNote::of(&read(told), NOON).expect("there is something to note").file_name();
        assert_ne!(name(BOTH), name(WEEK));
        assert!(name(BOTH).len() == 21 && name(BOTH).ends_with(".json"), "a path cannot be smuggled in");
    }
}
