//! The user's own rates, from the setting `pricing.overrides`.
//!
//! ```yaml
//! pricing:
//!   overrides:
//!     claude-opus-5-5: { input: 3.5, output: 17.5 }      # dollars per million tokens
//! ```
//!
//! They replace the listed rates for prompts of any length. Fast mode, US inference, batches and searches are priced on
//! top of them as usual. An entry with an error is ignored; the other entries apply.

use std::fmt;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use crate::pricing::model_name::ModelName;
use crate::pricing::rates::{TokenRates, UnitPrice};

/// TokenRates by model, from the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceOverrides(FxHashMap<String, TokenRates>);

/// An error in the setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideError {
    /// The full key, such as `pricing.overrides.claude-opus-5-5.input`.
    pub key: String,
    /// A description of valid values.
    pub expected: &'static str,
}

impl fmt::Display for OverrideError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: expected {}", self.key, self.expected)
    }
}

impl std::error::Error for OverrideError {}

const SETTING_KEY: &str = "pricing.overrides";
const EXPECTED_MODELS: &str = "a map from models to rates";
const EXPECTED_RATES: &str = "a map of input, output, cache_write, cache_write_1h, cache_read";
const EXPECTED_DOLLARS: &str = "dollars per million tokens, from 0 to 10000";
const EXPECTED_FIELD: &str = "one of input, output, cache_write, cache_write_1h, cache_read";
const FIELDS: [&str; 5] = ["input", "output", "cache_write", "cache_write_1h", "cache_read"];

impl PriceOverrides {
    /// Parses the setting. Returns the valid entries and the errors of the others. `null` means no overrides.
    pub fn parse(setting: &Value) -> (Self, Vec<OverrideError>) {
        let models = match setting {
            Value::Null => return (Self::default(), Vec::new()),
            Value::Object(models) => models,
            _ => {
                return (
                    Self::default(),
                    vec![OverrideError { key: SETTING_KEY.to_owned(), expected: EXPECTED_MODELS }],
                );
            }
        };
        let mut overrides = Self::default();
        let errors = models.iter().filter_map(|(model, rates)| overrides.add_model(model, rates).err());
        let errors = errors.collect();
        (overrides, errors)
    }

    fn add_model(&mut self, model: &str, rates: &Value) -> Result<(), OverrideError> {
        let key = format!("{SETTING_KEY}.{model}");
        let Value::Object(rates) = rates else { return Err(OverrideError { key, expected: EXPECTED_RATES }) };
        let rates = parse_rates(&key, rates)?;
        let name = ModelName::parse(model);
        // Rates of a regional name apply to that name only.
        self.0.insert(if name.regional { name.written } else { name.canonical }, rates);
        Ok(())
    }

    /// Returns the rates of a model, and true if they were given for exactly this form of its name.
    pub(crate) fn find_rates(&self, name: &ModelName) -> (Option<&TokenRates>, bool) {
        match self.0.get(&name.written) {
            Some(rates) if name.written != name.canonical => (Some(rates), true),
            Some(_) | None => (self.0.get(&name.canonical), false),
        }
    }
}

/// Parses the rates of one model. Missing cache rates are derived from the input rate by the vendor's usual ratios.
fn parse_rates(key: &str, fields: &Map<String, Value>) -> Result<TokenRates, OverrideError> {
    if let Some(other) = fields.keys().find(|field| !FIELDS.contains(&field.as_str())) {
        return Err(OverrideError { key: format!("{key}.{other}"), expected: EXPECTED_FIELD });
    }
    let rate = |field: &str| parse_rate(key, field, fields.get(field));
    let required = |field: &str| {
        rate(field)?.ok_or_else(|| OverrideError { key: format!("{key}.{field}"), expected: EXPECTED_DOLLARS })
    };
    let input = required("input")?;
    Ok(TokenRates {
        input,
        output: required("output")?,
        write: rate("cache_write")?.unwrap_or(UnitPrice(input.0 * 5 / 4)),
        write_hour: rate("cache_write_1h")?.unwrap_or(UnitPrice(input.0 * 2)),
        read: rate("cache_read")?.unwrap_or(UnitPrice(input.0 / 10)),
    })
}

fn parse_rate(key: &str, field: &str, value: Option<&Value>) -> Result<Option<UnitPrice>, OverrideError> {
    let Some(value) = value else { return Ok(None) };
    let rate =
        value.as_f64().and_then(|dollars| UnitPrice::from_dollars(dollars / 1e6, UnitPrice::MAX_DOLLARS_PER_TOKEN));
    rate.map(Some).ok_or_else(|| OverrideError { key: format!("{key}.{field}"), expected: EXPECTED_DOLLARS })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn rates(overrides: &PriceOverrides, model: &str) -> Option<TokenRates> {
        overrides.find_rates(&ModelName::parse(model)).0.copied()
    }

    #[rstest]
    #[case::an_application_profile("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6")]
    #[case::an_alias("opus")]
    #[case::fast_mode_in_the_name("anthropic/claude-opus-4.6-fast")]
    fn a_name_without_a_listed_price_can_be_given_one(#[case] model: &str) {
        let (overrides, errors) = PriceOverrides::parse(&json!({ model: { "input": 4, "output": 20 } }));
        assert_eq!(errors, []);
        assert_eq!(rates(&overrides, model), Some(TokenRates::per_million(4_000, 5_000, 8_000, 400, 20_000)));
        assert_eq!(rates(&overrides, "claude-opus-4-6"), None);
        assert_eq!(rates(&overrides, &format!("{model}0")), None);
    }

    #[test]
    fn missing_cache_rates_are_derived_from_the_input_rate() {
        let (overrides, errors) = PriceOverrides::parse(&json!({ "my-model": { "input": 4, "output": 20.5 } }));
        assert_eq!(rates(&overrides, "my-model"), Some(TokenRates::per_million(4_000, 5_000, 8_000, 400, 20_500)));
        assert_eq!(errors, []);
    }

    #[test]
    fn rates_apply_to_every_form_of_the_name() {
        let (overrides, _) =
            PriceOverrides::parse(&json!({ "claude-opus-4.8": { "input": 1, "output": 2, "cache_read": 0 } }));
        let expected = Some(TokenRates::per_million(1_000, 1_250, 2_000, 0, 2_000));
        for name in
            ["claude-opus-4-8", "anthropic/claude-opus-4.8", "us.anthropic.claude-opus-4-8", "CLAUDE-OPUS-4-8[1m]"]
        {
            assert_eq!(rates(&overrides, name), expected, "{name}");
        }
        assert_eq!(rates(&overrides, "claude-opus-4"), None);
    }

    #[test]
    fn rates_of_a_regional_name_apply_to_that_name_only() {
        let (overrides, _) =
            PriceOverrides::parse(&json!({ "us.anthropic.claude-opus-5": { "input": 1, "output": 2 } }));
        assert_eq!(rates(&overrides, "claude-opus-5"), None);
        assert!(overrides.find_rates(&ModelName::parse("us.anthropic.claude-opus-5")).1);
    }

    #[rstest]
    #[case(json!([]), "pricing.overrides", EXPECTED_MODELS)]
    #[case(json!({ "m": 3 }), "pricing.overrides.m", EXPECTED_RATES)]
    #[case(json!({ "m": { "output": 1 } }), "pricing.overrides.m.input", EXPECTED_DOLLARS)]
    #[case(json!({ "m": { "input": "4", "output": 1 } }), "pricing.overrides.m.input", EXPECTED_DOLLARS)]
    #[case(json!({ "m": { "input": 4, "output": -1 } }), "pricing.overrides.m.output", EXPECTED_DOLLARS)]
    #[case(json!({ "m": { "input": 4, "output": 1, "cache_read": null } }), "pricing.overrides.m.cache_read", EXPECTED_DOLLARS)]
    #[case(json!({ "m": { "input": 4, "output": 1, "cache_wirte": 1 } }), "pricing.overrides.m.cache_wirte", EXPECTED_FIELD)]
    fn an_error_names_the_key_and_the_valid_values(
        #[case] setting: Value,
        #[case] key: &str,
        #[case] expected: &'static str,
    ) {
        let (overrides, errors) = PriceOverrides::parse(&setting);
        assert_eq!(errors, [OverrideError { key: key.to_owned(), expected }]);
        assert_eq!(overrides, PriceOverrides::default());
    }

    #[test]
    fn an_invalid_entry_does_not_affect_the_others() {
        let setting = json!({ "bad": { "input": true, "output": 1 }, "good": { "input": 1, "output": 1 } });
        let (overrides, errors) = PriceOverrides::parse(&setting);
        assert_eq!((rates(&overrides, "bad"), errors.len()), (None, 1));
        assert!(rates(&overrides, "good").is_some());
        assert_eq!(PriceOverrides::parse(&Value::Null), (PriceOverrides::default(), Vec::new()));
    }
}
