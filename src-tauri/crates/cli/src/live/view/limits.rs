//! The official quota windows, one line each.

use ratatui::text::Line;
use token_monitor_core::report::LimitLevel;
use token_monitor_core::report::model::QuotaStats;
use token_monitor_core::text::format::{format_age, format_percent, format_percent_range, format_upcoming};
use token_monitor_core::text::phrases::quota_name;

use crate::live::theme::Role;
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
    let widest = |texts: &[String]| texts.iter().map(|text| cells(text)).max().unwrap_or_default();
    let name_width = widest(&names);
    let room = width.saturating_sub(name_width + 1 + PERCENT_CELLS);
    let texts = |count: usize| quota.iter().map(|row| details(scene, row, count)).collect::<Vec<_>>();
    let fits = |details: &Vec<String>| room >= MIN_BAR_CELLS + widest(details) + 2;
    let details = [usize::MAX, 1].map(texts).into_iter().find(fits);
    let bar_width = details.as_ref().map_or(room, |details| room - widest(details) - 2).min(MAX_BAR_CELLS);
    let has_details = details.is_some();
    let details = details.unwrap_or_else(|| vec![String::new(); quota.len()]);
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
    let level = if row.is_stale { Role::Stale } else { Role::Level(LimitLevel::from_percent(row.share.used_percent)) };
    let used = signed(&format_percent(row.share.used_percent), row.share.label);
    let mut spans = vec![scene.span(Role::Text, format!("{name} "))];
    spans.extend(gauge.spans(scene, bar_width));
    spans.push(scene.span(level, pad_start(&used, PERCENT_CELLS)));
    spans.push(scene.span(Role::Dim, details));
    Line::from(spans)
}

/// Returns the age of an old figure, what happens before the reset, the reset, and which window stops first: at most
/// `count` of these, the most important ones.
fn details(scene: &Scene<'_>, row: &QuotaStats, count: usize) -> String {
    let time = |at| format_upcoming(at, scene.now, scene.zone);
    let range = row.share.projected_percent.filter(|_| !row.share.is_used_up());
    let forecast = match (row.share.upcoming_exhaustion(), range) {
        (Some(at), _) => Some(format!("{} {ESTIMATE_SIGN}{}", row.share.exhaustion_phrase(), time(at))),
        (None, Some(range)) => Some(format!("{ESTIMATE_SIGN}{}", format_percent_range(range.low, range.high))),
        (None, None) => None,
    };
    let age = row.is_stale.then(|| format!("as of {} ago", format_age(row.age_minutes)));
    let reset = row.resets_at.map(|at| format!("resets {}", time(at)));
    let rank = row.rank_phrase().filter(|_| scene.snapshot.quota.len() > 1).map(str::to_owned);
    // Alone, a reset says more than a range.
    let parts = if count == 1 && row.share.upcoming_exhaustion().is_none() {
        [age, reset, forecast, rank]
    } else {
        [age, forecast, reset, rank]
    };
    parts.into_iter().flatten().take(count).collect::<Vec<_>>().join(", ")
}
