//! The icon's pixels, compared byte for byte with the files in `pictures/`: one sheet for each side with every
//! picture on it, and one of all sides on both kinds of panel that the documentation shows.
//!
//! After a wanted change run with `TOKEN_MONITOR_NEW_PICTURES=1`, then look at the files.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use rstest::rstest;
use token_monitor_tray::{Figure, Gauge, Ink, Order, Picture, Side};

use crate::sheet::{Rgb, Sheet};

/// What a person sees on a usual day.
pub(crate) fn calm() -> Picture {
    let figure = Some(Figure::of(4_213_902));
    Picture { figure, gauge: Some(Gauge::of(38.0)), stale: false, unseen: false, ink: Ink::Light }
}

/// One of each kind, the bare icon last, and the widest. Where panels seldom look, three say enough.
fn figures(side: u16) -> Vec<Option<Figure>> {
    if ![16, 22].contains(&side) {
        return vec![calm().figure, Some(Figure::of_percent(38.0)), None];
    }
    vec![
        Some(Figure::of(4_213_902)),
        Some(Figure::of(420_000_000)),
        Some(Figure::of_dollars(3.41)),
        Some(Figure::of_percent(38.0)),
        Some(Figure::of_percent(100.0)),
        Some(Figure::of_duration(TimeDelta::minutes(130))),
        Some(Figure::of_duration(TimeDelta::minutes(48))),
        Some(Figure::unknown()),
        None,
    ]
}

const INKS: [Ink; 3] = [Ink::Light, Ink::Dark, Ink::Template];

fn gauges() -> [Option<Gauge>; 5] {
    [None, Some(38.0), Some(80.0), Some(94.0), Some(104.0)].map(|percent| percent.map(Gauge::of))
}

/// Every combination of gauge, staleness and mark, and a share that is old.
fn states(figure: &Option<Figure>, ink: Ink) -> Vec<Picture> {
    let mut pictures = Vec::new();
    for (stale, unseen) in [(false, false), (true, false), (false, true), (true, true)] {
        let state = |gauge| Picture { figure: figure.clone(), gauge, stale, unseen, ink };
        pictures.extend(gauges().map(state));
    }
    let old = Some(Gauge::of(38.0).grown_old(true));
    pictures.push(Picture { figure: figure.clone(), gauge: old, ink, ..calm() });
    pictures
}

#[rstest]
fn pictures_look_as_they_did(#[values(16, 20, 22, 24, 32, 44, 48)] side: u16) {
    let rows = INKS.iter().flat_map(|ink| figures(side).into_iter().map(|figure| states(&figure, *ink)));
    let rows: Vec<_> = rows.collect();
    let cell = usize::from(side);
    let mut sheet = Sheet::clear(cell * rows[0].len(), cell * rows.len());
    for (row, pictures) in rows.iter().enumerate() {
        for (column, picture) in pictures.iter().enumerate() {
            sheet.put(column * cell, row * cell, cell, &picture.pixels(Side::of(side), Order::Rgba));
        }
    }
    compare(&folder().join(format!("{side}.png")), &sheet);
}

/// Where each kind of ink belongs.
const PANELS: [(Ink, Rgb); 4] = [
    (Ink::Light, [0x2b, 0x2d, 0x31]),
    (Ink::Light, [0xe6, 0xe7, 0xea]),
    (Ink::Dark, [0xe6, 0xe7, 0xea]),
    (Ink::Template, [0xf4, 0xf4, 0xf6]),
];

/// What the documentation shows: the usual states, then one of each figure, in real size and four times as large.
#[test]
fn the_documentation_shows_what_is_drawn() {
    let shown = shown();
    let mut sheet = Sheet::filled(20 + shown.len() * 100, PANELS.len() * 170, [0xff, 0xff, 0xff]);
    for (row, (ink, panel)) in PANELS.iter().enumerate() {
        let top = row * 170;
        sheet.paint(0, top, sheet.width(), 168, *panel);
        for (column, picture) in shown.iter().enumerate() {
            let picture = Picture { ink: *ink, ..picture.clone() };
            let left = 16 + column * 100;
            sheet.put_enlarged(left, top + 10, 22, 4, &picture.pixels(Side::of(22), Order::Rgba));
            let mut at = left;
            for side in [16, 22, 32] {
                let baseline = top + 152 - usize::from(side) / 2 - 16;
                sheet.put(at, baseline, side.into(), &picture.pixels(Side::of(side), Order::Rgba));
                at += usize::from(side) + 8;
            }
        }
    }
    compare(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/images/tray-pictures.png")), &sheet);
}

fn shown() -> Vec<Picture> {
    let at = |percent| Picture { gauge: Some(Gauge::of(percent)), ..calm() };
    let with = |figure| Picture { figure: Some(figure), ..calm() };
    vec![
        calm(),
        at(80.0),
        at(94.0),
        at(104.0),
        Picture { stale: true, ..calm() },
        Picture { unseen: true, ..at(80.0) },
        with(Figure::of_dollars(3.41)),
        with(Figure::of_percent(38.0)),
        with(Figure::of_duration(TimeDelta::minutes(130))),
        Picture { figure: None, ..calm() },
        Picture { figure: None, ..at(94.0) },
        Picture { figure: None, ..at(104.0) },
    ]
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/pictures"))
}

fn compare(path: &Path, drawn: &Sheet) {
    if std::env::var_os("TOKEN_MONITOR_NEW_PICTURES").is_some() {
        write(path, drawn);
    }
    let kept = read(path);
    let differing = kept.iter().zip(drawn.pixels()).filter(|(kept, drawn)| kept != drawn).count();
    assert!(kept == drawn.pixels(), "{} no longer looks like what is drawn: {differing} bytes differ", path.display());
}

fn read(path: &Path) -> Vec<u8> {
    let file = File::open(path).expect("the picture's file is there");
    let mut reader = png::Decoder::new(BufReader::new(file)).read_info().expect("it is a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("it is small")];
    reader.next_frame(&mut pixels).expect("it is whole");
    pixels
}

fn write(path: &Path, sheet: &Sheet) {
    let file = BufWriter::new(File::create(path).expect("the folder is there"));
    let size = |pixels: usize| u32::try_from(pixels).expect("it is small");
    let mut encoder = png::Encoder::new(file, size(sheet.width()), size(sheet.height()));
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().expect("the header is written");
    writer.write_image_data(sheet.pixels()).expect("the pixels are written");
}
