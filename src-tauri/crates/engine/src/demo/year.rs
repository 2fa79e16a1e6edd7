//! A made-up year of usage.
//!
//! Pure: the same time, zone and seed always result in the same year, and a past day keeps its sessions from one day to
//! the next as long as the amount of work at its age is the same.

use chrono::{DateTime, Datelike, Days, NaiveDate, SubsecRound, TimeDelta, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;

use crate::demo::catalog::{PROJECTS, models_on};
use crate::demo::random::DemoRandom;
use crate::demo::session::{DemoRun, DemoSession, generate_turns};

/// The number of days before today.
const DAYS: u64 = 364;

/// The age of the days of a vacation, in days.
const VACATION: std::ops::RangeInclusive<u64> = 128..=140;

/// The time since the start of the running block.
const BLOCK_AGE: TimeDelta = TimeDelta::minutes(160);

/// The length of a block.
pub(crate) const BLOCK_LENGTH: TimeDelta = TimeDelta::hours(5);

/// The minutes to which the start of the running block is rounded down.
const BLOCK_START_MINUTES: u32 = 10;

/// The share of the block's limit that is used at first, in percent.
const USED_PERCENT: u64 = 38;

/// A made-up year of usage, which ends with a running block.
#[derive(Clone, Debug)]
pub struct DemoYear {
    /// The sessions, the oldest first. The sessions of the running block are the last ones.
    pub(crate) sessions: Vec<DemoSession>,
    /// The start of the running block.
    pub(crate) block_start: DateTime<Utc>,
    /// The tokens of the running block.
    pub(crate) block_tokens: u64,
}

impl DemoYear {
    /// Generates the year that ends now.
    pub fn generate(now: DateTime<Tz>, seed: u64) -> Self {
        let block_start = start_of_running_block(now.to_utc());
        let today = now.date_naive();
        let days = (0..=DAYS).rev().filter_map(|age| today.checked_sub_days(Days::new(age)).map(|day| (age, day)));
        let past = days.flat_map(|(age, day)| sessions_of_day(seed, now.timezone(), age, day));
        let mut sessions: Vec<_> =
            past.filter(|session| session.end().is_some_and(|end| end + BLOCK_LENGTH <= block_start)).collect();
        let running = running_sessions(&mut DemoRandom::for_day(seed, today), now, block_start);
        let block_tokens = running.iter().map(DemoSession::tokens).sum();
        sessions.extend(running);
        Self { sessions, block_start, block_tokens }
    }

    /// Returns the tokens of all sessions.
    pub fn tokens(&self) -> u64 {
        self.sessions.iter().map(DemoSession::tokens).sum()
    }

    /// Returns the official token limit of a block.
    pub(crate) fn block_limit(&self) -> u64 {
        self.block_tokens * 100 / USED_PERCENT
    }
}

fn start_of_running_block(now: DateTime<Utc>) -> DateTime<Utc> {
    let start = (now - BLOCK_AGE).trunc_subsecs(0);
    start
        - TimeDelta::minutes((start.minute() % BLOCK_START_MINUTES).into())
        - TimeDelta::seconds(start.second().into())
}

/// Returns the sessions of a day. There are none on most weekends and during the vacation.
fn sessions_of_day(seed: u64, zone: Tz, age: u64, day: NaiveDate) -> Vec<DemoSession> {
    let mut random = DemoRandom::for_day(seed, day);
    let working_percent = match day.weekday() {
        Weekday::Sat => 34,
        Weekday::Sun => 22,
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => 94,
    };
    if VACATION.contains(&age) || !random.chance(working_percent) {
        return Vec::new();
    }
    let count = random.number_in(1..=4);
    (0..count).filter_map(|_| past_session(&mut random, zone, age, day)).collect()
}

/// Returns a session of a past day. The work doubles in the course of the year. Returns none if the local time of its
/// start does not exist.
fn past_session(random: &mut DemoRandom, zone: Tz, age: u64, day: NaiveDate) -> Option<DemoSession> {
    let minute = random.number_in(8 * 60..=19 * 60);
    let local = day.and_hms_opt((minute / 60) as u32, (minute % 60) as u32, 0)?;
    let start = zone.from_local_datetime(&local).earliest()?.to_utc();
    let turns = random.number_in(14..=46) * (2 * DAYS - age.min(DAYS)) / (2 * DAYS);
    let mut session = new_session(random, day);
    session.turns = generate_turns(random, start, 25..=170, |count, _| count < turns as usize);
    if random.chance(24) {
        let haiku = models_on(day).haiku;
        let run_turns = generate_turns(random, start + TimeDelta::minutes(4), 6..=20, |count, _| count < 9);
        session.run = Some(DemoRun { id: random.uuid(), model: haiku, turns: run_turns });
    }
    session.pull_request = random.chance(16).then(|| DAYS - age.min(DAYS) + 40);
    session.is_tagged = random.chance(30);
    Some(session)
}

/// Creates a session without turns.
fn new_session(random: &mut DemoRandom, day: NaiveDate) -> DemoSession {
    let project = random.pick_by_rank(PROJECTS);
    let models = models_on(day);
    DemoSession {
        id: random.uuid(),
        project,
        branch: random.pick_by_rank(project.branches),
        title: random.pick_by_rank(project.titles),
        model: random.pick_by_rank(&[models.sonnet, models.opus, models.haiku]),
        turns: Vec::new(),
        run: None,
        pull_request: None,
        is_tagged: false,
    }
}

/// Returns the sessions of the running block: a finished one, one that waits for a permission, and one at work.
fn running_sessions(random: &mut DemoRandom, now: DateTime<Tz>, block_start: DateTime<Utc>) -> Vec<DemoSession> {
    let (today, now) = (now.date_naive(), now.to_utc());
    let models = models_on(today);
    let parts = [
        (&PROJECTS[2], 0, models.haiku, 8, now - TimeDelta::minutes(70), 30..=70),
        (&PROJECTS[1], 0, models.sonnet, 75, now - TimeDelta::minutes(3), 40..=110),
        (&PROJECTS[0], 0, models.opus, 3, now - TimeDelta::seconds(6), 35..=95),
    ];
    // Created before their turns, whose number depends on the time, so that the ids of a day are always the same.
    let empty = parts.each_ref().map(|_| new_session(random, today));
    let sessions = parts.into_iter().zip(empty).map(|((project, title, model, first_minute, end, pause), session)| {
        let start = block_start + TimeDelta::minutes(first_minute);
        let turns = generate_turns(random, start, pause, |_, at| at < end);
        let (title, branch) = (project.titles[title], project.branches[project.branches.len() - 1]);
        DemoSession { project: *project, title, branch, model, turns, is_tagged: true, ..session }
    });
    sessions.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono_tz::Europe::Berlin;
    use rstest::rstest;
    use token_monitor_core::pricing::{ApiCall, BillingTerms, PriceBook};
    use token_monitor_core::tokens::Usage;

    use super::*;

    fn noon() -> DateTime<Tz> {
        Berlin.with_ymd_and_hms(2026, 11, 30, 12, 3, 7).single().expect("a time")
    }

    fn year() -> DemoYear {
        DemoYear::generate(noon(), 1)
    }

    #[test]
    fn the_same_time_and_seed_result_in_the_same_year() {
        let ids = |year: DemoYear| year.sessions.into_iter().map(|session| session.id).collect::<Vec<_>>();
        assert_eq!(ids(year()), ids(year()));
        assert_ne!(ids(year()), ids(DemoYear::generate(noon(), 2)));
    }

    #[test]
    fn yesterdays_sessions_are_the_same_tomorrow() {
        let of_day = |year: DemoYear| {
            let wanted = noon().date_naive() - Days::new(3);
            let sessions = year.sessions.into_iter();
            let start = |session: &DemoSession| session.turns[0].at.with_timezone(&Berlin).date_naive();
            sessions.filter(|session| start(session) == wanted).map(|session| session.id).collect::<Vec<_>>()
        };
        let later = DemoYear::generate(noon() + Days::new(1), 1);
        assert!(!of_day(year()).is_empty());
        assert_eq!(of_day(year())[0], of_day(later)[0]);
    }

    #[test]
    fn the_year_has_a_plausible_amount_of_work() {
        let year = year();
        let days: BTreeSet<_> = year.sessions.iter().map(|session| session.turns[0].at.date_naive()).collect();
        assert!((200..300).contains(&days.len()), "{} days", days.len());
        assert!((400..900).contains(&year.sessions.len()), "{} sessions", year.sessions.len());
        let oldest = year.sessions[0].turns[0].at;
        assert!(noon().to_utc() - oldest > TimeDelta::days(355), "{oldest}");
        assert!((500_000_000..3_000_000_000).contains(&year.tokens()), "{} tokens", year.tokens());
        let projects: BTreeSet<_> = year.sessions.iter().map(|session| session.project.name).collect();
        assert_eq!(projects.len(), PROJECTS.len());
        assert!(year.sessions.iter().any(|session| session.pull_request.is_some()));
    }

    #[rstest]
    #[case(Berlin.with_ymd_and_hms(2026, 11, 30, 12, 3, 7))]
    #[case(Berlin.with_ymd_and_hms(2026, 3, 29, 3, 30, 0))]
    #[case(chrono_tz::Asia::Kathmandu.with_ymd_and_hms(2027, 1, 1, 0, 0, 0))]
    fn the_running_block_is_separate_and_ends_now(#[case] now: chrono::LocalResult<DateTime<Tz>>) {
        let now = now.single().expect("a time").to_utc();
        let year = DemoYear::generate(now.with_timezone(&Berlin), 1);
        let age = now - year.block_start;
        assert!((BLOCK_AGE..BLOCK_AGE + TimeDelta::minutes(11)).contains(&age), "{age}");
        let (running, past): (Vec<_>, Vec<_>) =
            year.sessions.iter().partition(|session| session.turns[0].at >= year.block_start);
        assert_eq!(running.len(), 3);
        assert!(past.iter().all(|session| session.end().is_some_and(|end| end + BLOCK_LENGTH <= year.block_start)));
        let last = running.iter().filter_map(|session| session.end()).max().expect("a turn");
        assert!(last <= now && now - last < TimeDelta::minutes(2), "{last}");
        assert_eq!(year.block_tokens * 100 / year.block_limit(), USED_PERCENT);
    }

    #[test]
    fn every_model_has_a_price_on_its_day() {
        let (prices, terms) = (PriceBook::bundled(), BillingTerms::default());
        for session in &year().sessions {
            for model in session.run.iter().map(|run| run.model).chain([session.model]) {
                let when = session.turns[0].at.into();
                let call = ApiCall { model, usage: Usage::default(), terms, when };
                assert!(prices.cost_of(&call).is_some(), "{model} at {when:?}");
            }
        }
    }
}
