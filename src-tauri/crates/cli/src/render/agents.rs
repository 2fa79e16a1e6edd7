//! Texts about running sessions: their state, context and prompt cache.

use chrono::{DateTime, TimeDelta, Utc};
use token_monitor_core::report::model::{AgentStatus, CacheMiss, CacheMissCause, ContextUse, PromptCache};
use token_monitor_core::text::format::{
    ViewerZone, format_date_time, format_dollars, format_duration, format_percent, format_tokens, format_upcoming,
};
use token_monitor_core::text::phrases::waiting_reason;

/// Returns the state of a session, its duration and the reason: `waits for you, 2m, permission prompt`.
pub(crate) fn agent_text(status: &AgentStatus, now: DateTime<Utc>) -> String {
    let lasted = format_duration((now - status.since).max(TimeDelta::zero()));
    let reason = waiting_reason(status).map_or(String::new(), |reason| format!(", {reason}"));
    let place = if status.is_background { ", in the background" } else { "" };
    format!("{}, {lasted}{reason}{place}", status.state.as_str())
}

/// Returns the context in use: `62% of 200,000 tokens, official`.
pub(crate) fn context_text(context: &ContextUse) -> String {
    let label = context.label.as_str();
    match (context.percent, context.window) {
        (Some(percent), Some(window)) => {
            format!("{} of {}, {label}", format_percent(percent), format_tokens(window.into()))
        }
        (Some(_) | None, _) => format!("{}, {label}", format_tokens(context.tokens.into())),
    }
}

/// Returns the state of a prompt cache, its hit rate, what a prompt after its expiry costs, and the last miss.
pub(crate) fn cache_text(cache: &PromptCache, now: DateTime<Utc>, zone: ViewerZone) -> String {
    let state = if cache.expires_at > now { "warm until" } else { "cold since" };
    let mut text = format!("{state} {}, {}", format_upcoming(cache.expires_at, now, zone), cache.label.as_str());
    if let Some(percent) = cache.hit_percent {
        text = format!("{text}; {} read from it", format_percent(percent));
    }
    if let Some(tokens) = cache.cold_tokens {
        let cost = cache
            .cold_cost
            .map_or("cost unpriced".to_owned(), |cost| format!("{} API-equivalent", format_dollars(cost)));
        text = format!("{text}; when cold {} are written again, {cost}", format_tokens(tokens.into()));
    }
    match &cache.last_miss {
        Some(miss) => format!("{text}; {}", miss_text(miss, zone)),
        None => text,
    }
}

fn miss_text(miss: &CacheMiss, zone: ViewerZone) -> String {
    let at = miss.at.map_or(String::new(), |at| format!(" {}", format_date_time(at, zone)));
    let causes: Vec<&str> = miss.causes.iter().map(|cause| cause_text(*cause)).collect();
    let causes = if causes.is_empty() { String::new() } else { format!(", {}", causes.join(", ")) };
    format!("last miss{at}{causes}")
}

/// Returns the cause of a cache miss in a few words.
pub(crate) fn cause_text(cause: CacheMissCause) -> &'static str {
    match cause {
        CacheMissCause::SystemPromptChanged => "the system prompt changed",
        CacheMissCause::ToolsChanged => "the tools changed",
        CacheMissCause::ModelChanged => "the model changed",
        CacheMissCause::MessagesRewritten => "messages were rewritten",
        CacheMissCause::Expired => "it had expired",
        CacheMissCause::ServerSide => "dropped by the server",
        CacheMissCause::Unknown => "cause unknown",
    }
}
