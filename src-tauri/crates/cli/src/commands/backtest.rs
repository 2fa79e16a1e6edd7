//! `token-monitor backtest`: the accuracy of the forecast on past blocks.

use token_monitor_core::rates::{Backtest, CHECKPOINT_PERCENTS, Checkpoint, MIN_BLOCK_MESSAGES};
use token_monitor_core::text::format::{format_count, format_number, format_percent};
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::connect::request_with_completeness;
use crate::error::CliError;
use crate::render::output::{Printer, WithCompleteness};
use crate::render::tables::{new_table, render_with_legend, row_cells};

/// Measures the accuracy of the forecast.
pub(crate) async fn run(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let (Response::Backtest(backtest), completeness) = request_with_completeness(sources, Request::Backtest).await?
    else {
        return Err(CliError::unexpected_response());
    };
    let document = WithCompleteness { figures: &backtest, completeness: &completeness };
    printer.print(&document, || render_backtest(&backtest, printer.width))?;
    CliError::check_complete(&completeness)
}

fn render_backtest(backtest: &Backtest, width: Option<usize>) -> String {
    let number_headers = ["Blocks", "Mean error", "Worst error", "Plain", "Average", "Coverage"];
    let mut table = new_table(&["Block elapsed"], &number_headers);
    for percent in CHECKPOINT_PERCENTS {
        let checkpoint = backtest.checkpoints.iter().find(|checkpoint| checkpoint.percent == percent);
        let numbers = checkpoint.map_or(no_forecast(), checkpoint_numbers);
        table.add_row(row_cells(&[format_percent(f64::from(percent))], &numbers));
    }
    let legend = format!(
        "Measured on {} that have ended and have at least {MIN_BLOCK_MESSAGES} messages. There is no forecast while \
         nothing runs. Errors are in percent of a block's final tokens.\n\
         Plain and Average: mean error of extrapolating the current rate, and the block's average rate.\n\
         Coverage: blocks whose final tokens were inside the forecast range.",
        format_count(u128::from(backtest.blocks), "past block", "past blocks")
    );
    render_with_legend(&table, &[legend], width)
}

/// Returns the numbers of a checkpoint at which no block had a forecast.
fn no_forecast() -> [String; 6] {
    std::array::from_fn(|column| if column == 0 { "0".to_owned() } else { "–".to_owned() })
}

fn checkpoint_numbers(checkpoint: &Checkpoint) -> [String; 6] {
    [
        format_number(u128::from(checkpoint.count)),
        format_percent(checkpoint.forecast.mean),
        format_percent(checkpoint.forecast.worst),
        format_percent(checkpoint.plain.mean),
        format_percent(checkpoint.average.mean),
        format_percent(checkpoint.coverage),
    ]
}
