//! What goes over the socket: one JSON text a line.

use std::io;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use token_monitor_core::report::model::Snapshot;
use token_monitor_engine::{AlertOut, Answer, Ask, Refusal};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Both ends must speak the same words; they are updated together or not at all.
pub(crate) const PROTOCOL: u32 = 2;

/// A question is short; whoever sends more is not one of ours.
pub(crate) const LONGEST_REQUEST: u64 = 64 << 10;

/// An answer may list every session there is.
pub(crate) const LONGEST_REPLY: u64 = 1 << 30;

/// What the listener says first.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hello {
    pub(crate) protocol: u32,
}

/// What an asker says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Request {
    /// Answer this.
    Ask(Ask),
    /// From now on send each snapshot.
    Subscribe,
    /// From now on send each alert: whoever asks shows them.
    Alerts,
}

/// What comes back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Reply {
    /// The answer.
    Answer(Answer),
    /// Why there is none.
    Refused(Refusal),
    /// What surfaces show now.
    Snapshot(Box<Snapshot>),
    /// What somebody is to be told.
    Alert(Box<AlertOut>),
}

/// Writes one line.
pub(crate) async fn send(to: &mut (impl AsyncWrite + Unpin), message: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    to.write_all(&line).await?;
    to.flush().await
}

/// Reads one line; none when the other end has hung up.
pub(crate) async fn receive<T: DeserializeOwned>(
    from: &mut (impl AsyncBufRead + Unpin),
    longest: u64,
) -> io::Result<Option<T>> {
    let mut line = String::new();
    match from.take(longest).read_line(&mut line).await? {
        0 => Ok(None),
        _ => Ok(Some(serde_json::from_str(&line)?)),
    }
}
