//! The inputs of the actor.

use std::path::PathBuf;

use token_monitor_core::pricing::LiteLlmPrices;
use token_monitor_core::report::model::AvailableUpdate;
use tokio::sync::oneshot;

use crate::api::{ApiError, Request, Response};
use crate::ingest::title_resolver::ResolvedTitle;
use crate::ingest::watch::ChangeHint;

/// The sender for the response to a request.
pub(crate) type Reply = oneshot::Sender<Result<Response, ApiError>>;

/// An event the actor handles.
#[derive(Debug)]
pub(crate) enum Input {
    /// A file may have changed.
    Hint(ChangeHint),
    /// A client sent a request.
    Request(Request, Reply),
    /// The sessions of pending titles were found.
    TitlesResolved(Vec<ResolvedTitle>),
    /// A new price list was fetched.
    Prices(LiteLlmPrices),
    /// The release list was requested. Contains the newer version, if there is one.
    Update(Option<AvailableUpdate>),
    /// The Claude Code folders of running WSL distributions were found.
    WslDirs(Vec<PathBuf>),
    /// The engine has to stop.
    Stop,
    /// The engine has to stop without saving anything.
    Discard,
}

/// Sends the response to a request. The client may have disconnected; then the response is dropped.
pub(crate) fn send_reply(reply: Reply, result: Result<Response, ApiError>) {
    drop(reply.send(result));
}
