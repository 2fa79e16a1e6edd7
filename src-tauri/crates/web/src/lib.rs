//! What the web servers have in common: addresses, and connections with limits of number, size and time.

mod accept;
mod address;
mod connection;
mod timed_stream;

pub use crate::accept::{ConnectionAcceptor, pause_after};
pub use crate::address::{ListenAddress, ParseListenAddressError};
pub use crate::connection::{ConnectionLimits, ConnectionPlace, TooManyLiveClients};
