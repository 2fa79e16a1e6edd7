//! Folders and files are private, and planted ones are refused.

use std::fs::{self, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use token_monitor_store::fs_permissions::{self, Refusal};
use token_monitor_store::{Store, StoreError};

/// The user `nobody`.
const ANOTHER_USER: u32 = 65_534;

/// The environment variable with the folder, set in the child process that creates files with another umask.
const FOLDER_ENV: &str = "TOKEN_MONITOR_TEST_FOLDER";

fn temp_folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).expect("it exists").mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
}

/// Gives a file to another user. Returns false if the tests do not run as root, who alone may do so.
fn give_away(path: &Path) -> bool {
    chown(path, Some(ANOTHER_USER), Some(ANOTHER_USER)).is_ok()
}

fn refusal<T: std::fmt::Debug>(result: io::Result<T>) -> Option<Refusal> {
    Refusal::from_error(&result.expect_err("it is refused"))
}

/// Creates a file that must not change, and a link to it.
fn planted_link(temp: &TempDir, name: &str) -> (PathBuf, PathBuf) {
    let (target, link) = (temp.path().join("target"), temp.path().join(name));
    fs::write(&target, "precious").expect("a file");
    symlink(&target, &link).expect("a link");
    (target, link)
}

#[test]
fn files_are_private_under_every_umask() {
    if let Some(folder) = std::env::var_os(FOLDER_ENV) {
        let folder = Path::new(&folder).join("a/b");
        fs_permissions::create_own_folder(&folder).expect("a folder");
        fs_permissions::open_or_create_file(&folder.join("lock")).expect("a file");
        fs_permissions::append_to_file(&folder.join("log")).expect("a file");
        fs_permissions::replace_file(&folder.join("note"), b"x").expect("a file");
        fs_permissions::copy_file(&folder.join("note"), &folder.join("copy")).expect("a file");
        Store::open(&folder.join("sessions.db")).expect("the store opens").close().expect("the store closes");
        return;
    }
    let this = std::env::current_exe().expect("this test");
    for umask in ["0", "0777", "0022", "0277"] {
        let temp = temp_folder();
        let test = "private_files::files_are_private_under_every_umask";
        let run = format!("umask {umask}; exec '{}' --exact {test}", this.display());
        let child = std::process::Command::new("sh").args(["-c", &run]).env(FOLDER_ENV, temp.path()).output();
        let child = child.expect("the child runs");
        assert!(child.status.success(), "umask {umask}: {}", String::from_utf8_lossy(&child.stdout));
        let folder = temp.path().join("a/b");
        assert_eq!((mode(&temp.path().join("a")), mode(&folder)), (0o700, 0o700), "umask {umask}");
        for name in ["lock", "log", "note", "copy", "sessions.db"] {
            assert_eq!(mode(&folder.join(name)), 0o600, "umask {umask}: {name}");
        }
    }
}

#[test]
fn a_planted_link_is_never_followed() {
    let temp = temp_folder();
    let (target, link) = planted_link(&temp, "link");
    assert_eq!(refusal(fs_permissions::open_or_create_file(&link)), Some(Refusal::SymbolicLink));
    assert_eq!(refusal(fs_permissions::append_to_file(&link)), Some(Refusal::SymbolicLink));
    assert_eq!(refusal(fs_permissions::open_own_file(&link)), Some(Refusal::SymbolicLink));
    assert_eq!(refusal(fs_permissions::copy_file(&link, &temp.path().join("copy"))), Some(Refusal::SymbolicLink));
    let opened = Store::open(&link).map(|_| ());
    assert!(matches!(opened, Err(StoreError::Refused { .. })), "{opened:?}");
    fs_permissions::replace_file(&link, b"new").expect("the link is replaced");
    assert_eq!(fs::read(&link).expect("a file"), b"new");
    assert_eq!(fs::read(&target).expect("a file"), b"precious");
}

#[test]
fn nothing_is_created_through_a_dangling_link() {
    let temp = temp_folder();
    let (target, link) = (temp.path().join("target"), temp.path().join("link"));
    symlink(&target, &link).expect("a link");
    assert_eq!(refusal(fs_permissions::open_or_create_file(&link)), Some(Refusal::SymbolicLink));
    assert_eq!(refusal(fs_permissions::append_to_file(&link)), Some(Refusal::SymbolicLink));
    assert!(Store::open(&link).is_err());
    assert!(!target.exists());
}

#[test]
fn a_pipe_or_folder_in_the_place_of_a_file_is_refused() {
    let temp = temp_folder();
    let pipe = temp.path().join("pipe");
    let status = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(status.is_ok_and(|status| status.success()), "the test needs a pipe");
    for path in [pipe.as_path(), temp.path()] {
        assert_eq!(refusal(fs_permissions::open_or_create_file(path)), Some(Refusal::NotAFile));
        assert_eq!(refusal(fs_permissions::append_to_file(path)), Some(Refusal::NotAFile));
        assert_eq!(refusal(fs_permissions::open_own_file(path)), Some(Refusal::NotAFile));
    }
}

#[test]
fn files_of_another_user_are_refused() {
    let temp = temp_folder();
    let path = temp.path().join("file");
    fs::write(&path, "theirs").expect("a file");
    set_mode(&path, 0o666);
    if !give_away(&path) {
        return;
    }
    assert_eq!(refusal(fs_permissions::open_or_create_file(&path)), Some(Refusal::ForeignOwner));
    assert_eq!(refusal(fs_permissions::append_to_file(&path)), Some(Refusal::ForeignOwner));
    assert_eq!(refusal(fs_permissions::open_own_file(&path)), Some(Refusal::ForeignOwner));
    let opened = Store::open(&path).map(|_| ());
    assert!(matches!(opened, Err(StoreError::Refused { .. })), "{opened:?}");
    assert_eq!((fs::read(&path).expect("a file"), mode(&path)), (b"theirs".to_vec(), 0o666));
}

#[test]
fn folders_of_another_user_are_refused() {
    let temp = temp_folder();
    let folder = temp.path().join("folder");
    fs::create_dir(&folder).expect("a folder");
    set_mode(&folder, 0o777);
    assert_eq!(refusal(fs_permissions::check_own_folder(&folder)), Some(Refusal::WritableByOthers));
    if !give_away(&folder) {
        return;
    }
    assert_eq!(refusal(fs_permissions::create_folder(&folder)), Some(Refusal::ForeignOwner));
    assert_eq!(refusal(fs_permissions::create_own_folder(&folder)), Some(Refusal::ForeignOwner));
    let Err(error) = Store::open(&folder.join("sessions.db")).map(|_| ()) else { panic!("the folder is refused") };
    let StoreError::Refused { path, source } = &error else { panic!("{error:?}") };
    assert_eq!((path, source.to_string().as_str()), (&folder, "it belongs to another user"));
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 0);
}

#[test]
fn a_link_to_a_folder_is_no_folder_of_the_program() {
    let temp = temp_folder();
    let (real, link) = (temp.path().join("real"), temp.path().join("link"));
    fs::create_dir(&real).expect("a folder");
    symlink(&real, &link).expect("a link");
    assert_eq!(refusal(fs_permissions::create_own_folder(&link)), Some(Refusal::SymbolicLink));
    fs_permissions::create_folder(&link).expect("a user may link the folder of the store");
}

#[test]
fn permissions_of_others_are_removed_from_an_existing_file() {
    let temp = temp_folder();
    let path = temp.path().join("file");
    fs::write(&path, "old\n").expect("a file");
    set_mode(&path, 0o666);
    fs_permissions::append_to_file(&path).expect("it is ours").write_all(b"new\n").expect("it is written");
    assert_eq!(mode(&path), 0o600);
    let mut text = String::new();
    fs_permissions::open_own_file(&path).expect("it is ours").read_to_string(&mut text).expect("it is read");
    assert_eq!(text, "old\nnew\n");
}
