//! `token-monitor doctor`: what was read, what was skipped and why, and who says so.

use serde_json::json;
use token_monitor_engine::config::Layers;
use token_monitor_engine::{Answer, Ask, Health};

use crate::commands::query::Printer;
use crate::connect::Desk;
use crate::error::Failure;
use crate::render::format::{clean, grouped};

/// Asks how the engine fares, and prints it.
pub(crate) async fn run(layers: Layers, out: &Printer) -> Result<(), Failure> {
    let named = layers.settle().claude_config_dirs;
    let desk = Desk::open(layers).await?;
    let elsewhere = desk.is_elsewhere();
    let answer = desk.core.ask(Ask::Health).await;
    desk.close()?;
    let Answer::Health(health) = answer? else { return Ok(()) };
    if out.json {
        let mut value = serde_json::to_value(&health)?;
        value["answeredBy"] = json!(if elsewhere { "running app" } else { "this command" });
        return out.json(&value);
    }
    let mut text = text(&health, elsewhere);
    let other = elsewhere && !named.iter().all(|folder| health.roots.iter().any(|root| root_is(&root.path, folder)));
    if other {
        text += "\nThe running app looks at other folders than this command would.";
    }
    out.text(&text)
}

fn root_is(root: &str, named: &std::path::Path) -> bool {
    let root = std::path::Path::new(root);
    root == named || root == named.join("projects")
}

/// How the engine fares, in words.
pub(crate) fn text(health: &Health, elsewhere: bool) -> String {
    let who = if elsewhere { "the running app" } else { "this command; no app is running" };
    let mut lines = vec![format!("Answered by    {who} (process {}, version {})", health.process, health.version)];
    lines.push("Folders".to_owned());
    for root in &health.roots {
        let state =
            if root.found { format!("{} logs", grouped(u128::from(root.logs))) } else { "not there".to_owned() };
        lines.push(format!("  {}: {state}", root.path));
    }
    lines.push(format!(
        "Logs           {}, {} bytes read",
        grouped(u128::from(health.logs)),
        grouped(u128::from(health.bytes))
    ));
    lines.push(format!(
        "Lines          {}, {} of them with usage",
        grouped(u128::from(health.lines)),
        grouped(u128::from(health.entries))
    ));
    lines.push(format!("Messages       {}", grouped(u128::from(health.messages))));
    if !health.skipped.is_empty() {
        lines.push("Skipped".to_owned());
    }
    lines.extend(health.skipped.iter().map(|skip| format!("  {}: {}", skip.words, grouped(u128::from(skip.count)))));
    if !health.passed_over.is_empty() {
        lines.push("Passed over".to_owned());
    }
    let passed = health.passed_over.iter();
    lines.extend(passed.map(|pass| format!("  {}: {}, such as {}", pass.reason, pass.count, pass.example)));
    lines.push(format!("Store          {}, {} bytes", health.store, grouped(u128::from(health.store_bytes))));
    lines.extend(health.problems.iter().map(|problem| format!("! {} {}", problem.message, problem.hint)));
    let told = |problem: &&String| health.problems.iter().any(|shown| shown.message == **problem);
    let untold = health.settings_problems.iter().filter(|problem| !told(problem));
    lines.extend(untold.map(|problem| format!("! {problem}")));
    lines.iter().map(|line| clean(line)).collect::<Vec<_>>().join("\n")
}
