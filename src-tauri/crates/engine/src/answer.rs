//! Answers, put together from the books.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::DateTime;
use chrono_tz::Tz;
use token_monitor_core::figures::{BurnLevel, BurnRate, DayStats, Progress, RootStatus, SessionPage, Snapshot, Totals};
use token_monitor_core::{Moment, Reason, Session, SessionId, Sum, View};
use token_monitor_store::{Safety, StoreError};

use crate::actor::Actor;
use crate::ask::{Answer, Ask, Health, PassedOver, Refusal, RefusalCode, RootHealth, SessionQuery, SkipCount};

/// How many sessions a snapshot carries.
const RECENT: usize = 3;

/// Answers anything that needs no waiting.
pub(crate) fn to(actor: &mut Actor, ask: Ask) -> Result<Answer, Refusal> {
    let now = Moment::from(chrono::Utc::now());
    match ask {
        Ask::CatchUp => unreachable!("answered by the loop"),
        Ask::Snapshot => Ok(Answer::Snapshot(Box::new(snapshot(actor, now)))),
        Ask::Sessions(query) => Ok(Answer::Sessions(sessions(actor, &query, now))),
        Ask::Models => Ok(Answer::Models(view(actor, now).model_stats(), actor.books.ledger.total.totals())),
        Ask::Health => Ok(Answer::Health(Box::new(health(actor)))),
        Ask::Blocks { anchor } => {
            let anchor = anchor.unwrap_or(actor.settings.anchor);
            actor.commit(Safety::Durable);
            let blocks = actor.books.blocks(anchor).map_err(|error| refusal(&error))?;
            let totals = sum(blocks.iter().map(|block| &block.sum)).totals();
            let models = &actor.books.ledger.names.models;
            Ok(Answer::Blocks(blocks.iter().map(|block| block.figures(anchor, now, models)).collect(), totals))
        }
        Ask::Days { zone } => {
            actor.commit(Safety::Durable);
            let days = actor.books.days(zone.unwrap_or(actor.zone)).map_err(|error| refusal(&error))?;
            let totals = days.iter().fold(Totals::default(), |all, day| all.joined(&day.totals));
            Ok(Answer::Days(days, totals))
        }
        Ask::Rename { session, name } => {
            let id = find(actor, &session)?;
            let renamed = actor.books.rename(id, &name, chrono::Utc::now());
            if let Err(error @ StoreError::Disk { .. }) = &renamed {
                actor.store_failed(error);
            }
            renamed.map(Answer::Renamed).map_err(|error| refusal(&error))
        }
    }
}

/// What surfaces show at an instant.
pub(crate) fn snapshot(actor: &Actor, now: Moment) -> Snapshot {
    let view = view(actor, now);
    let oldest = actor.oldest_listed(now);
    let (recent, session_count) = view.most_recent(RECENT, |session| is_listed(session, oldest));
    Snapshot {
        at: now.utc(),
        zone: actor.zone.name().to_owned(),
        revision: actor.revision,
        progress: actor.progress(),
        totals: actor.books.ledger.total.totals(),
        today: view.today(),
        current_block: view.current_block(),
        block_limit: actor.settings.token_limit,
        burn_rate: view.burn().rate(),
        session_count,
        recent_sessions: recent.into_iter().map(|id| view.session(id)).collect(),
        roots: actor.walk.by_root.iter().map(root_status).collect(),
        problems: actor.problems(),
    }
}

/// What there is to show before anything is known.
pub(crate) fn empty_snapshot(zone: Tz) -> Snapshot {
    Snapshot {
        at: DateTime::UNIX_EPOCH,
        zone: zone.name().to_owned(),
        revision: 0,
        progress: Progress::Live,
        totals: Totals::default(),
        today: DayStats { date: DateTime::UNIX_EPOCH.date_naive(), totals: Totals::default() },
        current_block: None,
        block_limit: None,
        burn_rate: BurnRate { tokens_per_minute: 0, fresh_tokens_per_minute: 0, level: BurnLevel::Normal },
        session_count: 0,
        recent_sessions: Vec::new(),
        roots: Vec::new(),
        problems: Vec::new(),
    }
}

fn view(actor: &Actor, now: Moment) -> View<'_> {
    View::new(&actor.books.ledger, &actor.books.given, now, actor.zone, actor.settings.anchor)
}

fn sum<'a>(sums: impl Iterator<Item = &'a Sum>) -> Sum {
    sums.fold(Sum::default(), |mut all, sum| {
        all.join(sum);
        all
    })
}

fn root_status((path, found, logs): &(std::path::PathBuf, bool, u64)) -> RootStatus {
    RootStatus { path: path.display().to_string(), found: *found, logs: *logs }
}

fn is_listed(session: &Session, oldest: Moment) -> bool {
    session.span.is_some_and(|(_, last)| last >= oldest)
}

fn sessions(actor: &Actor, query: &SessionQuery, now: Moment) -> SessionPage {
    let view = view(actor, now);
    let oldest = actor.oldest_listed(now);
    let search = query.search.as_deref().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
    // Who searches wants to find, whatever its age.
    let all = query.hidden_too || search.is_some();
    let found = view.sessions(|id, session| {
        (all || is_listed(session, oldest)) && search.as_deref().is_none_or(|text| view.mentions(id, text))
    });
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

fn health(actor: &Actor) -> Health {
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
        passed_over: actor.walk.passed_over().into_iter().chain(unread(actor)).collect(),
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
fn refusal(error: &StoreError) -> Refusal {
    match error {
        StoreError::NameTaken { .. } => {
            Refusal::new(RefusalCode::NameTaken, error.to_string()).hint("Choose another name.")
        }
        StoreError::NameInvalid { .. } => Refusal::new(RefusalCode::NameInvalid, error.to_string()),
        StoreError::Busy { .. } => Refusal::new(RefusalCode::Busy, error.to_string()),
        _ => Refusal::new(RefusalCode::Busy, error.to_string()).hint("token-monitor doctor tells more."),
    }
}
