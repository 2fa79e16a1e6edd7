//! Compares the icon's pixels with the images in `icons/`, one sheet per size with every icon, and with the image in
//! the documentation.
//!
//! After an intended change run the tests with `TOKEN_MONITOR_UPDATE_IMAGES=1` and check the images.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use rstest::rstest;
use token_monitor_tray::{CompactFigure, IconBadge, IconSize, IconSpec, IconTheme, LimitBars, LimitGauge, PixelFormat};

use crate::image_sheet::{ImageSheet, Rgb};

/// Returns the icon of a usual day.
pub(crate) fn usual_icon() -> IconSpec {
    let figure = Some(CompactFigure::from_tokens(4_213_902));
    IconSpec {
        figure,
        gauge: Some(LimitGauge::from_percent(38.0)),
        bars: None,
        is_stale: false,
        badge: None,
        theme: IconTheme::Light,
    }
}

/// Returns a figure of each kind and the widest ones, with an empty icon last. Rare sizes have three only.
fn sample_figures(size: u16) -> Vec<Option<CompactFigure>> {
    if ![16, 22, 32, 44].contains(&size) {
        return vec![usual_icon().figure, Some(CompactFigure::from_percent(38.0)), None];
    }
    vec![
        Some(CompactFigure::from_tokens(4_213_902)),
        Some(CompactFigure::from_tokens(0)),
        Some(CompactFigure::from_tokens(131_000_000)),
        Some(CompactFigure::from_tokens(420_000_000)),
        Some(CompactFigure::from_dollars(0.0)),
        Some(CompactFigure::from_dollars(3.41)),
        Some(CompactFigure::from_percent(38.0)),
        Some(CompactFigure::from_percent(100.0)),
        Some(CompactFigure::from_duration(TimeDelta::minutes(130))),
        Some(CompactFigure::from_duration(TimeDelta::minutes(48))),
        Some(CompactFigure::unknown()),
        None,
    ]
}

const THEMES: [IconTheme; 3] = [IconTheme::Light, IconTheme::Dark, IconTheme::Template];

fn sample_gauges() -> [Option<LimitGauge>; 5] {
    [None, Some(38.0), Some(80.0), Some(94.0), Some(104.0)].map(|percent| percent.map(LimitGauge::from_percent))
}

/// Returns all combinations of gauge, staleness and mark, and a stale gauge.
fn all_states(figure: &Option<CompactFigure>, theme: IconTheme) -> Vec<IconSpec> {
    let mut icons = Vec::new();
    for (is_stale, badge) in [
        (false, None),
        (true, None),
        (false, Some(IconBadge::UnseenAlerts)),
        (false, Some(IconBadge::Problem)),
        (false, Some(IconBadge::Waiting)),
    ] {
        let state = |gauge| IconSpec { figure: figure.clone(), gauge, bars: None, is_stale, badge, theme };
        icons.extend(sample_gauges().map(state));
    }
    let old = Some(LimitGauge::from_percent(38.0).with_stale(true));
    icons.push(IconSpec { figure: figure.clone(), gauge: old, theme, ..usual_icon() });
    icons
}

/// Returns the icons with two bars: one for each state of [`all_states`].
fn bar_states(theme: IconTheme) -> Vec<IconSpec> {
    let week = Some(LimitGauge::from_percent(61.0));
    let with_bars = |spec: IconSpec| {
        let week = if spec.gauge.is_some() { week } else { None };
        IconSpec { bars: Some(LimitBars { block: spec.gauge, week }), ..spec }
    };
    all_states(&None, theme).into_iter().map(with_bars).collect()
}

#[rstest]
fn pictures_look_as_they_did(#[values(16, 20, 22, 24, 32, 44, 48)] size: u16) {
    let rows = THEMES.iter().flat_map(|theme| {
        let figures = sample_figures(size).into_iter().map(|figure| all_states(&figure, *theme));
        figures.chain([bar_states(*theme)])
    });
    let rows: Vec<_> = rows.collect();
    let cell = usize::from(size);
    let mut sheet = ImageSheet::transparent(cell * rows[0].len(), cell * rows.len());
    for (row, icons) in rows.iter().enumerate() {
        for (column, spec) in icons.iter().enumerate() {
            sheet.draw(column * cell, row * cell, cell, &spec.render(IconSize::from_pixels(size), PixelFormat::Rgba));
        }
    }
    assert_image(&image_folder().join(format!("{size}.png")), &sheet);
}

/// The themes with the panel colors they are made for.
const PANELS: [(IconTheme, Rgb); 4] = [
    (IconTheme::Light, [0x2b, 0x2d, 0x31]),
    (IconTheme::Light, [0xe6, 0xe7, 0xea]),
    (IconTheme::Dark, [0xe6, 0xe7, 0xea]),
    (IconTheme::Template, [0xf4, 0xf4, 0xf6]),
];

/// The image of the documentation: the usual states, then each kind of figure, in real size and enlarged four times.
#[test]
fn the_documentation_shows_the_current_icons() {
    let shown = documented_icons();
    let mut sheet = ImageSheet::filled(20 + shown.len() * 100, PANELS.len() * 170, [0xff, 0xff, 0xff]);
    for (row, (theme, panel)) in PANELS.iter().enumerate() {
        let top = row * 170;
        sheet.fill_rect(0, top, sheet.width(), 168, *panel);
        for (column, spec) in shown.iter().enumerate() {
            let spec = IconSpec { theme: *theme, ..spec.clone() };
            let left = 16 + column * 100;
            sheet.draw_enlarged(left, top + 10, 22, 4, &spec.render(IconSize::from_pixels(22), PixelFormat::Rgba));
            let mut at = left;
            for size in [16, 22, 32] {
                let baseline = top + 152 - usize::from(size) / 2 - 16;
                sheet.draw(at, baseline, size.into(), &spec.render(IconSize::from_pixels(size), PixelFormat::Rgba));
                at += usize::from(size) + 8;
            }
        }
    }
    assert_image(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/images/tray-pictures.png")), &sheet);
}

fn documented_icons() -> Vec<IconSpec> {
    let at = |percent| IconSpec { gauge: Some(LimitGauge::from_percent(percent)), ..usual_icon() };
    let bars = |block, week| {
        let [block, week] = [block, week].map(|percent| Some(LimitGauge::from_percent(percent)));
        IconSpec { gauge: block, bars: Some(LimitBars { block, week }), ..usual_icon() }
    };
    let with = |figure| IconSpec { figure: Some(figure), ..usual_icon() };
    vec![
        usual_icon(),
        at(80.0),
        at(94.0),
        at(104.0),
        IconSpec { is_stale: true, ..usual_icon() },
        IconSpec { badge: Some(IconBadge::UnseenAlerts), ..at(80.0) },
        IconSpec { badge: Some(IconBadge::Problem), ..at(38.0) },
        IconSpec { badge: Some(IconBadge::Waiting), ..at(38.0) },
        with(CompactFigure::from_tokens(0)),
        with(CompactFigure::from_tokens(131_000_000)),
        with(CompactFigure::from_dollars(3.41)),
        with(CompactFigure::from_percent(38.0)),
        with(CompactFigure::from_duration(TimeDelta::minutes(130))),
        bars(38.0, 61.0),
        bars(80.0, 66.0),
        IconSpec { figure: None, ..usual_icon() },
        IconSpec { figure: None, ..at(94.0) },
        IconSpec { figure: None, ..at(104.0) },
    ]
}

fn image_folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/icons"))
}

fn assert_image(path: &Path, drawn: &ImageSheet) {
    if std::env::var_os("TOKEN_MONITOR_UPDATE_IMAGES").is_some() {
        write_image(path, drawn);
    }
    let expected = read_image(path);
    let differing = expected.iter().zip(drawn.pixels()).filter(|(expected, drawn)| expected != drawn).count();
    assert!(expected == drawn.pixels(), "{} differs from the drawn icons in {differing} bytes", path.display());
}

fn read_image(path: &Path) -> Vec<u8> {
    let file = File::open(path).expect("the image exists");
    let mut reader = png::Decoder::new(BufReader::new(file)).read_info().expect("the file is a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("the image is small")];
    reader.next_frame(&mut pixels).expect("the image is complete");
    pixels
}

fn write_image(path: &Path, sheet: &ImageSheet) {
    let file = BufWriter::new(File::create(path).expect("the folder exists"));
    let size = |pixels: usize| u32::try_from(pixels).expect("the image is small");
    let mut encoder = png::Encoder::new(file, size(sheet.width()), size(sheet.height()));
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().expect("the header is written");
    writer.write_image_data(sheet.pixels()).expect("the pixels are written");
}
