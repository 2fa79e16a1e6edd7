//! The address and the token of the server, from the options, the environment and the settings.

use std::path::Path;

use token_monitor_engine::config::Settings;
use token_monitor_server::{ListenAddress, Token, TokenError};

use crate::error::CliError;

/// The environment variable with the token.
const TOKEN_VARIABLE: &str = "TOKEN_MONITOR_SERVE_TOKEN";

/// The name of the file with the token, beside the store.
const TOKEN_FILE: &str = "serve-token";

/// Returns the address that is given, or that of the settings.
pub(super) fn listen_address(settings: &Settings, given: Option<&ListenAddress>) -> Result<ListenAddress, CliError> {
    let of_settings = || settings.serve.listen.parse::<ListenAddress>();
    let address = given.cloned().map_or_else(of_settings, Ok);
    address.map_err(|error| CliError::bad_configuration(format!("serve.listen: {error}")))
}

/// Returns the token and its source: the environment, the file that is given, or the file beside the store.
pub(super) fn load_token(settings: &Settings, given: Option<&Path>) -> Result<(Token, String), CliError> {
    if let Some(text) = std::env::var_os(TOKEN_VARIABLE) {
        let token = Token::parse(&text.to_string_lossy());
        return token.map(|token| (token, TOKEN_VARIABLE.to_owned())).map_err(token_error);
    }
    let own = settings.db_path.with_file_name(TOKEN_FILE);
    let (token, path) = match given {
        Some(path) => (Token::read(path), path),
        None => (Token::read_or_create(&own), own.as_path()),
    };
    token.map(|token| (token, path.display().to_string())).map_err(token_error)
}

/// Converts an error of the token.
pub(super) fn token_error(error: TokenError) -> CliError {
    CliError::bad_configuration(format!("{:#}", anyhow::Error::from(error)))
}
