//! Rows as bytes.
//!
//! Explicit: a leading version byte, then varints in a fixed order. A row of another version, or one that ends too
//! early, decodes to nothing rather than to a wrong figure.

use token_monitor_core::{Moment, Sum, Tokens, Usage};

/// The version every row starts with.
const VERSION: u8 = 1;

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
    pub(crate) fn moment(self, when: Moment) -> Self {
        match when.0.rem_euclid(1000) {
            0 => self.signed(when.0.div_euclid(1000) * 2),
            _ => self.signed(when.0 * 2 + 1),
        }
    }

    pub(crate) fn usage(self, usage: Usage) -> Self {
        usage.fields().into_iter().fold(self, Self::number)
    }

    pub(crate) fn sum(self, sum: &Sum) -> Self {
        sum.tokens.fields().into_iter().fold(self.number(sum.messages), Self::number)
    }

    pub(crate) fn tokens(self, tokens: &Tokens) -> Self {
        tokens.fields().into_iter().fold(self, Self::number)
    }

    pub(crate) fn done(self) -> Vec<u8> {
        self.0
    }
}

/// A row being read.
pub(crate) struct Decoder<'a>(&'a [u8]);

impl<'a> Decoder<'a> {
    pub(crate) fn row(bytes: &'a [u8]) -> Option<Self> {
        let mut decoder = Self(bytes);
        (decoder.byte()? == VERSION).then_some(decoder)
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

    pub(crate) fn moment(&mut self) -> Option<Moment> {
        let number = self.signed()?;
        Some(Moment(if number & 1 == 0 { number / 2 * 1000 } else { number >> 1 }))
    }

    pub(crate) fn usage(&mut self) -> Option<Usage> {
        let mut fields = [0; Usage::FIELDS];
        for field in &mut fields {
            *field = self.number()?;
        }
        Some(Usage::from_fields(fields))
    }

    pub(crate) fn sum(&mut self) -> Option<Sum> {
        let messages = self.number()?;
        Some(Sum { messages, tokens: self.tokens()? })
    }

    pub(crate) fn tokens(&mut self) -> Option<Tokens> {
        let mut fields = [0; Usage::FIELDS];
        for field in &mut fields {
            *field = self.number()?;
        }
        Some(Tokens::from_fields(fields))
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }
}
