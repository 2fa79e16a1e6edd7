//! The cost of calls: each rule by itself, and the bundled table at each of its dates.

use rstest::rstest;
use serde_json::json;
use token_monitor_core::pricing::{ApiCall, BillingTerms, LiteLlmPrices, PriceBook, PriceOverrides};
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::Usage;

fn timestamp(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

/// Returns the cost in billionths of a dollar.
fn cost_in_book(book: &PriceBook, model: &str, when: &str, usage: Usage, terms: BillingTerms) -> Option<u64> {
    book.cost_of(&ApiCall { model, usage, terms, when: timestamp(when) }).map(|cost| cost.total().0)
}

fn bundled_cost(model: &str, when: &str, usage: Usage, terms: BillingTerms) -> Option<u64> {
    cost_in_book(&PriceBook::bundled(), model, when, usage, terms)
}

/// Returns the cost in thousandths of a dollar, which must be exact.
fn mills(model: &str, when: &str, usage: Usage) -> u64 {
    let nanos = bundled_cost(model, when, usage, BillingTerms::default()).expect("a price");
    assert_eq!(nanos % 1_000_000, 0, "{nanos} billionths are not whole thousandths");
    nanos / 1_000_000
}

fn input_usage(input: u64) -> Usage {
    Usage { input, ..Usage::default() }
}

fn cache_read_usage(cache_read: u64) -> Usage {
    Usage { cache_read, ..Usage::default() }
}

fn fast_mode() -> BillingTerms {
    BillingTerms::from_log("fast", "", "")
}

const NOW: &str = "2026-11-21";

/// The rates are given per million tokens. Fewer tokens are priced, so that the prompt is not long.
#[rstest]
#[case("claude-fable-5-2", [8_000, 10_000, 16_000, 200, 40_000])]
#[case("claude-mythos-5-2", [8_000, 10_000, 16_000, 200, 40_000])]
#[case("claude-fable-5-1", [10_000, 12_500, 20_000, 250, 50_000])]
#[case("claude-mythos-5-1", [10_000, 12_500, 20_000, 250, 50_000])]
#[case("claude-fable-5", [10_000, 12_500, 20_000, 1_000, 50_000])]
#[case("claude-mythos-5", [10_000, 12_500, 20_000, 1_000, 50_000])]
#[case("claude-opus-5-5", [4_000, 5_000, 8_000, 200, 20_000])]
#[case("claude-opus-5", [5_000, 6_250, 10_000, 500, 25_000])]
#[case("claude-opus-4-8", [5_000, 6_250, 10_000, 500, 25_000])]
#[case("claude-opus-4-7", [5_000, 6_250, 10_000, 500, 25_000])]
#[case("claude-opus-4-6", [5_000, 6_250, 10_000, 500, 25_000])]
#[case("claude-opus-4-5-20251101", [5_000, 6_250, 10_000, 500, 25_000])]
#[case("claude-opus-4-1-20250805", [15_000, 18_750, 30_000, 1_500, 75_000])]
#[case("claude-opus-4-20250514", [15_000, 18_750, 30_000, 1_500, 75_000])]
#[case("claude-3-opus-20240229", [15_000, 18_750, 30_000, 1_500, 75_000])]
#[case("claude-sonnet-5-5", [2_000, 2_500, 4_000, 100, 10_000])]
#[case("claude-sonnet-5", [2_000, 2_500, 4_000, 200, 10_000])]
#[case("claude-sonnet-4-6", [3_000, 3_750, 6_000, 300, 15_000])]
#[case("claude-sonnet-4-5-20250929", [3_000, 3_750, 6_000, 300, 15_000])]
#[case("claude-sonnet-4-20250514", [3_000, 3_750, 6_000, 300, 15_000])]
#[case("claude-3-7-sonnet-20250219", [3_000, 3_750, 6_000, 300, 15_000])]
#[case("claude-3-5-sonnet-20241022", [3_000, 3_750, 6_000, 300, 15_000])]
#[case("claude-haiku-5-5", [100, 125, 200, 10, 500])]
#[case("claude-haiku-4-5-20251001", [1_000, 1_250, 2_000, 100, 5_000])]
#[case("claude-3-5-haiku-20241022", [800, 1_000, 1_600, 80, 4_000])]
#[case("claude-3-haiku-20240307", [250, 300, 500, 30, 1_250])]
fn each_kind_of_token_has_its_rate(#[case] model: &str, #[case] mills_per_million: [u64; 5]) {
    const COUNT: u64 = 100_000;
    let usages = [
        input_usage(COUNT),
        Usage { cache_write: COUNT, ..Usage::default() },
        Usage { cache_write: COUNT, cache_write_hour: COUNT, ..Usage::default() },
        cache_read_usage(COUNT),
        Usage { output: COUNT, ..Usage::default() },
    ];
    let costs = usages.map(|usage| bundled_cost(model, NOW, usage, BillingTerms::default()));
    assert_eq!(costs, mills_per_million.map(|mills| Some(mills * COUNT)));
}

#[rstest]
#[case::the_surcharge_on_long_prompts_ends(
    "claude-sonnet-4-6",
    "2026-03-13",
    input_usage(300_000),
    default_terms(),
    1_800,
    900
)]
#[case::the_surcharge_on_long_prompts_ends(
    "claude-opus-4-6",
    "2026-03-13",
    input_usage(300_000),
    default_terms(),
    3_000,
    1_500
)]
#[case::and_in_fast_mode("claude-opus-4-6", "2026-03-13", input_usage(300_000), fast_mode(), 18_000, 9_000)]
#[case::fast_mode_is_withdrawn("claude-opus-4-6", "2026-06-29", input_usage(100_000), fast_mode(), 3_000, 500)]
#[case::cache_reads_are_halved(
    "claude-sonnet-5-5",
    "2026-10-07",
    cache_read_usage(1_000_000),
    default_terms(),
    200,
    100
)]
fn a_rate_applies_from_midnight_utc_of_its_date(
    #[case] model: &str,
    #[case] day: &str,
    #[case] usage: Usage,
    #[case] terms: BillingTerms,
    #[case] mills_before: u64,
    #[case] mills_after: u64,
) {
    let at = timestamp(day);
    let cost = |when| {
        PriceBook::bundled().cost_of(&ApiCall { model, usage, terms, when }).map(|cost| cost.total().0 / 1_000_000)
    };
    assert_eq!(cost(Timestamp(at.0 - 1)), Some(mills_before));
    assert_eq!(cost(at), Some(mills_after));
}

fn default_terms() -> BillingTerms {
    BillingTerms::default()
}

#[test]
fn before_its_first_date_a_model_has_its_first_price() {
    assert_eq!(mills("claude-sonnet-5-5", "2026-01-01", cache_read_usage(1_000_000)), 200);
    assert_eq!(mills("claude-haiku-5-5", "1970-01-01", input_usage(100_000)), 10);
}

#[test]
fn the_long_prompt_surcharge_applies_to_the_whole_request() {
    assert_eq!(mills("claude-sonnet-4-5", NOW, input_usage(300_000)), 1_800);
    let cached = Usage { input: 150_000, cache_read: 100_000, ..Usage::default() };
    assert_eq!(mills("claude-sonnet-4-5", NOW, cached), 960);
    let answered = Usage { output: 2_000, ..cached };
    assert_eq!(mills("claude-sonnet-4-5", NOW, answered) - 960, 45, "the output too");
}

#[rstest]
#[case("2026-03-12", 1_800)]
#[case("2026-03-14", 900)]
fn the_long_prompt_surcharge_has_ended_for_some_models(#[case] day: &str, #[case] expected: u64) {
    assert_eq!(mills("claude-sonnet-4-6", day, input_usage(300_000)), expected);
}

#[test]
fn cache_writes_and_reads_count_towards_the_prompt_length() {
    let usage = |cache_write| Usage { input: 40_000, cache_write, cache_read: 40_000, ..Usage::default() };
    let nanos = |usage| bundled_cost("claude-haiku-5-5", NOW, usage, BillingTerms::default());
    assert_eq!(nanos(usage(20_000)), Some(40_000 * 100 + 20_000 * 125 + 40_000 * 10), "exactly at the limit");
    assert_eq!(nanos(usage(20_001)), Some(40_000 * 500 + 20_001 * 625 + 40_000 * 50));
}

#[rstest]
#[case("claude-fable-5-2", Some(2))]
#[case("claude-opus-5-5", Some(2))]
#[case("claude-opus-5", Some(2))]
#[case("claude-opus-4-8", Some(2))]
#[case("claude-opus-4-7", Some(6))]
#[case("claude-opus-4-6", Some(1))]
#[case("claude-opus-4-5", None)]
#[case("claude-mythos-5-2", None)]
#[case("claude-sonnet-5-5", None)]
#[case("claude-haiku-5-5", None)]
fn fast_mode_multiplies_every_rate_and_is_unpriced_for_other_models(#[case] model: &str, #[case] times: Option<u64>) {
    let usage =
        Usage { input: 10, output: 10, cache_write: 20, cache_write_hour: 10, cache_read: 10, ..Usage::default() };
    let standard = bundled_cost(model, NOW, usage, BillingTerms::default()).expect("a price");
    assert_eq!(bundled_cost(model, NOW, usage, fast_mode()), times.map(|times| times * standard));
}

#[rstest]
#[case::since_4_6("claude-opus-4-6", 1_100)]
#[case::since_4_6("claude-haiku-5-5", 1_100)]
#[case::before("claude-opus-4-5", 1_000)]
#[case::before("claude-haiku-4-5", 1_000)]
fn inference_in_the_united_states_costs_10_percent_more(#[case] model: &str, #[case] thousandths: u64) {
    let cost =
        |geo| bundled_cost(model, NOW, input_usage(1_000), BillingTerms::from_log("", geo, "")).expect("a price");
    assert_eq!(cost("us") * 1_000, cost("global") * thousandths);
}

#[rstest]
#[case::since_4_5("us.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5", 1_100)]
#[case::since_4_5("eu.anthropic.claude-opus-4-8", "claude-opus-4-8", 1_100)]
#[case::before("apac.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4", 1_000)]
#[case::anywhere("global.anthropic.claude-opus-4-8", "claude-opus-4-8", 1_000)]
fn a_regional_profile_costs_10_percent_more(#[case] profile: &str, #[case] model: &str, #[case] thousandths: u64) {
    let cost = |model| bundled_cost(model, NOW, input_usage(1_000), BillingTerms::default()).expect("a price");
    assert_eq!(cost(profile) * 1_000, cost(model) * thousandths);
}

#[test]
fn a_batch_costs_half_and_priority_the_standard_price() {
    let cost = |tier| {
        bundled_cost("claude-opus-5-5", NOW, input_usage(1_000), BillingTerms::from_log("", "", tier)).expect("a price")
    };
    assert_eq!((cost("batch") * 2, cost("priority")), (cost("standard"), cost("standard")));
}

#[test]
fn surcharges_and_discounts_are_multiplied() {
    let all = BillingTerms::from_log("fast", "us", "batch");
    assert_eq!(bundled_cost("claude-opus-5-5", NOW, input_usage(1_000), all), Some(4_000 * 1_000 * 11 / 10));
}

#[test]
fn a_search_costs_one_cent_on_all_terms() {
    let usage = Usage { web_searches: 3, ..Usage::default() };
    for terms in [BillingTerms::default(), BillingTerms::from_log("fast", "us", "batch")] {
        assert_eq!(bundled_cost("claude-opus-5-5", NOW, usage, terms), Some(30_000_000));
    }
}

#[rstest]
#[case("claude-opus-4-9")]
#[case("claude-opus-4-8-turbo")]
#[case("claude-sonnet")]
#[case("gpt-5.3-codex")]
#[case("<synthetic>")]
#[case("")]
fn an_unknown_model_has_no_price(#[case] model: &str) {
    assert_eq!(bundled_cost(model, NOW, input_usage(1), BillingTerms::default()), None);
    assert_eq!(
        bundled_cost(model, NOW, Usage::default(), BillingTerms::default()),
        Some(0),
        "a call without usage costs nothing"
    );
}

fn litellm() -> LiteLlmPrices {
    let entry = json!({ "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06 });
    let list = json!({ "claude-opus-5-5": entry, "glm-4.7": entry });
    LiteLlmPrices::parse(list.to_string().as_bytes()).expect("a list")
}

fn overrides(setting: &serde_json::Value) -> PriceOverrides {
    let (overrides, errors) = PriceOverrides::parse(setting);
    assert_eq!(errors, []);
    overrides
}

#[test]
fn litellm_prices_are_used_only_for_models_missing_in_the_book() {
    let book = PriceBook::bundled().with_fallback(litellm());
    assert_eq!(cost_in_book(&book, "glm-4.7", NOW, input_usage(1_000), BillingTerms::default()), Some(1_000_000));
    assert_eq!(
        cost_in_book(&book, "claude-opus-5-5", NOW, input_usage(1_000), BillingTerms::default()),
        Some(4_000_000)
    );
    assert_eq!(
        cost_in_book(&book, "glm-4.7", NOW, input_usage(1_000), fast_mode()),
        None,
        "LiteLLM lists no fast mode"
    );
}

#[test]
fn override_rates_take_precedence_and_terms_still_apply() {
    let own =
        overrides(&json!({ "claude-opus-5-5": { "input": 1, "output": 2 }, "glm-4.7": { "input": 3, "output": 4 },
                                 "claude-haiku-5-5": { "input": 7, "output": 8 } }));
    let book = PriceBook::bundled().with_fallback(litellm()).with_overrides(own);
    let nanos = |model, count, terms| cost_in_book(&book, model, NOW, input_usage(count), terms);
    assert_eq!(nanos("claude-opus-5-5", 1_000, BillingTerms::default()), Some(1_000_000));
    assert_eq!(nanos("claude-opus-5-5", 1_000, fast_mode()), Some(2_000_000));
    assert_eq!(nanos("us.anthropic.claude-opus-5-5", 1_000, BillingTerms::default()), Some(1_100_000));
    assert_eq!(nanos("glm-4.7", 1_000, BillingTerms::default()), Some(3_000_000));
    assert_eq!(
        nanos("claude-haiku-5-5", 200_000, BillingTerms::default()),
        Some(1_400_000_000),
        "prompts of any length"
    );
}

#[test]
fn overrides_can_price_unlisted_models() {
    let own = overrides(
        &json!({ "our-own": { "input": 1, "output": 2 }, "us.anthropic.claude-opus-5": { "input": 9, "output": 9 } }),
    );
    let book = PriceBook::bundled().with_overrides(own);
    let nanos = |model, terms| cost_in_book(&book, model, NOW, input_usage(1_000), terms);
    assert_eq!(nanos("our-own", BillingTerms::default()), Some(1_000_000));
    assert_eq!(nanos("our-own", fast_mode()), None, "the price of its fast mode is unknown");
    assert_eq!(
        nanos("us.anthropic.claude-opus-5", BillingTerms::default()),
        Some(9_000_000),
        "the given rate without a surcharge"
    );
}

#[test]
fn a_fingerprint_changes_only_with_the_prices_of_its_model() {
    let bundled = PriceBook::bundled();
    let filled = bundled.clone().with_fallback(litellm());
    let own = bundled.clone().with_overrides(overrides(&json!({ "claude-opus-5": { "input": 1, "output": 2 } })));
    for (book, changed) in [(&filled, "glm-4.7"), (&own, "claude-opus-5")] {
        for model in ["claude-opus-5", "claude-opus-5-5", "glm-4.7", "unknown"] {
            let same = book.fingerprint(model) == bundled.fingerprint(model);
            assert_eq!(same, model != changed, "{model}");
        }
    }
}

#[test]
fn fingerprints_distinguish_prices_and_are_stable() {
    let book = PriceBook::bundled();
    let print = |model| book.fingerprint(model);
    assert_eq!(print("claude-opus-4-8"), print("anthropic/claude-opus-4.8[1m]"));
    assert_ne!(print("claude-opus-4-8"), print("us.anthropic.claude-opus-4-8"));
    assert_ne!(print("claude-opus-4-8"), print("claude-opus-4-6"), "other dates");
    assert_eq!(print("unknown"), print("unknown too"));
    // Fingerprints are stored: if this value changes, all stored costs are computed again.
    assert_eq!(print("claude-opus-4-8"), 3_491_701_427_287_751_425);
}
