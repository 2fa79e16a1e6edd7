//! Lines that consist of a label and a value.

use token_monitor_core::text::sanitize::sanitize_line;

/// The column at which values begin.
const VALUE_COLUMN: usize = 15;

/// Returns a line with a label and a value.
pub(crate) fn field_line(label: &str, value: &str) -> String {
    format!("{label:width$} {value}", width = VALUE_COLUMN - 1)
}

/// Returns sanitized tags on one line, or none if there are no tags.
pub(crate) fn join_tags(tags: &[String]) -> Option<String> {
    (!tags.is_empty()).then(|| tags.iter().map(|tag| sanitize_line(tag)).collect::<Vec<_>>().join(", "))
}

/// Returns a sanitized value of several lines, indented so that all of them begin below the first one.
pub(crate) fn indent_lines(text: &str) -> String {
    text.lines().map(sanitize_line).collect::<Vec<_>>().join(&format!("\n{:VALUE_COLUMN$}", ""))
}
