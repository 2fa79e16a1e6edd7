//! `token-monitor models`: all models.

use token_monitor_core::report::model::{ModelStats, Totals};
use token_monitor_core::text::sanitize::sanitize_name;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::connect::request_once;
use crate::error::CliError;
use crate::render::output::{Printer, RowsWithTotals};
use crate::render::tables::TotalsTable;

/// The longest name of a model, in characters.
const MAX_MODEL_CHARS: usize = 60;

/// Lists all models.
pub(crate) async fn run(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let Response::Models(rows, totals) = request_once(sources, Request::Models).await? else {
        return Err(CliError::unexpected_response());
    };
    let json = RowsWithTotals { name: "models", rows: &rows, totals: &totals };
    printer.print(&json, || render_models(&rows, &totals))
}

fn render_models(models: &[ModelStats], totals: &Totals) -> String {
    let mut table = TotalsTable::new(&["Model"]);
    for model in models {
        table.add_row(&[sanitize_name(&model.model, MAX_MODEL_CHARS)], &model.totals);
    }
    table.render_with_total(totals)
}
