//! What this process is to be.

use anyhow::{Context, bail};
use token_monitor_core::report::model::Route;
use token_monitor_tray::Opening;

use crate::popover::Frame;

/// What this process is to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Make sure the resident runs, then end.
    Start(Start),
    /// One popover.
    Popover {
        /// Where and with which page.
        opening: Opening,
        /// What kind of window.
        frame: Frame,
        /// Whether a resident leads it, over the standard streams.
        led: bool,
    },
    /// Engine, tray and popover together.
    OneProcess(Start),
    /// Ask or change whether the app starts when the user logs in, then end.
    Autostart(Order),
}

/// How the app is started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Start {
    /// By the session rather than by somebody who wants to see something.
    pub(crate) in_background: bool,
    /// The page to show, if it runs already.
    pub(crate) route: Option<Route>,
}

/// What to do about starting with the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Only say whether it is on.
    Status,
    /// Turn it on.
    On,
    /// Turn it off.
    Off,
    /// Where it is on, have it start the program from where that is now.
    Repair,
}

/// What the arguments say, one by one.
#[derive(Default)]
struct Said {
    one_process: bool,
    popover: Option<Opening>,
    is_window: bool,
    led: bool,
    start: Start,
    autostart: Option<Order>,
}

/// Reads the command line.
pub(crate) fn role(args: impl Iterator<Item = String>) -> anyhow::Result<Role> {
    let mut said = Said::default();
    for arg in args {
        said.hear(&arg)?;
    }
    Ok(said.role())
}

impl Said {
    fn hear(&mut self, arg: &str) -> anyhow::Result<()> {
        match arg.split_once('=').map_or((arg, None), |(name, value)| (name, Some(value))) {
            ("--one-process", None) => self.one_process = true,
            ("--popover", None) => self.popover = Some(Opening::default()),
            ("--popover", Some(place)) => {
                let near = place.parse().with_context(|| format!("--popover takes x,y in pixels, not {place}"))?;
                self.popover = Some(Opening { near: Some(near), route: None });
            }
            ("--window", None) => self.is_window = true,
            ("--show", Some(page)) => self.start.route = Some(page.parse().context("--show")?),
            ("--led", None) => self.led = true,
            ("--background", None) => self.start.in_background = true,
            ("--autostart", Some(order)) => self.autostart = Some(self::order(order)?),
            _ => bail!(
                "unknown argument {arg}; known are --popover[=x,y], --window, --show=page, --one-process, --background \
                 and --autostart=status|on|off|repair"
            ),
        }
        Ok(())
    }

    fn role(self) -> Role {
        let frame = if self.is_window { Frame::Window } else { Frame::Popover };
        match (self.autostart, self.popover.or_else(|| self.is_window.then(Opening::default))) {
            (Some(order), _) => Role::Autostart(order),
            (None, Some(opening)) => {
                let opening = Opening { route: self.start.route, ..opening };
                Role::Popover { opening, frame, led: self.led }
            }
            (None, None) if self.one_process || cfg!(not(target_os = "linux")) => Role::OneProcess(self.start),
            (None, None) => Role::Start(self.start),
        }
    }
}

fn order(text: &str) -> anyhow::Result<Order> {
    Ok(match text {
        "status" => Order::Status,
        "on" => Order::On,
        "off" => Order::Off,
        "repair" => Order::Repair,
        _ => bail!("--autostart takes status, on, off or repair, not {text}"),
    })
}

#[cfg(test)]
mod tests {
    use token_monitor_tray::Point;

    use super::*;

    fn of(args: &[&str]) -> anyhow::Result<Role> {
        role(args.iter().map(ToString::to_string))
    }

    fn popover(near: Option<Point>, route: Option<Route>) -> Role {
        Role::Popover { opening: Opening { near, route }, frame: Frame::Popover, led: false }
    }

    #[test]
    fn a_popover_is_placed_by_its_argument() {
        assert_eq!(of(&["--popover=12,-3"]).ok(), Some(popover(Some(Point { x: 12, y: -3 }), None)));
        assert_eq!(of(&["--popover"]).ok(), Some(popover(None, None)));
        assert!(of(&["--popover=here"]).is_err());
    }

    #[test]
    fn a_page_can_be_named_in_any_order() {
        for args in [["--popover", "--show=session/a=b"], ["--show=session/a=b", "--popover"]] {
            let route = Some(Route::Session { session_id: "a=b".to_owned() });
            assert_eq!(of(&args).ok(), Some(popover(None, route)));
        }
        assert!(of(&["--show=/etc/passwd"]).is_err(), "an argument is never a path");
    }

    #[test]
    fn what_a_resident_says_is_understood() {
        let opening = Opening { near: Some(Point { x: 1, y: 2 }), route: Some(Route::Alerts) };
        let args = opening.args().into_iter().chain(["--led".to_owned()]);
        assert_eq!(role(args).ok(), Some(Role::Popover { opening, frame: Frame::Popover, led: true }));
    }

    #[test]
    fn a_window_needs_no_place() {
        let window = Role::Popover { opening: Opening::default(), frame: Frame::Window, led: false };
        assert_eq!(of(&["--window"]).ok(), Some(window));
    }

    #[test]
    fn starting_with_the_session_is_no_wish_to_see_something() {
        let start = Start { in_background: true, route: None };
        assert_eq!(of(&["--one-process", "--background"]).ok(), Some(Role::OneProcess(start)));
        assert_eq!(of(&["--one-process"]).ok(), Some(Role::OneProcess(Start::default())));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(of(&["--frobnicate"]).is_err());
        assert!(of(&["--autostart=maybe"]).is_err());
        assert!(of(&["--autostart"]).is_err());
    }
}
