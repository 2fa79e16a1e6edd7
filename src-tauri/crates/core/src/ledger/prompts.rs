//! The last prompt of a session's main conversation: the context in use, the prompt cache and its last miss.
//!
//! A prompt is that of the latest message, so the order of lines matters only for the last miss, which is found when a
//! later message arrives.

use crate::interner::ModelId;
use crate::ledger::message_key::MessageKey;
use crate::time::timestamp::Timestamp;
use crate::tokens::Usage;

/// The prompt tokens by which a cache read may be smaller than the one before without a miss: Claude Code moves the end of
/// the cached part.
const MISS_TOLERANCE: u64 = 1_024;

/// The lifetime of a cached prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CacheTtl {
    /// Five minutes.
    FiveMinutes,
    /// One hour.
    Hour,
}

impl CacheTtl {
    /// Parses the logged name.
    pub fn from_log(name: &str) -> Option<Self> {
        match name {
            "5m" => Some(Self::FiveMinutes),
            "1h" => Some(Self::Hour),
            _ => None,
        }
    }

    /// Returns the lifetime of the prompt that a message wrote, if it wrote one.
    pub fn from_usage(usage: Usage) -> Option<Self> {
        match (usage.cache_write, usage.cache_write_hour) {
            (0, _) => None,
            (_, 0) => Some(Self::FiveMinutes),
            (_, _) => Some(Self::Hour),
        }
    }

    /// Returns the lifetime of a number of seconds.
    pub fn from_seconds(seconds: u32) -> Option<Self> {
        [Self::FiveMinutes, Self::Hour].into_iter().find(|ttl| ttl.seconds() == seconds)
    }

    /// The lifetime in seconds.
    pub fn seconds(self) -> u32 {
        match self {
            Self::FiveMinutes => 300,
            Self::Hour => 3_600,
        }
    }
}

/// The prompt of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prompt {
    /// The time of the message's last line.
    pub when: Timestamp,
    /// The time of the message's first line, the nearest to the request, which renewed the cached prompt.
    pub first_line: Timestamp,
    /// The model.
    pub model: ModelId,
    /// Uncached tokens.
    pub input: u64,
    /// Tokens read from the cache.
    pub cache_read: u64,
    /// Tokens written to the cache.
    pub cache_write: u64,
    /// The lifetime of the cached prompt, if known.
    pub ttl: Option<CacheTtl>,
    /// The message. Earlier versions did not store it.
    pub message: Option<MessageKey>,
}

impl Prompt {
    /// Returns the tokens of the prompt.
    pub fn tokens(&self) -> u64 {
        self.input.saturating_add(self.cache_read).saturating_add(self.cache_write)
    }

    fn is_of_same_message(&self, other: &Self) -> bool {
        match (self.message, other.message) {
            (Some(own), Some(other)) => own == other,
            // The lines of a message have equal figures.
            _ => Self { when: other.when, first_line: other.first_line, message: other.message, ..*self } == *other,
        }
    }

    /// Returns the tokens that this prompt wrote again, although an earlier one of the same model had cached them.
    fn rewritten_tokens(&self, before: &Self) -> Option<u64> {
        let cached = before.cache_read.saturating_add(before.cache_write);
        let missing = cached.saturating_sub(self.cache_read);
        let is_miss = missing > MISS_TOLERANCE && self.cache_write.saturating_add(MISS_TOLERANCE) >= missing;
        (is_miss && self.model == before.model).then_some(self.cache_write)
    }
}

/// A prompt that was not read from the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PromptMiss {
    /// The time.
    pub when: Timestamp,
    /// The tokens written again.
    pub tokens: u64,
    /// True if the cached prompt had expired.
    pub expired: bool,
}

/// The last prompt of a session, with its last compaction and its last miss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionPrompts {
    /// The last prompt.
    pub last: Option<Prompt>,
    /// The time of the last compaction.
    pub compacted_at: Option<Timestamp>,
    /// The last miss.
    pub last_miss: Option<PromptMiss>,
}

impl SessionPrompts {
    /// Records the prompt of a line. Returns true if it is later than the known one. A prompt without tokens is that of a
    /// copied message.
    pub(crate) fn record(&mut self, mut prompt: Prompt) -> bool {
        if prompt.tokens() == 0 || self.last.is_some_and(|last| prompt <= last) {
            return false;
        }
        if let Some(last) = self.last.filter(|last| !prompt.is_of_same_message(last) && !self.is_compacted_since(last))
        {
            let expired =
                last.ttl.is_some_and(|ttl| prompt.first_line.seconds_since(last.first_line) > f64::from(ttl.seconds()));
            let miss = |tokens| PromptMiss { when: prompt.when, tokens, expired };
            self.last_miss = prompt.rewritten_tokens(&last).map(miss).or(self.last_miss);
        }
        if let Some(last) = self.last.filter(|last| prompt.is_of_same_message(last)) {
            prompt.first_line = last.first_line.min(prompt.first_line);
        }
        self.last = Some(prompt);
        true
    }

    /// Records a compaction. Returns true if it is later than the known one.
    pub(crate) fn record_compaction(&mut self, when: Timestamp) -> bool {
        let is_later = self.compacted_at.is_none_or(|known| when > known);
        if is_later {
            self.compacted_at = Some(when);
        }
        is_later
    }

    /// Returns the last prompt, unless the session was compacted after it: then the context is unknown until the next
    /// message.
    pub fn current(&self) -> Option<&Prompt> {
        self.last.as_ref().filter(|last| !self.is_compacted_since(last))
    }

    fn is_compacted_since(&self, prompt: &Prompt) -> bool {
        self.compacted_at.is_some_and(|compacted| compacted >= prompt.when)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(second: i64, read: u64, write: u64) -> Prompt {
        Prompt {
            when: Timestamp(second * 1_000_000),
            first_line: Timestamp(second * 1_000_000),
            model: ModelId(0),
            input: 5,
            cache_read: read,
            cache_write: write,
            ttl: Some(CacheTtl::FiveMinutes),
            message: Some(MessageKey(second.unsigned_abs().into())),
        }
    }

    fn prompts(list: &[Prompt]) -> SessionPrompts {
        let mut prompts = SessionPrompts::default();
        for prompt in list {
            prompts.record(*prompt);
        }
        prompts
    }

    #[test]
    fn the_latest_prompt_is_the_context() {
        let found = prompts(&[prompt(10, 0, 14_000), prompt(30, 14_000, 100), prompt(20, 13_000, 50)]);
        assert_eq!(found.current().map(Prompt::tokens), Some(14_105));
        assert_eq!(found.last_miss, None);
    }

    #[test]
    fn a_copy_without_usage_changes_nothing() {
        let mut found = prompts(&[prompt(10, 0, 14_000)]);
        assert!(!found.record(Prompt { input: 0, ..prompt(20, 0, 0) }));
        assert_eq!(found.current().map(Prompt::tokens), Some(14_005));
    }

    #[test]
    fn a_prompt_written_again_is_a_miss() {
        let found = prompts(&[prompt(10, 14_000, 600), prompt(39, 0, 16_011)]);
        let miss = PromptMiss { when: Timestamp(39_000_000), tokens: 16_011, expired: false };
        assert_eq!(found.last_miss, Some(miss));
        let expired = prompts(&[prompt(10, 0, 14_008), prompt(355, 0, 16_011)]).last_miss;
        assert_eq!(expired.map(|miss| miss.expired), Some(true));
    }

    #[test]
    fn further_lines_of_a_message_are_no_miss() {
        for message in [prompt(10, 0, 14_000).message, None] {
            let found = prompts(&[prompt(10, 0, 14_000), Prompt { message, ..prompt(11, 0, 14_000) }]);
            let times = found.last.map(|last| (last.first_line.0, last.when.0));
            assert_eq!((found.last_miss, times), (None, Some((10_000_000, 11_000_000))));
        }
    }

    #[test]
    fn messages_with_equal_figures_are_two_prompts() {
        let read = prompts(&[prompt(10, 16_011, 0), prompt(400, 16_011, 0)]);
        assert_eq!(read.last.map(|last| last.first_line), Some(Timestamp(400_000_000)), "it renewed the cached prompt");
        let written = prompts(&[prompt(10, 0, 16_011), prompt(400, 0, 16_011)]);
        let miss = PromptMiss { when: Timestamp(400_000_000), tokens: 16_011, expired: true };
        assert_eq!(written.last_miss, Some(miss));
    }

    #[test]
    fn another_model_and_a_compaction_are_no_miss() {
        let other = Prompt { model: ModelId(1), ..prompt(20, 0, 14_600) };
        assert_eq!(prompts(&[prompt(10, 14_000, 600), other]).last_miss, None);
        let mut compacted = prompts(&[prompt(10, 14_000, 600)]);
        assert!(compacted.record_compaction(Timestamp(15_000_000)));
        assert_eq!(compacted.current(), None, "the context is unknown until the next message");
        assert!(compacted.record(prompt(20, 0, 14_591)));
        assert_eq!((compacted.last_miss, compacted.current().map(Prompt::tokens)), (None, Some(14_596)));
    }

    #[test]
    fn the_lifetime_is_that_of_the_written_prompt() {
        let of = |cache_write, cache_write_hour| {
            CacheTtl::from_usage(Usage { cache_write, cache_write_hour, ..Usage::default() })
        };
        assert_eq!((of(0, 0), of(5, 0), of(5, 5)), (None, Some(CacheTtl::FiveMinutes), Some(CacheTtl::Hour)));
        assert_eq!(CacheTtl::from_log("1h"), Some(CacheTtl::Hour));
        assert_eq!(CacheTtl::from_log("2h"), None);
    }
}
