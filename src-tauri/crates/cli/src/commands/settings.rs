//! `token-monitor settings`: lists the settings, or changes one.
//!
//! The change is made by the engine that owns the store, so a running app applies it at once.

use clap::Subcommand;
use serde_json::Value;
use token_monitor_core::report::model::{SettingOrigin, SettingRow, SettingsPage};
use token_monitor_core::text::sanitize::sanitize_layout;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::connect::EngineSession;
use crate::error::CliError;
use crate::render::fields::field_line;
use crate::render::output::Printer;
use crate::render::tables::{new_table, row_cells};

/// A subcommand of `settings`.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Save a setting; a running app applies it at once
    Set {
        /// The setting, such as blocks.token_limit
        key: String,
        /// New value; for a list, several words or one with commas
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        value: Vec<String>,
    },
    /// Remove a saved value, so that the settings file or the default applies
    Unset {
        /// The setting, such as blocks.token_limit
        key: String,
    },
}

/// Lists the settings, or changes one and shows its new value.
pub(crate) async fn run(
    sources: ConfigSources,
    command: Option<SettingsCommand>,
    printer: &Printer,
) -> Result<(), CliError> {
    let session = EngineSession::open_without_sync(sources).await?;
    let request = match command.clone() {
        None => Request::Settings,
        Some(SettingsCommand::Set { key, value }) => Request::SetSetting { key, value: Some(to_json(value)) },
        Some(SettingsCommand::Unset { key }) => Request::SetSetting { key, value: None },
    };
    let response = session.client.request(request).await;
    session.close()?;
    let Response::Settings(page) = response? else { return Err(CliError::unexpected_response()) };
    let Some(SettingsCommand::Set { key, .. } | SettingsCommand::Unset { key }) = command else {
        printer.print(&page, || render_settings(&page, printer.width))?;
        return CliError::check_settings(&page.problems);
    };
    printer.print(&page, || render_setting(&page, &key))
}

/// Returns one word as a string, several words as a list. The engine converts it to the type of the setting.
fn to_json(mut words: Vec<String>) -> Value {
    match words.len() {
        1 => words.remove(0).into(),
        _ => words.into(),
    }
}

fn render_settings(page: &SettingsPage, width: Option<usize>) -> String {
    let mut table = new_table(&["Setting", "Value", "Source"], &[]);
    for row in &page.rows {
        let text = [row.key.clone(), format_value(&row.value), describe_origin(row.origin).to_owned()];
        table.add_row(row_cells(&text, &[]));
    }
    let mut lines = vec![table.render(width).text, String::new(), field_line("Settings file", &page.config_path)];
    lines.extend(page.problems.iter().map(|problem| format!("! {problem}")));
    lines.iter().flat_map(|line| line.split('\n')).map(sanitize_layout).collect::<Vec<_>>().join("\n")
}

fn render_setting(page: &SettingsPage, key: &str) -> String {
    let render = |row: &SettingRow| {
        format!("{} is now {} ({}).", row.key, format_value(&row.value), describe_origin(row.origin))
    };
    page.rows.iter().find(|row| row.key == key).map_or(String::new(), |row| sanitize_layout(&render(row)))
}

fn format_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(format_value).collect::<Vec<_>>().join(", ")),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

fn describe_origin(origin: SettingOrigin) -> &'static str {
    match origin {
        SettingOrigin::Default => "default",
        SettingOrigin::File => "settings file",
        SettingOrigin::Saved => "saved",
        SettingOrigin::Environment => "environment",
        SettingOrigin::Flag => "command line",
    }
}
