//! Builds the tray's view of a snapshot, as plain data.
//!
//! Pure: `now` is the snapshot's time, every figure is taken from the snapshot, and nothing is drawn. Equal views need
//! no redraw.

use token_monitor_core::report::model::{AgentState, IconContent, Pause, Progress, Snapshot, TrayFigure, WindowKind};
use token_monitor_core::text::format::{format_dollars, format_percent};
use token_monitor_core::text::phrases::official_block_quota;

use crate::format::{CompactFigure, UNKNOWN};
use crate::icon::types::{IconBadge, IconSpec, IconTheme, LimitBars, LimitGauge};
use crate::menu::{MenuAction, MenuItem};
use crate::snapshot_text::{format_clock, format_time_left};
use crate::tooltip::Tooltip;
use crate::tooltip_lines::{SummaryLine, build_summary, build_tooltip};
use crate::wrap::wrap_line;

/// Everything a tray icon shows, with its menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayView {
    /// The text beside the icon, for panels with room for it: the figures chosen in the settings, without their labels.
    pub label: String,
    /// The tooltip.
    pub tooltip: Tooltip,
    /// The menu, from the top.
    pub menu: Vec<MenuItem>,
    /// The icon.
    pub icon: IconSpec,
    /// True while the popover is open.
    pub is_popover_open: bool,
}

/// State that the tray shows and no snapshot contains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrayContext {
    /// True if the app starts at login; `None` if that is unknown.
    pub starts_at_login: Option<bool>,
    /// True if the tray can copy text.
    pub can_copy: bool,
    /// True while the popover is open.
    pub is_popover_open: bool,
}

impl TrayView {
    /// The figure in the icon.
    pub fn figure(&self) -> Option<&CompactFigure> {
        self.icon.figure.as_ref()
    }
}

/// Builds the view of a snapshot. Its icon has the light theme; surfaces set another [`IconSpec::theme`].
pub fn build_view(snapshot: &Snapshot, context: &TrayContext) -> TrayView {
    let summary = build_summary(snapshot);
    let tooltip = build_tooltip(&summary);
    let menu = build_menu(snapshot, &summary, context);
    let (label, icon) = (build_label(snapshot), icon_spec(snapshot));
    TrayView { label, menu, tooltip, icon, is_popover_open: context.is_popover_open }
}

fn icon_spec(snapshot: &Snapshot) -> IconSpec {
    IconSpec {
        figure: snapshot.display.tray.first().map(|shown| icon_figure(*shown, snapshot)),
        gauge: limit_gauge(snapshot),
        bars: (snapshot.display.icon == IconContent::Bars).then(|| limit_bars(snapshot)),
        is_stale: is_stale(snapshot),
        badge: icon_badge(snapshot),
        theme: IconTheme::Light,
    }
}

/// Returns a figure as shown in the icon.
fn icon_figure(shown: TrayFigure, snapshot: &Snapshot) -> CompactFigure {
    let today = &snapshot.today.totals;
    let known = match shown {
        TrayFigure::Tokens => Some(CompactFigure::from_tokens(today.total_tokens)),
        TrayFigure::Cost => today.total_cost.map(CompactFigure::from_dollars),
        TrayFigure::Block => snapshot.block_use.as_ref().map(|share| CompactFigure::from_percent(share.used_percent)),
        TrayFigure::Left => {
            snapshot.current_block.as_ref().map(|block| CompactFigure::from_duration(block.end_time - snapshot.at))
        }
        TrayFigure::Burn => Some(CompactFigure::from_tokens(snapshot.burn_rate.tokens_per_minute.into())),
    };
    known.unwrap_or_else(CompactFigure::unknown)
}

/// Returns a figure as shown beside the icon, with its unit.
fn label_figure(shown: TrayFigure, snapshot: &Snapshot) -> String {
    let known = match shown {
        TrayFigure::Tokens => Some(icon_figure(shown, snapshot).to_string()),
        TrayFigure::Cost => snapshot.today.totals.total_cost.map(format_dollars),
        TrayFigure::Block => snapshot.block_use.as_ref().map(|share| format_percent(share.used_percent)),
        TrayFigure::Left => snapshot.current_block.as_ref().map(|block| format_time_left(block, snapshot)),
        TrayFigure::Burn => Some(format!("{}/min", icon_figure(shown, snapshot))),
    };
    known.unwrap_or_else(|| UNKNOWN.to_owned())
}

/// Returns the usage of the block's limit, or of the binding window if that is higher. A comparison with past blocks has no
/// gauge, because nothing stops when it is full.
fn limit_gauge(snapshot: &Snapshot) -> Option<LimitGauge> {
    let old = official_block_quota(snapshot).is_some_and(|row| row.is_stale);
    let limited = snapshot.block_use.as_ref().filter(|share| share.basis.is_limit());
    let block = limited.map(|share| (share.used_percent, old));
    let binding = snapshot.quota.iter().find(|row| row.is_binding).map(|row| (row.share.used_percent, row.is_stale));
    let fullest = block.into_iter().chain(binding).max_by(|(one, _), (other, _)| one.total_cmp(other));
    fullest.map(|(percent, old)| LimitGauge::from_percent(percent).with_stale(old))
}

/// Returns the limits of the block and the week. A limit that is not known has no used part.
fn limit_bars(snapshot: &Snapshot) -> LimitBars {
    let is_block_old = official_block_quota(snapshot).is_some_and(|row| row.is_stale);
    let limited = snapshot.block_use.as_ref().filter(|share| share.basis.is_limit());
    let week = snapshot.quota.iter().find(|row| row.window == WindowKind::Weekly);
    LimitBars {
        block: limited.map(|share| LimitGauge::from_percent(share.used_percent).with_stale(is_block_old)),
        week: week.map(|row| LimitGauge::from_percent(row.share.used_percent).with_stale(row.is_stale)),
    }
}

/// Returns the mark of the icon. A session that waits is more urgent than a problem, which may last for long, and a problem
/// more than an alert that was shown.
fn icon_badge(snapshot: &Snapshot) -> Option<IconBadge> {
    let waits = snapshot.agents.iter().any(|agent| agent.status.state == AgentState::Waiting);
    match (waits, snapshot.problems.is_empty(), snapshot.alerts.unseen) {
        (true, ..) => Some(IconBadge::Waiting),
        (false, false, _) => Some(IconBadge::Problem),
        (false, true, 0) => None,
        (false, true, _) => Some(IconBadge::UnseenAlerts),
    }
}

/// Returns true if the figures are incomplete: while logs are imported, or if no log folder was found.
fn is_stale(snapshot: &Snapshot) -> bool {
    let importing = matches!(snapshot.progress, Progress::Importing { .. });
    importing || !snapshot.roots.iter().any(|root| root.found)
}

fn build_label(snapshot: &Snapshot) -> String {
    let shown = snapshot.display.tray.iter().map(|shown| label_figure(*shown, snapshot));
    shown.collect::<Vec<_>>().join(" · ")
}

/// Opening the popover comes first: GNOME's panel offers no other way.
fn build_menu(snapshot: &Snapshot, summary: &[SummaryLine], context: &TrayContext) -> Vec<MenuItem> {
    let figure = |line: &SummaryLine| {
        let action = MenuAction::Show(line.page);
        wrap_line(&line.text).into_iter().map(move |text| MenuItem::Figure(text, action))
    };
    let mut rows = vec![MenuItem::Action(MenuAction::Open), MenuItem::Separator];
    rows.extend(summary.iter().flat_map(figure));
    rows.push(MenuItem::Separator);
    rows.extend(context.can_copy.then_some(MenuItem::Action(MenuAction::CopyFigures)));
    rows.extend(alert_items(snapshot));
    rows.push(MenuItem::Action(MenuAction::Settings));
    rows.extend(context.starts_at_login.map(|on| MenuItem::Action(MenuAction::StartAtLogin(!on))));
    rows.extend([MenuItem::Separator, MenuItem::Action(MenuAction::Quit)]);
    rows
}

fn alert_items(snapshot: &Snapshot) -> Vec<MenuItem> {
    match snapshot.alerts.paused_until {
        Some(until) => {
            let paused = format!("Alerts paused until {}", format_clock(until, snapshot));
            vec![MenuItem::Label(paused), MenuItem::Action(MenuAction::Pause(Pause::Off))]
        }
        None => {
            let pauses = [Pause::Hour, Pause::UntilTomorrow].map(|pause| MenuItem::Action(MenuAction::Pause(pause)));
            vec![MenuItem::Submenu("Pause alerts".to_owned(), pauses.into())]
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use rstest::rstest;
    use token_monitor_core::report::model::{
        AlertStatus, DisplaySettings, LimitBasis, LimitUse, Problem, ProblemCode, Provenance, QuotaStats, RootStatus,
    };

    use super::*;
    use crate::LimitLevel;
    use crate::menu::MenuPage;
    use crate::test_support::{agent, official_share, quota, snapshot};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Builds the view of a snapshot without further context.
    fn view(snapshot: &Snapshot) -> TrayView {
        super::build_view(snapshot, &TrayContext::default())
    }

    fn showing(tray: &[TrayFigure]) -> Snapshot {
        let display = DisplaySettings { tray: tray.to_vec(), ..DisplaySettings::default() };
        Snapshot { display, block_use: Some(official_share(38.2)), ..snapshot() }
    }

    fn item_texts(rows: &[MenuItem]) -> Vec<&str> {
        let text = |row| match row {
            &MenuItem::Separator => "",
            MenuItem::Label(text) | MenuItem::Figure(text, _) | MenuItem::Submenu(text, _) => text.as_str(),
            MenuItem::Action(action) => action.label(),
        };
        rows.iter().map(text).collect()
    }

    #[test]
    fn the_label_shows_todays_tokens_and_the_time_left() {
        let view = view(&snapshot());
        assert_eq!(view.figure().map(CompactFigure::as_str), Some("4.2M"));
        assert_eq!(view.label, "4.2M · ends in 2h 10m");
    }

    #[rstest]
    #[case(TrayFigure::Tokens, "4.2M", "4.2M")]
    #[case(TrayFigure::Cost, "$3.4", "$3.41")]
    #[case(TrayFigure::Block, "38%", "38%")]
    #[case(TrayFigure::Left, "2h10", "2h 10m left")]
    #[case(TrayFigure::Burn, "1.8k", "1.8k/min")]
    fn figures_are_short_in_the_icon_and_have_a_unit_in_the_label(
        #[case] shown: TrayFigure,
        #[case] inside: &str,
        #[case] beside: &str,
    ) {
        let view = view(&showing(&[shown]));
        assert_eq!(view.figure().map(CompactFigure::as_str), Some(inside));
        assert_eq!(view.label, beside);
    }

    #[test]
    fn the_label_shows_both_figures_and_the_icon_the_first() {
        let view = view(&showing(&[TrayFigure::Block, TrayFigure::Cost]));
        assert_eq!(view.figure().map(CompactFigure::as_str), Some("38%"));
        assert_eq!(view.label, "38% · $3.41");
    }

    #[test]
    fn without_figures_icon_and_label_are_empty() {
        let view = view(&showing(&[]));
        assert_eq!((view.figure(), view.label.as_str()), (None, ""));
    }

    #[test]
    fn an_unknown_figure_is_a_dash() {
        let unknown = Snapshot { current_block: None, ..snapshot() };
        for shown in [TrayFigure::Block, TrayFigure::Left] {
            let display = DisplaySettings { tray: vec![shown], ..DisplaySettings::default() };
            let view = view(&Snapshot { display, ..unknown.clone() });
            assert_eq!((view.figure().map(CompactFigure::as_str), view.label.as_str()), (Some("–"), "–"));
        }
    }

    #[test]
    fn the_menu_has_open_then_the_tooltip_lines_then_quit() {
        let view = view(&snapshot());
        let texts = item_texts(&view.menu);
        assert_eq!(texts[..3], ["Open Token Monitor", "", "4,213,902 tokens today, measured"]);
        assert_eq!(texts[3..3 + view.tooltip.lines.len()], view.tooltip.lines);
        assert_eq!(texts[3 + view.tooltip.lines.len()..], ["", "Pause alerts", "Settings…", "", "Quit"]);
    }

    #[test]
    fn the_figures_of_the_menu_lead_to_a_page_and_can_be_copied() {
        let menu = super::build_view(&snapshot(), &TrayContext { can_copy: true, ..TrayContext::default() }).menu;
        let page = |start: &str| {
            menu.iter().find_map(|row| match row {
                MenuItem::Figure(text, action) if text.starts_with(start) => Some(*action),
                _ => None,
            })
        };
        assert_eq!(page("4,213,902 tokens"), Some(MenuAction::Show(MenuPage::History)));
        assert_eq!(page("Block 1,234,567"), Some(MenuAction::Show(MenuPage::Now)));
        assert_eq!(page("ends in 2h 10m"), Some(MenuAction::Show(MenuPage::Now)), "the rest of the same line");
        assert!(item_texts(&menu).contains(&"Copy these figures"));
        assert!(!item_texts(&view(&snapshot()).menu).contains(&"Copy these figures"), "where nothing can copy");
    }

    #[test]
    fn the_menu_pauses_and_resumes_alerts() {
        let running = view(&snapshot()).menu;
        let group = running.iter().find_map(|row| if let MenuItem::Submenu(_, rows) = row { Some(rows) } else { None });
        assert_eq!(group.map(|rows| item_texts(rows)), Some(vec!["For 1 hour", "Until tomorrow"]));
        let alerts = AlertStatus { paused_until: Some(at("2026-03-01T14:00:00Z")), ..AlertStatus::default() };
        let paused = view(&Snapshot { alerts, ..snapshot() }).menu;
        let rows = item_texts(&paused);
        assert!(rows.contains(&"Alerts paused until 14:00") && rows.contains(&"Resume alerts"), "{rows:?}");
        assert!(!rows.contains(&"Pause alerts"));
    }

    #[test]
    fn start_at_login_is_shown_if_known_and_checked_if_enabled() {
        let offered = |starts_at_login| {
            let menu = super::build_view(&snapshot(), &TrayContext { starts_at_login, ..TrayContext::default() }).menu;
            menu.into_iter().find_map(|row| match row {
                MenuItem::Action(action @ MenuAction::StartAtLogin(_)) => Some(action),
                MenuItem::Action(_)
                | MenuItem::Separator
                | MenuItem::Label(_)
                | MenuItem::Figure(..)
                | MenuItem::Submenu(..) => None,
            })
        };
        assert_eq!(offered(None), None);
        assert_eq!(offered(Some(true)), Some(MenuAction::StartAtLogin(false)), "choosing it turns it off");
        assert_eq!(offered(Some(true)).and_then(MenuAction::is_checked), Some(true));
        assert_eq!(offered(Some(false)).and_then(MenuAction::is_checked), Some(false));
    }

    #[test]
    fn every_menu_action_is_found_by_its_key() {
        fn actions(rows: &[MenuItem]) -> Vec<MenuAction> {
            let actions_of = |row: &MenuItem| match row {
                MenuItem::Action(action) | MenuItem::Figure(_, action) => vec![*action],
                MenuItem::Submenu(_, rows) => actions(rows),
                MenuItem::Separator | MenuItem::Label(_) => Vec::new(),
            };
            rows.iter().flat_map(actions_of).collect()
        }
        for starts_at_login in [Some(true), Some(false)] {
            for action in actions(
                &super::build_view(
                    &snapshot(),
                    &TrayContext { starts_at_login, can_copy: true, ..TrayContext::default() },
                )
                .menu,
            ) {
                assert_eq!(MenuAction::from_key(action.key()), Some(action));
            }
        }
    }

    #[test]
    fn unseen_alerts_mark_the_icon() {
        let alerts = AlertStatus { unseen: 2, ..AlertStatus::default() };
        assert_eq!(view(&Snapshot { alerts, ..snapshot() }).icon.badge, Some(IconBadge::UnseenAlerts));
        assert_eq!(view(&snapshot()).icon.badge, None);
    }

    #[test]
    fn a_problem_marks_the_icon_rather_than_an_alert() {
        let problem = Problem {
            code: ProblemCode::Other,
            message: "The log folder is missing.".to_owned(),
            hint: "Check it.".to_owned(),
        };
        let alerts = AlertStatus { unseen: 2, ..AlertStatus::default() };
        let icon = view(&Snapshot { alerts, problems: vec![problem], ..snapshot() }).icon;
        assert_eq!(icon.badge, Some(IconBadge::Problem));
    }

    #[test]
    fn a_session_that_waits_marks_the_icon_rather_than_a_problem() {
        let problem =
            Problem { code: ProblemCode::Other, message: "A log is missing.".to_owned(), hint: "Check it.".to_owned() };
        let badge = |state| {
            let agents = vec![agent("harbour", AgentState::Idle), agent("login", state)];
            view(&Snapshot { agents, problems: vec![problem.clone()], ..snapshot() }).icon.badge
        };
        assert_eq!(badge(AgentState::Waiting), Some(IconBadge::Waiting));
        assert_eq!(badge(AgentState::Busy), Some(IconBadge::Problem));
    }

    #[test]
    fn lines_of_agents_fit_the_menu() {
        let name = "a session with a name that is longer than any menu";
        let agents = vec![agent(name, AgentState::Waiting), agent(name, AgentState::Busy)];
        let rows = view(&Snapshot { agents, ..snapshot() }).menu;
        let texts = rows.iter().filter_map(|row| match row {
            MenuItem::Figure(text, _) => Some(text.as_str()),
            MenuItem::Action(_) | MenuItem::Submenu(..) | MenuItem::Separator | MenuItem::Label(_) => None,
        });
        let texts: Vec<&str> = texts.collect();
        assert!(texts.iter().all(|text| text.chars().count() <= 40), "{texts:#?}");
        assert!(texts.contains(&"▲ a session with a name t… waits for you"), "{texts:#?}");
    }

    #[test]
    fn the_bars_show_block_and_week_if_the_setting_asks_for_them() {
        let display = DisplaySettings { icon: IconContent::Bars, ..DisplaySettings::default() };
        let quota = vec![quota(WindowKind::Weekly, 61.0)];
        let limited = Snapshot { display, block_use: Some(official_share(38.0)), quota, ..snapshot() };
        let gauge = |percent| Some(LimitGauge::from_percent(percent));
        assert_eq!(view(&limited).icon.bars, Some(LimitBars { block: gauge(38.0), week: gauge(61.0) }));
        let unlimited = Snapshot { block_use: None, quota: Vec::new(), ..limited };
        assert_eq!(view(&unlimited).icon.bars, Some(LimitBars { block: None, week: None }));
        assert_eq!(view(&snapshot()).icon.bars, None);
    }

    #[test]
    fn without_a_limit_there_is_no_gauge() {
        assert_eq!(view(&snapshot()).icon.gauge, None);
        for basis in [LimitBasis::P90, LimitBasis::Max] {
            let compared = LimitUse { basis, label: Provenance::Estimated, ..official_share(99.0) };
            let icon = view(&Snapshot { block_use: Some(compared), ..snapshot() }).icon;
            assert_eq!(icon.gauge, None, "a comparison with past blocks");
        }
    }

    #[test]
    fn the_gauge_shows_the_fuller_of_block_and_binding_window() {
        let gauge = |block, week| {
            let quota = vec![quota(WindowKind::Weekly, week)];
            view(&Snapshot { block_use: Some(official_share(block)), quota, ..snapshot() }).icon.gauge.unwrap()
        };
        assert_eq!(gauge(38.0, 20.0), LimitGauge::from_percent(38.0));
        assert_eq!(gauge(38.0, 92.0).level(), LimitLevel::High);
    }

    #[test]
    fn a_stale_official_figure_makes_the_gauge_stale_but_not_the_icon() {
        let old = QuotaStats { is_stale: true, is_binding: false, ..quota(WindowKind::FiveHour, 38.0) };
        let snapshot = Snapshot { block_use: Some(official_share(38.0)), quota: vec![old], ..snapshot() };
        let icon = view(&snapshot).icon;
        assert_eq!(icon.gauge, Some(LimitGauge::from_percent(38.0).with_stale(true)));
        assert!(!icon.is_stale);
    }

    #[test]
    fn the_icon_is_stale_during_an_import() {
        let progress = Progress::Importing { files_done: 1, files: 3, bytes_done: 299, bytes: 700 };
        assert!(view(&Snapshot { progress, ..snapshot() }).icon.is_stale, "the figure is still growing");
    }

    #[test]
    fn the_icon_is_stale_without_a_log_folder() {
        let missing = RootStatus { found: false, ..snapshot().roots[0].clone() };
        assert!(view(&Snapshot { roots: vec![missing], ..snapshot() }).icon.is_stale);
        assert!(!view(&snapshot()).icon.is_stale);
    }

    #[test]
    fn one_second_later_the_view_is_equal() {
        let later = Snapshot { at: snapshot().at + TimeDelta::seconds(1), ..snapshot() };
        assert_eq!(view(&later), view(&snapshot()), "it shows minutes and steps of 2%");
    }

    #[test]
    fn a_block_past_its_end_has_no_time_left() {
        let late = Snapshot { at: at("2026-03-01T15:00:30Z"), ..snapshot() };
        assert_eq!(view(&late).label, "4.2M · ends in 0m");
    }
}
