//! The cost mode: the choice between computed costs and those named in the log.

use serde::{Deserialize, Serialize};

use crate::money::{Cost, Usd};
use crate::pricing::price_book::{ApiCall, PriceBook};

/// The source of a message's cost. The modes and their names are those of ccusage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CostMode {
    /// The cost named in the log, or else the computed cost.
    #[default]
    Auto,
    /// Always the computed cost.
    Calculate,
    /// The cost named in the log, or else zero.
    Display,
}

impl CostMode {
    /// Returns the cost of a message. `reported` is the cost named in the log.
    pub fn choose_cost(self, reported: Option<Usd>, book: &PriceBook, call: &ApiCall<'_>) -> Cost {
        match (self, reported) {
            (Self::Auto | Self::Display, Some(cost)) => Cost::Reported(cost),
            (Self::Display, None) => Cost::Reported(Usd(0)),
            (Self::Auto, None) | (Self::Calculate, _) => book.cost_of(call).map_or(Cost::Unpriced, Cost::Computed),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::money::KindCosts;
    use crate::pricing::terms::BillingTerms;
    use crate::time::timestamp::Timestamp;
    use crate::tokens::Usage;

    use super::*;

    const LOGGED: Option<Usd> = Some(Usd(7));
    const COMPUTED: Cost = Cost::Computed(KindCosts {
        input: Usd(4_000),
        output: Usd(0),
        cache_write: Usd(0),
        cache_read: Usd(0),
        web_search: Usd(0),
    });

    #[rstest]
    #[case(CostMode::Auto, LOGGED, Cost::Reported(Usd(7)))]
    #[case(CostMode::Auto, None, COMPUTED)]
    #[case(CostMode::Calculate, LOGGED, COMPUTED)]
    #[case(CostMode::Calculate, None, COMPUTED)]
    #[case(CostMode::Display, LOGGED, Cost::Reported(Usd(7)))]
    #[case(CostMode::Display, None, Cost::Reported(Usd(0)))]
    fn the_mode_chooses_between_the_logged_and_the_computed_cost(
        #[case] mode: CostMode,
        #[case] reported: Option<Usd>,
        #[case] cost: Cost,
    ) {
        let usage = Usage { input: 1, ..Usage::default() };
        let call = ApiCall { model: "claude-opus-5-5", usage, terms: BillingTerms::default(), when: Timestamp(0) };
        assert_eq!(mode.choose_cost(reported, &PriceBook::bundled(), &call), cost);
    }

    #[test]
    fn an_unknown_model_is_unpriced_not_free() {
        let usage = Usage { input: 1, ..Usage::default() };
        let call = ApiCall { model: "opus", usage, terms: BillingTerms::default(), when: Timestamp(0) };
        assert_eq!(CostMode::Auto.choose_cost(None, &PriceBook::bundled(), &call), Cost::Unpriced);
    }

    #[test]
    fn modes_are_serialized_in_lower_case() {
        assert_eq!(serde_json::to_string(&CostMode::Calculate).expect("modes serialize"), "\"calculate\"");
        assert_eq!(serde_json::from_str::<CostMode>("\"display\"").expect("a known mode"), CostMode::Display);
    }
}
