//! The kinds of tokens and their costs: one bar of tokens, one of money, and their figures, always in the same order.
//!
//! Both bars have the same order and colors, so that they can be compared by position: cache reads are most of the tokens
//! and less of the money.

use ratatui::text::{Line, Span};
use token_monitor_core::report::model::Totals;
use token_monitor_core::text::format::{format_compact, format_dollars, format_percent};

use crate::live::theme::Role;
use crate::live::view::scene::Scene;
use crate::live::view::text::{pad_end, pad_start};

/// The parts of a bar: the four kinds of tokens, and for money also what belongs to none of them.
const PARTS: usize = 5;

/// A part: its role, its name and a short name.
const KINDS: [(Role, &str, &str); PARTS] = [
    (Role::Output, "Output", "out"),
    (Role::CacheWrite, "Cache write", "write"),
    (Role::CacheRead, "Cache read", "read"),
    (Role::Input, "Input", "in"),
    (Role::Stale, "Other", "other"),
];

/// The textures that tell the parts apart without color.
const TEXTURES: [&str; PARTS] = ["█", "▓", "▒", "░", "▪"];

/// Nano-dollars of a dollar: the resolution in which money is divided into cells.
const NANOS: f64 = 1e9;

fn token_counts(totals: &Totals) -> [u128; PARTS] {
    [totals.output_tokens, totals.cache_creation_tokens, totals.cache_read_tokens, totals.input_tokens, 0]
}

/// Returns the cost of each part in dollars; `None` if it is not known.
fn costs(totals: &Totals) -> Option<[f64; PARTS]> {
    totals.cost_by_kind.map(|cost| [cost.output, cost.cache_creation, cost.cache_read, cost.input, cost.other])
}

/// Returns the bar of tokens and, if costs are known, the bar of money. A part that is not zero has at least one cell.
pub(crate) fn kind_bars(scene: &Scene<'_>, totals: &Totals, width: usize) -> Vec<Line<'static>> {
    let nanos = costs(totals).map(|costs| costs.map(|cost| (cost.max(0.0) * NANOS) as u128));
    let bars = [Some(("tokens ", token_counts(totals))), nanos.map(|nanos| ("cost   ", nanos))];
    bars.into_iter().flatten().map(|(label, counts)| bar(scene, label, &counts, width)).collect()
}

fn bar(scene: &Scene<'_>, label: &'static str, counts: &[u128; PARTS], width: usize) -> Line<'static> {
    let shares = split_cells(counts, width.saturating_sub(label.len()));
    let mut spans = vec![scene.span(Role::Dim, label)];
    if shares.iter().all(|cells| *cells == 0) {
        spans.push(scene.span(Role::Track, "─".repeat(width.saturating_sub(label.len()))));
    }
    let segment = |(place, cells): (usize, usize)| scene.span(KINDS[place].0, swatch(scene, place).repeat(cells));
    spans.extend(shares.into_iter().enumerate().map(segment));
    Line::from(spans)
}

/// Returns one line for each kind: its sign, name, tokens and cost, each with its share.
pub(crate) fn kind_rows(scene: &Scene<'_>, totals: &Totals, width: usize) -> Vec<Line<'static>> {
    let costs = costs(totals);
    let row = |(place, count): (usize, u128)| {
        let (role, name, _) = KINDS[place];
        let share = share_text(count, totals.total_tokens);
        let figures = format!("{}{}", pad_start(&format_compact(count), 8), pad_start(&share, 6));
        let name_width = width.saturating_sub(3 + figures.len()).min(12);
        let mut spans = vec![
            scene.span(role, format!("{} ", swatch(scene, place))),
            scene.span(Role::Text, pad_end(name, name_width)),
            scene.span(Role::Text, figures),
        ];
        if width >= 2 + name_width + 14 + 16 {
            spans.push(scene.span(Role::Text, cost_cells(costs, place)));
        }
        Line::from(spans)
    };
    let has_other = costs.is_some_and(|costs| costs[PARTS - 1] > 0.0);
    let shown = if has_other { PARTS } else { PARTS - 1 };
    token_counts(totals).into_iter().take(shown).enumerate().map(row).collect()
}

/// Returns the cost of a part and its share.
fn cost_cells(costs: Option<[f64; PARTS]>, place: usize) -> String {
    let Some(costs) = costs else { return String::new() };
    let sum: f64 = costs.iter().sum();
    let share = if sum > 0.0 { format_percent(costs[place] / sum * 100.0) } else { String::new() };
    format!("{}{}", pad_start(&format_dollars(costs[place]), 10), pad_start(&share, 6))
}

/// Returns all kinds on one line, each as a group.
pub(crate) fn kind_groups(scene: &Scene<'_>, totals: &Totals) -> Vec<Vec<Span<'static>>> {
    let costs = costs(totals);
    let group = |(place, count): (usize, u128)| {
        let (role, _, short) = KINDS[place];
        let cost = costs.map_or(String::new(), |costs| format!(" {}", format_dollars(costs[place])));
        vec![
            scene.span(role, swatch(scene, place)),
            scene.span(Role::Text, format!(" {}{cost}", format_compact(count))),
            scene.span(Role::Dim, format!(" {short}")),
        ]
    };
    token_counts(totals).into_iter().take(PARTS - 1).enumerate().map(group).collect()
}

fn swatch(scene: &Scene<'_>, place: usize) -> &'static str {
    if scene.theme.uses_texture() { TEXTURES[place] } else { TEXTURES[0] }
}

/// Formats a share of a total.
pub(crate) fn share_text(part: u128, total: u128) -> String {
    if total == 0 { String::new() } else { format_percent(part as f64 / total as f64 * 100.0) }
}

/// Divides cells in proportion to counts. A count above zero gets at least one cell, the largest gives way.
pub(crate) fn split_cells<const N: usize>(counts: &[u128; N], width: usize) -> [usize; N] {
    let total: u128 = counts.iter().sum();
    if total == 0 {
        return [0; N];
    }
    let mut cells = counts.map(|count| {
        let exact = (count as f64 / total as f64 * width as f64).floor() as usize;
        if count > 0 { exact.max(1) } else { 0 }
    });
    let largest = (0..N).max_by_key(|place| counts[*place]).unwrap_or_default();
    let others: usize = cells.iter().sum::<usize>() - cells[largest];
    cells[largest] = width.saturating_sub(others);
    cells
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_small_kind_is_visible() {
        assert_eq!(split_cells(&[1, 0, 1_000_000, 3], 20), [1, 0, 18, 1]);
        assert_eq!(split_cells(&[0, 0, 0, 0], 20), [0; 4]);
    }

    proptest! {
        #[test]
        fn the_bar_is_exactly_as_wide_as_its_room(counts: [u32; 4], width in 8usize..200) {
            let counts = counts.map(u128::from);
            let cells: usize = split_cells(&counts, width).iter().sum();
            prop_assert_eq!(cells, if counts.iter().sum::<u128>() == 0 { 0 } else { width });
        }
    }
}
