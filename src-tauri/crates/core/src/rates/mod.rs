//! Burn rate, forecast and the backtest of the forecast.

pub(crate) mod backtest;
pub(crate) mod burn_rate;
pub(crate) mod forecast;
pub(crate) mod minute_series;

pub use backtest::{Backtest, Checkpoint, Miss, Replay, backtest};
pub use burn_rate::{Burn, Piece, decayed};
pub use forecast::{Course, Projection, project, runs_out};
