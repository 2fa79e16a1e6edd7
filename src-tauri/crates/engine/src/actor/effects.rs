//! The follow-up work of a change, applied by the loop once a handler has returned.

use std::ops::{BitOr, BitOrAssign};

/// The follow-up work a handler asks for. Effects are combined with `|`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub(crate) struct Effects {
    /// True if the revision has to be raised, because counted or named data changed.
    pub(crate) revision: bool,
    /// True if a new snapshot has to be published.
    pub(crate) publish: bool,
}

impl Effects {
    /// No follow-up work.
    pub(crate) const NONE: Self = Self { revision: false, publish: false };
    /// A new revision without a snapshot: the next one shows it.
    pub(crate) const REVISION: Self = Self { revision: true, publish: false };
    /// A new snapshot of the same revision.
    pub(crate) const PUBLISH: Self = Self { revision: false, publish: true };
    /// A new revision and a snapshot of it.
    pub(crate) const CHANGED: Self = Self { revision: true, publish: true };
}

impl BitOr for Effects {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self { revision: self.revision || other.revision, publish: self.publish || other.publish }
    }
}

impl BitOrAssign for Effects {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combined_effects_include_each_part() {
        assert_eq!(Effects::REVISION | Effects::PUBLISH, Effects::CHANGED);
        let mut effects = Effects::NONE;
        effects |= Effects::PUBLISH;
        assert_eq!(effects, Effects::PUBLISH);
    }
}
