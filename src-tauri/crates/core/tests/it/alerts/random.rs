//! Ten thousand afternoons: readings that are stale or missing, that oscillate, whose reset time drifts; restarts and
//! clocks that jump. Held against a model that knows which block is which.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const HOURS: i64 = 3600;

/// What happens next.
#[derive(Clone, Debug)]
enum Event {
    /// A figure is read after some seconds: percents, and by how many minutes its reset time has drifted.
    Reading { after: i64, percent: u32, drift: i64 },
    /// The figure is too old by now.
    Stale { after: i64, percent: u32 },
    /// There is none.
    Missing { after: i64 },
    /// The program ends and starts.
    Restart,
    /// The clock is put back by an hour.
    Back,
    /// The clock is a year ahead for one reading.
    Ahead { percent: u32 },
    /// The computer sleeps for eight hours.
    Sleep,
}

fn percents() -> impl Strategy<Value = u32> {
    prop_oneof![0..=110_u32, 68..=78_u32, 84..=92_u32, 94..=101_u32]
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let after = || prop_oneof![1..=5_i64, 1..=120_i64, 1..=HOURS];
    let event = prop_oneof![
        12 => (after(), percents(), -15..=15_i64).prop_map(|(after, percent, drift)| Event::Reading { after, percent, drift }),
        2 => (after(), percents()).prop_map(|(after, percent)| Event::Stale { after, percent }),
        2 => after().prop_map(|after| Event::Missing { after }),
        2 => Just(Event::Restart),
        1 => Just(Event::Back),
        1 => percents().prop_map(|percent| Event::Ahead { percent }),
        1 => Just(Event::Sleep),
    ];
    prop::collection::vec(event, 1..40)
}

/// A step of a block: the block's number since 1970, and the step.
type Passed = (i64, u64);

/// What should be said: of each block the highest step, lowered only by a figure that is certain and well below it.
#[derive(Default)]
struct Model {
    said: BTreeMap<i64, u64>,
    expected: Vec<Passed>,
}

impl Model {
    fn read(&mut self, block: i64, percent: f64) {
        let highest =
            |value: f64| [50, 75, 90, 100].into_iter().filter(|step| value >= f64::from(*step)).max().unwrap_or(0);
        let said = self.said.entry(block).or_default();
        *said = (*said).min(u64::from(highest(percent + 5.0) as u32));
        let reached = u64::from(highest(percent) as u32);
        if reached > *said {
            *said = reached;
            self.expected.push((block, reached));
        }
    }
}

struct Afternoon {
    desk: Desk,
    model: Model,
    /// What came out, with its fate, and when.
    out: Vec<(Passed, AlertFate, DateTime<Utc>)>,
    clock_went_back: bool,
}

impl Afternoon {
    fn new() -> Self {
        let mut desk = Desk::fresh();
        desk.settings = AlertSettings { forecast: false, reset: false, ..AlertSettings::default() };
        desk.step();
        Self { desk, model: Model::default(), out: Vec::new(), clock_went_back: false }
    }

    fn happen(&mut self, event: &Event) {
        match *event {
            Event::Reading { after, percent, drift } => self.read(after, percent, drift, false),
            Event::Stale { after, percent } => self.read(after, percent, 0, true),
            Event::Missing { after } => self.missing(after),
            Event::Restart => self.desk.restart(),
            Event::Back => {
                self.clock_went_back = true;
                self.missing(-HOURS);
            }
            Event::Ahead { percent } => {
                let year = 365 * 24 * HOURS;
                self.clock_went_back = true;
                self.read(year, percent, 0, false);
                self.missing(-year);
            }
            Event::Sleep => self.missing(8 * HOURS),
        }
    }

    fn read(&mut self, after: i64, percent: u32, drift: i64, is_stale: bool) {
        self.desk.now += TimeDelta::seconds(after);
        let block = self.desk.now.timestamp().div_euclid(5 * HOURS);
        let start = DateTime::from_timestamp(block * 5 * HOURS, 0).expect("a time") + TimeDelta::minutes(drift);
        if self.desk.now < start || self.desk.now >= start + TimeDelta::hours(5) {
            return self.missing(0);
        }
        self.desk.block_from(start);
        self.desk.block(f64::from(percent));
        self.desk.stale(is_stale);
        if !is_stale {
            self.model.read(block, f64::from(percent));
        }
        self.step();
    }

    fn missing(&mut self, after: i64) {
        self.desk.now += TimeDelta::seconds(after);
        (self.desk.snapshot.block_use, self.desk.snapshot.current_block) = (None, None);
        self.desk.snapshot.quota.clear();
        self.step();
    }

    fn step(&mut self) {
        for said in self.desk.step() {
            assert!(said.alert.parts.iter().all(|part| part.rule == AlertRule::Block), "{said:?}");
            for part in &said.alert.parts {
                let middle = part.span.start + (part.span.end - part.span.start) / 2;
                let block = middle.timestamp().div_euclid(5 * HOURS);
                self.out.push(((block, part.step), said.fate, self.desk.now));
            }
        }
    }

    /// Time passes until nothing waits any more.
    fn end(&mut self) {
        for _ in 0..10 {
            self.missing(HOURS / 2);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_each_step_of_a_block_is_told_once(events in events()) {
        let mut afternoon = Afternoon::new();
        events.iter().for_each(|event| afternoon.happen(event));
        afternoon.end();
        let Afternoon { model, out, clock_went_back, .. } = afternoon;
        // One behind the other, both in order: what came out is what was expected, but for words on the same block
        // that a later one replaced before they could be said.
        let mut expected = model.expected.iter().peekable();
        for (passed, ..) in &out {
            prop_assert!(expected.any(|one| one == passed), "{passed:?} was said twice, or without a reason: {out:?} of {:?}", model.expected);
        }
        prop_assert_eq!(out.last().map(|(passed, ..)| passed), model.expected.last(), "the last word is never lost");
        let sent: Vec<_> = out.iter().filter(|(_, fate, _)| *fate == AlertFate::Sent).map(|(.., when)| *when).collect();
        if !clock_went_back {
            prop_assert!(sent.windows(2).all(|pair| pair[1] - pair[0] >= TimeDelta::minutes(1)), "{sent:?}");
            prop_assert!(sent.windows(7).all(|seven| seven[6] - seven[0] >= TimeDelta::hours(1)), "{sent:?}");
        }
    }
}
