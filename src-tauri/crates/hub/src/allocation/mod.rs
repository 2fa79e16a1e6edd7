//! Cost allocation: usage by cost center, assigned by dated rules when a report is made.
//!
//! Of the rules that apply on a day, the first that matches assigns the usage, in shares. The rows add up to the totals of the
//! same report without cost centers, in every count.

mod document;
mod member_classes;
mod month_report;
mod pseudonym;
mod rule;
mod rules;
mod split;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Value};
use token_monitor_core::report::model::ExactTotals;
use token_monitor_core::tokens::UsageSum;
use uuid::Uuid;

pub use crate::allocation::document::AllocationFormat;
use crate::allocation::member_classes::{classify_members, load_members};
pub use crate::allocation::month_report::MonthAllocation;
pub(crate) use crate::allocation::month_report::{UNALLOCATED, last_day_of, parse_month};
use crate::allocation::pseudonym::project_pseudonym;
pub use crate::allocation::rule::{AllocationRule, CostCenterShare, RuleSettings, Share};
use crate::allocation::rule::{CompiledRule, TestedProperty, UsageProperties};
pub use crate::allocation::rules::AllocationRules;
use crate::allocation::split::split_usage;
use crate::database::Database;
use crate::error::HubError;
use crate::report::{ReportGroup, ReportRequest, UsageColumn, UsageQuery, exact_totals, group_values, parse_tags};

/// A report of usage by cost center.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AllocationReport {
    /// The rows, in order of their groups and then of their cost centers.
    pub rows: Vec<AllocationRow>,
    /// The sums of all rows.
    pub totals: ExactTotals,
}

/// A row of an [`AllocationReport`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AllocationRow {
    /// The cost center; null for usage that no rule matches.
    pub cost_center: Option<String>,
    /// The values of the groups, by name.
    #[serde(flatten)]
    pub values: Map<String, Value>,
    /// The sums.
    #[serde(flatten)]
    pub totals: ExactTotals,
}

/// The key of a row. Unallocated usage comes last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AllocationKey {
    /// The values of the groups.
    pub(crate) texts: Vec<String>,
    is_unallocated: bool,
    /// The cost center; `None` for usage that no rule matches.
    pub(crate) cost_center: Option<String>,
}

impl AllocationReport {
    /// Makes a report of one organization.
    ///
    /// # Errors
    ///
    /// If the request is not valid, there are too many rows, or the database cannot be used.
    pub async fn load(database: &Database, organization: Uuid, request: &ReportRequest) -> Result<Self, HubError> {
        let by = request.groups();
        let sums = allocate_usage(database, organization, request).await?;
        let mut total = UsageSum::default();
        sums.values().for_each(|sum| total.merge(sum));
        let row = |(key, sum): (AllocationKey, UsageSum)| AllocationRow {
            cost_center: key.cost_center,
            values: group_values(&by, &key.texts),
            totals: exact_totals(&sum),
        };
        Ok(Self { rows: sums.into_iter().map(row).collect(), totals: exact_totals(&total) })
    }
}

/// Returns the usage of one organization by the groups of a request and by cost center.
///
/// # Errors
///
/// If the request is not valid, there are too many rows, or the database cannot be used.
pub(crate) async fn allocate_usage(
    database: &Database,
    organization: Uuid,
    request: &ReportRequest,
) -> Result<BTreeMap<AllocationKey, UsageSum>, HubError> {
    const FIND_KEY: &str = "SELECT pseudonym_key FROM organizations WHERE id = $1";
    request.check()?;
    let by = request.groups();
    let rules = AllocationRules::new(database, organization).list().await?;
    let key: Vec<u8> = database.connection().await?.query_one(FIND_KEY, &[&organization]).await?.get(0);
    let compile = |rule| CompiledRule::new(rule, |name| project_pseudonym(&key, name));
    let rules: Vec<CompiledRule<'_>> = rules.iter().map(|rule| compile(&rule.settings)).collect::<Result<_, _>>()?;
    let members = match rules.iter().any(|rule| rule.tests(TestedProperty::Member)) {
        true => load_members(database, organization).await?,
        false => Vec::new(),
    };
    let mut sums = BTreeMap::new();
    for (since, until) in periods_of_rules(&rules, request) {
        let applied: Vec<_> = rules.iter().filter(|rule| applies_in(rule, since, until)).collect();
        let member_classes = classify_members(&members, &applied);
        let period = ReportRequest { since, until, ..request.clone() };
        PeriodAllocation { by: &by, rules: applied, member_classes, period }
            .add_to(&mut sums, database, organization)
            .await?;
    }
    Ok(sums)
}

/// Divides the days of a request into periods in which the same rules apply.
fn periods_of_rules(
    rules: &[CompiledRule<'_>],
    request: &ReportRequest,
) -> Vec<(Option<NaiveDate>, Option<NaiveDate>)> {
    let (since, until) = (request.since, request.until);
    let settings = rules.iter().map(CompiledRule::settings);
    let edges = settings.flat_map(|rule| [rule.from, rule.until.and_then(|until| until.succ_opt())]).flatten();
    let is_inside = |day: &NaiveDate| since.is_none_or(|since| since < *day) && until.is_none_or(|until| *day <= until);
    let mut starts: Vec<NaiveDate> = edges.filter(is_inside).collect();
    starts.sort_unstable();
    starts.dedup();
    let firsts = [since].into_iter().chain(starts.iter().copied().map(Some));
    let lasts = starts.iter().map(NaiveDate::pred_opt).chain([until]);
    firsts.zip(lasts).collect()
}

/// Returns true if a rule applies in a period, within which no rule begins or ends.
fn applies_in(rule: &CompiledRule<'_>, since: Option<NaiveDate>, until: Option<NaiveDate>) -> bool {
    match since.or(until) {
        Some(day) => rule.settings().applies_on(day),
        // Without any day, no rule has one either.
        None => true,
    }
}

/// The allocation of a period in which the same rules apply.
struct PeriodAllocation<'a> {
    by: &'a [ReportGroup],
    /// The rules, the first that matches applies.
    rules: Vec<&'a CompiledRule<'a>>,
    /// Members whom the rules do not distinguish, by the name of one of them.
    member_classes: BTreeMap<String, String>,
    period: ReportRequest,
}

impl PeriodAllocation<'_> {
    async fn add_to(
        &self,
        sums: &mut BTreeMap<AllocationKey, UsageSum>,
        database: &Database,
        organization: Uuid,
    ) -> Result<(), HubError> {
        let tested = self.tested_properties();
        let groups = self.by.iter().copied().map(UsageColumn::Group);
        let query = UsageQuery {
            columns: groups.chain(tested.iter().copied().map(column_of)).collect(),
            member_classes: tested.contains(&TestedProperty::Member).then_some(&self.member_classes),
            since: self.period.since,
            until: self.period.until,
            member: self.period.member.as_deref(),
            ..UsageQuery::default()
        };
        for row in query.load(database, organization).await? {
            let (texts, properties) = row.texts.split_at(self.by.len());
            for (cost_center, part) in self.allocate(&read_properties(&tested, properties), &row.sum) {
                let is_unallocated = cost_center.is_none();
                let key = AllocationKey { texts: texts.to_vec(), is_unallocated, cost_center };
                sums.entry(key).or_default().merge(&part);
            }
        }
        Ok(())
    }

    /// Returns the properties that distinguish rows for the rules; none that no rule tests, so that there are few rows.
    fn tested_properties(&self) -> Vec<TestedProperty> {
        let is_tested = |property: &TestedProperty| self.rules.iter().any(|rule| rule.tests(*property));
        TestedProperty::ALL.into_iter().filter(is_tested).collect()
    }

    /// Returns the parts of usage by cost center.
    fn allocate(&self, usage: &UsageProperties<'_>, sum: &UsageSum) -> Vec<(Option<String>, UsageSum)> {
        let Some(rule) = self.rules.iter().find(|rule| rule.matches(usage)) else { return vec![(None, *sum)] };
        let shares = &rule.settings().shares;
        let parts = split_usage(sum, &shares.iter().map(|share| share.share.0).collect::<Vec<_>>());
        let names = shares.iter().map(|share| Some(share.cost_center.clone()));
        names.zip(parts).filter(|(_, part)| *part != UsageSum::default()).collect()
    }
}

/// Returns the column of a property.
fn column_of(property: TestedProperty) -> UsageColumn {
    match property {
        TestedProperty::Member => UsageColumn::MemberClass,
        TestedProperty::Project => UsageColumn::Group(ReportGroup::Project),
        TestedProperty::Repository => UsageColumn::Group(ReportGroup::Repository),
        TestedProperty::Tags => UsageColumn::Tags,
    }
}

fn read_properties<'a>(tested: &[TestedProperty], texts: &'a [String]) -> UsageProperties<'a> {
    let mut properties = UsageProperties::default();
    for (property, text) in tested.iter().zip(texts) {
        match property {
            TestedProperty::Member => properties.member = text,
            TestedProperty::Project => properties.project = text,
            TestedProperty::Repository => properties.repository = text,
            TestedProperty::Tags => properties.tags = parse_tags(text),
        }
    }
    properties
}
