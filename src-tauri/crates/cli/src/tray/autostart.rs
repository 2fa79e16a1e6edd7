//! Whether the app starts with the session: asked of the desktop app, which knows how that is done here.
//!
//! Every question is a process of its own off the loop, and its answer comes when it comes. Where the program is
//! missing or does not know, there is no answer, and the tray offers nothing.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;
use tracing::debug;

use super::app_program;

/// The answer is two letters in a moment; a program that hangs is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks the desktop app and hands its answers on.
pub(super) struct Autostart {
    answered: Arc<dyn Fn(Option<bool>) + Send + Sync>,
}

impl Autostart {
    /// Asks nothing yet.
    pub(super) fn new(answered: impl Fn(Option<bool>) + Send + Sync + 'static) -> Self {
        Self { answered: Arc::new(answered) }
    }

    /// Asks how it is.
    pub(super) fn ask(&self) {
        self.spawn("status");
    }

    /// Changes it, and asks how it is then.
    pub(super) fn change(&self, to: bool) {
        self.spawn(if to { "on" } else { "off" });
    }

    fn spawn(&self, word: &'static str) {
        let answered = Arc::clone(&self.answered);
        tokio::spawn(async move {
            let answer = match answer(word).await {
                // A change that was refused leaves it as it was.
                None if word != "status" => self::answer("status").await,
                answer => answer,
            };
            answered(answer);
        });
    }
}

async fn answer(word: &str) -> Option<bool> {
    let program = app_program().ok().filter(|program| program.exists())?;
    let mut command = Command::new(program);
    command.arg(format!("--autostart={word}")).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let output = timeout(PATIENCE, command.output()).await;
    match output {
        Ok(Ok(output)) if output.status.success() => understood(&output.stdout),
        Ok(_) | Err(_) => {
            debug!(word, "Nobody knows whether the app starts with the session.");
            None
        }
    }
}

fn understood(told: &[u8]) -> Option<bool> {
    match told.trim_ascii() {
        b"on" => Some(true),
        b"off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_one_of_two_words() {
        assert_eq!(understood(b"on\n"), Some(true));
        assert_eq!(understood(b"off\n"), Some(false));
        assert_eq!(understood(b""), None, "an older program says nothing");
    }
}
