//! Sends usage to the hub of a team.
//!
//! A [`TeamUpdate`](token_monitor_core::team::TeamUpdate) is made of the rows that the engine prepares. The names of
//! projects and the ids of sessions are replaced by pseudonyms before. Nothing waits here: the caller decides when to
//! send, and prepares the rows again for each attempt.

mod hub_url;
mod pseudonym;
mod sender;
mod update;

pub use hub_url::{HubUrl, ParseHubUrlError};
pub use sender::{TeamSendError, TeamSender};
pub use update::{destination_of, make_update, read_token};
