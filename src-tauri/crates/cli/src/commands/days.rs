//! `token-monitor days`: all days with messages.

use chrono_tz::Tz;
use token_monitor_core::report::model::{DayStats, Totals};
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::connect::request_once;
use crate::error::CliError;
use crate::render::output::{Printer, RowsWithTotals};
use crate::render::tables::TotalsTable;

/// Lists all days with messages. The default time zone is that of the settings.
pub(crate) async fn run(sources: ConfigSources, zone: Option<Tz>, printer: &Printer) -> Result<(), CliError> {
    let Response::Days(rows, totals) = request_once(sources, Request::Days { zone }).await? else {
        return Err(CliError::unexpected_response());
    };
    let json = RowsWithTotals { name: "days", rows: &rows, totals: &totals };
    printer.print(&json, || render_days(&rows, &totals))
}

fn render_days(days: &[DayStats], totals: &Totals) -> String {
    let mut table = TotalsTable::new(&["Day"]);
    for day in days {
        table.add_row(&[day.date.to_string()], &day.totals);
    }
    table.render_with_total(totals)
}
