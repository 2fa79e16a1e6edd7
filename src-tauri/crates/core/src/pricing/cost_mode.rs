//! Whose word about costs holds.

use serde::{Deserialize, Serialize};

use crate::money::{Cost, Usd};

use crate::pricing::{Call, PriceBook};

/// Whether a message's cost is the one the log reports or our own. The three modes of ccusage, by its names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CostMode {
    /// As reported where the log says something, else computed.
    #[default]
    Auto,
    /// Always computed.
    Calculate,
    /// As reported, and nothing where the log says nothing.
    Display,
}

impl CostMode {
    /// What a message costs, given what the log reports of it.
    pub fn cost(self, reported: Option<Usd>, book: &PriceBook, call: &Call<'_>) -> Cost {
        match (self, reported) {
            (Self::Auto | Self::Display, Some(cost)) => Cost::Reported(cost),
            (Self::Display, None) => Cost::Reported(Usd(0)),
            (Self::Auto, None) | (Self::Calculate, _) => book.cost(call).map_or(Cost::Unpriced, Cost::Computed),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::pricing::terms::Terms;
    use crate::time::timestamp::Timestamp;
    use crate::tokens::Usage;

    use super::*;

    const LOGGED: Option<Usd> = Some(Usd(7));
    const OURS: Cost = Cost::Computed(Usd(4_000));

    #[rstest]
    #[case(CostMode::Auto, LOGGED, Cost::Reported(Usd(7)))]
    #[case(CostMode::Auto, None, OURS)]
    #[case(CostMode::Calculate, LOGGED, OURS)]
    #[case(CostMode::Calculate, None, OURS)]
    #[case(CostMode::Display, LOGGED, Cost::Reported(Usd(7)))]
    #[case(CostMode::Display, None, Cost::Reported(Usd(0)))]
    fn the_mode_decides_whose_word_holds(#[case] mode: CostMode, #[case] reported: Option<Usd>, #[case] cost: Cost) {
        let usage = Usage { input: 1, ..Usage::default() };
        let call = Call { model: "claude-opus-5-5", usage, terms: Terms::default(), when: Timestamp(0) };
        assert_eq!(mode.cost(reported, &PriceBook::bundled(), &call), cost);
    }

    #[test]
    fn an_unknown_model_is_unpriced_never_free() {
        let usage = Usage { input: 1, ..Usage::default() };
        let call = Call { model: "opus", usage, terms: Terms::default(), when: Timestamp(0) };
        assert_eq!(CostMode::Auto.cost(None, &PriceBook::bundled(), &call), Cost::Unpriced);
    }

    #[test]
    fn modes_are_written_in_lower_case() {
        assert_eq!(serde_json::to_string(&CostMode::Calculate).expect("a word"), "\"calculate\"");
        assert_eq!(serde_json::from_str::<CostMode>("\"display\"").expect("a mode"), CostMode::Display);
    }
}
