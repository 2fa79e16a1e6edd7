//! The limits of connections: those that ask, and those that stay open for live updates.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::ProblemDetails;

/// The places for connections. Live clients have their own, so that they do not take those of requests.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionLimits {
    requests: Arc<Semaphore>,
    live: Arc<Semaphore>,
}

/// The place of one connection. It is free again when all clones are dropped.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionPlace {
    permit: Arc<Mutex<OwnedSemaphorePermit>>,
    live: Arc<Semaphore>,
}

impl ConnectionLimits {
    pub(crate) fn new(requests: usize, live: usize) -> Self {
        Self { requests: Arc::new(Semaphore::new(requests)), live: Arc::new(Semaphore::new(live)) }
    }

    /// Takes a place for a new connection, or returns `None` if there is none.
    pub(crate) fn try_take(&self) -> Option<ConnectionPlace> {
        let permit = Arc::clone(&self.requests).try_acquire_owned().ok()?;
        Some(ConnectionPlace { permit: Arc::new(Mutex::new(permit)), live: Arc::clone(&self.live) })
    }
}

impl ConnectionPlace {
    /// Exchanges the place for one of a live client.
    ///
    /// # Errors
    ///
    /// If there are too many live clients.
    pub(crate) fn become_live(&self) -> Result<(), ProblemDetails> {
        let Ok(permit) = Arc::clone(&self.live).try_acquire_owned() else {
            return Err(ProblemDetails::new(StatusCode::SERVICE_UNAVAILABLE, "There are too many live clients."));
        };
        *self.permit.lock().unwrap_or_else(PoisonError::into_inner) = permit;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_clients_leave_their_place_to_requests() {
        let limits = ConnectionLimits::new(1, 1);
        let first = limits.try_take().expect("there is a place");
        assert!(limits.try_take().is_none(), "all places are taken");
        first.become_live().expect("there is a place");
        let second = limits.try_take().expect("the first place is free again");
        assert_eq!(second.become_live().expect_err("one is live").status(), StatusCode::SERVICE_UNAVAILABLE);
        drop(first);
        second.become_live().expect("the first is gone");
    }
}
