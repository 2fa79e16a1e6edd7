//! The configuration and the page of the app.

/// Returns the configuration and the page, which are compiled in once.
pub(crate) fn load_context() -> tauri::Context {
    tauri::generate_context!()
}
