//! Splits usage into shares that add up to it exactly.

use token_monitor_core::team::UsageCounts;
use token_monitor_core::tokens::UsageSum;

/// The whole, in the unit of shares: hundredths of a percent.
pub(crate) const WHOLE: u32 = 10_000;

/// Splits a number in proportion to shares that add up to [`WHOLE`], by the method of largest remainders. Of equal remainders,
/// the first gets the unit.
pub(crate) fn split_number(number: u128, shares: &[u32]) -> Vec<u128> {
    let whole = u128::from(WHOLE);
    // Divided first, so that the product of a large number does not overflow.
    let (quotient, rest) = (number / whole, number % whole);
    let products: Vec<u128> = shares.iter().map(|share| rest * u128::from(*share)).collect();
    let mut parts: Vec<u128> =
        shares.iter().zip(&products).map(|(share, product)| quotient * u128::from(*share) + product / whole).collect();
    let missing = number - parts.iter().sum::<u128>();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(products[*index] % whole));
    for index in order.into_iter().take(usize::try_from(missing).unwrap_or_default()) {
        parts[index] += 1;
    }
    parts
}

/// Splits a sum in proportion to shares that add up to [`WHOLE`]. Each count of the parts adds up to that of the sum. A count
/// that is a part of another one stays one, because the disjoint parts are split.
pub(crate) fn split_usage(sum: &UsageSum, shares: &[u32]) -> Vec<UsageSum> {
    if shares == [WHOLE] {
        return vec![*sum];
    }
    let parts = to_disjoint(sum).map(|count| split_number(count, shares));
    let is_unpriced = sum.cost.unpriced_tokens == sum.tokens.total();
    let part = |index: usize| {
        let mut part = from_disjoint(std::array::from_fn(|count| parts[count][index]));
        if is_unpriced {
            part.cost.unpriced_tokens = part.tokens.total();
        }
        part
    };
    (0..shares.len()).map(part).collect()
}

/// Returns the counts of a sum in the order of [`UsageCounts::to_array`], without the parts that other counts have as well.
fn to_disjoint(sum: &UsageSum) -> [u128; UsageCounts::FIELDS] {
    let [input, output, write, write_hour, read, searches, fetches] = sum.tokens.to_array();
    let [input_cost, output_cost, write_cost, read_cost] = sum.cost.kinds.to_array();
    [
        u128::from(sum.messages.saturating_sub(sum.under_logged)),
        input,
        output,
        write.saturating_sub(write_hour),
        write_hour,
        read,
        searches,
        fetches,
        sum.cost.nanos_without_kind(),
        input_cost,
        output_cost,
        write_cost,
        read_cost,
        sum.cost.unpriced_tokens,
        u128::from(sum.under_logged),
    ]
}

fn from_disjoint(counts: [u128; UsageCounts::FIELDS]) -> UsageSum {
    let [messages, input, output, write_5m, write_hour, read, searches, fetches, rest @ ..] = counts;
    let [other, input_cost, output_cost, write_cost, read_cost, unpriced, under_logged] = rest;
    UsageCounts::sum_from_array([
        messages + under_logged,
        input,
        output,
        write_5m + write_hour,
        write_hour,
        read,
        searches,
        fetches,
        other + input_cost + output_cost + write_cost + read_cost,
        input_cost,
        output_cost,
        write_cost,
        read_cost,
        unpriced,
        under_logged,
    ])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Shares that add up to the whole: the distances between sorted numbers.
    fn shares() -> impl Strategy<Value = Vec<u32>> {
        prop::collection::btree_set(1..WHOLE, 0..8).prop_map(|cuts| {
            let ends = cuts.iter().copied().chain([WHOLE]);
            let starts = [0].into_iter().chain(cuts.iter().copied());
            ends.zip(starts).map(|(end, start)| end - start).collect()
        })
    }

    /// A sum of messages, in which parts of counts are parts.
    fn usage() -> impl Strategy<Value = UsageSum> {
        let count = prop_oneof![0..20_u128, 0..1_u128 << 60];
        prop::array::uniform15(count).prop_map(|counts| {
            let mut sum = from_disjoint(counts);
            sum.cost.unpriced_tokens = sum.cost.unpriced_tokens.min(sum.tokens.total());
            sum
        })
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_number_and_differ_from_the_exact_share_by_less_than_one(
            number in prop_oneof![0..100_u128, 0..1_u128 << 90],
            shares in shares(),
        ) {
            let parts = split_number(number, &shares);
            prop_assert_eq!(parts.iter().sum::<u128>(), number);
            for (part, share) in parts.iter().zip(&shares) {
                let exact = number * u128::from(*share);
                prop_assert!((part * u128::from(WHOLE)).abs_diff(exact) < u128::from(WHOLE));
            }
        }

        #[test]
        fn parts_of_usage_add_up_in_every_count(sum in usage(), shares in shares()) {
            let parts = split_usage(&sum, &shares);
            let mut total = UsageSum::default();
            for part in &parts {
                let [_, _, write, write_hour, ..] = part.tokens.to_array();
                prop_assert!(write_hour <= write && part.under_logged <= part.messages);
                prop_assert!(part.cost.kinds.to_array().iter().sum::<u128>() <= part.cost.nanos);
                total.merge(part);
            }
            prop_assert_eq!(total, sum);
        }
    }

    #[test]
    fn the_largest_remainders_get_the_missing_units() {
        assert_eq!(split_number(100, &[3_333, 3_333, 3_334]), [33, 33, 34]);
        assert_eq!(split_number(1, &[5_000, 5_000]), [1, 0]);
        assert_eq!(split_number(0, &[2_500, 7_500]), [0, 0]);
    }
}
