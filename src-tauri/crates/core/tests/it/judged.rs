//! The price book beside LiteLLM's, over requests made up and priced by `scripts/check-prices.py`.
//!
//! They agree to the billionth of a dollar but where LiteLLM leaves something out of account. Each such difference
//! stands here with what it leaves out: left out of our own arithmetic too, that gives LiteLLM's number exactly.

use serde::Deserialize;
use token_monitor_core::pricing::{Call, PriceBook, Terms};
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

/// Something LiteLLM leaves out of account.
struct Difference {
    why: &'static str,
    concerns: fn(&Request) -> bool,
    /// The request as LiteLLM understands it.
    left_out: fn(Request) -> Request,
}

const TODAY: &str = "2026-11-21";

const DIFFERENCES: [Difference; 6] = [
    Difference {
        why: "it has no dates: surcharges, fast modes and cache rates that ended are not in it",
        concerns: |request| request.date != TODAY,
        left_out: |request| Request { date: TODAY.into(), ..request },
    },
    Difference {
        why: "it prices fast mode as standard where it lists no multiple: modes withdrawn, and modes that never were",
        concerns: |request| {
            let listed = ["claude-opus-4-8", "claude-opus-5", "claude-opus-5-5"];
            request.speed == "fast" && !listed.contains(&&*request.model)
        },
        left_out: |request| Request { speed: String::new(), ..request },
    },
    Difference {
        why: "it lists no price of an hour-long write for these, and none in a batch: it takes that of five minutes",
        concerns: |request| {
            let old = [
                "claude-3-",
                "claude-opus-4-2",
                "claude-opus-4-1-2",
                "claude-sonnet-4-2",
                "apac.anthropic.claude-haiku-4-5",
            ];
            request.tier == "batch" || old.iter().any(|name| request.model.contains(name))
        },
        left_out: |request| Request { usage: Used { hour: 0, ..request.usage }, ..request },
    },
    Difference {
        why: "it lists no surcharge on long prompts for this model here, though it does on Bedrock and Vertex",
        concerns: |request| {
            let here = [
                "claude-sonnet-4-5",
                "claude-sonnet-4-5-20250929",
                "azure_ai/claude-sonnet-4-5",
                "bedrock/claude_platform/claude-sonnet-4-5",
            ];
            here.contains(&&*request.model) && request.shape.starts_with("over 200k")
        },
        left_out: halved,
    },
    Difference {
        why: "it lists no cache prices for these: it takes those of input",
        concerns: |request| request.model.starts_with("vertex_ai/claude-3-"),
        left_out: |request| {
            let Used { input, output, write, read, .. } = request.usage;
            Request { usage: Used { input: input + write + read, output, ..Used::default() }, ..request }
        },
    },
    Difference {
        why: "it lists no price of searches for this model",
        concerns: |request| request.model.starts_with("claude-haiku-4-5"),
        left_out: |request| Request { usage: Used { searches: 0, ..request.usage }, ..request },
    },
];

/// Rows that are wrong: prices of before a cut, and a model that never was.
const WRONG: [&str; 3] =
    ["anthropic.claude-3-7-sonnet-20240620-v1:0", "vertex_ai/claude-3-5-haiku", "vertex_ai/claude-3-5-haiku@20241022"];

/// What our book leaves unpriced: a host's own name for fast mode, the government's regions, single regions, a
/// preview, models older than any log.
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

/// Half a request, below where long prompts begin: at one rate it costs half as much.
fn halved(request: Request) -> Request {
    let Used { input, output, write, hour, read, searches } = request.usage;
    let counts = [input, output, write, hour, read, searches];
    assert!(counts.iter().all(|count| count % 2 == 0), "{request:?} has no exact half");
    let [input, output, write, hour, read, searches] = counts.map(|count| count / 2);
    let usage = Used { input, output, write, hour, read, searches };
    Request { usage, dollars: request.dollars / 2.0, ..request }
}

fn golden() -> Vec<Request> {
    let golden: Golden = serde_json::from_str(include_str!("litellm-prices.json")).expect("the script wrote it");
    golden.requests
}

/// Whether our book says what the request's own price is, to the billionth of a dollar.
fn agrees(book: &PriceBook, request: &Request) -> bool {
    priced(book, request).is_some_and(|ours| (ours as f64 - request.dollars * 1e9).abs() <= 1.0)
}

fn priced(book: &PriceBook, request: &Request) -> Option<u64> {
    let Used { input, output, write, hour, read, searches } = request.usage;
    let cache = Usage { cache_write: write, cache_write_hour: hour, cache_read: read, ..Usage::default() };
    let usage = Usage { input, output, web_searches: searches, ..cache };
    let terms = Terms::logged(&request.speed, &request.geo, &request.tier);
    let when = Timestamp::parse(&request.date).expect("a day");
    book.cost(&Call { model: &request.model, usage, terms, when }).map(|cost| cost.0)
}

fn is_known(request: &Request) -> bool {
    !UNKNOWN.iter().any(|name| request.model.contains(name))
}

#[test]
fn every_request_costs_what_litellm_says_but_for_the_differences_listed() {
    let book = PriceBook::bundled();
    let requests = golden();
    let compared = requests.iter().filter(|request| is_known(request) && !WRONG.contains(&&*request.model));
    for request in compared.clone() {
        let concerned = DIFFERENCES.iter().filter(|difference| (difference.concerns)(request));
        let theirs = concerned.clone().fold(request.clone(), |request, difference| (difference.left_out)(request));
        let whys: Vec<_> = concerned.map(|difference| difference.why).collect();
        assert!(agrees(&book, &theirs), "ours {:?} of {theirs:?}, though {whys:?}", priced(&book, &theirs));
    }
    assert!(compared.count() > 1_000);
}

#[test]
fn every_difference_listed_still_is_one() {
    let book = PriceBook::bundled();
    let requests = golden();
    for difference in &DIFFERENCES {
        let needed = |request: &&Request| {
            let others = DIFFERENCES.iter().filter(|other| other.why != difference.why && (other.concerns)(request));
            let theirs = others.fold((*request).clone(), |request, other| (other.left_out)(request));
            (difference.concerns)(request) && is_known(request) && !agrees(&book, &theirs)
        };
        assert!(requests.iter().any(|request| needed(&request)), "no longer needed: {}", difference.why);
    }
    for name in WRONG {
        assert!(requests.iter().any(|request| request.model == name && !agrees(&book, request)), "{name} was mended");
    }
}

#[test]
fn what_our_book_does_not_know_stays_unpriced() {
    let book = PriceBook::bundled();
    let requests = golden();
    let unknown: Vec<_> = requests.iter().filter(|request| !is_known(request)).collect();
    assert!(unknown.iter().all(|request| priced(&book, request).is_none()));
    for name in UNKNOWN {
        assert!(unknown.iter().any(|request| request.model.contains(name)), "{name} is not in the list any more");
    }
}
