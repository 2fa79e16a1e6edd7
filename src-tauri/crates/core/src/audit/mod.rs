//! Audit: explains a sum by the outcome of every line with usage, and compares it with ccusage's.
//!
//! Pure, and independent of the ledger: the store keeps messages and no lines, so an audit reads the logs again.
//! Lines are scanned one by one ([`UsageScanner`]), those in scope are collected ([`AuditCollector`]), and the report
//! is a sum over them. The ledger decides what counts; tests check that the audit agrees with it.

pub(crate) mod breakdown;
pub(crate) mod ccusage;
pub(crate) mod ccusage_merge;
pub(crate) mod comparison;
pub(crate) mod observation;
pub(crate) mod requests;
pub(crate) mod rule;
pub(crate) mod scan;
pub(crate) mod token_delta;

pub use breakdown::{Breakdown, BreakdownRow, MessageTotals};
pub use ccusage::{CCUSAGE_VERSION, PeerCommand, session_from_path};
pub use comparison::{AuditCollector, AuditData, AuditScope, Comparison, ComparisonStep};
pub use observation::UsageObservation;
pub use requests::RequestCounter;
pub use rule::CcusageRule;
pub use scan::{LineLocation, UsageScanner};
pub use token_delta::TokenDelta;
