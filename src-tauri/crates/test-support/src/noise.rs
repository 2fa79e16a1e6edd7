//! Numbers that look random and are the same in every run.

/// A sequence of numbers that look random (xorshift).
#[derive(Debug)]
pub struct Noise(u64);

impl Noise {
    /// Creates a sequence. The seed must not be zero.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next number.
    pub fn next_number(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Returns a number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next_number() % limit as u64) as usize
    }

    /// Returns true half of the time.
    pub fn is_true(&mut self) -> bool {
        self.next_number() & 1 == 1
    }
}
