//! The viewer's time zone.

use chrono_tz::Tz;

/// The system's zone now; UTC where it names none we know. The zones themselves are built in.
pub fn system() -> Tz {
    let named = std::env::var("TZ").ok().filter(|name| !name.is_empty());
    let name = named.map(|name| name.trim_start_matches(':').to_owned());
    let known = |name: String| name.parse().ok();
    name.and_then(known).or_else(|| iana_time_zone::get_timezone().ok().and_then(known)).unwrap_or(Tz::UTC)
}
