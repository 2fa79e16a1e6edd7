//! The few fields of a log's records that matter. Nothing here judges what they mean.

use std::marker::PhantomData;

use serde::de::{IgnoredAny, MapAccess};

use crate::transcript::lenient_json::{Count, Dollars, Flag, List, Map, Narrow, Object, Text, Words, narrow};

narrow! {
    /// One record of a log.
    Record {
        "type" => kind: Option<Text<'a>>,
        "timestamp" => timestamp: Text<'a>,
        "sessionId" => session: Text<'a>,
        "uuid" => uuid: Text<'a>,
        "requestId" => request: Text<'a>,
        "cwd" => cwd: Text<'a>,
        "gitBranch" => branch: Text<'a>,
        "version" => version: Text<'a>,
        "agentId" => agent: Text<'a>,
        "costUSD" => cost: Dollars,
        "isSidechain" => sidechain: Flag,
        "message" => message: Object<Message<'a>>,
        "data" => data: Object<Progress<'a>>,
        "aiTitle" => ai_title: Text<'a>,
        "customTitle" => custom_title: Text<'a>,
        "summary" => summary: Text<'a>,
        "leafUuid" => leaf: Text<'a>,
        "totalCostUSD" => total_cost: Dollars,
        "hasUnknownModelCost" => unknown_cost: Flag,
        "modelUsage" => models: Map<Counted<'a>>,
    }
}

narrow! {
    /// What a record says of the model's answer.
    Message {
        "id" => id: Text<'a>,
        "role" => role: Text<'a>,
        "model" => model: Text<'a>,
        "stop_reason" => stop_reason: Text<'a>,
        "usage" => usage: Object<Usage<'a>>,
    }
}

narrow! {
    /// The payload of a `progress` record.
    Progress { "message" => message: Object<Nested<'a>>, "agentId" => agent: Text<'a> }
}

narrow! {
    /// The record of a subagent inside a `progress` record.
    Nested { "requestId" => request: Text<'a>, "message" => message: Object<Message<'a>> }
}

narrow! {
    /// What one call used, and the extra calls made on its behalf.
    Usage {
        "type" => kind: Text<'a>,
        "model" => model: Text<'a>,
        "input_tokens" => input: Count,
        "output_tokens" => output: Count,
        "cache_creation_input_tokens" => cache_write: Count,
        "cache_read_input_tokens" => cache_read: Count,
        "cache_creation" => split: Object<Split<'a>>,
        "server_tool_use" => tools: Object<Tools<'a>>,
        "service_tier" => tier: Text<'a>,
        "inference_geo" => geo: Text<'a>,
        "speed" => speed: Text<'a>,
        "iterations" => iterations: List<Usage<'a>>,
    }
}

narrow! {
    /// Cache writes by how long they last.
    Split { "ephemeral_5m_input_tokens" => five_minutes: Count, "ephemeral_1h_input_tokens" => hour: Count }
}

narrow! {
    /// Tools the server ran.
    Tools { "web_search_requests" => web_searches: Count, "web_fetch_requests" => web_fetches: Count }
}

narrow! {
    /// What Claude Code's own counter says of one model.
    Counted {
        "inputTokens" => input: Count,
        "outputTokens" => output: Count,
        "cacheReadInputTokens" => cache_read: Count,
        "cacheCreationInputTokens" => cache_write: Count,
        "webSearchRequests" => web_searches: Count,
    }
}

narrow! {
    /// A record whose words matter: what a person asked, or why Claude Code stopped.
    Spoken {
        "type" => kind: Text<'a>,
        "timestamp" => timestamp: Text<'a>,
        "sessionId" => session: Text<'a>,
        "isMeta" => meta: Flag,
        "isCompactSummary" => compact_summary: Flag,
        "isSidechain" => sidechain: Flag,
        "message" => message: Object<Speech<'a>>,
    }
}

narrow! {
    /// What was said.
    Speech { "model" => model: Text<'a>, "content" => content: Words<'a> }
}
