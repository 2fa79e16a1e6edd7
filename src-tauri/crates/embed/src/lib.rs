//! For build scripts: writes a Rust file with the contents of a folder, so that a program contains them.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Writes `web_files.rs` into the output folder of the build script, with the constant `FILES`: the paths below a folder and the
/// contents of its files, sorted by path. Without the folder, there are none. `folder` is relative to the crate.
///
/// # Errors
///
/// If the folder cannot be read, or the file cannot be written.
#[expect(clippy::print_stdout, reason = "Cargo reads the output of a build script")]
pub fn embed_folder(folder: &str) -> io::Result<()> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join(folder);
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    if folder.is_dir() {
        list_files(&folder, &mut files)?;
    }
    files.sort();
    let rows: Vec<String> = files.iter().map(|file| table_row(&folder, file)).collect();
    let table = format!("pub(crate) const FILES: &[(&str, &[u8])] = &[{}];\n", rows.join(", "));
    fs::write(PathBuf::from(env::var("OUT_DIR").unwrap_or_default()).join("web_files.rs"), table)
}

fn list_files(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { list_files(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// Returns a row of the table: the path below the folder, and the contents.
fn table_row(folder: &Path, file: &Path) -> String {
    let parts = file.strip_prefix(folder).unwrap_or(file).components();
    let name = parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    format!("({name:?}, include_bytes!({:?}).as_slice())", file.to_string_lossy())
}
