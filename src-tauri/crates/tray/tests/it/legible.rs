//! The figure, read back from the pixels at the smallest side: whoever looks at a panel can read it, too.
//!
//! The reader knows nothing of how glyphs are drawn. It sees which pixels stand out from the ground by 3 : 1, takes
//! apart what empty columns separate, and compares that with how a person would paint each glyph in so few pixels.

use chrono::TimeDelta;
use rstest::rstest;
use token_monitor_tray::{Figure, Gauge, Ink, Order, Picture, Side};

use crate::pictures::calm;
use crate::sheet::{Rgb, mixed};

const SIDE: usize = 16;

/// The rows a figure takes.
const ROWS: std::ops::Range<usize> = 4..12;

/// The least contrast of a graphic that has to be read.
const CONTRAST: f64 = 3.0;

/// Each glyph, `#` where it is painted; rows from the top, separated by blanks. Where there is room glyphs are broader:
/// then what stands between the first column and the last is repeated, unless there is a broader one in this list.
const GLYPHS: &[(char, &str)] = &[
    ('0', "### #.# #.# #.# #.# #.# #.# ###"),
    ('1', ".#. ##. .#. .#. .#. .#. .#. ###"),
    ('2', "### ..# ..# ..# ### #.. #.. ###"),
    ('3', "### ..# ..# ..# .## ..# ..# ###"),
    ('4', "#.# #.# #.# #.# #.# ### ..# ..#"),
    ('5', "### #.. #.. #.. ### ..# ..# ###"),
    ('6', "### #.. #.. #.. ### #.# #.# ###"),
    ('7', "### ..# ..# ..# .#. .#. .#. .#."),
    ('8', "### #.# #.# #.# ### #.# #.# ###"),
    ('9', "### #.# #.# #.# ### ..# ..# ###"),
    ('1', "..## .### ...# ...# ...# ...# ...# .###"),
    ('1', "..#.. ###.. ..#.. ..#.. ..#.. ..#.. ..#.. #####"),
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
    ('%', "##..# ##.#. ...#. ..#.. ..#.. .#... .#.## #..##"),
    ('%', "##.# ##.# ..#. ..#. .#.. .#.. #.## #.##"),
    ('h', "#.. #.. #.. #.. ### #.# #.# #.#"),
    ('m', "..... ..... ##### #.#.# #.#.# #.#.# #.#.# #.#.#"),
    ('–', "... ... ... ... ### ... ... ..."),
];

/// For each column, no more pixels than these may differ from how a person would paint a glyph.
const TOLERANCE: usize = 2;

fn figures() -> Vec<Figure> {
    let tokens =
        [0, 123, 456, 789, 4_200, 1_300_000_000, 3_400_000_000_000, 5_700_000, 88_000_000, 420_000_000, 906_000];
    let mut figures: Vec<_> = tokens.map(Figure::of).into();
    figures.extend([0.34, 3.41, 12.0, 567.0, 89_000.0].map(Figure::of_dollars));
    figures.extend([7.0, 38.0, 64.0, 90.0, 100.0].map(Figure::of_percent));
    figures.extend([48, 60, 125, 210, 599].map(|minutes| Figure::of_duration(TimeDelta::minutes(minutes))));
    figures.push(Figure::unknown());
    figures
}

#[rstest]
fn every_figure_can_be_read_at_sixteen_pixels_on_every_panel(
    #[values(Ink::Light, Ink::Dark, Ink::Template)] ink: Ink,
    #[values(None, Some(38.0), Some(80.0), Some(94.0), Some(104.0))] percent: Option<f64>,
    #[values(false, true)] stale: bool,
    #[values(false, true)] unseen: bool,
    #[values([0, 0, 0], [255, 255, 255])] panel: Rgb,
) {
    for figure in figures() {
        let picture = Picture { gauge: percent.map(Gauge::of), stale, unseen, ink, figure: Some(figure.clone()) };
        let seen = Seen::of(&picture, panel);
        assert_eq!(seen.read(), figure.as_str(), "{picture:?} on {panel:?}:\n{}", seen.drawing());
    }
}

#[test]
fn the_reader_tells_what_is_not_there() {
    let picture = Picture { figure: None, ..calm() };
    assert_ne!(Seen::of(&picture, [0, 0, 0]).read(), "0", "a ring is no figure");
}

/// What stands out in the rows of the figure.
struct Seen {
    /// By column, from the top.
    columns: Vec<Vec<bool>>,
}

impl Seen {
    fn of(picture: &Picture, panel: Rgb) -> Self {
        let pixels = picture.pixels(Side::of(16), Order::Rgba);
        let panel = if picture.ink == Ink::Template { [255, 255, 255] } else { panel };
        let colour = |column: usize, row: usize| -> Rgb {
            let at = (row * SIDE + column) * 4;
            [0, 1, 2].map(|part| mixed(pixels[at + part], panel[part], pixels[at + 3]))
        };
        // Between the rows of the bar and the figure, in the middle, nothing is ever drawn but the ground.
        let ground = luminance(colour(8, 12));
        let stands_out = |column, row| contrast(luminance(colour(column, row)), ground) >= CONTRAST;
        let columns = (0..SIDE).map(|column| ROWS.map(|row| stands_out(column, row)).collect());
        Self { columns: columns.collect() }
    }

    fn read(&self) -> String {
        let parts = self.columns.split(|column| !column.contains(&true));
        parts.filter(|part| !part.is_empty()).map(recognise).collect()
    }

    fn drawing(&self) -> String {
        let row =
            |row: usize| self.columns.iter().map(|column| if column[row] { '#' } else { '.' }).collect::<String>();
        (0..ROWS.len()).map(row).collect::<Vec<_>>().join("\n")
    }
}

/// The one glyph this is most like, or a question mark.
fn recognise(columns: &[Vec<bool>]) -> char {
    let mut likenesses: Vec<_> = GLYPHS.iter().filter_map(|(glyph, rows)| likeness(*glyph, rows, columns)).collect();
    likenesses.sort_unstable();
    match likenesses.as_slice() {
        [(differing, _), ..] if *differing > TOLERANCE * columns.len() => '?',
        [(one, glyph), (next, other), ..] if one < next || glyph == other => *glyph,
        [(_, glyph)] => *glyph,
        _ => '?',
    }
}

/// In how many pixels these columns differ from a glyph of their breadth.
fn likeness(glyph: char, rows: &str, columns: &[Vec<bool>]) -> Option<(usize, char)> {
    let (drawn, painted) = (columns.len(), rows.split(' ').next()?.len());
    let stretches = painted == 3 && (3..=5).contains(&drawn);
    (painted == drawn || stretches).then(|| (differing(columns, rows), glyph))
}

fn differing(columns: &[Vec<bool>], rows: &str) -> usize {
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

fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// As the guidelines for contrast define it.
fn luminance(colour: Rgb) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
