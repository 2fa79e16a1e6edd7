//! Tests of the program itself, each with a home folder and an environment of its own.

#[cfg(target_os = "linux")]
mod agents;
mod backups;
mod bars;
mod commands;
mod demo;
mod explain;
mod exports;
mod failures;
#[cfg(target_os = "linux")]
mod incomplete;
#[cfg(target_os = "linux")]
mod injection;
#[cfg(target_os = "linux")]
mod live;
mod oracle;
mod program;
mod push;
mod races;
mod reports;
mod serve;
mod settings;
mod statusline;
mod statusline_settings;
#[cfg(target_os = "linux")]
mod system_faults;
#[cfg(target_os = "linux")]
mod team;
#[cfg(target_os = "linux")]
mod tmux;
mod updates;
mod vectors;
mod watch;
