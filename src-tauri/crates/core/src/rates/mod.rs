//! The burn rate, the forecast of a window's usage, and the backtest of the forecast.

pub(crate) mod backtest;
pub(crate) mod burn_rate;
pub(crate) mod forecast;
pub(crate) mod minute_series;

pub use backtest::{
    Backtest, BacktestRunner, CHECKPOINT_PERCENTS, Checkpoint, ForecastError, MIN_BLOCK_MESSAGES, run_backtest,
};
pub use burn_rate::{BurnRates, UsageSample, current_rates};
pub use forecast::{Projection, WindowProgress, exhaustion_time, project};
