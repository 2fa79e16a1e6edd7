//! The files of the web dashboard, which are part of the program.

use axum::http::Uri;
use axum::response::Response;
use token_monitor_web::StaticFiles;

use crate::problem::ProblemDetails;

include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

const DASHBOARD: StaticFiles = StaticFiles::new(FILES, "index.html");

/// Returns true for the path of a file that needs no credentials.
pub(crate) fn is_asset(path: &str) -> bool {
    DASHBOARD.is_asset(path)
}

/// Returns the page.
pub(crate) async fn get_page() -> Response {
    DASHBOARD.respond_page()
}

/// Returns another file of the dashboard.
pub(crate) async fn get_asset(uri: Uri) -> Result<Response, ProblemDetails> {
    DASHBOARD.respond_asset(uri.path()).ok_or_else(ProblemDetails::not_found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_sorted_so_that_they_are_found() {
        assert!(FILES.is_sorted_by_key(|(name, _)| *name));
        let others = FILES.iter().filter(|(name, _)| *name != "index.html");
        assert!(others.into_iter().all(|(name, _)| is_asset(&format!("/{name}"))));
    }
}
