//! Lines of transcripts, as Claude Code writes them.

use std::fmt;

use serde_json::{Map, Value, json};

/// An `assistant` record with usage. Fields that are not set are left out of the record.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    record: Map<String, Value>,
    message: Map<String, Value>,
    usage: Map<String, Value>,
}

impl LogLine {
    /// Creates a line of the message `msg_<id>` in session `s`, logged on 2026-05-01 at 10:00 UTC.
    pub fn new(id: &str) -> Self {
        let line = Self { record: Map::new(), message: Map::new(), usage: Map::new() };
        line.field("type", "assistant")
            .session("s")
            .at("2026-05-01T10:00:00Z")
            .message_field("id", format!("msg_{id}"))
            .model("opus")
    }

    /// Sets the session.
    #[must_use]
    pub fn session(self, session: &str) -> Self {
        self.field("sessionId", session)
    }

    /// Sets the model.
    #[must_use]
    pub fn model(self, model: &str) -> Self {
        self.message_field("model", model)
    }

    /// Sets the timestamp, in RFC 3339.
    #[must_use]
    pub fn at(self, timestamp: &str) -> Self {
        self.field("timestamp", timestamp)
    }

    /// Sets the output tokens.
    #[must_use]
    pub fn output(self, tokens: u64) -> Self {
        self.usage_field("output_tokens", tokens)
    }

    /// Sets all four counts: input, output, cache write and cache read.
    #[must_use]
    pub fn counts(self, [input, output, cache_write, cache_read]: [u64; 4]) -> Self {
        self.usage_field("input_tokens", input)
            .output(output)
            .usage_field("cache_creation_input_tokens", cache_write)
            .usage_field("cache_read_input_tokens", cache_read)
    }

    /// Sets a field of the record.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.record.insert(name.to_owned(), value.into());
        self
    }

    /// Sets a field of the message.
    #[must_use]
    pub fn message_field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.message.insert(name.to_owned(), value.into());
        self
    }

    /// Sets a field of the usage.
    #[must_use]
    pub fn usage_field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.usage.insert(name.to_owned(), value.into());
        self
    }

    /// Returns the line with its newline.
    pub fn with_newline(&self) -> String {
        format!("{self}\n")
    }
}

/// Writes the record as JSON without a newline: `type` first, the message near the end and `uuid` last, as Claude Code
/// does.
impl fmt::Display for LogLine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, r#"{{"type":{}"#, self.record["type"])?;
        for (name, value) in self.record.iter().filter(|(name, _)| !["type", "uuid"].contains(&name.as_str())) {
            write!(out, ",{}:{value}", json!(name))?;
        }
        let mut message = self.message.clone();
        message.insert("usage".to_owned(), Value::Object(self.usage.clone()));
        write!(out, r#","message":{}"#, Value::Object(message))?;
        match self.record.get("uuid") {
            Some(uuid) => write!(out, r#","uuid":{uuid}}}"#),
            None => write!(out, "}}"),
        }
    }
}

/// Returns a line with the title that the user gave a session.
pub fn custom_title(session: &str, text: &str) -> String {
    format!("{}\n", json!({ "type": "custom-title", "sessionId": session, "customTitle": text }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_json_object_with_the_fields_that_were_set() {
        let line = LogLine::new("1").session("a").counts([1, 2, 3, 4]).field("isSidechain", true).with_newline();
        let record: Value = serde_json::from_str(&line).expect("it is JSON");
        assert_eq!(record["sessionId"], "a");
        assert_eq!(record["isSidechain"], true);
        assert_eq!(record["message"]["id"], "msg_1");
        assert_eq!(record["message"]["usage"]["cache_read_input_tokens"], 4);
        assert!(line.starts_with(r#"{"type":"assistant""#) && line.ends_with("}\n"), "{line}");
    }
}
