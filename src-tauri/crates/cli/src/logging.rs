//! Sets up logging. Called once, by `main`.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use token_monitor_engine::config::{LogLevel, LogOutput, SettingOrigin, Settings};
use token_monitor_engine::fs_permissions;
use tracing::warn;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::log_writer::MakeSanitized;

/// The size above which the log file is moved to `token-monitor.old.log` at the next start, replacing an older one.
const MAX_LOG_FILE_BYTES: u64 = 5 << 20;

/// Starts logging at the level of the settings. A command that ends by itself logs only warnings and errors, unless a
/// level is set. A command that takes the whole screen logs nothing to its terminal.
pub(crate) fn start(settings: &Settings, runs_until_stopped: bool, takes_screen: bool) {
    let is_level_set = settings.origins.get("logging.level").is_some_and(|origin| *origin > SettingOrigin::Default);
    let level = if runs_until_stopped || is_level_set { level_filter(settings.level) } else { LevelFilter::WARN };
    let (writer, color, error) = create_writer(settings, takes_screen);
    let writer = MakeSanitized(writer);
    tracing_subscriber::fmt().with_max_level(level).with_writer(writer).with_ansi(color).with_target(false).init();
    if let Some(error) = error {
        warn!(file = %log_path(settings).display(), %error, "The log file is not used.");
    }
}

fn level_filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}

/// Returns the destination of log lines, and true if they may contain colors. Standard error replaces a log file that
/// cannot be opened, and the error is returned.
fn create_writer(settings: &Settings, takes_screen: bool) -> (BoxMakeWriter, bool, Option<io::Error>) {
    match settings.output {
        LogOutput::File => match open_log_file(settings) {
            Ok(file) => (BoxMakeWriter::new(file), false, None),
            Err(error) => (BoxMakeWriter::new(io::stderr), false, Some(error)),
        },
        LogOutput::Stderr if takes_screen && io::IsTerminal::is_terminal(&io::stderr()) => {
            (BoxMakeWriter::new(io::sink), false, None)
        }
        LogOutput::Stderr => {
            let color = settings.color_enabled && io::IsTerminal::is_terminal(&io::stderr());
            (BoxMakeWriter::new(io::stderr), color, None)
        }
    }
}

fn log_path(settings: &Settings) -> PathBuf {
    settings.cache_dir.join("token-monitor.log")
}

fn open_log_file(settings: &Settings) -> io::Result<File> {
    let path = log_path(settings);
    fs_permissions::create_folder(&settings.cache_dir)?;
    let file = fs_permissions::append_to_file(&path)?;
    if file.metadata()?.len() <= MAX_LOG_FILE_BYTES {
        return Ok(file);
    }
    fs::rename(&path, path.with_extension("old.log"))?;
    fs_permissions::append_to_file(&path)
}
