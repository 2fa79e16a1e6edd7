//! The socket: requests, subscriptions and their end.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use token_monitor_core::report::model::{
    AlertRow, AlertRule, AlertStatus, DeliveryStatus, SessionChanges, SettingsPage, Snapshot, Theme,
};
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{ApiError, Engine, EngineMode, ErrorCode, SessionQuery, UserDirs};
use token_monitor_ipc::{Address, Client, EngineClient, Request, Response, Server};
use token_monitor_test_support::{DEADLINE, LogLine};
use tokio::time::timeout;

use crate::runtime_folder::with_runtime_folder;

/// An engine with one session and its server.
pub(crate) struct Owner {
    pub(crate) engine: Engine,
    pub(crate) server: Server,
    pub(crate) address: Address,
    log: PathBuf,
}

impl Owner {
    pub(crate) fn start(folder: &Path) -> Self {
        let log = folder.join("claude/projects/p/s.jsonl");
        fs::create_dir_all(log.parent().expect("it has a folder")).expect("a folder");
        fs::write(&log, line("1", 5)).expect("it is written");
        let store = folder.join("config/sessions.db");
        let dirs = UserDirs { home: Some(folder.to_owned()), ..UserDirs::default() };
        let mut sources = ConfigSources { dirs, ..ConfigSources::default() };
        sources.environment.insert("claude_config_dirs", folder.join("claude").display().to_string());
        sources.environment.insert("storage.db_path", store.display().to_string());
        let engine = Engine::start(sources, EngineMode::Live).expect("the store opens");
        let address = Address::of_store(&store);
        let server = Server::start(&address, engine.handle()).expect("it listens");
        Self { engine, server, address, log }
    }

    pub(crate) async fn client(&self) -> Client {
        Client::connect(self.address.clone()).await.expect("it answers")
    }

    fn append(&self, text: &str) {
        let mut log = fs::OpenOptions::new().append(true).open(&self.log).expect("it opens");
        log.write_all(text.as_bytes()).expect("it is written");
    }
}

fn line(id: &str, output: u64) -> String {
    LogLine::new(id).output(output).with_newline()
}

/// Returns a condition for snapshots with a number of output tokens.
fn has_output(tokens: u128) -> impl FnMut(&std::sync::Arc<Snapshot>) -> bool {
    move |snapshot| snapshot.totals.output_tokens == tokens
}

async fn settings_page(client: &EngineClient, request: Request) -> Result<SettingsPage, ApiError> {
    match client.request(request).await? {
        Response::Settings(page) => Ok(*page),
        other => panic!("unexpected response: {other:?}"),
    }
}

async fn set_theme(client: &EngineClient, theme: &str) -> Result<SettingsPage, ApiError> {
    let request = Request::SetSetting { key: "display.theme".to_owned(), value: Some(theme.into()) };
    settings_page(client, request).await
}

async fn test_alert(client: &EngineClient) -> AlertStatus {
    match client.request(Request::TestAlert { rule: AlertRule::Week }).await {
        Ok(Response::AlertStatus(status)) => status,
        other => panic!("unexpected response: {other:?}"),
    }
}

async fn past_alerts(client: &EngineClient) -> Vec<AlertRow> {
    match client.request(Request::Alerts { limit: 9 }).await {
        Ok(Response::Alerts(rows)) => rows,
        other => panic!("unexpected response: {other:?}"),
    }
}

fn rename(session: &str, name: &str) -> Request {
    let changes = SessionChanges { name: Some(name.to_owned()), ..SessionChanges::default() };
    Request::UpdateSession { session: session.to_owned(), changes }
}

#[test]
fn remote_responses_equal_those_of_the_engine() {
    with_runtime_folder("socket::remote_responses_equal_those_of_the_engine", |folder| async move {
        let owner = Owner::start(&folder);
        let client = owner.client().await;
        assert_eq!(client.request(Request::Sync).await, Ok(Response::Done));
        let handle = owner.engine.handle();
        let sessions = SessionQuery { limit: 10, include_hidden: true, ..SessionQuery::default() };
        for request in [
            Request::Sessions(sessions),
            Request::Models,
            Request::Days { zone: None },
            Request::Blocks { anchor: None },
        ] {
            let (remote, local) = (client.request(request.clone()).await, handle.request(request.clone()).await);
            assert_eq!(remote, local, "{request:?}");
        }
        let renamed = client.request(rename("s", "Login")).await.expect("the name is free");
        assert!(matches!(renamed, Response::SessionUpdated(metadata) if metadata.name.as_deref() == Some("Login")));
        let error = client.request(rename("missing", "x")).await.expect_err("there is no such session");
        assert_eq!(error.code, ErrorCode::NotFound);
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn a_changed_setting_reaches_every_subscriber() {
    with_runtime_folder("socket::a_changed_setting_reaches_every_subscriber", |folder| async move {
        let owner = Owner::start(&folder);
        let mut snapshots = owner.client().await.subscribe_snapshots().await.expect("it answers");
        let remote = EngineClient::Remote(owner.client().await);
        let local = EngineClient::InProcess(owner.engine.handle());
        let page = set_theme(&remote, "dark").await.expect("the value is valid");
        assert_eq!(settings_page(&remote, Request::Settings).await, Ok(page.clone()));
        assert_eq!(settings_page(&local, Request::Settings).await, Ok(page));
        let is_dark = |snapshot: &std::sync::Arc<Snapshot>| snapshot.display.theme == Theme::Dark;
        timeout(DEADLINE, snapshots.wait_for(is_dark)).await.expect("in time").expect("it runs");
        let error = set_theme(&remote, "pink").await.expect_err("the value is invalid");
        let expected = ApiError::new(ErrorCode::BadValue, "display.theme: expected auto, light, dark or contrast");
        assert_eq!(error, expected);
        assert!(remote.diagnostics().await.expect("it answers")["settings"].is_array());
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn each_subscriber_gets_every_change() {
    with_runtime_folder("socket::each_subscriber_gets_every_change", |folder| async move {
        let owner = Owner::start(&folder);
        let mut subscribers = Vec::new();
        for _ in 0..3 {
            subscribers.push(owner.client().await.subscribe_snapshots().await.expect("it answers"));
        }
        for (total, added) in [(5, 0), (11, 6), (18, 7)] {
            if added > 0 {
                owner.append(&line(&total.to_string(), added));
            }
            for snapshots in &mut subscribers {
                timeout(DEADLINE, snapshots.wait_for(has_output(total))).await.expect("in time").expect("it runs");
            }
        }
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn alerts_reach_the_notifier_and_their_status_is_reported() {
    with_runtime_folder("socket::alerts_reach_the_notifier_and_their_status_is_reported", |folder| async move {
        let owner = Owner::start(&folder);
        let notifier = EngineClient::Remote(owner.client().await);
        let mut alerts = notifier.subscribe_alerts().await.expect("it answers");
        let client = EngineClient::Remote(owner.client().await);
        let show = async {
            let alert = alerts.next().await.expect("it runs");
            notifier.report_alert_status(alert.id, DeliveryStatus::Shown, None).await.expect("it answers");
            alert
        };
        let both = async { tokio::join!(test_alert(&client), show) };
        let (status, shown) = timeout(DEADLINE, both).await.expect("in time");
        assert!(shown.is_test && shown.alert.title.starts_with("Test: "), "{shown:?}");
        assert_eq!(status.unseen, 0);
        let rows = past_alerts(&client).await;
        assert_eq!((rows.len(), rows[0].fate), (1, DeliveryStatus::Shown));
        drop(alerts);
        let status = timeout(DEADLINE, test_alert(&client)).await.expect("in time");
        assert_eq!(status.unseen, 1, "there is no notifier any more");
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn alert_streams_close_when_the_engine_stops() {
    with_runtime_folder("socket::alert_streams_close_when_the_engine_stops", |folder| async move {
        let owner = Owner::start(&folder);
        let remote = EngineClient::Remote(owner.client().await);
        let local = EngineClient::InProcess(owner.engine.handle());
        let streams = (remote.subscribe_alerts().await, local.subscribe_alerts().await);
        let mut streams = [streams.0.expect("it answers"), streams.1.expect("it answers")];
        drop(local);
        let Owner { engine, server, .. } = owner;
        tokio::task::spawn_blocking(move || engine.stop()).await.expect("it ends").expect("it stops");
        drop(server);
        for alerts in &mut streams {
            assert!(timeout(DEADLINE, alerts.next()).await.expect("in time").is_none());
        }
    });
}

#[test]
fn snapshot_streams_close_when_the_engine_stops() {
    with_runtime_folder("socket::snapshot_streams_close_when_the_engine_stops", |folder| async move {
        let owner = Owner::start(&folder);
        let client = owner.client().await;
        let mut snapshots = client.subscribe_snapshots().await.expect("it answers");
        let Owner { engine, server, address, .. } = owner;
        tokio::task::spawn_blocking(move || engine.stop()).await.expect("it ends").expect("it stops");
        drop(server);
        let closed = async { while snapshots.changed().await.is_ok() {} };
        timeout(DEADLINE, closed).await.expect("the channel closes");
        let error = client.request(Request::Snapshot).await.expect_err("the engine has stopped");
        assert_eq!(error.code, ErrorCode::Offline);
        let gone = async { while Client::connect(address.clone()).await.is_some() {} };
        timeout(DEADLINE, gone).await.expect("the server has stopped");
    });
}
