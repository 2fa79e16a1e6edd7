//! Official quota figures: how much of a quota is used and when it resets.
//!
//! Pure and offline: the input is the bytes of files that already exist on this computer. No server is queried and no
//! credentials are read. Every figure is validated first (see [`RejectReason`]), because these formats are undocumented
//! and have contained wrong values. The data flow is bytes → [`ParsedReadings`] → [`Reading`] → [`Quota`] →
//! [`QuotaUsage`] and [`ConfirmedWindow`].

pub(crate) mod account;
pub(crate) mod account_id;
pub(crate) mod confirmed;
pub(crate) mod fields;
pub(crate) mod quota_note;
pub(crate) mod reading;
pub(crate) mod reading_log;
pub(crate) mod remote_usage;
pub(crate) mod session_figures;
pub(crate) mod sources;
pub(crate) mod state;
pub(crate) mod statusline_input;
pub(crate) mod usage;
pub(crate) mod window;

pub use account::{AccountQuotas, CurrentAccounts};
pub use account_id::AccountId;
pub use confirmed::ConfirmedWindow;
pub use quota_note::QuotaNote;
pub use reading::{Percent, QuotaSource, Reading, RejectReason};
pub use session_figures::{CacheFigures, ContextFigures, MissFigures, SessionFigures, SessionNote};
pub use sources::{ParsedReadings, parse_cached_usage, parse_desktop_history, parse_inbox};
pub use state::Quota;
pub use statusline_input::{FiveHourUsage, LimitWindow, ModelWindow, StatusLineInput, StatusLineLimits, UsedPercent};
pub use usage::{Freshness, QuotaUsage};
pub use window::QuotaWindow;
