//! Changes single members of a JSON object and leaves every other byte as its owner wrote it.
//!
//! Pure. A member that is added goes to the end, spaced like the one before it, so that taking it out again gives the
//! same bytes.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// An object as text, and where its members stand in it.
pub(crate) struct Object<'a> {
    text: &'a str,
    members: Vec<Member>,
}

struct Member {
    name: String,
    name_starts: usize,
    value: Range<usize>,
}

impl<'a> Object<'a> {
    /// Reads a text that holds one object and nothing else.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let Spelled(members) = serde_json::from_str(text).ok()?;
        let place = |part: &RawValue| part.get().as_ptr() as usize - text.as_ptr() as usize;
        let member = |(name, value): (&RawValue, &RawValue)| {
            let starts = place(value);
            let value = starts..starts + value.get().len();
            Some(Member { name: serde_json::from_str(name.get()).ok()?, name_starts: place(name), value })
        };
        Some(Self { text, members: members.into_iter().map(member).collect::<Option<_>>()? })
    }

    /// A member's value as it is spelled.
    pub(crate) fn value(&self, name: &str) -> Option<&'a str> {
        self.index(name).map(|index| &self.text[self.members[index].value.clone()])
    }

    /// Whether there are two of a name, so that nobody can say which one counts.
    pub(crate) fn is_twice(&self, name: &str) -> bool {
        self.members.iter().filter(|member| member.name == name).count() > 1
    }

    /// The text with a member's value as given, added at the end if it was not there.
    pub(crate) fn with(&self, name: &str, value: &str) -> String {
        match (self.index(name), self.members.last()) {
            (Some(index), _) => self.replaced(self.members[index].value.clone(), value),
            (None, Some(last)) => {
                let added = format!(",{}\"{name}\": {value}", self.space_before(last));
                self.replaced(last.value.end..last.value.end, &added)
            }
            (None, None) => {
                let inside = self.inside();
                self.replaced(inside..inside, &format!("\n  \"{name}\": {value}"))
            }
        }
    }

    /// The text without a member.
    pub(crate) fn without(&self, name: &str) -> String {
        let Some(index) = self.index(name) else { return self.text.to_owned() };
        let before = index.checked_sub(1).and_then(|before| self.members.get(before));
        let (this, after) = (&self.members[index], self.members.get(index + 1));
        let place = match (before, after) {
            (_, Some(after)) => this.name_starts..after.name_starts,
            (Some(before), None) => before.value.end..this.value.end,
            (None, None) => self.inside()..this.value.end,
        };
        self.replaced(place, "")
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|member| member.name == name)
    }

    /// Just past the opening brace.
    fn inside(&self) -> usize {
        self.text.len() - self.text.trim_start().len() + 1
    }

    fn space_before(&self, member: &Member) -> &'a str {
        let before = &self.text[..member.name_starts];
        &before[before.trim_end().len()..]
    }

    fn replaced(&self, place: Range<usize>, with: &str) -> String {
        [&self.text[..place.start], with, &self.text[place.end..]].concat()
    }
}

/// The members of an object, name and value as they are spelled, in their order.
struct Spelled<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Spelled<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Spelled<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Spelled(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Object<'_> {
        Object::read(text).expect("is an object")
    }

    #[test]
    fn what_is_added_and_taken_out_leaves_no_trace() {
        for text in [
            "{}",
            "{\n}\n",
            " { } ",
            r#"{"a":1}"#,
            "{ \"a\" : [1, {\"new\": 2}] ,\n\t\"b\":null\n}\n\n",
            "{\r\n    \"a\": \"\\u00e9 } {\"\r\n}",
        ] {
            let added = object(text).with("new", "{\"x\": 1}");
            assert_eq!(object(&added).value("new"), Some("{\"x\": 1}"), "{added}");
            assert_eq!(object(&added).without("new"), text, "{added}");
        }
    }

    #[test]
    fn what_is_added_stands_like_its_neighbours() {
        assert_eq!(object("{\n    \"a\": 1\n}\n").with("b", "2"), "{\n    \"a\": 1,\n    \"b\": 2\n}\n");
        assert_eq!(object("{\"a\":1}").with("b", "2"), "{\"a\":1,\"b\": 2}");
    }

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        assert_eq!(object(r#"{"a": 1 , "\u0062":{"c":[ ]}, "d":2}"#).with("b", "9"), r#"{"a": 1 , "\u0062":9, "d":2}"#);
    }

    #[test]
    fn any_member_can_be_taken_out() {
        let text = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}";
        assert_eq!(object(text).without("a"), "{\n  \"b\": 2,\n  \"c\": 3\n}");
        assert_eq!(object(text).without("b"), "{\n  \"a\": 1,\n  \"c\": 3\n}");
        assert_eq!(object(text).without("c"), "{\n  \"a\": 1,\n  \"b\": 2\n}");
        assert_eq!(object(text).without("d"), text);
    }

    #[test]
    fn only_one_whole_object_is_read() {
        for text in ["", "[]", "{", "{} x", "// note\n{}", "{\"a\":1,}", "null"] {
            assert!(Object::read(text).is_none(), "{text}");
        }
        assert!(object(r#"{"a":1,"a":2}"#).is_twice("a"));
    }
}
