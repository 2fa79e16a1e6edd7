//! Interning of the long strings that repeat: sessions, models, projects, branches, runs and log paths.
//!
//! Ids are numbered from 0 in the order of interning and are never reused, so a store only has to write the strings
//! added since its last commit.

use std::marker::PhantomData;
use std::sync::Arc;

use rustc_hash::FxHashMap;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl From<u32> for $name {
            fn from(id: u32) -> Self {
                Self(id)
            }
        }

        impl From<$name> for u32 {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    /// A session, identified by Claude Code's session id.
    SessionId,
    /// A model, identified by its logged name.
    ModelId,
    /// A working directory.
    ProjectId,
    /// A Git branch.
    BranchId,
    /// A subagent run, identified by its path below its session.
    RunId,
    /// A log file, identified by its path.
    LogId,
}

/// The strings of one kind with their ids.
#[derive(Clone, Debug)]
pub struct Interner<Id> {
    strings: Vec<Arc<[u8]>>,
    ids: FxHashMap<Arc<[u8]>, u32>,
    marker: PhantomData<Id>,
}

impl<Id> Default for Interner<Id> {
    fn default() -> Self {
        Self { strings: Vec::new(), ids: FxHashMap::default(), marker: PhantomData }
    }
}

impl<Id: From<u32> + Into<u32>> Interner<Id> {
    /// Returns the id of a string, assigning the next one if the string is new.
    ///
    /// Panics beyond 2^32 strings.
    pub fn intern(&mut self, bytes: &[u8]) -> Id {
        if let Some(&id) = self.ids.get(bytes) {
            return id.into();
        }
        let id = u32::try_from(self.strings.len()).expect("there are fewer than 2^32 strings");
        let shared: Arc<[u8]> = bytes.into();
        self.strings.push(shared.clone());
        self.ids.insert(shared, id);
        id.into()
    }

    /// Returns the id of a string, if it has one.
    pub fn get(&self, bytes: &[u8]) -> Option<Id> {
        self.ids.get(bytes).map(|&id| id.into())
    }

    /// Returns the bytes of the string with this id.
    pub fn bytes_of(&self, id: Id) -> &[u8] {
        &self.strings[id.into() as usize]
    }

    /// Returns the string with this id, with invalid UTF-8 replaced.
    pub fn text_of(&self, id: Id) -> String {
        String::from_utf8_lossy(self.bytes_of(id)).into_owned()
    }

    /// Returns the number of strings.
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    /// Returns true if there are no strings.
    pub fn is_empty(&self) -> bool {
        self.strings.is_empty()
    }

    /// Returns the strings from the `saved`th on, with their ids.
    pub fn added_since(&self, saved: usize) -> impl Iterator<Item = (u32, &[u8])> {
        let first = u32::try_from(saved).expect("ids fit in 32 bits");
        (first..).zip(self.strings.iter().skip(saved).map(|bytes| &**bytes))
    }
}

/// The interned strings of every kind.
#[derive(Clone, Debug, Default)]
pub struct InternTables {
    /// Session ids.
    pub sessions: Interner<SessionId>,
    /// Model names.
    pub models: Interner<ModelId>,
    /// Working directories.
    pub projects: Interner<ProjectId>,
    /// Git branches.
    pub branches: Interner<BranchId>,
    /// Subagent runs.
    pub runs: Interner<RunId>,
    /// Log paths, as bytes.
    pub logs: Interner<LogId>,
}
