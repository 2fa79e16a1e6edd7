//! Time zones in the form of POSIX, such as `CET-1CEST,M3.5.0,M10.5.0/3` or `<+0530>-5:30`.
//!
//! All figures are computed in zones of the time zone database, so such a form is replaced by a zone with the same offsets.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::{OffsetName, TZ_VARIANTS, Tz};

/// Zones that are preferred to others with the same offsets, because many people live in them.
const COMMON_ZONES: [Tz; 25] = [
    Tz::UTC,
    Tz::Europe__London,
    Tz::Europe__Berlin,
    Tz::Europe__Helsinki,
    Tz::Europe__Moscow,
    Tz::America__New_York,
    Tz::America__Chicago,
    Tz::America__Denver,
    Tz::America__Los_Angeles,
    Tz::America__Anchorage,
    Tz::America__Halifax,
    Tz::America__Sao_Paulo,
    Tz::Pacific__Honolulu,
    Tz::Asia__Kolkata,
    Tz::Asia__Kathmandu,
    Tz::Asia__Shanghai,
    Tz::Asia__Tokyo,
    Tz::Asia__Dubai,
    Tz::Asia__Tehran,
    Tz::Australia__Sydney,
    Tz::Australia__Adelaide,
    Tz::Australia__Brisbane,
    Tz::Australia__Lord_Howe,
    Tz::Africa__Johannesburg,
    Tz::Pacific__Auckland,
];

/// The number of years in which the offsets of a rule and of a zone must agree.
const CHECKED_YEARS: i32 = 3;

/// A time zone in the form of POSIX. Offsets are seconds east of Greenwich.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PosixZone<'a> {
    standard: (&'a str, i32),
    summer: Option<SummerTime<'a>>,
}

/// The summer time of a zone.
#[derive(Debug, PartialEq, Eq)]
struct SummerTime<'a> {
    name: &'a str,
    offset: i32,
    /// The start and the end; `None` if the text has no rule.
    rule: Option<(Transition, Transition)>,
}

/// A change between standard and summer time, in the local time before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Transition {
    day: TransitionDay,
    seconds: i32,
}

/// The day of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TransitionDay {
    /// The n-th weekday of a month; the last one if n is 5. Sunday is 0.
    Weekday { month: u32, week: u32, weekday: u32 },
    /// A day from 1 to 365; February 29 is never counted.
    WithoutLeapDay(u32),
    /// A day from 0 to 365.
    WithLeapDay(u32),
}

impl<'a> PosixZone<'a> {
    /// Parses the form `std offset [dst [offset] [,start[/time],end[/time]]]`.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut text = Cursor(text);
        let name = text.take_name()?;
        let standard = (name, -text.take_time()?);
        if text.0.is_empty() {
            return Some(Self { standard, summer: None });
        }
        let name = text.take_name()?;
        let has_offset = !text.0.is_empty() && !text.0.starts_with(',');
        let offset = if has_offset { -text.take_time()? } else { standard.1 + 3600 };
        let rule = if text.0.is_empty() { None } else { Some((text.take_transition()?, text.take_transition()?)) };
        text.0.is_empty().then_some(Self { standard, summer: Some(SummerTime { name, offset, rule }) })
    }

    /// Finds a zone with the same offsets in a year and the following ones. Without a rule, the zone must have the same
    /// names for standard and summer time.
    pub(super) fn find_zone(&self, year: i32) -> Option<Tz> {
        let candidates = || COMMON_ZONES.into_iter().chain(TZ_VARIANTS);
        let matching = || candidates().filter(|zone| self.has_same_offsets(*zone, year));
        let named = matching().find(|zone| self.has_same_names(*zone, year));
        let needs_names = self.summer.as_ref().is_some_and(|summer| summer.rule.is_none());
        let fixed = || matching().find(|zone| self.summer.is_none() && zone.name().starts_with("Etc/GMT"));
        named.or_else(|| if needs_names { None } else { fixed().or_else(|| matching().next()) })
    }

    fn has_same_offsets(&self, zone: Tz, year: i32) -> bool {
        let agree = |(when, offset): (DateTime<Utc>, i32)| zone_offset(zone, when) == offset;
        (year..year + CHECKED_YEARS).all(|year| self.expected_offsets(year).into_iter().all(agree))
    }

    /// Returns instants of a year and the offsets at them.
    fn expected_offsets(&self, year: i32) -> Vec<(DateTime<Utc>, i32)> {
        let Some(summer) = &self.summer else {
            return (1..=12).filter_map(|month| Some((start_of_month(year, month)?, self.standard.1))).collect();
        };
        let Some((start, end)) = summer.rule else {
            let southern = summer_is_southern(self, year);
            let (january, july) =
                if southern { (summer.offset, self.standard.1) } else { (self.standard.1, summer.offset) };
            let months = [(start_of_month(year, 1), january), (start_of_month(year, 7), july)];
            return months.into_iter().filter_map(|(when, offset)| Some((when?, offset))).collect();
        };
        let around = |transition: Transition, before: i32, after: i32| {
            let at = transition.instant(year, before);
            at.into_iter().flat_map(move |at| [(at - TimeDelta::seconds(1), before), (at, after)])
        };
        let started = around(start, self.standard.1, summer.offset);
        started.chain(around(end, summer.offset, self.standard.1)).collect()
    }

    fn has_same_names(&self, zone: Tz, year: i32) -> bool {
        let names: Vec<_> =
            [1, 7].into_iter().filter_map(|month| zone_name(zone, start_of_month(year, month)?)).collect();
        let expected = [Some(self.standard.0), self.summer.as_ref().map(|summer| summer.name)];
        expected.into_iter().flatten().all(|name| names.iter().any(|known| known == name))
    }
}

/// Returns true if a zone with these names has its summer time in January.
fn summer_is_southern(zone: &PosixZone<'_>, year: i32) -> bool {
    let Some(summer) = &zone.summer else { return false };
    let (january, july) = (start_of_month(year, 1), start_of_month(year, 7));
    let has_name = |zone: Tz, when: Option<DateTime<Utc>>, name: &str| {
        when.and_then(|when| zone_name(zone, when)).is_some_and(|known| known == name)
    };
    TZ_VARIANTS.iter().any(|tz| has_name(*tz, january, summer.name) && has_name(*tz, july, zone.standard.0))
}

fn zone_offset(zone: Tz, when: DateTime<Utc>) -> i32 {
    chrono::Offset::fix(&zone.offset_from_utc_datetime(&when.naive_utc())).local_minus_utc()
}

fn zone_name(zone: Tz, when: DateTime<Utc>) -> Option<String> {
    zone.offset_from_utc_datetime(&when.naive_utc()).abbreviation().map(str::to_owned)
}

fn start_of_month(year: i32, month: u32) -> Option<DateTime<Utc>> {
    NaiveDate::from_ymd_opt(year, month, 1)?.and_hms_opt(0, 0, 0).map(|time| time.and_utc())
}

impl Transition {
    /// Returns the instant in a year, given the offset before it.
    fn instant(self, year: i32, offset: i32) -> Option<DateTime<Utc>> {
        let midnight = self.day.date(year)?.and_hms_opt(0, 0, 0)?.and_utc();
        Some(midnight + TimeDelta::seconds((self.seconds - offset).into()))
    }
}

impl TransitionDay {
    fn date(self, year: i32) -> Option<NaiveDate> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
        match self {
            Self::WithLeapDay(day) => first.checked_add_days(Days::new(day.into())),
            Self::WithoutLeapDay(day) => {
                let leap = u32::from(first.leap_year() && day > 59);
                first.checked_add_days(Days::new((day - 1 + leap).into()))
            }
            Self::Weekday { month, week, weekday } => {
                let weekday = Weekday::try_from(u8::try_from((weekday + 6) % 7).ok()?).ok()?;
                let nth = |week| NaiveDate::from_weekday_of_month_opt(year, month, weekday, week);
                u8::try_from(week).ok().and_then(nth).or_else(|| if week == 5 { nth(4) } else { None })
            }
        }
    }
}

/// The rest of a text that is being parsed.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    /// Takes a name: at least three letters, or letters, digits and signs between angle brackets.
    fn take_name(&mut self) -> Option<&'a str> {
        if let Some(rest) = self.0.strip_prefix('<') {
            let (name, rest) = rest.split_once('>')?;
            self.0 = rest;
            let is_valid = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '-';
            return (name.len() >= 3 && name.chars().all(is_valid)).then_some(name);
        }
        let end = self.0.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.0.len());
        let (name, rest) = self.0.split_at(end);
        self.0 = rest;
        (name.len() >= 3).then_some(name)
    }

    /// Takes a time `[+-]hh[:mm[:ss]]` of at most a week, in seconds.
    fn take_time(&mut self) -> Option<i32> {
        let sign = if self.take_char('-') { -1 } else { 1 };
        if sign == 1 {
            self.take_char('+');
        }
        let hours = self.take_number()?;
        let minutes = if self.take_char(':') { self.take_number()? } else { 0 };
        let seconds = if self.take_char(':') { self.take_number()? } else { 0 };
        let is_valid = hours <= 167 && minutes < 60 && seconds < 60;
        let seconds = i32::try_from(hours * 3600 + minutes * 60 + seconds).ok()?;
        is_valid.then_some(sign * seconds)
    }

    /// Takes a comma and a transition; its time is 2:00 by default.
    fn take_transition(&mut self) -> Option<Transition> {
        if !self.take_char(',') {
            return None;
        }
        let day = self.take_day()?;
        let seconds = if self.take_char('/') { self.take_time()? } else { 2 * 3600 };
        Some(Transition { day, seconds })
    }

    fn take_day(&mut self) -> Option<TransitionDay> {
        if self.take_char('J') {
            let day = self.take_number()?;
            return (1..=365).contains(&day).then_some(TransitionDay::WithoutLeapDay(day));
        }
        if !self.take_char('M') {
            let day = self.take_number()?;
            return (day <= 365).then_some(TransitionDay::WithLeapDay(day));
        }
        let month = self.take_number()?;
        let week = if self.take_char('.') { self.take_number()? } else { return None };
        let weekday = if self.take_char('.') { self.take_number()? } else { return None };
        let is_valid = (1..=12).contains(&month) && (1..=5).contains(&week) && weekday <= 6;
        is_valid.then_some(TransitionDay::Weekday { month, week, weekday })
    }

    fn take_number(&mut self) -> Option<u32> {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        if digits.len() > 3 { None } else { digits.parse().ok() }
    }

    fn take_char(&mut self, expected: char) -> bool {
        let rest = self.0.strip_prefix(expected);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }
}
