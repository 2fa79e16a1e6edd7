//! Pictures of the screen: each page at five sizes, and each situation of the page *Now*.

use std::sync::Arc;

use chrono::TimeDelta;
use insta::assert_snapshot;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use token_monitor_core::report::model::{
    BurnLevel, BurnRate, LimitBasis, LimitUse, Problem, ProblemCode, Progress, ProjectedRange, Provenance, Snapshot,
};
use token_monitor_engine::{Request, Response};

use crate::live::app::App;
use crate::live::app::message::{Effect, Message};
use crate::live::app::page::Page;
use crate::live::fixtures::{self, NOW, at};
use crate::live::theme::ThemeName;
use crate::live::view::draw;

const SIZES: [(u16, u16); 5] = [(200, 50), (120, 36), (80, 24), (40, 10), (80, 1)];

/// Returns an app on a page, with the answers to all that it asks.
fn app_on(page: Page, snapshot: Snapshot) -> App {
    let mut app = App::new(Arc::new(snapshot), page, ThemeName::Terminal);
    answer_all(&mut app, Message::Wake);
    app
}

fn answer_all(app: &mut App, message: Message) {
    for effect in app.update(message, at(NOW)) {
        let Effect::Ask(request) = effect else { continue };
        let response = answer(&request);
        answer_all(app, Message::Answer(request, Ok(Box::new(response))));
    }
}

fn answer(request: &Request) -> Response {
    match request {
        Request::Sessions(query) if query.search.as_deref() == Some("nothing") => {
            let page = fixtures::session_page();
            Response::Sessions(token_monitor_core::report::model::SessionPage {
                sessions: Vec::new(),
                count: 0,
                ..page
            })
        }
        Request::Sessions(_) => Response::Sessions(fixtures::session_page()),
        Request::Session { .. } => Response::Session(Box::new(fixtures::session_detail())),
        Request::BlockHistory { .. } => Response::BlockHistory(Box::new(fixtures::block_history())),
        Request::History { from, .. } => {
            let days = from.map_or(500, |from| (fixtures::date("2026-11-29") - from).num_days() as u64 + 1);
            Response::History(Box::new(fixtures::history(days)))
        }
        Request::UpdateSession { .. } => Response::Done,
        other => panic!("{other:?} is not answered"),
    }
}

fn press(app: &mut App, keys: &str) {
    for key in keys.chars() {
        let code = match key {
            '\n' => KeyCode::Enter,
            key => KeyCode::Char(key),
        };
        answer_all(app, Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }
}

fn buffer_of(app: &mut App, (width, height): (u16, u16), is_ascii: bool) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    draw(&mut buffer, area, app, at(NOW), is_ascii);
    buffer
}

/// Returns the text of a screen, without the spaces at the ends of lines.
fn text_of(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width);
    let rows = buffer.content.chunks(width.max(1)).map(|row| {
        let mut text = String::new();
        let mut hidden = 0_usize;
        for cell in row {
            // The second cell of a wide character is not written.
            if hidden > 0 {
                hidden -= 1;
                continue;
            }
            text.push_str(cell.symbol());
            hidden = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
        }
        text.trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn screen(app: &mut App, size: (u16, u16)) -> String {
    text_of(&buffer_of(app, size, false))
}

#[test]
fn every_page_at_every_size() {
    for page in Page::ALL {
        for size @ (width, height) in SIZES {
            let name = format!("{}-{width}x{height}", page.title().to_lowercase());
            assert_snapshot!(name, screen(&mut app_on(page, fixtures::snapshot()), size));
        }
    }
}

#[test]
fn an_opened_session_at_every_size() {
    for size @ (width, height) in SIZES {
        let mut app = app_on(Page::Sessions, fixtures::snapshot());
        press(&mut app, "\n");
        assert_snapshot!(format!("session-{width}x{height}"), screen(&mut app, size));
    }
}

#[test]
fn the_year_and_all_time() {
    let mut app = app_on(Page::History, fixtures::snapshot());
    press(&mut app, "]]");
    assert_snapshot!("history-year-120x36", screen(&mut app, (120, 36)));
    press(&mut app, "]u");
    assert_snapshot!("history-all-cost-80x24", screen(&mut app, (80, 24)));
}

#[test]
fn help_menus_and_prompts() {
    let mut app = app_on(Page::Sessions, fixtures::snapshot());
    press(&mut app, "?");
    assert_snapshot!("help-120x36", screen(&mut app, (120, 36)));
    assert_snapshot!("help-40x10", screen(&mut app, (40, 10)));
    press(&mut app, "qT");
    assert_snapshot!("themes-80x24", screen(&mut app, (80, 24)));
    press(&mut app, "qr");
    assert_snapshot!("rename-80x24", screen(&mut app, (80, 24)));
    press(&mut app, "\n/nothing");
    assert_snapshot!("search-80x24", screen(&mut app, (80, 24)));
}

fn with_share(share: LimitUse) -> Snapshot {
    Snapshot { block_use: Some(share), quota: Vec::new(), ..fixtures::snapshot() }
}

fn official_share() -> LimitUse {
    fixtures::snapshot().block_use.expect("there is one")
}

fn now_screen(snapshot: Snapshot) -> String {
    screen(&mut app_on(Page::Now, snapshot), (80, 24))
}

#[test]
fn a_limit_that_will_be_reached_leads_with_the_time_until_then() {
    let out = Some(at(NOW) + TimeDelta::minutes(56));
    for (low, words) in [(104.0, "at this pace, ~16:03"), (96.0, "may run out ~16:03")] {
        let projected_percent = Some(ProjectedRange { low, high: 130.0 });
        let text = now_screen(with_share(LimitUse {
            used_percent: 72.0,
            runs_out_at: out,
            projected_percent,
            ..official_share()
        }));
        assert!(text.contains("to the limit") && text.contains("72% used ✓") && text.contains(words), "{text}");
    }
}

#[test]
fn a_reached_limit_leads_with_its_reset() {
    let text = now_screen(with_share(LimitUse { used_percent: 100.0, ..official_share() }));
    assert!(text.contains("to reset") && text.contains("Claude Code works again at 17:20"), "{text}");
}

#[test]
fn without_an_official_limit_nothing_says_left_or_runs_out() {
    let comparison = LimitUse {
        used_percent: 104.0,
        basis: LimitBasis::P90,
        limit: Some(2_700_000.0),
        runs_out_at: Some(at(NOW) + TimeDelta::minutes(5)),
        label: Provenance::Measured,
        ..official_share()
    };
    for snapshot in [
        fixtures::plain_snapshot(),
        Snapshot { block_use: Some(comparison), ..fixtures::plain_snapshot() },
        Snapshot { current_block: None, ..fixtures::plain_snapshot() },
    ] {
        for page in Page::ALL {
            for size in SIZES {
                let text = screen(&mut app_on(page, snapshot.clone()), size);
                for word in [" left", "limit", "runs out", "reached"] {
                    assert!(!text.contains(word), "“{word}” on {page:?} at {size:?}:\n{text}");
                }
            }
        }
    }
}

#[test]
fn a_stale_figure_states_its_age() {
    let mut snapshot = fixtures::snapshot();
    (snapshot.quota[0].is_stale, snapshot.quota[0].age_minutes) = (true, 190);
    let text = now_screen(snapshot);
    assert!(text.contains("as of 3h ago"), "{text}");
}

#[test]
fn at_rest_the_burn_rate_is_a_word() {
    let burn_rate = BurnRate { tokens_per_minute: 0, level: BurnLevel::Normal, ..fixtures::snapshot().burn_rate };
    let text = now_screen(Snapshot { burn_rate, last_hour: vec![0; 60], ..fixtures::snapshot() });
    assert!(text.contains("Burn rate  at rest · last message 15:07"), "{text}");
}

#[test]
fn an_import_and_a_problem_are_above_the_page() {
    let progress = Progress::Importing { files_done: 12, files: 3_310, bytes_done: 21_000_000, bytes: 560_000_000 };
    let problem = Problem {
        code: ProblemCode::StoreUnavailable,
        message: "The store cannot be written.".to_owned(),
        hint: "Free some space.".to_owned(),
    };
    let text = now_screen(Snapshot { progress, problems: vec![problem], ..fixtures::snapshot() });
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    assert_eq!(lines[1], "Reading logs: 12 of 3,310 files, 21 of 560 MB");
    assert_eq!(lines[2], "! The store cannot be written. Free some space.");
}

#[test]
fn frozen_figures_do_not_move() {
    let mut app = app_on(Page::Now, fixtures::snapshot());
    press(&mut app, "f");
    let frozen = screen(&mut app, (80, 24));
    assert!(frozen.contains("frozen 15:07"), "{frozen}");
    let newer = Snapshot { revision: 2, at: at(NOW) + TimeDelta::minutes(9), ..fixtures::plain_snapshot() };
    answer_all(&mut app, Message::Snapshot(Arc::new(newer)));
    assert_eq!(screen(&mut app, (80, 24)), frozen);
    press(&mut app, "f");
    assert!(screen(&mut app, (80, 24)).contains("tokens in this block"), "continues with the latest figures");
}

#[test]
fn every_cell_is_ascii_if_asked_for() {
    for page in Page::ALL {
        for size in SIZES {
            let buffer = buffer_of(&mut app_on(page, fixtures::snapshot()), size, true);
            assert!(text_of(&buffer).is_ascii(), "{page:?} at {size:?}");
        }
    }
    let text = text_of(&buffer_of(&mut app_on(Page::Now, fixtures::snapshot()), (80, 24), true));
    assert_snapshot!("now-ascii-80x24", text);
}

#[test]
fn mono_has_no_color_and_no_theme_a_background() {
    for theme in ThemeName::ALL {
        for page in Page::ALL {
            let mut app = app_on(page, fixtures::snapshot());
            app.theme = theme;
            let buffer = buffer_of(&mut app, (120, 36), false);
            assert!(buffer.content.iter().all(|cell| cell.bg == Color::Reset), "{theme:?}");
            let is_colored = buffer.content.iter().any(|cell| cell.fg != Color::Reset);
            assert_eq!(is_colored, theme != ThemeName::Mono, "{theme:?} {page:?}");
            let is_dim = buffer.content.iter().any(|cell| cell.modifier.contains(Modifier::DIM));
            assert!(theme != ThemeName::Contrast || !is_dim, "{page:?}");
        }
    }
}

/// Every size from nothing to a large screen, in every situation that changes the layout.
#[test]
fn no_size_is_an_error() {
    let mut apps: Vec<App> = Page::ALL.map(|page| app_on(page, fixtures::snapshot())).to_vec();
    let keys = ["2\n", "2r", "2/x", "?", "T", "P", "4]]"];
    apps.extend(keys.map(|keys| {
        let mut app = app_on(Page::Now, fixtures::snapshot());
        press(&mut app, keys);
        app
    }));
    apps.push(App::new(Arc::new(fixtures::plain_snapshot()), Page::Sessions, ThemeName::Mono));
    for app in &mut apps {
        for width in (0..24).chain([39, 40, 63, 64, 80, 111, 112, 300]) {
            for height in (0..12).chain([17, 18, 24, 31, 32, 80]) {
                buffer_of(app, (width, height), false);
            }
        }
    }
}
