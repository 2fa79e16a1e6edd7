//! Replaces every character of a screen by ASCII, for terminals whose locale is not UTF-8.
//!
//! The parts of the screen are drawn with the same characters everywhere; here each gets a letter or sign that keeps its
//! meaning: lengths stay lengths, and states stay told apart.

use ratatui::buffer::Buffer;

/// Replaces the characters of a screen.
pub(crate) fn replace_by_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if cell.symbol().is_ascii() {
            continue;
        }
        let replacement = ascii_of(cell.symbol());
        cell.set_char(replacement);
    }
}

/// Returns the ASCII character for a symbol of the screen.
fn ascii_of(symbol: &str) -> char {
    match symbol {
        "█" | "▇" | "▮" | "▀" | "▄" => '#',
        "▓" => '=',
        "▒" | "▆" => '+',
        "▅" => '=',
        "░" => ':',
        "▁" => '.',
        "▂" => ':',
        "▃" | "▄▀" => '-',
        "▯" | "─" | "–" | "—" => '-',
        "│" => '|',
        "╭" | "╮" | "╰" | "╯" => '+',
        "✓" => '*',
        "▲" => '!',
        "●" => '@',
        "○" => 'o',
        "▪" => '.',
        "›" => '>',
        "·" => '|',
        "≥" => '>',
        "…" => '.',
        "“" | "”" => '"',
        "’" | "‘" => '\'',
        _ => '?',
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn no_other_character_is_left_and_nothing_moves() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 1));
        buffer.set_string(0, 0, "38% ✓ ▲ ● ○ ██▒── “漢” é…", Style::new());
        replace_by_ascii(&mut buffer);
        let text: String = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(text.trim_end(), "38% * ! @ o ##+-- \"? \" ?.");
    }
}
