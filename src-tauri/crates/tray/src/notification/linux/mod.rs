//! Notifications on Linux: `org.freedesktop.Notifications` on the session bus.
//!
//! One connection for all of them, made for the first and then kept: GNOME takes an app's notifications away when
//! the connection that sent the first of them ends, and tells clicks to the connection that sent them alone.
//! A desktop without a service, or with one that hangs, costs a notice its showing and nothing else.

mod active;
mod connection;
mod error;
mod notify_call;

use std::time::Duration;

use tracing::{debug, info};

use crate::notification::linux::connection::Line;
use crate::notification::linux::error::Trouble;
use crate::notification::queue::Queue;
use crate::notification::{Fate, Notice, Report, Tell};

/// Shows notices one after the other until the queue is closed, and listens to what people do with them.
pub(crate) async fn carry(queue: &Queue, tell: Tell, patience: Duration) {
    let mut line = None;
    loop {
        tokio::select! {
            notice = queue.next() => match notice {
                Some(notice) => deliver(&mut line, &notice, &tell, patience).await,
                None => return,
            },
            lost = listen(&mut line) => {
                debug!(error = %lost, "The session bus is gone.");
                line = None;
            }
        }
    }
}

async fn deliver(line: &mut Option<Line>, notice: &Notice, tell: &Tell, patience: Duration) {
    let fate = match attempt(line, notice, tell, patience).await {
        Ok(()) => Fate::Shown,
        Err(trouble) => {
            info!(%trouble, "A notification was not shown.");
            if matches!(trouble, Trouble::NoBus(_)) {
                *line = None;
            }
            Fate::Failed { why: trouble.why() }
        }
    };
    tell(Report::Fate(notice.id, fate));
}

async fn attempt(line: &mut Option<Line>, notice: &Notice, tell: &Tell, patience: Duration) -> Result<(), Trouble> {
    let line = match line {
        Some(line) => line,
        None => line.insert(Line::open(tell.clone(), patience).await?),
    };
    line.show(notice).await
}

/// Listens for as long as there is a line, which is for ever where there is none.
async fn listen(line: &mut Option<Line>) -> Trouble {
    match line {
        Some(line) => line.listen().await,
        None => std::future::pending().await,
    }
}
