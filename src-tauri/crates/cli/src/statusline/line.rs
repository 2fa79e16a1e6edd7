//! Composes the text of the status line.
//!
//! Pure: the input, the figures of the app and the time are arguments. Each figure is labeled, and unknown parts are
//! omitted. Names are sanitized and limited in length, so that the result is one line. If it is too wide, parts leave in
//! a fixed order: the used share of the limit and the time left stay longest.

use token_monitor_core::quota::{FiveHourUsage, StatusLineInput};
use token_monitor_core::report::model::{BillingBlock, BlockSource, BurnRate, LimitUse, Snapshot};
use token_monitor_core::text::format::{format_compact, format_number, format_percent, format_tokens, format_usd};
use token_monitor_core::text::phrases::{
    block_name, block_share_label, block_time_left, import_phrase, missing_folders_phrase, problem_phrase,
    share_of_limit, time_left,
};
use token_monitor_core::text::sanitize::sanitize_name;
use token_monitor_core::time::Timestamp;
use unicode_width::UnicodeWidthStr;

use crate::render::format::paint_level;

/// The longest name of a model or session, in characters.
const MAX_NAME_CHARS: usize = 40;

/// The figures of the running app.
#[derive(Clone, Debug)]
pub(crate) struct AppFigures {
    block: Option<BlockFigures>,
    burn_rate: BurnRate,
    /// The progress while logs are being imported, so that the figures are incomplete.
    import: Option<String>,
    /// The first problem, if there are any.
    problems: Option<String>,
}

/// The current block.
#[derive(Clone, Debug)]
struct BlockFigures {
    tokens: u128,
    /// The share of the limit or of past blocks. None without either.
    share: Option<LimitUse>,
    /// The label of the share or of the tokens, with the age of a stale figure.
    label: String,
    end: Timestamp,
    source: BlockSource,
    name: String,
}

impl AppFigures {
    /// Selects the figures of a snapshot that the line shows.
    pub(crate) fn from_snapshot(snapshot: &Snapshot) -> Self {
        Self {
            block: snapshot.current_block.as_ref().map(|block| BlockFigures::from_block(block, snapshot)),
            burn_rate: snapshot.burn_rate,
            import: import_phrase(&snapshot.progress),
            problems: missing_folders_phrase(snapshot)
                .map(str::to_owned)
                .or_else(|| problem_phrase(&snapshot.problems)),
        }
    }
}

impl BlockFigures {
    fn from_block(block: &BillingBlock, snapshot: &Snapshot) -> Self {
        Self {
            tokens: block.tokens_used,
            share: snapshot.block_use.clone(),
            label: block_share_label(snapshot),
            end: block.end_time.into(),
            source: block.source,
            name: block_name(block),
        }
    }

    fn block_part(&self, now: Timestamp) -> LinePart {
        let left = block_time_left(self.end.to_utc() - now.to_utc(), self.share.as_ref());
        let tokens = || format!("{} tokens", format_compact(self.tokens));
        let (used, short_used) = match &self.share {
            Some(share) if share.basis.is_limit() => {
                (format!("{} used", format_percent(share.used_percent)), format_percent(share.used_percent))
            }
            Some(share) => (share_of_limit(share, |limit| format_tokens(limit as u128)), tokens()),
            None => (format_tokens(self.tokens), tokens()),
        };
        let text = format!("{} {used} {}, {left} {}", self.name, self.label, self.source.phrase());
        let short_text = format!("{short_used}, {left}");
        LinePart { short_text: Some(short_text), ..LinePart::new(PartKind::Block, text) }
    }
}

/// The content of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineInput<'a> {
    /// The figures of Claude Code.
    pub(crate) input: &'a StatusLineInput,
    /// The figures of the running app, if it answers.
    pub(crate) app: Option<&'a AppFigures>,
    pub(crate) now: Timestamp,
    /// A problem that the line mentions.
    pub(crate) notice: Option<&'a str>,
}

/// The kinds of parts, in the order in which they leave a line that is too wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PartKind {
    Context,
    Cost,
    SessionName,
    Notice,
    BurnRate,
    Model,
    Block,
}

/// A part of the line.
#[derive(Clone, Debug)]
struct LinePart {
    kind: PartKind,
    /// The text without colors.
    text: String,
    /// The text with colors.
    colored_text: Option<String>,
    /// The text for a narrow line.
    short_text: Option<String>,
}

impl LinePart {
    fn new(kind: PartKind, text: String) -> Self {
        Self { kind, text, colored_text: None, short_text: None }
    }
}

/// The text between two parts.
const SEPARATOR: &str = " · ";

/// Returns the status line. It is not wider than `columns`, if given.
pub(crate) fn render_line(content: &LineInput<'_>, columns: Option<usize>, color: bool) -> String {
    let LineInput { input, app, now, notice } = *content;
    let official = input.limits.five_hour_usage(now).map(|window| official_part(&window, now));
    let part = |kind: PartKind| move |text: String| LinePart::new(kind, text);
    let parts = [
        input.model.as_deref().map(name_text).map(part(PartKind::Model)),
        input.session_name.as_deref().map(name_text).map(part(PartKind::SessionName)),
        official.or_else(|| Some(app?.block.as_ref()?.block_part(now))),
        app.map(|app| burn_rate_part(&app.burn_rate, color)),
        input.cost.map(|cost| format!("{} API-equivalent", format_usd(cost))).map(part(PartKind::Cost)),
        input
            .context
            .map(|used| format!("context {} official", format_percent(used.percent())))
            .map(part(PartKind::Context)),
        app.and_then(|app| app.import.clone()).map(part(PartKind::Notice)),
        app.and_then(|app| app.problems.clone()).map(part(PartKind::Notice)),
        notice.map(str::to_owned).map(part(PartKind::Notice)),
    ];
    let known: Vec<_> = parts.into_iter().flatten().filter(|part| !part.text.is_empty()).collect();
    match known.is_empty() {
        true => fit_line("Token Monitor: no figures yet".to_owned(), columns),
        false => join_parts(known, columns),
    }
}

/// Joins the parts that fit. The last one that remains is shortened.
fn join_parts(mut parts: Vec<LinePart>, columns: Option<usize>) -> String {
    let width = |parts: &[LinePart]| {
        let separators = SEPARATOR.width() * parts.len().saturating_sub(1);
        parts.iter().map(|part| part.text.width()).sum::<usize>() + separators
    };
    let is_too_wide = |parts: &[LinePart]| columns.is_some_and(|columns| width(parts) > columns);
    while parts.len() > 1 && is_too_wide(&parts) {
        let kinds = parts.iter().enumerate().rev().map(|(index, part)| (part.kind, index));
        let Some((_, first)) = kinds.min_by_key(|(kind, _)| *kind) else { break };
        parts.remove(first);
    }
    if is_too_wide(&parts) {
        let short = parts.into_iter().map(|part| part.short_text.unwrap_or(part.text));
        return fit_line(short.collect(), columns);
    }
    parts.into_iter().map(|part| part.colored_text.unwrap_or(part.text)).collect::<Vec<_>>().join(SEPARATOR)
}

/// Truncates a text without colors that is wider than the columns; it then ends with `…`.
pub(crate) fn fit_line(text: String, columns: Option<usize>) -> String {
    let Some(columns) = columns.filter(|columns| text.width() > *columns) else { return text };
    let ends = text.char_indices().map(|(start, _)| start).take_while(|end| text[..*end].width() < columns);
    let end = ends.last().unwrap_or_default();
    format!("{}…", text[..end].trim_end())
}

fn name_text(text: &str) -> String {
    sanitize_name(text, MAX_NAME_CHARS)
}

fn official_part(window: &FiveHourUsage, now: Timestamp) -> LinePart {
    let used = format_percent(window.used.percent());
    let left = window.resets_at.map_or(String::new(), |end| format!(", {}", time_left(end.to_utc() - now.to_utc())));
    let short_text = Some(format!("{used}{left}"));
    LinePart { short_text, ..LinePart::new(PartKind::Block, format!("block {used} used official{left}")) }
}

fn burn_rate_part(burn_rate: &BurnRate, color: bool) -> LinePart {
    let text = |color: bool| {
        if burn_rate.is_at_rest() {
            return format!("burn rate {}", paint_level(burn_rate.level_phrase(), burn_rate.level, color));
        }
        let rate = paint_level(&format_number(u128::from(burn_rate.tokens_per_minute)), burn_rate.level, color);
        format!("{rate} tok/min {}", burn_rate.label.as_str())
    };
    LinePart { colored_text: Some(text(color)), ..LinePart::new(PartKind::BurnRate, text(false)) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use token_monitor_core::report::model::{BurnLevel, LimitBasis, Provenance};

    use super::*;

    /// The instant 2026-11-22T12:00:00Z.
    const NOON: Timestamp = Timestamp(1_795_348_800_000_000);

    fn parse_input(json: &str) -> StatusLineInput {
        StatusLineInput::parse(json.as_bytes()).expect("it is an object")
    }

    /// Returns 54.1% of five million tokens.
    fn block_share(basis: LimitBasis, label: Provenance) -> LimitUse {
        LimitUse {
            used_percent: 54.1,
            basis,
            limit: Some(5e6),
            projected_percent: None,
            runs_out_at: None,
            elsewhere_percent: None,
            label,
        }
    }

    fn own_limit() -> LimitUse {
        block_share(LimitBasis::Number, Provenance::Measured)
    }

    fn app_figures(share: Option<LimitUse>) -> AppFigures {
        let burn_rate = BurnRate {
            tokens_per_minute: 1_840,
            fresh_tokens_per_minute: 2_100,
            level: BurnLevel::Moderate,
            cost_per_hour: None,
            cost_is_lower_bound: false,
            label: Provenance::Measured,
        };
        let end = Timestamp(NOON.0 + 213 * token_monitor_core::time::MICROS_PER_MINUTE);
        let label = share.as_ref().map_or(Provenance::Measured, |share| share.label).as_str().to_owned();
        let block = BlockFigures {
            tokens: 2_707_470,
            share,
            label,
            end,
            source: BlockSource::Estimate,
            name: "block".to_owned(),
        };
        AppFigures { block: Some(block), burn_rate, import: None, problems: None }
    }

    fn line(json: &str, app: Option<&AppFigures>) -> String {
        narrow_line(json, app, None)
    }

    fn narrow_line(json: &str, app: Option<&AppFigures>, columns: Option<usize>) -> String {
        render_line(&LineInput { input: &parse_input(json), app, now: NOON, notice: None }, columns, false)
    }

    const FULL: &str = r#"{"model":{"display_name":"Opus 5.5"},"session_name":"fix login flow",
        "cost":{"total_cost_usd":3.41},"context_window":{"used_percentage":42},
        "rate_limits":{"five_hour":{"used_percentage":38,"resets_at":1795356600}}}"#;

    #[test]
    fn every_figure_has_its_label() {
        assert_eq!(
            line(FULL, Some(&app_figures(None))),
            "Opus 5.5 · fix login flow · block 38% used official, 2h 10m left · 1,840 tok/min measured \
             · $3.41 API-equivalent · context 42% official"
        );
    }

    #[test]
    fn without_the_app_its_figures_are_omitted() {
        let line = line(FULL, None);
        assert!(line.contains("38% used official") && !line.contains("tok/min"), "{line}");
    }

    #[test]
    fn without_official_figures_the_block_of_the_app_is_shown() {
        let model = r#"{"model":"m","rate_limits":{"five_hour":{"used_percentage":1795356600}}}"#;
        let block = |used| line(model, Some(&app_figures(used)));
        let rest = "ends in 3h 33m estimated · 1,840 tok/min measured";
        assert_eq!(block(None), format!("m · block 2,707,470 tokens measured, {rest}"));
        let usual = block(Some(block_share(LimitBasis::P90, Provenance::Estimated)));
        assert_eq!(usual, format!("m · block 54% of your usual maximum estimated, {rest}"));
        let own = block(Some(own_limit()));
        assert_eq!(own, "m · block 54% used measured, 3h 33m left estimated · 1,840 tok/min measured");
    }

    #[test]
    fn an_import_in_progress_is_mentioned() {
        let import = Some("reading logs: 42%".to_owned());
        let app = AppFigures { import, block: None, ..app_figures(None) };
        assert_eq!(line("{}", Some(&app)), "1,840 tok/min measured · reading logs: 42%");
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
        let (input, app) = (parse_input("{}"), app_figures(None));
        let content = LineInput { input: &input, app: Some(&app), now: NOON, notice: None };
        assert!(render_line(&content, None, true).contains("\u{1b}[33m1,840\u{1b}[0m"));
    }

    #[rstest]
    #[case(
        200,
        "Opus 5.5 · fix login flow · block 38% used official, 2h 10m left · 1,840 tok/min measured · $3.41 API-equivalent · context 42% official"
    )]
    #[case(
        125,
        "Opus 5.5 · fix login flow · block 38% used official, 2h 10m left · 1,840 tok/min measured · $3.41 API-equivalent"
    )]
    #[case(100, "Opus 5.5 · fix login flow · block 38% used official, 2h 10m left · 1,840 tok/min measured")]
    #[case(75, "Opus 5.5 · block 38% used official, 2h 10m left · 1,840 tok/min measured")]
    #[case(50, "Opus 5.5 · block 38% used official, 2h 10m left")]
    #[case(36, "block 38% used official, 2h 10m left")]
    #[case(20, "38%, 2h 10m left")]
    #[case(8, "38%, 2h…")]
    #[case(1, "…")]
    fn the_limit_and_the_time_left_stay_longest(#[case] columns: usize, #[case] text: &str) {
        assert_eq!(narrow_line(FULL, Some(&app_figures(None)), Some(columns)), text);
    }

    #[test]
    fn no_line_is_wider_than_the_columns() {
        let wide = r#"{"model":{"display_name":"作品 🦀 Opus"},"session_name":"修复登录流程的名称","cost":{"total_cost_usd":3.41}}"#;
        for json in ["{}", FULL, wide] {
            for app in [None, Some(app_figures(None)), Some(app_figures(Some(own_limit())))] {
                for columns in 1..150 {
                    let line = narrow_line(json, app.as_ref(), Some(columns));
                    assert!(line.width() <= columns && !line.is_empty(), "{columns}: {line}");
                }
            }
        }
    }

    #[test]
    fn wide_characters_count_as_two_columns() {
        assert_eq!(fit_line("漢字漢字".to_owned(), Some(8)), "漢字漢字");
        assert_eq!(fit_line("漢字漢字".to_owned(), Some(7)), "漢字漢…");
        assert_eq!(fit_line("漢字漢字".to_owned(), Some(6)), "漢字…");
    }

    #[test]
    fn a_narrow_line_without_official_figures_shows_the_block_of_the_app() {
        let app = app_figures(Some(own_limit()));
        assert_eq!(narrow_line("{}", Some(&app), Some(20)), "54%, 3h 33m left");
        assert_eq!(narrow_line("{}", Some(&app_figures(None)), Some(30)), "2.71M tokens, ends in 3h 33m");
    }
}
