//! The web server of `token-monitor serve`: a REST API, live updates and the web dashboard, for this user only.
//!
//! The server is a client of an engine, in this process or behind the local socket, and computes no figures: bodies are
//! what the command prints with `--json`. It serves an address of this computer or a Unix socket, and everything with
//! figures requires the token or the cookie made from it.

mod access;
mod backend;
mod entity_tag;
mod listener;
mod live;
mod openapi;
mod problem;
mod query;
mod routes;
mod server;

pub use crate::access::hosts::AllowedHosts;
pub use crate::access::token::{Token, TokenError};
pub use crate::listener::{MAX_CONNECTIONS, MAX_LIVE_CLIENTS, WebListener};
pub use crate::openapi::openapi_json;
pub use crate::routes::metrics::{MetricsFuture, MetricsSource, MetricsText};
pub use crate::server::{ServerOptions, WebServer};
pub use token_monitor_web::{ListenAddress, ParseListenAddressError};
