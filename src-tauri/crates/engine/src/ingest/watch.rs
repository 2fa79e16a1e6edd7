//! Watches folders for changes to logs.
//!
//! It only sends hints; the receiver checks the files. Events for reads are dropped first, because the program's own
//! reads would trigger further reads without end. Links are not followed, because one may lead to a whole disk; the targets
//! of those that a search follows are watched as well.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use notify::event::{EventKind, ModifyKind};
use notify::{Config, Event, RecommendedWatcher, RecursiveMode, Watcher};
use tracing::{debug, info};

use crate::ingest::agent_registry::{self, JOB_FILE, JOBS_DIR, SESSIONS_DIR};
use crate::ingest::discover;
use crate::platform;

/// A hint that files may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ChangeHint {
    /// A log may have changed.
    Log(PathBuf),
    /// The inbox of the status line command changed.
    Inbox,
    /// A file of a running session changed, or its process ended.
    Agents,
    /// Any log may have changed.
    Everything,
}

/// A running watcher. It stops when it is dropped.
pub(crate) struct LogWatcher {
    watcher: Option<RecommendedWatcher>,
    /// The watched roots.
    pub(crate) roots: Vec<PathBuf>,
    /// The watched targets of links.
    targets: BTreeSet<PathBuf>,
    /// The watched folders with files of running sessions, or their homes where they are missing.
    agent_dirs: BTreeSet<PathBuf>,
    /// True if the system reports changes in all roots; false if they have to be polled.
    pub(crate) covers_all: bool,
}

impl LogWatcher {
    /// Starts to watch the roots and the inbox. For a missing root, its nearest existing parent is watched.
    pub(crate) fn start(roots: &[PathBuf], inbox: &Path, hint: impl Fn(ChangeHint) + Send + 'static) -> Self {
        let mut watch = Self {
            watcher: None,
            roots: roots.to_vec(),
            targets: BTreeSet::new(),
            agent_dirs: BTreeSet::new(),
            covers_all: false,
        };
        let paths = WatchedPaths { inbox: inbox.to_owned(), homes: agent_registry::registry_homes(roots).collect() };
        let on_event = move |event: notify::Result<Event>| hints_of_event(event, &paths).into_iter().for_each(&hint);
        match RecommendedWatcher::new(on_event, Config::default().with_follow_symlinks(false)) {
            Ok(mut watcher) => {
                let covered: Vec<bool> = roots.iter().map(|root| watch_root(&mut watcher, root)).collect();
                watch.covers_all = covered.iter().all(|covered| *covered);
                if let Err(error) = watcher.watch(inbox, RecursiveMode::NonRecursive) {
                    debug!(inbox = %inbox.display(), %error, "Cannot watch the inbox; polling it instead.");
                }
                watch.watcher = Some(watcher);
            }
            Err(error) => info!(%error, "Cannot watch for changes; polling instead."),
        }
        watch.watch_agents();
        watch
    }

    /// Watches the folders with files of running sessions. A home is watched until they exist.
    pub(crate) fn watch_agents(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        self.agent_dirs.retain(|dir| dir.is_dir());
        for home in agent_registry::registry_homes(&self.roots) {
            let dirs = [(SESSIONS_DIR, RecursiveMode::NonRecursive), (JOBS_DIR, RecursiveMode::Recursive)];
            for (name, mode) in dirs {
                let dir = home.join(name);
                let (watched, mode) =
                    if dir.is_dir() { (dir, mode) } else { (home.clone(), RecursiveMode::NonRecursive) };
                if watched.is_dir() && !self.agent_dirs.contains(&watched) {
                    self.covers_all &= watcher.watch(&watched, mode).is_ok() && platform::supports_events(&watched);
                    self.agent_dirs.insert(watched);
                }
            }
        }
    }

    /// Watches the targets of links. Returns true if one was not watched before: it may have changed since it was searched.
    pub(crate) fn watch_targets<'a>(&mut self, targets: impl Iterator<Item = &'a Path>) -> bool {
        let Some(watcher) = &mut self.watcher else { return false };
        let mut has_new = false;
        for target in targets.filter(|target| target.exists()) {
            if self.targets.insert(target.to_owned()) {
                self.covers_all &= watch_existing(watcher, target);
                has_new = true;
            }
        }
        has_new
    }
}

fn watch_root(watcher: &mut RecommendedWatcher, root: &Path) -> bool {
    if !root.is_dir() {
        let above = root.ancestors().skip(1).find(|folder| folder.is_dir());
        return above.is_some_and(|above| watcher.watch(above, RecursiveMode::NonRecursive).is_ok())
            && root.parent().is_some_and(Path::is_dir);
    }
    watch_existing(watcher, root)
}

/// Watches a file, or a folder with all folders in it. Returns true if the system reports its changes.
fn watch_existing(watcher: &mut RecommendedWatcher, path: &Path) -> bool {
    // The path itself may be a link, which is followed with a dot behind it.
    let followed = if path.is_dir() { path.join(".") } else { path.to_owned() };
    match watcher.watch(&followed, RecursiveMode::Recursive) {
        Ok(()) => platform::supports_events(path),
        Err(error) => {
            info!(path = %path.display(), %error, "Cannot watch this path; polling it instead.");
            false
        }
    }
}

/// The paths by which events are told apart.
struct WatchedPaths {
    inbox: PathBuf,
    /// The homes with files of running sessions.
    homes: Vec<PathBuf>,
}

impl WatchedPaths {
    /// Returns `Some` if a path belongs to a home but not to its logs, with the hint for it if it has one.
    fn agent_hint(&self, path: &Path) -> Option<Option<ChangeHint>> {
        let rest = self.homes.iter().find_map(|home| path.strip_prefix(home).ok())?;
        let parts: Vec<&str> = rest.iter().map(|part| part.to_str().unwrap_or_default()).collect();
        let is_relevant = match parts[..] {
            [SESSIONS_DIR | JOBS_DIR] | [JOBS_DIR, _] | [JOBS_DIR, _, JOB_FILE] => true,
            [SESSIONS_DIR, _] => agent_registry::pid_of_file(path).is_some(),
            [SESSIONS_DIR | JOBS_DIR, ..] => false,
            // The prompts of all sessions, which are not read.
            [name] if name.ends_with(".jsonl") => false,
            _ => return None,
        };
        Some(is_relevant.then_some(ChangeHint::Agents))
    }
}

fn hints_of_event(event: notify::Result<Event>, watched: &WatchedPaths) -> Vec<ChangeHint> {
    let event = match event {
        Ok(event) => event,
        Err(error) => {
            debug!(%error, "The watcher lost events.");
            return vec![ChangeHint::Everything];
        }
    };
    if event.need_rescan() {
        debug!("The watcher lost events.");
        return vec![ChangeHint::Everything];
    }
    match event.kind {
        EventKind::Access(_) => Vec::new(),
        _ if event.paths.iter().any(|path| path.starts_with(&watched.inbox)) => vec![ChangeHint::Inbox],
        kind => {
            let (agents, others): (Vec<_>, Vec<_>) = event
                .paths
                .into_iter()
                .map(|path| (watched.agent_hint(&path), path))
                .partition(|(hint, _)| hint.is_some());
            let mut hints: Vec<_> = agents.into_iter().filter_map(|(hint, _)| hint.flatten()).collect();
            hints.dedup();
            hints.extend(path_hints(kind, others.into_iter().map(|(_, path)| path).collect()));
            hints
        }
    }
}

fn path_hints(kind: EventKind, paths: Vec<PathBuf>) -> Vec<ChangeHint> {
    match kind {
        EventKind::Access(_) => Vec::new(),
        EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) => log_hints(paths),
        EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Any | EventKind::Other => {
            file_hints(paths)
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

    fn watched_paths() -> WatchedPaths {
        WatchedPaths { inbox: "/config/inbox".into(), homes: vec!["/home/ada/.claude".into()] }
    }

    #[test]
    fn a_file_of_a_running_session_is_a_hint_and_a_secret_beside_it_is_not() {
        let hints = |path: &str| {
            let event = Event::new(EventKind::Modify(ModifyKind::Data(DataChange::Any)));
            hints_of_event(Ok(event.add_path(format!("/home/ada/.claude/{path}").into())), &watched_paths())
        };
        for path in ["sessions/25071.json", "sessions", "jobs", "jobs/e4c743a1", "jobs/e4c743a1/state.json"] {
            assert_eq!(hints(path), vec![ChangeHint::Agents], "{path}");
        }
        for path in ["sessions/25071.0123.key", "jobs/e4c743a1/timeline.jsonl", "history.jsonl", ".claude.json"] {
            assert_eq!(hints(path), vec![], "{path}");
        }
        let log = "/home/ada/.claude/projects/p/s.jsonl";
        assert_eq!(hints("projects/p/s.jsonl"), vec![ChangeHint::Log(log.into())]);
    }

    #[test]
    fn a_file_in_the_inbox_is_an_inbox_hint() {
        let event = Event::new(EventKind::Modify(ModifyKind::Name(notify::event::RenameMode::To)));
        let event = event.add_path("/config/inbox/1.json".into());
        assert_eq!(hints_of_event(Ok(event), &watched_paths()), vec![ChangeHint::Inbox]);
    }

    #[test]
    fn a_read_is_not_a_hint() {
        for kind in [AccessKind::Read, AccessKind::Open(AccessMode::Any), AccessKind::Close(AccessMode::Read)] {
            let event = Event::new(EventKind::Access(kind)).add_path("/p/s.jsonl".into());
            assert!(hints_of_event(Ok(event), &watched_paths()).is_empty());
        }
    }

    #[test]
    fn a_write_is_a_hint_for_its_log() {
        let event = Event::new(EventKind::Modify(ModifyKind::Data(DataChange::Any))).add_path("/p/s.jsonl".into());
        assert_eq!(hints_of_event(Ok(event), &watched_paths()), vec![ChangeHint::Log("/p/s.jsonl".into())]);
    }

    #[test]
    fn a_write_to_another_file_is_not_a_hint() {
        let event = Event::new(EventKind::Modify(ModifyKind::Data(DataChange::Any))).add_path("/p/s.txt".into());
        assert!(hints_of_event(Ok(event), &watched_paths()).is_empty());
    }

    #[test]
    fn a_lost_event_is_a_hint_for_everything() {
        let event = Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan);
        assert_eq!(hints_of_event(Ok(event), &watched_paths()), vec![ChangeHint::Everything]);
    }

    /// Returns the paths of the logs that a watcher reports until the log `last.jsonl`.
    #[cfg(target_os = "linux")]
    fn logs_until_last(hints: &std::sync::mpsc::Receiver<ChangeHint>) -> BTreeSet<PathBuf> {
        let mut logs = BTreeSet::new();
        loop {
            match hints.recv_timeout(token_monitor_test_support::DEADLINE).expect("a hint in time") {
                ChangeHint::Log(path) if path.ends_with("last.jsonl") => return logs,
                ChangeHint::Log(path) => drop(logs.insert(path)),
                ChangeHint::Inbox | ChangeHint::Agents | ChangeHint::Everything => {}
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_target_of_a_link_is_watched_only_on_request() {
        let temp = tempfile::tempdir().expect("a folder");
        let [root, target] = ["root", "target"].map(|name| temp.path().join(name));
        for folder in [root.join("p"), target.clone()] {
            std::fs::create_dir_all(folder).expect("a folder");
        }
        std::os::unix::fs::symlink(&target, root.join("link")).expect("a link");
        let (sender, hints) = std::sync::mpsc::channel();
        let mut watcher =
            LogWatcher::start(std::slice::from_ref(&root), &root.join("inbox"), move |hint| drop(sender.send(hint)));
        let write = |log: PathBuf| std::fs::write(log, "x").expect("it is written");
        write(target.join("before.jsonl"));
        write(root.join("p/last.jsonl"));
        assert_eq!(logs_until_last(&hints), BTreeSet::new());
        assert!(watcher.watch_targets([target.as_path()].into_iter()));
        assert!(!watcher.watch_targets([target.as_path()].into_iter()), "it is watched already");
        write(target.join("after.jsonl"));
        loop {
            write(root.join("p/last.jsonl"));
            if logs_until_last(&hints).contains(&target.join("after.jsonl")) {
                break;
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_root_may_be_a_link() {
        let temp = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(temp.path().join("real/p")).expect("a folder");
        let root = temp.path().join("root");
        std::os::unix::fs::symlink(temp.path().join("real"), &root).expect("a link");
        let (sender, hints) = std::sync::mpsc::channel();
        let _watcher =
            LogWatcher::start(std::slice::from_ref(&root), &root.join("inbox"), move |hint| drop(sender.send(hint)));
        std::fs::write(temp.path().join("real/p/last.jsonl"), "x").expect("it is written");
        logs_until_last(&hints);
    }
}
