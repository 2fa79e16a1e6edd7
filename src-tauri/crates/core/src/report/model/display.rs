//! Display settings, routes of the popover, and the settings page.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shortcut::Shortcut;

/// The settings that decide how surfaces look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DisplaySettings {
    /// The figures shown beside or in the tray icon: at most two, none for the icon alone.
    pub tray: Vec<TrayFigure>,
    /// The content of the tray icon.
    #[serde(default)]
    pub icon: IconContent,
    /// The popover's color theme.
    pub theme: Theme,
    /// The first day of a week.
    pub week_start: WeekStart,
    /// Seconds for which a dismissed popover is kept ready; zero to close it at once.
    pub keep_popover_seconds: u32,
    /// The shortcut that opens and closes the popover; null for none.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub shortcut: Option<Shortcut>,
}

impl Default for DisplaySettings {
    fn default() -> Self {
        let tray = vec![TrayFigure::Tokens, TrayFigure::Left];
        let icon = IconContent::Figure;
        Self { tray, icon, theme: Theme::Auto, week_start: WeekStart::Auto, keep_popover_seconds: 0, shortcut: None }
    }
}

/// A figure a tray can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum TrayFigure {
    /// Today's tokens.
    Tokens,
    /// Today's cost.
    Cost,
    /// The used share of the block's limit.
    Block,
    /// The time left in the block.
    Left,
    /// The burn rate.
    Burn,
}

/// The content of the tray icon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum IconContent {
    /// The first of the tray's figures above a bar, or a ring if there is none.
    #[default]
    Figure,
    /// Two bars: the used part of the block's limit above that of the week's.
    Bars,
}

/// The popover's color theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Follows the system.
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// High contrast, light or dark like the system.
    Contrast,
}

/// The first day of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum WeekStart {
    /// The first day in the viewer's language.
    Auto,
    /// Monday.
    Monday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// A page of the popover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "page", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Route {
    /// The current figures.
    Now,
    /// The list of sessions.
    Sessions,
    /// The list of sessions with one session expanded.
    Session {
        /// The session's id.
        session_id: String,
    },
    /// The list of blocks.
    Blocks,
    /// The history by day.
    History,
    /// The list of past alerts.
    Alerts,
    /// The settings.
    Settings,
}

/// Writes the form used on a command line: `session/<id>`, or the page's name.
impl fmt::Display for Route {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => out.write_str("now"),
            Self::Sessions => out.write_str("sessions"),
            Self::Session { session_id } => write!(out, "session/{session_id}"),
            Self::Blocks => out.write_str("blocks"),
            Self::History => out.write_str("history"),
            Self::Alerts => out.write_str("alerts"),
            Self::Settings => out.write_str("settings"),
        }
    }
}

/// An error for text that is not a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("known pages are now, sessions, session/<id>, blocks, history, alerts and settings")]
pub struct ParseRouteError;

impl FromStr for Route {
    type Err = ParseRouteError;

    fn from_str(text: &str) -> Result<Self, ParseRouteError> {
        match text {
            "now" => Ok(Self::Now),
            "sessions" => Ok(Self::Sessions),
            "blocks" => Ok(Self::Blocks),
            "history" => Ok(Self::History),
            "alerts" => Ok(Self::Alerts),
            "settings" => Ok(Self::Settings),
            other => match other.strip_prefix("session/") {
                Some(id) if !id.is_empty() => Ok(Self::Session { session_id: id.to_owned() }),
                _ => Err(ParseRouteError),
            },
        }
    }
}

/// The source of a setting's value, lowest precedence first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum SettingOrigin {
    /// The built-in default.
    Default,
    /// The user's configuration file.
    File,
    /// The settings page.
    Saved,
    /// An environment variable.
    Environment,
    /// The command line.
    Flag,
}

/// The type of a setting and its bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SettingKind {
    /// True or false.
    Switch,
    /// A word from a list.
    Choice {
        /// The allowed words.
        words: Vec<String>,
    },
    /// Several words from a list, in order.
    Choices {
        /// The allowed words.
        words: Vec<String>,
        /// The maximum number of words.
        most: u32,
    },
    /// A whole number or a word.
    Number {
        /// The words allowed instead of a number.
        words: Vec<String>,
        /// The minimum.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        least: u64,
        /// The maximum.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        most: u64,
    },
    /// Whole numbers, ascending, such as percentages.
    Numbers {
        /// The minimum of each number.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        least: u64,
        /// The maximum of each number.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        most: u64,
    },
    /// A duration such as `1s` or `720h`.
    Duration,
    /// A text, or a list of texts such as folders.
    Text {
        /// True if the setting is a list.
        several: bool,
    },
}

/// A setting as the settings page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SettingRow {
    /// The key, such as `blocks.token_limit`.
    pub key: String,
    /// The type and bounds.
    #[serde(flatten)]
    pub kind: SettingKind,
    /// The value in effect.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub value: Value,
    /// The built-in default.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub default: Value,
    /// The source of the value.
    pub origin: SettingOrigin,
    /// True if the page can change it: false if the environment or the command line overrides it.
    pub can_change: bool,
    /// True if a change takes effect at the next start.
    pub needs_restart: bool,
}

/// The settings page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SettingsPage {
    /// The settings, in the order of the commented defaults.
    pub rows: Vec<SettingRow>,
    /// Problems with invalid values, one sentence each.
    pub problems: Vec<String>,
    /// The homes of Claude Code beside the default one that are not searched, because the folders are configured.
    #[serde(default)]
    pub unsearched_homes: Vec<String>,
    /// The path of the user's configuration file, which may not exist.
    pub config_path: String,
    /// The path of the store.
    pub store_path: String,
    /// The program's version.
    pub version: String,
}
