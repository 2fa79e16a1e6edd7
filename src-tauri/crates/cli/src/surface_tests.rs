//! Tests that all surfaces agree at one moment: the tray's tooltip and menu, `status`, `watch`, the status line and alerts
//! show the same values in the same words.

use chrono::{DateTime, TimeDelta, Utc};
use token_monitor_core::alerts::{AlertContext, AlertSettings, AlertState, ExpiringLogs, evaluate_alerts};
use token_monitor_core::quota::StatusLineInput;
use token_monitor_core::report::model::{
    AlertStatus, BackgroundSettings, BillingBlock, BlockSource, BurnLevel, BurnRate, DayStats, DisplaySettings,
    LimitBasis, LimitUse, Problem, ProblemCode, Progress, ProjectedRange, Provenance, QuotaOrigin, QuotaStats,
    RootStatus, Snapshot, TodayComparison, Totals, WeekStart, WeekStats, WindowKind,
};
use token_monitor_tray::{MenuItem, TrayContext, build_view};

use crate::commands::status::{render_line, render_snapshot};
use crate::statusline::line::{AppFigures, LineInput, render_line as render_status_line};

/// The texts of one snapshot.
struct Surfaces {
    /// The texts that are always shown, with their names.
    shown: [(&'static str, String); 5],
    /// The alerts that are sent when the block rises to the snapshot's figures.
    alerts: String,
}

impl Surfaces {
    fn render(snapshot: &Snapshot) -> Self {
        let view = build_view(snapshot, &TrayContext::default());
        let labels = view.menu.iter().filter_map(|item| match item {
            MenuItem::Label(text) | MenuItem::Figure(text, _) => Some(text.as_str()),
            MenuItem::Action(_) | MenuItem::Separator | MenuItem::Submenu(..) => None,
        });
        let app = AppFigures::from_snapshot(snapshot);
        let input = StatusLineInput::parse(b"{}").expect("it is an object");
        let content = LineInput { input: &input, app: Some(&app), now: snapshot.at.into(), notice: None };
        Self {
            shown: [
                ("tooltip", view.tooltip.full_text()),
                ("menu", labels.collect::<Vec<_>>().join("\n")),
                // Values are aligned in columns.
                (
                    "status",
                    render_snapshot(snapshot, false)
                        .split(' ')
                        .filter(|word| !word.is_empty())
                        .collect::<Vec<_>>()
                        .join(" "),
                ),
                ("watch", render_line(snapshot, false)),
                ("status line", render_status_line(&content, None, false)),
            ],
            alerts: alert_texts(snapshot),
        }
    }

    #[track_caller]
    fn assert_all_show(&self, words: &[&str]) {
        for (name, text) in &self.shown {
            for word in words {
                assert!(text.to_lowercase().contains(&word.to_lowercase()), "{name} lacks “{word}”:\n{text}");
            }
        }
    }

    #[track_caller]
    fn assert_none_shows(&self, words: &[&str]) {
        let alerts = ("alerts", self.alerts.clone());
        for (name, text) in self.shown.iter().chain([&alerts]) {
            for word in words {
                assert!(!text.to_lowercase().contains(&word.to_lowercase()), "{name} has “{word}”:\n{text}");
            }
        }
    }

    #[track_caller]
    fn assert_alerts(&self, expected: &[&str]) {
        assert_eq!(self.alerts.lines().collect::<Vec<_>>(), expected);
    }
}

/// Returns the alerts that are sent over six minutes in which the figures rise from nothing to those of the snapshot.
fn alert_texts(snapshot: &Snapshot) -> String {
    let mut before = Snapshot { burn_rate: burn_rate(0), ..snapshot.clone() };
    let quota_shares = before.quota.iter_mut().map(|row| &mut row.share);
    for share in quota_shares.chain(&mut before.block_use).chain(&mut before.block_cost_use) {
        (share.used_percent, share.projected_percent, share.runs_out_at) = (0.0, None, None);
    }
    let settings = AlertSettings { max_tokens_per_minute: Some(1_000), ..AlertSettings::default() };
    let mut state = AlertState::default().with_app_opened();
    let mut texts = Vec::new();
    for minute in 0..8 {
        let figures = if minute == 0 { &before } else { snapshot };
        let context = AlertContext {
            snapshot: figures,
            now: snapshot.at + TimeDelta::minutes(minute),
            zone: chrono_tz::Tz::UTC,
            week_start: WeekStart::Auto,
            week_usage: None,
            month_usage: None,
            costly_sessions: &[],
            expiring_logs: ExpiringLogs::default(),
            team_budgets: &[],
        };
        let (next, decisions) = evaluate_alerts(&state, &settings, &context);
        state = next;
        texts
            .extend(decisions.into_iter().map(|decision| format!("{}: {}", decision.alert.title, decision.alert.body)));
    }
    texts.join("\n")
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn burn_rate(tokens_per_minute: u64) -> BurnRate {
    BurnRate {
        tokens_per_minute,
        fresh_tokens_per_minute: tokens_per_minute / 2,
        level: BurnLevel::Normal,
        cost_per_hour: Some(1.2),
        cost_is_lower_bound: false,
        label: Provenance::Measured,
    }
}

fn block() -> BillingBlock {
    BillingBlock {
        id: "2026-03-01T10:00:00Z".to_owned(),
        start_time: at("2026-03-01T10:00:00Z"),
        end_time: at("2026-03-01T15:00:00Z"),
        is_active: true,
        is_gap: false,
        tokens_used: 1_234_567,
        cost_usd: Some(1.1),
        unpriced_tokens: 0,
        message_count: 120,
        models: ["claude-opus-5".to_owned()].into(),
        curve: Vec::new(),
        peak_tokens_per_minute: None,
        source: BlockSource::Estimate,
        label: Provenance::Estimated,
        account: None,
    }
}

/// Returns a snapshot at half past the middle of a block, without a limit and without earlier blocks.
pub(crate) fn snapshot() -> Snapshot {
    let totals = Totals { total_tokens: 4_213_902, total_cost: Some(3.41), ..Totals::default() };
    let now = at("2026-03-01T12:50:00Z");
    Snapshot {
        at: now,
        zone: "UTC".to_owned(),
        is_demo: false,
        revision: 0,
        progress: Progress::Live,
        totals: totals.clone(),
        today: DayStats { date: now.date_naive(), totals: totals.clone() },
        compared: TodayComparison::default(),
        current_block: Some(block()),
        block_use: None,
        block_cost_use: None,
        projected_tokens: Some(ProjectedRange { low: 2.1e6, high: 3e6 }),
        quota: Vec::new(),
        reached_limits: Vec::new(),
        week: WeekStats { start_time: now - TimeDelta::days(7), end_time: None, totals },
        burn_rate: burn_rate(840),
        last_hour: Vec::new(),
        session_count: 3,
        recent_sessions: Vec::new(),
        agents: Vec::new(),
        roots: vec![RootStatus { path: "/home/ada/.claude/projects".to_owned(), found: true, logs: 7 }],
        incomplete: false,
        problems: Vec::new(),
        update: None,
        alerts: AlertStatus::default(),
        display: DisplaySettings::default(),
        background: BackgroundSettings::default(),
    }
}

/// Returns a share of 80% that is forecast to reach 84 to 99%.
fn share(basis: LimitBasis) -> LimitUse {
    LimitUse {
        used_percent: 80.0,
        basis,
        limit: (basis != LimitBasis::Official).then_some(5e6),
        projected_percent: Some(ProjectedRange { low: 84.0, high: 99.0 }),
        runs_out_at: None,
        elsewhere_percent: None,
        label: match basis {
            LimitBasis::Official => Provenance::Official,
            LimitBasis::Number => Provenance::Measured,
            LimitBasis::Max | LimitBasis::P90 => Provenance::Estimated,
        },
    }
}

fn with_share(basis: LimitBasis) -> Snapshot {
    Snapshot { block_use: Some(share(basis)), ..snapshot() }
}

/// Returns a snapshot whose block has an official figure of some age.
fn with_official(age_minutes: u64, is_stale: bool) -> Snapshot {
    let row = QuotaStats {
        window: WindowKind::FiveHour,
        scope: None,
        share: share(LimitBasis::Official),
        resets_at: Some(block().end_time),
        read_at: snapshot().at,
        age_minutes,
        origin: QuotaOrigin::StatusLine,
        is_stale,
        is_binding: !is_stale,
        account: None,
    };
    Snapshot { quota: vec![row], ..with_share(LimitBasis::Official) }
}

/// The words that need a limit.
const LIMIT_WORDS: [&str; 6] = ["limit", " left", "runs out", "run out", " used", "stops first"];

#[test]
fn without_a_limit_no_surface_has_words_of_one() {
    let surfaces = Surfaces::render(&snapshot());
    surfaces.assert_all_show(&["1,234,567 tokens", "measured", "ends in 2h 10m"]);
    surfaces.assert_none_shows(&LIMIT_WORDS);
    surfaces.assert_alerts(&[]);
}

#[test]
fn past_blocks_are_a_comparison_on_all_surfaces() {
    for (basis, name) in [(LimitBasis::P90, "your usual maximum"), (LimitBasis::Max, "your largest block")] {
        let mut compared = with_share(basis);
        let above = LimitUse { used_percent: 112.0, runs_out_at: Some(at("2026-03-01T13:00:00Z")), ..share(basis) };
        compared.block_use = Some(above);
        let surfaces = Surfaces::render(&compared);
        surfaces.assert_all_show(&[&format!("112% of {name}"), "estimated", "ends in 2h 10m"]);
        surfaces.assert_none_shows(&LIMIT_WORDS);
        surfaces.assert_alerts(&[]);
        assert_eq!(build_view(&compared, &TrayContext::default()).icon.gauge, None);
    }
}

#[test]
fn an_official_figure_is_the_same_on_all_surfaces() {
    let surfaces = Surfaces::render(&with_official(1, false));
    surfaces.assert_all_show(&["80%", "official", "2h 10m left"]);
    surfaces.assert_none_shows(&["runs out", "stops first", "ago"]);
    surfaces.assert_alerts(&["20% of this block left: 80% used (official). Resets at 15:00, in 2h 9m."]);
}

#[test]
fn a_stale_official_figure_has_its_age_on_all_surfaces() {
    let surfaces = Surfaces::render(&with_official(25, true));
    surfaces.assert_all_show(&["80%", "official, 25m ago", "2h 10m left"]);
    surfaces.assert_alerts(&[]);
}

#[test]
fn two_accounts_are_told_apart_on_all_surfaces() {
    let mut two = with_official(1, false);
    let [work, own] = ["~/.claude-work", "~/.claude"].map(|folder| Some(folder.to_owned()));
    two.current_block.as_mut().expect("one is running").account.clone_from(&work);
    two.quota[0].account.clone_from(&work);
    let other = LimitUse { used_percent: 30.0, ..share(LimitBasis::Official) };
    let of_own = QuotaStats { account: own, is_binding: false, share: other, ..two.quota[0].clone() };
    two.quota.push(of_own);
    let surfaces = Surfaces::render(&two);
    surfaces.assert_all_show(&["block of ~/.claude-work", "80%", "official"]);
    surfaces
        .assert_alerts(&["20% of this block of ~/.claude-work left: 80% used (official). Resets at 15:00, in 2h 9m."]);
    for (name, text) in &surfaces.shown[..3] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("Five hours of ~/.claude 30% used"), "{name}: {text}");
    }
}

#[test]
fn an_own_limit_is_the_same_on_all_surfaces() {
    let surfaces = Surfaces::render(&with_share(LimitBasis::Number));
    surfaces.assert_all_show(&["80%", "measured", "2h 10m left"]);
    surfaces.assert_alerts(&["20% of this block left: 80% of 5,000,000 tokens (measured). Resets at 15:00, in 2h 9m."]);
}

#[test]
fn a_window_stops_first_only_if_it_is_forecast_to_on_all_surfaces() {
    let mut snapshot = with_official(1, false);
    let week = QuotaStats { window: WindowKind::Weekly, is_binding: false, ..snapshot.quota[0].clone() };
    snapshot.quota.push(QuotaStats { is_binding: true, ..week });
    snapshot.quota[0].is_binding = false;
    let lists = |snapshot: &Snapshot| {
        let [tooltip, menu, status, ..] = Surfaces::render(snapshot).shown;
        [tooltip.1, menu.1, status.1]
    };
    assert!(lists(&snapshot).iter().all(|text| text.contains("fullest") && !text.contains("stops first")));
    snapshot.quota[1].share.runs_out_at = Some(at("2026-03-01T14:20:00Z"));
    snapshot.quota[1].share.projected_percent = Some(ProjectedRange { low: 104.0, high: 130.0 });
    for text in lists(&snapshot) {
        assert!(text.contains("stops first") && !text.contains("fullest"), "{text}");
        assert!(text.contains("runs out") && text.contains("14:20"), "{text}");
    }
}

#[test]
fn a_limit_that_may_not_be_reached_may_run_out_on_all_surfaces() {
    let mut snapshot = with_official(1, false);
    let out = Some(at("2026-03-01T14:20:00Z"));
    for (low, phrase, other) in [(96.0, "may run out", "runs out"), (100.0, "runs out", "may run out")] {
        let range = ProjectedRange { low, high: 118.0 };
        let share = LimitUse { projected_percent: Some(range), runs_out_at: out, ..share(LimitBasis::Official) };
        snapshot.quota[0].share = share.clone();
        snapshot.block_use = Some(share);
        let [tooltip, menu, status, ..] = Surfaces::render(&snapshot).shown;
        for (name, text) in [tooltip, menu, status] {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(phrase) && !text.contains(other), "{name}: {text}");
        }
    }
}

#[test]
fn an_official_share_is_used_on_all_surfaces() {
    for (name, text) in Surfaces::render(&with_official(1, false)).shown {
        assert!(text.to_lowercase().contains("used"), "{name}: {text}");
    }
}

#[test]
fn a_cost_without_all_prices_is_a_lower_bound_on_all_surfaces() {
    let rate = BurnRate { cost_is_lower_bound: true, ..burn_rate(1_840) };
    let [tooltip, menu, status, ..] = Surfaces::render(&Snapshot { burn_rate: rate, ..snapshot() }).shown;
    for (name, text) in [tooltip, menu, status] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("at least $1.20 an hour API-equivalent"), "{name}: {text}");
    }
}

#[test]
fn a_rate_at_rest_is_the_same_on_all_surfaces() {
    let idle = Snapshot { burn_rate: burn_rate(0), projected_tokens: None, ..snapshot() };
    let surfaces = Surfaces::render(&idle);
    surfaces.assert_all_show(&["burn rate at rest"]);
    surfaces.assert_none_shows(&["tok/min", "tokens a minute", "at this pace", "normal"]);
    surfaces.assert_alerts(&[]);
}

#[test]
fn a_high_rate_has_an_alert_with_the_same_figure() {
    let surfaces = Surfaces::render(&Snapshot { burn_rate: burn_rate(1_840), ..snapshot() });
    surfaces.assert_all_show(&["1,840 tok", "measured"]);
    surfaces.assert_alerts(&[
        "A high burn rate for 5 minutes: 1,840 tokens per minute (measured). Your threshold is 1,000 tokens per minute.",
    ]);
}

#[test]
fn an_import_is_the_same_on_all_surfaces() {
    let progress = Progress::Importing { files_done: 1, files: 3, bytes_done: 299, bytes: 700 };
    let surfaces = Surfaces::render(&Snapshot { progress, ..with_official(1, false) });
    surfaces.assert_all_show(&["reading logs: 42%"]);
    surfaces.assert_alerts(&[]);
}

#[test]
fn without_log_folders_all_surfaces_name_the_reason() {
    let mut missing = snapshot();
    missing.roots.iter_mut().for_each(|root| (root.found, root.logs) = (false, 0));
    Surfaces::render(&missing).assert_all_show(&["no log folder was found"]);
}

#[test]
fn a_problem_is_the_same_on_all_surfaces() {
    let problem = |message: &str| Problem {
        code: ProblemCode::Other,
        message: message.to_owned(),
        hint: "Run token-monitor doctor.".to_owned(),
    };
    for message in ["The log folder is gone.", "The store is gone."] {
        let surfaces = Surfaces::render(&Snapshot { problems: vec![problem(message)], ..snapshot() });
        surfaces.assert_all_show(&[message.trim_end_matches('.')]);
    }
    let problems = vec![problem("One."), problem("Two."), problem("Three.")];
    let surfaces = Surfaces::render(&Snapshot { problems, ..snapshot() });
    surfaces.assert_all_show(&["One"]);
}

#[test]
fn an_unknown_price_is_the_same_on_all_surfaces_with_a_cost() {
    let mut unpriced = snapshot();
    for totals in [&mut unpriced.today.totals, &mut unpriced.totals, &mut unpriced.week.totals] {
        (totals.total_cost, totals.unpriced_tokens) = (None, totals.total_tokens);
    }
    unpriced.burn_rate.cost_per_hour = None;
    let surfaces = Surfaces::render(&unpriced);
    surfaces.assert_none_shows(&["$", "api-equivalent"]);
    for (name, text) in &surfaces.shown[..3] {
        assert_eq!(text.to_lowercase().matches("cost unpriced").count(), 1, "{name}: {text}");
        assert!(text.to_lowercase().matches("unpriced").count() >= 2, "{name}: {text}");
    }
}
