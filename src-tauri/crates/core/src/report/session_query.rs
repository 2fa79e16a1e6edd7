//! Filters and sorts the session list.
//!
//! Pinned sessions come first, then active ones, then the requested order. Only ids are returned; figures are built for the
//! sessions of one page, so the cost hardly depends on the number of sessions.

use std::cmp::Reverse;

use crate::interner::{Interner, SessionId};
use crate::ledger::session::Session;
use crate::report::model::SessionSort;
use crate::report::snapshot::SnapshotBuilder;
use crate::time::timestamp::Timestamp;

/// The filter and order of a session list.
#[derive(Clone, Debug, Default)]
pub struct SessionFilter {
    /// Lower-case words that a session must all contain. A search also finds hidden and old sessions.
    pub search_words: Vec<String>,
    /// True to include hidden sessions and sessions not used since `oldest`.
    pub include_unlisted: bool,
    /// The time of last use before which sessions are left out, unless they are pinned.
    pub oldest: Timestamp,
    /// The order of the list.
    pub sort: SessionSort,
}

impl SessionFilter {
    /// Adds a search for all words of a text.
    #[must_use]
    pub fn with_search(self, text: &str) -> Self {
        Self { search_words: text.split_whitespace().map(str::to_lowercase).collect(), ..self }
    }
}

/// The sort key of a session: smaller keys come first.
type SessionRank<'a> = (bool, bool, SortKey, Reverse<Option<Timestamp>>, &'a [u8]);

/// The part of the sort key that depends on the requested order.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    None,
    Descending(Reverse<(bool, u128)>),
    Name(String),
}

impl SnapshotBuilder<'_> {
    /// Returns the sessions that pass a filter, in its order.
    pub fn filtered_sessions(&self, filter: &SessionFilter) -> Vec<SessionId> {
        let matcher = SearchMatcher::new(self, &filter.search_words);
        let found = self.ledger.sessions.iter().filter(|(id, session)| {
            !session.models.is_empty()
                && match filter.search_words.is_empty() {
                    true => filter.include_unlisted || self.is_listed(**id, session, filter.oldest),
                    false => matcher.matches_all(**id, session),
                }
        });
        let mut ranked: Vec<_> =
            found.map(|(id, session)| (self.session_rank(*id, session, filter.sort), *id)).collect();
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, id)| id).collect()
    }

    /// Returns the ids of the `max_count` most recently used sessions of the list, and the number of all sessions with
    /// usage, whether they are in the list or not.
    pub fn most_recent(&self, max_count: usize, oldest: Timestamp) -> (Vec<SessionId>, u64) {
        let (mut top, mut count) = (Vec::with_capacity(max_count + 1), 0);
        for (id, session) in &self.ledger.sessions {
            if session.models.is_empty() {
                continue;
            }
            count += 1;
            if self.is_listed(*id, session, oldest) {
                let rank = (session.recency_key(), self.ledger.names.sessions.bytes_of(*id), *id);
                let at = top.partition_point(|known| *known < rank);
                if at < max_count {
                    top.insert(at, rank);
                    top.truncate(max_count);
                }
            }
        }
        (top.into_iter().map(|(.., id)| id).collect(), count)
    }

    /// Returns the number of sessions that are not in the list because they were not used since `oldest`. Hidden sessions
    /// are not counted.
    pub fn older_count(&self, oldest: Timestamp) -> u64 {
        let is_hidden = |id: &SessionId| self.session_metadata(*id).is_some_and(|metadata| metadata.is_hidden);
        let used = self.ledger.sessions.iter().filter(|(_, session)| !session.models.is_empty());
        let older = used.filter(|(id, session)| !is_hidden(id) && !self.is_listed(**id, session, oldest));
        older.count() as u64
    }

    /// Returns true if a session is listed without a search: it is not hidden, and it is pinned, runs or was used since
    /// `oldest`.
    fn is_listed(&self, id: SessionId, session: &Session, oldest: Timestamp) -> bool {
        let used = session.span.is_some_and(|(_, last)| last >= oldest) || self.is_running(id);
        self.session_metadata(id).map_or(used, |metadata| !metadata.is_hidden && (used || metadata.is_pinned))
    }

    fn is_running(&self, id: SessionId) -> bool {
        let running = self.context.running;
        !running.is_empty() && running.get(&self.ledger.names.sessions.text_of(id)).is_some()
    }

    fn session_rank(&self, id: SessionId, session: &Session, sort: SessionSort) -> SessionRank<'_> {
        let pinned = self.session_metadata(id).is_some_and(|metadata| metadata.is_pinned);
        let order = match sort {
            SessionSort::Recent => SortKey::None,
            SessionSort::Tokens => SortKey::Descending(Reverse((true, session.total_usage().tokens.total()))),
            SessionSort::Cost => SortKey::Descending(Reverse(cost_rank(session))),
            SessionSort::Name => SortKey::Name(self.display_name(id).to_lowercase()),
        };
        let spelling = self.ledger.names.sessions.bytes_of(id);
        (!pinned, !self.is_active(session), order, session.recency_key(), spelling)
    }
}

/// Returns the sort key by cost. Sessions without a price come last.
fn cost_rank(session: &Session) -> (bool, u128) {
    let sum = session.total_usage();
    (sum.cost.to_dollars(sum.tokens.total()).is_some(), sum.cost.nanos)
}

/// Matches sessions with search words. Names that sessions share, such as models and folders, are compared once instead of
/// once per session.
struct SearchMatcher<'v, 'a> {
    builder: &'v SnapshotBuilder<'a>,
    words: Vec<SearchWord<'v>>,
}

/// A search word, and for each name of a kind true if the name contains it.
struct SearchWord<'v> {
    text: &'v str,
    models: Vec<bool>,
    projects: Vec<bool>,
    branches: Vec<bool>,
}

impl<'v, 'a> SearchMatcher<'v, 'a> {
    fn new(builder: &'v SnapshotBuilder<'a>, words: &'v [String]) -> Self {
        let names = &builder.ledger.names;
        // The name of a worktree is part of its folder.
        let search_word = |text: &'v String| SearchWord {
            text,
            models: names_containing(&names.models, text),
            projects: names_containing(&names.projects, text),
            branches: names_containing(&names.branches, text),
        };
        Self { builder, words: words.iter().map(search_word).collect() }
    }

    fn matches_all(&self, id: SessionId, session: &Session) -> bool {
        let mut own: Option<Vec<String>> = None;
        self.words.iter().all(|word| {
            session.models.keys().any(|model| word.models[model.0 as usize])
                || session.project.is_some_and(|(_, project)| word.projects[project.0 as usize])
                || session.last_folder.is_some_and(|(_, folder)| word.projects[folder.0 as usize])
                || session.branch.is_some_and(|(_, branch)| word.branches[branch.0 as usize])
                || own.get_or_insert_with(|| self.session_texts(id)).iter().any(|text| text.contains(word.text))
        })
    }

    /// Returns the lower-case texts of one session: name, id, tags and description.
    fn session_texts(&self, id: SessionId) -> Vec<String> {
        let mut texts = vec![self.builder.display_name(id), self.builder.ledger.names.sessions.text_of(id)];
        if let Some(metadata) = self.builder.session_metadata(id) {
            texts.extend(metadata.tags.iter().cloned().chain(metadata.description.clone()));
        }
        texts.iter().map(|text| text.to_lowercase()).collect()
    }
}

/// Returns for each name of a kind true if it contains a word.
fn names_containing<Id: From<u32> + Into<u32>>(names: &Interner<Id>, word: &str) -> Vec<bool> {
    let texts = names.added_since(0).map(|(_, spelling)| String::from_utf8_lossy(spelling));
    texts.map(|text| text.to_lowercase().contains(word)).collect()
}
