//! The store seen from the engine: damaged ones are set aside and filled anew, newer ones refused.

use std::fs;
use std::path::PathBuf;

use token_monitor_engine::{Answer, Ask, Conduct, Engine, StoreError};

use crate::world::{World, line};

fn set_aside(world: &World) -> Vec<PathBuf> {
    let folder = world.store().parent().expect("it has a folder").to_owned();
    let names = fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("an entry").path());
    names.filter(|path| path.to_string_lossy().contains("sessions.db.corrupt-")).collect()
}

#[test]
fn a_store_that_cannot_be_read_is_set_aside_and_filled_from_the_logs() {
    let world = World::new();
    world.write("p/s.jsonl", line("1", 5).ended());
    let whole = {
        world.figures();
        fs::read(world.store()).expect("it is there")
    };
    let cut_short = whole[..whole.len() / 2].to_vec();
    for (turn, damaged) in [b"no store at all".to_vec(), cut_short, vec![0; 5000]].into_iter().enumerate() {
        fs::write(world.store(), &damaged).expect("it is written");
        assert_eq!(world.figures().total.output_tokens, 5);
        let kept = set_aside(&world);
        assert_eq!(kept.len(), turn + 1);
        assert!(kept.iter().any(|path| fs::read(path).expect("it is kept") == damaged), "byte for byte");
    }
    assert_eq!(world.figures().total.output_tokens, 5);
    assert_eq!(set_aside(&world).len(), 3, "the new store is a good one");
}

#[test]
fn a_new_store_in_place_of_a_damaged_one_is_told() {
    let world = World::new();
    fs::create_dir_all(world.store().parent().expect("it has a folder")).expect("a folder");
    fs::write(world.store(), "no store at all").expect("it is written");
    let running = world.start();
    let problems = running.snapshot().problems;
    assert!(problems.len() == 1 && problems[0].message.contains("sessions.db.corrupt-"), "{problems:?}");
    world.write("p/s.jsonl", line("1", 5).ended());
    running.catch_up();
    running.stop();
    let running = world.start();
    assert_eq!(running.snapshot().problems, [], "it is news once");
    assert_eq!(running.total().output_tokens, 5, "what was counted meanwhile was saved");
    running.stop();
}

#[test]
fn a_newer_store_is_refused_and_left_alone() {
    let world = World::new();
    world.figures();
    let table = redb::TableDefinition::<&str, u64>::new("meta");
    let database = redb::Database::open(world.store()).expect("it opens");
    let write = database.begin_write().expect("it can be written");
    write.open_table(table).expect("it is there").insert("format", 999).expect("it fits");
    write.commit().expect("it is written");
    drop(database);
    let before = fs::read(world.store()).expect("it is there");
    let refused = Engine::start(world.layers(), Conduct::OnDemand).map(|_| ());
    assert!(matches!(refused, Err(StoreError::NewerFormat { found: 999, .. })), "{refused:?}");
    assert_eq!(fs::read(world.store()).expect("it is there"), before);
    assert!(set_aside(&world).is_empty());
}

#[test]
fn history_outlives_its_logs_and_a_name_outlives_both() {
    let world = World::new();
    world.write("p/s.jsonl", line("1", 5).ended());
    let running = world.start();
    running.catch_up();
    let renamed = running.ask(Ask::Rename { session: "s".into(), name: "Login".into() });
    assert!(matches!(renamed, Answer::Renamed(metadata) if metadata.project_path.as_deref() == Some("/home/x")));
    running.stop();
    fs::remove_dir_all(world.outside("claude")).expect("it goes");
    let running = world.start();
    running.catch_up();
    let figures = running.figures();
    assert_eq!((figures.total.output_tokens, figures.sessions["s"].title.as_str()), (5, "Login"));
    running.stop();
}

#[test]
fn without_any_folder_everything_is_zero_and_nothing_is_wrong() {
    let world = World::bare();
    let running = world.start();
    running.catch_up();
    let snapshot = running.snapshot();
    assert_eq!((snapshot.totals.message_count, snapshot.problems.len(), snapshot.roots.len()), (0, 0, 1));
    assert!(!snapshot.roots[0].found);
    assert_eq!(running.figures().sessions.len(), 0);
    running.stop();
}
