//! The progress of reading the logs: in words, and as a bar on standard error for commands that wait for it.

use std::io::{self, IsTerminal};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use token_monitor_core::report::model::Progress;
use token_monitor_core::text::format::format_number;
use token_monitor_engine::clock;
use token_monitor_engine::{ApiError, Request, Response};
use token_monitor_ipc::EngineClient;

use crate::render::locale::is_utf8;

/// The time a command waits before it shows a bar: most reads are finished by then.
const BAR_DELAY: Duration = Duration::from_millis(300);

/// Bytes of a megabyte, as disks and file managers count them.
const MEGABYTE: u64 = 1_000_000;

/// The share of the bytes that has to be read before a remaining time is shown. Earlier ones are wild guesses.
const MIN_SHARE_FOR_TIME: f64 = 0.02;

/// The start of an import, from which the remaining time is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ImportStart {
    at: DateTime<Utc>,
    bytes_done: u64,
}

impl ImportStart {
    /// Returns the start of an import that was first seen with this progress; `None` if logs are not being read.
    pub(crate) fn first_seen(progress: &Progress, at: DateTime<Utc>) -> Option<Self> {
        match *progress {
            Progress::Importing { bytes_done, .. } => Some(Self { at, bytes_done }),
            Progress::Live => None,
        }
    }

    /// Estimates the remaining time by the average speed so far.
    fn time_left(self, bytes_done: u64, bytes: u64, now: DateTime<Utc>) -> Option<TimeDelta> {
        let read = bytes_done.checked_sub(self.bytes_done).filter(|read| *read > 0)?;
        if (read as f64) < bytes as f64 * MIN_SHARE_FOR_TIME {
            return None;
        }
        let passed = (now - self.at).num_milliseconds() as f64;
        let left = passed / read as f64 * bytes.saturating_sub(bytes_done) as f64;
        Some(TimeDelta::milliseconds(left as i64))
    }
}

/// Returns the progress in words: `1,204 of 3,310 files, 210 of 560 MB, about 12 s left`. `None` if all logs are read.
pub(crate) fn progress_text(progress: &Progress, start: Option<ImportStart>, now: DateTime<Utc>) -> Option<String> {
    let Progress::Importing { files_done, files, bytes_done, bytes } = *progress else { return None };
    let megabytes = |bytes: u64| format_number((bytes / MEGABYTE).into());
    let left = start.and_then(|start| start.time_left(bytes_done, bytes, now));
    let left = left.map_or(String::new(), |left| format!(", about {} left", format_time_left(left)));
    Some(format!(
        "{} of {} files, {} of {} MB{left}",
        format_number(files_done.into()),
        format_number(files.into()),
        megabytes(bytes_done),
        megabytes(bytes)
    ))
}

/// Formats a remaining time in one unit, rounded up: `12 s`, `3 min`, `2 h`.
fn format_time_left(left: TimeDelta) -> String {
    let seconds = u64::try_from(left.num_milliseconds()).unwrap_or_default().div_ceil(1_000).max(1);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3_600)),
    }
}

/// Waits until everything logged so far is counted. Shows a bar if that takes long and standard error is a terminal.
pub(crate) async fn sync_with_bar(client: &EngineClient) -> Result<Response, ApiError> {
    let sync = client.request(Request::Sync);
    if !io::stderr().is_terminal() {
        return sync.await;
    }
    tokio::pin!(sync);
    tokio::select! {
        result = &mut sync => return result,
        () = tokio::time::sleep(BAR_DELAY) => {}
    }
    let bar = create_bar();
    let follow = follow_import(client, &bar);
    let result = tokio::select! {
        result = &mut sync => result,
        // The engine has ended, which the request reports.
        _ = follow => sync.await,
    };
    bar.finish_and_clear();
    result
}

/// Shows the progress in a bar until the engine ends.
async fn follow_import(client: &EngineClient, bar: &ProgressBar) -> Result<(), ApiError> {
    let mut snapshots = client.subscribe_snapshots().await?;
    let mut start = None;
    loop {
        let snapshot = snapshots.borrow_and_update().clone();
        start = start.or_else(|| ImportStart::first_seen(&snapshot.progress, snapshot.at));
        show(bar, &snapshot.progress, start);
        if snapshots.changed().await.is_err() {
            return Ok(());
        }
    }
}

fn create_bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(8));
    let style = ProgressStyle::with_template("Reading logs {bar:24} {msg}").expect("the template is valid");
    bar.set_style(style.progress_chars(if is_utf8() { "█▓─" } else { "#=-" }));
    bar
}

fn show(bar: &ProgressBar, progress: &Progress, start: Option<ImportStart>) {
    let Progress::Importing { bytes_done, bytes, .. } = *progress else { return };
    bar.set_length(bytes);
    bar.set_message(progress_text(progress, start, clock::now()).unwrap_or_default());
    bar.set_position(bytes_done);
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    fn importing(bytes_done: u64) -> Progress {
        Progress::Importing { files_done: 1_204, files: 3_310, bytes_done, bytes: 560_000_000 }
    }

    #[test]
    fn progress_is_in_files_megabytes_and_time() {
        let start = ImportStart::first_seen(&importing(10_000_000), at(0));
        let text = progress_text(&importing(210_000_000), start, at(20));
        assert_eq!(text.as_deref(), Some("1,204 of 3,310 files, 210 of 560 MB, about 35 s left"));
    }

    #[test]
    fn a_time_is_shown_only_once_it_can_be_estimated() {
        let start = ImportStart::first_seen(&importing(0), at(0));
        let early = progress_text(&importing(1_000_000), start, at(9)).expect("it is running");
        assert_eq!(early, "1,204 of 3,310 files, 1 of 560 MB");
        assert_eq!(progress_text(&Progress::Live, start, at(9)), None);
    }

    #[rstest]
    #[case(0, "1 s")]
    #[case(59_001, "1 min")]
    #[case(59_000, "59 s")]
    #[case(3_600_000, "1 h")]
    #[case(61_000, "2 min")]
    fn a_remaining_time_is_rounded_up(#[case] millis: i64, #[case] text: &str) {
        assert_eq!(format_time_left(TimeDelta::milliseconds(millis)), text);
    }
}
