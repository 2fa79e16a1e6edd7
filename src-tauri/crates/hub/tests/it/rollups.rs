//! Rollups: the sums that reports read are those of the rows, whatever happens in whatever order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use chrono::{DateTime, Days, NaiveDate, Utc};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use token_monitor_core::team::{DeviceToken, RowGroup, TeamRow, UsageCounts};
use token_monitor_hub::{Database, DatabaseOptions, HubError, ReportGroup, refresh_rollups};

use crate::harness::{TestHub, row_at, send_to, update};

/// Groups that are read from each of the rollups.
const GROUPS: [&[ReportGroup]; 8] = [
    &[],
    &[ReportGroup::Model],
    &[ReportGroup::Day, ReportGroup::Repository],
    &[ReportGroup::Month, ReportGroup::Project],
    &[ReportGroup::Member],
    &[ReportGroup::Day, ReportGroup::Device],
    &[ReportGroup::Member, ReportGroup::Model],
    &[ReportGroup::Branch],
];

/// The differences between the rows and the sums over all devices, for days that are not marked as changed.
const DIFFERENCES: &str = "WITH expected AS (SELECT organization, day, model, project, repository, \
    sum(messages) AS messages, sum(output_tokens) AS output_tokens, sum(cost_nanos) AS cost_nanos \
    FROM usage_buckets WHERE messages > 0 GROUP BY organization, day, model, project, repository) \
    SELECT count(*) FROM usage_project_days AS kept \
    FULL JOIN expected USING (organization, day, model, project, repository) \
    WHERE (organization, day) NOT IN (SELECT organization, day FROM changed_days) \
    AND (kept.messages, kept.output_tokens, kept.cost_nanos) \
    IS DISTINCT FROM (expected.messages, expected.output_tokens, expected.cost_nanos)";

/// The differences between the rows and the sums by device.
const DEVICE_DIFFERENCES: &str = "WITH expected AS (SELECT organization, day, device, \
    sum(messages) AS messages, sum(output_tokens) AS output_tokens, sum(cost_nanos) AS cost_nanos \
    FROM usage_buckets WHERE messages > 0 GROUP BY organization, day, device) \
    SELECT count(*) FROM usage_device_days AS kept FULL JOIN expected USING (organization, day, device) \
    WHERE (kept.messages, kept.output_tokens, kept.cost_nanos) \
    IS DISTINCT FROM (expected.messages, expected.output_tokens, expected.cost_nanos)";

/// The day after all days of the rows.
fn later() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 4, 1).expect("a day")
}

fn refresh(hub: &TestHub, today: NaiveDate) -> Result<usize, HubError> {
    hub.runtime.block_on(refresh_rollups(&hub.database, today))
}

fn assert_equal_to_rows(hub: &TestHub) {
    for differences in [DIFFERENCES, DEVICE_DIFFERENCES] {
        assert_eq!(hub.postgres.query(&hub.address, differences), "0");
    }
}

/// Something that happens to a device.
#[derive(Clone, Debug)]
enum Event {
    /// Rows arrive: their numbers and revisions.
    Rows(usize, Vec<(u64, u64)>),
    /// The device sends everything again, as after a change of the level.
    Restart(usize, Vec<(u64, u64)>),
    /// The device is revoked and its usage deleted. It gets another token.
    Delete(usize),
    /// A hub computes the sums of changed days until a day of March.
    Refresh(u32),
}

fn any_event() -> impl Strategy<Value = Event> {
    let rows = || prop::collection::btree_map(1..9_u64, 1..30_u64, 0..5);
    prop_oneof![
        6 => (0..3_usize, rows()).prop_map(|(device, rows)| Event::Rows(device, rows.into_iter().collect())),
        1 => (0..3_usize, rows()).prop_map(|(device, rows)| Event::Restart(device, rows.into_iter().collect())),
        1 => (0..3_usize).prop_map(Event::Delete),
        3 => (1..9_u32).prop_map(Event::Refresh),
    ]
}

/// Returns a row. Its day depends on its number, everything else on its revision as well. Some revisions delete it.
fn row_of(device: usize, number: u64, revision: u64) -> TeamRow {
    let output = (number + 7 * revision + device as u64) % 6 * 100;
    let start = format!("2026-03-{:02}T12:05:00Z", 1 + number % 4);
    let row = row_at(number, revision, output, &start);
    let name = |kind: &str, count: u64| Some(format!("{kind}{}", (number + revision) % count));
    let group = RowGroup {
        model: name("model", 2).unwrap_or_default(),
        project: name("project", 3),
        repository: name("repository", 2),
        branch: name("branch", 3),
        ..RowGroup::default()
    };
    let usage = UsageCounts { cost_nanos: output * 7, ..row.usage };
    if output == 0 { row } else { TeamRow { group, usage, ..row } }
}

/// The rows of three devices as they should be at the hub.
struct Oracle {
    organization: String,
    tokens: Vec<DeviceToken>,
    generations: Vec<u64>,
    rows: Vec<BTreeMap<u64, TeamRow>>,
}

impl Oracle {
    const MEMBERS: [&'static str; 3] = ["ada", "ada", "bob"];
    const DEVICES: [&'static str; 3] = ["desk", "laptop", "tower"];

    fn new(hub: &TestHub, organization: String) -> Self {
        let tokens = (0..3).map(|at| hub.add_device(&organization, Self::MEMBERS[at], Self::DEVICES[at])).collect();
        Self { organization, tokens, generations: vec![1; 3], rows: vec![BTreeMap::new(); 3] }
    }

    fn apply(&mut self, hub: &TestHub, event: Event) {
        match event {
            Event::Rows(device, rows) => self.send(hub, device, rows),
            Event::Restart(device, rows) => {
                self.generations[device] += 1;
                self.rows[device].clear();
                self.send(hub, device, rows);
            }
            Event::Delete(device) => {
                let (member, name) = (Self::MEMBERS[device], Self::DEVICES[device]);
                let members = hub.members(&self.organization);
                hub.runtime.block_on(members.revoke(member, Some(name), true)).expect("it is revoked");
                self.tokens[device] = hub.add_device(&self.organization, member, name);
                self.rows[device].clear();
            }
            Event::Refresh(day) => {
                let today = NaiveDate::from_ymd_opt(2026, 3, day).expect("a day");
                refresh(hub, today).expect("the sums are computed");
            }
        }
    }

    fn send(&mut self, hub: &TestHub, device: usize, rows: Vec<(u64, u64)>) {
        let rows: Vec<TeamRow> = rows.into_iter().map(|(number, revision)| row_of(device, number, revision)).collect();
        hub.accept(&self.tokens[device], &update(self.generations[device], 1_000, rows.clone()));
        for row in rows {
            let known = self.rows[device].entry(row.row).or_insert_with(|| row.clone());
            if row.revision > known.revision {
                *known = row;
            }
        }
    }

    /// Returns the output tokens by the values of groups.
    fn outputs(&self, by: &[ReportGroup]) -> BTreeMap<String, u128> {
        let mut sums = BTreeMap::new();
        for (device, rows) in self.rows.iter().enumerate() {
            for row in rows.values().filter(|row| row.usage.messages > 0) {
                let key: Vec<String> = by.iter().map(|group| value_of(*group, device, row)).collect();
                *sums.entry(key.join("/")).or_default() += u128::from(row.usage.output_tokens);
            }
        }
        sums
    }
}

fn value_of(group: ReportGroup, device: usize, row: &TeamRow) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    match group {
        ReportGroup::Day => row.start.date_naive().to_string(),
        ReportGroup::Month => row.start.format("%Y-%m").to_string(),
        ReportGroup::Member => Oracle::MEMBERS[device].to_owned(),
        ReportGroup::Device => Oracle::DEVICES[device].to_owned(),
        ReportGroup::Model => row.group.model.clone(),
        ReportGroup::Project => text(&row.group.project),
        ReportGroup::Repository => text(&row.group.repository),
        ReportGroup::Branch => text(&row.group.branch),
        ReportGroup::Session => text(&row.group.session),
    }
}

#[test]
fn reports_have_the_sums_of_the_rows_after_any_events() {
    let hub = TestHub::start();
    let count = AtomicU32::new(0);
    let mut runner = TestRunner::new(Config { cases: 24, ..Config::default() });
    let ran = runner.run(&prop::collection::vec(any_event(), 1..16), |events| {
        let organization = format!("org{}", count.fetch_add(1, Ordering::Relaxed));
        let mut oracle = Oracle::new(&hub, organization.clone());
        for event in events {
            oracle.apply(&hub, event);
            for by in GROUPS {
                prop_assert_eq!(hub.outputs(&organization, by), oracle.outputs(by), "by {:?}", by);
            }
        }
        Ok(())
    });
    ran.expect("the reports have the sums of the rows");
    assert_equal_to_rows(&hub);
    refresh(&hub, later()).expect("the sums are computed");
    assert_eq!(hub.postgres.query(&hub.address, "SELECT count(*) FROM changed_days"), "0");
    assert_equal_to_rows(&hub);
}

/// Devices send updates to two hubs while both compute sums, and after each statement the sums that reports would read are those
/// of the rows.
fn push_while_hubs_refresh(parameters: &str) {
    let hub = TestHub::start_with(parameters);
    let other = hub.start_another();
    let options = DatabaseOptions::new(format!("{}{parameters}", hub.address));
    let second = hub.runtime.block_on(Database::open(&options)).expect("it is opened");
    let tokens: Vec<DeviceToken> = (0..4).map(|at| hub.add_device("acme", "ada", &format!("d{at}"))).collect();
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let pushes: Vec<_> = tokens
            .iter()
            .enumerate()
            .map(|(device, token)| {
                let urls = [&hub.url, &other];
                scope.spawn(move || push_rows(urls, device, token))
            })
            .collect();
        for database in [&hub.database, &second] {
            let (hub, is_done) = (&hub, &is_done);
            scope.spawn(move || {
                while !is_done.load(Ordering::Relaxed) {
                    // An aborted transaction is repeated a limited number of times.
                    let _ = hub.runtime.block_on(refresh_rollups(database, later()));
                }
            });
        }
        while !pushes.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            assert_equal_to_rows(&hub);
            // The parts of a day are read after the day, and belong to it all the same.
            let (status, history) = hub.get(&tokens[0].credential(), "/api/v1/history?by=member&until=2026-03-31");
            assert_eq!(status, 200, "{history}");
        }
        is_done.store(true, Ordering::Relaxed);
    });
    refresh(&hub, later()).expect("the sums are computed");
    assert_eq!(hub.postgres.query(&hub.address, "SELECT count(*) FROM changed_days"), "0");
    assert_equal_to_rows(&hub);
}

/// Sends forty updates of a device, each to another hub than the one before.
fn push_rows(urls: [&String; 2], device: usize, token: &DeviceToken) {
    for revision in 1..=40_u64 {
        let rows = (1..=4).map(|number| row_of(device, number, revision)).collect();
        let body = serde_json::to_string(&update(1 + revision / 15, 1_000, rows)).expect("it is JSON");
        let is_accepted = (0..100).any(|_| send_to(urls[revision as usize % 2], token, &body).0 == 200);
        assert!(is_accepted, "the update is accepted at last");
    }
}

#[test]
fn hubs_refresh_the_sums_while_devices_change_them() {
    push_while_hubs_refresh("");
}

#[test]
fn hubs_refresh_the_sums_with_the_strictest_isolation() {
    push_while_hubs_refresh("?options=-c%20default_transaction_isolation%3Dserializable");
}

/// A chart distinguishes eleven of fifteen members. The others are what all members have without them.
#[test]
fn the_days_of_a_history_have_the_usage_of_all_members() {
    let hub = TestHub::start();
    let mut tokens = Vec::new();
    for member in 1..=15_u64 {
        let token = hub.add_device("acme", &format!("member{member:02}"), "desk");
        let rows = vec![
            row_at(1, 1, member, "2026-03-01T12:00:00Z"),
            row_at(2, 2, 100 * member, "2026-03-02T12:00:00Z"),
            row_at(3, 3, if member == 15 { 7 } else { 0 }, "2026-03-03T12:00:00Z"),
        ];
        hub.accept(&token, &update(1, 0, rows));
        tokens.push(token);
    }
    let days = || {
        let (status, history) =
            hub.get(&tokens[0].credential(), "/api/v1/history?by=member&since=2026-03-01&until=2026-03-31");
        assert_eq!((status, &history["totals"]["outputTokens"]), (200, &Value::from(120 + 12_000 + 7)), "{history}");
        let names: Vec<_> =
            history["parts"].as_array().expect("parts").iter().map(|part| part["name"].clone()).collect();
        assert_eq!((names.len(), &names[0], &names[11]), (12, &Value::from("member15"), &Value::Null));
        let tokens = |day: &Value| {
            let parts = day["parts"].as_array().expect("parts");
            (day["date"].clone(), parts[0]["tokens"].clone(), parts[11]["tokens"].clone())
        };
        history["days"].as_array().expect("days").iter().map(tokens).collect::<Vec<_>>()
    };
    let expected = [("2026-03-01", 15, 1 + 2 + 3 + 4), ("2026-03-02", 1_500, 1_000), ("2026-03-03", 7, 0)]
        .map(|(day, first, others)| (Value::from(day), Value::from(first), Value::from(others)));
    assert_eq!(days(), expected, "all days are marked as changed");
    refresh(&hub, later()).expect("the sums are computed");
    assert_eq!(days(), expected);
    hub.accept(&tokens[0], &update(1, 3, vec![row_at(4, 4, 0, "2026-03-02T12:05:00Z")]));
    assert_eq!(days(), expected, "one day is marked again");
}

#[test]
fn today_is_read_from_the_rows_until_it_is_over() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let rows = vec![row_at(1, 1, 10, "2026-03-01T23:55:00Z"), row_at(2, 2, 20, "2026-03-02T00:00:00Z")];
    hub.accept(&token, &update(1, 0, rows));
    let today = NaiveDate::from_ymd_opt(2026, 3, 2).expect("a day");
    assert_eq!(refresh(&hub, today).expect("the sums are computed"), 1);
    assert_eq!(refresh(&hub, today).expect("there is nothing to do"), 0);
    assert_eq!(hub.postgres.query(&hub.address, "SELECT string_agg(day::text, ' ') FROM changed_days"), "2026-03-02");
    assert_eq!(hub.postgres.query(&hub.address, "SELECT day, output_tokens FROM usage_project_days"), "2026-03-01|10");
    assert_eq!(hub.outputs("acme", &[ReportGroup::Model])["opus"], 30);
    assert_eq!(refresh(&hub, today + Days::new(1)).expect("the sums are computed"), 1);
    assert_eq!(hub.outputs("acme", &[ReportGroup::Model])["opus"], 30);
}

#[test]
fn sums_of_many_devices_may_be_larger_than_an_integer_of_the_database() {
    const LARGEST: u64 = (1 << 53) - 1;
    let hub = TestHub::start();
    let start: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().expect("a time");
    let starts = |slot: u64| (start + chrono::TimeDelta::minutes(5 * slot as i64)).to_rfc3339();
    let rows: Vec<TeamRow> = (0..288).map(|slot| row_at(slot, slot + 1, LARGEST, &starts(slot))).collect();
    for device in 0..5 {
        let token = hub.add_device("acme", "ada", &format!("d{device}"));
        hub.accept(&token, &update(1, 0, rows.clone()));
    }
    let expected = u128::from(LARGEST) * 288 * 5;
    assert!(i64::try_from(expected).is_err());
    assert_eq!(hub.outputs("acme", &[ReportGroup::Model])["opus"], expected);
    assert_eq!(refresh(&hub, later()).expect("the sums are computed"), 1);
    assert_eq!(hub.outputs("acme", &[ReportGroup::Model])["opus"], expected);
}

/// A database of a version without rollups has them after it was migrated.
#[test]
fn a_database_without_rollups_gets_them() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let rows = (1..=4).map(|number| row_of(0, number, 1)).collect();
    hub.accept(&token, &update(1, 0, rows));
    let outputs = || GROUPS.map(|by| hub.outputs("acme", by));
    let before = outputs();
    let former = "DROP TABLE usage_device_days, usage_project_days, changed_days; \
        DELETE FROM schema_migrations WHERE version = 5";
    hub.postgres.query(&hub.address, former);
    hub.start_another();
    assert_eq!(outputs(), before);
    assert_eq!(refresh(&hub, later()).expect("the sums are computed"), 4);
    assert_eq!(outputs(), before);
    assert_equal_to_rows(&hub);
}
