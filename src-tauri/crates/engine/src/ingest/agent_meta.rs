//! The agent type of a subagent's log, which Claude Code writes to a small file beside the log.

use std::path::Path;

use serde::Deserialize;

use crate::regular_file::read_regular_file;

/// The largest file that is read, in bytes. Typical ones have a few hundred.
const MAX_FILE_BYTES: u64 = 64 << 10;

/// The length at which a type is truncated, in characters.
const MAX_NAME_CHARS: usize = 60;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AgentMeta {
    agent_type: String,
}

/// Returns the type of the agent that wrote a log, such as `Explore`, if the file beside it has one.
pub(crate) fn agent_type(log: &Path) -> Option<String> {
    let path = log.with_extension("meta.json");
    let bytes = read_regular_file(&path, MAX_FILE_BYTES).ok()?;
    let meta: AgentMeta = serde_json::from_slice(&bytes).ok()?;
    let kind: String = meta.agent_type.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect();
    (!kind.is_empty()).then_some(kind)
}
