//! `token-monitor serve`: the figures for browsers and programs, until the process is stopped.
//!
//! The server is a client of the engine, so the app opens no port. When the engine ends, another process takes over the
//! store, or this one does.

mod browser;
mod location;
mod metrics;

use std::io::ErrorKind;
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use clap::Args;
use token_monitor_core::report::model::BackgroundCommand;
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_engine::Request;
use token_monitor_engine::config::{ConfigSources, Settings};
use token_monitor_server::{AllowedHosts, ListenAddress, ServerOptions, WebListener, WebServer};
use tracing::{info, warn};

pub(crate) use crate::commands::serve::browser::run as open_dashboard;
use crate::commands::serve::browser::{open_signed_in, print_link, sign_in_link};
use crate::commands::serve::location::{listen_address, load_token, token_error};
use crate::commands::serve::metrics::MetricsArgs;
use crate::engine_link::EngineLink;
use crate::error::CliError;
use crate::render::output::print_text;
use crate::signals::wait_for_stop;

/// The number of threads: a long response delays no other.
pub(crate) const WORKER_THREADS: usize = 2;

/// The pause between two attempts to connect to an engine.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// The options of the server.
#[derive(Clone, Debug, Args)]
pub(crate) struct ServeArgs {
    /// Listen at this address: 127.0.0.1:7337, [::1]:7337 or unix:PATH; serve.listen by default
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<ListenAddress>,

    /// Open a browser that is signed in; if a server is already at the address, do only that
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

    /// Run for the app: end when standard input is closed, and report to the app
    #[arg(long, hide = true)]
    background: bool,
}

/// Serves the figures until the process is stopped.
pub(crate) async fn run(sources: ConfigSources, settings: &Settings, args: &ServeArgs) -> Result<(), CliError> {
    let address = listen_address(settings, args.listen.as_ref())?;
    if address.is_remote() && !args.allow_plain_http {
        let message = format!(
            "other computers can reach {address}, and everything is sent without encryption; add --allow-plain-http if that \
             is what you want"
        );
        return Err(CliError::bad_configuration(message));
    }
    let (token, token_source) = load_token(settings, args.token_file.as_deref())?;
    let listener = match WebListener::bind(&address).await {
        Err(error) if args.open && error.kind() == ErrorKind::AddrInUse => {
            print_text(format!("A server is already at {address}."))?;
            return open_signed_in(&address, &token);
        }
        bound => bound.map_err(|error| bind_error(&address, &error))?,
    };
    let address = listener.address()?;
    let options = ServerOptions {
        public_health: settings.serve.public_health,
        public_metrics: settings.serve.public_metrics,
        is_demo: sources.is_demo,
        metrics: Some(args.metrics.open(&settings.db_path)?),
    };
    let server = WebServer::new(AllowedHosts::new(&address, &args.allowed_hosts), token.clone(), options)
        .map_err(token_error)?;
    print_text(format!("Token Monitor is at {address}; the token is in {}.", sanitize_line(&token_source)))?;
    match (&address, args.open) {
        (ListenAddress::Tcp(_), true) => open_signed_in(&address, &token)?,
        (ListenAddress::Tcp(_), false) => print_link(&sign_in_link(&address, &token)?)?,
        (ListenAddress::Unix(_), _) => {}
    }
    let serving = tokio::spawn({
        let server = server.clone();
        async move { server.serve(listener).await }
    });
    let result = follow_engines(&server, sources, args.background).await;
    serving.abort();
    // An error means that it was aborted, which removes the socket.
    let _ = serving.await;
    result
}

/// Serves the figures of one engine after another until the process is stopped. Fails if the first one cannot be reached.
async fn follow_engines(server: &WebServer, sources: ConfigSources, is_background: bool) -> Result<(), CliError> {
    let mut shutdown = pin!(wait_for_stop(is_background));
    let mut link = tokio::select! {
        link = EngineLink::connect(sources.clone()) => link?,
        () = &mut shutdown => return Ok(()),
    };
    loop {
        if is_background {
            let works = Request::ReportBackgroundStatus { command: BackgroundCommand::Serve, problem: None };
            // An engine that has ended is noticed below.
            let _ = link.client().request(works).await;
        }
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
