//! The state of the live view. Pure: a message changes it and returns what has to be done.
//!
//! The state never reads a clock and never sends anything. Figures are those of the latest snapshot, or of the frozen
//! one, and lists are queried again when the snapshot's revision changes and the list is on the screen.

mod answers;
pub(crate) mod feed;
pub(crate) mod keys;
pub(crate) mod line_input;
pub(crate) mod list_cursor;
pub(crate) mod message;
mod mouse;
pub(crate) mod overlay;
pub(crate) mod page;
pub(crate) mod past_pages;
mod press;
mod prompts;
pub(crate) mod sessions_page;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use token_monitor_core::report::model::Snapshot;
use token_monitor_engine::Request;

use crate::live::app::feed::Feed;
use crate::live::app::list_cursor::ListCursor;
use crate::live::app::message::{Effect, Message};
use crate::live::app::overlay::Overlay;
use crate::live::app::page::Page;
use crate::live::app::past_pages::{BlocksPage, HistoryPage};
use crate::live::app::sessions_page::SessionsPage;
use crate::live::hit_map::HitMap;
use crate::live::session_row::current_rows;
use crate::live::theme::ThemeName;
use crate::render::progress::ImportStart;

/// A line at the bottom of the screen, until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) text: String,
    pub(crate) is_error: bool,
}

/// What is compared in charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Tokens,
    Cost,
}

/// The state of the live view.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) page: Page,
    pub(crate) overlay: Overlay,
    pub(crate) notice: Option<Notice>,
    pub(crate) sessions: SessionsPage,
    pub(crate) blocks: BlocksPage,
    pub(crate) history: HistoryPage,
    pub(crate) measure: Measure,
    pub(crate) theme: ThemeName,
    /// The selection among the sessions of the page *Now*.
    pub(crate) now_cursor: ListCursor,
    pub(crate) is_connected: bool,
    /// The start of the import, while logs are read.
    pub(crate) import_start: Option<ImportStart>,
    /// The places on the screen that react to the mouse, of the last drawing.
    pub(crate) hits: HitMap,
    latest: Arc<Snapshot>,
    frozen: Option<(Arc<Snapshot>, DateTime<Utc>)>,
}

impl App {
    /// Creates the state with a first snapshot.
    pub(crate) fn new(snapshot: Arc<Snapshot>, page: Page, theme: ThemeName) -> Self {
        let mut app = Self {
            page,
            overlay: Overlay::None,
            notice: None,
            sessions: SessionsPage::new(),
            blocks: BlocksPage::new(),
            history: HistoryPage::new(),
            measure: Measure::Tokens,
            theme,
            now_cursor: ListCursor::default(),
            is_connected: true,
            import_start: ImportStart::first_seen(&snapshot.progress, snapshot.at),
            hits: HitMap::default(),
            latest: snapshot,
            frozen: None,
        };
        app.count_current_rows();
        app
    }

    /// Returns the snapshot that is shown.
    pub(crate) fn snapshot(&self) -> &Snapshot {
        self.frozen.as_ref().map_or(&self.latest, |(snapshot, _)| snapshot)
    }

    /// Returns the snapshot that is shown, for a drawing that also changes the state.
    pub(crate) fn shared_snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(self.frozen.as_ref().map_or(&self.latest, |(snapshot, _)| snapshot))
    }

    /// Returns the time that is shown: now, or when the figures were frozen.
    pub(crate) fn shown_time(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.frozen.as_ref().map_or(now, |(_, at)| *at)
    }

    /// Returns true if the figures are frozen.
    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen.is_some()
    }

    /// Changes the state by a message, and returns what has to be done.
    pub(crate) fn update(&mut self, message: Message, now: DateTime<Utc>) -> Vec<Effect> {
        let mut effects = match message {
            Message::Key(key) => self.press(key, now),
            Message::Paste(text) => self.paste(&text),
            Message::Mouse(event) => self.point(event, now),
            Message::Snapshot(snapshot) => self.accept_snapshot(snapshot),
            Message::Answer(request, result) => self.accept_answer(request, result.map(|response| *response)),
            Message::Disconnected => self.disconnect(),
            Message::Connected => self.reconnect(),
            Message::FileWritten(result) => self.report_file(result),
            Message::Wake => Vec::new(),
        };
        effects.extend(self.due_queries(now));
        effects
    }

    /// Returns when a query becomes due, if none is sent before.
    pub(crate) fn next_query_due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.is_frozen() || !self.is_connected {
            return None;
        }
        match self.page {
            Page::Now => None,
            Page::Sessions => {
                let detail = self.sessions.detail.as_ref().and_then(|detail| detail.due_at(now));
                [self.sessions.list.due_at(now), detail].into_iter().flatten().min()
            }
            Page::Blocks => self.blocks.list.due_at(now),
            Page::History => self.history.feed.due_at(now),
        }
    }

    /// Returns the queries of the visible page that are due. A frozen page is not queried.
    fn due_queries(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        if self.is_frozen() || !self.is_connected {
            return Vec::new();
        }
        let mut requests = Vec::new();
        match self.page {
            Page::Now => {}
            Page::Sessions => {
                self.sessions.update_query();
                requests.extend(self.sessions.list.next_query(now).map(Request::Sessions));
                let detail = self.sessions.detail.as_mut().and_then(|detail| detail.next_query(now));
                requests.extend(detail.map(|id| SessionsPage::detail_request(&id)));
            }
            Page::Blocks => {
                self.blocks.update_query();
                let query = self.blocks.list.next_query(now);
                requests.extend(query.map(|(offset, limit)| Request::BlockHistory { offset, limit }));
            }
            Page::History => {
                self.history.update_query(self.latest.today.date);
                requests.extend(self.history.feed.next_query(now));
            }
        }
        requests.into_iter().map(Effect::Ask).collect()
    }

    fn accept_snapshot(&mut self, snapshot: Arc<Snapshot>) -> Vec<Effect> {
        let is_changed = self.latest.revision != snapshot.revision || self.latest.today.date != snapshot.today.date;
        let first_seen = ImportStart::first_seen(&snapshot.progress, snapshot.at);
        self.import_start = first_seen.and(self.import_start.or(first_seen));
        self.latest = snapshot;
        if is_changed {
            self.mark_outdated();
        }
        self.count_current_rows();
        Vec::new()
    }

    fn mark_outdated(&mut self) {
        self.sessions.list.mark_outdated();
        self.sessions.detail.iter_mut().for_each(Feed::mark_outdated);
        self.blocks.list.mark_outdated();
        self.history.feed.mark_outdated();
    }

    fn count_current_rows(&mut self) {
        let count = current_rows(self.snapshot()).len();
        self.now_cursor.set_count(count);
    }

    /// Freezes the figures and the time, or continues.
    fn toggle_freeze(&mut self, now: DateTime<Utc>) {
        self.frozen = match self.frozen {
            None => Some((Arc::clone(&self.latest), now)),
            Some(_) => None,
        };
        self.count_current_rows();
    }

    fn disconnect(&mut self) -> Vec<Effect> {
        self.is_connected = false;
        self.sessions.list.forget_asked();
        self.sessions.detail.iter_mut().for_each(Feed::forget_asked);
        self.blocks.list.forget_asked();
        self.history.feed.forget_asked();
        Vec::new()
    }

    fn reconnect(&mut self) -> Vec<Effect> {
        self.is_connected = true;
        self.mark_outdated();
        Vec::new()
    }

    fn report_file(&mut self, result: Result<String, String>) -> Vec<Effect> {
        match result {
            Ok(path) => self.notify(format!("Wrote {path}")),
            Err(error) => self.warn(error),
        }
        Vec::new()
    }

    pub(super) fn notify(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), is_error: false });
    }

    pub(super) fn warn(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), is_error: true });
    }
}
