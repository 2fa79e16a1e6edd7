//! What people add to sessions: a name of their own, tags, a description.
//!
//! A name belongs to one session. The index that ensures it also finds a session by its name; upper and lower case
//! are the same name.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use redb::{ReadableDatabase, ReadableTable};
use token_monitor_core::figures::SessionMetadata;

use crate::error::StoreError;
use crate::shelf::Trouble;
use crate::store::Store;
use crate::tables::{METADATA, NAME_INDEX, SETTINGS};

/// Long enough for a sentence, short enough for a row.
pub const LONGEST_NAME: usize = 120;

/// The version a metadata row starts with; JSON follows.
const VERSION: u8 = 1;

/// A session name: trimmed, readable, not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionName(String);

impl SessionName {
    /// Checks a name.
    pub fn new(name: &str) -> Result<Self, StoreError> {
        let name = name.trim();
        let readable = !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
        match readable {
            true => Ok(Self(name.to_owned())),
            false => Err(StoreError::NameInvalid { longest: LONGEST_NAME }),
        }
    }

    fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl Store {
    /// Names a session, for the first time or anew. Its tags and description stay.
    pub fn rename(
        &mut self,
        session: &str,
        name: &SessionName,
        project_path: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<SessionMetadata, StoreError> {
        let known = self.metadata(session)?;
        if self.named(&name.0)?.is_some_and(|owner| owner != session) {
            return Err(StoreError::NameTaken { name: name.0.clone() });
        }
        let before = known.as_ref().map(|known| SessionName(known.name.clone()).folded());
        let metadata = SessionMetadata {
            uuid: session.to_owned(),
            name: name.0.clone(),
            project_path: project_path.or_else(|| known.as_ref()?.project_path.clone()),
            created_at: known.as_ref().map_or(now, |known| known.created_at),
            updated_at: now,
            tags: known.as_ref().map(|known| known.tags.clone()).unwrap_or_default(),
            description: known.and_then(|known| known.description),
        };
        self.tried(self.put(&metadata, before.as_deref(), &name.folded()))?;
        Ok(metadata)
    }

    /// What was added to a session.
    pub fn metadata(&self, session: &str) -> Result<Option<SessionMetadata>, StoreError> {
        let get = || -> Result<Option<SessionMetadata>, Trouble> {
            let table = self.database()?.begin_read()?.open_table(METADATA)?;
            table.get(session)?.map(|row| decode(row.value())).transpose()
        };
        self.tried(get())
    }

    /// The session that has a name.
    pub fn named(&self, name: &str) -> Result<Option<String>, StoreError> {
        let get = || -> Result<Option<String>, Trouble> {
            let table = self.database()?.begin_read()?.open_table(NAME_INDEX)?;
            Ok(table.get(name.trim().to_lowercase().as_str())?.map(|session| session.value().to_owned()))
        };
        self.tried(get())
    }

    /// All sessions something was added to.
    pub fn all_metadata(&self) -> Result<Vec<SessionMetadata>, StoreError> {
        let list = || -> Result<Vec<SessionMetadata>, Trouble> {
            let table = self.database()?.begin_read()?.open_table(METADATA)?;
            table.iter()?.map(|row| decode(row?.1.value())).collect()
        };
        self.tried(list())
    }

    /// Takes back what was added to a session. Says whether there was anything.
    pub fn forget(&mut self, session: &str) -> Result<bool, StoreError> {
        let Some(known) = self.metadata(session)? else { return Ok(false) };
        let remove = || -> Result<(), Trouble> {
            let write = self.database()?.begin_write()?;
            write.open_table(METADATA)?.remove(session)?;
            write.open_table(NAME_INDEX)?.remove(SessionName(known.name).folded().as_str())?;
            Ok(write.commit()?)
        };
        self.tried(remove()).map(|()| true)
    }

    /// What the settings page saved: key → JSON.
    pub fn settings(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let list = || -> Result<BTreeMap<String, String>, Trouble> {
            let table = self.database()?.begin_read()?.open_table(SETTINGS)?;
            let rows = table.iter()?;
            rows.map(|row| row.map(|(key, value)| (key.value().to_owned(), value.value().to_owned())))
                .collect::<Result<_, _>>()
                .map_err(Into::into)
        };
        self.tried(list())
    }

    /// Saves one setting as JSON; `None` goes back to what the other layers say.
    pub fn save_setting(&mut self, key: &str, value: Option<&str>) -> Result<(), StoreError> {
        let save = || -> Result<(), Trouble> {
            let write = self.database()?.begin_write()?;
            match value {
                Some(value) => drop(write.open_table(SETTINGS)?.insert(key, value)?),
                None => drop(write.open_table(SETTINGS)?.remove(key)?),
            }
            Ok(write.commit()?)
        };
        self.tried(save())
    }

    fn put(&self, metadata: &SessionMetadata, before: Option<&str>, folded: &str) -> Result<(), Trouble> {
        let write = self.database()?.begin_write()?;
        {
            let mut index = write.open_table(NAME_INDEX)?;
            if let Some(before) = before {
                index.remove(before)?;
            }
            index.insert(folded, metadata.uuid.as_str())?;
            write.open_table(METADATA)?.insert(metadata.uuid.as_str(), encode(metadata).as_slice())?;
        }
        Ok(write.commit()?)
    }
}

fn encode(metadata: &SessionMetadata) -> Vec<u8> {
    let mut row = vec![VERSION];
    serde_json::to_writer(&mut row, metadata).expect("plain strings and times are JSON");
    row
}

fn decode(row: &[u8]) -> Result<SessionMetadata, Trouble> {
    let json = row.strip_prefix(&[VERSION]).ok_or(Trouble::Row("metadata"))?;
    serde_json::from_slice(json).map_err(|_| Trouble::Row("metadata"))
}
