//! LiteLLM's price list (`model_prices_and_context_window.json`): it fills in the models our own table lacks.
//!
//! Read tolerantly, entry by entry: the list is long, made by many hands, and changes daily. An entry that is not
//! understood is left out and counted, so that its model stays unpriced. So is one priced by the time of day, by more
//! than one length of prompt, or at nothing at all: what is sold otherwise than by the token is listed at zero.

use std::collections::BTreeMap;
use std::fmt;

use rustc_hash::FxHashMap;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::time::timestamp::Timestamp;

use crate::pricing::model_name::ModelName;
use crate::pricing::rates::{Bands, Long, Multiple, Price, Rate, Rates};

/// LiteLLM's prices by model. Many models share a price, so each price is kept once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiteLlm {
    /// Lower-case names in order, each with the index of its price.
    names: Box<[(Box<str>, u32)]>,
    prices: Box<[Price]>,
    skipped: usize,
}

/// Why bytes are not LiteLLM's list.
#[derive(Debug)]
pub enum NotPrices {
    /// They are not a JSON object.
    NotJson(serde_json::Error),
    /// Not one model in it has a price.
    NoPrices,
}

impl fmt::Display for NotPrices {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(_) => out.write_str("not a JSON object"),
            Self::NoPrices => out.write_str("no model in it has a price"),
        }
    }
}

impl std::error::Error for NotPrices {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotJson(cause) => Some(cause),
            Self::NoPrices => None,
        }
    }
}

/// An entry with something in it that we do not understand.
struct NotUnderstood;

impl LiteLlm {
    /// Reads the list.
    pub fn parse(json: &[u8]) -> Result<Self, NotPrices> {
        let entries: BTreeMap<Box<str>, &RawValue> = serde_json::from_slice(json).map_err(NotPrices::NotJson)?;
        let mut read = Reading::default();
        for (name, entry) in entries.into_iter().filter(|(name, _)| &**name != "sample_spec") {
            read.take(&name, entry);
        }
        if read.names.is_empty() { Err(NotPrices::NoPrices) } else { Ok(read.done()) }
    }

    /// How many models have a price.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// How many entries were not understood.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// A model's price: by its name as written, without its hosts, or in its usual form. A regional form is looked up
    /// as written alone, because its price is not that of the usual one.
    pub(crate) fn find(&self, name: &ModelName) -> Option<&[Price]> {
        let usual = [&name.bare, &name.canonical].into_iter().filter(|_| !name.regional);
        let row = std::iter::once(&name.written).chain(usual).find_map(|name| self.row(name))?;
        Some(std::slice::from_ref(row))
    }

    fn row(&self, name: &str) -> Option<&Price> {
        let at = self.names.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        self.prices.get(self.names[at].1 as usize)
    }
}

#[derive(Default)]
struct Reading {
    names: BTreeMap<Box<str>, u32>,
    prices: Vec<Price>,
    known: FxHashMap<Price, u32>,
    skipped: usize,
}

impl Reading {
    fn take(&mut self, name: &str, entry: &RawValue) {
        let fields = serde_json::from_str(entry.get()).map_err(|_| NotUnderstood);
        match fields.and_then(|fields| read_entry(&fields)) {
            Ok(Some(price)) => {
                let index = self.index(price);
                self.names.insert(name.to_ascii_lowercase().into(), index);
            }
            Ok(None) => {}
            Err(NotUnderstood) => self.skipped += 1,
        }
    }

    fn index(&mut self, price: Price) -> u32 {
        *self.known.entry(price).or_insert_with(|| {
            self.prices.push(price);
            u32::try_from(self.prices.len() - 1).expect("the list is far shorter")
        })
    }

    fn done(self) -> LiteLlm {
        let names = self.names.into_iter().collect();
        LiteLlm { names, prices: self.prices.into(), skipped: self.skipped }
    }
}

/// An entry's price; none where it is not sold by the token, but by the image, the hour, or with a subscription.
fn read_entry(fields: &Map<String, Value>) -> Result<Option<Price>, NotUnderstood> {
    let has = |key: &str| fields.get(key).is_some_and(|value| !value.is_null());
    if has("tiered_pricing") || has("off_peak_pricing") {
        return Err(NotUnderstood);
    }
    if !has("input_cost_per_token") || !has("output_cost_per_token") {
        return Ok(None);
    }
    let price = price(fields).ok_or(NotUnderstood)?;
    Ok((price.standard.usual != Rates::default()).then_some(price))
}

fn price(fields: &Map<String, Value>) -> Option<Price> {
    let standard = bands(fields, "", None)?;
    let priority = priority(fields, &standard.usual)?;
    let (fast, us) = multiples(fields.get("provider_specific_entry"))?;
    let search = search(fields.get("search_context_cost_per_query"))?;
    Some(Price { standard, priority, fast, us, search, ..Price::flat(Timestamp(i64::MIN), standard.usual) })
}

/// The rates with priority, which may be absent; none where something in them is no price.
fn priority(fields: &Map<String, Value>, usual: &Rates) -> Option<Option<Bands>> {
    match fields.get("input_cost_per_token_priority") {
        None | Some(Value::Null) => Some(None),
        Some(_) => bands(fields, "_priority", Some(usual)).map(Some),
    }
}

/// The rates of one tier, `""` or `_priority`; none where something in them is no price.
fn bands(fields: &Map<String, Value>, tier: &str, standard: Option<&Rates>) -> Option<Bands> {
    let usual = rates(fields, "", tier, standard)?;
    let Some(length) = long(fields)? else { return Some(Bands { usual, long: None }) };
    let rates = rates(fields, length, tier, Some(&usual))?;
    Some(Bands { usual, long: Some(Long { above: tokens(length)?, rates }) })
}

/// The one length of prompt from which other rates hold, as it is written: `200k`.
fn long(fields: &Map<String, Value>) -> Option<Option<&str>> {
    let mut lengths = fields.keys().filter_map(|key| length(key));
    let Some(first) = lengths.next() else { return Some(None) };
    lengths.all(|other| other == first).then_some(Some(first))
}

fn length(key: &str) -> Option<&str> {
    let (_, above) = key.split_once("put_cost_per_token_above_")?;
    above.split_once("_tokens").map(|(length, _)| length)
}

/// `200k` or `128000`.
fn tokens(length: &str) -> Option<u64> {
    match length.strip_suffix('k') {
        Some(thousands) => thousands.parse::<u64>().ok()?.checked_mul(1_000),
        None => length.parse().ok(),
    }
}

/// The rates of one tier for one length of prompt.
///
/// LiteLLM's own rules for what an entry leaves out: the usual rate holds for long prompts and with priority too; a
/// cache without a price is billed as input; an hour-long write as the other writes.
fn rates(fields: &Map<String, Value>, length: &str, tier: &str, usual: Option<&Rates>) -> Option<Rates> {
    let above = if length.is_empty() { String::new() } else { format!("_above_{length}_tokens") };
    let rate = |base: &str| read_rate(fields.get(&format!("{base}{above}{tier}")));
    let input = rate("input_cost_per_token")?.or(usual.map(|rates| rates.input))?;
    let write = rate("cache_creation_input_token_cost")?.or(usual.map(|rates| rates.write)).unwrap_or(input);
    let hour = rate("cache_creation_input_token_cost_above_1hr")?.or(usual.map(|rates| rates.write_hour));
    Some(Rates {
        input,
        write,
        write_hour: hour.unwrap_or(write),
        read: rate("cache_read_input_token_cost")?.or(usual.map(|rates| rates.read)).unwrap_or(input),
        output: rate("output_cost_per_token")?.or(usual.map(|rates| rates.output))?,
    })
}

/// A rate that may be absent; none where something else stands in its place.
fn read_rate(value: Option<&Value>) -> Option<Option<Rate>> {
    match value {
        None | Some(Value::Null) => Some(None),
        Some(value) => Rate::from_dollars(value.as_f64()?, Rate::MOST_FOR_A_TOKEN).map(Some),
    }
}

/// In fast mode, and in the United States.
fn multiples(value: Option<&Value>) -> Option<(Option<Multiple>, Multiple)> {
    let Some(Value::Object(entry)) = value else { return Some((None, Multiple::ONE)) };
    let multiple = |key: &str| match entry.get(key) {
        None => Some(None),
        Some(factor) => Multiple::from_factor(factor.as_f64()?).map(Some),
    };
    Some((multiple("fast")?, multiple("us")?.unwrap_or(Multiple::ONE)))
}

fn search(value: Option<&Value>) -> Option<Rate> {
    match value.and_then(|sizes| sizes.get("search_context_size_medium")) {
        None => Some(Price::SEARCH),
        Some(dollars) => Rate::from_dollars(dollars.as_f64()?, Rate::MOST_FOR_A_SEARCH),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(list: &Value) -> LiteLlm {
        LiteLlm::parse(list.to_string().as_bytes()).expect("a list")
    }

    fn row(list: &LiteLlm, name: &str) -> Option<Price> {
        list.find(&ModelName::read(name)).map(|rows| rows[0])
    }

    #[test]
    fn all_of_an_entrys_prices_are_read() {
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
        assert_eq!(price.standard.usual, Rates::per_million(100, 125, 200, 10, 500));
        let long = Long { above: 100_000, rates: Rates::per_million(500, 625, 1_000, 50, 2_500) };
        assert_eq!(price.standard.long, Some(long));
        assert_eq!((price.fast, price.us), (Some(Multiple::TWO), Multiple::TENTH_MORE));
        assert_eq!(price.search, Rate(14_000_000_000));
    }

    #[test]
    fn what_is_left_out_costs_what_litellm_says_it_costs() {
        let list = parse(&json!({
            "a": { "input_cost_per_token": 2e-06, "output_cost_per_token": 3e-06 },
            "b": { "input_cost_per_token": 2e-06, "output_cost_per_token": 3e-06,
                   "input_cost_per_token_above_128000_tokens": 4e-06 },
        }));
        let usual = Rates::per_million(2_000, 2_000, 2_000, 2_000, 3_000);
        assert_eq!(row(&list, "a").expect("its price").standard, Bands { usual, long: None });
        let rates = Rates::per_million(4_000, 2_000, 2_000, 2_000, 3_000);
        let long = Some(Long { above: 128_000, rates });
        assert_eq!(row(&list, "b").expect("its price").standard, Bands { usual, long });
    }

    #[test]
    fn priority_has_its_own_prices_where_they_are_listed() {
        let list = parse(&json!({ "gpt": {
            "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06,
            "input_cost_per_token_priority": 2e-06, "output_cost_per_token_priority": 4e-06,
        }}));
        let priority = row(&list, "gpt").and_then(|price| price.priority).expect("its own");
        assert_eq!((priority.usual.input, priority.usual.output), (Rate(2_000_000), Rate(4_000_000)));
    }

    #[test]
    fn an_entry_not_understood_is_left_out_and_counted() {
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
            "dear": with("output_cost_per_token", json!(1)),
            "by the hour": with("off_peak_pricing", json!({})),
            "tiered": with("tiered_pricing", json!([])),
            "lengths": { "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06,
                         "input_cost_per_token_above_32k_tokens": 2e-06,
                         "input_cost_per_token_above_256k_tokens": 3e-06 },
            "odd length": with("input_cost_per_token_above_many_tokens", json!(1e-06)),
            "odd multiple": with("provider_specific_entry", json!({ "fast": "2" })),
            "sample_spec": with("input_cost_per_token", json!("a number")),
        }));
        assert_eq!((list.len(), list.skipped()), (1, 9));
        assert!(row(&list, "good").is_some());
    }

    #[test]
    fn what_is_not_sold_by_the_token_is_passed_over() {
        let list = parse(&json!({
            "good": { "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06 },
            "image": { "output_cost_per_image": 0.04 },
            "subscription": { "input_cost_per_token": 0, "output_cost_per_token": 0.0 },
        }));
        assert_eq!((list.len(), list.skipped()), (1, 0));
    }

    #[test]
    fn names_are_found_as_written_without_hosts_or_dates_and_never_by_a_part() {
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
    fn bytes_that_are_no_list_are_refused() {
        assert!(matches!(LiteLlm::parse(b"<html>"), Err(NotPrices::NotJson(_))));
        assert!(matches!(LiteLlm::parse(b"[]"), Err(NotPrices::NotJson(_))));
        assert!(matches!(LiteLlm::parse(b"{}"), Err(NotPrices::NoPrices)));
    }
}
