//! Pseudonyms: names that the receiver can compare but not read.

use ring::hmac::{HMAC_SHA256, Key, sign};

/// The number of bytes of a pseudonym. Two names among a million have the same one with a probability of 10^-27.
const PSEUDONYM_BYTES: usize = 16;

/// Makes the pseudonyms of an organization.
#[derive(Clone, Debug)]
pub(super) struct PseudonymMaker(Key);

impl PseudonymMaker {
    pub(super) fn new(key: &[u8]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    /// Returns the pseudonym of a name. Names of different kinds have different ones.
    pub(super) fn make(&self, kind: &str, name: &str) -> String {
        let tag = sign(&self.0, format!("{kind}\0{name}").as_bytes());
        to_hex(&tag.as_ref()[..PSEUDONYM_BYTES])
    }
}

/// Returns bytes in hexadecimal.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_depends_on_the_key_the_kind_and_the_name() {
        let maker = PseudonymMaker::new(&[1; 16]);
        let pseudonym = maker.make("project", "shop");
        // The hub makes the same one, to find a project by its name.
        assert_eq!(pseudonym, "29ea80d76877bc28be3f3d157fceb7fe");
        assert_eq!(maker.make("project", "shop"), pseudonym);
        let others = [
            maker.make("session", "shop"),
            maker.make("project", "shops"),
            PseudonymMaker::new(&[2; 16]).make("project", "shop"),
        ];
        assert!(!others.contains(&pseudonym));
    }
}
