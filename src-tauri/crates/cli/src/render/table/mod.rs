//! Tables that fit a width.
//!
//! If a table is too wide, its names are shortened first. Then columns leave, each table in its own fixed order. Then
//! numbers are written in short form. No line is ever longer than the width.

mod layout;

use token_monitor_core::text::sanitize::sanitize_layout;

use crate::render::table::layout::Layout;
use crate::render::text_width::{shorten_end, shorten_middle, width_of};

/// The space between two columns.
const SEPARATOR: &str = "  ";

/// The kind of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    /// Text that is never shortened, such as a date.
    Fixed,
    /// Text that may be shortened at its end to this width.
    Text(usize),
    /// A name or path that may be shortened in its middle to this width.
    Name(usize),
    /// A number, on the right.
    Number,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    header: &'static str,
    kind: ColumnKind,
    /// The place in the order in which columns leave; `None` if it stays.
    leaves: Option<u8>,
}

impl Column {
    /// Creates a column that stays.
    pub(crate) const fn new(header: &'static str, kind: ColumnKind) -> Self {
        Self { header, kind, leaves: None }
    }

    /// Changes how the column may be shortened.
    pub(crate) const fn with_kind(self, kind: ColumnKind) -> Self {
        Self { kind, ..self }
    }

    /// Lets the column leave a table that is too wide. Columns with lower places leave first.
    pub(crate) const fn leaves(self, place: u8) -> Self {
        Self { leaves: Some(place), ..self }
    }
}

/// A cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    text: String,
    /// The short form of a number.
    short: Option<String>,
}

impl Cell {
    /// Creates a cell with sanitized text.
    pub(crate) fn text(text: &str) -> Self {
        Self { text: sanitize_layout(text), short: None }
    }

    /// Creates a cell with a number and its short form.
    pub(crate) fn number(text: String, short: String) -> Self {
        Self { text, short: Some(short) }
    }

    fn shown(&self, is_short: bool) -> &str {
        self.short.as_deref().filter(|_| is_short).unwrap_or(&self.text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// A table as text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RenderedTable {
    /// The lines, without a line break at the end.
    pub(crate) text: String,
    /// The headers of the columns that left.
    pub(crate) left_out: Vec<&'static str>,
}

impl Table {
    /// Creates a table without rows.
    pub(crate) fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row.
    ///
    /// # Panics
    ///
    /// If it does not have a cell for each column: its figures would stand below wrong headers.
    pub(crate) fn add_row(&mut self, row: impl IntoIterator<Item = Cell>) {
        let row: Vec<Cell> = row.into_iter().collect();
        assert_eq!(row.len(), self.columns.len(), "a row has a cell for each column");
        self.rows.push(row);
    }

    /// Renders the table for a width in columns, or without a limit.
    pub(crate) fn render(&self, width: Option<usize>) -> RenderedTable {
        let layout = Layout::fit(self, width);
        let left_out = (0..self.columns.len()).filter(|index| !layout.shows(*index));
        let left_out = left_out.map(|index| self.columns[index].header).filter(|header| !header.is_empty()).collect();
        let headers = self.columns.iter().map(|column| Cell { text: column.header.to_owned(), short: None }).collect();
        let lines = std::iter::once(&headers).chain(&self.rows).map(|row| self.render_row(row, &layout));
        let lines = lines.map(|line| width.map_or(line.clone(), |width| shorten_end(&line, width)));
        RenderedTable { text: lines.collect::<Vec<_>>().join("\n"), left_out }
    }

    fn render_row(&self, row: &[Cell], layout: &Layout) -> String {
        let cells = layout.widths.iter().map(|&(index, width)| {
            let (text, kind) = (row[index].shown(layout.is_short), self.columns[index].kind);
            let text = match kind {
                ColumnKind::Name(_) => shorten_middle(text, width),
                ColumnKind::Fixed | ColumnKind::Text(_) | ColumnKind::Number => shorten_end(text, width),
            };
            let padding = " ".repeat(width - width_of(&text));
            if kind == ColumnKind::Number { padding + &text } else { text + &padding }
        });
        cells.collect::<Vec<_>>().join(SEPARATOR).trim_end().to_owned()
    }
}

/// Returns a sentence about columns that were left out.
pub(crate) fn left_out_note(left_out: &[&str], width: usize) -> String {
    format!("Left out to fit {width} columns: {}. --wide prints all.", left_out.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let columns = vec![
            Column::new("Name", ColumnKind::Name(6)),
            Column::new("Tokens", ColumnKind::Number).leaves(2),
            Column::new("Messages", ColumnKind::Number).leaves(1),
            Column::new("Cost", ColumnKind::Number),
        ];
        let mut table = Table::new(columns);
        let number = |text: &str, short: &str| Cell::number(text.to_owned(), short.to_owned());
        table.add_row([
            Cell::text("/home/ada/shop"),
            number("1,234,567", "1.23M"),
            number("7", "7"),
            number("$3", "$3"),
        ]);
        table
    }

    #[test]
    fn without_a_limit_everything_is_shown() {
        let RenderedTable { text, left_out } = table().render(None);
        assert_eq!(text, "Name               Tokens  Messages  Cost\n/home/ada/shop  1,234,567         7    $3");
        assert_eq!(left_out, Vec::<&str>::new());
    }

    #[test]
    fn names_are_shortened_before_columns_leave() {
        let RenderedTable { text, left_out } = table().render(Some(35));
        assert_eq!(text, "Name         Tokens  Messages  Cost\n/hom…hop  1,234,567         7    $3");
        assert_eq!(left_out, Vec::<&str>::new());
        let RenderedTable { text, left_out } = table().render(Some(30));
        assert_eq!(text, "Name              Tokens  Cost\n/home/…a/shop  1,234,567    $3");
        assert_eq!(left_out, ["Messages"]);
    }

    #[test]
    fn no_line_is_longer_than_the_width() {
        for width in 0..60 {
            let RenderedTable { text, .. } = table().render(Some(width));
            assert!(text.lines().all(|line| width_of(line) <= width), "{width}:\n{text}");
        }
        assert_eq!(table().render(Some(16)).left_out, ["Tokens", "Messages"]);
    }

    #[test]
    fn the_note_names_the_columns() {
        let note = "Left out to fit 80 columns: Input, Output. --wide prints all.";
        assert_eq!(left_out_note(&["Input", "Output"], 80), note);
    }
}
