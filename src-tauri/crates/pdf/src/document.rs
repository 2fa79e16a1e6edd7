//! Draws the laid out pages and writes the file.

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{ArtifactType, ContentTag, Identifier, SpanTag};
use krilla::{Document, SerializeSettings};
use thiserror::Error;

use crate::layout::{Bar, Ink, Item, Layout, Mark, PAGE_SIZE, PdfColumn};
use crate::structure::tag_tree;

/// The error for a document that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("cannot write the PDF: {0}")]
pub struct PdfError(String);

/// A document in the making.
pub struct PdfDocument {
    layout: Layout,
    title: String,
}

impl PdfDocument {
    /// Creates a document whose first heading is its title.
    pub fn new(title: &str) -> Self {
        let mut layout = Layout::new();
        layout.add_heading(1, title);
        Self { layout, title: title.to_owned() }
    }

    /// Adds the heading of a section.
    pub fn add_section(&mut self, title: &str) {
        self.layout.add_heading(2, title);
    }

    /// Adds a paragraph.
    pub fn add_paragraph(&mut self, text: &str) {
        self.layout.add_paragraph(text);
    }

    /// Adds a table. The last row is set apart if `has_total`.
    pub fn add_table(&mut self, columns: &[PdfColumn], rows: &[Vec<String>], has_total: bool) {
        self.layout.add_table(columns, rows, has_total);
    }

    /// Adds a chart of bars. `top` labels the highest one, `description` is read to those who do not see the chart.
    pub fn add_chart(&mut self, bars: &[Bar], top: &str, description: String) {
        self.layout.add_chart(bars, top, description);
    }

    /// Returns the file. `footer` is on each page, `created` the date of the document in UTC.
    ///
    /// # Errors
    ///
    /// If the text has something that a PDF cannot contain.
    pub fn finish(mut self, footer: &str, created: chrono::DateTime<chrono::Utc>) -> Result<Vec<u8>, PdfError> {
        self.layout.add_footers(footer);
        let mut document =
            Document::new_with(SerializeSettings { enable_tagging: true, ..SerializeSettings::default() });
        let mut identifiers: Vec<Vec<Identifier>> = vec![Vec::new(); self.layout.contents];
        for items in &self.layout.pages {
            let settings = PageSettings::from_wh(PAGE_SIZE.0, PAGE_SIZE.1).expect("the size of a page is positive");
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for run in items.chunk_by(|one, next| one.mark() == next.mark()) {
                draw_run(&mut surface, &self.layout, run, &mut identifiers);
            }
            surface.finish();
            page.finish();
        }
        document.set_tag_tree(tag_tree(&self.layout.structure, &identifiers));
        document.set_metadata(metadata(&self.title, created));
        document.finish().map_err(|error| PdfError(format!("{error:?}")))
    }
}

fn metadata(title: &str, created: chrono::DateTime<chrono::Utc>) -> Metadata {
    use chrono::{Datelike, Timelike};
    let narrow = |number: u32| u8::try_from(number).unwrap_or_default();
    let date = DateTime::new(u16::try_from(created.year()).unwrap_or_default())
        .month(narrow(created.month()))
        .day(narrow(created.day()))
        .hour(narrow(created.hour()))
        .minute(narrow(created.minute()))
        .second(narrow(created.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(title.to_owned())
        .creator(format!("Token Monitor {}", env!("CARGO_PKG_VERSION")))
        .language("en".to_owned())
        .creation_date(date)
}

/// Draws items that belong together, under one tag.
fn draw_run(surface: &mut Surface<'_>, layout: &Layout, run: &[Item], identifiers: &mut [Vec<Identifier>]) {
    let Some(mark) = run.first().map(Item::mark) else { return };
    let tag = match (mark, run) {
        (Mark::Content(_), [Item::Text { .. }]) => ContentTag::Span(SpanTag::empty()),
        (Mark::Content(_), _) => ContentTag::Other,
        (Mark::Decoration, _) => ContentTag::Artifact(ArtifactType::Other),
        (Mark::Footer, _) => ContentTag::Artifact(ArtifactType::Footer),
    };
    let identifier = surface.start_tagged(tag);
    run.iter().for_each(|item| draw_item(surface, layout, item));
    surface.end_tagged();
    if let Mark::Content(number) = mark {
        identifiers[number].push(identifier);
    }
}

fn draw_item(surface: &mut Surface<'_>, layout: &Layout, item: &Item) {
    match item {
        Item::Text { x, baseline, size, weight, ink, text, .. } => {
            let font = layout.font(*weight);
            surface.set_fill(Some(fill_of(*ink)));
            let start = Point::from_xy(*x, *baseline);
            surface.draw_glyphs(start, &font.glyphs(text), font.font.clone(), text, *size, false);
        }
        Item::Rectangle { x, y, width, height, ink, .. } => {
            let Some(rectangle) = Rect::from_xywh(*x, *y, *width, *height) else { return };
            let mut path = PathBuilder::new();
            path.push_rect(rectangle);
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill_of(*ink)));
                surface.draw_path(&path);
            }
        }
    }
}

fn fill_of(ink: Ink) -> Fill {
    let color = match ink {
        Ink::Text => rgb::Color::new(28, 27, 25),
        Ink::Muted => rgb::Color::new(94, 91, 86),
        Ink::Rule => rgb::Color::new(200, 196, 188),
        Ink::Bar => rgb::Color::new(190, 92, 54),
    };
    Fill { paint: color.into(), ..Fill::default() }
}
