//! The actions on the autostart of the app.

/// An action on the autostart of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AutostartAction {
    /// Query the state.
    Status,
    /// Enable it.
    On,
    /// Disable it.
    Off,
    /// Update the path of the program, if it is enabled.
    Repair,
}
