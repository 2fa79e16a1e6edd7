//! Small integers for the long strings that repeat: sessions, models, projects, logs.
//!
//! Ids are handed out in order and never taken back, so a store saves only those past the ones it has.

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
    /// A session, by the id Claude Code gave it.
    SessionId,
    /// A model, by its name as logged.
    ModelId,
    /// A working folder.
    ProjectId,
    /// A branch of a repository.
    BranchId,
    /// A subagent's run, by its place below its session.
    RunId,
    /// A log, by its path.
    LogId,
}

/// The strings of one kind and their ids.
#[derive(Clone, Debug)]
pub struct Interner<Id> {
    spelled: Vec<Arc<[u8]>>,
    ids: FxHashMap<Arc<[u8]>, u32>,
    kind: PhantomData<Id>,
}

impl<Id> Default for Interner<Id> {
    fn default() -> Self {
        Self { spelled: Vec::new(), ids: FxHashMap::default(), kind: PhantomData }
    }
}

impl<Id: From<u32> + Into<u32>> Interner<Id> {
    /// The id of a string, given now if it has none.
    pub fn id(&mut self, spelling: &[u8]) -> Id {
        if let Some(&id) = self.ids.get(spelling) {
            return id.into();
        }
        let id = u32::try_from(self.spelled.len()).expect("fewer than four thousand million names");
        let shared: Arc<[u8]> = spelling.into();
        self.spelled.push(shared.clone());
        self.ids.insert(shared, id);
        id.into()
    }

    /// The id of a string, if it has one.
    pub fn known(&self, spelling: &[u8]) -> Option<Id> {
        self.ids.get(spelling).map(|&id| id.into())
    }

    /// The string behind an id.
    pub fn spelling(&self, id: Id) -> &[u8] {
        &self.spelled[id.into() as usize]
    }

    /// The string behind an id, for showing.
    pub fn text(&self, id: Id) -> String {
        String::from_utf8_lossy(self.spelling(id)).into_owned()
    }

    /// How many strings there are.
    pub fn len(&self) -> usize {
        self.spelled.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.spelled.is_empty()
    }

    /// The strings from the `saved`th on, with their ids.
    pub fn since(&self, saved: usize) -> impl Iterator<Item = (u32, &[u8])> {
        let first = u32::try_from(saved).expect("an id that was handed out");
        (first..).zip(self.spelled.iter().skip(saved).map(|spelling| &**spelling))
    }
}

/// All names there are.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Sessions.
    pub sessions: Interner<SessionId>,
    /// Models.
    pub models: Interner<ModelId>,
    /// Working folders.
    pub projects: Interner<ProjectId>,
    /// Branches.
    pub branches: Interner<BranchId>,
    /// Runs of subagents.
    pub runs: Interner<RunId>,
    /// Logs, by the bytes of their paths.
    pub logs: Interner<LogId>,
}
