//! `token-monitor backups`: lists, makes and restores backups of the store.
//!
//! The process that owns the store does all of it, so a running app goes on with the restored store.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;
use token_monitor_core::text::format::{ViewerZone, format_number, format_table_time};
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{BackupRow, Request, Response};

use crate::connect::{request_once, request_with_zone};
use crate::error::CliError;
use crate::render::output::Printer;
use crate::render::tables::{new_table, row_cells};

/// A subcommand of `token-monitor backups`.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum BackupsCommand {
    /// Back up the store now
    Create,
    /// Replace the store by a backup; what is still in the logs is counted again
    ///
    /// The store is kept under another name. Names and tags of both are merged.
    Restore {
        /// Path of the backup, or its name as listed
        file: PathBuf,
    },
}

/// Runs a subcommand.
pub(crate) async fn run(
    sources: ConfigSources,
    command: Option<BackupsCommand>,
    printer: &Printer,
) -> Result<(), CliError> {
    match command {
        None => list(sources, printer).await,
        Some(BackupsCommand::Create) => create(sources, printer).await,
        Some(BackupsCommand::Restore { file }) => restore(sources, file, printer).await,
    }
}

async fn list(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let (Response::Backups(rows), zone) = request_with_zone(sources, Request::Backups).await? else {
        return Err(CliError::unexpected_response());
    };
    printer.print(&json!({ "backups": rows }), || render_rows(&rows, zone, printer.width))
}

async fn create(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let Response::Backups(rows) = request_once(sources, Request::CreateBackup).await? else {
        return Err(CliError::unexpected_response());
    };
    let paths = rows.iter().map(|row| format!("Backed up to {}.", sanitize_line(&row.path)));
    printer.print(&json!({ "backups": rows }), || paths.collect::<Vec<_>>().join("\n"))
}

async fn restore(sources: ConfigSources, file: PathBuf, printer: &Printer) -> Result<(), CliError> {
    let request = Request::RestoreBackup { file: resolve_file(&file)? };
    let Response::BackupRestored { file, kept } = request_once(sources, request).await? else {
        return Err(CliError::unexpected_response());
    };
    printer.print(&json!({ "restored": file, "kept": kept }), || {
        let (file, kept) = (sanitize_line(&file), sanitize_line(&kept));
        format!("Restored {file}.\nThe store as it was before is kept as {kept}.")
    })
}

/// Returns the absolute path of a file that exists, because the engine may run in another folder, or else the name.
fn resolve_file(file: &Path) -> Result<String, CliError> {
    let path = if file.is_file() { std::path::absolute(file)? } else { file.to_owned() };
    path.into_os_string().into_string().map_err(|_| CliError::request_failed("the path is not UTF-8 text".to_owned()))
}

fn render_rows(rows: &[BackupRow], zone: ViewerZone, width: Option<usize>) -> String {
    if rows.is_empty() {
        return "There are no backups yet. One is made each day on which the store changes.".to_owned();
    }
    let mut table = new_table(&["Backup", "Made"], &["Bytes"]);
    for row in rows {
        let name = Path::new(&row.path).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = [sanitize_line(&name), format_table_time(row.made_at, zone)];
        table.add_row(row_cells(&text, &[format_number(u128::from(row.bytes))]));
    }
    let folder = rows.first().and_then(|row| Path::new(&row.path).parent()).unwrap_or(Path::new(""));
    format!("{}\n\nIn the folder {}", table.render(width).text, sanitize_line(&folder.display().to_string()))
}
