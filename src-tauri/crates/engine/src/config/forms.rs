//! Values with a form of their own: their parsers and formatters.

use std::net::SocketAddr;

use serde_json::Value;
use token_monitor_core::alerts::{Budget, QuietHours};
use token_monitor_core::pricing::PriceOverrides;
use token_monitor_core::report::model::{Shortcut, TrayFigure};
use token_monitor_core::team::SharingLevel;

use crate::config::settings::Settings;
use crate::config::value::{Expected, RawValue};

pub(super) fn parse_tray_figures(raw: &RawValue<'_>) -> Result<Vec<TrayFigure>, Expected> {
    if raw.value() == "icon" { Ok(Vec::new()) } else { raw.parse_words() }
}

pub(super) fn parse_zone(raw: &RawValue<'_>) -> Result<Option<chrono_tz::Tz>, Expected> {
    raw.parse_text("auto or a time zone such as Europe/Berlin", |name| match name {
        "auto" => Some(None),
        name => name.parse().ok().map(Some),
    })
}

pub(super) fn parse_shortcut(raw: &RawValue<'_>) -> Result<Option<Shortcut>, Expected> {
    raw.parse_text_or_none("none or a shortcut such as Ctrl+Alt+T", |text| text.parse().ok())
}

pub(super) fn parse_budget(raw: &RawValue<'_>) -> Result<Option<Budget>, Expected> {
    raw.parse_text_or_none("none, a number of tokens, or whole dollars such as $20", Budget::parse)
}

pub(super) fn parse_web_address(text: &str) -> Option<String> {
    let host =
        text.strip_prefix("https://").or_else(|| text.strip_prefix("http://").filter(|rest| is_loopback(rest)))?;
    (!host.is_empty()).then(|| text.to_owned())
}

/// Parses the address of a hub, to which a token is sent: encrypted, or on this computer.
pub(super) fn parse_hub_address(text: &str) -> Option<String> {
    parse_web_address(text).filter(|address| !address.contains(['@', '?', '#']))
}

pub(super) fn parse_hub_level(raw: &RawValue<'_>) -> Result<SharingLevel, Expected> {
    let number = raw.parse_number()?;
    let level = u8::try_from(number).ok().and_then(|number| SharingLevel::try_from(number).ok());
    level.ok_or_else(|| "a level from 0 to 3".into())
}

pub(super) fn parse_listen_address(text: &str) -> Option<String> {
    let is_socket = text.strip_prefix("unix:").is_some_and(|path| !path.is_empty());
    (is_socket || text.parse::<SocketAddr>().is_ok()).then(|| text.to_owned())
}

/// Parses the address of a collector. It may be reached without encryption, as is usual in a local network. A name and a
/// password are refused: settings are shown.
pub(super) fn parse_collector(raw: &RawValue<'_>) -> Result<Option<String>, Expected> {
    raw.parse_text_or_none("none or an address such as http://localhost:4318, without a name and a password", |text| {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let is_plain = !authority.is_empty() && !text.contains(['@', '?', '#']) && !text.contains(char::is_whitespace);
        is_plain.then(|| text.to_owned())
    })
}

/// Returns true if an address without its scheme is on this computer, where nothing needs encryption.
fn is_loopback(address: &str) -> bool {
    let authority = address.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "80"));
    ["localhost", "127.0.0.1", "[::1]"].contains(&host) && port.parse::<u16>().is_ok()
}

/// Applies the valid prices and adds a problem for each invalid one.
pub(super) fn apply_overrides(settings: &mut Settings, raw: &RawValue<'_>) -> Result<(), Expected> {
    let value = raw.value();
    if !value.is_object() && !value.is_null() {
        return Err("prices by model".into());
    }
    let (overrides, bad) = PriceOverrides::parse(value);
    settings.price_overrides = overrides;
    settings.price_overrides_given = if value.is_null() { "{}".to_owned() } else { value.to_string() };
    settings.problems.extend(bad.iter().map(ToString::to_string));
    Ok(())
}

pub(super) fn value_or_none(value: Option<impl Into<Value>>) -> Value {
    value.map_or_else(|| "none".into(), Into::into)
}

pub(super) fn format_budget(budget: Option<Budget>) -> Value {
    value_or_none(budget.map(|budget| match budget {
        Budget::Tokens(tokens) => tokens.to_string(),
        Budget::Dollars(dollars) => format!("${dollars}"),
    }))
}

pub(super) fn format_quiet_hours(quiet: QuietHours) -> String {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    format!("{}-{}", time(quiet.from), time(quiet.to))
}
