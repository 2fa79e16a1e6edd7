//! The WSL distributions of a Windows computer: their names and the Claude Code folders in them.
//!
//! The list of running distributions comes from the `platform` module; this part can be tested on every system.

use std::path::{Path, PathBuf};

/// Parses the names printed by `wsl.exe --list --running --quiet`, in UTF-16 with or without a byte order mark, or in
/// UTF-8 if `WSL_UTF8` is set. Other lines are messages in the user's language and ignored.
pub(crate) fn parse_distribution_names(printed: &[u8]) -> Vec<String> {
    let text = decode_output(printed);
    text.lines().map(str::trim).filter(|line| is_distribution_name(line)).map(str::to_owned).collect()
}

fn decode_output(printed: &[u8]) -> String {
    if !printed.contains(&0) && !printed.starts_with(&[0xff, 0xfe]) {
        return String::from_utf8_lossy(printed).trim_start_matches('\u{feff}').to_owned();
    }
    let units: Vec<u16> = printed.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units).replace(['\0', '\u{feff}'], "")
}

/// Returns true if the text is a name that WSL accepts. Such a name is also safe as a part of a path.
fn is_distribution_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes().any(|byte| byte.is_ascii_alphanumeric()) && text.bytes().all(fits)
}

/// Returns the path at which Windows shows a distribution's files.
pub(crate) fn share_path(name: &str) -> PathBuf {
    PathBuf::from(format!(r"\\wsl.localhost\{name}"))
}

/// Returns the `.claude` folders of all users of a distribution, sorted by path.
pub(crate) fn claude_folders(root: &Path) -> Vec<PathBuf> {
    let users = std::fs::read_dir(root.join("home")).into_iter().flatten().flatten().map(|entry| entry.path());
    let homes = users.chain([root.join("root")]);
    let mut found: Vec<PathBuf> = homes.map(|home| home.join(".claude")).filter(|folder| folder.is_dir()).collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[rstest]
    #[case(utf16("Ubuntu\r\nDebian-12.1_x\r\n"))]
    #[case(utf16("\u{feff}Ubuntu\r\nDebian-12.1_x\r\n"))]
    #[case(utf16("Ubuntu\0\r\n\0\r\nDebian-12.1_x\0"))]
    #[case(b"Ubuntu\nDebian-12.1_x\n".to_vec())]
    #[case("\u{feff}Ubuntu\r\nDebian-12.1_x".into())]
    fn names_are_parsed_in_every_encoding(#[case] printed: Vec<u8>) {
        assert_eq!(parse_distribution_names(&printed), ["Ubuntu", "Debian-12.1_x"]);
    }

    #[test]
    fn an_incomplete_character_at_the_end_is_dropped() {
        let printed = utf16("Ubuntu\r\n");
        assert_eq!(parse_distribution_names(&printed[..printed.len() - 1]), ["Ubuntu"]);
        assert_eq!(parse_distribution_names(&[]), [""; 0]);
    }

    #[rstest]
    #[case("There are no running distributions.")]
    #[case("実行中のディストリビューションはありません。")]
    #[case("..\r\n.\r\na/b\r\na\\b\r\n")]
    fn a_message_is_not_a_name(#[case] text: &str) {
        assert_eq!(parse_distribution_names(&utf16(text)), [""; 0]);
    }

    #[test]
    fn each_user_has_a_folder() {
        let temp = tempfile::tempdir().expect("a folder");
        let made = ["home/ada/.claude", "home/bob/.claude", "root/.claude"].map(|folder| temp.path().join(folder));
        made.iter().for_each(|folder| std::fs::create_dir_all(folder).expect("a folder"));
        std::fs::create_dir_all(temp.path().join("home/eve")).expect("a folder");
        assert_eq!(claude_folders(temp.path()), made);
        assert!(claude_folders(&temp.path().join("nowhere")).is_empty());
    }

    #[test]
    fn the_files_of_a_distribution_are_a_share() {
        assert_eq!(share_path("Ubuntu"), PathBuf::from(r"\\wsl.localhost\Ubuntu"));
    }
}
