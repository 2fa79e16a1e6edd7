//! The local socket.
//!
//! Whoever runs the engine listens; popover and command ask. The words are the engine's own [`Ask`] and
//! [`Answer`](token_monitor_engine::Answer), one JSON text a line, so an asker need not care on which side of the
//! socket the engine is: it holds a [`Core`]. Nobody but the same user can connect, and nothing leaves the machine.

mod address;
mod alerts;
mod client;
mod engine_client;
mod instance;
mod protocol;
mod server;

mod transport;

pub use crate::address::Address;
pub use crate::alerts::Alerts;
pub use crate::client::Client;
pub use crate::engine_client::{Core, Updates};
pub use crate::instance::{Raise, Raises, Seat};
pub use crate::server::Server;
pub use token_monitor_engine::Ask;
