//! The system's time zone.

use chrono_tz::Tz;

/// Returns the system's time zone from `TZ` or the system's settings; UTC if it is unknown. The zone data is built in.
pub fn system_zone() -> Tz {
    let from_env = std::env::var("TZ").ok().filter(|name| !name.is_empty());
    let from_env = from_env.map(|name| name.trim_start_matches(':').to_owned());
    let parse = |name: String| name.parse().ok();
    from_env.and_then(parse).or_else(|| iana_time_zone::get_timezone().ok().and_then(parse)).unwrap_or(Tz::UTC)
}
