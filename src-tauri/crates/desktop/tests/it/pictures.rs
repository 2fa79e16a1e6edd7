//! The icon's pixels, compared byte for byte with the files in `pictures/`.
//!
//! After a wanted change run with `TOKEN_MONITOR_NEW_PICTURES=1`, then look at the files.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::PathBuf;

use rstest::rstest;
use token_monitor_desktop::{Figure, Gauge, Ink, Order, Picture, Side};

fn calm() -> Picture {
    Picture { figure: Figure::of(4_213_902), gauge: Some(Gauge::of(38.0)), stale: false, ink: Ink::Light }
}

#[rstest]
#[case::light("light", calm())]
#[case::dark("dark", Picture { ink: Ink::Dark, ..calm() })]
#[case::template("template", Picture { ink: Ink::Template, ..calm() })]
#[case::stale("stale", Picture { stale: true, ..calm() })]
#[case::old("old", Picture { gauge: calm().gauge.map(|gauge| gauge.grown_old(true)), ..calm() })]
#[case::busy("busy", Picture { gauge: Some(Gauge::of(80.0)), ..calm() })]
#[case::high("high", Picture { gauge: Some(Gauge::of(94.0)), ..calm() })]
#[case::over("over", Picture { gauge: Some(Gauge::of(104.0)), ..calm() })]
#[case::unlimited("unlimited", Picture { gauge: None, ..calm() })]
#[case::widest("widest", Picture { figure: Figure::of(420_000_000), ..calm() })]
fn a_picture_looks_as_it_did(#[case] name: &str, #[case] picture: Picture, #[values(16, 22, 32, 44)] side: u16) {
    let path = file(name, side);
    let drawn = picture.pixels(Side::of(side), Order::Rgba);
    if std::env::var_os("TOKEN_MONITOR_NEW_PICTURES").is_some() {
        write(&path, side, &drawn);
    }
    assert!(read(&path) == drawn, "{} no longer looks like {}", name, path.display());
}

fn file(name: &str, side: u16) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/pictures");
    PathBuf::from(folder).join(format!("{name}-{side}.png"))
}

fn read(path: &PathBuf) -> Vec<u8> {
    let file = File::open(path).expect("the picture's file is there");
    let mut reader = png::Decoder::new(BufReader::new(file)).read_info().expect("it is a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("it is small")];
    reader.next_frame(&mut pixels).expect("it is whole");
    pixels
}

fn write(path: &PathBuf, side: u16, pixels: &[u8]) {
    let file = BufWriter::new(File::create(path).expect("the folder is there"));
    let mut encoder = png::Encoder::new(file, side.into(), side.into());
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().expect("the header is written");
    writer.write_image_data(pixels).expect("the pixels are written");
}
