//! Session metadata, and the order and filters of the session list.

use std::fs;

use rstest::rstest;
use token_monitor_core::report::model::{SessionChanges, SessionDetail, SessionSort};
use token_monitor_engine::{ErrorCode, Request, Response, SessionQuery};

use crate::harness::{TestEngine, TestEnv, line};

impl TestEngine {
    fn describe(&self, session: &str, changes: SessionChanges) -> Response {
        self.request(Request::UpdateSession { session: session.to_owned(), changes })
    }

    fn listed(&self, query: SessionQuery) -> Vec<String> {
        let Response::Sessions(page) = self.request(Request::Sessions(SessionQuery { limit: 99, ..query })) else {
            panic!("sessions")
        };
        assert_eq!(page.count, page.sessions.len() as u64);
        page.sessions.into_iter().map(|row| row.session_id).collect()
    }

    fn found(&self, search: &str) -> Vec<String> {
        self.listed(SessionQuery { search: Some(search.to_owned()), ..SessionQuery::default() })
    }

    fn detail_of(&self, session: &str) -> SessionDetail {
        let Response::Session(detail) = self.request(Request::Session { session: session.to_owned() }) else {
            panic!("one")
        };
        *detail
    }
}

fn pinned(is: bool) -> SessionChanges {
    SessionChanges { is_pinned: Some(is), ..SessionChanges::default() }
}

fn hidden(is: bool) -> SessionChanges {
    SessionChanges { is_hidden: Some(is), ..SessionChanges::default() }
}

fn name(name: &str) -> SessionChanges {
    SessionChanges { name: Some(name.to_owned()), ..SessionChanges::default() }
}

fn tags(tags: &[&str]) -> SessionChanges {
    SessionChanges { tags: Some(tags.iter().map(ToString::to_string).collect()), ..SessionChanges::default() }
}

/// Creates four sessions of the last hours, `a` (latest) to `d`. `c` has the most tokens and no price, `b` costs most.
fn env() -> TestEnv {
    let env = TestEnv::new();
    let models = ["claude-haiku-4-5", "claude-opus-4-8", "glm-4.7", "claude-haiku-4-5"];
    let ids = ["a", "b", "c", "d"];
    for (hours, ((id, model), output)) in ids.into_iter().zip(models).zip([100, 5_000, 9_000, 10]).enumerate() {
        let when = chrono::Utc::now() - chrono::Duration::hours(hours as i64 + 1);
        let mut line = line(id, output);
        (line.session, line.model) = (id, model);
        let place = format!("\"cwd\":\"/home/{id}/.claude/worktrees/tree-{id}\",\"gitBranch\":\"branch-{id}\"");
        let line = line.with_newline().replace("\"cwd\":\"/home/x\"", &place);
        let then = line.find("\"timestamp\":\"").expect("it has a time") + "\"timestamp\":\"".len();
        let line = format!("{}{}{}", &line[..then], when.format("%Y-%m-%dT%H:%M:%SZ"), &line[then + 20..]);
        env.write(&format!("p/{id}.jsonl"), line);
    }
    env
}

fn caught_up(env: &TestEnv) -> TestEngine {
    let running = env.start();
    running.sync();
    running
}

#[rstest]
#[case(SessionSort::Recent, ["d", "a", "b", "c"])]
#[case(SessionSort::Tokens, ["d", "c", "b", "a"])]
#[case(SessionSort::Cost, ["d", "b", "a", "c"])]
#[case(SessionSort::Name, ["d", "b", "a", "c"])]
fn pinned_sessions_come_first_in_every_order(#[case] sort: SessionSort, #[case] order: [&str; 4]) {
    let env = env();
    let running = caught_up(&env);
    for (id, named) in [("a", "Mid"), ("b", "lower"), ("c", "zebra"), ("d", "yak")] {
        running.describe(id, name(named));
    }
    running.describe("d", pinned(true));
    assert_eq!(running.listed(SessionQuery { sort, ..SessionQuery::default() }), order);
    running.describe("d", pinned(false));
    let unpinned = running.listed(SessionQuery { sort, ..SessionQuery::default() });
    assert_eq!(unpinned.iter().filter(|id| *id != "d").collect::<Vec<_>>(), order[1..].iter().collect::<Vec<_>>());
    running.stop();
}

#[test]
fn active_sessions_come_before_larger_ones() {
    let env = env();
    let now = chrono::Utc::now().format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let line = line("now", 1).with_newline().replace("\"sessionId\":\"s\"", "\"sessionId\":\"e\"");
    env.write("p/e.jsonl", line.replace("2026-05-01T10:00:00Z", &now));
    let running = caught_up(&env);
    let query = SessionQuery { sort: SessionSort::Tokens, ..SessionQuery::default() };
    assert_eq!(running.listed(query), ["e", "c", "b", "a", "d"]);
    running.stop();
}

#[test]
fn a_hidden_session_is_listed_only_on_request() {
    let env = env();
    let running = caught_up(&env);
    running.describe("a", hidden(true));
    assert_eq!(running.listed(SessionQuery::default()), ["b", "c", "d"]);
    assert_eq!(running.listed(SessionQuery { include_hidden: true, ..SessionQuery::default() }), ["a", "b", "c", "d"]);
    assert_eq!(running.found("tree-a"), ["a"], "who searches wants to find");
    let snapshot = running.snapshot();
    let recent: Vec<_> = snapshot.recent_sessions.iter().map(|row| row.session_id.as_str()).collect();
    assert_eq!((snapshot.session_count, recent), (4, vec!["b", "c", "d"]));
    assert_eq!(snapshot.totals.message_count, 4, "its tokens were used all the same");
    running.describe("a", pinned(true));
    assert_eq!(running.listed(SessionQuery::default()).len(), 3, "hidden is hidden");
    running.describe("a", hidden(false));
    assert_eq!(running.listed(SessionQuery::default())[0], "a");
    running.stop();
}

#[test]
fn a_pinned_session_stays_listed_at_any_age() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 1).with_newline().replace("2026-05-01", "2019-05-01"));
    let running = caught_up(&env);
    assert!(running.listed(SessionQuery::default()).is_empty());
    running.describe("s", pinned(true));
    assert_eq!(running.listed(SessionQuery::default()), ["s"]);
    assert_eq!(running.snapshot().session_count, 1);
    running.stop();
}

#[rstest]
#[case("ERRAND", &["a", "b"])]
#[case("errand urgent", &["b"])]
#[case("urgent opus", &["b"])]
#[case("urgent haiku", &[])]
#[case("invoice", &["c"])]
#[case("branch-d", &["d"])]
#[case("tree-c", &["c"])]
#[case("/home/b/", &["b"])]
#[case("shop", &["b", "d"])]
#[case("  ", &["a", "b", "c", "d"])]
fn a_search_finds_sessions_that_contain_all_its_words(#[case] search: &str, #[case] ids: &[&str]) {
    let env = env();
    let running = caught_up(&env);
    running.describe("a", tags(&["errand"]));
    running.describe("b", tags(&["Errands at the shop", "urgent"]));
    running.describe("c", SessionChanges { description: Some("the Invoice\nof May".into()), ..name("x") });
    running.describe("d", name("Shoppe"));
    assert_eq!(running.found(search), ids);
    running.stop();
}

#[test]
fn metadata_is_shown_at_once_and_outlives_the_logs() {
    let env = env();
    let running = caught_up(&env);
    let before = running.snapshot().revision;
    let changes = SessionChanges { description: Some("two\nlines".into()), is_muted: Some(true), ..tags(&["work"]) };
    let Response::SessionUpdated(described) = running.describe("a", changes) else { panic!("described") };
    assert_eq!((described.uuid.as_str(), described.is_muted), ("a", true));
    running.until("the session with its tag", |shown| {
        shown.revision > before && shown.recent_sessions.iter().any(|row| row.tags == ["work"] && row.is_muted)
    });
    running.stop();
    fs::remove_dir_all(env.outside("claude")).expect("it goes");
    let running = caught_up(&env);
    let detail = running.detail_of("a");
    assert_eq!((detail.session.tags, detail.description.as_deref()), (vec!["work".to_owned()], Some("two\nlines")));
    assert_eq!(detail.session.session_name, None, "a tag is no name");
    running.stop();
}

#[test]
fn invalid_metadata_is_rejected_with_a_message() {
    let env = env();
    let running = caught_up(&env);
    running.describe("a", name("Login"));
    let rejected = |session: &str, changes: SessionChanges| {
        let error = running
            .try_request(Request::UpdateSession { session: session.to_owned(), changes })
            .expect_err("it is rejected");
        (error.code, error.message)
    };
    assert_eq!(rejected("b", name("LOGIN")), (ErrorCode::NameTaken, "the name “LOGIN” is taken".into()));
    assert_eq!(rejected("b", name("\u{7}")).0, ErrorCode::NameInvalid);
    assert_eq!(rejected("b", tags(&["a\nb"])).0, ErrorCode::BadValue);
    assert_eq!(rejected("missing", pinned(true)).0, ErrorCode::NotFound);
    assert_eq!(running.detail_of("b").session.session_name, None);
    running.describe("Login", name(""));
    assert_eq!(running.detail_of("a").session.session_name, None, "an empty one takes it away");
    running.stop();
}
