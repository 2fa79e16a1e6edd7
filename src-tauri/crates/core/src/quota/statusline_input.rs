//! Parses the input that Claude Code passes to its status-line command.
//!
//! Each field is parsed leniently: a field that is missing, of another type or not a valid number is absent and does not
//! affect the others. Only text that is not a JSON object is rejected. The numbers of the official windows are kept as
//! they were passed and are validated when they are shown.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Number;
use serde_json::value::RawValue;

use crate::money::Usd;
use crate::quota::session_figures::SessionFigures;
use crate::time::{MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, Timestamp};

/// The input of the status-line command.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatusLineInput {
    /// The session id; empty if missing.
    pub session: String,
    /// The name given to the session by its user.
    pub session_name: Option<String>,
    /// The display name of the model.
    pub model: Option<String>,
    /// The cost of the session so far, as computed by Claude Code.
    pub cost: Option<Usd>,
    /// The used share of the context window. None if Claude Code does not know it, as right after a compaction.
    pub context: Option<UsedPercent>,
    /// The official windows; empty if there are none.
    pub limits: StatusLineLimits,
    /// The context and the prompt cache.
    pub figures: SessionFigures,
}

type Fields<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

impl StatusLineInput {
    /// Parses the input. Returns `None` if it is not a JSON object.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let input: Fields<'_> = serde_json::from_slice(bytes).ok()?;
        let nested =
            |name: &str, field: &str| input.get(name).and_then(|value| parse_object(value)?.get(field).copied());
        let dollars = nested("cost", "total_cost_usd").and_then(parse_number);
        let context = nested("context_window", "used_percentage").and_then(parse_number);
        // Right after a compaction Claude Code passes zeros until the next answer.
        let has_tokens = || {
            let tokens = nested("context_window", "total_input_tokens").and_then(parse_number);
            tokens.and_then(|tokens| tokens.as_f64()).is_some_and(|tokens| tokens > 0.0)
        };
        let context = context.filter(|used| used.as_f64() != Some(0.0) || has_tokens());
        let field = |name: &str| input.get(name).copied();
        Some(Self {
            figures: SessionFigures::parse(field("model"), field("context_window"), field("prompt_cache")),
            session: input.get("session_id").and_then(|id| parse_text(id)).unwrap_or_default(),
            session_name: input.get("session_name").and_then(|name| parse_text(name)),
            model: input.get("model").and_then(|model| parse_model_name(model)),
            cost: dollars.and_then(|dollars| Usd::from_dollars(dollars.as_f64()?)),
            context: context.as_ref().and_then(UsedPercent::from_number),
            limits: input
                .get("rate_limits")
                .map_or_else(StatusLineLimits::default, |limits| StatusLineLimits::parse(limits)),
        })
    }
}

fn parse_object(value: &RawValue) -> Option<Fields<'_>> {
    serde_json::from_str(value.get()).ok()
}

fn parse_text(value: &RawValue) -> Option<String> {
    let text: String = serde_json::from_str(value.get()).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Parses a number. Returns `None` for a number out of range, such as `1e999`.
fn parse_number(value: &RawValue) -> Option<Number> {
    serde_json::from_str(value.get()).ok()
}

/// Parses the model: an object with a display name or an id, or only the id, as older versions wrote.
fn parse_model_name(value: &RawValue) -> Option<String> {
    let Some(model) = parse_object(value) else { return parse_text(value) };
    ["display_name", "id"].iter().find_map(|name| parse_text(model.get(*name)?))
}

/// A used share in percent, from 0 to 101.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct UsedPercent(f64);

impl UsedPercent {
    /// The maximum valid share. It may exceed 100 slightly; some versions of Claude Code wrote the reset time instead.
    const MAX: f64 = 101.0;

    /// Converts a number. Returns `None` if it is out of range.
    fn from_number(number: &Number) -> Option<Self> {
        number.as_f64().filter(|percent| (0.0..=Self::MAX).contains(percent)).map(Self)
    }

    /// Returns the share in percent, at most 100.
    pub fn percent(self) -> f64 {
        self.0.min(100.0)
    }
}

/// The official windows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StatusLineLimits {
    /// The windows by Claude Code's names.
    #[serde(flatten)]
    pub windows: BTreeMap<String, LimitWindow>,
    /// The weekly windows of model families.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub model_scoped: Vec<ModelWindow>,
}

/// The numbers of one official window, not validated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LimitWindow {
    /// The used share in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_percentage: Option<Number>,
    /// The reset time in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resets_at: Option<Number>,
}

/// The weekly window of a model family, not validated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelWindow {
    /// The name of the model family.
    #[serde(default)]
    pub display_name: String,
    /// The numbers of the window.
    #[serde(flatten)]
    pub window: LimitWindow,
}

/// The validated five-hour window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FiveHourUsage {
    /// The used share.
    pub used: UsedPercent,
    /// The reset time, if given.
    pub resets_at: Option<Timestamp>,
}

impl StatusLineLimits {
    const FIVE_HOUR: &str = "five_hour";

    const MODEL_SCOPED: &str = "model_scoped";

    /// The maximum length of a window's name in bytes.
    const MAX_NAME_LEN: usize = 40;

    /// The maximum number of windows, several times the known number.
    const MAX_WINDOWS: usize = 16;

    /// The maximum time until the reset, in microseconds: five hours and a tolerance for clock differences.
    const MAX_RESET_DISTANCE: i64 = 5 * MICROS_PER_HOUR + 10 * MICROS_PER_MINUTE;

    /// Returns true if there are no windows.
    pub fn is_empty(&self) -> bool {
        self.windows.is_empty() && self.model_scoped.is_empty()
    }

    fn parse(value: &RawValue) -> Self {
        let fields = parse_object(value).unwrap_or_default();
        let models =
            fields.get(Self::MODEL_SCOPED).and_then(|models| serde_json::from_str::<Vec<&RawValue>>(models.get()).ok());
        let models = models.unwrap_or_default().into_iter().filter_map(ModelWindow::parse).take(Self::MAX_WINDOWS);
        let named = fields.into_iter().filter(|(name, _)| Self::is_window_name(name));
        let windows = named.filter_map(|(name, window)| Some((name.into_owned(), LimitWindow::parse(window)?)));
        Self { windows: windows.take(Self::MAX_WINDOWS).collect(), model_scoped: models.collect() }
    }

    fn is_window_name(name: &str) -> bool {
        let is_identifier = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_identifier && name != Self::MODEL_SCOPED && (1..=Self::MAX_NAME_LEN).contains(&name.len())
    }

    /// Returns the usage of the five-hour window, or `None` if it is missing, invalid or over.
    pub fn five_hour_usage(&self, now: Timestamp) -> Option<FiveHourUsage> {
        let window = self.windows.get(Self::FIVE_HOUR)?;
        let used = UsedPercent::from_number(window.used_percentage.as_ref()?)?;
        let is_ahead = |at: &Timestamp| (1..=Self::MAX_RESET_DISTANCE).contains(&(at.0 - now.0));
        let resets_at = match &window.resets_at {
            Some(seconds) => Some(timestamp_from_seconds(seconds).filter(is_ahead)?),
            None => None,
        };
        Some(FiveHourUsage { used, resets_at })
    }
}

impl LimitWindow {
    /// Parses a window. Returns `None` if it contains neither a share nor a reset time.
    fn parse(value: &RawValue) -> Option<Self> {
        let fields = parse_object(value)?;
        let number = |name: &str| fields.get(name).and_then(|value| parse_number(value));
        let spent_share = || percentage(&number("used_usd")?, &number("limit_usd")?);
        let used_percentage = number("used_percentage").or_else(|| number("utilization")).or_else(spent_share);
        let resets_at =
            fields.get("resets_at").and_then(|resets| parse_number(resets).or_else(|| parse_seconds(resets)));
        let window = Self { used_percentage, resets_at };
        (window != Self::default()).then_some(window)
    }
}

impl ModelWindow {
    /// Parses an entry of the list of weekly windows. Returns `None` without a name or a share.
    fn parse(value: &RawValue) -> Option<Self> {
        let display_name = parse_text(parse_object(value)?.get("display_name")?)?;
        let window = LimitWindow::parse(value).filter(|window| window.used_percentage.is_some())?;
        Some(Self { display_name, window })
    }
}

/// Returns a part in percent of the whole.
fn percentage(part: &Number, whole: &Number) -> Option<Number> {
    let whole = whole.as_f64().filter(|whole| *whole > 0.0)?;
    Number::from_f64(part.as_f64()? / whole * 100.0)
}

/// Parses an RFC 3339 time. Returns it in seconds since 1970.
fn parse_seconds(value: &RawValue) -> Option<Number> {
    Timestamp::parse(&parse_text(value)?).map(|at| Number::from(at.0.div_euclid(MICROS_PER_SECOND)))
}

/// Converts seconds since 1970. Returns `None` outside the range of the calendar.
fn timestamp_from_seconds(seconds: &Number) -> Option<Timestamp> {
    let micros = seconds.as_f64()? * 1e6;
    (micros.abs() < 2.5e17).then_some(Timestamp(micros as i64))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
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

    fn parse(json: &str) -> StatusLineInput {
        StatusLineInput::parse(json.as_bytes()).expect("is an object")
    }

    fn window_names(json: &str) -> Vec<String> {
        parse(json).limits.windows.into_keys().collect()
    }

    #[rstest]
    #[case::no_limits_yet(OLD, Some("Opus 4.1"), &[])]
    #[case::both_windows(BOTH, Some("Opus 5.5"), &["five_hour", "seven_day"])]
    #[case::only_the_week(WEEK, Some("claude-sonnet-5"), &["seven_day"])]
    #[case::a_time_for_a_percentage(LEAK, Some("claude-haiku-4-5"), &["five_hour"])]
    #[case::nulls(NULLS, None, &[])]
    #[case::fields_of_the_future(UNKNOWN, Some("X"), &["five_hour", "monthly", "seven_day_opus"])]
    #[case::numbers_beyond_numbers(HUGE, Some("Y"), &["five_hour"])]
    fn input_of_each_version_is_parsed(#[case] json: &str, #[case] model: Option<&str>, #[case] windows: &[&str]) {
        assert_eq!(parse(json).model.as_deref(), model);
        assert_eq!(window_names(json), windows);
    }

    #[test]
    fn all_figures_are_parsed() {
        let input = parse(BOTH);
        assert_eq!((input.session.as_str(), input.session_name.as_deref()), ("s2", Some("fix login flow")));
        assert_eq!((input.cost, input.context.map(UsedPercent::percent)), (Some(Usd(3_410_000_000)), Some(42.0)));
        let window = input.limits.five_hour_usage(NOON).expect("it is open");
        assert_eq!((window.used.percent(), window.resets_at), (37.5, Some(Timestamp(NOON.0 + 7_800_000_000))));
    }

    #[rstest]
    #[case::a_time_for_a_percentage(LEAK)]
    #[case::numbers_beyond_numbers(HUGE)]
    #[case::only_the_week(WEEK)]
    fn an_invalid_percentage_is_not_shown(#[case] json: &str) {
        assert_eq!(parse(json).limits.five_hour_usage(NOON), None);
    }

    #[rstest]
    #[case::after_a_compaction(r#""used_percentage":0,"total_input_tokens":0"#, None)]
    #[case::without_tokens(r#""used_percentage":0"#, None)]
    #[case::before_the_first_answer(r#""used_percentage":null,"total_input_tokens":0"#, None)]
    #[case::rounded_down(r#""used_percentage":0,"total_input_tokens":3000"#, Some(0.0))]
    #[case::without_totals(r#""used_percentage":12"#, Some(12.0))]
    fn a_context_of_zeros_is_unknown(#[case] window: &str, #[case] percent: Option<f64>) {
        let input = parse(&format!(r#"{{"context_window":{{{window}}}}}"#));
        assert_eq!(input.context.map(UsedPercent::percent), percent);
    }

    #[test]
    fn numbers_out_of_range_are_absent() {
        assert_eq!((parse(HUGE).cost, parse(HUGE).context), (None, None));
    }

    #[rstest]
    #[case::over(1_795_348_799, false)]
    #[case::open(1_795_348_801, true)]
    #[case::of_another_window(1_795_448_800, false)]
    fn a_window_is_shown_until_it_resets(#[case] resets: i64, #[case] shown: bool) {
        let json = format!(r#"{{"rate_limits":{{"five_hour":{{"used_percentage":1,"resets_at":{resets}}}}}}}"#);
        assert_eq!(parse(&json).limits.five_hour_usage(NOON).is_some(), shown);
    }

    #[test]
    fn a_window_without_a_reset_is_shown_without_one() {
        let input = parse(r#"{"rate_limits":{"five_hour":{"used_percentage":100.9}}}"#);
        let window = input.limits.five_hour_usage(NOON).expect("it is open");
        assert_eq!((window.used.percent(), window.resets_at), (100.0, None));
    }

    #[rstest]
    #[case("")]
    #[case("{")]
    #[case("[]")]
    #[case("null")]
    #[case("7")]
    #[case("{} {}")]
    #[case("\u{feff}{}")]
    fn input_that_is_not_an_object_is_rejected(#[case] json: &str) {
        assert_eq!(StatusLineInput::parse(json.as_bytes()), None);
    }

    proptest! {
        #[test]
        fn any_change_of_an_input_leaves_plausible_figures(
            input in prop::sample::select(vec![OLD, BOTH, WEEK, LEAK, NULLS, UNKNOWN]),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = input.as_bytes().to_vec();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            for bytes in [&bytes[..], &bytes[..cut.index(bytes.len() + 1)]] {
                if let Some(input) = StatusLineInput::parse(bytes) {
                    prop_assert!(input.context.is_none_or(|used| used.percent().is_finite() && used.percent() >= 0.0));
                    let five_hours = input.limits.five_hour_usage(NOON);
                    prop_assert!(five_hours.is_none_or(|usage| usage.used.percent().is_finite()));
                }
            }
        }
    }
}
