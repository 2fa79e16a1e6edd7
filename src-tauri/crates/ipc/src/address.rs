//! The address of the engine of a store. Each store has its own, so engines of different stores never mix.

use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use crate::transport;

/// The address of the engine of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(pub(crate) PathBuf);

impl Address {
    /// Returns the address of a store. Different spellings of the same path have the same address, also before its folder
    /// exists.
    pub fn of_store(store: &Path) -> Self {
        let path = std::path::absolute(store).unwrap_or_else(|_| store.to_owned());
        let path = match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) => canonicalize_existing(folder).join(name),
            _ => path,
        };
        Self(transport::endpoint_path(xxh3_64(path.as_os_str().as_encoded_bytes())))
    }
}

/// Returns an absolute path whose existing part is canonical. A folder has the same result before and after it is created;
/// the canonical form of a path on Windows differs from every other spelling.
fn canonicalize_existing(folder: &Path) -> PathBuf {
    let canonicalize = |existing: &Path| {
        let missing = folder.strip_prefix(existing).ok()?;
        Some(existing.canonicalize().ok()?.join(missing))
    };
    folder.ancestors().find_map(canonicalize).unwrap_or_else(|| folder.to_owned())
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

    #[test]
    fn a_store_has_the_same_address_before_and_after_its_folder_is_created() {
        let temp = tempfile::tempdir().expect("a folder");
        let store = temp.path().join("a").join("b").join("c.db");
        let address = Address::of_store(&store);
        std::fs::create_dir_all(store.parent().expect("a folder")).expect("it is created");
        assert_eq!(Address::of_store(&store), address);
    }
}
