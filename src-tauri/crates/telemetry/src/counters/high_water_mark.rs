//! The highest value that a figure has had.

use serde::{Deserialize, Serialize};

/// A counter that follows a figure upward and never falls: the highest value that the figure has had.
///
/// If a part of the figure is lost for good, [`Self::continue_from`] adds that part to the figure from then on, so that the
/// counter counts on instead of waiting until the figure has grown past it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HighWaterMark {
    /// The exported value.
    #[serde(rename = "mark")]
    value: u64,
    /// The part of the value that the figure has lost for good.
    #[serde(default, skip_serializing_if = "is_zero")]
    lost: u64,
}

impl HighWaterMark {
    /// Returns the value of the counter.
    pub(crate) fn value(self) -> u64 {
        self.value
    }

    /// Returns true if the figure is lower than before, apart from the part that is known to be lost.
    pub(crate) fn is_above(self, figure: u64) -> bool {
        figure.saturating_add(self.lost) < self.value
    }

    /// Follows the figure if it is higher than ever.
    pub(crate) fn observe(&mut self, figure: u64) {
        self.value = self.value.max(figure.saturating_add(self.lost));
    }

    /// Counts on from a lower figure, whose missing part is lost for good.
    pub(crate) fn continue_from(&mut self, figure: u64) {
        self.observe(figure);
        self.lost = self.value - figure.min(self.value);
    }

    /// Follows the figure alone again, after the part that was lost has been restored.
    pub(crate) fn restore_lost(&mut self) {
        self.lost = 0;
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_restated_figure_is_followed_once_it_is_higher_than_ever() {
        let mut mark = HighWaterMark::default();
        let values = [100, 80, 95, 100, 104].map(|figure| {
            mark.observe(figure);
            mark.value()
        });
        assert_eq!(values, [100, 100, 100, 100, 104]);
    }

    #[test]
    fn a_lost_part_is_added_to_what_is_counted_afterwards() {
        let mut mark = HighWaterMark::default();
        mark.observe(100);
        mark.continue_from(30);
        mark.observe(35);
        assert_eq!(mark.value(), 105);
        mark.restore_lost();
        mark.observe(105);
        assert_eq!(mark.value(), 105, "the restored part is not counted again");
    }

    proptest! {
        #[test]
        fn the_counter_is_the_highest_figure_so_far(figures in prop::collection::vec(any::<u64>(), 1..50)) {
            let mut mark = HighWaterMark::default();
            let mut highest = 0;
            for figure in figures {
                highest = highest.max(figure);
                mark.observe(figure);
                prop_assert_eq!(mark.value(), highest);
            }
        }

        #[test]
        fn the_counter_never_falls(steps in prop::collection::vec((any::<u64>(), 0_u8..3), 1..50)) {
            let mut mark = HighWaterMark::default();
            for (figure, step) in steps {
                let before = mark.value();
                match step {
                    0 => mark.observe(figure),
                    1 => mark.continue_from(figure),
                    _ => mark.restore_lost(),
                }
                prop_assert!(mark.value() >= before);
            }
        }

        #[test]
        fn after_a_loss_the_counter_grows_as_much_as_the_figure(
            before in 0..1_u64 << 60,
            rest in 0..1_u64 << 60,
            used in prop::collection::vec(0..1_u64 << 40, 0..20),
        ) {
            let mut mark = HighWaterMark::default();
            mark.observe(before);
            mark.continue_from(rest.min(before));
            let mut figure = rest.min(before);
            for used in &used {
                figure += used;
                mark.observe(figure);
            }
            prop_assert_eq!(mark.value(), before + used.iter().sum::<u64>());
        }
    }
}
