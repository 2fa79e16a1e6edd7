//! The bundled price table: the list prices of each model with the dates on which they changed.
//!
//! The source is the vendor's price list (platform.claude.com, "Pricing" and "Fast mode") as of 2026-11-22;
//! `docs/pricing.md` describes how certain each price is. A price applies from 00:00 UTC of its date until the next
//! price of the model. Free days and introductory discounts are not list prices and are not included.

use crate::pricing::rates::{DatedPrice, LongContextTier, Multiplier, PriceTiers, TokenRates, start_of_day};

/// The prices of one model, in order of their dates.
struct BundledModel {
    /// The canonical names, all of which are the same model.
    names: &'static [&'static str],
    prices: &'static [DatedPrice],
}

/// Returns the prices of a model, or `None` if it is not in the table. Only full names match: `claude-opus-4` must
/// not match `claude-opus-4-8`, which costs a third.
pub(crate) fn bundled_prices(canonical: &str) -> Option<&'static [DatedPrice]> {
    let model = MODELS.iter().find(|model| model.names.contains(&canonical))?;
    Some(model.prices)
}

//                                        input  write 5m  write 1h   read  output    thousandths of $ per million
const FABLE_5: TokenRates = TokenRates::per_million(10_000, 12_500, 20_000, 1_000, 50_000);
const FABLE_5_1: TokenRates = TokenRates::per_million(10_000, 12_500, 20_000, 250, 50_000);
const FABLE_5_2: TokenRates = TokenRates::per_million(8_000, 10_000, 16_000, 200, 40_000);
const OPUS_5_5: TokenRates = TokenRates::per_million(4_000, 5_000, 8_000, 200, 20_000);
const OPUS_4_5: TokenRates = TokenRates::per_million(5_000, 6_250, 10_000, 500, 25_000);
const OPUS_4_6_LONG: TokenRates = TokenRates::per_million(10_000, 12_500, 20_000, 1_000, 37_500);
const OPUS_3: TokenRates = TokenRates::per_million(15_000, 18_750, 30_000, 1_500, 75_000);
const SONNET_5: TokenRates = TokenRates::per_million(2_000, 2_500, 4_000, 200, 10_000);
const SONNET_5_5: TokenRates = TokenRates::per_million(2_000, 2_500, 4_000, 100, 10_000);
const SONNET_3: TokenRates = TokenRates::per_million(3_000, 3_750, 6_000, 300, 15_000);
const SONNET_4_LONG: TokenRates = TokenRates::per_million(6_000, 7_500, 12_000, 600, 22_500);
const HAIKU_5_5: TokenRates = TokenRates::per_million(100, 125, 200, 10, 500);
const HAIKU_5_5_LONG: TokenRates = TokenRates::per_million(500, 625, 1_000, 50, 2_500);
const HAIKU_4_5: TokenRates = TokenRates::per_million(1_000, 1_250, 2_000, 100, 5_000);
const HAIKU_3_5: TokenRates = TokenRates::per_million(800, 1_000, 1_600, 80, 4_000);
const HAIKU_3: TokenRates = TokenRates::per_million(250, 300, 500, 30, 1_250);

/// Creates the price of a model from a date on, without surcharges. Models before 4.5 have none.
const fn dated_price(year: i32, month: u32, from: u32, rates: TokenRates) -> DatedPrice {
    DatedPrice::flat(start_of_day(year, month, from), rates)
}

impl DatedPrice {
    /// Adds the surcharge of 10% for regional endpoints of Bedrock and Vertex, which applies to models from 4.5 on.
    const fn with_regional_surcharge(self) -> Self {
        Self { regional: Multiplier::PLUS_TEN_PERCENT, ..self }
    }

    /// Adds the surcharge of 10% for inference in the United States only, which applies to models from 4.6 on.
    const fn with_us_surcharge(self) -> Self {
        Self { us: Multiplier::PLUS_TEN_PERCENT, ..self.with_regional_surcharge() }
    }

    const fn with_fast_mode(self, multiplier: Multiplier) -> Self {
        Self { fast: Some(multiplier), ..self }
    }

    const fn with_long_prompt(self, above: u64, rates: TokenRates) -> Self {
        Self { standard: PriceTiers { long: Some(LongContextTier { above, rates }), ..self.standard }, ..self }
    }
}

const MODELS: &[BundledModel] = &[
    // Fast: "2x the standard-speed token rates across all token types".
    BundledModel {
        names: &["claude-fable-5-2"],
        prices: &[dated_price(2026, 11, 9, FABLE_5_2).with_us_surcharge().with_fast_mode(Multiplier::TWO)],
    },
    BundledModel { names: &["claude-mythos-5-2"], prices: &[dated_price(2026, 11, 9, FABLE_5_2).with_us_surcharge()] },
    // The first models whose cache reads cost less than a tenth of the input.
    BundledModel {
        names: &["claude-fable-5-1", "claude-mythos-5-1"],
        prices: &[dated_price(2026, 9, 1, FABLE_5_1).with_us_surcharge()],
    },
    BundledModel {
        names: &["claude-fable-5", "claude-mythos-5"],
        prices: &[dated_price(2026, 6, 9, FABLE_5).with_us_surcharge()],
    },
    // Fast: $8 and $40.
    BundledModel {
        names: &["claude-opus-5-5"],
        prices: &[dated_price(2026, 9, 22, OPUS_5_5).with_us_surcharge().with_fast_mode(Multiplier::TWO)],
    },
    // Fast: $10 and $50.
    BundledModel {
        names: &["claude-opus-5"],
        prices: &[dated_price(2026, 7, 24, OPUS_4_5).with_us_surcharge().with_fast_mode(Multiplier::TWO)],
    },
    BundledModel {
        names: &["claude-opus-4-8"],
        prices: &[dated_price(2026, 5, 28, OPUS_4_5).with_us_surcharge().with_fast_mode(Multiplier::TWO)],
    },
    // Fast: $30 and $150. Since 2026-07-24 the API rejects it, so there are no such messages.
    BundledModel {
        names: &["claude-opus-4-7"],
        prices: &[dated_price(2026, 4, 16, OPUS_4_5).with_us_surcharge().with_fast_mode(Multiplier::SIX)],
    },
    BundledModel {
        names: &["claude-opus-4-6"],
        prices: &[
            // Fast multiplies the surcharge too: $60 and $225.
            dated_price(2026, 2, 5, OPUS_4_5)
                .with_us_surcharge()
                .with_fast_mode(Multiplier::SIX)
                .with_long_prompt(200_000, OPUS_4_6_LONG),
            // A million tokens of context at the standard price.
            dated_price(2026, 3, 13, OPUS_4_5).with_us_surcharge().with_fast_mode(Multiplier::SIX),
            // Fast mode withdrawn: "requests run at standard speed and are billed at standard rates".
            dated_price(2026, 6, 29, OPUS_4_5).with_us_surcharge().with_fast_mode(Multiplier::ONE),
        ],
    },
    BundledModel {
        names: &["claude-opus-4-5"],
        prices: &[dated_price(2025, 11, 24, OPUS_4_5).with_regional_surcharge()],
    },
    BundledModel { names: &["claude-opus-4-1"], prices: &[dated_price(2025, 8, 5, OPUS_3)] },
    BundledModel { names: &["claude-opus-4", "claude-opus-4-0"], prices: &[dated_price(2025, 5, 22, OPUS_3)] },
    BundledModel { names: &["claude-3-opus"], prices: &[dated_price(2024, 2, 29, OPUS_3)] },
    BundledModel {
        names: &["claude-sonnet-5-5"],
        prices: &[
            dated_price(2026, 9, 28, SONNET_5).with_us_surcharge(),
            // Cache reads halved.
            dated_price(2026, 10, 7, SONNET_5_5).with_us_surcharge(),
        ],
    },
    // The introductory price became the list price; the announced increase to $3 and $15 was canceled.
    BundledModel { names: &["claude-sonnet-5"], prices: &[dated_price(2026, 6, 30, SONNET_5).with_us_surcharge()] },
    BundledModel {
        names: &["claude-sonnet-4-6"],
        prices: &[
            dated_price(2026, 2, 17, SONNET_3).with_us_surcharge().with_long_prompt(200_000, SONNET_4_LONG),
            // A million tokens of context at the standard price.
            dated_price(2026, 3, 13, SONNET_3).with_us_surcharge(),
        ],
    },
    // These two models had long prompts in a beta only, always at the surcharge.
    BundledModel {
        names: &["claude-sonnet-4-5"],
        prices: &[dated_price(2025, 9, 29, SONNET_3)
            .with_regional_surcharge()
            .with_long_prompt(200_000, SONNET_4_LONG)],
    },
    BundledModel {
        names: &["claude-sonnet-4", "claude-sonnet-4-0"],
        prices: &[dated_price(2025, 5, 22, SONNET_3).with_long_prompt(200_000, SONNET_4_LONG)],
    },
    BundledModel { names: &["claude-3-7-sonnet"], prices: &[dated_price(2025, 2, 24, SONNET_3)] },
    BundledModel { names: &["claude-3-5-sonnet"], prices: &[dated_price(2024, 6, 20, SONNET_3)] },
    BundledModel { names: &["claude-3-sonnet"], prices: &[dated_price(2024, 2, 29, SONNET_3)] },
    // Two tiers by the length of the whole prompt, including the cache, since the launch.
    BundledModel {
        names: &["claude-haiku-5-5"],
        prices: &[dated_price(2026, 10, 7, HAIKU_5_5).with_us_surcharge().with_long_prompt(100_000, HAIKU_5_5_LONG)],
    },
    BundledModel {
        names: &["claude-haiku-4-5"],
        prices: &[dated_price(2025, 10, 15, HAIKU_4_5).with_regional_surcharge()],
    },
    BundledModel { names: &["claude-3-5-haiku"], prices: &[dated_price(2024, 10, 22, HAIKU_3_5)] },
    BundledModel { names: &["claude-3-haiku"], prices: &[dated_price(2024, 3, 7, HAIKU_3)] },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::model_name::ModelName;

    #[test]
    fn every_name_is_canonical_and_unique() {
        let mut names: Vec<_> = MODELS.iter().flat_map(|model| model.names).collect();
        for name in &names {
            assert_eq!(&ModelName::parse(name).canonical, *name);
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn prices_are_in_order_of_their_dates() {
        for model in MODELS {
            assert!(model.prices.is_sorted_by(|a, b| a.from < b.from), "{:?}", model.names);
            assert!(!model.prices.is_empty(), "{:?}", model.names);
        }
    }

    #[test]
    fn cache_writes_cost_fixed_multiples_of_the_input() {
        let rates = MODELS.iter().flat_map(|model| model.prices).flat_map(|price| {
            let tiers = price.standard;
            [Some(tiers.base), tiers.long.map(|long| long.rates)]
        });
        // The price page of the oldest model rounds its 0.3125 down.
        for rates in rates.flatten().filter(|rates| *rates != HAIKU_3) {
            assert_eq!(rates.write.0 * 4, rates.input.0 * 5, "{rates:?}");
            assert_eq!(rates.write_hour.0, rates.input.0 * 2, "{rates:?}");
        }
    }
}
