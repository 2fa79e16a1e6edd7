//! An import: reading many logs, or large ones, in the background.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use token_monitor_core::report::model::Progress;
use tokio::sync::mpsc::Receiver;

use crate::ingest::parsed_chunk::ParsedChunk;
use crate::ingest::reader_pool::{self, ReadJob, ReaderEvent};

/// The interval between two durable commits of an import. Other commits survive only if the program is not killed.
const DURABLE_COMMIT_INTERVAL: Duration = Duration::from_secs(2);

/// A running import with its progress.
pub(crate) struct LogImport {
    events: Receiver<ReaderEvent>,
    /// The logs still being read, with the number of bytes read of each.
    active_logs: FxHashMap<PathBuf, u64>,
    files: u64,
    files_done: u64,
    bytes: u64,
    bytes_done: u64,
    started: Instant,
    last_durable_commit: Instant,
}

impl LogImport {
    /// Starts to read logs on several threads.
    ///
    /// # Errors
    ///
    /// If the system cannot start a thread. The jobs are returned.
    pub(crate) fn start(
        jobs: Vec<ReadJob>,
        threads: usize,
        queue_size: usize,
    ) -> Result<Self, (Vec<ReadJob>, io::Error)> {
        let now = Instant::now();
        Ok(Self {
            active_logs: jobs.iter().map(|job| (job.log.path.clone(), 0)).collect(),
            files: jobs.len() as u64,
            files_done: 0,
            bytes: jobs.iter().map(ReadJob::remaining_bytes).sum(),
            bytes_done: 0,
            started: now,
            last_durable_commit: now,
            events: reader_pool::read_logs(jobs, threads, queue_size)?,
        })
    }

    /// Returns true if the counted messages have to be written durably, and notes the time if so. A program that is
    /// killed during an import reads again at most what it read in the last seconds.
    pub(crate) fn take_durable_commit(&mut self) -> bool {
        let is_due = self.last_durable_commit.elapsed() >= DURABLE_COMMIT_INTERVAL;
        if is_due {
            self.last_durable_commit = Instant::now();
        }
        is_due
    }

    /// Waits for the next event; None when all logs are read.
    pub(crate) async fn next(&mut self) -> Option<ReaderEvent> {
        self.events.recv().await
    }

    /// Returns true if the import has not finished a log yet.
    pub(crate) fn is_reading(&self, path: &Path) -> bool {
        self.active_logs.contains_key(path)
    }

    /// Adds a chunk to the progress.
    pub(crate) fn record_chunk(&mut self, chunk: &ParsedChunk) {
        if let Some(read) = self.active_logs.get_mut(&chunk.path) {
            *read += chunk.bytes_read;
            self.bytes_done += chunk.bytes_read;
        }
    }

    /// Adds the end of a log to the progress.
    pub(crate) fn finish_job(&mut self, job: &ReadJob) {
        let read = self.active_logs.remove(&job.log.path).unwrap_or_default();
        self.files_done += 1;
        self.bytes_done += job.remaining_bytes().saturating_sub(read);
    }

    /// Returns the elapsed time, the number of finished logs and the number of bytes read.
    pub(crate) fn totals(&self) -> (std::time::Duration, u64, u64) {
        (self.started.elapsed(), self.files_done, self.bytes_done)
    }

    /// Returns the progress.
    pub(crate) fn progress(&self) -> Progress {
        Progress::Importing {
            files_done: self.files_done,
            files: self.files,
            bytes_done: self.bytes_done,
            bytes: self.bytes,
        }
    }
}
