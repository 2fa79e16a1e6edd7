//! Names are unique ignoring case, and metadata is kept until it is deleted.

use chrono::{DateTime, Utc};
use token_monitor_core::report::model::{SessionChanges, SessionMetadata};
use token_monitor_store::{MAX_DESCRIPTION_LEN, MAX_TAG_LEN, MAX_TAGS, MetadataPatch, SessionName, Store, StoreError};

use crate::test_store::TestStore;

fn name_change(text: &str) -> SessionChanges {
    SessionChanges { name: Some(text.to_owned()), ..SessionChanges::default() }
}

fn tags_change(tags: &[&str]) -> SessionChanges {
    SessionChanges { tags: Some(tags.iter().map(ToString::to_string).collect()), ..SessionChanges::default() }
}

fn description_change(text: &str) -> SessionChanges {
    SessionChanges { description: Some(text.to_owned()), ..SessionChanges::default() }
}

/// Updates the metadata of a session at a time in seconds.
fn update(
    store: &mut Store,
    session: &str,
    changes: &SessionChanges,
    second: i64,
) -> Result<SessionMetadata, StoreError> {
    store.update_metadata(session, MetadataPatch::new(changes)?, None, at(second))
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_777_629_600 + second, 0).expect("a time")
}

#[test]
fn names_are_unique_ignoring_case() {
    let test_store = TestStore::new();
    let mut store = test_store.open();
    update(&mut store, "a", &name_change("Login"), 0).expect("the name is free");
    let taken = update(&mut store, "b", &name_change("lOGIN"), 1);
    assert!(matches!(taken, Err(StoreError::NameTaken { name }) if name == "lOGIN"));
    assert_eq!(store.find_metadata("b").expect("the read succeeds"), None, "the rejected session has no metadata");
    update(&mut store, "b", &name_change("ÉTÉ"), 2).expect("the name is free");
    assert!(update(&mut store, "a", &name_change("été"), 3).is_err(), "not only ASCII letters have a case");
}

#[test]
fn a_session_can_change_the_case_of_its_name() {
    let mut store = TestStore::new().open();
    update(&mut store, "a", &name_change("login"), 0).expect("the name is free");
    let renamed = update(&mut store, "a", &name_change("LOGIN"), 1).expect("the name is its own");
    assert_eq!((renamed.name.as_deref(), renamed.created_at, renamed.updated_at), (Some("LOGIN"), at(0), at(1)));
}

#[test]
fn a_renamed_session_is_found_by_its_new_name_only() {
    let mut store = TestStore::new().open();
    let first = MetadataPatch::new(&name_change("one")).expect("a valid name");
    store.update_metadata("a", first, Some("/home/x".into()), at(0)).expect("the name is free");
    update(&mut store, "a", &name_change("two"), 1).expect("the name is free");
    assert_eq!(store.find_by_name("TWO").expect("the read succeeds").as_deref(), Some("a"));
    assert_eq!(store.find_by_name("one").expect("the read succeeds"), None);
    let metadata = store.find_metadata("a").expect("the read succeeds").expect("it exists");
    assert_eq!(metadata.project_path.as_deref(), Some("/home/x"), "other metadata is kept");
    update(&mut store, "b", &name_change("one"), 2).expect("the old name is free again");
}

#[test]
fn unchanged_fields_are_kept() {
    let test_store = TestStore::new();
    let mut store = test_store.open();
    let all = SessionChanges {
        name: Some("one".into()),
        tags: Some(vec!["work".into(), "ü".into()]),
        description: Some("about the login".into()),
        is_pinned: Some(true),
        is_hidden: Some(true),
        is_muted: Some(true),
        is_private: Some(true),
    };
    let whole = update(&mut store, "a", &all, 0).expect("the name is free");
    store.close().expect("the store closes");
    let mut store = test_store.open();
    let renamed = update(&mut store, "a", &name_change("two"), 1).expect("the name is free");
    assert_eq!(renamed, SessionMetadata { name: Some("two".into()), updated_at: at(1), ..whole.clone() });
    let shown = SessionChanges { is_hidden: Some(false), ..SessionChanges::default() };
    let shown = update(&mut store, "a", &shown, 2).expect("the write succeeds");
    assert_eq!(shown, SessionMetadata { is_hidden: false, updated_at: at(2), ..renamed });
}

#[test]
fn a_rejected_change_writes_nothing() {
    let mut store = TestStore::new().open();
    update(&mut store, "a", &name_change("Login"), 0).expect("the name is free");
    let changes = SessionChanges { is_pinned: Some(true), ..name_change("login") };
    assert!(matches!(update(&mut store, "b", &changes, 1), Err(StoreError::NameTaken { .. })));
    let changes = SessionChanges { tags: Some(vec!["a\tb".into()]), ..name_change("other") };
    assert!(matches!(update(&mut store, "b", &changes, 2), Err(StoreError::TagInvalid { .. })));
    assert_eq!(store.find_metadata("b").expect("the read succeeds"), None);
}

#[test]
fn an_empty_name_or_description_is_removed() {
    let mut store = TestStore::new().open();
    update(&mut store, "a", &name_change("Login"), 0).expect("the name is free");
    update(&mut store, "a", &description_change("two\nlines"), 1).expect("the description is valid");
    let nameless = update(&mut store, "a", &name_change("  "), 2).expect("it is removed");
    assert_eq!((nameless.name, nameless.description.as_deref()), (None, Some("two\nlines")));
    assert_eq!(store.find_by_name("login").expect("the read succeeds"), None);
    update(&mut store, "b", &name_change("LOGIN"), 3).expect("the name is free again");
    assert_eq!(update(&mut store, "a", &description_change(""), 4).expect("it is removed").description, None);
    update(&mut store, "a", &name_change("mine"), 5).expect("the session can have another name");
}

#[test]
fn tags_are_trimmed_and_deduplicated() {
    let mut store = TestStore::new().open();
    let found = update(&mut store, "a", &tags_change(&[" Work ", "été", "work", "", "ÉTÉ", "two words"]), 0);
    assert_eq!(found.expect("the tags are valid").tags, ["Work", "été", "two words"]);
    assert!(update(&mut store, "a", &tags_change(&[""]), 1).expect("the tags are valid").tags.is_empty());
}

#[test]
fn invalid_tags_and_descriptions_are_rejected() {
    let long = |length: usize| "ü".repeat(length);
    let many = |count: usize| -> Vec<String> { (0..count).map(|number| number.to_string()).collect() };
    let with = |tags: Vec<String>| SessionChanges { tags: Some(tags), ..SessionChanges::default() };
    let validation_error = |changes: &SessionChanges| MetadataPatch::new(changes).err().map(|error| error.to_string());
    for valid in [
        with(vec![long(MAX_TAG_LEN)]),
        with(many(MAX_TAGS)),
        description_change(&long(MAX_DESCRIPTION_LEN)),
        description_change("a\nb"),
    ] {
        assert_eq!(validation_error(&valid), None, "{valid:?}");
    }
    let tag = Some("a tag has at most 40 visible characters".to_owned());
    assert_eq!(validation_error(&with(vec![long(MAX_TAG_LEN + 1)])), tag);
    assert_eq!(validation_error(&tags_change(&["a\u{1b}[31m"])), tag);
    assert_eq!(validation_error(&with(many(MAX_TAGS + 1))).as_deref(), Some("a session has at most 20 tags"));
    let text = "a description has at most 2000 characters and no control characters but line breaks";
    for invalid in [long(MAX_DESCRIPTION_LEN + 1), "a\tb".into(), "a\rb".into(), "\u{1b}[31m".into()] {
        assert_eq!(validation_error(&description_change(&invalid)).as_deref(), Some(text));
    }
}

#[test]
fn a_row_without_the_flags_is_read() {
    let test_store = TestStore::new();
    test_store.open().close().expect("the store closes");
    let row = r#"{"uuid":"a","name":"one","projectPath":null,"createdAt":"2026-05-01T10:00:00Z",
        "updatedAt":"2026-05-01T10:00:00Z","tags":[],"description":null}"#;
    insert_row(&test_store, "a", row);
    let mut store = test_store.open();
    let found = store.find_metadata("a").expect("the read succeeds").expect("it exists");
    assert_eq!(
        (found.name.as_deref(), found.is_pinned, found.is_hidden, found.is_muted),
        (Some("one"), false, false, false)
    );
    let pinned = SessionChanges { is_pinned: Some(true), ..SessionChanges::default() };
    let pinned = update(&mut store, "a", &pinned, 7).expect("the write succeeds");
    assert_eq!(pinned, SessionMetadata { is_pinned: true, updated_at: at(7), ..found });
}

/// Inserts a row of an earlier version.
fn insert_row(test_store: &TestStore, session: &str, json: &str) {
    let table = redb::TableDefinition::<&str, &[u8]>::new("metadata");
    let database = redb::Database::open(test_store.path()).expect("the store opens");
    let write = database.begin_write().expect("the write succeeds");
    let row = [&[1], json.as_bytes()].concat();
    write.open_table(table).expect("it exists").insert(session, row.as_slice()).expect("the row is inserted");
    write.commit().expect("the write succeeds");
}

#[test]
fn names_survive_a_restart() {
    let test_store = TestStore::new();
    let mut store = test_store.open();
    update(&mut store, "a", &name_change("  Login  "), 0).expect("the name is free");
    store.close().expect("the store closes");
    let store = test_store.open();
    assert_eq!(
        store.find_metadata("a").expect("the read succeeds").expect("it exists").name.as_deref(),
        Some("Login"),
        "found by id"
    );
    assert_eq!(store.find_by_name(" login ").expect("the read succeeds").as_deref(), Some("a"), "found by name");
    assert_eq!(store.all_metadata().expect("the read succeeds").len(), 1);
}

#[test]
fn deleted_metadata_frees_the_name() {
    let mut store = TestStore::new().open();
    update(&mut store, "a", &name_change("Login"), 0).expect("the name is free");
    assert!(store.delete_metadata("a").expect("the write succeeds"));
    assert!(!store.delete_metadata("a").expect("the write succeeds"), "there is no metadata left");
    assert_eq!(store.find_metadata("a").expect("the read succeeds"), None);
    update(&mut store, "b", &name_change("login"), 1).expect("the name is free again");
}

#[test]
fn invalid_names_are_rejected() {
    let too_long = "x".repeat(token_monitor_store::MAX_NAME_LEN + 1);
    for text in ["", "   ", "a\nb", "\u{1b}[31mred", "\0", &too_long] {
        assert!(matches!(SessionName::new(text), Err(StoreError::NameInvalid { .. })), "{text:?}");
    }
    assert!(SessionName::new(&"ü".repeat(token_monitor_store::MAX_NAME_LEN)).is_ok(), "characters count, not bytes");
}

#[test]
fn settings_are_saved_and_deleted() {
    let test_store = TestStore::new();
    let mut store = test_store.open();
    store.save_setting("blocks.anchor", Some("\"utc\"")).expect("the write succeeds");
    store.close().expect("the store closes");
    let mut store = test_store.open();
    assert_eq!(store.load_settings().expect("the read succeeds")["blocks.anchor"], "\"utc\"");
    store.save_setting("blocks.anchor", None).expect("the write succeeds");
    assert!(store.load_settings().expect("the read succeeds").is_empty());
}

#[test]
fn invisible_characters_are_removed_from_names_tags_and_descriptions() {
    let test_store = TestStore::new();
    let mut store = test_store.open();
    let changes = SessionChanges {
        name: Some("Log\u{202e}in\u{200b}".to_owned()),
        tags: Some(vec!["wo\u{2066}rk".to_owned(), "\u{feff}".to_owned()]),
        description: Some("a\u{202a}\nb".to_owned()),
        ..SessionChanges::default()
    };
    let patch = MetadataPatch::new(&changes).expect("it is valid");
    let metadata = store.update_metadata("a", patch, None, DateTime::UNIX_EPOCH).expect("it is saved");
    assert_eq!(metadata.name.as_deref(), Some("Login"));
    assert_eq!((metadata.tags, metadata.description.as_deref()), (vec!["work".to_owned()], Some("a\nb")));
    assert!(SessionName::new("\u{202e}\u{200b}").is_err(), "nothing is left");
}

#[test]
fn metadata_of_another_copy_is_merged() {
    let copies = [TestStore::new(), TestStore::new()];
    let [mut store, mut other] = [copies[0].open(), copies[1].open()];
    let save = |store: &mut Store, session: &str, changes: &SessionChanges, minute: i64| {
        let at = DateTime::from_timestamp(60 * minute, 0).expect("a time");
        let patch = MetadataPatch::new(changes).expect("it is valid");
        store.update_metadata(session, patch, None, at).expect("it is saved");
    };
    let named = |name: &str| SessionChanges { name: Some(name.to_owned()), ..SessionChanges::default() };
    let tagged = |tag: &str| SessionChanges { tags: Some(vec![tag.to_owned()]), ..SessionChanges::default() };
    save(&mut store, "a", &named("Login"), 1);
    save(&mut store, "b", &tagged("work"), 1);
    save(&mut other, "b", &SessionChanges { is_pinned: Some(true), ..tagged("home") }, 2);
    save(&mut other, "c", &named("LOGIN"), 2);
    store.merge_metadata(other.all_metadata().expect("it is readable")).expect("it is merged");
    let find = |session: &str| store.find_metadata(session).expect("it is readable").expect("it exists");
    assert_eq!(find("a").name.as_deref(), Some("Login"));
    assert_eq!(find("c").name.as_deref(), Some("LOGIN (2)"), "names stay unique");
    assert_eq!((find("b").tags, find("b").is_pinned), (vec!["home".to_owned(), "work".to_owned()], true));
    save(&mut other, "b", &tagged("later"), 3);
    other.merge_metadata(store.all_metadata().expect("it is readable")).expect("it is merged");
    let merged = other.find_metadata("b").expect("it is readable").expect("it exists");
    assert!(merged.tags.contains(&"later".to_owned()), "{:?}", merged.tags);
}
