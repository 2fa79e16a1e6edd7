//! The files of the web dashboard, which are part of the program.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::problem::ProblemDetails;

include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// The file of the page.
const PAGE: &str = "index.html";

/// The folder of files whose names change with their contents.
const HASHED_FOLDER: &str = "assets/";

/// The policy of the page: that of the popover, with this server in place of the app.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                           connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-src 'none'; \
                           frame-ancestors 'none'; object-src 'none'; worker-src 'none'; media-src 'none'";

/// Returns true for the path of a file that has no figures and so needs no credentials. The page itself does, so that a
/// browser that is not signed in is led to do so.
pub(crate) fn is_asset(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|name| name != PAGE && find_file(name).is_some())
}

/// Returns the page.
pub(crate) async fn get_page() -> Response {
    match find_file(PAGE) {
        Some(page) => {
            ([(CONTENT_SECURITY_POLICY, PAGE_POLICY), (CONTENT_TYPE, media_type(PAGE))], page).into_response()
        }
        None => {
            let text = "The web dashboard is not part of this program, because it was built without it. The API is at /api/v1.\n";
            (StatusCode::SERVICE_UNAVAILABLE, [(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
        }
    }
}

/// Returns another file of the dashboard.
pub(crate) async fn get_asset(uri: Uri) -> Result<Response, ProblemDetails> {
    let name = uri.path().strip_prefix('/').filter(|name| *name != PAGE);
    let (name, file) = name.and_then(|name| Some((name, find_file(name)?))).ok_or_else(ProblemDetails::not_found)?;
    let cache = if name.starts_with(HASHED_FOLDER) { "private, max-age=31536000, immutable" } else { "no-store" };
    Ok(([(CONTENT_TYPE, media_type(name)), (CACHE_CONTROL, cache)], file).into_response())
}

fn find_file(name: &str) -> Option<&'static [u8]> {
    FILES.binary_search_by_key(&name, |(name, _)| name).ok().map(|index| FILES[index].1)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_sorted_so_that_they_are_found() {
        assert!(FILES.is_sorted_by_key(|(name, _)| *name));
        for (name, contents) in FILES {
            assert_eq!(find_file(name), Some(*contents));
        }
        assert_eq!(find_file("../Cargo.toml"), None);
    }

    #[test]
    fn the_page_itself_is_no_public_file() {
        assert!(!is_asset("/index.html") && !is_asset("/") && !is_asset("") && !is_asset("/api/v1/status"));
    }
}
