//! Places headings, paragraphs, tables and charts on pages.

use std::num::NonZeroU16;

use crate::font::{PdfFont, Weight};
use crate::structure::{Role, Structure};

/// The size of a page in points: A4.
pub(crate) const PAGE_SIZE: (f32, f32) = (595.0, 842.0);

/// The space around the text of a page, in points.
pub(crate) const MARGIN: f32 = 54.0;

/// The lowest position of text. The footer is below it.
const BOTTOM: f32 = PAGE_SIZE.1 - MARGIN - 18.0;

/// The width of the text.
const TEXT_WIDTH: f32 = PAGE_SIZE.0 - 2.0 * MARGIN;

/// The size of ordinary text in points, and its distance to the next line.
const TEXT: f32 = 9.5;
const LINE: f32 = 14.0;

/// The height of a chart, without its labels.
const CHART_HEIGHT: f32 = 120.0;

/// The height of a bar of which something is to be seen.
const MIN_BAR: f32 = 1.0;

/// The space between two columns.
const COLUMN_GAP: f32 = 12.0;

/// The color of a thing on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Text,
    Muted,
    Rule,
    Bar,
}

/// The relation of an item to the structure of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A part of the content with a number.
    Content(usize),
    /// Decoration.
    Decoration,
    /// The footer of a page.
    Footer,
}

/// A thing on a page.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Text { x: f32, baseline: f32, size: f32, weight: Weight, ink: Ink, text: String, mark: Mark },
    Rectangle { x: f32, y: f32, width: f32, height: f32, ink: Ink, mark: Mark },
}

impl Item {
    pub(crate) fn mark(&self) -> Mark {
        match self {
            Self::Text { mark, .. } | Self::Rectangle { mark, .. } => *mark,
        }
    }
}

/// The side on which the text of a column begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// The left side.
    Left,
    /// The right side.
    Right,
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct PdfColumn {
    /// The text above the column.
    pub header: &'static str,
    /// The side on which the text begins.
    pub align: Align,
    /// The share of the width.
    pub share: f32,
}

impl PdfColumn {
    /// Returns a column of texts.
    pub const fn left(header: &'static str, share: f32) -> Self {
        Self { header, align: Align::Left, share }
    }

    /// Returns a column of figures.
    pub const fn right(header: &'static str, share: f32) -> Self {
        Self { header, align: Align::Right, share }
    }
}

/// A bar of a chart.
#[derive(Clone, Debug)]
pub struct Bar {
    /// The label below the bar; empty for none.
    pub label: String,
    /// The value, which is not negative.
    pub value: f64,
}

/// A document in which everything has its place.
pub(crate) struct Layout {
    pub(crate) pages: Vec<Vec<Item>>,
    pub(crate) structure: Vec<Structure>,
    pub(crate) contents: usize,
    pub(crate) regular: PdfFont,
    pub(crate) semi_bold: PdfFont,
    y: f32,
}

impl Layout {
    pub(crate) fn new() -> Self {
        Self {
            pages: vec![Vec::new()],
            structure: Vec::new(),
            contents: 0,
            regular: PdfFont::load(Weight::Regular),
            semi_bold: PdfFont::load(Weight::SemiBold),
            y: MARGIN,
        }
    }

    pub(crate) fn font(&self, weight: Weight) -> &PdfFont {
        match weight {
            Weight::Regular => &self.regular,
            Weight::SemiBold => &self.semi_bold,
        }
    }

    /// Adds a heading of level 1 or 2. It stays on the page of what follows.
    pub(crate) fn add_heading(&mut self, level: u16, text: &str) {
        let size = if level == 1 { 20.0 } else { 13.0 };
        let above = if self.y > MARGIN { size } else { 0.0 };
        self.need(above + size + 5.0 * LINE);
        self.y += above + size;
        let text = self.semi_bold.shorten(text, size, TEXT_WIDTH);
        let content = self.draw_text((MARGIN, self.y), size, (Weight::SemiBold, Ink::Text), &text);
        let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
        self.structure.push(Structure::Group(Role::Heading(level, text), vec![Structure::Content(content)]));
        self.y += 6.0;
    }

    /// Adds a paragraph.
    pub(crate) fn add_paragraph(&mut self, text: &str) {
        let lines = self.regular.wrap(text, TEXT, TEXT_WIDTH);
        let mut contents = Vec::new();
        for line in lines {
            self.need(LINE);
            self.y += LINE;
            contents.push(Structure::Content(self.draw_text(
                (MARGIN, self.y),
                TEXT,
                (Weight::Regular, Ink::Text),
                &line,
            )));
        }
        self.structure.push(Structure::Group(Role::Paragraph, contents));
        self.y += 4.0;
    }

    /// Adds a table. Its header is repeated on each page. The last row is set apart if `has_total`.
    pub(crate) fn add_table(&mut self, columns: &[PdfColumn], rows: &[Vec<String>], has_total: bool) {
        self.need(3.0 * LINE);
        let headers: Vec<String> = columns.iter().map(|column| column.header.to_owned()).collect();
        let mut parts = vec![self.draw_row(columns, &headers, Some(&Role::HeaderCell))];
        self.draw_rule();
        for (index, row) in rows.iter().enumerate() {
            if self.y + LINE > BOTTOM {
                self.start_page();
                self.draw_row(columns, &headers, None);
                self.draw_rule();
            }
            let is_total = has_total && index + 1 == rows.len();
            if is_total {
                self.draw_rule();
            }
            parts.push(self.draw_row(columns, row, Some(&Role::Cell)));
        }
        self.structure.push(Structure::Group(Role::Table, parts));
        self.y += 6.0;
    }

    /// Adds a chart of bars with a description for those who do not see it. `top` labels the highest bar.
    pub(crate) fn add_chart(&mut self, bars: &[Bar], top: &str, description: String) {
        self.need(CHART_HEIGHT + 3.0 * LINE);
        let content = self.next_content();
        let (first, baseline) = (self.y + LINE, self.y + LINE + CHART_HEIGHT);
        let mark = Mark::Content(content);
        self.text_item((MARGIN, first - 3.0), 7.5, Ink::Muted, top.to_owned(), mark);
        let step = TEXT_WIDTH / bars.len().max(1) as f32;
        let highest = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
        for (index, bar) in bars.iter().enumerate() {
            let share = if highest > 0.0 { bar.value / highest } else { 0.0 };
            let height = if bar.value > 0.0 { (CHART_HEIGHT * share as f32).max(MIN_BAR) } else { 0.0 };
            let x = MARGIN + step * index as f32;
            if height > 0.0 {
                let (width, y) = (step * 0.72, baseline - height);
                self.push(Item::Rectangle { x: x + step * 0.14, y, width, height, ink: Ink::Bar, mark });
            }
            let width = self.regular.width(&bar.label, 7.5);
            self.text_item((x + (step - width) / 2.0, baseline + 10.0), 7.5, Ink::Muted, bar.label.clone(), mark);
        }
        let rule = Item::Rectangle { x: MARGIN, y: baseline, width: TEXT_WIDTH, height: 0.6, ink: Ink::Rule, mark };
        self.push(rule);
        self.structure.push(Structure::Group(Role::Figure(description), vec![Structure::Content(content)]));
        self.y = baseline + LINE + 4.0;
    }

    /// Adds a footer to each page, with the number of the page on the right.
    pub(crate) fn add_footers(&mut self, text: &str) {
        let (baseline, count) = (PAGE_SIZE.1 - MARGIN + 6.0, self.pages.len());
        for page in 0..count {
            let number = format!("Page {} of {count}", page + 1);
            let x = PAGE_SIZE.0 - MARGIN - self.regular.width(&number, 8.0);
            for (x, text) in [(MARGIN, text.to_owned()), (x, number)] {
                let (weight, ink, mark) = (Weight::Regular, Ink::Muted, Mark::Footer);
                self.pages[page].push(Item::Text { x, baseline, size: 8.0, weight, ink, text, mark });
            }
        }
    }

    /// Draws a row and returns its structure. Without a role it is a repetition, which is no part of the structure.
    fn draw_row(&mut self, columns: &[PdfColumn], cells: &[String], role: Option<&Role>) -> Structure {
        self.y += LINE;
        let is_header = !matches!(role, Some(Role::Cell));
        let (weight, ink) = if is_header { (Weight::SemiBold, Ink::Muted) } else { (Weight::Regular, Ink::Text) };
        let shares: f32 = columns.iter().map(|column| column.share).sum();
        let room = TEXT_WIDTH - COLUMN_GAP * columns.len().saturating_sub(1) as f32;
        let (mut x, mut parts) = (MARGIN, Vec::new());
        for (column, cell) in columns.iter().zip(cells) {
            let width = room * column.share / shares;
            let text = self.font(weight).shorten(cell, TEXT, width);
            let indent = match column.align {
                Align::Left => 0.0,
                Align::Right => width - self.font(weight).width(&text, TEXT),
            };
            let content = role.is_some().then(|| self.next_content());
            let mark = content.map_or(Mark::Decoration, Mark::Content);
            let baseline = self.y;
            self.push(Item::Text { x: x + indent, baseline, size: TEXT, weight, ink, text, mark });
            if let (Some(role), Some(content)) = (role, content) {
                parts.push(Structure::Group(role.clone(), vec![Structure::Content(content)]));
            }
            x += width + COLUMN_GAP;
        }
        Structure::Group(Role::Row, parts)
    }

    fn draw_rule(&mut self) {
        self.y += 3.5;
        let (y, mark) = (self.y, Mark::Decoration);
        self.push(Item::Rectangle { x: MARGIN, y, width: TEXT_WIDTH, height: 0.6, ink: Ink::Rule, mark });
    }

    /// Draws a text and returns the number of the content.
    fn draw_text(&mut self, (x, baseline): (f32, f32), size: f32, (weight, ink): (Weight, Ink), text: &str) -> usize {
        let content = self.next_content();
        let (text, mark) = (text.to_owned(), Mark::Content(content));
        self.push(Item::Text { x, baseline, size, weight, ink, text, mark });
        content
    }

    fn text_item(&mut self, (x, baseline): (f32, f32), size: f32, ink: Ink, text: String, mark: Mark) {
        if !text.is_empty() {
            self.push(Item::Text { x, baseline, size, weight: Weight::Regular, ink, text, mark });
        }
    }

    fn next_content(&mut self) -> usize {
        self.contents += 1;
        self.contents - 1
    }

    fn push(&mut self, item: Item) {
        self.pages.last_mut().expect("there is always a page").push(item);
    }

    /// Starts a page unless there is room for some height.
    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.start_page();
        }
    }

    fn start_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = MARGIN;
    }
}
