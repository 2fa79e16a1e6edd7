//! An afternoon as it goes on beside what should come of it: each step is held against the model.

use super::model::{DAY, Figures, HOUR, Model, News, Window, Word, is_quiet, number, word};
use super::random::{Event, Turn, Wish, settings};
use super::*;

/// Somebody's afternoon, beside what should come of it.
pub(super) struct Afternoon {
    desk: Desk,
    wish: Wish,
    figures: Figures,
    drifts: [i64; 2],
    is_stale: bool,
    model: Model,
    /// What is new and did not come out yet.
    open: Vec<News>,
    /// What quiet hours kept back and were not summed up yet.
    kept: Vec<News>,
    paused_until: Option<DateTime<Utc>>,
    /// When alerts were sent: by the clock, and by a watch that nobody puts back, apart where the clock ran ahead.
    sent: Vec<DateTime<Utc>>,
    watch: i64,
    sent_by_watch: Vec<Vec<i64>>,
    clock_jumped: bool,
}

impl Afternoon {
    pub(super) fn new(wish: Wish) -> Self {
        let mut desk = Desk::fresh();
        (desk.settings, desk.zone) = (settings(wish), wish.3);
        let mut afternoon = Self {
            desk,
            wish,
            figures: Figures::default(),
            drifts: [0, 0],
            is_stale: false,
            model: Model::default(),
            open: Vec::new(),
            kept: Vec::new(),
            paused_until: None,
            sent: Vec::new(),
            watch: 0,
            sent_by_watch: vec![Vec::new()],
            clock_jumped: false,
        };
        afternoon.show();
        assert_eq!(afternoon.desk.step(), [], "what holds at first is no news");
        afternoon
    }

    pub(super) fn turn(&mut self, (event, after, times): &Turn) {
        self.happen(event);
        (0..*times).for_each(|_| self.pass(*after));
    }

    fn happen(&mut self, event: &Event) {
        let soon = |foretold: bool, minutes| foretold.then(|| self.desk.now + TimeDelta::minutes(minutes));
        let end = DateTime::UNIX_EPOCH;
        match *event {
            Event::Block { percent, foretold, is_hit, drift } => {
                self.figures.block = Some(Window { percent, out: soon(foretold, 90), end, is_hit });
                self.drifts[0] = drift;
            }
            Event::Dollars { percent, foretold } => {
                self.figures.dollars = Some(Window { percent, out: soon(foretold, 80), end, is_hit: false });
            }
            Event::Week { percent, foretold, is_hit, drift } => {
                // Sooner than the block, or later.
                let out = soon(foretold, 90 + drift);
                self.figures.week = Some(Window { percent, out, end, is_hit });
                self.drifts[1] = drift;
            }
            Event::Burn { tokens, cost } => (self.figures.tokens, self.figures.cost) = (tokens, cost),
            Event::Spend { today, month } => (self.figures.today, self.figures.month) = (today, month),
            Event::Session { id, cost, is_muted } => {
                self.figures.sessions.insert(id.to_string(), (cost, is_muted));
            }
            Event::Unread { logs, folders } => (self.figures.logs, self.figures.folders) = (logs, folders),
            Event::Stale => {
                self.is_stale = true;
                self.pass(400);
                self.is_stale = false;
                self.silence();
            }
            Event::Missing => self.silence(),
            Event::Pause { minutes } => {
                self.paused_until = Some(self.desk.now + TimeDelta::minutes(minutes));
                self.desk.state = self.desk.state.paused(self.paused_until);
            }
            Event::Import => {
                self.desk.snapshot.progress = Progress::Importing { files_done: 1, files: 2, bytes_done: 1, bytes: 2 };
                self.desk.now += TimeDelta::seconds(400);
                self.watch += 400;
                assert_eq!(self.desk.step(), [], "while a history is read nothing is said");
                self.desk.snapshot.progress = Progress::Live;
            }
            Event::Back => self.jump(-HOUR),
            Event::Ahead => {
                // By a clock a year ahead the last hour is long over.
                for year in [365, -365] {
                    self.sent_by_watch.push(Vec::new());
                    self.jump(year * DAY);
                }
            }
            Event::Sleep => self.pass(8 * HOUR),
        }
    }

    /// Nothing is known of the vendor's windows for a while, and it is not known any more what it was.
    fn silence(&mut self) {
        (self.figures.block, self.figures.dollars, self.figures.week) = (None, None, None);
        self.pass(400);
    }

    fn jump(&mut self, seconds: i64) {
        (self.clock_jumped, self.desk.now) = (true, self.desk.now + TimeDelta::seconds(seconds - 1));
        self.pass(1);
    }

    fn pass(&mut self, seconds: i64) {
        self.desk.now += TimeDelta::seconds(seconds);
        self.watch += seconds.clamp(0, 100 * DAY);
        self.show();
        // At any point, also within what has to hold for minutes.
        if self.watch % 5 == 0 {
            self.desk.restart();
        }
        let said = self.desk.step();
        let known = Figures {
            block: self.figures.block.filter(|_| !self.is_stale),
            dollars: self.figures.dollars.filter(|_| self.figures.block.is_some()),
            week: self.figures.week.filter(|_| !self.is_stale),
            ..self.figures.clone()
        };
        let runs = self.figures.block.is_some();
        let news = self.model.step(&known, runs, &self.desk.settings, self.desk.now, self.desk.zone);
        self.check(news, &said);
    }

    /// Puts the figures where the rules look, with reset times as they drift.
    fn show(&mut self) {
        let now = self.desk.now;
        let drifted = |subject: &str, length: i64, drift: i64| {
            let start = |drift| {
                let start = number(subject, now) * length;
                DateTime::from_timestamp(start, 0).expect("a time") + TimeDelta::minutes(drift)
            };
            let is_in = |start: DateTime<Utc>| start <= now && now < start + TimeDelta::seconds(length);
            let start = Some(start(drift)).filter(|start| is_in(*start)).unwrap_or(start(0));
            start + TimeDelta::seconds(length)
        };
        let snapshot = &mut self.desk.snapshot;
        snapshot.quota.clear();
        (snapshot.current_block, snapshot.block_use, snapshot.block_cost_use) = (None, None, None);
        if let Some(block) = &mut self.figures.block {
            block.end = drifted("block", 5 * HOUR, self.drifts[0]);
            snapshot.current_block = Some(billing(block.end - TimeDelta::hours(5)));
            let row = row(WindowKind::FiveHour, block, now);
            snapshot.block_use = Some(row.share.clone());
            snapshot.quota.push(row);
            if let Some(dollars) = &mut self.figures.dollars {
                dollars.end = block.end;
                let share = self::row(WindowKind::FiveHour, dollars, now).share;
                snapshot.block_cost_use = Some(LimitUse { basis: LimitBasis::Number, label: Label::Measured, ..share });
            }
        }
        if let Some(week) = &mut self.figures.week {
            week.end = drifted("week", 7 * DAY, self.drifts[1]);
            snapshot.quota.push(row(WindowKind::Weekly, week, now));
        }
        snapshot.quota.iter_mut().for_each(|row| row.is_stale = self.is_stale);
        snapshot.burn_rate.tokens_per_minute = self.figures.tokens;
        snapshot.burn_rate.cost_per_hour = Some(self.figures.cost);
        snapshot.today.date = now.with_timezone(&self.desk.zone).date_naive();
        snapshot.today.totals.total_cost = Some(self.figures.today);
        self.desk.month = Some(Amount { tokens: 1, cost: Some(self.figures.month) });
        let sessions = self.figures.sessions.iter();
        let bill = |(id, (cost, is_muted)): (&String, &(f64, bool))| SessionBill {
            id: id.clone(),
            name: id.clone(),
            cost: *cost,
            is_muted: *is_muted,
        };
        self.desk.sessions = sessions.map(bill).collect();
        let (logs, folders) = (self.figures.logs, self.figures.folders);
        self.desk.unread = Unread { logs: logs.then_some((3, now)), folders: folders.into(), kept_days: 30 };
    }

    /// Whether nothing is to be heard now, and what becomes of what is new then.
    fn silenced(&self) -> Option<AlertFate> {
        let now = self.desk.now;
        let longest = TimeDelta::hours(25);
        let is_paused = self.paused_until.is_some_and(|until| until > now && until - now <= longest);
        let is_quiet = is_quiet(self.wish.0, now, self.desk.zone);
        is_paused.then_some(AlertFate::Paused).or(is_quiet.then_some(AlertFate::Quiet))
    }

    /// Holds what came out against what should.
    fn check(&mut self, news: Vec<News>, said: &[Said]) {
        let (now, silenced) = (self.desk.now, self.silenced());
        let mut fresh: Vec<News> = Vec::new();
        for one in news {
            let fate = if one.is_muted { Some(AlertFate::Muted) } else { silenced };
            if fate == Some(AlertFate::Quiet) && self.wish.1 {
                wait(&mut self.kept, one.clone());
            }
            match fate {
                Some(fate) => {
                    let is_it = |said: &&Said| {
                        (said.fate, said.alert.at) == (fate, now) && self.words(said) == [one.word.clone()]
                    };
                    let expected = said.iter().filter(is_it);
                    assert_eq!(expected.count(), 1, "{one:?} is noted as {fate:?}: {said:?}");
                }
                None => fresh.push(one),
            }
        }
        fresh.into_iter().for_each(|one| wait(&mut self.open, one));
        self.sum_up(silenced);
        said.iter().for_each(|said| self.take(said, silenced));
        self.open.retain(|one| one.until > now || silenced.is_none());
        let waits_for_its_time = || {
            let lately = |seconds| self.sent.iter().filter(|sent| (now - **sent).num_seconds() < seconds).count();
            lately(60) > 0 || lately(HOUR) >= 6
        };
        if silenced.is_none() && !self.open.is_empty() && !self.clock_jumped {
            assert!(waits_for_its_time(), "nothing holds back {:?}", self.open);
        }
    }

    fn sum_up(&mut self, silenced: Option<AlertFate>) {
        if silenced.is_some() {
            return;
        }
        let now = self.desk.now;
        let until = std::mem::take(&mut self.kept).iter().map(|one| one.until).filter(|until| *until > now).max();
        if let Some(until) = until {
            let word = Word { rule: AlertRule::Summary, subject: "quiet".to_owned(), window: 0, step: 0 };
            wait(&mut self.open, News { word, until, is_muted: false });
        }
    }

    fn words(&self, said: &Said) -> Vec<Word> {
        said.alert.parts.iter().map(|part| word(part, self.desk.zone)).collect()
    }

    fn take(&mut self, said: &Said, silenced: Option<AlertFate>) {
        let (now, words) = (self.desk.now, self.words(said));
        match said.fate {
            AlertFate::Sent => {
                assert_eq!(silenced, None, "{said:?}");
                self.sent.push(now);
                self.sent_by_watch.last_mut().expect("there is one").push(self.watch);
            }
            AlertFate::Limited => {
                assert_eq!(silenced, None, "{said:?}");
                let is_late = self.open.iter().any(|one| one.word == words[0] && one.until <= now);
                assert!(is_late || self.open.len() > 12, "there was room, and it mattered: {said:?}");
            }
            AlertFate::Muted => return,
            AlertFate::Quiet | AlertFate::Paused => {
                assert_eq!(Some(said.fate), silenced);
                // New, or over while it waited: then it is not open any more after this.
                return;
            }
            AlertFate::Shown | AlertFate::Failed => panic!("nobody knows that yet"),
        }
        for word in words {
            let open = self.open.iter().position(|one| one.word == word);
            let open = open.unwrap_or_else(|| panic!("{word:?} was said twice, or without a reason: {said:?}"));
            let one = self.open.remove(open);
            assert!(said.fate != AlertFate::Sent || one.until > now, "nobody needs to know any more: {one:?}");
        }
    }

    /// Time passes until nothing waits any more.
    pub(super) fn end(mut self) {
        (self.paused_until, self.wish.0) = (None, None);
        self.desk.state = self.desk.state.paused(None);
        self.desk.settings.quiet = None;
        self.figures = Figures::default();
        (0..8).for_each(|_| self.pass(HOUR));
        (0..4).for_each(|_| self.pass(120));
        assert!(self.open.is_empty() && self.kept.is_empty(), "lost: {:?} {:?}", self.open, self.kept);
        for sent in &self.sent_by_watch {
            assert!(sent.windows(2).all(|pair| pair[1] - pair[0] >= 60), "{sent:?}");
            assert!(sent.windows(7).all(|seven| seven[6] - seven[0] >= HOUR), "{sent:?}");
        }
    }
}

/// A later word on something takes the place of an earlier one.
fn wait(waiting: &mut Vec<News>, one: News) {
    let is_same = |other: &News| (other.word.rule, &other.word.subject) == (one.word.rule, &one.word.subject);
    waiting.retain(|other| !is_same(other));
    waiting.push(one);
}

fn row(kind: WindowKind, window: &Window, now: DateTime<Utc>) -> QuotaStats {
    let mut row = quota(kind, window.percent.into(), window.end, now);
    if window.is_hit {
        row.origin = QuotaOrigin::LimitMessage;
    }
    row.share.runs_out_at = window.out;
    row.share.projected_percent = window.out.and_then(|_| range(104.0, 130.0));
    row
}
