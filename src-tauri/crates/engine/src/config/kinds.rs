//! The kinds of values of settings.

use token_monitor_core::report::model::SettingKind;

pub(super) fn switch_kind() -> SettingKind {
    SettingKind::Switch
}

pub(super) fn duration_kind() -> SettingKind {
    SettingKind::Duration
}

pub(super) fn text_kind() -> SettingKind {
    SettingKind::Text { several: false }
}

pub(super) fn text_list_kind() -> SettingKind {
    SettingKind::Text { several: true }
}

pub(super) fn choice_kind(words: &[&str]) -> SettingKind {
    SettingKind::Choice { words: to_strings(words) }
}

pub(super) fn number_kind(words: &[&str], least: u64, most: u64) -> SettingKind {
    SettingKind::Number { words: to_strings(words), least, most }
}

/// Returns the kind for percentages of a limit. A limit can be exceeded.
pub(super) fn percent_list_kind() -> SettingKind {
    SettingKind::Numbers { least: 1, most: 200 }
}

pub(super) fn to_strings(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}
