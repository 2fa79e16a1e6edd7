//! The state of the page *Sessions*: the query, the loaded rows, the selection and the opened session.

use chrono::TimeDelta;
use token_monitor_core::report::model::{SessionDetail, SessionPage, SessionSort, SessionStats};
use token_monitor_engine::{Request, SessionQuery};

use crate::live::app::feed::Feed;
use crate::live::app::list_cursor::ListCursor;

/// The shortest time between two queries of a list while figures change.
const LIST_INTERVAL: TimeDelta = TimeDelta::milliseconds(250);

/// The orders, in the sequence of the key.
const SORTS: [SessionSort; 4] = [SessionSort::Recent, SessionSort::Tokens, SessionSort::Cost, SessionSort::Name];

/// The list of sessions, and the session that is opened.
#[derive(Clone, Debug)]
pub(crate) struct SessionsPage {
    pub(crate) list: Feed<SessionQuery, SessionPage>,
    pub(crate) cursor: ListCursor,
    pub(crate) detail: Option<Feed<String, Box<SessionDetail>>>,
    pub(crate) search: String,
    pub(crate) sort: SessionSort,
    pub(crate) includes_all: bool,
    loaded_from: usize,
    selected_id: Option<String>,
}

impl SessionsPage {
    pub(crate) fn new() -> Self {
        Self {
            list: Feed::new(SessionQuery::default(), LIST_INTERVAL),
            cursor: ListCursor::default(),
            detail: None,
            search: String::new(),
            sort: SessionSort::Recent,
            includes_all: false,
            loaded_from: 0,
            selected_id: None,
        }
    }

    /// Returns a row of the list, if it is loaded.
    pub(crate) fn row(&self, index: usize) -> Option<&SessionStats> {
        self.list.result.as_ref()?.sessions.get(index.checked_sub(self.loaded_from)?)
    }

    /// Returns the opened session, or else the selected one.
    pub(crate) fn target(&self) -> Option<&SessionStats> {
        let opened = self.detail.as_ref().and_then(|detail| detail.result.as_ref()).map(|detail| &detail.session);
        opened.or_else(|| self.row(self.cursor.selected()?))
    }

    /// Makes the list follow the search, the order and the scroll position.
    pub(crate) fn update_query(&mut self) {
        let window = self.cursor.window();
        let search = Some(self.search.trim().to_owned()).filter(|search| !search.is_empty());
        self.list.want(SessionQuery {
            offset: window.start,
            limit: window.len(),
            search,
            include_hidden: self.includes_all,
            sort: self.sort,
        });
    }

    /// Accepts the answer to a query of the list. The selection stays on its session where that is loaded.
    pub(crate) fn accept_list(&mut self, query: &SessionQuery, result: Result<SessionPage, String>) {
        let is_loaded = result.is_ok();
        if !self.list.accept(query, result) || !is_loaded {
            return;
        }
        self.loaded_from = query.offset;
        let Some(page) = &self.list.result else { return };
        self.cursor.set_count(usize::try_from(page.count).unwrap_or(usize::MAX));
        let is_selected = |row: &SessionStats| Some(&row.session_id) == self.selected_id.as_ref();
        match page.sessions.iter().position(is_selected) {
            Some(place) => self.cursor.select(query.offset + place),
            None => self.remember_selected(),
        }
    }

    /// Moves in the list. An opened session is replaced by the one that is selected then.
    pub(crate) fn move_in_list(&mut self, step: impl FnOnce(&mut ListCursor)) {
        step(&mut self.cursor);
        self.remember_selected();
        if let (Some(detail), Some(id)) = (&mut self.detail, &self.selected_id) {
            detail.want(id.clone());
        }
    }

    /// Starts at the first row, of another search or order.
    pub(crate) fn restart_list(&mut self) {
        self.selected_id = None;
        self.cursor.move_to_first();
    }

    /// Selects the next order.
    pub(crate) fn next_sort(&mut self) {
        let place = SORTS.iter().position(|sort| *sort == self.sort).unwrap_or_default();
        self.sort = SORTS[(place + 1) % SORTS.len()];
        self.restart_list();
    }

    /// Shows older and hidden sessions as well, or leaves them out again.
    pub(crate) fn toggle_older(&mut self) {
        self.includes_all = !self.includes_all;
        self.restart_list();
    }

    /// Opens a session.
    pub(crate) fn open(&mut self, id: &str) {
        match &mut self.detail {
            Some(detail) => detail.want(id.to_owned()),
            None => self.detail = Some(Feed::new(id.to_owned(), LIST_INTERVAL)),
        }
    }

    /// Opens the selected session.
    pub(crate) fn open_selected(&mut self) {
        let id = self.cursor.selected().and_then(|row| self.row(row)).map(|row| row.session_id.clone());
        if let Some(id) = id {
            self.open(&id);
        }
    }

    /// Returns the request of an opened session.
    pub(crate) fn detail_request(id: &str) -> Request {
        Request::Session { session: id.to_owned() }
    }

    fn remember_selected(&mut self) {
        let row = self.cursor.selected().and_then(|row| self.row(row));
        self.selected_id = row.map(|row| row.session_id.clone());
    }
}

/// Returns the name of an order.
pub(crate) fn sort_name(sort: SessionSort) -> &'static str {
    match sort {
        SessionSort::Recent => "recent",
        SessionSort::Tokens => "tokens",
        SessionSort::Cost => "cost",
        SessionSort::Name => "name",
    }
}
