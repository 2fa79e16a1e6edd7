//! The pull requests that a session linked, and the rule that assigns usage to them.
//!
//! The result does not depend on the order in which lines are read: of several lines with the same address the earliest
//! counts.

use crate::text::sanitize::sanitize_line;
use crate::time::slot::Slot;
use crate::time::timestamp::Timestamp;

/// The most pull requests kept of a session; the earliest ones are kept.
const MAX_PULL_REQUESTS: usize = 200;

/// The length of the longest address, in bytes. Addresses of pull requests have about 60.
const MAX_URL_LEN: usize = 500;

/// The length of the longest name of a repository, in characters.
const MAX_REPOSITORY_LEN: usize = 120;

/// A link from a session to a pull request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PullRequestLink {
    /// The time of the earliest line with the address.
    pub when: Timestamp,
    /// The address, beginning with `http://` or `https://`.
    pub url: Box<str>,
    /// The repository, such as `owner/name`.
    pub repository: Option<Box<str>>,
    /// The number in the repository.
    pub number: Option<u64>,
}

impl PullRequestLink {
    /// Creates a link from the text of a log. Returns `None` if the address is not a plain web address.
    pub fn from_log(when: Timestamp, url: &str, repository: Option<&str>, number: Option<u64>) -> Option<Self> {
        let repository = repository.map(sanitize_line).filter(|name| !name.is_empty());
        let repository =
            repository.filter(|name| name.chars().count() <= MAX_REPOSITORY_LEN).map(String::into_boxed_str);
        is_web_address(url).then(|| Self { when, url: url.into(), repository, number })
    }
}

/// Returns true for an address of the web without credentials, spaces or invisible characters.
fn is_web_address(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let is_plain = !url.contains(|c: char| c.is_whitespace() || matches!(c, '\\' | '"' | '<' | '>'));
    is_web
        && is_plain
        && !host.is_empty()
        && !host.contains('@')
        && url.len() <= MAX_URL_LEN
        && sanitize_line(url) == url
}

/// Adds a link to the links of a session, which are ordered by time. Returns true if they changed.
pub(crate) fn add_link(links: &mut Vec<PullRequestLink>, link: PullRequestLink) -> bool {
    if let Some(at) = links.iter().position(|known| known.url == link.url) {
        if links[at] <= link {
            return false;
        }
        links.remove(at);
    }
    let at = links.partition_point(|known| *known < link);
    if at >= MAX_PULL_REQUESTS {
        return false;
    }
    links.insert(at, link);
    links.truncate(MAX_PULL_REQUESTS);
    true
}

/// Returns the index of the link to which a five-minute slot of a session belongs: the next one that is linked in or after
/// the slot, or else the last one. Of several links in one slot, the slot belongs to the last. Returns `None` without
/// links.
pub fn link_of_slot(links: &[PullRequestLink], slot: Slot) -> Option<usize> {
    let next = links.partition_point(|link| link.when.slot() < slot);
    match links.get(next) {
        Some(link) => Some(links.partition_point(|other| other.when.slot() <= link.when.slot()) - 1),
        None => links.len().checked_sub(1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn link(minute: i64, url: &str) -> PullRequestLink {
        PullRequestLink::from_log(Timestamp(minute * 60_000_000), url, None, None).expect("a web address")
    }

    #[rstest::rstest]
    #[case("https://github.com/ada/harbour/pull/7", true)]
    #[case("http://git.example:3000/ada/harbour/pulls/7?a=1#b", true)]
    #[case("HTTPS://github.com/ada/harbour/pull/7", true)]
    #[case("javascript://github.com/%0aalert(1)", false)]
    #[case("file:///etc/passwd", false)]
    #[case("https://", false)]
    #[case("https:///pull/7", false)]
    #[case("https://github.com@evil.example/pull/7", false)]
    #[case("https://github.com/a b", false)]
    #[case("https://github.com/\u{202e}7", false)]
    #[case("https:\\\\github.com", false)]
    #[case("", false)]
    fn only_plain_web_addresses_are_links(#[case] url: &str, #[case] is_link: bool) {
        assert_eq!(PullRequestLink::from_log(Timestamp(0), url, None, None).is_some(), is_link);
    }

    #[test]
    fn an_address_that_is_too_long_is_no_link() {
        let url = format!("https://github.com/{}", "a".repeat(MAX_URL_LEN));
        assert_eq!(PullRequestLink::from_log(Timestamp(0), &url, None, None), None);
    }

    #[test]
    fn a_repeated_link_keeps_its_earliest_time() {
        let mut links = Vec::new();
        assert!(add_link(&mut links, link(10, "https://x.example/1")));
        assert!(
            !add_link(&mut links, link(20, "https://x.example/1")),
            "the line was repeated when the session resumed"
        );
        assert!(add_link(&mut links, link(5, "https://x.example/1")));
        assert_eq!(links, [link(5, "https://x.example/1")]);
    }

    #[test]
    fn usage_belongs_to_the_next_link_and_afterwards_to_the_last() {
        let links = [link(12, "https://x.example/1"), link(31, "https://x.example/2"), link(33, "https://x.example/3")];
        let at = |minute: i64| link_of_slot(&links, Timestamp(minute * 60_000_000).slot());
        assert_eq!([0, 9, 10, 14].map(at), [Some(0); 4], "the work that led to the first");
        assert_eq!([15, 29].map(at), [Some(2); 2], "two were linked in one slot");
        assert_eq!([30, 34, 35, 500].map(at), [Some(2); 4]);
        assert_eq!(link_of_slot(&[], Slot(0)), None);
    }

    proptest! {
        #[test]
        fn links_do_not_depend_on_the_order_of_lines(
            lines in proptest::collection::vec((0..50_i64, 0..6_u8, proptest::option::of(0..3_u64)), 0..20), seed: u64,
        ) {
            let to_link = |&(minute, url, number): &(i64, u8, Option<u64>)| PullRequestLink {
                number,
                ..link(minute, &format!("https://x.example/{url}"))
            };
            let mut shuffled = lines.clone();
            let count = shuffled.len().max(1);
            shuffled.rotate_left(seed as usize % count);
            shuffled.reverse();
            let (mut one, mut other) = (Vec::new(), Vec::new());
            for (lines, links) in [(&lines, &mut one), (&shuffled, &mut other)] {
                for line in lines {
                    add_link(links, to_link(line));
                }
            }
            prop_assert!(one.is_sorted());
            prop_assert_eq!(one, other);
        }
    }
}
