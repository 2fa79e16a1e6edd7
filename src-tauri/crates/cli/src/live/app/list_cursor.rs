//! The selection and the scroll position of a list whose rows are loaded in windows.

use std::ops::Range;

/// The rows above and below the visible ones that are loaded as well, so that scrolling by a page finds them.
const MARGIN_ROWS: usize = 50;

/// The selected row and the first visible one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListCursor {
    selected: usize,
    top: usize,
    count: usize,
    rows: usize,
}

impl ListCursor {
    /// Returns the selected row; `None` for an empty list.
    pub(crate) fn selected(&self) -> Option<usize> {
        (self.count > 0).then_some(self.selected)
    }

    /// Returns the visible rows.
    pub(crate) fn visible(&self) -> Range<usize> {
        self.top..(self.top + self.rows).min(self.count)
    }

    /// Returns the number of rows of the whole list.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Returns the rows to load: the visible ones with a margin, in steps, so that small movements load nothing.
    pub(crate) fn window(&self) -> Range<usize> {
        let start = self.top.saturating_sub(MARGIN_ROWS) / MARGIN_ROWS * MARGIN_ROWS;
        let end = (self.top + self.rows.max(1) + MARGIN_ROWS).div_ceil(MARGIN_ROWS) * MARGIN_ROWS;
        start..end
    }

    /// Sets the number of rows of the whole list.
    pub(crate) fn set_count(&mut self, count: usize) {
        self.count = count;
        self.select(self.selected);
    }

    /// Sets the number of visible rows.
    pub(crate) fn set_rows(&mut self, rows: usize) {
        self.rows = rows;
        self.select(self.selected);
    }

    /// Selects a row, and scrolls so that it is visible.
    pub(crate) fn select(&mut self, row: usize) {
        self.selected = row.min(self.count.saturating_sub(1));
        let last_top = self.count.saturating_sub(self.rows);
        let lowest_top = (self.selected + 1).saturating_sub(self.rows);
        self.top = self.top.clamp(lowest_top.min(self.selected), self.selected).min(last_top.max(lowest_top));
    }

    /// Moves the selection, at most to an end of the list.
    pub(crate) fn move_by(&mut self, step: isize) {
        self.select(self.selected.saturating_add_signed(step));
    }

    /// Moves the selection by a page.
    pub(crate) fn move_by_page(&mut self, pages: isize) {
        self.move_by(pages * (self.rows.saturating_sub(1).max(1) as isize));
    }

    /// Selects the first row.
    pub(crate) fn move_to_first(&mut self) {
        self.select(0);
    }

    /// Selects the last row.
    pub(crate) fn move_to_last(&mut self) {
        self.select(self.count.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cursor(count: usize, rows: usize) -> ListCursor {
        let mut cursor = ListCursor::default();
        cursor.set_count(count);
        cursor.set_rows(rows);
        cursor
    }

    #[test]
    fn the_list_scrolls_only_when_the_selection_leaves_it() {
        let mut list = cursor(100, 10);
        list.move_by(9);
        assert_eq!((list.selected(), list.visible()), (Some(9), 0..10));
        list.move_by(1);
        assert_eq!((list.selected(), list.visible()), (Some(10), 1..11));
        list.move_to_last();
        assert_eq!((list.selected(), list.visible()), (Some(99), 90..100));
        list.move_by_page(-1);
        assert_eq!((list.selected(), list.visible()), (Some(90), 90..100));
        list.move_to_first();
        assert_eq!((list.selected(), list.visible()), (Some(0), 0..10));
    }

    #[test]
    fn an_empty_list_has_no_selection() {
        let mut list = cursor(0, 10);
        list.move_by(3);
        assert_eq!((list.selected(), list.visible()), (None, 0..0));
    }

    #[test]
    fn a_shorter_list_keeps_its_last_row_selected() {
        let mut list = cursor(100, 10);
        list.select(80);
        list.set_count(40);
        assert_eq!((list.selected(), list.visible()), (Some(39), 30..40));
    }

    proptest! {
        #[test]
        fn the_selection_is_visible_and_loaded(
            steps in prop::collection::vec((-40isize..40, 0usize..60, 0usize..30), 1..30)
        ) {
            let mut list = ListCursor::default();
            for (step, count, rows) in steps {
                list.set_count(count);
                list.set_rows(rows);
                list.move_by(step);
                let visible = list.visible();
                if let Some(selected) = list.selected() {
                    prop_assert!(selected < count);
                    prop_assert!(rows == 0 || visible.contains(&selected), "{selected} in {visible:?}");
                }
                let window = list.window();
                prop_assert!(window.start <= visible.start && visible.end <= window.end.max(visible.start));
            }
        }
    }
}
