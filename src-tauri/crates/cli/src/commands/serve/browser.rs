//! Opens the dashboard in a browser that is signed in by a link.

use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use token_monitor_engine::config::Settings;
use token_monitor_server::{ListenAddress, Token};
use tracing::warn;

use crate::commands::serve::location::{listen_address, load_token, token_error};
use crate::error::CliError;
use crate::render::output::print_text;

/// The longest wait for a connection to the server.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Opens the dashboard of the server that runs at the address of the settings.
pub(crate) fn run(settings: &Settings) -> Result<(), CliError> {
    let address = listen_address(settings, None)?;
    let ListenAddress::Tcp(socket) = address else {
        return Err(CliError::bad_configuration(format!(
            "a browser cannot open {address}; set serve.listen to a port"
        )));
    };
    let (token, _) = load_token(settings, None)?;
    TcpStream::connect_timeout(&socket, CONNECT_TIMEOUT).map_err(|error| {
        CliError::request_failed(format!("no server is at {address} ({error}); run token-monitor serve"))
    })?;
    open_signed_in(&address, &token)
}

/// Opens a browser with a link, and prints another one for the case that no browser opens.
pub(super) fn open_signed_in(address: &ListenAddress, token: &Token) -> Result<(), CliError> {
    open_browser(&sign_in_link(address, token)?);
    print_link(&sign_in_link(address, token)?)
}

/// Prints a link that signs in a browser.
pub(super) fn print_link(link: &str) -> Result<(), CliError> {
    print_text(format!("Sign in, once and within five minutes: {link}"))
}

/// Returns a link that signs in one browser.
pub(super) fn sign_in_link(address: &ListenAddress, token: &Token) -> Result<String, CliError> {
    token.create_sign_in_path().map(|path| format!("{address}{path}")).map_err(token_error)
}

/// Opens a browser, if there is a program for it.
fn open_browser(link: &str) {
    let (program, args): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("rundll32", &["url.dll,FileProtocolHandler"]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command.args(args).arg(link).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.spawn() {
        Ok(mut child) => {
            std::thread::spawn(move || child.wait());
        }
        Err(error) => warn!(program, %error, "A browser cannot be opened."),
    }
}
