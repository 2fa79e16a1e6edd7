//! A hub with a database of its own, and devices that send updates.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use token_monitor_core::team::{
    DeviceToken, MESSAGE_FORMAT, RowGroup, SharingLevel, TeamReceipt, TeamRow, TeamUpdate, USAGE_PATH, UsageCounts,
};
use token_monitor_hub::{Database, DatabaseOptions, HubServer, Members, ReportGroup, ReportRequest, TeamReport};
use token_monitor_test_support::Postgres;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// A hub that serves a database of its own.
pub(crate) struct TestHub {
    pub(crate) postgres: &'static Postgres,
    pub(crate) address: String,
    pub(crate) database: Database,
    pub(crate) url: String,
    pub(crate) runtime: Runtime,
}

impl TestHub {
    /// Starts a hub, or returns `None` if PostgreSQL is not installed.
    pub(crate) fn start() -> Self {
        Self::start_with("")
    }

    /// Starts a hub whose database address ends with parameters.
    pub(crate) fn start_with(parameters: &str) -> Self {
        let postgres = Postgres::shared();
        let address = postgres.create_database();
        let runtime = Runtime::new().expect("a runtime");
        let options = DatabaseOptions::new(format!("{address}{parameters}"));
        let database = runtime.block_on(Database::open(&options)).expect("the database is opened");
        let url = serve(&runtime, &database);
        Self { postgres, address, database, url, runtime }
    }

    /// Starts a further hub on the same database and returns its address.
    pub(crate) fn start_another(&self) -> String {
        let options = DatabaseOptions::new(&self.address);
        let database = self.runtime.block_on(Database::open(&options)).expect("the database is opened");
        serve(&self.runtime, &database)
    }

    pub(crate) fn members(&self, organization: &str) -> Members {
        self.runtime.block_on(Members::find_or_create(&self.database, organization)).expect("it is found")
    }

    /// Adds a device of a member and returns its token.
    pub(crate) fn add_device(&self, organization: &str, member: &str, device: &str) -> DeviceToken {
        let members = self.members(organization);
        self.runtime.block_on(members.add_device(member, device)).expect("it is added").token
    }

    /// Sends an update, which must be accepted.
    pub(crate) fn accept(&self, token: &DeviceToken, update: &TeamUpdate) -> TeamReceipt {
        let (status, body) = self.send(token, update);
        assert_eq!(status, 200, "{body}");
        serde_json::from_value(body).expect("a receipt")
    }

    /// Sends an update and returns the status and the body.
    pub(crate) fn send(&self, token: &DeviceToken, update: &TeamUpdate) -> (u16, Value) {
        send_to(&self.url, token, &serde_json::to_string(update).expect("it is JSON"))
    }

    /// Sends a request and returns the status and the body.
    pub(crate) fn get(&self, credential: &str, path: &str) -> (u16, Value) {
        let agent = agent();
        let request = agent.get(format!("{}{path}", self.url)).header("Authorization", format!("Bearer {credential}"));
        read(request.call().expect("it answers"))
    }

    /// Requests a document. Returns the header `Content-Disposition` and the bytes.
    pub(crate) fn download(&self, credential: &str, path: &str) -> (String, Vec<u8>) {
        let request =
            agent().get(format!("{}{path}", self.url)).header("Authorization", format!("Bearer {credential}"));
        let mut response = request.call().expect("it answers");
        assert_eq!(response.status(), 200, "{path}");
        let disposition = response.headers()["content-disposition"].to_str().expect("it is text").to_owned();
        (disposition, response.body_mut().read_to_vec().expect("a body"))
    }

    /// Sends a request with a body and returns the status and the body.
    pub(crate) fn request(&self, credential: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        let request =
            request.header("Authorization", format!("Bearer {credential}")).header("Content-Type", "application/json");
        read(agent().run(request.body(body.to_string()).expect("it is valid")).expect("it answers"))
    }

    /// Returns the output tokens of an organization by the values of groups, separated by slashes.
    pub(crate) fn outputs(&self, organization: &str, by: &[ReportGroup]) -> BTreeMap<String, u128> {
        let id = self.members(organization).organization();
        let request = ReportRequest { by: by.to_vec(), ..ReportRequest::default() };
        let report = self.runtime.block_on(TeamReport::load(&self.database, id, &request)).expect("a report");
        let key = |values: &serde_json::Map<String, Value>| {
            by.iter().map(|group| values[group.name()].as_str().unwrap_or("-")).collect::<Vec<_>>().join("/")
        };
        report.rows.iter().map(|row| (key(&row.values), row.totals.totals.output_tokens)).collect()
    }

    /// Returns all rows of a table as text, in a fixed order.
    pub(crate) fn dump(&self, table: &str, organization: &str) -> String {
        let id = self.members(organization).organization();
        self.postgres.query(
            &self.address,
            &format!("SELECT row_to_json(t) FROM {table} t WHERE organization = '{id}' ORDER BY row_to_json(t)::text"),
        )
    }
}

fn serve(runtime: &Runtime, database: &Database) -> String {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = HubServer::new(database.clone());
    runtime.spawn(async move { server.serve(&listener).await });
    format!("http://{address}")
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.body_mut().read_to_string().expect("it is text");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// Sends a body to a hub and returns the status and the body of the response.
pub(crate) fn send_to(url: &str, token: &DeviceToken, body: &str) -> (u16, Value) {
    let request = agent().post(format!("{url}{USAGE_PATH}"));
    read(request.header("Authorization", format!("Bearer {}", token.credential())).send(body).expect("it answers"))
}

/// Returns an update of level 3.
pub(crate) fn update(generation: u64, previous_revision: u64, rows: Vec<TeamRow>) -> TeamUpdate {
    TeamUpdate { format: MESSAGE_FORMAT, level: SharingLevel::Sessions, generation, previous_revision, rows }
}

/// Returns a row of the model `opus` on 2026-03-01, or of no messages if `output` is 0.
pub(crate) fn row(number: u64, revision: u64, output: u64) -> TeamRow {
    row_at(number, revision, output, "2026-03-01T12:05:00Z")
}

/// Returns a row like [`row`] at another time.
pub(crate) fn row_at(number: u64, revision: u64, output: u64, start: &str) -> TeamRow {
    let group = match output {
        0 => RowGroup::default(),
        _ => RowGroup { model: "opus".to_owned(), project: Some("shop".to_owned()), ..RowGroup::default() },
    };
    let usage = UsageCounts { messages: output.min(1), output_tokens: output, ..UsageCounts::default() };
    TeamRow { row: number, revision, start: start.parse().expect("a time"), group, usage }
}

/// Returns the fields of a JSON object that a test compares.
pub(crate) fn pick(value: &Value, fields: &[&str]) -> Value {
    fields.iter().map(|field| ((*field).to_owned(), value[*field].clone())).collect::<serde_json::Map<_, _>>().into()
}

/// Returns the problem details with a status and a sentence.
pub(crate) fn problem(status: u16, title: &str, detail: &str) -> Value {
    json!({ "type": "about:blank", "title": title, "status": status, "detail": detail })
}
