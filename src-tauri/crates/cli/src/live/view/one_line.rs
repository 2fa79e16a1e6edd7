//! The figures without a frame, for a terminal of one or a few lines.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::live::app::App;
use crate::live::theme::Role;
use crate::live::view::burn_rate::burn_groups;
use crate::live::view::chrome::{banner_lines, draw_bottom};
use crate::live::view::lead::Lead;
use crate::live::view::scene::{Scene, join_groups};
use crate::live::view::today::today_groups;

/// Draws as many lines as there are. A text that is being typed takes the last one, and its cursor is returned.
pub(crate) fn draw(buffer: &mut Buffer, area: Rect, app: &App, scene: &Scene<'_>) -> Option<(u16, u16)> {
    let width = usize::from(area.width);
    let lines = figure_lines(app, scene, width, area.height == 1);
    for (row, line) in (0..area.height).zip(lines) {
        buffer.set_line(area.x, area.y + row, &line, area.width);
    }
    let is_occupied = app.notice.is_some() || matches!(app.overlay, crate::live::app::overlay::Overlay::Prompt(_));
    if !is_occupied || area.height == 0 {
        return None;
    }
    let last = Rect { y: area.bottom() - 1, height: 1, ..area };
    buffer.set_line(last.x, last.y, &Line::raw(" ".repeat(width)), last.width);
    draw_bottom(buffer, last, app, scene)
}

/// Returns the figures, all on one line or one part to a line.
fn figure_lines(app: &App, scene: &Scene<'_>, width: usize, is_single: bool) -> Vec<Line<'static>> {
    let lead = Lead::of(scene);
    let mut first = vec![vec![scene.span(lead.role, format!("{} {}", lead.figure, lead.unit).trim().to_owned())]];
    let mut beside = lead.beside.iter().map(|(role, text)| vec![scene.span(*role, text.clone())]);
    first.extend(beside.next());
    let mut burn = burn_groups(scene);
    // The rate and its level; the cost of an hour is said on larger screens.
    burn.truncate(2);
    let others = [burn, labeled(scene, today_groups(scene))];
    if is_single {
        let all = banner_groups(app, scene, width).into_iter().chain(first).chain(others.into_iter().flatten());
        return vec![join_groups(scene, all.chain(beside).collect(), width)];
    }
    first.extend(beside);
    let figures = std::iter::once(first).chain(others).map(|groups| join_groups(scene, groups, width));
    banner_lines(app, scene, width).into_iter().chain(figures).collect()
}

fn banner_groups(app: &App, scene: &Scene<'_>, width: usize) -> Vec<Vec<Span<'static>>> {
    banner_lines(app, scene, width).into_iter().map(|line| line.spans).collect()
}

fn labeled(scene: &Scene<'_>, mut groups: Vec<Vec<Span<'static>>>) -> Vec<Vec<Span<'static>>> {
    if let Some(first) = groups.first_mut() {
        first.insert(0, scene.span(Role::Dim, "today "));
    }
    groups
}
