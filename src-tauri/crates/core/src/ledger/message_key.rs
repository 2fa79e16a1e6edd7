//! The identity of a message: log lines with the same key belong to the same message.
//!
//! A key is a hash, because the store keeps one for every message ever counted. It is made from the first of these
//! that a line has: Anthropic's message id; another provider's message id together with the request id (or session
//! id); the request id; the line's uuid; the line's location in its log.
//!
//! Another provider's message id without a request id is only unique within a session, but a fork copies lines to
//! another session. Such lines have a second key, made from the message id and the line's uuid, which is the same in
//! all copies. Lines that share either key belong to the same message.

use xxhash_rust::xxh3::xxh3_128;

/// The key of one API response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageKey(pub u128);

/// The identifying fields of a line. A missing field is empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct MessageIdentity<'a> {
    /// The field `message.id`.
    pub message_id: &'a str,
    /// The field `requestId`.
    pub request_id: &'a str,
    /// The field `sessionId`.
    pub session_id: &'a str,
    /// The field `uuid`.
    pub uuid: &'a str,
}

impl MessageKey {
    /// Computes the key of a message. `location` encodes the location of the line, for lines without any identifying
    /// field.
    pub fn new(identity: MessageIdentity<'_>, location: impl FnOnce() -> Vec<u8>) -> Self {
        let MessageIdentity { message_id, request_id, session_id, uuid } = identity;
        if message_id.starts_with("msg_") {
            return Self::hash_parts(b'm', &[message_id.as_bytes()]);
        }
        if !message_id.is_empty() {
            let scope = if request_id.is_empty() { session_id } else { request_id };
            return Self::hash_parts(b'i', &[message_id.as_bytes(), scope.as_bytes()]);
        }
        if !request_id.is_empty() {
            return Self::hash_parts(b'r', &[request_id.as_bytes()]);
        }
        if !uuid.is_empty() {
            return Self::hash_parts(b'u', &[uuid.as_bytes()]);
        }
        Self::hash_parts(b'p', &[&location()])
    }

    /// Computes the second key of a line whose message id is only unique within its session, or `None` for all other
    /// lines. A line without a uuid has its first key twice.
    pub fn copy_key(identity: MessageIdentity<'_>) -> Option<Self> {
        let MessageIdentity { message_id, request_id, session_id, uuid } = identity;
        let is_local = !message_id.is_empty() && !message_id.starts_with("msg_") && request_id.is_empty();
        let (kind, scope) = if uuid.is_empty() { (b'i', session_id) } else { (b'c', uuid) };
        is_local.then(|| Self::hash_parts(kind, &[message_id.as_bytes(), scope.as_bytes()]))
    }

    /// Returns the key of the message's `index`th iteration, for an advisor call that is billed separately.
    #[must_use]
    pub fn advisor_key(self, index: usize) -> Self {
        Self::hash_parts(b'a', &[&self.0.to_le_bytes(), &(index as u64).to_le_bytes()])
    }

    fn hash_parts(kind: u8, parts: &[&[u8]]) -> Self {
        let mut bytes = vec![kind];
        for part in parts {
            bytes.extend_from_slice(part);
            bytes.push(0);
        }
        Self(xxh3_128(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(message_id: &str, request_id: &str, session_id: &str, uuid: &str) -> MessageKey {
        MessageKey::new(MessageIdentity { message_id, request_id, session_id, uuid }, || b"log:1".to_vec())
    }

    #[test]
    fn an_anthropic_message_id_alone_identifies_a_message() {
        assert_eq!(key("msg_1", "req_1", "s", "u"), key("msg_1", "req_2", "t", "v"));
    }

    #[test]
    fn another_message_id_is_unique_only_within_its_request_or_session() {
        assert_ne!(key("7", "req_1", "s", ""), key("7", "req_2", "s", ""));
        assert_ne!(key("7", "", "s", ""), key("7", "", "t", ""));
        assert_eq!(key("7", "req_1", "s", ""), key("7", "req_1", "t", ""));
    }

    #[test]
    fn only_an_id_that_is_local_to_a_session_has_a_second_key() {
        let second = |message_id, request_id, session_id, uuid| {
            MessageKey::copy_key(MessageIdentity { message_id, request_id, session_id, uuid })
        };
        assert_eq!(second("7", "", "s", "u"), second("7", "", "t", "u"));
        assert_ne!(second("7", "", "s", "u"), second("8", "", "s", "u"));
        assert_eq!(second("7", "", "s", ""), Some(key("7", "", "s", "")));
        for identity in [("msg_1", "", "u"), ("7", "req_1", "u"), ("", "req_1", "u"), ("", "", "u")] {
            assert_eq!(second(identity.0, identity.1, "s", identity.2), None);
        }
    }

    #[test]
    fn each_advisor_call_has_its_own_key() {
        let key = key("msg_1", "", "", "");
        assert_ne!(key.advisor_key(0), key);
        assert_ne!(key.advisor_key(0), key.advisor_key(1));
    }
}
