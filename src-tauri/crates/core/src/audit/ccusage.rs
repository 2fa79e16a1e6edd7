//! An emulation of ccusage: decides which lines ccusage counts, and how.
//!
//! It reproduces the behavior of version 20.0.24 and was checked against the program. ccusage parses with strict
//! types, so this file has its own structs and shares only the bytes with the lenient parser.

use memchr::memmem::{self, Finder};
use serde::{Deserialize, Serialize};

use crate::audit::observation::CcusageView;
use crate::audit::rule::CcusageRule;
use crate::time::timestamp::Timestamp;
use crate::transcript::lenient_json;
use crate::transcript::schema::LogRecord;

/// The emulated version.
pub const CCUSAGE_VERSION: &str = "20.0.24";

/// A command of ccusage. Different commands give different sums for the same logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PeerCommand {
    /// The command `ccusage daily`.
    Daily,
    /// The command `ccusage session`.
    Session,
    /// The command `ccusage blocks`.
    Blocks,
    /// The command `ccusage monthly`.
    Monthly,
}

impl PeerCommand {
    /// Returns true for `daily`, which parses and merges lines differently from the other commands.
    pub(crate) fn is_daily(self) -> bool {
        match self {
            Self::Daily => true,
            Self::Session | Self::Blocks | Self::Monthly => false,
        }
    }

    /// Returns the name of the command.
    pub fn name(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Session => "session",
            Self::Blocks => "blocks",
            Self::Monthly => "monthly",
        }
    }
}

/// A line that ccusage counts.
#[derive(Debug)]
pub(crate) struct AcceptedLine {
    pub(crate) view: CcusageView,
    /// The session named on the line.
    pub(crate) session: Option<String>,
    /// The advisor calls in order, `None` for each one that ccusage ignores.
    pub(crate) advisors: Vec<Option<CcusageView>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PeerRecord {
    timestamp: String,
    message: PeerMessage,
    version: Option<String>,
    session_id: Option<String>,
    #[serde(rename = "costUSD")]
    #[expect(dead_code, reason = "a line with anything else there is dropped")]
    cost: Option<f64>,
    request_id: Option<String>,
    is_sidechain: Option<bool>,
}

/// A record without its own message, which only `daily` reads.
#[derive(Deserialize)]
struct PeerProgress {
    #[serde(rename = "sessionId")]
    session_id: Option<String>,
    data: PeerProgressData,
}

#[derive(Deserialize)]
struct PeerProgressData {
    message: PeerRecord,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PeerLine {
    Direct(PeerRecord),
    Progress(PeerProgress),
}

#[derive(Deserialize)]
struct PeerMessage {
    id: Option<String>,
    model: Option<String>,
    usage: PeerUsage,
}

#[derive(Deserialize)]
struct PeerUsage {
    #[expect(dead_code, reason = "a line without it is dropped")]
    input_tokens: u64,
    #[expect(dead_code, reason = "a line without it is dropped")]
    output_tokens: u64,
    #[serde(default)]
    cache_creation_input_tokens: u64,
    #[serde(default)]
    #[expect(dead_code, reason = "a line with anything but a count there is dropped")]
    cache_read_input_tokens: u64,
    speed: Option<PeerSpeed>,
    cache_creation: Option<PeerCacheSplit>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum PeerSpeed {
    Standard,
    Fast,
}

#[derive(Deserialize)]
struct PeerCacheSplit {
    #[serde(default)]
    ephemeral_5m_input_tokens: u64,
    #[serde(default)]
    ephemeral_1h_input_tokens: u64,
}

#[derive(Deserialize)]
struct Envelope {
    message: EnvelopeMessage,
}

#[derive(Deserialize)]
struct EnvelopeMessage {
    usage: EnvelopeUsage,
}

#[derive(Deserialize)]
struct EnvelopeUsage {
    #[serde(default)]
    iterations: Vec<Iteration>,
}

#[derive(Deserialize)]
struct Iteration {
    #[serde(rename = "type")]
    kind: String,
    model: Option<String>,
    #[serde(flatten)]
    usage: PeerUsage,
}

/// Returns ccusage's view of a line with usage, or the rule by which ccusage drops it.
pub(crate) fn interpret_line(line: &[u8], command: PeerCommand) -> Result<AcceptedLine, CcusageRule> {
    if memmem::find(line, b"\"usage\":{").is_none() {
        return Err(CcusageRule::SpaceAfterKey);
    }
    if has_forbidden_null(line) {
        return Err(CcusageRule::Null);
    }
    let (entry, nested) = parse_record(line, command).ok_or_else(|| rejection_rule(line))?;
    let when = parse_timestamp(&entry.timestamp).ok_or(CcusageRule::TimestampFormat)?;
    if entry.version.as_deref().is_some_and(|version| !is_version(version)) {
        return Err(CcusageRule::Version);
    }
    let ids = [&entry.session_id, &entry.request_id, &entry.message.id, &entry.message.model];
    if ids.into_iter().flatten().any(String::is_empty) {
        return Err(CcusageRule::EmptyId);
    }
    let view = CcusageView {
        request: entry.request_id.as_ref().map(|id| xxhash_rust::xxh3::xxh3_64(id.as_bytes())),
        has_id: entry.message.id.is_some(),
        when,
        side: entry.is_sidechain == Some(true),
        ..usage_view(&entry.message.usage)
    };
    let advisors = if nested { Vec::new() } else { advisor_views(line, view) };
    Ok(AcceptedLine { view, session: entry.session_id, advisors })
}

/// Parses the record. Returns true with it if it was nested in a progress record.
fn parse_record(line: &[u8], command: PeerCommand) -> Option<(PeerRecord, bool)> {
    if !command.is_daily() {
        return Some((serde_json::from_slice(line).ok()?, false));
    }
    Some(match serde_json::from_slice(line).ok()? {
        PeerLine::Direct(entry) => (entry, false),
        PeerLine::Progress(PeerProgress { session_id, data }) => {
            (PeerRecord { version: None, session_id, ..data.message }, true)
        }
    })
}

/// Returns the rule by which a line that cannot be parsed is dropped, as far as it can be determined.
fn rejection_rule(line: &[u8]) -> CcusageRule {
    match lenient_json::parse_single::<LogRecord<'_>>(line) {
        Some(lenient_json::Object(Some(record))) => match record.kind {
            Some(kind) if kind.0 == "progress" => CcusageRule::Progress,
            _ => CcusageRule::Mistyped,
        },
        _ => CcusageRule::Damaged,
    }
}

fn usage_view(usage: &PeerUsage) -> CcusageView {
    let split = usage.cache_creation.as_ref();
    let split = split.map(|split| split.ephemeral_5m_input_tokens.saturating_add(split.ephemeral_1h_input_tokens));
    let speed = usage.speed.as_ref().is_some_and(|speed| match speed {
        PeerSpeed::Standard | PeerSpeed::Fast => true,
    });
    CcusageView { speed, cache_write: split.unwrap_or(usage.cache_creation_input_tokens), ..CcusageView::default() }
}

fn advisor_views(line: &[u8], caller: CcusageView) -> Vec<Option<CcusageView>> {
    let Ok(envelope) = serde_json::from_slice::<Envelope>(line) else { return Vec::new() };
    let calls = envelope.message.usage.iterations.into_iter().filter(|call| call.kind == "advisor_message");
    let mut calls_taken = 0;
    let mut view_of = |call: Iteration| {
        call.model.filter(|model| !model.is_empty())?;
        calls_taken += 1;
        let CcusageView { speed, cache_write, .. } = usage_view(&call.usage);
        Some(CcusageView { call: calls_taken, speed, cache_write, ..caller })
    };
    calls.map(&mut view_of).collect()
}

/// The eleven fields that must not be null.
const NEVER_NULL: [&[u8]; 11] = [
    b"id",
    b"cwd",
    b"model",
    b"speed",
    b"costUSD",
    b"version",
    b"sessionId",
    b"requestId",
    b"isApiErrorMessage",
    b"cache_read_input_tokens",
    b"cache_creation_input_tokens",
];

/// Returns true if one of these fields is null anywhere on the line. Only a `model` among the iterations may be null.
fn has_forbidden_null(line: &[u8]) -> bool {
    let mut iterations = None;
    memmem::find_iter(line, b"null").any(|at| {
        let Some(field) = field_before(line, at) else { return false };
        let mut is_in_iterations = || iterations.get_or_insert_with(|| iterations_range(line)).contains(&at);
        NEVER_NULL.contains(&field) && !(field == b"model" && is_in_iterations())
    })
}

/// Returns the name of the field whose value starts at `at`, if there is one.
fn field_before(line: &[u8], at: usize) -> Option<&[u8]> {
    let name = line[..at].trim_ascii_end().strip_suffix(b":")?.trim_ascii_end().strip_suffix(b"\"")?;
    let start = memchr::memrchr(b'"', name)?;
    Some(&name[start + 1..])
}

/// Returns the range of the `iterations` that are a direct member of a `usage` object.
fn iterations_range(line: &[u8]) -> std::ops::Range<usize> {
    let usages = Finder::new(b"\"usage\"");
    let found = usages.find_iter(line).find_map(|at| {
        let value = expect_byte(line, at + b"\"usage\"".len(), b':')?;
        let body = expect_byte(line, value, b'{')?;
        member_range(line, body, b"iterations").filter(|span| line[span.start] == b'[')
    });
    found.unwrap_or_default()
}

/// Returns the range of a member's value, in the object whose first member starts at `at`.
fn member_range(line: &[u8], mut at: usize, name: &[u8]) -> Option<std::ops::Range<usize>> {
    loop {
        let start = expect_byte(line, at, b'"')?;
        let end = start + string_len(&line[start..])?;
        let value = expect_byte(line, end + 1, b':').map(|at| skip_whitespace(line, at))?;
        let past = value + value_len(&line[value..])?;
        if &line[start..end] == name {
            return Some(value..past);
        }
        at = expect_byte(line, past, b',')?;
    }
}

fn skip_whitespace(line: &[u8], at: usize) -> usize {
    at + line[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Returns the position after `byte`, if it is the next byte that is not whitespace.
fn expect_byte(line: &[u8], at: usize, byte: u8) -> Option<usize> {
    let at = skip_whitespace(line, at);
    (line.get(at) == Some(&byte)).then_some(at + 1)
}

/// Returns the length of a string up to its closing quote.
fn string_len(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// Returns the length of a value of any type.
fn value_len(text: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => at += string_len(&text[at + 1..])? + 1,
            b'[' | b'{' => depth += 1,
            b']' | b'}' | b',' if depth == 0 => return Some(at),
            b']' | b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// Parses `2026-01-02T03:04:05`, with or without milliseconds, followed by `Z` or an offset such as `+05:30`.
fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let has_valid_form = match bytes.len() {
        20 | 25 => matches!(bytes[19], b'Z' | b'+' | b'-'),
        24 | 29 => bytes[19] == b'.' && bytes[20..23].iter().all(u8::is_ascii_digit),
        _ => false,
    };
    (has_valid_form && bytes[10] == b'T').then(|| Timestamp::parse(text))?
}

/// Returns true for three numbers separated by dots, with any suffix.
fn is_version(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.splitn(3, '.');
    let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return false };
    digits(major) && digits(minor) && rest.starts_with(|first: char| first.is_ascii_digit())
}

/// Returns the session that ccusage derives from the path of a log, given by its components.
pub fn session_from_path(path: &[&str]) -> String {
    let below = path.iter().position(|part| *part == "projects").map_or(path, |at| &path[at + 1..]);
    let session = match below {
        [_, file] if file.ends_with(".jsonl") && file.len() > ".jsonl".len() => &file[..file.len() - ".jsonl".len()],
        [_, .., session, "subagents", _] => session,
        [.., folder, _] => folder,
        [file] => file,
        [] => "unknown",
    };
    session.to_owned()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const USAGE: &str = r#""usage":{"input_tokens":1,"output_tokens":2}"#;

    fn line(more: &str, message: &str) -> String {
        format!(r#"{{"timestamp":"2026-05-01T10:00:00.000Z"{more},"message":{{{message}}}}}"#)
    }

    #[rstest]
    #[case::plain(line("", USAGE), None)]
    #[case::a_space(line("", &USAGE.replace(":{", ": {")), Some(CcusageRule::SpaceAfterKey))]
    #[case::null(line(r#","cwd":null"#, USAGE), Some(CcusageRule::Null))]
    #[case::spaced_null(line(r#","cwd" : null"#, USAGE), Some(CcusageRule::Null))]
    #[case::an_allowed_null(line(r#","parentUuid":null"#, USAGE), None)]
    #[case::quoted_null(line(r#","x":"{\"cwd\":null}""#, USAGE), None)]
    #[case::a_model_of_an_iteration(line("", &USAGE.replace('}', r#","iterations":[{"model":null}]}"#)), None)]
    #[case::an_iteration_elsewhere(line(r#","x":{"iterations":[{"model":null}]}"#, USAGE), Some(CcusageRule::Null))]
    #[case::joined(format!("{0}{0}", line("", USAGE)), Some(CcusageRule::Damaged))]
    #[case::a_fraction(line("", &USAGE.replace('2', "2.0")), Some(CcusageRule::Mistyped))]
    #[case::no_output(line("", r#""usage":{"input_tokens":1}"#), Some(CcusageRule::Mistyped))]
    #[case::microseconds(line("", USAGE).replace(".000Z", ".000000Z"), Some(CcusageRule::TimestampFormat))]
    #[case::a_zone(line("", USAGE).replace('Z', "+05:30"), None)]
    #[case::a_release(line(r#","version":"2.1.9-beta""#, USAGE), None)]
    #[case::no_release(line(r#","version":"dev""#, USAGE), Some(CcusageRule::Version))]
    #[case::no_model(line("", &format!(r#""model":"",{USAGE}"#)), Some(CcusageRule::EmptyId))]
    fn lines_are_counted_or_dropped(#[case] line: String, #[case] dropped: Option<CcusageRule>) {
        assert_eq!(interpret_line(line.as_bytes(), PeerCommand::Session).err(), dropped, "{line}");
        assert_eq!(interpret_line(line.as_bytes(), PeerCommand::Daily).err(), dropped, "{line}");
    }

    #[test]
    fn only_daily_reads_progress_records() {
        let line = format!(r#"{{"type":"progress","data":{{"message":{}}}}}"#, line("", USAGE));
        assert!(interpret_line(line.as_bytes(), PeerCommand::Daily).is_ok());
        assert_eq!(interpret_line(line.as_bytes(), PeerCommand::Blocks).err(), Some(CcusageRule::Progress));
    }

    #[test]
    fn the_split_of_cache_writes_replaces_their_total() {
        let usage = USAGE.replace(
            '}',
            r#","cache_creation_input_tokens":999,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20}}"#,
        );
        let accepted = interpret_line(line("", &usage).as_bytes(), PeerCommand::Daily).expect("it is calls_taken");
        assert_eq!(accepted.view.cache_write, 30);
    }

    #[rstest]
    #[case(&["projects", "p", "s.jsonl"], "s")]
    #[case(&["projects", "p", "s", "subagents", "a.jsonl"], "s")]
    #[case(&["projects", "p", "subagents", "a.jsonl"], "subagents")]
    #[case(&["projects", "p", "s", "subagents", "workflows", "w", "a.jsonl"], "w")]
    #[case(&["home", "projects", "x", "projects", "p", "s.jsonl"], "p")]
    #[case(&["projects", "s.jsonl"], "s.jsonl")]
    fn the_session_is_derived_from_the_path(#[case] path: &[&str], #[case] session: &str) {
        assert_eq!(session_from_path(path), session);
    }
}
