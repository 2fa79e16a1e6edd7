//! Builds the context in use and the state of the prompt cache of a session.
//!
//! Figures of the status line are used unless the log has a later message. Figures of the log are those of its last
//! message; the end of the cache's lifetime is an estimate.

use chrono::{DateTime, TimeDelta, Utc};

use crate::interner::SessionId;
use crate::ledger::prompts::{CacheTtl, SessionPrompts};
use crate::money::Usd;
use crate::pricing::{ApiCall, BillingTerms};
use crate::quota::{CacheFigures, SessionNote};
use crate::report::model::{CacheMiss, CacheMissCause, ContextUse, PromptCache, Provenance};
use crate::report::snapshot::SnapshotBuilder;
use crate::time::timestamp::Timestamp;
use crate::time::{MICROS_PER_HOUR, MICROS_PER_SECOND};
use crate::tokens::Usage;

/// The time in microseconds after which the context and cache of a session that does not run are left out: a cached prompt
/// lives at most for an hour.
const MAX_AGE: i64 = MICROS_PER_HOUR;

impl SnapshotBuilder<'_> {
    /// Returns the context of a session and its prompt cache, unless it neither runs nor was used in the last hour.
    pub(crate) fn context_and_cache(&self, id: SessionId) -> (Option<ContextUse>, Option<PromptCache>) {
        let session = self.ledger.names.sessions.text_of(id);
        let prompts = self.ledger.sessions[&id].prompts.as_deref().copied().unwrap_or_default();
        let used_at = prompts.last.map(|last| last.when);
        let is_recent = used_at.is_some_and(|when| when >= self.context.now.minus_micros(MAX_AGE));
        if !is_recent && self.context.running.get(&session).is_none() {
            return (None, None);
        }
        let note = self.context.notes.get(&session).filter(|note| is_later(note, &prompts));
        (self.context_use(&prompts, note), self.prompt_cache(id, &prompts, note))
    }

    fn context_use(&self, prompts: &SessionPrompts, note: Option<&SessionNote>) -> Option<ContextUse> {
        if let Some(SessionNote { at, figures }) = note
            && prompts.last.is_none_or(|last| *at >= last.when)
        {
            let context = figures.context?;
            let (tokens, window, percent) = (context.tokens, context.window, context.percent);
            return Some(ContextUse { tokens, window, percent, label: Provenance::Official });
        }
        let last = prompts.current()?;
        // The window belongs to the model that the status line named.
        let model = self.ledger.names.models.bytes_of(last.model);
        let named = note.filter(|note| note.figures.model.as_deref().map(str::as_bytes) == Some(model));
        let window = named.and_then(|note| note.figures.context?.window);
        let percent = window.map(|window| (last.tokens() as f64 / window as f64 * 100.0).min(100.0));
        let label = if window.is_some() { Provenance::Estimated } else { Provenance::Measured };
        Some(ContextUse { tokens: last.tokens(), window, percent, label })
    }

    fn prompt_cache(&self, id: SessionId, prompts: &SessionPrompts, note: Option<&SessionNote>) -> Option<PromptCache> {
        let official = note.filter(|note| prompts.last.is_none_or(|last| note.at >= last.when));
        match official.and_then(|note| Some((note, note.figures.cache.as_ref()?))) {
            Some((note, cache)) => self.official_cache(note, cache, prompts),
            None => self.estimated_cache(id, prompts),
        }
    }

    fn official_cache(
        &self,
        note: &SessionNote,
        cache: &CacheFigures,
        prompts: &SessionPrompts,
    ) -> Option<PromptCache> {
        let ttl = CacheTtl::from_seconds(u32::try_from(cache.ttl_seconds).ok()?)?;
        let logged = || prompts.last.map(|last| self.ledger.names.models.text_of(last.model));
        let model = note.figures.model.clone().or_else(logged);
        let cost = |tokens| self.cost_of_writing(model.as_deref()?, tokens, ttl);
        let last_miss = cache.last_miss.as_ref().map(|miss| CacheMiss {
            at: miss.at.and_then(|at| DateTime::from_timestamp(at, 0)),
            causes: miss.causes.clone(),
            tokens: miss.tokens,
        });
        Some(PromptCache {
            expires_at: DateTime::from_timestamp(cache.expires_at, 0)?,
            ttl_seconds: cache.ttl_seconds,
            hit_percent: cache.hit_percent,
            cold_tokens: cache.cold_tokens,
            cold_cost: cache.cold_tokens.and_then(cost),
            last_miss,
            label: Provenance::Official,
        })
    }

    fn estimated_cache(&self, id: SessionId, prompts: &SessionPrompts) -> Option<PromptCache> {
        let last = prompts.current()?;
        let ttl = last.ttl?;
        let last_miss = prompts.last_miss.map(|miss| CacheMiss {
            at: Some(miss.when.to_utc()),
            causes: miss.expired.then_some(CacheMissCause::Expired).into_iter().collect(),
            tokens: Some(miss.tokens),
        });
        let model = self.ledger.names.models.text_of(last.model);
        Some(PromptCache {
            expires_at: expiry_of(last.first_line, ttl),
            ttl_seconds: ttl.seconds().into(),
            hit_percent: self.hit_percent(id),
            cold_tokens: Some(last.tokens()),
            cold_cost: self.cost_of_writing(&model, last.tokens(), ttl),
            last_miss,
            label: Provenance::Estimated,
        })
    }

    /// Returns the share of a session's prompt tokens that were read from the cache, subagents included.
    fn hit_percent(&self, id: SessionId) -> Option<f64> {
        let [input, _, cache_write, _, cache_read, ..] = self.ledger.sessions[&id].total_usage().tokens.to_array();
        let all = input + cache_write + cache_read;
        (all > 0).then(|| cache_read as f64 / all as f64 * 100.0)
    }

    /// Returns the API-equivalent dollars of writing a prompt to the cache now; `None` if the model has no price.
    fn cost_of_writing(&self, model: &str, tokens: u64, ttl: CacheTtl) -> Option<f64> {
        let cache_write_hour = if ttl == CacheTtl::Hour { tokens } else { 0 };
        let usage = Usage { cache_write: tokens, cache_write_hour, ..Usage::default() };
        let call = ApiCall { model, usage, terms: BillingTerms::default(), when: self.context.now };
        self.ledger.pricing.list_price_of(&call).map(|cost| cost.0 as f64 / Usd::ONE.0 as f64)
    }
}

/// Returns true if a note is later than the last compaction: otherwise its figures are those before it.
fn is_later(note: &SessionNote, prompts: &SessionPrompts) -> bool {
    prompts.compacted_at.is_none_or(|compacted| note.at > compacted)
}

/// Returns the end of the lifetime of a prompt that was last used at a time, rounded up to a whole second as Claude Code does.
fn expiry_of(used_at: Timestamp, ttl: CacheTtl) -> DateTime<Utc> {
    let started = used_at.0.saturating_add(MICROS_PER_SECOND - 1).div_euclid(MICROS_PER_SECOND);
    Timestamp(started * MICROS_PER_SECOND).to_utc() + TimeDelta::seconds(ttl.seconds().into())
}
