//! Parsing of the messages that Claude Code writes to a log when a usage limit is reached.
//!
//! Their wording changes every few versions, so the parser accepts exactly the wordings that have been seen. Text
//! that merely mentions limits does not match. Details that cannot be parsed are omitted. The author of the text is
//! not checked: the caller only passes synthetic messages.

mod reset_time;
mod wordings;

use chrono_tz::Tz;

use crate::quota::{Percent, QuotaSource, QuotaWindow, Reading};
use crate::time::timestamp::Timestamp;
use crate::transcript::limit_message::reset_time::ResetTime;
use crate::transcript::limit_message::wordings::{
    LimitName, SEPARATOR, find_plan_reset, find_reset_text, is_advice, normalize_punctuation, parse_limit,
    strip_context,
};

/// The maximum length of a limit message in bytes, with hints and a long zone name.
const MAX_MESSAGE_BYTES: usize = 320;

/// A notice that Claude Code logged in place of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitNotice<'a> {
    /// The time of the record.
    pub when: Timestamp,
    /// The text.
    pub text: &'a str,
    /// The window that rejected the request, if the record names it.
    pub rejection: Option<Rejection>,
}

/// The window that rejected a request, as recorded beside a notice.
///
/// The window is not reliable: notices about a spending limit name the five-hour window. The text determines the limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The window, if its name is known.
    pub window: Option<QuotaWindow>,
    /// The reset time, if given.
    pub resets_at: Option<Timestamp>,
}

/// A limit that a message reports as reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitMessage {
    /// The window whose limit was reached.
    pub window: QuotaWindow,
    /// The reset time, or `None` if it is missing, was not understood or is impossible.
    pub resets: Option<Timestamp>,
}

impl LimitMessage {
    /// Converts the message to a reading of 100%. Without a reset time it only records that the limit was reached, see
    /// [`Reading::is_open_limit_hit`].
    pub fn to_reading(self, at: Timestamp) -> Option<Reading> {
        let source = QuotaSource::LimitMessage;
        let reading =
            Reading { window: self.window, used: Percent::FULL, resets_at: self.resets, at, source, account: None };
        reading.validate().is_ok().then_some(reading)
    }
}

/// Parses a limit message. Returns the reached limits, or nothing for any other text. `zone` is used if the text names no
/// time zone.
///
/// The text determines the limit; the reset time is that of the rejection, otherwise that of the text. An impossible reset
/// time is omitted rather than corrected: if it is further ahead than the window lasts (for a session limit, more than
/// 5 h 10 min), the message was written late or the clock was wrong. If the text does not name the limit, the window of the
/// rejection is used; without one, the reset time decides: with a date, or more than five hours ahead, it is the weekly
/// limit.
pub fn parse_limit_message(notice: &LimitNotice<'_>, zone: Tz) -> Vec<LimitMessage> {
    let first = notice.text.trim().lines().next().filter(|first| first.len() <= MAX_MESSAGE_BYTES);
    let line = normalize_punctuation(first.unwrap_or_default());
    let mut parts = strip_context(&line).split(SEPARATOR).map(str::trim);
    let head = parts.next().unwrap_or_default();
    let (words, epoch) = head.split_once('|').map_or((head, None), |(words, epoch)| (words, Some(epoch)));
    let Some(limit) = parse_limit(words.trim().trim_end_matches('.')) else { return Vec::new() };
    let hints: Vec<&str> = parts.collect();
    let own_reset = hints.iter().find_map(|hint| find_reset_text(hint));
    let plan_reset = hints.iter().find_map(|hint| find_plan_reset(hint));
    let is_complete = hints.is_empty() || epoch.is_some() || own_reset.is_some() || plan_reset.is_some();
    if !is_complete && !hints.first().is_some_and(|hint| is_advice(hint)) {
        return Vec::new();
    }
    let reset = match (epoch, own_reset) {
        (Some(epoch), _) => ResetTime::from_epoch(epoch),
        (None, Some(text)) => ResetTime::from_text(text, notice.when, zone),
        (None, None) => ResetTime::default(),
    };
    let plan_reset = plan_reset.map(|(window, text)| (window, ResetTime::from_text(text, notice.when, zone)));
    reached_limits(notice, limit, &reset, plan_reset)
}

/// Combines the limit of the text, its reset time and that of a plan window named after it with the rejection.
fn reached_limits(
    notice: &LimitNotice<'_>,
    limit: LimitName,
    reset: &ResetTime,
    plan_reset: Option<(QuotaWindow, ResetTime)>,
) -> Vec<LimitMessage> {
    let (when, rejection) = (notice.when, notice.rejection.as_ref());
    let rejected = rejection.and_then(|rejection| rejection.window.clone());
    let moment = rejection.and_then(|rejection| rejection.resets_at);
    let limit = match (limit, &rejected) {
        (LimitName::Unnamed, Some(window)) => LimitName::Window(window.clone()),
        (limit, _) => limit,
    };
    if let Some((window, reset)) = plan_reset {
        // The moment is that of the plan window, which can be used again first.
        return vec![combine(limit, &ResetTime::default(), when), limit_until(window, moment, &reset, when)];
    }
    let message = combine(limit, reset, when);
    match message.window {
        QuotaWindow::SpendLimit | QuotaWindow::Organization => vec![message],
        // Credits are used once a window of the plan is used up, and last until it resets.
        QuotaWindow::ExtraUsage => {
            let plan = rejected.filter(|window| window.is_plan() && moment.is_some());
            let plan = plan.map(|window| limit_until(window, moment, reset, when));
            [limit_until(message.window, moment, reset, when)].into_iter().chain(plan).collect()
        }
        window => vec![limit_until(window, moment, reset, when)],
    }
}

/// Returns a reached limit with the reset time of the rejection or, if that is missing or impossible, of the text.
fn limit_until(window: QuotaWindow, moment: Option<Timestamp>, reset: &ResetTime, when: Timestamp) -> LimitMessage {
    let resets = [moment, reset.when].into_iter().flatten().find(|resets| is_possible_reset(&window, *resets, when));
    LimitMessage { window, resets }
}

fn is_possible_reset(window: &QuotaWindow, resets: Timestamp, when: Timestamp) -> bool {
    (1..=window.max_reset_distance()).contains(&resets.0.saturating_sub(when.0))
}

/// Combines the limit and its reset time.
fn combine(limit: LimitName, reset: &ResetTime, when: Timestamp) -> LimitMessage {
    let ahead = reset.when.map(|resets| resets.0.saturating_sub(when.0)).filter(|ahead| *ahead > 0);
    let five_hours = ahead.is_none_or(|ahead| ahead <= QuotaWindow::FiveHour.max_reset_distance());
    let window = match limit {
        LimitName::Window(window) => window,
        LimitName::Unnamed if reset.dated || !five_hours => QuotaWindow::Weekly,
        LimitName::Unnamed => QuotaWindow::FiveHour,
    };
    let resets = reset.when.filter(|resets| is_possible_reset(&window, *resets, when));
    LimitMessage { window, resets }
}

#[cfg(test)]
mod tests;
