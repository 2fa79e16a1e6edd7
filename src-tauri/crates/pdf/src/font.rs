//! The fonts of documents: Inter in two weights. Both have Latin letters and digits of equal width.

use std::ops::Range;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

const REGULAR: &[u8] = include_bytes!("../assets/fonts/Inter-Regular.ttf");
const SEMI_BOLD: &[u8] = include_bytes!("../assets/fonts/Inter-SemiBold.ttf");

/// The sign for text that was left out.
const ELLIPSIS: char = '…';

/// The weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    SemiBold,
}

/// A font with the widths of its characters.
pub(crate) struct PdfFont {
    pub(crate) font: Font,
    charmap: skrifa::charmap::Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units_per_em: f32,
}

impl PdfFont {
    /// Loads a font of this program.
    pub(crate) fn load(weight: Weight) -> Self {
        let bytes = match weight {
            Weight::Regular => REGULAR,
            Weight::SemiBold => SEMI_BOLD,
        };
        let font = Font::new(bytes.into(), 0).expect("the font of this program is valid");
        let parsed = FontRef::new(bytes).expect("the font of this program is valid");
        let units_per_em = font.units_per_em();
        let metrics = parsed.glyph_metrics(Size::unscaled(), LocationRef::default());
        Self { font, charmap: parsed.charmap(), metrics, units_per_em }
    }

    /// Returns the glyphs of a text in one line. Characters that the font lacks have the glyph for missing ones. So that
    /// they can be searched and copied all the same, they form one cluster with a neighbor, whose text is kept as a whole.
    pub(crate) fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let characters: Vec<(usize, char)> = text.char_indices().collect();
        let is_missing = |index: usize| characters.get(index).is_some_and(|(_, c)| self.charmap.map(*c).is_none());
        let joins_next = |index: usize| is_missing(index) || is_missing(index + 1);
        let clusters = (0..characters.len()).collect::<Vec<usize>>();
        let clusters = clusters.chunk_by(|index, _| joins_next(*index));
        let glyphs = clusters.flat_map(|cluster| {
            let end_of = |index: usize| characters.get(index + 1).map_or(text.len(), |(start, _)| *start);
            let range = characters[cluster[0]].0..end_of(cluster[cluster.len() - 1]);
            cluster.iter().map(|index| self.glyph(characters[*index].1, range.clone())).collect::<Vec<_>>()
        });
        glyphs.collect()
    }

    fn glyph(&self, c: char, range: Range<usize>) -> KrillaGlyph {
        let id = self.charmap.map(c).unwrap_or_default();
        let advance = self.metrics.advance_width(id).unwrap_or_default() / self.units_per_em;
        KrillaGlyph::new(GlyphId::new(id.to_u32()), advance, 0.0, 0.0, 0.0, range, None)
    }

    /// Returns the width of a text in points.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        self.glyphs(text).iter().map(|glyph| glyph.x_advance * size).sum()
    }

    /// Returns the text without its end if it is wider than `max` points.
    pub(crate) fn shorten(&self, text: &str, size: f32, max: f32) -> String {
        if self.width(text, size) <= max {
            return text.to_owned();
        }
        let mut kept: Vec<char> = text.chars().collect();
        while kept.pop().is_some() {
            let shortened = kept.iter().collect::<String>().trim_end().to_owned() + &ELLIPSIS.to_string();
            if self.width(&shortened, size) <= max {
                return shortened;
            }
        }
        String::new()
    }

    /// Returns the lines of a paragraph, broken at spaces.
    pub(crate) fn wrap(&self, text: &str, size: f32, max: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let joined = lines.last().map(|line| format!("{line} {word}"));
            match (joined.filter(|line| self.width(line, size) <= max), lines.last_mut()) {
                (Some(joined), Some(line)) => *line = joined,
                _ => lines.push(self.shorten(word, size, max)),
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_have_the_same_width() {
        for weight in [Weight::Regular, Weight::SemiBold] {
            let font = PdfFont::load(weight);
            let widths: Vec<f32> = ('0'..='9').map(|digit| font.width(&digit.to_string(), 10.0)).collect();
            assert!(widths.iter().all(|width| *width == widths[0] && *width > 5.0), "{widths:?}");
        }
    }

    #[test]
    fn missing_characters_are_part_of_a_cluster() {
        let font = PdfFont::load(Weight::Regular);
        let ranges = |text: &str| font.glyphs(text).into_iter().map(|glyph| glyph.text_range).collect::<Vec<_>>();
        assert_eq!(ranges("ab"), [0..1, 1..2]);
        assert_eq!(ranges("a漢b"), [0..5, 0..5, 0..5]);
        assert_eq!(ranges("漢字 x"), [0..7, 0..7, 0..7, 7..8]);
    }

    #[test]
    fn text_is_shortened_and_wrapped_to_a_width() {
        let font = PdfFont::load(Weight::Regular);
        assert_eq!(font.shorten("short", 10.0, 100.0), "short");
        let shortened = font.shorten("a rather long name of a session", 10.0, 80.0);
        assert!(shortened.ends_with('…') && font.width(&shortened, 10.0) <= 80.0, "{shortened}");
        let lines = font.wrap("Costs are the list price of the same calls.", 10.0, 80.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| font.width(line, 10.0) <= 80.0), "{lines:?}");
    }
}
