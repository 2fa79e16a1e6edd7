//! Logging of the app.

use token_monitor_engine::UserDirs;
use token_monitor_engine::config::{ConfigSources, LogLevel};
use tracing_subscriber::filter::LevelFilter;

/// Initializes logging to stderr at the level of the settings.
pub(crate) fn init() {
    let level = match ConfigSources::load(UserDirs::from_env(), None).resolve().level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_target(false).init();
}
