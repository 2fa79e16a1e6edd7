//! The context and the prompt cache of a session, as Claude Code passes them to its status line.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::report::model::CacheMissCause;
use crate::time::timestamp::Timestamp;

/// The largest token count that is accepted, far above that of any context window.
const MAX_TOKENS: u64 = 1 << 40;

/// The length of the longest name of a model, in bytes.
const MAX_MODEL_LEN: usize = 100;

/// The lifetimes of cached prompts: the names in the status line, and seconds.
const TTLS: [(&str, u64); 2] = [("5m", 300), ("1h", 3_600)];

/// The figures of one session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SessionFigures {
    /// The id of the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The context in use; `None` before the first answer and after a compaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextFigures>,
    /// The prompt cache; `None` before the first answer and in earlier versions of Claude Code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheFigures>,
}

/// The context of a session.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContextFigures {
    /// The tokens of the last prompt.
    pub tokens: u64,
    /// The size of the window in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<u64>,
    /// The used share of the window in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
}

/// The prompt cache of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CacheFigures {
    /// The expiry in seconds since 1970.
    pub expires_at: i64,
    /// The lifetime of a cached prompt in seconds.
    pub ttl_seconds: u64,
    /// The share of prompt tokens read from the cache, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hit_percent: Option<f64>,
    /// The tokens that a prompt after the expiry writes again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cold_tokens: Option<u64>,
    /// The last miss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_miss: Option<MissFigures>,
}

/// The last miss of a prompt cache.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MissFigures {
    /// The time in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// The causes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<CacheMissCause>,
    /// The tokens written again, if they are those of one miss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
}

/// The figures of a session and the time at which they were passed.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionNote {
    /// The time.
    pub at: Timestamp,
    /// The figures.
    pub figures: SessionFigures,
}

impl SessionFigures {
    /// Returns true if nothing but the model is known.
    pub fn is_empty(&self) -> bool {
        self.context.is_none() && self.cache.is_none()
    }

    /// Parses the fields `model`, `context_window` and `prompt_cache`.
    pub(crate) fn parse(model: Option<&RawValue>, context: Option<&RawValue>, cache: Option<&RawValue>) -> Self {
        let value = |raw: Option<&RawValue>| raw.and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok());
        Self {
            model: value(model).as_ref().and_then(parse_model_id),
            context: value(context).as_ref().and_then(parse_context),
            cache: value(cache).as_ref().and_then(parse_cache),
        }
    }
}

fn parse_model_id(model: &Value) -> Option<String> {
    let id = model.get("id").or(Some(model)).and_then(Value::as_str)?;
    (!id.is_empty() && id.len() <= MAX_MODEL_LEN).then(|| id.to_owned())
}

/// Parses the context. Zeros, which are passed between a compaction and the next answer, are unknown.
fn parse_context(value: &Value) -> Option<ContextFigures> {
    let tokens = count(value, "total_input_tokens").filter(|tokens| *tokens > 0)?;
    let percent = value.get("used_percentage").and_then(Value::as_f64).filter(|used| (0.0..=101.0).contains(used));
    let window = count(value, "context_window_size").filter(|window| *window > 0);
    Some(ContextFigures { tokens, window, percent: percent.map(|used| used.min(100.0)) })
}

fn parse_cache(value: &Value) -> Option<CacheFigures> {
    let ttl = value.get("ttl").and_then(Value::as_str)?;
    let (_, ttl_seconds) = TTLS.into_iter().find(|(name, _)| *name == ttl)?;
    let hit_ratio = value.get("hit_ratio").and_then(Value::as_f64).filter(|ratio| (0.0..=1.0).contains(ratio));
    Some(CacheFigures {
        expires_at: seconds(value, "expires_at")?,
        ttl_seconds,
        hit_percent: hit_ratio.map(|ratio| ratio * 100.0),
        cold_tokens: count(value, "recache_tokens_if_cold"),
        last_miss: parse_miss(value),
    })
}

fn parse_miss(cache: &Value) -> Option<MissFigures> {
    let misses = count(cache, "misses").filter(|misses| *misses > 0)?;
    let causes = cache.get("last_miss_cause").and_then(|cause| cause.get("causes")).and_then(Value::as_array);
    let mut known: Vec<CacheMissCause> = Vec::new();
    for cause in causes.into_iter().flatten().filter_map(Value::as_str).map(cause_of) {
        if !known.contains(&cause) {
            known.push(cause);
        }
    }
    let tokens = count(cache, "miss_recache_tokens").filter(|_| misses == 1);
    Some(MissFigures { at: seconds(cache, "last_miss_at"), causes: known, tokens })
}

fn cause_of(name: &str) -> CacheMissCause {
    match name {
        "system_prompt_changed" => CacheMissCause::SystemPromptChanged,
        "tools_changed" => CacheMissCause::ToolsChanged,
        "model_changed" => CacheMissCause::ModelChanged,
        "messages_rewritten" => CacheMissCause::MessagesRewritten,
        "ttl_expired_5m" | "ttl_expired_1h" => CacheMissCause::Expired,
        "likely_server_side" => CacheMissCause::ServerSide,
        _ => CacheMissCause::Unknown,
    }
}

fn count(value: &Value, name: &str) -> Option<u64> {
    value.get(name).and_then(Value::as_u64).filter(|count| *count <= MAX_TOKENS)
}

/// Parses seconds since 1970 up to the year 9999.
fn seconds(value: &Value, name: &str) -> Option<i64> {
    value.get(name).and_then(Value::as_i64).filter(|seconds| (0..253_402_300_800).contains(seconds))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::quota::StatusLineInput;

    fn figures(json: &str) -> SessionFigures {
        StatusLineInput::parse(json.as_bytes()).expect("is an object").figures
    }

    #[test]
    fn context_and_cache_are_parsed() {
        let found = figures(
            r#"{"model":{"id":"claude-opus-5-5","display_name":"Opus 5.5"},
                "context_window":{"total_input_tokens":14775,"context_window_size":1000000,"used_percentage":1},
                "prompt_cache":{"warm":true,"ttl":"5m","expires_at":1795986751,"misses":1,"hit_ratio":0.5,
                    "miss_recache_tokens":16011,"last_miss_at":1795986646,
                    "last_miss_cause":{"causes":["ttl_expired_5m","ttl_expired_1h","new_cause"]},
                    "recache_tokens_if_cold":14775}}"#,
        );
        assert_eq!(found.model.as_deref(), Some("claude-opus-5-5"));
        let context = ContextFigures { tokens: 14_775, window: Some(1_000_000), percent: Some(1.0) };
        assert_eq!(found.context, Some(context));
        let causes = vec![CacheMissCause::Expired, CacheMissCause::Unknown];
        let last_miss = Some(MissFigures { at: Some(1_795_986_646), causes, tokens: Some(16_011) });
        let cache = CacheFigures {
            expires_at: 1_795_986_751,
            ttl_seconds: 300,
            hit_percent: Some(50.0),
            cold_tokens: Some(14_775),
            last_miss,
        };
        assert_eq!(found.cache, Some(cache));
    }

    #[rstest]
    #[case::before_the_first_answer(
        r#"{"context_window":{"total_input_tokens":0,"used_percentage":null},"prompt_cache":null}"#
    )]
    #[case::after_a_compaction(r#"{"context_window":{"total_input_tokens":0,"used_percentage":0}}"#)]
    #[case::impossible(r#"{"context_window":{"total_input_tokens":-4},"prompt_cache":{"ttl":"2h","expires_at":1}}"#)]
    #[case::other_types(r#"{"context_window":[],"prompt_cache":{"ttl":5,"expires_at":"soon"}}"#)]
    fn unknown_figures_are_absent(#[case] json: &str) {
        assert!(figures(json).is_empty());
    }

    #[test]
    fn a_miss_without_a_cause_has_none() {
        let found = figures(
            r#"{"prompt_cache":{"ttl":"1h","expires_at":1,"misses":2,"last_miss_cause":null,"miss_recache_tokens":7}}"#,
        );
        assert_eq!(found.cache.and_then(|cache| cache.last_miss), Some(MissFigures::default()));
    }
}
