//! One name for each model, from the many it goes by.
//!
//! Pure text. It takes off what says where a model runs (host, region, version of the endpoint) or which snapshot of
//! it (a date), and nothing else: `claude-opus-4` and `claude-opus-4-8` stay two models.

/// A model's name, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ModelName {
    /// As written, but in lower case and without the mark of the long context.
    pub(crate) written: String,
    /// Without the hosts before it: `openrouter/anthropic/claude-opus-4.8` is `claude-opus-4.8`.
    pub(crate) bare: String,
    /// Without dates and versions too, dots as dashes: the form of the price book.
    pub(crate) canonical: String,
    /// Whether it names an endpoint that keeps to one region.
    pub(crate) regional: bool,
}

/// Path segments that say which host or protocol a model is reached through, at the vendor's own price.
const HOSTS: [&str; 8] =
    ["anthropic", "azure_ai", "bedrock", "claude_platform", "converse", "invoke", "openrouter", "vertex_ai"];

/// Bedrock's inference profiles that keep to one region. `global.` does not; the government's has its own prices.
const REGIONS: [&str; 5] = ["us.", "eu.", "apac.", "au.", "jp."];

impl ModelName {
    /// Reads a name as a log writes it.
    pub(crate) fn read(name: &str) -> Self {
        let lower = name.trim().to_ascii_lowercase();
        let written = lower.strip_suffix("[1m]").unwrap_or(&lower);
        let unhosted = without_hosts(written);
        let (bare, regional) = without_region(unhosted);
        Self { written: written.to_owned(), bare: bare.to_owned(), canonical: canonical(bare), regional }
    }
}

/// The last segment of a path all of whose others are hosts, or of Amazon's or Google's full resource name.
fn without_hosts(name: &str) -> &str {
    let Some((path, last)) = name.rsplit_once('/') else { return name };
    let is_resource = (path.starts_with("arn:aws")
        && (path.ends_with(":foundation-model") || path.ends_with(":inference-profile")))
        || path.ends_with("publishers/anthropic/models");
    if is_resource || path.split('/').all(|segment| HOSTS.contains(&segment)) { last } else { name }
}

/// Without Bedrock's `anthropic.` and the region before it.
fn without_region(name: &str) -> (&str, bool) {
    let vendor = |name: &'_ str| name.strip_prefix("anthropic.").map(str::len);
    let after = |prefix: &str| name.strip_prefix(prefix).and_then(vendor).map(|length| &name[name.len() - length..]);
    if let Some(bare) = after("").or_else(|| after("global.")) {
        return (bare, false);
    }
    REGIONS.iter().find_map(|region| after(region)).map_or((name, false), |bare| (bare, true))
}

/// Without what follows the model itself: its date, the version of its endpoint, "latest".
fn canonical(bare: &str) -> String {
    let dashed: String = bare.chars().map(|letter| if matches!(letter, '.' | '@') { '-' } else { letter }).collect();
    let mut name = dashed.as_str();
    while let Some(shorter) = without_ending(name) {
        name = shorter;
    }
    name.to_owned()
}

fn without_ending(name: &str) -> Option<&str> {
    let (rest, ending) = name.rsplit_once('-')?;
    let known = matches!(ending, "latest" | "default") || is_date(ending) || is_version(ending);
    known.then_some(rest)
}

/// `20251101`.
fn is_date(text: &str) -> bool {
    text.len() == 8 && text.starts_with("20") && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `v1`, `v2:0`, `v1:0:200k`.
fn is_version(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('v') else { return false };
    let mut parts = rest.split(':');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(is_number) && parts.all(|part| is_number(part.strip_suffix('k').unwrap_or(part)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("claude-opus-4-8", "claude-opus-4-8")]
    #[case("claude-opus-4-8[1m]", "claude-opus-4-8")]
    #[case("CLAUDE-Opus-4-8[1M]", "claude-opus-4-8")]
    #[case(" claude-opus-4-8 ", "claude-opus-4-8")]
    #[case("claude-opus-4.8", "claude-opus-4-8")]
    #[case("claude-opus-4-5-20251101", "claude-opus-4-5")]
    #[case("claude-opus-4-5-20251101[1m]", "claude-opus-4-5")]
    #[case("claude-opus-4-20250514", "claude-opus-4")]
    #[case("claude-opus-4@20250514", "claude-opus-4")]
    #[case("claude-opus-4-6@default", "claude-opus-4-6")]
    #[case("claude-3-5-sonnet-20241022", "claude-3-5-sonnet")]
    #[case("claude-3-5-sonnet-v2@20241022", "claude-3-5-sonnet")]
    #[case("claude-3.5-sonnet", "claude-3-5-sonnet")]
    #[case("claude-3-5-haiku-latest", "claude-3-5-haiku")]
    #[case("claude-3-7-sonnet-latest", "claude-3-7-sonnet")]
    #[case("anthropic/claude-opus-4-8", "claude-opus-4-8")]
    #[case("anthropic/claude-sonnet-4.6", "claude-sonnet-4-6")]
    #[case("openrouter/anthropic/claude-fable-5.1", "claude-fable-5-1")]
    #[case("vertex_ai/claude-opus-4-5@20251101", "claude-opus-4-5")]
    #[case("azure_ai/claude-opus-5-5", "claude-opus-5-5")]
    #[case("bedrock/anthropic.claude-haiku-5-5", "claude-haiku-5-5")]
    #[case("bedrock/converse/global.anthropic.claude-opus-5", "claude-opus-5")]
    #[case("bedrock/invoke/anthropic.claude-3-5-sonnet-20240620-v1:0", "claude-3-5-sonnet")]
    #[case("anthropic.claude-opus-4-6-v1", "claude-opus-4-6")]
    #[case("anthropic.claude-3-sonnet-20240229-v1:0:200k", "claude-3-sonnet")]
    #[case("anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet")]
    #[case("global.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5")]
    #[case("global.anthropic.claude-sonnet-4-5-20250929-v1:0[1m]", "claude-sonnet-4-5")]
    #[case("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-1-20250805-v1:0", "claude-opus-4-1")]
    #[case("projects/p/locations/global/publishers/anthropic/models/claude-opus-4@20250514", "claude-opus-4")]
    fn a_model_keeps_one_name(#[case] written: &str, #[case] canonical: &str) {
        let name = ModelName::read(written);
        assert_eq!(name.canonical, canonical);
        assert!(!name.regional);
    }

    #[rstest]
    #[case("us.anthropic.claude-opus-4-5-20251101-v1:0", "claude-opus-4-5")]
    #[case("eu.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5")]
    #[case("apac.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4")]
    #[case("au.anthropic.claude-sonnet-5-5", "claude-sonnet-5-5")]
    #[case("jp.anthropic.claude-opus-4-8[1m]", "claude-opus-4-8")]
    #[case("bedrock/us.anthropic.claude-fable-5-1", "claude-fable-5-1")]
    #[case(
        "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-opus-4-6-v1",
        "claude-opus-4-6"
    )]
    fn a_profile_that_keeps_to_a_region_says_so(#[case] written: &str, #[case] canonical: &str) {
        let name = ModelName::read(written);
        assert_eq!(name.canonical, canonical);
        assert!(name.regional);
    }

    /// Nothing here may end as a model of the book.
    #[rstest]
    #[case::another_seller("github_copilot/claude-opus-4.8")]
    #[case::another_seller_of_the_vendor("deepinfra/anthropic/claude-4-opus")]
    #[case::the_governments_region("us-gov.anthropic.claude-opus-5")]
    #[case::a_single_region("bedrock/us-gov-west-1/anthropic.claude-opus-5")]
    #[case::a_profile_of_ones_own("arn:aws:bedrock:us-east-1:1:application-inference-profile/abcdef")]
    #[case::not_the_vendor("us.claude-opus-5")]
    #[case::a_longer_name("claude-opus-4-8-turbo")]
    #[case::another_version("claude-opus-4-9")]
    #[case::a_date_too_short("claude-opus-4-8-2025110")]
    #[case::an_alias("opus")]
    #[case::made_by_claude_code("<synthetic>")]
    #[case::nothing("")]
    #[case::another_vendor("glm-4.7")]
    fn what_is_not_surely_a_model_is_not_made_one(#[case] written: &str) {
        assert_eq!(crate::pricing::bundled::prices(&ModelName::read(written).canonical), None);
    }

    #[test]
    fn hosts_go_and_dots_stay_in_the_bare_name() {
        assert_eq!(ModelName::read("openrouter/anthropic/claude-opus-4.8[1m]").bare, "claude-opus-4.8");
        assert_eq!(ModelName::read("openrouter/z-ai/glm-4.7").bare, "openrouter/z-ai/glm-4.7");
    }

    proptest! {
        #[test]
        fn reading_a_canonical_name_changes_nothing(name in "\\PC{0,40}") {
            let once = ModelName::read(&name).canonical;
            let segments_left = once.contains('/') || once.contains("[1m]");
            prop_assume!(!segments_left);
            prop_assert_eq!(&ModelName::read(&once).canonical, &once);
        }
    }
}
