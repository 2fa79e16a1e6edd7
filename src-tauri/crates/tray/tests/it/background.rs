//! Background commands, with a script in place of the command.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use token_monitor_core::report::model::{BackgroundCommand, BackgroundSettings, HubSettings};
use token_monitor_core::team::SharingLevel;
use token_monitor_tray::BackgroundCommands;

/// The time in which everything has to happen.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Runs until its input is closed. Records its arguments and variables, and its end.
const OBEDIENT: &str = r#"#!/bin/sh
echo "started $* $TOKEN_MONITOR_CONFIG $OTEL_EXPORTER_OTLP_ENDPOINT" >> "$(dirname "$0")/log"
cat > /dev/null
echo "ended $1" >> "$(dirname "$0")/log"
"#;

/// Ends at once with an error.
const FAILING: &str = "#!/bin/sh\necho 'a warning' >&2\necho 'error: the address is in use' >&2\nexit 1\n";

type Status = (BackgroundCommand, Option<String>);

/// A script, the commands that run it, and what they report.
struct Setup {
    folder: tempfile::TempDir,
    /// None after they were dropped.
    commands: Option<BackgroundCommands>,
    statuses: Receiver<Status>,
}

impl Setup {
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("command");
        fs::write(&program, script).expect("it is written");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it can be run");
        Self::with_program(folder, program)
    }

    fn with_program(folder: tempfile::TempDir, program: PathBuf) -> Self {
        let (sender, statuses) = mpsc::channel();
        let environment = ("TOKEN_MONITOR_CONFIG", PathBuf::from("/settings.yaml"));
        let commands = BackgroundCommands::new(program, environment, move |command, problem| {
            // The test may have ended.
            let _ = sender.send((command, problem));
        });
        Self { folder, commands: Some(commands), statuses }
    }

    fn set(&mut self, serve: bool, otlp_endpoint: Option<&str>) {
        let commands = self.commands.as_mut().expect("they were not dropped");
        let otlp_endpoint = otlp_endpoint.map(str::to_owned);
        commands.set(&BackgroundSettings { serve, otlp_endpoint, hub: None });
    }

    async fn wait_for_log(&self, expected: &[&str]) {
        let path = self.folder.path().join("log");
        let log = || fs::read_to_string(&path).unwrap_or_default();
        let is_logged = || log().lines().eq(expected.iter().copied());
        let waited = tokio::time::timeout(TIMEOUT, async {
            while !is_logged() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        assert!(waited.await.is_ok(), "{}", log());
    }

    async fn next_status(&self) -> Status {
        let next = async {
            loop {
                match self.statuses.try_recv() {
                    Ok(status) => return status,
                    Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                }
            }
        };
        tokio::time::timeout(TIMEOUT, next).await.expect("a status")
    }
}

#[tokio::test]
async fn commands_run_while_the_settings_say_so() {
    let mut setup = Setup::new(OBEDIENT);
    setup.set(true, None);
    let serve = "started serve --background /settings.yaml ";
    setup.wait_for_log(&[serve]).await;
    setup.set(true, None);
    setup.set(true, Some("http://localhost:4318"));
    let push = "started push --otlp --background /settings.yaml http://localhost:4318";
    setup.wait_for_log(&[serve, push]).await;
    setup.set(false, Some("http://localhost:4318"));
    setup.wait_for_log(&[serve, push, "ended serve"]).await;
    assert_eq!(setup.next_status().await, (BackgroundCommand::Serve, None), "its problem is gone");
    drop(setup.commands.take());
    setup.wait_for_log(&[serve, push, "ended serve", "ended push"]).await;
}

#[tokio::test]
async fn a_changed_address_starts_the_command_again() {
    let mut setup = Setup::new(OBEDIENT);
    setup.set(false, Some("http://a:4318"));
    let first = "started push --otlp --background /settings.yaml http://a:4318";
    setup.wait_for_log(&[first]).await;
    setup.set(false, Some("http://b:4318"));
    let deadline = tokio::time::Instant::now() + TIMEOUT;
    let log = || fs::read_to_string(setup.folder.path().join("log")).unwrap_or_default();
    let is_replaced = || log().contains("http://b:4318") && log().contains("ended push");
    while !is_replaced() && tokio::time::Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(is_replaced(), "{}", log());
    assert_eq!(log().lines().count(), 3, "{}", log());
}

#[tokio::test]
async fn usage_is_shared_with_a_hub_at_the_chosen_level() {
    let mut setup = Setup::new(OBEDIENT);
    let hub = HubSettings { url: "https://hub.example/".to_owned(), level: SharingLevel::Repositories, limits: false };
    let commands = setup.commands.as_mut().expect("they were not dropped");
    commands.set(&BackgroundSettings { hub: Some(hub), ..BackgroundSettings::default() });
    setup.wait_for_log(&["started push --to https://hub.example/ --level 2 --background /settings.yaml "]).await;
}

#[tokio::test]
async fn limits_are_shared_with_a_hub_if_they_are_chosen() {
    let mut setup = Setup::new(OBEDIENT);
    let hub = HubSettings { url: "https://hub.example/".to_owned(), level: SharingLevel::Totals, limits: true };
    let commands = setup.commands.as_mut().expect("they were not dropped");
    commands.set(&BackgroundSettings { hub: Some(hub), ..BackgroundSettings::default() });
    setup
        .wait_for_log(&["started push --to https://hub.example/ --level 0 --limits --background /settings.yaml "])
        .await;
}

#[tokio::test]
async fn the_last_line_of_a_failed_command_is_reported_each_time() {
    let mut setup = Setup::new(FAILING);
    setup.set(true, None);
    let problem = Some("token-monitor serve has ended: the address is in use.".to_owned());
    for _ in 0..2 {
        assert_eq!(setup.next_status().await, (BackgroundCommand::Serve, problem.clone()));
    }
    setup.set(false, None);
    assert_eq!(setup.next_status().await, (BackgroundCommand::Serve, None));
}

#[tokio::test]
async fn a_missing_program_is_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("missing");
    let mut setup = Setup::with_program(folder, program.clone());
    setup.set(true, None);
    let (command, problem) = setup.next_status().await;
    assert_eq!(command, BackgroundCommand::Serve);
    assert!(is_about(&problem.expect("a problem"), &program));
}

fn is_about(problem: &str, program: &Path) -> bool {
    problem.starts_with(&format!("Cannot start {}: ", program.display()))
}
