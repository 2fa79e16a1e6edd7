//! `token-monitor bar`: a few figures for a status bar, once or each time they change.

mod content;
mod format;
mod state_file;

use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use chrono::Timelike;
use clap::{Args, ValueEnum};
use token_monitor_core::report::model::Snapshot;
use token_monitor_engine::clock;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};
use token_monitor_ipc::SnapshotStream;

use crate::commands::bar::content::BarContent;
pub(crate) use crate::commands::bar::content::binding_quota;
use crate::commands::bar::format::render;
use crate::commands::bar::state_file::StateFile;
use crate::connect::{CONNECT_TIMEOUT, EngineSession};
use crate::error::CliError;
use crate::render::output::{print_text, print_text_in_background};
use crate::signals::wait_for_shutdown_or_reader;

/// The wait before connecting again after the app has ended.
const RECONNECT_DELAY: Duration = Duration::from_secs(2);

/// The options of a bar.
#[derive(Clone, Debug, Args)]
pub(crate) struct BarArgs {
    /// The bar that reads the output
    #[arg(long, value_enum, value_name = "BAR")]
    format: BarFormat,

    /// The figures, in this order
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FIGURES", default_values = ["tokens", "quota", "left"])]
    show: Vec<BarFigure>,

    /// Print a line each time the figures change, until stopped
    #[arg(long)]
    pub(crate) follow: bool,

    /// Write the figures as JSON to this file as well, each time they change
    #[arg(long, value_name = "FILE")]
    write_state: Option<PathBuf>,
}

/// The values of `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BarFormat {
    /// JSON with text, tooltip, class and percentage, for Waybar's custom modules with return-type json
    Waybar,
    /// Text for Polybar
    Polybar,
    /// JSON for i3blocks with format=json
    I3blocks,
    /// Text for tmux, with colors
    Tmux,
    /// Text for a custom module of Starship
    Starship,
    /// Text with a menu, for xbar and SwiftBar
    Xbar,
    /// JSON for other programs
    Json,
}

/// The figures of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BarFigure {
    /// Tokens of today
    Tokens,
    /// Cost of today, API-equivalent
    Cost,
    /// Used share of the limit that binds
    Quota,
    /// Time left in the block
    Left,
    /// Tokens a minute
    Rate,
    /// Sessions that wait for you, or work
    State,
}

/// Prints the bar.
pub(crate) async fn run(sources: ConfigSources, args: BarArgs) -> Result<(), CliError> {
    let mut renderer = BarRenderer::new(&args);
    if !args.follow {
        let snapshot = current_snapshot(sources).await?;
        return renderer.changed_text(&snapshot)?.map_or(Ok(()), print_text);
    }
    let mut stop = pin!(wait_for_shutdown_or_reader());
    loop {
        tokio::select! {
            () = &mut stop => return Ok(()),
            result = follow(sources.clone(), &mut renderer) => result?,
        }
        // The app has ended. The next connection may find another one, or becomes the engine itself.
        tokio::select! {
            () = &mut stop => return Ok(()),
            () = tokio::time::sleep(RECONNECT_DELAY) => {}
        }
    }
}

/// Returns the figures of the running app as they are, or those of an engine of this process after it has read the logs.
async fn current_snapshot(sources: ConfigSources) -> Result<Snapshot, CliError> {
    let session = EngineSession::open_without_sync(sources).await?;
    let request = async {
        if !session.is_remote() {
            session.client.request(Request::Sync).await?;
        }
        session.client.request(Request::Snapshot).await
    };
    let response = request.await;
    session.close()?;
    match response? {
        Response::Snapshot(snapshot) => Ok(*snapshot),
        _ => Err(CliError::unexpected_response()),
    }
}

/// Shows snapshots until the engine is gone.
async fn follow(sources: ConfigSources, renderer: &mut BarRenderer) -> Result<(), CliError> {
    let session = EngineSession::open_live(sources, CONNECT_TIMEOUT).await?;
    let result = match session.client.subscribe_snapshots().await {
        Ok(updates) => show_updates(updates, renderer).await,
        Err(error) => Err(error.into()),
    };
    session.close()?;
    result
}

async fn show_updates(mut updates: SnapshotStream, renderer: &mut BarRenderer) -> Result<(), CliError> {
    loop {
        let snapshot = updates.borrow_and_update().clone();
        if let Some(text) = renderer.changed_text(&snapshot)? {
            print_text_in_background(text).await?;
        }
        tokio::select! {
            changed = updates.changed() => {
                if changed.is_err() {
                    return Ok(());
                }
            }
            // Times to a reset become shorter without a change of the figures.
            () = tokio::time::sleep(time_to_next_minute()) => {}
        }
    }
}

fn time_to_next_minute() -> Duration {
    Duration::from_secs(u64::from(60 - clock::now().second().min(59)))
}

/// Renders the contents for a bar.
struct BarRenderer {
    format: BarFormat,
    figures: Vec<BarFigure>,
    last_text: Option<String>,
    state_file: Option<StateFile>,
}

impl BarRenderer {
    fn new(args: &BarArgs) -> Self {
        let state_file = args.write_state.clone().map(StateFile::new);
        Self { format: args.format, figures: args.show.clone(), last_text: None, state_file }
    }

    /// Writes the state file. Returns the text, unless it is that of the last call.
    fn changed_text(&mut self, snapshot: &Snapshot) -> Result<Option<String>, CliError> {
        let content = BarContent::new(snapshot, &self.figures, clock::now());
        let text = render(&content, self.format)?;
        if let Some(file) = &mut self.state_file {
            file.write(&render(&content, BarFormat::Json)?)?;
        }
        let is_changed = self.last_text.as_ref() != Some(&text);
        self.last_text = Some(text.clone());
        Ok(is_changed.then_some(text))
    }
}
