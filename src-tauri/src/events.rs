//! The events that are sent to the popover's page, and the lines that are written for the daemon.

use std::fmt::Display;
use std::io::Write;

use tauri::{AppHandle, Emitter};
use token_monitor_core::report::model::{Route, Snapshot};

use crate::popover::FrameStyle;

/// The label of the popover's window, to which the capability file grants its commands.
pub(crate) const POPOVER_LABEL: &str = "popover";

/// The event with a new snapshot.
const SNAPSHOT: &str = "snapshot";
/// The event with the state of the connection to the engine.
const CONNECTION: &str = "connection";
/// The event that requests another page.
const ROUTE: &str = "route";

/// The event with the look of the window's edges.
const FRAME_STYLE: &str = "frame-style";

/// Writes a line to stdout, for the daemon or a benchmark.
pub(crate) fn write_line(line: impl Display) {
    // Fails only if nothing reads stdout anymore.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Sends a snapshot to the page.
pub(crate) fn emit_snapshot(app: &AppHandle, snapshot: &Snapshot) {
    // Fails only if there is no page.
    let _ = app.emit_to(POPOVER_LABEL, SNAPSHOT, snapshot);
}

/// Requests another page.
pub(crate) fn emit_route(app: &AppHandle, route: &Route) {
    // Fails only if there is no page.
    let _ = app.emit_to(POPOVER_LABEL, ROUTE, route);
}

/// Sends the state of the connection to the engine to the page.
pub(crate) fn emit_connection(app: &AppHandle, connected: bool) {
    // Fails only if there is no page.
    let _ = app.emit_to(POPOVER_LABEL, CONNECTION, connected);
}

/// Sends the look of the window's edges to the page.
pub(crate) fn emit_frame_style(app: &AppHandle, style: FrameStyle) {
    // Fails only if there is no page.
    let _ = app.emit_to(POPOVER_LABEL, FRAME_STYLE, style);
}
