//! Tests that try a promise many times: a part of the tries normally, all of them in `npm run reliability`, which prints a
//! row for each.

use std::time::Instant;

/// The variable with the number of random inputs, which `npm run fuzz` sets.
const CASES: &str = "PROPTEST_CASES";

/// Returns the number of random inputs of a property test: that of `npm run fuzz`, or `normal`. The library uses the variable
/// only where no number is set.
pub fn property_cases(normal: u32) -> u32 {
    std::env::var(CASES).ok().and_then(|cases| cases.parse().ok()).unwrap_or(normal)
}

/// The variable that makes all tries run.
const ALL_TRIES: &str = "TOKEN_MONITOR_ALL_TRIES";

/// The tries of one promise.
#[derive(Debug)]
pub struct Tries {
    promise: &'static str,
    started: Instant,
    count: u64,
}

impl Tries {
    /// Starts to count the tries of a promise, as it is named in the table.
    pub fn start(promise: &'static str) -> Self {
        Self { promise, started: Instant::now(), count: 0 }
    }

    /// Returns the number of tries: `normal`, or `all` in `npm run reliability`.
    pub fn number(normal: usize, all: usize) -> usize {
        if std::env::var_os(ALL_TRIES).is_some() { all } else { normal }
    }

    /// Adds tries that succeeded. A test fails at the first one that does not.
    pub fn add(&mut self, count: u64) {
        self.count += count;
    }

    /// Prints the row of the table. `detail` is what shows that something was injected.
    ///
    /// # Panics
    ///
    /// If nothing was tried.
    #[expect(clippy::print_stdout, reason = "the script reads the line")]
    pub fn finish(self, detail: &str) {
        assert!(self.count > 0, "{}: nothing was tried", self.promise);
        let seconds = self.started.elapsed().as_secs_f64();
        println!("reliability\t{}\t{}\t{detail}\t{seconds:.1}", self.promise, self.count);
    }
}
