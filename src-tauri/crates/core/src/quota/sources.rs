//! Reads the files quota figures are found in.
//!
//! Each reader takes bytes, keeps the figures and drops the rest: these files also hold account ids, prompts and
//! paths. One bad figure costs no other. When a file is unreadable as a whole that counts as one rejection.

use std::collections::BTreeMap;

use crate::quota::fields::{Cached, ClaudeJson, Desktop, Gauge, Inbox, Number, Sample, Scoped, Windows};
use crate::quota::reading::{QuotaSource, Reading, Rejected};
use crate::quota::window::Window;
use crate::time::timestamp::Timestamp;
use crate::transcript::lenient_json::{self, Narrow, Object};

/// How much of Claude Desktop's 30 days is read, in microseconds: nothing older can still stand.
const DESKTOP_REACH: i64 = 24 * 3_600_000_000;

/// What a file said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// What is believed.
    pub readings: Vec<Reading>,
    /// How many figures are not, by reason.
    pub rejected: BTreeMap<Rejected, u64>,
}

/// Reads the file our own status line command leaves, a [`crate::quota::statusline_input::LimitNote`]:
/// `{ "version": 1, "at": "<RFC 3339>", "session": "<id>", "rate_limits": { … } }`.
///
/// Its figures are those of the last answer in that conversation, so an idle one repeats old figures.
pub fn from_inbox(bytes: &[u8]) -> Gathered {
    gather(bytes, |inbox: Inbox<'_>, found| match inbox.version.0 {
        Some(1.0) => found.windows(inbox.windows, Timestamp::parse(&inbox.at.0), QuotaSource::StatusLine),
        Some(_) | None => found.reject(Rejected::Version),
    })
}

/// Reads the vendor's last answer out of `.claude.json`. No other key of that file is looked at.
pub fn from_cached_usage(bytes: &[u8]) -> Gathered {
    gather(bytes, |file: ClaudeJson<'_>, found| {
        if let Object(Some(Cached { at, windows, .. })) = file.cached {
            found.windows(windows, at.as_millis(), QuotaSource::CachedUsage);
        }
    })
}

/// Reads Claude Desktop's `plan-usage-history.json`: the last day of the organisation looked at last.
///
/// Organisations alternate in it, and there is nothing that says which one Claude Code works for; the one in use is
/// the best guess.
pub fn from_desktop_history(bytes: &[u8]) -> Gathered {
    gather(bytes, |file: Desktop<'_>, found| {
        let samples: Vec<Sample<'_>> = file.samples.0.into_iter().filter_map(|sample| sample.0).collect();
        let timed = || samples.iter().filter_map(|sample| Some((sample.at.as_millis()?, sample)));
        let untimed = samples.len() - timed().count();
        (0..untimed).for_each(|_| found.reject(Rejected::NoTime));
        let Some((last, newest)) = timed().max_by_key(|(at, _)| *at) else { return };
        let recent = timed().filter(|(at, _)| last.0 - at.0 < DESKTOP_REACH);
        recent.filter(|(_, sample)| sample.org.0 == newest.org.0).for_each(|(at, sample)| found.sample(at, sample));
    })
}

fn gather<'a, T: Narrow<'a>>(bytes: &'a [u8], read: impl FnOnce(T, &mut Gathered)) -> Gathered {
    let mut found = Gathered::default();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match lenient_json::only_value::<T>(bytes) {
        Some(Object(Some(file))) => read(file, &mut found),
        Some(Object(None)) | None => found.reject(Rejected::NotJson),
    }
    found
}

impl Gathered {
    fn reject(&mut self, why: Rejected) {
        *self.rejected.entry(why).or_default() += 1;
    }

    fn windows(&mut self, windows: Object<Windows>, at: Option<Timestamp>, source: QuotaSource) {
        let Some(windows) = windows.0 else { return };
        let Some(at) = at else { return self.reject(Rejected::NoTime) };
        for (key, gauge) in &windows.gauges {
            self.gauge(window_of_key(key), gauge, at, source);
        }
        for limit in &windows.limits {
            self.limit(limit, at, source);
        }
    }

    /// The list repeats the windows that have a key of their own; those count once.
    fn limit(&mut self, limit: &Scoped, at: Timestamp, source: QuotaSource) {
        let window = window_of_kind(limit);
        let told = self.readings.iter().any(|reading| Some(&reading.window) == window.as_ref());
        if !told {
            self.gauge(window, &limit.gauge, at, source);
        }
    }

    fn sample(&mut self, at: Timestamp, sample: &Sample<'_>) {
        let Some(used) = &sample.used.0 else { return };
        let shares =
            [(Window::FiveHour, used.five_hour), (Window::Weekly, used.weekly), (Window::ExtraUsage, used.extra)];
        for (window, used) in shares {
            let gauge = Gauge { used, ..Gauge::default() };
            self.gauge(Some(window), &gauge, at, QuotaSource::DesktopHistory);
        }
    }

    fn gauge(&mut self, window: Option<Window>, gauge: &Gauge, at: Timestamp, source: QuotaSource) {
        let Number(Some(used)) = gauge.used else { return };
        let reading = window
            .ok_or(Rejected::UnknownWindow)
            .and_then(|window| Reading::new(window, used, gauge.resets.0, at, source));
        match reading {
            Ok(reading) => self.readings.push(reading),
            Err(why) => self.reject(why),
        }
    }
}

/// The window behind a key; the vendor also sends keys with code names.
fn window_of_key(key: &str) -> Option<Window> {
    match key {
        "five_hour" => Some(Window::FiveHour),
        "seven_day" => Some(Window::Weekly),
        "extra_usage" => Some(Window::ExtraUsage),
        _ => Window::scoped(key.strip_prefix("seven_day_")?),
    }
}

fn window_of_kind(limit: &Scoped) -> Option<Window> {
    match limit.kind.as_str() {
        "session" => Some(Window::FiveHour),
        "weekly_all" => Some(Window::Weekly),
        "weekly_scoped" => Window::scoped(&limit.family),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::quota::statusline_input::{LimitNote, StatusInput};

    /// 2026-07-17T12:00:00Z.
    const AT: Timestamp = Timestamp(1_784_289_600_000_000);

    fn told(found: &Gathered) -> Vec<(Window, u32, Option<i64>)> {
        let minutes = |resets: Timestamp| (resets.0 - AT.0) / 60_000_000;
        let row = |reading: &Reading| (reading.window.clone(), reading.used.thousandths(), reading.resets.map(minutes));
        found.readings.iter().map(row).collect()
    }

    /// What is gathered from an inbox that tells these windows.
    fn inbox(windows: &str) -> Gathered {
        from_inbox(format!(r#"{{"version":1,"at":"2026-07-17T12:00:00Z","rate_limits":{windows}}}"#).as_bytes())
    }

    fn opus() -> Window {
        Window::Scoped("Opus".to_owned())
    }

    #[test]
    fn what_a_status_line_was_told_is_read_as_it_was_noted() {
        let json = br#"{"session_id":"s","rate_limits":{
            "five_hour":{"used_percentage":23.5,"resets_at":1784296200},
            "seven_day":{"used_percentage":41,"resets_at":1784300000,"more":[1]},
            "seven_day_opus":{"used_percentage":7}},"cost":{"total_cost_usd":1}}"#;
        let note = LimitNote::of(&StatusInput::read(json).expect("is JSON"), AT).expect("tells windows");
        let found = from_inbox(&serde_json::to_vec(&note).expect("can be written"));
        let rows =
            vec![(Window::FiveHour, 23_500, Some(110)), (Window::Weekly, 41_000, Some(173)), (opus(), 7_000, None)];
        assert_eq!(told(&found), rows);
        assert!(found.rejected.is_empty());
    }

    #[rstest]
    #[case("{}")]
    #[case("null")]
    #[case("[1,2]")]
    #[case(r#"{"five_hour":null,"seven_day":5}"#)]
    #[case(r#"{"five_hour":{"used_percentage":"23"},"seven_day":{"resets_at":1784296200}}"#)]
    #[case(r#"{"five_hour":{"used_percentage":null}}"#)]
    fn what_is_absent_or_of_the_wrong_type_is_no_figure(#[case] windows: &str) {
        assert_eq!(inbox(windows), Gathered::default());
    }

    #[rstest]
    #[case(r#"{"used_percentage":1774000000,"resets_at":1784296200}"#, Rejected::Epoch)]
    #[case(r#"{"used_percentage":1e400}"#, Rejected::Epoch)]
    #[case(r#"{"used_percentage":101.5}"#, Rejected::Percentage)]
    #[case(r#"{"used_percentage":-1}"#, Rejected::Percentage)]
    #[case(r#"{"used_percentage":5,"resets_at":1784289600}"#, Rejected::ResetPassed)]
    #[case(r#"{"used_percentage":5,"resets_at":0}"#, Rejected::ResetPassed)]
    #[case(r#"{"used_percentage":5,"resets_at":"2026-07-17T11:00:00Z"}"#, Rejected::ResetPassed)]
    #[case(r#"{"used_percentage":5,"resets_at":1784308201}"#, Rejected::ResetTooFar)]
    #[case(r#"{"used_percentage":5,"resets_at":1784296200000}"#, Rejected::ResetTooFar)]
    fn a_figure_not_to_be_believed_is_counted_and_costs_no_other(#[case] gauge: &str, #[case] why: Rejected) {
        let found = inbox(&format!(r#"{{"five_hour":{gauge},"seven_day":{{"used_percentage":9}}}}"#));
        assert_eq!(told(&found), vec![(Window::Weekly, 9_000, None)]);
        assert_eq!(found.rejected, BTreeMap::from([(why, 1)]));
    }

    #[test]
    fn a_window_with_a_code_name_is_counted_as_unknown_if_it_says_anything() {
        let found = inbox(r#"{"iguana_necktie":{"utilization":3},"other":{"used_percentage":null}}"#);
        assert_eq!(found.rejected, BTreeMap::from([(Rejected::UnknownWindow, 1)]));
    }

    #[test]
    fn the_cached_answer_is_read_out_of_claude_codes_file_and_nothing_else() {
        let json = br#"{"numStartups":3,"oauthAccount":{"emailAddress":"me@example.org"},
            "cachedUsageUtilization":{"fetchedAtMs":1784289600000,"accountUuid":"a","utilization":{
                "five_hour":{"utilization":12.0,"resets_at":"2026-07-17T13:50:00.123+00:00"},
                "seven_day":{"utilization":100,"resets_at":null},"seven_day_sonnet":null,
                "extra_usage":{"is_enabled":true,"monthly_limit":2000,"utilization":4.2},
                "limits":[
                    {"kind":"session","percent":12,"resets_at":"2026-07-17T13:50:00Z","is_active":true},
                    {"kind":"weekly_all","percent":100},
                    {"kind":"weekly_scoped","percent":55,"resets_at":"2026-07-18T12:00:00Z",
                     "scope":{"model":{"id":null,"display_name":"Opus"}},"is_active":false}]}},
            "projects":{"/home/me":{"history":["secret"]}}}"#;
        let found = from_cached_usage(json);
        let rows = vec![
            (Window::FiveHour, 12_000, Some(110)),
            (Window::Weekly, 100_000, None),
            (Window::ExtraUsage, 4_200, None),
            (opus(), 55_000, Some(1440)),
        ];
        assert_eq!(told(&found), rows, "the list repeats what has a key of its own");
        assert!(found.readings.iter().all(|reading| reading.at == AT));
        assert!(found.rejected.is_empty());
    }

    #[test]
    fn a_file_of_somebody_not_logged_in_has_no_figures() {
        assert_eq!(from_cached_usage(br#"{"numStartups":3}"#), Gathered::default());
        assert_eq!(from_cached_usage(br#"{"cachedUsageUtilization":null}"#), Gathered::default());
    }

    #[rstest]
    #[case(from_cached_usage(br#"{"cachedUsageUtilization":{"utilization":{"five_hour":{"utilization":1}}}}"#))]
    #[case(from_inbox(br#"{"version":1,"at":"soon","rate_limits":{"five_hour":{"used_percentage":1}}}"#))]
    #[case(from_inbox(br#"{"version":1,"rate_limits":{"five_hour":{"used_percentage":1}}}"#))]
    #[case(from_desktop_history(br#"{"samples":[{"org":"a","u":{"fh":1}}]}"#))]
    fn figures_without_a_time_are_counted(#[case] found: Gathered) {
        assert_eq!(found, Gathered { rejected: BTreeMap::from([(Rejected::NoTime, 1)]), ..Gathered::default() });
    }

    #[rstest]
    #[case(from_inbox(b""))]
    #[case(from_inbox(b"[1]"))]
    #[case(inbox(r#"{"five_hour":{"used_percentage":NaN}}"#))]
    #[case(from_cached_usage(br#"{"cachedUsageUtilization":{"fetchedAtMs":17"#))]
    #[case(from_desktop_history(b"\xff\xfe"))]
    #[case(from_inbox(b"null"))]
    fn a_file_that_cannot_be_read_counts_once(#[case] found: Gathered) {
        assert_eq!(found, Gathered { rejected: BTreeMap::from([(Rejected::NotJson, 1)]), ..Gathered::default() });
    }

    #[test]
    fn of_desktops_history_the_last_day_of_the_organisation_in_use_is_read() {
        let json = br#"{"version":2,"samples":[
            {"t":1784289000000,"org":"mine","u":{"fh":10,"sd":20,"xu":null}},
            {"t":1784289600000,"org":"mine","u":{"fh":12,"sd":20.5,"xu":1}},
            {"t":1784289300000,"org":"other","u":{"fh":99,"sd":99}},
            {"t":1784203200000,"org":"mine","u":{"fh":50,"sd":50}},
            {"t":1784289100000,"org":"mine","u":{"fh":1784289100}},
            7]}"#;
        let found = from_desktop_history(json);
        let rows: Vec<_> = found.readings.iter().map(|r| (r.at.0 - AT.0, r.used.thousandths())).collect();
        let ten = -600_000_000;
        assert_eq!(rows, vec![(ten, 10_000), (ten, 20_000), (0, 12_000), (0, 20_500), (0, 1_000)]);
        assert_eq!(found.rejected, BTreeMap::from([(Rejected::Epoch, 1)]));
    }

    #[test]
    fn our_own_file_is_read_in_its_version_only() {
        let json = br#"{"version":1,"at":"2026-07-17T12:00:00Z","session":"s",
            "rate_limits":{"five_hour":{"used_percentage":23,"resets_at":1784296200}}}"#;
        assert_eq!(told(&from_inbox(json)), vec![(Window::FiveHour, 23_000, Some(110))]);
        let newer = from_inbox(br#"{"version":2,"at":"2026-07-17T12:00:00Z"}"#);
        assert_eq!(newer.rejected, BTreeMap::from([(Rejected::Version, 1)]));
    }

    #[test]
    fn a_byte_order_mark_is_no_obstacle() {
        assert_eq!(from_inbox(b"\xef\xbb\xbf{\"version\":1}"), Gathered::default());
    }

    #[test]
    fn a_file_full_of_windows_is_read_only_so_far() {
        let gauges: Vec<_> = (0..99).map(|n| format!(r#""seven_day_{n}":{{"used_percentage":1}}"#)).collect();
        assert_eq!(inbox(&format!("{{{}}}", gauges.join(","))).readings.len(), 16);
    }
}
