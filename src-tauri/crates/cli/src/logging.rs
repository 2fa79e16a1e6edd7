//! Where log lines go. Built once, here.

use std::fs::{self, OpenOptions};

use token_monitor_engine::config::{Level, Origin, Output, Settings};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

/// A log file larger than this is put aside once, so that two of them are the most there is.
const LARGEST_FILE: u64 = 5 << 20;

/// Starts logging. A command that only answers says nothing unless something is wrong, or it is told to.
pub(crate) fn start(settings: &Settings, runs_on: bool) {
    let asked = settings.origins.get("logging.level").is_some_and(|origin| *origin > Origin::Default);
    let level = if runs_on || asked { filter(settings.level) } else { LevelFilter::WARN };
    let (writer, colour) = writer(settings);
    tracing_subscriber::fmt().with_max_level(level).with_writer(writer).with_ansi(colour).with_target(false).init();
}

fn filter(level: Level) -> LevelFilter {
    match level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    }
}

fn writer(settings: &Settings) -> (BoxMakeWriter, bool) {
    let path = settings.cache_dir.join("token-monitor.log");
    let file = || {
        fs::create_dir_all(&settings.cache_dir).ok()?;
        if fs::metadata(&path).is_ok_and(|file| file.len() > LARGEST_FILE) {
            fs::rename(&path, path.with_extension("old.log")).ok()?;
        }
        OpenOptions::new().create(true).append(true).open(&path).ok()
    };
    match settings.output {
        Output::File => match file() {
            Some(file) => (BoxMakeWriter::new(file), false),
            None => (BoxMakeWriter::new(std::io::stderr), false),
        },
        Output::Stderr => {
            let colour = settings.color_enabled && std::io::IsTerminal::is_terminal(&std::io::stderr());
            (BoxMakeWriter::new(std::io::stderr), colour)
        }
    }
}
