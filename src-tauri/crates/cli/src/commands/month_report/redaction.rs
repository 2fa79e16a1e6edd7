//! Replaces the names of projects and sessions by numbers, in the order of their tokens, and removes all other names.

use token_monitor_core::report::model::{GroupValue, Report};

use crate::commands::month_report::MonthFigures;

/// Replaces or removes all names that a stranger should not read. Models and types of agents keep theirs.
pub(super) fn redact(figures: &mut MonthFigures) {
    redact_rows(&mut figures.projects);
    redact_rows(&mut figures.sessions);
}

fn redact_rows(report: &mut Report) {
    for (number, row) in (1..).zip(&mut report.rows) {
        for value in &mut row.values {
            match value {
                GroupValue::Project(path @ Some(_)) => *path = Some(format!("Project {number}")),
                GroupValue::Session(id, name) => (*id, *name) = (String::new(), format!("Session {number}")),
                GroupValue::Branch(name) | GroupValue::PullRequest(name) => *name = None,
                GroupValue::Tag(tags) => tags.clear(),
                GroupValue::Block(_, _, account) => *account = None,
                GroupValue::Project(None)
                | GroupValue::Day(_)
                | GroupValue::Week(_)
                | GroupValue::Month(_)
                | GroupValue::Agent(_)
                | GroupValue::Model(_) => {}
            }
        }
        row.session = None;
    }
}
