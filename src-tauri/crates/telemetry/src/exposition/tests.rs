//! The text of the metrics, in both formats and with both names.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::TimeDelta;
use insta::assert_snapshot;
use token_monitor_core::report::model::{
    AgentState, AgentStatus, BillingBlock, BlockSource, LimitBasis, LimitUse, NameSource, Provenance, QuotaOrigin,
    QuotaStats, SessionAgent, Totals, WindowKind,
};

use crate::exposition::{ExporterOptions, ExpositionFormat, MetricNames, MetricsExporter};
use crate::usage::tests::{figures, start};
use crate::usage::{BudgetPeriod, BudgetUse, UsageFigures, UsageRow};

fn totals(counts: [u128; 4], cost: Option<f64>) -> Totals {
    let [input, output, cache_creation, cache_read] = counts;
    let total = counts.iter().sum();
    Totals {
        input_tokens: input,
        output_tokens: output,
        cache_creation_tokens: cache_creation,
        cache_read_tokens: cache_read,
        total_tokens: total,
        total_cost: cost,
        unpriced_tokens: if cost.is_none() { total } else { 0 },
        message_count: 3,
        ..Totals::default()
    }
}

fn share(basis: LimitBasis, used_percent: f64) -> LimitUse {
    LimitUse {
        used_percent,
        basis,
        limit: None,
        projected_percent: None,
        runs_out_at: None,
        elsewhere_percent: None,
        label: Provenance::Official,
    }
}

fn quota(window: WindowKind, scope: Option<&str>, used_percent: f64) -> QuotaStats {
    QuotaStats {
        window,
        scope: scope.map(str::to_owned),
        share: share(LimitBasis::Official, used_percent),
        resets_at: (window != WindowKind::ExtraUsage).then(|| start() + TimeDelta::hours(2)),
        read_at: start() - TimeDelta::minutes(3),
        age_minutes: 3,
        origin: QuotaOrigin::StatusLine,
        is_stale: false,
        is_binding: false,
        account: None,
    }
}

fn agent(state: AgentState) -> SessionAgent {
    SessionAgent {
        session_id: "secret-session".to_owned(),
        display_name: "Secret title".to_owned(),
        name_source: NameSource::AiTitle,
        project_path: Some("/home/ada/secret".to_owned()),
        branch: None,
        models_used: BTreeSet::new(),
        totals: None,
        is_muted: false,
        has_messages: true,
        status: AgentStatus { state, waiting_for: None, waiting_tool: None, since: start(), is_background: false },
        context: None,
        prompt_cache: None,
    }
}

fn block() -> BillingBlock {
    BillingBlock {
        id: "2026-03-01T10:00:00Z".to_owned(),
        start_time: start() - TimeDelta::hours(3),
        end_time: start() + TimeDelta::hours(2),
        is_active: true,
        is_gap: false,
        tokens_used: 123_456,
        cost_usd: Some(1.5),
        unpriced_tokens: 0,
        message_count: 9,
        models: BTreeSet::new(),
        peak_tokens_per_minute: None,
        curve: Vec::new(),
        source: BlockSource::Official,
        label: Provenance::Official,
        account: None,
    }
}

/// Returns figures of which every metric has a sample.
fn full_figures() -> UsageFigures {
    let row = |project: &str, model: &str, totals| UsageRow {
        model: model.to_owned(),
        project: Some(project.to_owned()),
        totals,
    };
    let rows = vec![
        row("/home/ada/shop", "claude-opus-4-8", totals([1_215, 3_245, 20_100, 1_234_567], Some(1.234_567_891))),
        row("/home/ada/docs", "claude-sonnet-5", totals([7, 70, 700, 7_000], Some(0.01))),
        row("/home/ada/docs", "un\"priced\\", totals([1, 2, 3, 4], None)),
    ];
    let mut usage = figures(rows);
    let snapshot = &mut usage.snapshot;
    snapshot.session_count = 12;
    snapshot.burn_rate.tokens_per_minute = 90;
    snapshot.agents = [AgentState::Waiting, AgentState::Busy, AgentState::Busy].map(agent).into();
    snapshot.current_block = Some(block());
    snapshot.block_use = Some(share(LimitBasis::Official, 38.0));
    snapshot.quota = vec![
        quota(WindowKind::FiveHour, None, 38.0),
        quota(WindowKind::WeeklyScoped, Some("Opus"), 12.5),
        quota(WindowKind::ExtraUsage, None, 101.0),
        // A second figure with the same labels, of which Prometheus accepts one.
        quota(WindowKind::FiveHour, None, 99.0),
    ];
    usage.budgets = vec![
        BudgetUse { period: BudgetPeriod::Day, used_ratio: 0.25 },
        BudgetUse { period: BudgetPeriod::Month, used_ratio: 1.1 },
    ];
    usage
}

fn without_projects(usage: UsageFigures) -> UsageFigures {
    let rows = usage.rows.into_iter().map(|row| UsageRow { project: None, ..row }).collect();
    UsageFigures { rows, ..usage }
}

fn render(usage: &UsageFigures, options: ExporterOptions, format: ExpositionFormat) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut exporter = MetricsExporter::open(&folder.path().join("telemetry"), options).expect("new counters");
    let text = exporter.render(usage, format, start());
    // The figures of this process differ each time.
    let lines = text.lines().filter(|line| !line.contains("process_"));
    lines.map(|line| format!("{line}\n")).collect::<String>().replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

#[test]
fn the_texts_are_unchanged() {
    let usage = without_projects(full_figures());
    let ours = ExporterOptions::default();
    assert_snapshot!("openmetrics", render(&usage, ours, ExpositionFormat::OpenMetrics));
    assert_snapshot!("prometheus", render(&usage, ours, ExpositionFormat::PrometheusText));
    let claude_code = ExporterOptions { names: MetricNames::ClaudeCode, max_projects: None };
    assert_snapshot!("claude-code", render(&usage, claude_code, ExpositionFormat::PrometheusText));
    let by_project = ExporterOptions { names: MetricNames::TokenMonitor, max_projects: Some(1) };
    let text = render(&full_figures(), by_project, ExpositionFormat::PrometheusText);
    let counters: String =
        text.lines().filter(|line| line.contains("project=")).map(|line| format!("{line}\n")).collect();
    assert_snapshot!("by-project", counters);
}

#[test]
fn nothing_of_sessions_is_exported_and_no_folder_unless_asked_for() {
    let text = render(&without_projects(full_figures()), ExporterOptions::default(), ExpositionFormat::OpenMetrics);
    for secret in ["secret", "Secret", "/home"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn no_two_samples_have_the_same_name_and_labels() {
    for format in [ExpositionFormat::OpenMetrics, ExpositionFormat::PrometheusText] {
        let text = render(&without_projects(full_figures()), ExporterOptions::default(), format);
        let samples: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| Some(line.rsplit_once(' ')?.0))
            .collect();
        let distinct: BTreeSet<&str> = samples.iter().copied().collect();
        assert_eq!(samples.len(), distinct.len());
    }
}

#[test]
fn counters_keep_their_values_over_a_restart_and_gauges_are_restated() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().join("telemetry");
    let mut usage = without_projects(full_figures());
    let cost_after = |usage: &UsageFigures, minutes| {
        let mut exporter = MetricsExporter::open(&folder, ExporterOptions::default()).expect("counters");
        let text = exporter.render(usage, ExpositionFormat::PrometheusText, start() + TimeDelta::minutes(minutes));
        ["token_monitor_cost_usd_total", "token_monitor_ledger_cost_usd"].map(|name| {
            let prefix = format!("{name}{{model=\"claude-sonnet-5\"}} ");
            text.lines().find_map(|line| line.strip_prefix(prefix.as_str())).expect("a sample").to_owned()
        })
    };
    assert_eq!(cost_after(&usage, 0), ["0.01", "0.01"]);
    usage.rows[1].totals.total_cost = Some(0.004);
    assert_eq!(cost_after(&usage, 1), ["0.01", "0.004"], "a lower price");
    usage.rows[1].totals.total_cost = Some(0.012);
    assert_eq!(cost_after(&usage, 2), ["0.012", "0.012"]);
}

/// Returns the names of metrics in a text.
fn metric_names(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(|c| !is_part(c)).filter(|word| word.starts_with("token_monitor_")).map(str::to_owned).collect()
}

#[test]
fn every_metric_of_the_board_and_the_alert_rules_is_exported() {
    let text = render(&without_projects(full_figures()), ExporterOptions::default(), ExpositionFormat::PrometheusText);
    let exported = metric_names(&text);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/grafana");
    for name in ["token-monitor.json", "alerts.yaml"] {
        let used = metric_names(&std::fs::read_to_string(folder.join(name)).expect("it is text"));
        assert!(used.len() > 4, "{name} uses metrics");
        assert_eq!(used.difference(&exported).collect::<Vec<_>>(), Vec::<&String>::new(), "{name}");
    }
}

#[test]
fn every_metric_is_documented() {
    let text = render(&without_projects(full_figures()), ExporterOptions::default(), ExpositionFormat::PrometheusText);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/metrics.md");
    let documented = metric_names(&std::fs::read_to_string(page).expect("it is text"));
    assert_eq!(metric_names(&text).difference(&documented).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn the_board_is_json_with_panels_of_its_own_data_source() {
    let board = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/grafana/token-monitor.json");
    let board: serde_json::Value =
        serde_json::from_slice(&std::fs::read(board).expect("it is there")).expect("it is JSON");
    let panels = board["panels"].as_array().expect("there are panels");
    let ids: BTreeSet<_> = panels.iter().filter_map(|panel| panel["id"].as_u64()).collect();
    assert_eq!(ids.len(), panels.len(), "ids are unique");
    for target in panels.iter().flat_map(|panel| panel["targets"].as_array().expect("queries")) {
        assert_eq!(target["datasource"]["uid"], "${datasource}");
    }
}
