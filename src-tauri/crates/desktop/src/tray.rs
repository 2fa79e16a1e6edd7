//! What a tray shows, as plain data.
//!
//! Pure: a snapshot in, a view out, and `now` is the snapshot's. It adds nothing up (every figure stands in the
//! snapshot) and draws nothing; a surface that keeps the last view redraws only when the next one differs.

use token_monitor_core::figures::{BillingBlock, BlockSource, BurnLevel, BurnRate, Problem, Progress, Snapshot};

use crate::picture::{Elapsed, Ink, Picture};
use crate::words::{Figure, duration, grouped, tokens};

/// Everything a tray icon shows and offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayView {
    /// The text beside the icon, where a panel has room for one: today's tokens and the time left.
    pub label: String,
    /// What appears when the pointer rests on it.
    pub tooltip: Tooltip,
    /// Its menu, from the top.
    pub menu: Vec<Row>,
    /// The icon.
    pub picture: Picture,
}

/// What appears when the pointer rests on an icon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tooltip {
    /// The leading figure.
    pub title: String,
    /// The rest, problems first.
    pub lines: Vec<String>,
}

/// One row of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// Opens the popover; the default entry, since some hosts offer nothing but the menu.
    Open,
    /// A line between groups.
    Separator,
    /// A figure to read; it cannot be chosen.
    Figure(String),
    /// Ends the app.
    Quit,
}

impl Row {
    /// What it says.
    pub fn text(&self) -> &str {
        match self {
            Self::Open => "Open Token Monitor",
            Self::Separator => "",
            Self::Figure(text) => text,
            Self::Quit => "Quit",
        }
    }
}

/// More problems than this are counted, not told: a tooltip is read in passing.
const TOLD: usize = 2;

impl TrayView {
    /// Today's tokens in at most four glyphs.
    pub fn figure(&self) -> &Figure {
        &self.picture.figure
    }
}

/// Decides what a tray shows of a snapshot. The icon is in light ink; see [`Picture::ink`].
pub fn view(snapshot: &Snapshot) -> TrayView {
    let tooltip = tooltip(snapshot);
    TrayView { label: label(snapshot), menu: menu(&tooltip), tooltip, picture: picture(snapshot) }
}

fn picture(snapshot: &Snapshot) -> Picture {
    Picture {
        figure: figure(snapshot),
        elapsed: snapshot.current_block.as_ref().map(|block| elapsed(block, snapshot)),
        level: level(snapshot.burn_rate),
        stale: is_stale(snapshot),
        ink: Ink::Light,
    }
}

fn figure(snapshot: &Snapshot) -> Figure {
    Figure::of(snapshot.today.totals.total_tokens)
}

fn elapsed(block: &BillingBlock, snapshot: &Snapshot) -> Elapsed {
    let over = (snapshot.at - block.start_time).as_seconds_f64();
    Elapsed::of(over / (block.end_time - block.start_time).as_seconds_f64())
}

fn level(rate: BurnRate) -> Option<BurnLevel> {
    (rate.tokens_per_minute > 0).then_some(rate.level)
}

/// A figure that is still growing, or that no log feeds, is not today's.
fn is_stale(snapshot: &Snapshot) -> bool {
    let importing = matches!(snapshot.progress, Progress::Importing { .. });
    importing || !snapshot.roots.iter().any(|root| root.found)
}

fn label(snapshot: &Snapshot) -> String {
    let figure = figure(snapshot);
    match &snapshot.current_block {
        Some(block) => format!("{figure} · {}", time_left(block, snapshot)),
        None => figure.to_string(),
    }
}

fn time_left(block: &BillingBlock, snapshot: &Snapshot) -> String {
    format!("{} left", duration(block.end_time - snapshot.at))
}

fn tooltip(snapshot: &Snapshot) -> Tooltip {
    let title = format!("{} today", tokens(snapshot.today.totals.total_tokens));
    let mut lines = problem_lines(&snapshot.problems);
    lines.extend(progress_line(&snapshot.progress));
    lines.push(block_line(snapshot));
    lines.push(burn_line(snapshot.burn_rate));
    Tooltip { title, lines }
}

fn problem_lines(problems: &[Problem]) -> Vec<String> {
    let mut lines: Vec<_> = problems.iter().take(TOLD).map(problem_line).collect();
    match problems.len().saturating_sub(TOLD) {
        0 => {}
        1 => lines.push("1 more problem.".to_owned()),
        more => lines.push(format!("{more} more problems.")),
    }
    lines
}

fn problem_line(problem: &Problem) -> String {
    let message = problem.message.trim_end_matches('.');
    format!("{message}. {}", problem.hint)
}

fn progress_line(progress: &Progress) -> Option<String> {
    match *progress {
        Progress::Live => None,
        Progress::Importing { bytes_done, bytes, .. } => {
            Some(format!("Reading logs: {} %", percent(bytes_done, bytes)))
        }
    }
}

/// Whole percents, rounded down: a hundred means done.
fn percent(done: u64, all: u64) -> u128 {
    (u128::from(done) * 100).checked_div(u128::from(all)).unwrap_or(0).min(100)
}

fn block_line(snapshot: &Snapshot) -> String {
    match &snapshot.current_block {
        None => "No block running".to_owned(),
        Some(block) => format!(
            "{} in this block · {} · {}",
            time_left(block, snapshot),
            used(block, snapshot.block_limit),
            origin(block.source)
        ),
    }
}

fn used(block: &BillingBlock, limit: Option<u64>) -> String {
    match limit {
        None => tokens(block.tokens_used),
        Some(limit) => format!("{} of {}", grouped(block.tokens_used), tokens(limit.into())),
    }
}

/// Every number says where it comes from.
fn origin(source: BlockSource) -> &'static str {
    match source {
        BlockSource::Estimate => "estimated",
        BlockSource::Utc => "fixed UTC grid",
    }
}

fn burn_line(rate: BurnRate) -> String {
    let per_minute = grouped(u128::from(rate.tokens_per_minute));
    match level(rate) {
        None => "No tokens in the last few minutes".to_owned(),
        Some(BurnLevel::Normal) => format!("{per_minute} tokens a minute · normal"),
        Some(BurnLevel::Moderate) => format!("{per_minute} tokens a minute · moderate"),
        Some(BurnLevel::High) => format!("{per_minute} tokens a minute · high"),
    }
}

fn menu(tooltip: &Tooltip) -> Vec<Row> {
    let figures = std::iter::once(&tooltip.title).chain(&tooltip.lines);
    let mut rows = vec![Row::Open, Row::Separator];
    rows.extend(figures.cloned().map(Row::Figure));
    rows.extend([Row::Separator, Row::Quit]);
    rows
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use token_monitor_core::figures::RootStatus;

    use super::*;
    use crate::fixture::{block, snapshot};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_running_block_shows_time_left_first() {
        let view = view(&snapshot());
        assert_eq!(view.figure().as_str(), "4.2M");
        assert_eq!(view.label, "4.2M · 2 h 10 m left");
        assert_eq!(view.tooltip.title, "4,213,902 tokens today");
        assert_eq!(
            view.tooltip.lines,
            ["2 h 10 m left in this block · 1,234,567 tokens · estimated", "1,840 tokens a minute · normal",]
        );
    }

    #[test]
    fn the_menu_opens_first_and_quits_last() {
        let view = view(&snapshot());
        let texts: Vec<_> = view.menu.iter().map(Row::text).collect();
        assert_eq!(
            texts,
            [
                "Open Token Monitor",
                "",
                "4,213,902 tokens today",
                "2 h 10 m left in this block · 1,234,567 tokens · estimated",
                "1,840 tokens a minute · normal",
                "",
                "Quit",
            ]
        );
    }

    #[test]
    fn between_blocks_there_is_no_bar_and_no_time_left() {
        let view = view(&Snapshot { current_block: None, ..snapshot() });
        assert_eq!(view.label, "4.2M");
        assert_eq!(view.picture.elapsed, None);
        assert_eq!(view.tooltip.lines[0], "No block running");
    }

    #[test]
    fn the_grid_is_called_by_its_name() {
        let block = BillingBlock { source: BlockSource::Utc, ..block() };
        let view = view(&Snapshot { current_block: Some(block), ..snapshot() });
        assert!(view.tooltip.lines[0].ends_with("· fixed UTC grid"));
    }

    #[test]
    fn a_limit_somebody_set_stands_beside_what_is_used() {
        let view = view(&Snapshot { block_limit: Some(5_000_000), ..snapshot() });
        assert!(view.tooltip.lines[0].contains("· 1,234,567 of 5,000,000 tokens ·"));
    }

    #[test]
    fn nothing_burning_has_no_level() {
        let idle = BurnRate { tokens_per_minute: 0, ..snapshot().burn_rate };
        let view = view(&Snapshot { burn_rate: idle, ..snapshot() });
        assert_eq!(view.picture.level, None);
        assert_eq!(view.tooltip.lines[1], "No tokens in the last few minutes");
    }

    #[test]
    fn problems_come_first_and_only_two_are_told() {
        let problem = |message: &str| Problem { message: message.to_owned(), hint: "Check the folder.".to_owned() };
        let problems = vec![problem("One."), problem("Two"), problem("Three."), problem("Four.")];
        let view = view(&Snapshot { problems, ..snapshot() });
        let told = ["One. Check the folder.", "Two. Check the folder.", "2 more problems."];
        assert_eq!(view.tooltip.lines[..3], told);
    }

    #[test]
    fn importing_is_told_in_percent_and_drawn_stale() {
        let progress = Progress::Importing { files_done: 1, files: 3, bytes_done: 299, bytes: 700 };
        let view = view(&Snapshot { progress, ..snapshot() });
        assert_eq!(view.tooltip.lines[0], "Reading logs: 42 %");
        assert!(view.picture.stale, "the figure is still growing");
    }

    #[test]
    fn an_import_that_knows_no_size_yet_is_at_nought() {
        assert_eq!(percent(0, 0), 0);
        assert_eq!(percent(u64::MAX, u64::MAX), 100);
        assert_eq!(percent(999, 1000), 99);
    }

    #[test]
    fn without_a_folder_to_read_the_picture_is_stale() {
        let missing = RootStatus { found: false, ..snapshot().roots[0].clone() };
        assert!(view(&Snapshot { roots: vec![missing], ..snapshot() }).picture.stale);
        assert!(!view(&snapshot()).picture.stale);
    }

    #[test]
    fn a_second_later_nothing_is_redrawn() {
        let later = Snapshot { at: snapshot().at + TimeDelta::seconds(1), ..snapshot() };
        assert_eq!(view(&later), view(&snapshot()), "minutes and five-minute steps are all it shows");
    }

    #[test]
    fn a_block_past_its_end_has_nothing_left() {
        let late = Snapshot { at: at("2026-03-01T15:00:30Z"), ..snapshot() };
        assert_eq!(view(&late).label, "4.2M · under 1 m left");
        assert_eq!(view(&late).picture.elapsed, Some(Elapsed::of(1.0)));
    }
}
