//! The syntax of the bars. Each bar has its own characters that must be escaped.

use chrono::{DateTime, Utc};
use serde::Serialize;
use token_monitor_core::report::LimitLevel;
use token_monitor_export::to_json;

use crate::commands::bar::BarFormat;
use crate::commands::bar::content::BarContent;
use crate::error::CliError;

/// Returns the contents in the syntax of a bar.
pub(super) fn render(content: &BarContent, format: BarFormat) -> Result<String, CliError> {
    match format {
        BarFormat::Waybar => Ok(to_json(&WaybarJson::new(content))?),
        BarFormat::Polybar => Ok(content.text.replace("%{", "% {")),
        BarFormat::I3blocks => Ok(to_json(&I3blocksJson::new(content))?),
        BarFormat::Tmux => Ok(tmux_text(content)),
        BarFormat::Starship => Ok(content.text.clone()),
        BarFormat::Xbar => Ok(xbar_text(content)),
        BarFormat::Json => Ok(to_json(&StateJson::new(content))?),
    }
}

/// The fields that Waybar reads. Text and tooltip are Pango markup.
#[derive(Serialize)]
struct WaybarJson<'a> {
    text: String,
    alt: &'a str,
    tooltip: String,
    class: Vec<&'a str>,
    percentage: u8,
}

impl<'a> WaybarJson<'a> {
    fn new(content: &'a BarContent) -> Self {
        let class = content.classes();
        Self {
            text: escape_markup(&content.text),
            // The icon of a session that waits is more urgent than that of the level.
            alt: if content.waiting > 0 { "waiting" } else { class.first().copied().unwrap_or_default() },
            tooltip: escape_markup(&content.tooltip.join("\n")),
            percentage: content.percentage.map_or(0, whole_percent),
            class,
        }
    }
}

/// The fields that i3blocks passes on to i3bar.
#[derive(Serialize)]
struct I3blocksJson<'a> {
    full_text: &'a str,
    short_text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<&'static str>,
}

impl<'a> I3blocksJson<'a> {
    fn new(content: &'a BarContent) -> Self {
        let color = match content.level {
            LimitLevel::Calm => None,
            LimitLevel::Busy => Some("#e5c07b"),
            LimitLevel::High => Some("#e0864c"),
            LimitLevel::Over => Some("#e06c75"),
        };
        let short_text = content.text.split(" · ").next().unwrap_or_default();
        Self { full_text: &content.text, short_text, color }
    }
}

/// The figures for other programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StateJson<'a> {
    text: &'a str,
    tooltip: &'a [String],
    class: Vec<&'a str>,
    percentage: Option<f64>,
    tokens: u128,
    cost: Option<f64>,
    tokens_per_minute: u64,
    block_ends_at: Option<DateTime<Utc>>,
    resets_at: Option<DateTime<Utc>>,
    waiting: usize,
    busy: usize,
    is_stale: bool,
}

impl<'a> StateJson<'a> {
    fn new(content: &'a BarContent) -> Self {
        Self {
            text: &content.text,
            tooltip: &content.tooltip,
            class: content.classes(),
            percentage: content.percentage,
            tokens: content.tokens,
            cost: content.cost,
            tokens_per_minute: content.tokens_per_minute,
            block_ends_at: content.block_ends_at,
            resets_at: content.resets_at,
            waiting: content.waiting,
            busy: content.busy,
            is_stale: content.is_stale,
        }
    }
}

/// Returns a percentage as a whole number that is 100 only if the limit is reached.
fn whole_percent(percent: f64) -> u8 {
    if percent >= 100.0 { 100 } else { percent.clamp(0.0, 99.0) as u8 }
}

fn escape_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn tmux_text(content: &BarContent) -> String {
    let text = content.text.replace('#', "##");
    let color = match content.level {
        LimitLevel::Calm => return text,
        LimitLevel::Busy => "yellow",
        LimitLevel::High => "red",
        LimitLevel::Over => "red,bold",
    };
    format!("#[fg={color}]{text}#[default]")
}

/// Returns the text and, below three hyphens, the lines of the menu. A `|` would begin parameters.
fn xbar_text(content: &BarContent) -> String {
    let lines = content.tooltip.iter().map(|line| line.replace('|', "¦"));
    let menu: Vec<String> = lines.map(|line| if line.starts_with('-') { format!(" {line}") } else { line }).collect();
    format!("{}\n---\n{}", content.text.replace('|', "¦"), menu.join("\n"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn content(level: LimitLevel) -> BarContent {
        BarContent {
            text: "1.2M · <1% · #1 | %{F}".to_owned(),
            tooltip: vec!["Today & <1%".to_owned(), "--- a|b".to_owned()],
            level,
            is_stale: true,
            waiting: 1,
            busy: 0,
            percentage: Some(99.9),
            tokens: 1_200_000,
            cost: None,
            tokens_per_minute: 0,
            block_ends_at: None,
            resets_at: None,
        }
    }

    #[rstest]
    #[case(BarFormat::Waybar, r#"{"text":"1.2M · &lt;1% · #1 | %{F}","alt":"waiting","tooltip":"Today &amp; &lt;1%\n--- a|b","class":["high","stale","waiting"],"percentage":99}"#)]
    #[case(BarFormat::Polybar, "1.2M · <1% · #1 | % {F}")]
    #[case(BarFormat::I3blocks, r##"{"full_text":"1.2M · <1% · #1 | %{F}","short_text":"1.2M","color":"#e0864c"}"##)]
    #[case(BarFormat::Tmux, "#[fg=red]1.2M · <1% · ##1 | %{F}#[default]")]
    #[case(BarFormat::Starship, "1.2M · <1% · #1 | %{F}")]
    #[case(BarFormat::Xbar, "1.2M · <1% · #1 ¦ %{F}\n---\nToday & <1%\n --- a¦b")]
    fn each_bar_has_its_own_syntax(#[case] format: BarFormat, #[case] expected: &str) {
        assert_eq!(render(&content(LimitLevel::High), format).expect("it is rendered"), expected);
    }

    #[test]
    fn a_calm_bar_has_no_color() {
        assert_eq!(tmux_text(&content(LimitLevel::Calm)), "1.2M · <1% · ##1 | %{F}");
        assert!(!render(&content(LimitLevel::Calm), BarFormat::I3blocks).expect("it is rendered").contains("color"));
    }

    #[test]
    fn a_percentage_is_full_only_at_the_limit() {
        assert_eq!([-1.0, 0.4, 99.99, 100.0, 240.0].map(whole_percent), [0, 0, 99, 100, 100]);
    }
}
