//! When to read after a hint. Pure: it is told the time.
//!
//! The first hint after a pause is acted on at once. Those that follow on its heels are gathered, because each read
//! costs a look at the file, but never for longer than a person could notice. A steady stream is therefore read at
//! a steady beat; waiting for quiet would let it starve.

use std::time::{Duration, Instant};

/// Short enough to feel live, long enough that a log written hundreds of times a second costs little.
pub(crate) const BEAT: Duration = Duration::from_millis(8);

/// What took long is not done again at once: at most one part in five of the time goes into it.
const REST: u32 = 4;

/// Gathers hints.
#[derive(Debug, Default)]
pub(crate) struct Coalesce {
    /// When the next hint may be acted on.
    rested: Option<Instant>,
    waiting: bool,
}

impl Coalesce {
    /// A hint came.
    pub(crate) fn hint(&mut self) {
        self.waiting = true;
    }

    /// When to act on the hints that came; never before `now` and at once after a pause.
    pub(crate) fn due(&self, now: Instant) -> Option<Instant> {
        let next = self.rested.unwrap_or(now);
        self.waiting.then(|| next.max(now))
    }

    /// The hints that came so far are being acted on.
    pub(crate) fn act(&mut self) {
        self.waiting = false;
    }

    /// They were acted on, from `began` until `ended`.
    pub(crate) fn acted(&mut self, began: Instant, ended: Instant) {
        let rest = ended.saturating_duration_since(began) * REST;
        self.rested = Some(ended + BEAT.max(rest));
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
        coalesce.act();
        coalesce.acted(start, start);
        let soon = start + Duration::from_millis(1);
        coalesce.hint();
        coalesce.hint();
        assert_eq!(coalesce.due(soon), Some(start + BEAT), "further hints do not push it back");
        let late = start + Duration::from_secs(1);
        assert_eq!(coalesce.due(late), Some(late));
    }

    #[test]
    fn what_takes_long_is_not_done_again_at_once() {
        let (start, mut coalesce) = (Instant::now(), Coalesce::default());
        let end = start + Duration::from_millis(100);
        coalesce.acted(start, end);
        coalesce.hint();
        assert_eq!(coalesce.due(end), Some(end + Duration::from_millis(400)));
    }
}
