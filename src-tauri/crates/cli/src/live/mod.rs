//! `token-monitor live`: the figures on the whole terminal, drawn again when they change.
//!
//! A client of whoever owns the store, like every other command. Nothing is polled: the view waits for keys, snapshots,
//! signals, and for the instant at which a countdown on the screen changes.
//!
//! `app` is the state, `view` draws it, and `terminal` is the screen and its signals; `event_loop` connects them.

mod app;
mod args;
mod countdown;
mod csv;
mod event_loop;
#[cfg(test)]
mod fixtures;
mod hit_map;
mod page_text;
mod session_row;
mod terminal;
mod theme;
mod update_pace;
mod view;

use std::io::{self, IsTerminal};

use token_monitor_engine::config::{ConfigSources, SettingOrigin, Settings};

use crate::commands::status;
use crate::engine_link::EngineLink;
use crate::error::CliError;
pub(crate) use crate::live::args::LiveArgs;
use crate::live::event_loop::{EventLoop, LiveOptions, SNAPSHOT_INTERVAL};
use crate::live::theme::ThemeName;
use crate::render::locale::is_utf8;
use crate::render::output::Printer;

/// Shows the live view until it is left. Where standard output is no terminal, prints the status once.
pub(crate) async fn run(
    sources: ConfigSources,
    settings: &Settings,
    args: LiveArgs,
    printer: &Printer,
) -> Result<(), CliError> {
    if printer.json || !has_screen() {
        return status::run(sources, printer).await;
    }
    let options = options_of(settings, &args, printer);
    let link = EngineLink::connect(sources).await?;
    EventLoop::start(link, options)?.run().await
}

/// Returns true if standard output is a terminal on which text can be placed.
pub(crate) fn has_screen() -> bool {
    io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn options_of(settings: &Settings, args: &LiveArgs, printer: &Printer) -> LiveOptions {
    // The default of the setting is meant for lines; redraws are cheap and may follow sooner.
    let is_set = settings.origins.get("display.refresh_rate").is_some_and(|origin| *origin > SettingOrigin::Default);
    let theme = args.theme.unwrap_or_default();
    LiveOptions {
        page: args.page,
        theme: if printer.color { theme } else { ThemeName::Mono },
        uses_mouse: args.mouse,
        is_ascii: args.ascii || !is_utf8(),
        snapshot_interval: if is_set { settings.refresh_rate } else { SNAPSHOT_INTERVAL },
    }
}
