//! What makes two log lines the same message.
//!
//! A key is a hash, because it is stored for every message ever counted. It covers, in this order of preference,
//! Anthropic's message id, a foreign id with its request (or session), the request, the line's own uuid, the
//! line's place in its log.

use xxhash_rust::xxh3::xxh3_128;

/// The identity of one API response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u128);

/// What a line says of its message's identity; empty where it says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Identity<'a> {
    /// `message.id`
    pub id: &'a str,
    /// `requestId`
    pub request: &'a str,
    /// `sessionId`
    pub session: &'a str,
    /// `uuid`
    pub uuid: &'a str,
}

impl Key {
    /// The key of a message. `place` spells where the line stands, for lines that name nothing at all.
    pub fn new(identity: Identity<'_>, place: impl FnOnce() -> Vec<u8>) -> Self {
        let Identity { id, request, session, uuid } = identity;
        if id.starts_with("msg_") {
            return Self::hash(b'm', &[id.as_bytes()]);
        }
        if !id.is_empty() {
            let scope = if request.is_empty() { session } else { request };
            return Self::hash(b'i', &[id.as_bytes(), scope.as_bytes()]);
        }
        if !request.is_empty() {
            return Self::hash(b'r', &[request.as_bytes()]);
        }
        if !uuid.is_empty() {
            return Self::hash(b'u', &[uuid.as_bytes()]);
        }
        Self::hash(b'p', &[&place()])
    }

    /// The key of the `index`th extra call a message made, which is billed beside it.
    #[must_use]
    pub fn advisor(self, index: usize) -> Self {
        Self::hash(b'a', &[&self.0.to_le_bytes(), &(index as u64).to_le_bytes()])
    }

    fn hash(kind: u8, parts: &[&[u8]]) -> Self {
        let mut spelled = vec![kind];
        for part in parts {
            spelled.extend_from_slice(part);
            spelled.push(0);
        }
        Self(xxh3_128(&spelled))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str, request: &str, session: &str, uuid: &str) -> Key {
        Key::new(Identity { id, request, session, uuid }, || b"log:1".to_vec())
    }

    #[test]
    fn an_anthropic_id_is_the_whole_key() {
        assert_eq!(key("msg_1", "req_1", "s", "u"), key("msg_1", "req_2", "t", "v"));
    }

    #[test]
    fn a_foreign_id_is_unique_only_within_its_request_or_session() {
        assert_ne!(key("7", "req_1", "s", ""), key("7", "req_2", "s", ""));
        assert_ne!(key("7", "", "s", ""), key("7", "", "t", ""));
        assert_eq!(key("7", "req_1", "s", ""), key("7", "req_1", "t", ""));
    }

    #[test]
    fn an_extra_call_has_a_key_of_its_own() {
        let key = key("msg_1", "", "", "");
        assert_ne!(key.advisor(0), key);
        assert_ne!(key.advisor(0), key.advisor(1));
    }
}
