//! Grouped reports: select messages, group them by properties, and sum them exactly.
//!
//! Every figure is a sum of stored sums. No message is split: slots of five minutes never cross the edge of a day or a
//! block, and sessions have one project, branch and set of tags.

mod collector;
mod day_bound;
mod filter;
mod name_pattern;
mod rows;

pub use collector::{MessageGroup, ReportCollector, ReportSource};
pub use day_bound::{DayBound, ParseDayBoundError};
pub use filter::ReportSelection;
