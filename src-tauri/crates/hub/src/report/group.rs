//! The properties that distinguish the rows of a report.

use std::fmt;
use std::str::FromStr;

/// A property that distinguishes the rows of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportGroup {
    /// The UTC day.
    Day,
    /// The month of the UTC day.
    Month,
    /// The member.
    Member,
    /// The device.
    Device,
    /// The model.
    Model,
    /// The pseudonym of the project.
    Project,
    /// The repository.
    Repository,
    /// The branch.
    Branch,
    /// The pseudonym of the session, with its name and tags.
    Session,
}

impl ReportGroup {
    /// All groups, in the order of the columns.
    pub const ALL: [Self; 9] = [
        Self::Day,
        Self::Month,
        Self::Member,
        Self::Device,
        Self::Model,
        Self::Project,
        Self::Repository,
        Self::Branch,
        Self::Session,
    ];

    /// Returns the name, which is also that of the field.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Member => "member",
            Self::Device => "device",
            Self::Model => "model",
            Self::Project => "project",
            Self::Repository => "repository",
            Self::Branch => "branch",
            Self::Session => "session",
        }
    }
}

impl fmt::Display for ReportGroup {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for ReportGroup {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = || Self::ALL.map(Self::name).join(", ");
        let found = Self::ALL.into_iter().find(|group| group.name() == text);
        found.ok_or_else(|| format!("{text:?} is no group; use {}", names()))
    }
}
