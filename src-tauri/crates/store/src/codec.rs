//! Rows as bytes.
//!
//! Explicit: a leading version byte, then varints in a fixed order. Rows of earlier versions are read for ever; one
//! of a later version, or one that ends too early, decodes to nothing rather than to a wrong figure.

use token_monitor_core::money::Bill;
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::{Sum, Tokens, Usage};

/// The version every row is written in.
pub(crate) const VERSION: u8 = 2;

/// The first version that knows costs, and pages fetched as the last of the counts.
const WITH_COSTS: u8 = 2;

/// A row being written.
pub(crate) struct Encoder(Vec<u8>);

impl Encoder {
    pub(crate) fn row() -> Self {
        Self(vec![VERSION])
    }

    pub(crate) fn byte(mut self, byte: u8) -> Self {
        self.0.push(byte);
        self
    }

    pub(crate) fn number(mut self, number: impl Into<u128>) -> Self {
        let mut rest = number.into();
        while rest >= 0x80 {
            self.0.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        self.0.push(rest as u8);
        self
    }

    /// A signed number, small ones of either sign short.
    pub(crate) fn signed(self, number: i64) -> Self {
        self.number(((number << 1) ^ (number >> 63)) as u64)
    }

    pub(crate) fn fixed<const N: usize>(mut self, bytes: [u8; N]) -> Self {
        self.0.extend_from_slice(&bytes);
        self
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        self = self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    pub(crate) fn option<T>(self, value: Option<T>, write: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => write(self.byte(1), value),
            None => self.byte(0),
        }
    }

    /// Most logs tell the time in milliseconds; an even number is one of those, an odd one counts microseconds.
    pub(crate) fn moment(self, when: Timestamp) -> Self {
        match when.0.rem_euclid(1000) {
            0 => self.signed(when.0.div_euclid(1000) * 2),
            _ => self.signed(when.0 * 2 + 1),
        }
    }

    pub(crate) fn usage(self, usage: Usage) -> Self {
        usage.fields().into_iter().fold(self, Self::number)
    }

    pub(crate) fn sum(self, sum: &Sum) -> Self {
        let row = sum.tokens.fields().into_iter().fold(self.number(sum.messages), Self::number);
        row.number(sum.bill.nanos).number(sum.bill.unpriced).number(sum.under_logged)
    }

    pub(crate) fn done(self) -> Vec<u8> {
        self.0
    }
}

/// A row being read.
pub(crate) struct Decoder<'a> {
    rest: &'a [u8],
    /// The version it was written in.
    pub(crate) version: u8,
}

impl<'a> Decoder<'a> {
    pub(crate) fn row(bytes: &'a [u8]) -> Option<Self> {
        let (&version, rest) = bytes.split_first()?;
        (1..=VERSION).contains(&version).then_some(Self { rest, version })
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    pub(crate) fn number<T: TryFrom<u128>>(&mut self) -> Option<T> {
        let mut number = 0_u128;
        for shift in (0..128).step_by(7) {
            let byte = self.byte()?;
            number |= u128::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return T::try_from(number).ok();
            }
        }
        None
    }

    pub(crate) fn signed(&mut self) -> Option<i64> {
        let number: u64 = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    pub(crate) fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        let len = self.number()?;
        String::from_utf8(self.take(len)?.to_vec()).ok()
    }

    pub(crate) fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.byte()? {
            0 => Some(None),
            _ => read(self).map(Some),
        }
    }

    pub(crate) fn moment(&mut self) -> Option<Timestamp> {
        let number = self.signed()?;
        Some(Timestamp(if number & 1 == 0 { number / 2 * 1000 } else { number >> 1 }))
    }

    pub(crate) fn usage(&mut self) -> Option<Usage> {
        self.counts().map(Usage::from_fields)
    }

    pub(crate) fn sum(&mut self) -> Option<Sum> {
        let messages = self.number()?;
        self.sum_over(messages)
    }

    /// A sum whose messages are counted elsewhere.
    pub(crate) fn sum_over(&mut self, messages: u64) -> Option<Sum> {
        let tokens = Tokens::from_fields(self.counts()?);
        if self.version < WITH_COSTS {
            return Some(Sum { messages, tokens, ..Sum::default() });
        }
        let bill = Bill { nanos: self.number()?, unpriced: self.number()? };
        Some(Sum { messages, tokens, bill, under_logged: self.number()? })
    }

    /// As many counts as the row's version knows.
    fn counts<T: TryFrom<u128> + Default + Copy>(&mut self) -> Option<[T; Usage::FIELDS]> {
        let mut fields = [T::default(); Usage::FIELDS];
        let known = if self.version < WITH_COSTS { Usage::FIELDS - 1 } else { Usage::FIELDS };
        for field in &mut fields[..known] {
            *field = self.number()?;
        }
        Some(fields)
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }
}
