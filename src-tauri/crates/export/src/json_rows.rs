//! JSON with the columns of the CSV. Amounts are written with all nine decimal places.

use token_monitor_core::report::model::{Grouping, Report};

use crate::columns::{Field, SUM_COLUMNS, column_names, format_nanos, row_fields, sum_fields};
use crate::error::ExportError;
use crate::json_text::to_json;

/// Returns a report as `{"columns": […], "rows": […], "totals": …}` with one row per line.
pub(super) fn render(report: &Report, by: &[Grouping]) -> Result<String, ExportError> {
    let columns = column_names(by);
    let rows = report.rows.iter().map(|row| object_text(&columns, &row_fields(row))).collect::<Result<Vec<_>, _>>()?;
    let totals = object_text(&SUM_COLUMNS, &sum_fields(&report.sums))?;
    let columns = to_json(&columns)?;
    let rows = if rows.is_empty() { String::new() } else { format!("\n{}\n", rows.join(",\n")) };
    Ok(format!("{{\"columns\":{columns},\"rows\":[{rows}],\"totals\":{totals}}}\n"))
}

fn object_text(columns: &[&str], fields: &[Field]) -> Result<String, ExportError> {
    let mut text = String::from("{");
    for (name, field) in columns.iter().zip(fields) {
        let separator = if text.len() > 1 { "," } else { "" };
        let value = match field {
            Field::Null => "null".to_owned(),
            Field::Text(text) => to_json(text)?,
            Field::Integer(number) => number.to_string(),
            Field::Dollars(nanos) => format_nanos(*nanos),
        };
        text += &format!("{separator}\"{name}\":{value}");
    }
    Ok(text + "}")
}
