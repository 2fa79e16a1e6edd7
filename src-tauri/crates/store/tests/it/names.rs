//! What people add: a name belongs to one session, whatever its case, and outlives everything but being taken back.

use chrono::{DateTime, Utc};
use token_monitor_store::{SessionName, StoreError};

use crate::fixture::Place;

fn name(text: &str) -> SessionName {
    SessionName::new(text).expect("a fine name")
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_777_629_600 + second, 0).expect("a time")
}

#[test]
fn a_name_belongs_to_one_session_whatever_its_case() {
    let place = Place::new();
    let mut store = place.open();
    store.rename("a", &name("Login"), None, at(0)).expect("it is free");
    let taken = store.rename("b", &name("lOGIN"), None, at(1));
    assert!(matches!(taken, Err(StoreError::NameTaken { name }) if name == "lOGIN"));
    assert_eq!(store.metadata("b").expect("it can be read"), None, "the refused session has nothing");
    store.rename("b", &name("ÉTÉ"), None, at(2)).expect("it is free");
    assert!(store.rename("a", &name("été"), None, at(3)).is_err(), "not only ASCII letters have a case");
}

#[test]
fn a_session_may_spell_its_own_name_anew() {
    let mut store = Place::new().open();
    store.rename("a", &name("login"), None, at(0)).expect("it is free");
    let renamed = store.rename("a", &name("LOGIN"), None, at(1)).expect("it is its own");
    assert_eq!((renamed.name.as_str(), renamed.created_at, renamed.updated_at), ("LOGIN", at(0), at(1)));
}

#[test]
fn a_renamed_session_is_found_by_its_new_name_only_and_keeps_the_rest() {
    let mut store = Place::new().open();
    store.rename("a", &name("one"), Some("/home/x".into()), at(0)).expect("it is free");
    store.rename("a", &name("two"), None, at(1)).expect("it is free");
    assert_eq!(store.named("TWO").expect("it can be read").as_deref(), Some("a"));
    assert_eq!(store.named("one").expect("it can be read"), None);
    let metadata = store.metadata("a").expect("it can be read").expect("it is there");
    assert_eq!(metadata.project_path.as_deref(), Some("/home/x"), "what is known of it stays");
    store.rename("b", &name("one"), None, at(2)).expect("the old name is free again");
}

#[test]
fn renaming_keeps_tags_and_description() {
    let place = Place::new();
    let mut store = place.open();
    let mut metadata = store.rename("a", &name("one"), None, at(0)).expect("it is free");
    store.close().expect("it closes");
    (metadata.tags, metadata.description) = (vec!["work".into(), "ü".into()], Some("about the login".into()));
    tag(&place, &metadata);
    let mut store = place.open();
    let renamed = store.rename("a", &name("two"), None, at(1)).expect("it is free");
    assert_eq!((&renamed.tags, &renamed.description), (&metadata.tags, &metadata.description));
}

/// Adds tags as a version that can edit them will: to the row itself.
fn tag(place: &Place, metadata: &token_monitor_core::figures::SessionMetadata) {
    let table = redb::TableDefinition::<&str, &[u8]>::new("metadata");
    let database = redb::Database::open(place.path()).expect("it opens");
    let write = database.begin_write().expect("it can be written");
    let mut row = vec![1];
    serde_json::to_writer(&mut row, metadata).expect("it is JSON");
    write.open_table(table).expect("it is there").insert(metadata.uuid.as_str(), row.as_slice()).expect("it fits");
    write.commit().expect("it is written");
}

#[test]
fn names_survive_a_restart() {
    let place = Place::new();
    let mut store = place.open();
    store.rename("a", &name("  Login  "), None, at(0)).expect("it is free");
    store.close().expect("it closes");
    let store = place.open();
    assert_eq!(store.metadata("a").expect("it can be read").expect("it is there").name, "Login", "found by id");
    assert_eq!(store.named(" login ").expect("it can be read").as_deref(), Some("a"), "found by name");
    assert_eq!(store.all_metadata().expect("it can be read").len(), 1);
}

#[test]
fn a_forgotten_session_frees_its_name() {
    let mut store = Place::new().open();
    store.rename("a", &name("Login"), None, at(0)).expect("it is free");
    assert!(store.forget("a").expect("it can be written"));
    assert!(!store.forget("a").expect("it can be written"), "there is nothing left");
    assert_eq!(store.metadata("a").expect("it can be read"), None);
    store.rename("b", &name("login"), None, at(1)).expect("it is free again");
}

#[test]
fn a_name_nobody_could_read_is_refused() {
    let too_long = "x".repeat(token_monitor_store::LONGEST_NAME + 1);
    for text in ["", "   ", "a\nb", "\u{1b}[31mred", "\0", &too_long] {
        assert!(matches!(SessionName::new(text), Err(StoreError::NameInvalid { .. })), "{text:?}");
    }
    assert!(SessionName::new(&"ü".repeat(token_monitor_store::LONGEST_NAME)).is_ok(), "characters count, not bytes");
}

#[test]
fn settings_are_kept_and_taken_back() {
    let place = Place::new();
    let mut store = place.open();
    store.save_setting("blocks.anchor", Some("\"utc\"")).expect("it is written");
    store.close().expect("it closes");
    let mut store = place.open();
    assert_eq!(store.settings().expect("they can be read")["blocks.anchor"], "\"utc\"");
    store.save_setting("blocks.anchor", None).expect("it is written");
    assert!(store.settings().expect("they can be read").is_empty());
}
