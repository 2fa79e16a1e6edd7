//! The bar of a limit: used, surely used by the reset, maybe used, and a tick where an even pace would be.

use ratatui::text::Span;
use token_monitor_core::report::LimitLevel;
use token_monitor_core::report::model::ProjectedRange;

use crate::live::theme::Role;
use crate::live::view::scene::Scene;

/// The used share of a limit and its forecast, in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gauge {
    pub(crate) used: f64,
    pub(crate) projected: Option<ProjectedRange>,
    pub(crate) even_pace: Option<f64>,
    pub(crate) is_stale: bool,
}

/// A part of the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Used,
    Surely,
    Maybe,
    Track,
    EvenPace,
}

impl Gauge {
    /// Returns the bar in a number of cells.
    pub(crate) fn spans(&self, scene: &Scene<'_>, width: usize) -> Vec<Span<'static>> {
        let mut spans: Vec<(Part, String)> = Vec::new();
        for part in self.parts(width) {
            match spans.last_mut() {
                Some((last, text)) if *last == part => text.push_str(glyph(part)),
                _ => spans.push((part, glyph(part).to_owned())),
            }
        }
        spans.into_iter().map(|(part, text)| scene.span(self.role(part), text)).collect()
    }

    fn parts(&self, width: usize) -> Vec<Part> {
        let cell_of = |percent: f64| (percent / 100.0 * width as f64).round().clamp(0.0, width as f64) as usize;
        // Something used is always visible, and something left as well.
        let used = match cell_of(self.used) {
            0 if self.used > 0.0 => 1,
            all if all == width && self.used < 100.0 => width.saturating_sub(1),
            cell => cell,
        };
        let (low, high) = self.projected.map_or((0, 0), |range| (cell_of(range.low), cell_of(range.high)));
        let even_pace = self.even_pace.map(|percent| cell_of(percent).min(width.saturating_sub(1)));
        let part = |cell: usize| match cell {
            cell if Some(cell) == even_pace => Part::EvenPace,
            cell if cell < used.min(width) => Part::Used,
            cell if cell < low => Part::Surely,
            cell if cell < high => Part::Maybe,
            _ => Part::Track,
        };
        (0..width).map(part).collect()
    }

    fn role(&self, part: Part) -> Role {
        match part {
            Part::Used | Part::Surely | Part::Maybe if self.is_stale => Role::Stale,
            Part::Used | Part::Surely | Part::Maybe => Role::Level(LimitLevel::from_percent(self.used)),
            Part::Track => Role::Track,
            Part::EvenPace => Role::Text,
        }
    }
}

fn glyph(part: Part) -> &'static str {
    match part {
        Part::Used => "█",
        Part::Surely => "▓",
        Part::Maybe => "▒",
        Part::Track => "─",
        Part::EvenPace => "│",
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn bar(used: f64, projected: Option<(f64, f64)>, even_pace: Option<f64>) -> String {
        let projected = projected.map(|(low, high)| ProjectedRange { low, high });
        let gauge = Gauge { used, projected, even_pace, is_stale: false };
        gauge.parts(10).into_iter().map(glyph).collect()
    }

    #[rstest]
    #[case(38.0, Some((60.0, 84.0)), None, "████▓▓▒▒──")]
    #[case(38.0, None, Some(50.0), "████─│────")]
    #[case(80.0, None, Some(50.0), "█████│██──")]
    #[case(0.0, None, None, "──────────")]
    #[case(0.2, None, None, "█─────────")]
    #[case(99.8, None, None, "█████████─")]
    #[case(140.0, Some((150.0, 170.0)), Some(100.0), "█████████│")]
    fn used_comes_first_and_the_forecast_behind_it(
        #[case] used: f64,
        #[case] projected: Option<(f64, f64)>,
        #[case] even_pace: Option<f64>,
        #[case] expected: &str,
    ) {
        assert_eq!(bar(used, projected, even_pace), expected);
    }

    #[test]
    fn a_bar_without_room_is_empty() {
        let gauge = Gauge { used: 50.0, projected: None, even_pace: Some(10.0), is_stale: false };
        assert!(gauge.parts(0).is_empty());
    }
}
