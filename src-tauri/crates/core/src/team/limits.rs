//! The official limits of a device that are shared with a team: how much is used, and the reset times.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::report::model::{LimitBasis, QuotaStats, WindowKind};
use crate::team::message::{MESSAGE_FORMAT, is_valid_text, to_valid_text};

/// The path of a hub to which limits are sent.
pub const LIMITS_PATH: &str = "/api/v1/limits";

/// The largest number of limits of a device.
pub const MAX_LIMITS: usize = 20;

/// The largest percentage. Readings of more are not possible for a plan.
const MAX_PERCENT: f64 = 1_000.0;

/// The limits of a device. They replace those that were sent before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SharedLimits {
    /// The version of the message: [`MESSAGE_FORMAT`].
    pub format: u32,
    /// The limits, at most [`MAX_LIMITS`].
    pub limits: Vec<SharedLimit>,
}

/// A window of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SharedLimit {
    /// The kind of window.
    pub window: WindowKind,
    /// The family of models; null for all models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The used share in percent.
    pub used_percent: f64,
    /// The reset time.
    pub resets_at: DateTime<Utc>,
    /// The time of the reading.
    pub read_at: DateTime<Utc>,
}

/// The reason for refusing limits.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SharedLimitsError {
    /// The version is not known.
    #[error("the format {0} is not supported; update the hub")]
    UnknownFormat(u32),
    /// There are more limits than allowed.
    #[error("a device has at most {MAX_LIMITS} limits")]
    TooMany,
    /// A limit has a percentage, a text or a time that no device sends.
    #[error("a limit is not valid")]
    Invalid,
}

impl SharedLimits {
    /// Returns the official windows of the plan with a current reading and a reset time after `now`. Names of accounts are left
    /// out.
    pub fn from_quota(quota: &[QuotaStats], now: DateTime<Utc>) -> Self {
        let limits = quota.iter().filter_map(|stats| {
            let is_shared = stats.window.is_plan() && stats.share.basis == LimitBasis::Official && !stats.is_stale;
            let resets_at = stats.resets_at.filter(|reset| is_shared && *reset > now)?;
            Some(SharedLimit {
                window: stats.window,
                scope: stats.scope.as_deref().map(to_valid_text),
                used_percent: stats.share.used_percent,
                resets_at,
                read_at: stats.read_at,
            })
        });
        Self { format: MESSAGE_FORMAT, limits: limits.filter(SharedLimit::is_valid).take(MAX_LIMITS).collect() }
    }

    /// Checks the limits.
    ///
    /// # Errors
    ///
    /// If the version is unknown, or a limit is not one that a device sends.
    pub fn check(&self) -> Result<(), SharedLimitsError> {
        if self.format != MESSAGE_FORMAT {
            return Err(SharedLimitsError::UnknownFormat(self.format));
        }
        if self.limits.len() > MAX_LIMITS {
            return Err(SharedLimitsError::TooMany);
        }
        match self.limits.iter().all(SharedLimit::is_valid) {
            true => Ok(()),
            false => Err(SharedLimitsError::Invalid),
        }
    }
}

impl SharedLimit {
    fn is_valid(&self) -> bool {
        let has_text = self.scope.as_deref().is_none_or(is_valid_text);
        let has_times = [self.resets_at, self.read_at].iter().all(is_storable);
        self.window.is_plan() && (0.0..=MAX_PERCENT).contains(&self.used_percent) && has_text && has_times
    }
}

/// Returns true for a time between the years 1970 and 9999, which every database stores.
fn is_storable(time: &DateTime<Utc>) -> bool {
    (0..253_402_300_800).contains(&time.timestamp())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::report::model::{LimitUse, Provenance, QuotaOrigin};

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn quota(window: WindowKind, used_percent: f64) -> QuotaStats {
        QuotaStats {
            window,
            scope: None,
            share: LimitUse {
                used_percent,
                basis: LimitBasis::Official,
                limit: None,
                projected_percent: None,
                runs_out_at: None,
                elsewhere_percent: None,
                label: Provenance::Official,
            },
            resets_at: Some(time("2026-03-01T15:00:00Z")),
            read_at: time("2026-03-01T12:00:00Z"),
            age_minutes: 0,
            origin: QuotaOrigin::StatusLine,
            is_stale: false,
            is_binding: false,
            account: Some("/home/ada/.claude".to_owned()),
        }
    }

    fn shared(quota: &[QuotaStats]) -> SharedLimits {
        SharedLimits::from_quota(quota, time("2026-03-01T12:30:00Z"))
    }

    #[test]
    fn current_windows_of_the_plan_are_shared_and_no_accounts() {
        let five_hours = quota(WindowKind::FiveHour, 82.5);
        let others = [
            quota(WindowKind::SpendLimit, 10.0),
            QuotaStats { is_stale: true, ..five_hours.clone() },
            QuotaStats { resets_at: None, ..five_hours.clone() },
            QuotaStats { resets_at: Some(time("2026-03-01T12:30:00Z")), ..five_hours.clone() },
            QuotaStats { share: LimitUse { basis: LimitBasis::P90, ..five_hours.share.clone() }, ..five_hours.clone() },
            quota(WindowKind::FiveHour, f64::NAN),
        ];
        let limits = shared(&[&[five_hours], &others[..]].concat());
        assert_eq!(limits.check(), Ok(()));
        let json = serde_json::to_string(&limits).expect("it is JSON");
        let expected = r#"{"format":1,"limits":[{"window":"fiveHour","usedPercent":82.5,"resetsAt":"2026-03-01T15:00:00Z","readAt":"2026-03-01T12:00:00Z"}]}"#;
        assert_eq!(json, expected);
    }

    fn with(change: impl FnOnce(&mut SharedLimit)) -> SharedLimits {
        let mut limits = shared(&[quota(WindowKind::Weekly, 50.0)]);
        change(&mut limits.limits[0]);
        limits
    }

    #[rstest]
    #[case(SharedLimits { format: 2, ..SharedLimits::default() }, SharedLimitsError::UnknownFormat(2))]
    #[case(with(|limit| limit.used_percent = -1.0), SharedLimitsError::Invalid)]
    #[case(with(|limit| limit.used_percent = f64::INFINITY), SharedLimitsError::Invalid)]
    #[case(with(|limit| limit.scope = Some("\0".to_owned())), SharedLimitsError::Invalid)]
    #[case(with(|limit| limit.window = WindowKind::Other), SharedLimitsError::Invalid)]
    #[case(with(|limit| limit.resets_at = DateTime::<Utc>::MAX_UTC), SharedLimitsError::Invalid)]
    fn limits_that_no_device_sends_are_refused(#[case] limits: SharedLimits, #[case] error: SharedLimitsError) {
        assert_eq!(limits.check(), Err(error));
    }

    #[test]
    fn too_many_limits_are_refused() {
        let limits = vec![with(|_| {}).limits[0].clone(); MAX_LIMITS + 1];
        assert_eq!(SharedLimits { format: 1, limits }.check(), Err(SharedLimitsError::TooMany));
    }
}
