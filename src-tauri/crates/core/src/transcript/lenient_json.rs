//! Reading JSON tolerantly: a few fields of an object, each as the type it should have.
//!
//! Narrow on purpose: everything else is skipped without being looked at, at any depth of nesting. A field of the
//! wrong type reads as absent, a repeated field reads as its last value; only text that is no JSON is an error.
//! Which fields matter stands in [`crate::transcript::schema`].

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;

use crate::money::Usd;

/// A set of fields picked from a JSON object.
pub(crate) trait Narrow<'de>: Default {
    /// Takes the value of `key`, or skips it.
    fn take<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

/// An object, or nothing where something else stands.
pub(crate) struct Object<T>(pub(crate) Option<T>);

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// A string; empty where something else stands.
#[derive(Default)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

/// Whether the value is `true`.
#[derive(Default)]
pub(crate) struct Flag(pub(crate) bool);

/// A list of objects; empty where something else stands.
pub(crate) struct List<T>(pub(crate) Vec<Object<T>>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// A count, or why there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// 0 where the value is none.
    pub(crate) value: u64,
    /// Whether something stood there that is no count: negative, fractional, huge, no number.
    pub(crate) refused: bool,
}

macro_rules! narrow {
    ($(#[$doc:meta])* $name:ident { $($key:literal => $field:ident: $kind:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Default)]
        pub(crate) struct $name<'a> {
            $(pub(crate) $field: $kind,)+
            lifetime: PhantomData<&'a ()>,
        }

        impl<'de: 'a, 'a> Narrow<'de> for $name<'a> {
            fn take<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
                match key {
                    $($key => self.$field = map.next_value()?,)+
                    _ => { map.next_value::<IgnoredAny>()?; }
                }
                Ok(())
            }
        }
    };
}
pub(crate) use narrow;

narrow! {
    /// One part of what was said.
    Part { "type" => kind: Text<'a>, "text" => text: Text<'a> }
}

/// The values of an object whose keys are names; empty where something else stands.
pub(crate) struct Map<T>(pub(crate) Vec<Object<T>>);

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// A text, said plainly or as the first part of a list; empty where something else stands.
#[derive(Default)]
pub(crate) struct Words<'a>(pub(crate) Cow<'a, str>);

/// An amount of dollars; none where something else stands.
#[derive(Clone, Copy, Default)]
pub(crate) struct Dollars(pub(crate) Option<Usd>);

/// Reads one value from the front of `bytes`; says how many bytes it took.
pub(crate) fn value<'a, T: Narrow<'a>>(bytes: &'a [u8]) -> Option<(Object<T>, usize)> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Object<T>>();
    let value = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}

/// Reads the one value that `bytes` hold.
pub(crate) fn only_value<'a, T: Narrow<'a>>(bytes: &'a [u8]) -> Option<Object<T>> {
    serde_json::from_slice(bytes).ok()
}

impl<'de, T: Narrow<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

/// Reads as `$empty` whatever its visitor has no method for.
macro_rules! otherwise {
    ($empty:expr; $($case:ident),+) => { $(otherwise!(@$case $empty);)+ };
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

impl<'de, T: Narrow<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = T::default();
        while let Some(key) = map.next_key::<Text<'de>>()? {
            fields.take(&key.0, &mut map)?;
        }
        Ok(Object(Some(fields)))
    }

    otherwise!(Object(None); bool, number, str, null, list);
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

    otherwise!(Text::default(); bool, number, null, list, map);
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FlagVisitor)
    }
}

struct FlagVisitor;

impl<'de> Visitor<'de> for FlagVisitor {
    type Value = Flag;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Flag(value))
    }

    otherwise!(Flag(false); number, str, null, list, map);
}

impl<'de, T: Narrow<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Narrow<'de>> Visitor<'de> for ListVisitor<T> {
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

    otherwise!(List::default(); bool, number, str, null, map);
}

impl<'de, T: Narrow<'de>> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MapVisitor(PhantomData))
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Narrow<'de>> Visitor<'de> for MapVisitor<T> {
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

    otherwise!(Map::default(); bool, number, str, null, list);
}

impl<'de: 'a, 'a> Deserialize<'de> for Words<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordsVisitor)
    }
}

struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = Words<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Words(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Words(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut words = Words::default();
        while let Some(part) = list.next_element::<Object<Part<'de>>>()? {
            if let Some(part) = part.0.filter(|part| part.kind.0 == "text" && words.0.is_empty()) {
                words.0 = part.text.0;
            }
        }
        Ok(words)
    }

    otherwise!(Words::default(); bool, number, null, map);
}

impl<'de> Deserialize<'de> for Dollars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spelled = <&RawValue>::deserialize(deserializer)?.get();
        Ok(Self(spelled.parse().ok().and_then(Usd::from_dollars)))
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::read(<&RawValue>::deserialize(deserializer)?.get()))
    }
}

impl Count {
    /// Counts are whole numbers from 0 to 2^63 - 1, however they are spelled; null is an unspoken 0.
    fn read(spelled: &str) -> Self {
        let refused = Self { value: 0, refused: true };
        if let Ok(value) = spelled.parse::<u64>() {
            return if value < 1 << 63 { Self { value, refused: false } } else { refused };
        }
        match spelled.parse::<f64>() {
            Ok(value) if (0.0..9_223_372_036_854_775_808.0).contains(&value) && value.fract() == 0.0 => {
                Self { value: value as u64, refused: false }
            }
            Ok(_) => refused,
            Err(_) => Self { value: 0, refused: spelled != "null" },
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::transcript::schema::Message;

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
    fn only_whole_numbers_count(#[case] spelled: &str, #[case] value: u64, #[case] refused: bool) {
        assert_eq!(Count::read(spelled), Count { value, refused });
    }

    #[test]
    fn a_repeated_field_reads_as_its_last_value() {
        let record = only_value::<Message<'_>>(br#"{"id":"a","id":"b"}"#).and_then(|object| object.0);
        assert_eq!(record.expect("is an object").id.0, "b");
    }

    #[test]
    fn a_field_of_the_wrong_type_reads_as_absent() {
        let text = br#"{"id":[1,{"x":2}],"model":{"a":1},"usage":[1,2],"more":{"a":[[[]]]}}"#;
        let message = only_value::<Message<'_>>(text).and_then(|object| object.0).expect("is an object");
        assert!(message.id.0.is_empty() && message.model.0.is_empty() && message.usage.0.is_none());
    }

    #[test]
    fn ignored_values_may_nest_without_end() {
        let deep = format!(r#"{{"id":"a","more":{}1{}}}"#, "[".repeat(200_000), "]".repeat(200_000));
        assert!(only_value::<Message<'_>>(deep.as_bytes()).is_some());
    }
}
