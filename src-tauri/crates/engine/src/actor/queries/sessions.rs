//! Queries about sessions: lists, details, and finding one by id or name.

use token_monitor_core::interner::SessionId;
use token_monitor_core::report::model::{
    PullRequestStats, SessionDetail, SessionPage, SessionStats, TimelinePoint, Totals,
};
use token_monitor_core::report::{BlockHistoryStats, PullRequestSums, SessionFilter, Timeline};
use token_monitor_core::time::{Slot, Timestamp};
use token_monitor_store::StoreError;

use crate::actor::queries::view::EngineView;
use crate::api::{ApiError, ErrorCode, SessionQuery};
use crate::clock;

/// Returns the figures of one session now.
pub(crate) fn session_stats(view: &EngineView<'_>, id: SessionId) -> SessionStats {
    view.builder_with_stats(clock::now().into(), &BlockHistoryStats::default()).session_stats(id)
}

/// Returns a page of the session list.
pub(crate) fn session_page(view: &EngineView<'_>, query: &SessionQuery, now: Timestamp) -> SessionPage {
    let stats = BlockHistoryStats::default();
    let builder = view.builder_with_stats(now, &stats);
    let filter = SessionFilter {
        include_unlisted: query.include_hidden,
        oldest: view.oldest_listed(now),
        sort: query.sort,
        ..SessionFilter::default()
    };
    let filter = filter.with_search(query.search.as_deref().unwrap_or_default());
    let lists_all = filter.include_unlisted || !filter.search_words.is_empty();
    let found = builder.filtered_sessions(&filter);
    let count = found.len() as u64;
    let page = found.into_iter().skip(query.offset).take(query.limit);
    SessionPage {
        sessions: page.map(|id| builder.session_stats(id)).collect(),
        totals: Totals::from(&view.storage.ledger_store.ledger.total),
        count,
        older_count: if lists_all { 0 } else { builder.older_count(view.oldest_listed(now)) },
    }
}

/// Returns the details of a session, as far as they are written.
pub(crate) fn session_detail(
    view: &EngineView<'_>,
    id: SessionId,
    now: Timestamp,
) -> Result<SessionDetail, StoreError> {
    let runs = view.storage.ledger_store.store.load_runs(id)?;
    let builder = view.builder(now);
    Ok(SessionDetail {
        session: builder.session_stats(id),
        models: builder.session_models(id),
        runs: builder.run_stats(&runs),
        timeline: session_timeline(view, id)?,
        description: builder.session_metadata(id).and_then(|metadata| metadata.description.clone()),
        pull_requests: session_pull_requests(view, id)?,
        completeness: view.completeness(),
    })
}

fn session_timeline(view: &EngineView<'_>, id: SessionId) -> Result<Vec<TimelinePoint>, StoreError> {
    let store = &view.storage.ledger_store;
    let span = store.ledger.sessions.get(&id).and_then(|session| session.span);
    let Some((first, last)) = span else { return Ok(Vec::new()) };
    let mut timeline = Timeline::default();
    let slots = first.slot()..Slot(last.slot().0 + 1);
    store.for_each_sum(slots, |key| key.session == id, |key, sum| timeline.add_bucket(key, sum))?;
    Ok(timeline.finish())
}

fn session_pull_requests(view: &EngineView<'_>, id: SessionId) -> Result<Vec<PullRequestStats>, StoreError> {
    let store = &view.storage.ledger_store;
    let Some(session) = store.ledger.sessions.get(&id).filter(|session| !session.pull_requests.is_empty()) else {
        return Ok(Vec::new());
    };
    let Some((first, last)) = session.span else { return Ok(Vec::new()) };
    let mut sums = PullRequestSums::new(&session.pull_requests);
    let slots = first.slot()..Slot(last.slot().0 + 1);
    store.for_each_sum(slots, |key| key.session == id, |key, sum| sums.add(key.slot, sum))?;
    Ok(sums.finish())
}

/// Finds a session by its id, the name given to it, a unique prefix of its id, or a unique displayed name. Fails with
/// `NotFound` if none or several match.
pub(crate) fn find_session(view: &EngineView<'_>, text: &str) -> Result<SessionId, ApiError> {
    let store = &view.storage.ledger_store;
    let (sessions, ids) = (&store.ledger.sessions, &store.ledger.names.sessions);
    let is_used = |id: &SessionId| sessions.get(id).is_some_and(|session| !session.models.is_empty());
    if let Some(id) = ids.get(text.as_bytes()).filter(is_used) {
        return Ok(id);
    }
    if let Some(named) = store.store.find_by_name(text)? {
        return ids.get(named.as_bytes()).ok_or_else(|| session_not_found(text));
    }
    let has_prefix = |id: &SessionId| !text.is_empty() && ids.bytes_of(*id).starts_with(text.as_bytes());
    let mut matches = sessions.keys().copied().filter(|id| is_used(id) && has_prefix(id));
    match (matches.next(), matches.next()) {
        (Some(id), None) => Ok(id),
        (Some(_), Some(_)) => {
            let error = ApiError::new(ErrorCode::NotFound, format!("several sessions start with “{text}”"));
            Err(error.with_hint("Give more of the id."))
        }
        (None, _) => find_displayed(view, text),
    }
}

/// Finds the only session that is displayed with a name, ignoring upper and lower case.
fn find_displayed(view: &EngineView<'_>, name: &str) -> Result<SessionId, ApiError> {
    let stats = BlockHistoryStats::default();
    let (builder, wanted) = (view.builder_with_stats(clock::now().into(), &stats), name.to_lowercase());
    let sessions = &view.storage.ledger_store.ledger.sessions;
    let used = sessions.iter().filter(|(_, session)| !session.models.is_empty()).map(|(id, _)| *id);
    let mut matches = used.filter(|id| builder.display_name(*id).to_lowercase() == wanted);
    match (matches.next(), matches.next()) {
        (Some(id), None) => Ok(id),
        (Some(_), Some(_)) => {
            let error = ApiError::new(ErrorCode::NotFound, format!("several sessions are called “{name}”"));
            Err(error.with_hint("Give the beginning of the id."))
        }
        (None, _) => Err(session_not_found(name)),
    }
}

fn session_not_found(text: &str) -> ApiError {
    ApiError::new(ErrorCode::NotFound, format!("there is no session “{text}”"))
        .with_hint("token-monitor sessions lists them.")
}
