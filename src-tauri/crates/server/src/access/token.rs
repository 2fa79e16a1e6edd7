//! The token: the secret that allows programs to send requests.
//!
//! It is made at the first start and kept in a file that only this user can read. The environment overrides a file named on
//! the command line, which overrides that file.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom, SystemRandom};
use subtle::ConstantTimeEq;
use thiserror::Error;
use token_monitor_engine::clock;
use token_monitor_engine::fs_permissions;

use crate::access::sign_in_codes::create_code;

/// The number of random bytes in a token that this program makes.
const TOKEN_BYTES: usize = 32;

/// The number of characters of the shortest token. A shorter one could be guessed.
const MIN_TOKEN_CHARS: usize = 16;

/// The number of characters of the longest token.
const MAX_TOKEN_CHARS: usize = 512;

/// The secret that allows programs to send requests.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// The reason for not using a token.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The file cannot be read or made.
    #[error("cannot use the token file {path}")]
    File {
        /// The path of the file.
        path: PathBuf,
        /// The error of the system, or the refusal of the file.
        #[source]
        error: io::Error,
    },
    /// The text is too short, too long or has characters that cannot be sent.
    #[error("a token has {MIN_TOKEN_CHARS} to {MAX_TOKEN_CHARS} visible ASCII characters without spaces")]
    Invalid,
    /// The system has no random numbers.
    #[error("the system has no random numbers")]
    NoRandomNumbers,
}

impl Token {
    /// Checks a token that the user chose. White space around it is removed.
    ///
    /// # Errors
    ///
    /// If it is too short, too long or has characters that cannot be sent.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        let is_sendable = text.bytes().all(|byte| byte.is_ascii_graphic());
        match is_sendable && (MIN_TOKEN_CHARS..=MAX_TOKEN_CHARS).contains(&text.len()) {
            true => Ok(Self(text.to_owned())),
            false => Err(TokenError::Invalid),
        }
    }

    /// Reads a token from a file.
    ///
    /// # Errors
    ///
    /// If the file is a symbolic link, belongs to another user or can be read by others, or has no valid token.
    pub fn read(path: &Path) -> Result<Self, TokenError> {
        let text = read_private(path).map_err(|error| TokenError::File { path: path.to_owned(), error })?;
        Self::parse(&text)
    }

    /// Reads a token from a file, or makes both.
    ///
    /// # Errors
    ///
    /// If the file cannot be made, or under the conditions of [`Self::read`].
    pub fn read_or_create(path: &Path) -> Result<Self, TokenError> {
        let token = Self(random_text(TOKEN_BYTES)?);
        match create_private(path, &token.0) {
            Ok(()) => Ok(token),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::read(path),
            Err(error) => Err(TokenError::File { path: path.to_owned(), error }),
        }
    }

    /// Makes the path of a link that signs in one browser within the next five minutes. Only a server that has this token
    /// and has started before accepts it.
    ///
    /// # Errors
    ///
    /// If the system has no random numbers.
    pub fn create_sign_in_path(&self) -> Result<String, TokenError> {
        Ok(format!("/sign-in?code={}", create_code(self, clock::now())?))
    }

    /// Returns true for the same token. The time it takes does not depend on the number of equal characters.
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.0.as_bytes().ct_eq(text.as_bytes()).into()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Hides the token, so that no log contains it.
impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(…)")
    }
}

/// Returns random bytes in hexadecimal.
pub(crate) fn random_text(bytes: usize) -> Result<String, TokenError> {
    let mut random = vec![0; bytes];
    SystemRandom::new().fill(&mut random).map_err(|_| TokenError::NoRandomNumbers)?;
    Ok(to_hex(&random))
}

/// Returns bytes in hexadecimal.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn create_private(path: &Path, token: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs_permissions::create_folder(folder)?;
    }
    fs_permissions::create_file(path)?.write_all(format!("{token}\n").as_bytes())
}

fn read_private(path: &Path) -> io::Result<String> {
    read_start(fs_permissions::open_private_file(path)?)
}

fn read_start(file: File) -> io::Result<String> {
    let mut text = String::new();
    file.take(MAX_TOKEN_CHARS as u64 + 2).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    #[cfg(unix)]
    use token_monitor_engine::fs_permissions::Refusal;

    use super::*;

    #[rstest]
    #[case("short")]
    #[case("fifteen-letters")]
    #[case("sixteen letters with spaces")]
    #[case("sixteen-lettersé")]
    #[case("sixteen-letters\n-and-a-line")]
    #[case("")]
    fn a_token_that_could_be_guessed_or_not_sent_is_refused(#[case] text: &str) {
        assert!(matches!(Token::parse(text), Err(TokenError::Invalid)));
    }

    #[test]
    fn a_token_is_made_once_and_hidden_from_logs() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state/serve-token");
        let made = Token::read_or_create(&path).expect("it is made");
        assert_eq!(Token::read_or_create(&path).expect("it is read"), made);
        assert_eq!(made.0.len(), 2 * TOKEN_BYTES);
        assert_eq!(format!("{made:?}"), "Token(…)");
    }

    #[cfg(unix)]
    #[test]
    fn a_token_file_is_private() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("serve-token");
        Token::read_or_create(&path).expect("it is made");
        assert_eq!(path.metadata().expect("it exists").mode() & 0o777, 0o600);
        let link = folder.path().join("link");
        symlink(&path, &link).expect("it is made");
        for refused in [Token::read(&link), Token::read_or_create(&link)] {
            let Err(TokenError::File { error, .. }) = refused else { panic!("a link is refused") };
            assert_eq!(Refusal::from_error(&error), Some(Refusal::SymbolicLink));
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("they are set");
        let Err(TokenError::File { error, .. }) = Token::read(&path) else { panic!("others can read it") };
        assert_eq!(Refusal::from_error(&error), Some(Refusal::OpenToOthers));
    }
}
