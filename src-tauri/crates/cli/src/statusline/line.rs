//! The status line's words. Pure: what was told, what the app says and the time are arguments.
//!
//! One line, each figure with its label; a part that is not known is left out. What others wrote reaches it without
//! control characters and at a bounded length.

use token_monitor_core::money::Usd;
use token_monitor_core::quota::{FiveHours, StatusInput};
use token_monitor_core::report::model::{BillingBlock, BlockSource, BurnRate, Label, LimitUse, Progress, Snapshot};
use token_monitor_core::time::Timestamp;

use crate::render::format::{clean, grouped, left, painted, percent, short};

/// Names are the only parts whose length others decide.
const LONGEST_NAME: usize = 40;

/// What the running app says.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    block: Option<Block>,
    burn: BurnRate,
    still_reading: bool,
}

#[derive(Clone, Debug)]
struct Block {
    tokens: u128,
    used: Option<(f64, Label)>,
    end: Timestamp,
    source: BlockSource,
}

impl Measured {
    /// The parts of a snapshot that a line shows.
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        Self {
            block: snapshot.current_block.as_ref().map(|block| Block::of(block, snapshot.block_use.as_ref())),
            burn: snapshot.burn_rate,
            still_reading: matches!(snapshot.progress, Progress::Importing { .. }),
        }
    }
}

impl Block {
    fn of(block: &BillingBlock, used: Option<&LimitUse>) -> Self {
        let used = used.map(|used| (used.used_percent, used.label));
        Self { tokens: block.tokens_used, used, end: block.end_time.into(), source: block.source }
    }

    fn words(&self, now: Timestamp) -> String {
        let left = left(self.end.utc(), now.utc());
        match self.used {
            Some((share, label)) => {
                format!("block {} {}, {left} {}", percent(share), label.word(), self.source.words())
            }
            None => format!("block {} tokens measured, {left} {}", grouped(self.tokens), self.source.words()),
        }
    }
}

/// The line.
pub(crate) fn compose(told: &StatusInput, app: Option<&Measured>, now: Timestamp, colour: bool) -> String {
    let official = told.limits.five_hours(now).map(|window| official(&window, now));
    let parts = [
        told.model.as_deref().map(name),
        told.session_name.as_deref().map(name),
        official.or_else(|| Some(app?.block.as_ref()?.words(now))),
        app.map(|app| burn(&app.burn, colour)),
        told.cost.map(|cost| format!("{} API-equivalent", dollars(cost))),
        told.context.map(|used| format!("context {} % official", used.percent())),
        app.filter(|app| app.still_reading).map(|_| "still reading logs".to_owned()),
    ];
    let known: Vec<_> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    if known.is_empty() { "Token Monitor: no figures yet".to_owned() } else { known.join(" · ") }
}

fn name(text: &str) -> String {
    short(clean(text).trim(), LONGEST_NAME)
}

fn official(window: &FiveHours, now: Timestamp) -> String {
    let used = window.used.percent();
    let left = window.resets.map_or(String::new(), |end| format!(", {}", left(end.utc(), now.utc())));
    format!("block {used} % official{left}")
}

fn burn(burn: &BurnRate, colour: bool) -> String {
    let rate = painted(&grouped(u128::from(burn.tokens_per_minute)), burn.level, colour);
    format!("{rate} tok/min {}", burn.label.word())
}

/// To the cent.
fn dollars(amount: Usd) -> String {
    const CENT: u64 = Usd::ONE.0 / 100;
    let cents = amount.0.saturating_add(CENT / 2) / CENT;
    format!("${}.{:02}", grouped(u128::from(cents / 100)), cents % 100)
}

#[cfg(test)]
mod tests {
    use token_monitor_core::report::model::BurnLevel;

    use super::*;

    /// 2026-11-22T12:00:00Z
    const NOON: Timestamp = Timestamp(1_795_348_800_000_000);
    const MINUTE: i64 = 60_000_000;

    fn told(json: &str) -> StatusInput {
        StatusInput::read(json.as_bytes()).expect("is an object")
    }

    fn measured(used: Option<(f64, Label)>) -> Measured {
        let burn = BurnRate {
            tokens_per_minute: 1_840,
            fresh_tokens_per_minute: 2_100,
            level: BurnLevel::Moderate,
            cost_per_hour: None,
            label: Label::Measured,
        };
        let end = Timestamp(NOON.0 + 213 * MINUTE);
        let block = Block { tokens: 2_707_470, used, end, source: BlockSource::Estimate };
        Measured { block: Some(block), burn, still_reading: false }
    }

    fn line(json: &str, app: Option<&Measured>) -> String {
        compose(&told(json), app, NOON, false)
    }

    const FULL: &str = r#"{"model":{"display_name":"Opus 5.5"},"session_name":"fix login flow",
        "cost":{"total_cost_usd":3.41},"context_window":{"used_percentage":42},
        "rate_limits":{"five_hour":{"used_percentage":38,"resets_at":1795356600}}}"#;

    #[test]
    fn every_figure_has_its_label() {
        assert_eq!(
            line(FULL, Some(&measured(None))),
            "Opus 5.5 · fix login flow · block 38 % official, 2 h 10 m left · 1,840 tok/min measured \
             · $3.41 API-equivalent · context 42 % official"
        );
    }

    #[test]
    fn without_the_app_its_figures_are_left_out() {
        let line = line(FULL, None);
        assert!(line.contains("38 % official") && !line.contains("tok/min"), "{line}");
    }

    #[test]
    fn without_official_figures_the_measured_block_stands() {
        let model = r#"{"model":"m","rate_limits":{"five_hour":{"used_percentage":1795356600}}}"#;
        let block = |used| line(model, Some(&measured(used)));
        let rest = "3 h 33 m left estimated · 1,840 tok/min measured";
        assert_eq!(block(None), format!("m · block 2,707,470 tokens measured, {rest}"));
        assert_eq!(block(Some((54.1, Label::Estimated))), format!("m · block 54 % estimated, {rest}"));
    }

    #[test]
    fn figures_that_still_grow_say_so() {
        let app = Measured { still_reading: true, block: None, ..measured(None) };
        assert_eq!(line("{}", Some(&app)), "1,840 tok/min measured · still reading logs");
    }

    #[test]
    fn where_nothing_is_known_that_is_said() {
        assert_eq!(line("{}", None), "Token Monitor: no figures yet");
    }

    #[test]
    fn names_stay_on_one_line_and_command_no_terminal() {
        let evil = r#"{"model":{"display_name":"a\u001b[31mb\nc\u202e"},"session_name":"\r\n"}"#;
        assert_eq!(line(evil, None), "a[31mbc");
        let long = format!(r#"{{"session_name":"{}"}}"#, "x".repeat(500));
        assert_eq!(line(&long, None).chars().count(), LONGEST_NAME);
    }

    #[test]
    fn dollars_are_shown_to_the_cent() {
        let amounts = [0, 4_999_999, 5_000_000, 1_234_567_890_000, u64::MAX].map(|nanos| dollars(Usd(nanos)));
        assert_eq!(amounts, ["$0.00", "$0.00", "$0.01", "$1,234.57", "$18,446,744,073.70"]);
    }

    #[test]
    fn colour_is_for_those_who_asked() {
        assert!(compose(&told("{}"), Some(&measured(None)), NOON, true).contains("\u{1b}[33m1,840\u{1b}[0m"));
    }
}
