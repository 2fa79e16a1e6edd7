//! TokenRates and the price calculation for one call. Pure arithmetic without knowledge of models.

use chrono::NaiveDate;

use crate::money::{KindCosts, Usd};
use crate::pricing::terms::{BillingTerms, InferenceGeo, ServiceSpeed, ServiceTier};
use crate::time::timestamp::Timestamp;
use crate::time::units::MICROS_PER_DAY;
use crate::tokens::Usage;

/// The price of one token or one search, in trillionths of a dollar: a dollar per million tokens is a million of
/// them.
///
/// It is bounded by [`UnitPrice::MAX_DOLLARS_PER_TOKEN`] and [`UnitPrice::MAX_DOLLARS_PER_SEARCH`], so that the sum
/// over the counts of one call cannot overflow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct UnitPrice(pub(super) u64);

impl UnitPrice {
    /// The largest price of a token in dollars: $10,000 per million, about three times the highest price ever listed.
    pub(crate) const MAX_DOLLARS_PER_TOKEN: f64 = 0.01;
    /// The largest price of a search in dollars.
    pub(crate) const MAX_DOLLARS_PER_SEARCH: f64 = 1.0;

    /// Converts dollars. Returns `None` if the value is negative, not a number or above `max`.
    pub(crate) fn from_dollars(dollars: f64, max: f64) -> Option<Self> {
        (0.0..=max).contains(&dollars).then(|| Self((dollars * 1e12).round() as u64))
    }

    fn price_count(self, count: u64) -> u128 {
        u128::from(count) * u128::from(self.0)
    }
}

/// The price of each kind of token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct TokenRates {
    pub(crate) input: UnitPrice,
    /// A cache write for five minutes.
    pub(crate) write: UnitPrice,
    /// A cache write for one hour.
    pub(crate) write_hour: UnitPrice,
    pub(crate) read: UnitPrice,
    pub(crate) output: UnitPrice,
}

impl TokenRates {
    /// Creates rates from thousandths of a dollar per million tokens, in the order of the vendor's price page:
    /// `6_250` is $6.25.
    pub(crate) const fn per_million(input: u64, write: u64, write_hour: u64, read: u64, output: u64) -> Self {
        const PICOS_PER_NANO: u64 = 1_000;
        Self {
            input: UnitPrice(input * PICOS_PER_NANO),
            write: UnitPrice(write * PICOS_PER_NANO),
            write_hour: UnitPrice(write_hour * PICOS_PER_NANO),
            read: UnitPrice(read * PICOS_PER_NANO),
            output: UnitPrice(output * PICOS_PER_NANO),
        }
    }

    /// Returns the prices of input, output, cache writes and cache reads, in trillionths of a dollar.
    fn price_usage(&self, usage: Usage) -> [u128; 4] {
        let hour = usage.cache_write_hour.min(usage.cache_write);
        let writes = self.write.price_count(usage.cache_write - hour) + self.write_hour.price_count(hour);
        let (input, output) = (self.input.price_count(usage.input), self.output.price_count(usage.output));
        [input, output, writes, self.read.price_count(usage.cache_read)]
    }

    fn encode(&self, out: &mut Vec<u8>) {
        for rate in [self.input, self.write, self.write_hour, self.read, self.output] {
            out.extend(rate.0.to_le_bytes());
        }
    }
}

/// The base rates, and the rates of requests with a long prompt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct PriceTiers {
    pub(crate) base: TokenRates,
    pub(crate) long: Option<LongContextTier>,
}

/// The rates of requests with a long prompt. They apply to the whole request, including its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LongContextTier {
    /// The number of prompt tokens above which the rates apply. Cache writes and reads are included.
    pub(crate) above: u64,
    pub(crate) rates: TokenRates,
}

impl PriceTiers {
    fn rates_for(&self, usage: Usage) -> &TokenRates {
        let prompt = u128::from(usage.input) + u128::from(usage.cache_write) + u128::from(usage.cache_read);
        match &self.long {
            Some(long) if prompt > u128::from(long.above) => &long.rates,
            Some(_) | None => &self.base,
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        self.base.encode(out);
        out.push(u8::from(self.long.is_some()));
        if let Some(long) = &self.long {
            out.extend(long.above.to_le_bytes());
            long.rates.encode(out);
        }
    }
}

/// A multiplier of a price, in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Multiplier(u32);

impl Multiplier {
    pub(crate) const ONE: Self = Self(100);
    pub(crate) const TWO: Self = Self(200);
    pub(crate) const SIX: Self = Self(600);
    /// A surcharge of 10%.
    pub(crate) const PLUS_TEN_PERCENT: Self = Self(110);

    /// Converts a factor. Returns `None` outside of 0.01 to 100.
    pub(crate) fn from_factor(factor: f64) -> Option<Self> {
        (0.01..=100.0).contains(&factor).then(|| Self((factor * 100.0).round() as u32))
    }
}

/// The regions an endpoint may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndpointScope {
    /// Any region.
    Global,
    /// A single region, at the host's surcharge.
    Regional,
}

/// The price of one model from a date on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DatedPrice {
    /// The first instant, 00:00 UTC of the first day.
    pub(crate) from: Timestamp,
    pub(crate) standard: PriceTiers,
    /// The rates with priority, if they differ.
    pub(crate) priority: Option<PriceTiers>,
    /// The multiplier of fast mode, or `None` if the model has no fast mode.
    pub(crate) fast: Option<Multiplier>,
    /// The multiplier of inference in the United States only.
    pub(crate) us: Multiplier,
    /// The multiplier of a host's regional endpoint.
    pub(crate) regional: Multiplier,
    /// The price of one web search.
    pub(crate) search: UnitPrice,
}

impl DatedPrice {
    /// Ten dollars per thousand web searches. The tool is the vendor's own, so its price does not depend on the
    /// model.
    pub(crate) const DEFAULT_SEARCH: UnitPrice = UnitPrice(10_000_000_000);

    /// The terms of a model without a listed price, for which the user has set rates.
    pub(crate) const UNLISTED: [Self; 1] = [Self::flat(Timestamp(i64::MIN), TokenRates::per_million(0, 0, 0, 0, 0))];

    /// Creates a price without surcharges.
    pub(crate) const fn flat(from: Timestamp, base: TokenRates) -> Self {
        Self {
            from,
            standard: PriceTiers { base, long: None },
            priority: None,
            fast: None,
            us: Multiplier::ONE,
            regional: Multiplier::ONE,
            search: Self::DEFAULT_SEARCH,
        }
    }

    /// Returns the price with other rates, which apply to prompts of any length.
    pub(crate) fn with_rates(&self, rates: TokenRates) -> Self {
        Self { standard: PriceTiers { base: rates, long: None }, priority: None, ..*self }
    }

    /// Returns the cost of a call by kind. Their sum is rounded half up once. Returns `None` for fast mode if the model has
    /// none.
    pub(crate) fn cost_of(&self, usage: Usage, terms: BillingTerms, scope: EndpointScope) -> Option<KindCosts> {
        let tokens = self.tiers_for(terms.tier).rates_for(usage).price_usage(usage);
        let searches = self.search.price_count(usage.web_searches);
        let (numerator, denominator) = self.multiplier_for(terms, scope)?;
        let [input, output, cache_write, cache_read] = tokens.map(|picos| picos * numerator);
        let parts = [input, output, cache_write, cache_read, searches * denominator];
        let [input, output, cache_write, cache_read, web_search] = round_parts_to_nanos(parts, denominator);
        Some(KindCosts { input, output, cache_write, cache_read, web_search })
    }

    fn tiers_for(&self, tier: ServiceTier) -> &PriceTiers {
        match tier {
            ServiceTier::Priority => self.priority.as_ref().unwrap_or(&self.standard),
            ServiceTier::Standard | ServiceTier::Batch => &self.standard,
        }
    }

    /// Returns the multiplier of the token price as a fraction. Searches cost the same on all terms.
    fn multiplier_for(&self, terms: BillingTerms, scope: EndpointScope) -> Option<(u128, u128)> {
        let speed = match terms.speed {
            ServiceSpeed::Standard => Multiplier::ONE,
            ServiceSpeed::Fast => self.fast?,
        };
        let geo = match terms.geo {
            InferenceGeo::Global => Multiplier::ONE,
            InferenceGeo::Us => self.us,
        };
        let host = match scope {
            EndpointScope::Global => Multiplier::ONE,
            EndpointScope::Regional => self.regional,
        };
        let batch_divisor = match terms.tier {
            ServiceTier::Batch => 2,
            ServiceTier::Standard | ServiceTier::Priority => 1,
        };
        let numerator = [speed, geo, host].map(|multiple| u128::from(multiple.0)).iter().product();
        Some((numerator, u128::from(Multiplier::ONE.0).pow(3) * batch_divisor))
    }

    /// Encodes the price for fingerprints. The encoding must not change.
    pub(crate) fn fingerprint_bytes(&self) -> Vec<u8> {
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

/// Rounds parts to billionths of a dollar so that they add up to their rounded sum: each part is the difference of two
/// rounded partial sums.
fn round_parts_to_nanos<const N: usize>(parts: [u128; N], denominator: u128) -> [Usd; N] {
    let (mut sum, mut rounded_before) = (0, Usd(0));
    parts.map(|part| {
        sum += part;
        let rounded = round_to_nanos(sum, denominator);
        let difference = Usd(rounded.0 - rounded_before.0);
        rounded_before = rounded;
        difference
    })
}

/// Converts trillionths to billionths of a dollar, rounded half up.
fn round_to_nanos(picos: u128, denominator: u128) -> Usd {
    const PICOS_PER_NANO: u128 = 1_000;
    let unit = PICOS_PER_NANO * denominator;
    let nanos = (picos + unit / 2) / unit;
    Usd(u64::try_from(nanos).unwrap_or(u64::MAX).min(i64::MAX as u64))
}

/// Returns the first instant of a UTC day.
pub(crate) const fn start_of_day(year: i32, month: u32, day: u32) -> Timestamp {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => Timestamp(date.to_epoch_days() as i64 * MICROS_PER_DAY),
        None => panic!("no such day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRICE: DatedPrice = DatedPrice::flat(Timestamp(0), TokenRates::per_million(3_000, 3_750, 6_000, 300, 15_000));

    #[test]
    fn the_largest_counts_at_the_highest_rates_do_not_overflow() {
        let max_price = |dollars| UnitPrice::from_dollars(dollars, dollars).expect("a price");
        let (token, search) =
            (max_price(UnitPrice::MAX_DOLLARS_PER_TOKEN), max_price(UnitPrice::MAX_DOLLARS_PER_SEARCH));
        let rates = TokenRates { input: token, write: token, write_hour: token, read: token, output: token };
        let price =
            DatedPrice { fast: Multiplier::from_factor(100.0), us: Multiplier(200), search, ..PRICE }.with_rates(rates);
        let max = i64::MAX as u64;
        let usage =
            Usage { input: max, output: max, cache_write: max, cache_read: max, web_searches: max, ..Usage::default() };
        let terms = BillingTerms { speed: ServiceSpeed::Fast, geo: InferenceGeo::Us, tier: ServiceTier::Standard };
        let cost = price.cost_of(usage, terms, EndpointScope::Regional).expect("a price");
        assert_eq!(cost.total(), Usd(max), "costs saturate");
    }

    fn total_cost(price: &DatedPrice, usage: Usage, terms: BillingTerms) -> Option<Usd> {
        price.cost_of(usage, terms, EndpointScope::Global).map(|costs| costs.total())
    }

    #[test]
    fn the_cost_of_a_message_is_rounded_once_half_up() {
        let read = |count| total_cost(&PRICE, Usage { cache_read: count, ..Usage::default() }, BillingTerms::default());
        assert_eq!(read(1), Some(Usd(300)));
        let batch = BillingTerms { tier: ServiceTier::Batch, ..BillingTerms::default() };
        let odd = PRICE.with_rates(TokenRates { read: UnitPrice(1_001), ..TokenRates::default() });
        let cost = |count, terms| total_cost(&odd, Usage { cache_read: count, ..Usage::default() }, terms);
        assert_eq!(cost(499, BillingTerms::default()), Some(Usd(499)), "499.499 billionths");
        assert_eq!(cost(500, BillingTerms::default()), Some(Usd(501)), "500.5 billionths");
        assert_eq!(cost(1_000, batch), Some(Usd(501)), "500.5 billionths");
    }

    #[test]
    fn one_hour_writes_are_part_of_all_writes() {
        let cost = |cache_write, cache_write_hour| {
            let usage = Usage { cache_write, cache_write_hour, ..Usage::default() };
            total_cost(&PRICE, usage, BillingTerms::default())
        };
        assert_eq!(cost(1_000, 0), Some(Usd(3_750_000)));
        assert_eq!(cost(1_000, 400), Some(Usd(600 * 3_750 + 400 * 6_000)));
        assert_eq!(cost(1_000, 2_000), Some(Usd(6_000_000)), "at most all writes");
    }

    #[test]
    fn searches_cost_the_same_on_all_terms() {
        let usage = Usage { web_searches: 3, ..Usage::default() };
        let terms = BillingTerms { tier: ServiceTier::Batch, ..BillingTerms::default() };
        assert_eq!(total_cost(&PRICE, usage, terms), Some(Usd(30_000_000)));
    }

    #[test]
    fn each_kind_has_its_part_of_the_cost() {
        let usage = Usage {
            input: 10,
            output: 20,
            cache_write: 30,
            cache_write_hour: 10,
            cache_read: 40,
            web_searches: 1,
            web_fetches: 5,
        };
        let costs = PRICE.cost_of(usage, BillingTerms::default(), EndpointScope::Global).expect("a price");
        let expected = KindCosts {
            input: Usd(30_000),
            output: Usd(300_000),
            cache_write: Usd(20 * 3_750 + 10 * 6_000),
            cache_read: Usd(12_000),
            web_search: Usd(10_000_000),
        };
        assert_eq!(costs, expected);
    }

    #[test]
    fn parts_below_a_billionth_add_up_to_the_rounded_cost() {
        let rate = UnitPrice(400);
        let rates = TokenRates { input: rate, write: rate, write_hour: rate, read: rate, output: rate };
        let usage = Usage { input: 1, output: 1, cache_write: 1, cache_read: 1, ..Usage::default() };
        let costs = PRICE.with_rates(rates).cost_of(usage, BillingTerms::default(), EndpointScope::Global);
        let costs = costs.expect("a price");
        assert_eq!(costs.total(), Usd(2), "1.6 billionths");
        assert_eq!([costs.input, costs.output, costs.cache_write, costs.cache_read].map(|part| part.0), [0, 1, 0, 1]);
    }

    #[test]
    fn a_day_starts_at_midnight_utc() {
        assert_eq!(Some(start_of_day(2026, 10, 7)), Timestamp::parse("2026-10-07T00:00:00Z"));
    }
}
