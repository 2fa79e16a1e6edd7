//! Reads many logs at once.
//!
//! A few threads take the largest log left and read it; what they find comes back through a channel that holds
//! little, so memory stays bounded however fast they are. The order in which logs arrive does not matter.

use std::sync::{Arc, Mutex};
use std::{io, thread};

use token_monitor_core::transcript::Cursor;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::ingest::discover::FoundLog;
use crate::ingest::parsed_chunk::Harvest;
use crate::ingest::tail::Tail;

/// A log to read, and how far it is read already.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// The log.
    pub(crate) log: FoundLog,
    /// How far it is read.
    pub(crate) cursor: Option<Cursor>,
}

impl Job {
    /// How many bytes there are to read, as far as a look can tell.
    pub(crate) fn bytes(&self) -> u64 {
        let read = self.cursor.map_or(0, |cursor| cursor.offset);
        self.log.look.len.checked_sub(read).unwrap_or(self.log.look.len)
    }
}

/// What comes back from the pool.
#[derive(Debug)]
pub(crate) enum Read {
    /// A part of a log.
    Part(Box<Harvest>),
    /// A log is read to its end, or failed to be.
    Done(Box<Job>, io::Result<()>),
}

/// Reads logs on threads of their own. The channel ends when all are read.
pub(crate) fn read_all(mut jobs: Vec<Job>, threads: usize, held: usize) -> Receiver<Read> {
    jobs.sort_by_key(Job::bytes);
    let (send, receive) = channel(held.max(1));
    let threads = threads.clamp(1, jobs.len().max(1));
    let jobs = Arc::new(Mutex::new(jobs));
    for index in 0..threads {
        let (jobs, send) = (jobs.clone(), send.clone());
        let named = thread::Builder::new().name(format!("read-{index}"));
        named.spawn(move || read_until_done(&jobs, &send)).expect("a thread can be started");
    }
    receive
}

fn read_until_done(jobs: &Mutex<Vec<Job>>, send: &Sender<Read>) {
    let mut tail = Tail::default();
    let next = || jobs.lock().expect("no thread panics while it holds the jobs").pop();
    while let Some(job) = next() {
        let done =
            tail.read(&job.log, job.cursor.as_ref(), |part| drop(send.blocking_send(Read::Part(Box::new(part)))));
        if send.blocking_send(Read::Done(Box::new(job), done)).is_err() {
            return;
        }
    }
}
