//! Parses the command line of the app.

use std::fmt;

use anyhow::{Context, bail};
use token_monitor_core::report::model::Route;
use token_monitor_ipc::ActivateAction;
use token_monitor_tray::PopoverRequest;

use crate::platform::{AutostartAction, CopyFormat};
use crate::popover::Frame;

/// The mode of this process.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Ensures that the daemon runs, and exits.
    Start(StartOptions),
    /// Shows one popover.
    Popover {
        /// The place and the page of the popover.
        request: PopoverRequest,
        /// The kind of window.
        frame: Frame,
        /// True if a daemon controls the popover over the standard streams.
        is_controlled: bool,
    },
    /// Runs engine, tray and popover in this process.
    OneProcess(StartOptions),
    /// Queries or changes the autostart, and exits.
    Autostart(AutostartAction),
    /// Copies the standard input.
    Copy(CopyFormat),
    /// Prints a text, and exits.
    Print(Info),
}

/// A text about the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Info {
    /// The command line.
    Help,
    /// The version.
    Version,
}

const HELP: &str = "\
Shows how many tokens Claude Code uses on this computer, as an icon in the tray.

Usage: token-monitor-app [OPTIONS]

Without options it starts the app, or opens the one that runs.

Options:
  --show=PAGE                       Open a page: now, sessions, blocks, history, alerts or settings
  --toggle                          Open the app, or close it if it is open
  --quit                            Quit the app
  --demo                            Start another app with sample data in a temporary folder
  --background                      Start without opening anything
  --window                          Open one window and exit with it
  --popover[=X,Y]                   Open one popover and exit with it
  --one-process                     Run the icon and the popover in one process
  --autostart=status|on|off|repair  Print or change the start at login
  --copy[=png]                      Copy the standard input
  -h, --help                        Print this text
  -V, --version                     Print the version";

impl fmt::Display for Info {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Help => HELP,
            Self::Version => concat!("token-monitor-app ", env!("CARGO_PKG_VERSION")),
        })
    }
}

/// The options of a start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StartOptions {
    /// True if the session started the app, which then opens nothing.
    pub(crate) in_background: bool,
    /// The page to show if the app is already running.
    pub(crate) route: Option<Route>,
    /// The action if the app is already running.
    pub(crate) action: ActivateAction,
    /// True to start another app with sample data.
    pub(crate) is_demo: bool,
}

/// The arguments before they are combined to a mode.
#[derive(Default)]
struct RawArgs {
    one_process: bool,
    popover: Option<PopoverRequest>,
    is_window: bool,
    is_controlled: bool,
    start: StartOptions,
    autostart: Option<AutostartAction>,
    copy: Option<CopyFormat>,
    info: Option<Info>,
}

/// Parses the command line.
pub(crate) fn parse_mode(args: impl Iterator<Item = String>) -> anyhow::Result<Mode> {
    let mut raw = RawArgs::default();
    for arg in args {
        raw.parse_arg(&arg)?;
    }
    Ok(raw.into_mode())
}

impl RawArgs {
    fn parse_arg(&mut self, arg: &str) -> anyhow::Result<()> {
        match arg.split_once('=').map_or((arg, None), |(name, value)| (name, Some(value))) {
            ("--one-process", None) => self.one_process = true,
            ("--popover", None) => self.popover = Some(PopoverRequest::default()),
            ("--popover", Some(point)) => {
                let near = point.parse().with_context(|| format!("--popover takes x,y in pixels, not {point}"))?;
                self.popover = Some(PopoverRequest { near: Some(near), route: None });
            }
            ("--window", None) => self.is_window = true,
            ("--show", Some(page)) => self.start.route = Some(page.parse().context("--show")?),
            ("--help" | "-h", None) => self.info = Some(Info::Help),
            ("--version" | "-V", None) => self.info = Some(Info::Version),
            ("--copy", None) => self.copy = Some(CopyFormat::Text),
            ("--copy", Some("png")) => self.copy = Some(CopyFormat::Png),
            ("--controlled", None) => self.is_controlled = true,
            ("--background", None) => self.start.in_background = true,
            ("--toggle", None) => self.start.action = ActivateAction::Toggle,
            ("--quit", None) => self.start.action = ActivateAction::Quit,
            ("--demo", None) => self.start.is_demo = true,
            ("--autostart", Some(action)) => self.autostart = Some(parse_autostart_action(action)?),
            _ => bail!("unknown argument {arg}; token-monitor-app --help lists the known ones"),
        }
        Ok(())
    }

    fn into_mode(self) -> Mode {
        if let Some(info) = self.info {
            return Mode::Print(info);
        }
        if let Some(format) = self.copy {
            return Mode::Copy(format);
        }
        let frame = if self.is_window { Frame::Window } else { Frame::Popover };
        match (self.autostart, self.popover.or_else(|| self.is_window.then(PopoverRequest::default))) {
            (Some(action), _) => Mode::Autostart(action),
            (None, Some(request)) => {
                let request = PopoverRequest { route: self.start.route, ..request };
                Mode::Popover { request, frame, is_controlled: self.is_controlled }
            }
            (None, None) if self.one_process || cfg!(not(target_os = "linux")) => Mode::OneProcess(self.start),
            (None, None) => Mode::Start(self.start),
        }
    }
}

fn parse_autostart_action(text: &str) -> anyhow::Result<AutostartAction> {
    Ok(match text {
        "status" => AutostartAction::Status,
        "on" => AutostartAction::On,
        "off" => AutostartAction::Off,
        "repair" => AutostartAction::Repair,
        _ => bail!("--autostart takes status, on, off or repair, not {text}"),
    })
}

#[cfg(test)]
mod tests {
    use token_monitor_tray::ScreenPoint;

    use super::*;

    fn parse(args: &[&str]) -> anyhow::Result<Mode> {
        parse_mode(args.iter().map(ToString::to_string))
    }

    fn popover(near: Option<ScreenPoint>, route: Option<Route>) -> Mode {
        Mode::Popover { request: PopoverRequest { near, route }, frame: Frame::Popover, is_controlled: false }
    }

    #[test]
    fn the_popover_argument_sets_the_position() {
        assert_eq!(parse(&["--popover=12,-3"]).ok(), Some(popover(Some(ScreenPoint { x: 12, y: -3 }), None)));
        assert_eq!(parse(&["--popover"]).ok(), Some(popover(None, None)));
        assert!(parse(&["--popover=here"]).is_err());
    }

    #[test]
    fn the_page_can_precede_the_popover() {
        for args in [["--popover", "--show=session/a=b"], ["--show=session/a=b", "--popover"]] {
            let route = Some(Route::Session { session_id: "a=b".to_owned() });
            assert_eq!(parse(&args).ok(), Some(popover(None, route)));
        }
        assert!(parse(&["--show=/etc/passwd"]).is_err(), "an argument is never a path");
    }

    #[test]
    fn the_arguments_of_a_daemon_are_parsed() {
        let request = PopoverRequest { near: Some(ScreenPoint { x: 1, y: 2 }), route: Some(Route::Alerts) };
        let args = request.to_args().into_iter().chain(["--controlled".to_owned()]);
        assert_eq!(parse_mode(args).ok(), Some(Mode::Popover { request, frame: Frame::Popover, is_controlled: true }));
    }

    #[test]
    fn a_window_needs_no_position() {
        let window = Mode::Popover { request: PopoverRequest::default(), frame: Frame::Window, is_controlled: false };
        assert_eq!(parse(&["--window"]).ok(), Some(window));
    }

    #[test]
    fn a_start_by_the_session_is_in_the_background() {
        let start = StartOptions { in_background: true, ..StartOptions::default() };
        assert_eq!(parse(&["--one-process", "--background"]).ok(), Some(Mode::OneProcess(start)));
        assert_eq!(parse(&["--one-process"]).ok(), Some(Mode::OneProcess(StartOptions::default())));
    }

    #[test]
    fn a_running_app_can_be_toggled_and_quit() {
        for (arg, action) in [("--toggle", ActivateAction::Toggle), ("--quit", ActivateAction::Quit)] {
            let start = StartOptions { action, ..StartOptions::default() };
            assert_eq!(parse(&["--one-process", arg]).ok(), Some(Mode::OneProcess(start)));
        }
    }

    #[test]
    fn sample_data_is_an_option_of_the_start() {
        let start = StartOptions { is_demo: true, ..StartOptions::default() };
        assert_eq!(parse(&["--demo", "--one-process"]).ok(), Some(Mode::OneProcess(start)));
    }

    #[test]
    fn the_help_names_every_option_and_is_printed_whatever_else_is_asked() {
        assert_eq!(parse(&["--demo", "--help"]).ok(), Some(Mode::Print(Info::Help)));
        assert_eq!(parse(&["-V"]).ok(), Some(Mode::Print(Info::Version)));
        let options = HELP.split_whitespace().filter(|word| word.starts_with('-'));
        let options = options.map(|word| word.trim_end_matches(',').split(['=', '[']).next().unwrap_or_default());
        for option in options {
            let values = ["", "=now", "=1,2", "=on", "=png"];
            assert!(values.iter().any(|value| parse(&[&format!("{option}{value}")]).is_ok()), "{option} is known");
        }
        assert_eq!(Info::Version.to_string(), "token-monitor-app 0.1.0");
    }

    #[test]
    fn unknown_arguments_are_rejected() {
        assert!(parse(&["--frobnicate"]).is_err());
        assert!(parse(&["--autostart=maybe"]).is_err());
        assert!(parse(&["--autostart"]).is_err());
    }
}
