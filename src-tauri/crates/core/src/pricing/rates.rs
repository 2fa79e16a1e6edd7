//! Rates, and what a call costs at them. Pure arithmetic: it knows no model.

use chrono::NaiveDate;

use crate::money::Usd;
use crate::pricing::terms::{Geo, Speed, Terms, Tier};
use crate::time::timestamp::Timestamp;
use crate::tokens::Usage;

/// What one token, or one search, costs, in pico-dollars: a dollar per million tokens is a million of them.
///
/// Bounded by [`Rate::MOST_FOR_A_TOKEN`] and [`Rate::MOST_FOR_A_SEARCH`], so that no sum of a call's counts overflows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Rate(pub(super) u64);

impl Rate {
    /// Dollars: ten thousand for a million, some three times the dearest ever listed.
    pub(crate) const MOST_FOR_A_TOKEN: f64 = 0.01;
    /// Dollars.
    pub(crate) const MOST_FOR_A_SEARCH: f64 = 1.0;

    /// From dollars as somebody else wrote them; none where that is no price.
    pub(crate) fn from_dollars(dollars: f64, most: f64) -> Option<Self> {
        (0.0..=most).contains(&dollars).then(|| Self((dollars * 1e12).round() as u64))
    }

    fn of(self, count: u64) -> u128 {
        u128::from(count) * u128::from(self.0)
    }
}

/// What each kind of token costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Rates {
    pub(crate) input: Rate,
    /// Written to the cache for five minutes.
    pub(crate) write: Rate,
    /// Written to the cache for an hour.
    pub(crate) write_hour: Rate,
    pub(crate) read: Rate,
    pub(crate) output: Rate,
}

impl Rates {
    /// From thousandths of a dollar per million tokens, in the order of the vendor's page: `6_250` is $6.25.
    pub(crate) const fn per_million(input: u64, write: u64, write_hour: u64, read: u64, output: u64) -> Self {
        const PICO: u64 = 1_000;
        Self {
            input: Rate(input * PICO),
            write: Rate(write * PICO),
            write_hour: Rate(write_hour * PICO),
            read: Rate(read * PICO),
            output: Rate(output * PICO),
        }
    }

    fn of(&self, usage: Usage) -> u128 {
        let hour = usage.cache_write_hour.min(usage.cache_write);
        self.input.of(usage.input)
            + self.write.of(usage.cache_write - hour)
            + self.write_hour.of(hour)
            + self.read.of(usage.cache_read)
            + self.output.of(usage.output)
    }

    fn encode(&self, out: &mut Vec<u8>) {
        for rate in [self.input, self.write, self.write_hour, self.read, self.output] {
            out.extend(rate.0.to_le_bytes());
        }
    }
}

/// Rates, and others for requests with a long prompt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Bands {
    pub(crate) usual: Rates,
    pub(crate) long: Option<Long>,
}

/// What a request costs whose prompt is long: all of it, its output included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Long {
    /// More prompt tokens than these, whether fresh, written to the cache or read from it.
    pub(crate) above: u64,
    pub(crate) rates: Rates,
}

impl Bands {
    fn of(&self, usage: Usage) -> &Rates {
        let prompt = u128::from(usage.input) + u128::from(usage.cache_write) + u128::from(usage.cache_read);
        match &self.long {
            Some(long) if prompt > u128::from(long.above) => &long.rates,
            Some(_) | None => &self.usual,
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        self.usual.encode(out);
        out.push(u8::from(self.long.is_some()));
        if let Some(long) = &self.long {
            out.extend(long.above.to_le_bytes());
            long.rates.encode(out);
        }
    }
}

/// A multiple of a price, in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Multiple(u32);

impl Multiple {
    pub(crate) const ONE: Self = Self(100);
    pub(crate) const TWO: Self = Self(200);
    pub(crate) const SIX: Self = Self(600);
    /// A tenth more.
    pub(crate) const TENTH_MORE: Self = Self(110);

    /// From a factor as somebody else wrote it; none where that is no sensible one.
    pub(crate) fn from_factor(factor: f64) -> Option<Self> {
        (0.01..=100.0).contains(&factor).then(|| Self((factor * 100.0).round() as u32))
    }
}

/// Where the host's price applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Basis {
    /// Anywhere.
    Global,
    /// In one region, at the host's surcharge.
    Regional,
}

/// What holds for one model from a date on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Price {
    /// The first instant, 00:00 UTC of its day.
    pub(crate) from: Timestamp,
    pub(crate) standard: Bands,
    /// With priority, where that has a price of its own.
    pub(crate) priority: Option<Bands>,
    /// In fast mode; none where the model has no such mode.
    pub(crate) fast: Option<Multiple>,
    /// In the United States only.
    pub(crate) us: Multiple,
    /// At a host's regional endpoint.
    pub(crate) regional: Multiple,
    /// One web search.
    pub(crate) search: Rate,
}

impl Price {
    /// Ten dollars for a thousand web searches: the tool is the vendor's own, whatever model asks for it.
    pub(crate) const SEARCH: Rate = Rate(10_000_000_000);

    /// The terms of a model nobody lists, for rates the settings give.
    pub(crate) const UNLISTED: [Self; 1] = [Self::flat(Timestamp(i64::MIN), Rates::per_million(0, 0, 0, 0, 0))];

    /// Rates that nothing multiplies.
    pub(crate) const fn flat(from: Timestamp, usual: Rates) -> Self {
        Self {
            from,
            standard: Bands { usual, long: None },
            priority: None,
            fast: None,
            us: Multiple::ONE,
            regional: Multiple::ONE,
            search: Self::SEARCH,
        }
    }

    /// The same terms at other rates, for prompts of any length.
    pub(crate) fn with_rates(&self, rates: Rates) -> Self {
        Self { standard: Bands { usual: rates, long: None }, priority: None, ..*self }
    }

    /// What a call costs, rounded half up once; none in a fast mode that is not known.
    pub(crate) fn cost(&self, usage: Usage, terms: Terms, basis: Basis) -> Option<Usd> {
        let tokens = self.bands(terms.tier).of(usage).of(usage);
        let searches = self.search.of(usage.web_searches);
        let (times, over) = self.multiple(terms, basis)?;
        Some(rounded(tokens * times + searches * over, over))
    }

    fn bands(&self, tier: Tier) -> &Bands {
        match tier {
            Tier::Priority => self.priority.as_ref().unwrap_or(&self.standard),
            Tier::Standard | Tier::Batch => &self.standard,
        }
    }

    /// What the terms multiply the tokens' price by, as a fraction. Searches cost the same on any.
    fn multiple(&self, terms: Terms, basis: Basis) -> Option<(u128, u128)> {
        let speed = match terms.speed {
            Speed::Standard => Multiple::ONE,
            Speed::Fast => self.fast?,
        };
        let geo = match terms.geo {
            Geo::Global => Multiple::ONE,
            Geo::Us => self.us,
        };
        let host = match basis {
            Basis::Global => Multiple::ONE,
            Basis::Regional => self.regional,
        };
        let half = match terms.tier {
            Tier::Batch => 2,
            Tier::Standard | Tier::Priority => 1,
        };
        let times = [speed, geo, host].map(|multiple| u128::from(multiple.0)).iter().product();
        Some((times, u128::from(Multiple::ONE.0).pow(3) * half))
    }

    /// Everything it says, in bytes that never change their meaning.
    pub(crate) fn encoded(&self) -> Vec<u8> {
        let mut out = self.from.0.to_le_bytes().to_vec();
        self.standard.encode(&mut out);
        out.push(u8::from(self.priority.is_some()));
        if let Some(priority) = &self.priority {
            priority.encode(&mut out);
        }
        for multiple in [self.fast.map_or(0, |fast| fast.0), self.us.0, self.regional.0] {
            out.extend(multiple.to_le_bytes());
        }
        out.extend(self.search.0.to_le_bytes());
        out
    }
}

/// Pico-dollars as billionths of a dollar, half a billionth up.
fn rounded(pico: u128, over: u128) -> Usd {
    const PICO_PER_NANO: u128 = 1_000;
    let unit = PICO_PER_NANO * over;
    let nanos = (pico + unit / 2) / unit;
    Usd(u64::try_from(nanos).unwrap_or(u64::MAX).min(i64::MAX as u64))
}

/// The first instant of a UTC day.
pub(crate) const fn day(year: i32, month: u32, day: u32) -> Timestamp {
    const MICROS_PER_DAY: i64 = 86_400_000_000;
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => Timestamp(date.to_epoch_days() as i64 * MICROS_PER_DAY),
        None => panic!("no such day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRICE: Price = Price::flat(Timestamp(0), Rates::per_million(3_000, 3_750, 6_000, 300, 15_000));

    #[test]
    fn the_largest_counts_at_the_highest_rates_do_not_overflow() {
        let most = |dollars| Rate::from_dollars(dollars, dollars).expect("a price");
        let (most, search) = (most(Rate::MOST_FOR_A_TOKEN), most(Rate::MOST_FOR_A_SEARCH));
        let rates = Rates { input: most, write: most, write_hour: most, read: most, output: most };
        let price = Price { fast: Multiple::from_factor(100.0), us: Multiple(200), search, ..PRICE }.with_rates(rates);
        let all = i64::MAX as u64;
        let usage =
            Usage { input: all, output: all, cache_write: all, cache_read: all, web_searches: all, ..Usage::default() };
        let terms = Terms { speed: Speed::Fast, geo: Geo::Us, tier: Tier::Standard };
        assert_eq!(price.cost(usage, terms, Basis::Regional), Some(Usd(all)), "as much as can be said");
    }

    #[test]
    fn a_message_is_rounded_once_half_up() {
        let read = |count| PRICE.cost(Usage { cache_read: count, ..Usage::default() }, Terms::default(), Basis::Global);
        assert_eq!(read(1), Some(Usd(300)));
        let batch = Terms { tier: Tier::Batch, ..Terms::default() };
        let odd = PRICE.with_rates(Rates { read: Rate(1_001), ..Rates::default() });
        let cost = |count, terms| odd.cost(Usage { cache_read: count, ..Usage::default() }, terms, Basis::Global);
        assert_eq!(cost(499, Terms::default()), Some(Usd(499)), "499.499 billionths");
        assert_eq!(cost(500, Terms::default()), Some(Usd(501)), "500.5 billionths");
        assert_eq!(cost(1_000, batch), Some(Usd(501)), "500.5 billionths");
    }

    #[test]
    fn an_hour_long_write_is_a_part_of_the_writes() {
        let cost = |cache_write, cache_write_hour| {
            PRICE.cost(Usage { cache_write, cache_write_hour, ..Usage::default() }, Terms::default(), Basis::Global)
        };
        assert_eq!(cost(1_000, 0), Some(Usd(3_750_000)));
        assert_eq!(cost(1_000, 400), Some(Usd(600 * 3_750 + 400 * 6_000)));
        assert_eq!(cost(1_000, 2_000), Some(Usd(6_000_000)), "never more than was written");
    }

    #[test]
    fn searches_cost_the_same_on_any_terms() {
        let usage = Usage { web_searches: 3, ..Usage::default() };
        let terms = Terms { tier: Tier::Batch, ..Terms::default() };
        assert_eq!(PRICE.cost(usage, terms, Basis::Global), Some(Usd(30_000_000)));
    }

    #[test]
    fn a_day_begins_at_midnight_utc() {
        assert_eq!(Some(day(2026, 10, 7)), Timestamp::parse("2026-10-07T00:00:00Z"));
    }
}
