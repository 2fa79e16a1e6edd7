//! Every known wording, and text that only resembles one.

use chrono_tz::{America, Asia, Australia, Europe};
use proptest::prelude::*;
use rstest::rstest;
use token_monitor_test_support::property_cases;

use super::*;

fn timestamp(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

/// Parses a message in the zone of Berlin.
fn parse_in_berlin(text: &str, when: &str) -> Option<(QuotaWindow, Option<String>)> {
    let show = |resets: Timestamp| resets.to_utc().format("%Y-%m-%dT%H:%M").to_string();
    let mut messages = parse(text, timestamp(when), Europe::Berlin);
    assert!(messages.len() < 2, "{messages:?}");
    messages.pop().map(|message| (message.window, message.resets.map(show)))
}

fn parse(text: &str, when: Timestamp, zone: Tz) -> Vec<LimitMessage> {
    parse_limit_message(&LimitNotice { when, text, rejection: None }, zone)
}

fn opus() -> QuotaWindow {
    QuotaWindow::Scoped("Opus".to_owned())
}

fn fable() -> QuotaWindow {
    QuotaWindow::Scoped("Fable".to_owned())
}

use QuotaWindow::{ExtraUsage, FiveHour, Organization, SpendLimit, Weekly};

/// The current time is 2026-07-20T20:00:00Z, a Monday: 22:00 in Berlin, 17:00 in São Paulo, 13:00 in Los Angeles.
#[rstest]
#[case("Claude AI usage limit reached|1784584800", FiveHour, "2026-07-20T22:00")]
#[case("Claude AI usage limit reached|1784800000", Weekly, "2026-07-23T09:46")]
#[case("Limit reached · resets 7pm (America/Sao_Paulo)", FiveHour, "2026-07-20T22:00")]
#[case("You've hit your limit · resets 5pm (America/Los_Angeles)", FiveHour, "2026-07-21T00:00")]
#[case("You've hit your limit · resets 5am (America/Los_Angeles)", Weekly, "2026-07-21T12:00")]
#[case("You've hit your limit · resets Jul 23 at 6pm (America/Los_Angeles)", Weekly, "2026-07-24T01:00")]
#[case("You've hit your limit · resets Jul 20 at 3pm (America/Los_Angeles)", Weekly, "2026-07-20T22:00")]
#[case("You're out of extra usage · resets 2pm (America/Denver)", ExtraUsage, "")]
#[case("You're out of extra usage · resets 1:30pm (America/Denver)", ExtraUsage, "2026-07-21T19:30")]
#[case("You're out of extra usage · resets 4pm (America/Denver)", ExtraUsage, "2026-07-20T22:00")]
#[case("You've hit your session limit · resets 11:45pm", FiveHour, "2026-07-20T21:45")]
#[case("You've hit your weekly limit · resets Mon 12:00am", Weekly, "2026-07-26T22:00")]
#[case("You've hit your weekly limit · resets Tue 12:00am", Weekly, "2026-07-20T22:00")]
#[case("You've hit your Opus limit · resets 3:45pm", opus(), "2026-07-21T13:45")]
#[case("You've hit your Opus weekly limit · resets Thursday 3:45pm", opus(), "2026-07-23T13:45")]
#[case("Opus weekly limit reached ∙ resets Jul 23, 6pm", opus(), "2026-07-23T16:00")]
#[case("5-hour limit reached ∙ resets 3am", FiveHour, "2026-07-21T01:00")]
#[case("Weekly limit reached • resets Jul 23 6pm (UTC)", Weekly, "2026-07-23T18:00")]
#[case("Claude usage limit reached. Your limit will reset at 3am (Europe/Berlin).", FiveHour, "2026-07-21T01:00")]
#[case("You’ve hit your limit • resets 11 PM", FiveHour, "2026-07-20T21:00")]
#[case("You’ve hit your limit ∙ resets 11:30PM", FiveHour, "2026-07-20T21:30")]
#[case("You’ve hit your limit - resets 23:30", FiveHour, "2026-07-20T21:30")]
#[case("YOU'VE HIT YOUR LIMIT · RESETS 11PM", FiveHour, "2026-07-20T21:00")]
#[case("You've hit your limit · resets\u{202f}11pm (Europe/Berlin)", FiveHour, "2026-07-20T21:00")]
#[case("You've hit your limit · resets 11pm · /upgrade to Max", FiveHour, "2026-07-20T21:00")]
#[case(
    "You've hit your limit · resets 11pm\n/extra-usage to finish what you're working on",
    FiveHour,
    "2026-07-20T21:00"
)]
#[case("You've hit your limit · resets 12am", FiveHour, "2026-07-20T22:00")]
#[case("You've hit your session limit · resets 1am (America/Port-au-Prince)", FiveHour, "")]
#[case("API Error: You've hit your weekly limit · resets Jul 23, 6pm (UTC)", Weekly, "2026-07-23T18:00")]
#[case(
    "Prompt is too long · automatic compaction failed: You've hit your session limit · resets 11:30pm (UTC)",
    FiveHour,
    "2026-07-20T23:30"
)]
#[case(
    "Prompt is too long · Automatic compaction failed: API Error: You've reached your session limit · resets 11pm",
    FiveHour,
    "2026-07-20T21:00"
)]
#[case("You're out of usage credits · resets Jul 24, 10:30pm (UTC)", ExtraUsage, "2026-07-24T22:30")]
#[case("You're out of usage credits · resets 10:30pm (UTC)", ExtraUsage, "2026-07-20T22:30")]
#[case("You've hit your Fable 5 limit · resets Jul 23, 6pm (UTC)", fable(), "2026-07-23T18:00")]
#[case("You've reached your Opus 5.5 limit · resets Jul 23, 6pm (UTC)", opus(), "2026-07-23T18:00")]
#[case("Opus 5 weekly limit reached ∙ resets Jul 23, 6pm (UTC)", opus(), "2026-07-23T18:00")]
#[case("You've hit your monthly spend limit · resets Aug 1, 12am (UTC)", SpendLimit, "2026-08-01T00:00")]
#[case("You've hit your monthly spend limit · raise it at claude.ai/settings/usage", SpendLimit, "")]
#[case(
    "You've hit your individual spend limit · run /usage-credits to ask your admin for a higher limit",
    SpendLimit,
    ""
)]
#[case("You've reached your Fable 5 limit. Run /usage-credits to continue or switch models with /model.", fable(), "")]
#[case("You've hit your session limit · /upgrade to Max", FiveHour, "")]
#[case("You're out of usage credits", ExtraUsage, "")]
#[case("Fable 5 requires usage credits", ExtraUsage, "")]
#[case("You're out of extra usage · add more at claude.ai/settings/usage", ExtraUsage, "")]
#[case("Your org is out of usage", Organization, "")]
#[case("Your org is out of usage · contact your admin", Organization, "")]
#[case("You've hit your org's monthly usage limit", Organization, "")]
#[case("Your seat type doesn't include usage", Organization, "")]
#[case("Your seat type doesn't include extra usage · ask your admin", Organization, "")]
#[case("Your usage allocation has been disabled by your admin", Organization, "")]
#[case("Your group's usage limit is set to $0. Contact your admin.", Organization, "")]
fn every_known_wording_is_parsed(#[case] text: &str, #[case] window: QuotaWindow, #[case] resets: &str) {
    let resets = Some(resets.to_owned()).filter(|resets| !resets.is_empty());
    assert_eq!(parse_in_berlin(text, "2026-07-20T20:00:00Z"), Some((window, resets)));
}

#[rstest]
#[case("You've hit your session limit · resets 2:50am", Some("2026-07-21T00:50"))]
#[case("You've hit your session limit · resets 3:10am", Some("2026-07-21T01:10"))]
#[case("You've hit your session limit · resets 3:11am", None)]
#[case("You've hit your session limit · resets 9:59pm", None)]
#[case("You've hit your session limit · resets 10pm", None)]
#[case("You've hit your limit · resets 9:55pm", None)]
#[case("You've hit your session limit", None)]
#[case("You've hit your session limit.", None)]
#[case("You've hit your session limit · resets 7", None)]
#[case("You've hit your session limit · resets 13pm", None)]
#[case("You've hit your session limit · resets 24:00", None)]
#[case("You've hit your session limit · resets 11:60pm", None)]
#[case("You've hit your session limit · resets soon", None)]
#[case("You've hit your session limit · resets 11pm (Nowhere/Else)", None)]
#[case("You've hit your session limit · resets 11pm (", None)]
#[case("Claude AI usage limit reached|", None)]
#[case("Claude AI usage limit reached|99999999999999999999", None)]
#[case("Claude AI usage limit reached|1784570000", None)]
fn impossible_reset_times_of_a_session_limit_are_omitted(#[case] text: &str, #[case] resets: Option<&str>) {
    assert_eq!(parse_in_berlin(text, "2026-07-20T20:00:00Z"), Some((FiveHour, resets.map(str::to_owned))));
}

#[rstest]
#[case("You've hit your limit · resets Jul 19 at 6pm")]
#[case("You've hit your limit · resets Jul 28 at 11pm")]
#[case("You've hit your limit · resets Feb 30 at 6pm")]
#[case("You've hit your weekly limit · resets Jul 23")]
#[case("You've hit your weekly limit · resets Someday 6pm")]
#[case("Claude AI weekly limit reached|1785400000")]
fn a_weekly_limit_resets_within_the_week(#[case] text: &str) {
    let found = parse_in_berlin(text, "2026-07-20T20:00:00Z");
    assert!(matches!(found, Some((Weekly | FiveHour, None))), "{found:?}");
}

#[rstest]
#[case("")]
#[case("   \n ")]
#[case("Hello")]
#[case("limit")]
#[case("You've hit your limit on what I can do here")]
#[case("You've hit your limit · that is what the message says")]
#[case("You've hit your rate limit · resets 7pm")]
#[case("You've used 85% of your session limit · resets 7pm")]
#[case("You're now using usage credits · your session limit resets 7pm")]
#[case("API Error: Request rejected (429) · You've hit your session limit · resets 7pm")]
#[case("API Error: Request rejected (429) · This request would exceed your organization's rate limit")]
#[case("You're close to your weekly limit · resets Jul 23, 6pm")]
#[case("You've hit your")]
#[case("The limit reached · resets 7pm")]
#[case("Speed limit reached · resets 7pm")]
#[case("When the speed limit reached 50 · resets 7pm")]
#[case("The message reads: You've hit your limit · resets 7pm")]
#[case("If you see “Limit reached · resets 7pm”, wait.")]
#[case("API Error: 429 rate_limit_error")]
fn text_that_mentions_limits_is_not_a_limit_message(#[case] text: &str) {
    assert_eq!(parse_in_berlin(text, "2026-07-20T20:00:00Z"), None);
}

#[test]
fn a_long_text_is_not_a_limit_message() {
    let text = format!("You've hit your limit · resets 7pm {}", "and so on ".repeat(30));
    assert_eq!(parse_in_berlin(&text, "2026-07-20T20:00:00Z"), None);
}

#[rstest]
// The clock is set forward from 2:00 to 3:00: 2:30 does not exist and counts as 3:30.
#[case("2:30am", "2026-03-08T08:00:00Z", America::New_York, Some("2026-03-08T07:30:00Z"), false)]
#[case("2:30am", "2026-03-08T06:00:00Z", America::New_York, Some("2026-03-08T07:30:00Z"), true)]
// The clock is set back from 2:00 to 1:00: 1:30 occurs twice, and the next occurrence counts.
#[case("1:30am", "2026-11-01T05:00:00Z", America::New_York, Some("2026-11-01T05:30:00Z"), true)]
#[case("1:30am", "2026-11-01T05:40:00Z", America::New_York, Some("2026-11-01T06:30:00Z"), true)]
#[case("2:15am", "2026-10-03T14:00:00Z", Australia::Lord_Howe, Some("2026-10-03T15:45:00Z"), true)]
#[case("12:30am", "2026-12-31T17:00:00Z", Asia::Kathmandu, Some("2026-12-31T18:45:00Z"), true)]
fn reset_times_are_correct_around_clock_changes(
    #[case] time: &str,
    #[case] when: &str,
    #[case] zone: Tz,
    #[case] resets: Option<&str>,
    #[case] ahead: bool,
) {
    let messages = parse(&format!("Session limit reached · resets {time}"), timestamp(when), zone);
    let expected = resets.filter(|_| ahead).map(timestamp);
    assert_eq!(messages, vec![LimitMessage { window: FiveHour, resets: expected }]);
}

#[test]
fn a_january_date_in_december_is_in_the_next_year() {
    let found = parse_in_berlin("You've hit your limit · resets Jan 2 at 6pm (UTC)", "2026-12-30T12:00:00Z");
    assert_eq!(found, Some((Weekly, Some("2027-01-02T18:00".to_owned()))));
}

#[test]
fn a_message_is_a_reading_of_100_percent() {
    let at = timestamp("2026-07-20T20:00:00Z");
    let reading = |text| parse(text, at, Tz::UTC).remove(0).to_reading(at).expect("is valid");
    let with_reset = reading("You've hit your limit · resets 10pm");
    assert_eq!((with_reset.used, with_reset.resets_at), (Percent::FULL, Some(timestamp("2026-07-20T22:00:00Z"))));
    assert!(!with_reset.is_open_limit_hit() && reading("You've hit your limit").is_open_limit_hit());
}

/// The rejection names the five-hour window and 22:30 UTC.
#[rstest]
#[case("You've hit your session limit · resets 3:30pm", &[(FiveHour, "20T22:30")])]
#[case("You've hit your session limit · resets 11pm (Nowhere/Else)", &[(FiveHour, "20T22:30")])]
#[case("You've hit your session limit", &[(FiveHour, "20T22:30")])]
#[case("You've hit your limit · resets Jul 23 at 6pm", &[(FiveHour, "20T22:30")])]
#[case("You've hit your weekly limit · resets 3:30pm", &[(Weekly, "20T22:30")])]
#[case("You've reached your Fable 5 limit. Run /usage-credits to continue.", &[(fable(), "20T22:30")])]
#[case("You're out of usage credits · resets 3:30pm", &[(ExtraUsage, "20T22:30"), (FiveHour, "20T22:30")])]
#[case("You've hit your monthly spend limit · raise it at claude.ai/settings/usage", &[(SpendLimit, "")])]
#[case("Your org is out of usage", &[(Organization, "")])]
#[case(
    "You've hit your individual spend limit · run /usage-credits to ask · your session limit resets 3:30pm",
    &[(SpendLimit, ""), (FiveHour, "20T22:30")]
)]
#[case("You've used 85% of your session limit · resets 3:30pm", &[])]
fn the_rejection_gives_the_moment_and_the_text_the_limit(#[case] text: &str, #[case] expected: &[(QuotaWindow, &str)]) {
    let (when, resets_at) = (timestamp("2026-07-20T20:00:00Z"), Some(timestamp("2026-07-20T22:30:00Z")));
    let rejection = Some(Rejection { window: Some(FiveHour), resets_at });
    let messages = parse_limit_message(&LimitNotice { when, text, rejection }, Europe::Berlin);
    let show =
        |resets: Option<Timestamp>| resets.map_or_else(String::new, |at| at.to_utc().format("%dT%H:%M").to_string());
    let rows: Vec<_> = messages.into_iter().map(|message| (message.window, show(message.resets))).collect();
    let expected: Vec<_> = expected.iter().map(|(window, resets)| (window.clone(), (*resets).to_owned())).collect();
    assert_eq!(rows, expected);
}

#[test]
fn the_window_named_after_a_spend_limit_is_used_up_too() {
    let text = "You've hit your individual spend limit · run /usage-credits to ask your admin for a higher limit · \
        your weekly limit resets Jul 23, 6pm (UTC)";
    let messages = parse(text, timestamp("2026-07-20T20:00:00Z"), Europe::Berlin);
    let resets = Some(timestamp("2026-07-23T18:00:00Z"));
    let expected = [LimitMessage { window: SpendLimit, resets: None }, LimitMessage { window: Weekly, resets }];
    assert_eq!(messages, expected);
}

#[test]
fn an_impossible_moment_is_ignored() {
    let (when, text) = (timestamp("2026-07-20T20:00:00Z"), "You've hit your session limit · resets 11:30pm");
    for moment in ["2026-07-20T19:00:00Z", "2026-07-21T02:00:00Z"] {
        let rejection = Some(Rejection { window: None, resets_at: Some(timestamp(moment)) });
        let messages = parse_limit_message(&LimitNotice { when, text, rejection }, Europe::Berlin);
        assert_eq!(messages, [LimitMessage { window: FiveHour, resets: Some(timestamp("2026-07-20T21:30:00Z")) }]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(500)) })]

    #[test]
    fn no_text_causes_a_panic(
        text in "(Limit reached|You've hit your (session |weekly |Opus )?limit|.{0,9})[·|∙ -]{0,3}(resets )?.{0,40}",
        when: i64,
    ) {
        parse(&text, Timestamp(when), Europe::Berlin);
    }

    #[test]
    fn reset_times_are_in_the_future_and_within_the_window(
        hour in 0..26_u32, minute in 0..61_u32, half in "(am|PM| pm|)",
        day in "((Mon|Sun|Feb 29|Dec 31|Jul 20)( at|,)? )?",
        zone in "( \\((America/St_Johns|Pacific/Apia|Africa/Casablanca)\\))?",
        seconds in 0..4_000_000_000_i64,
    ) {
        let when = Timestamp(seconds * 1_000_000);
        let text = format!("Limit reached · resets {day}{hour}:{minute:02}{half}{zone}");
        let message = parse(&text, when, Europe::Berlin).pop().expect("it is a limit message");
        let ahead = message.resets.map(|resets| resets.0 - when.0);
        prop_assert!(ahead.is_none_or(|ahead| 0 < ahead && ahead <= message.window.max_reset_distance()));
    }
}
