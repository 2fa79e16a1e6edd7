//! Changes single members of a JSON object and preserves every other byte.
//!
//! Pure. A new member is added at the end, with the same spacing as the one before it. Removing it restores the same
//! bytes.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The text of an object, and the positions of its members.
pub(crate) struct JsonObject<'a> {
    text: &'a str,
    members: Vec<MemberSpan>,
}

/// The position of a member, in bytes.
struct MemberSpan {
    name: String,
    name_start: usize,
    value: Range<usize>,
}

impl<'a> JsonObject<'a> {
    /// Parses a text that contains one object and nothing else.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let RawMembers(members) = serde_json::from_str(text).ok()?;
        let position = |part: &RawValue| part.get().as_ptr() as usize - text.as_ptr() as usize;
        let span = |(name, value): (&RawValue, &RawValue)| {
            let start = position(value);
            let value = start..start + value.get().len();
            Some(MemberSpan { name: serde_json::from_str(name.get()).ok()?, name_start: position(name), value })
        };
        Some(Self { text, members: members.into_iter().map(span).collect::<Option<_>>()? })
    }

    /// Returns the text of a member's value.
    pub(crate) fn value_text(&self, name: &str) -> Option<&'a str> {
        self.member_index(name).map(|index| &self.text[self.members[index].value.clone()])
    }

    /// Returns true if several members have this name, so that it is ambiguous which one applies.
    pub(crate) fn has_duplicate(&self, name: &str) -> bool {
        self.members.iter().filter(|member| member.name == name).count() > 1
    }

    /// Returns the text with a member's value replaced, or with the member added at the end.
    pub(crate) fn with_member(&self, name: &str, value: &str) -> String {
        match (self.member_index(name), self.members.last()) {
            (Some(index), _) => self.with_range(self.members[index].value.clone(), value),
            (None, Some(last)) => {
                let added = format!(",{}\"{name}\": {value}", self.space_before(last));
                self.with_range(last.value.end..last.value.end, &added)
            }
            (None, None) => {
                let start = self.content_start();
                self.with_range(start..start, &format!("\n  \"{name}\": {value}"))
            }
        }
    }

    /// Returns the text without a member.
    pub(crate) fn without_member(&self, name: &str) -> String {
        let Some(index) = self.member_index(name) else { return self.text.to_owned() };
        let previous = index.checked_sub(1).and_then(|previous| self.members.get(previous));
        let (member, next) = (&self.members[index], self.members.get(index + 1));
        let range = match (previous, next) {
            (_, Some(next)) => member.name_start..next.name_start,
            (Some(previous), None) => previous.value.end..member.value.end,
            (None, None) => self.content_start()..member.value.end,
        };
        self.with_range(range, "")
    }

    fn member_index(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|member| member.name == name)
    }

    /// Returns the position after the opening brace.
    fn content_start(&self) -> usize {
        self.text.len() - self.text.trim_start().len() + 1
    }

    fn space_before(&self, member: &MemberSpan) -> &'a str {
        let before = &self.text[..member.name_start];
        &before[before.trim_end().len()..]
    }

    fn with_range(&self, range: Range<usize>, text: &str) -> String {
        [&self.text[..range.start], text, &self.text[range.end..]].concat()
    }
}

/// The names and values of an object's members as written, in order.
struct RawMembers<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for RawMembers<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RawMembersVisitor)
    }
}

struct RawMembersVisitor;

impl<'de> Visitor<'de> for RawMembersVisitor {
    type Value = RawMembers<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(RawMembers(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_object(text: &str) -> JsonObject<'_> {
        JsonObject::parse(text).expect("it is an object")
    }

    #[test]
    fn removing_an_added_member_restores_the_text() {
        for text in [
            "{}",
            "{\n}\n",
            " { } ",
            r#"{"a":1}"#,
            "{ \"a\" : [1, {\"new\": 2}] ,\n\t\"b\":null\n}\n\n",
            "{\r\n    \"a\": \"\\u00e9 } {\"\r\n}",
        ] {
            let added = parse_object(text).with_member("new", "{\"x\": 1}");
            assert_eq!(parse_object(&added).value_text("new"), Some("{\"x\": 1}"), "{added}");
            assert_eq!(parse_object(&added).without_member("new"), text, "{added}");
        }
    }

    #[test]
    fn an_added_member_is_spaced_like_the_one_before() {
        assert_eq!(parse_object("{\n    \"a\": 1\n}\n").with_member("b", "2"), "{\n    \"a\": 1,\n    \"b\": 2\n}\n");
        assert_eq!(parse_object("{\"a\":1}").with_member("b", "2"), "{\"a\":1,\"b\": 2}");
    }

    #[test]
    fn a_value_is_replaced_in_place() {
        assert_eq!(
            parse_object(r#"{"a": 1 , "\u0062":{"c":[ ]}, "d":2}"#).with_member("b", "9"),
            r#"{"a": 1 , "\u0062":9, "d":2}"#
        );
    }

    #[test]
    fn any_member_can_be_removed() {
        let text = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}";
        assert_eq!(parse_object(text).without_member("a"), "{\n  \"b\": 2,\n  \"c\": 3\n}");
        assert_eq!(parse_object(text).without_member("b"), "{\n  \"a\": 1,\n  \"c\": 3\n}");
        assert_eq!(parse_object(text).without_member("c"), "{\n  \"a\": 1,\n  \"b\": 2\n}");
        assert_eq!(parse_object(text).without_member("d"), text);
    }

    #[test]
    fn only_a_single_complete_object_is_parsed() {
        for text in ["", "[]", "{", "{} x", "// note\n{}", "{\"a\":1,}", "null"] {
            assert!(JsonObject::parse(text).is_none(), "{text}");
        }
        assert!(parse_object(r#"{"a":1,"a":2}"#).has_duplicate("a"));
    }
}
