//! Reads figures back from the pixels of the smallest icon.
//!
//! The reader knows nothing about the drawing: it finds the pixels with a contrast of 3:1 to the background, splits
//! them at empty columns, and compares the parts with glyphs painted by hand.

use chrono::TimeDelta;
use rstest::rstest;
use token_monitor_tray::{CompactFigure, IconBadge, IconSize, IconSpec, IconTheme, LimitGauge, PixelFormat};

use crate::icon_images::usual_icon;
use crate::image_sheet::{Rgb, blend_channel};

const SIZE: usize = 16;

/// The number of rows of a figure.
const FIGURE_HEIGHT: usize = 8;

/// The minimum contrast of graphics in WCAG 2.
const MIN_CONTRAST: f64 = 3.0;

/// The expected glyphs, with `#` for a painted pixel and rows from the top, separated by blanks. Wider glyphs repeat
/// the inner columns, unless this list has a wider version.
const GLYPHS: &[(char, &str)] = &[
    ('0', "### #.# #.# #.# #.# #.# #.# ###"),
    ('0', "#### #..# #..# #..# #..# #..# #..# ####"),
    ('1', ".# ## .# .# .# .# .# .#"),
    ('2', "### ..# ..# ..# ### #.. #.. ###"),
    ('3', "### ..# ..# ..# .## ..# ..# ###"),
    ('4', "#.# #.# #.# #.# #.# ### ..# ..#"),
    ('5', "### #.. #.. #.. ### ..# ..# ###"),
    ('6', "### #.. #.. #.. ### #.# #.# ###"),
    ('7', "### ..# ..# ..# .#. .#. .#. .#."),
    ('8', "### #.# #.# #.# ### #.# #.# ###"),
    ('9', "### #.# #.# #.# ### ..# ..# ###"),
    ('7', "#### ...# ...# ..## ..## ..#. ..#. ..#."),
    ('7', "##### ....# ....# ...## ..##. ..#.. ..#.. ..#.."),
    ('.', ". . . . . . . #"),
    ('k', "#.. #.. #.# #.# ##. ##. #.# #.#"),
    ('M', "#...# ##.## ##.## #.#.# #...# #...# #...# #...#"),
    ('M', "#..# #### #### #### #..# #..# #..# #..#"),
    ('B', "###. #..# #..# #..# ###. #..# #..# ###."),
    ('T', "### .#. .#. .#. .#. .#. .#. .#."),
    ('$', ".#. ### #.. #.. ### ..# ### .#."),
    ('$', "..#. #### #... #... #### ...# #### ..#."),
    ('%', "###...# ###..#. ....##. ...##.. ..##... ..#.... .#...## .#...##"),
    ('%', "##...# ##..## ...##. ...#.. ..#... .##... ##..## #...##"),
    ('%', "##..# ##.#. ...#. ..#.. ..#.. .#... .#.## #..##"),
    ('%', "##.# ##.# ..#. ..#. .#.. .#.. #.## #.##"),
    ('h', "#.. #.. #.. #.. ### #.# #.# #.#"),
    ('m', "..... ..... ##### #.#.# #.#.# #.#.# #.#.# #.#.#"),
    ('–', "... ... ... ... ### ... ... ..."),
];

/// The most pixels per column that may differ from the expected glyph.
const TOLERANCE: usize = 2;

fn sample_figures() -> Vec<CompactFigure> {
    let tokens =
        [0, 123, 456, 789, 4_200, 1_300_000_000, 3_400_000_000_000, 5_700_000, 88_000_000, 420_000_000, 906_000];
    let mut figures: Vec<_> = tokens.map(CompactFigure::from_tokens).into();
    figures.extend([0.34, 3.41, 12.0, 567.0, 89_000.0].map(CompactFigure::from_dollars));
    figures.extend([7.0, 38.0, 64.0, 90.0, 100.0].map(CompactFigure::from_percent));
    figures.extend([48, 60, 125, 210, 599].map(|minutes| CompactFigure::from_duration(TimeDelta::minutes(minutes))));
    figures.push(CompactFigure::unknown());
    figures
}

#[rstest]
fn every_figure_is_legible_at_16_pixels_on_every_panel(
    #[values(IconTheme::Light, IconTheme::Dark, IconTheme::Template)] ink: IconTheme,
    #[values(None, Some(38.0), Some(80.0), Some(94.0), Some(104.0))] percent: Option<f64>,
    #[values(false, true)] stale: bool,
    #[values(None, Some(IconBadge::Waiting), Some(IconBadge::Problem), Some(IconBadge::UnseenAlerts))] badge: Option<
        IconBadge,
    >,
    #[values([0, 0, 0], [255, 255, 255])] panel: Rgb,
) {
    for figure in sample_figures() {
        let spec = IconSpec {
            gauge: percent.map(LimitGauge::from_percent),
            is_stale: stale,
            bars: None,
            badge,
            theme: ink,
            figure: Some(figure.clone()),
        };
        let visible = VisiblePixels::on_panel(&spec, panel);
        assert_eq!(visible.read_figure(), figure.as_str(), "{spec:?} on {panel:?}:\n{}", visible.to_ascii());
    }
}

#[test]
fn an_icon_without_a_figure_is_not_read_as_one() {
    let spec = IconSpec { figure: None, ..usual_icon() };
    assert_ne!(VisiblePixels::on_panel(&spec, [0, 0, 0]).read_figure(), "0", "a ring is not a figure");
}

/// The pixels in the rows of the figure that stand out from the background.
struct VisiblePixels {
    /// The columns from the left, each from the top.
    columns: Vec<Vec<bool>>,
}

impl VisiblePixels {
    fn on_panel(spec: &IconSpec, panel: Rgb) -> Self {
        let pixels = spec.render(IconSize::from_pixels(16), PixelFormat::Rgba);
        let panel = if spec.theme == IconTheme::Template { [255, 255, 255] } else { panel };
        let color = |column: usize, row: usize| -> Rgb {
            let at = (row * SIZE + column) * 4;
            [0, 1, 2].map(|part| blend_channel(pixels[at + part], panel[part], pixels[at + 3]))
        };
        // Without a bar or a mark below it, the figure is in the middle. The row below it has only the background.
        let top = if spec.gauge.is_some() || spec.is_stale || spec.badge.is_some() { 3 } else { 4 };
        let rows = top..top + FIGURE_HEIGHT;
        let background = luminance(color(8, rows.end));
        let stands_out = |column, row| contrast_ratio(luminance(color(column, row)), background) >= MIN_CONTRAST;
        let columns = (0..SIZE).map(|column| rows.clone().map(|row| stands_out(column, row)).collect());
        Self { columns: columns.collect() }
    }

    fn read_figure(&self) -> String {
        let parts = self.columns.split(|column| !column.contains(&true));
        parts.filter(|part| !part.is_empty()).map(recognize_glyph).collect()
    }

    fn to_ascii(&self) -> String {
        let row =
            |row: usize| self.columns.iter().map(|column| if column[row] { '#' } else { '.' }).collect::<String>();
        (0..FIGURE_HEIGHT).map(row).collect::<Vec<_>>().join("\n")
    }
}

/// Returns the most similar glyph, or `?` if there is none or several.
fn recognize_glyph(columns: &[Vec<bool>]) -> char {
    let mut distances: Vec<_> =
        GLYPHS.iter().filter_map(|(glyph, rows)| glyph_distance(*glyph, rows, columns)).collect();
    distances.sort_unstable();
    match distances.as_slice() {
        [(differing, _), ..] if *differing > TOLERANCE * columns.len() => '?',
        [(one, glyph), (next, other), ..] if one < next || glyph == other => *glyph,
        [(_, glyph)] => *glyph,
        _ => '?',
    }
}

/// Returns the number of pixels that differ from a glyph of the same width.
fn glyph_distance(glyph: char, rows: &str, columns: &[Vec<bool>]) -> Option<(usize, char)> {
    let (drawn, painted) = (columns.len(), rows.split(' ').next()?.len());
    let stretches = painted == 3 && (3..=5).contains(&drawn);
    (painted == drawn || stretches).then(|| (count_differing_pixels(columns, rows), glyph))
}

fn count_differing_pixels(columns: &[Vec<bool>], rows: &str) -> usize {
    let last = columns.len() - 1;
    let differing = |(row, line): (usize, &str)| {
        let painted = |column: usize| match column {
            0 => line.starts_with('#'),
            column if column == last => line.ends_with('#'),
            column => line.as_bytes()[column.min(line.len() - 2)] == b'#',
        };
        columns.iter().enumerate().filter(|(column, pixels)| painted(*column) != pixels[row]).count()
    };
    rows.split(' ').enumerate().map(differing).sum()
}

fn contrast_ratio(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Returns the relative luminance of WCAG 2.
fn luminance(color: Rgb) -> f64 {
    let [red, green, blue] = color.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
