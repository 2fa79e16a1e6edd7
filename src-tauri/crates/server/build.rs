//! Embeds the built web dashboard, `ui/dist-web`. Without it the server still compiles, and answers that it was not built.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = root.join("../../../ui/dist-web");
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
