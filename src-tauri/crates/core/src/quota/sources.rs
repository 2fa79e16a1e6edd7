//! Parsers of the files that contain quota figures.
//!
//! Each parser keeps the figures and drops the rest, because these files also contain account ids, prompts and paths. An
//! invalid figure does not affect the others. A file that cannot be parsed at all counts as one rejection.

use std::collections::BTreeMap;

use crate::quota::account_id::AccountId;
use crate::quota::fields::{
    CachedUtilization, ClaudeJsonFile, DesktopHistoryFile, DesktopSample, InboxFile, LenientTime, ListedLimit,
    WindowFigures, WindowMap,
};
use crate::quota::reading::{QuotaSource, Reading, RejectReason};
use crate::quota::window::QuotaWindow;
use crate::time::{MICROS_PER_DAY, Timestamp};
use crate::transcript::lenient_json::{self, Object, PartialDeserialize};

/// The part of Claude Desktop's 30-day history that is read, in microseconds. Older figures are never current.
const DESKTOP_HISTORY_SPAN: i64 = MICROS_PER_DAY;

/// The contents of a quota file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedReadings {
    /// The valid readings.
    pub readings: Vec<Reading>,
    /// The number of rejected figures by reason.
    pub rejected: BTreeMap<RejectReason, u64>,
    /// The account of all readings, if the file names it.
    pub account: Option<AccountId>,
    /// The organization of all readings, if the file names it.
    pub organization: Option<AccountId>,
    /// The session that reported the readings, for files of the inbox.
    pub session: Option<String>,
}

/// Parses a [`crate::quota::QuotaNote`] written by Token Monitor's status-line command:
/// `{ "version": 1, "at": "<RFC 3339>", "session": "<id>", "rate_limits": { … } }`.
///
/// Its figures are those of the last answer in one conversation, so an idle conversation repeats old figures.
pub fn parse_inbox(bytes: &[u8]) -> ParsedReadings {
    parse_file(bytes, |inbox: InboxFile<'_>, parsed| match inbox.version.0 {
        Some(1.0) => {
            parsed.session = Some(inbox.session.0.into_owned()).filter(|session| !session.is_empty());
            parsed.add_windows(inbox.windows, Timestamp::parse(&inbox.at.0), QuotaSource::StatusLine);
        }
        Some(_) | None => parsed.count_rejection(RejectReason::Version),
    })
}

/// Parses the cached response in `.claude.json`. Besides, it names the account and organization. All
/// other keys of that file are skipped.
pub fn parse_cached_usage(bytes: &[u8]) -> ParsedReadings {
    parse_file(bytes, |file: ClaudeJsonFile<'_>, parsed| {
        if let Object(Some(CachedUtilization { at, windows, account, organization, .. })) = file.cached {
            parsed.account = AccountId::from_uuid(&account.0);
            parsed.organization = AccountId::from_uuid(&organization.0);
            parsed.add_windows(windows, at.as_millis(), QuotaSource::CachedUsage);
        }
    })
}

/// Parses Claude Desktop's `plan-usage-history.json`: the last day of the organization with the latest sample.
///
/// The file contains samples of several organizations and does not record which one Claude Code uses; the one used last is
/// the best guess.
pub fn parse_desktop_history(bytes: &[u8]) -> ParsedReadings {
    parse_file(bytes, |file: DesktopHistoryFile<'_>, parsed| {
        let samples: Vec<DesktopSample<'_>> = file.samples.0.into_iter().filter_map(|sample| sample.0).collect();
        let timed = || samples.iter().filter_map(|sample| Some((sample.at.as_millis()?, sample)));
        let untimed_count = samples.len() - timed().count();
        (0..untimed_count).for_each(|_| parsed.count_rejection(RejectReason::NoTime));
        let Some((latest_at, latest)) = timed().max_by_key(|(at, _)| *at) else { return };
        parsed.organization = AccountId::from_uuid(&latest.org.0);
        let recent = timed().filter(|(at, _)| latest_at.0 - at.0 < DESKTOP_HISTORY_SPAN);
        recent
            .filter(|(_, sample)| sample.org.0 == latest.org.0)
            .for_each(|(at, sample)| parsed.add_sample(at, sample));
    })
}

fn parse_file<'a, T: PartialDeserialize<'a>>(
    bytes: &'a [u8],
    read: impl FnOnce(T, &mut ParsedReadings),
) -> ParsedReadings {
    let mut parsed = ParsedReadings::default();
    let without_bom = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match lenient_json::parse_single::<T>(without_bom) {
        Some(Object(Some(file))) => read(file, &mut parsed),
        Some(Object(None)) | None => parsed.count_rejection(RejectReason::NotJson),
    }
    parsed
}

impl ParsedReadings {
    fn count_rejection(&mut self, reason: RejectReason) {
        *self.rejected.entry(reason).or_default() += 1;
    }

    fn add_windows(&mut self, windows: Object<WindowMap>, at: Option<Timestamp>, source: QuotaSource) {
        let Some(windows) = windows.0 else { return };
        let Some(at) = at else { return self.count_rejection(RejectReason::NoTime) };
        // The block `spend` repeats extra usage in newer responses.
        let has_extra_usage =
            windows.by_key.iter().any(|(key, figures)| key == "extra_usage" && figures.used_percent().is_some());
        for (key, figures) in windows.by_key.iter().filter(|(key, _)| !(has_extra_usage && key == "spend")) {
            self.add_reading(QuotaWindow::for_key(key), figures, at, source);
        }
        for limit in &windows.limits {
            self.add_listed_limit(limit, at, source);
        }
    }

    /// Adds an entry of the list of limits, unless the window was already read from its own key.
    fn add_listed_limit(&mut self, limit: &ListedLimit, at: Timestamp, source: QuotaSource) {
        let window = window_for_limit(limit);
        let is_known = self.readings.iter().any(|reading| Some(&reading.window) == window.as_ref());
        if !is_known {
            self.add_reading(window, &limit.figures, at, source);
        }
    }

    fn add_sample(&mut self, at: Timestamp, sample: &DesktopSample<'_>) {
        let Some(used) = &sample.used.0 else { return };
        let percentages = [
            (QuotaWindow::FiveHour, used.five_hour),
            (QuotaWindow::Weekly, used.weekly),
            (QuotaWindow::ExtraUsage, used.extra),
        ];
        for (window, used) in percentages {
            let figures = WindowFigures::new(used, LenientTime::default());
            self.add_reading(Some(window), &figures, at, QuotaSource::DesktopHistory);
        }
    }

    fn add_reading(
        &mut self,
        window: Option<QuotaWindow>,
        figures: &WindowFigures,
        at: Timestamp,
        source: QuotaSource,
    ) {
        let Some(used) = figures.used_percent() else { return };
        let reading = window
            .ok_or(RejectReason::UnknownWindow)
            .and_then(|window| Reading::new(window, used, figures.resets_at.0, at, source));
        match reading {
            Ok(reading) => self.readings.push(reading),
            Err(reason) => self.count_rejection(reason),
        }
    }
}

/// Returns the window for an entry of a list of limits.
fn window_for_limit(limit: &ListedLimit) -> Option<QuotaWindow> {
    match (limit.kind.as_str(), limit.product.as_str(), limit.family.as_str()) {
        ("" | "weekly_scoped", "", family) => QuotaWindow::for_display_name(family),
        (_, "", _) => QuotaWindow::for_key(&limit.kind),
        (_, product, _) => QuotaWindow::for_key(product),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::quota::{QuotaNote, StatusLineInput};

    /// 2026-07-17T12:00:00Z.
    const AT: Timestamp = Timestamp(1_784_289_600_000_000);

    fn rows_of(parsed: &ParsedReadings) -> Vec<(QuotaWindow, u32, Option<i64>)> {
        let minutes = |resets: Timestamp| (resets.0 - AT.0) / 60_000_000;
        let row =
            |reading: &Reading| (reading.window.clone(), reading.used.thousandths(), reading.resets_at.map(minutes));
        parsed.readings.iter().map(row).collect()
    }

    /// Parses an inbox file with these windows.
    fn inbox(windows: &str) -> ParsedReadings {
        parse_inbox(format!(r#"{{"version":1,"at":"2026-07-17T12:00:00Z","rate_limits":{windows}}}"#).as_bytes())
    }

    fn opus() -> QuotaWindow {
        QuotaWindow::Scoped("Opus".to_owned())
    }

    #[test]
    fn a_quota_note_is_parsed_as_it_was_written() {
        let json = br#"{"session_id":"s","rate_limits":{
            "five_hour":{"used_percentage":23.5,"resets_at":1784296200},
            "seven_day":{"used_percentage":41,"resets_at":1784300000,"more":[1]},
            "seven_day_opus":{"used_percentage":7}},"cost":{"total_cost_usd":1}}"#;
        let note = QuotaNote::from_input(&StatusLineInput::parse(json).expect("is JSON"), AT).expect("has windows");
        let parsed = parse_inbox(&serde_json::to_vec(&note).expect("can be written"));
        let rows = vec![
            (QuotaWindow::FiveHour, 23_500, Some(110)),
            (QuotaWindow::Weekly, 41_000, Some(173)),
            (opus(), 7_000, None),
        ];
        assert_eq!(rows_of(&parsed), rows);
        assert!(parsed.rejected.is_empty());
    }

    #[rstest]
    #[case("{}")]
    #[case("null")]
    #[case("[1,2]")]
    #[case(r#"{"five_hour":null,"seven_day":5}"#)]
    #[case(r#"{"five_hour":{"used_percentage":"23"},"seven_day":{"resets_at":1784296200}}"#)]
    #[case(r#"{"five_hour":{"used_percentage":null}}"#)]
    fn missing_values_and_values_of_the_wrong_type_are_ignored(#[case] windows: &str) {
        assert_eq!(inbox(windows), ParsedReadings::default());
    }

    #[rstest]
    #[case(r#"{"used_percentage":1774000000,"resets_at":1784296200}"#, RejectReason::Epoch)]
    #[case(r#"{"used_percentage":1e400}"#, RejectReason::Epoch)]
    #[case(r#"{"used_percentage":101.5}"#, RejectReason::Percentage)]
    #[case(r#"{"used_percentage":-1}"#, RejectReason::Percentage)]
    #[case(r#"{"used_percentage":5,"resets_at":1784289600}"#, RejectReason::ResetPassed)]
    #[case(r#"{"used_percentage":5,"resets_at":0}"#, RejectReason::ResetPassed)]
    #[case(r#"{"used_percentage":5,"resets_at":"2026-07-17T11:00:00Z"}"#, RejectReason::ResetPassed)]
    #[case(r#"{"used_percentage":5,"resets_at":1784308201}"#, RejectReason::ResetTooFar)]
    #[case(r#"{"used_percentage":5,"resets_at":1784296200000}"#, RejectReason::ResetTooFar)]
    fn an_invalid_figure_is_counted_and_does_not_affect_others(#[case] figures: &str, #[case] reason: RejectReason) {
        let parsed = inbox(&format!(r#"{{"five_hour":{figures},"seven_day":{{"used_percentage":9}}}}"#));
        assert_eq!(rows_of(&parsed), vec![(QuotaWindow::Weekly, 9_000, None)]);
        assert_eq!(parsed.rejected, BTreeMap::from([(reason, 1)]));
    }

    #[test]
    fn a_window_with_a_code_name_has_that_name_if_it_has_a_figure() {
        let parsed =
            inbox(r#"{"iguana_necktie":{"utilization":3},"other":{"used_percentage":null},"":{"utilization":3}}"#);
        assert_eq!(rows_of(&parsed), vec![(QuotaWindow::Other("iguana necktie".to_owned()), 3_000, None)]);
        assert_eq!(parsed.rejected, BTreeMap::from([(RejectReason::UnknownWindow, 1)]));
    }

    #[test]
    fn windows_of_products_are_no_model_families() {
        let parsed = inbox(
            r#"{"seven_day_omelette":{"utilization":96},"seven_day_overage_included":{"utilization":40},
                "limits":[{"kind":"weekly_scoped","percent":7,"scope":{"surface":"cowork"}},
                          {"kind":"weekly_scoped","percent":8,"scope":{"model":{"display_name":"Opus 5"}}},
                          {"kind":"new_kind","percent":9}]}"#,
        );
        let (product, other) =
            (|name: &str| QuotaWindow::Product(name.to_owned()), QuotaWindow::Other("new kind".to_owned()));
        let rows = vec![
            (product("Claude Design"), 96_000, None),
            (QuotaWindow::Scoped("Fable".to_owned()), 40_000, None),
            (product("Cowork"), 7_000, None),
            (opus(), 8_000, None),
            (other, 9_000, None),
        ];
        assert_eq!(rows_of(&parsed), rows);
    }

    #[rstest]
    #[case(r#"{"extra_usage":{"is_enabled":false,"utilization":100}}"#, None)]
    #[case(r#"{"extra_usage":{"is_enabled":true,"utilization":130}}"#, Some((QuotaWindow::ExtraUsage, 130_000, None)))]
    #[case(r#"{"spend":{"enabled":true,"used":31,"limit":50,"percent":62,"balance":3}}"#, Some((QuotaWindow::ExtraUsage, 62_000, None)))]
    #[case(r#"{"spend":{"enabled":true,"used":60,"limit":50}}"#, Some((QuotaWindow::ExtraUsage, 120_000, None)))]
    #[case(r#"{"spend":{"enabled":true,"used":60,"limit":null}}"#, None)]
    #[case(r#"{"spend":{"enabled":true,"used":60,"limit":0}}"#, None)]
    #[case(r#"{"spend":{"enabled":false,"percent":62}}"#, None)]
    #[case(r#"{"extra_usage":{"utilization":4},"spend":{"percent":5}}"#, Some((QuotaWindow::ExtraUsage, 4_000, None)))]
    #[case(r#"{"spend_limit":{"used_percentage":125.5}}"#, Some((QuotaWindow::SpendLimit, 125_500, None)))]
    fn limits_on_spending_are_read_unless_they_are_off(
        #[case] windows: &str,
        #[case] row: Option<(QuotaWindow, u32, Option<i64>)>,
    ) {
        let parsed = inbox(windows);
        assert_eq!((rows_of(&parsed), parsed.rejected.len()), (row.into_iter().collect(), 0));
    }

    #[test]
    fn the_weeks_of_models_in_a_status_line_are_read() {
        let json = br#"{"session_id":"s","rate_limits":{"five_hour":{"used_percentage":20},
            "spend_limit":{"used_usd":312.5,"limit_usd":250,"period":"monthly","resets_at":1784376000},
            "model_scoped":[{"display_name":"Fable","utilization":88,"resets_at":"2026-07-18T12:00:00Z"},
                            {"display_name":"","utilization":1},{"display_name":"Opus"},7]}}"#;
        let note = QuotaNote::from_input(&StatusLineInput::parse(json).expect("is JSON"), AT).expect("has windows");
        let note = serde_json::to_vec(&note).expect("can be written");
        assert_eq!(
            serde_json::from_slice::<QuotaNote>(&note).map(|note| note.rate_limits.model_scoped.len()).ok(),
            Some(1)
        );
        let rows = vec![
            (QuotaWindow::FiveHour, 20_000, None),
            (QuotaWindow::SpendLimit, 125_000, Some(1440)),
            (QuotaWindow::Scoped("Fable".to_owned()), 88_000, Some(1440)),
        ];
        assert_eq!(rows_of(&parse_inbox(&note)), rows);
    }

    #[test]
    fn only_the_cached_response_is_read_from_claude_json() {
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
        let parsed = parse_cached_usage(json);
        let rows = vec![
            (QuotaWindow::FiveHour, 12_000, Some(110)),
            (QuotaWindow::Weekly, 100_000, None),
            (QuotaWindow::ExtraUsage, 4_200, None),
            (opus(), 55_000, Some(1440)),
        ];
        assert_eq!(rows_of(&parsed), rows, "the list repeats the windows with keys");
        assert!(parsed.readings.iter().all(|reading| reading.at == AT));
        assert_eq!((parsed.account, parsed.organization), (AccountId::from_uuid("a"), None));
        assert!(parsed.rejected.is_empty());
    }

    #[test]
    fn a_file_without_login_has_no_figures() {
        assert_eq!(parse_cached_usage(br#"{"numStartups":3}"#), ParsedReadings::default());
        assert_eq!(parse_cached_usage(br#"{"cachedUsageUtilization":null}"#), ParsedReadings::default());
    }

    #[rstest]
    #[case(parse_cached_usage(br#"{"cachedUsageUtilization":{"utilization":{"five_hour":{"utilization":1}}}}"#))]
    #[case(parse_inbox(br#"{"version":1,"at":"soon","rate_limits":{"five_hour":{"used_percentage":1}}}"#))]
    #[case(parse_inbox(br#"{"version":1,"rate_limits":{"five_hour":{"used_percentage":1}}}"#))]
    #[case(parse_desktop_history(br#"{"samples":[{"org":"a","u":{"fh":1}}]}"#))]
    fn figures_without_a_time_are_counted(#[case] parsed: ParsedReadings) {
        assert_eq!(
            parsed,
            ParsedReadings { rejected: BTreeMap::from([(RejectReason::NoTime, 1)]), ..ParsedReadings::default() }
        );
    }

    #[rstest]
    #[case(parse_inbox(b""))]
    #[case(parse_inbox(b"[1]"))]
    #[case(inbox(r#"{"five_hour":{"used_percentage":NaN}}"#))]
    #[case(parse_cached_usage(br#"{"cachedUsageUtilization":{"fetchedAtMs":17"#))]
    #[case(parse_desktop_history(b"\xff\xfe"))]
    #[case(parse_inbox(b"null"))]
    fn a_file_that_cannot_be_parsed_counts_once(#[case] parsed: ParsedReadings) {
        assert_eq!(
            parsed,
            ParsedReadings { rejected: BTreeMap::from([(RejectReason::NotJson, 1)]), ..ParsedReadings::default() }
        );
    }

    #[test]
    fn the_last_day_of_the_current_organization_is_read_from_desktop_history() {
        let json = br#"{"version":2,"samples":[
            {"t":1784289000000,"org":"mine","u":{"fh":10,"sd":20,"xu":null}},
            {"t":1784289600000,"org":"mine","u":{"fh":12,"sd":20.5,"xu":1}},
            {"t":1784289300000,"org":"other","u":{"fh":99,"sd":99}},
            {"t":1784203200000,"org":"mine","u":{"fh":50,"sd":50}},
            {"t":1784289100000,"org":"mine","u":{"fh":1784289100}},
            7]}"#;
        let parsed = parse_desktop_history(json);
        let rows: Vec<_> = parsed.readings.iter().map(|r| (r.at.0 - AT.0, r.used.thousandths())).collect();
        let ten_minutes_before = -600_000_000;
        assert_eq!(
            rows,
            vec![(ten_minutes_before, 10_000), (ten_minutes_before, 20_000), (0, 12_000), (0, 20_500), (0, 1_000)]
        );
        assert_eq!(parsed.rejected, BTreeMap::from([(RejectReason::Epoch, 1)]));
    }

    #[test]
    fn an_inbox_file_of_another_version_is_rejected() {
        let json = br#"{"version":1,"at":"2026-07-17T12:00:00Z","session":"s",
            "rate_limits":{"five_hour":{"used_percentage":23,"resets_at":1784296200}}}"#;
        assert_eq!(rows_of(&parse_inbox(json)), vec![(QuotaWindow::FiveHour, 23_000, Some(110))]);
        let newer = parse_inbox(br#"{"version":2,"at":"2026-07-17T12:00:00Z"}"#);
        assert_eq!(newer.rejected, BTreeMap::from([(RejectReason::Version, 1)]));
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert_eq!(parse_inbox(b"\xef\xbb\xbf{\"version\":1}"), ParsedReadings::default());
    }

    #[test]
    fn the_number_of_windows_read_from_a_file_is_limited() {
        let entries: Vec<_> = (0..99).map(|n| format!(r#""seven_day_{n}":{{"used_percentage":1}}"#)).collect();
        assert_eq!(inbox(&format!("{{{}}}", entries.join(","))).readings.len(), 16);
    }
}
