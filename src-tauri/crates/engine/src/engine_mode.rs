//! The mode an engine runs in.

/// The mode an engine runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineMode {
    /// Watches the logs, publishes snapshots and evaluates alerts, until it is stopped.
    Live,
    /// Acts on requests only.
    OnDemand,
}
