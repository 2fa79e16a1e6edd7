//! The frame around a page: the tabs above it, problems, and the keys or a message below it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use token_monitor_core::text::format::format_clock;
use token_monitor_core::text::phrases::{capitalize, missing_folders_phrase, problem_phrase};

use crate::live::app::App;
use crate::live::app::keys::HELP;
use crate::live::app::overlay::{Overlay, Prompt};
use crate::live::app::page::Page;
use crate::live::hit_map::Target;
use crate::live::theme::Role;
use crate::live::view::scene::{ESTIMATE_SIGN, OFFICIAL_SIGN, Scene, fit_line, spread};
use crate::live::view::text::{cells, fit_end};
use crate::render::progress::progress_text;

/// Draws the tabs, and at the right what the figures are and when.
pub(crate) fn draw_tabs(buffer: &mut Buffer, area: Rect, app: &mut App, scene: &Scene<'_>) {
    let is_narrow = area.width < 56;
    let mut left = Vec::new();
    let mut x = area.x;
    for (place, page) in Page::ALL.into_iter().enumerate() {
        let is_short = is_narrow && page != app.page;
        let key = format!("{}{}", place + 1, if is_short { "" } else { " " });
        let title = if is_short { "" } else { page.title() };
        let width = (cells(&key) + cells(title)) as u16;
        let role = if page == app.page { Role::Strong } else { Role::Dim };
        let key_role = if page == app.page { Role::Accent } else { Role::Dim };
        left.push(scene.span(key_role, key));
        left.push(scene.span(role, format!("{title}{}", if is_narrow { " " } else { "   " })));
        app.hits.add(Rect { x, y: area.y, width, height: 1 }.intersection(area), Target::Page(page));
        x += width + if is_narrow { 1 } else { 3 };
    }
    let line = spread(left, status_spans(app, scene, area.width), usize::from(area.width));
    buffer.set_line(area.x, area.y, &line, area.width);
}

/// Returns what the figures are: live, frozen or disconnected, and their time.
fn status_spans(app: &App, scene: &Scene<'_>, width: u16) -> Vec<Span<'static>> {
    let time = format_clock(scene.now, scene.zone);
    let mut spans = Vec::new();
    if width >= 96 {
        spans.push(
            scene
                .span(Role::Dim, format!("{OFFICIAL_SIGN} from Claude  {ESTIMATE_SIGN} estimate  $ API-equivalent   ")),
        );
    }
    match (app.is_connected, app.is_frozen()) {
        (false, _) => spans.push(scene.span(Role::Problem, "not running ")),
        (true, true) => spans.push(scene.span(Role::Waiting, "frozen ")),
        (true, false) => {}
    }
    if scene.snapshot.alerts.paused_until.is_some_and(|until| until > scene.now) && width >= 64 {
        spans.push(scene.span(Role::Dim, "alerts paused "));
    }
    spans.push(scene.span(Role::Dim, time));
    spans
}

/// Returns the lines above the page: the progress of reading, problems, missing folders.
pub(crate) fn banner_lines(app: &App, scene: &Scene<'_>, width: usize) -> Vec<Line<'static>> {
    let snapshot = scene.snapshot;
    let mut lines = Vec::new();
    if let Some(text) = progress_text(&snapshot.progress, app.import_start, scene.now) {
        lines.push(scene.line(Role::Accent, fit_end(&format!("Reading logs: {text}"), width)));
    }
    let problem = problem_phrase(&snapshot.problems)
        .map(|problem| match snapshot.problems.first() {
            Some(first) => format!("{problem}. {}", first.hint),
            None => problem,
        })
        .or_else(|| {
            missing_folders_phrase(snapshot)
                .map(|phrase| format!("{}; token-monitor doctor lists the searched folders", capitalize(phrase)))
        });
    lines.extend(problem.map(|problem| {
        let text = token_monitor_core::text::sanitize::sanitize_line(&problem);
        let sign = scene.span(Role::Problem, "! ");
        fit_line(Line::from(vec![sign, scene.span(Role::Text, fit_end(&text, width.saturating_sub(2)))]), width)
    }));
    lines
}

/// Draws the last line: a text that is being typed, a message, or the keys. Returns the cursor of the text.
pub(crate) fn draw_bottom(buffer: &mut Buffer, area: Rect, app: &App, scene: &Scene<'_>) -> Option<(u16, u16)> {
    let width = usize::from(area.width);
    if let Overlay::Prompt(prompt) = &app.overlay {
        return Some(draw_prompt(buffer, area, prompt, scene));
    }
    let line = match &app.notice {
        Some(notice) => {
            let role = if notice.is_error { Role::Problem } else { Role::Accent };
            scene.line(role, fit_end(&notice.text, width))
        }
        None => key_line(app, scene, width),
    };
    buffer.set_line(area.x, area.y, &line, area.width);
    None
}

fn key_line(app: &App, scene: &Scene<'_>, width: usize) -> Line<'static> {
    let mut hints: Vec<(&str, &str)> = Vec::new();
    if app.page == Page::Sessions && app.sessions.detail.is_some() {
        hints.push(("Esc", "back"));
    }
    let entries = HELP.iter().filter(|entry| entry.pages.contains(&app.page) && !entry.hint.is_empty());
    hints.extend(entries.map(|entry| (entry.keys.split(',').next().unwrap_or_default(), entry.hint)));
    // The last two are the help and the end, which stay while there is room for anything.
    let (others, last) = hints.split_at(hints.len().saturating_sub(2));
    let cells_of = |(key, hint): &(&str, &str)| cells(key) + cells(hint) + 3;
    let mut room = width.saturating_sub(last.iter().map(cells_of).sum());
    let fitting = others.iter().take_while(|hint| {
        let fits = cells_of(hint) <= room;
        room = room.saturating_sub(cells_of(hint));
        fits
    });
    let spans = fitting.chain(last).flat_map(|(key, hint)| {
        [scene.span(Role::Key, (*key).to_owned()), scene.span(Role::Dim, format!(" {hint}  "))]
    });
    fit_line(Line::from(spans.collect::<Vec<_>>()), width)
}

fn draw_prompt(buffer: &mut Buffer, area: Rect, prompt: &Prompt, scene: &Scene<'_>) -> (u16, u16) {
    let width = usize::from(area.width);
    let label = format!("{}: ", prompt.purpose.label());
    let room = width.saturating_sub(cells(&label) + 1);
    let (before, after) = prompt.input.split_at_cursor();
    // The text before the cursor is cut at its start, so that the cursor is visible.
    let shown: String = {
        let mut used = 0;
        let fits = |char: &char| {
            used += cells(char.encode_utf8(&mut [0; 4]));
            used <= room
        };
        before.chars().rev().take_while(fits).collect::<Vec<_>>().into_iter().rev().collect()
    };
    let column = cells(&label) + cells(&shown);
    let rest = fit_end(&after, width.saturating_sub(column));
    let hint_room = width.saturating_sub(column + cells(&rest) + 3);
    let hint = prompt.purpose.hint();
    let hint = if cells(hint) <= hint_room { format!("   {hint}") } else { String::new() };
    let line = Line::from(vec![
        scene.span(Role::Accent, label),
        scene.span(Role::Text, format!("{shown}{rest}")),
        scene.span(Role::Dim, hint),
    ]);
    buffer.set_line(area.x, area.y, &line, area.width);
    (area.x + (column as u16).min(area.width.saturating_sub(1)), area.y)
}
