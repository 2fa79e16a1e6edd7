//! The local socket.
//!
//! Whoever runs the engine listens; popover and command ask. The words are the engine's own [`Ask`] and
//! [`Answer`](token_monitor_engine::Answer), one JSON text a line, so an asker need not care on which side of the
//! socket the engine is: it holds a [`Core`]. Nobody but the same user can connect, and nothing leaves the machine.

mod address;
mod alerts;
mod client;
mod core;
mod seat;
mod server;
mod wire;

#[cfg(unix)]
#[path = "socket_unix.rs"]
mod socket;
#[cfg(windows)]
#[path = "socket_windows.rs"]
mod socket;

pub use address::Address;
pub use alerts::Alerts;
pub use client::Client;
pub use core::{Core, Updates};
pub use seat::{Raise, Raises, Seat};
pub use server::Server;
pub use token_monitor_engine::Ask;
