//! Alerts: the rules, the delivery policy and the state kept between evaluations, described in `docs/alerts.md`.
//!
//! [`evaluate_alerts`] is one pure step: (state, settings, context) → (state, decisions). Each rule in [`rules`] produces
//! candidates; [`delivery_policy`] decides which of them are sent. No clock is read here and nothing is displayed.

pub(crate) mod budget_period;
pub(crate) mod candidate;
pub(crate) mod context;
pub(crate) mod delivery_policy;
pub(crate) mod evaluate;
pub(crate) mod forecast_accuracy;
pub(crate) mod pause;
pub(crate) mod rules;
pub(crate) mod sample;
pub(crate) mod settings;
pub(crate) mod state;
pub(crate) mod sustained;
pub(crate) mod text;
pub(crate) mod threshold_state;
pub(crate) mod time_window;

pub use budget_period::{first_day_of_month, first_day_of_week};
pub use candidate::{Alert, AlertKey, Urgency};
pub use context::{AlertContext, CostlySession, ExpiringLogs};
pub use delivery_policy::DeliveryDecision;
pub use evaluate::evaluate_alerts;
pub use forecast_accuracy::{AlarmAccuracy, AlarmOutcomes, measure_alarm_accuracy};
pub use pause::pause_end;
pub use sample::sample_alert;
pub use settings::{AlertSettings, Budget, QuietHours};
pub use state::AlertState;
pub use text::{MAX_BODY_LEN, MAX_TITLE_LEN};
pub use time_window::TimeWindow;
