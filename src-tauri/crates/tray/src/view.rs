//! What a tray shows, as plain data.
//!
//! Pure: a snapshot in, a view out, and `now` is the snapshot's. It adds nothing up (every figure stands in the
//! snapshot) and draws nothing; a surface that keeps the last view redraws only when the next one differs.

use token_monitor_core::report::model::{Pause, Progress, Snapshot, TrayFigure};

use crate::format::{Figure, UNKNOWN, dollars, percent};
use crate::icon::spec::{Gauge, Ink, Picture};
use crate::menu::{Choice, Row};
use crate::tooltip::Tooltip;
use crate::tooltip_lines::{clock, five_hours, time_left, tooltip};

/// Everything a tray icon shows and offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayView {
    /// The text beside the icon, where a panel has room for one: the figures the settings name, or nothing. Where
    /// they come from stands in the tooltip.
    pub label: String,
    /// What appears when the pointer rests on it.
    pub tooltip: Tooltip,
    /// Its menu, from the top.
    pub menu: Vec<Row>,
    /// The icon.
    pub picture: Picture,
}

/// What a tray shows that no snapshot knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether the app starts with the session; none where nobody can tell.
    pub starts_at_login: Option<bool>,
}

impl TrayView {
    /// What is in the icon: the first figure in at most four glyphs.
    pub fn figure(&self) -> Option<&Figure> {
        self.picture.figure.as_ref()
    }
}

/// Decides what a tray shows of a snapshot. The icon is in light ink; see [`Picture::ink`].
pub fn view(snapshot: &Snapshot, surroundings: &Surroundings) -> TrayView {
    let tooltip = tooltip(snapshot);
    let menu = menu(snapshot, &tooltip, surroundings);
    TrayView { label: label(snapshot), menu, tooltip, picture: picture(snapshot) }
}

fn picture(snapshot: &Snapshot) -> Picture {
    Picture {
        figure: snapshot.display.tray.first().map(|shown| figure(*shown, snapshot)),
        gauge: gauge(snapshot),
        stale: is_stale(snapshot),
        unseen: snapshot.alerts.unseen > 0,
        ink: Ink::Light,
    }
}

/// A figure in the icon.
fn figure(shown: TrayFigure, snapshot: &Snapshot) -> Figure {
    let today = &snapshot.today.totals;
    let known = match shown {
        TrayFigure::Tokens => Some(Figure::of(today.total_tokens)),
        TrayFigure::Cost => today.total_cost.map(Figure::of_dollars),
        TrayFigure::Block => snapshot.block_use.as_ref().map(|share| Figure::of_percent(share.used_percent)),
        TrayFigure::Left => {
            snapshot.current_block.as_ref().map(|block| Figure::of_duration(block.end_time - snapshot.at))
        }
        TrayFigure::Burn => Some(Figure::of(snapshot.burn_rate.tokens_per_minute.into())),
    };
    known.unwrap_or_else(Figure::unknown)
}

/// A figure beside the icon, where there is room for its unit.
fn words(shown: TrayFigure, snapshot: &Snapshot) -> String {
    let known = match shown {
        TrayFigure::Tokens => Some(figure(shown, snapshot).to_string()),
        TrayFigure::Cost => snapshot.today.totals.total_cost.map(dollars),
        TrayFigure::Block => snapshot.block_use.as_ref().map(|share| percent(share.used_percent)),
        TrayFigure::Left => snapshot.current_block.as_ref().map(|block| time_left(block, snapshot)),
        TrayFigure::Burn => Some(format!("{}/min", figure(shown, snapshot))),
    };
    known.unwrap_or_else(|| UNKNOWN.to_owned())
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
    let shown = snapshot.display.tray.iter().map(|shown| words(*shown, snapshot));
    shown.collect::<Vec<_>>().join(" · ")
}

/// Opening first: GNOME's panel has no other way.
fn menu(snapshot: &Snapshot, tooltip: &Tooltip, surroundings: &Surroundings) -> Vec<Row> {
    let figures = std::iter::once(&tooltip.title).chain(&tooltip.lines);
    let mut rows = vec![Row::Choice(Choice::Open), Row::Separator];
    rows.extend(figures.cloned().map(Row::Figure));
    rows.push(Row::Separator);
    rows.extend(alert_rows(snapshot));
    rows.push(Row::Choice(Choice::Settings));
    rows.extend(surroundings.starts_at_login.map(|on| Row::Choice(Choice::StartAtLogin(!on))));
    rows.extend([Row::Separator, Row::Choice(Choice::Quit)]);
    rows
}

fn alert_rows(snapshot: &Snapshot) -> Vec<Row> {
    match snapshot.alerts.paused_until {
        Some(until) => {
            let paused = format!("Alerts paused until {}", clock(until, snapshot));
            vec![Row::Figure(paused), Row::Choice(Choice::Pause(Pause::Off))]
        }
        None => {
            let pauses = [Pause::Hour, Pause::UntilTomorrow].map(|pause| Row::Choice(Choice::Pause(pause)));
            vec![Row::Group("Pause alerts".to_owned(), pauses.into())]
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use rstest::rstest;
    use token_monitor_core::report::model::{AlertStatus, Display, QuotaStats, RootStatus, WindowKind};

    use super::*;
    use crate::limit_level::Fullness;
    use crate::test_support::{official_share, quota, snapshot};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// What is shown where nothing is known but the snapshot.
    fn view(snapshot: &Snapshot) -> TrayView {
        super::view(snapshot, &Surroundings::default())
    }

    fn showing(tray: &[TrayFigure]) -> Snapshot {
        let display = Display { tray: tray.to_vec(), ..Display::default() };
        Snapshot { display, block_use: Some(official_share(38.2)), ..snapshot() }
    }

    fn texts(rows: &[Row]) -> Vec<&str> {
        let text = |row| match row {
            &Row::Separator => "",
            Row::Figure(text) | Row::Group(text, _) => text.as_str(),
            Row::Choice(choice) => choice.text(),
        };
        rows.iter().map(text).collect()
    }

    #[test]
    fn beside_the_icon_stand_todays_tokens_and_the_time_left() {
        let view = view(&snapshot());
        assert_eq!(view.figure().map(Figure::as_str), Some("4.2M"));
        assert_eq!(view.label, "4.2M · 2 h 10 m left");
    }

    #[rstest]
    #[case(TrayFigure::Tokens, "4.2M", "4.2M")]
    #[case(TrayFigure::Cost, "$3.4", "$3.41")]
    #[case(TrayFigure::Block, "38%", "38 %")]
    #[case(TrayFigure::Left, "2h10", "2 h 10 m left")]
    #[case(TrayFigure::Burn, "1.8k", "1.8k/min")]
    fn each_figure_is_short_in_the_icon_and_has_its_unit_beside_it(
        #[case] shown: TrayFigure,
        #[case] inside: &str,
        #[case] beside: &str,
    ) {
        let view = view(&showing(&[shown]));
        assert_eq!(view.figure().map(Figure::as_str), Some(inside));
        assert_eq!(view.label, beside);
    }

    #[test]
    fn two_figures_stand_beside_the_icon_and_the_first_of_them_in_it() {
        let view = view(&showing(&[TrayFigure::Block, TrayFigure::Cost]));
        assert_eq!(view.figure().map(Figure::as_str), Some("38%"));
        assert_eq!(view.label, "38 % · $3.41");
    }

    #[test]
    fn without_a_figure_the_icon_is_bare() {
        let view = view(&showing(&[]));
        assert_eq!((view.figure(), view.label.as_str()), (None, ""));
    }

    #[test]
    fn what_is_not_known_is_a_dash() {
        let unknown = Snapshot { current_block: None, ..snapshot() };
        for shown in [TrayFigure::Block, TrayFigure::Left] {
            let display = Display { tray: vec![shown], ..Display::default() };
            let view = view(&Snapshot { display, ..unknown.clone() });
            assert_eq!((view.figure().map(Figure::as_str), view.label.as_str()), (Some("–"), "–"));
        }
    }

    #[test]
    fn the_menu_opens_first_tells_what_the_tooltip_tells_and_quits_last() {
        let view = view(&snapshot());
        let texts = texts(&view.menu);
        assert_eq!(texts[..3], ["Open Token Monitor", "", "4,213,902 tokens today, measured"]);
        assert_eq!(texts[3..3 + view.tooltip.lines.len()], view.tooltip.lines);
        assert_eq!(texts[3 + view.tooltip.lines.len()..], ["", "Pause alerts", "Settings…", "", "Quit"]);
    }

    #[test]
    fn alerts_can_be_paused_and_while_they_are_resumed() {
        let running = view(&snapshot()).menu;
        let group = running.iter().find_map(|row| if let Row::Group(_, rows) = row { Some(rows) } else { None });
        assert_eq!(group.map(|rows| texts(rows)), Some(vec!["For 1 hour", "Until tomorrow"]));
        let alerts = AlertStatus { paused_until: Some(at("2026-03-01T14:00:00Z")), ..AlertStatus::default() };
        let paused = view(&Snapshot { alerts, ..snapshot() }).menu;
        let rows = texts(&paused);
        assert!(rows.contains(&"Alerts paused until 14:00") && rows.contains(&"Resume alerts"), "{rows:?}");
        assert!(!rows.contains(&"Pause alerts"));
    }

    #[test]
    fn starting_at_login_is_offered_where_somebody_can_tell_and_marked_where_it_is_so() {
        let offered = |starts_at_login| {
            let menu = super::view(&snapshot(), &Surroundings { starts_at_login }).menu;
            menu.into_iter().find_map(|row| match row {
                Row::Choice(choice @ Choice::StartAtLogin(_)) => Some(choice),
                Row::Choice(_) | Row::Separator | Row::Figure(_) | Row::Group(..) => None,
            })
        };
        assert_eq!(offered(None), None);
        assert_eq!(offered(Some(true)), Some(Choice::StartAtLogin(false)), "choosing it turns it off");
        assert_eq!(offered(Some(true)).and_then(Choice::is_checked), Some(true));
        assert_eq!(offered(Some(false)).and_then(Choice::is_checked), Some(false));
    }

    #[test]
    fn every_row_that_can_be_chosen_is_found_by_its_name() {
        fn choices(rows: &[Row]) -> Vec<Choice> {
            let of = |row: &Row| match row {
                Row::Choice(choice) => vec![*choice],
                Row::Group(_, rows) => choices(rows),
                Row::Separator | Row::Figure(_) => Vec::new(),
            };
            rows.iter().flat_map(of).collect()
        }
        for starts_at_login in [Some(true), Some(false)] {
            for choice in choices(&super::view(&snapshot(), &Surroundings { starts_at_login }).menu) {
                assert_eq!(Choice::of_key(choice.key()), Some(choice));
            }
        }
    }

    #[test]
    fn alerts_nobody_saw_put_a_mark_on_the_picture() {
        let alerts = AlertStatus { unseen: 2, ..AlertStatus::default() };
        assert!(view(&Snapshot { alerts, ..snapshot() }).picture.unseen);
        assert!(!view(&snapshot()).picture.unseen);
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
