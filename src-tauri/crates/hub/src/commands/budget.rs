//! `budget add`, `budget list` and `budget remove`.

use serde_json::json;
use token_monitor_core::money::Usd;
use token_monitor_core::text::format::format_dollars;

use crate::args::{BudgetArgs, BudgetCommand, ListArgs, RemoveArgs};
use crate::budgets::{BudgetSettings, Budgets, MonthlyBudget};
use crate::commands::{print_json, print_text, render_table};
use crate::database::Database;
use crate::error::HubError;
use crate::members::Members;

pub(super) async fn run(database: &Database, command: BudgetCommand) -> Result<(), HubError> {
    match command {
        BudgetCommand::Add(args) => {
            let budgets = budgets_of(database, &args.organization.org).await?;
            let (_, key) = budgets.add(settings_of(args)?).await?;
            print_text(&key.to_string())
        }
        BudgetCommand::List(ListArgs { json, organization }) => {
            let budgets = budgets_of(database, &organization.org).await?.list().await?;
            if json { print_json(&json!({ "budgets": budgets })) } else { print_text(&render_budgets(&budgets)) }
        }
        BudgetCommand::Remove(RemoveArgs { id, organization }) => {
            budgets_of(database, &organization.org).await?.remove(id).await
        }
    }
}

async fn budgets_of(database: &Database, organization: &str) -> Result<Budgets, HubError> {
    Ok(Budgets::new(database, Members::find(database, organization).await?.organization()))
}

fn settings_of(args: BudgetArgs) -> Result<BudgetSettings, HubError> {
    let BudgetArgs { dollars, cost_center, at: thresholds, webhook: webhook_url, organization: _ } = args;
    let nanos = (dollars * Usd::ONE.0 as f64).round();
    #[expect(clippy::cast_possible_truncation, reason = "a larger amount becomes the largest, which is refused")]
    let monthly_cost_nanos = nanos as i64;
    Ok(BudgetSettings { cost_center, monthly_cost_nanos, thresholds, webhook_url })
}

fn render_budgets(budgets: &[MonthlyBudget]) -> String {
    let head = ["Cost center", "A month", "Thresholds", "Last reached", "Id"].map(str::to_owned).to_vec();
    let rows = budgets.iter().map(|MonthlyBudget { id, settings, reached }| {
        let cost_center = settings.cost_center.clone().unwrap_or_else(|| "(all)".to_owned());
        let dollars = format_dollars(settings.monthly_cost_nanos as f64 / Usd::ONE.0 as f64);
        let thresholds: Vec<String> = settings.thresholds.iter().map(|threshold| format!("{threshold}%")).collect();
        let last = reached.last().map(|last| format!("{} {}%", last.month.format("%Y-%m"), last.threshold));
        vec![cost_center, dollars, thresholds.join(", "), last.unwrap_or_else(|| "-".to_owned()), id.to_string()]
    });
    render_table(&std::iter::once(head).chain(rows).collect::<Vec<_>>(), 5)
}
