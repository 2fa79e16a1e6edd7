//! What people add: a name belongs to one session, whatever its case, and outlives everything but being taken back.

use chrono::{DateTime, Utc};
use token_monitor_core::report::model::{SessionChanges, SessionMetadata};
use token_monitor_store::{Changes, LONGEST_DESCRIPTION, LONGEST_TAG, MOST_TAGS, SessionName, Store, StoreError};

use crate::fixture::Place;

fn name(text: &str) -> SessionChanges {
    SessionChanges { name: Some(text.to_owned()), ..SessionChanges::default() }
}

fn tags(tags: &[&str]) -> SessionChanges {
    SessionChanges { tags: Some(tags.iter().map(ToString::to_string).collect()), ..SessionChanges::default() }
}

fn description(text: &str) -> SessionChanges {
    SessionChanges { description: Some(text.to_owned()), ..SessionChanges::default() }
}

/// Changes a session at a second.
fn describe(
    store: &mut Store,
    session: &str,
    changes: &SessionChanges,
    second: i64,
) -> Result<SessionMetadata, StoreError> {
    store.describe(session, Changes::new(changes)?, None, at(second))
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_777_629_600 + second, 0).expect("a time")
}

#[test]
fn a_name_belongs_to_one_session_whatever_its_case() {
    let place = Place::new();
    let mut store = place.open();
    describe(&mut store, "a", &name("Login"), 0).expect("it is free");
    let taken = describe(&mut store, "b", &name("lOGIN"), 1);
    assert!(matches!(taken, Err(StoreError::NameTaken { name }) if name == "lOGIN"));
    assert_eq!(store.metadata("b").expect("it can be read"), None, "the refused session has nothing");
    describe(&mut store, "b", &name("ÉTÉ"), 2).expect("it is free");
    assert!(describe(&mut store, "a", &name("été"), 3).is_err(), "not only ASCII letters have a case");
}

#[test]
fn a_session_may_spell_its_own_name_anew() {
    let mut store = Place::new().open();
    describe(&mut store, "a", &name("login"), 0).expect("it is free");
    let renamed = describe(&mut store, "a", &name("LOGIN"), 1).expect("it is its own");
    assert_eq!((renamed.name.as_deref(), renamed.created_at, renamed.updated_at), (Some("LOGIN"), at(0), at(1)));
}

#[test]
fn a_renamed_session_is_found_by_its_new_name_only_and_keeps_the_rest() {
    let mut store = Place::new().open();
    let first = Changes::new(&name("one")).expect("a fine name");
    store.describe("a", first, Some("/home/x".into()), at(0)).expect("it is free");
    describe(&mut store, "a", &name("two"), 1).expect("it is free");
    assert_eq!(store.named("TWO").expect("it can be read").as_deref(), Some("a"));
    assert_eq!(store.named("one").expect("it can be read"), None);
    let metadata = store.metadata("a").expect("it can be read").expect("it is there");
    assert_eq!(metadata.project_path.as_deref(), Some("/home/x"), "what is known of it stays");
    describe(&mut store, "b", &name("one"), 2).expect("the old name is free again");
}

#[test]
fn what_no_change_is_about_stays() {
    let place = Place::new();
    let mut store = place.open();
    let all = SessionChanges {
        name: Some("one".into()),
        tags: Some(vec!["work".into(), "ü".into()]),
        description: Some("about the login".into()),
        is_pinned: Some(true),
        is_hidden: Some(true),
        is_muted: Some(true),
    };
    let whole = describe(&mut store, "a", &all, 0).expect("it is free");
    store.close().expect("it closes");
    let mut store = place.open();
    let renamed = describe(&mut store, "a", &name("two"), 1).expect("it is free");
    assert_eq!(renamed, SessionMetadata { name: Some("two".into()), updated_at: at(1), ..whole.clone() });
    let shown = SessionChanges { is_hidden: Some(false), ..SessionChanges::default() };
    let shown = describe(&mut store, "a", &shown, 2).expect("it is written");
    assert_eq!(shown, SessionMetadata { is_hidden: false, updated_at: at(2), ..renamed });
}

#[test]
fn nothing_is_written_of_changes_one_of_which_is_refused() {
    let mut store = Place::new().open();
    describe(&mut store, "a", &name("Login"), 0).expect("it is free");
    let changes = SessionChanges { is_pinned: Some(true), ..name("login") };
    assert!(matches!(describe(&mut store, "b", &changes, 1), Err(StoreError::NameTaken { .. })));
    let changes = SessionChanges { tags: Some(vec!["a\tb".into()]), ..name("other") };
    assert!(matches!(describe(&mut store, "b", &changes, 2), Err(StoreError::TagInvalid { .. })));
    assert_eq!(store.metadata("b").expect("it can be read"), None);
}

#[test]
fn an_empty_name_or_description_is_taken_away_and_the_name_is_free() {
    let mut store = Place::new().open();
    describe(&mut store, "a", &name("Login"), 0).expect("it is free");
    describe(&mut store, "a", &description("two\nlines"), 1).expect("it is fine");
    let nameless = describe(&mut store, "a", &name("  "), 2).expect("it is taken away");
    assert_eq!((nameless.name, nameless.description.as_deref()), (None, Some("two\nlines")));
    assert_eq!(store.named("login").expect("it can be read"), None);
    describe(&mut store, "b", &name("LOGIN"), 3).expect("it is free again");
    assert_eq!(describe(&mut store, "a", &description(""), 4).expect("it is taken away").description, None);
    describe(&mut store, "a", &name("mine"), 5).expect("it may have another");
}

#[test]
fn tags_are_trimmed_and_each_is_there_once() {
    let mut store = Place::new().open();
    let found = describe(&mut store, "a", &tags(&[" Work ", "été", "work", "", "ÉTÉ", "two words"]), 0);
    assert_eq!(found.expect("they are fine").tags, ["Work", "été", "two words"]);
    assert!(describe(&mut store, "a", &tags(&[""]), 1).expect("they are fine").tags.is_empty());
}

#[test]
fn tags_and_descriptions_nobody_could_read_are_refused() {
    let long = |length: usize| "ü".repeat(length);
    let many = |count: usize| -> Vec<String> { (0..count).map(|number| number.to_string()).collect() };
    let with = |tags: Vec<String>| SessionChanges { tags: Some(tags), ..SessionChanges::default() };
    let refused = |changes: &SessionChanges| Changes::new(changes).err().map(|error| error.to_string());
    for fine in [
        with(vec![long(LONGEST_TAG)]),
        with(many(MOST_TAGS)),
        description(&long(LONGEST_DESCRIPTION)),
        description("a\nb"),
    ] {
        assert_eq!(refused(&fine), None, "{fine:?}");
    }
    let tag = Some("a tag has at most 40 visible characters".to_owned());
    assert_eq!(refused(&with(vec![long(LONGEST_TAG + 1)])), tag);
    assert_eq!(refused(&tags(&["a\u{1b}[31m"])), tag);
    assert_eq!(refused(&with(many(MOST_TAGS + 1))).as_deref(), Some("a session has at most 20 tags"));
    let text = "a description has at most 2000 characters, all of them visible but for ends of lines";
    for odd in [long(LONGEST_DESCRIPTION + 1), "a\tb".into(), "a\rb".into(), "\u{1b}[31m".into()] {
        assert_eq!(refused(&description(&odd)).as_deref(), Some(text));
    }
}

#[test]
fn a_row_from_before_sessions_could_be_pinned_is_read() {
    let place = Place::new();
    place.open().close().expect("it closes");
    let row = r#"{"uuid":"a","name":"one","projectPath":null,"createdAt":"2026-05-01T10:00:00Z",
        "updatedAt":"2026-05-01T10:00:00Z","tags":[],"description":null}"#;
    plant(&place, "a", row);
    let mut store = place.open();
    let found = store.metadata("a").expect("it can be read").expect("it is there");
    assert_eq!(
        (found.name.as_deref(), found.is_pinned, found.is_hidden, found.is_muted),
        (Some("one"), false, false, false)
    );
    let pinned = SessionChanges { is_pinned: Some(true), ..SessionChanges::default() };
    let pinned = describe(&mut store, "a", &pinned, 7).expect("it is written");
    assert_eq!(pinned, SessionMetadata { is_pinned: true, updated_at: at(7), ..found });
}

/// Puts a row where an earlier version would have.
fn plant(place: &Place, session: &str, json: &str) {
    let table = redb::TableDefinition::<&str, &[u8]>::new("metadata");
    let database = redb::Database::open(place.path()).expect("it opens");
    let write = database.begin_write().expect("it can be written");
    let row = [&[1], json.as_bytes()].concat();
    write.open_table(table).expect("it is there").insert(session, row.as_slice()).expect("it fits");
    write.commit().expect("it is written");
}

#[test]
fn names_survive_a_restart() {
    let place = Place::new();
    let mut store = place.open();
    describe(&mut store, "a", &name("  Login  "), 0).expect("it is free");
    store.close().expect("it closes");
    let store = place.open();
    assert_eq!(
        store.metadata("a").expect("it can be read").expect("it is there").name.as_deref(),
        Some("Login"),
        "found by id"
    );
    assert_eq!(store.named(" login ").expect("it can be read").as_deref(), Some("a"), "found by name");
    assert_eq!(store.all_metadata().expect("it can be read").len(), 1);
}

#[test]
fn a_forgotten_session_frees_its_name() {
    let mut store = Place::new().open();
    describe(&mut store, "a", &name("Login"), 0).expect("it is free");
    assert!(store.forget("a").expect("it can be written"));
    assert!(!store.forget("a").expect("it can be written"), "there is nothing left");
    assert_eq!(store.metadata("a").expect("it can be read"), None);
    describe(&mut store, "b", &name("login"), 1).expect("it is free again");
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
