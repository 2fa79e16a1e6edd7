//! A hub in this process with a database of its own, and devices that push to it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};

use chrono::NaiveDate;
use serde_json::Value;
use token_monitor_hub::{
    Database, DatabaseOptions, HubServer, Members, ReportGroup, ReportRequest, TeamReport, refresh_rollups,
};
use token_monitor_test_support::Postgres;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::program::{Home, json};

/// The organization of all members.
const ORGANIZATION: &str = "acme";

/// The figures of a day and model: messages, input, output, cache write and cache read tokens, and billionths of a dollar.
pub(crate) type DayFigures = [u128; 6];

/// DayFigures by day and model, separated by a slash.
pub(crate) type FigureTable = BTreeMap<String, DayFigures>;

/// A hub with a database of its own.
pub(crate) struct TeamHub {
    pub(crate) postgres: &'static Postgres,
    pub(crate) address: String,
    pub(crate) url: String,
    database: Database,
    runtime: Runtime,
}

impl TeamHub {
    /// Starts a hub, or returns `None` if PostgreSQL is not installed.
    pub(crate) fn start() -> Self {
        let postgres = Postgres::shared();
        let address = postgres.create_database();
        let runtime = Runtime::new().expect("a runtime");
        let database = runtime.block_on(Database::open(&DatabaseOptions::new(&address))).expect("it is opened");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let server = HubServer::new(database.clone());
        runtime.spawn(async move { server.serve(&listener).await });
        Self { postgres, address, url, database, runtime }
    }

    fn members(&self) -> Members {
        self.runtime.block_on(Members::find_or_create(&self.database, ORGANIZATION)).expect("it is found")
    }

    /// Returns a new token for the only device of a member.
    pub(crate) fn add_member(&self, member: &str) -> String {
        self.runtime.block_on(self.members().add_device(member, "desk")).expect("it is added").token.to_string()
    }

    /// Revokes the token of a member.
    pub(crate) fn revoke(&self, member: &str) {
        self.runtime.block_on(self.members().revoke(member, None, false)).expect("it is revoked");
    }

    /// Computes the sums of all days, as a hub does when they are over.
    pub(crate) fn refresh_rollups(&self) {
        self.runtime.block_on(refresh_rollups(&self.database, NaiveDate::MAX)).expect("they are computed");
    }

    /// Returns the report by groups, of one member or all.
    pub(crate) fn report(&self, by: &[ReportGroup], member: Option<&str>) -> TeamReport {
        let request = ReportRequest { by: by.to_vec(), member: member.map(str::to_owned), ..ReportRequest::default() };
        let organization = self.members().organization();
        self.runtime.block_on(TeamReport::load(&self.database, organization, &request)).expect("a report")
    }

    /// Returns the figures of a member by day and model.
    pub(crate) fn figures(&self, member: &str) -> FigureTable {
        let report = self.report(&[ReportGroup::Day, ReportGroup::Model], Some(member));
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let rows = report.rows.iter().map(|row| {
            let totals = &row.totals.totals;
            let figures = [
                u128::from(totals.message_count),
                totals.input_tokens,
                totals.output_tokens,
                totals.cache_creation_tokens,
                totals.cache_read_tokens,
                row.totals.cost_nanos,
            ];
            (format!("{}/{}", text(&row.values["day"]), text(&row.values["model"])), figures)
        });
        rows.collect()
    }

    /// Returns everything that the database stores about usage, as text.
    pub(crate) fn stored_text(&self) -> String {
        let read = |table: &str| self.postgres.query(&self.address, &format!("SELECT row_to_json(t) FROM {table} t"));
        let tables = ["usage_buckets", "usage_days", "usage_device_days", "usage_project_days"];
        tables.map(read).concat()
    }
}

/// A home folder with a token.
pub(crate) struct Device {
    pub(crate) home: Home,
    pub(crate) member: String,
}

impl Device {
    /// Makes a home the device of a member.
    pub(crate) fn with_home(hub: &TeamHub, member: &str, home: Home) -> Self {
        let device = Self { home, member: member.to_owned() };
        device.set_token(&hub.add_member(member));
        device
    }

    /// Writes the token file beside the store.
    pub(crate) fn set_token(&self, token: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.token_path();
        std::fs::write(&path, token).expect("it is written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("they are set");
    }

    pub(crate) fn token_path(&self) -> PathBuf {
        self.home.store().with_file_name("hub-token")
    }

    /// Returns the command that pushes once.
    pub(crate) fn push_command(&self, url: &str, level: u8) -> Command {
        self.home.command(&["push", "--to", url, "--once", "--level", &level.to_string()])
    }

    /// Pushes once, which must succeed, and returns the number of sent rows.
    pub(crate) fn push(&self, url: &str, level: u8) -> u64 {
        let output = self.push_command(url, level).arg("--json").output().expect("it runs");
        json(&output)["sentRows"].as_u64().expect("a number")
    }

    /// Pushes once and returns what happened.
    pub(crate) fn try_push(&self, url: &str, level: u8) -> Output {
        self.push_command(url, level).output().expect("it runs")
    }

    /// Returns the device's own figures.
    pub(crate) fn figures(&self) -> FigureTable {
        let exported = self.home.prints(&["export", "--by", "day,model", "--format", "json"]);
        let exported: Value = serde_json::from_str(&exported).expect("it is JSON");
        exported["rows"].as_array().expect("rows").iter().map(own_figures).collect()
    }
}

/// Reads a row of an export.
fn own_figures(row: &Value) -> (String, DayFigures) {
    let count = |name: &str| u128::from(row[name].as_u64().expect("a count"));
    let text = |name: &str| row[name].as_str().expect("a text").to_owned();
    let cost = (row["cost_usd"].as_f64().unwrap_or_default() * 1e9).round() as u128;
    let figures = [
        count("messages"),
        count("input_tokens"),
        count("output_tokens"),
        count("cache_write_5m_tokens") + count("cache_write_1h_tokens"),
        count("cache_read_tokens"),
        cost,
    ];
    (format!("{}/{}", text("day"), text("model")), figures)
}
