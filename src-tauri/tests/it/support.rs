//! Access to the files of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Returns a path relative to the root of the repository.
pub(crate) fn repository_path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// Reads a text file, given by its path relative to the root of the repository.
pub(crate) fn read_text(relative: &str) -> String {
    let path = repository_path(relative);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// Reads a JSON file, given by its path relative to the root of the repository.
pub(crate) fn read_json(relative: &str) -> Value {
    parse_json(&read_text(relative))
}

pub(crate) fn parse_json(text: &str) -> Value {
    serde_json::from_str(text).expect("valid JSON")
}

/// Lists the files below a folder whose names end with a suffix, sorted by path.
pub(crate) fn list_files(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            files.extend(list_files(&path, suffix));
        } else if path.to_string_lossy().ends_with(suffix) {
            files.push(path);
        }
    }
    files.sort();
    files
}
