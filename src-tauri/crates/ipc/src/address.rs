//! Where a store's owner listens: one address for each store, so that two of them never mix.

use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

/// Where the owner of a store listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(pub(crate) PathBuf);

impl Address {
    /// The address that belongs to a store.
    pub fn of_store(store: &Path) -> Self {
        let path = std::path::absolute(store).unwrap_or_else(|_| store.to_owned());
        let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
        let path = match (folder, path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path,
        };
        Self(crate::transport::place(xxh3_64(path.as_os_str().as_encoded_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_store_has_an_address_of_its_own_however_it_is_spelled() {
        let temp = tempfile::tempdir().expect("a folder");
        let plain = Address::of_store(&temp.path().join("a.db"));
        assert_eq!(plain, Address::of_store(&temp.path().join(".").join("a.db")));
        assert_ne!(plain, Address::of_store(&temp.path().join("b.db")));
    }
}
