//! Recovery of the certain part of a record whose end is missing or overwritten.
//!
//! Only members of the record and of its message that are followed by another member are kept. The last member before
//! the damage is dropped: it may be incomplete, and a number may lack its last digits.

use serde::de::IgnoredAny;

/// The nesting depth of kept members: those of the record and of its message. Deeper members are kept or dropped as a
/// whole.
const MAX_MEMBER_DEPTH: usize = 2;

/// Returns the certain part of a torn record as a complete record, or `None` if no part is certain.
pub(crate) fn salvage_record(torn: &[u8]) -> Option<Vec<u8>> {
    let valid_len = valid_prefix_len(torn)?;
    let (mut scanner, mut last_comma) = (NestingScanner::default(), None);
    for (at, byte) in torn[..valid_len].iter().enumerate() {
        if scanner.accept_byte(*byte) {
            last_comma = Some((at, scanner.open.clone()));
        }
    }
    let (certain, open) = last_comma?;
    Some(torn[..certain].iter().chain(open.iter().rev()).copied().collect())
}

/// Returns the length of the prefix before the first JSON error.
fn valid_prefix_len(torn: &[u8]) -> Option<usize> {
    let error = serde_json::from_slice::<IgnoredAny>(torn).err()?;
    // The text is one line, so the column counts bytes. Except at the end of the text, it includes the invalid byte.
    let read = error.column().min(torn.len());
    Some(if error.is_eof() { read } else { read.saturating_sub(1) })
}

/// A scanner of JSON bytes that tracks the open objects and lists.
#[derive(Default)]
struct NestingScanner {
    /// The closing byte of each open object and list.
    open: Vec<u8>,
    quoted: bool,
    escaped: bool,
}

impl NestingScanner {
    /// Accepts the next byte. Returns true if it is a comma between kept members.
    fn accept_byte(&mut self, byte: u8) -> bool {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.quoted => self.escaped = true,
            b'"' => self.quoted = !self.quoted,
            _ if self.quoted => {}
            b'{' => self.open.push(b'}'),
            b'[' => self.open.push(b']'),
            b'}' | b']' => drop(self.open.pop()),
            b',' => return self.open.len() <= MAX_MEMBER_DEPTH,
            _ => {}
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::cut_off(
        r#"{"a":1,"message":{"id":"x","usage":{"o":7},"st"#,
        r#"{"a":1,"message":{"id":"x","usage":{"o":7}}}"#
    )]
    #[case::within_usage(r#"{"a":1,"message":{"id":"x","usage":{"i":1,"o":7"#, r#"{"a":1,"message":{"id":"x"}}"#)]
    #[case::spliced(r#"{"a":1,"b":"cut of{"type":"y"}"#, r#"{"a":1}"#)]
    #[case::an_invalid_comma(r#"{"a":1,"b":2,"c","#, r#"{"a":1,"b":2}"#)]
    #[case::commas_in_text(r#"{"a":"1,2","b":3,"c":"4,"#, r#"{"a":"1,2","b":3}"#)]
    fn only_what_is_certain_is_kept(#[case] torn: &str, #[case] whole: &str) {
        assert_eq!(salvage_record(torn.as_bytes()).as_deref(), Some(whole.as_bytes()));
    }

    #[test]
    fn a_record_without_a_certain_part_is_dropped() {
        assert_eq!(salvage_record(br#"{"a":1"#), None);
        assert_eq!(salvage_record(b"{\"a\":1}"), None, "a complete record is not torn");
    }

    proptest! {
        #[test]
        fn salvaged_records_are_valid_json(bytes: Vec<u8>, cut in 0..60_usize) {
            let record = br#"{"a":[1,{"b":"c\"d"}],"message":{"id":"x","usage":{"o":7},"z":null},"t":1}"#;
            let torn = [&record[..cut], &bytes].concat();
            if let Some(whole) = salvage_record(&torn) {
                prop_assert!(serde_json::from_slice::<IgnoredAny>(&whole).is_ok(), "{}", String::from_utf8_lossy(&whole));
            }
        }
    }
}
