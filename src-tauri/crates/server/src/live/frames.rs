//! The latest snapshots, serialized once for all clients.
//!
//! Revisions are the ids of events. A frame with the revision of the one before it differs only in what changes with time,
//! such as the burn rate; its event has no id. A client gets the frames in order, and each at most once. One that is
//! far behind skips to the latest: each frame is complete by itself, so it only loses what is outdated.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;
use token_monitor_core::report::model::Snapshot;
use token_monitor_export::to_json;
use tokio::sync::watch;

/// The largest number of frames that are kept for clients that connect again.
const MAX_FRAMES: usize = 256;

/// The largest size of the kept frames, in bytes of JSON.
const MAX_BYTES: usize = 4 << 20;

/// The number of frames by which a client may be behind before it skips to the latest.
const MAX_BACKLOG: u64 = 32;

/// A snapshot in the forms in which it is sent.
#[derive(Debug)]
pub(crate) struct LiveFrame {
    number: u64,
    /// The revision of the snapshot.
    revision: u64,
    at: String,
    json: String,
    event: OnceLock<Bytes>,
    event_without_id: OnceLock<Bytes>,
    message: OnceLock<Utf8Bytes>,
}

impl LiveFrame {
    fn new(number: u64, revision: u64, at: String, json: String) -> Self {
        let (event, event_without_id, message) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { number, revision, at, json, event, event_without_id, message }
    }

    /// Returns the frame as a server-sent event.
    fn event(&self) -> Bytes {
        let Self { revision, json, .. } = self;
        let event = || Bytes::from(format!("event: snapshot\nid: {revision}\ndata: {json}\n\n"));
        self.event.get_or_init(event).clone()
    }

    /// Returns the frame as an event for a client that has the revision already.
    fn event_without_id(&self) -> Bytes {
        let event = || Bytes::from(format!("event: snapshot\ndata: {}\n\n", self.json));
        self.event_without_id.get_or_init(event).clone()
    }

    /// Returns the frame as a message of a WebSocket.
    pub(crate) fn message(&self) -> Utf8Bytes {
        let Self { revision, at, json, .. } = self;
        let message =
            || format!("{{\"type\":\"snapshot\",\"revision\":{revision},\"at\":{at},\"data\":{json}}}").into();
        self.message.get_or_init(message).clone()
    }
}

/// The latest frames of the engine of this moment.
#[derive(Debug)]
pub(crate) struct Frames {
    kept: Mutex<KeptFrames>,
    /// The number of the latest frame.
    latest: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct KeptFrames {
    frames: VecDeque<Arc<LiveFrame>>,
    bytes: usize,
    next_number: u64,
    instance: u64,
    /// True if no frame of the instance was dropped.
    is_complete: bool,
}

impl Frames {
    pub(crate) fn new() -> Self {
        let (latest, _) = watch::channel(0);
        Self { kept: Mutex::new(KeptFrames { next_number: 1, ..KeptFrames::default() }), latest }
    }

    /// Adds a snapshot of an engine. The frames of another engine are dropped: their revisions mean something else.
    pub(crate) fn publish(&self, instance: u64, snapshot: &Snapshot) {
        let (Ok(json), Ok(at)) = (to_json(snapshot), to_json(&snapshot.at)) else { return };
        let number = self.lock().push(instance, snapshot.revision, at, json);
        self.latest.send_replace(number);
    }

    /// Returns the frames after a revision that a client has, or else the latest and those after it.
    pub(crate) fn subscribe(self: &Arc<Self>, after: Option<u64>) -> FrameStream {
        let changes = self.latest.subscribe();
        let next = self.lock().first_after(after);
        FrameStream { frames: Arc::clone(self), changes, next, known: after }
    }

    fn lock(&self) -> MutexGuard<'_, KeptFrames> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeptFrames {
    fn push(&mut self, instance: u64, revision: u64, at: String, json: String) -> u64 {
        if self.instance != instance {
            self.frames.clear();
            (self.instance, self.bytes, self.is_complete) = (instance, 0, true);
        }
        let number = self.next_number;
        self.next_number += 1;
        self.bytes += json.len();
        self.frames.push_back(Arc::new(LiveFrame::new(number, revision, at, json)));
        while self.frames.len() > MAX_FRAMES || (self.bytes > MAX_BYTES && self.frames.len() > 1) {
            self.bytes -= self.frames.pop_front().map_or(0, |frame| frame.json.len());
            self.is_complete = false;
        }
        number
    }

    /// Returns the number of the first frame for a client that has a revision: the one after it if all frames since then
    /// are kept, otherwise the latest.
    fn first_after(&self, revision: Option<u64>) -> u64 {
        let latest = self.frames.back().map_or(self.next_number, |frame| frame.number);
        let Some(revision) = revision else { return latest };
        let has_all = self.is_complete || self.frames.front().is_some_and(|first| first.revision <= revision);
        let newer = self.frames.iter().find(|frame| frame.revision > revision);
        newer.filter(|_| has_all).map_or(latest, |frame| frame.number)
    }

    /// Returns the frame with a number or the first one after it; the latest for a client that is far behind.
    fn get(&self, number: u64) -> Option<Arc<LiveFrame>> {
        let latest = self.frames.back().filter(|latest| latest.number >= number)?;
        let first = self.frames.front()?.number;
        match number < first || latest.number - number > MAX_BACKLOG {
            true => Some(Arc::clone(latest)),
            false => usize::try_from(number - first).ok().and_then(|index| self.frames.get(index)).cloned(),
        }
    }
}

/// The frames for one client.
#[derive(Debug)]
pub(crate) struct FrameStream {
    frames: Arc<Frames>,
    changes: watch::Receiver<u64>,
    next: u64,
    /// The revision of the last event that the client has, also from an earlier connection.
    known: Option<u64>,
}

impl FrameStream {
    /// Waits for the next frame. Returns `None` when the server stops. Canceling the wait loses no frame.
    pub(crate) async fn next(&mut self) -> Option<Arc<LiveFrame>> {
        loop {
            self.changes.borrow_and_update();
            let frame = self.frames.lock().get(self.next);
            if let Some(frame) = frame {
                self.next = frame.number + 1;
                return Some(frame);
            }
            self.changes.changed().await.ok()?;
        }
    }

    /// Waits for the next frame as an event. It has an id unless the client has the revision already.
    pub(crate) async fn next_event(&mut self) -> Option<Bytes> {
        let frame = self.next().await?;
        let known = self.known.replace(frame.revision);
        Some(if known == Some(frame.revision) { frame.event_without_id() } else { frame.event() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(revisions: impl IntoIterator<Item = u64>) -> Arc<Frames> {
        let frames = Arc::new(Frames::new());
        for revision in revisions {
            push(&frames, 1, revision);
        }
        frames
    }

    fn push(frames: &Frames, instance: u64, revision: u64) {
        let number =
            frames.lock().push(instance, revision, "\"now\"".to_owned(), format!("{{\"revision\":{revision}}}"));
        frames.latest.send_replace(number);
    }

    /// Returns the revisions that a client gets without waiting.
    fn received(stream: &mut FrameStream) -> Vec<u64> {
        let next = |stream: &mut FrameStream| {
            let frame = stream.frames.lock().get(stream.next)?;
            stream.next = frame.number + 1;
            Some(frame.revision)
        };
        std::iter::from_fn(|| next(stream)).collect()
    }

    #[test]
    fn a_client_gets_the_latest_or_what_it_missed() {
        let frames = frames([3, 4, 4, 5, 6]);
        assert_eq!(received(&mut frames.subscribe(None)), [6]);
        assert_eq!(received(&mut frames.subscribe(Some(4))), [5, 6]);
        assert_eq!(received(&mut frames.subscribe(Some(6))), [6], "its figures may have changed with time");
        assert_eq!(received(&mut frames.subscribe(Some(99))), [6], "an id of another engine");
        assert_eq!(received(&mut frames.subscribe(Some(0))), [3, 4, 4, 5, 6], "nothing was dropped yet");
    }

    #[test]
    fn a_client_whose_frames_were_dropped_gets_the_latest() {
        let frames = frames(0..MAX_FRAMES as u64 + 10);
        assert_eq!(received(&mut frames.subscribe(Some(5))), [MAX_FRAMES as u64 + 9]);
    }

    #[test]
    fn a_slow_client_skips_to_the_latest() {
        let frames = frames([0]);
        let mut stream = frames.subscribe(None);
        assert_eq!(received(&mut stream), [0]);
        (1..=MAX_BACKLOG + 2).for_each(|revision| push(&frames, 1, revision));
        assert_eq!(received(&mut stream), [MAX_BACKLOG + 2]);
    }

    #[test]
    fn another_engine_begins_anew() {
        let frames = frames([7, 8]);
        let mut stream = frames.subscribe(Some(8));
        received(&mut stream);
        push(&frames, 2, 0);
        assert_eq!(received(&mut stream), [0]);
        assert_eq!(frames.lock().frames.len(), 1, "the frames of the first are dropped");
    }

    #[test]
    fn memory_is_limited() {
        let frames = Frames::new();
        let big = "x".repeat(MAX_BYTES / 3);
        for revision in 0..10 {
            frames.lock().push(1, revision, String::new(), big.clone());
        }
        assert!(frames.lock().bytes <= MAX_BYTES && frames.lock().frames.len() <= 3);
    }

    #[test]
    fn an_id_is_sent_once() {
        let frames = frames([4, 4, 5]);
        let mut stream = frames.subscribe(Some(0));
        let mut next = || futures_lite::future::block_on(stream.next_event()).expect("there is one");
        assert_eq!(&next()[..], b"event: snapshot\nid: 4\ndata: {\"revision\":4}\n\n");
        assert_eq!(&next()[..], b"event: snapshot\ndata: {\"revision\":4}\n\n");
        assert_eq!(&next()[..], b"event: snapshot\nid: 5\ndata: {\"revision\":5}\n\n");
        let mut again = frames.subscribe(Some(5));
        let event = futures_lite::future::block_on(again.next_event()).expect("its figures may have changed");
        assert_eq!(&event[..], b"event: snapshot\ndata: {\"revision\":5}\n\n");
    }

    #[test]
    fn a_message_has_the_revision_and_the_time() {
        let frame = LiveFrame::new(1, 4, "\"now\"".to_owned(), "{\"revision\":4}".to_owned());
        assert_eq!(
            frame.message().as_str(),
            "{\"type\":\"snapshot\",\"revision\":4,\"at\":\"now\",\"data\":{\"revision\":4}}"
        );
    }
}
