//! When to read after a hint. Pure: it is told the time.
//!
//! The first hint after a pause is acted on at once. Those that follow on its heels are gathered, because each read
//! costs a look at the file, but never for longer than a person could notice. A steady stream is therefore read at
//! a steady beat; waiting for quiet would let it starve.

use std::time::{Duration, Instant};

/// Short enough to feel live, long enough that a log written hundreds of times a second costs little.
pub(crate) const BEAT: Duration = Duration::from_millis(8);

/// Gathers hints.
#[derive(Debug, Default)]
pub(crate) struct Coalesce {
    acted: Option<Instant>,
    waiting: bool,
}

impl Coalesce {
    /// A hint came.
    pub(crate) fn hint(&mut self) {
        self.waiting = true;
    }

    /// When to act on the hints that came; never before `now` and at once after a pause.
    pub(crate) fn due(&self, now: Instant) -> Option<Instant> {
        let next = self.acted.map_or(now, |acted| acted + BEAT);
        self.waiting.then(|| next.max(now))
    }

    /// The hints were acted on.
    pub(crate) fn act(&mut self, now: Instant) {
        (self.acted, self.waiting) = (Some(now), false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_hint_acts_at_once_and_a_burst_keeps_the_beat() {
        let (start, mut coalesce) = (Instant::now(), Coalesce::default());
        assert_eq!(coalesce.due(start), None, "nothing to do without a hint");
        coalesce.hint();
        assert_eq!(coalesce.due(start), Some(start));
        coalesce.act(start);
        let soon = start + Duration::from_millis(1);
        coalesce.hint();
        coalesce.hint();
        assert_eq!(coalesce.due(soon), Some(start + BEAT), "further hints do not push it back");
        let late = start + Duration::from_secs(1);
        assert_eq!(coalesce.due(late), Some(late));
    }
}
