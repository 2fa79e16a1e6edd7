//! Patterns for names of projects, branches, models and tags. Case is ignored, and `*` stands for any text.

/// A pattern as a user writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamePattern {
    /// In lower case.
    text: String,
}

impl NamePattern {
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.to_lowercase() }
    }

    /// Returns true for the pattern of what has no name.
    pub(crate) fn is_for_unnamed(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns true if the pattern is the whole name.
    pub(crate) fn matches_name(&self, name: &str) -> bool {
        matches_glob(&self.text, &name.to_lowercase())
    }

    /// Returns true if the pattern is a part of the name, or with `*` the whole name.
    pub(crate) fn matches_part(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        if self.text.contains('*') { matches_glob(&self.text, &name) } else { name.contains(&self.text) }
    }

    /// Returns true if the pattern is a sequence of folders in a path, or with `*` the whole path. An absolute pattern
    /// starts where the path starts.
    pub(crate) fn matches_path(&self, path: &str) -> bool {
        let path = path.to_lowercase();
        if self.text.contains('*') {
            return matches_glob(&self.text, &path);
        }
        let (wanted, folders) = (folders_of(&self.text), folders_of(&path));
        match self.text.starts_with(is_separator) {
            true => folders.starts_with(&wanted),
            false => !wanted.is_empty() && folders.windows(wanted.len()).any(|part| part == wanted),
        }
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '/' | '\\')
}

fn folders_of(path: &str) -> Vec<&str> {
    path.split(is_separator).filter(|folder| !folder.is_empty()).collect()
}

/// Returns true if a pattern matches a whole text. Tries the earliest place for each piece between two `*`, which finds a
/// match if there is one.
fn matches_glob(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = text.find(piece) else { return false };
        text = &text[at + piece.len()..];
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("main", "Main", true)]
    #[case("main", "maintenance", false)]
    #[case("main*", "maintenance", true)]
    #[case("*", "", true)]
    #[case("a*b*c", "a-b-b-c", true)]
    #[case("a*b*c", "a-c-b", false)]
    #[case("ab*ba", "aba", false)]
    #[case("*login*", "fix/login-form", true)]
    #[case("ÄRA*", "ära-1", true)]
    fn a_name_matches_as_a_whole(#[case] pattern: &str, #[case] name: &str, #[case] matches: bool) {
        assert_eq!(NamePattern::new(pattern).matches_name(name), matches);
    }

    #[rstest]
    #[case("opus", "claude-opus-5-5", true)]
    #[case("claude-*-5", "claude-opus-5", true)]
    #[case("claude-*-5", "claude-opus-5-5-1", false)]
    #[case("haiku", "claude-opus-5-5", false)]
    fn a_model_matches_in_part(#[case] pattern: &str, #[case] name: &str, #[case] matches: bool) {
        assert_eq!(NamePattern::new(pattern).matches_part(name), matches);
    }

    #[rstest]
    #[case("shop", "/home/ada/shop", true)]
    #[case("shop", "/home/ada/shop/api", true)]
    #[case("shop", "/home/ada/workshop", false)]
    #[case("ada/shop", "/home/ada/shop", true)]
    #[case("/home/ada", "/home/ada/shop", true)]
    #[case("/ada", "/home/ada/shop", false)]
    #[case("shop/", "/home/ada/shop", true)]
    #[case("shop", r"C:\Users\Ada\Shop", true)]
    #[case(r"c:\users\ada", r"C:\Users\Ada\Shop", true)]
    #[case("/home/*/shop", "/home/ada/shop", true)]
    #[case("/home/*/shop", "/home/ada/shop/api", false)]
    #[case("/", "/home/ada/shop", true)]
    #[case(" ", "/home/ada/shop", false)]
    fn a_path_matches_by_folders(#[case] pattern: &str, #[case] path: &str, #[case] matches: bool) {
        assert_eq!(NamePattern::new(pattern).matches_path(path), matches);
    }
}
