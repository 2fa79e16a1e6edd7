//! Devices push while requests get lost, are repeated and reordered, and while devices and hubs are killed. In the end, the
//! totals equal those of all logs.
//!
//! `TOKEN_MONITOR_CHAOS_DEVICES` and `TOKEN_MONITOR_CHAOS_ROUNDS` set the size, `TOKEN_MONITOR_CHAOS_SEED` the course.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use token_monitor_test_support::{ClaudeFolder, LogLine};

use crate::program::Home;
use crate::team::hub_process::HubProcess;
use crate::team::proxy::{Proxy, Random};
use crate::team::team_harness::{Device, FigureTable, TeamHub};

const MODELS: [&str; 3] = ["claude-opus-4-8", "claude-sonnet-5", "claude-haiku-4-5"];

/// A message as the logs have it so far: its earliest time, its model and its largest counts.
#[derive(Clone, Copy)]
struct LoggedMessage {
    minute: u64,
    model: &'static str,
    counts: [u64; 4],
}

/// A device that works, with the messages of its logs.
struct Worker {
    device: Device,
    random: Random,
    messages: BTreeMap<(u64, u64), LoggedMessage>,
}

impl Worker {
    /// Appends some lines: new messages, and further lines of messages that grow or turn out to have begun earlier.
    fn work(&mut self) {
        for _ in 0..1 + self.random.below(6) {
            let (session, number) = (self.random.below(4), self.random.below(60));
            let minute = self.random.below(4 * 24 * 60);
            let counts = std::array::from_fn(|_| self.random.below(10_000));
            let model = MODELS[((session + number) % 3) as usize];
            let message = self.messages.entry((session, number)).or_insert(LoggedMessage { minute, model, counts });
            message.minute = message.minute.min(minute);
            message.counts = std::array::from_fn(|at| message.counts[at].max(counts[at]));
            let line = LogLine::new(&format!("{}-{session}-{number}", self.device.member))
                .session(&format!("{}-{session}", self.device.member))
                .model(model)
                .at(&time_of(minute))
                .counts(counts)
                .field("cwd", format!("/home/x/project{session}"))
                .field("gitBranch", format!("branch{session}"));
            self.device.home.append(&format!("-home-x/{}-{session}.jsonl", self.device.member), &line.with_newline());
        }
    }

    /// Returns the totals of the messages without their cost.
    fn expected(&self) -> FigureTable {
        let mut table = FigureTable::new();
        for message in self.messages.values() {
            let day = &time_of(message.minute)[..10];
            let figures = table.entry(format!("{day}/{}", message.model)).or_default();
            figures[0] += 1;
            for (sum, count) in figures[1..5].iter_mut().zip(message.counts) {
                *sum += u128::from(count);
            }
        }
        table
    }
}

/// Returns a time in the first days of March 2026.
fn time_of(minute: u64) -> String {
    format!("2026-03-{:02}T{:02}:{:02}:00.000Z", 1 + minute / 1440, minute / 60 % 24, minute % 60)
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().expect("a number"))
}

#[test]
#[expect(clippy::print_stdout, reason = "the long form prints what has happened")]
fn totals_are_exact_whatever_happens_on_the_way() {
    let hub = TeamHub::start();
    let devices = setting("TOKEN_MONITOR_CHAOS_DEVICES", 3);
    let rounds = setting("TOKEN_MONITOR_CHAOS_ROUNDS", 12);
    let mut random = Random(setting("TOKEN_MONITOR_CHAOS_SEED", 1));
    let folder = ClaudeFolder::new(".claude");
    let start = |index: usize| HubProcess::start(&hub.address, folder.path().join(format!("hub{index}")));
    let mut hubs = [start(0), start(1)];
    let proxy = Proxy::start(hubs.iter().map(|hub| hub.address).collect(), random.below(u64::MAX));
    proxy.set_faulty(true);
    let mut workers: Vec<Worker> = (0..devices)
        .map(|number| Worker {
            device: Device::with_home(&hub, &format!("member{number}"), Home::new()),
            random: Random(random.below(u64::MAX)),
            messages: BTreeMap::new(),
        })
        .collect();
    let (mut device_kills, mut hub_kills) = (0, 0);
    for round in 0..rounds {
        let mut pushes = Vec::new();
        for (number, worker) in workers.iter_mut().enumerate() {
            worker.work();
            let level = (number % 4) as u8;
            let mut push = worker.device.push_command(&proxy.url, level);
            push.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            pushes.push(push.spawn().expect("it starts"));
        }
        std::thread::sleep(Duration::from_millis(50 + random.below(400)));
        if random.below(2) == 0 {
            let index = random.below(2) as usize;
            hubs[index].kill_and_restart();
            proxy.set_hub(index, hubs[index].address);
            hub_kills += 1;
        }
        for mut push in pushes {
            // Some end by themselves before.
            if round % 3 != 2 || random.below(2) == 0 {
                device_kills += u64::from(push.try_wait().expect("it is a child").is_none());
                push.kill().expect("it is a child");
            }
            push.wait().expect("it ends");
        }
    }
    proxy.set_faulty(false);
    proxy.deliver_late_requests();
    for (number, worker) in workers.iter().enumerate() {
        worker.device.push(&proxy.url, (number % 4) as u8);
        let found = hub.figures(&worker.device.member);
        assert_eq!(without_cost(&found), worker.expected(), "{}", worker.device.member);
        assert_eq!(found, worker.device.figures(), "the costs are those of the device");
    }
    println!("{} faults, {device_kills} killed devices, {hub_kills} killed hubs", proxy.fault_count());
}

fn without_cost(table: &FigureTable) -> FigureTable {
    let rows = table.iter().map(|(key, [messages, input, output, write, read, _])| {
        (key.clone(), [*messages, *input, *output, *write, *read, 0])
    });
    rows.collect()
}
