//! What the web servers have in common: addresses, connections with limits of number, size and time, and responses with problem
//! details.

mod accept;
mod address;
mod connection;
mod problem;
mod timed_stream;

pub use crate::accept::{ConnectionAcceptor, pause_after};
pub use crate::address::{ListenAddress, ParseListenAddressError};
pub use crate::connection::{ConnectionLimits, ConnectionPlace, TooManyLiveClients};
pub use crate::problem::{PROBLEM_JSON, respond_problem};
