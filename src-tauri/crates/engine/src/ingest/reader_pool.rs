//! Reads many logs in parallel.
//!
//! Each thread takes the largest log left. Chunks are returned through a bounded channel, so memory stays bounded. The
//! order in which logs are counted does not matter.

use std::sync::{Arc, Mutex};
use std::{io, thread};

use token_monitor_core::transcript::Cursor;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::ingest::discover::FoundLog;
use crate::ingest::parsed_chunk::ParsedChunk;
use crate::ingest::tail::Tail;
use crate::platform;

/// A log to read from its cursor on.
#[derive(Clone, Debug)]
pub(crate) struct ReadJob {
    /// The log.
    pub(crate) log: FoundLog,
    /// The cursor; None to read the log from its start.
    pub(crate) cursor: Option<Cursor>,
}

impl ReadJob {
    /// Returns the estimated number of bytes to read.
    pub(crate) fn remaining_bytes(&self) -> u64 {
        let read = self.cursor.map_or(0, |cursor| cursor.offset);
        self.log.stat.len.checked_sub(read).unwrap_or(self.log.stat.len)
    }
}

/// An event of the reader threads.
#[derive(Debug)]
pub(crate) enum ReaderEvent {
    /// A parsed chunk of a log.
    Chunk(Box<ParsedChunk>),
    /// The end of a log, or the error that stopped reading it.
    Done(Box<ReadJob>, io::Result<()>),
}

/// Reads logs on several threads. The channel of at most `queue_size` events closes when all logs are read.
///
/// # Errors
///
/// If the system cannot start a single thread. The jobs are returned.
pub(crate) fn read_logs(
    mut jobs: Vec<ReadJob>,
    threads: usize,
    queue_size: usize,
) -> Result<Receiver<ReaderEvent>, (Vec<ReadJob>, io::Error)> {
    jobs.sort_by_key(ReadJob::remaining_bytes);
    let (send, receive) = channel(queue_size.max(1));
    let threads = threads.clamp(1, jobs.len().max(1));
    let jobs = Arc::new(Mutex::new(jobs));
    for index in 0..threads {
        let (thread_jobs, send) = (jobs.clone(), send.clone());
        let builder = thread::Builder::new().name(format!("read-{index}"));
        let read = move || {
            run_reader(&thread_jobs, &send);
            drop((thread_jobs, send));
            platform::trim_thread_heap();
        };
        match builder.spawn(read) {
            Ok(_) => {}
            Err(error) if index == 0 => {
                let jobs = std::mem::take(&mut *jobs.lock().expect("no thread panics while it has the lock"));
                return Err((jobs, error));
            }
            // The threads that were started read everything.
            Err(_) => break,
        }
    }
    Ok(receive)
}

fn run_reader(jobs: &Mutex<Vec<ReadJob>>, send: &Sender<ReaderEvent>) {
    let mut tail = Tail::default();
    let next = || jobs.lock().expect("no thread panics while it has the lock").pop();
    while let Some(job) = next() {
        let result = tail
            .read(&job.log, job.cursor.as_ref(), |chunk| drop(send.blocking_send(ReaderEvent::Chunk(Box::new(chunk)))));
        if send.blocking_send(ReaderEvent::Done(Box::new(job), result)).is_err() {
            return;
        }
    }
}
