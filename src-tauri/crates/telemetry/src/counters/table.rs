//! All counters with their labels.
//!
//! - A counter is the highest value that its figure has had, so a figure that is restated downward is not counted twice
//!   when it grows again.
//! - If messages are missing although everything in the logs is counted, a store was made new from logs of which some were
//!   deleted. After a while the counters count on from the lower figures.
//! - A series that did not exist before is exported as 0 for a moment: Prometheus takes the first value that it reads as
//!   the start and would not count it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::counters::high_water_mark::HighWaterMark;
use crate::counters::series::{SeriesKey, read_series};
use crate::usage::UsageFigures;

/// The time for which messages have to be missing before they count as lost: longer than any reading of logs pauses.
const LOSS_CONFIRMATION: TimeDelta = TimeDelta::minutes(2);

/// The time for which a new series is exported as 0: at least one interval between two scrapes, usually 15 to 60 seconds.
const NEW_SERIES_DELAY: TimeDelta = TimeDelta::seconds(60);

/// All counters with their labels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CounterTable {
    /// The number of all messages, with those that were lost.
    messages: HighWaterMark,
    /// The time since which messages are missing although everything in the logs is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missing_since: Option<DateTime<Utc>>,
    /// The projects that have a label of their own.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    projects: BTreeSet<String>,
    #[serde(with = "series_list")]
    series: BTreeMap<SeriesKey, Series>,
}

/// One counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Series {
    #[serde(flatten)]
    mark: HighWaterMark,
    /// The time at which the series appeared, while it is exported as 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    new_since: Option<DateTime<Utc>>,
}

impl CounterTable {
    /// Raises the counters to the figures. At most `max_projects` projects get a label of their own.
    ///
    /// While the first figures are incomplete nothing is counted: what is read of the past would look as if it was used
    /// now.
    pub(crate) fn observe(&mut self, usage: &UsageFigures, max_projects: usize, now: DateTime<Utc>) {
        let is_first = self.series.is_empty();
        if is_first && usage.is_reading() {
            return;
        }
        let figures = read_series(usage, &mut self.projects, max_projects);
        for key in figures.keys() {
            let new_since = (!is_first).then_some(now);
            self.series.entry(key.clone()).or_insert(Series { mark: HighWaterMark::default(), new_since });
        }
        let is_lost = self.check_messages(usage, now);
        for (key, series) in &mut self.series {
            let figure = figures.get(key).copied().unwrap_or(0);
            match is_lost {
                true => series.mark.continue_from(figure),
                false => series.mark.observe(figure),
            }
            series.new_since = series.new_since.filter(|since| is_within(*since, NEW_SERIES_DELAY, now));
        }
    }

    /// Returns the projects that have a label of their own.
    pub(crate) fn projects(&self) -> &BTreeSet<String> {
        &self.projects
    }

    /// Returns each counter with the highest value so far.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&SeriesKey, u64)> {
        self.series.iter().map(|(key, series)| (key, series.mark.value()))
    }

    /// Returns each counter with the value to export to a system that compares each value with the one before: 0 for a
    /// series that has just appeared.
    pub(crate) fn exported_values(&self) -> impl Iterator<Item = (&SeriesKey, u64)> {
        let value = |series: &Series| if series.new_since.is_some() { 0 } else { series.mark.value() };
        self.series.iter().map(move |(key, series)| (key, value(series)))
    }

    /// Compares the number of messages with the highest so far. Returns true if some are lost for good.
    fn check_messages(&mut self, usage: &UsageFigures, now: DateTime<Utc>) -> bool {
        let messages = usage.message_count();
        if messages >= self.messages.value() {
            self.restore_lost();
        }
        self.messages.observe(messages);
        if !usage.is_complete() || !self.messages.is_above(messages) {
            self.missing_since = None;
            return false;
        }
        let since = *self.missing_since.get_or_insert(now);
        let is_lost = !is_within(since, LOSS_CONFIRMATION, now);
        if is_lost {
            self.missing_since = None;
            self.messages.continue_from(messages);
        }
        is_lost
    }

    /// Follows the figures alone again. The number of messages has jumped to at least that of before a loss, so an earlier
    /// store is back.
    fn restore_lost(&mut self) {
        self.messages.restore_lost();
        self.series.values_mut().for_each(|series| series.mark.restore_lost());
    }
}

/// Returns true if `now` is less than `length` after `start`. It is not if the clock was set back to before the start.
fn is_within(start: DateTime<Utc>, length: TimeDelta, now: DateTime<Utc>) -> bool {
    start <= now && now - start < length
}

/// Stores the series as a list, because the keys of a JSON object are texts.
mod series_list {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Series, SeriesKey};

    #[derive(Serialize)]
    struct RowRef<'a> {
        #[serde(flatten)]
        key: &'a SeriesKey,
        #[serde(flatten)]
        series: &'a Series,
    }

    #[derive(Deserialize)]
    struct Row {
        #[serde(flatten)]
        key: SeriesKey,
        #[serde(flatten)]
        series: Series,
    }

    pub(super) fn serialize<S: Serializer>(
        series: &BTreeMap<SeriesKey, Series>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(series.iter().map(|(key, series)| RowRef { key, series }))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<SeriesKey, Series>, D::Error> {
        let rows = Vec::<Row>::deserialize(deserializer)?;
        Ok(rows.into_iter().map(|row| (row.key, row.series)).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use token_monitor_core::report::model::{Progress, Totals};

    use super::*;
    use crate::counters::series::{CounterKind, TokenKind};
    use crate::usage::UsageRow;
    use crate::usage::tests::{figures, start};

    /// Returns the figures of models with this many messages, each of ten output tokens and a cost of one dollar.
    fn models(messages: &[(&str, u64)]) -> UsageFigures {
        let row = |(model, count): &(&str, u64)| {
            let tokens = u128::from(count * 10);
            let totals = Totals {
                output_tokens: tokens,
                total_tokens: tokens,
                total_cost: Some(*count as f64),
                message_count: *count,
                ..Totals::default()
            };
            UsageRow { model: (*model).to_owned(), project: None, totals }
        };
        figures(messages.iter().map(row).collect())
    }

    fn importing(usage: UsageFigures) -> UsageFigures {
        let progress = Progress::Importing { files_done: 0, files: 1, bytes_done: 0, bytes: 1 };
        UsageFigures { snapshot: token_monitor_core::report::model::Snapshot { progress, ..usage.snapshot }, ..usage }
    }

    /// Returns the output tokens of a model as they are exported, and the highest so far.
    fn output(table: &CounterTable, model: &str) -> (u64, u64) {
        let is_output = |key: &SeriesKey| key.model.as_deref() == Some(model) && key.kind == Some(TokenKind::Output);
        let exported = table.exported_values().find(|(key, _)| is_output(key)).expect("it is counted").1;
        (exported, table.values().find(|(key, _)| is_output(key)).expect("it is counted").1)
    }

    struct CounterScenario {
        table: CounterTable,
        now: DateTime<Utc>,
    }

    impl CounterScenario {
        fn new(usage: &UsageFigures) -> Self {
            let mut scenario = Self { table: CounterTable::default(), now: start() };
            scenario.table.observe(usage, 0, scenario.now);
            scenario
        }

        /// Observes figures some time later, after a restart.
        fn observe_after(&mut self, seconds: i64, usage: &UsageFigures) -> (u64, u64) {
            self.now += TimeDelta::seconds(seconds);
            let saved = serde_json::to_vec(&self.table).expect("it is JSON");
            self.table = serde_json::from_slice(&saved).expect("it is a table");
            self.table.observe(usage, 0, self.now);
            output(&self.table, "a")
        }
    }

    #[test]
    fn nothing_is_counted_while_the_first_figures_are_read() {
        let mut scenario = CounterScenario::new(&importing(models(&[("a", 3)])));
        assert_eq!(scenario.table.values().count(), 0);
        assert_eq!(scenario.observe_after(1, &models(&[("a", 30)])), (300, 300));
    }

    #[test]
    fn a_new_series_is_exported_as_zero_for_a_minute() {
        let mut scenario = CounterScenario::new(&models(&[("a", 1)]));
        let both = models(&[("a", 1), ("b", 2)]);
        scenario.observe_after(10, &both);
        assert_eq!(output(&scenario.table, "b"), (0, 20));
        scenario.observe_after(59, &both);
        assert_eq!(output(&scenario.table, "b"), (0, 20));
        scenario.observe_after(1, &both);
        assert_eq!(output(&scenario.table, "b"), (20, 20));
    }

    #[test]
    fn a_store_that_is_made_new_from_the_same_logs_counts_nothing_twice() {
        let mut scenario = CounterScenario::new(&models(&[("a", 100)]));
        let empty = importing(models(&[]));
        assert_eq!(scenario.observe_after(1, &empty), (1_000, 1_000));
        assert_eq!(scenario.observe_after(600, &importing(models(&[("a", 40)]))), (1_000, 1_000), "a slow import");
        assert_eq!(scenario.observe_after(1, &models(&[("a", 102)])), (1_020, 1_020));
    }

    #[test]
    fn usage_counts_on_after_a_store_was_made_new_from_a_part_of_the_logs() {
        let mut scenario = CounterScenario::new(&models(&[("a", 100), ("b", 5)]));
        assert_eq!(scenario.observe_after(1, &models(&[("a", 30)])).1, 1_000, "messages may still be read");
        assert_eq!(scenario.observe_after(120, &models(&[("a", 30)])).1, 1_000, "they are lost");
        assert_eq!(scenario.observe_after(15, &models(&[("a", 32)])).1, 1_020);
        assert_eq!(output(&scenario.table, "b").1, 50);
        assert_eq!(scenario.observe_after(15, &models(&[("a", 32), ("b", 1)])).1, 1_020);
        assert_eq!(output(&scenario.table, "b").1, 60);
    }

    #[test]
    fn an_earlier_store_that_is_restored_counts_nothing_twice() {
        let mut scenario = CounterScenario::new(&models(&[("a", 100)]));
        scenario.observe_after(1, &models(&[("a", 30)]));
        scenario.observe_after(120, &models(&[("a", 30)]));
        assert_eq!(scenario.observe_after(15, &models(&[("a", 32)])).1, 1_020);
        assert_eq!(scenario.observe_after(15, &models(&[("a", 102)])).1, 1_020, "the old store has read on");
        assert_eq!(scenario.observe_after(15, &models(&[("a", 103)])).1, 1_030);
    }

    #[test]
    fn a_loss_is_confirmed_only_while_everything_is_counted() {
        let mut scenario = CounterScenario::new(&models(&[("a", 100)]));
        scenario.observe_after(1, &models(&[("a", 30)]));
        scenario.observe_after(100, &importing(models(&[("a", 60)])));
        scenario.observe_after(100, &models(&[("a", 99)]));
        assert_eq!(scenario.observe_after(15, &models(&[("a", 101)])).1, 1_010);
    }

    #[test]
    fn a_lower_price_lets_the_cost_wait_and_not_the_tokens() {
        let mut scenario = CounterScenario::new(&models(&[("a", 100)]));
        let mut cheaper = models(&[("a", 110)]);
        cheaper.rows[0].totals.total_cost = Some(55.0);
        assert_eq!(scenario.observe_after(300, &cheaper).1, 1_100);
        let is_cost = |key: &SeriesKey| key.counter == CounterKind::CostNanos;
        let cost = scenario.table.values().find(|(key, _)| is_cost(key)).expect("it is counted").1;
        assert_eq!(cost, 100_000_000_000, "the highest so far");
    }

    fn any_messages() -> impl Strategy<Value = Vec<(&'static str, u64)>> {
        prop::collection::vec((prop::sample::select(vec!["a", "b", "c"]), 0..1_000_u64), 0..3)
    }

    proptest! {
        /// Figures of any kind in any order: restated, imported, lost and restored.
        #[test]
        fn exported_counters_never_fall(
            steps in prop::collection::vec((any_messages(), any::<bool>(), -10..200_i64), 1..40),
        ) {
            let mut scenario = CounterScenario::new(&models(&[("a", 10)]));
            let mut before: BTreeMap<SeriesKey, u64> = BTreeMap::new();
            for (messages, is_importing, seconds) in steps {
                let usage = if is_importing { importing(models(&messages)) } else { models(&messages) };
                scenario.observe_after(seconds, &usage);
                for (key, value) in scenario.table.exported_values() {
                    let last = before.insert(key.clone(), value).unwrap_or(0);
                    prop_assert!(value >= last, "{key:?} fell from {last} to {value}");
                }
                prop_assert!(before.len() == scenario.table.exported_values().count(), "no series vanishes");
            }
        }

        /// Restated figures of the same messages, as after a change of prices.
        #[test]
        fn counters_are_the_highest_figures_so_far(costs in prop::collection::vec(0..1_000_u32, 1..40)) {
            let mut scenario = CounterScenario::new(&models(&[("a", 0)]));
            let mut highest = 0;
            for cost in costs {
                let mut usage = models(&[("a", 1)]);
                usage.rows[0].totals.total_cost = Some(f64::from(cost));
                scenario.observe_after(60, &usage);
                highest = highest.max(u64::from(cost) * 1_000_000_000);
                let is_cost = |key: &SeriesKey| key.counter == CounterKind::CostNanos;
                let counted = scenario.table.values().find(|(key, _)| is_cost(key)).expect("it is counted").1;
                prop_assert_eq!(counted, highest);
            }
        }

        /// Growth, imports, stores made new from all logs or some, and restarts: what was used in between is counted once.
        #[test]
        fn the_increase_is_what_was_used(
            steps in prop::collection::vec((0..50_u64, 0..3_u8, 0..100_u64), 1..30),
        ) {
            let mut in_store = 1_000;
            let mut scenario = CounterScenario::new(&models(&[("a", in_store)]));
            let mut used = 0;
            for (messages, event, kept_percent) in steps {
                // Less is used between two observations than is lost, so that a loss cannot look restored.
                match event {
                    0 => {}
                    1 => {
                        scenario.observe_after(1, &importing(models(&[("a", in_store / 2)])));
                    }
                    _ => {
                        let kept = (in_store * kept_percent / 100).min(in_store.saturating_sub(100));
                        in_store = kept;
                        scenario.observe_after(1, &models(&[("a", in_store)]));
                        scenario.observe_after(200, &models(&[("a", in_store)]));
                    }
                }
                in_store += messages;
                used += messages;
                let (exported, _) = scenario.observe_after(15, &models(&[("a", in_store)]));
                prop_assert_eq!(exported, 10_000 + used * 10);
            }
        }
    }
}
