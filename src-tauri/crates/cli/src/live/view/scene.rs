//! What every part of the screen needs: the figures, the time, the zone and the theme.

use chrono::{DateTime, Utc};
use ratatui::text::{Line, Span};
use token_monitor_core::report::model::{Provenance, Snapshot};
use token_monitor_core::text::format::ViewerZone;

use crate::live::theme::{ColorTheme, Role};
use crate::live::view::text::cells;

/// The sign of an official figure, after it. A measured figure has no sign.
pub(crate) const OFFICIAL_SIGN: &str = "✓";

/// The sign of an estimate or forecast, before it.
pub(crate) const ESTIMATE_SIGN: &str = "~";

/// The figures and the look of one drawing.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) now: DateTime<Utc>,
    pub(crate) zone: ViewerZone,
    pub(crate) theme: ColorTheme,
}

impl Scene<'_> {
    /// Returns a text in the style of a role.
    pub(crate) fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.theme.style(role))
    }

    /// Returns a line of one text.
    pub(crate) fn line(&self, role: Role, text: impl Into<String>) -> Line<'static> {
        Line::from(self.span(role, text))
    }

    /// Returns the heading of a part: its name, a figure and a rule to the right edge.
    pub(crate) fn heading(&self, name: &str, after: Vec<Span<'static>>, width: usize) -> Line<'static> {
        let mut spans = vec![self.span(Role::Heading, name)];
        if !after.is_empty() {
            spans.push(Span::raw("  "));
            spans.extend(after);
        }
        let used: usize = spans.iter().map(|span| cells(&span.content)).sum();
        if used + 2 < width {
            spans.push(self.span(Role::Track, format!(" {}", "─".repeat(width - used - 1))));
        }
        fit_line(Line::from(spans), width)
    }
}

/// Returns a figure with the sign of its provenance.
pub(crate) fn signed(figure: &str, label: Provenance) -> String {
    match label {
        Provenance::Official => format!("{figure} {OFFICIAL_SIGN}"),
        Provenance::Measured => figure.to_owned(),
        Provenance::Estimated => format!("{ESTIMATE_SIGN}{figure}"),
    }
}

/// Joins groups of spans by ` · `, and leaves out the last groups if they do not fit.
pub(crate) fn join_groups(scene: &Scene<'_>, groups: Vec<Vec<Span<'static>>>, width: usize) -> Line<'static> {
    let mut line: Vec<Span<'static>> = Vec::new();
    let mut used = 0;
    for group in groups.into_iter().filter(|group| !group.is_empty()) {
        let separator = if line.is_empty() { "" } else { " · " };
        let length: usize = cells(separator) + group.iter().map(|span| cells(&span.content)).sum::<usize>();
        if used + length > width && !line.is_empty() {
            break;
        }
        if !separator.is_empty() {
            line.push(scene.span(Role::Dim, separator));
        }
        line.extend(group);
        used += length;
    }
    fit_line(Line::from(line), width)
}

/// Cuts a line to a number of cells.
pub(crate) fn fit_line(line: Line<'static>, width: usize) -> Line<'static> {
    let mut left = width;
    let mut spans = Vec::with_capacity(line.spans.len());
    for span in line.spans {
        let length = cells(&span.content);
        if length <= left {
            left -= length;
            spans.push(span);
            continue;
        }
        let content = crate::live::view::text::fit_end(&span.content, left);
        spans.push(Span::styled(content, span.style));
        break;
    }
    Line::from(spans)
}

/// Returns a line of exactly `width` cells with one part at each edge. The left part gives way.
pub(crate) fn spread(left: Vec<Span<'static>>, right: Vec<Span<'static>>, width: usize) -> Line<'static> {
    let right_width: usize = right.iter().map(|span| cells(&span.content)).sum();
    if right_width + 2 > width {
        return fit_line(Line::from(left), width);
    }
    let mut line = fit_line(Line::from(left), width - right_width - 1);
    let used = line.width();
    line.spans.push(Span::raw(" ".repeat(width - right_width - used)));
    line.spans.extend(right);
    line
}
