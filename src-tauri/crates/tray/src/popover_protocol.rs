//! The requests, commands and events that the daemon and a popover process exchange.
//!
//! Pure text, one line each: the daemon writes commands, the popover process writes events. Anything else is rejected,
//! and no message contains a path.

use std::fmt;
use std::str::FromStr;

use token_monitor_core::report::model::Route;

use crate::placement::ScreenPoint;

/// A request to show the popover at a place, with a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PopoverRequest {
    /// The position of the click, if it is known.
    pub near: Option<ScreenPoint>,
    /// The page to show; the page shown last if `None`.
    pub route: Option<Route>,
}

/// The error of a text that is not part of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown command or event")]
pub struct ParseError;

/// Writes the point as on a command line: `12,-3`.
impl fmt::Display for ScreenPoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{},{}", self.x, self.y)
    }
}

impl FromStr for ScreenPoint {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let (x, y) = text.split_once(',').ok_or(ParseError)?;
        let pixels = |text: &str| text.parse().map_err(|_| ParseError);
        Ok(Self { x: pixels(x)?, y: pixels(y)? })
    }
}

impl PopoverRequest {
    /// Returns the request as arguments of the popover's program.
    pub fn to_args(&self) -> Vec<String> {
        let popover = self.near.map_or("--popover".to_owned(), |near| format!("--popover={near}"));
        let page = self.route.as_ref().map(|route| format!("--show={route}"));
        std::iter::once(popover).chain(page).collect()
    }
}

/// A command of the daemon to a running popover process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PopoverCommand {
    /// Show the popover.
    Show(PopoverRequest),
    /// Hide the popover and keep it ready.
    Hide,
}

/// Writes one line: `show 12,-3 session/abc`, with `-` for an unknown value.
impl fmt::Display for PopoverCommand {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An id with a line break would be two lines. No session has such an id.
        let or_dash =
            |text: Option<String>| text.filter(|text| !text.contains(char::is_control)).unwrap_or("-".to_owned());
        match self {
            Self::Show(PopoverRequest { near, route }) => {
                let (near, route) = (near.map(|near| near.to_string()), route.as_ref().map(Route::to_string));
                write!(out, "show {} {}", or_dash(near), or_dash(route))
            }
            Self::Hide => out.write_str("hide"),
        }
    }
}

impl FromStr for PopoverCommand {
    type Err = ParseError;

    fn from_str(line: &str) -> Result<Self, ParseError> {
        if line == "hide" {
            return Ok(Self::Hide);
        }
        let (near, route) = line.strip_prefix("show ").and_then(|rest| rest.split_once(' ')).ok_or(ParseError)?;
        let route = parse_optional(route).map(|route| route.parse().map_err(|_| ParseError)).transpose()?;
        Ok(Self::Show(PopoverRequest { near: parse_optional(near).map(str::parse).transpose()?, route }))
    }
}

fn parse_optional(word: &str) -> Option<&str> {
    (word != "-").then_some(word)
}

/// The state of the popover after a request to show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PopoverState {
    /// The figures are on the screen.
    Painted,
    /// Hidden, because another window got the focus.
    LostFocus,
    /// Hidden by the user or by the daemon.
    Dismissed,
    /// The window is destroyed, and the process is about to end.
    Destroyed,
}

/// An event of the popover process: the state after a request. Both sides count the requests from 1, so that an event
/// of an earlier request is not attributed to the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PopoverEvent {
    /// The new state.
    pub state: PopoverState,
    /// The number of the request.
    pub request_id: u64,
}

/// Writes one line: `lost-focus 3`.
impl fmt::Display for PopoverEvent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.state, self.request_id)
    }
}

impl FromStr for PopoverEvent {
    type Err = ParseError;

    fn from_str(line: &str) -> Result<Self, ParseError> {
        let (state, request) = line.split_once(' ').ok_or(ParseError)?;
        Ok(Self { state: state.parse()?, request_id: request.parse().map_err(|_| ParseError)? })
    }
}

impl fmt::Display for PopoverState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Painted => "painted",
            Self::LostFocus => "lost-focus",
            Self::Dismissed => "dismissed",
            Self::Destroyed => "destroyed",
        })
    }
}

impl FromStr for PopoverState {
    type Err = ParseError;

    fn from_str(line: &str) -> Result<Self, ParseError> {
        match line {
            "painted" => Ok(Self::Painted),
            "lost-focus" => Ok(Self::LostFocus),
            "dismissed" => Ok(Self::Dismissed),
            "destroyed" => Ok(Self::Destroyed),
            _ => Err(ParseError),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::without_values(None, None, "show - -")]
    #[case::left_of_the_first_screen(Some(ScreenPoint { x: -30, y: 4 }), None, "show -30,4 -")]
    #[case::a_session(None, Some(Route::Session { session_id: "a b".to_owned() }), "show - session/a b")]
    fn a_command_is_one_line(#[case] near: Option<ScreenPoint>, #[case] route: Option<Route>, #[case] line: &str) {
        let command = PopoverCommand::Show(PopoverRequest { near, route });
        assert_eq!(command.to_string(), line);
        assert_eq!(line.parse(), Ok(command));
    }

    #[test]
    fn an_id_with_a_line_break_is_left_out() {
        let route = Some(Route::Session { session_id: "a\nhide".to_owned() });
        assert_eq!(PopoverCommand::Show(PopoverRequest { near: None, route }).to_string(), "show - -");
    }

    #[rstest]
    #[case("")]
    #[case("show")]
    #[case("show 1,2")]
    #[case("show 1,2 nowhere")]
    #[case("show here now")]
    #[case("hide now")]
    fn unknown_commands_are_rejected(#[case] line: &str) {
        assert_eq!(line.parse::<PopoverCommand>(), Err(ParseError));
    }

    #[rstest]
    #[case(PopoverState::Painted)]
    #[case(PopoverState::LostFocus)]
    #[case(PopoverState::Dismissed)]
    #[case(PopoverState::Destroyed)]
    fn an_event_round_trips(#[case] state: PopoverState) {
        let event = PopoverEvent { state, request_id: 3 };
        assert_eq!(event.to_string().parse(), Ok(event));
        assert_eq!(state.to_string().parse::<PopoverEvent>(), Err(ParseError), "the number of the request is missing");
    }

    #[test]
    fn arguments_contain_the_known_values() {
        let request = PopoverRequest { near: Some(ScreenPoint { x: 1, y: -2 }), route: Some(Route::Blocks) };
        assert_eq!(request.to_args(), ["--popover=1,-2", "--show=blocks"]);
        assert_eq!(PopoverRequest::default().to_args(), ["--popover"]);
    }

    proptest! {
        #[test]
        fn any_line_is_a_command_or_an_error(line in ".*") {
            let command: Result<PopoverCommand, ParseError> = line.parse();
            if let Ok(command) = command {
                prop_assert_eq!(command.to_string().parse(), Ok(command));
            }
        }
    }
}
