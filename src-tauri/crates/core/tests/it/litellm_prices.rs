//! Compares the price book with LiteLLM for requests generated and priced by `scripts/check-prices.py`.
//!
//! The prices agree to a billionth of a dollar except where LiteLLM ignores a part of a request. Each such difference is
//! listed here; without the ignored part, our calculation gives exactly LiteLLM's price.

use serde::Deserialize;
use token_monitor_core::pricing::{ApiCall, BillingTerms, PriceBook};
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::Usage;

#[derive(Deserialize)]
struct Golden {
    requests: Vec<Request>,
}

#[derive(Clone, Debug, Deserialize)]
struct Request {
    model: String,
    date: String,
    shape: String,
    usage: Used,
    #[serde(default)]
    speed: String,
    #[serde(default)]
    geo: String,
    #[serde(default)]
    tier: String,
    dollars: f64,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct Used {
    input: u64,
    output: u64,
    write: u64,
    hour: u64,
    read: u64,
    searches: u64,
}

/// A part of some requests that LiteLLM ignores.
struct Difference {
    reason: &'static str,
    applies_to: fn(&Request) -> bool,
    /// Returns the request as LiteLLM prices it.
    as_priced_by_litellm: fn(Request) -> Request,
}

const TODAY: &str = "2026-11-21";

const DIFFERENCES: [Difference; 6] = [
    Difference {
        reason: "it has no dates, so it lacks surcharges, fast modes and cache rates that have ended",
        applies_to: |request| request.date != TODAY,
        as_priced_by_litellm: |request| Request { date: TODAY.into(), ..request },
    },
    Difference {
        reason: "it prices fast mode as standard if it lists no multiplier: withdrawn modes, and modes that never existed",
        applies_to: |request| {
            let listed = ["claude-opus-4-8", "claude-opus-5", "claude-opus-5-5"];
            request.speed == "fast" && !listed.contains(&&*request.model)
        },
        as_priced_by_litellm: |request| Request { speed: String::new(), ..request },
    },
    Difference {
        reason: "it lists no one-hour cache writes for these, and none in a batch, so it uses the five-minute price",
        applies_to: |request| {
            let names = [
                "claude-3-",
                "claude-opus-4-2",
                "claude-opus-4-1-2",
                "claude-sonnet-4-2",
                "apac.anthropic.claude-haiku-4-5",
            ];
            request.tier == "batch" || names.iter().any(|name| request.model.contains(name))
        },
        as_priced_by_litellm: |request| Request { usage: Used { hour: 0, ..request.usage }, ..request },
    },
    Difference {
        reason: "it lists no surcharge on long prompts for this model, although it does for Bedrock and Vertex",
        applies_to: |request| {
            let models = [
                "claude-sonnet-4-5",
                "claude-sonnet-4-5-20250929",
                "azure_ai/claude-sonnet-4-5",
                "bedrock/claude_platform/claude-sonnet-4-5",
            ];
            models.contains(&&*request.model) && request.shape.starts_with("over 200k")
        },
        as_priced_by_litellm: halve,
    },
    Difference {
        reason: "it lists no cache prices for these, so it uses the input price",
        applies_to: |request| request.model.starts_with("vertex_ai/claude-3-"),
        as_priced_by_litellm: |request| {
            let Used { input, output, write, read, .. } = request.usage;
            Request { usage: Used { input: input + write + read, output, ..Used::default() }, ..request }
        },
    },
    Difference {
        reason: "it lists no price for searches of this model",
        applies_to: |request| request.model.starts_with("claude-haiku-4-5"),
        as_priced_by_litellm: |request| Request { usage: Used { searches: 0, ..request.usage }, ..request },
    },
];

/// Wrong entries of LiteLLM: prices from before a reduction, and a model that never existed.
const WRONG: [&str; 3] =
    ["anthropic.claude-3-7-sonnet-20240620-v1:0", "vertex_ai/claude-3-5-haiku", "vertex_ai/claude-3-5-haiku@20241022"];

/// Parts of names that our price book does not know: a host's own name for fast mode, government regions, single
/// regions, a preview, and models older than any log.
const UNKNOWN: [&str; 9] = [
    "-fast",
    "-mythos-preview",
    "bedrock/ap-",
    "bedrock/eu-central-1/",
    "bedrock/us-",
    "claude-instant-v1",
    "claude-v1",
    "claude-v2",
    "us-gov.",
];

/// Halves a request, so that its prompt is not long. At constant rates it costs half as much.
fn halve(request: Request) -> Request {
    let Used { input, output, write, hour, read, searches } = request.usage;
    let counts = [input, output, write, hour, read, searches];
    assert!(counts.iter().all(|count| count % 2 == 0), "{request:?} has no exact half");
    let [input, output, write, hour, read, searches] = counts.map(|count| count / 2);
    let usage = Used { input, output, write, hour, read, searches };
    Request { usage, dollars: request.dollars / 2.0, ..request }
}

fn load_requests() -> Vec<Request> {
    let golden: Golden = serde_json::from_str(include_str!("litellm-prices.json")).expect("the file is valid");
    golden.requests
}

/// Returns true if our price equals that of the request to a billionth of a dollar.
fn has_same_price(book: &PriceBook, request: &Request) -> bool {
    our_price(book, request).is_some_and(|ours| (ours as f64 - request.dollars * 1e9).abs() <= 1.0)
}

fn our_price(book: &PriceBook, request: &Request) -> Option<u64> {
    let Used { input, output, write, hour, read, searches } = request.usage;
    let cache = Usage { cache_write: write, cache_write_hour: hour, cache_read: read, ..Usage::default() };
    let usage = Usage { input, output, web_searches: searches, ..cache };
    let terms = BillingTerms::from_log(&request.speed, &request.geo, &request.tier);
    let when = Timestamp::parse(&request.date).expect("a day");
    book.cost_of(&ApiCall { model: &request.model, usage, terms, when }).map(|cost| cost.total().0)
}

fn is_in_price_book(request: &Request) -> bool {
    !UNKNOWN.iter().any(|name| request.model.contains(name))
}

#[test]
fn every_request_costs_the_same_as_in_litellm_apart_from_the_listed_differences() {
    let book = PriceBook::bundled();
    let requests = load_requests();
    let compared = requests.iter().filter(|request| is_in_price_book(request) && !WRONG.contains(&&*request.model));
    for request in compared.clone() {
        let applicable = DIFFERENCES.iter().filter(|difference| (difference.applies_to)(request));
        let theirs =
            applicable.clone().fold(request.clone(), |request, difference| (difference.as_priced_by_litellm)(request));
        let reasons: Vec<_> = applicable.map(|difference| difference.reason).collect();
        assert!(
            has_same_price(&book, &theirs),
            "ours {:?} of {theirs:?}, though {reasons:?}",
            our_price(&book, &theirs)
        );
    }
    assert!(compared.count() > 1_000);
}

#[test]
fn every_listed_difference_is_still_needed() {
    let book = PriceBook::bundled();
    let requests = load_requests();
    for difference in &DIFFERENCES {
        let needed = |request: &&Request| {
            let others =
                DIFFERENCES.iter().filter(|other| other.reason != difference.reason && (other.applies_to)(request));
            let theirs = others.fold((*request).clone(), |request, other| (other.as_priced_by_litellm)(request));
            (difference.applies_to)(request) && is_in_price_book(request) && !has_same_price(&book, &theirs)
        };
        assert!(requests.iter().any(|request| needed(&request)), "no longer needed: {}", difference.reason);
    }
    for name in WRONG {
        assert!(
            requests.iter().any(|request| request.model == name && !has_same_price(&book, request)),
            "{name} was corrected"
        );
    }
}

#[test]
fn models_that_are_not_in_the_price_book_stay_unpriced() {
    let book = PriceBook::bundled();
    let requests = load_requests();
    let unknown: Vec<_> = requests.iter().filter(|request| !is_in_price_book(request)).collect();
    assert!(unknown.iter().all(|request| our_price(&book, request).is_none()));
    for name in UNKNOWN {
        assert!(unknown.iter().any(|request| request.model.contains(name)), "{name} is no longer in the list");
    }
}
