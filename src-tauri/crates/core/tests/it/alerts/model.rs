//! What should be told, put plainly: windows have numbers here, time has no drift, and nothing is ever forgotten.
//!
//! It shares no code with what it is held against, and is as simple as it can be rather than small or fast.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveTime, Timelike};

use super::*;

pub(super) const HOUR: i64 = 3600;
pub(super) const DAY: i64 = 24 * HOUR;

/// A window of the vendor as it is read at an instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) percent: u32,
    /// When it will run out, where that is certain.
    pub(super) out: Option<DateTime<Utc>>,
    /// Its end, as far as the drift of this reading goes.
    pub(super) end: DateTime<Utc>,
    /// Whether the reading is a limit message.
    pub(super) is_hit: bool,
}

/// All that holds at an instant.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    pub(super) block: Option<Window>,
    /// The block by its cost, of a limit that somebody set.
    pub(super) dollars: Option<Window>,
    pub(super) week: Option<Window>,
    pub(super) tokens: u64,
    pub(super) cost: f64,
    pub(super) today: f64,
    pub(super) month: f64,
    /// What they cost, and whether they are muted.
    pub(super) sessions: BTreeMap<String, (f64, bool)>,
    pub(super) logs: bool,
    pub(super) folders: bool,
}

/// Something that is told: a rule, of what, in which window, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    pub(super) rule: AlertRule,
    pub(super) subject: String,
    pub(super) window: i64,
    pub(super) step: u64,
}

/// A word that is new, and until when it matters.
#[derive(Clone, Debug)]
pub(super) struct News {
    pub(super) word: Word,
    pub(super) until: DateTime<Utc>,
    pub(super) is_muted: bool,
}

/// What somebody waits for since an instant, without a break.
#[derive(Clone, Copy, Debug)]
struct Held {
    since: DateTime<Utc>,
    last: DateTime<Utc>,
}

/// What was told of which window.
#[derive(Debug, Default)]
pub(super) struct Model {
    said: BTreeMap<(AlertRule, String, i64), u64>,
    held: BTreeMap<String, Held>,
    /// Windows whose reset is worth a word, and their ends.
    awaited: BTreeMap<(String, i64), DateTime<Utc>>,
    /// The days on which there was something unread.
    unread: BTreeMap<String, BTreeSet<i64>>,
}

/// The number of the block or week at an instant.
pub(super) fn number(subject: &str, at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(if subject == "week" { 7 * DAY } else { 5 * HOUR })
}

/// The window a part is about.
pub(super) fn word(part: &token_monitor_core::alerts::Part, zone: Tz) -> Word {
    let middle = part.span.start + (part.span.end - part.span.start) / 2;
    let window = match (part.rule, part.subject.as_str()) {
        (AlertRule::Budget, "day") => day(middle, zone),
        (AlertRule::Budget, _) => month(middle, zone),
        (AlertRule::BurnRate, _) => number("block", middle),
        (AlertRule::SessionCost | AlertRule::Cleaning | AlertRule::Summary, _) => 0,
        (_, subject) => number(subject, middle),
    };
    Word { rule: part.rule, subject: part.subject.clone(), window, step: part.step }
}

fn day(at: DateTime<Utc>, zone: Tz) -> i64 {
    i64::from(at.with_timezone(&zone).date_naive().num_days_from_ce())
}

fn month(at: DateTime<Utc>, zone: Tz) -> i64 {
    let date = at.with_timezone(&zone).date_naive();
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

/// Whether the clock on the wall stands in quiet hours, given in hours of the day, none of them across midnight.
pub(super) fn is_quiet(hours: Option<(u32, u32)>, now: DateTime<Utc>, zone: Tz) -> bool {
    hours.is_some_and(|(from, to)| (from..to).contains(&now.with_timezone(&zone).hour()))
}

impl Model {
    /// What is new; of windows, and of rates, the one that speaks for the others. `runs` is whether a block does.
    pub(super) fn step(
        &mut self,
        figures: &Figures,
        runs: bool,
        settings: &AlertSettings,
        now: DateTime<Utc>,
        zone: Tz,
    ) -> Vec<News> {
        let mut found = Vec::new();
        found.extend(self.windows(figures, settings, now));
        found.extend(self.forecast(figures, now));
        found.extend(runs.then(|| self.rates(figures, settings, now)).flatten());
        found.extend(self.resets(figures, settings, now));
        found.extend(self.budgets(figures, now, zone));
        found.extend(self.sessions(figures, settings, now));
        found.extend(self.unread(figures, now));
        found
    }

    /// The step that is newly passed. One that was left by five points may be passed again.
    fn share(&mut self, rule: AlertRule, subject: &str, window: i64, percent: f64, steps: &[u64]) -> Option<u64> {
        let passed = |percent: f64| steps.iter().copied().filter(|step| percent >= *step as f64).max().unwrap_or(0);
        let said = self.said.entry((rule, subject.to_owned(), window)).or_default();
        *said = (*said).min(passed(percent + 5.0));
        let is_news = passed(percent) > *said;
        *said = (*said).max(passed(percent));
        is_news.then_some(*said)
    }

    fn once(&mut self, rule: AlertRule, subject: &str, window: i64, step: u64) -> bool {
        let said = self.said.entry((rule, subject.to_owned(), window)).or_default();
        let is_news = step > *said;
        *said = (*said).max(step);
        is_news
    }

    /// All of an official limit, and the message that says so, are one.
    fn windows(&mut self, figures: &Figures, settings: &AlertSettings, now: DateTime<Utc>) -> Option<News> {
        let mut found = Vec::new();
        for (subject, rule, window) in windows(figures) {
            if window.is_hit && self.once(AlertRule::LimitHit, subject, number(subject, now), 100) {
                self.once(rule, subject, number(subject, now), 100);
                found.push((AlertRule::LimitHit, subject, 100, window));
            }
        }
        for (subject, rule, window) in windows(figures) {
            let steps = if rule == AlertRule::Block { &settings.block } else { &settings.week };
            let step = self.share(rule, subject, number(subject, now), window.percent.into(), steps);
            found.extend(step.map(|step| (rule, subject, step, window)));
            if step == Some(100) && subject != "block-cost" {
                self.once(AlertRule::LimitHit, subject, number(subject, now), 100);
            }
        }
        let binds = |(rule, _, _, window): &(AlertRule, _, _, Window)| {
            (*rule != AlertRule::LimitHit, window.out.is_none(), window.out, std::cmp::Reverse(window.percent))
        };
        found.sort_by_key(binds);
        found.first().map(|(rule, subject, step, window)| news(*rule, subject, number(subject, now), *step, window.end))
    }

    fn forecast(&mut self, figures: &Figures, now: DateTime<Utc>) -> Option<News> {
        let mut certain = Vec::new();
        for (subject, _, window) in windows(figures) {
            let out = window.out.filter(|_| window.percent < 100);
            let held = self.holds(&format!("forecast {subject}"), out.is_some(), now);
            if let (Some(out), Some(300..)) = (out, held) {
                certain.push((out, subject, window.end));
            }
        }
        let (_, subject, end) = certain.into_iter().min_by_key(|(out, ..)| *out)?;
        let window = number(subject, now);
        self.once(AlertRule::Forecast, subject, window, 100)
            .then(|| news(AlertRule::Forecast, subject, window, 100, end))
    }

    /// For how many seconds something has held; a silence of minutes, or a clock put back, begins anew.
    fn holds(&mut self, what: &str, holds: bool, now: DateTime<Utc>) -> Option<i64> {
        if !holds {
            self.held.remove(what);
            return None;
        }
        let known = self.held.get(what).filter(|held| (0..=150).contains(&(now - held.last).num_seconds()));
        let since = known.map_or(now, |held| held.since);
        self.held.insert(what.to_owned(), Held { since, last: now });
        Some((now - since).num_seconds())
    }

    fn rates(&mut self, figures: &Figures, settings: &AlertSettings, now: DateTime<Utc>) -> Option<News> {
        let (window, least) = (number("block", now), settings.burn_minutes as i64 * 60);
        let rates = [
            ("rate", figures.tokens as f64, settings.burn_tokens?),
            ("rate of cost", figures.cost, settings.burn_cost?),
        ];
        let mut found = Vec::new();
        for (subject, rate, most) in rates {
            let share = rate / most as f64;
            let (high, low) = (
                self.holds(&format!("{subject} over"), share >= 1.0, now),
                self.holds(&format!("{subject} below"), share < 1.0, now),
            );
            if low.is_some_and(|low| low >= least.max(300)) {
                self.said.insert((AlertRule::BurnRate, subject.to_owned(), window), 0);
            }
            if high.is_some_and(|high| high >= least) && self.once(AlertRule::BurnRate, subject, window, 100) {
                found.push((share, subject));
            }
        }
        let first = found.into_iter().reduce(|a, b| if b.0 > a.0 { b } else { a });
        first.map(|(_, subject)| news(AlertRule::BurnRate, subject, window, 100, now + TimeDelta::minutes(15)))
    }

    fn resets(&mut self, figures: &Figures, settings: &AlertSettings, now: DateTime<Utc>) -> Vec<News> {
        // Tokens and dollars of a block start anew together.
        let blocks = [figures.block, figures.dollars].into_iter().flatten();
        let fullest = blocks.max_by_key(|window| window.percent).map(|window| ("block", &settings.block, window));
        let week = figures.week.map(|window| ("week", &settings.week, window));
        for (subject, steps, window) in fullest.into_iter().chain(week) {
            let worth = steps.iter().copied().filter(|step| *step < 100).max().expect("each has one") as f64;
            let (key, percent) = ((subject.to_owned(), number(subject, now)), f64::from(window.percent));
            if percent >= worth || (self.awaited.contains_key(&key) && percent >= worth - 5.0) {
                self.awaited.insert(key, window.end);
            } else {
                self.awaited.remove(&key);
            }
        }
        let mut found = Vec::new();
        for ((subject, window), end) in self.awaited.clone() {
            let left = (end - now).num_seconds();
            // Near and over are two words, of which neither takes back the other.
            if (1..=600).contains(&left) && self.once(AlertRule::Reset, &format!("{subject} near"), window, 1) {
                found.push(news(AlertRule::Reset, &subject, window, 1, end));
            }
            if left <= -120 {
                self.awaited.remove(&(subject.clone(), window));
                let late = end + TimeDelta::hours(1);
                if now < late && self.once(AlertRule::Reset, &format!("{subject} over"), window, 2) {
                    found.push(news(AlertRule::Reset, &subject, window, 2, late));
                }
            }
        }
        found
    }

    /// Of ten dollars a day and a hundred a month.
    fn budgets(&mut self, figures: &Figures, now: DateTime<Utc>, zone: Tz) -> Vec<News> {
        let today = now.with_timezone(&zone).date_naive();
        let begins = |date: chrono::NaiveDate| {
            date.and_time(NaiveTime::MIN)
                .and_local_timezone(zone)
                .earliest()
                .expect("days begin at midnight here")
                .to_utc()
        };
        let tomorrow = begins(today.succ_opt().expect("time goes on"));
        let next_month = begins(today.with_day(1).expect("a first") + chrono::Months::new(1));
        let rows = [
            ("day", day(now, zone), figures.today * 10.0, tomorrow),
            ("month", month(now, zone), figures.month, next_month),
        ];
        rows.into_iter()
            .filter_map(|(subject, window, percent, until)| {
                let step = self.share(AlertRule::Budget, subject, window, percent, &[80, 100])?;
                Some(news(AlertRule::Budget, subject, window, step, until))
            })
            .collect()
    }

    fn sessions(&mut self, figures: &Figures, settings: &AlertSettings, now: DateTime<Utc>) -> Vec<News> {
        let most = settings.session_cost.expect("it is set");
        let mut found = Vec::new();
        for (id, (cost, is_muted)) in &figures.sessions {
            if *cost >= most as f64 && self.once(AlertRule::SessionCost, id, 0, 100) {
                let news = news(AlertRule::SessionCost, id, 0, 100, now + TimeDelta::days(1));
                found.push(News { is_muted: *is_muted, ..news });
            }
        }
        found
    }

    /// Once, as long as no three days pass without any.
    fn unread(&mut self, figures: &Figures, now: DateTime<Utc>) -> Vec<News> {
        let today = now.timestamp().div_euclid(DAY);
        let until = DateTime::from_timestamp((today + 3) * DAY, 0).expect("a time");
        let mut found = Vec::new();
        for (subject, there_are) in [("logs", figures.logs), ("folders", figures.folders)] {
            let days = self.unread.entry(subject.to_owned()).or_default();
            if there_are && days.range(today - 2..=today + 2).next().is_none() {
                found.push(news(AlertRule::Cleaning, subject, 0, 100, until));
            }
            if there_are {
                days.insert(today);
            }
        }
        found
    }
}

fn windows(figures: &Figures) -> impl Iterator<Item = (&'static str, AlertRule, Window)> {
    let rows = [
        ("block", AlertRule::Block, figures.block),
        ("block-cost", AlertRule::Block, figures.dollars),
        ("week", AlertRule::Week, figures.week),
    ];
    rows.into_iter().filter_map(|(subject, rule, window)| Some((subject, rule, window?)))
}

fn news(rule: AlertRule, subject: &str, window: i64, step: u64, until: DateTime<Utc>) -> News {
    News { word: Word { rule, subject: subject.to_owned(), window, step }, until, is_muted: false }
}
