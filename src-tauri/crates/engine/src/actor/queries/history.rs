//! Answers about the past: blocks, days, and what one session used when.

use chrono::NaiveDate;
use token_monitor_core::blocks::Anchor;
use token_monitor_core::interner::SessionId;
use token_monitor_core::report::model::{BlockHistory, History, HistoryBy, SessionDetail, TimelinePoint};
use token_monitor_core::report::{Divided, Timeline, slots_between};
use token_monitor_core::time::{Slot, Timestamp, calendar};
use token_monitor_core::tokens::Sum;
use token_monitor_store::{Safety, StoreError};

use crate::actor::Actor;
use crate::actor::queries::{Answer, view};

/// All slots there are.
const EVER: std::ops::Range<Slot> = Slot(i32::MIN)..Slot(i32::MAX);

/// A page of the blocks, the latest first.
pub(crate) fn block_history(
    actor: &mut Actor,
    offset: usize,
    limit: usize,
    now: Timestamp,
) -> Result<BlockHistory, StoreError> {
    let blocks = actor.blocks(actor.settings.anchor)?;
    Ok(view(actor, now, &actor.past.found).block_history(&blocks, offset..offset.saturating_add(limit)))
}

/// All blocks, the oldest first, and the sums over them.
pub(crate) fn blocks(actor: &mut Actor, anchor: Option<Anchor>, now: Timestamp) -> Result<Answer, StoreError> {
    let blocks = actor.blocks(anchor.unwrap_or(actor.settings.anchor))?;
    let totals = blocks.iter().map(|block| &block.sum).sum::<Sum>().totals();
    let models = &actor.books.ledger.names.models;
    Ok(Answer::Blocks(blocks.iter().map(|block| block.figures(now, models)).collect(), totals))
}

/// All days with messages, and the sums over them.
pub(crate) fn days(actor: &mut Actor, zone: chrono_tz::Tz) -> Result<Answer, StoreError> {
    actor.write_older();
    let mut days = calendar::ByDay::new(zone);
    actor.books.each_sum(EVER, |_| true, |key, sum| days.add(key, sum))?;
    let (days, all) = days.finish();
    Ok(Answer::Days(days, all.totals()))
}

/// The days of a range, divided.
pub(crate) fn history(
    actor: &mut Actor,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    by: HistoryBy,
    now: Timestamp,
) -> Result<History, StoreError> {
    actor.write_older();
    let to = to.unwrap_or_else(|| calendar::date(now, actor.zone));
    let mut days = Divided::new(&actor.books.ledger, by, actor.zone);
    actor.books.each_sum(slots_between(from, to, actor.zone), |_| true, |key, sum| days.add(key, sum))?;
    Ok(days.finish(from, to))
}

/// One session in detail.
pub(crate) fn session(actor: &mut Actor, id: SessionId, now: Timestamp) -> Result<SessionDetail, StoreError> {
    actor.commit(Safety::Durable);
    let (runs, timeline) = (actor.books.runs_of(id)?, timeline(actor, id)?);
    let view = view(actor, now, &actor.past.found);
    Ok(SessionDetail {
        session: view.session(id),
        models: view.session_models(id),
        runs: view.runs(&runs),
        timeline,
        description: view.given(id).and_then(|given| given.description.clone()),
    })
}

/// All its messages lie within the time it was seen.
fn timeline(actor: &Actor, id: SessionId) -> Result<Vec<TimelinePoint>, StoreError> {
    let span = actor.books.ledger.sessions.get(&id).and_then(|session| session.span);
    let Some((first, last)) = span else { return Ok(Vec::new()) };
    let mut timeline = Timeline::default();
    let slots = first.slot()..Slot(last.slot().0 + 1);
    actor.books.each_sum(slots, |key| key.session == id, |key, sum| timeline.add(key, sum))?;
    Ok(timeline.finish())
}
