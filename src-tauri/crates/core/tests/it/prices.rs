//! What calls cost: the rules one by one, and the table at each of its dates.

use rstest::rstest;
use serde_json::json;
use token_monitor_core::pricing::{Call, LiteLlm, Overrides, PriceBook, Terms};
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::Usage;

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

/// Billionths of a dollar.
fn cost(book: &PriceBook, model: &str, when: &str, usage: Usage, terms: Terms) -> Option<u64> {
    book.cost(&Call { model, usage, terms, when: moment(when) }).map(|cost| cost.0)
}

fn bundled(model: &str, when: &str, usage: Usage, terms: Terms) -> Option<u64> {
    cost(&PriceBook::bundled(), model, when, usage, terms)
}

/// Thousandths of a dollar, exactly.
fn mills(model: &str, when: &str, usage: Usage) -> u64 {
    let nanos = bundled(model, when, usage, Terms::default()).expect("a price");
    assert_eq!(nanos % 1_000_000, 0, "{nanos} billionths are no whole thousandths");
    nanos / 1_000_000
}

fn input(input: u64) -> Usage {
    Usage { input, ..Usage::default() }
}

fn read(cache_read: u64) -> Usage {
    Usage { cache_read, ..Usage::default() }
}

fn fast() -> Terms {
    Terms::logged("fast", "", "")
}

const NOW: &str = "2026-11-21";

/// A million of each kind of token, one kind at a time so that no prompt is long but where it must be.
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
        input(COUNT),
        Usage { cache_write: COUNT, ..Usage::default() },
        Usage { cache_write: COUNT, cache_write_hour: COUNT, ..Usage::default() },
        read(COUNT),
        Usage { output: COUNT, ..Usage::default() },
    ];
    let costs = usages.map(|usage| bundled(model, NOW, usage, Terms::default()));
    assert_eq!(costs, mills_per_million.map(|mills| Some(mills * COUNT)));
}

#[rstest]
#[case::the_surcharge_on_long_prompts_ends("claude-sonnet-4-6", "2026-03-13", input(300_000), usual(), 1_800, 900)]
#[case::the_surcharge_on_long_prompts_ends("claude-opus-4-6", "2026-03-13", input(300_000), usual(), 3_000, 1_500)]
#[case::and_in_fast_mode("claude-opus-4-6", "2026-03-13", input(300_000), fast(), 18_000, 9_000)]
#[case::fast_mode_is_withdrawn("claude-opus-4-6", "2026-06-29", input(100_000), fast(), 3_000, 500)]
#[case::cache_reads_are_halved("claude-sonnet-5-5", "2026-10-07", read(1_000_000), usual(), 200, 100)]
fn a_rate_holds_from_midnight_utc_of_its_day(
    #[case] model: &str,
    #[case] day: &str,
    #[case] usage: Usage,
    #[case] terms: Terms,
    #[case] mills_before: u64,
    #[case] mills_after: u64,
) {
    let at = moment(day);
    let cost = |when| PriceBook::bundled().cost(&Call { model, usage, terms, when }).map(|cost| cost.0 / 1_000_000);
    assert_eq!(cost(Timestamp(at.0 - 1)), Some(mills_before));
    assert_eq!(cost(at), Some(mills_after));
}

fn usual() -> Terms {
    Terms::default()
}

#[test]
fn before_its_first_date_a_model_costs_what_it_cost_at_first() {
    assert_eq!(mills("claude-sonnet-5-5", "2026-01-01", read(1_000_000)), 200);
    assert_eq!(mills("claude-haiku-5-5", "1970-01-01", input(100_000)), 10);
}

#[test]
fn a_long_prompt_makes_the_whole_request_dearer() {
    assert_eq!(mills("claude-sonnet-4-5", NOW, input(300_000)), 1_800);
    let cached = Usage { input: 150_000, cache_read: 100_000, ..Usage::default() };
    assert_eq!(mills("claude-sonnet-4-5", NOW, cached), 960);
    let answered = Usage { output: 2_000, ..cached };
    assert_eq!(mills("claude-sonnet-4-5", NOW, answered) - 960, 45, "its output too");
}

#[rstest]
#[case("2026-03-12", 1_800)]
#[case("2026-03-14", 900)]
fn the_surcharge_ended_for_some(#[case] day: &str, #[case] expected: u64) {
    assert_eq!(mills("claude-sonnet-4-6", day, input(300_000)), expected);
}

#[test]
fn writes_and_reads_count_towards_the_length_of_a_prompt() {
    let usage = |cache_write| Usage { input: 40_000, cache_write, cache_read: 40_000, ..Usage::default() };
    let nanos = |usage| bundled("claude-haiku-5-5", NOW, usage, Terms::default());
    assert_eq!(nanos(usage(20_000)), Some(40_000 * 100 + 20_000 * 125 + 40_000 * 10), "just as long as allowed");
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
fn fast_mode_multiplies_every_token_and_is_unpriced_where_there_is_none(
    #[case] model: &str,
    #[case] times: Option<u64>,
) {
    let usage =
        Usage { input: 10, output: 10, cache_write: 20, cache_write_hour: 10, cache_read: 10, ..Usage::default() };
    let standard = bundled(model, NOW, usage, Terms::default()).expect("a price");
    assert_eq!(bundled(model, NOW, usage, fast()), times.map(|times| times * standard));
}

#[rstest]
#[case::since_4_6("claude-opus-4-6", 1_100)]
#[case::since_4_6("claude-haiku-5-5", 1_100)]
#[case::before("claude-opus-4-5", 1_000)]
#[case::before("claude-haiku-4-5", 1_000)]
fn inference_in_the_united_states_costs_a_tenth_more(#[case] model: &str, #[case] thousandths: u64) {
    let cost = |geo| bundled(model, NOW, input(1_000), Terms::logged("", geo, "")).expect("a price");
    assert_eq!(cost("us") * 1_000, cost("global") * thousandths);
}

#[rstest]
#[case::since_4_5("us.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5", 1_100)]
#[case::since_4_5("eu.anthropic.claude-opus-4-8", "claude-opus-4-8", 1_100)]
#[case::before("apac.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4", 1_000)]
#[case::anywhere("global.anthropic.claude-opus-4-8", "claude-opus-4-8", 1_000)]
fn a_regional_profile_costs_a_tenth_more(#[case] profile: &str, #[case] model: &str, #[case] thousandths: u64) {
    let cost = |model| bundled(model, NOW, input(1_000), Terms::default()).expect("a price");
    assert_eq!(cost(profile) * 1_000, cost(model) * thousandths);
}

#[test]
fn a_batch_costs_half_and_priority_the_usual() {
    let cost = |tier| bundled("claude-opus-5-5", NOW, input(1_000), Terms::logged("", "", tier)).expect("a price");
    assert_eq!((cost("batch") * 2, cost("priority")), (cost("standard"), cost("standard")));
}

#[test]
fn terms_multiply_each_other() {
    let all = Terms::logged("fast", "us", "batch");
    assert_eq!(bundled("claude-opus-5-5", NOW, input(1_000), all), Some(4_000 * 1_000 * 11 / 10));
}

#[test]
fn a_search_costs_a_cent_on_any_terms() {
    let usage = Usage { web_searches: 3, ..Usage::default() };
    for terms in [Terms::default(), Terms::logged("fast", "us", "batch")] {
        assert_eq!(bundled("claude-opus-5-5", NOW, usage, terms), Some(30_000_000));
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
    assert_eq!(bundled(model, NOW, input(1), Terms::default()), None);
    assert_eq!(bundled(model, NOW, Usage::default(), Terms::default()), Some(0), "what used nothing costs nothing");
}

fn litellm() -> LiteLlm {
    let entry = json!({ "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06 });
    let list = json!({ "claude-opus-5-5": entry, "glm-4.7": entry });
    LiteLlm::parse(list.to_string().as_bytes()).expect("a list")
}

fn overrides(setting: &serde_json::Value) -> Overrides {
    let (overrides, faults) = Overrides::read(setting);
    assert_eq!(faults, []);
    overrides
}

#[test]
fn litellm_fills_in_only_what_the_book_lacks() {
    let book = PriceBook::bundled().filled(litellm());
    assert_eq!(cost(&book, "glm-4.7", NOW, input(1_000), Terms::default()), Some(1_000_000));
    assert_eq!(cost(&book, "claude-opus-5-5", NOW, input(1_000), Terms::default()), Some(4_000_000));
    assert_eq!(cost(&book, "glm-4.7", NOW, input(1_000), fast()), None, "it lists no fast mode");
}

#[test]
fn the_settings_rates_win_over_all_and_the_terms_still_hold() {
    let own =
        overrides(&json!({ "claude-opus-5-5": { "input": 1, "output": 2 }, "glm-4.7": { "input": 3, "output": 4 },
                                 "claude-haiku-5-5": { "input": 7, "output": 8 } }));
    let book = PriceBook::bundled().filled(litellm()).overridden(own);
    let nanos = |model, count, terms| cost(&book, model, NOW, input(count), terms);
    assert_eq!(nanos("claude-opus-5-5", 1_000, Terms::default()), Some(1_000_000));
    assert_eq!(nanos("claude-opus-5-5", 1_000, fast()), Some(2_000_000));
    assert_eq!(nanos("us.anthropic.claude-opus-5-5", 1_000, Terms::default()), Some(1_100_000));
    assert_eq!(nanos("glm-4.7", 1_000, Terms::default()), Some(3_000_000));
    assert_eq!(nanos("claude-haiku-5-5", 200_000, Terms::default()), Some(1_400_000_000), "prompts of any length");
}

#[test]
fn the_settings_may_price_what_nobody_lists() {
    let own = overrides(
        &json!({ "our-own": { "input": 1, "output": 2 }, "us.anthropic.claude-opus-5": { "input": 9, "output": 9 } }),
    );
    let book = PriceBook::bundled().overridden(own);
    let nanos = |model, terms| cost(&book, model, NOW, input(1_000), terms);
    assert_eq!(nanos("our-own", Terms::default()), Some(1_000_000));
    assert_eq!(nanos("our-own", fast()), None, "nobody said what its fast mode costs");
    assert_eq!(nanos("us.anthropic.claude-opus-5", Terms::default()), Some(9_000_000), "as given, with no surcharge");
}

#[test]
fn a_fingerprint_changes_with_a_models_own_price_alone() {
    let bundled = PriceBook::bundled();
    let filled = bundled.clone().filled(litellm());
    let own = bundled.clone().overridden(overrides(&json!({ "claude-opus-5": { "input": 1, "output": 2 } })));
    for (book, changed) in [(&filled, "glm-4.7"), (&own, "claude-opus-5")] {
        for model in ["claude-opus-5", "claude-opus-5-5", "glm-4.7", "unknown"] {
            let same = book.fingerprint(model) == bundled.fingerprint(model);
            assert_eq!(same, model != changed, "{model}");
        }
    }
}

#[test]
fn fingerprints_tell_prices_apart_and_never_change_by_themselves() {
    let book = PriceBook::bundled();
    let print = |model| book.fingerprint(model);
    assert_eq!(print("claude-opus-4-8"), print("anthropic/claude-opus-4.8[1m]"));
    assert_ne!(print("claude-opus-4-8"), print("us.anthropic.claude-opus-4-8"));
    assert_ne!(print("claude-opus-4-8"), print("claude-opus-4-6"), "other dates");
    assert_eq!(print("unknown"), print("unknown too"));
    // They are stored: if this changes, every stored cost is computed again.
    assert_eq!(print("claude-opus-4-8"), 10_270_866_720_309_947_841);
}
