//! An alert for somebody who wants to see one. Its figures are made up, and it says so.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::alerts::candidate::{Alert, Part, Urgency};
use crate::alerts::text;
use crate::alerts::time_window::Span;
use crate::report::model::{AlertRule, Route};

/// An alert as a rule would make it.
pub fn sample(rule: AlertRule, now: DateTime<Utc>, zone: Tz, sound: bool) -> Alert {
    let at = text::clock(now + TimeDelta::minutes(80), now, zone);
    let (title, body, route) = match rule {
        AlertRule::Block => ("25 % of this block left".to_owned(), format!("75 % used. Resets at {at}."), Route::Now),
        AlertRule::Forecast => (
            format!("This block may run out at {at}"),
            "At this pace nothing is left 40 m before the reset.".to_owned(),
            Route::Now,
        ),
        AlertRule::BurnRate => (
            "A high burn rate for 5 minutes".to_owned(),
            "12,300 tokens a minute. Your threshold is 10,000 tokens a minute.".to_owned(),
            Route::Now,
        ),
        AlertRule::Week => ("10 % of the week left".to_owned(), format!("90 % used. Resets at {at}."), Route::Now),
        AlertRule::Reset => (format!("Your block resets at {at}"), "It came to 97 %.".to_owned(), Route::Now),
        AlertRule::LimitHit => ("The five-hour limit is reached".to_owned(), format!("Resets at {at}."), Route::Now),
        AlertRule::Budget => (
            "$4.00 of today's budget left".to_owned(),
            "$16.00 of $20 used, API-equivalent.".to_owned(),
            Route::History,
        ),
        AlertRule::SessionCost => {
            ("A session costs over $5".to_owned(), "$5.40 so far, API-equivalent.".to_owned(), Route::Sessions)
        }
        AlertRule::Cleaning => (
            "3 logs will be deleted before they are read".to_owned(),
            "token-monitor doctor says why they cannot be read.".to_owned(),
            Route::Now,
        ),
        AlertRule::Summary => (
            "2 alerts during quiet hours".to_owned(),
            "25 % of this block left\n10 % of the week left".to_owned(),
            Route::Alerts,
        ),
    };
    Alert {
        rule,
        title: format!("Test: {title}"),
        body: format!("{body} These figures are made up."),
        cause: "somebody wanted to see one".to_owned(),
        route,
        urgency: Urgency::Normal,
        at: now,
        replaces: "test".to_owned(),
        sound,
        parts: vec![Part { rule, subject: "test".to_owned(), step: 0, span: Span::new(now, now) }],
    }
}
