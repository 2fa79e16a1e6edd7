//! `token-monitor settings`: what holds and where it comes from, and changing it.
//!
//! It asks whoever owns the store, like every other command, so a running app acts by a change at once.

use serde_json::Value;
use token_monitor_core::report::model::{Origin, SettingRow, SettingsPage};
use token_monitor_engine::config::Layers;

use crate::args::SettingsChange;
use crate::commands::query::Printer;
use crate::connect::Desk;
use crate::error::Failure;
use crate::render::format::clean;
use crate::render::tables::{cells, table};

/// Lists the settings, or changes one.
pub(crate) async fn run(layers: Layers, change: Option<SettingsChange>, out: &Printer) -> Result<(), Failure> {
    let desk = Desk::open_as_it_is(layers).await?;
    let asked = match change.clone() {
        None => desk.core.settings().await,
        Some(SettingsChange::Set { key, value }) => desk.core.change(key, Some(given(value))).await,
        Some(SettingsChange::Unset { key }) => desk.core.change(key, None).await,
    };
    desk.close()?;
    let page = asked?;
    match (out.json, change) {
        (true, _) => out.json(&page),
        (false, None) => out.text(&text(&page)),
        (false, Some(SettingsChange::Set { key, .. } | SettingsChange::Unset { key })) => out.text(&now(&page, &key)),
    }
}

/// One word is that word, several are a list; what they mean is for the owner of the settings to say.
fn given(mut words: Vec<String>) -> Value {
    match words.len() {
        1 => words.remove(0).into(),
        _ => words.into(),
    }
}

/// All settings as a table.
pub(crate) fn text(page: &SettingsPage) -> String {
    let mut table = table(&["Setting", "Value", "From"], &[]);
    for row in &page.rows {
        table.add_row(cells(&[row.key.clone(), value(&row.value), origin(row.origin).to_owned()], &[]));
    }
    let mut lines = vec![table.trim_fmt(), String::new(), format!("Settings file  {}", page.config_path)];
    lines.extend(page.problems.iter().map(|problem| format!("! {problem}")));
    lines.iter().flat_map(|line| line.split('\n')).map(clean).collect::<Vec<_>>().join("\n")
}

/// What holds of one setting.
fn now(page: &SettingsPage, key: &str) -> String {
    let said = |row: &SettingRow| format!("{} is now {}, {}.", row.key, value(&row.value), origin(row.origin));
    page.rows.iter().find(|row| row.key == key).map_or(String::new(), |row| clean(&said(row)))
}

fn value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", ")),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Default => "the default",
        Origin::File => "from the file",
        Origin::Saved => "saved",
        Origin::Environment => "from the environment",
        Origin::Flag => "from the command line",
    }
}
