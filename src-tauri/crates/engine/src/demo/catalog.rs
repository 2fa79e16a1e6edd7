//! The made-up projects, titles, names and tags of the sample data. They belong to a fictional user named Ada.

use chrono::NaiveDate;

/// A project.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DemoProject {
    /// The name of its folder.
    pub(crate) name: &'static str,
    /// The tag of its sessions.
    pub(crate) tag: &'static str,
    /// Its branches, the most frequent first.
    pub(crate) branches: &'static [&'static str],
    /// The titles of its sessions, the most frequent first.
    pub(crate) titles: &'static [&'static str],
}

impl DemoProject {
    /// Returns the working folder.
    pub(crate) fn path(&self) -> String {
        format!("/home/ada/projects/{}", self.name)
    }
}

/// The projects, the most used first.
pub(crate) const PROJECTS: &[DemoProject] = &[
    DemoProject {
        name: "orrery",
        tag: "open source",
        branches: &["main", "feature/moons", "fix/login-flow", "release/2.1"],
        titles: &[
            "Fix the login flow",
            "Draw the moons of Jupiter",
            "Zoom with two fingers",
            "Move the clock to its own thread",
            "Release notes",
            "Orbits drift after a year",
            "Keyboard shortcuts",
        ],
    },
    DemoProject {
        name: "tide-tables",
        tag: "client",
        branches: &["main", "import-harbours", "windows-build"],
        titles: &[
            "Import harbour data",
            "Build fails on Windows",
            "Export as calendar",
            "Dates before 1970",
            "Faster search by coordinates",
        ],
    },
    DemoProject {
        name: "notebook",
        tag: "private",
        branches: &["main", "search"],
        titles: &["Search as you type", "Move the settings to one file", "Notes that link to each other", "Dark theme"],
    },
    DemoProject {
        name: "weather-kite",
        tag: "experiment",
        branches: &["main", "sensors"],
        titles: &["Read the wind sensor", "Battery lasts a day only", "Plot the flight path"],
    },
    DemoProject {
        name: "letters",
        tag: "client",
        branches: &["main", "print"],
        titles: &["Print on both sides", "Address labels", "Translate the form"],
    },
    DemoProject {
        name: "recipe-box",
        tag: "private",
        branches: &["main"],
        titles: &["Scale a recipe", "Shopping list by aisle", "Import old recipes"],
    },
    DemoProject {
        name: "lighthouse",
        tag: "experiment",
        branches: &["main", "lens"],
        titles: &["Simulate the lens", "Count ships by night"],
    },
];

/// The names that the user gave to the latest sessions.
pub(crate) const SESSION_NAMES: &[&str] = &["Login, second attempt", "Harbours of the north", "Search rewrite"];

/// The models of a time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DemoModels {
    pub(crate) opus: &'static str,
    pub(crate) sonnet: &'static str,
    pub(crate) haiku: &'static str,
}

/// Returns the models in use on a day.
pub(crate) fn models_on(day: NaiveDate) -> DemoModels {
    let since = |year, month, date| NaiveDate::from_ymd_opt(year, month, date).is_some_and(|start| day >= start);
    let (opus, sonnet, haiku) = match () {
        () if since(2026, 10, 7) => ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"),
        () if since(2026, 7, 24) => ("claude-opus-5", "claude-sonnet-5", "claude-haiku-4-5"),
        () if since(2026, 5, 28) => ("claude-opus-4-8", "claude-sonnet-4-6", "claude-haiku-4-5"),
        () if since(2026, 2, 17) => ("claude-opus-4-6", "claude-sonnet-4-6", "claude-haiku-4-5"),
        () => ("claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"),
    };
    DemoModels { opus, sonnet, haiku }
}
