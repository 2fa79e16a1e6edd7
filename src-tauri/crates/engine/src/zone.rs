//! The system's time zone, from `TZ` or the system's settings. The zone data is built in.

mod posix;

use crate::clock;
use std::sync::{Mutex, PoisonError};

use chrono::Datelike;
use chrono_tz::Tz;

/// The system's time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemZone {
    /// The zone; UTC if it is unknown.
    pub zone: Tz,
    /// The value of `TZ` if it is not understood, so that the zone comes from the system's settings.
    pub rejected: Option<String>,
}

/// Returns the system's time zone.
pub fn system_zone() -> Tz {
    SystemZone::read().zone
}

impl SystemZone {
    /// Reads `TZ`, and the system's settings if it is unset, empty or not understood.
    pub fn read() -> Self {
        let from_env = std::env::var_os("TZ").filter(|value| !value.is_empty());
        match from_env.map(|value| value.to_string_lossy().into_owned()) {
            None => Self { zone: configured_zone(), rejected: None },
            Some(value) => match parse_cached(&value) {
                ZoneSetting::Zone(zone) => Self { zone, rejected: None },
                ZoneSetting::Default => Self { zone: configured_zone(), rejected: None },
                ZoneSetting::Unknown => Self { zone: configured_zone(), rejected: Some(value) },
            },
        }
    }
}

fn configured_zone() -> Tz {
    iana_time_zone::get_timezone().ok().and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC)
}

/// The meaning of a value of `TZ`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ZoneSetting {
    Zone(Tz),
    /// The zone of the system's settings.
    Default,
    Unknown,
}

/// Parses a value of `TZ`, and remembers the result: a rule is compared with many zones.
fn parse_cached(value: &str) -> ZoneSetting {
    static LAST: Mutex<Option<(String, ZoneSetting)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    match &*last {
        Some((known, setting)) if known == value => *setting,
        _ => {
            let setting = parse_setting(value, clock::now().year());
            *last = Some((value.to_owned(), setting));
            setting
        }
    }
}

/// Parses a value of `TZ`: the name of a zone, the path of a zone file, or a rule of POSIX.
fn parse_setting(value: &str, year: i32) -> ZoneSetting {
    let value = value.strip_prefix(':').unwrap_or(value);
    if value == "/etc/localtime" {
        return ZoneSetting::Default;
    }
    let name = value.rsplit_once("zoneinfo/").map_or(value, |(_, name)| name);
    let name = name.strip_prefix("posix/").unwrap_or(name);
    let zone = name.parse().ok().or_else(|| posix::PosixZone::parse(value)?.find_zone(year));
    zone.map_or(ZoneSetting::Unknown, ZoneSetting::Zone)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Europe/Berlin", "Europe/Berlin")]
    #[case(":America/New_York", "America/New_York")]
    #[case("/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo")]
    #[case("CET-1CEST", "Europe/Berlin")]
    #[case("CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Berlin")]
    #[case("EST5EDT,M3.2.0,M11.1.0", "America/New_York")]
    #[case("<+0530>-5:30", "Asia/Kolkata")]
    #[case("IST-5:30", "Asia/Kolkata")]
    #[case("<-03>3", "Etc/GMT+3")]
    #[case("UTC0", "UTC")]
    #[case("JST-9", "Asia/Tokyo")]
    #[case("AEST-10AEDT,M10.1.0,M4.1.0/3", "Australia/Sydney")]
    #[case("GMT0BST,M3.5.0/1,M10.5.0", "Europe/London")]
    #[case("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "Australia/Lord_Howe")]
    fn a_zone_is_found(#[case] value: &str, #[case] name: &str) {
        let zone: Tz = name.parse().expect("it exists");
        assert_eq!(parse_setting(value, 2026), ZoneSetting::Zone(zone));
    }

    #[rstest]
    #[case("Mars/Olympus")]
    #[case("CET")]
    #[case("X")]
    #[case("ABC-1:17")]
    #[case("CET-1CEST,M3.5.0")]
    #[case("CET-1CEST,M13.5.0,M10.5.0")]
    #[case("CET-99")]
    #[case("<+05-5")]
    fn a_setting_without_a_zone_is_unknown(#[case] value: &str) {
        let setting = parse_setting(value, 2026);
        // The zone `CET` exists under this name.
        let expected = value.parse().map_or(ZoneSetting::Unknown, ZoneSetting::Zone);
        assert_eq!(setting, expected);
    }

    #[test]
    fn the_file_of_the_system_is_the_default() {
        assert_eq!(parse_setting(":/etc/localtime", 2026), ZoneSetting::Default);
    }
}
