//! Normalization of model names, which are logged in many forms.
//!
//! Only parts that name a host, region or endpoint version, a snapshot date, or a mode at the same price are removed:
//! `claude-opus-4` and `claude-opus-4-8` remain two models. Gateways write the version before the family
//! (`claude-4.6-opus`) or after it; both are one model. Every other name is unknown.

/// A parsed model name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ModelName {
    /// The logged name in lower case, without the `[1m]` suffix of the long context.
    pub(crate) written: String,
    /// The name without its host prefixes: `claude-opus-4.8` for `openrouter/anthropic/claude-opus-4.8`.
    pub(crate) bare: String,
    /// The bare name without dates, endpoint versions and modes, with dashes for dots and the version where Anthropic
    /// writes it. It is the key of the bundled table.
    pub(crate) canonical: String,
    /// True if the name is that of a regional endpoint.
    pub(crate) regional: bool,
}

/// Path segments that name a host or protocol that charges the vendor's own price.
const HOSTS: [&str; 8] =
    ["anthropic", "azure_ai", "bedrock", "claude_platform", "converse", "invoke", "openrouter", "vertex_ai"];

/// Prefixes of Bedrock's regional inference profiles. `global.` is not regional, and the profiles of the US
/// government have other prices.
const REGIONS: [&str; 5] = ["us.", "eu.", "apac.", "au.", "jp."];

impl ModelName {
    /// Parses a logged name.
    pub(crate) fn parse(name: &str) -> Self {
        let lower = name.trim().to_ascii_lowercase();
        let written = lower.strip_suffix("[1m]").unwrap_or(&lower);
        let without_hosts = strip_hosts(written);
        let (bare, regional) = strip_region(without_hosts);
        Self { written: written.to_owned(), bare: bare.to_owned(), canonical: canonical_form(bare), regional }
    }
}

/// Returns the last path segment if all others are hosts, or if the path is a resource name of AWS or Google.
fn strip_hosts(name: &str) -> &str {
    let Some((path, last)) = name.rsplit_once('/') else { return name };
    let is_resource = (path.starts_with("arn:aws")
        && (path.ends_with(":foundation-model") || path.ends_with(":inference-profile")))
        || path.ends_with("publishers/anthropic/models");
    if is_resource || path.split('/').all(|segment| HOSTS.contains(&segment)) { last } else { name }
}

/// Removes Bedrock's `anthropic.` and the region before it. Returns true with the name of a regional profile.
fn strip_region(name: &str) -> (&str, bool) {
    let vendor = |name: &'_ str| name.strip_prefix("anthropic.").map(str::len);
    let after = |prefix: &str| name.strip_prefix(prefix).and_then(vendor).map(|length| &name[name.len() - length..]);
    if let Some(bare) = after("").or_else(|| after("global.")) {
        return (bare, false);
    }
    REGIONS.iter().find_map(|region| after(region)).map_or((name, false), |bare| (bare, true))
}

/// Families of models of which the version is written before or after the family.
const FAMILIES: [&str; 5] = ["fable", "haiku", "mythos", "opus", "sonnet"];

/// The first major version that Anthropic writes after the family.
const FIRST_VERSION_AFTER_FAMILY: u32 = 4;

/// Removes dates, endpoint versions, modes and "latest" from the end of a name, and moves the version to its place.
fn canonical_form(bare: &str) -> String {
    let dashed: String = bare.chars().map(|letter| if matches!(letter, '.' | '@') { '-' } else { letter }).collect();
    let mut name = dashed.as_str();
    while let Some(shorter) = strip_suffix(name) {
        name = shorter;
    }
    reorder_version(name).unwrap_or_else(|| name.to_owned())
}

/// Removes one known part from the end of a name. Thinking is billed as output, and OpenRouter's `:beta` is the same
/// endpoint.
fn strip_suffix(name: &str) -> Option<&str> {
    if let Some(rest) = name.strip_suffix(":thinking").or_else(|| name.strip_suffix(":beta")) {
        return Some(rest);
    }
    let (rest, ending) = name.rsplit_once('-')?;
    let known = matches!(ending, "latest" | "default" | "thinking") || is_date(ending) || is_version(ending);
    known.then_some(rest)
}

/// Moves the version of a name to the place where Anthropic writes it: before the family up to version 3, and after it
/// since version 4. Returns `None` if the name is not exactly `claude`, a family, and a version of one or two numbers.
fn reorder_version(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.strip_prefix("claude-")?.split('-').collect();
    let (family, version) = match parts.as_slice() {
        [family, version @ ..] if FAMILIES.contains(family) => (family, version),
        [version @ .., family] if FAMILIES.contains(family) => (family, version),
        _ => return None,
    };
    let is_number = |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !(1..=2).contains(&version.len()) || !version.iter().all(is_number) {
        return None;
    }
    let is_after_family = version[0].parse::<u32>().is_ok_and(|major| major >= FIRST_VERSION_AFTER_FAMILY);
    let version = version.join("-");
    Some(if is_after_family { format!("claude-{family}-{version}") } else { format!("claude-{version}-{family}") })
}

/// Returns true for a date such as `20251101`.
fn is_date(text: &str) -> bool {
    text.len() == 8 && text.starts_with("20") && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns true for an endpoint version such as `v1`, `v2:0` or `v1:0:200k`.
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
    #[case("claude-4.6-opus-20260205", "claude-opus-4-6")]
    #[case("anthropic/claude-4.5-haiku-20251001", "claude-haiku-4-5")]
    #[case("claude-4-sonnet-20250514", "claude-sonnet-4")]
    #[case("claude-4-opus@20250514", "claude-opus-4")]
    #[case("openrouter/anthropic/claude-5.5-opus", "claude-opus-5-5")]
    #[case("claude-sonnet-3.5", "claude-3-5-sonnet")]
    #[case("claude-haiku-3", "claude-3-haiku")]
    #[case("claude-sonnet-4-5-thinking", "claude-sonnet-4-5")]
    #[case("claude-3-7-sonnet-20250219-thinking", "claude-3-7-sonnet")]
    #[case("anthropic/claude-3.7-sonnet:thinking", "claude-3-7-sonnet")]
    #[case("anthropic/claude-3.5-sonnet:beta", "claude-3-5-sonnet")]
    #[case("anthropic/claude-4.5-sonnet-20250929:thinking", "claude-sonnet-4-5")]
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
    fn all_forms_of_a_name_have_one_canonical_form(#[case] written: &str, #[case] canonical: &str) {
        let name = ModelName::parse(written);
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
    fn regional_profiles_are_recognized(#[case] written: &str, #[case] canonical: &str) {
        let name = ModelName::parse(written);
        assert_eq!(name.canonical, canonical);
        assert!(name.regional);
    }

    /// Names that must not be found in the bundled table.
    #[rstest]
    #[case::another_host("github_copilot/claude-opus-4.8")]
    #[case::another_host_with_a_vendor_segment("deepinfra/anthropic/claude-4-opus")]
    #[case::a_government_region("us-gov.anthropic.claude-opus-5")]
    #[case::a_single_region("bedrock/us-gov-west-1/anthropic.claude-opus-5")]
    #[case::an_application_profile("arn:aws:bedrock:us-east-1:1:application-inference-profile/abcdef")]
    #[case::not_the_vendor("us.claude-opus-5")]
    #[case::a_longer_name("claude-opus-4-8-turbo")]
    #[case::another_version("claude-opus-4-9")]
    #[case::a_date_too_short("claude-opus-4-8-2025110")]
    #[case::an_alias("opus")]
    #[case::a_family_alone("claude-opus")]
    #[case::a_family_alone("claude-sonnet-latest")]
    #[case::a_version_alone("claude-4-5")]
    #[case::fast_mode_in_the_name("anthropic/claude-opus-4.6-fast")]
    #[case::fast_mode_in_the_name("claude-4.6-opus-fast")]
    #[case::another_variant("anthropic/claude-sonnet-4.5:online")]
    #[case::another_variant("anthropic/claude-sonnet-4.5:free")]
    #[case::an_effort_in_the_name("claude-4.6-opus-high-thinking")]
    #[case::a_budget_in_the_name("claude-sonnet-4-5-thinking-32k")]
    #[case::two_families("claude-opus-sonnet-4")]
    #[case::a_third_number("claude-4-5-1-opus")]
    #[case::a_reversed_unknown_version("claude-4.9-opus")]
    #[case::a_synthetic_model("<synthetic>")]
    #[case::empty("")]
    #[case::another_vendor("glm-4.7")]
    fn unknown_names_are_not_mapped_to_a_listed_model(#[case] written: &str) {
        assert_eq!(crate::pricing::bundled::bundled_prices(&ModelName::parse(written).canonical), None);
    }

    #[test]
    fn the_bare_name_has_no_hosts_and_keeps_its_dots() {
        assert_eq!(ModelName::parse("openrouter/anthropic/claude-opus-4.8[1m]").bare, "claude-opus-4.8");
        assert_eq!(ModelName::parse("openrouter/z-ai/glm-4.7").bare, "openrouter/z-ai/glm-4.7");
    }

    proptest! {
        #[test]
        fn the_canonical_form_of_a_canonical_name_is_itself(name in "\\PC{0,40}") {
            let once = ModelName::parse(&name).canonical;
            let has_unstripped_parts = once.contains('/') || once.contains("[1m]");
            prop_assume!(!has_unstripped_parts);
            prop_assert_eq!(&ModelName::parse(&once).canonical, &once);
        }
    }
}
