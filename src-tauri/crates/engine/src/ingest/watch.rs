//! Watches folders for changes to logs.
//!
//! It only sends hints; the receiver checks the files. Events for reads are dropped first, because the program's own
//! reads would trigger further reads without end.

use std::path::{Path, PathBuf};

use notify::event::{EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tracing::{debug, info};

use crate::ingest::discover;
use crate::platform;

/// A hint that files may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ChangeHint {
    /// A log may have changed.
    Log(PathBuf),
    /// The inbox of the status line command changed.
    Inbox,
    /// Any log may have changed.
    Everything,
}

/// A running watcher. It stops when it is dropped.
pub(crate) struct LogWatcher {
    _watcher: Option<RecommendedWatcher>,
    /// The watched roots.
    pub(crate) roots: Vec<PathBuf>,
    /// True if the system reports changes in all roots; false if they have to be polled.
    pub(crate) covers_all: bool,
}

impl LogWatcher {
    /// Starts to watch the roots and the inbox. For a missing root, its nearest existing parent is watched.
    pub(crate) fn start(roots: &[PathBuf], inbox: &Path, hint: impl Fn(ChangeHint) + Send + 'static) -> Self {
        let mut watch = Self { _watcher: None, roots: roots.to_vec(), covers_all: false };
        let inbox_path = inbox.to_owned();
        let on_event =
            move |event: notify::Result<Event>| hints_of_event(event, &inbox_path).into_iter().for_each(&hint);
        match notify::recommended_watcher(on_event) {
            Ok(mut watcher) => {
                let covered: Vec<bool> = roots.iter().map(|root| watch_root(&mut watcher, root)).collect();
                watch.covers_all = covered.iter().all(|covered| *covered);
                if let Err(error) = watcher.watch(inbox, RecursiveMode::NonRecursive) {
                    debug!(inbox = %inbox.display(), %error, "Cannot watch the inbox; polling it instead.");
                }
                watch._watcher = Some(watcher);
            }
            Err(error) => info!(%error, "Cannot watch for changes; polling instead."),
        }
        watch
    }
}

fn watch_root(watcher: &mut RecommendedWatcher, root: &Path) -> bool {
    if !root.is_dir() {
        let above = root.ancestors().skip(1).find(|folder| folder.is_dir());
        return above.is_some_and(|above| watcher.watch(above, RecursiveMode::NonRecursive).is_ok())
            && root.parent().is_some_and(Path::is_dir);
    }
    match watcher.watch(root, RecursiveMode::Recursive) {
        Ok(()) => platform::supports_events(root),
        Err(error) => {
            info!(root = %root.display(), %error, "Cannot watch this folder; polling it instead.");
            false
        }
    }
}

fn hints_of_event(event: notify::Result<Event>, inbox: &Path) -> Vec<ChangeHint> {
    let event = match event {
        Ok(event) => event,
        Err(error) => {
            debug!(%error, "The watcher lost events.");
            return vec![ChangeHint::Everything];
        }
    };
    if event.need_rescan() {
        return vec![ChangeHint::Everything];
    }
    match event.kind {
        EventKind::Access(_) => Vec::new(),
        _ if event.paths.iter().any(|path| path.starts_with(inbox)) => vec![ChangeHint::Inbox],
        EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) => log_hints(event.paths),
        EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Any | EventKind::Other => {
            file_hints(event.paths)
        }
    }
}

fn log_hints(paths: Vec<PathBuf>) -> Vec<ChangeHint> {
    paths.into_iter().filter(|path| discover::is_log_file_name(path)).map(ChangeHint::Log).collect()
}

/// Returns the hints for created, moved or deleted files: one log, or everything for a folder.
fn file_hints(paths: Vec<PathBuf>) -> Vec<ChangeHint> {
    let hint = |path: PathBuf| match discover::is_log_file_name(&path) {
        true if path.is_file() => Some(ChangeHint::Log(path)),
        true => Some(ChangeHint::Everything),
        false => (path.extension().is_none() || path.is_dir()).then_some(ChangeHint::Everything),
    };
    let mut hints: Vec<ChangeHint> = paths.into_iter().filter_map(hint).collect();
    hints.dedup();
    hints
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, AccessMode, DataChange};

    use super::*;

    const INBOX: &str = "/config/inbox";

    #[test]
    fn a_file_in_the_inbox_is_an_inbox_hint() {
        let event = Event::new(EventKind::Modify(ModifyKind::Name(notify::event::RenameMode::To)));
        let event = event.add_path("/config/inbox/1.json".into());
        assert_eq!(hints_of_event(Ok(event), INBOX.as_ref()), vec![ChangeHint::Inbox]);
    }

    #[test]
    fn a_read_is_not_a_hint() {
        for kind in [AccessKind::Read, AccessKind::Open(AccessMode::Any), AccessKind::Close(AccessMode::Read)] {
            let event = Event::new(EventKind::Access(kind)).add_path("/p/s.jsonl".into());
            assert!(hints_of_event(Ok(event), INBOX.as_ref()).is_empty());
        }
    }

    #[test]
    fn a_write_is_a_hint_for_its_log() {
        let event = Event::new(EventKind::Modify(ModifyKind::Data(DataChange::Any))).add_path("/p/s.jsonl".into());
        assert_eq!(hints_of_event(Ok(event), INBOX.as_ref()), vec![ChangeHint::Log("/p/s.jsonl".into())]);
    }

    #[test]
    fn a_write_to_another_file_is_not_a_hint() {
        let event = Event::new(EventKind::Modify(ModifyKind::Data(DataChange::Any))).add_path("/p/s.txt".into());
        assert!(hints_of_event(Ok(event), INBOX.as_ref()).is_empty());
    }

    #[test]
    fn a_lost_event_is_a_hint_for_everything() {
        let event = Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan);
        assert_eq!(hints_of_event(Ok(event), INBOX.as_ref()), vec![ChangeHint::Everything]);
    }
}
