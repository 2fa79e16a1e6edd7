//! What Token Monitor knows: how to read a line, count a message once, and decide what to show.
//!
//! Pure. No file, no clock, no environment, no thread: bytes, instants and zones are arguments, and what is stored
//! is somebody else's business (see [`Shelf`]). The way of a line through it: [`Lines`] → [`Entry`] → [`Sighting`]
//! → [`Message`] → [`Share`] → [`Ledger`] → [`View`] → [`figures`].

pub mod alert;
pub mod day;
pub mod explain;
pub mod figures;
pub mod plain;
pub mod quota;

mod allowance;
mod backtest;
mod block;
mod block_history;
mod bucket;
mod burn;
#[cfg(test)]
#[path = "../examples/bursts/mod.rs"]
mod bursts;
mod compared;
mod counter;
mod cursor;
mod forecast;
mod history;
mod json;
mod key;
mod ledger;
mod limit;
mod limits;
mod line;
mod listing;
mod message;
mod minutes;
mod moment;
mod money;
mod names;
mod price;
mod pricing;
mod reading;
mod recent;
mod records;
mod run;
mod session;
mod shapes;
mod spent;
mod status;
mod tally;
mod terms;
mod timeline;
mod title;
mod tokens;
mod torn;
mod view;

pub use backtest::{Backtest, Checkpoint, Miss, Replay, backtest};
pub use block::{Anchor, Block, Blocks, Edges};
pub use bucket::{Bucket, BucketKey, Mark};
pub use burn::{Burn, Piece, decayed};
pub use compared::{compared, usual, usual_slots};
pub use counter::Counter;
pub use cursor::{Carry, Cursor, FileId, Look, Prints, Resume};
pub use forecast::{Course, Projection, project, runs_out};
pub use history::{Divided, slots_between};
pub use key::Key;
pub use ledger::{Batch, Ledger, Shelf};
pub use limit::{LimitNotice, read_limit};
pub use limits::{History, LimitRule};
pub use line::{Entry, Lines, Place, Said, Summary, last_moment};
pub use listing::Wanted;
pub use message::{Message, Seen, Share, Sighting, Told};
pub use moment::{Moment, Slot};
pub use money::{Bill, Cost, Usd};
pub use names::{BranchId, Interner, LogId, ModelId, Names, ProjectId, RunId, SessionId};
pub use price::{BadOverride, Call, CostMode, LiteLlm, NotPrices, Overrides, PriceBook};
pub use pricing::Pricing;
pub use recent::Recent;
pub use run::{Run, RunKey};
pub use session::{Scene, Session};
pub use spent::Spent;
pub use status::{FiveHours, LimitNote, LimitWindow, Limits, StatusInput, Used};
pub use tally::{Reason, Tally};
pub use terms::{Geo, Speed, Terms, Tier};
pub use timeline::Timeline;
pub use title::{Title, TitleKind, Titled};
pub use tokens::{Charge, Sum, Tokens, Usage};
pub use view::{Given, Outlook, Past, View, known_edges};
