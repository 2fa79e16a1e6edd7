//! Where log lines go: to whoever started the app.

use token_monitor_engine::Homes;
use token_monitor_engine::config::{Layers, Level};
use tracing_subscriber::filter::LevelFilter;

/// Starts logging at the level of the settings.
pub(crate) fn start() {
    let level = match Layers::gather(Homes::from_env(), None).settle().level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    };
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_target(false).init();
}
