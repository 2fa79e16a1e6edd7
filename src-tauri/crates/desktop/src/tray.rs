//! What a tray shows, as plain data.
//!
//! Pure: a snapshot in, a view out, and `now` is the snapshot's. It adds nothing up (every figure stands in the
//! snapshot) and draws nothing; a surface that keeps the last view redraws only when the next one differs.

use token_monitor_core::figures::{Progress, Snapshot};

use crate::lines::{five_hours, time_left, tooltip};
use crate::picture::{Gauge, Ink, Picture};
use crate::words::Figure;

/// Everything a tray icon shows and offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayView {
    /// The text beside the icon, where a panel has room for one: today's tokens and the time left. Where they come
    /// from stands in the tooltip.
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
    Picture { figure: figure(snapshot), gauge: gauge(snapshot), stale: is_stale(snapshot), ink: Ink::Light }
}

fn figure(snapshot: &Snapshot) -> Figure {
    Figure::of(snapshot.today.totals.total_tokens)
}

/// The block's share, or that of the window that will stop work first where that one is fuller.
fn gauge(snapshot: &Snapshot) -> Option<Gauge> {
    let old = five_hours(snapshot).is_some_and(|row| row.is_stale);
    let block = snapshot.block_use.as_ref().map(|share| (share.used_percent, old));
    let binding = snapshot.quota.iter().find(|row| row.is_binding).map(|row| (row.share.used_percent, row.is_stale));
    let fullest = block.into_iter().chain(binding).max_by(|(one, _), (other, _)| one.total_cmp(other));
    fullest.map(|(percent, old)| Gauge::of(percent).grown_old(old))
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
    use token_monitor_core::figures::{QuotaStats, RootStatus, WindowKind};

    use super::*;
    use crate::fixture::{official_share, quota, snapshot};
    use crate::fullness::Fullness;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn beside_the_icon_stand_todays_tokens_and_the_time_left() {
        let view = view(&snapshot());
        assert_eq!(view.figure().as_str(), "4.2M");
        assert_eq!(view.label, "4.2M · 2 h 10 m left");
    }

    #[test]
    fn the_menu_opens_first_tells_what_the_tooltip_tells_and_quits_last() {
        let view = view(&snapshot());
        let texts: Vec<_> = view.menu.iter().map(Row::text).collect();
        assert_eq!(texts[..3], ["Open Token Monitor", "", "4,213,902 tokens today, measured"]);
        assert_eq!(texts[3..3 + view.tooltip.lines.len()], view.tooltip.lines);
        assert_eq!(texts[texts.len() - 2..], ["", "Quit"]);
    }

    #[test]
    fn between_blocks_there_is_no_time_left() {
        assert_eq!(view(&Snapshot { current_block: None, ..snapshot() }).label, "4.2M");
    }

    #[test]
    fn without_a_limit_there_is_no_gauge() {
        assert_eq!(view(&snapshot()).picture.gauge, None);
    }

    #[test]
    fn the_gauge_shows_the_block_unless_what_stops_work_first_is_fuller() {
        let gauge = |block, week| {
            let quota = vec![quota(WindowKind::Weekly, week)];
            view(&Snapshot { block_use: Some(official_share(block)), quota, ..snapshot() }).picture.gauge.unwrap()
        };
        assert_eq!(gauge(38.0, 20.0), Gauge::of(38.0));
        assert_eq!(gauge(38.0, 92.0).fullness(), Fullness::High);
    }

    #[test]
    fn a_share_told_long_ago_is_drawn_as_old_and_a_figure_of_today_is_not() {
        let old = QuotaStats { is_stale: true, is_binding: false, ..quota(WindowKind::FiveHour, 38.0) };
        let snapshot = Snapshot { block_use: Some(official_share(38.0)), quota: vec![old], ..snapshot() };
        let picture = view(&snapshot).picture;
        assert_eq!(picture.gauge, Some(Gauge::of(38.0).grown_old(true)));
        assert!(!picture.stale);
    }

    #[test]
    fn while_importing_the_picture_is_stale() {
        let progress = Progress::Importing { files_done: 1, files: 3, bytes_done: 299, bytes: 700 };
        assert!(view(&Snapshot { progress, ..snapshot() }).picture.stale, "the figure is still growing");
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
        assert_eq!(view(&later), view(&snapshot()), "minutes and steps of two percent are all it shows");
    }

    #[test]
    fn a_block_past_its_end_has_nothing_left() {
        let late = Snapshot { at: at("2026-03-01T15:00:30Z"), ..snapshot() };
        assert_eq!(view(&late).label, "4.2M · under 1 m left");
    }
}
