//! The bundled table: what each model costs, and since when.
//!
//! The vendor's list prices (platform.claude.com, "Pricing" and "Fast mode") as known on 2026-11-22, with the days on
//! which they changed; `docs/pricing.md` says how sure each is. A row holds from 00:00 UTC of its day until the
//! model's next row. Free days and introductory discounts are not list prices and are not here.

use crate::pricing::rates::{Bands, Long, Multiple, Price, Rates, day};

/// One model's rows, in the order of their dates.
struct Model {
    /// Its names in canonical form; all are the same model.
    names: &'static [&'static str],
    prices: &'static [Price],
}

/// What holds for a model; none where it is not in the table. Whole names only: `claude-opus-4` says nothing about
/// `claude-opus-4-8`, which costs a third.
pub(crate) fn prices(canonical: &str) -> Option<&'static [Price]> {
    let model = MODELS.iter().find(|model| model.names.contains(&canonical))?;
    Some(model.prices)
}

//                                        input  write 5m  write 1h   read  output    thousandths of $ per million
const FABLE_5: Rates = Rates::per_million(10_000, 12_500, 20_000, 1_000, 50_000);
const FABLE_5_1: Rates = Rates::per_million(10_000, 12_500, 20_000, 250, 50_000);
const FABLE_5_2: Rates = Rates::per_million(8_000, 10_000, 16_000, 200, 40_000);
const OPUS_5_5: Rates = Rates::per_million(4_000, 5_000, 8_000, 200, 20_000);
const OPUS_4_5: Rates = Rates::per_million(5_000, 6_250, 10_000, 500, 25_000);
const OPUS_4_6_LONG: Rates = Rates::per_million(10_000, 12_500, 20_000, 1_000, 37_500);
const OPUS_3: Rates = Rates::per_million(15_000, 18_750, 30_000, 1_500, 75_000);
const SONNET_5: Rates = Rates::per_million(2_000, 2_500, 4_000, 200, 10_000);
const SONNET_5_5: Rates = Rates::per_million(2_000, 2_500, 4_000, 100, 10_000);
const SONNET_3: Rates = Rates::per_million(3_000, 3_750, 6_000, 300, 15_000);
const SONNET_4_LONG: Rates = Rates::per_million(6_000, 7_500, 12_000, 600, 22_500);
const HAIKU_5_5: Rates = Rates::per_million(100, 125, 200, 10, 500);
const HAIKU_5_5_LONG: Rates = Rates::per_million(500, 625, 1_000, 50, 2_500);
const HAIKU_4_5: Rates = Rates::per_million(1_000, 1_250, 2_000, 100, 5_000);
const HAIKU_3_5: Rates = Rates::per_million(800, 1_000, 1_600, 80, 4_000);
const HAIKU_3: Rates = Rates::per_million(250, 300, 500, 30, 1_250);

/// The rates of one day on, for a model of before 4.5: no surcharge of any kind.
const fn since(year: i32, month: u32, from: u32, rates: Rates) -> Price {
    Price::flat(day(year, month, from), rates)
}

impl Price {
    /// Regional endpoints of Bedrock and Vertex cost a tenth more: models from 4.5 on.
    const fn regional(self) -> Self {
        Self { regional: Multiple::TENTH_MORE, ..self }
    }

    /// So do requests that must stay in the United States: models from 4.6 on, the first that accept the wish.
    const fn placed(self) -> Self {
        Self { us: Multiple::TENTH_MORE, ..self.regional() }
    }

    const fn fast(self, multiple: Multiple) -> Self {
        Self { fast: Some(multiple), ..self }
    }

    const fn long(self, above: u64, rates: Rates) -> Self {
        Self { standard: Bands { long: Some(Long { above, rates }), ..self.standard }, ..self }
    }
}

const MODELS: &[Model] = &[
    // Fast: "2x the standard-speed token rates across all token types".
    Model { names: &["claude-fable-5-2"], prices: &[since(2026, 11, 9, FABLE_5_2).placed().fast(Multiple::TWO)] },
    Model { names: &["claude-mythos-5-2"], prices: &[since(2026, 11, 9, FABLE_5_2).placed()] },
    // The first to read the cache at less than a tenth of the input.
    Model { names: &["claude-fable-5-1", "claude-mythos-5-1"], prices: &[since(2026, 9, 1, FABLE_5_1).placed()] },
    Model { names: &["claude-fable-5", "claude-mythos-5"], prices: &[since(2026, 6, 9, FABLE_5).placed()] },
    // Fast: $8 and $40.
    Model { names: &["claude-opus-5-5"], prices: &[since(2026, 9, 22, OPUS_5_5).placed().fast(Multiple::TWO)] },
    // Fast: $10 and $50.
    Model { names: &["claude-opus-5"], prices: &[since(2026, 7, 24, OPUS_4_5).placed().fast(Multiple::TWO)] },
    Model { names: &["claude-opus-4-8"], prices: &[since(2026, 5, 28, OPUS_4_5).placed().fast(Multiple::TWO)] },
    // Fast: $30 and $150. Since 2026-07-24 it is refused, which leaves no message to price.
    Model { names: &["claude-opus-4-7"], prices: &[since(2026, 4, 16, OPUS_4_5).placed().fast(Multiple::SIX)] },
    Model {
        names: &["claude-opus-4-6"],
        prices: &[
            // Fast multiplies the surcharge too: $60 and $225.
            since(2026, 2, 5, OPUS_4_5).placed().fast(Multiple::SIX).long(200_000, OPUS_4_6_LONG),
            // A million tokens of context at the standard price.
            since(2026, 3, 13, OPUS_4_5).placed().fast(Multiple::SIX),
            // Fast mode withdrawn: "requests run at standard speed and are billed at standard rates".
            since(2026, 6, 29, OPUS_4_5).placed().fast(Multiple::ONE),
        ],
    },
    Model { names: &["claude-opus-4-5"], prices: &[since(2025, 11, 24, OPUS_4_5).regional()] },
    Model { names: &["claude-opus-4-1"], prices: &[since(2025, 8, 5, OPUS_3)] },
    Model { names: &["claude-opus-4", "claude-opus-4-0", "claude-4-opus"], prices: &[since(2025, 5, 22, OPUS_3)] },
    Model { names: &["claude-3-opus"], prices: &[since(2024, 2, 29, OPUS_3)] },
    Model {
        names: &["claude-sonnet-5-5"],
        prices: &[
            since(2026, 9, 28, SONNET_5).placed(),
            // Cache reads halved.
            since(2026, 10, 7, SONNET_5_5).placed(),
        ],
    },
    // Launched at an introductory price that became the price; the rise to $3 and $15 was cancelled.
    Model { names: &["claude-sonnet-5"], prices: &[since(2026, 6, 30, SONNET_5).placed()] },
    Model {
        names: &["claude-sonnet-4-6"],
        prices: &[
            since(2026, 2, 17, SONNET_3).placed().long(200_000, SONNET_4_LONG),
            // A million tokens of context at the standard price.
            since(2026, 3, 13, SONNET_3).placed(),
        ],
    },
    // These two had long prompts in a beta only, at the surcharge to its end.
    Model {
        names: &["claude-sonnet-4-5"],
        prices: &[since(2025, 9, 29, SONNET_3).regional().long(200_000, SONNET_4_LONG)],
    },
    Model {
        names: &["claude-sonnet-4", "claude-sonnet-4-0", "claude-4-sonnet"],
        prices: &[since(2025, 5, 22, SONNET_3).long(200_000, SONNET_4_LONG)],
    },
    Model { names: &["claude-3-7-sonnet"], prices: &[since(2025, 2, 24, SONNET_3)] },
    Model { names: &["claude-3-5-sonnet"], prices: &[since(2024, 6, 20, SONNET_3)] },
    Model { names: &["claude-3-sonnet"], prices: &[since(2024, 2, 29, SONNET_3)] },
    // Two bands by the whole prompt, cache included, since its launch.
    Model {
        names: &["claude-haiku-5-5"],
        prices: &[since(2026, 10, 7, HAIKU_5_5).placed().long(100_000, HAIKU_5_5_LONG)],
    },
    Model { names: &["claude-haiku-4-5"], prices: &[since(2025, 10, 15, HAIKU_4_5).regional()] },
    Model { names: &["claude-3-5-haiku"], prices: &[since(2024, 10, 22, HAIKU_3_5)] },
    Model { names: &["claude-3-haiku"], prices: &[since(2024, 3, 7, HAIKU_3)] },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::model_name::ModelName;

    #[test]
    fn every_name_is_canonical_and_stands_once() {
        let mut names: Vec<_> = MODELS.iter().flat_map(|model| model.names).collect();
        for name in &names {
            assert_eq!(&ModelName::read(name).canonical, *name);
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn rows_stand_in_the_order_of_their_dates() {
        for model in MODELS {
            assert!(model.prices.is_sorted_by(|a, b| a.from < b.from), "{:?}", model.names);
            assert!(!model.prices.is_empty(), "{:?}", model.names);
        }
    }

    #[test]
    fn writes_cost_the_usual_multiples_of_the_input() {
        let rates = MODELS.iter().flat_map(|model| model.prices).flat_map(|price| {
            let bands = price.standard;
            [Some(bands.usual), bands.long.map(|long| long.rates)]
        });
        // The oldest model's page rounds its 0.3125 down.
        for rates in rates.flatten().filter(|rates| *rates != HAIKU_3) {
            assert_eq!(rates.write.0 * 4, rates.input.0 * 5, "{rates:?}");
            assert_eq!(rates.write_hour.0, rates.input.0 * 2, "{rates:?}");
        }
    }
}
