//! Chooses the columns of a table and their widths.

use crate::render::table::{Cell, ColumnKind, SEPARATOR, Table};
use crate::render::text_width::width_of;

/// The columns of a table that are shown.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The places of the columns, and their widths.
    pub(crate) widths: Vec<(usize, usize)>,
    /// True if numbers are written in short form.
    pub(crate) is_short: bool,
}

impl Layout {
    /// Returns the layout that shows the most in a width.
    pub(crate) fn fit(table: &Table, width: Option<usize>) -> Self {
        let mut layout = Self::natural(table, (0..table.columns.len()).collect(), false);
        let Some(width) = width else { return layout };
        while !layout.shrink_to(table, width) {
            match layout.next_to_leave(table) {
                Some(leaving) => {
                    let shown = layout.widths.iter().map(|(index, _)| *index).filter(|index| *index != leaving);
                    layout = Self::natural(table, shown.collect(), false);
                }
                None => return Self::shortest(table, &layout, width),
            }
        }
        layout
    }

    /// Returns true if a column is shown.
    pub(crate) fn shows(&self, column: usize) -> bool {
        self.widths.iter().any(|(index, _)| *index == column)
    }

    /// Writes numbers in short form, and cuts the first columns if that is not enough.
    fn shortest(table: &Table, layout: &Self, width: usize) -> Self {
        let shown = layout.widths.iter().map(|(index, _)| *index).collect();
        let mut layout = Self::natural(table, shown, true);
        if !layout.shrink_to(table, width) {
            for index in 0..layout.widths.len() {
                let excess = layout.total().saturating_sub(width);
                layout.widths[index].1 -= excess.min(layout.widths[index].1);
            }
        }
        layout
    }

    /// Returns columns in the widths of their contents.
    fn natural(table: &Table, shown: Vec<usize>, is_short: bool) -> Self {
        let width = |index: usize| {
            let cells = table.rows.iter().map(|row: &Vec<Cell>| width_of(row[index].shown(is_short)));
            cells.max().unwrap_or(0).max(width_of(table.columns[index].header))
        };
        Self { widths: shown.into_iter().map(|index| (index, width(index))).collect(), is_short }
    }

    fn total(&self) -> usize {
        let columns: usize = self.widths.iter().map(|(_, width)| width).sum();
        columns + SEPARATOR.len() * self.widths.len().saturating_sub(1)
    }

    /// Shortens texts until the columns fit, the widest first. Returns false if they cannot.
    fn shrink_to(&mut self, table: &Table, width: usize) -> bool {
        while self.total() > width {
            let shrinkable = self.widths.iter_mut().filter(|(index, width)| {
                matches!(table.columns[*index].kind, ColumnKind::Text(least) | ColumnKind::Name(least) if *width > least)
            });
            match shrinkable.max_by_key(|(_, width)| *width) {
                Some((_, width)) => *width -= 1,
                None => return false,
            }
        }
        true
    }

    fn next_to_leave(&self, table: &Table) -> Option<usize> {
        let leaving = self.widths.iter().filter_map(|(index, _)| Some((table.columns[*index].leaves?, *index)));
        leaving.min().map(|(_, index)| index)
    }
}
