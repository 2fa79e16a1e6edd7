//! Today, the week and all time.

use ratatui::text::{Line, Span};
use token_monitor_core::report::model::{Amount, Totals};
use token_monitor_core::text::format::{format_compact, format_dollars, format_percent, format_tokens};

use crate::live::theme::Role;
use crate::live::view::scene::{Scene, join_groups, spread};

/// The relative difference up to which two days count as the same.
const SAME_TOLERANCE: f64 = 0.01;

/// The factor from which a multiple is shown instead of a percentage.
const MIN_MULTIPLE: f64 = 3.0;

/// Returns today's tokens and cost.
pub(crate) fn today_groups(scene: &Scene<'_>) -> Vec<Vec<Span<'static>>> {
    let today = &scene.snapshot.today.totals;
    let lower_bound = if today.under_logged_messages > 0 { "≥" } else { "" };
    vec![
        vec![
            scene.span(Role::Strong, format!("{lower_bound}{}", format_compact(today.total_tokens))),
            scene.span(Role::Text, " tokens"),
        ],
        vec![scene.span(Role::Text, cost_text(today))],
    ]
}

/// Returns how today compares with yesterday, as a group.
pub(crate) fn comparison_group(scene: &Scene<'_>) -> Vec<Span<'static>> {
    comparison(scene).map(|text| scene.span(Role::Dim, text)).into_iter().collect()
}

/// Formats a cost; `+` marks tokens without a price that it does not include.
pub(crate) fn cost_text(totals: &Totals) -> String {
    match (totals.total_cost, totals.unpriced_tokens) {
        (Some(cost), 0) => format_dollars(cost),
        (Some(cost), _) => format!("{}+", format_dollars(cost)),
        (None, 0) => format_dollars(0.0),
        (None, _) => "unpriced".to_owned(),
    }
}

/// Returns how today compares with yesterday at the same time of day, in the words of the popover.
fn comparison(scene: &Scene<'_>) -> Option<String> {
    let (today, yesterday) =
        (scene.snapshot.today.totals.total_tokens, scene.snapshot.compared.yesterday_by_now.tokens);
    if yesterday == 0 {
        return (today > 0).then(|| "nothing yesterday by now".to_owned());
    }
    let factor = today as f64 / yesterday as f64;
    Some(match factor {
        factor if (factor - 1.0).abs() < SAME_TOLERANCE => "same as yesterday by now".to_owned(),
        factor if factor >= MIN_MULTIPLE => format!("{} times yesterday by now", format_multiple(factor)),
        factor if factor > 1.0 => format!("{} more than yesterday by now", format_percent((factor - 1.0) * 100.0)),
        factor => format!("{} less than yesterday by now", format_percent((1.0 - factor) * 100.0)),
    })
}

fn format_multiple(factor: f64) -> String {
    if factor < 10.0 { format!("{}", (factor * 10.0).round() / 10.0) } else { format!("{}", factor.round()) }
}

/// Returns the lines of longer periods: yesterday, a usual day, the week and all time.
pub(crate) fn period_rows(scene: &Scene<'_>, width: usize) -> Vec<Line<'static>> {
    let snapshot = scene.snapshot;
    let row = |name: &str, tokens: u128, cost: String| {
        let figures = vec![
            scene.span(Role::Text, format!("{:>8}", format_compact(tokens))),
            scene.span(Role::Dim, format!("{cost:>12}")),
        ];
        spread(vec![scene.span(Role::Text, name)], figures, width)
    };
    let amount =
        |name: &str, amount: Amount| row(name, amount.tokens, amount.cost.map_or_else(String::new, format_dollars));
    let week = if snapshot.week.end_time.is_some() { "This week" } else { "Last seven days" };
    let mut rows = vec![amount("Yesterday", snapshot.compared.yesterday)];
    rows.extend(snapshot.compared.usual.map(|usual| amount("A usual day", usual)));
    rows.push(row(week, snapshot.week.totals.total_tokens, cost_text(&snapshot.week.totals)));
    rows.push(row("All time", snapshot.totals.total_tokens, cost_text(&snapshot.totals)));
    rows
}

/// Returns the week and all time on one line.
pub(crate) fn period_line(scene: &Scene<'_>, width: usize) -> Line<'static> {
    let snapshot = scene.snapshot;
    let name = if snapshot.week.end_time.is_some() { "this week" } else { "last seven days" };
    let week = &snapshot.week.totals;
    let groups = vec![
        vec![scene.span(Role::Dim, format!("{name} {} {}", format_compact(week.total_tokens), cost_text(week)))],
        vec![scene.span(Role::Dim, format!("all time {}", format_tokens(snapshot.totals.total_tokens)))],
    ];
    join_groups(scene, groups, width)
}
