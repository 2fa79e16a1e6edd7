//! What people add to sessions: a name of their own, tags, a description, and whether they are pinned, hidden or
//! muted.
//!
//! A name belongs to one session. The index that ensures it also finds a session by its name; upper and lower case
//! are the same name.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use redb::{ReadableDatabase, ReadableTable};
use token_monitor_core::report::model::{SessionChanges, SessionMetadata};

use crate::db::Store;
use crate::error::StoreError;
use crate::read::Trouble;
use crate::schema::{METADATA, NAME_INDEX, SETTINGS};

/// Long enough for a sentence, short enough for a row.
pub const LONGEST_NAME: usize = 120;

/// A tag is a word or a few.
pub const LONGEST_TAG: usize = 40;

/// More tags than these no row has room for.
pub const MOST_TAGS: usize = 20;

/// A page of text.
pub const LONGEST_DESCRIPTION: usize = 2_000;

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
}

/// What to change about a session, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Its name; within, none takes it away.
    name: Option<Option<SessionName>>,
    tags: Option<Vec<String>>,
    /// Its description; within, none takes it away.
    description: Option<Option<String>>,
    is_pinned: Option<bool>,
    is_hidden: Option<bool>,
    is_muted: Option<bool>,
}

impl Changes {
    /// Checks what somebody wishes. An empty name or description takes away what was there.
    pub fn new(wish: &SessionChanges) -> Result<Self, StoreError> {
        let SessionChanges { name, tags, description, is_pinned, is_hidden, is_muted } = wish;
        let name = name.as_deref().map(|name| (!name.trim().is_empty()).then(|| SessionName::new(name)).transpose());
        Ok(Self {
            name: name.transpose()?,
            tags: tags.as_deref().map(checked_tags).transpose()?,
            description: description.as_deref().map(checked_description).transpose()?,
            is_pinned: *is_pinned,
            is_hidden: *is_hidden,
            is_muted: *is_muted,
        })
    }

    /// A new name, and nothing else.
    pub fn to_name(name: SessionName) -> Self {
        Self { name: Some(Some(name)), ..Self::default() }
    }

    fn make(self, metadata: &mut SessionMetadata) {
        let Self { name, tags, description, is_pinned, is_hidden, is_muted } = self;
        if let Some(name) = name {
            metadata.name = name.map(|name| name.0);
        }
        if let Some(description) = description {
            metadata.description = description;
        }
        let SessionMetadata { tags: labels, is_pinned: pinned, is_hidden: hidden, is_muted: muted, .. } = metadata;
        tags.into_iter().for_each(|tags| *labels = tags);
        is_pinned.into_iter().for_each(|is| *pinned = is);
        is_hidden.into_iter().for_each(|is| *hidden = is);
        is_muted.into_iter().for_each(|is| *muted = is);
    }
}

/// Trimmed, and each once: upper and lower case are the same tag, in its first spelling.
fn checked_tags(tags: &[String]) -> Result<Vec<String>, StoreError> {
    let mut checked: Vec<String> = Vec::new();
    for tag in tags.iter().map(|tag| tag.trim()).filter(|tag| !tag.is_empty()) {
        if tag.chars().count() > LONGEST_TAG || tag.chars().any(char::is_control) {
            return Err(StoreError::TagInvalid { longest: LONGEST_TAG });
        }
        if !checked.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            checked.push(tag.to_owned());
        }
    }
    if checked.len() > MOST_TAGS { Err(StoreError::TooManyTags { most: MOST_TAGS }) } else { Ok(checked) }
}

fn checked_description(text: &str) -> Result<Option<String>, StoreError> {
    let text = text.trim();
    let odd = |c: char| c.is_control() && c != '\n';
    match text.chars().count() > LONGEST_DESCRIPTION || text.chars().any(odd) {
        true => Err(StoreError::DescriptionInvalid { longest: LONGEST_DESCRIPTION }),
        false => Ok((!text.is_empty()).then(|| text.to_owned())),
    }
}

impl Store {
    /// Changes what was added to a session, for the first time or anew, all of it or nothing. What no change is about
    /// stays.
    pub fn describe(
        &mut self,
        session: &str,
        changes: Changes,
        project_path: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<SessionMetadata, StoreError> {
        let known = self.metadata(session)?;
        let before = known.as_ref().and_then(|known| known.name.clone());
        let mut metadata = known.unwrap_or_else(|| nothing_yet(session, now));
        changes.make(&mut metadata);
        metadata.project_path = project_path.or(metadata.project_path);
        metadata.updated_at = now;
        if let Some(name) = &metadata.name
            && self.named(name)?.is_some_and(|owner| owner != session)
        {
            return Err(StoreError::NameTaken { name: name.clone() });
        }
        self.tried(self.put(&metadata, before.as_deref()))?;
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
            Ok(table.get(folded(name).as_str())?.map(|session| session.value().to_owned()))
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
            if let Some(name) = known.name {
                write.open_table(NAME_INDEX)?.remove(folded(&name).as_str())?;
            }
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

    /// Writes a row, and its name in place of the one before.
    fn put(&self, metadata: &SessionMetadata, before: Option<&str>) -> Result<(), Trouble> {
        let write = self.database()?.begin_write()?;
        {
            let mut index = write.open_table(NAME_INDEX)?;
            if let Some(before) = before {
                index.remove(folded(before).as_str())?;
            }
            if let Some(name) = &metadata.name {
                index.insert(folded(name).as_str(), metadata.uuid.as_str())?;
            }
            write.open_table(METADATA)?.insert(metadata.uuid.as_str(), encode(metadata).as_slice())?;
        }
        Ok(write.commit()?)
    }
}

/// What makes two names the same.
fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A session nobody has added anything to.
fn nothing_yet(session: &str, now: DateTime<Utc>) -> SessionMetadata {
    SessionMetadata {
        uuid: session.to_owned(),
        name: None,
        project_path: None,
        created_at: now,
        updated_at: now,
        tags: Vec::new(),
        description: None,
        is_pinned: false,
        is_hidden: false,
        is_muted: false,
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
