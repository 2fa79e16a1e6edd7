//! A large reading under way: many logs, or much to read in them.

use std::path::{Path, PathBuf};
use std::time::Instant;

use rustc_hash::FxHashMap;
use token_monitor_core::report::model::Progress;
use tokio::sync::mpsc::Receiver;

use crate::ingest::parsed_chunk::Harvest;
use crate::ingest::reader_pool::{self, Job, Read};

/// A large reading under way.
pub(crate) struct Import {
    parts: Receiver<Read>,
    /// The logs still being read, and how many bytes of each are.
    busy: FxHashMap<PathBuf, u64>,
    files: u64,
    files_done: u64,
    bytes: u64,
    bytes_done: u64,
    began: Instant,
}

impl Import {
    pub(crate) fn start(jobs: Vec<Job>, threads: usize, held: usize) -> Self {
        Self {
            busy: jobs.iter().map(|job| (job.log.path.clone(), 0)).collect(),
            files: jobs.len() as u64,
            files_done: 0,
            bytes: jobs.iter().map(Job::bytes).sum(),
            bytes_done: 0,
            began: Instant::now(),
            parts: reader_pool::read_all(jobs, threads, held),
        }
    }

    /// The next part, or none when all is read.
    pub(crate) async fn next(&mut self) -> Option<Read> {
        self.parts.recv().await
    }

    /// Whether a log is still to be read by it.
    pub(crate) fn will_read(&self, path: &Path) -> bool {
        self.busy.contains_key(path)
    }

    /// A part of a log is read.
    pub(crate) fn part(&mut self, part: &Harvest) {
        if let Some(read) = self.busy.get_mut(&part.path) {
            *read += part.read;
            self.bytes_done += part.read;
        }
    }

    /// A log is done, or given up.
    pub(crate) fn finished(&mut self, job: &Job) {
        let read = self.busy.remove(&job.log.path).unwrap_or_default();
        self.files_done += 1;
        self.bytes_done += job.bytes().saturating_sub(read);
    }

    /// How long it has been going on, and how much it reads.
    pub(crate) fn so_far(&self) -> (std::time::Duration, u64, u64) {
        (self.began.elapsed(), self.files_done, self.bytes_done)
    }

    /// How far it is.
    pub(crate) fn progress(&self) -> Progress {
        Progress::Importing {
            files_done: self.files_done,
            files: self.files,
            bytes_done: self.bytes_done,
            bytes: self.bytes,
        }
    }
}
