//! The phrases for the enums of a snapshot: provenance, block sources, limits, windows and burn rates.
//!
//! The command, the tray, alerts and the status line take these phrases from here; the page has the same ones in
//! `ui/src/strings/`.

use chrono::{DateTime, TimeDelta, Utc};

use crate::report::model::{
    AgentState, AgentStatus, BillingBlock, BlockSource, BurnLevel, BurnRate, LimitBasis, LimitUse, Problem, Progress,
    ProjectedRange, Provenance, QuotaStats, Snapshot, Totals, WindowKind,
};
use crate::text::format::{
    format_age, format_count, format_dollars, format_duration, format_number, format_percent, format_percent_range,
};
use crate::text::sanitize::sanitize_name;

/// The maximum length of a name inside a phrase, in characters.
const MAX_SCOPE_LENGTH: usize = 40;

/// The maximum length of a problem inside a phrase, in characters.
const MAX_PROBLEM_LENGTH: usize = 120;

/// The percentage of a used-up limit.
const FULL_PERCENT: f64 = 100.0;

/// The phrase for a burn rate of zero.
const AT_REST: &str = "at rest";

impl Provenance {
    /// Returns the label in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Measured => "measured",
            Self::Estimated => "estimated",
        }
    }
}

impl BlockSource {
    /// Returns the source of a block's edges in a few words, which include the provenance.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::LimitMessage => "official, limit message",
            Self::Estimate => "estimated",
            Self::Utc => "estimated, fixed UTC grid",
        }
    }
}

impl Totals {
    /// Returns a sentence for each kind of usage that the figures lack. `lower_bound` begins the one about under-logged output.
    pub fn limitations(&self, lower_bound: &str) -> Vec<String> {
        let unpriced = (self.unpriced_tokens > 0).then(|| {
            let tokens = format_number(self.unpriced_tokens);
            format!("+ not including {tokens} tokens of models whose price is unknown.")
        });
        let under_logged = (self.under_logged_messages > 0).then(|| {
            let messages = format_count(self.under_logged_messages.into(), "message", "messages");
            format!("{lower_bound}: Claude Code did not fully log the output of {messages}.")
        });
        unpriced.into_iter().chain(under_logged).collect()
    }
}

impl AgentState {
    /// Returns the state in a few words: `waits for you`, `busy`, `idle`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waits for you",
            Self::Busy => "busy",
            Self::Idle => "idle",
        }
    }

    /// Returns the shape by which surfaces show the state without color.
    pub fn shape(self) -> &'static str {
        match self {
            Self::Waiting => "▲",
            Self::Busy => "●",
            Self::Idle => "○",
        }
    }
}

/// Returns the reason for waiting in Claude Code's words, with the tool to be approved if it is known:
/// `permission prompt`, `permission prompt for Bash`.
pub fn waiting_reason(status: &AgentStatus) -> Option<String> {
    let reason = status.waiting_for.as_deref().map(|reason| sanitize_name(reason, MAX_SCOPE_LENGTH))?;
    Some(match &status.waiting_tool {
        Some(tool) => format!("{reason} for {}", sanitize_name(tool, MAX_SCOPE_LENGTH)),
        None => reason,
    })
}

/// Returns the number of sessions in each state, without states that have none: `1 waits for you, 2 busy, 1 idle`. `None`
/// without sessions.
pub fn agent_counts(snapshot: &Snapshot) -> Option<String> {
    let count = |state| snapshot.agents.iter().filter(|agent| agent.status.state == state).count();
    let phrase = |state: AgentState| match (state, count(state)) {
        (_, 0) => None,
        (AgentState::Waiting, 1) => Some("1 waits for you".to_owned()),
        (AgentState::Waiting, count) => Some(format!("{count} wait for you")),
        (AgentState::Busy | AgentState::Idle, count) => Some(format!("{count} {}", state.as_str())),
    };
    let phrases = [AgentState::Waiting, AgentState::Busy, AgentState::Idle].into_iter().filter_map(phrase);
    Some(phrases.collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty())
}

impl BurnLevel {
    /// Returns the level in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Moderate => "moderate",
            Self::High => "high",
        }
    }
}

impl BurnRate {
    /// Returns true if nothing runs: there was no message in the last five minutes.
    pub fn is_at_rest(&self) -> bool {
        self.tokens_per_minute == 0
    }

    /// Returns the cost per hour: `$1.20 an hour API-equivalent`, `at least $1.20 an hour API-equivalent` if a part of the
    /// tokens has no price, `cost unpriced` if none has one.
    pub fn hourly_cost_phrase(&self) -> String {
        let Some(cost) = self.cost_per_hour else { return "cost unpriced".to_owned() };
        let bound = if self.cost_is_lower_bound { "at least " } else { "" };
        format!("{bound}{} an hour API-equivalent", format_dollars(cost))
    }

    /// Returns the level in a word or two: `at rest`, `normal`, `moderate`, `high`.
    pub fn level_phrase(&self) -> &'static str {
        if self.is_at_rest() { AT_REST } else { self.level.as_str() }
    }
}

impl LimitUse {
    /// Returns true if the share is one of a limit that is used up.
    pub fn is_used_up(&self) -> bool {
        self.basis.is_limit() && self.used_percent >= FULL_PERCENT
    }

    /// Returns the forecast time at which the limit runs out; `None` without a limit and once it is used up.
    pub fn upcoming_exhaustion(&self) -> Option<DateTime<Utc>> {
        self.runs_out_at.filter(|_| self.basis.is_limit() && !self.is_used_up())
    }

    /// Returns the words for the forecast that the limit runs out: `runs out` if even the low end of the range reaches the
    /// limit, otherwise `may run out`.
    pub fn exhaustion_phrase(&self) -> &'static str {
        let is_certain = self.projected_percent.is_none_or(|range| range.low >= FULL_PERCENT);
        if is_certain { "runs out" } else { "may run out" }
    }
}

impl QuotaStats {
    /// Returns the word for the most urgent of several windows: `stops first` if it is used up or forecast to run out before
    /// its reset, otherwise `fullest`. `None` for the other windows.
    pub fn rank_phrase(&self) -> Option<&'static str> {
        let stops = self.share.runs_out_at.is_some() || self.share.is_used_up();
        self.is_binding.then_some(if stops { "stops first" } else { "fullest" })
    }
}

/// Returns a window's name: `Five hours`, `Week`, `Week (Opus)`, `Extra usage`, `Spend limit`, `Claude Design`,
/// `Other (tangelo)`. The scope is sanitized.
pub fn window_name(window: WindowKind, scope: Option<&str>) -> String {
    match (window, scope) {
        (WindowKind::FiveHour, _) => "Five hours".to_owned(),
        (WindowKind::WeeklyScoped, Some(scope)) => format!("Week ({})", sanitize_name(scope, MAX_SCOPE_LENGTH)),
        (WindowKind::Weekly | WindowKind::WeeklyScoped, _) => "Week".to_owned(),
        (WindowKind::ExtraUsage, _) => "Extra usage".to_owned(),
        (WindowKind::SpendLimit, _) => "Spend limit".to_owned(),
        (WindowKind::Organization, _) => "Organization".to_owned(),
        (WindowKind::Product, Some(scope)) => sanitize_name(scope, MAX_SCOPE_LENGTH),
        (WindowKind::Other, Some(scope)) => format!("Other ({})", sanitize_name(scope, MAX_SCOPE_LENGTH)),
        (WindowKind::Product | WindowKind::Other, None) => "Other".to_owned(),
    }
}

/// Returns a window's name, with the folder of its account if several are in use: `Week of ~/.claude-work`.
pub fn quota_name(row: &QuotaStats) -> String {
    let name = window_name(row.window, row.scope.as_deref());
    let account = row.account.as_deref().map(|account| sanitize_name(account, MAX_SCOPE_LENGTH));
    account.map_or_else(|| name.clone(), |account| format!("{name} of {account}"))
}

/// Returns the name of a block, with the folder of its account if several are in use: `block of ~/.claude-work`.
pub fn block_name(block: &BillingBlock) -> String {
    let account = block.account.as_deref().map(|account| sanitize_name(account, MAX_SCOPE_LENGTH));
    account.map_or_else(|| "block".to_owned(), |account| format!("block of {account}"))
}

/// Returns the name of a window's limit within a sentence: `five-hour limit`, `weekly Opus limit`, `spend limit`.
pub fn limit_name(window: WindowKind, scope: Option<&str>) -> String {
    let scope = || sanitize_name(scope.unwrap_or_default(), MAX_SCOPE_LENGTH);
    match window {
        WindowKind::FiveHour => "five-hour limit".to_owned(),
        WindowKind::Weekly => "weekly limit".to_owned(),
        WindowKind::WeeklyScoped => format!("weekly {} limit", scope()),
        WindowKind::ExtraUsage => "limit on extra usage".to_owned(),
        WindowKind::SpendLimit => "spend limit".to_owned(),
        WindowKind::Organization => "limit of your organization".to_owned(),
        WindowKind::Product | WindowKind::Other => format!("limit of {}", scope()),
    }
}

/// Returns a share with the amount it refers to: `38% used`, `38% of 5,000,000 tokens`, `38% of your largest block`,
/// `38% of your usual maximum`. `format_limit` writes a limit set by the user with its unit.
pub fn share_of_limit(share: &LimitUse, format_limit: impl Fn(f64) -> String) -> String {
    let used = format_percent(share.used_percent);
    match (share.basis, share.limit) {
        (LimitBasis::Official, _) | (LimitBasis::Number, None) => format!("{used} used"),
        (LimitBasis::Number, Some(limit)) => format!("{used} of {}", format_limit(limit)),
        (LimitBasis::Max | LimitBasis::P90, _) => format!("{used} of {}", comparison_name(share.basis)),
    }
}

/// Returns the name of an amount derived from past blocks; `the limit` for the others.
pub fn comparison_name(basis: LimitBasis) -> &'static str {
    match basis {
        LimitBasis::Max => "your largest block",
        LimitBasis::P90 => "your usual maximum",
        LimitBasis::Official | LimitBasis::Number => "the limit",
    }
}

/// Returns the label of an official figure, with its age once it is stale: `official`, `official, 25m ago`.
pub fn label_with_age(label: Provenance, is_stale: bool, age_minutes: u64) -> String {
    match is_stale {
        true => format!("{}, {} ago", label.as_str(), format_age(age_minutes)),
        false => label.as_str().to_owned(),
    }
}

/// Returns the official five-hour figure if the share of the block was taken from it.
pub fn official_block_quota(snapshot: &Snapshot) -> Option<&QuotaStats> {
    let is_official = snapshot.block_use.as_ref().is_some_and(|share| share.basis == LimitBasis::Official);
    snapshot.quota.iter().find(|row| is_official && row.window == WindowKind::FiveHour)
}

/// Returns the label of the block's share, with its age if it is stale; `measured` without a share.
pub fn block_share_label(snapshot: &Snapshot) -> String {
    match (official_block_quota(snapshot), &snapshot.block_use) {
        (Some(row), _) => label_with_age(row.share.label, row.is_stale, row.age_minutes),
        (None, share) => share.as_ref().map_or(Provenance::Measured, |share| share.label).as_str().to_owned(),
    }
}

/// Returns a projected share in percent: `71–84%` of a limit, `71–84% of your usual maximum` without one.
pub fn projected_share(share: &LimitUse, range: ProjectedRange) -> String {
    let percent = format_percent_range(range.low, range.high);
    if share.basis.is_limit() { percent } else { format!("{percent} of {}", comparison_name(share.basis)) }
}

/// Returns the first problem and the number of the others, for a surface with one line. `None` without problems.
pub fn problem_phrase(problems: &[Problem]) -> Option<String> {
    let (first, others) = problems.split_first()?;
    let message = sanitize_name(first.message.trim_end_matches('.'), MAX_PROBLEM_LENGTH);
    Some(match others.len() {
        0 => message,
        more => format!("{message}; {more} more"),
    })
}

/// Returns the progress of an import: `reading logs: 42%`. `None` if all logs are read.
pub fn import_phrase(progress: &Progress) -> Option<String> {
    match *progress {
        Progress::Live => None,
        Progress::Importing { bytes_done, bytes, .. } => {
            // Rounded down, so that 100% means finished.
            let percent = (u128::from(bytes_done) * 100).checked_div(u128::from(bytes)).unwrap_or(0).min(100);
            Some(format!("reading logs: {percent}%"))
        }
    }
}

/// Returns `no log folder was found` if none of the searched folders exists, because nothing was measured then.
pub fn missing_folders_phrase(snapshot: &Snapshot) -> Option<&'static str> {
    let roots = &snapshot.roots;
    let are_missing = !roots.is_empty() && roots.iter().all(|root| !root.found);
    (are_missing && snapshot.problems.is_empty()).then_some("no log folder was found")
}

/// Returns the time until a window ends: `2h 13m left`.
pub fn time_left(length: TimeDelta) -> String {
    format!("{} left", format_duration(length))
}

/// Returns the time until a block ends: `2h 13m left` if it has a limit, otherwise `ends in 2h 13m`.
pub fn block_time_left(length: TimeDelta, share: Option<&LimitUse>) -> String {
    match share.is_some_and(|share| share.basis.is_limit()) {
        true => time_left(length),
        false => format!("ends in {}", format_duration(length)),
    }
}

/// Returns a text with its first letter in upper case.
pub fn capitalize(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scoped_window_names_its_models() {
        assert_eq!(window_name(WindowKind::WeeklyScoped, Some("Opus\u{202e}\n4")), "Week (Opus 4)");
        assert_eq!(window_name(WindowKind::WeeklyScoped, None), "Week");
        assert_eq!(window_name(WindowKind::Product, Some("Claude Design")), "Claude Design");
        assert_eq!(window_name(WindowKind::Other, Some("tangelo")), "Other (tangelo)");
    }

    #[test]
    fn an_import_is_in_whole_percent_rounded_down() {
        let importing = |bytes_done, bytes| {
            import_phrase(&Progress::Importing { files_done: 1, files: 3, bytes_done, bytes }).expect("it is running")
        };
        assert_eq!(importing(999, 1000), "reading logs: 99%");
        assert_eq!([importing(0, 0), importing(u64::MAX, u64::MAX)], ["reading logs: 0%", "reading logs: 100%"]);
        assert_eq!(import_phrase(&Progress::Live), None);
    }

    #[test]
    fn a_stale_figure_states_its_age() {
        assert_eq!(label_with_age(Provenance::Official, true, 190), "official, 3h ago");
        assert_eq!(label_with_age(Provenance::Official, false, 190), "official");
    }

    #[test]
    fn only_the_first_letter_becomes_a_capital() {
        assert_eq!([capitalize("the week"), capitalize("")], ["The week", ""]);
    }
}
