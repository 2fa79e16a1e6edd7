//! The rows that are shared: a group of messages, and its usage.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::money::{CostSum, KindCostSums};
use crate::team::SharingLevel;
use crate::tokens::{TokenSums, UsageSum};

/// The largest count of a row. The 288 rows of a group in a day add up to a 64-bit integer of a database, and other programs
/// read the number without loss.
const MAX_COUNT: u128 = (1 << 53) - 1;

/// The properties of the messages of a row. Which of them are present depends on the level. All are empty in a row that
/// was deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RowGroup {
    /// The model.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// The name of the project's folder. A pseudonym in a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The repository: the name that Claude Code logged with a pull request, or else that of the project's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The last Git branch of the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The id of the session. A pseudonym in a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The name that the user gave the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_name: Option<String>,
    /// The description that the user gave the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_description: Option<String>,
    /// The tags that the user gave the session.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl RowGroup {
    /// Returns the lowest level that includes these properties.
    pub fn level(&self) -> SharingLevel {
        let Self { model: _, project, repository, branch, session, session_name, session_description, tags } = self;
        let has_text = [session, session_name, session_description].into_iter().any(Option::is_some);
        if has_text || !tags.is_empty() {
            SharingLevel::Sessions
        } else if repository.is_some() || branch.is_some() {
            SharingLevel::Repositories
        } else if project.is_some() {
            SharingLevel::Projects
        } else {
            SharingLevel::Totals
        }
    }
}

/// The error for usage with a count of 2^53 or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a count is too large")]
pub struct CountsTooLarge;

/// The usage of a row. Counts of zero are left out of the JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct UsageCounts {
    /// Messages, each counted once. Zero in a row that was deleted.
    #[serde(skip_serializing_if = "is_zero")]
    pub messages: u64,
    /// Uncached input tokens.
    #[serde(skip_serializing_if = "is_zero")]
    pub input_tokens: u64,
    /// Output tokens, including thinking.
    #[serde(skip_serializing_if = "is_zero")]
    pub output_tokens: u64,
    /// Tokens written to the prompt cache.
    #[serde(skip_serializing_if = "is_zero")]
    pub cache_creation_tokens: u64,
    /// The part of the cache writes that is cached for one hour.
    #[serde(rename = "cacheCreation1hTokens", skip_serializing_if = "is_zero")]
    pub cache_creation_1h_tokens: u64,
    /// Tokens read from the prompt cache.
    #[serde(skip_serializing_if = "is_zero")]
    pub cache_read_tokens: u64,
    /// Web searches made by the server.
    #[serde(skip_serializing_if = "is_zero")]
    pub web_searches: u64,
    /// Web pages fetched by the server.
    #[serde(skip_serializing_if = "is_zero")]
    pub web_fetches: u64,
    /// API-equivalent cost in billionths of a dollar.
    #[serde(skip_serializing_if = "is_zero")]
    pub cost_nanos: u64,
    /// The part of the cost for uncached input.
    #[serde(skip_serializing_if = "is_zero")]
    pub input_cost_nanos: u64,
    /// The part of the cost for output.
    #[serde(skip_serializing_if = "is_zero")]
    pub output_cost_nanos: u64,
    /// The part of the cost for cache writes.
    #[serde(skip_serializing_if = "is_zero")]
    pub cache_creation_cost_nanos: u64,
    /// The part of the cost for cache reads.
    #[serde(skip_serializing_if = "is_zero")]
    pub cache_read_cost_nanos: u64,
    /// Tokens without a known price.
    #[serde(skip_serializing_if = "is_zero")]
    pub unpriced_tokens: u64,
    /// Messages whose output is a lower bound.
    #[serde(skip_serializing_if = "is_zero")]
    pub under_logged_messages: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl UsageCounts {
    /// The number of counts.
    pub const FIELDS: usize = 15;

    /// Returns the counts in the order of the fields.
    pub fn to_array(&self) -> [u64; Self::FIELDS] {
        let Self {
            messages,
            input_tokens,
            output_tokens,
            cache_creation_tokens,
            cache_creation_1h_tokens,
            cache_read_tokens,
            web_searches,
            web_fetches,
            cost_nanos,
            input_cost_nanos,
            output_cost_nanos,
            cache_creation_cost_nanos,
            cache_read_cost_nanos,
            unpriced_tokens,
            under_logged_messages,
        } = *self;
        [
            messages,
            input_tokens,
            output_tokens,
            cache_creation_tokens,
            cache_creation_1h_tokens,
            cache_read_tokens,
            web_searches,
            web_fetches,
            cost_nanos,
            input_cost_nanos,
            output_cost_nanos,
            cache_creation_cost_nanos,
            cache_read_cost_nanos,
            unpriced_tokens,
            under_logged_messages,
        ]
    }

    /// Returns the sum with counts in the order of the fields.
    pub fn sum_from_array(counts: [u128; Self::FIELDS]) -> UsageSum {
        let [messages, input, output, write, write_hour, read, searches, fetches, rest @ ..] = counts;
        let [nanos, input_cost, output_cost, write_cost, read_cost, unpriced_tokens, under_logged] = rest;
        let kinds = KindCostSums::from_array([input_cost, output_cost, write_cost, read_cost]);
        UsageSum {
            tokens: TokenSums::from_array([input, output, write, write_hour, read, searches, fetches]),
            messages: u64::try_from(messages).unwrap_or(u64::MAX),
            cost: CostSum { nanos, kinds, unpriced_tokens },
            under_logged: u64::try_from(under_logged).unwrap_or(u64::MAX),
        }
    }

    fn from_array(counts: [u64; Self::FIELDS]) -> Self {
        let [messages, input, output, write, write_hour, read, searches, fetches, rest @ ..] = counts;
        let [cost, input_cost, output_cost, write_cost, read_cost, unpriced, under_logged] = rest;
        Self {
            messages,
            input_tokens: input,
            output_tokens: output,
            cache_creation_tokens: write,
            cache_creation_1h_tokens: write_hour,
            cache_read_tokens: read,
            web_searches: searches,
            web_fetches: fetches,
            cost_nanos: cost,
            input_cost_nanos: input_cost,
            output_cost_nanos: output_cost,
            cache_creation_cost_nanos: write_cost,
            cache_read_cost_nanos: read_cost,
            unpriced_tokens: unpriced,
            under_logged_messages: under_logged,
        }
    }

    /// Returns true if every count is below 2^53.
    pub fn fits(&self) -> bool {
        self.to_array().into_iter().all(|count| u128::from(count) <= MAX_COUNT)
    }
}

impl TryFrom<&UsageSum> for UsageCounts {
    type Error = CountsTooLarge;

    fn try_from(sum: &UsageSum) -> Result<Self, CountsTooLarge> {
        let UsageSum { tokens, messages, cost, under_logged } = sum;
        let [input, output, write, write_hour, read, searches, fetches] = tokens.to_array();
        let CostSum { nanos, kinds, unpriced_tokens } = cost;
        let [input_cost, output_cost, write_cost, read_cost] = kinds.to_array();
        let wide = [
            u128::from(*messages),
            input,
            output,
            write,
            write_hour,
            read,
            searches,
            fetches,
            *nanos,
            input_cost,
            output_cost,
            write_cost,
            read_cost,
            *unpriced_tokens,
            u128::from(*under_logged),
        ];
        match wide.iter().all(|count| *count <= MAX_COUNT) {
            true => Ok(Self::from_array(wide.map(|count| u64::try_from(count).unwrap_or_default()))),
            false => Err(CountsTooLarge),
        }
    }
}

impl From<&UsageCounts> for UsageSum {
    fn from(counts: &UsageCounts) -> Self {
        UsageCounts::sum_from_array(counts.to_array().map(u128::from))
    }
}

/// A row with its number and revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TeamRow {
    /// The number of the row, unique on its device.
    pub row: u64,
    /// The revision. A higher one replaces a lower one.
    pub revision: u64,
    /// The start of the five minutes or of the UTC day.
    pub start: DateTime<Utc>,
    /// The properties of the messages.
    #[serde(default)]
    pub group: RowGroup,
    /// The usage of the messages.
    #[serde(default)]
    pub usage: UsageCounts,
}

impl TeamRow {
    /// Returns true if the row has no messages any more.
    pub fn is_deleted(&self) -> bool {
        self.usage.messages == 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_and_sums_are_the_same_figures(counts in prop::array::uniform15(0..1_u64 << 53)) {
            let counts = UsageCounts::from_array(counts);
            prop_assert_eq!(UsageCounts::try_from(&UsageSum::from(&counts)), Ok(counts));
            let json = serde_json::to_string(&counts).expect("it is JSON");
            prop_assert_eq!(serde_json::from_str::<UsageCounts>(&json).expect("it is read"), counts);
        }
    }

    #[test]
    fn a_count_that_a_database_cannot_hold_is_refused() {
        let sum = UsageSum { tokens: TokenSums::from_array([MAX_COUNT + 1, 0, 0, 0, 0, 0, 0]), ..UsageSum::default() };
        assert_eq!(UsageCounts::try_from(&sum), Err(CountsTooLarge));
        assert!(!UsageCounts { input_tokens: u64::MAX, ..UsageCounts::default() }.fits());
    }

    #[test]
    fn the_level_of_a_group_is_that_of_its_most_detailed_property() {
        let text = Some("x".to_owned());
        let level = |group: RowGroup| group.level();
        assert_eq!(level(RowGroup { model: "m".into(), ..RowGroup::default() }), SharingLevel::Totals);
        assert_eq!(level(RowGroup { project: text.clone(), ..RowGroup::default() }), SharingLevel::Projects);
        assert_eq!(level(RowGroup { branch: text.clone(), ..RowGroup::default() }), SharingLevel::Repositories);
        assert_eq!(level(RowGroup { repository: text.clone(), ..RowGroup::default() }), SharingLevel::Repositories);
        assert_eq!(level(RowGroup { session: text.clone(), ..RowGroup::default() }), SharingLevel::Sessions);
        assert_eq!(level(RowGroup { session_name: text, ..RowGroup::default() }), SharingLevel::Sessions);
        assert_eq!(level(RowGroup { tags: vec!["t".into()], ..RowGroup::default() }), SharingLevel::Sessions);
    }
}
