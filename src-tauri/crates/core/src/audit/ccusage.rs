//! What ccusage makes of a line: whether it counts it, and as what.
//!
//! An emulation of version 20.0.24 by its behaviour, checked against the program itself. It reads with strict
//! types where we read tolerantly, so it has structs of its own; it shares nothing with our reading but the bytes.

use memchr::memmem::{self, Finder};
use serde::{Deserialize, Serialize};

use crate::audit::observation::Theirs;
use crate::audit::rule::Rule;
use crate::time::timestamp::Timestamp;
use crate::transcript::lenient_json;
use crate::transcript::schema::Record;

/// The version that is emulated.
pub const VERSION: &str = "20.0.24";

/// Which of its commands: on the same logs they give different sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PeerCommand {
    /// `ccusage daily`
    Daily,
    /// `ccusage session`
    Session,
    /// `ccusage blocks`
    Blocks,
    /// `ccusage monthly`
    Monthly,
}

impl PeerCommand {
    /// `daily` has a reader and a merger of its own.
    pub(crate) fn is_daily(self) -> bool {
        match self {
            Self::Daily => true,
            Self::Session | Self::Blocks | Self::Monthly => false,
        }
    }

    /// As it is typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Session => "session",
            Self::Blocks => "blocks",
            Self::Monthly => "monthly",
        }
    }
}

/// A line it accepts.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) theirs: Theirs,
    /// The session the line names.
    pub(crate) session: Option<String>,
    /// The advisor calls in their order; none for one it passes over.
    pub(crate) advisors: Vec<Option<Theirs>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Direct {
    timestamp: String,
    message: Answer,
    version: Option<String>,
    session_id: Option<String>,
    #[serde(rename = "costUSD")]
    #[expect(dead_code, reason = "a line with anything else there is dropped")]
    cost: Option<f64>,
    request_id: Option<String>,
    is_sidechain: Option<bool>,
}

/// What `daily` reads where a record has no message of its own.
#[derive(Deserialize)]
struct Progress {
    #[serde(rename = "sessionId")]
    session_id: Option<String>,
    data: ProgressData,
}

#[derive(Deserialize)]
struct ProgressData {
    message: Direct,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Either {
    Direct(Direct),
    Progress(Progress),
}

#[derive(Deserialize)]
struct Answer {
    id: Option<String>,
    model: Option<String>,
    usage: Usage,
}

#[derive(Deserialize)]
struct Usage {
    #[expect(dead_code, reason = "a line without it is dropped")]
    input_tokens: u64,
    #[expect(dead_code, reason = "a line without it is dropped")]
    output_tokens: u64,
    #[serde(default)]
    cache_creation_input_tokens: u64,
    #[serde(default)]
    #[expect(dead_code, reason = "a line with anything but a count there is dropped")]
    cache_read_input_tokens: u64,
    speed: Option<Speed>,
    cache_creation: Option<Split>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Speed {
    Standard,
    Fast,
}

#[derive(Deserialize)]
struct Split {
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
    usage: Usage,
}

/// What ccusage makes of a line that holds usage.
pub(crate) fn read(line: &[u8], command: PeerCommand) -> Result<Accepted, Rule> {
    if memmem::find(line, b"\"usage\":{").is_none() {
        return Err(Rule::Spaced);
    }
    if has_forbidden_null(line) {
        return Err(Rule::Null);
    }
    let (entry, nested) = parse(line, command).ok_or_else(|| why_unread(line))?;
    let when = timestamp(&entry.timestamp).ok_or(Rule::TimeForm)?;
    if entry.version.as_deref().is_some_and(|version| !is_version(version)) {
        return Err(Rule::Version);
    }
    let ids = [&entry.session_id, &entry.request_id, &entry.message.id, &entry.message.model];
    if ids.into_iter().flatten().any(String::is_empty) {
        return Err(Rule::EmptyId);
    }
    let theirs = Theirs {
        request: entry.request_id.as_ref().map(|id| xxhash_rust::xxh3::xxh3_64(id.as_bytes())),
        named: entry.message.id.is_some(),
        when,
        side: entry.is_sidechain == Some(true),
        ..counted(&entry.message.usage)
    };
    let advisors = if nested { Vec::new() } else { advisors(line, theirs) };
    Ok(Accepted { theirs, session: entry.session_id, advisors })
}

/// The record, and whether it was found inside a progress record.
fn parse(line: &[u8], command: PeerCommand) -> Option<(Direct, bool)> {
    if !command.is_daily() {
        return Some((serde_json::from_slice(line).ok()?, false));
    }
    Some(match serde_json::from_slice(line).ok()? {
        Either::Direct(entry) => (entry, false),
        Either::Progress(Progress { session_id, data }) => (Direct { version: None, session_id, ..data.message }, true),
    })
}

/// Why it could not be parsed, as far as we can tell.
fn why_unread(line: &[u8]) -> Rule {
    match lenient_json::only_value::<Record<'_>>(line) {
        Some(lenient_json::Object(Some(record))) => match record.kind {
            Some(kind) if kind.0 == "progress" => Rule::Progress,
            _ => Rule::Mistyped,
        },
        _ => Rule::Damaged,
    }
}

fn counted(usage: &Usage) -> Theirs {
    let split = usage.cache_creation.as_ref();
    let split = split.map(|split| split.ephemeral_5m_input_tokens.saturating_add(split.ephemeral_1h_input_tokens));
    let speed = usage.speed.as_ref().is_some_and(|speed| match speed {
        Speed::Standard | Speed::Fast => true,
    });
    Theirs { speed, cache_write: split.unwrap_or(usage.cache_creation_input_tokens), ..Theirs::default() }
}

fn advisors(line: &[u8], caller: Theirs) -> Vec<Option<Theirs>> {
    let Ok(envelope) = serde_json::from_slice::<Envelope>(line) else { return Vec::new() };
    let calls = envelope.message.usage.iterations.into_iter().filter(|call| call.kind == "advisor_message");
    let mut taken = 0;
    let mut take = |call: Iteration| {
        call.model.filter(|model| !model.is_empty())?;
        taken += 1;
        let Theirs { speed, cache_write, .. } = counted(&call.usage);
        Some(Theirs { call: taken, speed, cache_write, ..caller })
    };
    calls.map(&mut take).collect()
}

/// The eleven fields it drops a line for where they are null.
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

/// Whether a field is null that must not be, wherever in the line it stands. A `model` among the iterations may be.
fn has_forbidden_null(line: &[u8]) -> bool {
    let mut iterations = None;
    memmem::find_iter(line, b"null").any(|at| {
        let Some(field) = field_before(line, at) else { return false };
        let mut may_be = || iterations.get_or_insert_with(|| span_of_iterations(line)).contains(&at);
        NEVER_NULL.contains(&field) && !(field == b"model" && may_be())
    })
}

/// The name of the field whose value starts at `at`, if one does.
fn field_before(line: &[u8], at: usize) -> Option<&[u8]> {
    let name = line[..at].trim_ascii_end().strip_suffix(b":")?.trim_ascii_end().strip_suffix(b"\"")?;
    let start = memchr::memrchr(b'"', name)?;
    Some(&name[start + 1..])
}

/// Where the `iterations` directly inside a `usage` object stand.
fn span_of_iterations(line: &[u8]) -> std::ops::Range<usize> {
    let usages = Finder::new(b"\"usage\"");
    let found = usages.find_iter(line).find_map(|at| {
        let value = after(line, at + b"\"usage\"".len(), b':')?;
        let body = after(line, value, b'{')?;
        member(line, body, b"iterations").filter(|span| line[span.start] == b'[')
    });
    found.unwrap_or_default()
}

/// The value of a member of the object whose first member stands at `at`.
fn member(line: &[u8], mut at: usize, name: &[u8]) -> Option<std::ops::Range<usize>> {
    loop {
        let start = after(line, at, b'"')?;
        let end = start + string_len(&line[start..])?;
        let value = after(line, end + 1, b':').map(|at| skip_space(line, at))?;
        let past = value + value_len(&line[value..])?;
        if &line[start..end] == name {
            return Some(value..past);
        }
        at = after(line, past, b',')?;
    }
}

fn skip_space(line: &[u8], at: usize) -> usize {
    at + line[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Just past a byte, if it is the next that is no space.
fn after(line: &[u8], at: usize, byte: u8) -> Option<usize> {
    let at = skip_space(line, at);
    (line.get(at) == Some(&byte)).then_some(at + 1)
}

/// The length of a string up to its closing quote.
fn string_len(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// The length of any value.
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

/// It reads `2026-01-02T03:04:05`, with milliseconds or without, and `Z` or `+05:30` after it.
fn timestamp(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let form = match bytes.len() {
        20 | 25 => matches!(bytes[19], b'Z' | b'+' | b'-'),
        24 | 29 => bytes[19] == b'.' && bytes[20..23].iter().all(u8::is_ascii_digit),
        _ => false,
    };
    (form && bytes[10] == b'T').then(|| Timestamp::parse(text))?
}

/// Three numbers with dots between them, and anything after.
fn is_version(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.splitn(3, '.');
    let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return false };
    digits(major) && digits(minor) && rest.starts_with(|first: char| first.is_ascii_digit())
}

/// The session it makes of a log's path, given part by part.
pub fn peer_session(path: &[&str]) -> String {
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
    #[case::a_space(line("", &USAGE.replace(":{", ": {")), Some(Rule::Spaced))]
    #[case::null(line(r#","cwd":null"#, USAGE), Some(Rule::Null))]
    #[case::spaced_null(line(r#","cwd" : null"#, USAGE), Some(Rule::Null))]
    #[case::null_it_allows(line(r#","parentUuid":null"#, USAGE), None)]
    #[case::quoted_null(line(r#","x":"{\"cwd\":null}""#, USAGE), None)]
    #[case::a_model_of_an_iteration(line("", &USAGE.replace('}', r#","iterations":[{"model":null}]}"#)), None)]
    #[case::an_iteration_elsewhere(line(r#","x":{"iterations":[{"model":null}]}"#, USAGE), Some(Rule::Null))]
    #[case::joined(format!("{0}{0}", line("", USAGE)), Some(Rule::Damaged))]
    #[case::a_fraction(line("", &USAGE.replace('2', "2.0")), Some(Rule::Mistyped))]
    #[case::no_output(line("", r#""usage":{"input_tokens":1}"#), Some(Rule::Mistyped))]
    #[case::microseconds(line("", USAGE).replace(".000Z", ".000000Z"), Some(Rule::TimeForm))]
    #[case::a_zone(line("", USAGE).replace('Z', "+05:30"), None)]
    #[case::a_release(line(r#","version":"2.1.9-beta""#, USAGE), None)]
    #[case::no_release(line(r#","version":"dev""#, USAGE), Some(Rule::Version))]
    #[case::no_model(line("", &format!(r#""model":"",{USAGE}"#)), Some(Rule::EmptyId))]
    fn lines_are_taken_or_dropped(#[case] line: String, #[case] dropped: Option<Rule>) {
        assert_eq!(read(line.as_bytes(), PeerCommand::Session).err(), dropped, "{line}");
        assert_eq!(read(line.as_bytes(), PeerCommand::Daily).err(), dropped, "{line}");
    }

    #[test]
    fn only_daily_reads_progress_lines() {
        let line = format!(r#"{{"type":"progress","data":{{"message":{}}}}}"#, line("", USAGE));
        assert!(read(line.as_bytes(), PeerCommand::Daily).is_ok());
        assert_eq!(read(line.as_bytes(), PeerCommand::Blocks).err(), Some(Rule::Progress));
    }

    #[test]
    fn the_split_of_cache_writes_hides_their_total() {
        let usage = USAGE.replace(
            '}',
            r#","cache_creation_input_tokens":999,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20}}"#,
        );
        let accepted = read(line("", &usage).as_bytes(), PeerCommand::Daily).expect("it is taken");
        assert_eq!(accepted.theirs.cache_write, 30);
    }

    #[rstest]
    #[case(&["projects", "p", "s.jsonl"], "s")]
    #[case(&["projects", "p", "s", "subagents", "a.jsonl"], "s")]
    #[case(&["projects", "p", "subagents", "a.jsonl"], "subagents")]
    #[case(&["projects", "p", "s", "subagents", "workflows", "w", "a.jsonl"], "w")]
    #[case(&["home", "projects", "x", "projects", "p", "s.jsonl"], "p")]
    #[case(&["projects", "s.jsonl"], "s.jsonl")]
    fn a_path_names_the_session(#[case] path: &[&str], #[case] session: &str) {
        assert_eq!(peer_session(path), session);
    }
}
