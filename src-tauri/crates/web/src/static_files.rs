//! The files of a web page that are part of the program.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// The folder of files whose names change with their contents.
const HASHED_FOLDER: &str = "assets/";

/// The policy of the page: that of the popover, with this server in place of the app.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                           connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-src 'none'; \
                           frame-ancestors 'none'; object-src 'none'; worker-src 'none'; media-src 'none'";

/// The files of a web page.
#[derive(Clone, Copy, Debug)]
pub struct StaticFiles {
    /// The paths and the contents, sorted by path.
    files: &'static [(&'static str, &'static [u8])],
    /// The path of the page.
    page: &'static str,
}

impl StaticFiles {
    /// Creates the files of a page. They must be sorted by path.
    pub const fn new(files: &'static [(&'static str, &'static [u8])], page: &'static str) -> Self {
        Self { files, page }
    }

    /// Returns true for the path of a file that has no figures and so needs no credentials. The page itself does, so that a
    /// browser that is not signed in is led to do so.
    pub fn is_asset(&self, path: &str) -> bool {
        self.find_asset(path).is_some()
    }

    /// Returns the page, or 503 if the program was built without it.
    pub fn respond_page(&self) -> Response {
        match self.find(self.page) {
            Some(page) => {
                ([(CONTENT_SECURITY_POLICY, PAGE_POLICY), (CONTENT_TYPE, media_type(self.page))], page).into_response()
            }
            None => {
                let text = "The web dashboard is not part of this program, because it was built without it. The API is at /api/v1.\n";
                (StatusCode::SERVICE_UNAVAILABLE, [(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
            }
        }
    }

    /// Returns another file, or `None` if there is none at the path.
    pub fn respond_asset(&self, path: &str) -> Option<Response> {
        let (name, file) = self.find_asset(path)?;
        let cache = if name.starts_with(HASHED_FOLDER) { "private, max-age=31536000, immutable" } else { "no-store" };
        Some(([(CONTENT_TYPE, media_type(name)), (CACHE_CONTROL, cache)], file).into_response())
    }

    fn find_asset<'a>(&self, path: &'a str) -> Option<(&'a str, &'static [u8])> {
        let name = path.strip_prefix('/').filter(|name| *name != self.page)?;
        Some((name, self.find(name)?))
    }

    fn find(&self, name: &str) -> Option<&'static [u8]> {
        self.files.binary_search_by_key(&name, |(name, _)| name).ok().map(|index| self.files[index].1)
    }
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

    const FILES: StaticFiles =
        StaticFiles::new(&[("assets/app.js", b"1"), ("index.html", b"2"), ("style.css", b"3")], "index.html");

    #[test]
    fn files_other_than_the_page_are_public() {
        assert!(FILES.is_asset("/assets/app.js") && FILES.is_asset("/style.css"));
        for path in ["/index.html", "/", "", "/api/v1/status", "/../Cargo.toml", "assets/app.js"] {
            assert!(!FILES.is_asset(path), "{path}");
        }
    }

    #[test]
    fn only_files_with_a_hash_in_their_name_are_cached() {
        let cache = |path: &str| {
            let response = FILES.respond_asset(path).expect("it is there");
            response.headers()[CACHE_CONTROL].to_str().expect("it is text").to_owned()
        };
        assert_eq!(cache("/style.css"), "no-store");
        assert!(cache("/assets/app.js").ends_with("immutable"));
    }

    #[test]
    fn a_program_without_the_page_says_so() {
        assert_eq!(FILES.respond_page().status(), StatusCode::OK);
        assert_eq!(StaticFiles::new(&[], "index.html").respond_page().status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
