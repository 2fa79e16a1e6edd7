//! The pseudonyms of projects, as devices make them.

use ring::hmac::{HMAC_SHA256, Key, sign};

/// The number of bytes of a pseudonym.
const PSEUDONYM_BYTES: usize = 16;

/// Returns the pseudonym of the name of a project's folder.
pub(crate) fn project_pseudonym(key: &[u8], name: &str) -> String {
    let tag = sign(&Key::new(HMAC_SHA256, key), format!("project\0{name}").as_bytes());
    tag.as_ref()[..PSEUDONYM_BYTES].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same value is in the tests of the devices' part.
    #[test]
    fn a_project_has_the_pseudonym_that_devices_send() {
        assert_eq!(project_pseudonym(&[1; 16], "shop"), "29ea80d76877bc28be3f3d157fceb7fe");
    }
}
