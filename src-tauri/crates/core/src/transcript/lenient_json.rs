//! Lenient JSON parsing: selected fields of an object, each with its expected type.
//!
//! All other values are skipped without being parsed, at any nesting depth. A field of the wrong type reads as
//! missing and a repeated field reads as its last value; only text that is not JSON is an error. The fields are
//! listed in [`crate::transcript::schema`].

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;

use crate::money::Usd;

/// A set of fields selected from a JSON object.
pub(crate) trait PartialDeserialize<'de>: Default {
    /// Deserializes the value of `key` if it is one of the fields, otherwise skips it.
    fn deserialize_field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

/// An object, or nothing if the value has another type.
pub(crate) struct Object<T>(pub(crate) Option<T>);

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// A string, empty if the value has another type.
#[derive(Default)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

/// A Boolean, true only if the value is `true`.
#[derive(Default)]
pub(crate) struct LenientBool(pub(crate) bool);

/// The presence of a field, true for a value of any type and for `null`.
#[derive(Default)]
pub(crate) struct Present(pub(crate) bool);

/// A list of objects, empty if the value has another type.
pub(crate) struct List<T>(pub(crate) Vec<Object<T>>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// A count with its validity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LenientCount {
    /// The count, 0 if the value is missing or invalid.
    pub(crate) value: u64,
    /// True if the value is present and not a count: negative, fractional, 2^63 or more, or not a number.
    pub(crate) invalid: bool,
}

macro_rules! partial {
    ($(#[$doc:meta])* $name:ident { $($key:literal => $field:ident: $kind:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Default)]
        pub(crate) struct $name<'a> {
            $(pub(crate) $field: $kind,)+
            lifetime: PhantomData<&'a ()>,
        }

        impl<'de: 'a, 'a> PartialDeserialize<'de> for $name<'a> {
            fn deserialize_field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
                match key {
                    $($key => self.$field = map.next_value()?,)+
                    _ => { map.next_value::<IgnoredAny>()?; }
                }
                Ok(())
            }
        }
    };
}
pub(crate) use partial;

partial! {
    /// A part of a message's content.
    ContentPart { "type" => kind: Text<'a>, "text" => text: Text<'a> }
}

/// The values of an object with arbitrary keys, empty if the value has another type.
pub(crate) struct Map<T>(pub(crate) Vec<Object<T>>);

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// The text of a message: a string or the first text part of a list, empty if the value has another type.
#[derive(Default)]
pub(crate) struct TextContent<'a>(pub(crate) Cow<'a, str>);

/// An amount of dollars, or nothing if the value has another type.
#[derive(Clone, Copy, Default)]
pub(crate) struct Dollars(pub(crate) Option<Usd>);

/// Parses one value at the start of `bytes`. Returns the value with its length in bytes.
pub(crate) fn parse_prefix<'a, T: PartialDeserialize<'a>>(bytes: &'a [u8]) -> Option<(Object<T>, usize)> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Object<T>>();
    let value = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}

/// Parses `bytes` as a single value.
pub(crate) fn parse_single<'a, T: PartialDeserialize<'a>>(bytes: &'a [u8]) -> Option<Object<T>> {
    serde_json::from_slice(bytes).ok()
}

impl<'de, T: PartialDeserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

/// Implements visitor methods that return `$empty` for the listed types.
macro_rules! default_for {
    ($empty:expr; $($case:ident),+) => { $(default_for!(@$case $empty);)+ };
    (@bool $empty:expr) => { fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> { Ok($empty) } };
    (@number $empty:expr) => {
        fn visit_i64<E: de::Error>(self, _: i64) -> Result<Self::Value, E> { Ok($empty) }
        fn visit_u64<E: de::Error>(self, _: u64) -> Result<Self::Value, E> { Ok($empty) }
        fn visit_f64<E: de::Error>(self, _: f64) -> Result<Self::Value, E> { Ok($empty) }
    };
    (@str $empty:expr) => { fn visit_str<E: de::Error>(self, _: &str) -> Result<Self::Value, E> { Ok($empty) } };
    (@null $empty:expr) => { fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> { Ok($empty) } };
    (@list $empty:expr) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok($empty)
        }
    };
    (@map $empty:expr) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($empty)
        }
    };
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: PartialDeserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = T::default();
        while let Some(key) = map.next_key::<Text<'de>>()? {
            fields.deserialize_field(&key.0, &mut map)?;
        }
        Ok(Object(Some(fields)))
    }

    default_for!(Object(None); bool, number, str, null, list);
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }

    default_for!(Text::default(); bool, number, null, list, map);
}

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        de::IgnoredAny::deserialize(deserializer).map(|_| Self(true))
    }
}

impl<'de> Deserialize<'de> for LenientBool {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BoolVisitor)
    }
}

struct BoolVisitor;

impl<'de> Visitor<'de> for BoolVisitor {
    type Value = LenientBool;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(LenientBool(value))
    }

    default_for!(LenientBool(false); number, str, null, list, map);
}

impl<'de, T: PartialDeserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: PartialDeserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut objects = Vec::new();
        while let Some(object) = list.next_element::<Object<T>>()? {
            objects.push(object);
        }
        Ok(List(objects))
    }

    default_for!(List::default(); bool, number, str, null, map);
}

impl<'de, T: PartialDeserialize<'de>> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MapVisitor(PhantomData))
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: PartialDeserialize<'de>> Visitor<'de> for MapVisitor<T> {
    type Value = Map<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some((_, value)) = map.next_entry::<IgnoredAny, Object<T>>()? {
            values.push(value);
        }
        Ok(Map(values))
    }

    default_for!(Map::default(); bool, number, str, null, list);
}

impl<'de: 'a, 'a> Deserialize<'de> for TextContent<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextContentVisitor)
    }
}

struct TextContentVisitor;

impl<'de> Visitor<'de> for TextContentVisitor {
    type Value = TextContent<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(TextContent(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(TextContent(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut content = TextContent::default();
        while let Some(part) = list.next_element::<Object<ContentPart<'de>>>()? {
            if let Some(part) = part.0.filter(|part| part.kind.0 == "text" && content.0.is_empty()) {
                content.0 = part.text.0;
            }
        }
        Ok(content)
    }

    default_for!(TextContent::default(); bool, number, null, map);
}

impl<'de> Deserialize<'de> for Dollars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&RawValue>::deserialize(deserializer)?.get();
        Ok(Self(text.parse().ok().and_then(Usd::from_dollars)))
    }
}

impl<'de> Deserialize<'de> for LenientCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from_json(<&RawValue>::deserialize(deserializer)?.get()))
    }
}

impl LenientCount {
    /// Parses a count: an integer from 0 to 2^63 - 1 in any notation. `null` is a valid 0.
    fn from_json(text: &str) -> Self {
        let invalid = Self { value: 0, invalid: true };
        if let Ok(value) = text.parse::<u64>() {
            return if value < 1 << 63 { Self { value, invalid: false } } else { invalid };
        }
        match text.parse::<f64>() {
            Ok(value) if (0.0..9_223_372_036_854_775_808.0).contains(&value) && value.fract() == 0.0 => {
                Self { value: value as u64, invalid: false }
            }
            Ok(_) => invalid,
            Err(_) => Self { value: 0, invalid: text != "null" },
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::transcript::schema::AnswerMessage;

    #[rstest]
    #[case("7", 7, false)]
    #[case("1e3", 1000, false)]
    #[case("4.0", 4, false)]
    #[case("9223372036854775807", (1 << 63) - 1, false)]
    #[case("9223372036854775808", 0, true)]
    #[case("1e400", 0, true)]
    #[case("-1", 0, true)]
    #[case("1.5", 0, true)]
    #[case("\"5\"", 0, true)]
    #[case("true", 0, true)]
    #[case("[1]", 0, true)]
    #[case("null", 0, false)]
    fn only_whole_numbers_are_counts(#[case] text: &str, #[case] value: u64, #[case] invalid: bool) {
        assert_eq!(LenientCount::from_json(text), LenientCount { value, invalid });
    }

    #[test]
    fn a_repeated_field_reads_as_its_last_value() {
        let record = parse_single::<AnswerMessage<'_>>(br#"{"id":"a","id":"b"}"#).and_then(|object| object.0);
        assert_eq!(record.expect("it is an object").id.0, "b");
    }

    #[test]
    fn a_field_of_the_wrong_type_reads_as_absent() {
        let text = br#"{"id":[1,{"x":2}],"model":{"a":1},"usage":[1,2],"more":{"a":[[[]]]}}"#;
        let message = parse_single::<AnswerMessage<'_>>(text).and_then(|object| object.0).expect("it is an object");
        assert!(message.id.0.is_empty() && message.model.0.is_empty() && message.usage.0.is_none());
    }

    #[test]
    fn skipped_values_may_be_nested_arbitrarily_deep() {
        let deep = format!(r#"{{"id":"a","more":{}1{}}}"#, "[".repeat(200_000), "]".repeat(200_000));
        assert!(parse_single::<AnswerMessage<'_>>(deep.as_bytes()).is_some());
    }
}
