//! A clock that jumps while the program runs, midnight, a zone that changes, and a system without zone data.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use rstest::rstest;
use serde_json::Value;

use super::{command_in_namespaces, message};
use crate::program::{Home, json};
use crate::watch::Watch;

/// The number of messages of [`Home::with_sessions`].
const MESSAGES: u64 = 5;

/// A calendar clock that stands still until it is set. The clock for durations goes on.
struct FakeClock(PathBuf);

impl FakeClock {
    fn new(home: &Home, time: &str) -> Self {
        let clock = Self(home.path().join("time"));
        clock.set(time);
        clock
    }

    fn set(&self, time: &str) {
        // A reader never finds a half written time.
        let new = self.0.with_extension("new");
        fs::write(&new, format!("{time}\n")).and_then(|()| fs::rename(&new, &self.0)).expect("it is written");
    }

    /// Returns the program's command with this clock.
    fn command(&self, home: &Home, args: &[&str]) -> Command {
        let library = Command::new("faketime").args(["-f", "+0", "printenv", "LD_PRELOAD"]).output();
        let library = library.expect("faketime is installed: it sets the clock").stdout;
        let library = String::from_utf8(library).expect("it is text");
        let mut command = home.command(args);
        command.env("LD_PRELOAD", library.trim()).env("FAKETIME_TIMESTAMP_FILE", &self.0);
        command.env("FAKETIME_NO_CACHE", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        command
    }
}

/// Waits until the program has noticed the time.
fn wait_until_day(watch: &Watch, day: &str) -> Value {
    watch.wait_for(day, |snapshot| snapshot["at"].as_str().is_some_and(|at| at.starts_with(day)))
}

#[test]
fn a_clock_that_jumps_loses_nothing_and_ends_nothing() {
    let home = Home::with_sessions();
    let clock = FakeClock::new(&home, "2026-02-06 12:00:00");
    let watch = Watch::start(clock.command(&home, &["watch", "--json"]));
    watch.wait_for_messages(MESSAGES);
    let jumps = [
        "2026-02-06 11:00:00",
        "2036-02-06 12:00:00",
        "1970-01-01 00:00:01",
        "1969-06-01 00:00:00",
        "2026-02-06 12:00:00",
    ];
    for (number, time) in (1..).zip(jumps) {
        clock.set(time);
        let snapshot = wait_until_day(&watch, &time[..10]);
        assert_eq!(snapshot["totals"]["messageCount"], MESSAGES + number - 1, "{time}: {snapshot}");
        home.append("p/s.jsonl", &message(&number.to_string()));
        let snapshot = watch.wait_for(time, |snapshot| snapshot["totals"]["messageCount"] == MESSAGES + number);
        assert!(snapshot["problems"].as_array().is_some_and(Vec::is_empty), "{time}: {snapshot}");
    }
    drop(watch);
    let days = home.json(&["days"]);
    assert_eq!(days["totals"]["messageCount"], MESSAGES + jumps.len() as u64);
    assert_eq!(days["days"].as_array().expect("a list").len(), 4, "each message is on the day of its line: {days}");
}

#[rstest]
#[case::a_day("2026-02-03 23:59:50", "2026-02-04 00:00:05", 1_259_904, 3_333)]
#[case::a_month_and_a_leap_day("2028-02-28 23:59:50", "2028-02-29 00:00:05", 0, 0)]
fn today_begins_at_midnight_without_a_restart(
    #[case] before: &str,
    #[case] after: &str,
    #[case] yesterday: u64,
    #[case] today: u64,
) {
    let home = Home::with_sessions();
    let clock = FakeClock::new(&home, before);
    let watch = Watch::start(clock.command(&home, &["watch", "--json"]));
    watch.wait_for_messages(MESSAGES);
    let snapshot = wait_until_day(&watch, &before[..10]);
    let figures = |snapshot: &Value| (snapshot["today"]["date"].clone(), snapshot["today"]["totalTokens"].clone());
    assert_eq!(figures(&snapshot), (before[..10].into(), yesterday.into()), "{snapshot}");
    clock.set(after);
    let snapshot = watch.wait_for("the next day", |snapshot| snapshot["today"]["date"] == after[..10]);
    assert_eq!(figures(&snapshot), (after[..10].into(), today.into()), "{snapshot}");
    assert_eq!(snapshot["totals"]["messageCount"], MESSAGES);
}

/// Returns the messages of each day.
fn messages_by_day(days: &Value) -> Vec<(String, u64)> {
    let row = |day: &Value| {
        let date = day["date"].as_str().expect("a date").to_owned();
        (date, day["messageCount"].as_u64().expect("a number"))
    };
    let mut days: Vec<_> = days["days"].as_array().expect("a list").iter().map(row).collect();
    days.sort();
    days
}

fn expected(days: &[(&str, u64)]) -> Vec<(String, u64)> {
    days.iter().map(|(day, messages)| ((*day).to_owned(), *messages)).collect()
}

#[test]
fn days_follow_the_zone_of_the_system() {
    let home = Home::with_sessions();
    let etc = home.path().join("etc");
    fs::create_dir(&etc).expect("a folder");
    let days_in = |zone: &str| {
        let link = etc.join("localtime");
        // It is missing at first.
        let _ = fs::remove_file(&link);
        symlink(format!("/usr/share/zoneinfo/{zone}"), link).expect("a link");
        let mount = format!("mount --bind '{}' /etc", etc.display());
        let mut command = command_in_namespaces(&home, &mount, &["days", "--json"]);
        json(&command.env_remove("TZ").output().expect("it runs"))
    };
    let [tokyo, honolulu] = ["Asia/Tokyo", "Pacific/Honolulu"].map(days_in);
    assert_eq!(messages_by_day(&tokyo), expected(&[("2026-02-03", 3), ("2026-02-05", 2)]));
    assert_eq!(messages_by_day(&honolulu), expected(&[("2026-02-02", 1), ("2026-02-03", 2), ("2026-02-04", 2)]));
    assert_eq!(tokyo["totals"], honolulu["totals"]);
}

#[test]
fn days_are_right_without_zone_data_of_the_system() {
    let home = Home::with_sessions();
    let empty = home.path().join("empty");
    fs::create_dir(&empty).expect("a folder");
    let mount = format!("mount --bind '{}' /usr/share/zoneinfo; [ -z \"$(ls /usr/share/zoneinfo)\" ]", empty.display());
    let mut command = command_in_namespaces(&home, &mount, &["days", "--json"]);
    let days = json(&command.env("TZ", "America/New_York").output().expect("it runs"));
    assert_eq!(messages_by_day(&days), expected(&[("2026-02-03", 3), ("2026-02-04", 2)]));
    let unknown = home.command(&["doctor"]).env("TZ", "Mars/Olympus_Mons").output().expect("it runs");
    let printed = String::from_utf8_lossy(&unknown.stdout).into_owned();
    assert!(printed.contains("The time zone “Mars/Olympus_Mons” of the variable TZ is unknown"), "{printed}");
}
