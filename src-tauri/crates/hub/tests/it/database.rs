//! The database: migrations by several hubs, serialization failures, and a restart.

use token_monitor_core::team::{DeviceToken, TeamUpdate};
use token_monitor_hub::{Database, DatabaseOptions, HubError, ReportGroup};
use token_monitor_test_support::Postgres;
use tokio::runtime::Runtime;

use crate::harness::{TestHub, row, row_at, send_to, update};

#[test]
fn hubs_that_start_together_migrate_once() {
    let postgres = Postgres::shared();
    let address = postgres.create_database();
    let runtime = Runtime::new().expect("a runtime");
    let open = || {
        let options = DatabaseOptions::new(&address);
        runtime.spawn(async move { Database::open(&options).await.map(drop) })
    };
    let opened: Vec<_> = (0..12).map(|_| open()).collect();
    for result in opened {
        runtime.block_on(result).expect("it ends").expect("the database is opened");
    }
    assert_eq!(postgres.query(&address, "SELECT count(*) = max(version) FROM schema_migrations"), "t");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let hub = TestHub::start();
    hub.postgres.query(&hub.address, "INSERT INTO schema_migrations VALUES (1000, now())");
    let opened = hub.runtime.block_on(Database::open(&DatabaseOptions::new(&hub.address)));
    assert!(matches!(opened, Err(HubError::NewerSchema)));
}

/// Updates of one organization through two hubs at the same time, with the strictest isolation of transactions, in which the
/// database aborts some of them.
#[test]
fn aborted_transactions_are_repeated() {
    let hub = TestHub::start_with("?options=-c%20default_transaction_isolation%3Dserializable");
    let urls = [hub.url.clone(), hub.start_another()];
    let devices: Vec<DeviceToken> = (0..6).map(|number| hub.add_device("acme", "ada", &format!("d{number}"))).collect();
    std::thread::scope(|scope| {
        for (index, token) in devices.iter().enumerate() {
            let urls = &urls;
            scope.spawn(move || {
                for number in 1..=20_u64 {
                    let sent = update(
                        1,
                        number - 1,
                        vec![row(1, number, number), row_at(2, number, 1, "2026-03-02T00:00:00Z")],
                    );
                    deliver(&urls[(index + number as usize) % 2], token, &sent);
                }
            });
        }
    });
    assert_eq!(hub.outputs("acme", &[ReportGroup::Member])["ada"], 6 * 21);
}

/// Sends an update until it is accepted.
fn deliver(url: &str, token: &DeviceToken, update: &TeamUpdate) {
    let body = serde_json::to_string(update).expect("it is JSON");
    for _ in 0..100 {
        match send_to(url, token, &body).0 {
            200 => return,
            503 => std::thread::yield_now(),
            status => panic!("the hub answered {status}"),
        }
    }
    panic!("the hub did not accept the update");
}

#[test]
fn a_restart_of_the_database_loses_nothing_that_was_confirmed() {
    let mut postgres = Postgres::start();
    let address = postgres.create_database();
    let runtime = Runtime::new().expect("a runtime");
    let open = || runtime.block_on(Database::open(&DatabaseOptions::new(&address))).expect("it is opened");
    let database = open();
    let members = runtime.block_on(token_monitor_hub::Members::find_or_create(&database, "acme")).expect("it is made");
    let token = runtime.block_on(members.add_device("ada", "desk")).expect("it is added").token;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = token_monitor_hub::HubServer::new(database);
    runtime.spawn(async move { server.serve(&listener).await });
    for number in 1..=10_u64 {
        deliver(&url, &token, &update(1, number - 1, vec![row(number, number, 1)]));
        if number % 4 == 0 {
            postgres.crash_and_restart();
        }
    }
    assert_eq!(postgres.query(&address, "SELECT sum(output_tokens) FROM usage_days"), "10");
}

#[test]
fn rows_are_stored_in_partitions_of_their_months() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let days = ["2026-01-31T23:55:00Z", "2026-02-01T00:00:00Z", "9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z"];
    let rows = (1..).zip(days).map(|(number, day)| row_at(number, number, number, day)).collect();
    hub.accept(&token, &update(1, 0, rows));
    let stored = "SELECT tableoid::regclass || ' ' || count(*) FROM usage_buckets GROUP BY tableoid ORDER BY 1";
    let expected = "usage_buckets_2026_01 1\nusage_buckets_2026_02 1\nusage_buckets_default 2";
    assert_eq!(hub.postgres.query(&hub.address, stored), expected);
    assert_eq!(hub.outputs("acme", &[ReportGroup::Member])["ada"], 10);
    hub.accept(&token, &update(2, 4, Vec::new()));
    assert_eq!(hub.postgres.query(&hub.address, stored), "", "a new generation deletes from all partitions");
}

#[test]
fn hubs_that_store_a_new_month_together_create_one_partition() {
    let hub = TestHub::start();
    let urls: Vec<String> = (0..6).map(|_| hub.start_another()).collect();
    let tokens: Vec<DeviceToken> = (0..6).map(|number| hub.add_device("acme", "ada", &format!("d{number}"))).collect();
    std::thread::scope(|scope| {
        for (url, token) in urls.iter().zip(&tokens) {
            scope.spawn(move || {
                for month in 1..=9_u64 {
                    let start = format!("2025-{month:02}-15T00:00:00Z");
                    deliver(url, token, &update(1, month - 1, vec![row_at(month, month, 1, &start)]));
                }
            });
        }
    });
    assert_eq!(hub.outputs("acme", &[ReportGroup::Member])["ada"], 6 * 9);
    let partitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'usage_buckets'::regclass";
    assert_eq!(hub.postgres.query(&hub.address, partitions), "10", "nine months and the default");
}
