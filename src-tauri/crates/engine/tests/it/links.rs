//! Symbolic and hard links below the log folders.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;

use crate::harness::{TestEngine, TestEnv, ignored_counts, line};

#[test]
fn dangling_and_circular_links_are_ignored() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    symlink(env.outside("missing.jsonl"), env.log("p/dangling.jsonl")).expect("a link");
    symlink(env.log("p/loop.jsonl"), env.log("p/loop.jsonl")).expect("a link");
    symlink(env.projects(), env.log("p/circle")).expect("a link");
    let running = env.start();
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 5);
    assert_eq!(ignored_counts(&running.health())[0], ("links that lead nowhere", 2));
    running.stop();
}

#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    fs::write(env.outside("secret.jsonl"), line("2", 1000).with_newline()).expect("a file");
    symlink(env.outside("secret.jsonl"), env.log("p/x.jsonl")).expect("a link");
    let running = env.start();
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 5);
    assert_eq!(ignored_counts(&running.health()), [("links out of the folder", 1)]);
    running.stop();
}

/// Creates a folder with a log outside of the projects, and a link to it as a project.
fn linked_project(env: &TestEnv) {
    env.write("p/s.jsonl", line("1", 5).with_newline());
    fs::create_dir_all(env.outside("shared/sub")).expect("a folder");
    fs::write(env.outside("shared/t.jsonl"), line("2", 100).with_newline()).expect("a file");
    symlink(env.outside("shared"), env.log("linked")).expect("a link");
}

#[test]
fn a_linked_project_folder_is_named() {
    let env = TestEnv::new();
    linked_project(&env);
    symlink(env.log("p"), env.log("same")).expect("a link");
    let running = env.start();
    running.sync();
    assert_eq!(running.total().output_tokens, 5);
    let health = running.health();
    assert_eq!(ignored_counts(&health), [("links to folders (see monitoring.follow_links)", 1)]);
    assert!(health.ignored_paths[0].example.ends_with("linked"));
    running.stop();
}

#[test]
fn linked_project_folders_are_followed_on_request() {
    let mut env = TestEnv::new();
    linked_project(&env);
    symlink(env.outside("shared"), env.log("again")).expect("a link");
    symlink(env.projects(), env.outside("shared/circle")).expect("a link");
    symlink(env.outside("shared"), env.outside("shared/sub/circle")).expect("a link");
    symlink("/", env.log("everything")).expect("a link");
    fs::write(env.outside("single.jsonl"), line("3", 1000).with_newline()).expect("a file");
    symlink(env.outside("single.jsonl"), env.log("p/x.jsonl")).expect("a link");
    env.config = Some("monitoring: { follow_links: true }".to_owned());
    let running = env.live();
    running.until("all logs", |snapshot| snapshot.totals.output_tokens == 1105);
    assert_eq!(ignored_counts(&running.health()), [("links to whole file systems", 1)]);
    let mut shared = fs::OpenOptions::new().append(true).open(env.outside("shared/t.jsonl")).expect("it opens");
    shared.write_all(line("4", 1).with_newline().as_bytes()).expect("it is written");
    running.until("the new line", |snapshot| snapshot.totals.output_tokens == 1106);
    running.stop();
}

/// Syncs until all earlier change events are handled.
fn wait_for_watcher(env: &TestEnv, running: &TestEngine) {
    for number in 10..15 {
        env.append("p/s.jsonl", line(&number.to_string(), 6).with_newline());
        running.until("a line written later", |snapshot| snapshot.totals.message_count >= number - 8);
    }
}

#[test]
fn a_link_out_of_the_folder_is_not_followed_after_a_change_event_either() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    fs::write(env.outside("secret.jsonl"), line("2", 1000).with_newline()).expect("a file");
    let running = env.live();
    running.until("the first log", |snapshot| snapshot.totals.output_tokens == 5);
    // A new watcher is followed by a sweep.
    running.sync();
    symlink(env.outside("secret.jsonl"), env.log("p/x.jsonl")).expect("a link");
    wait_for_watcher(&env, &running);
    assert_eq!(running.total().output_tokens, 5 + 5 * 6);
    running.stop();
}

#[test]
fn a_folder_behind_a_link_is_not_read_after_a_change_event_either() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    fs::create_dir(env.outside("secrets")).expect("a folder");
    symlink(env.outside("secrets"), env.log("p/secrets")).expect("a link");
    let running = env.live();
    running.until("the first log", |snapshot| snapshot.totals.output_tokens == 5);
    running.sync();
    fs::write(env.outside("secrets/s.jsonl"), line("2", 1000).with_newline()).expect("a file");
    wait_for_watcher(&env, &running);
    assert_eq!(running.total().output_tokens, 5 + 5 * 6);
    running.stop();
}

#[test]
fn hard_links_to_a_log_are_not_counted_again() {
    let env = TestEnv::new();
    let path = env.write("p/s.jsonl", line("1", 5).with_newline());
    fs::hard_link(&path, env.log("p/t.jsonl")).expect("a second name");
    symlink(&path, env.log("p/u.jsonl")).expect("a link");
    let running = env.start();
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 5);
    assert_eq!(ignored_counts(&running.health()), [("further names of a log", 2)]);
    assert_eq!(running.health().logs, 1);
    running.stop();
}
