//! The system's clock.

use std::time::SystemTime;

use chrono::{DateTime, Utc};

/// Returns the current time. It may be before 1970, such as on a computer that starts without a battery for its clock;
/// `Utc::now` would panic then.
pub fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}
