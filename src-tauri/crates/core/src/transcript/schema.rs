//! The fields of log records that are parsed. Their values are not interpreted here.

use std::marker::PhantomData;

use serde::de::{IgnoredAny, MapAccess};

use crate::quota::fields::LenientTime;
use crate::transcript::lenient_json::{
    Dollars, LenientBool, LenientCount, List, Map, Object, PartialDeserialize, Present, Text, TextContent, partial,
};

partial! {
    /// A record of a log.
    LogRecord {
        "type" => kind: Option<Text<'a>>,
        "timestamp" => timestamp: Text<'a>,
        "sessionId" => session: Text<'a>,
        "requestSessionId" => request_session: Text<'a>,
        "uuid" => uuid: Text<'a>,
        "requestId" => request: Text<'a>,
        "cwd" => cwd: Text<'a>,
        "gitBranch" => branch: Text<'a>,
        "version" => version: Text<'a>,
        "agentId" => agent: Text<'a>,
        "costUSD" => cost: Dollars,
        "isSidechain" => sidechain: LenientBool,
        "isAbortedMidStream" => aborted: LenientBool,
        "promptCacheRequested" => cache_requested: Text<'a>,
        "message" => message: Object<AnswerMessage<'a>>,
        "data" => data: Object<ProgressData<'a>>,
        "aiTitle" => ai_title: Text<'a>,
        "customTitle" => custom_title: Text<'a>,
        "summary" => summary: Text<'a>,
        "leafUuid" => leaf: Text<'a>,
        "totalCostUSD" => total_cost: Dollars,
        "hasUnknownModelCost" => unknown_cost: LenientBool,
        "modelUsage" => models: Map<ModelTotals<'a>>,
        "startTime" => start: LenientCount,
        "relocatedCwd" => relocated_to: Text<'a>,
        "worktreeSession" => worktree: Object<WorktreeState<'a>>,
    }
}

partial! {
    /// The worktree that a session entered.
    WorktreeState { "worktreePath" => path: Text<'a> }
}

partial! {
    /// A message of the model.
    AnswerMessage {
        "id" => id: Text<'a>,
        "role" => role: Text<'a>,
        "model" => model: Text<'a>,
        "stop_reason" => stop_reason: Text<'a>,
        "stop_details" => stop_details: Present,
        "usage" => usage: Object<LoggedUsage<'a>>,
    }
}

partial! {
    /// The payload of a `progress` record.
    ProgressData { "message" => message: Object<NestedRecord<'a>>, "agentId" => agent: Text<'a> }
}

partial! {
    /// The record of a subagent inside a `progress` record.
    NestedRecord { "requestId" => request: Text<'a>, "message" => message: Object<AnswerMessage<'a>> }
}

partial! {
    /// The usage of one call, with its iterations.
    LoggedUsage {
        "type" => kind: Text<'a>,
        "model" => model: Text<'a>,
        "input_tokens" => input: LenientCount,
        "output_tokens" => output: LenientCount,
        "cache_creation_input_tokens" => cache_write: LenientCount,
        "cache_read_input_tokens" => cache_read: LenientCount,
        "cache_creation" => split: Object<CacheSplit<'a>>,
        "server_tool_use" => tools: Object<ServerTools<'a>>,
        "service_tier" => tier: Text<'a>,
        "inference_geo" => geo: Text<'a>,
        "speed" => speed: Text<'a>,
        "iterations" => iterations: List<LoggedUsage<'a>>,
    }
}

partial! {
    /// Cache writes by duration.
    CacheSplit { "ephemeral_5m_input_tokens" => five_minutes: LenientCount, "ephemeral_1h_input_tokens" => hour: LenientCount }
}

partial! {
    /// Calls of server-side tools.
    ServerTools { "web_search_requests" => web_searches: LenientCount, "web_fetch_requests" => web_fetches: LenientCount }
}

partial! {
    /// Claude Code's own totals of one model.
    ModelTotals {
        "inputTokens" => input: LenientCount,
        "outputTokens" => output: LenientCount,
        "cacheReadInputTokens" => cache_read: LenientCount,
        "cacheCreationInputTokens" => cache_write: LenientCount,
        "webSearchRequests" => web_searches: LenientCount,
    }
}

partial! {
    /// A record whose text is parsed: a prompt of the user or a notice of Claude Code.
    PromptRecord {
        "type" => kind: Text<'a>,
        "timestamp" => timestamp: Text<'a>,
        "sessionId" => session: Text<'a>,
        "isMeta" => meta: LenientBool,
        "isCompactSummary" => compact_summary: LenientBool,
        "isSidechain" => sidechain: LenientBool,
        "origin" => origin: Object<PromptOrigin<'a>>,
        "promptSource" => prompt_source: Text<'a>,
        "turnOrigin" => turn_origin: Text<'a>,
        "apiErrorType" => error_type: Text<'a>,
        "message" => message: Object<PromptMessage<'a>>,
        "quotaLimits" => quota_limits: Object<LoggedQuotaLimits<'a>>,
    }
}

partial! {
    /// A record of a request, or of an answer that names its request.
    RequestRecord {
        "type" => kind: Text<'a>,
        "id" => id: Text<'a>,
        "timestamp" => timestamp: Text<'a>,
        "sessionId" => session: Text<'a>,
        "requestRef" => answered: Text<'a>,
    }
}

partial! {
    /// A record of a failed request, or another one of the system.
    ApiErrorRecord {
        "subtype" => subtype: Text<'a>,
        "isSidechain" => sidechain: LenientBool,
        "error" => error: Object<ApiErrorDetails<'a>>,
    }
}

partial! {
    /// A record of a pull request.
    PullRequestRecord { "prUrl" => url: Text<'a>, "prRepository" => repository: Text<'a>, "prNumber" => number: LenientCount }
}

partial! {
    /// The error of a failed request.
    ApiErrorDetails { "rateLimits" => rate_limits: Object<LoggedQuotaLimits<'a>> }
}

partial! {
    /// The quota window that a response named: of a rejected request, beside a notice, or of a failed one.
    LoggedQuotaLimits {
        "status" => status: Text<'a>,
        "resetsAt" => resets_at: LenientTime,
        "rateLimitType" => window: Text<'a>,
    }
}

partial! {
    /// The origin of a prompt.
    PromptOrigin { "kind" => kind: Text<'a> }
}

partial! {
    /// The message of a prompt or notice.
    PromptMessage { "model" => model: Text<'a>, "content" => content: TextContent<'a> }
}
