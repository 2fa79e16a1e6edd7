//! The four kinds of tokens: one bar and their figures, always in the same order.

use ratatui::text::{Line, Span};
use token_monitor_core::report::model::Totals;
use token_monitor_core::text::format::{format_compact, format_percent};

use crate::live::theme::Role;
use crate::live::view::scene::Scene;
use crate::live::view::text::{pad_end, pad_start};

/// A kind of tokens: its role, its name and a short name.
const KINDS: [(Role, &str, &str); 4] = [
    (Role::Output, "Output", "out"),
    (Role::CacheWrite, "Cache write", "write"),
    (Role::CacheRead, "Cache read", "read"),
    (Role::Input, "Input", "in"),
];

/// The textures that tell the kinds apart without color.
const TEXTURES: [&str; 4] = ["█", "▓", "▒", "░"];

fn counts(totals: &Totals) -> [u128; 4] {
    [totals.output_tokens, totals.cache_creation_tokens, totals.cache_read_tokens, totals.input_tokens]
}

/// Returns the bar of the kinds. A kind with tokens has at least one cell.
pub(crate) fn kind_bar(scene: &Scene<'_>, totals: &Totals, width: usize) -> Line<'static> {
    let shares = split_cells(&counts(totals), width);
    if shares.iter().all(|cells| *cells == 0) {
        return scene.line(Role::Track, "─".repeat(width));
    }
    let segment = |(place, cells): (usize, usize)| scene.span(KINDS[place].0, swatch(scene, place).repeat(cells));
    Line::from(shares.into_iter().enumerate().map(segment).collect::<Vec<_>>())
}

/// Returns one line for each kind: its sign, name, tokens and share.
pub(crate) fn kind_rows(scene: &Scene<'_>, totals: &Totals, width: usize) -> Vec<Line<'static>> {
    let row = |(place, count): (usize, u128)| {
        let (role, name, _) = KINDS[place];
        let share = share_text(count, totals.total_tokens);
        let figures = format!("{}{}", pad_start(&format_compact(count), 8), pad_start(&share, 7));
        let name_width = width.saturating_sub(3 + figures.len());
        Line::from(vec![
            scene.span(role, format!("{} ", swatch(scene, place))),
            scene.span(Role::Text, pad_end(name, name_width.min(14))),
            scene.span(Role::Text, figures),
        ])
    };
    counts(totals).into_iter().enumerate().map(row).collect()
}

/// Returns all kinds on one line, each as a group.
pub(crate) fn kind_groups(scene: &Scene<'_>, totals: &Totals) -> Vec<Vec<Span<'static>>> {
    let group = |(place, count): (usize, u128)| {
        let (role, _, short) = KINDS[place];
        vec![
            scene.span(role, swatch(scene, place)),
            scene.span(Role::Text, format!(" {}", format_compact(count))),
            scene.span(Role::Dim, format!(" {short}")),
        ]
    };
    counts(totals).into_iter().enumerate().map(group).collect()
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
