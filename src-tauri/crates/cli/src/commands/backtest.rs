//! `token-monitor backtest`: the accuracy of the forecast on past blocks.

use token_monitor_core::rates::Backtest;
use token_monitor_core::text::format::{format_number, format_percent};
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::connect::request_once;
use crate::error::CliError;
use crate::render::output::Printer;
use crate::render::tables::{new_table, row_cells};

/// Measures the accuracy of the forecast.
pub(crate) async fn run(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let Response::Backtest(backtest) = request_once(sources, Request::Backtest).await? else {
        return Err(CliError::unexpected_response());
    };
    printer.print(&backtest, || render_backtest(&backtest))
}

fn render_backtest(backtest: &Backtest) -> String {
    let number_headers = ["Blocks", "Mean error", "Worst error", "Plain", "Average", "Coverage"];
    let mut table = new_table(&["Block elapsed"], &number_headers);
    for checkpoint in &backtest.checkpoints {
        let numbers = [
            format_number(u128::from(checkpoint.count)),
            format_percent(checkpoint.forecast.mean),
            format_percent(checkpoint.forecast.worst),
            format_percent(checkpoint.plain.mean),
            format_percent(checkpoint.average.mean),
            format_percent(checkpoint.coverage),
        ];
        table.add_row(row_cells(&[format_percent(f64::from(checkpoint.percent))], &numbers));
    }
    format!(
        "{}\n\nMeasured on {} past blocks. Errors are in percent of a block's final tokens.\n\
         Plain and Average: mean error of extrapolating the current rate, and the block's average rate.\n\
         Coverage: blocks whose final tokens were inside the forecast range.",
        table.trim_fmt(),
        format_number(u128::from(backtest.blocks))
    )
}
