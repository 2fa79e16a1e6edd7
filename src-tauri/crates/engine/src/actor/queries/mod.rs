//! Answers, put together from the books.

mod history;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::DateTime;
use chrono_tz::Tz;
use token_monitor_core::interner::SessionId;
use token_monitor_core::rates::Burn;
use token_monitor_core::report::model::{
    AlertStatus, Compared, DayStats, Progress, RootStatus, SessionMetadata, SessionPage, SessionStats, Snapshot,
    Totals, WeekStats,
};
use token_monitor_core::report::{Outlook, Past, View, Wanted};
use token_monitor_core::time::Timestamp;
use token_monitor_core::transcript::Reason;
use token_monitor_store::{Changes, Safety, SessionName, StoreError};

use crate::actor::Actor;
use crate::actor::diagnostics;
use crate::api::{Answer, Ask, Health, PassedOver, Refusal, RefusalCode, RootHealth, SessionQuery, SkipCount};
use crate::config::Settings;

/// How many sessions a snapshot carries.
const RECENT: usize = 3;

/// Answers anything that needs no waiting.
pub(crate) fn to(actor: &mut Actor, ask: Ask) -> Result<Answer, Refusal> {
    let now = Timestamp::from(chrono::Utc::now());
    match ask {
        Ask::CatchUp | Ask::TestAlert { .. } => unreachable!("answered by the loop"),
        Ask::Snapshot => {
            actor.look_back(now);
            Ok(Answer::Snapshot(Box::new(snapshot(actor, now))))
        }
        Ask::Sessions(query) => Ok(Answer::Sessions(sessions(actor, &query, now))),
        Ask::Models => {
            let models = view(actor, now, &Past::default()).model_stats();
            Ok(Answer::Models(models, actor.books.ledger.total.totals()))
        }
        Ask::Health => Ok(Answer::Health(Box::new(health(actor)))),
        Ask::Blocks { anchor } => history::blocks(actor, anchor, now).map_err(|error| refusal(&error)),
        Ask::BlockHistory { offset, limit } => {
            let found = history::block_history(actor, offset, limit, now);
            found.map(|found| Answer::BlockHistory(Box::new(found))).map_err(|error| refusal(&error))
        }
        Ask::Days { zone } => history::days(actor, zone.unwrap_or(actor.zone)).map_err(|error| refusal(&error)),
        Ask::History { from, to, by } => {
            let found = history::history(actor, from, to, by, now);
            found.map(|found| Answer::History(Box::new(found))).map_err(|error| refusal(&error))
        }
        Ask::Session { session } => {
            let id = find(actor, &session)?;
            let found = history::session(actor, id, now);
            found.map(|found| Answer::Session(Box::new(found))).map_err(|error| refusal(&error))
        }
        Ask::Backtest => {
            actor.commit(Safety::Durable);
            let found = actor.books.backtest(actor.settings.anchor, now);
            found.map(Answer::Backtest).map_err(|error| refusal(&error))
        }
        Ask::Settings => Ok(Answer::Settings(Box::new(actor.settings_page()))),
        Ask::Change { key, value } => actor.change(&key, value.as_ref()).map(|page| Answer::Settings(Box::new(page))),
        Ask::Diagnostics => Ok(Answer::Diagnostics(diagnostics::of(actor))),
        Ask::Alerts { limit } => actor.past_alerts(limit).map(Answer::Alerts),
        Ask::SeeAlerts => actor.see_alerts().map(Answer::AlertStatus),
        Ask::PauseAlerts { pause } => actor.pause_alerts(pause).map(Answer::AlertStatus),
        Ask::AlertFate { id, fate, unavailable } => actor.alert_became(id, fate, unavailable).map(Answer::AlertStatus),
        Ask::Rename { session, name } => {
            let changes = SessionName::new(&name).map(Changes::to_name);
            describe(actor, &session, changes).map(Answer::Renamed)
        }
        Ask::Describe { session, changes } => describe(actor, &session, Changes::new(&changes)).map(Answer::Described),
    }
}

/// Changes what a person added to a session, if the changes are fine.
fn describe(
    actor: &mut Actor,
    session: &str,
    changes: Result<Changes, StoreError>,
) -> Result<SessionMetadata, Refusal> {
    let id = find(actor, session)?;
    let described = changes.and_then(|changes| actor.books.describe(id, changes, chrono::Utc::now()));
    if let Err(error @ StoreError::Disk { .. }) = &described {
        actor.store_failed(error);
    }
    described.map_err(|error| refusal(&error))
}

/// What surfaces show at an instant.
pub(crate) fn snapshot(actor: &Actor, now: Timestamp) -> Snapshot {
    let view = view(actor, now, &actor.past.found);
    let oldest = actor.oldest_listed(now);
    let (recent, session_count) = view.most_recent(RECENT, oldest);
    Snapshot {
        at: now.utc(),
        zone: actor.zone.name().to_owned(),
        revision: actor.revision,
        progress: actor.progress(),
        totals: actor.books.ledger.total.totals(),
        today: view.today(),
        current_block: view.current_block(),
        block_use: view.block_use(),
        block_cost_use: view.block_cost_use(),
        projected_tokens: view.projected_tokens(),
        quota: view.quota(),
        week: view.week(),
        burn_rate: view.burn().rate(),
        session_count,
        recent_sessions: recent.into_iter().map(|id| view.session(id)).collect(),
        roots: actor.walk.by_root.iter().map(root_status).collect(),
        problems: actor.problems(),
        compared: view.compared(actor.past.usual),
        last_hour: view.last_hour(),
        alerts: actor.alert_status(now.utc()),
        display: actor.settings.display.clone(),
    }
}

/// What there is to show before anything is known.
pub(crate) fn empty_snapshot(zone: Tz, settings: &Settings) -> Snapshot {
    let totals = Totals::default();
    Snapshot {
        at: DateTime::UNIX_EPOCH,
        zone: zone.name().to_owned(),
        revision: 0,
        progress: Progress::Live,
        totals: totals.clone(),
        today: DayStats { date: DateTime::UNIX_EPOCH.date_naive(), totals: totals.clone() },
        current_block: None,
        block_use: None,
        block_cost_use: None,
        projected_tokens: None,
        quota: Vec::new(),
        week: WeekStats { start_time: DateTime::UNIX_EPOCH, end_time: None, totals },
        burn_rate: Burn::default().rate(),
        session_count: 0,
        recent_sessions: Vec::new(),
        roots: Vec::new(),
        problems: Vec::new(),
        compared: Compared::default(),
        last_hour: Vec::new(),
        alerts: AlertStatus::default(),
        display: settings.display.clone(),
    }
}

fn view<'a>(actor: &'a Actor, now: Timestamp, past: &'a Past) -> View<'a> {
    let Actor { books, settings, zone, .. } = actor;
    let outlook = Outlook {
        now,
        zone: *zone,
        anchor: settings.anchor,
        known: &books.known,
        quota: &books.quota,
        token_limit: settings.token_limit,
        cost_limit: settings.cost_limit,
        past,
        given: &books.given,
    };
    View::new(&books.ledger, outlook)
}

/// What surfaces show of one session now.
pub(crate) fn session(actor: &Actor, id: SessionId) -> SessionStats {
    view(actor, chrono::Utc::now().into(), &Past::default()).session(id)
}

fn root_status((path, found, logs): &(std::path::PathBuf, bool, u64)) -> RootStatus {
    RootStatus { path: path.display().to_string(), found: *found, logs: *logs }
}

fn sessions(actor: &Actor, query: &SessionQuery, now: Timestamp) -> SessionPage {
    let past = Past::default();
    let view = view(actor, now, &past);
    let SessionQuery { sort, hidden_too, .. } = *query;
    let wanted = Wanted { hidden_too, oldest: actor.oldest_listed(now), sort, ..Wanted::default() };
    let found = view.sessions(&wanted.mentioning(query.search.as_deref().unwrap_or_default()));
    let count = found.len() as u64;
    let page = found.into_iter().skip(query.offset).take(query.limit);
    SessionPage {
        sessions: page.map(|id| view.session(id)).collect(),
        totals: actor.books.ledger.total.totals(),
        count,
    }
}

/// The session meant: by its id, by the name it was given, or by the beginning of its id.
fn find(actor: &Actor, meant: &str) -> Result<SessionId, Refusal> {
    let ledger = &actor.books.ledger;
    let has_rows = |id: &SessionId| ledger.sessions.get(id).is_some_and(|session| !session.models.is_empty());
    if let Some(id) = ledger.names.sessions.known(meant.as_bytes()).filter(has_rows) {
        return Ok(id);
    }
    if let Some(session) = actor.books.named(meant).map_err(|error| refusal(&error))? {
        return ledger.names.sessions.known(session.as_bytes()).ok_or_else(|| none(meant));
    }
    let mut begins = ledger.sessions.keys().filter(|id| {
        !meant.is_empty() && has_rows(id) && ledger.names.sessions.spelling(**id).starts_with(meant.as_bytes())
    });
    match (begins.next(), begins.next()) {
        (Some(only), None) => Ok(*only),
        (Some(_), Some(_)) => {
            Err(Refusal::new(RefusalCode::NotFound, format!("several sessions begin with “{meant}”"))
                .hint("Give more of the id."))
        }
        (None, _) => Err(none(meant)),
    }
}

fn none(meant: &str) -> Refusal {
    Refusal::new(RefusalCode::NotFound, format!("there is no session “{meant}”"))
        .hint("token-monitor sessions lists them.")
}

pub(crate) fn health(actor: &Actor) -> Health {
    let (bytes, tally) = actor.books.read_so_far();
    let store = actor.books.path();
    let skips = Reason::ALL.into_iter().filter(|reason| tally.skipped(*reason) > 0);
    Health {
        process: std::process::id(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        roots: actor
            .walk
            .by_root
            .iter()
            .map(|(path, found, logs)| RootHealth { path: path.display().to_string(), found: *found, logs: *logs })
            .collect(),
        logs: actor.walk.logs.len() as u64,
        bytes,
        lines: tally.lines,
        entries: tally.entries,
        skipped: skips
            .map(|reason| SkipCount { reason, words: reason.words().to_owned(), count: tally.skipped(reason) })
            .collect(),
        passed_over: actor
            .walk
            .passed_over()
            .into_iter()
            .chain(unread(actor))
            .chain(actor.quota_files.problems())
            .collect(),
        messages: actor.books.message_count(),
        store: store.display().to_string(),
        store_bytes: std::fs::metadata(store).map_or(0, |file| file.len()),
        watching: actor.watch.as_ref().is_some_and(|watch| watch.hears_all),
        problems: actor.problems(),
        settings_problems: actor.settings.problems.clone(),
    }
}

/// Logs that could be found but not read, by reason.
fn unread(actor: &Actor) -> Vec<PassedOver> {
    let mut rows: BTreeMap<&str, (u64, &Path)> = BTreeMap::new();
    for (path, (_, reason)) in &actor.failing {
        rows.entry(reason).or_insert((0, path)).0 += 1;
    }
    let row = |(reason, (count, example)): (&str, (u64, &Path))| PassedOver {
        reason: reason.to_owned(),
        count,
        example: example.display().to_string(),
    };
    rows.into_iter().map(row).collect()
}

/// A refusal for what the store could not do.
pub(crate) fn refusal(error: &StoreError) -> Refusal {
    match error {
        StoreError::NameTaken { .. } => {
            Refusal::new(RefusalCode::NameTaken, error.to_string()).hint("Choose another name.")
        }
        StoreError::NameInvalid { .. } => Refusal::new(RefusalCode::NameInvalid, error.to_string()),
        StoreError::TagInvalid { .. } | StoreError::TooManyTags { .. } | StoreError::DescriptionInvalid { .. } => {
            Refusal::new(RefusalCode::BadValue, error.to_string())
        }
        StoreError::Busy { .. } => Refusal::new(RefusalCode::Busy, error.to_string()),
        _ => Refusal::new(RefusalCode::Busy, error.to_string()).hint("token-monitor doctor tells more."),
    }
}
