//! The limits of connections: those that ask, and those that stay open for live updates.

use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The error for one live client too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("there are too many live clients")]
pub struct TooManyLiveClients;

/// The places for connections. Live clients have their own, so that they do not take those of requests.
#[derive(Clone, Debug)]
pub struct ConnectionLimits {
    requests: Arc<Semaphore>,
    live: Arc<Semaphore>,
}

/// The place of one connection. It is free again when all clones are dropped.
#[derive(Clone, Debug)]
pub struct ConnectionPlace {
    permit: Arc<Mutex<OwnedSemaphorePermit>>,
    live: Arc<Semaphore>,
}

impl ConnectionLimits {
    /// Creates places for connections that send requests, and for live clients.
    pub fn new(requests: usize, live: usize) -> Self {
        Self { requests: Arc::new(Semaphore::new(requests)), live: Arc::new(Semaphore::new(live)) }
    }

    /// Takes a place for a new connection, or returns `None` if there is none.
    pub fn try_take(&self) -> Option<ConnectionPlace> {
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
    pub fn become_live(&self) -> Result<(), TooManyLiveClients> {
        let permit = Arc::clone(&self.live).try_acquire_owned().map_err(|_| TooManyLiveClients)?;
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
        assert_eq!(second.become_live(), Err(TooManyLiveClients));
        drop(first);
        second.become_live().expect("the first is gone");
    }
}
