//! Pseudo-random numbers that are the same on every computer, so that sample data can be compared.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

/// A fixed sequence of pseudo-random numbers (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// 2014).
#[derive(Clone, Debug)]
pub(crate) struct DemoRandom(u64);

/// The increment of the sequence: 2^64 divided by the golden ratio.
const INCREMENT: u64 = 0x9e37_79b9_7f4a_7c15;

impl DemoRandom {
    /// Creates the sequence of one day. Days do not affect each other.
    pub(crate) fn for_day(seed: u64, day: NaiveDate) -> Self {
        let day = u64::from(day.num_days_from_ce().unsigned_abs());
        let mut mixed = Self(seed ^ day.wrapping_mul(INCREMENT));
        Self(mixed.next_number())
    }

    /// Returns a number in a range.
    pub(crate) fn number_in(&mut self, range: RangeInclusive<u64>) -> u64 {
        let (low, high) = range.into_inner();
        low + self.next_number() % (high - low + 1)
    }

    /// Returns true with a probability in percent.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.number_in(1..=100) <= percent
    }

    /// Returns one of the items. Earlier items are more frequent.
    pub(crate) fn pick_by_rank<T: Copy>(&mut self, items: &[T]) -> T {
        let last = items.len().saturating_sub(1) as u64;
        let (first, second) = (self.number_in(0..=last), self.number_in(0..=last));
        items[first.min(second) as usize]
    }

    /// Returns a random id in the form of a UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next_number(), self.next_number());
        let variant = 0x8000 | ((low >> 48) & 0x3fff);
        let version = 0x4000 | (high & 0x0fff);
        format!(
            "{:08x}-{:04x}-{version:04x}-{variant:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            low & 0xffff_ffff_ffff
        )
    }

    fn next_number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(INCREMENT);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).expect("a date")
    }

    #[test]
    fn a_day_has_the_same_numbers_every_time_and_other_days_have_others() {
        let numbers = |date| {
            let mut random = DemoRandom::for_day(1, date);
            [0; 4].map(|_| random.next_number())
        };
        assert_eq!(numbers(day(3)), numbers(day(3)));
        assert_ne!(numbers(day(3)), numbers(day(4)));
    }

    #[test]
    fn a_range_includes_both_of_its_ends() {
        let mut random = DemoRandom::for_day(1, day(3));
        let found: BTreeSet<_> = (0..200).map(|_| random.number_in(2..=4)).collect();
        assert_eq!(found, BTreeSet::from([2, 3, 4]));
    }

    #[test]
    fn an_id_has_the_form_of_a_random_uuid() {
        let id = DemoRandom::for_day(1, day(3)).uuid();
        let lengths: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(id.as_bytes()[14], b'4', "{id}");
        assert!(matches!(id.as_bytes()[19], b'8' | b'9' | b'a' | b'b'), "{id}");
    }
}
