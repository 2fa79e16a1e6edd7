//! What a popover is opened with, and the few words resident and popover process exchange about it.
//!
//! Pure text, a line each: the resident writes wishes, the popover process says what became of itself. Whatever is
//! not one of these words is refused; none of it ever names a file.

use std::fmt;
use std::str::FromStr;

use token_monitor_core::report::model::Route;

use crate::placement::Point;

/// Where the popover is to appear, and with which page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The click that asked for it, where one is known.
    pub near: Option<Point>,
    /// The page; the one shown last where none is named.
    pub route: Option<Route>,
}

/// A word that is not known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not understood")]
pub struct Unheard;

/// As on a command line: `12,-3`.
impl fmt::Display for Point {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{},{}", self.x, self.y)
    }
}

impl FromStr for Point {
    type Err = Unheard;

    fn from_str(text: &str) -> Result<Self, Unheard> {
        let (x, y) = text.split_once(',').ok_or(Unheard)?;
        let pixels = |text: &str| text.parse().map_err(|_| Unheard);
        Ok(Self { x: pixels(x)?, y: pixels(y)? })
    }
}

impl Opening {
    /// As arguments of the popover's program.
    pub fn args(&self) -> Vec<String> {
        let place = self.near.map_or("--popover".to_owned(), |near| format!("--popover={near}"));
        let page = self.route.as_ref().map(|route| format!("--show={route}"));
        std::iter::once(place).chain(page).collect()
    }
}

/// What the resident wants of a popover process that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To be on the screen.
    Show(Opening),
    /// To be off it, and ready.
    Hide,
}

/// In one line: `show 12,-3 session/abc`, with `-` for what is not known.
impl fmt::Display for Wish {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An id with a line break in it would be two lines; no session has one.
        let known =
            |text: Option<String>| text.filter(|text| !text.contains(char::is_control)).unwrap_or("-".to_owned());
        match self {
            Self::Show(Opening { near, route }) => {
                let (near, route) = (near.map(|near| near.to_string()), route.as_ref().map(Route::to_string));
                write!(out, "show {} {}", known(near), known(route))
            }
            Self::Hide => out.write_str("hide"),
        }
    }
}

impl FromStr for Wish {
    type Err = Unheard;

    fn from_str(line: &str) -> Result<Self, Unheard> {
        if line == "hide" {
            return Ok(Self::Hide);
        }
        let (near, route) = line.strip_prefix("show ").and_then(|rest| rest.split_once(' ')).ok_or(Unheard)?;
        let route = known(route).map(|route| route.parse().map_err(|_| Unheard)).transpose()?;
        Ok(Self::Show(Opening { near: known(near).map(str::parse).transpose()?, route }))
    }
}

fn known(word: &str) -> Option<&str> {
    (word != "-").then_some(word)
}

/// What becomes of an opening of the popover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// Its figures are on the screen.
    Painted,
    /// It is off the screen, because another window got the focus.
    Left,
    /// It is off the screen, because its user or the resident wanted it.
    Dismissed,
    /// Its window is gone for good, and the process soon will be.
    Gone,
}

/// What a popover process says: what became of which opening. Both sides count them, the first is 1; so a word about
/// one that is over is not taken for one about the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// What became of it.
    pub became: Became,
    /// The opening.
    pub opening: u64,
}

/// In one line: `left 3`.
impl fmt::Display for Told {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.became, self.opening)
    }
}

impl FromStr for Told {
    type Err = Unheard;

    fn from_str(line: &str) -> Result<Self, Unheard> {
        let (became, opening) = line.split_once(' ').ok_or(Unheard)?;
        Ok(Self { became: became.parse()?, opening: opening.parse().map_err(|_| Unheard)? })
    }
}

impl fmt::Display for Became {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Painted => "painted",
            Self::Left => "left",
            Self::Dismissed => "dismissed",
            Self::Gone => "gone",
        })
    }
}

impl FromStr for Became {
    type Err = Unheard;

    fn from_str(line: &str) -> Result<Self, Unheard> {
        match line {
            "painted" => Ok(Self::Painted),
            "left" => Ok(Self::Left),
            "dismissed" => Ok(Self::Dismissed),
            "gone" => Ok(Self::Gone),
            _ => Err(Unheard),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing_known(None, None, "show - -")]
    #[case::left_of_the_first_screen(Some(Point { x: -30, y: 4 }), None, "show -30,4 -")]
    #[case::a_session(None, Some(Route::Session { session_id: "a b".to_owned() }), "show - session/a b")]
    fn a_wish_is_one_line(#[case] near: Option<Point>, #[case] route: Option<Route>, #[case] line: &str) {
        let wish = Wish::Show(Opening { near, route });
        assert_eq!(wish.to_string(), line);
        assert_eq!(line.parse(), Ok(wish));
    }

    #[test]
    fn no_id_makes_two_lines_of_one() {
        let route = Some(Route::Session { session_id: "a\nhide".to_owned() });
        assert_eq!(Wish::Show(Opening { near: None, route }).to_string(), "show - -");
    }

    #[rstest]
    #[case("")]
    #[case("show")]
    #[case("show 1,2")]
    #[case("show 1,2 nowhere")]
    #[case("show here now")]
    #[case("hide now")]
    fn other_words_are_refused(#[case] line: &str) {
        assert_eq!(line.parse::<Wish>(), Err(Unheard));
    }

    #[rstest]
    #[case(Became::Painted)]
    #[case(Became::Left)]
    #[case(Became::Dismissed)]
    #[case(Became::Gone)]
    fn what_it_says_is_understood(#[case] became: Became) {
        let told = Told { became, opening: 3 };
        assert_eq!(told.to_string().parse(), Ok(told));
        assert_eq!(became.to_string().parse::<Told>(), Err(Unheard), "of which opening?");
    }

    #[test]
    fn arguments_name_what_is_known() {
        let opening = Opening { near: Some(Point { x: 1, y: -2 }), route: Some(Route::Blocks) };
        assert_eq!(opening.args(), ["--popover=1,-2", "--show=blocks"]);
        assert_eq!(Opening::default().args(), ["--popover"]);
    }

    proptest! {
        #[test]
        fn any_line_is_a_wish_or_refused(line in ".*") {
            let wish: Result<Wish, Unheard> = line.parse();
            if let Ok(wish) = wish {
                prop_assert_eq!(wish.to_string().parse(), Ok(wish));
            }
        }
    }
}
