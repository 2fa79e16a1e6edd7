//! The schemas of parameters whose forms are checked by other crates.

use std::borrow::Cow;

use chrono_tz::TZ_VARIANTS;
use utoipa::openapi::schema::{KnownFormat, OneOfBuilder, SchemaFormat, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The forms of a day in words.
const DAY_WORDS: [&str; 9] =
    ["today", "yesterday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A day: a date, a month, a number of days or weeks that end today, or a word.
pub(crate) enum Day {}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let date = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
        let month = text().pattern(Some("^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])$"));
        let span = text().pattern(Some("^[1-9][0-9]{0,3}[dw]$"));
        let words = text().enum_values(Some(DAY_WORDS));
        let forms = OneOfBuilder::new().item(date).item(month).item(span).item(words);
        forms.description(Some("A date, a month, the last days or weeks such as `7d` or `2w`, or a word")).into()
    }
}

impl ToSchema for Day {
    fn name() -> Cow<'static, str> {
        "Day".into()
    }
}

/// The IANA name of a time zone.
pub(crate) enum TimeZone {}

impl PartialSchema for TimeZone {
    fn schema() -> RefOr<Schema> {
        let names = TZ_VARIANTS.iter().map(|zone| zone.name());
        let zone = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names));
        zone.description(Some("The IANA name of a time zone")).into()
    }
}

impl ToSchema for TimeZone {
    fn name() -> Cow<'static, str> {
        "TimeZone".into()
    }
}
