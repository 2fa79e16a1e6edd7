//! Counts the requests whose answers are not in the logs.
//!
//! Since 2.1.270, Claude Code logs a request when it sends it, and names it in each line of its answer. A request without
//! an answer was refused, was cut off by the end of the program, or was interrupted before the first line of its answer.
//! Only some of these are billed, and no log contains their tokens.

use memchr::memmem::Finder;
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64;

use crate::audit::comparison::AuditScope;
use crate::interner::{Interner, SessionId};
use crate::time::timestamp::Timestamp;
use crate::transcript::lenient_json::{self, Object};
use crate::transcript::schema::RequestRecord;

/// The requests and answers found so far.
#[derive(Debug)]
pub struct RequestCounter {
    scope: AuditScope,
    mention: [Finder<'static>; 2],
    sent: FxHashSet<u64>,
    answered: FxHashSet<u64>,
}

impl RequestCounter {
    /// Creates a counter of the requests in scope.
    pub fn new(scope: AuditScope) -> Self {
        let mention = ["\"api-request\"", "\"requestRef\""].map(Finder::new);
        Self { scope, mention, sent: FxHashSet::default(), answered: FxHashSet::default() }
    }

    /// Adds a line of a log, in any order. `file_session` is the session of the log.
    pub fn add_line(&mut self, line: &[u8], file_session: &str, sessions: &mut Interner<SessionId>) {
        if self.mention.iter().all(|finder| finder.find(line).is_none()) {
            return;
        }
        let Some(Object(Some(record))) = lenient_json::parse_single::<RequestRecord<'_>>(line) else { return };
        let hash = |id: &str| xxh3_64(id.as_bytes());
        if !record.answered.0.is_empty() {
            self.answered.insert(hash(&record.answered.0));
        }
        if record.kind.0 == "api-request" && !record.id.0.is_empty() {
            let session = if record.session.0.is_empty() { file_session } else { &record.session.0 };
            let session = sessions.intern(session.as_bytes());
            if self.scope.includes(Timestamp::parse(&record.timestamp.0), session) {
                self.sent.insert(hash(&record.id.0));
            }
        }
    }

    /// Returns the number of requests in scope without an answer.
    pub fn unanswered(&self) -> u64 {
        self.sent.difference(&self.answered).count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(id: &str, session: &str, time: &str) -> String {
        format!(r#"{{"type":"api-request","sessionId":"{session}","id":"{id}","timestamp":"{time}"}}"#)
    }

    fn answer(request: &str) -> String {
        format!(r#"{{"type":"assistant","requestRef":"{request}","message":{{"id":"msg_1"}}}}"#)
    }

    fn count(scope: impl FnOnce(&mut Interner<SessionId>) -> AuditScope, lines: &[String]) -> u64 {
        let mut sessions = Interner::default();
        let mut counter = RequestCounter::new(scope(&mut sessions));
        lines.iter().for_each(|line| counter.add_line(line.as_bytes(), "file", &mut sessions));
        counter.unanswered()
    }

    #[test]
    fn a_request_without_an_answer_is_counted_once() {
        let sent = |id| request(id, "s", "2026-11-29T21:00:00Z");
        let lines = [sent("1"), answer("1"), answer("1"), answer("2"), sent("2"), sent("3"), sent("3")];
        assert_eq!(count(|_| AuditScope::All, &lines), 1);
        assert_eq!(count(|_| AuditScope::All, &lines[..5]), 0);
    }

    #[test]
    fn requests_are_counted_in_their_session_and_time() {
        let lines = [
            request("1", "s", "2026-11-29T21:00:00Z"),
            request("2", "t", "2026-11-29T23:00:00Z"),
            request("3", "", "2026-11-29T23:00:00Z"),
        ];
        assert_eq!(count(|sessions| AuditScope::Session(sessions.intern(b"t")), &lines), 1);
        assert_eq!(count(|sessions| AuditScope::Session(sessions.intern(b"file")), &lines), 1);
        let time = |text| Timestamp::parse(text).expect("is a time");
        let evening = AuditScope::Between(time("2026-11-29T22:00:00Z"), time("2026-11-30T00:00:00Z"));
        assert_eq!(count(|_| evening, &lines), 2);
    }
}
