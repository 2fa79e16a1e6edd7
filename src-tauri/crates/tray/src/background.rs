//! Runs the background commands that the settings turn on, each as a process of its own.
//!
//! A command that ends is started again, at growing intervals. It ends with this process, because its standard input is then
//! closed; so it needs no signal, which not every system has.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use token_monitor_core::report::model::{BackgroundCommand, BackgroundSettings, HubSettings};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tracing::{info, warn};

/// The pause before a command that has ended is started again. It doubles each time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A command that has run for longer has worked, so the pauses begin anew.
const STABLE_TIME: Duration = Duration::from_secs(60);

/// The longest time a command may take to end. One that takes longer is killed.
const EXIT_TIMEOUT: Duration = Duration::from_secs(5);

/// The option with which the app runs a command: it ends with its standard input, and reports to the app. Not in the help.
const BACKGROUND_OPTION: &str = "--background";

/// The variable with the collector's address, which all OpenTelemetry exporters read.
const OTLP_ENDPOINT_VARIABLE: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// The background commands that run.
pub struct BackgroundCommands {
    host: Arc<Host>,
    running: BTreeMap<BackgroundCommand, RunningCommand>,
}

/// What all commands share.
struct Host {
    program: PathBuf,
    /// The variable that names the settings file.
    environment: (&'static str, PathBuf),
    on_status: Box<dyn Fn(BackgroundCommand, Option<String>) + Send + Sync>,
}

/// The arguments and the variable of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Invocation {
    args: Vec<String>,
    variable: Option<(&'static str, String)>,
}

impl Invocation {
    fn new(args: &[&str]) -> Self {
        Self { args: args.iter().map(ToString::to_string).collect(), variable: None }
    }

    /// Returns the name of the subcommand.
    fn name(&self) -> &str {
        self.args.first().map_or("", String::as_str)
    }
}

/// A command that is running, or waits to be started again. Dropping `stop` ends it.
struct RunningCommand {
    invocation: Invocation,
    #[expect(dead_code, reason = "it is dropped to stop the command")]
    stop: oneshot::Sender<()>,
}

impl BackgroundCommands {
    /// Creates the runner of a program, without commands. `environment` is a variable that each command is given.
    /// `on_status` is called with the problem of a command that has failed, and with `None` when one is turned off.
    pub fn new(
        program: PathBuf,
        environment: (&'static str, PathBuf),
        on_status: impl Fn(BackgroundCommand, Option<String>) + Send + Sync + 'static,
    ) -> Self {
        let host = Arc::new(Host { program, environment, on_status: Box::new(on_status) });
        Self { host, running: BTreeMap::new() }
    }

    /// Starts and stops commands, so that those of the settings run. Needs the runtime of tokio.
    pub fn set(&mut self, settings: &BackgroundSettings) {
        let serve = settings.serve.then(|| Invocation::new(&["serve"]));
        let push = settings.otlp_endpoint.clone().map(|endpoint| Invocation {
            variable: Some((OTLP_ENDPOINT_VARIABLE, endpoint)),
            ..Invocation::new(&["push", "--otlp"])
        });
        let share = settings.hub.as_ref().map(share_with);
        self.set_command(BackgroundCommand::Serve, serve);
        self.set_command(BackgroundCommand::PushOtlp, push);
        self.set_command(BackgroundCommand::PushHub, share);
    }

    fn set_command(&mut self, command: BackgroundCommand, invocation: Option<Invocation>) {
        if invocation.as_ref() == self.running.get(&command).map(|running| &running.invocation) {
            return;
        }
        let was_running = self.running.remove(&command).is_some();
        if let Some(invocation) = invocation {
            let (stop, stopped) = oneshot::channel();
            tokio::spawn(keep_running(Arc::clone(&self.host), command, invocation.clone(), stopped));
            self.running.insert(command, RunningCommand { invocation, stop });
        } else if was_running {
            (self.host.on_status)(command, None);
        }
    }
}

/// Returns the command that shares usage with a hub.
fn share_with(hub: &HubSettings) -> Invocation {
    let level = u8::from(hub.level).to_string();
    let limits = if hub.limits { &["--limits"][..] } else { &[] };
    Invocation::new(&[&["push", "--to", &hub.url, "--level", &level], limits].concat())
}

/// Runs a command, again and again, until `stopped` completes.
async fn keep_running(
    host: Arc<Host>,
    command: BackgroundCommand,
    invocation: Invocation,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut pause = FIRST_PAUSE;
    loop {
        let start = Instant::now();
        let Some(problem) = host.run(&invocation, &mut stopped).await else { return };
        warn!(command = invocation.name(), problem, "A background command has ended.");
        (host.on_status)(command, Some(problem));
        if start.elapsed() >= STABLE_TIME {
            pause = FIRST_PAUSE;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = &mut stopped => return,
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

impl Host {
    /// Runs a command until it ends, and returns the reason as a sentence, or `None` if it was stopped.
    async fn run(&self, invocation: &Invocation, stopped: &mut oneshot::Receiver<()>) -> Option<String> {
        let mut child = match self.start(invocation) {
            Ok(child) => child,
            Err(error) => return Some(format!("Cannot start {}: {error}.", self.program.display())),
        };
        info!(command = invocation.name(), "A background command was started.");
        // Kept apart, because waiting for the process would close it.
        let input = child.stdin.take();
        let mut last_line = String::new();
        let status = tokio::select! {
            status = follow(&mut child, &mut last_line) => status,
            _ = stopped => {
                drop(input);
                end(child).await;
                return None;
            }
        };
        let reason = match (last_line.trim_start_matches("error: ").trim_end_matches('.'), status) {
            ("", Ok(status)) => status.to_string(),
            ("", Err(error)) => error.to_string(),
            (line, _) => line.to_owned(),
        };
        Some(format!("token-monitor {} has ended: {reason}.", invocation.name()))
    }

    fn start(&self, invocation: &Invocation) -> std::io::Result<Child> {
        let (variable, path) = &self.environment;
        let mut command = Command::new(&self.program);
        command.args(&invocation.args).arg(BACKGROUND_OPTION).env(variable, path);
        if let Some((variable, value)) = &invocation.variable {
            command.env(variable, value);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        command.spawn()
    }
}

/// Passes on what a command writes to standard error, and keeps its last line, until the command ends.
async fn follow(child: &mut Child, last_line: &mut String) -> std::io::Result<ExitStatus> {
    if let Some(stderr) = child.stderr.take() {
        let mut lines = BufReader::new(stderr).split(b'\n');
        while let Some(line) = lines.next_segment().await? {
            *last_line = String::from_utf8_lossy(&line).trim().to_owned();
            // Without a standard error there is no reader.
            let _ = writeln!(std::io::stderr(), "{last_line}");
        }
    }
    child.wait().await
}

/// Waits for the end of a command whose standard input was closed.
async fn end(mut child: Child) {
    if tokio::time::timeout(EXIT_TIMEOUT, child.wait()).await.is_err() {
        // This fails if the process has ended meanwhile.
        let _ = child.kill().await;
    }
}
