//! A list of releases, in the form of GitHub's API. Of a release, only the tag is used.

use semver::Version;
use serde::Deserialize;

/// A release. The other fields of the list are ignored.
#[derive(Debug, Deserialize)]
struct Release {
    tag_name: String,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    prerelease: bool,
}

/// Returns the highest version of the list; None if it contains none. Drafts and previews are skipped, and tags that are
/// no versions.
///
/// # Errors
///
/// If the text is not a list of releases.
pub(super) fn latest_version(json: &[u8]) -> Result<Option<Version>, serde_json::Error> {
    let releases: Vec<Release> = serde_json::from_slice(json)?;
    let is_final = |release: &&Release| !release.draft && !release.prerelease;
    let versions = releases.iter().filter(is_final).filter_map(|release| parse_tag(&release.tag_name));
    Ok(versions.filter(|version| version.pre.is_empty()).max())
}

/// Parses a tag such as `v1.2.3`.
fn parse_tag(tag: &str) -> Option<Version> {
    tag.strip_prefix('v').unwrap_or(tag).parse().ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::none("[]", None)]
    #[case::one(r#"[{"tag_name":"v0.2.0"}]"#, Some("0.2.0"))]
    #[case::without_a_prefix(r#"[{"tag_name":"0.2.0"}]"#, Some("0.2.0"))]
    #[case::numbers_not_texts(r#"[{"tag_name":"v0.9.0"},{"tag_name":"v0.10.0"}]"#, Some("0.10.0"))]
    #[case::a_later_fix_of_an_earlier_version(r#"[{"tag_name":"v1.0.1"},{"tag_name":"v2.0.0"}]"#, Some("2.0.0"))]
    #[case::a_draft(r#"[{"tag_name":"v3.0.0","draft":true},{"tag_name":"v2.0.0"}]"#, Some("2.0.0"))]
    #[case::a_preview(r#"[{"tag_name":"v3.0.0","prerelease":true},{"tag_name":"v2.0.0"}]"#, Some("2.0.0"))]
    #[case::a_preview_by_its_tag(r#"[{"tag_name":"v3.0.0-rc.1"},{"tag_name":"v2.0.0"}]"#, Some("2.0.0"))]
    #[case::another_tag(r#"[{"tag_name":"nightly"},{"tag_name":"v2.0.0"}]"#, Some("2.0.0"))]
    #[case::more_fields(r#"[{"tag_name":"v2.0.0","draft":false,"assets":[{"name":"a"}]}]"#, Some("2.0.0"))]
    fn the_highest_final_version_is_the_latest(#[case] list: &str, #[case] expected: Option<&str>) {
        let latest = latest_version(list.as_bytes()).expect("it is a list");
        assert_eq!(latest.map(|version| version.to_string()).as_deref(), expected);
    }

    #[rstest]
    #[case::no_json("<html>Sign in to the hotel's network</html>")]
    #[case::an_error_of_the_api(r#"{"message":"API rate limit exceeded"}"#)]
    #[case::half_of_it(r#"[{"tag_name":"v2.0"#)]
    fn other_texts_are_rejected(#[case] text: &str) {
        assert!(latest_version(text.as_bytes()).is_err());
    }
}
