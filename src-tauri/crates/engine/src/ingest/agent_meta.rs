//! What sort of agent wrote a subagent's log: Claude Code notes it in a small file beside it.

use std::fs;
use std::path::Path;

use serde::Deserialize;

/// Real ones have a few hundred bytes.
const LARGEST: u64 = 64 << 10;

/// The longest name of a sort that is kept, in characters.
const LONGEST: usize = 60;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    agent_type: String,
}

/// The sort of agent that wrote a log, such as `Explore`, if that is noted beside it.
pub(crate) fn kind_of(log: &Path) -> Option<String> {
    let path = log.with_extension("meta.json");
    fs::metadata(&path).ok().filter(|file| file.is_file() && file.len() <= LARGEST)?;
    let meta: Meta = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    let kind: String = meta.agent_type.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    (!kind.is_empty()).then_some(kind)
}
