//! The local socket between the running app, the popover and the command.
//!
//! The process that runs the engine listens. Messages are lines of JSON with the engine's own [`Request`] and
//! [`Response`]. An [`EngineClient`] works the same for an engine in this process and at the other end of the socket.
//! Only the same user can connect, and nothing leaves the machine.

mod address;
mod alert_stream;
mod client;
mod engine_client;
mod instance;
mod protocol;
mod server;
mod transport;

pub use crate::address::Address;
pub use crate::alert_stream::AlertStream;
pub use crate::client::Client;
pub use crate::engine_client::{EngineClient, SnapshotStream};
pub use crate::instance::{ActivateAction, ActivateRequest, Activations, InstanceLock};
pub use crate::server::Server;
pub use token_monitor_engine::{Request, Response};
