//! Sends updates, fills the database and makes reports.

use std::time::{Duration, Instant};

use token_monitor_core::team::{
    DeviceToken, MESSAGE_FORMAT, RowGroup, SharingLevel, TeamRow, TeamUpdate, USAGE_PATH, UsageCounts,
};
use token_monitor_hub::{Database, DatabaseOptions, HubServer, Members};
use token_monitor_test_support::Postgres;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The devices that send at the same time, and the updates of each.
const SENDERS: usize = 4;
const UPDATES: u64 = 25;

/// The rows of an update.
const ROWS: u64 = 1_000;

/// The number of times each report is made.
const REPEATS: usize = 20;

const FILL: &str = "
    INSERT INTO members SELECT o.id, gen_random_uuid(), 'member' || n, now() FROM organizations o, generate_series(1, $MEMBERS) n;
    INSERT INTO devices (organization, id, member, name, secret_hash, created_at)
        SELECT organization, gen_random_uuid(), id, 'desk', '', now() FROM members WHERE name LIKE 'member%';
    INSERT INTO usage_buckets
        SELECT d.organization, d.id, t, slot, slot, day::date, 'model' || slot % 2, 'project' || slot / 48, '', '', '', '', '',
            3, 100, 2000, 30000, 0, 400000, 0, 0, 5000000, 1, 2, 3, 4, 0, 0
        FROM devices d, generate_series(timestamptz '2026-01-01 00:00Z', timestamptz '2026-01-01 00:00Z' + interval '1 day' * ($DAYS - 1), '1 day') day,
            generate_series(0, 95) slot, LATERAL (SELECT day + interval '8 hours' + slot * interval '5 minutes') AS at (t)
        WHERE d.secret_hash = '';
    INSERT INTO usage_days
        SELECT organization, day, device, row_number() OVER (PARTITION BY organization, day, device), model, project, '', '', '', '', '',
            sum(messages), sum(input_tokens), sum(output_tokens), sum(cache_creation_tokens), sum(cache_creation_1h_tokens),
            sum(cache_read_tokens), 0, 0, sum(cost_nanos), sum(input_cost_nanos), sum(output_cost_nanos),
            sum(cache_creation_cost_nanos), sum(cache_read_cost_nanos), 0, 0
        FROM usage_buckets WHERE revision = number AND device IN (SELECT id FROM devices WHERE secret_hash = '')
        GROUP BY organization, day, device, model, project;
    ANALYZE";

pub(crate) fn run() {
    let mut sizes = std::env::args().skip(1).map(|text| text.parse::<u32>().expect("a number"));
    let (members, days) = (sizes.next().unwrap_or(285), sizes.next().unwrap_or(365));
    let postgres = Postgres::start().expect("PostgreSQL is installed");
    let address = postgres.create_database();
    let runtime = Runtime::new().expect("a runtime");
    let database = runtime.block_on(Database::open(&DatabaseOptions::new(&address))).expect("it is opened");
    let organization = runtime.block_on(Members::find_or_create(&database, "default")).expect("it is made");
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = HubServer::new(database);
    runtime.spawn(async move { server.serve(&listener).await });
    let tokens: Vec<DeviceToken> = (0..SENDERS)
        .map(|number| {
            runtime.block_on(organization.add_device(&format!("sender{number}"), "desk")).expect("it is added").token
        })
        .collect();

    let took = measure(|| send_updates(&url, &tokens));
    let rows = SENDERS as u64 * UPDATES * ROWS;
    println!("received {rows} rows of {SENDERS} devices: {:.0} rows a second", rows as f64 / took.as_secs_f64());

    let fill = FILL.replace("$MEMBERS", &members.to_string()).replace("$DAYS", &days.to_string());
    let took = measure(|| drop(postgres.query(&address, &fill)));
    println!("filled in {:.0} s", took.as_secs_f64());
    for table in ["usage_buckets", "usage_days"] {
        let size = format!("SELECT count(*), pg_size_pretty(pg_total_relation_size('{table}')) FROM {table}");
        println!("{table}: {}", postgres.query(&address, &size));
    }
    for query in [
        "by=member",
        "by=day",
        "by=model",
        "by=project",
        "by=member,model,day",
        "by=day&since=2026-12-01",
        "by=member,model&since=2026-12-01",
    ] {
        let path = format!("{url}/api/v1/report?{query}");
        let mut times: Vec<Duration> = (0..REPEATS).map(|_| measure(|| get(&path, &tokens[0]))).collect();
        times.sort_unstable();
        println!("{query}: median {:?}, p95 {:?}", times[REPEATS / 2], times[REPEATS * 95 / 100]);
    }
    println!("memory of this process, with the hub and the senders: {}", resident_memory());
}

fn measure(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn send_updates(url: &str, tokens: &[DeviceToken]) {
    std::thread::scope(|scope| {
        for token in tokens {
            scope.spawn(move || (0..UPDATES).for_each(|number| send(url, token, &update(number))));
        }
    });
}

fn update(number: u64) -> TeamUpdate {
    let start = chrono::DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").expect("a time").to_utc();
    let row = |index: u64| {
        let at = number * ROWS + index;
        let group = RowGroup {
            model: "claude-opus-4-8".to_owned(),
            project: Some(format!("p{}", at % 3)),
            ..RowGroup::default()
        };
        let usage = UsageCounts { messages: 1, output_tokens: at, ..UsageCounts::default() };
        let minutes = i64::try_from(at / 4 * 5).expect("it is small");
        TeamRow { row: at + 1, revision: at + 1, start: start + chrono::TimeDelta::minutes(minutes), group, usage }
    };
    let previous_revision = number * ROWS;
    let rows = (0..ROWS).map(row).collect();
    TeamUpdate { format: MESSAGE_FORMAT, level: SharingLevel::Projects, generation: 1, previous_revision, rows }
}

fn send(url: &str, token: &DeviceToken, update: &TeamUpdate) {
    let body = serde_json::to_vec(update).expect("it is JSON");
    let request =
        ureq::post(format!("{url}{USAGE_PATH}")).header("Authorization", format!("Bearer {}", token.credential()));
    request.send(body).expect("it is accepted");
}

fn get(path: &str, token: &DeviceToken) {
    let request = ureq::get(path).header("Authorization", format!("Bearer {}", token.credential()));
    request.call().expect("it answers").body_mut().read_to_vec().expect("a body");
}

fn resident_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("unknown").trim().to_owned()
}
