//! The official quota windows, one line each.

use ratatui::text::Line;
use token_monitor_core::report::model::QuotaStats;
use token_monitor_core::text::format::{format_age, format_percent, format_percent_range, format_upcoming};
use token_monitor_core::text::phrases::quota_name;

use crate::live::theme::{Level, Role};
use crate::live::view::gauge::Gauge;
use crate::live::view::scene::{ESTIMATE_SIGN, Scene, fit_line, signed};
use crate::live::view::text::{cells, fit_middle, pad_end, pad_start};

/// The widest name of a window, in cells.
const MAX_NAME_CELLS: usize = 24;

/// The width of a percentage with its sign and the space before it.
const PERCENT_CELLS: usize = 7;

/// The least and the most cells of a bar beside words.
const MIN_BAR_CELLS: usize = 8;
const MAX_BAR_CELLS: usize = 48;

/// Returns one line for each window: name, bar, used share, forecast, reset, and which one stops first. The bars have the
/// same width; where they would be too short, the words after them are left out.
pub(crate) fn limit_rows(scene: &Scene<'_>, width: usize) -> Vec<Line<'static>> {
    let quota = &scene.snapshot.quota;
    let names: Vec<_> = quota.iter().map(|row| fit_middle(&quota_name(row), MAX_NAME_CELLS)).collect();
    let details: Vec<_> = quota.iter().map(|row| details(scene, row)).collect();
    let widest = |texts: &[String]| texts.iter().map(|text| cells(text)).max().unwrap_or_default();
    let (name_width, detail_width) = (widest(&names), widest(&details));
    let room = width.saturating_sub(name_width + 1 + PERCENT_CELLS);
    let has_details = room >= MIN_BAR_CELLS + detail_width + 2;
    let bar_width = if has_details { room - detail_width - 2 } else { room }.min(MAX_BAR_CELLS);
    let row = |((row, name), details): ((&QuotaStats, &String), &String)| {
        let details = if has_details { format!("  {details}") } else { String::new() };
        limit_row(scene, row, &pad_end(name, name_width), bar_width, details)
    };
    let rows = quota.iter().zip(&names).zip(&details).map(row);
    rows.map(|line| fit_line(line, width)).collect()
}

fn limit_row(scene: &Scene<'_>, row: &QuotaStats, name: &str, bar_width: usize, details: String) -> Line<'static> {
    let gauge = Gauge {
        used: row.share.used_percent,
        projected: row.share.projected_percent,
        even_pace: None,
        is_stale: row.is_stale,
    };
    let level = if row.is_stale { Role::Stale } else { Role::Level(Level::from_percent(row.share.used_percent)) };
    let used = signed(&format_percent(row.share.used_percent), row.share.label);
    let mut spans = vec![scene.span(Role::Text, format!("{name} "))];
    spans.extend(gauge.spans(scene, bar_width));
    spans.push(scene.span(level, pad_start(&used, PERCENT_CELLS)));
    spans.push(scene.span(Role::Dim, details));
    Line::from(spans)
}

/// Returns the reset, what happens before it, and the age of an old figure.
fn details(scene: &Scene<'_>, row: &QuotaStats) -> String {
    let time = |at| format_upcoming(at, scene.now, scene.zone);
    let mut parts = Vec::new();
    if row.is_stale {
        parts.push(format!("as of {} ago", format_age(row.age_minutes)));
    }
    match (row.share.upcoming_exhaustion(), row.share.projected_percent) {
        (Some(at), _) => parts.push(format!("reached {ESTIMATE_SIGN}{}", time(at))),
        (None, Some(range)) if !row.share.is_used_up() => {
            parts.push(format!("{ESTIMATE_SIGN}{}", format_percent_range(range.low, range.high)));
        }
        (None, _) => {}
    }
    parts.extend(row.resets_at.map(|at| format!("resets {}", time(at))));
    parts.extend(row.rank_phrase().filter(|_| scene.snapshot.quota.len() > 1).map(str::to_owned));
    parts.join(", ")
}
