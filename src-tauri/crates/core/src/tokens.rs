//! Token counts: of one message, and of many.
//!
//! Integers only. One message's counts lie below 2^63; sums are wide enough that no number of them overflows.

use crate::money::{Bill, Cost};
use crate::report::model::{CostBasis, Label, Totals};

/// What one API response used, as the per-field maximum of all that was logged of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Uncached input.
    pub input: u64,
    /// Output, thinking included.
    pub output: u64,
    /// Written to the cache, for five minutes and for an hour together.
    pub cache_write: u64,
    /// The part of it written for an hour.
    pub cache_write_hour: u64,
    /// Read from the cache.
    pub cache_read: u64,
    /// Web searches the server made.
    pub web_searches: u64,
    /// Web pages the server fetched.
    pub web_fetches: u64,
}

impl Usage {
    /// How many counts there are.
    pub const FIELDS: usize = 7;

    /// The larger of the two, field by field.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        let (a, b) = (self.fields(), other.fields());
        Self::from_fields(std::array::from_fn(|i| a[i].max(b[i])))
    }

    /// The counts in their stored order.
    pub fn fields(self) -> [u64; Self::FIELDS] {
        let Self { input, output, cache_write, cache_write_hour, cache_read, web_searches, web_fetches } = self;
        [input, output, cache_write, cache_write_hour, cache_read, web_searches, web_fetches]
    }

    /// The counts from their stored order.
    pub fn from_fields(fields: [u64; Self::FIELDS]) -> Self {
        let [input, output, cache_write, cache_write_hour, cache_read, web_searches, web_fetches] = fields;
        Self { input, output, cache_write, cache_write_hour, cache_read, web_searches, web_fetches }
    }

    /// Input, output, cache writes and cache reads together.
    pub fn total(self) -> u128 {
        [self.input, self.output, self.cache_write, self.cache_read].into_iter().map(u128::from).sum()
    }
}

/// What one message adds to a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Its tokens.
    pub usage: Usage,
    /// Its cost.
    pub cost: Cost,
    /// Whether more was answered than its output says, because Claude Code never logged its end.
    pub under_logged: bool,
}

/// The sum of many messages' usage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens([u128; Usage::FIELDS]);

impl Tokens {
    /// Adds one message.
    pub fn add(&mut self, usage: Usage) {
        for (sum, count) in self.0.iter_mut().zip(usage.fields()) {
            *sum += u128::from(count);
        }
    }

    /// Takes back one message added before.
    pub fn take(&mut self, usage: Usage) {
        for (sum, count) in self.0.iter_mut().zip(usage.fields()) {
            *sum = sum.checked_sub(u128::from(count)).expect("only what was added is taken back");
        }
    }

    /// Adds another sum.
    pub fn join(&mut self, other: &Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }

    /// Input, output, cache writes and cache reads together.
    pub fn total(&self) -> u128 {
        let [input, output, cache_write, _, cache_read, ..] = self.0;
        input + output + cache_write + cache_read
    }

    /// Input and output alone.
    pub fn fresh(&self) -> u128 {
        self.0[0] + self.0[1]
    }

    /// The sums in their stored order, that of [`Usage::fields`].
    pub fn fields(&self) -> [u128; Usage::FIELDS] {
        self.0
    }

    /// The sums from their stored order.
    pub fn from_fields(fields: [u128; Usage::FIELDS]) -> Self {
        Self(fields)
    }
}

/// Tokens and what they cost, together with the number of messages they come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Their tokens.
    pub tokens: Tokens,
    /// The messages.
    pub messages: u64,
    /// Their cost.
    pub bill: Bill,
    /// Those of the messages whose output was never logged whole.
    pub under_logged: u64,
}

impl Sum {
    /// Adds one message.
    pub fn add(&mut self, charge: &Charge) {
        self.tokens.add(charge.usage);
        self.messages += 1;
        self.bill.add(charge.cost, charge.usage);
        self.under_logged += u64::from(charge.under_logged);
    }

    /// Takes back one message added before.
    pub fn take(&mut self, charge: &Charge) {
        self.tokens.take(charge.usage);
        self.messages -= 1;
        self.bill.take(charge.cost, charge.usage);
        self.under_logged -= u64::from(charge.under_logged);
    }

    /// Adds another sum.
    pub fn join(&mut self, other: &Self) {
        self.tokens.join(&other.tokens);
        self.messages += other.messages;
        self.bill.join(&other.bill);
        self.under_logged += other.under_logged;
    }

    /// As a surface shows it.
    pub fn totals(&self) -> Totals {
        let [input_tokens, output_tokens, cache_creation_tokens, cache_creation_1h_tokens, cache_read_tokens, ..] =
            self.tokens.fields();
        let total_tokens = self.tokens.total();
        Totals {
            input_tokens,
            output_tokens,
            cache_creation_tokens,
            cache_creation_1h_tokens,
            cache_read_tokens,
            total_tokens,
            total_cost: self.bill.dollars(total_tokens),
            cost_basis: CostBasis::ApiEquivalent,
            unpriced_tokens: self.bill.unpriced,
            message_count: self.messages,
            under_logged_messages: self.under_logged,
            label: Label::Measured,
        }
    }
}

impl<'a> std::iter::Sum<&'a Sum> for Sum {
    fn sum<I: Iterator<Item = &'a Self>>(sums: I) -> Self {
        sums.fold(Self::default(), |mut all, sum| {
            all.join(sum);
            all
        })
    }
}
