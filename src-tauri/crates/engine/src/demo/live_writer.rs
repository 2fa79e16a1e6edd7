//! Continues the session at work, so that the burn rate and the block move as they do in use.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::clock;
use crate::demo::logs;
use crate::demo::quota::DemoQuota;
use crate::demo::random::DemoRandom;
use crate::demo::session::{Context, DemoSession, DemoTurn};
use crate::demo::year::DemoYear;

/// The shortest and longest time between two turns, in seconds.
const PAUSE_SECONDS: std::ops::RangeInclusive<u64> = 9..=24;

/// The thread that writes. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct LiveWriter {
    session: LiveSession,
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

/// The session at work and what belongs to it.
#[derive(Clone, Debug)]
struct LiveSession {
    claude: PathBuf,
    store: PathBuf,
    session: DemoSession,
    quota: DemoQuota,
    random: DemoRandom,
    context: Context,
}

impl LiveWriter {
    /// Creates a writer for the last session of a year. Returns none if the year is empty.
    pub(crate) fn new(claude: PathBuf, store: PathBuf, year: &DemoYear, quota: DemoQuota) -> Option<Self> {
        let session = year.sessions.last()?.clone();
        let mut random = DemoRandom::for_day(0, session.end()?.date_naive());
        let context = Context::new(&mut random);
        Some(Self { session: LiveSession { claude, store, session, quota, random, context }, running: None })
    }

    /// Starts the thread, once.
    pub(crate) fn start(&mut self) -> io::Result<()> {
        if self.running.is_none() {
            let (stop, stopped) = mpsc::channel();
            let session = self.session.clone();
            let builder = std::thread::Builder::new().name("sample-data".to_owned());
            self.running = Some((stop, builder.spawn(move || session.write_until(&stopped))?));
        }
        Ok(())
    }
}

impl Drop for LiveWriter {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            // A panic of the thread ends only the sample data.
            let _ = thread.join();
        }
    }
}

impl LiveSession {
    fn write_until(mut self, stopped: &Receiver<()>) {
        loop {
            let pause = Duration::from_secs(self.random.number_in(PAUSE_SECONDS));
            match stopped.recv_timeout(pause) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
            if let Err(error) = self.write_turn() {
                return tracing::warn!(%error, "Cannot continue the sample data.");
            }
        }
    }

    fn write_turn(&mut self) -> io::Result<()> {
        let (now, usage) = (clock::now(), self.context.next_usage(&mut self.random));
        logs::append_turn(&self.claude, &self.session, &DemoTurn { at: now, id: self.random.uuid(), usage })?;
        self.quota.add(usage.total(), now);
        self.quota.write_note(&self.store, now)
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Berlin;

    use super::*;
    use crate::demo::folder::DemoFolder;

    #[test]
    fn a_turn_is_appended_and_counted_against_the_limits() {
        let (parent, now) = (tempfile::tempdir().expect("a folder"), clock::now());
        let year = DemoYear::generate(now.with_timezone(&Berlin), 1);
        let folder = DemoFolder::create_in(parent.path(), &year, now).expect("it is written");
        let store = folder.config_sources().resolve().db_path;
        let quota = DemoQuota::new(&year, now);
        let writer = LiveWriter::new(folder.path().join(".claude"), store.clone(), &year, quota).expect("a session");
        let mut live = writer.session.clone();
        let log = logs::log_path(&live.claude, &live.session);
        let lines = || std::fs::read_to_string(&log).expect("a log").lines().count();
        let before = lines();
        live.write_turn().expect("it is written");
        assert_eq!(lines(), before + 1);
        let notes = std::fs::read_dir(store.with_file_name("inbox")).expect("an inbox").count();
        assert_eq!(notes, 1, "the note of the session is replaced");
    }

    #[test]
    fn the_thread_ends_with_its_writer() {
        let (parent, now) = (tempfile::tempdir().expect("a folder"), clock::now());
        let year = DemoYear::generate(now.with_timezone(&Berlin), 1);
        let mut folder = DemoFolder::create_in(parent.path(), &year, now).expect("it is written");
        folder.continue_writing().expect("a thread");
        folder.continue_writing().expect("the same thread");
        drop(folder);
        assert_eq!(std::fs::read_dir(parent.path()).expect("a folder").count(), 0);
    }
}
