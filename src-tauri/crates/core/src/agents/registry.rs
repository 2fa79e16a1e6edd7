//! Parses `sessions/<pid>.json` and `jobs/<id>/state.json` of a Claude Code home.
//!
//! Only the named fields are used. Texts are sanitized here; a command line beside the name of a tool is dropped.

use serde_json::Value;

use crate::report::model::{AgentState, NameSource};
use crate::text::sanitize::sanitize_name;
use crate::time::timestamp::Timestamp;

/// The length of the longest title, in characters, as of titles in logs.
const MAX_TITLE_LEN: usize = 80;

/// The length of the longest reason for waiting and the longest name of a tool, in characters.
const MAX_REASON_LEN: usize = 60;

/// The length of the longest id and path, in bytes.
const MAX_ID_LEN: usize = 128;
const MAX_PATH_LEN: usize = 4096;

/// The major version of Claude Code whose files are understood.
const KNOWN_MAJOR_VERSION: &str = "2";

/// The entry point of a session in a terminal or in the background. Print runs and other programs have others.
const TERMINAL_ENTRYPOINT: &str = "cli";

/// A process and the facts that tell it from a later process with the same id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessIdentity {
    /// The process id.
    pub pid: u32,
    /// The start as written by Claude Code. On Linux the clock ticks since boot.
    pub start: String,
    /// The time at which Claude Code started in the process.
    pub started_at: Timestamp,
    /// The computer and the namespace of the id, if written.
    pub domain: Option<String>,
}

/// The contents of a registry file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryFile {
    /// Text that is not JSON, such as a file that is being written.
    Incomplete,
    /// A file that shows nothing: of a print run, without a status, or of an unknown shape.
    Ignored,
    /// A session with a status.
    Session(Box<RegistryEntry>),
}

/// A session as its process describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryEntry {
    /// The process.
    pub process: ProcessIdentity,
    /// The session id. It changes while the process runs.
    pub session: String,
    /// The working folder.
    pub folder: Option<String>,
    /// The title and its source, if it was chosen by the user or generated for the session.
    pub title: Option<(NameSource, String)>,
    /// The state.
    pub state: AgentState,
    /// The reason for waiting.
    pub waiting_for: Option<String>,
    /// The time of the last change of the state.
    pub since: Timestamp,
    /// The id of the background job; `None` for a session in a terminal.
    pub job: Option<String>,
}

/// Parses a registry file.
pub fn parse_registry_file(bytes: &[u8]) -> RegistryFile {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(file) => parse_entry(&file).map_or(RegistryFile::Ignored, |entry| RegistryFile::Session(Box::new(entry))),
        Err(_) => RegistryFile::Incomplete,
    }
}

fn parse_entry(file: &Value) -> Option<RegistryEntry> {
    let text = |name: &str| file.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    if text("version")?.split('.').next() != Some(KNOWN_MAJOR_VERSION) || text("entrypoint")? != TERMINAL_ENTRYPOINT {
        return None;
    }
    let session = text("sessionId").filter(|id| is_id(id))?.to_owned();
    let job = match text("kind")? {
        "interactive" => None,
        "bg" => Some(text("jobId").filter(|id| is_id(id)).unwrap_or(session.get(..8)?).to_owned()),
        _ => return None,
    };
    let state = parse_state(text("status")?)?;
    let source = text("nameSource").and_then(title_source);
    Some(RegistryEntry {
        process: parse_process(file)?,
        folder: text("cwd").filter(|path| path.len() <= MAX_PATH_LEN).map(str::to_owned),
        since: parse_millis(file, "statusUpdatedAt")?,
        session,
        title: source.and_then(|source| Some((source, bounded_text(text("name")?, MAX_TITLE_LEN)?))),
        state,
        waiting_for: text("waitingFor")
            .filter(|_| state == AgentState::Waiting)
            .and_then(|reason| bounded_text(reason, MAX_REASON_LEN)),
        job,
    })
}

fn parse_state(status: &str) -> Option<AgentState> {
    match status {
        "waiting" => Some(AgentState::Waiting),
        // In `shell` a command runs in the background.
        "busy" | "shell" => Some(AgentState::Busy),
        "idle" => Some(AgentState::Idle),
        _ => None,
    }
}

/// Returns the kind of title that a name is. A derived name is made of the folder and two letters and is no title.
fn title_source(name_source: &str) -> Option<NameSource> {
    match name_source {
        "user" => Some(NameSource::CustomTitle),
        "auto" => Some(NameSource::AiTitle),
        _ => None,
    }
}

fn parse_process(file: &Value) -> Option<ProcessIdentity> {
    let start = match file.get("procStart")? {
        Value::String(start) if !start.is_empty() && start.len() <= MAX_ID_LEN => start.clone(),
        Value::Number(start) => start.to_string(),
        _ => return None,
    };
    Some(ProcessIdentity {
        pid: u32::try_from(file.get("pid")?.as_u64()?).ok().filter(|pid| *pid > 0)?,
        start,
        started_at: parse_millis(file, "startedAt")?,
        domain: file.get("pidDomain").and_then(Value::as_str).map(str::to_owned),
    })
}

/// Parses milliseconds since 1970, up to the year 9999.
fn parse_millis(file: &Value, name: &str) -> Option<Timestamp> {
    let millis = file.get(name)?.as_i64().filter(|millis| (0..253_402_300_800_000).contains(millis))?;
    Some(Timestamp(millis * 1000))
}

/// Returns true for an id that can be the name of a file.
fn is_id(text: &str) -> bool {
    text.len() <= MAX_ID_LEN && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Returns a sanitized text of at most `max_chars` characters, unless nothing of it is left.
fn bounded_text(text: &str, max_chars: usize) -> Option<String> {
    Some(sanitize_name(text, max_chars)).filter(|text| !text.is_empty())
}

/// The part of a background job's file that is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFile {
    /// The session id.
    pub session: String,
    /// The name of the tool to be approved, if the job is blocked by a permission.
    pub blocked_tool: Option<String>,
}

/// Parses the file of a background job. Returns `None` if it is not understood.
pub fn parse_job_file(bytes: &[u8]) -> Option<JobFile> {
    let file: Value = serde_json::from_slice(bytes).ok()?;
    let text = |name: &str| file.get(name).and_then(Value::as_str);
    let needs = text("needs").filter(|_| text("tempo") == Some("blocked"));
    Some(JobFile {
        session: text("sessionId").filter(|id| is_id(id))?.to_owned(),
        blocked_tool: needs.and_then(tool_to_approve).map(str::to_owned),
    })
}

/// Returns the tool of `approve <tool>: <command>`. The command may contain secrets.
fn tool_to_approve(needs: &str) -> Option<&str> {
    let (tool, _) = needs.strip_prefix("approve ")?.split_once(':')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (!tool.is_empty() && tool.len() <= MAX_REASON_LEN && tool.chars().all(is_name)).then_some(tool)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn file() -> Value {
        json!({
            "pid": 25071, "sessionId": "2b61bbfa-328a-4567-9cf7-21d76f6d0b35", "cwd": "/home/ada/web-app",
            "startedAt": 1_795_986_354_998_i64, "procStart": "453144", "version": "2.1.332", "kind": "interactive",
            "entrypoint": "cli", "pidDomain": "linux:0123:pid:[4026531836]", "name": "web-app-c1",
            "nameSource": "derived", "status": "idle", "statusUpdatedAt": 1_795_986_355_084_i64,
        })
    }

    fn with(name: &str, value: Value) -> RegistryFile {
        let mut file = file();
        file[name] = value;
        parse_registry_file(file.to_string().as_bytes())
    }

    fn entry(found: RegistryFile) -> RegistryEntry {
        match found {
            RegistryFile::Session(entry) => *entry,
            RegistryFile::Incomplete | RegistryFile::Ignored => panic!("it is a session"),
        }
    }

    #[test]
    fn a_session_in_a_terminal_is_parsed() {
        let found = entry(parse_registry_file(file().to_string().as_bytes()));
        assert_eq!(found.process.pid, 25071);
        assert_eq!((found.process.start.as_str(), found.session.len()), ("453144", 36));
        assert_eq!((found.state, found.since), (AgentState::Idle, Timestamp(1_795_986_355_084_000)));
        assert_eq!((found.title, found.job, found.waiting_for), (None, None, None), "a derived name is no title");
        assert_eq!(found.folder.as_deref(), Some("/home/ada/web-app"));
    }

    #[rstest]
    #[case("busy", Some(AgentState::Busy))]
    #[case("shell", Some(AgentState::Busy))]
    #[case("idle", Some(AgentState::Idle))]
    #[case("waiting", Some(AgentState::Waiting))]
    #[case("sleeping", None)]
    #[case("", None)]
    fn only_known_states_are_shown(#[case] status: &str, #[case] state: Option<AgentState>) {
        let found = with("status", json!(status));
        match state {
            Some(state) => assert_eq!(entry(found).state, state),
            None => assert_eq!(found, RegistryFile::Ignored),
        }
    }

    #[rstest]
    #[case("status", Value::Null)]
    #[case("status", json!(3))]
    #[case("entrypoint", json!("sdk-cli"))]
    #[case("entrypoint", Value::Null)]
    #[case("kind", json!("other"))]
    #[case("version", json!("3.0.0"))]
    #[case("version", Value::Null)]
    #[case("sessionId", json!("../../etc"))]
    #[case("sessionId", json!(""))]
    #[case("procStart", Value::Null)]
    #[case("pid", json!(0))]
    #[case("pid", json!(-1))]
    #[case("pid", json!("25071"))]
    #[case("startedAt", json!("today"))]
    #[case("statusUpdatedAt", json!(1e300))]
    fn a_file_that_is_not_understood_shows_nothing(#[case] name: &str, #[case] value: Value) {
        assert_eq!(with(name, value), RegistryFile::Ignored);
    }

    #[test]
    fn a_half_written_file_is_incomplete() {
        let whole = file().to_string();
        assert_eq!(parse_registry_file(&whole.as_bytes()[..whole.len() / 2]), RegistryFile::Incomplete);
        assert_eq!(parse_registry_file(b""), RegistryFile::Incomplete);
        assert_eq!(parse_registry_file(b"[]"), RegistryFile::Ignored);
    }

    #[test]
    fn the_reason_for_waiting_is_sanitized_and_shown_while_it_waits_only() {
        let mut waiting = file();
        waiting["waitingFor"] = json!("permission\u{202e} prompt\n");
        let parse = |file: &Value| entry(parse_registry_file(file.to_string().as_bytes())).waiting_for;
        assert_eq!(parse(&waiting), None);
        waiting["status"] = json!("waiting");
        assert_eq!(parse(&waiting).as_deref(), Some("permission prompt"));
    }

    #[test]
    fn a_chosen_or_generated_name_is_a_title() {
        let named = |source: &str| {
            let mut file = file();
            (file["nameSource"], file["name"]) = (json!(source), json!("Harbour\u{200b} login"));
            entry(parse_registry_file(file.to_string().as_bytes())).title
        };
        assert_eq!(named("user"), Some((NameSource::CustomTitle, "Harbour login".to_owned())));
        assert_eq!(named("auto"), Some((NameSource::AiTitle, "Harbour login".to_owned())));
        assert_eq!(named("other"), None);
    }

    #[test]
    fn a_background_session_names_its_job() {
        assert_eq!(entry(with("kind", json!("bg"))).job.as_deref(), Some("2b61bbfa"));
    }

    #[rstest]
    #[case("approve Bash: curl -H 'Authorization: secret'", Some("Bash"))]
    #[case("approve mcp__git-hub__push: x", Some("mcp__git-hub__push"))]
    #[case("approve rm -rf /: x", None)]
    #[case("answer a question", None)]
    #[case("approve :", None)]
    fn only_the_name_of_a_tool_is_kept(#[case] needs: &str, #[case] tool: Option<&str>) {
        let job = |tempo: &str| {
            let file = json!({"sessionId": "e4c743a1", "tempo": tempo, "needs": needs, "output": "private"});
            parse_job_file(file.to_string().as_bytes()).expect("a job").blocked_tool
        };
        assert_eq!(job("blocked").as_deref(), tool);
        assert_eq!(job("active"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_parsed_without_a_panic(bytes: Vec<u8>, name in ".{0,12}", number: i64) {
            let _ = (parse_registry_file(&bytes), parse_job_file(&bytes));
            let _ = with(&name, json!(number));
            let _ = (with("startedAt", json!(number)), with("pid", json!(number)));
        }
    }
}
