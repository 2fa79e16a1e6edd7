//! A query whose result is on the screen and follows the snapshots.
//!
//! It is asked again when the engine's data changed or another query is wanted, one at a time and not too often, and
//! never by a timer alone.

use chrono::{DateTime, TimeDelta, Utc};

/// A query and its latest result.
#[derive(Clone, Debug)]
pub(crate) struct Feed<Q, T> {
    /// The result shown; that of an earlier query until the wanted one is answered.
    pub(crate) result: Option<T>,
    /// The error of the last query, until one succeeds.
    pub(crate) error: Option<String>,
    wanted: Q,
    answered: Option<Q>,
    asked: Option<Q>,
    asked_at: Option<DateTime<Utc>>,
    is_outdated: bool,
    interval: TimeDelta,
}

impl<Q: Clone + PartialEq, T> Feed<Q, T> {
    /// Creates a feed of a query. The data is queried again after a change, but no sooner than after `interval`.
    pub(crate) fn new(wanted: Q, interval: TimeDelta) -> Self {
        Self {
            result: None,
            error: None,
            wanted,
            answered: None,
            asked: None,
            asked_at: None,
            is_outdated: false,
            interval,
        }
    }

    /// Returns the wanted query.
    #[cfg(test)]
    pub(crate) fn wanted(&self) -> &Q {
        &self.wanted
    }

    /// Returns true if the result is that of the wanted query.
    pub(crate) fn is_current(&self) -> bool {
        self.answered.as_ref() == Some(&self.wanted)
    }

    /// Sets the wanted query.
    pub(crate) fn want(&mut self, query: Q) {
        if self.wanted != query {
            self.wanted = query;
            self.error = None;
        }
    }

    /// Marks the result as outdated, because the data changed.
    pub(crate) fn mark_outdated(&mut self) {
        self.is_outdated = true;
    }

    /// Forgets a query that gets no answer, because the connection was lost.
    pub(crate) fn forget_asked(&mut self) {
        self.asked = None;
        self.is_outdated = true;
    }

    /// Returns the query to send now, if any, and remembers that it was sent.
    pub(crate) fn next_query(&mut self, now: DateTime<Utc>) -> Option<Q> {
        if self.due_at(now).is_none_or(|due| due > now) {
            return None;
        }
        self.is_outdated = false;
        self.asked_at = Some(now);
        self.asked = Some(self.wanted.clone());
        self.asked.clone()
    }

    /// Returns when the next query is due; `None` while one is being answered and if none is needed. Another query than
    /// the answered one is due at once.
    pub(crate) fn due_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match (&self.asked, self.is_current(), self.is_outdated) {
            (Some(_), ..) | (None, true, false) => None,
            (None, false, _) if self.error.is_none() => Some(now),
            // A query that failed is repeated like an outdated one, when the data changes.
            (None, false, false) => None,
            (None, _, true) => Some(self.asked_at.map_or(now, |asked| asked + self.interval)),
        }
    }

    /// Accepts the answer to a query. Answers to others than the last one sent are ignored; returns true otherwise.
    pub(crate) fn accept(&mut self, query: &Q, result: Result<T, String>) -> bool {
        if self.asked.as_ref() != Some(query) {
            return false;
        }
        self.asked = None;
        match result {
            Ok(result) => {
                self.answered = Some(query.clone());
                self.result = Some(result);
                self.error = None;
            }
            Err(error) => self.error = Some(error),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_800_000_000_000 + millis).expect("a time")
    }

    fn feed() -> Feed<u32, &'static str> {
        Feed::new(1, TimeDelta::milliseconds(250))
    }

    #[test]
    fn one_query_is_sent_at_a_time() {
        let mut feed = feed();
        assert_eq!(feed.next_query(at(0)), Some(1));
        feed.mark_outdated();
        assert_eq!(feed.next_query(at(900)), None, "the first is not answered yet");
        assert!(feed.accept(&1, Ok("one")));
        assert_eq!(feed.next_query(at(900)), Some(1), "the data has changed meanwhile");
    }

    #[test]
    fn unchanged_data_is_not_queried() {
        let mut feed = feed();
        feed.next_query(at(0));
        feed.accept(&1, Ok("one"));
        assert_eq!((feed.next_query(at(9_000)), feed.due_at(at(9_000))), (None, None));
    }

    #[test]
    fn changed_data_waits_for_the_interval_and_another_query_does_not() {
        let mut feed = feed();
        feed.next_query(at(0));
        feed.accept(&1, Ok("one"));
        feed.mark_outdated();
        assert_eq!((feed.next_query(at(100)), feed.due_at(at(100))), (None, Some(at(250))));
        feed.want(2);
        assert_eq!(feed.next_query(at(101)), Some(2));
        assert!(!feed.accept(&1, Ok("late")), "an answer to an earlier query");
        assert_eq!((feed.result, feed.is_current()), (Some("one"), false), "shown until the other is answered");
    }

    #[test]
    fn a_failed_query_is_repeated_when_the_data_changes() {
        let mut feed = feed();
        feed.next_query(at(0));
        feed.accept(&1, Err("busy".to_owned()));
        assert_eq!(feed.next_query(at(9_000)), None, "never by a timer");
        feed.want(2);
        assert_eq!(feed.next_query(at(9_000)), Some(2), "another query may succeed");
        feed.accept(&2, Err("busy".to_owned()));
        feed.want(1);
        feed.next_query(at(9_100));
        feed.accept(&1, Err("busy".to_owned()));
        feed.mark_outdated();
        assert_eq!(feed.next_query(at(9_900)), Some(1));
        feed.accept(&1, Ok("one"));
        assert_eq!(feed.error, None);
    }

    #[test]
    fn a_lost_query_is_sent_again() {
        let mut feed = feed();
        feed.next_query(at(0));
        feed.forget_asked();
        assert_eq!(feed.next_query(at(300)), Some(1));
    }
}
