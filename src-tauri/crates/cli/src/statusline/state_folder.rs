//! The folder with the files of the status line: `statusline`, beside the store.
//!
//! It holds the last output of chained commands, one file for each session and command, and a file whose modification
//! time is that of the last call. Files and folder are private. Only files with these names are ever read or removed.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use token_monitor_engine::fs_permissions;
use xxhash_rust::xxh3::xxh3_64;

/// The name of the folder.
const FOLDER_NAME: &str = "statusline";

/// The name of the file whose modification time is that of the last call.
const LAST_CALL_FILE: &str = "last-call";

/// The maximum length of a kept output in bytes. The rest is dropped.
pub(crate) const MAX_OUTPUT_BYTES: usize = 256 << 10;

/// The maximum length of the first line of a file in bytes.
const MAX_HEADER_BYTES: usize = 32;

/// The time for which an output is kept.
const OUTPUT_RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// The maximum number of kept outputs.
const MAX_OUTPUTS: usize = 64;

/// The extension of a kept output.
const OUTPUT_EXTENSION: &str = "out";

/// The extension of the file that is locked while the command runs.
const LOCK_EXTENSION: &str = "lock";

/// The output of a finished command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptOutput {
    /// The time that the command took.
    pub(crate) run_time: Duration,
    pub(crate) bytes: Vec<u8>,
}

/// The place of a command's output in a session.
#[derive(Clone, Debug)]
pub(crate) struct OutputSlot(PathBuf);

impl OutputSlot {
    /// Returns the slot beside this store. The store and the command are not touched.
    pub(crate) fn new(store: &Path, session: &str, command: &[OsString]) -> io::Result<Self> {
        let words = command.iter().map(|word| word.as_encoded_bytes());
        let id = [session.as_bytes()].into_iter().chain(words).collect::<Vec<_>>().join(&0);
        let name = format!("{:016x}.{OUTPUT_EXTENSION}", xxh3_64(&id));
        Ok(Self(std::path::absolute(state_folder(store))?.join(name)))
    }

    /// Returns the slot at this path, which was returned by [`Self::path`].
    pub(crate) fn from_path(path: PathBuf) -> Self {
        Self(path)
    }

    /// Returns the absolute path of the output.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Reads the output. Returns `None` if there is none, or if it is not a private file of this user.
    pub(crate) fn read(&self) -> Option<KeptOutput> {
        let mut bytes = Vec::new();
        let limit = MAX_OUTPUT_BYTES + MAX_HEADER_BYTES;
        fs_permissions::open_own_file(&self.0).ok()?.take(limit as u64).read_to_end(&mut bytes).ok()?;
        let end = bytes.iter().take(MAX_HEADER_BYTES).position(|byte| *byte == b'\n')?;
        let millis = std::str::from_utf8(&bytes[..end]).ok()?.parse().ok()?;
        bytes.drain(..=end);
        Some(KeptOutput { run_time: Duration::from_millis(millis), bytes })
    }

    /// Replaces the output. Then removes outputs that are old or too many.
    pub(crate) fn write(&self, output: &KeptOutput) -> io::Result<()> {
        let length = output.bytes.len().min(MAX_OUTPUT_BYTES);
        let header = format!("{}\n", output.run_time.as_millis());
        fs_permissions::replace_file(&self.0, &[header.as_bytes(), &output.bytes[..length]].concat())?;
        remove_old_files(self.0.parent().unwrap_or(Path::new(".")));
        Ok(())
    }

    /// Locks the slot for a run of the command, until the returned file is closed. Returns `None` while a run has it.
    pub(crate) fn lock(&self) -> io::Result<Option<File>> {
        if let Some(folder) = self.0.parent() {
            fs_permissions::create_own_folder(folder)?;
        }
        let file = fs_permissions::open_or_create_file(&self.0.with_extension(LOCK_EXTENSION))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// Records that the status line was called now.
pub(crate) fn record_call(store: &Path) -> io::Result<()> {
    let folder = state_folder(store);
    fs_permissions::create_own_folder(&folder)?;
    fs_permissions::open_or_create_file(&folder.join(LAST_CALL_FILE))?.set_modified(SystemTime::now())
}

/// Returns the time of the last call, or `None` if no call is known.
pub(crate) fn last_call(store: &Path) -> Option<SystemTime> {
    fs::symlink_metadata(state_folder(store).join(LAST_CALL_FILE)).ok()?.modified().ok()
}

fn state_folder(store: &Path) -> PathBuf {
    store.with_file_name(FOLDER_NAME)
}

/// Removes this module's files that are old, and the outputs beyond the maximum number, the oldest first. A file that
/// cannot be removed is left.
fn remove_old_files(folder: &Path) {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = files
        .filter(|file| is_own_file_name(&file.file_name()))
        .filter_map(|file| Some((file.metadata().ok()?.modified().ok()?, file.path())))
        .collect();
    files.sort();
    files.reverse();
    let mut outputs = 0;
    for (modified, path) in files {
        outputs += usize::from(path.extension().is_some_and(|extension| extension == OUTPUT_EXTENSION));
        if outputs > MAX_OUTPUTS || modified.elapsed().is_ok_and(|age| age > OUTPUT_RETENTION) {
            let _ = fs::remove_file(path);
        }
    }
}

/// Returns true for the name of an output, of its lock, or of a temporary file.
fn is_own_file_name(name: &std::ffi::OsStr) -> bool {
    let Some((id, extension)) = name.to_str().and_then(|name| name.split_once('.')) else { return false };
    let is_id = id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_temporary = || {
        let process = extension.strip_prefix("out.").and_then(|rest| rest.strip_suffix(".tmp"));
        process.is_some_and(|process| !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit()))
    };
    is_id && ([OUTPUT_EXTENSION, LOCK_EXTENSION].contains(&extension) || is_temporary())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(folder: &Path, session: &str) -> OutputSlot {
        OutputSlot::new(&folder.join("sessions.db"), session, &["a".into(), "b".into()]).expect("the path is absolute")
    }

    fn kept(text: &str) -> KeptOutput {
        KeptOutput { run_time: Duration::from_millis(1_234), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn an_output_is_kept_for_its_session_and_command() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = slot(folder.path(), "s1");
        assert_eq!(first.read(), None);
        let lock = first.lock().expect("the folder is created");
        first.write(&kept("one\ntwo\u{1b}[0m")).expect("it is written");
        assert_eq!(first.read(), Some(kept("one\ntwo\u{1b}[0m")));
        assert_eq!(slot(folder.path(), "s2").read(), None);
        let other = OutputSlot::new(&folder.path().join("sessions.db"), "s1", &["a b".into()]).expect("it is absolute");
        assert_ne!(other.path(), first.path());
        assert!(lock.is_some() && first.lock().expect("it opens").is_none(), "a run has it");
        drop(lock);
        assert!(first.lock().expect("it opens").is_some(), "the run has ended");
    }

    #[test]
    fn a_large_output_is_truncated() {
        let folder = tempfile::tempdir().expect("a folder");
        let slot = slot(folder.path(), "s1");
        drop(slot.lock().expect("the folder is created"));
        slot.write(&kept(&"x".repeat(MAX_OUTPUT_BYTES + 1))).expect("it is written");
        assert_eq!(slot.read().map(|output| output.bytes.len()), Some(MAX_OUTPUT_BYTES));
    }

    #[test]
    fn only_own_files_that_are_old_or_too_many_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = slot(folder.path(), "s1");
        drop(first.lock().expect("the folder is created"));
        let own_folder = first.path().parent().expect("a folder").to_owned();
        let old = SystemTime::now() - OUTPUT_RETENTION - Duration::from_secs(60);
        let names = [
            "notes.out",
            "0123456789abcdef.txt",
            "0123456789abcdef.out",
            "0123456789abcdef.lock",
            "last-call",
            "0123456789abcdef.out.12.tmp",
        ];
        for name in names {
            File::create(own_folder.join(name)).and_then(|file| file.set_modified(old)).expect("it is written");
        }
        for session in 0..=MAX_OUTPUTS {
            slot(folder.path(), &format!("other {session}")).write(&kept("x")).expect("it is written");
        }
        let left = names.map(|name| own_folder.join(name).exists());
        assert_eq!(left, [true, true, false, false, true, false]);
        let outputs = fs::read_dir(&own_folder).expect("it is there").flatten();
        let outputs = outputs
            .filter(|file| is_own_file_name(&file.file_name()))
            .filter(|file| file.path().extension().is_some_and(|extension| extension == OUTPUT_EXTENSION));
        assert_eq!(outputs.count(), MAX_OUTPUTS);
    }

    #[test]
    fn the_last_call_is_recorded() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = folder.path().join("sessions.db");
        assert_eq!(last_call(&store), None);
        record_call(&store).expect("it is recorded");
        record_call(&store).expect("it is recorded again");
        assert!(last_call(&store).is_some_and(|at| at.elapsed().is_ok_and(|age| age < Duration::from_secs(60))));
    }
}
