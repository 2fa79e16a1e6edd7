//! The usage of a month by cost center, as a PDF.
//!
//! All tables are made from the same rows, one for each day, member and cost center, so they agree to the token.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate, Utc};
use token_monitor_core::report::model::Totals;
use token_monitor_core::text::format::{ViewerZone, format_cost, format_date, format_number};
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_core::tokens::UsageSum;
use token_monitor_pdf::{PdfColumn, PdfDocument, USAGE_FOOTER};
use uuid::Uuid;

use crate::allocation::{AllocationKey, allocate_usage};
use crate::database::Database;
use crate::error::HubError;
use crate::members::load_organization_name;
use crate::report::{ReportGroup, ReportRequest};

/// The name of usage that no rule matches.
pub(crate) const UNALLOCATED: &str = "unallocated";

/// The usage of an organization in a month, by cost center.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthAllocation {
    organization: String,
    /// The first day.
    month: NaiveDate,
    rows: Vec<MonthRow>,
}

/// The usage of a day, member and cost center.
#[derive(Clone, Debug, PartialEq)]
struct MonthRow {
    day: Option<NaiveDate>,
    member: String,
    /// Cost centers in the order of their names; unallocated usage comes last.
    cost_center: (bool, String),
    sum: UsageSum,
}

/// Parses a month and returns its first day.
pub(crate) fn parse_month(text: &str) -> Result<NaiveDate, String> {
    let first: Option<NaiveDate> = format!("{text}-01").parse().ok();
    first
        .filter(|first| first.format("%Y-%m").to_string() == text)
        .ok_or_else(|| "use a month such as 2026-11".to_owned())
}

/// Returns the last day of the month with this first day.
pub(crate) fn last_day_of(month: NaiveDate) -> NaiveDate {
    month.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(month)
}

impl MonthAllocation {
    /// Loads the usage of a month. `month` is its first day, `member` limits the usage to one member.
    ///
    /// # Errors
    ///
    /// If there are too many rows or the database cannot be used.
    pub async fn load(
        database: &Database,
        organization: Uuid,
        month: NaiveDate,
        member: Option<String>,
    ) -> Result<Self, HubError> {
        let by = vec![ReportGroup::Day, ReportGroup::Member];
        let request = ReportRequest { by, since: Some(month), until: Some(last_day_of(month)), member };
        let usage = allocate_usage(database, organization, &request).await?;
        let rows = usage.into_iter().map(|(key, sum)| MonthRow::new(&key, sum)).collect();
        Ok(Self { organization: load_organization_name(database, organization).await?, month, rows })
    }

    /// Returns the document.
    ///
    /// # Errors
    ///
    /// If it cannot be written, which is a defect.
    pub fn to_pdf(&self, now: DateTime<Utc>) -> Result<Vec<u8>, HubError> {
        let totals = Totals::from(&sum_of(self.rows.iter()));
        let mut document = PdfDocument::new(&format!("Usage by cost center, {}", self.month.format("%B %Y")));
        document.add_paragraph(&format!(
            "Made by Token Monitor {} on {} from the usage of Claude Code that members of {} have shared. Days are UTC days.",
            env!("CARGO_PKG_VERSION"),
            format_date(now, ViewerZone::from_name("UTC")),
            sanitize_line(&self.organization),
        ));
        document.add_usage_notes(&totals);
        document.add_paragraph(
            "Usage is assigned by the rules of the organization at the time of this report. Usage that no rule matches is \
             unallocated.",
        );
        document.add_section("By cost center");
        add_table(&mut document, "Cost center", self.sums_by(|row| row.cost_center.clone()), |(_, name)| name, &totals);
        document.add_section("By day");
        let days = self.sums_by(|row| row.day);
        document.add_day_chart(self.month, |day| days.get(&Some(day)).map_or(0, |sum| sum.tokens.total()));
        add_table(&mut document, "Day", days, |day| day.map(|day| day.to_string()).unwrap_or_default(), &totals);
        document.add_section("By cost center and member");
        self.add_members(&mut document, &totals);
        document
            .finish(USAGE_FOOTER, now)
            .map_err(|error| HubError::Io { what: "the document".to_owned(), source: std::io::Error::other(error) })
    }

    fn sums_by<K: Ord>(&self, key: impl Fn(&MonthRow) -> K) -> BTreeMap<K, UsageSum> {
        let mut sums: BTreeMap<K, UsageSum> = BTreeMap::new();
        self.rows.iter().for_each(|row| sums.entry(key(row)).or_default().merge(&row.sum));
        sums
    }

    fn add_members(&self, document: &mut PdfDocument, totals: &Totals) {
        let columns = [
            PdfColumn::left("Cost center", 3.0),
            PdfColumn::left("Member", 3.0),
            PdfColumn::right("Total", 2.0),
            PdfColumn::right("Cost", 1.4),
        ];
        let row = |cost_center: String, member: String, totals: &Totals| {
            let cost = format_cost(totals.total_cost, totals.unpriced_tokens);
            vec![cost_center, member, format_number(totals.total_tokens), cost]
        };
        let sums = self.sums_by(|row| (row.cost_center.clone(), row.member.clone()));
        let rows =
            sums.into_iter().map(|(((_, cost_center), member), sum)| row(cost_center, member, &Totals::from(&sum)));
        let total = row("Total".to_owned(), String::new(), totals);
        document.add_table(&columns, &rows.chain([total]).collect::<Vec<_>>(), true);
    }
}

impl MonthRow {
    fn new(key: &AllocationKey, sum: UsageSum) -> Self {
        let text = |at: usize| key.texts.get(at).map(String::as_str).unwrap_or_default();
        let name = key.cost_center.as_deref().unwrap_or(UNALLOCATED);
        Self {
            day: text(0).parse().ok(),
            member: sanitize_line(text(1)),
            cost_center: (key.cost_center.is_none(), sanitize_line(name)),
            sum,
        }
    }
}

fn sum_of<'a>(rows: impl Iterator<Item = &'a MonthRow>) -> UsageSum {
    let mut total = UsageSum::default();
    rows.for_each(|row| total.merge(&row.sum));
    total
}

fn add_table<K>(
    document: &mut PdfDocument,
    header: &'static str,
    sums: BTreeMap<K, UsageSum>,
    name: impl Fn(K) -> String,
    totals: &Totals,
) {
    let rows: Vec<(String, Totals)> = sums.into_iter().map(|(key, sum)| (name(key), Totals::from(&sum))).collect();
    document.add_usage_table(header, rows.iter().map(|(name, totals)| (name.clone(), totals)), totals);
}
