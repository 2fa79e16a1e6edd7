//! `token-monitor-tray`: the process that stays in the tray on Linux, for months.
//!
//! It runs the engine, the tray icon and the sockets, and loads no window toolkit. A popover is a separate process that
//! lives until it is dismissed, or a little longer; its failure does not affect this one.

mod alerts;
mod desktop_app;
mod engine_requests;
mod event_loop;
mod no_tray_fallback;
mod popover;
mod program;

pub(crate) use crate::daemon::program::run;
