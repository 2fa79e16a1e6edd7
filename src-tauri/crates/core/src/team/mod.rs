//! Usage that is shared with a team: the levels of detail, the rows of each level, and the messages to a hub.
//!
//! A row is the absolute usage of one group of messages in five minutes or, at the lowest level, in one UTC day. It has a
//! number, which identifies it on its device, and a revision, which grows with every change. A receiver that keeps the
//! highest revision of each row has the same figures as the device, in whatever order and however often rows arrive.

mod budgets;
mod collect;
mod level;
mod limits;
mod message;
mod row;
mod token;

pub use budgets::{MAX_REACHED_BUDGETS, REACHED_BUDGETS_PATH, ReachedBudget, ReachedBudgets};
pub use collect::{CollectedRow, SharedSession, TeamRowCollector};
pub use level::{ParseSharingLevelError, SharingLevel};
pub use limits::{LIMITS_PATH, MAX_LIMITS, SharedLimit, SharedLimits, SharedLimitsError};
pub use message::{MAX_ROWS, MAX_TAGS, MAX_TEXT_CHARS, MESSAGE_FORMAT, RowError, TeamReceipt, TeamUpdate, USAGE_PATH};
pub use row::{CountsTooLarge, RowGroup, TeamRow, UsageCounts};
pub use token::{DeviceToken, ParseDeviceTokenError};
