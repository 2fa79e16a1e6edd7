//! What is left of a record whose end was never written, or was overwritten.
//!
//! Only what is certain is kept: members of the record and of its message that were followed by another one. The
//! last member before the damage may be half of something else, and a count may lack its last digits.

use serde::de::IgnoredAny;

/// How deep members are kept: the record's own, and its message's. What lies deeper is whole or gone.
const DEPTH: usize = 2;

/// The certain part of a torn record as a whole one; none where nothing is certain.
pub(crate) fn mended(torn: &[u8]) -> Option<Vec<u8>> {
    let good = good_until(torn)?;
    let (mut scan, mut whole) = (Scan::default(), None);
    for (at, byte) in torn[..good].iter().enumerate() {
        if scan.step(*byte) {
            whole = Some((at, scan.open.clone()));
        }
    }
    let (certain, open) = whole?;
    Some(torn[..certain].iter().chain(open.iter().rev()).copied().collect())
}

/// Where reading it as JSON fails.
fn good_until(torn: &[u8]) -> Option<usize> {
    let error = serde_json::from_slice::<IgnoredAny>(torn).err()?;
    // It is one line, and columns count bytes: the last is the one that does not fit, unless there is none.
    let read = error.column().min(torn.len());
    Some(if error.is_eof() { read } else { read.saturating_sub(1) })
}

/// A walk over the bytes of JSON that knows what is open.
#[derive(Default)]
struct Scan {
    /// What closes each thing that is open.
    open: Vec<u8>,
    quoted: bool,
    escaped: bool,
}

impl Scan {
    /// Takes a byte. Says whether it is a comma between members that are kept.
    fn step(&mut self, byte: u8) -> bool {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.quoted => self.escaped = true,
            b'"' => self.quoted = !self.quoted,
            _ if self.quoted => {}
            b'{' => self.open.push(b'}'),
            b'[' => self.open.push(b']'),
            b'}' | b']' => drop(self.open.pop()),
            b',' => return self.open.len() <= DEPTH,
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
    #[case::cut(r#"{"a":1,"message":{"id":"x","usage":{"o":7},"st"#, r#"{"a":1,"message":{"id":"x","usage":{"o":7}}}"#)]
    #[case::within_usage(r#"{"a":1,"message":{"id":"x","usage":{"i":1,"o":7"#, r#"{"a":1,"message":{"id":"x"}}"#)]
    #[case::spliced(r#"{"a":1,"b":"cut of{"type":"y"}"#, r#"{"a":1}"#)]
    #[case::a_comma_that_does_not_fit(r#"{"a":1,"b":2,"c","#, r#"{"a":1,"b":2}"#)]
    #[case::commas_in_text(r#"{"a":"1,2","b":3,"c":"4,"#, r#"{"a":"1,2","b":3}"#)]
    fn only_what_is_certain_is_kept(#[case] torn: &str, #[case] whole: &str) {
        assert_eq!(mended(torn.as_bytes()).as_deref(), Some(whole.as_bytes()));
    }

    #[test]
    fn nothing_certain_is_nothing() {
        assert_eq!(mended(br#"{"a":1"#), None);
        assert_eq!(mended(b"{\"a\":1}"), None, "it is not torn");
    }

    proptest! {
        #[test]
        fn what_is_mended_is_json(bytes: Vec<u8>, cut in 0..60_usize) {
            let record = br#"{"a":[1,{"b":"c\"d"}],"message":{"id":"x","usage":{"o":7},"z":null},"t":1}"#;
            let torn = [&record[..cut], &bytes].concat();
            if let Some(whole) = mended(&torn) {
                prop_assert!(serde_json::from_slice::<IgnoredAny>(&whole).is_ok(), "{}", String::from_utf8_lossy(&whole));
            }
        }
    }
}
