//! `token-monitor update`: tells if there is a newer version. Only `--check` uses the network; nothing is downloaded.

use chrono::{DateTime, Utc};
use clap::Args;
use token_monitor_core::text::format::format_age;
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_engine::config::{ConfigSources, Settings};
use token_monitor_engine::{UpdateStatus, check_for_update, clock, last_update_check};

use crate::error::CliError;
use crate::render::output::Printer;

/// The options of `update`.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct UpdateArgs {
    /// Ask the release list on the internet now
    #[arg(long)]
    check: bool,
}

/// Prints the latest version that is known, after a check if there was one.
pub(crate) fn run(sources: &ConfigSources, args: UpdateArgs, printer: &Printer) -> Result<(), CliError> {
    let settings = sources.resolve();
    let status = if args.check { check(&settings)? } else { last_update_check(&settings) };
    printer.print(&serde_json::to_value(&status)?, || render(&status, clock::now()))
}

fn check(settings: &Settings) -> Result<UpdateStatus, CliError> {
    check_for_update(settings).map_err(|error| CliError::request_failed(error.to_string()))
}

fn render(status: &UpdateStatus, now: DateTime<Utc>) -> String {
    let current = &status.current;
    let Some(checked_at) = status.checked_at else {
        return format!("This is version {current}. Whether there is a newer one was never checked.\n{HOW_TO_CHECK}");
    };
    let minutes = (now - checked_at).num_minutes().unsigned_abs();
    let checked = format!("Checked {} ago.", format_age(minutes));
    match (&status.update, &status.latest) {
        (Some(update), _) => {
            let (version, url) = (sanitize_line(&update.version), sanitize_line(&update.url));
            format!("Version {version} is available; this is {current}.\n{url}\n{checked}")
        }
        (None, Some(latest)) if latest == current => format!("This is the latest version, {current}.\n{checked}"),
        (None, Some(latest)) => {
            format!("This version, {current}, is newer than the latest release, {}.\n{checked}", sanitize_line(latest))
        }
        (None, None) => format!("There is no release yet; this is {current}.\n{checked}"),
    }
}

const HOW_TO_CHECK: &str = "Run token-monitor update --check, or set updates.check to true for a daily check.";

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use rstest::rstest;
    use token_monitor_core::report::model::AvailableUpdate;

    use super::*;

    fn status(latest: Option<&str>, is_newer: bool) -> UpdateStatus {
        let latest = latest.map(str::to_owned);
        let update = latest.clone().filter(|_| is_newer);
        let update = update.map(|version| AvailableUpdate { version, url: "https://releases.example".to_owned() });
        UpdateStatus { current: "1.2.0".to_owned(), latest, update, checked_at: Some(DateTime::UNIX_EPOCH) }
    }

    #[rstest]
    #[case::newer(Some("1.3.0"), true, "Version 1.3.0 is available; this is 1.2.0.\nhttps://releases.example\n")]
    #[case::the_same(Some("1.2.0"), false, "This is the latest version, 1.2.0.\n")]
    #[case::older(Some("1.1.0"), false, "This version, 1.2.0, is newer than the latest release, 1.1.0.\n")]
    #[case::no_release(None, false, "There is no release yet; this is 1.2.0.\n")]
    fn the_result_of_a_check_is_printed(#[case] latest: Option<&str>, #[case] is_newer: bool, #[case] expected: &str) {
        let later = DateTime::UNIX_EPOCH + TimeDelta::hours(3);
        assert_eq!(render(&status(latest, is_newer), later), format!("{expected}Checked 3h ago."));
    }

    #[test]
    fn without_a_check_nothing_is_claimed() {
        let text = render(&UpdateStatus { checked_at: None, ..status(None, false) }, Utc::now());
        assert!(text.starts_with("This is version 1.2.0. Whether there is a newer one was never checked.\n"), "{text}");
    }
}
