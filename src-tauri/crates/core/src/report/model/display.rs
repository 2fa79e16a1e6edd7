//! How figures are to be shown, as the settings say, and the settings themselves as a page shows them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the settings say about how surfaces look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Display {
    /// What stands beside the icon or in it: none for the bare icon, at most two.
    pub tray: Vec<TrayFigure>,
    /// The popover's colours.
    pub theme: Theme,
    /// The day a week begins with.
    pub week_start: WeekStart,
    /// For how many seconds a dismissed popover is kept ready; zero for not at all.
    pub keep_popover_seconds: u32,
}

impl Default for Display {
    fn default() -> Self {
        let tray = vec![TrayFigure::Tokens, TrayFigure::Left];
        Self { tray, theme: Theme::Auto, week_start: WeekStart::Auto, keep_popover_seconds: 0 }
    }
}

/// A figure a tray can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum TrayFigure {
    /// Today's tokens.
    Tokens,
    /// Today's cost.
    Cost,
    /// The block's share of its limit.
    Block,
    /// The time left in the block.
    Left,
    /// The burn rate.
    Burn,
}

/// The popover's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system has it.
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// With the most contrast, light or dark as the system has it.
    Contrast,
}

/// The day a week begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum WeekStart {
    /// As the viewer's language has it.
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
#[serde(tag = "page", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Route {
    /// What holds now.
    Now,
    /// All sessions.
    Sessions,
    /// One session, opened.
    Session {
        /// Its id.
        session_id: String,
    },
    /// All blocks.
    Blocks,
    /// The days.
    History,
    /// Past alerts.
    Alerts,
    /// The settings.
    Settings,
}

/// As it stands on a command line: `session/<id>`, else the page's name.
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

/// A page nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("known pages are now, sessions, session/<id>, blocks, history, alerts and settings")]
pub struct NoSuchPage;

impl FromStr for Route {
    type Err = NoSuchPage;

    fn from_str(text: &str) -> Result<Self, NoSuchPage> {
        match text {
            "now" => Ok(Self::Now),
            "sessions" => Ok(Self::Sessions),
            "blocks" => Ok(Self::Blocks),
            "history" => Ok(Self::History),
            "alerts" => Ok(Self::Alerts),
            "settings" => Ok(Self::Settings),
            other => match other.strip_prefix("session/") {
                Some(id) if !id.is_empty() => Ok(Self::Session { session_id: id.to_owned() }),
                _ => Err(NoSuchPage),
            },
        }
    }
}

/// Where a setting's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// The program itself.
    Default,
    /// The user's file.
    File,
    /// The settings page.
    Saved,
    /// An environment variable.
    Environment,
    /// The command line.
    Flag,
}

/// What a setting can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SettingKind {
    /// True or false.
    Switch,
    /// One of these words.
    Choice {
        /// The words.
        words: Vec<String>,
    },
    /// Some of these words, in order.
    Choices {
        /// The words.
        words: Vec<String>,
        /// How many at most.
        most: u32,
    },
    /// A whole number, or one of these words.
    Number {
        /// The words that may stand instead.
        words: Vec<String>,
        /// The least it can be.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        least: u64,
        /// The most it can be.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        most: u64,
    },
    /// Whole numbers, ascending, such as percentages.
    Numbers {
        /// The least each can be.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        least: u64,
        /// The most each can be.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        most: u64,
    },
    /// A duration such as `1s` or `720h`.
    Duration,
    /// A text, or a list of texts such as folders.
    Text {
        /// Whether it is a list.
        several: bool,
    },
}

/// One setting, as a page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SettingRow {
    /// Its key, such as `blocks.token_limit`.
    pub key: String,
    /// What it can be.
    #[serde(flatten)]
    pub kind: SettingKind,
    /// What holds.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub value: Value,
    /// What would hold if nobody had said anything.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub default: Value,
    /// Where the value comes from.
    pub origin: Origin,
    /// Whether the page can change it: not where the environment or the command line has the last word.
    pub can_change: bool,
    /// Whether a change holds only from the next start.
    pub needs_restart: bool,
}

/// The settings, as a page shows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SettingsPage {
    /// All settings, in the order of the commented defaults.
    pub rows: Vec<SettingRow>,
    /// What was not understood, a sentence each.
    pub problems: Vec<String>,
    /// The user's file, whether it is there or not.
    pub config_path: String,
    /// Where figures are kept.
    pub store_path: String,
    /// The program's version.
    pub version: String,
}
