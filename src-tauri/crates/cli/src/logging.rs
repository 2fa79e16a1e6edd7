//! Sets up logging. Called once, by `main`.

use std::fs::{self, File, OpenOptions};

use token_monitor_engine::config::{LogLevel, LogOutput, SettingOrigin, Settings};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

/// The size above which the log file is moved to `token-monitor.old.log` at the next start, replacing an older one.
const MAX_LOG_FILE_BYTES: u64 = 5 << 20;

/// Starts logging at the level of the settings. A command that ends by itself logs only warnings and errors, unless a
/// level is set.
pub(crate) fn start(settings: &Settings, runs_until_stopped: bool) {
    let is_level_set = settings.origins.get("logging.level").is_some_and(|origin| *origin > SettingOrigin::Default);
    let level = if runs_until_stopped || is_level_set { level_filter(settings.level) } else { LevelFilter::WARN };
    let (writer, color) = create_writer(settings);
    tracing_subscriber::fmt().with_max_level(level).with_writer(writer).with_ansi(color).with_target(false).init();
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
/// cannot be opened.
fn create_writer(settings: &Settings) -> (BoxMakeWriter, bool) {
    match settings.output {
        LogOutput::File => match open_log_file(settings) {
            Some(file) => (BoxMakeWriter::new(file), false),
            None => (BoxMakeWriter::new(std::io::stderr), false),
        },
        LogOutput::Stderr => {
            let color = settings.color_enabled && std::io::IsTerminal::is_terminal(&std::io::stderr());
            (BoxMakeWriter::new(std::io::stderr), color)
        }
    }
}

fn open_log_file(settings: &Settings) -> Option<File> {
    let path = settings.cache_dir.join("token-monitor.log");
    fs::create_dir_all(&settings.cache_dir).ok()?;
    if fs::metadata(&path).is_ok_and(|file| file.len() > MAX_LOG_FILE_BYTES) {
        fs::rename(&path, path.with_extension("old.log")).ok()?;
    }
    OpenOptions::new().create(true).append(true).open(&path).ok()
}
