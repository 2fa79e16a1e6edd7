//! What Token Monitor knows: how to read a line, count a message once, and decide what to show.
//!
//! Pure. No file, no clock, no environment, no thread: bytes, instants and zones are arguments, and what is stored
//! is somebody else's business (see [`Shelf`]). The way of a line through it: [`Lines`] → [`Entry`] → [`Sighting`]
//! → [`Message`] → [`Share`] → [`Ledger`] → [`View`] → [`figures`].

pub mod day;
pub mod figures;

mod block;
mod bucket;
mod burn;
mod cursor;
mod json;
mod key;
mod ledger;
mod line;
mod message;
mod moment;
mod money;
mod names;
mod recent;
mod records;
mod session;
mod tally;
mod terms;
mod tokens;
mod view;

pub use block::{Anchor, Block, Blocks};
pub use bucket::{Bucket, BucketKey, Mark};
pub use burn::Burn;
pub use cursor::{Carry, Cursor, FileId, Look, Prints, Resume};
pub use key::Key;
pub use ledger::{Batch, Ledger, Shelf};
pub use line::{Entry, Lines, Place, Said, Title, last_moment};
pub use message::{Message, Seen, Share, Sighting, Told};
pub use moment::{Moment, Slot};
pub use money::{Cost, Usd};
pub use names::{Interner, LogId, ModelId, Names, ProjectId, SessionId};
pub use recent::Recent;
pub use session::{Session, Titled};
pub use tally::{Reason, Tally};
pub use terms::{Geo, Speed, Terms, Tier};
pub use tokens::{Sum, Tokens, Usage};
pub use view::{GivenNames, View};
