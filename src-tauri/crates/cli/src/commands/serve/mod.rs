//! `token-monitor serve`: the figures for browsers and programs, until the process is stopped.
//!
//! The server is a client of the engine, so the app opens no port. When the engine ends, another process takes over the
//! store, or this one does.

mod metrics;

use std::path::PathBuf;
use std::pin::pin;
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::Args;
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_engine::config::{ConfigSources, Settings};
use token_monitor_server::{AllowedHosts, ListenAddress, ServerOptions, Token, TokenError, WebListener, WebServer};
use tracing::{info, warn};

use crate::commands::serve::metrics::MetricsArgs;
use crate::engine_link::EngineLink;
use crate::error::CliError;
use crate::render::output::print_text;
use crate::signals::wait_for_shutdown;

/// The number of threads: a long response delays no other.
pub(crate) const WORKER_THREADS: usize = 2;

/// The environment variable with the token.
const TOKEN_VARIABLE: &str = "TOKEN_MONITOR_SERVE_TOKEN";

/// The name of the file with the token, beside the store.
const TOKEN_FILE: &str = "serve-token";

/// The pause between two attempts to connect to an engine.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// The options of the server.
#[derive(Clone, Debug, Args)]
pub(crate) struct ServeArgs {
    /// Listen at this address: 127.0.0.1:7337, [::1]:7337 or unix:PATH; serve.listen by default
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<ListenAddress>,

    /// Open a browser that is signed in
    #[arg(long)]
    open: bool,

    /// Read the token from this file instead of making one
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,

    /// Answer to this name too, as a proxy or another computer sends it; repeat for several
    #[arg(long = "allow-host", value_name = "HOST[:PORT]")]
    allowed_hosts: Vec<String>,

    /// Listen at an address that other computers can reach, although everything is sent without encryption
    #[arg(long)]
    allow_plain_http: bool,

    #[command(flatten)]
    metrics: MetricsArgs,
}

/// Serves the figures until the process is stopped.
pub(crate) async fn run(sources: ConfigSources, settings: &Settings, args: &ServeArgs) -> Result<(), CliError> {
    let address = listen_address(settings, args)?;
    let (token, token_source) = load_token(settings, args)?;
    let listener = WebListener::bind(&address).await.map_err(|error| bind_error(&address, &error))?;
    let address = listener.address()?;
    let options = ServerOptions {
        public_health: settings.serve.public_health,
        public_metrics: settings.serve.public_metrics,
        is_demo: sources.is_demo,
        metrics: Some(args.metrics.open(&settings.db_path)?),
    };
    let server =
        WebServer::new(AllowedHosts::new(&address, &args.allowed_hosts), token, options).map_err(token_error)?;
    announce(&server, &address, &token_source, args.open)?;
    let serving = tokio::spawn({
        let server = server.clone();
        async move { server.serve(listener).await }
    });
    let result = follow_engines(&server, sources).await;
    serving.abort();
    // An error means that it was aborted, which removes the socket.
    let _ = serving.await;
    result
}

fn listen_address(settings: &Settings, args: &ServeArgs) -> Result<ListenAddress, CliError> {
    let of_settings = || settings.serve.listen.parse::<ListenAddress>();
    let address = args.listen.clone().map_or_else(of_settings, Ok);
    let address = address.map_err(|error| CliError::bad_configuration(format!("serve.listen: {error}")))?;
    if address.is_remote() && !args.allow_plain_http {
        let message = format!(
            "other computers can reach {address}, and everything is sent without encryption; add --allow-plain-http if that \
             is what you want"
        );
        return Err(CliError::bad_configuration(message));
    }
    Ok(address)
}

/// Returns the token and its source: the environment, the file named on the command line, or the file beside the store.
fn load_token(settings: &Settings, args: &ServeArgs) -> Result<(Token, String), CliError> {
    if let Some(text) = std::env::var_os(TOKEN_VARIABLE) {
        let token = Token::parse(&text.to_string_lossy());
        return token.map(|token| (token, TOKEN_VARIABLE.to_owned())).map_err(token_error);
    }
    let own = settings.db_path.with_file_name(TOKEN_FILE);
    let (token, path) = match &args.token_file {
        Some(path) => (Token::read(path), path),
        None => (Token::read_or_create(&own), &own),
    };
    token.map(|token| (token, path.display().to_string())).map_err(token_error)
}

/// Prints the address, a link that signs in a browser and the source of the token.
fn announce(server: &WebServer, address: &ListenAddress, token_source: &str, open: bool) -> Result<(), CliError> {
    print_text(&format!("Token Monitor is at {address}; the token is in {}.", sanitize_line(token_source)))?;
    let ListenAddress::Tcp(_) = address else { return Ok(()) };
    let create_link = || server.create_sign_in_path().map(|path| format!("{address}{path}")).map_err(token_error);
    if open {
        open_browser(&create_link()?);
    }
    print_text(&format!("Sign in, once and within five minutes: {}", create_link()?))
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

/// Serves the figures of one engine after another until the process is stopped. Fails if the first one cannot be reached.
async fn follow_engines(server: &WebServer, sources: ConfigSources) -> Result<(), CliError> {
    let mut shutdown = pin!(wait_for_shutdown());
    let mut link = tokio::select! {
        link = EngineLink::connect(sources.clone()) => link?,
        () = &mut shutdown => return Ok(()),
    };
    loop {
        tokio::select! {
            () = server.follow_engine(link.client(), link.snapshots()) => {}
            () = &mut shutdown => return link.close(),
        }
        info!("The engine has stopped. Connecting to another one.");
        link = tokio::select! {
            link = reconnect(link, &sources) => link,
            () = &mut shutdown => return Ok(()),
        };
    }
}

async fn reconnect(link: EngineLink, sources: &ConfigSources) -> EngineLink {
    let mut result = link.reconnect().await;
    loop {
        match result {
            Ok(link) => return link,
            Err(error) => warn!(error = error.cause_chain(), "Cannot connect to an engine."),
        }
        tokio::time::sleep(RETRY_INTERVAL).await;
        result = EngineLink::connect(sources.clone()).await;
    }
}

fn bind_error(address: &ListenAddress, error: &std::io::Error) -> CliError {
    CliError::request_failed(format!("cannot listen at {address}: {error}"))
}

fn token_error(error: TokenError) -> CliError {
    CliError::bad_configuration(format!("{:#}", anyhow::Error::from(error)))
}
