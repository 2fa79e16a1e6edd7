//! Whether what is worth saying is said now: not while alerts are paused, not in quiet hours, not more than one a
//! minute and six an hour; several at once are one.
//!
//! Whatever comes waits in one place, the gravest first, and leaves it in one of three ways: it is sent, it no longer
//! matters, or graver things take its room.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

use crate::alerts::candidate::{Alert, Finding, Part, Urgency};
use crate::alerts::context::Sense;
use crate::alerts::settings::{AlertSettings, QuietHours};
use crate::alerts::state::AlertState;
use crate::alerts::text;
use crate::alerts::time_window::Span;
use crate::report::model::{AlertFate, AlertRule, Route};
use crate::text::sanitize;

/// No two alerts come closer together.
const APART: TimeDelta = TimeDelta::minutes(1);

/// No more come in an hour.
const MOST_AN_HOUR: usize = 6;

/// As many wait to be said, and as many are kept for the end of quiet hours.
const MOST_HELD: usize = 12;

/// What was decided to be said, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What.
    pub alert: Alert,
    /// What becomes of it: [`AlertFate::Sent`] where it is to be shown.
    pub fate: AlertFate,
}

/// Decides about what was found, and about what waits.
pub(crate) fn deliver(
    state: &mut AlertState,
    settings: &AlertSettings,
    sense: &Sense<'_>,
    found: Vec<Finding>,
) -> Vec<Said> {
    let now = sense.now;
    let (muted, found): (Vec<_>, Vec<_>) = found.into_iter().partition(|one| one.is_muted);
    let mut out = with_fate(muted, AlertFate::Muted);
    if let Some(fate) = silence(state, settings, sense) {
        out.extend(with_fate(outdated(&mut state.held, now), fate));
        if fate == AlertFate::Quiet && settings.quiet_summary {
            found.iter().for_each(|one| hold(&mut state.kept, one.clone()));
            // Their fate is noted already.
            drop(crowded_out(&mut state.kept));
        }
        out.extend(with_fate(found, fate));
        return out;
    }
    let kept = std::mem::take(&mut state.kept);
    let summary = settings.quiet_summary.then(|| summary(&kept, now)).flatten();
    found.into_iter().chain(summary).for_each(|one| hold(&mut state.held, one));
    let gone = outdated(&mut state.held, now).into_iter().chain(crowded_out(&mut state.held));
    out.extend(with_fate(gone.collect(), AlertFate::Limited));
    if !state.held.is_empty() && may_send(state, now) {
        state.sent.push(now);
        let alert = together(std::mem::take(&mut state.held), settings.sound, now);
        out.push(Said { alert, fate: AlertFate::Sent });
    }
    out
}

/// What becomes of whatever comes now, where nothing is to be heard.
fn silence(state: &AlertState, settings: &AlertSettings, sense: &Sense<'_>) -> Option<AlertFate> {
    let is_paused = state.pause(sense.now).is_some();
    let is_quiet = is_quiet(settings.quiet, sense.now, sense.zone);
    is_paused.then_some(AlertFate::Paused).or(is_quiet.then_some(AlertFate::Quiet))
}

fn with_fate(found: Vec<Finding>, fate: AlertFate) -> Vec<Said> {
    found.into_iter().map(|one| Said { alert: one.alert(false), fate }).collect()
}

/// Puts something where it waits; the later word on a subject takes the place of the earlier and names its cause.
fn hold(waiting: &mut Vec<Finding>, mut one: Finding) {
    let tag = one.tag();
    let (earlier, others): (Vec<_>, Vec<_>) = waiting.drain(..).partition(|other| other.tag() == tag);
    earlier.iter().for_each(|other| one.instead_of(other));
    *waiting = others;
    waiting.push(one);
}

/// What no longer matters.
fn outdated(waiting: &mut Vec<Finding>, now: DateTime<Utc>) -> Vec<Finding> {
    waiting.extract_if(.., |one| one.until <= now).collect()
}

/// What graver things leave no room for.
fn crowded_out(waiting: &mut Vec<Finding>) -> Vec<Finding> {
    waiting.sort_by_key(Finding::rank);
    waiting.split_off(waiting.len().min(MOST_HELD))
}

/// Whether an alert may go out. One that was sent in what is now the future was sent by another clock: it counts as
/// sent now.
fn may_send(state: &mut AlertState, now: DateTime<Utc>) -> bool {
    state.sent.iter_mut().for_each(|sent| *sent = (*sent).min(now));
    state.sent.retain(|sent| now - *sent < TimeDelta::hours(1));
    let lately = state.sent.iter().any(|sent| now - *sent < APART);
    !lately && state.sent.len() < MOST_AN_HOUR
}

/// Whether the clock on the viewer's wall stands in quiet hours: an hour that the clocks skip is never met, one that
/// they repeat is quiet twice.
fn is_quiet(quiet: Option<QuietHours>, now: DateTime<Utc>, zone: Tz) -> bool {
    let local = now.with_timezone(&zone);
    let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or_default();
    quiet.is_some_and(|hours| hours.hold(minute))
}

/// What quiet hours kept back and still matters, in one.
fn summary(kept: &[Finding], now: DateTime<Utc>) -> Option<Finding> {
    let matters: Vec<&Finding> = kept.iter().filter(|one| one.until > now).collect();
    let last = matters.iter().map(|one| one.until).max()?;
    let number = text::count(matters.len() as u64, "alert", "alerts");
    Some(Finding {
        part: Part { rule: AlertRule::Summary, subject: "quiet".to_owned(), step: 0, span: Span::new(now, last) },
        title: format!("{number} during quiet hours"),
        body: text::lines(matters.iter().map(|one| one.title.as_str())),
        cause: format!("{number} kept back that still matter"),
        route: Route::Alerts,
        urgency: Urgency::Low,
        at: now,
        until: last,
        is_muted: false,
    })
}

/// What waits, as one alert; it is never empty.
fn together(mut held: Vec<Finding>, sound: bool, now: DateTime<Utc>) -> Alert {
    if held.len() == 1 {
        return Alert { at: now, ..held.remove(0).alert(sound) };
    }
    let title = text::count(held.len() as u64, "alert", "alerts");
    let body = text::lines(held.iter().map(|one| one.title.as_str()));
    let cause: Vec<&str> = held.iter().map(|one| one.cause.as_str()).collect();
    Alert {
        rule: held[0].part.rule,
        title,
        body,
        cause: sanitize::line(&cause.join("; "), text::LONGEST_BODY),
        route: Route::Alerts,
        urgency: held.iter().map(|one| one.urgency).max().unwrap_or(Urgency::Normal),
        at: now,
        replaces: "several".to_owned(),
        sound,
        parts: held.into_iter().map(|one| one.part).collect(),
    }
}
