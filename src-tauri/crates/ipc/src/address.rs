//! The address of the engine of a store. Each store has its own, so engines of different stores never mix.

use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use crate::transport;

/// The address of the engine of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(pub(crate) PathBuf);

impl Address {
    /// Returns the address of a store. Different spellings of the same path have the same address.
    pub fn of_store(store: &Path) -> Self {
        let path = std::path::absolute(store).unwrap_or_else(|_| store.to_owned());
        let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
        let path = match (folder, path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path,
        };
        Self(transport::endpoint_path(xxh3_64(path.as_os_str().as_encoded_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_has_its_own_address_independent_of_the_spelling() {
        let temp = tempfile::tempdir().expect("a folder");
        let address = Address::of_store(&temp.path().join("a.db"));
        assert_eq!(address, Address::of_store(&temp.path().join(".").join("a.db")));
        assert_ne!(address, Address::of_store(&temp.path().join("b.db")));
    }
}
