//! Copies text to the clipboard of the person's terminal, also over ssh, by the escape sequence OSC 52.

/// The letters of base64.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns the sequence that copies a text.
pub(crate) fn copy_sequence(text: &str) -> String {
    format!("\u{1b}]52;c;{}\u{1b}\\", encode_base64(text.as_bytes()))
}

fn encode_base64(bytes: &[u8]) -> String {
    let encode_chunk = |chunk: &[u8]| {
        let bits = [0, 1, 2].map(|place| u32::from(chunk.get(place).copied().unwrap_or(0)));
        let bits = bits[0] << 16 | bits[1] << 8 | bits[2];
        let letter = |place: usize| match place <= chunk.len() {
            true => char::from(LETTERS[(bits >> (18 - 6 * place) & 63) as usize]),
            false => '=',
        };
        [0, 1, 2, 3].map(letter)
    };
    bytes.chunks(3).flat_map(encode_chunk).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_encoded_in_base64() {
        let encoded = ["", "f", "fo", "foo", "foob", "ä\n"].map(|text| encode_base64(text.as_bytes()));
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "w6QK"]);
    }

    #[test]
    fn the_text_is_inside_of_one_sequence() {
        assert_eq!(copy_sequence("foo"), "\u{1b}]52;c;Zm9v\u{1b}\\");
    }
}
