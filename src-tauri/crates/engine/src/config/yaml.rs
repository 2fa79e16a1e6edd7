//! Parsing of YAML.

use serde_json::Value;

/// Parses YAML; empty text is null. Returns the first line of the error if it is invalid.
pub(crate) fn parse_yaml(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_saphyr::from_str(text).map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())
}
