//! The metadata that users add to sessions: name, tags, description, and the flags pinned, hidden, muted and
//! private. Also the settings saved by the settings page.
//!
//! Names are unique, ignoring case. The index that ensures it is also used to find a session by its name.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use redb::{ReadableDatabase, ReadableTable};
use token_monitor_core::report::model::{SessionChanges, SessionMetadata};
use token_monitor_core::text::sanitize::remove_invisible;
use token_monitor_core::time::Slot;

use crate::db::Store;
use crate::error::{DbError, StoreError};
use crate::schema::{METADATA, NAME_INDEX, SETTINGS};

/// The maximum length of a name in characters.
pub const MAX_NAME_LEN: usize = 120;

/// The maximum length of a tag in characters.
pub const MAX_TAG_LEN: usize = 40;

/// The maximum number of tags of a session.
pub const MAX_TAGS: usize = 20;

/// The maximum length of a description in characters.
pub const MAX_DESCRIPTION_LEN: usize = 2_000;

/// The first byte of a metadata row. JSON follows.
const VERSION: u8 = 1;

/// A valid session name: trimmed, not empty, without control and other invisible characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionName(String);

impl SessionName {
    /// Validates a name. Invisible characters without a function, such as marks of the reading direction, are removed.
    pub fn new(name: &str) -> Result<Self, StoreError> {
        let has_controls = name.trim().chars().any(char::is_control);
        let visible = remove_invisible(name);
        let name = visible.trim();
        match !name.is_empty() && name.chars().count() <= MAX_NAME_LEN && !has_controls {
            true => Ok(Self(name.to_owned())),
            false => Err(StoreError::NameInvalid { max_len: MAX_NAME_LEN }),
        }
    }
}

/// Validated changes of a session's metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetadataPatch {
    /// The new name; `Some(None)` removes the name.
    name: Option<Option<SessionName>>,
    tags: Option<Vec<String>>,
    /// The new description; `Some(None)` removes the description.
    description: Option<Option<String>>,
    is_pinned: Option<bool>,
    is_hidden: Option<bool>,
    is_muted: Option<bool>,
    is_private: Option<bool>,
}

impl MetadataPatch {
    /// Validates changes. An empty name or description removes the current one.
    pub fn new(changes: &SessionChanges) -> Result<Self, StoreError> {
        let SessionChanges { name, tags, description, is_pinned, is_hidden, is_muted, is_private } = changes;
        let name = name.as_deref().map(|name| (!name.trim().is_empty()).then(|| SessionName::new(name)).transpose());
        Ok(Self {
            name: name.transpose()?,
            tags: tags.as_deref().map(validate_tags).transpose()?,
            description: description.as_deref().map(validate_description).transpose()?,
            is_pinned: *is_pinned,
            is_hidden: *is_hidden,
            is_muted: *is_muted,
            is_private: *is_private,
        })
    }

    fn apply(self, metadata: &mut SessionMetadata) {
        let Self { name, tags, description, is_pinned, is_hidden, is_muted, is_private } = self;
        if let Some(name) = name {
            metadata.name = name.map(|name| name.0);
        }
        if let Some(description) = description {
            metadata.description = description;
        }
        if let Some(tags) = tags {
            metadata.tags = tags;
        }
        metadata.is_pinned = is_pinned.unwrap_or(metadata.is_pinned);
        metadata.is_hidden = is_hidden.unwrap_or(metadata.is_hidden);
        metadata.is_muted = is_muted.unwrap_or(metadata.is_muted);
        metadata.is_private = is_private.unwrap_or(metadata.is_private);
    }
}

/// Returns tags trimmed and without duplicates. Case is ignored, and the first spelling is kept.
fn validate_tags(tags: &[String]) -> Result<Vec<String>, StoreError> {
    let mut checked: Vec<String> = Vec::new();
    for given in tags.iter().map(|tag| tag.trim()) {
        let visible = remove_invisible(given);
        let tag = visible.trim();
        if tag.chars().count() > MAX_TAG_LEN || given.chars().any(char::is_control) {
            return Err(StoreError::TagInvalid { max_len: MAX_TAG_LEN });
        }
        if tag.is_empty() {
            continue;
        }
        if !checked.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            checked.push(tag.to_owned());
        }
    }
    if checked.len() > MAX_TAGS { Err(StoreError::TooManyTags { max: MAX_TAGS }) } else { Ok(checked) }
}

fn validate_description(text: &str) -> Result<Option<String>, StoreError> {
    let text = text.trim();
    let is_invalid = |c: char| c.is_control() && c != '\n';
    match text.chars().count() > MAX_DESCRIPTION_LEN || text.chars().any(is_invalid) {
        true => Err(StoreError::DescriptionInvalid { max_len: MAX_DESCRIPTION_LEN }),
        false => Ok(Some(remove_invisible(text).trim().to_owned()).filter(|text| !text.is_empty())),
    }
}

impl Store {
    /// Applies a patch to the metadata of a session, which is created if there is none. Returns the new metadata.
    ///
    /// # Errors
    ///
    /// Fails without a change if another session has the name.
    pub fn update_metadata(
        &mut self,
        session: &str,
        changes: MetadataPatch,
        project_path: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<SessionMetadata, StoreError> {
        let known = self.find_metadata(session)?;
        let before = known.as_ref().and_then(|known| known.name.clone());
        let mut metadata = known.unwrap_or_else(|| empty_metadata(session, now));
        changes.apply(&mut metadata);
        metadata.project_path = project_path.or(metadata.project_path);
        metadata.updated_at = now;
        if let Some(name) = &metadata.name
            && self.find_by_name(name)?.is_some_and(|owner| owner != session)
        {
            return Err(StoreError::NameTaken { name: name.clone() });
        }
        self.guard(|| self.put_metadata(&metadata, before.as_deref()))?;
        Ok(metadata)
    }

    /// Returns the metadata of a session.
    pub fn find_metadata(&self, session: &str) -> Result<Option<SessionMetadata>, StoreError> {
        let get = || -> Result<Option<SessionMetadata>, DbError> {
            let table = self.database()?.begin_read()?.open_table(METADATA)?;
            table.get(session)?.map(|row| decode(row.value())).transpose()
        };
        self.guard(get)
    }

    /// Returns the id of the session with a name.
    pub fn find_by_name(&self, name: &str) -> Result<Option<String>, StoreError> {
        let get = || -> Result<Option<String>, DbError> {
            let table = self.database()?.begin_read()?.open_table(NAME_INDEX)?;
            Ok(table.get(normalize_name(name).as_str())?.map(|session| session.value().to_owned()))
        };
        self.guard(get)
    }

    /// Returns the metadata of all sessions that have some.
    pub fn all_metadata(&self) -> Result<Vec<SessionMetadata>, StoreError> {
        let list = || -> Result<Vec<SessionMetadata>, DbError> {
            let table = self.database()?.begin_read()?.open_table(METADATA)?;
            table.iter()?.map(|row| decode(row?.1.value())).collect()
        };
        self.guard(list)
    }

    /// Deletes the metadata of a session. Returns true if there was any.
    pub fn delete_metadata(&mut self, session: &str) -> Result<bool, StoreError> {
        let Some(known) = self.find_metadata(session)? else { return Ok(false) };
        let remove = || -> Result<(), DbError> {
            let write = self.begin_write()?;
            write.open_table(METADATA)?.remove(session)?;
            if let Some(name) = known.name {
                write.open_table(NAME_INDEX)?.remove(normalize_name(&name).as_str())?;
            }
            Ok(write.commit()?)
        };
        self.guard(remove).map(|()| true)
    }

    /// Adds the metadata of another copy of this store. Of a session with metadata in both, the later version is kept;
    /// if both were created independently, what one of them lacks is taken from the other. A name that another session
    /// has gets a number.
    pub fn merge_metadata(&mut self, others: impl IntoIterator<Item = SessionMetadata>) -> Result<(), StoreError> {
        // The outbox contains them before they change: a day in it without a difference does no harm.
        self.mark_session_days(Slot(i32::MIN)..=Slot(i32::MAX))?;
        for other in others {
            let known = self.find_metadata(&other.uuid)?;
            let mut merged = known.as_ref().map_or_else(|| other.clone(), |known| merge_versions(known, &other));
            if known.as_ref() == Some(&merged) {
                continue;
            }
            if let Some(name) = merged.name.take() {
                merged.name = Some(self.free_name(&name, &merged.uuid)?);
            }
            let before = known.and_then(|known| known.name);
            self.guard(|| self.put_metadata(&merged, before.as_deref()))?;
        }
        Ok(())
    }

    /// Returns the name, with a number if another session has it.
    fn free_name(&self, name: &str, session: &str) -> Result<String, StoreError> {
        let mut candidate = name.to_owned();
        for number in 2_u32.. {
            if self.find_by_name(&candidate)?.is_none_or(|owner| owner == session) {
                break;
            }
            let suffix = format!(" ({number})");
            let kept = MAX_NAME_LEN - suffix.chars().count();
            candidate = name.chars().take(kept).collect::<String>() + &suffix;
        }
        Ok(candidate)
    }

    /// Loads the settings saved by the settings page, by key, as JSON.
    pub fn load_settings(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let list = || -> Result<BTreeMap<String, String>, DbError> {
            let table = self.database()?.begin_read()?.open_table(SETTINGS)?;
            let rows = table.iter()?;
            rows.map(|row| row.map(|(key, value)| (key.value().to_owned(), value.value().to_owned())))
                .collect::<Result<_, _>>()
                .map_err(Into::into)
        };
        self.guard(list)
    }

    /// Saves a setting as JSON. `None` deletes it.
    pub fn save_setting(&mut self, key: &str, value: Option<&str>) -> Result<(), StoreError> {
        let save = || -> Result<(), DbError> {
            let write = self.begin_write()?;
            match value {
                Some(value) => drop(write.open_table(SETTINGS)?.insert(key, value)?),
                None => drop(write.open_table(SETTINGS)?.remove(key)?),
            }
            Ok(write.commit()?)
        };
        self.guard(save)
    }

    /// Writes a row and replaces its name in the index.
    fn put_metadata(&self, metadata: &SessionMetadata, before: Option<&str>) -> Result<(), DbError> {
        let write = self.begin_write()?;
        {
            let mut index = write.open_table(NAME_INDEX)?;
            if let Some(before) = before {
                index.remove(normalize_name(before).as_str())?;
            }
            if let Some(name) = &metadata.name {
                index.insert(normalize_name(name).as_str(), metadata.uuid.as_str())?;
            }
            write.open_table(METADATA)?.insert(metadata.uuid.as_str(), encode(metadata).as_slice())?;
        }
        Ok(write.commit()?)
    }
}

/// Merges two versions of the metadata of a session.
fn merge_versions(known: &SessionMetadata, other: &SessionMetadata) -> SessionMetadata {
    let (new, old) = if other.updated_at > known.updated_at { (other, known) } else { (known, other) };
    if new.created_at == old.created_at {
        return new.clone();
    }
    let mut tags = new.tags.clone();
    tags.extend(old.tags.iter().filter(|tag| !new.tags.contains(tag)).cloned());
    tags.truncate(MAX_TAGS);
    SessionMetadata {
        name: new.name.clone().or_else(|| old.name.clone()),
        description: new.description.clone().or_else(|| old.description.clone()),
        project_path: new.project_path.clone().or_else(|| old.project_path.clone()),
        created_at: new.created_at.min(old.created_at),
        tags,
        is_pinned: new.is_pinned || old.is_pinned,
        is_hidden: new.is_hidden || old.is_hidden,
        is_muted: new.is_muted || old.is_muted,
        is_private: new.is_private || old.is_private,
        ..new.clone()
    }
}

/// Returns the form of a name that is compared.
fn normalize_name(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Returns the metadata of a session without any.
fn empty_metadata(session: &str, now: DateTime<Utc>) -> SessionMetadata {
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
        is_private: false,
    }
}

fn encode(metadata: &SessionMetadata) -> Vec<u8> {
    let mut row = vec![VERSION];
    serde_json::to_writer(&mut row, metadata).expect("plain strings and times are JSON");
    row
}

fn decode(row: &[u8]) -> Result<SessionMetadata, DbError> {
    let json = row.strip_prefix(&[VERSION]).ok_or(DbError::BadRow("metadata"))?;
    serde_json::from_slice(json).map_err(|_| DbError::BadRow("metadata"))
}
