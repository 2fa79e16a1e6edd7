//! The error on a computer without a display.

/// There is no display on which a window or an icon can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoDisplay;

impl std::error::Error for NoDisplay {}

impl std::fmt::Display for NoDisplay {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(
            "There is no display on which Token Monitor can show its icon. Start it in a desktop session, or run \
             token-monitor in this terminal.",
        )
    }
}
