//! Keys and messages: what they change, and what has to be done for them.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use token_monitor_core::report::model::{
    AlertStatus, HistoryBy, Pause, SessionChanges, SessionMetadata, SessionSort, Snapshot,
};
use token_monitor_engine::{ApiError, ErrorCode, Request, Response, SessionQuery};

use super::message::{Effect, Message};
use super::overlay::Overlay;
use super::page::Page;
use super::{App, Measure};
use crate::live::countdown::next_change;
use crate::live::fixtures::{self, NOW, at};
use crate::live::hit_map::Target;
use crate::live::theme::ThemeName;

fn app_on(page: Page) -> App {
    App::new(Arc::new(fixtures::snapshot()), page, ThemeName::Terminal)
}

/// Returns an app with the list of sessions on the screen.
fn app_with_sessions() -> App {
    let mut app = app_on(Page::Sessions);
    let effects = app.update(Message::Wake, at(NOW));
    let [Effect::Ask(request)] = effects.as_slice() else { panic!("{effects:?}") };
    app.update(answer(request.clone(), Response::Sessions(fixtures::session_page())), at(NOW));
    app.sessions.cursor.set_rows(20);
    app
}

fn answer(request: Request, response: Response) -> Message {
    Message::Answer(request, Ok(Box::new(response)))
}

fn key(code: KeyCode) -> Message {
    Message::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

/// Presses keys, and returns the effects of the last one other than queries of lists.
fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for char in keys.chars() {
        let code = match char {
            '\n' => KeyCode::Enter,
            '\u{1b}' => KeyCode::Esc,
            char => KeyCode::Char(char),
        };
        effects = app.update(key(code), at(NOW));
    }
    effects.retain(|effect| !matches!(effect, Effect::Ask(Request::Sessions(_) | Request::Session { .. })));
    effects
}

fn snapshot_of(revision: u64, at: DateTime<Utc>) -> Message {
    Message::Snapshot(Arc::new(Snapshot { revision, at, ..fixtures::snapshot() }))
}

#[test]
fn a_page_is_queried_when_it_is_shown_and_when_the_data_changes() {
    let mut app = app_on(Page::Now);
    assert_eq!(app.update(Message::Wake, at(NOW)), []);
    let effects = app.update(key(KeyCode::Char('3')), at(NOW));
    let [Effect::Ask(request @ Request::BlockHistory { offset: 0, .. })] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    app.update(answer(request.clone(), Response::BlockHistory(Box::new(fixtures::block_history()))), at(NOW));
    let later = at(NOW) + TimeDelta::seconds(5);
    assert_eq!(app.update(snapshot_of(1, later), later), [], "the time alone has changed");
    let effects = app.update(snapshot_of(2, later), later);
    assert!(matches!(effects.as_slice(), [Effect::Ask(Request::BlockHistory { .. })]), "{effects:?}");
}

#[test]
fn a_change_within_the_interval_is_queried_at_its_end() {
    let mut app = app_with_sessions();
    assert_eq!(app.update(snapshot_of(2, at(NOW)), at(NOW)), [], "the list was just queried");
    let due = app.next_query_due(at(NOW)).expect("a query waits");
    assert_eq!(due - at(NOW), TimeDelta::milliseconds(250));
    assert!(matches!(app.update(Message::Wake, due).as_slice(), [Effect::Ask(Request::Sessions(_))]));
    assert_eq!(app.next_query_due(due), None, "nothing runs without a change");
}

#[test]
fn frozen_figures_are_not_queried() {
    let mut app = app_with_sessions();
    press(&mut app, "f");
    let later = at(NOW) + TimeDelta::minutes(3);
    assert_eq!(app.update(snapshot_of(9, later), later), []);
    assert_eq!((app.shown_time(later), app.next_query_due(later), next_change(&app, later)), (at(NOW), None, None));
    let effects = app.update(key(KeyCode::Char('f')), later);
    assert!(matches!(effects.as_slice(), [Effect::Ask(Request::Sessions(_))]), "{effects:?}");
}

#[test]
fn the_list_follows_a_search_while_it_is_typed() {
    let mut app = app_with_sessions();
    press(&mut app, "/log");
    assert_eq!(app.sessions.list.wanted().search.as_deref(), Some("log"));
    press(&mut app, "\n");
    assert_eq!((app.overlay.clone(), app.sessions.search.as_str()), (Overlay::None, "log"));
    press(&mut app, "\u{1b}");
    assert_eq!(app.sessions.list.wanted().search, None, "Esc ends the search");
}

#[test]
fn letters_are_text_while_something_is_typed() {
    let mut app = app_with_sessions();
    assert_eq!(press(&mut app, "/q?4"), []);
    assert_eq!((app.page, app.sessions.search.as_str()), (Page::Sessions, "q?4"));
    let control_c = Message::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL));
    assert_eq!(app.update(control_c, at(NOW)), [Effect::Quit], "Ctrl-C always ends the program");
}

#[test]
fn a_session_is_renamed() {
    let mut app = app_with_sessions();
    let effects = press(&mut app, "rHarbour\n");
    let changes = SessionChanges { name: Some("Harbour".to_owned()), ..SessionChanges::default() };
    let request = Request::UpdateSession { session: "3f1c0a52-7d5e".to_owned(), changes };
    assert_eq!(effects, [Effect::Ask(request.clone())]);
    let error = ApiError::new(ErrorCode::NameTaken, "“Harbour” is taken").with_hint("Choose another name.");
    app.update(Message::Answer(request, Err(error)), at(NOW));
    let notice = app.notice.expect("the error is shown");
    assert_eq!((notice.text.as_str(), notice.is_error), ("“Harbour” is taken. Choose another name.", true));
}

#[test]
fn tags_are_separated_by_commas() {
    let mut app = app_with_sessions();
    let effects = press(&mut app, "t, docs ,,x\n");
    let tags = ["work", "docs", "x"].map(str::to_owned).to_vec();
    let changes = SessionChanges { tags: Some(tags), ..SessionChanges::default() };
    assert_eq!(effects, [Effect::Ask(Request::UpdateSession { session: "3f1c0a52-7d5e".to_owned(), changes })]);
}

#[test]
fn flags_are_toggled() {
    let mut app = app_with_sessions();
    let change = |effects: Vec<Effect>| match effects.as_slice() {
        [Effect::Ask(Request::UpdateSession { changes, .. })] => changes.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(change(press(&mut app, "p")).is_pinned, Some(false), "the first is pinned");
    assert_eq!(change(press(&mut app, "jm")).is_muted, Some(false), "the second is muted");
    assert_eq!(change(press(&mut app, "h")).is_hidden, Some(true));
}

#[test]
fn the_selection_stays_on_its_session() {
    let mut app = app_with_sessions();
    press(&mut app, "jj");
    assert_eq!(app.sessions.target().map(|session| session.session_id.as_str()), Some("c77d90aa-11b2"));
    let mut page = fixtures::session_page();
    page.sessions.swap(0, 2);
    let later = at(NOW) + TimeDelta::seconds(1);
    let effects = app.update(snapshot_of(2, later), later);
    let [Effect::Ask(request)] = effects.as_slice() else { panic!("{effects:?}") };
    app.update(answer(request.clone(), Response::Sessions(page)), later);
    assert_eq!(app.sessions.target().map(|session| session.session_id.as_str()), Some("c77d90aa-11b2"));
    assert_eq!(app.sessions.cursor.selected(), Some(0));
}

#[test]
fn the_order_and_the_older_sessions_are_queried() {
    let mut app = app_with_sessions();
    press(&mut app, "s");
    assert_eq!(app.sessions.list.wanted().sort, SessionSort::Tokens);
    press(&mut app, "sssa");
    let SessionQuery { sort, include_hidden, .. } = app.sessions.list.wanted().clone();
    assert_eq!((sort, include_hidden), (SessionSort::Recent, true));
}

#[test]
fn a_session_is_opened_and_follows_the_selection() {
    let mut app = app_with_sessions();
    press(&mut app, "\n");
    let opened = |app: &App| app.sessions.detail.as_ref().map(|detail| detail.wanted().clone());
    assert_eq!(opened(&app).as_deref(), Some("3f1c0a52-7d5e"));
    press(&mut app, "j");
    assert_eq!(opened(&app).as_deref(), Some("8a2b11c9-0e4f"));
    press(&mut app, "\u{1b}");
    assert_eq!(opened(&app), None);
}

#[test]
fn a_session_of_the_first_page_is_opened() {
    let mut app = app_on(Page::Now);
    app.now_cursor.set_rows(5);
    let effects = app.update(key(KeyCode::Down), at(NOW));
    assert_eq!(effects, []);
    let effects = app.update(key(KeyCode::Enter), at(NOW));
    assert_eq!(app.page, Page::Sessions);
    let request = Request::Session { session: "8a2b11c9-0e4f".to_owned() };
    assert!(effects.contains(&Effect::Ask(request)), "{effects:?}");
}

#[test]
fn alerts_are_paused_from_a_menu() {
    let mut app = app_on(Page::Now);
    assert_eq!(press(&mut app, "Pj\n"), [Effect::Ask(Request::PauseAlerts { pause: Pause::ThirtyMinutes })]);
    let until = at(NOW) + TimeDelta::minutes(30);
    let status = AlertStatus { paused_until: Some(until), ..AlertStatus::default() };
    let request = Request::PauseAlerts { pause: Pause::ThirtyMinutes };
    app.update(answer(request, Response::AlertStatus(status)), at(NOW));
    assert_eq!(app.notice.map(|notice| notice.text).as_deref(), Some("Alerts are paused until 15:37"));
}

#[test]
fn a_theme_is_chosen_by_its_number() {
    let mut app = app_on(Page::Now);
    assert_eq!(press(&mut app, "T2"), [Effect::Redraw]);
    assert_eq!((app.theme, app.overlay), (ThemeName::Mono, Overlay::None));
}

#[test]
fn the_id_and_the_command_that_resumes_are_copied() {
    let mut app = app_with_sessions();
    assert_eq!(press(&mut app, "y"), [Effect::Copy("3f1c0a52-7d5e".to_owned())]);
    assert_eq!(press(&mut app, "Y"), [Effect::Copy("claude --resume 3f1c0a52-7d5e".to_owned())]);
    let mut app = app_on(Page::Now);
    let effects = press(&mut app, "y");
    let [Effect::Copy(text)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(text.starts_with("Today          4,213,902 tokens, measured; $3.41 API-equivalent"), "{text}");
}

#[test]
fn an_id_that_a_shell_would_read_otherwise_is_not_copied_as_a_command() {
    let mut snapshot = fixtures::snapshot();
    snapshot.agents[0].session_id = "x; rm -r ~".to_owned();
    let mut app = App::new(Arc::new(snapshot), Page::Now, ThemeName::Terminal);
    assert_eq!(press(&mut app, "Y"), []);
}

#[test]
fn the_rows_on_the_screen_are_written_as_csv() {
    let mut app = app_with_sessions();
    app.sessions.cursor.set_rows(2);
    let effects = press(&mut app, "e\n");
    let [Effect::WriteFile { path, contents }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(path, "token-monitor-sessions-20261129-140700.csv");
    let lines: Vec<_> = contents.split("\r\n").collect();
    assert_eq!(lines.len(), 4, "the header, two rows and the end");
    assert!(lines[1].starts_with("3f1c0a52-7d5e,Fix the login flow,web-app,main,opus-4-8,"), "{}", lines[1]);
    app.update(Message::FileWritten(Ok(path.clone())), at(NOW));
    assert_eq!(app.notice.map(|notice| notice.text), Some(format!("Wrote {path}")));
}

#[test]
fn the_history_is_queried_by_range_and_split() {
    let mut app = app_on(Page::Now);
    let asked = |effects: &[Effect]| match effects {
        [Effect::Ask(Request::History { from, by, .. })] => (from.map(|from| from.to_string()), *by),
        other => panic!("{other:?}"),
    };
    let effects = app.update(key(KeyCode::Char('4')), at(NOW));
    assert_eq!(asked(&effects), (Some("2026-10-31".to_owned()), HistoryBy::Model), "thirty days with today");
    let [Effect::Ask(request)] = effects.as_slice() else { panic!("{effects:?}") };
    app.update(answer(request.clone(), Response::History(Box::new(fixtures::history(30)))), at(NOW));
    let effects = app.update(key(KeyCode::Char('b')), at(NOW));
    assert_eq!(asked(&effects).1, HistoryBy::Project);
    press(&mut app, "u");
    assert_eq!(app.measure, Measure::Cost);
}

#[test]
fn a_lost_connection_is_shown_and_asks_again_later() {
    let mut app = app_with_sessions();
    app.update(Message::Disconnected, at(NOW));
    assert!(!app.is_connected);
    assert_eq!(app.update(Message::Wake, at(NOW) + TimeDelta::hours(1)), [], "nobody answers");
    let later = at(NOW) + TimeDelta::hours(1);
    let effects = app.update(Message::Connected, later);
    assert!(matches!(effects.as_slice(), [Effect::Ask(Request::Sessions(_))]), "{effects:?}");
}

#[test]
fn a_saved_change_is_answered_without_a_message() {
    let mut app = app_with_sessions();
    let effects = press(&mut app, "rHarbour\n");
    let [Effect::Ask(request)] = effects.as_slice() else { panic!("{effects:?}") };
    let metadata: SessionMetadata = serde_json::from_value(serde_json::json!({
        "uuid": "3f1c0a52-7d5e", "name": "Harbour", "projectPath": null, "createdAt": NOW, "updatedAt": NOW, "tags": [],
        "description": null
    }))
    .expect("metadata");
    app.update(answer(request.clone(), Response::SessionUpdated(metadata)), at(NOW));
    assert_eq!(app.notice, None);
}

#[test]
fn the_mouse_selects_and_opens() {
    let mut app = app_with_sessions();
    app.hits.add(Rect::new(0, 5, 80, 1), Target::Row(2));
    app.hits.add(Rect::new(0, 0, 6, 1), Target::Page(Page::Blocks));
    let click = |column, row| {
        Message::Mouse(MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column,
            row,
            modifiers: KeyModifiers::NONE,
        })
    };
    app.update(click(10, 5), at(NOW));
    assert_eq!((app.sessions.cursor.selected(), app.sessions.detail.is_some()), (Some(2), false));
    app.update(click(10, 5), at(NOW));
    assert!(app.sessions.detail.is_some(), "a click on the selected row opens it");
    app.update(click(2, 0), at(NOW));
    assert_eq!(app.page, Page::Blocks);
}

#[test]
fn only_what_counts_down_on_the_screen_wakes_the_view() {
    let app = app_on(Page::Now);
    let change = next_change(&app, at(NOW)).expect("the block counts down");
    assert!(change - at(NOW) <= TimeDelta::minutes(1));
    assert_eq!(next_change(&app_on(Page::History), at(NOW)), None);
    let idle = App::new(
        Arc::new(Snapshot { current_block: None, ..fixtures::plain_snapshot() }),
        Page::Now,
        ThemeName::Terminal,
    );
    assert_eq!(next_change(&idle, at(NOW)), None);
}
