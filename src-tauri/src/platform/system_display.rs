//! The display on macOS and Windows, which always have one.

use crate::platform::NoDisplay;

/// Returns without an error.
pub(crate) fn check() -> Result<(), NoDisplay> {
    Ok(())
}
