//! Damaged stores: pages of zeros or noise and single flipped bits, at the start and under a running owner.
//!
//! After each of them no panic leaves the engine, the figures are exact, and the next start finds a sound store. A part of
//! the tries runs normally; `npm run reliability` runs all of them and prints their numbers.

use std::fs;
use std::path::PathBuf;

use token_monitor_core::report::model::ProblemCode;
use token_monitor_engine::{Request, Response};
use token_monitor_test_support::{Noise, Tries};

use crate::harness::{Figures, Line, TestEnv, line};

const PAGE_BYTES: usize = 4096;

/// A store with named sessions over three weeks, whose logs are partly deleted, and a backup of it.
struct DamageTest {
    env: TestEnv,
    sound: Vec<u8>,
    log: String,
    expected: Figures,
    detected: u32,
    tries: Tries,
}

impl DamageTest {
    fn new(promise: &'static str) -> Self {
        let env = TestEnv::new();
        let sessions = ["s", "t", "u", "v"];
        let mut log = String::new();
        for number in 0..240_u64 {
            let session = sessions[number as usize % 4];
            let model = ["claude-opus-4-8", "claude-haiku-4-5"][number as usize / 7 % 2];
            let minute = i64::try_from(number).expect("it is small") * 130;
            let text = Line { session, model, minute, input: number, ..line(&number.to_string(), number + 1) };
            if session == "v" {
                env.append("gone/v.jsonl", text.with_newline());
            } else {
                log += &text.with_newline();
            }
        }
        env.write("p/s.jsonl", &log);
        let running = env.start();
        running.sync();
        running.rename("s", "Login").expect("the name is free");
        running.rename("v", "Archive").expect("the name is free");
        let expected = running.figures();
        running.stop();
        fs::remove_dir_all(env.log("gone")).expect("it is deleted");
        let sound = fs::read(env.store()).expect("it is readable");
        Self { env, sound, log, expected, detected: 0, tries: Tries::start(promise) }
    }

    /// Puts a store in place, and everything else as it was.
    fn reset(&mut self, bytes: &[u8]) {
        self.set_aside().iter().for_each(|path| fs::remove_file(path).expect("it is deleted"));
        fs::write(self.env.store(), bytes).expect("it is written");
        self.env.write("p/s.jsonl", &self.log);
        self.tries.add(1);
    }

    fn set_aside(&self) -> Vec<PathBuf> {
        let folder = self.env.store().parent().expect("a folder").to_owned();
        let paths = fs::read_dir(folder).expect("it exists").map(|entry| entry.expect("an entry").path());
        paths.filter(|path| path.to_string_lossy().contains("sessions.db.")).collect()
    }

    /// Starts twice with a damaged file.
    fn check_start(&mut self, what: &str, damaged: &[u8]) {
        assert!(damaged != self.sound, "{what}: something was injected");
        self.reset(damaged);
        let running = self.env.start();
        running.sync();
        assert!(running.figures() == self.expected, "{what}: the figures differ");
        let codes: Vec<ProblemCode> = running.snapshot().problems.iter().map(|problem| problem.code).collect();
        running.stop();
        let aside = self.set_aside();
        assert_eq!(codes.contains(&ProblemCode::StoreUnreadable), !aside.is_empty(), "{what}: the problem is shown");
        self.detected += u32::from(!aside.is_empty());
        assert!(self.env.figures() == self.expected, "{what}: the second start");
        assert_eq!(self.set_aside(), aside, "{what}: the new store is sound");
    }

    /// Damages the file of a running owner.
    fn check_owner(&mut self, what: &str, damaged: &[u8]) {
        assert!(damaged != self.sound, "{what}: something was injected");
        let sound = self.sound.clone();
        self.reset(&sound);
        let running = self.env.start();
        running.sync();
        let open = fs::read(self.env.store()).expect("it is readable");
        // The open file differs from the closed one in a few pages, which are damaged in the same way.
        let mixed: Vec<u8> = open
            .iter()
            .enumerate()
            .map(|(at, byte)| match (self.sound.get(at), damaged.get(at)) {
                (Some(sound), Some(damaged)) => byte ^ sound ^ damaged,
                _ => *byte,
            })
            .collect();
        fs::write(self.env.store(), mixed).expect("it is written");
        let more = Line { session: "t", minute: 31, ..line("more", 7) };
        self.env.append("p/s.jsonl", more.with_newline());
        running.sync();
        let total = self.expected.total.output_tokens + 7;
        // Reading a damaged page is an error, after which the store is replaced.
        let retry = |request: Request| {
            (0..3).find_map(|_| running.try_request(request.clone()).inspect_err(|_| running.sync()).ok())
        };
        let Some(Response::Snapshot(snapshot)) = retry(Request::Snapshot) else { panic!("{what}: no snapshot") };
        assert_eq!(snapshot.totals.output_tokens, total, "{what}: the total");
        let days = retry(Request::Days { zone: Some(chrono_tz::UTC) });
        let Some(Response::Days(_, sum)) = days else { panic!("{what}: no days") };
        assert_eq!(sum.output_tokens, total, "{what}: the days");
        running.stop();
        let figures = self.env.figures();
        assert_eq!(figures.total.output_tokens, total, "{what}: the next start");
        assert_eq!(figures.sessions["v"].title, "Archive", "{what}: a name");
        self.detected += u32::from(!self.set_aside().is_empty());
        assert!(self.env.figures() == figures, "{what}: the second start");
    }

    /// Prints the row of the table.
    fn finish(self) {
        assert!(self.detected > 0, "some damage was found");
        self.tries.finish(&format!("{} found damaged", self.detected));
    }

    fn pages(&self) -> usize {
        self.sound.len() / PAGE_BYTES
    }
}

/// Returns a file with one page of zeros or of noise. `None` if the page is zero already.
fn damage_page(sound: &[u8], page: usize, noise: Option<&mut Noise>) -> Option<Vec<u8>> {
    let mut damaged = sound.to_vec();
    let bytes = &mut damaged[page * PAGE_BYTES..(page + 1) * PAGE_BYTES];
    match noise {
        Some(noise) => bytes.fill_with(|| noise.next_number() as u8),
        None => bytes.fill(0),
    }
    (damaged != sound).then_some(damaged)
}

fn for_each_damaged_page(test: &mut DamageTest, stride: usize, check: fn(&mut DamageTest, &str, &[u8])) {
    let mut noise = Noise::new(0x9e37_79b9_7f4a_7c15);
    for page in (0..test.pages()).step_by(stride) {
        for kind in ["zeros", "noise"] {
            let damaged = damage_page(&test.sound, page, (kind == "noise").then_some(&mut noise));
            if let Some(damaged) = damaged {
                check(test, &format!("page {page} of {kind}"), &damaged);
            }
        }
    }
}

#[test]
fn damaged_pages_at_the_start() {
    let mut test = DamageTest::new("damaged pages at the start");
    for_each_damaged_page(&mut test, Tries::number(6, 1), DamageTest::check_start);
    test.finish();
}

#[test]
fn damaged_pages_under_a_running_owner() {
    let mut test = DamageTest::new("damaged pages under a running owner");
    for_each_damaged_page(&mut test, Tries::number(6, 1), DamageTest::check_owner);
    test.finish();
}

#[test]
fn flipped_bits_at_the_start() {
    let mut test = DamageTest::new("flipped bits at the start");
    let mut noise = Noise::new(0x2545_f491_4f6c_dd1d);
    for number in 0..Tries::number(100, 1_000) {
        let bit = noise.next_number() as usize % (test.sound.len() * 8);
        let mut damaged = test.sound.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        test.check_start(&format!("flip {number}, bit {bit}"), &damaged);
    }
    test.finish();
}
