//! The place of a log below its root, which tells its session and its subagent run.

use std::borrow::Cow;
use std::path::Path;

/// What the path of a log tells about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LogPlace {
    /// The id of its session.
    pub(crate) session: String,
    /// The subagent run it belongs to, if any: `<id>`, or `<workflow>/<id>`.
    pub(crate) run: Option<String>,
    /// The path below its project, which a moved or copied log keeps.
    pub(crate) name: String,
}

impl LogPlace {
    /// Returns the place of a log below a root.
    pub(crate) fn new(root: &Path, log: &Path) -> Self {
        let parts = parts_below(root, log);
        let below_project = parts.get(1..).unwrap_or_default();
        let name = if below_project.is_empty() { parts.concat() } else { below_project.join("/") };
        Self { session: session_of_parts(&parts).unwrap_or_default(), run: subagent_run(below_project), name }
    }
}

/// Returns the id of the session that a log below a root belongs to.
pub(crate) fn session_of_log(root: &Path, log: &Path) -> Option<String> {
    session_of_parts(&parts_below(root, log))
}

fn parts_below<'a>(root: &Path, log: &'a Path) -> Vec<Cow<'a, str>> {
    let inner = log.strip_prefix(root).unwrap_or(Path::new(""));
    inner.components().map(|part| part.as_os_str().to_string_lossy()).collect()
}

fn session_of_parts(parts: &[Cow<'_, str>]) -> Option<String> {
    match parts {
        [] => None,
        [file] | [_, file] => Some(file.trim_end_matches(".jsonl").to_owned()),
        [_, session, ..] => Some(session.clone().into_owned()),
    }
}

/// Returns the subagent run of a log. Old versions of Claude Code kept such logs beside those of sessions.
fn subagent_run(place: &[Cow<'_, str>]) -> Option<String> {
    let (file, folders) = place.split_last()?;
    let name = file.trim_end_matches(".jsonl");
    let agent = name.strip_prefix("agent-");
    let is_run = agent.is_some() || folders.iter().skip(1).any(|folder| folder == "subagents");
    let after = folders.iter().skip_while(|folder| *folder != "workflows").nth(1);
    let workflow = after.map_or(String::new(), |workflow| format!("{workflow}/"));
    is_run.then(|| format!("{workflow}{}", agent.unwrap_or(name)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::session("p/s1.jsonl", "s1", None, "s1.jsonl")]
    #[case::beside_projects("s1.jsonl", "s1", None, "s1.jsonl")]
    #[case::subagent("p/s1/subagents/agent-9f.jsonl", "s1", Some("9f"), "s1/subagents/agent-9f.jsonl")]
    #[case::workflow(
        "p/s1/subagents/workflows/w1/agent-9f.jsonl",
        "s1",
        Some("w1/9f"),
        "s1/subagents/workflows/w1/agent-9f.jsonl"
    )]
    #[case::old_subagent("p/agent-9f.jsonl", "agent-9f", Some("9f"), "agent-9f.jsonl")]
    fn a_place_tells_session_and_run(
        #[case] path: &str,
        #[case] session: &str,
        #[case] run: Option<&str>,
        #[case] name: &str,
    ) {
        let place = LogPlace::new(Path::new("/c/projects"), &Path::new("/c/projects").join(path));
        assert_eq!((place.session.as_str(), place.run.as_deref(), place.name.as_str()), (session, run, name));
    }
}
