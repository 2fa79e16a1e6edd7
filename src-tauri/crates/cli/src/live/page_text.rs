//! The text that is copied from a page: the status from *Now*, the rows on the screen from the others.

use chrono::{DateTime, Utc};

use crate::commands::status::render_snapshot;
use crate::live::app::App;
use crate::live::app::page::Page;
use crate::live::csv::csv_of_page;

/// Returns the text of a page.
pub(crate) fn text_of_page(app: &App, now: DateTime<Utc>) -> String {
    match app.page {
        Page::Now => render_snapshot(app.snapshot(), false),
        Page::Sessions | Page::Blocks | Page::History => csv_of_page(app, now),
    }
}
