//! Live updates: snapshots as they are published, for server-sent events and for WebSockets.

pub(crate) mod events;
pub(crate) mod frames;
pub(crate) mod socket;
