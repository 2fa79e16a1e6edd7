//! Tables that fit the screen: columns leave in a fixed order, and one column takes the room that is left.

use ratatui::text::{Line, Span};

use crate::live::theme::Role;
use crate::live::view::scene::Scene;
use crate::live::view::text::{cells, pad_end, pad_start};

/// The cells between two columns.
const GAP: usize = 2;

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    /// The width in cells; the least one of a column that grows.
    pub(crate) width: usize,
    /// The most cells of a column that grows; equal to `width` for the others.
    pub(crate) max_width: usize,
    pub(crate) is_number: bool,
    /// The order in which columns leave: the largest leaves first, zero never leaves.
    pub(crate) leaves: u8,
}

impl Column {
    /// Creates a column of text.
    pub(crate) const fn text(title: &'static str, width: usize, leaves: u8) -> Self {
        Self { title, width, max_width: width, is_number: false, leaves }
    }

    /// Creates a column that takes the room that is left, up to a width.
    pub(crate) const fn growing(title: &'static str, width: usize, max_width: usize, leaves: u8) -> Self {
        Self { title, width, max_width, is_number: false, leaves }
    }

    /// Creates a column of numbers, which are aligned to the right.
    pub(crate) const fn number(title: &'static str, width: usize, leaves: u8) -> Self {
        Self { title, width, max_width: width, is_number: true, leaves }
    }
}

/// The columns that fit, with their widths.
#[derive(Clone, Debug)]
pub(crate) struct TableLayout {
    /// The index of each shown column among all columns, and its width.
    shown: Vec<(usize, usize)>,
    columns: &'static [Column],
}

impl TableLayout {
    /// Fits columns into a number of cells.
    pub(crate) fn fit(columns: &'static [Column], width: usize) -> Self {
        let mut shown: Vec<usize> = (0..columns.len()).collect();
        let least = |shown: &[usize]| {
            shown.iter().map(|place| columns[*place].width).sum::<usize>() + GAP * shown.len().saturating_sub(1)
        };
        while least(&shown) > width {
            let Some(place) = (0..shown.len()).max_by_key(|place| columns[shown[*place]].leaves) else { break };
            if columns[shown[place]].leaves == 0 {
                break;
            }
            shown.remove(place);
        }
        let mut room = width.saturating_sub(least(&shown));
        let grow = |place: usize| {
            let column = &columns[place];
            let more = room.min(column.max_width - column.width);
            room -= more;
            (place, column.width + more)
        };
        Self { shown: shown.into_iter().map(grow).collect(), columns }
    }

    /// Returns the width of a column, or `None` if it is not shown.
    pub(crate) fn width_of(&self, title: &str) -> Option<usize> {
        self.shown.iter().find(|(place, _)| self.columns[*place].title == title).map(|(_, width)| *width)
    }

    /// Returns the line of titles.
    pub(crate) fn header(&self, scene: &Scene<'_>) -> Line<'static> {
        let titles = self.columns.iter().map(|column| vec![scene.span(Role::Dim, column.title)]).collect();
        self.line(titles)
    }

    /// Returns a line with the cells of all columns, of which those that fit are shown.
    pub(crate) fn line(&self, mut row: Vec<Vec<Span<'static>>>) -> Line<'static> {
        let mut spans = Vec::new();
        for (order, (place, width)) in self.shown.iter().enumerate() {
            if order > 0 {
                spans.push(Span::raw(" ".repeat(GAP)));
            }
            let cell = row.get_mut(*place).map(std::mem::take).unwrap_or_default();
            spans.extend(align(cell, *width, self.columns[*place].is_number));
        }
        Line::from(spans)
    }
}

/// Returns the spans of a cell in exactly `width` cells.
fn align(cell: Vec<Span<'static>>, width: usize, is_number: bool) -> Vec<Span<'static>> {
    if let [span] = cell.as_slice() {
        let text = if is_number { pad_start(&span.content, width) } else { pad_end(&span.content, width) };
        return vec![Span::styled(text, span.style)];
    }
    let mut line = crate::live::view::scene::fit_line(Line::from(cell), width);
    let used: usize = line.spans.iter().map(|span| cells(&span.content)).sum();
    let padding = Span::raw(" ".repeat(width - used));
    if is_number {
        line.spans.insert(0, padding);
    } else {
        line.spans.push(padding);
    }
    line.spans
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column::growing("Name", 10, 30, 0),
        Column::number("Tokens", 7, 1),
        Column::text("Branch", 12, 3),
        Column::number("Cost", 8, 2),
    ];

    fn titles(width: usize) -> Vec<&'static str> {
        TableLayout::fit(COLUMNS, width).shown.iter().map(|(place, _)| COLUMNS[*place].title).collect()
    }

    #[test]
    fn columns_leave_in_their_order() {
        assert_eq!(titles(80), ["Name", "Tokens", "Branch", "Cost"]);
        assert_eq!(titles(42), ["Name", "Tokens", "Cost"]);
        assert_eq!(titles(28), ["Name", "Tokens"]);
        assert_eq!(titles(5), ["Name"], "the first never leaves");
    }

    #[test]
    fn a_line_is_as_wide_as_its_columns() {
        for width in [29, 43, 60, 200] {
            let layout = TableLayout::fit(COLUMNS, width);
            let row = || ["名前が長いセッション", "1.2M", "main", "$3"].map(|text| vec![Span::raw(text)]).to_vec();
            let line = layout.line(row());
            assert!(line.width() <= width, "{width}: {}", line.width());
            assert_eq!(line.width(), layout.line(vec![Vec::new(); 4]).width(), "an empty row is as wide");
        }
    }
}
