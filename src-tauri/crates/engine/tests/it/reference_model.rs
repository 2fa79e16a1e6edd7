//! The reference model: figures computed from a plain list of lines.

use std::collections::BTreeMap;

use serde_json::Value;

/// A line and the log it was read from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LoggedLine {
    /// The path of the log below its root.
    place: String,
    record: Value,
}

impl LoggedLine {
    fn text(&self, field: &str) -> String {
        self.record[field].as_str().unwrap_or_default().to_owned()
    }

    /// Returns the key by which the first line of a message is chosen.
    fn order(&self) -> (String, bool, &str, String) {
        let session = self.text("sessionId");
        let home = self.place.rsplit('/').next().unwrap_or_default().trim_end_matches(".jsonl");
        (self.text("timestamp"), session != home, &self.place, session)
    }

    fn usage(&self, field: &str) -> u64 {
        self.record["message"]["usage"][field].as_u64().unwrap_or_default()
    }
}

/// Returns the complete lines of a log.
pub(crate) fn lines_of(place: &str, bytes: &[u8]) -> Vec<LoggedLine> {
    let text = String::from_utf8_lossy(bytes);
    let mut met = Vec::new();
    for line in text.split_inclusive('\n') {
        let whole = serde_json::from_str::<Value>(line).ok();
        let records = match whole {
            Some(record) => vec![record],
            // The line may still be written.
            None if !line.ends_with('\n') => Vec::new(),
            None => recovered(line),
        };
        met.extend(records.into_iter().map(|record| LoggedLine { place: place.to_owned(), record }));
    }
    met
}

/// The start of every complete record in these tests.
const START: &str = "{\"type\":\"assistant\"";

/// Returns the readable records of a damaged line.
fn recovered(line: &str) -> Vec<Value> {
    let starts = line.match_indices(START).map(|(at, _)| at);
    let whole = starts.filter_map(|at| serde_json::Deserializer::from_str(&line[at..]).into_iter().next()?.ok());
    torn(line).into_iter().chain(whole).collect()
}

/// Returns a torn record at the start of a line if its message is provably complete.
fn torn(line: &str) -> Option<Value> {
    let next = line.strip_prefix(START)?.find(START)? + START.len();
    let (message, _) = line[..next].split_once("}},")?;
    serde_json::from_str(&format!("{message}}}}}}}")).ok()
}

/// The tokens and messages of a session.
pub(crate) type Sums = (u128, u64);

/// Returns the totals by session.
pub(crate) fn sessions(met: &[LoggedLine]) -> BTreeMap<String, Sums> {
    let mut messages: BTreeMap<String, Vec<&LoggedLine>> = BTreeMap::new();
    for line in met {
        let id = line.record["message"]["id"].as_str().unwrap_or_default();
        messages.entry(id.to_owned()).or_default().push(line);
    }
    let mut sessions: BTreeMap<String, Sums> = BTreeMap::new();
    for lines in messages.values() {
        let first = lines.iter().min_by_key(|line| line.order()).expect("a message has a line");
        let most = |field: &str| lines.iter().map(|line| line.usage(field)).max().expect("a message has a line");
        let sums = sessions.entry(first.text("sessionId")).or_default();
        sums.0 += u128::from(most("input_tokens") + most("output_tokens"));
        sums.1 += 1;
    }
    sessions
}

/// Returns the total of all sessions.
pub(crate) fn total(met: &[LoggedLine]) -> Sums {
    sessions(met).values().fold((0, 0), |all, sums| (all.0 + sums.0, all.1 + sums.1))
}
