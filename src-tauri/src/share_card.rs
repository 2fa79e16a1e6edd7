//! Saves and copies the share card: a picture that the page has drawn. Only PNG pictures are accepted.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use tauri::{AppHandle, Manager};
use token_monitor_engine::ApiError;
use token_monitor_engine::clock;

use crate::commands::run_blocking;
use crate::new_file::create_dated;
use crate::platform::{CopyFormat, clipboard};

/// The first bytes of a PNG file.
const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The largest picture in bytes. A card has about 100 kB.
const MAX_BYTES: usize = 8 << 20;

/// Saves the card to a new file and returns its path.
#[tauri::command]
pub(crate) async fn save_share_card(app: AppHandle, png: Vec<u8>) -> Result<String, ApiError> {
    run_blocking(move || save(&app, &png)).await
}

/// Copies the card. Returns false if the page has to copy it.
#[tauri::command]
pub(crate) async fn copy_share_card(png: Vec<u8>) -> Result<bool, ApiError> {
    run_blocking(move || {
        check_png(&png)?;
        clipboard::copy_lasting(CopyFormat::Png, &png)
    })
    .await
}

fn save(app: &AppHandle, png: &[u8]) -> anyhow::Result<String> {
    check_png(png)?;
    let folder = target_folder(app).context("there is no home folder")?;
    let (path, mut file) = create_dated(&folder, "token-monitor", clock::now().date_naive(), "png")
        .with_context(|| format!("writing into {}", folder.display()))?;
    file.write_all(png).with_context(|| format!("writing {}", path.display()))?;
    Ok(path.display().to_string())
}

fn target_folder(app: &AppHandle) -> Option<PathBuf> {
    let folders = [app.path().picture_dir(), app.path().download_dir()];
    let existing = folders.into_iter().flatten().find(|folder| folder.is_dir());
    existing.or_else(|| app.path().home_dir().ok())
}

fn check_png(bytes: &[u8]) -> anyhow::Result<()> {
    match bytes.starts_with(PNG_SIGNATURE) && bytes.len() <= MAX_BYTES {
        true => Ok(()),
        false => bail!("the picture is not valid"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_of_a_plausible_size_are_accepted() {
        let png = |length: usize| [PNG_SIGNATURE, &vec![0; length - PNG_SIGNATURE.len()]].concat();
        assert!(check_png(&png(1_000)).is_ok());
        assert!(check_png(&png(MAX_BYTES)).is_ok());
        assert!(check_png(&png(MAX_BYTES + 1)).is_err());
        assert!(check_png(b"#!/bin/sh").is_err());
    }
}
