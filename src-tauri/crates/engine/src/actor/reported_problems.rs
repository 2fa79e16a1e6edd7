//! The problems that the tray and the background commands report, because the engine cannot see them.

use std::collections::BTreeMap;

use token_monitor_core::report::model::{BackgroundCommand, Problem, ProblemCode};

/// The reported problems, each as a sentence.
#[derive(Debug, Default)]
pub(crate) struct ReportedProblems {
    /// The reason why the shortcut that opens the popover is not available.
    shortcut: Option<String>,
    /// The reasons why background commands do not work.
    background: BTreeMap<BackgroundCommand, String>,
}

impl ReportedProblems {
    /// Sets or removes the problem of the shortcut. Returns true if that changes anything.
    pub(crate) fn set_shortcut(&mut self, problem: Option<String>) -> bool {
        let has_changed = self.shortcut != problem;
        self.shortcut = problem;
        has_changed
    }

    /// Sets or removes the problem of a background command. Returns true if that changes anything.
    pub(crate) fn set_background(&mut self, command: BackgroundCommand, problem: Option<String>) -> bool {
        let has_changed = self.background.get(&command) != problem.as_ref();
        match problem {
            Some(problem) => self.background.insert(command, problem),
            None => self.background.remove(&command),
        };
        has_changed
    }

    /// Returns all problems to show.
    pub(crate) fn problems(&self) -> impl Iterator<Item = Problem> {
        let shortcut = self.shortcut.iter().map(|message| {
            let hint =
                "Choose another one in display.shortcut, or let the desktop run token-monitor-app --toggle for one.";
            problem(ProblemCode::ShortcutUnavailable, message, hint)
        });
        shortcut.chain(self.background.iter().map(|(command, message)| match command {
            BackgroundCommand::Serve => {
                let hint = "Choose another address in serve.listen, or turn off serve.enabled.";
                problem(ProblemCode::DashboardUnavailable, message, hint)
            }
            BackgroundCommand::PushOtlp => {
                let hint = "Check push.otlp_endpoint and the collector. Nothing is lost; all of it is sent later.";
                problem(ProblemCode::MetricsNotSent, message, hint)
            }
        }))
    }
}

fn problem(code: ProblemCode, message: &str, hint: &str) -> Problem {
    Problem { code, message: message.to_owned(), hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_shown_until_they_are_solved() {
        let mut reported = ReportedProblems::default();
        let codes = |reported: &ReportedProblems| reported.problems().map(|problem| problem.code).collect::<Vec<_>>();
        assert!(reported.set_background(BackgroundCommand::PushOtlp, Some("The collector is down.".to_owned())));
        assert!(reported.set_background(BackgroundCommand::Serve, Some("The address is in use.".to_owned())));
        assert!(reported.set_shortcut(Some("The shortcut is in use.".to_owned())));
        assert!(!reported.set_shortcut(Some("The shortcut is in use.".to_owned())), "nothing has changed");
        let all = [ProblemCode::ShortcutUnavailable, ProblemCode::DashboardUnavailable, ProblemCode::MetricsNotSent];
        assert_eq!(codes(&reported), all);
        assert!(reported.set_background(BackgroundCommand::Serve, None));
        assert!(!reported.set_background(BackgroundCommand::Serve, None), "nothing has changed");
        assert_eq!(codes(&reported), [ProblemCode::ShortcutUnavailable, ProblemCode::MetricsNotSent]);
        let message = reported.problems().last().map(|problem| problem.message);
        assert_eq!(message.as_deref(), Some("The collector is down."));
    }
}
