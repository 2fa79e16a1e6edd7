//! Chooses the rollup from which the sums of a report are read.

use crate::intake::COUNT_COLUMNS;
use crate::report::ReportGroup;
use crate::report::usage_query::UsageColumn;

/// The days of the organization whose sums in `usage_project_days` are out of date. As an array, so that the database reads only
/// these days from `usage_days`.
const CHANGED_DAYS: &str =
    "ARRAY(SELECT DISTINCT day FROM changed_days WHERE organization = $1 AND day >= $2 AND day <= $3)";

/// A rollup. The organization and the first and the last day are the first parameters of its statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UsageSource {
    /// The sums by all properties.
    Days,
    /// The sums by device.
    DeviceDays,
    /// The sums by model, project and repository.
    ProjectDays,
}

impl UsageSource {
    /// Returns the smallest rollup that has columns.
    pub(super) fn with_columns(columns: &[UsageColumn]) -> Self {
        let sources = [Self::ProjectDays, Self::DeviceDays];
        let has_all = |source: &Self| columns.iter().all(|column| source.has(*column));
        sources.into_iter().find(has_all).unwrap_or(Self::Days)
    }

    fn has(self, column: UsageColumn) -> bool {
        use ReportGroup::{Branch, Day, Device, Member, Model, Month, Project, Repository, Session};
        match column {
            UsageColumn::Group(Day | Month) => true,
            UsageColumn::Group(Member | Device) | UsageColumn::MemberClass => self != Self::ProjectDays,
            UsageColumn::Group(Model | Project | Repository) => self != Self::DeviceDays,
            UsageColumn::Group(Branch | Session) | UsageColumn::Tags => self == Self::Days,
        }
    }

    /// Returns the rows of the rollup, for the clause `FROM`.
    pub(super) fn rows(self) -> String {
        match self {
            Self::Days => rows_of("usage_days"),
            Self::DeviceDays => rows_of("usage_device_days"),
            Self::ProjectDays => project_rows(),
        }
    }
}

fn rows_of(table: &str) -> String {
    format!("(SELECT * FROM {table} WHERE organization = $1 AND day >= $2 AND day <= $3) AS days")
}

/// Returns the rows of `usage_project_days`, and those of `usage_days` for the days that have changed since.
fn project_rows() -> String {
    let columns = "day, model, project, repository";
    let counts: Vec<String> = COUNT_COLUMNS.iter().map(|column| format!("{column}::numeric AS {column}")).collect();
    format!(
        "(SELECT {columns}, {kept} FROM usage_project_days \
         WHERE organization = $1 AND day >= $2 AND day <= $3 AND day <> ALL({CHANGED_DAYS}) \
         UNION ALL SELECT {columns}, {converted} FROM usage_days \
         WHERE organization = $1 AND day = ANY({CHANGED_DAYS})) AS days",
        kept = COUNT_COLUMNS.join(", "),
        converted = counts.join(", "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_rollup_with_all_columns_is_read() {
        use ReportGroup::{Branch, Day, Member, Model, Month, Repository};
        let source = |groups: &[ReportGroup]| {
            let columns: Vec<UsageColumn> = groups.iter().copied().map(UsageColumn::Group).collect();
            UsageSource::with_columns(&columns)
        };
        assert_eq!(source(&[]), UsageSource::ProjectDays);
        assert_eq!(source(&[Day, Model, Repository]), UsageSource::ProjectDays);
        assert_eq!(source(&[Month, Member]), UsageSource::DeviceDays);
        assert_eq!(source(&[Member, Model]), UsageSource::Days);
        assert_eq!(source(&[Day, Branch]), UsageSource::Days);
    }
}
