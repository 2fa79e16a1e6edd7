//! `token-monitor alerts`: past alerts, a test alert, and pauses.

use chrono::{DateTime, Utc};
use clap::{Subcommand, ValueEnum};
use serde_json::json;
use token_monitor_core::report::model::{AlertRow, AlertRule, AlertStatus, DeliveryStatus, Pause};
use token_monitor_core::text::format::{ViewerZone, format_table_time, format_upcoming};
use token_monitor_core::text::sanitize::{sanitize_line, sanitize_name};
use token_monitor_engine::clock;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::connect::request_with_zone;
use crate::error::CliError;
use crate::render::output::Printer;
use crate::render::tables::{new_table, row_cells};

/// The longest title of an alert, in characters.
const MAX_TITLE_CHARS: usize = 60;

/// The longest details and the longest cause of an alert, in characters.
const MAX_DETAIL_CHARS: usize = 100;

/// A subcommand of `alerts`.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum AlertsCommand {
    /// Send a test alert with made-up figures
    Test {
        /// The rule to send an alert of
        #[arg(value_enum, default_value_t = RuleArg::Block)]
        rule: RuleArg,
    },
    /// Pause alerts, or end a pause
    Pause {
        /// Length of the pause
        #[arg(value_enum)]
        pause: PauseArg,
    },
}

/// The rules that can be tested.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RuleArg {
    /// Usage of the block crossed a threshold
    Block,
    /// The block will probably reach its limit before it resets
    Forecast,
    /// The burn rate stayed high for several minutes
    BurnRate,
    /// Usage of a weekly window crossed a threshold
    Week,
    /// A window that was nearly used up resets soon, or has reset
    Reset,
    /// A limit was reached
    LimitHit,
    /// A budget is nearly or fully spent
    Budget,
    /// A session exceeded its cost threshold
    SessionCost,
    /// Claude Code will delete logs that have not been read
    Cleaning,
    /// Summary of the alerts suppressed during quiet hours
    Summary,
}

impl From<RuleArg> for AlertRule {
    fn from(rule: RuleArg) -> Self {
        match rule {
            RuleArg::Block => Self::Block,
            RuleArg::Forecast => Self::Forecast,
            RuleArg::BurnRate => Self::BurnRate,
            RuleArg::Week => Self::Week,
            RuleArg::Reset => Self::Reset,
            RuleArg::LimitHit => Self::LimitReached,
            RuleArg::Budget => Self::Budget,
            RuleArg::SessionCost => Self::SessionCost,
            RuleArg::Cleaning => Self::LogRetention,
            RuleArg::Summary => Self::Summary,
        }
    }
}

/// The lengths of a pause.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PauseArg {
    /// For 15 minutes
    #[value(name = "15m")]
    FifteenMinutes,
    /// For 30 minutes
    #[value(name = "30m")]
    ThirtyMinutes,
    /// For 1 hour
    #[value(name = "1h")]
    Hour,
    /// Until the block resets
    Reset,
    /// Until the end of the day
    Tomorrow,
    /// End the pause
    Off,
}

impl From<PauseArg> for Pause {
    fn from(pause: PauseArg) -> Self {
        match pause {
            PauseArg::FifteenMinutes => Self::FifteenMinutes,
            PauseArg::ThirtyMinutes => Self::ThirtyMinutes,
            PauseArg::Hour => Self::Hour,
            PauseArg::Reset => Self::UntilReset,
            PauseArg::Tomorrow => Self::UntilTomorrow,
            PauseArg::Off => Self::Off,
        }
    }
}

/// Lists up to `limit` past alerts, or runs the subcommand.
pub(crate) async fn run(
    sources: ConfigSources,
    command: Option<AlertsCommand>,
    limit: usize,
    printer: &Printer,
) -> Result<(), CliError> {
    let is_test = matches!(command, Some(AlertsCommand::Test { .. }));
    let (response, zone) = request_with_zone(sources, request_for(command.as_ref(), limit)).await?;
    if let Response::Alerts(rows) = response {
        return printer.print(&json!({ "alerts": rows }), || render_alerts(&rows, limit, zone, printer.width));
    }
    let Response::AlertStatus(status) = response else { return Err(CliError::unexpected_response()) };
    printer.print(&status, || {
        if is_test { render_test_result(&status) } else { render_status(&status, clock::now(), zone) }
    })
}

fn request_for(command: Option<&AlertsCommand>, limit: usize) -> Request {
    match command {
        None => Request::Alerts { limit },
        Some(AlertsCommand::Test { rule }) => Request::TestAlert { rule: (*rule).into() },
        Some(AlertsCommand::Pause { pause }) => Request::PauseAlerts { pause: (*pause).into() },
    }
}

fn render_alerts(rows: &[AlertRow], limit: usize, zone: ViewerZone, width: Option<usize>) -> String {
    if rows.is_empty() {
        // Nothing is known about alerts that were not asked for.
        let text = if limit == 0 { "No alerts were asked for: the limit is 0." } else { "There are no past alerts." };
        return text.to_owned();
    }
    let mut table = new_table(&["Time", "Alert", "Details", "Cause", "Delivery"], &[]);
    for row in rows {
        let (title, cause) = (sanitize_name(&row.title, MAX_TITLE_CHARS), sanitize_name(&row.cause, MAX_DETAIL_CHARS));
        let details = sanitize_name(&row.body.replace('\n', "; "), MAX_DETAIL_CHARS);
        let test = if row.is_test { " (test)" } else { "" };
        let delivery = format!("{}{test}", describe_delivery(row.fate));
        table.add_row(row_cells(&[format_table_time(row.at, zone), title, details, cause, delivery], &[]));
    }
    table.render(width).text
}

fn describe_delivery(fate: DeliveryStatus) -> &'static str {
    match fate {
        DeliveryStatus::Sent => "sent",
        DeliveryStatus::Shown => "shown",
        DeliveryStatus::QuietHours => "suppressed: quiet hours",
        DeliveryStatus::Paused => "suppressed: alerts paused",
        DeliveryStatus::Muted => "suppressed: session muted",
        DeliveryStatus::RateLimited => "suppressed: too many alerts",
        DeliveryStatus::Failed => "could not be shown",
    }
}

fn render_status(status: &AlertStatus, now: DateTime<Utc>, zone: ViewerZone) -> String {
    let pause = match status.paused_until {
        Some(until) => format!("Alerts are paused until {}.", format_upcoming(until, now, zone)),
        None => "Alerts are not paused.".to_owned(),
    };
    let unseen = match status.unseen {
        0 => None,
        1 => Some("1 alert could not be shown and is unread.".to_owned()),
        count => Some(format!("{count} alerts could not be shown and are unread.")),
    };
    let unavailable =
        status.unavailable.as_deref().map(|reason| format!("Alerts cannot be shown: {}", sanitize_line(reason)));
    [Some(pause), unseen, unavailable].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// Returns the result of a test alert from the status after it.
fn render_test_result(status: &AlertStatus) -> String {
    match &status.unavailable {
        Some(reason) => format!("The test alert could not be shown. {}", sanitize_line(reason)),
        None => "The test alert was shown.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use token_monitor_core::report::model::Route;

    use super::*;

    #[test]
    fn a_test_alert_reports_whether_it_was_shown() {
        let available = AlertStatus::default();
        let reason = Some("This desktop has no notification service.".to_owned());
        let unavailable = AlertStatus { unavailable: reason, ..available.clone() };
        assert_eq!(render_test_result(&available), "The test alert was shown.");
        assert_eq!(
            render_test_result(&unavailable),
            "The test alert could not be shown. This desktop has no notification service."
        );
    }

    #[test]
    fn past_alerts_are_listed_with_their_cause_and_delivery() {
        let row = AlertRow {
            id: 1,
            at: DateTime::UNIX_EPOCH,
            rule: AlertRule::Block,
            title: "18% of this block left".to_owned(),
            body: "82% used (official).".to_owned(),
            cause: "82% of this block, threshold 75%".to_owned(),
            route: Route::Now,
            fate: DeliveryStatus::QuietHours,
            is_test: false,
        };
        insta::assert_snapshot!(render_alerts(&[row], 50, ViewerZone::from(chrono_tz::UTC), None), @r"
        Time              Alert                   Details               Cause                             Delivery
        1970-01-01 00:00  18% of this block left  82% used (official).  82% of this block, threshold 75%  suppressed: quiet hours
        ");
        assert_eq!(
            render_alerts(&[], 0, ViewerZone::from(chrono_tz::UTC), None),
            "No alerts were asked for: the limit is 0."
        );
    }
}
