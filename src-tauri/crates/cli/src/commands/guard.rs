//! `token-monitor guard`: tells scripts by an exit code if enough of a limit is left.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;
use token_monitor_core::report::model::{LimitUse, Provenance, QuotaStats, ReportCompleteness, Snapshot, WindowKind};
use token_monitor_core::text::format::format_percent;
use token_monitor_core::text::phrases::{limit_name, official_block_quota};
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Request, Response};

use crate::commands::bar::binding_quota;
use crate::connect::request_once;
use crate::error::CliError;
use crate::render::output::Printer;

/// The exit code if less is left.
const TOO_LITTLE: u8 = 10;

/// The exit code if it is unknown how much is left.
const UNKNOWN: u8 = 11;

/// The options of a guard.
#[derive(Clone, Debug, Args)]
pub(crate) struct GuardArgs {
    /// The least part of the limit that must be left, in percent
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    min_left: u8,

    /// The limit; by default the one that binds
    #[arg(long, value_enum, value_name = "WINDOW")]
    window: Option<WindowArg>,
}

/// The values of `--window`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WindowArg {
    /// The official five-hour limit
    #[value(name = "fiveHour", alias = "five-hour")]
    FiveHour,
    /// The official weekly limit
    Weekly,
    /// The limit of the current block: the official one, or that of your settings
    Block,
}

/// The answer.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct GuardAnswer {
    /// True if enough is left; null if that is unknown.
    is_enough: Option<bool>,
    /// The part that is left in percent.
    left_percent: Option<f64>,
    min_left_percent: u8,
    /// The name of the limit.
    limit: Option<String>,
    /// The provenance of the figure.
    label: Option<Provenance>,
}

/// Prints the answer and returns its exit code.
pub(crate) async fn run(sources: ConfigSources, args: &GuardArgs, printer: &Printer) -> Result<ExitCode, CliError> {
    let Response::Snapshot(snapshot) = request_once(sources, Request::Snapshot).await? else {
        return Err(CliError::unexpected_response());
    };
    let answer = answer(&snapshot, args);
    printer.print(&answer, || render_answer(&answer))?;
    // The exit code is the answer.
    for problem in ReportCompleteness::from_problems(snapshot.problems).problems {
        tracing::warn!("The figures are incomplete: {} {}", problem.message, problem.hint);
    }
    Ok(match answer.is_enough {
        Some(true) => ExitCode::SUCCESS,
        Some(false) => ExitCode::from(TOO_LITTLE),
        None => ExitCode::from(UNKNOWN),
    })
}

fn answer(snapshot: &Snapshot, args: &GuardArgs) -> GuardAnswer {
    let found = match args.window {
        None => binding_quota(snapshot).map(quota_limit).unwrap_or_else(|| block_limit(snapshot)),
        Some(WindowArg::FiveHour) => official_limit(snapshot, WindowKind::FiveHour),
        Some(WindowArg::Weekly) => official_limit(snapshot, WindowKind::Weekly),
        Some(WindowArg::Block) => block_limit(snapshot),
    };
    let left = found.as_ref().map(|(_, share)| (100.0 - share.used_percent).max(0.0));
    GuardAnswer {
        is_enough: left.map(|left| left >= f64::from(args.min_left)),
        left_percent: left,
        min_left_percent: args.min_left,
        label: found.as_ref().map(|(_, share)| share.label),
        limit: found.map(|(name, _)| name),
    }
}

/// A limit with its name. A figure that is too old tells nothing.
type Limit<'a> = Option<(String, &'a LimitUse)>;

fn quota_limit(row: &QuotaStats) -> Limit<'_> {
    (!row.is_stale).then(|| (limit_name(row.window, row.scope.as_deref()), &row.share))
}

/// Returns an official limit of the account used last, whose rows come first.
fn official_limit(snapshot: &Snapshot, window: WindowKind) -> Limit<'_> {
    snapshot.quota.iter().find(|row| row.window == window).and_then(quota_limit)
}

fn block_limit(snapshot: &Snapshot) -> Limit<'_> {
    let share = snapshot.current_block.as_ref().and(snapshot.block_use.as_ref())?;
    let is_stale = official_block_quota(snapshot).is_some_and(|row| row.is_stale);
    (share.basis.is_limit() && !is_stale).then(|| ("block's limit".to_owned(), share))
}

fn render_answer(answer: &GuardAnswer) -> String {
    let (Some(left), Some(limit), Some(label)) = (answer.left_percent, &answer.limit, answer.label) else {
        return "It is unknown how much is left.".to_owned();
    };
    let least = format_percent(f64::from(answer.min_left_percent));
    let verdict = if answer.is_enough == Some(true) { "enough" } else { "too little" };
    format!("{} of the {limit} left, {}: {verdict}, at least {least} asked for.", format_percent(left), label.as_str())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use chrono::DateTime;
    use rstest::rstest;
    use token_monitor_core::report::model::{LimitBasis, QuotaOrigin};

    use super::*;

    fn share(used_percent: f64, basis: LimitBasis) -> LimitUse {
        LimitUse {
            used_percent,
            basis,
            limit: None,
            projected_percent: None,
            runs_out_at: None,
            elsewhere_percent: None,
            label: Provenance::Official,
        }
    }

    fn quota(window: WindowKind, used_percent: f64, is_binding: bool, is_stale: bool) -> QuotaStats {
        QuotaStats {
            window,
            scope: None,
            share: share(used_percent, LimitBasis::Official),
            resets_at: None,
            read_at: DateTime::UNIX_EPOCH,
            age_minutes: 0,
            origin: QuotaOrigin::StatusLine,
            is_stale,
            is_binding,
            account: None,
        }
    }

    fn verdict(rows: Vec<QuotaStats>, min_left: u8, window: Option<WindowArg>) -> Option<bool> {
        let snapshot = Snapshot { quota: rows, ..crate::surface_tests::snapshot() };
        answer(&snapshot, &GuardArgs { min_left, window }).is_enough
    }

    #[rstest]
    #[case(20, None, Some(true))]
    #[case(21, None, Some(false))]
    #[case(62, Some(WindowArg::FiveHour), Some(true))]
    #[case(63, Some(WindowArg::FiveHour), Some(false))]
    #[case(20, Some(WindowArg::Weekly), Some(true))]
    #[case(1, Some(WindowArg::Block), None)]
    fn the_exit_code_depends_on_what_is_left(
        #[case] min_left: u8,
        #[case] window: Option<WindowArg>,
        #[case] expected: Option<bool>,
    ) {
        let rows = vec![quota(WindowKind::FiveHour, 38.0, false, false), quota(WindowKind::Weekly, 80.0, true, false)];
        assert_eq!(verdict(rows, min_left, window), expected);
    }

    #[test]
    fn an_old_figure_tells_nothing() {
        let rows = vec![quota(WindowKind::FiveHour, 1.0, false, true)];
        assert_eq!(verdict(rows.clone(), 50, None), None);
        assert_eq!(verdict(rows, 50, Some(WindowArg::FiveHour)), None);
    }
}
