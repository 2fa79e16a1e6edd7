//! Test alerts with sample figures, marked as such in the text.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::alerts::candidate::{Alert, AlertKey, Urgency};
use crate::alerts::text;
use crate::alerts::time_window::TimeWindow;
use crate::report::model::{AlertRule, Route};

/// Returns a test alert with the text of a rule.
pub fn sample_alert(rule: AlertRule, now: DateTime<Utc>, zone: Tz, sound: bool) -> Alert {
    let (title, body, route) = sample_text(rule, &text::format_time(now + TimeDelta::minutes(80), now, zone));
    Alert {
        rule,
        title: format!("Test: {title}"),
        body: format!("{body} Sample figures."),
        cause: "a test alert was requested".to_owned(),
        route,
        urgency: Urgency::Normal,
        at: now,
        replace_tag: "test".to_owned(),
        sound,
        keys: vec![AlertKey { rule, subject: "test".to_owned(), threshold: 0, window: TimeWindow::new(now, now) }],
    }
}

fn sample_text(rule: AlertRule, at: &str) -> (String, String, Route) {
    match rule {
        AlertRule::Block => ("25% of this block left".to_owned(), format!("75% used. Resets at {at}."), Route::Now),
        AlertRule::Forecast => (
            format!("This block may run out at {at}"),
            "At this pace nothing is left 40m before the reset.".to_owned(),
            Route::Now,
        ),
        AlertRule::BurnRate => (
            "A high burn rate for 5 minutes".to_owned(),
            "12,300 tokens per minute. Your threshold is 10,000 tokens per minute.".to_owned(),
            Route::Now,
        ),
        AlertRule::Week => ("10% of the week left".to_owned(), format!("90% used. Resets at {at}."), Route::Now),
        AlertRule::Reset => (format!("Your block resets at {at}"), "97% was used.".to_owned(), Route::Now),
        AlertRule::LimitReached => {
            ("The five-hour limit is reached".to_owned(), format!("Resets at {at}."), Route::Now)
        }
        AlertRule::Budget => (
            "$4.00 of today's budget left".to_owned(),
            "$16.00 of $20 used, API-equivalent.".to_owned(),
            Route::History,
        ),
        AlertRule::SessionCost => {
            ("A session costs over $5".to_owned(), "$5.40 so far, API-equivalent.".to_owned(), Route::Sessions)
        }
        AlertRule::AgentWaiting => (
            "“Fix the login form” waits for you".to_owned(),
            "Since 14:02: permission prompt.".to_owned(),
            Route::Sessions,
        ),
        AlertRule::LogRetention => (
            "3 logs will be deleted before they are read".to_owned(),
            "Run token-monitor doctor for the reason.".to_owned(),
            Route::Now,
        ),
        AlertRule::Summary => (
            "2 alerts during quiet hours".to_owned(),
            "25% of this block left\n10% of the week left".to_owned(),
            Route::Alerts,
        ),
    }
}
