//! The series of the counters: what is counted, and for which labels.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use token_monitor_core::report::model::Totals;

use crate::usage::UsageFigures;

/// The value of the label `project` for projects beyond the cap.
const OTHER_PROJECTS: &str = "other";

/// A figure that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CounterKind {
    /// Tokens, by kind.
    Tokens,
    /// Messages.
    Messages,
    /// The cost in billionths of a dollar.
    CostNanos,
    /// Tokens without a known price.
    UnpricedTokens,
    /// Sessions with messages.
    Sessions,
}

/// A kind of token, spelled as in Claude Code's telemetry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TokenKind {
    /// Uncached input.
    Input,
    /// Output.
    Output,
    /// Tokens read from the prompt cache.
    CacheRead,
    /// Tokens written to the prompt cache.
    CacheCreation,
}

impl TokenKind {
    /// Returns the value of the label `type`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::CacheRead => "cacheRead",
            Self::CacheCreation => "cacheCreation",
        }
    }

    fn each_of(totals: &Totals) -> [(Self, u128); 4] {
        [
            (Self::Input, totals.input_tokens),
            (Self::Output, totals.output_tokens),
            (Self::CacheRead, totals.cache_read_tokens),
            (Self::CacheCreation, totals.cache_creation_tokens),
        ]
    }
}

/// A counter and its labels.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct SeriesKey {
    pub(crate) counter: CounterKind,
    /// The model's name; `None` for counters without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) model: Option<String>,
    /// The project; `None` unless usage is divided by project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) project: Option<String>,
    /// The kind of token; `None` for counters of other things.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<TokenKind>,
}

impl SeriesKey {
    fn without_labels(counter: CounterKind) -> Self {
        Self { counter, model: None, project: None, kind: None }
    }
}

/// Returns the current figure of each series. Projects beyond `max_projects` are added up under one label; the projects
/// in `projects` keep theirs, and new ones are added to them while there is room.
pub(crate) fn read_series(
    usage: &UsageFigures,
    projects: &mut BTreeSet<String>,
    max_projects: usize,
) -> BTreeMap<SeriesKey, u64> {
    admit_projects(usage, projects, max_projects);
    let mut series = BTreeMap::new();
    let mut add = |key: SeriesKey, value: u64| {
        let sum: &mut u64 = series.entry(key).or_default();
        *sum = sum.saturating_add(value);
    };
    for row in &usage.rows {
        let project = row.project.as_ref().map(|project| match projects.contains(project) {
            true => project.clone(),
            false => OTHER_PROJECTS.to_owned(),
        });
        let key = |counter, kind| SeriesKey { counter, model: Some(row.model.clone()), project: project.clone(), kind };
        for (kind, tokens) in TokenKind::each_of(&row.totals) {
            add(key(CounterKind::Tokens, Some(kind)), saturate(tokens));
        }
        add(key(CounterKind::Messages, None), row.totals.message_count);
        if let Some(dollars) = row.totals.total_cost {
            add(key(CounterKind::CostNanos, None), (dollars * 1e9).round() as u64);
        }
        add(SeriesKey::without_labels(CounterKind::UnpricedTokens), saturate(row.totals.unpriced_tokens));
    }
    add(SeriesKey::without_labels(CounterKind::UnpricedTokens), 0);
    add(SeriesKey::without_labels(CounterKind::Sessions), usage.snapshot.session_count);
    series
}

/// Adds new projects while there is room, those with the most tokens first.
fn admit_projects(usage: &UsageFigures, projects: &mut BTreeSet<String>, max_projects: usize) {
    let mut tokens: BTreeMap<&str, u128> = BTreeMap::new();
    for row in &usage.rows {
        if let Some(project) = row.project.as_deref().filter(|project| !projects.contains(*project)) {
            *tokens.entry(project).or_default() += row.totals.total_tokens;
        }
    }
    let mut ranked: Vec<(&str, u128)> = tokens.into_iter().collect();
    ranked.sort_by_key(|(_, tokens)| std::cmp::Reverse(*tokens));
    let room = max_projects.saturating_sub(projects.len());
    projects.extend(ranked.into_iter().take(room).map(|(project, _)| project.to_owned()));
}

fn saturate(sum: u128) -> u64 {
    u64::try_from(sum).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use token_monitor_core::report::model::Totals;

    use super::*;
    use crate::usage::UsageRow;
    use crate::usage::tests::figures;

    fn row(project: &str, tokens: u128) -> UsageRow {
        let totals = Totals { output_tokens: tokens, total_tokens: tokens, ..Totals::default() };
        UsageRow { model: "m".to_owned(), project: Some(project.to_owned()), totals }
    }

    fn output_by_project(rows: Vec<UsageRow>, projects: &mut BTreeSet<String>) -> Vec<(String, u64)> {
        let series = read_series(&figures(rows), projects, 2);
        let is_output = |key: &SeriesKey| key.kind == Some(TokenKind::Output);
        series
            .into_iter()
            .filter(|(key, _)| is_output(key))
            .filter_map(|(key, sum)| Some((key.project?, sum)))
            .collect()
    }

    #[test]
    fn projects_beyond_the_cap_are_added_up_and_none_ever_changes_its_label() {
        let mut projects = BTreeSet::new();
        let first = output_by_project(vec![row("/a", 1), row("/b", 20), row("/c", 300), row("", 4)], &mut projects);
        assert_eq!(first, [("/b".to_owned(), 20), ("/c".to_owned(), 300), ("other".to_owned(), 5)]);
        let later = output_by_project(vec![row("/a", 9_000), row("/b", 20), row("/c", 300)], &mut projects);
        assert_eq!(later, [("/b".to_owned(), 20), ("/c".to_owned(), 300), ("other".to_owned(), 9_000)]);
    }

    #[test]
    fn a_model_without_a_price_has_no_cost() {
        let totals = Totals { unpriced_tokens: 7, total_cost: None, ..Totals::default() };
        let rows = vec![UsageRow { model: "m".to_owned(), project: None, totals }];
        let series = read_series(&figures(rows), &mut BTreeSet::new(), 0);
        assert!(!series.keys().any(|key| key.counter == CounterKind::CostNanos));
        assert_eq!(series.get(&SeriesKey::without_labels(CounterKind::UnpricedTokens)), Some(&7));
    }
}
