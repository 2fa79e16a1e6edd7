//! What was said of a window, so that it is said once.
//!
//! An episode belongs to a rule, a subject and a window. It remembers the highest step that was said, and forgets
//! part of it only when the figure has really come down. Its number is bounded, never its age: the clock may be wrong
//! by a year and right again, and then nothing must be told twice.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::alerts::time_window::Span;
use crate::report::model::AlertRule;

/// A figure that is this much below a step, in points of percent, has left it.
const RECOVERED: f64 = 5.0;

/// As many windows of one subject are remembered: the one that runs, those before it, and those of a wrong clock.
const WINDOWS: usize = 16;

/// As many episodes of one rule are remembered; of sessions more, of which each is a subject. Each rule has room of its
/// own: any number of dear sessions makes nobody forget what was said of the block.
const MOST: usize = 64;
const MOST_SESSIONS: usize = 256;

/// How exactly it is noted when an episode was last met: only to forget the oldest.
const COARSE: TimeDelta = TimeDelta::hours(6);

/// Edges that drift by less are not worth a write.
const SHARP: TimeDelta = TimeDelta::minutes(5);

/// What was said of one window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Episode {
    rule: AlertRule,
    subject: String,
    span: Span,
    /// The highest step that was said; zero for none.
    said: u64,
    /// When it was last met, roughly.
    met: DateTime<Utc>,
}

/// A figure that a rule holds against its steps.
#[derive(Clone, Debug)]
pub(crate) struct Gauge<'a> {
    pub(crate) rule: AlertRule,
    pub(crate) subject: String,
    pub(crate) span: Span,
    /// In the unit of the steps.
    pub(crate) value: f64,
    /// Ascending: percents, tokens or dollars.
    pub(crate) steps: &'a [u64],
    /// Whether a step of percents may be said again in the same window, once the figure was really below it.
    pub(crate) rearms: bool,
}

/// The memory, at an instant.
pub(crate) struct Marks<'a> {
    episodes: &'a mut Vec<Episode>,
    now: DateTime<Utc>,
}

impl<'a> Marks<'a> {
    pub(crate) fn new(episodes: &'a mut Vec<Episode>, now: DateTime<Utc>) -> Self {
        Self { episodes, now }
    }

    /// The step that a figure has newly passed, if any; it is noted as said.
    pub(crate) fn pass(&mut self, gauge: &Gauge<'_>) -> Option<u64> {
        let reached = highest(gauge.steps, gauge.value).unwrap_or(0);
        let known = self.find(gauge);
        if known.is_none() && reached == 0 {
            return None;
        }
        let now = self.now;
        let episode = known.unwrap_or_else(|| self.begin(gauge));
        let episode = &mut self.episodes[episode];
        episode.meet(gauge.span, now);
        if gauge.rearms {
            let still = highest(gauge.steps, gauge.value + RECOVERED).unwrap_or(0);
            episode.said = episode.said.min(still);
        }
        let news = reached > episode.said;
        episode.said = episode.said.max(reached);
        news.then_some(reached)
    }

    /// Notes as said what was said in other words.
    pub(crate) fn note(&mut self, gauge: &Gauge<'_>) {
        let _in_other_words = self.pass(&Gauge { rearms: false, ..gauge.clone() });
    }

    /// Whether any of its steps was said, and not left since.
    pub(crate) fn is_said(&self, gauge: &Gauge<'_>) -> bool {
        self.find(gauge).is_some_and(|known| self.episodes[known].said > 0)
    }

    /// Notes that the figure has left all of its steps: each may be said again.
    pub(crate) fn leave(&mut self, gauge: &Gauge<'_>) {
        if let Some(known) = self.find(gauge) {
            self.episodes[known].said = 0;
        }
    }

    fn find(&self, gauge: &Gauge<'_>) -> Option<usize> {
        let mine = self.episodes.iter().enumerate().filter(|(_, one)| one.is_of(gauge));
        let same = mine.filter_map(|(index, one)| Some((one.span.overlap(&gauge.span)?, index)));
        same.max().map(|(_, index)| index)
    }

    fn begin(&mut self, gauge: &Gauge<'_>) -> usize {
        let of_it = |one: &Episode| one.is_of(gauge);
        if self.episodes.iter().filter(|one| of_it(one)).count() >= WINDOWS {
            self.forget_oldest(of_it);
        }
        let of_its_rule = |one: &Episode| one.rule == gauge.rule;
        if self.episodes.iter().filter(|one| of_its_rule(one)).count() >= room(gauge.rule) {
            self.forget_oldest(of_its_rule);
        }
        let Gauge { rule, subject, span, .. } = gauge;
        let (subject, met) = (subject.clone(), self.now);
        self.episodes.push(Episode { rule: *rule, subject, span: *span, said: 0, met });
        self.episodes.len() - 1
    }

    fn forget_oldest(&mut self, of: impl Fn(&Episode) -> bool) {
        let oldest = self.episodes.iter().enumerate().filter(|(_, one)| of(one)).min_by_key(|(_, one)| one.met);
        if let Some(oldest) = oldest.map(|(index, _)| index) {
            self.episodes.remove(oldest);
        }
    }
}

/// How many episodes of a rule are remembered.
fn room(rule: AlertRule) -> usize {
    if rule == AlertRule::SessionCost { MOST_SESSIONS } else { MOST }
}

impl Episode {
    /// As earlier versions wrote it, which counted sessions and burn rates in percent of a threshold nobody knows any
    /// more: whatever that was, it was said. Theirs was one rate, of tokens or of cost.
    pub(crate) fn of_version_1(self) -> Vec<Self> {
        let said = if self.said > 0 { u64::MAX } else { 0 };
        match self.rule {
            AlertRule::SessionCost => vec![Self { said, ..self }],
            AlertRule::BurnRate => crate::alerts::rules::burn_rate::SUBJECTS
                .map(|subject| Self { said, subject: subject.to_owned(), ..self.clone() })
                .into(),
            AlertRule::Block
            | AlertRule::Forecast
            | AlertRule::Week
            | AlertRule::Reset
            | AlertRule::LimitHit
            | AlertRule::Budget
            | AlertRule::Cleaning
            | AlertRule::Summary => vec![self],
        }
    }

    fn is_of(&self, gauge: &Gauge<'_>) -> bool {
        self.rule == gauge.rule && self.subject == gauge.subject
    }

    /// Follows the window where its edges drift.
    fn meet(&mut self, span: Span, now: DateTime<Utc>) {
        self.span.follow(span, SHARP);
        if (now - self.met).abs() > COARSE {
            self.met = now;
        }
    }
}

fn highest(steps: &[u64], value: f64) -> Option<u64> {
    steps.iter().copied().filter(|step| *step > 0 && value >= *step as f64).max()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const STEPS: [u64; 3] = [75, 90, 100];

    fn gauge(minute: i64, value: f64) -> Gauge<'static> {
        let start = DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        let span = Span::new(start, start + TimeDelta::hours(5));
        Gauge { rule: AlertRule::Block, subject: "block".to_owned(), span, value, steps: &STEPS, rearms: true }
    }

    fn passes(values: &[(i64, f64)]) -> Vec<Option<u64>> {
        let mut episodes = Vec::new();
        let mut marks = Marks::new(&mut episodes, DateTime::UNIX_EPOCH);
        values.iter().map(|(minute, value)| marks.pass(&gauge(*minute, *value))).collect()
    }

    #[rstest]
    #[case::once(&[(0, 74.9), (0, 75.0), (0, 76.0)], &[None, Some(75), None])]
    #[case::each_step(&[(0, 75.0), (0, 91.0), (0, 100.0)], &[Some(75), Some(90), Some(100)])]
    #[case::steps_at_once_are_one(&[(0, 95.0), (0, 80.0), (0, 84.9), (0, 90.0)], &[Some(90), None, None, Some(90)])]
    #[case::about_the_step(&[(0, 75.0), (0, 70.1), (0, 75.0), (0, 74.0), (0, 76.0)], &[Some(75), None, None, None, None])]
    #[case::a_refill(&[(0, 100.0), (0, 3.0), (0, 76.0)], &[Some(100), None, Some(75)])]
    #[case::drift(&[(0, 75.0), (10, 76.0), (-5, 76.0)], &[Some(75), None, None])]
    #[case::a_new_window(&[(0, 99.0), (300, 99.0)], &[Some(90), Some(90)])]
    #[case::back_in_the_one_before(&[(0, 99.0), (300, 99.0), (0, 99.0)], &[Some(90), Some(90), None])]
    fn a_step_is_passed_once(#[case] values: &[(i64, f64)], #[case] expected: &[Option<u64>]) {
        assert_eq!(passes(values), expected);
    }

    #[test]
    fn what_never_rearms_is_said_once_a_window() {
        let mut episodes = Vec::new();
        let mut marks = Marks::new(&mut episodes, DateTime::UNIX_EPOCH);
        let mut pass = |value| marks.pass(&Gauge { rearms: false, ..gauge(0, value) });
        assert_eq!([pass(100.0), pass(0.0), pass(100.0)], [Some(100), None, None]);
    }

    #[test]
    fn memory_is_bounded() {
        let mut episodes = Vec::new();
        let mut marks = Marks::new(&mut episodes, DateTime::UNIX_EPOCH);
        for window in 0..1_000 {
            marks.pass(&gauge(window * 300, 99.0));
            marks.pass(&Gauge { subject: format!("week {window}"), ..gauge(0, 99.0) });
        }
        assert_eq!(episodes.len(), MOST);
    }

    #[test]
    fn any_number_of_sessions_makes_nobody_forget_a_block() {
        let mut episodes = Vec::new();
        let mut marks = Marks::new(&mut episodes, DateTime::UNIX_EPOCH);
        marks.pass(&gauge(0, 99.0));
        for session in 0..1_000 {
            let (rule, subject) = (AlertRule::SessionCost, session.to_string());
            marks.pass(&Gauge { rule, subject, span: Span::ALWAYS, ..gauge(0, 99.0) });
        }
        assert_eq!(marks.pass(&gauge(0, 99.0)), None, "it was said");
        assert_eq!(episodes.len(), MOST_SESSIONS + 1);
    }

    #[test]
    fn what_was_said_in_other_words_is_said_and_what_was_left_is_not() {
        let mut episodes = Vec::new();
        let mut marks = Marks::new(&mut episodes, DateTime::UNIX_EPOCH);
        marks.note(&gauge(0, 100.0));
        assert_eq!(marks.pass(&gauge(0, 99.0)), None);
        marks.leave(&gauge(0, 99.0));
        assert_eq!(marks.pass(&gauge(0, 99.0)), Some(90));
    }
}
