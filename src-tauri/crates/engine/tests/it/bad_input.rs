//! Invalid input: damaged lines, unusual files and missing permissions.
//!
//! In each case the rest is counted, skipped records are reported by reason, and no total falls.

use std::fs;
use std::io::{Seek, SeekFrom, Write};

use rstest::rstest;
use token_monitor_core::transcript::SkipReason;

use crate::harness::{TestEnv, ignored_counts, line, skip_counts};

/// Puts an invalid line between two valid ones, with another valid log beside it.
#[rstest]
#[case::not_json("the quick brown fox\n", &[(SkipReason::NotJson, 1)])]
#[case::a_list("[1,2,3]\n", &[(SkipReason::NotJson, 1)])]
#[case::half_a_line(&line("x", 1).to_string()[..150].replace('\n', ""), &[(SkipReason::Damaged, 1)])]
#[case::half_a_line_and_its_end(&(line("x", 1).to_string()[..150].to_owned() + "\n"), &[(SkipReason::NotJson, 1)])]
#[case::nuls("\0\0\0\0\0\0\0\0", &[])]
#[case::a_line_of_nuls("\0\0\0\0\0\0\0\0\n", &[(SkipReason::NotJson, 1)])]
#[case::a_byte_order_mark("\u{feff}", &[])]
#[case::blank_lines("\r\n\n  \n\t\r\n", &[])]
#[case::joined_records("{\"type\":\"user\"}", &[])]
#[case::another_program("{\"level\":\"info\",\"message\":\"usage of assistant\"}\n", &[])]
#[case::usage_that_is_a_list("{\"type\":\"assistant\",\"message\":{\"usage\":[1,2]}}\n", &[])]
#[case::a_message_that_is_text("{\"type\":\"assistant\",\"message\":\"usage\",\"usage\":{}}\n", &[])]
#[case::everything_null("{\"type\":null,\"timestamp\":null,\"message\":null,\"usage\":null,\"x\":\"assistant\"}\n", &[])]
fn invalid_lines_do_not_affect_others(#[case] strange: &str, #[case] reasons: &[(SkipReason, u64)]) {
    let env = TestEnv::new();
    env.write("p/s.jsonl", format!("{}{strange}{}", line("1", 5).with_newline(), line("2", 6).with_newline()));
    env.write("p/t.jsonl", line("3", 7).with_newline());
    let running = env.start();
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 18);
    assert_eq!(skip_counts(&running.health()), reasons);
    running.stop();
}

/// Counts a line whose token count is invalid as zero tokens.
#[rstest]
#[case::negative("-5", 1)]
#[case::fractional("1.5", 1)]
#[case::huge("9223372036854775808", 1)]
#[case::beyond_any_number("1e400", 1)]
#[case::text("\"5\"", 1)]
#[case::a_list("[5]", 1)]
#[case::not_a_number("NaN", 0)]
#[case::null("null", 0)]
fn an_invalid_count_is_zero(#[case] count: &str, #[case] found: u64) {
    let env = TestEnv::new();
    let odd = line("1", 5).with_newline().replace("\"input_tokens\":0", &format!("\"input_tokens\":{count}"));
    env.write("p/s.jsonl", odd + &line("2", 6).with_newline());
    let running = env.start();
    running.sync();
    let total = running.figures().total;
    assert_eq!((total.input_tokens, total.output_tokens, total.message_count), (0, 11, 2));
    assert_eq!(skip_counts(&running.health()).iter().map(|(_, count)| count).sum::<u64>(), found);
    running.stop();
}

#[test]
fn the_largest_counts_do_not_overflow_a_sum() {
    let env = TestEnv::new();
    let most = u64::MAX >> 1;
    let lines: String = (0..100).map(|id| line(&id.to_string(), most).with_newline()).collect();
    env.write("p/s.jsonl", lines);
    assert_eq!(env.figures().total.output_tokens, u128::from(most) * 100);
}

#[rstest]
#[case::no_model("\"model\":\"opus\",", "")]
#[case::null_model("\"model\":\"opus\"", "\"model\":null")]
#[case::no_session("\"sessionId\":\"s\",", "")]
#[case::null_session("\"sessionId\":\"s\"", "\"sessionId\":null")]
#[case::no_folder("\"cwd\":\"/home/x\",", "")]
#[case::no_id("\"id\":\"msg_1\",", "")]
#[case::null_id("\"id\":\"msg_1\"", "\"id\":null")]
#[case::no_uuid(",\"uuid\":\"00000000000000000000000000000000\"", "")]
#[case::no_input("\"input_tokens\":0,", "")]
#[case::a_number_for_a_text("\"model\":\"opus\"", "\"model\":7")]
#[case::a_field_twice("\"model\":\"opus\"", "\"model\":\"other\",\"model\":\"opus\"")]
fn optional_fields_may_be_missing(#[case] field: &str, #[case] instead: &str) {
    let env = TestEnv::new();
    let odd = line("1", 5).with_newline();
    assert!(odd.contains(field), "the case means something");
    env.write("p/s.jsonl", odd.replace(field, instead));
    let figures = env.figures();
    assert_eq!(figures.outputs().into_iter().collect::<Vec<_>>(), [("s", 5)]);
    env.write("p/s.jsonl", odd.replace(field, instead) + &line("2", 6).with_newline());
    assert_eq!(env.figures().total.output_tokens, 11);
}

#[test]
fn a_line_without_a_timestamp_has_that_of_the_line_before() {
    let env = TestEnv::new();
    let timeless = |id, output| line(id, output).with_newline().replace("2026-05-01T10:00:00Z", "soon");
    env.write("p/s.jsonl", timeless("1", 100) + &line("2", 5).with_newline() + &timeless("3", 6));
    let running = env.start();
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 11, "before the first time there is none to take");
    assert_eq!(skip_counts(&running.health()), [(SkipReason::NoTime, 1)]);
    running.stop();
}

#[test]
fn a_line_of_two_megabytes_is_counted() {
    let env = TestEnv::new();
    let long = line("1", 5).with_newline().replace("/home/x", &"x".repeat(2 << 20));
    env.write("p/s.jsonl", long + &line("2", 6).with_newline());
    assert_eq!(env.figures().total.output_tokens, 11);
}

#[test]
fn a_line_that_is_too_long_is_skipped_and_the_next_is_counted() {
    let env = TestEnv::new();
    let path = env.write("p/s.jsonl", line("1", 5).with_newline());
    let mut file = fs::OpenOptions::new().write(true).open(&path).expect("it opens");
    // A sparse file: zeros that take no space on the disk.
    file.seek(SeekFrom::End(65 << 20)).expect("it may be beyond the end");
    let end = format!("{}\n{}", line("x", 1000), line("2", 6).with_newline());
    file.write_all(end.as_bytes()).expect("it is written");
    let running = env.start();
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 11);
    assert_eq!(skip_counts(&running.health()), [(SkipReason::TooLong, 1)]);
    assert_eq!(running.health().lines, 3);
    running.stop();
}

#[test]
fn invalid_utf8_affects_only_its_own_text() {
    let env = TestEnv::new();
    let mut bytes = line("1", 5).with_newline().into_bytes();
    let at = bytes.windows(7).position(|window| window == b"/home/x").expect("it is there");
    bytes[at] = 0xFF;
    env.write("p/s.jsonl", [bytes, line("2", 6).with_newline().into_bytes()].concat());
    assert_eq!(env.figures().total.output_tokens, 11);
}

#[test]
fn an_empty_file_is_an_empty_log() {
    let env = TestEnv::new();
    env.write("p/empty.jsonl", "");
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.start();
    running.sync();
    assert_eq!((running.total().output_tokens, running.health().logs), (5, 2));
    env.append("p/empty.jsonl", line("2", 6).with_newline());
    running.sync();
    assert_eq!(running.total().output_tokens, 11, "and it may grow");
    running.stop();
}

#[test]
fn a_folder_named_like_a_log_is_ignored_as_a_log_and_searched() {
    let env = TestEnv::new();
    env.write("p/x.jsonl/inner.jsonl", line("1", 5).with_newline());
    let running = env.start();
    running.sync();
    assert_eq!(running.total().output_tokens, 5);
    assert_eq!(ignored_counts(&running.health()), [("folders named like logs", 1)]);
    running.stop();
}

#[cfg(unix)]
pub(crate) mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;
    use std::process::Command;

    use super::*;
    use crate::harness::TestEngine;
    use token_monitor_engine::EngineMode;
    use token_monitor_test_support::DEADLINE;

    #[test]
    fn a_pipe_named_like_a_log_is_not_opened() {
        let env = TestEnv::new();
        env.write("p/s.jsonl", line("1", 5).with_newline());
        let made = Command::new("mkfifo").arg(env.log("p/x.jsonl")).status().expect("mkfifo runs");
        assert!(made.success());
        let running = env.start();
        running.sync();
        assert_eq!(running.total().output_tokens, 5, "opening it would wait for a writer for ever");
        assert_eq!(ignored_counts(&running.health()), [("named like logs but no files", 1)]);
        running.stop();
    }

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

    fn name_of_bytes(bytes: &[u8]) -> &OsStr {
        OsStr::from_bytes(bytes)
    }

    #[test]
    fn folders_and_logs_whose_names_are_not_utf_8_are_read_once() {
        let env = TestEnv::new();
        let project = env.projects().join(name_of_bytes(b"-home-\xff\xfe-x"));
        fs::create_dir_all(&project).expect("a folder");
        fs::write(project.join(name_of_bytes(b"s\xe9.jsonl")), line("1", 5).with_newline()).expect("a file");
        fs::write(project.join(name_of_bytes(b"s\xe8.jsonl")), line("2", 50).with_newline()).expect("a file");
        assert_eq!(env.figures().total.output_tokens, 55);
        let running = env.live();
        running.sync();
        let health = running.health();
        assert_eq!((health.logs, health.ignored_paths.len(), health.messages), (2, 0, 2));
        let mut log =
            fs::OpenOptions::new().append(true).open(project.join(name_of_bytes(b"s\xe9.jsonl"))).expect("a log");
        std::io::Write::write_all(&mut log, line("3", 500).with_newline().as_bytes()).expect("it is written");
        running.until("the new line", |snapshot| snapshot.totals.output_tokens == 555);
        running.stop();
    }

    #[test]
    fn logs_below_a_home_folder_whose_name_is_not_utf_8_are_read() {
        let env = TestEnv::new();
        let home = env.outside("homes").join(name_of_bytes(b"ren\xe9"));
        let desktop =
            home.join(".config/Claude/local-agent-mode-sessions/group").join(name_of_bytes(b"sub\xff/local_1"));
        for (folder, id, output) in [(home.join(".claude"), "1", 5), (desktop.join(".claude"), "2", 50)] {
            fs::create_dir_all(folder.join("projects/p")).expect("a folder");
            fs::write(folder.join("projects/p/s.jsonl"), line(id, output).with_newline()).expect("a file");
        }
        let mut sources = env.sources();
        sources.dirs.home = Some(home);
        sources.environment.remove("claude_config_dirs");
        let running = TestEnv::start_with(sources, EngineMode::OnDemand);
        running.sync();
        assert_eq!(running.total().output_tokens, 55);
        running.stop();
    }

    #[test]
    fn an_unreadable_folder_whose_name_is_not_utf_8_is_named() {
        let env = TestEnv::new();
        symlink(env.outside("nowhere"), env.projects().join(name_of_bytes(b"x\xff.jsonl"))).expect("a link");
        let running = env.start();
        running.sync();
        let health = running.health();
        assert_eq!(ignored_counts(&health), [("links that lead nowhere", 1)]);
        assert!(health.ignored_paths[0].example.ends_with("projects/x\u{fffd}.jsonl"), "{:?}", health.ignored_paths);
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
        std::io::Write::write_all(&mut shared, line("4", 1).with_newline().as_bytes()).expect("it is written");
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

    /// The variable set in the process that runs a test without root.
    const HELD_BACK: &str = "TOKEN_MONITOR_TEST_HELD_BACK";

    /// Runs a test as a user to whom permissions apply; they do not apply to root.
    pub(crate) fn run_without_root(test: &str, body: impl FnOnce()) {
        use std::os::unix::fs::MetadataExt;
        use std::os::unix::process::CommandExt;

        const NOBODY: u32 = 65534;
        let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        if std::env::var_os(HELD_BACK).is_some() || !is_root {
            return body();
        }
        // That user may not have access to the build folder.
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
        let program = folder.path().join("it");
        let this = std::env::current_exe().expect("this test");
        fs::hard_link(&this, &program).or_else(|_| fs::copy(&this, &program).map(drop)).expect("a program");
        let output = Command::new(program)
            .args(["--exact", test])
            .env(HELD_BACK, "1")
            .current_dir("/")
            .uid(NOBODY)
            .gid(NOBODY)
            .output()
            .expect("it runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
    }

    pub(crate) fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    }

    /// Syncs until the output is reached. A file that could not be read is not retried at every sync.
    fn sync_until(running: &TestEngine, output: u128) {
        let began = std::time::Instant::now();
        while running.total().output_tokens != output {
            assert!(began.elapsed() < DEADLINE, "it has {} instead of {output}", running.total().output_tokens);
            running.sync();
        }
    }

    #[test]
    fn a_log_without_permission_is_reported_and_read_once_permitted() {
        run_without_root("bad_input::unix::a_log_without_permission_is_reported_and_read_once_permitted", || {
            let env = TestEnv::new();
            env.write("p/s.jsonl", line("1", 5).with_newline());
            let path = env.write("p/t.jsonl", line("2", 6).with_newline());
            set_mode(&path, 0);
            let running = env.start();
            running.sync();
            assert_eq!(running.figures().total.output_tokens, 5);
            let found = running.health().ignored_paths;
            assert!(found.len() == 1 && found[0].example == path.display().to_string(), "{found:?}");
            set_mode(&path, 0o600);
            sync_until(&running, 11);
            assert_eq!(ignored_counts(&running.health()), []);
            running.stop();
        });
    }

    #[test]
    fn a_folder_without_permission_is_reported_and_read_once_permitted() {
        run_without_root("bad_input::unix::a_folder_without_permission_is_reported_and_read_once_permitted", || {
            let env = TestEnv::new();
            env.write("p/s.jsonl", line("1", 5).with_newline());
            let path = env.write("q/t.jsonl", line("2", 6).with_newline());
            let folder = path.parent().expect("it has a folder").to_owned();
            set_mode(&folder, 0);
            let running = env.start();
            running.sync();
            assert_eq!(running.figures().total.output_tokens, 5);
            assert_eq!(ignored_counts(&running.health()), [("without permission to read", 1)]);
            let problem = format!("Cannot read the folder {}.", folder.display());
            assert_eq!(running.problems(), [problem.as_str()], "the snapshot has the problem");
            set_mode(&folder, 0o700);
            sync_until(&running, 11);
            assert_eq!(running.problems(), [""; 0]);
            running.stop();
        });
    }

    #[test]
    fn an_unreadable_root_differs_from_a_missing_one() {
        run_without_root("bad_input::unix::an_unreadable_root_differs_from_a_missing_one", || {
            let env = TestEnv::new();
            let root = env.projects();
            let above = root.parent().expect("it has a folder").to_owned();
            set_mode(&above, 0);
            let running = env.start();
            running.sync();
            let problem = format!("Cannot read the folder {}.", root.display());
            assert_eq!(running.problems(), [problem.as_str()]);
            set_mode(&above, 0o700);
            running.stop();
        });
    }

    #[test]
    fn a_file_name_may_be_invalid_utf8() {
        use std::os::unix::ffi::OsStrExt;

        let env = TestEnv::new();
        let folder = env.log("p/s.jsonl").parent().expect("it has a folder").to_owned();
        let name = std::ffi::OsStr::from_bytes(b"\xff\xfe\n\x1b[31m.jsonl");
        fs::write(folder.join(name), line("1", 5).with_newline()).expect("it is written");
        assert_eq!(env.figures().total.output_tokens, 5);
        assert_eq!(env.figures().total.output_tokens, 5, "nor is it counted again after a restart");
    }
}

#[rstest]
#[case::that_shrinks(&|env: &TestEnv| {
    env.write("p/s.jsonl", line("1", 5).with_newline());
})]
#[case::that_is_emptied(&|env: &TestEnv| {
    env.write("p/s.jsonl", "");
})]
#[case::that_is_deleted(&|env: &TestEnv| {
    fs::remove_file(env.log("p/s.jsonl")).expect("it goes");
})]
#[case::whose_project_is_deleted(&|env: &TestEnv| {
    fs::remove_dir_all(env.projects().join("p")).expect("it goes");
})]
#[case::whose_root_is_deleted(&|env: &TestEnv| {
    fs::remove_dir_all(env.projects()).expect("it goes");
})]
#[case::that_moves_to_another_project(&|env: &TestEnv| {
    fs::rename(env.log("p/s.jsonl"), env.log("q/s.jsonl")).expect("it moves");
})]
#[case::whose_project_is_renamed(&|env: &TestEnv| {
    fs::rename(env.projects().join("p"), env.projects().join("r")).expect("it moves");
})]
#[case::that_moves_out(&|env: &TestEnv| {
    fs::rename(env.log("p/s.jsonl"), env.outside("s.jsonl")).expect("it moves");
})]
fn counted_messages_stay_when_their_log_changes(#[case] change: &dyn Fn(&TestEnv)) {
    let env = TestEnv::new();
    let lines =
        line("1", 5).with_newline() + &line("2", 6).with_newline() + &line("", 7).with_newline().replace("msg_", "");
    env.write("p/s.jsonl", lines);
    let running = env.start();
    running.sync();
    let before = running.figures();
    change(&env);
    running.sync();
    assert_eq!(running.figures(), before, "while it runs");
    running.stop();
    assert_eq!(env.figures(), before, "and after a restart");
    env.append("p/s.jsonl", line("3", 100).with_newline());
    assert_eq!(env.figures().total.output_tokens, before.total.output_tokens + 100, "and it goes on from there");
}

/// Adds the new lines to the old ones, which stay counted.
#[rstest]
#[case::the_same_length("3", 7)]
#[case::a_longer_one("a much longer id than before", 7)]
fn a_replaced_log_is_read_from_its_start(#[case] id: &str, #[case] output: u64) {
    for in_place in [true, false] {
        let env = TestEnv::new();
        env.write("p/s.jsonl", line("1", 5).with_newline() + &line("2", 6).with_newline());
        let running = env.start();
        running.sync();
        let replaced = line(id, output).with_newline() + &line("2", 6).with_newline();
        if in_place {
            env.write("p/s.jsonl", replaced);
        } else {
            let new = env.write("p/new.tmp", replaced);
            fs::rename(new, env.log("p/s.jsonl")).expect("it takes the place");
        }
        running.sync();
        assert_eq!(running.figures().total.output_tokens, 18);
        running.stop();
        assert_eq!(env.figures().total.output_tokens, 18);
    }
}
