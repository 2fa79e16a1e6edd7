//! Token counts: of one message, and of many.
//!
//! Integers only. One message's counts lie below 2^63; sums are wide enough that no number of them overflows.

use crate::figures::Totals;

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
}

impl Usage {
    /// How many counts there are.
    pub const FIELDS: usize = 6;

    /// The larger of the two, field by field.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        let (a, b) = (self.fields(), other.fields());
        Self::from_fields(std::array::from_fn(|i| a[i].max(b[i])))
    }

    /// The counts in their stored order.
    pub fn fields(self) -> [u64; Self::FIELDS] {
        [self.input, self.output, self.cache_write, self.cache_write_hour, self.cache_read, self.web_searches]
    }

    /// The counts from their stored order.
    pub fn from_fields(fields: [u64; Self::FIELDS]) -> Self {
        let [input, output, cache_write, cache_write_hour, cache_read, web_searches] = fields;
        Self { input, output, cache_write, cache_write_hour, cache_read, web_searches }
    }
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
        let [input, output, cache_write, _, cache_read, _] = self.0;
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

    /// As a surface shows them.
    pub fn totals(&self, messages: u64) -> Totals {
        let [input_tokens, output_tokens, cache_creation_tokens, _, cache_read_tokens, _] = self.0;
        Totals {
            input_tokens,
            output_tokens,
            cache_creation_tokens,
            cache_read_tokens,
            total_tokens: self.total(),
            total_cost: None,
            message_count: messages,
        }
    }
}

/// Tokens together with the number of messages they come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Their tokens.
    pub tokens: Tokens,
    /// The messages.
    pub messages: u64,
}

impl Sum {
    /// Adds one message.
    pub fn add(&mut self, usage: Usage) {
        self.tokens.add(usage);
        self.messages += 1;
    }

    /// Takes back one message added before.
    pub fn take(&mut self, usage: Usage) {
        self.tokens.take(usage);
        self.messages -= 1;
    }

    /// Adds another sum.
    pub fn join(&mut self, other: &Self) {
        self.tokens.join(&other.tokens);
        self.messages += other.messages;
    }

    /// As a surface shows it.
    pub fn totals(&self) -> Totals {
        self.tokens.totals(self.messages)
    }
}
