//! What this process is to be.

use anyhow::bail;
use token_monitor_desktop::Point;

/// What this process is to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Make sure the resident runs, then end.
    Start,
    /// One popover, near a point of the screen if one is known.
    Popover(Option<Point>),
    /// Engine, tray and popover together.
    OneProcess,
}

/// Reads the command line.
pub(crate) fn role(args: impl Iterator<Item = String>) -> anyhow::Result<Role> {
    let mut role = if cfg!(target_os = "linux") { Role::Start } else { Role::OneProcess };
    for arg in args {
        role = match arg.split_once('=').unwrap_or((&arg, "")) {
            ("--one-process", "") => Role::OneProcess,
            ("--popover", "") => Role::Popover(None),
            ("--popover", place) => Role::Popover(Some(point(place)?)),
            // Started with the session: the same as by hand.
            ("--background", "") => role,
            _ => bail!("unknown argument {arg}; known are --one-process, --popover[=x,y] and --background"),
        };
    }
    Ok(role)
}

fn point(place: &str) -> anyhow::Result<Point> {
    let parts = place.split_once(',').and_then(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)));
    match parts {
        Some((x, y)) => Ok(Point { x, y }),
        None => bail!("--popover takes x,y in pixels, not {place}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(args: &[&str]) -> anyhow::Result<Role> {
        role(args.iter().map(ToString::to_string))
    }

    #[test]
    fn a_popover_is_placed_by_its_argument() {
        assert_eq!(of(&["--popover=12,-3"]).ok(), Some(Role::Popover(Some(Point { x: 12, y: -3 }))));
        assert_eq!(of(&["--popover"]).ok(), Some(Role::Popover(None)));
        assert!(of(&["--popover=here"]).is_err());
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(of(&["--frobnicate"]).is_err());
    }
}
