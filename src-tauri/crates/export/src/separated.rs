//! CSV and TSV: RFC 4180, with a header.
//!
//! A cell that a spreadsheet would take for a formula is preceded by an apostrophe, because titles come from logs.

use csv::{Terminator, WriterBuilder};
use token_monitor_core::report::model::{ExactTotals, Grouping, Report};

use crate::columns::{Field, SUM_COLUMNS, column_names, format_nanos, row_fields, sum_fields};
use crate::error::ExportError;

/// Returns a report with this delimiter between the columns.
pub(super) fn render(report: &Report, by: &[Grouping], delimiter: u8) -> Result<String, ExportError> {
    let rows = report.rows.iter().map(|row| row_fields(row).into_iter().map(cell_text).collect());
    write_rows(&column_names(by), rows, delimiter)
}

/// Returns sums as rows below a header. `names` are those of the texts of each row, which come before the sums. A missing text
/// is an empty cell.
///
/// # Errors
///
/// If a row has another number of texts than there are names.
pub fn render_sums<'a>(
    names: &[&str],
    rows: impl Iterator<Item = (Vec<Option<String>>, &'a ExactTotals)>,
    delimiter: u8,
) -> Result<String, ExportError> {
    let header: Vec<&str> = names.iter().chain(&SUM_COLUMNS).copied().collect();
    let rows = rows.map(|(texts, sums)| {
        let texts = texts.into_iter().map(|text| text.map_or(Field::Null, |text| Field::text(&text)));
        texts.chain(sum_fields(sums)).map(cell_text).collect()
    });
    write_rows(&header, rows, delimiter)
}

/// Returns rows below a header.
///
/// # Errors
///
/// If a row has another number of columns than the header.
pub fn write_rows(
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    delimiter: u8,
) -> Result<String, ExportError> {
    let mut writer = WriterBuilder::new().delimiter(delimiter).terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(&row)?;
    }
    let bytes = writer.into_inner().map_err(|error| ExportError::End(error.into_error()))?;
    Ok(String::from_utf8(bytes)?)
}

/// Returns a field as the text of a cell.
pub(super) fn cell_text(field: Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Text(text) => guard_formula(text),
        Field::Integer(number) => number.to_string(),
        Field::Dollars(nanos) => format_nanos(nanos),
    }
}

/// Puts an apostrophe before a text that a spreadsheet would evaluate. Text that already looks guarded gets one as well,
/// so that removing one apostrophe always restores the text.
pub fn guard_formula(text: String) -> String {
    let is_formula =
        text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if is_formula { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("=1+1", "'=1+1")]
    #[case("+49", "'+49")]
    #[case("-x", "'-x")]
    #[case("@SUM(A1)", "'@SUM(A1)")]
    #[case("'=1", "''=1")]
    #[case("＝1", "'＝1")]
    #[case("'tis fine", "'tis fine")]
    #[case("a=b", "a=b")]
    #[case("", "")]
    fn formulas_are_guarded(#[case] text: &str, #[case] cell: &str) {
        assert_eq!(guard_formula(text.to_owned()), cell);
    }

    #[test]
    fn commas_and_quotes_are_quoted() {
        let row = vec!["a,b".to_owned(), "say \"hi\"".to_owned(), String::new()];
        let text = write_rows(&["x", "y", "z"], [row].into_iter(), b',').expect("it is written");
        assert_eq!(text, "x,y,z\r\n\"a,b\",\"say \"\"hi\"\"\",\r\n");
    }
}
