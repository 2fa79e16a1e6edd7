//! Composes the text of the status line.
//!
//! Pure: the input, the figures of the app and the time are arguments. Each figure is labeled, and unknown parts are
//! omitted. Names are sanitized and limited in length, so that the result is one line.

use token_monitor_core::quota::{FiveHourUsage, StatusLineInput};
use token_monitor_core::report::model::{
    BillingBlock, BlockSource, BurnRate, LimitUse, Progress, Provenance, Snapshot,
};
use token_monitor_core::text::format::{format_number, format_percent, format_usd};
use token_monitor_core::text::phrases::time_left;
use token_monitor_core::text::sanitize::sanitize_name;
use token_monitor_core::time::Timestamp;

use crate::render::format::paint_level;

/// The longest name of a model or session, in characters.
const MAX_NAME_CHARS: usize = 40;

/// The figures of the running app.
#[derive(Clone, Debug)]
pub(crate) struct AppFigures {
    block: Option<BlockFigures>,
    burn_rate: BurnRate,
    /// True while logs are being imported, so that the figures are incomplete.
    is_importing: bool,
}

/// The current block.
#[derive(Clone, Debug)]
struct BlockFigures {
    tokens: u128,
    /// The used share of the limit in percent, and its label. None if there is no limit.
    used: Option<(f64, Provenance)>,
    end: Timestamp,
    source: BlockSource,
}

impl AppFigures {
    /// Selects the figures of a snapshot that the line shows.
    pub(crate) fn from_snapshot(snapshot: &Snapshot) -> Self {
        Self {
            block: snapshot
                .current_block
                .as_ref()
                .map(|block| BlockFigures::from_block(block, snapshot.block_use.as_ref())),
            burn_rate: snapshot.burn_rate,
            is_importing: matches!(snapshot.progress, Progress::Importing { .. }),
        }
    }
}

impl BlockFigures {
    fn from_block(block: &BillingBlock, used: Option<&LimitUse>) -> Self {
        let used = used.map(|used| (used.used_percent, used.label));
        Self { tokens: block.tokens_used, used, end: block.end_time.into(), source: block.source }
    }

    fn block_text(&self, now: Timestamp) -> String {
        let left = time_left(self.end.to_utc() - now.to_utc());
        match self.used {
            Some((share, label)) => {
                format!("block {} {}, {left} {}", format_percent(share), label.as_str(), self.source.phrase())
            }
            None => format!("block {} tokens measured, {left} {}", format_number(self.tokens), self.source.phrase()),
        }
    }
}

/// Returns the status line.
pub(crate) fn render_line(input: &StatusLineInput, app: Option<&AppFigures>, now: Timestamp, color: bool) -> String {
    let official = input.limits.five_hour_usage(now).map(|window| official_text(&window, now));
    let parts = [
        input.model.as_deref().map(name_text),
        input.session_name.as_deref().map(name_text),
        official.or_else(|| Some(app?.block.as_ref()?.block_text(now))),
        app.map(|app| burn_rate_text(&app.burn_rate, color)),
        input.cost.map(|cost| format!("{} API-equivalent", format_usd(cost))),
        input.context.map(|used| format!("context {} official", format_percent(used.percent()))),
        app.filter(|app| app.is_importing).map(|_| "still reading logs".to_owned()),
    ];
    let known: Vec<_> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    if known.is_empty() { "Token Monitor: no figures yet".to_owned() } else { known.join(" · ") }
}

fn name_text(text: &str) -> String {
    sanitize_name(text, MAX_NAME_CHARS)
}

fn official_text(window: &FiveHourUsage, now: Timestamp) -> String {
    let used = format_percent(window.used.percent());
    let left = window.resets_at.map_or(String::new(), |end| format!(", {}", time_left(end.to_utc() - now.to_utc())));
    format!("block {used} official{left}")
}

fn burn_rate_text(burn_rate: &BurnRate, color: bool) -> String {
    let rate = paint_level(&format_number(u128::from(burn_rate.tokens_per_minute)), burn_rate.level, color);
    format!("{rate} tok/min {}", burn_rate.label.as_str())
}

#[cfg(test)]
mod tests {
    use token_monitor_core::report::model::BurnLevel;

    use super::*;

    /// The instant 2026-11-22T12:00:00Z.
    const NOON: Timestamp = Timestamp(1_795_348_800_000_000);

    fn parse_input(json: &str) -> StatusLineInput {
        StatusLineInput::parse(json.as_bytes()).expect("it is an object")
    }

    fn app_figures(used: Option<(f64, Provenance)>) -> AppFigures {
        let burn_rate = BurnRate {
            tokens_per_minute: 1_840,
            fresh_tokens_per_minute: 2_100,
            level: BurnLevel::Moderate,
            cost_per_hour: None,
            label: Provenance::Measured,
        };
        let end = Timestamp(NOON.0 + 213 * token_monitor_core::time::MICROS_PER_MINUTE);
        let block = BlockFigures { tokens: 2_707_470, used, end, source: BlockSource::Estimate };
        AppFigures { block: Some(block), burn_rate, is_importing: false }
    }

    fn line(json: &str, app: Option<&AppFigures>) -> String {
        render_line(&parse_input(json), app, NOON, false)
    }

    const FULL: &str = r#"{"model":{"display_name":"Opus 5.5"},"session_name":"fix login flow",
        "cost":{"total_cost_usd":3.41},"context_window":{"used_percentage":42},
        "rate_limits":{"five_hour":{"used_percentage":38,"resets_at":1795356600}}}"#;

    #[test]
    fn every_figure_has_its_label() {
        assert_eq!(
            line(FULL, Some(&app_figures(None))),
            "Opus 5.5 · fix login flow · block 38% official, 2h 10m left · 1,840 tok/min measured \
             · $3.41 API-equivalent · context 42% official"
        );
    }

    #[test]
    fn without_the_app_its_figures_are_omitted() {
        let line = line(FULL, None);
        assert!(line.contains("38% official") && !line.contains("tok/min"), "{line}");
    }

    #[test]
    fn without_official_figures_the_block_of_the_app_is_shown() {
        let model = r#"{"model":"m","rate_limits":{"five_hour":{"used_percentage":1795356600}}}"#;
        let block = |used| line(model, Some(&app_figures(used)));
        let rest = "3h 33m left estimated · 1,840 tok/min measured";
        assert_eq!(block(None), format!("m · block 2,707,470 tokens measured, {rest}"));
        assert_eq!(block(Some((54.1, Provenance::Estimated))), format!("m · block 54% estimated, {rest}"));
    }

    #[test]
    fn an_import_in_progress_is_mentioned() {
        let app = AppFigures { is_importing: true, block: None, ..app_figures(None) };
        assert_eq!(line("{}", Some(&app)), "1,840 tok/min measured · still reading logs");
    }

    #[test]
    fn without_figures_the_line_is_not_empty() {
        assert_eq!(line("{}", None), "Token Monitor: no figures yet");
    }

    #[test]
    fn names_are_sanitized_and_truncated() {
        let evil = r#"{"model":{"display_name":"a\u001b[31mb\nc\u202e"},"session_name":"\r\n"}"#;
        assert_eq!(line(evil, None), "a[31mb c");
        let long = format!(r#"{{"session_name":"{}"}}"#, "x".repeat(500));
        assert_eq!(line(&long, None).chars().count(), MAX_NAME_CHARS);
    }

    #[test]
    fn color_is_used_on_request() {
        assert!(
            render_line(&parse_input("{}"), Some(&app_figures(None)), NOON, true).contains("\u{1b}[33m1,840\u{1b}[0m")
        );
    }
}
