//! The year as a map: a column is a week, a row a day of the week, and the shade what was used.

use chrono::{Datelike, Days, NaiveDate};
use ratatui::text::{Line, Span};
use token_monitor_core::report::LimitLevel;
use token_monitor_core::report::model::History;

use crate::live::app::Measure;
use crate::live::theme::Role;
use crate::live::view::history_bins::measured;
use crate::live::view::scene::Scene;

/// The shades, from a day with little to one with the most.
const SHADES: [&str; 4] = ["░", "▒", "▓", "█"];

/// The cells of the names of the days at the left.
const LABEL_CELLS: usize = 4;

/// The weeks of a year, the one that is cut at both ends included.
const WEEKS: usize = 53;

/// The rows of the map: the months, and seven days.
pub(crate) const MAP_ROWS: usize = 8;

/// Returns the map of the year before the last day of a history, in one or two cells for each day. `None` if a year does
/// not fit.
pub(crate) fn heatmap_rows(
    scene: &Scene<'_>,
    history: &History,
    measure: Measure,
    width: usize,
) -> Option<Vec<Line<'static>>> {
    let cell = (width.saturating_sub(LABEL_CELLS) / WEEKS).min(2);
    if cell == 0 {
        return None;
    }
    let last_monday = history.to - Days::new(history.to.weekday().num_days_from_monday().into());
    let first = last_monday.checked_sub_days(Days::new(7 * (WEEKS as u64 - 1)))?;
    let amounts: Vec<f64> = history.days.iter().map(|day| measured(day.amount, measure)).collect();
    let bounds = quartiles(&amounts);
    let shade = |date: NaiveDate| {
        let day = history.days.binary_search_by_key(&date, |day| day.date).ok();
        day.map(|place| shade_of(amounts[place], &bounds)).filter(|_| date <= history.to).unwrap_or(" ")
    };
    let row = |weekday: u64| {
        let days = (0..WEEKS as u64).map(|week| first + Days::new(week * 7 + weekday));
        let cells: String = days.map(|date| shade(date).repeat(cell)).collect();
        let label = ["Mon", "", "Wed", "", "Fri", "", "Sun"][weekday as usize];
        Line::from(vec![
            scene.span(Role::Dim, format!("{label:LABEL_CELLS$}")),
            scene.span(Role::Level(LimitLevel::Calm), cells),
        ])
    };
    let months = month_row(scene, first, cell);
    Some(std::iter::once(months).chain((0..7).map(row)).collect())
}

/// Returns the legend of the shades.
pub(crate) fn legend(scene: &Scene<'_>) -> Vec<Span<'static>> {
    vec![
        scene.span(Role::Dim, "less "),
        scene.span(Role::Level(LimitLevel::Calm), SHADES.concat()),
        scene.span(Role::Dim, " more"),
    ]
}

fn month_row(scene: &Scene<'_>, first: NaiveDate, cell: usize) -> Line<'static> {
    let mut text = " ".repeat(LABEL_CELLS);
    for week in 0..WEEKS {
        let monday = first + Days::new(week as u64 * 7);
        let target = LABEL_CELLS + week * cell;
        if monday.day() <= 7 && text.chars().count() <= target {
            text = format!("{text:target$}{}", monday.format("%b "));
        }
    }
    scene.line(Role::Dim, text)
}

/// Returns the bounds between the four shades: a quarter of the days with usage has each.
fn quartiles(amounts: &[f64]) -> [f64; 3] {
    let mut used: Vec<f64> = amounts.iter().copied().filter(|amount| *amount > 0.0).collect();
    used.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| used.get(used.len() * quarter / 4).copied().unwrap_or(f64::MAX))
}

fn shade_of(amount: f64, bounds: &[f64; 3]) -> &'static str {
    if amount <= 0.0 {
        return " ";
    }
    SHADES[bounds.iter().filter(|bound| amount >= **bound).count()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_the_days_has_each_shade() {
        let amounts = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        let bounds = quartiles(&amounts);
        let shades: String = amounts.iter().map(|amount| shade_of(*amount, &bounds)).collect();
        assert_eq!(shades, " ░░▒▒▓▓██");
        assert_eq!(shade_of(1.0, &quartiles(&[])), "░");
    }
}
