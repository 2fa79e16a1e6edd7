//! JSON that a terminal can show.

use serde::Serialize;
use token_monitor_core::text::sanitize::is_invisible;

/// Returns a value as JSON. Control characters, marks of the reading direction and other invisible characters are
/// written as `\u` sequences.
///
/// # Errors
///
/// If the value has no form in JSON, which is a defect.
pub fn to_json(value: &(impl Serialize + ?Sized)) -> Result<String, serde_json::Error> {
    Ok(escape_invisible(serde_json::to_string(value)?))
}

/// Escapes the characters that JSON permits in strings although a terminal would interpret them or not show them: control
/// characters, marks of the reading direction and others without a glyph. The document stays the same value.
fn escape_invisible(json: String) -> String {
    let is_escaped =
        |c: char| c > '\u{7e}' && (c.is_control() || is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}'));
    // Most documents are plain ASCII, which is tested many bytes at a time.
    let is_plain = json.is_ascii() && !json.contains('\u{7f}');
    if is_plain || !json.contains(is_escaped) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        match is_escaped(c) {
            true => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}"))),
            false => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_escaped_and_the_value_is_the_same() {
        let title = "a\u{9b}2J\u{202e}b\u{e0041}c\u{7f}é漢\u{2028}";
        let json = escape_invisible(serde_json::to_string(title).expect("it is text"));
        assert_eq!(json, r#""a\u009b2J\u202eb\udb40\udc41c\u007fé漢\u2028""#);
        assert_eq!(serde_json::from_str::<String>(&json).expect("it is JSON"), title);
    }
}
