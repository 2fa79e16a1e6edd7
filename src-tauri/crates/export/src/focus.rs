//! FOCUS 1.3, the FinOps Open Cost and Usage Specification: the dataset Cost and Usage as CSV.
//!
//! A row is the usage of one model in one period. Its list cost is the API-equivalent; under a subscription nothing is
//! billed for it. Columns that FOCUS does not know begin with `x_`. The columns that version 1.0 required and later ones
//! replaced are written as well, for tools that expect them.

use chrono::{DateTime, Months, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Tz;
use token_monitor_core::alerts::first_day_of_month;
use token_monitor_core::report::model::{GroupValue, Report, ReportRow};
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_core::time::calendar::first_slot;

use crate::Billing;
use crate::columns::{Field, format_nanos, sum_fields};
use crate::error::ExportError;
use crate::json_text::to_json;
use crate::separated::{cell_text, write_rows};

/// The company that provides, hosts and bills the service.
const PROVIDER: &str = "Anthropic";

/// The account of all rows. FOCUS requires one, and the logs name none.
const BILLING_ACCOUNT: &str = "claude-code";

/// The unit of all quantities.
const UNIT: &str = "Tokens";

/// The columns in the order of their names, then those of this program.
const COLUMNS: [&str; 52] = [
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountName",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "HostProviderName",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "RegionId",
    "RegionName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "ServiceProviderName",
    "ServiceSubcategory",
    "SkuId",
    "SkuPriceId",
    "SubAccountId",
    "SubAccountName",
    "Tags",
    "x_CacheReadTokens",
    "x_CacheWrite1hTokens",
    "x_CacheWrite5mTokens",
    "x_InputTokens",
    "x_MessageCount",
    "x_OutputTokens",
    "x_UnpricedTokens",
];

/// The column of the cost center, which only allocated usage has.
const COST_CENTER_COLUMN: &str = "x_CostCenter";

/// Returns a report in FOCUS. Its rows must have a day, week or month.
pub(super) fn render(report: &Report, billing: Billing) -> Result<String, ExportError> {
    let rows = report.rows.iter().map(|row| (row, None));
    render_rows(report, rows, &COLUMNS, billing)
}

/// Returns a report in FOCUS with the column `x_CostCenter`. Its rows must have a day, week or month. `cost_centers` are those of
/// the rows; none for usage that belongs to no cost center.
///
/// # Errors
///
/// If a value cannot be written, which is a defect.
pub fn render_focus_by_cost_center(
    report: &Report,
    cost_centers: &[Option<String>],
    billing: Billing,
) -> Result<String, ExportError> {
    let mut columns = COLUMNS.to_vec();
    let place = columns.binary_search(&COST_CENTER_COLUMN).unwrap_or_else(|place| place);
    columns.insert(place, COST_CENTER_COLUMN);
    let rows = report.rows.iter().zip(cost_centers).map(|(row, cost_center)| (row, cost_center.as_deref()));
    render_rows(report, rows, &columns, billing)
}

fn render_rows<'a>(
    report: &Report,
    rows: impl Iterator<Item = (&'a ReportRow, Option<&'a str>)>,
    columns: &[&str],
    billing: Billing,
) -> Result<String, ExportError> {
    let zone: Tz = report.zone.parse().unwrap_or(Tz::UTC);
    let rows = rows.map(|(row, cost_center)| {
        let row = FocusRow { cost_center: cost_center.map(sanitize_line), ..FocusRow::new(row, zone, billing)? };
        Ok(row.cells(columns))
    });
    let rows = rows.collect::<Result<Vec<_>, ExportError>>()?;
    write_rows(columns, rows.into_iter(), b',')
}

/// The properties of a row.
struct FocusRow<'a> {
    row: &'a ReportRow,
    charge: (DateTime<Utc>, DateTime<Utc>),
    billing_period: (DateTime<Utc>, DateTime<Utc>),
    model: String,
    project: Option<String>,
    session: Option<(String, String)>,
    tags: String,
    cost_center: Option<String>,
    billing: Billing,
}

impl<'a> FocusRow<'a> {
    fn new(row: &'a ReportRow, zone: Tz, billing: Billing) -> Result<Self, ExportError> {
        let start_of = |date: NaiveDate| first_slot(date, zone).start().to_utc();
        let (first, next) = charge_days(row);
        let month = first_day_of_month(first);
        let next_month = month.checked_add_months(Months::new(1)).unwrap_or(month);
        let mut properties = Self {
            row,
            charge: (start_of(first), start_of(next)),
            billing_period: (start_of(month), start_of(next_month)),
            model: String::new(),
            project: None,
            session: None,
            tags: tags_json(row)?,
            cost_center: None,
            billing,
        };
        for value in &row.values {
            match value {
                GroupValue::Model(model) => properties.model = sanitize_line(model),
                GroupValue::Project(path) => properties.project = path.as_deref().map(sanitize_line),
                GroupValue::Session(id, name) => {
                    properties.session = Some((sanitize_line(id), sanitize_line(name)));
                }
                GroupValue::Day(_)
                | GroupValue::Week(_)
                | GroupValue::Month(_)
                | GroupValue::Block(..)
                | GroupValue::Branch(_)
                | GroupValue::Tag(_)
                | GroupValue::PullRequest(_)
                | GroupValue::Agent(_) => {}
            }
        }
        Ok(properties)
    }

    /// Returns the cells of columns.
    fn cells(&self, columns: &[&str]) -> Vec<String> {
        columns.iter().map(|column| cell_text(self.field(column))).collect()
    }

    fn field(&self, column: &str) -> Field {
        let time = |time: DateTime<Utc>| Field::Text(time.to_rfc3339_opts(SecondsFormat::Secs, true));
        let text = |text: &str| Field::Text(text.to_owned());
        let optional = |value: Option<&String>| value.map_or(Field::Null, |value| Field::Text(value.clone()));
        let nanos = self.row.sums.cost_nanos;
        let billed = if self.billing == Billing::Api { nanos } else { 0 };
        match column {
            "BilledCost" | "EffectiveCost" => Field::Dollars(billed),
            "ListCost" | "ContractedCost" => Field::Dollars(nanos),
            "BillingAccountId" => text(BILLING_ACCOUNT),
            "BillingCurrency" => text("USD"),
            "BillingPeriodStart" => time(self.billing_period.0),
            "BillingPeriodEnd" => time(self.billing_period.1),
            "ChargePeriodStart" => time(self.charge.0),
            "ChargePeriodEnd" => time(self.charge.1),
            "ChargeCategory" => text("Usage"),
            "ChargeDescription" => Field::Text(self.description()),
            "ChargeFrequency" => text("Usage-Based"),
            // Quantities are decimals in FOCUS, and some importers take the type of a column from its text.
            "ConsumedQuantity" | "PricingQuantity" => Field::Text(format!("{}.0", self.row.sums.totals.total_tokens)),
            "ConsumedUnit" | "PricingUnit" => text(UNIT),
            "PricingCategory" => text("Standard"),
            "HostProviderName" | "InvoiceIssuerName" | "ProviderName" | "PublisherName" | "ServiceProviderName" => {
                text(PROVIDER)
            }
            "ServiceCategory" => text("AI and Machine Learning"),
            "ServiceSubcategory" => text("Generative AI"),
            "ServiceName" => text("Claude Code"),
            "SkuId" => Field::Text(self.model.clone()),
            "SubAccountId" => optional(self.project.as_ref()),
            "SubAccountName" => optional(self.project.as_deref().map(folder_name).as_ref()),
            "ResourceId" => optional(self.session.as_ref().map(|(id, _)| id)),
            "ResourceName" => optional(self.session.as_ref().map(|(_, name)| name)),
            "ResourceType" => self.session.as_ref().map_or(Field::Null, |_| text("Session")),
            "Tags" => Field::Text(self.tags.clone()),
            own if own.starts_with("x_") => self.own_field(own),
            // What Claude Code has no equivalent of: commitments, regions, unit prices of mixed tokens.
            _ => Field::Null,
        }
    }

    fn own_field(&self, column: &str) -> Field {
        let [messages, input, output, write_5m, write_1h, read, _, unpriced, ..] = sum_fields(&self.row.sums);
        match column {
            "x_MessageCount" => messages,
            "x_InputTokens" => input,
            "x_OutputTokens" => output,
            "x_CacheWrite5mTokens" => write_5m,
            "x_CacheWrite1hTokens" => write_1h,
            "x_CacheReadTokens" => read,
            "x_UnpricedTokens" => unpriced,
            COST_CENTER_COLUMN => self.cost_center.clone().map_or(Field::Null, Field::Text),
            _ => Field::Null,
        }
    }

    fn description(&self) -> String {
        let list = format_nanos(self.row.sums.cost_nanos);
        match self.billing {
            Billing::Subscription => {
                format!("Claude Code tokens, {}, covered by a subscription; API-equivalent ${list}", self.model)
            }
            Billing::Api => format!("Claude Code tokens, {}, at list prices", self.model),
        }
    }
}

/// Returns the first day of a row, and the day after its last one.
fn charge_days(row: &ReportRow) -> (NaiveDate, NaiveDate) {
    let days = row.values.iter().find_map(|value| match value {
        GroupValue::Day(date) => Some((*date, date.succ_opt())),
        GroupValue::Week(first) => Some((*first, first.checked_add_days(chrono::Days::new(7)))),
        GroupValue::Month(first) => Some((*first, first.checked_add_months(Months::new(1)))),
        GroupValue::Block(..)
        | GroupValue::Project(_)
        | GroupValue::Session(..)
        | GroupValue::Branch(_)
        | GroupValue::Tag(_)
        | GroupValue::PullRequest(_)
        | GroupValue::Agent(_)
        | GroupValue::Model(_) => None,
    });
    let (first, next) = days.unwrap_or_default();
    (first, next.unwrap_or(first))
}

fn folder_name(path: &str) -> String {
    path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(path).to_owned()
}

/// Returns the properties that FOCUS has no column for as the JSON object of the column Tags.
fn tags_json(row: &ReportRow) -> Result<String, ExportError> {
    let mut tags = std::collections::BTreeMap::new();
    for value in &row.values {
        let (name, text) = match value {
            GroupValue::Branch(branch) => ("branch", branch.clone()),
            GroupValue::Tag(own) => ("tags", (!own.is_empty()).then(|| own.join(", "))),
            GroupValue::PullRequest(address) => ("pull_request", address.clone()),
            GroupValue::Agent(agent) => ("agent", Some(agent.clone().unwrap_or_else(|| "main".to_owned()))),
            GroupValue::Day(_)
            | GroupValue::Week(_)
            | GroupValue::Month(_)
            | GroupValue::Block(..)
            | GroupValue::Project(_)
            | GroupValue::Session(..)
            | GroupValue::Model(_) => continue,
        };
        tags.extend(text.map(|text| (name, sanitize_line(&text))));
    }
    Ok(to_json(&tags)?)
}
