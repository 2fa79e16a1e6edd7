//! Exports the history that the page shows to a file in the download folder, as `token-monitor export` writes it.

use std::io::Write;

use anyhow::Context;
use chrono::NaiveDate;
use serde::Deserialize;
use tauri::{AppHandle, State};
use token_monitor_core::report::grouped::DayBound;
use token_monitor_core::report::model::{Grouping, HistoryBy, ReportFilter, ReportQuery};
use token_monitor_engine::{ApiError, ErrorCode, Request, Response};
use token_monitor_export::{Billing, ExportFormat, render_export};

use crate::commands::run_blocking;
use crate::engine_source::EngineSource;
use crate::new_file::create_download;

/// The content of an exported history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HistoryExport {
    format: ExportFormat,
    /// The property that divides the days.
    by: HistoryBy,
    /// The first day, or `None` for the first one with messages.
    from: Option<NaiveDate>,
    /// The last day, or `None` for today.
    to: Option<NaiveDate>,
}

impl HistoryExport {
    fn to_query(self) -> ReportQuery {
        let Self { format, by, from, to } = self;
        let filter =
            ReportFilter { since: from.map(DayBound::Date), until: to.map(DayBound::Date), ..ReportFilter::default() };
        ReportQuery { by: format.groupings([Grouping::Day, by.into()]), filter, ..ReportQuery::default() }
    }
}

/// Saves the history to a new file and returns its path.
#[tauri::command]
pub(crate) async fn export_history(
    app: AppHandle,
    source: State<'_, EngineSource>,
    content: HistoryExport,
) -> Result<String, ApiError> {
    let query = content.to_query();
    let groupings = query.by.clone();
    let Response::Report(report) = source.get().await?.request(Request::Report(Box::new(query))).await? else {
        return Err(ApiError::new(ErrorCode::Internal, "the engine sent an unexpected response"));
    };
    run_blocking(move || {
        let text = render_export(&report, &groupings, content.format, Billing::default())?;
        save(&app, content.format, &text)
    })
    .await
}

fn save(app: &AppHandle, format: ExportFormat, text: &str) -> anyhow::Result<String> {
    let (path, mut file) = create_download(app, "token-monitor", format.extension())?;
    file.write_all(text.as_bytes()).with_context(|| format!("writing {}", path.display()))?;
    Ok(path.display().to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(value: serde_json::Value) -> HistoryExport {
        serde_json::from_value(value).expect("it is valid")
    }

    #[test]
    fn the_shown_days_are_exported_by_the_chosen_property() {
        let query = parse(json!({ "format": "csv", "by": "pullRequest", "from": "2026-11-02", "to": null })).to_query();
        assert_eq!(query.by, [Grouping::Day, Grouping::PullRequest]);
        assert_eq!(query.filter.since, NaiveDate::from_ymd_opt(2026, 11, 2).map(DayBound::Date));
        assert_eq!(query.filter.until, None);
    }

    #[test]
    fn focus_has_the_model_in_addition() {
        let query = parse(json!({ "format": "focus", "by": "project", "from": null, "to": "2026-11-30" })).to_query();
        assert_eq!(query.by, [Grouping::Day, Grouping::Project, Grouping::Model]);
        assert_eq!(query.filter.until, NaiveDate::from_ymd_opt(2026, 11, 30).map(DayBound::Date));
    }
}
