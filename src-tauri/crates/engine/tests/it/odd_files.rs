//! Names that no session has, and things with the name of a log that are no files.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};

use rstest::rstest;

use crate::harness::{TestEnv, ignored_counts, line};

/// The longest name that file systems allow, in bytes.
const MAX_NAME_BYTES: usize = 255;

#[rstest]
#[case::a_newline("a\nb")]
#[case::an_escape_sequence("a\u{1b}[31mb")]
#[case::markup("<script>alert(1)<|script>")]
#[case::a_quotation_mark("a\"b\\c'd`e")]
#[case::text_that_is_read_from_right_to_left("a\u{202e}b\u{2066}c")]
#[case::a_variable("$HOME %HOME% ~ * ?")]
#[case::an_option("--help")]
fn a_log_and_a_project_may_have_any_name(#[case] name: &str) {
    let env = TestEnv::new();
    env.write(&format!("{name}/{name}.jsonl"), line("1", 5).with_newline());
    env.write("p/s.jsonl", line("2", 6).with_newline());
    let running = env.live();
    running.sync();
    assert_eq!((running.figures().total.output_tokens, running.health().logs), (11, 2));
    env.append(&format!("{name}/{name}.jsonl"), line("3", 7).with_newline());
    running.until("a line in it", |snapshot| snapshot.totals.output_tokens == 18);
    running.stop();
    assert_eq!(env.figures().total.output_tokens, 18, "nor is it counted again after a restart");
}

#[test]
fn a_name_may_have_the_greatest_length() {
    let env = TestEnv::new();
    let (folder, log) = ("d".repeat(MAX_NAME_BYTES), "l".repeat(MAX_NAME_BYTES - ".jsonl".len()));
    env.write(&format!("{folder}/{log}.jsonl"), line("1", 5).with_newline());
    assert_eq!(env.figures().total.output_tokens, 5);
}

/// A path of more than 4,096 bytes cannot be opened as a whole. Its folders are created one in the other.
#[test]
fn a_folder_that_is_too_deep_to_be_opened_is_reported_as_missing_usage() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let deep = r#"for level in $(seq 20); do mkdir "$1" && cd "$1" || exit 1; done; cat > s.jsonl"#;
    let mut child = Command::new("bash")
        .args(["-c", deep, "bash", &"d".repeat(MAX_NAME_BYTES)])
        .current_dir(env.projects().join("p"))
        .stdin(Stdio::piped())
        .spawn()
        .expect("it runs");
    let text = line("2", 1000).with_newline();
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it is written");
    assert!(child.wait().expect("it ends").success(), "the folders are created");
    let running = env.start();
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 5);
    let snapshot = running.snapshot();
    assert!(snapshot.incomplete && snapshot.problems.len() == 1, "{:?}", snapshot.problems);
    assert!(snapshot.problems[0].message.starts_with("Cannot read the folder "), "{:?}", snapshot.problems);
    running.stop();
}

#[test]
fn a_socket_or_a_device_with_the_name_of_a_log_is_not_read() {
    let mut env = TestEnv::new();
    env.config = Some("monitoring: { follow_links: true }".to_owned());
    env.write("p/s.jsonl", line("1", 5).with_newline());
    // The path of a socket is short, and a folder may have a long one.
    let socket = tempfile::tempdir().expect("a folder");
    let _listener = UnixListener::bind(socket.path().join("socket")).expect("a socket");
    fs::rename(socket.path().join("socket"), env.log("p/socket.jsonl")).expect("it moves");
    for (name, device) in [("zero", "/dev/zero"), ("terminal", "/dev/tty")] {
        symlink(device, env.log(&format!("p/{name}.jsonl"))).expect("a link");
    }
    let running = env.start();
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 5, "a device that is read never ends");
    assert_eq!(ignored_counts(&running.health()), [("named like logs but no files", 3)]);
    running.stop();
}
