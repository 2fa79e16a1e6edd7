//! The leading figure of the page *Now*: what it is depends on what there is to do.
//!
//! Without a limit nothing is left and nothing runs out: the tokens of the block lead, beside the usual blocks.

use chrono::{DateTime, Utc};
use token_monitor_core::report::LimitLevel;
use token_monitor_core::report::model::{BillingBlock, LimitUse, Provenance, Snapshot};
use token_monitor_core::text::format::{
    format_age, format_compact, format_compact_range, format_duration, format_tokens, format_upcoming,
};
use token_monitor_core::text::phrases::{official_block_quota, projected_share, share_of_limit};

use crate::live::theme::Role;
use crate::live::view::gauge::Gauge;
use crate::live::view::scene::{ESTIMATE_SIGN, Scene, signed};

/// The leading figure and what stands beside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lead {
    /// The figure; empty between blocks.
    pub(crate) figure: String,
    /// The words after it.
    pub(crate) unit: String,
    pub(crate) role: Role,
    /// What stands beside it, the most important first.
    pub(crate) beside: Vec<(Role, String)>,
    /// The bar below it; `None` without a share.
    pub(crate) gauge: Option<Gauge>,
}

impl Lead {
    /// Decides what leads.
    pub(crate) fn of(scene: &Scene<'_>) -> Self {
        let snapshot = scene.snapshot;
        let Some(block) = &snapshot.current_block else { return Self::between_blocks() };
        match &snapshot.block_use {
            Some(share) if share.basis.is_limit() => Self::of_limit(scene, block, share),
            share => Self::of_tokens(scene, block, share.as_ref()),
        }
    }

    fn between_blocks() -> Self {
        Self {
            figure: String::new(),
            unit: "Between blocks".to_owned(),
            role: Role::Strong,
            beside: vec![(Role::Dim, "the next five-hour block starts with your next message".to_owned())],
            gauge: None,
        }
    }

    fn of_limit(scene: &Scene<'_>, block: &BillingBlock, share: &LimitUse) -> Self {
        let (stale_age, level) = (stale_age(scene.snapshot), LimitLevel::from_percent(share.used_percent));
        let used = signed(&share_of_limit(share, |limit| format_tokens(limit as u128)), share.label);
        let resets = (Role::Dim, format!("resets {}", edge_time(scene, block)));
        let mut beside = vec![(Role::Level(level), used)];
        let to_reset = format_duration(block.end_time - scene.now);
        let (figure, unit, role) =
            if share.is_used_up() {
                beside.push((Role::Text, format!("Claude Code works again at {}", edge_time(scene, block))));
                (to_reset, "to reset", Role::Level(LimitLevel::Over))
            } else if let Some(at) = share.upcoming_exhaustion() {
                beside.push((Role::Text, exhaustion_text(scene, share, at)));
                beside.push(resets);
                let left = format_duration(at - scene.now);
                (format!("{ESTIMATE_SIGN}{left}"), "to the limit", Role::Level(level.max(LimitLevel::Busy)))
            } else {
                beside.extend(share.projected_percent.map(|range| {
                    (Role::Dim, format!("{ESTIMATE_SIGN}{} at the reset", projected_share(share, range)))
                }));
                beside.push(resets);
                (to_reset, "left", Role::Strong)
            };
        if let Some(age) = &stale_age {
            beside.insert(1, (Role::Stale, format!("as of {age} ago")));
        }
        let role = if stale_age.is_some() { Role::Stale } else { role };
        let gauge = Some(gauge_of(scene, block, share, stale_age.is_some()));
        Self { figure, unit: unit.to_owned(), role, beside, gauge }
    }

    fn of_tokens(scene: &Scene<'_>, block: &BillingBlock, share: Option<&LimitUse>) -> Self {
        let mut beside = Vec::new();
        beside.extend(share.map(|share| {
            (Role::Text, signed(&share_of_limit(share, |limit| format_tokens(limit as u128)), share.label))
        }));
        beside.extend(scene.snapshot.projected_tokens.map(|range| {
            let tokens = format_compact_range(range.low as u128, range.high as u128);
            (Role::Dim, format!("{ESTIMATE_SIGN}{tokens} by then"))
        }));
        beside.push((Role::Dim, format!("block ends {}", edge_time(scene, block))));
        Self {
            figure: format_compact(block.tokens_used),
            unit: "tokens in this block".to_owned(),
            role: Role::Strong,
            beside,
            gauge: share.map(|share| Gauge { even_pace: None, ..gauge_of(scene, block, share, false) }),
        }
    }
}

/// Returns when the limit is reached: for certain at this pace, or perhaps.
fn exhaustion_text(scene: &Scene<'_>, share: &LimitUse, at: DateTime<Utc>) -> String {
    let is_certain = share.projected_percent.is_none_or(|range| range.low >= 100.0);
    let words = if is_certain { "at this pace," } else { share.exhaustion_phrase() };
    format!("{words} {ESTIMATE_SIGN}{}", format_time(scene, at))
}

/// Returns the end of a block, marked if it is estimated.
fn edge_time(scene: &Scene<'_>, block: &BillingBlock) -> String {
    let time = format_time(scene, block.end_time);
    match block.label {
        Provenance::Official | Provenance::Measured => time,
        Provenance::Estimated => signed(&time, Provenance::Estimated),
    }
}

fn format_time(scene: &Scene<'_>, at: DateTime<Utc>) -> String {
    format_upcoming(at, scene.now, scene.zone)
}

/// Returns the age of the official figure of the block if it is too old to be current.
fn stale_age(snapshot: &Snapshot) -> Option<String> {
    official_block_quota(snapshot).filter(|row| row.is_stale).map(|row| format_age(row.age_minutes))
}

fn gauge_of(scene: &Scene<'_>, block: &BillingBlock, share: &LimitUse, is_stale: bool) -> Gauge {
    let [passed, whole] = [scene.now - block.start_time, block.end_time - block.start_time].map(|it| it.num_seconds());
    let even_pace = (whole > 0).then(|| (passed as f64 / whole as f64 * 100.0).clamp(0.0, 100.0));
    Gauge { used: share.used_percent, projected: share.projected_percent, even_pace, is_stale }
}
