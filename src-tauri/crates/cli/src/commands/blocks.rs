//! `token-monitor blocks`: all five-hour blocks and the gaps between them.

use clap::ValueEnum;
use token_monitor_core::blocks::BlockPlacement;
use token_monitor_core::report::model::{BillingBlock, Totals};
use token_monitor_core::text::format::{ViewerZone, format_number, format_table_time};
use token_monitor_core::text::sanitize::sanitize_name;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::connect::request_with_zone;
use crate::error::CliError;
use crate::render::output::{Printer, RowsWithTotals};
use crate::render::tables::{format_cost, new_table, render_legend, row_cells};

/// The maximum length of an account's folder, in characters.
const MAX_ACCOUNT_LENGTH: usize = 40;

/// The values of `--anchor`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum AnchorArg {
    /// Use official reset times if known, otherwise estimate
    Auto,
    /// Estimate from the messages alone
    Estimate,
    /// Use a fixed grid: 0:00, 5:00, 10:00, 15:00 and 20:00 UTC
    Utc,
}

impl From<AnchorArg> for BlockPlacement {
    fn from(anchor: AnchorArg) -> Self {
        match anchor {
            AnchorArg::Auto => Self::Auto,
            AnchorArg::Estimate => Self::Estimate,
            AnchorArg::Utc => Self::Utc,
        }
    }
}

/// Lists all blocks and gaps. The default placement is that of the settings.
pub(crate) async fn run(sources: ConfigSources, anchor: Option<AnchorArg>, printer: &Printer) -> Result<(), CliError> {
    let request = Request::Blocks { anchor: anchor.map(Into::into) };
    let (Response::Blocks(rows, totals), zone) = request_with_zone(sources, request).await? else {
        return Err(CliError::unexpected_response());
    };
    let json = RowsWithTotals { name: "blocks", rows: &rows, totals: &totals };
    printer.print(&json, || render_blocks(&rows, &totals, zone))
}

fn render_blocks(blocks: &[BillingBlock], totals: &Totals, zone: ViewerZone) -> String {
    let has_accounts = blocks.iter().any(|block| block.account.is_some());
    let columns = ["Start", "End", "", "Edges", "Account"];
    let columns = if has_accounts { &columns[..] } else { &columns[..4] };
    let mut table = new_table(columns, &["Tokens", "Messages", "Cost (API-equivalent)"]);
    for block in blocks {
        let state = match (block.is_gap, block.is_active) {
            (true, _) => "gap",
            (false, true) => "active",
            (false, false) => "",
        };
        let cost = if block.is_gap { String::new() } else { format_cost(block.cost_usd, block.unpriced_tokens) };
        let edges = if block.is_gap { "" } else { block.source.phrase() };
        let [start, end] = [block.start_time, block.end_time].map(|time| format_table_time(time, zone));
        let account = block.account.as_deref().map(|account| sanitize_name(account, MAX_ACCOUNT_LENGTH));
        let text = [start, end, state.to_owned(), edges.to_owned(), account.unwrap_or_default()];
        let numbers = [format_number(block.tokens_used), format_number(u128::from(block.message_count)), cost];
        table.add_row(row_cells(&text[..columns.len()], &numbers));
    }
    let cost = format_cost(totals.total_cost, totals.unpriced_tokens);
    let numbers = [format_number(totals.total_tokens), format_number(u128::from(totals.message_count)), cost];
    table.add_row(row_cells(&["Total", "", "", "", ""].map(str::to_owned)[..columns.len()], &numbers));
    format!("{}\n\n{}", table.trim_fmt(), render_legend(totals, "Tokens are a lower bound"))
}
