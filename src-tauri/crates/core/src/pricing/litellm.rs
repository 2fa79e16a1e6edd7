//! LiteLLM's price list (`model_prices_and_context_window.json`), used for models that are not in the bundled table.
//!
//! The list is long, made by many people and changes daily, so it is parsed entry by entry. Unsupported entries are
//! skipped and counted, and their models stay unpriced. Unsupported are prices by time of day, more than one prompt
//! length, and prices of zero: LiteLLM lists models that are not sold by the token at zero.

use std::collections::BTreeMap;
use std::fmt;

use rustc_hash::FxHashMap;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::pricing::model_name::ModelName;
use crate::pricing::rates::{DatedPrice, LongContextTier, Multiplier, PriceTiers, TokenRates, UnitPrice};
use crate::time::timestamp::Timestamp;

/// LiteLLM's prices by model. Many models have the same price, so each price is stored once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiteLlmPrices {
    /// Lower-case model names in order, each with the index of its price.
    names: Box<[(Box<str>, u32)]>,
    prices: Box<[DatedPrice]>,
    skipped: usize,
}

/// An error in the file as a whole.
#[derive(Debug)]
pub enum PriceListError {
    /// The file is not a JSON object.
    NotJson(serde_json::Error),
    /// The file has no model with a price.
    NoPrices,
}

impl fmt::Display for PriceListError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(_) => out.write_str("not a JSON object"),
            Self::NoPrices => out.write_str("no model in it has a price"),
        }
    }
}

impl std::error::Error for PriceListError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotJson(cause) => Some(cause),
            Self::NoPrices => None,
        }
    }
}

/// An entry that cannot be interpreted.
struct UnsupportedEntry;

impl LiteLlmPrices {
    /// Parses the list. Fails if it is not a JSON object or has no model with a price.
    pub fn parse(json: &[u8]) -> Result<Self, PriceListError> {
        let entries: BTreeMap<Box<str>, &RawValue> = serde_json::from_slice(json).map_err(PriceListError::NotJson)?;
        let mut builder = PriceListBuilder::default();
        for (name, entry) in entries.into_iter().filter(|(name, _)| &**name != "sample_spec") {
            builder.add_entry(&name, entry);
        }
        if builder.names.is_empty() { Err(PriceListError::NoPrices) } else { Ok(builder.build()) }
    }

    /// Returns the number of models with a price.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Returns true if no model has a price.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Returns the number of unsupported entries.
    pub fn skipped_entries(&self) -> usize {
        self.skipped
    }

    /// Returns the price of a model by its name as written, without hosts, or in canonical form. Regional names are
    /// only looked up as written, because their price differs.
    pub(crate) fn find_prices(&self, name: &ModelName) -> Option<&[DatedPrice]> {
        let normalized = [&name.bare, &name.canonical].into_iter().filter(|_| !name.regional);
        let price = std::iter::once(&name.written).chain(normalized).find_map(|name| self.find_price(name))?;
        Some(std::slice::from_ref(price))
    }

    fn find_price(&self, name: &str) -> Option<&DatedPrice> {
        let at = self.names.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        self.prices.get(self.names[at].1 as usize)
    }
}

/// The state while the list is parsed.
#[derive(Default)]
struct PriceListBuilder {
    names: BTreeMap<Box<str>, u32>,
    prices: Vec<DatedPrice>,
    known: FxHashMap<DatedPrice, u32>,
    skipped: usize,
}

impl PriceListBuilder {
    fn add_entry(&mut self, name: &str, entry: &RawValue) {
        let fields = serde_json::from_str(entry.get()).map_err(|_| UnsupportedEntry);
        match fields.and_then(|fields| parse_entry(&fields)) {
            Ok(Some(price)) => {
                let index = self.price_index(price);
                self.names.insert(name.to_ascii_lowercase().into(), index);
            }
            Ok(None) => {}
            Err(UnsupportedEntry) => self.skipped += 1,
        }
    }

    fn price_index(&mut self, price: DatedPrice) -> u32 {
        *self.known.entry(price).or_insert_with(|| {
            self.prices.push(price);
            u32::try_from(self.prices.len() - 1).expect("the list has fewer than 2^32 prices")
        })
    }

    fn build(self) -> LiteLlmPrices {
        let names = self.names.into_iter().collect();
        LiteLlmPrices { names, prices: self.prices.into(), skipped: self.skipped }
    }
}

/// Parses the price of an entry. Returns `Ok(None)` if the model is not sold by the token.
fn parse_entry(fields: &Map<String, Value>) -> Result<Option<DatedPrice>, UnsupportedEntry> {
    let has = |key: &str| fields.get(key).is_some_and(|value| !value.is_null());
    if has("tiered_pricing") || has("off_peak_pricing") {
        return Err(UnsupportedEntry);
    }
    if !has("input_cost_per_token") || !has("output_cost_per_token") {
        return Ok(None);
    }
    let price = parse_price(fields).ok_or(UnsupportedEntry)?;
    Ok((price.standard.base != TokenRates::default()).then_some(price))
}

fn parse_price(fields: &Map<String, Value>) -> Option<DatedPrice> {
    let standard = parse_tiers(fields, "", None)?;
    let priority = parse_priority_tiers(fields, &standard.base)?;
    let (fast, us) = parse_multipliers(fields.get("provider_specific_entry"))?;
    let search = parse_search_price(fields.get("search_context_cost_per_query"))?;
    Some(DatedPrice { standard, priority, fast, us, search, ..DatedPrice::flat(Timestamp(i64::MIN), standard.base) })
}

/// Parses the rates with priority. Returns `None` if a value is invalid and `Some(None)` if there are none.
fn parse_priority_tiers(fields: &Map<String, Value>, base: &TokenRates) -> Option<Option<PriceTiers>> {
    match fields.get("input_cost_per_token_priority") {
        None | Some(Value::Null) => Some(None),
        Some(_) => parse_tiers(fields, "_priority", Some(base)).map(Some),
    }
}

/// Parses the rates of one tier, `""` or `_priority`. Returns `None` if a value is invalid.
fn parse_tiers(fields: &Map<String, Value>, tier: &str, standard: Option<&TokenRates>) -> Option<PriceTiers> {
    let base = parse_rates(fields, "", tier, standard)?;
    let Some(length) = long_prompt_length(fields)? else { return Some(PriceTiers { base, long: None }) };
    let rates = parse_rates(fields, length, tier, Some(&base))?;
    Some(PriceTiers { base, long: Some(LongContextTier { above: parse_token_count(length)?, rates }) })
}

/// Finds the prompt length above which other rates apply, as written: `200k`. Returns `None` if there are several.
fn long_prompt_length(fields: &Map<String, Value>) -> Option<Option<&str>> {
    let mut lengths = fields.keys().filter_map(|key| length_in_key(key));
    let Some(first) = lengths.next() else { return Some(None) };
    lengths.all(|other| other == first).then_some(Some(first))
}

fn length_in_key(key: &str) -> Option<&str> {
    let (_, above) = key.split_once("put_cost_per_token_above_")?;
    above.split_once("_tokens").map(|(length, _)| length)
}

/// Parses a length such as `200k` or `128000`.
fn parse_token_count(length: &str) -> Option<u64> {
    match length.strip_suffix('k') {
        Some(thousands) => thousands.parse::<u64>().ok()?.checked_mul(1_000),
        None => length.parse().ok(),
    }
}

/// Parses the rates of one tier for one prompt length.
///
/// Missing rates follow LiteLLM's own rules: the standard rate applies to long prompts and to priority; the cache is
/// billed as input; a one-hour write is billed as a five-minute write.
fn parse_rates(
    fields: &Map<String, Value>,
    length: &str,
    tier: &str,
    defaults: Option<&TokenRates>,
) -> Option<TokenRates> {
    let above = if length.is_empty() { String::new() } else { format!("_above_{length}_tokens") };
    let rate = |base: &str| parse_rate(fields.get(&format!("{base}{above}{tier}")));
    let input = rate("input_cost_per_token")?.or(defaults.map(|rates| rates.input))?;
    let write = rate("cache_creation_input_token_cost")?.or(defaults.map(|rates| rates.write)).unwrap_or(input);
    let hour = rate("cache_creation_input_token_cost_above_1hr")?.or(defaults.map(|rates| rates.write_hour));
    Some(TokenRates {
        input,
        write,
        write_hour: hour.unwrap_or(write),
        read: rate("cache_read_input_token_cost")?.or(defaults.map(|rates| rates.read)).unwrap_or(input),
        output: rate("output_cost_per_token")?.or(defaults.map(|rates| rates.output))?,
    })
}

/// Parses a rate that may be missing. Returns `None` if the value is invalid.
fn parse_rate(value: Option<&Value>) -> Option<Option<UnitPrice>> {
    match value {
        None | Some(Value::Null) => Some(None),
        Some(value) => UnitPrice::from_dollars(value.as_f64()?, UnitPrice::MAX_DOLLARS_PER_TOKEN).map(Some),
    }
}

/// Parses the multipliers of fast mode and of inference in the United States.
fn parse_multipliers(value: Option<&Value>) -> Option<(Option<Multiplier>, Multiplier)> {
    let Some(Value::Object(entry)) = value else { return Some((None, Multiplier::ONE)) };
    let multiplier = |key: &str| match entry.get(key) {
        None => Some(None),
        Some(factor) => Multiplier::from_factor(factor.as_f64()?).map(Some),
    };
    Some((multiplier("fast")?, multiplier("us")?.unwrap_or(Multiplier::ONE)))
}

fn parse_search_price(value: Option<&Value>) -> Option<UnitPrice> {
    match value.and_then(|sizes| sizes.get("search_context_size_medium")) {
        None => Some(DatedPrice::DEFAULT_SEARCH),
        Some(dollars) => UnitPrice::from_dollars(dollars.as_f64()?, UnitPrice::MAX_DOLLARS_PER_SEARCH),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(list: &Value) -> LiteLlmPrices {
        LiteLlmPrices::parse(list.to_string().as_bytes()).expect("a list")
    }

    fn row(list: &LiteLlmPrices, name: &str) -> Option<DatedPrice> {
        list.find_prices(&ModelName::parse(name)).map(|rows| rows[0])
    }

    #[test]
    fn all_prices_of_an_entry_are_parsed() {
        let list = parse(&json!({ "claude-new": {
            "input_cost_per_token": 1e-07, "output_cost_per_token": 5e-07,
            "cache_creation_input_token_cost": 1.25e-07, "cache_creation_input_token_cost_above_1hr": 2e-07,
            "cache_read_input_token_cost": 1e-08,
            "input_cost_per_token_above_100k_tokens": 5e-07, "output_cost_per_token_above_100k_tokens": 2.5e-06,
            "cache_creation_input_token_cost_above_100k_tokens": 6.25e-07,
            "cache_creation_input_token_cost_above_1hr_above_100k_tokens": 1e-06,
            "cache_read_input_token_cost_above_100k_tokens": 5e-08,
            "provider_specific_entry": { "us": 1.1, "fast": 2 },
            "search_context_cost_per_query": { "search_context_size_medium": 0.014 },
        }}));
        let price = row(&list, "anthropic/claude-new").expect("its price");
        assert_eq!(price.standard.base, TokenRates::per_million(100, 125, 200, 10, 500));
        let long = LongContextTier { above: 100_000, rates: TokenRates::per_million(500, 625, 1_000, 50, 2_500) };
        assert_eq!(price.standard.long, Some(long));
        assert_eq!((price.fast, price.us), (Some(Multiplier::TWO), Multiplier::PLUS_TEN_PERCENT));
        assert_eq!(price.search, UnitPrice(14_000_000_000));
    }

    #[test]
    fn missing_rates_follow_the_rules_of_litellm() {
        let list = parse(&json!({
            "a": { "input_cost_per_token": 2e-06, "output_cost_per_token": 3e-06 },
            "b": { "input_cost_per_token": 2e-06, "output_cost_per_token": 3e-06,
                   "input_cost_per_token_above_128000_tokens": 4e-06 },
        }));
        let base = TokenRates::per_million(2_000, 2_000, 2_000, 2_000, 3_000);
        assert_eq!(row(&list, "a").expect("its price").standard, PriceTiers { base, long: None });
        let rates = TokenRates::per_million(4_000, 2_000, 2_000, 2_000, 3_000);
        let long = Some(LongContextTier { above: 128_000, rates });
        assert_eq!(row(&list, "b").expect("its price").standard, PriceTiers { base, long });
    }

    #[test]
    fn listed_priority_rates_are_parsed() {
        let list = parse(&json!({ "gpt": {
            "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06,
            "input_cost_per_token_priority": 2e-06, "output_cost_per_token_priority": 4e-06,
        }}));
        let priority = row(&list, "gpt").and_then(|price| price.priority).expect("priority rates");
        assert_eq!((priority.base.input, priority.base.output), (UnitPrice(2_000_000), UnitPrice(4_000_000)));
    }

    #[test]
    fn unsupported_entries_are_skipped_and_counted() {
        let priced = json!({ "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06 });
        let with = |key: &str, value: Value| {
            let mut entry = priced.clone();
            entry[key] = value;
            entry
        };
        let list = parse(&json!({
            "good": priced,
            "a list": [],
            "text": with("input_cost_per_token", json!("1e-06")),
            "negative": with("output_cost_per_token", json!(-1)),
            "expensive": with("output_cost_per_token", json!(1)),
            "by the hour": with("off_peak_pricing", json!({})),
            "tiered": with("tiered_pricing", json!([])),
            "lengths": { "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06,
                         "input_cost_per_token_above_32k_tokens": 2e-06,
                         "input_cost_per_token_above_256k_tokens": 3e-06 },
            "odd length": with("input_cost_per_token_above_many_tokens", json!(1e-06)),
            "odd multiple": with("provider_specific_entry", json!({ "fast": "2" })),
            "sample_spec": with("input_cost_per_token", json!("a number")),
        }));
        assert_eq!((list.len(), list.skipped_entries()), (1, 9));
        assert!(row(&list, "good").is_some());
    }

    #[test]
    fn models_not_sold_by_the_token_are_ignored() {
        let list = parse(&json!({
            "good": { "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06 },
            "image": { "output_cost_per_image": 0.04 },
            "subscription": { "input_cost_per_token": 0, "output_cost_per_token": 0.0 },
        }));
        assert_eq!((list.len(), list.skipped_entries()), (1, 0));
    }

    #[test]
    fn names_match_as_written_or_without_hosts_and_dates_but_never_partially() {
        let entry = json!({ "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06 });
        let list = parse(&json!({
            "claude-new": entry, "us.anthropic.claude-new-v1:0": entry, "openrouter/z-ai/GLM-4.7": entry,
        }));
        for found in [
            "Claude-New[1m]",
            "openrouter/anthropic/claude-new",
            "claude-new-20270101",
            "openrouter/z-ai/glm-4.7",
            "us.anthropic.claude-new-v1:0",
        ] {
            assert!(row(&list, found).is_some(), "{found}");
        }
        for unknown in ["claude-new-2", "claude", "eu.anthropic.claude-new", "glm-4.7", ""] {
            assert_eq!(row(&list, unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_file_that_is_not_a_price_list_is_an_error() {
        assert!(matches!(LiteLlmPrices::parse(b"<html>"), Err(PriceListError::NotJson(_))));
        assert!(matches!(LiteLlmPrices::parse(b"[]"), Err(PriceListError::NotJson(_))));
        assert!(matches!(LiteLlmPrices::parse(b"{}"), Err(PriceListError::NoPrices)));
    }
}
