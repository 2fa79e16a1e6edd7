//! `token-monitor doctor`: what was read, and what was skipped and why.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use token_monitor_core::text::format::{format_age, format_count, format_number};
use token_monitor_core::text::sanitize::sanitize_layout;
use token_monitor_engine::clock;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Health, Request, Response, UserDirs};

use crate::connect::EngineSession;
use crate::error::CliError;
use crate::render::fields::field_line;
use crate::render::output::Printer;
use crate::statusline::claude_settings::{InstallState, check_installed};
use crate::statusline::state_folder;

/// Shows the health of the engine.
pub(crate) async fn run(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let own_settings = sources.resolve();
    let own_folders = own_settings.claude_config_dirs;
    let dirs = sources.dirs.clone();
    let session = EngineSession::open(sources).await?;
    let is_remote = session.is_remote();
    let response = session.client.request(Request::Health).await;
    session.close()?;
    let Response::Health(health) = response? else { return Err(CliError::unexpected_response()) };
    let mut json = serde_json::to_value(&health)?;
    let status_line = StatusLineHealth::check(&dirs, Path::new(&health.store));
    json["statusLine"] = json!(status_line);
    json["answeredBy"] = json!(if is_remote { "running app" } else { "this command" });
    let is_searched = |folder: &Path| health.roots.iter().any(|root| is_root_of(&root.path, folder));
    let differs = is_remote && !own_folders.iter().all(|folder| is_searched(folder));
    printer.print(&json, || {
        let mut text = render_health(&health, is_remote);
        for line in status_line.iter().flat_map(|status_line| status_line.render(clock::now())) {
            text += &format!("\n{}", sanitize_layout(&line));
        }
        if differs {
            text += "\nThat process searches other folders than this command would.";
        }
        text
    })?;
    let has_own_only = health.settings_problems.is_empty();
    CliError::check_settings(if has_own_only { &own_settings.problems } else { &health.settings_problems })
}

/// Returns true if a root is the configured folder, or the projects folder in it.
fn is_root_of(root: &str, folder: &Path) -> bool {
    let root = Path::new(root);
    root == folder || root == folder.join("projects")
}

/// The state of the status line. The names of the fields are public.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusLineHealth {
    #[serde(flatten)]
    state: InstallState,
    /// The time at which Claude Code last called it.
    last_called: Option<DateTime<Utc>>,
}

impl StatusLineHealth {
    /// Returns the state, or `None` if Claude Code's settings cannot be read.
    fn check(dirs: &UserDirs, store: &Path) -> Option<Self> {
        let state = check_installed(None, dirs).ok()?;
        Some(Self { state, last_called: state_folder::last_call(store).map(DateTime::from) })
    }

    fn render(&self, now: DateTime<Utc>) -> Vec<String> {
        let state = self.state.as_text();
        let text = match self.last_called.map(|at| u64::try_from((now - at).num_minutes()).unwrap_or_default()) {
            Some(0) => format!("{state}, last called less than a minute ago"),
            Some(minutes) => format!("{state}, last called {} ago", format_age(minutes)),
            None if self.state.on => format!("{state}, not called yet"),
            None => state.to_owned(),
        };
        let warnings = self.state.warnings.iter().map(|warning| format!("! {warning}"));
        [field_line("Status line", &text)].into_iter().chain(warnings).collect()
    }
}

fn render_health(health: &Health, is_remote: bool) -> String {
    // The app, or a command such as `watch` that runs until it is stopped.
    let source =
        if is_remote { "another process of Token Monitor" } else { "this command; no other process is running" };
    let source = format!("{source} (process {}, version {})", health.process, health.version);
    let read = format!("{}, {} bytes read", count(health.logs), count(health.bytes));
    let lines = format!("{}, {} of them with usage", count(health.lines), count(health.entries));
    let mut text = vec![field_line("Answered by", &source), "Folders".to_owned()];
    text.extend(root_lines(health));
    text.extend(unsearched_lines(health));
    text.extend([field_line("Logs", &read), field_line("Lines", &lines)]);
    text.push(field_line("Messages", &count(health.messages)));
    text.extend(skipped_lines(health));
    text.extend(ignored_lines(health));
    text.push(field_line("Store", &format!("{}, {} bytes", health.store, count(health.store_bytes))));
    text.extend(problem_lines(health));
    text.iter().map(|line| sanitize_layout(line)).collect::<Vec<_>>().join("\n")
}

fn root_lines(health: &Health) -> impl Iterator<Item = String> {
    health.roots.iter().map(|root| {
        let state = if root.found { format_count(root.logs.into(), "log", "logs") } else { "not found".to_owned() };
        format!("  {}: {state}", root.path)
    })
}

fn unsearched_lines(health: &Health) -> impl Iterator<Item = String> {
    let header = (!health.unsearched_homes.is_empty())
        .then(|| "Not searched; add them to claude_config_dirs to include them".to_owned());
    header.into_iter().chain(health.unsearched_homes.iter().map(|home| format!("  {home}")))
}

fn skipped_lines(health: &Health) -> impl Iterator<Item = String> {
    let header = (!health.skipped.is_empty()).then(|| "Skipped".to_owned());
    header.into_iter().chain(health.skipped.iter().map(|skip| format!("  {}: {}", skip.description, count(skip.count))))
}

fn ignored_lines(health: &Health) -> impl Iterator<Item = String> {
    let header = (!health.ignored_paths.is_empty()).then(|| "Ignored".to_owned());
    let rows = health.ignored_paths.iter();
    let rows = rows.map(|path| format!("  {}: {}, such as {}", path.reason, count(path.count), path.example));
    header.into_iter().chain(rows)
}

/// Returns the problems, followed by those problems of the settings that are not among them.
fn problem_lines(health: &Health) -> impl Iterator<Item = String> {
    let problems = health.problems.iter().map(|problem| format!("! {} {}", problem.message, problem.hint));
    let is_listed = |message: &&String| health.problems.iter().any(|problem| problem.message == **message);
    let others = health.settings_problems.iter().filter(move |message| !is_listed(message));
    problems.chain(others.map(|message| format!("! {message}")))
}

fn count(number: u64) -> String {
    format_number(u128::from(number))
}
