//! The fear: somebody else can connect, garbage ends the listener, or whoever follows never learns that it is over.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use token_monitor_core::report::model::{AlertFate, AlertRule, Snapshot, Theme};
use token_monitor_engine::config::Layers;
use token_monitor_engine::{Answer, Conduct, Engine, Homes, Refusal, RefusalCode, SessionQuery};
use token_monitor_ipc::{Address, Ask, Client, Core, Server};
use tokio::time::timeout;

use crate::own_folder::with_own_folder;

/// Far longer than anything awaited takes; it ends a test that would wait for ever.
const DEADLINE: Duration = Duration::from_secs(10);

/// An engine with one session, and its server.
struct Owner {
    engine: Engine,
    server: Server,
    address: Address,
    log: PathBuf,
}

impl Owner {
    fn start(folder: &Path) -> Self {
        let log = folder.join("claude/projects/p/s.jsonl");
        fs::create_dir_all(log.parent().expect("it lies in a project")).expect("a folder");
        fs::write(&log, line("1", 5)).expect("it is written");
        let store = folder.join("config/sessions.db");
        let homes = Homes { home: Some(folder.to_owned()), ..Homes::default() };
        let mut layers = Layers { homes, ..Layers::default() };
        layers.environment.insert("claude_config_dirs", folder.join("claude").display().to_string());
        layers.environment.insert("storage.db_path", store.display().to_string());
        let engine = Engine::start(layers, Conduct::Live).expect("the store opens");
        let address = Address::of_store(&store);
        let server = Server::start(&address, engine.handle()).expect("it listens");
        Self { engine, server, address, log }
    }

    async fn client(&self) -> Client {
        Client::connect(self.address.clone()).await.expect("it answers")
    }

    fn append(&self, text: &str) {
        let mut log = fs::OpenOptions::new().append(true).open(&self.log).expect("it opens");
        log.write_all(text.as_bytes()).expect("it is written");
    }
}

fn line(id: &str, output: u64) -> String {
    format!(
        "{{\"type\":\"assistant\",\"sessionId\":\"s\",\"timestamp\":\"2026-05-01T10:00:00Z\",\"message\":{{\"id\":\"msg_{id}\",\"model\":\"opus\",\"usage\":{{\"output_tokens\":{output}}}}}}}\n"
    )
}

/// The socket there is.
fn socket(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder.join("token-monitor")).expect("it is there");
    let mut sockets = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "sock"));
    sockets.next().expect("somebody listens")
}

fn output(sum: u128) -> impl FnMut(&std::sync::Arc<Snapshot>) -> bool {
    move |snapshot| snapshot.totals.output_tokens == sum
}

#[test]
fn the_answers_are_the_engine_s_own() {
    with_own_folder("socket::the_answers_are_the_engine_s_own", |folder| async move {
        let owner = Owner::start(&folder);
        let client = owner.client().await;
        assert_eq!(client.ask(Ask::CatchUp).await, Ok(Answer::Done));
        let handle = owner.engine.handle();
        let query = SessionQuery { limit: 10, hidden_too: true, ..SessionQuery::default() };
        for ask in [Ask::Sessions(query), Ask::Models, Ask::Days { zone: None }, Ask::Blocks { anchor: None }] {
            let (there, here) = (client.ask(ask.clone()).await, handle.ask(ask.clone()).await);
            assert_eq!(there, here, "{ask:?}");
        }
        let core = Core::There(client);
        let renamed = core.rename("s".into(), "Login".into()).await.expect("it is free");
        assert_eq!(renamed.name.as_deref(), Some("Login"));
        let refused = core.rename("nobody".into(), "x".into()).await.expect_err("there is no such session");
        assert_eq!(refused.code, RefusalCode::NotFound);
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn settings_are_changed_over_it_and_every_follower_sees_that() {
    with_own_folder("socket::settings_are_changed_over_it_and_every_follower_sees_that", |folder| async move {
        let owner = Owner::start(&folder);
        let mut follower = owner.client().await.subscribe().await.expect("it answers");
        let core = Core::There(owner.client().await);
        let page = core.change("display.theme".into(), Some("dark".into())).await.expect("it is one of the words");
        assert_eq!(core.settings().await, Ok(page.clone()));
        assert_eq!(Core::Here(owner.engine.handle()).settings().await, Ok(page));
        let dark = |snapshot: &std::sync::Arc<Snapshot>| snapshot.display.theme == Theme::Dark;
        timeout(DEADLINE, follower.wait_for(dark)).await.expect("in time").expect("it runs");
        let refused = core.change("display.theme".into(), Some("pink".into())).await.expect_err("it is no theme");
        let expected = Refusal::new(RefusalCode::BadValue, "display.theme: expected auto, light, dark or contrast");
        assert_eq!(refused, expected);
        assert!(core.diagnostics().await.expect("it answers")["settings"].is_array());
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn each_follower_gets_what_is_new() {
    with_own_folder("socket::each_follower_gets_what_is_new", |folder| async move {
        let owner = Owner::start(&folder);
        let mut followers = Vec::new();
        for _ in 0..3 {
            followers.push(owner.client().await.subscribe().await.expect("it answers"));
        }
        for (sum, added) in [(5, 0), (11, 6), (18, 7)] {
            if added > 0 {
                owner.append(&line(&sum.to_string(), added));
            }
            for follower in &mut followers {
                timeout(DEADLINE, follower.wait_for(output(sum))).await.expect("in time").expect("it runs");
            }
        }
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn alerts_go_to_whoever_shows_them_and_their_fate_comes_back() {
    with_own_folder("socket::alerts_go_to_whoever_shows_them_and_their_fate_comes_back", |folder| async move {
        let owner = Owner::start(&folder);
        let tray = Core::There(owner.client().await);
        let mut alerts = tray.alerts_out().await.expect("it answers");
        let asker = Core::There(owner.client().await);
        let shown = async {
            let out = alerts.next().await.expect("it runs");
            tray.alert_became(out.id, AlertFate::Shown, None).await.expect("it is heard");
            out
        };
        let both = async { tokio::join!(asker.test_alert(AlertRule::Week), shown) };
        let (status, out) = timeout(DEADLINE, both).await.expect("in time");
        assert!(out.is_test && out.alert.title.starts_with("Test: "), "{out:?}");
        assert_eq!(status.map(|status| status.unseen), Ok(0));
        let rows = asker.alerts(9).await.expect("it answers");
        assert_eq!((rows.len(), rows[0].fate), (1, AlertFate::Shown));
        drop(alerts);
        let tried = timeout(DEADLINE, asker.test_alert(AlertRule::Week)).await.expect("in time");
        assert_eq!(tried.map(|status| status.unseen), Ok(1), "nobody shows them any more");
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn whoever_shows_alerts_learns_that_it_is_over() {
    with_own_folder("socket::whoever_shows_alerts_learns_that_it_is_over", |folder| async move {
        let owner = Owner::start(&folder);
        let there = Core::There(owner.client().await);
        let here = Core::Here(owner.engine.handle());
        let mut both = [there.alerts_out().await.expect("it answers"), here.alerts_out().await.expect("it answers")];
        drop(here);
        let Owner { engine, server, .. } = owner;
        tokio::task::spawn_blocking(move || engine.stop()).await.expect("it ends").expect("it stops");
        drop(server);
        for alerts in &mut both {
            assert!(timeout(DEADLINE, alerts.next()).await.expect("in time").is_none());
        }
    });
}

#[test]
fn whoever_follows_learns_that_it_is_over() {
    with_own_folder("socket::whoever_follows_learns_that_it_is_over", |folder| async move {
        let owner = Owner::start(&folder);
        let client = owner.client().await;
        let mut updates = client.subscribe().await.expect("it answers");
        let Owner { engine, server, address, .. } = owner;
        tokio::task::spawn_blocking(move || engine.stop()).await.expect("it ends").expect("it stops");
        drop(server);
        let over = async { while updates.changed().await.is_ok() {} };
        timeout(DEADLINE, over).await.expect("the channel closes");
        let refused = client.ask(Ask::Snapshot).await.expect_err("nobody is there");
        assert_eq!(refused.code, RefusalCode::Offline);
        let gone = async { while Client::connect(address.clone()).await.is_some() {} };
        timeout(DEADLINE, gone).await.expect("nobody listens any more");
    });
}

#[test]
fn the_socket_is_for_its_user_alone() {
    with_own_folder("socket::the_socket_is_for_its_user_alone", |folder| async move {
        let owner = Owner::start(&folder);
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&socket(&folder)), 0o600);
        assert_eq!(mode(&folder.join("token-monitor")), 0o700);
        drop(owner.server);
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn a_folder_open_to_others_is_refused() {
    with_own_folder("socket::a_folder_open_to_others_is_refused", |folder| async move {
        let open = folder.join("token-monitor");
        fs::create_dir(&open).expect("a folder");
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).expect("it is ours");
        let address = Address::of_store(&folder.join("sessions.db"));
        let layers = Layers { homes: Homes { home: Some(folder.clone()), ..Homes::default() }, ..Layers::default() };
        let engine = Engine::start(layers, Conduct::OnDemand).expect("the store opens");
        let refused = Server::start(&address, engine.handle()).expect_err("anybody could replace the socket");
        assert_eq!(refused.kind(), std::io::ErrorKind::PermissionDenied);
        engine.stop().expect("it stops");
    });
}

#[test]
fn garbage_does_not_hurt() {
    with_own_folder("socket::garbage_does_not_hurt", |folder| async move {
        let owner = Owner::start(&folder);
        let path = socket(&folder);
        let garbage: [&[u8]; 8] = [
            b"",
            b"\n",
            b"hello\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"{\"ask\":{\"ask\":\"dance\"}}\n",
            b"{\"ask\":",
            &[0xFF; 4096],
            &[b'['; 100_000],
        ];
        for bytes in garbage {
            let mut stream = UnixStream::connect(&path).expect("it listens");
            // It may hang up before it has read all of it.
            let _ = stream.write_all(bytes);
            drop(stream);
            let client = owner.client().await;
            assert!(client.ask(Ask::Snapshot).await.is_ok(), "after {:?}", &bytes[..bytes.len().min(20)]);
        }
        let idle = UnixStream::connect(&path).expect("it listens");
        assert!(owner.client().await.ask(Ask::Snapshot).await.is_ok(), "who says nothing holds nobody up");
        drop(idle);
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn a_socket_left_behind_is_replaced() {
    with_own_folder("socket::a_socket_left_behind_is_replaced", |folder| async move {
        let owner = Owner::start(&folder);
        let path = socket(&folder);
        drop(owner.server);
        let gone = async {
            while Client::connect(owner.address.clone()).await.is_some() {
                tokio::task::yield_now().await;
            }
        };
        timeout(DEADLINE, gone).await.expect("nobody listens any more");
        // What a process leaves that was killed.
        drop(std::os::unix::net::UnixListener::bind(&path).expect("it is free"));
        assert!(Client::connect(owner.address.clone()).await.is_none(), "nobody answers there");
        let server = Server::start(&owner.address, owner.engine.handle()).expect("it listens");
        assert!(Client::connect(owner.address.clone()).await.is_some());
        drop(server);
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn a_listener_says_hello_first_and_each_store_has_its_own() {
    with_own_folder("socket::a_listener_says_hello_first_and_each_store_has_its_own", |folder| async move {
        let owner = Owner::start(&folder);
        let path = socket(&folder);
        let mut stream = UnixStream::connect(&path).expect("it listens");
        stream.set_nonblocking(false).expect("it can wait");
        let hello = tokio::task::spawn_blocking(move || {
            let mut hello = [0; 64];
            let len = stream.read(&mut hello).expect("it says hello");
            String::from_utf8_lossy(&hello[..len]).into_owned()
        });
        assert!(hello.await.expect("it is read").starts_with("{\"protocol\":"));
        let other = Address::of_store(&folder.join("other.db"));
        assert!(Client::connect(other).await.is_none(), "another store has another address");
        owner.engine.stop().expect("it stops");
    });
}
