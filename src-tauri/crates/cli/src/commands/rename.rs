//! `token-monitor rename`: gives a session a name.

use token_monitor_core::report::model::{SessionChanges, SessionMetadata};
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{ApiError, ErrorCode, Request, Response};

use crate::connect::request_once;
use crate::error::CliError;
use crate::render::output::Printer;

/// Names a session. `session` is its id, the beginning of it, or its present name.
pub(crate) async fn run(
    sources: ConfigSources,
    session: String,
    name: String,
    printer: &Printer,
) -> Result<(), CliError> {
    if name.trim().is_empty() {
        let error = ApiError::new(ErrorCode::NameInvalid, "the name is blank");
        return Err(error.with_hint("`token-monitor describe SESSION --name \"\"` removes a name.").into());
    }
    let changes = SessionChanges { name: Some(name), ..SessionChanges::default() };
    let response = request_once(sources, Request::UpdateSession { session, changes }).await?;
    let Response::SessionUpdated(metadata) = response else { return Err(CliError::unexpected_response()) };
    printer.print(&metadata, || render_new_name(&metadata))
}

fn render_new_name(metadata: &SessionMetadata) -> String {
    let name = metadata.name.as_deref().unwrap_or_default();
    format!("{} is now named “{}”.", sanitize_line(&metadata.uuid), sanitize_line(name))
}
