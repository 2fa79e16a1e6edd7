//! Encodes and decodes the values of rows.
//!
//! A row is a version byte and then varints in a fixed order. Rows of all earlier versions can be decoded. A row of a
//! later version, or a truncated one, decodes to `None` and never to a wrong value.

use token_monitor_core::money::{CostSum, KindCostSums};
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::{TokenSums, Usage, UsageSum};

/// The version of written rows.
pub(crate) const VERSION: u8 = 2;

/// The first version with costs, and with web fetches as the last token count.
const FIRST_WITH_COSTS: u8 = 2;

/// A row being encoded.
pub(crate) struct Encoder(Vec<u8>);

impl Encoder {
    pub(crate) fn new_row() -> Self {
        Self(vec![VERSION])
    }

    pub(crate) fn push_byte(mut self, byte: u8) -> Self {
        self.0.push(byte);
        self
    }

    pub(crate) fn push_number(mut self, number: impl Into<u128>) -> Self {
        let mut rest = number.into();
        while rest >= 0x80 {
            self.0.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        self.0.push(rest as u8);
        self
    }

    /// Appends a signed number in zigzag encoding, which is short for small numbers of either sign.
    pub(crate) fn push_signed(self, number: i64) -> Self {
        self.push_number(((number << 1) ^ (number >> 63)) as u64)
    }

    pub(crate) fn push_bytes<const N: usize>(mut self, bytes: [u8; N]) -> Self {
        self.0.extend_from_slice(&bytes);
        self
    }

    pub(crate) fn push_text(mut self, text: &str) -> Self {
        self = self.push_number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    pub(crate) fn push_option<T>(self, value: Option<T>, write: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => write(self.push_byte(1), value),
            None => self.push_byte(0),
        }
    }

    /// Appends a timestamp. Most logs have milliseconds: an even number is in milliseconds, an odd one in microseconds.
    pub(crate) fn push_timestamp(self, when: Timestamp) -> Self {
        match when.0.rem_euclid(1000) {
            0 => self.push_signed(when.0.div_euclid(1000) * 2),
            _ => self.push_signed(when.0 * 2 + 1),
        }
    }

    pub(crate) fn push_usage(self, usage: Usage) -> Self {
        usage.to_array().into_iter().fold(self, Self::push_number)
    }

    pub(crate) fn push_sum(self, sum: &UsageSum) -> Self {
        let row = sum.tokens.to_array().into_iter().fold(self.push_number(sum.messages), Self::push_number);
        row.push_number(sum.cost.nanos).push_number(sum.cost.unpriced_tokens).push_number(sum.under_logged)
    }

    /// Appends the costs by kind of a sum. They stand at the end of a row, because earlier versions did not store them.
    pub(crate) fn push_kind_costs(self, sum: &UsageSum) -> Self {
        sum.cost.kinds.to_array().into_iter().fold(self, Self::push_number)
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// A row being decoded.
pub(crate) struct Decoder<'a> {
    rest: &'a [u8],
    /// The version of the row.
    pub(crate) version: u8,
}

impl<'a> Decoder<'a> {
    pub(crate) fn from_row(bytes: &'a [u8]) -> Option<Self> {
        let (&version, rest) = bytes.split_first()?;
        (1..=VERSION).contains(&version).then_some(Self { rest, version })
    }

    /// Returns true if nothing is left. Fields that were added later are missing in earlier rows.
    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn read_byte(&mut self) -> Option<u8> {
        self.take_bytes(1).map(|bytes| bytes[0])
    }

    pub(crate) fn read_number<T: TryFrom<u128>>(&mut self) -> Option<T> {
        let mut number = 0_u128;
        for shift in (0..128).step_by(7) {
            let byte = self.read_byte()?;
            number |= u128::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return T::try_from(number).ok();
            }
        }
        None
    }

    pub(crate) fn read_signed(&mut self) -> Option<i64> {
        let number: u64 = self.read_number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    pub(crate) fn read_bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take_bytes(N)?.try_into().ok()
    }

    pub(crate) fn read_text(&mut self) -> Option<String> {
        let len = self.read_number()?;
        String::from_utf8(self.take_bytes(len)?.to_vec()).ok()
    }

    pub(crate) fn read_option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.read_byte()? {
            0 => Some(None),
            _ => read(self).map(Some),
        }
    }

    pub(crate) fn read_timestamp(&mut self) -> Option<Timestamp> {
        let number = self.read_signed()?;
        Some(Timestamp(if number & 1 == 0 { (number / 2).checked_mul(1000)? } else { number >> 1 }))
    }

    pub(crate) fn read_usage(&mut self) -> Option<Usage> {
        self.read_token_counts().map(Usage::from_array)
    }

    pub(crate) fn read_sum(&mut self) -> Option<UsageSum> {
        let messages = self.read_number()?;
        self.read_sum_with_messages(messages)
    }

    /// Decodes a sum without its message count, which is set to `messages`.
    pub(crate) fn read_sum_with_messages(&mut self, messages: u64) -> Option<UsageSum> {
        let tokens = TokenSums::from_array(self.read_token_counts()?);
        if self.version < FIRST_WITH_COSTS {
            return Some(UsageSum { messages, tokens, ..UsageSum::default() });
        }
        let (nanos, unpriced_tokens) = (self.read_number()?, self.read_number()?);
        let cost = CostSum { nanos, unpriced_tokens, ..CostSum::default() };
        Some(UsageSum { messages, tokens, cost, under_logged: self.read_number()? })
    }

    /// Skips numbers.
    pub(crate) fn skip_numbers(&mut self, count: u64) -> Option<()> {
        for _ in 0..count {
            let len = self.rest.iter().position(|byte| *byte < 0x80)? + 1;
            self.take_bytes(len)?;
        }
        Some(())
    }

    /// Decodes the costs by kind of a sum; none if the row ends before them.
    pub(crate) fn read_kind_costs(&mut self) -> Option<KindCostSums> {
        let mut kinds = [0; KindCostSums::KINDS];
        if !self.is_at_end() {
            for kind in &mut kinds {
                *kind = self.read_number()?;
            }
        }
        Some(KindCostSums::from_array(kinds))
    }

    /// Decodes the token counts of the row's version. Missing ones are 0.
    fn read_token_counts<T: TryFrom<u128> + Default + Copy>(&mut self) -> Option<[T; Usage::FIELDS]> {
        let mut fields = [T::default(); Usage::FIELDS];
        let known = if self.version < FIRST_WITH_COSTS { Usage::FIELDS - 1 } else { Usage::FIELDS };
        for field in &mut fields[..known] {
            *field = self.read_number()?;
        }
        Some(fields)
    }

    fn take_bytes(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }
}
