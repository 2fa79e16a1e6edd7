//! The settings' own rates: `pricing.overrides`.
//!
//! ```yaml
//! pricing:
//!   overrides:
//!     claude-opus-5-5: { input: 3.5, output: 17.5 }      # dollars per million tokens
//! ```
//!
//! They stand in the place of the listed rates, for prompts of any length; fast mode, US inference, batches and
//! searches are priced on top as for the listed ones. An entry with a fault is left out, the others hold.

use std::fmt;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use crate::pricing::model_name::ModelName;
use crate::pricing::rates::{Rate, Rates};

/// Rates by model, from the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides(FxHashMap<String, Rates>);

/// A setting that is no rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadOverride {
    /// The whole key: `pricing.overrides.claude-opus-5-5.input`.
    pub key: String,
    /// What belongs there.
    pub expected: &'static str,
}

impl fmt::Display for BadOverride {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: expected {}", self.key, self.expected)
    }
}

impl std::error::Error for BadOverride {}

const KEY: &str = "pricing.overrides";
const MODELS: &str = "a map from models to rates";
const RATES: &str = "a map of input, output, cache_write, cache_write_1h, cache_read";
const DOLLARS: &str = "dollars per million tokens, from 0 to 10000";
const KNOWN: &str = "one of input, output, cache_write, cache_write_1h, cache_read";
const FIELDS: [&str; 5] = ["input", "output", "cache_write", "cache_write_1h", "cache_read"];

impl Overrides {
    /// Reads the setting, and says what in it is no rate. `null` is no override.
    pub fn read(setting: &Value) -> (Self, Vec<BadOverride>) {
        let models = match setting {
            Value::Null => return Self::default().faultless(),
            Value::Object(models) => models,
            _ => return (Self::default(), vec![BadOverride { key: KEY.to_owned(), expected: MODELS }]),
        };
        let mut read = Self::default();
        let faults = models.iter().filter_map(|(model, rates)| read.take(model, rates).err());
        let faults = faults.collect();
        (read, faults)
    }

    fn faultless(self) -> (Self, Vec<BadOverride>) {
        (self, Vec::new())
    }

    fn take(&mut self, model: &str, rates: &Value) -> Result<(), BadOverride> {
        let key = format!("{KEY}.{model}");
        let Value::Object(rates) = rates else { return Err(BadOverride { key, expected: RATES }) };
        let rates = read_rates(&key, rates)?;
        let name = ModelName::read(model);
        // The rates of a regional form are that form's alone.
        self.0.insert(if name.regional { name.written } else { name.canonical }, rates);
        Ok(())
    }

    /// The rates of a model, and whether they were given for just this form of its name.
    pub(crate) fn find(&self, name: &ModelName) -> (Option<&Rates>, bool) {
        match self.0.get(&name.written) {
            Some(rates) if name.written != name.canonical => (Some(rates), true),
            Some(_) | None => (self.0.get(&name.canonical), false),
        }
    }
}

/// Rates of one model; the cache's follow from the input's where they are not given, as the vendor's usually do.
fn read_rates(key: &str, fields: &Map<String, Value>) -> Result<Rates, BadOverride> {
    if let Some(other) = fields.keys().find(|field| !FIELDS.contains(&field.as_str())) {
        return Err(BadOverride { key: format!("{key}.{other}"), expected: KNOWN });
    }
    let rate = |field: &str| read_rate(key, field, fields.get(field));
    let needed =
        |field: &str| rate(field)?.ok_or_else(|| BadOverride { key: format!("{key}.{field}"), expected: DOLLARS });
    let input = needed("input")?;
    Ok(Rates {
        input,
        output: needed("output")?,
        write: rate("cache_write")?.unwrap_or(Rate(input.0 * 5 / 4)),
        write_hour: rate("cache_write_1h")?.unwrap_or(Rate(input.0 * 2)),
        read: rate("cache_read")?.unwrap_or(Rate(input.0 / 10)),
    })
}

fn read_rate(key: &str, field: &str, value: Option<&Value>) -> Result<Option<Rate>, BadOverride> {
    let Some(value) = value else { return Ok(None) };
    let rate = value.as_f64().and_then(|dollars| Rate::from_dollars(dollars / 1e6, Rate::MOST_FOR_A_TOKEN));
    rate.map(Some).ok_or_else(|| BadOverride { key: format!("{key}.{field}"), expected: DOLLARS })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn rates(overrides: &Overrides, model: &str) -> Option<Rates> {
        overrides.find(&ModelName::read(model)).0.copied()
    }

    #[test]
    fn cache_rates_that_are_not_given_follow_from_the_input() {
        let (overrides, faults) = Overrides::read(&json!({ "my-model": { "input": 4, "output": 20.5 } }));
        assert_eq!(rates(&overrides, "my-model"), Some(Rates::per_million(4_000, 5_000, 8_000, 400, 20_500)));
        assert_eq!(faults, []);
    }

    #[test]
    fn rates_hold_for_every_form_of_the_name() {
        let (overrides, _) =
            Overrides::read(&json!({ "claude-opus-4.8": { "input": 1, "output": 2, "cache_read": 0 } }));
        let expected = Some(Rates::per_million(1_000, 1_250, 2_000, 0, 2_000));
        for name in
            ["claude-opus-4-8", "anthropic/claude-opus-4.8", "us.anthropic.claude-opus-4-8", "CLAUDE-OPUS-4-8[1m]"]
        {
            assert_eq!(rates(&overrides, name), expected, "{name}");
        }
        assert_eq!(rates(&overrides, "claude-opus-4"), None);
    }

    #[test]
    fn rates_of_a_regional_form_are_its_own() {
        let (overrides, _) = Overrides::read(&json!({ "us.anthropic.claude-opus-5": { "input": 1, "output": 2 } }));
        assert_eq!(rates(&overrides, "claude-opus-5"), None);
        assert!(overrides.find(&ModelName::read("us.anthropic.claude-opus-5")).1);
    }

    #[rstest]
    #[case(json!([]), "pricing.overrides", MODELS)]
    #[case(json!({ "m": 3 }), "pricing.overrides.m", RATES)]
    #[case(json!({ "m": { "output": 1 } }), "pricing.overrides.m.input", DOLLARS)]
    #[case(json!({ "m": { "input": "4", "output": 1 } }), "pricing.overrides.m.input", DOLLARS)]
    #[case(json!({ "m": { "input": 4, "output": -1 } }), "pricing.overrides.m.output", DOLLARS)]
    #[case(json!({ "m": { "input": 4, "output": 1, "cache_read": null } }), "pricing.overrides.m.cache_read", DOLLARS)]
    #[case(json!({ "m": { "input": 4, "output": 1, "cache_wirte": 1 } }), "pricing.overrides.m.cache_wirte", KNOWN)]
    fn a_fault_names_its_key_and_what_belongs_there(
        #[case] setting: Value,
        #[case] key: &str,
        #[case] expected: &'static str,
    ) {
        let (overrides, faults) = Overrides::read(&setting);
        assert_eq!(faults, [BadOverride { key: key.to_owned(), expected }]);
        assert_eq!(overrides, Overrides::default());
    }

    #[test]
    fn the_other_entries_still_hold() {
        let setting = json!({ "bad": { "input": true, "output": 1 }, "good": { "input": 1, "output": 1 } });
        let (overrides, faults) = Overrides::read(&setting);
        assert_eq!((rates(&overrides, "bad"), faults.len()), (None, 1));
        assert!(rates(&overrides, "good").is_some());
        assert_eq!(Overrides::read(&Value::Null), (Overrides::default(), Vec::new()));
    }
}
