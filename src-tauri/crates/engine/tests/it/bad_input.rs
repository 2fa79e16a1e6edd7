//! The fear: something that does not belong there stops the reading, or vanishes without a word.
//!
//! Each case: the rest is counted, what was skipped is counted by its reason, and no total falls.

use std::fs;
use std::io::{Seek, SeekFrom, Write};

use rstest::rstest;
use token_monitor_core::transcript::Reason;

use crate::world::{World, line, passed_over, skipped};

/// A log with something strange between two good lines, and one good log beside it.
#[rstest]
#[case::not_json("the quick brown fox\n", &[(Reason::NotJson, 1)])]
#[case::a_list("[1,2,3]\n", &[(Reason::NotJson, 1)])]
#[case::half_a_line(&line("x", 1).to_string()[..150].replace('\n', ""), &[(Reason::Damaged, 1)])]
#[case::half_a_line_and_its_end(&(line("x", 1).to_string()[..150].to_owned() + "\n"), &[(Reason::NotJson, 1)])]
#[case::nuls("\0\0\0\0\0\0\0\0", &[])]
#[case::a_line_of_nuls("\0\0\0\0\0\0\0\0\n", &[(Reason::NotJson, 1)])]
#[case::a_byte_order_mark("\u{feff}", &[])]
#[case::blank_lines("\r\n\n  \n\t\r\n", &[])]
#[case::joined_records("{\"type\":\"user\"}", &[])]
#[case::another_program("{\"level\":\"info\",\"message\":\"usage of assistant\"}\n", &[])]
#[case::usage_that_is_a_list("{\"type\":\"assistant\",\"message\":{\"usage\":[1,2]}}\n", &[])]
#[case::a_message_that_is_text("{\"type\":\"assistant\",\"message\":\"usage\",\"usage\":{}}\n", &[])]
#[case::everything_null("{\"type\":null,\"timestamp\":null,\"message\":null,\"usage\":null,\"x\":\"assistant\"}\n", &[])]
fn strange_lines_leave_the_rest_alone(#[case] strange: &str, #[case] reasons: &[(Reason, u64)]) {
    let world = World::new();
    world.write("p/s.jsonl", format!("{}{strange}{}", line("1", 5).ended(), line("2", 6).ended()));
    world.write("p/t.jsonl", line("3", 7).ended());
    let running = world.start();
    running.catch_up();
    assert_eq!(running.figures().total.output_tokens, 18);
    assert_eq!(skipped(&running.health()), reasons);
    running.stop();
}

/// The line is counted, with nothing for the count that is none.
#[rstest]
#[case::negative("-5", 1)]
#[case::fractional("1.5", 1)]
#[case::huge("9223372036854775808", 1)]
#[case::beyond_any_number("1e400", 1)]
#[case::text("\"5\"", 1)]
#[case::a_list("[5]", 1)]
#[case::not_a_number("NaN", 0)]
#[case::null("null", 0)]
fn a_count_that_is_none_reads_as_zero(#[case] count: &str, #[case] told: u64) {
    let world = World::new();
    let odd = line("1", 5).ended().replace("\"input_tokens\":0", &format!("\"input_tokens\":{count}"));
    world.write("p/s.jsonl", odd + &line("2", 6).ended());
    let running = world.start();
    running.catch_up();
    let total = running.figures().total;
    assert_eq!((total.input_tokens, total.output_tokens, total.message_count), (0, 11, 2));
    assert_eq!(skipped(&running.health()).iter().map(|(_, count)| count).sum::<u64>(), told);
    running.stop();
}

#[test]
fn the_largest_counts_there_may_be_do_not_overflow_any_sum() {
    let world = World::new();
    let most = u64::MAX >> 1;
    let lines: String = (0..100).map(|id| line(&id.to_string(), most).ended()).collect();
    world.write("p/s.jsonl", lines);
    assert_eq!(world.figures().total.output_tokens, u128::from(most) * 100);
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
fn a_field_may_be_missing(#[case] field: &str, #[case] instead: &str) {
    let world = World::new();
    let odd = line("1", 5).ended();
    assert!(odd.contains(field), "the case means something");
    world.write("p/s.jsonl", odd.replace(field, instead));
    let figures = world.figures();
    assert_eq!(figures.outputs().into_iter().collect::<Vec<_>>(), [("s", 5)]);
    world.write("p/s.jsonl", odd.replace(field, instead) + &line("2", 6).ended());
    assert_eq!(world.figures().total.output_tokens, 11);
}

#[test]
fn a_line_without_a_time_takes_that_of_the_line_before() {
    let world = World::new();
    let timeless = |id, output| line(id, output).ended().replace("2026-05-01T10:00:00Z", "soon");
    world.write("p/s.jsonl", timeless("1", 100) + &line("2", 5).ended() + &timeless("3", 6));
    let running = world.start();
    running.catch_up();
    assert_eq!(running.figures().total.output_tokens, 11, "before the first time there is none to take");
    assert_eq!(skipped(&running.health()), [(Reason::NoTime, 1)]);
    running.stop();
}

#[test]
fn a_line_of_two_megabytes_counts() {
    let world = World::new();
    let long = line("1", 5).ended().replace("/home/x", &"x".repeat(2 << 20));
    world.write("p/s.jsonl", long + &line("2", 6).ended());
    assert_eq!(world.figures().total.output_tokens, 11);
}

#[test]
fn a_line_longer_than_any_real_one_is_skipped_and_the_next_counts() {
    let world = World::new();
    let path = world.write("p/s.jsonl", line("1", 5).ended());
    let mut file = fs::OpenOptions::new().write(true).open(&path).expect("it opens");
    // A hole: nothing but zeros, and no room taken on the disk.
    file.seek(SeekFrom::End(65 << 20)).expect("it may lie beyond the end");
    let end = format!("{}\n{}", line("x", 1000), line("2", 6).ended());
    file.write_all(end.as_bytes()).expect("it is written");
    let running = world.start();
    running.catch_up();
    assert_eq!(running.figures().total.output_tokens, 11);
    assert_eq!(skipped(&running.health()), [(Reason::TooLong, 1)]);
    assert_eq!(running.health().lines, 3);
    running.stop();
}

#[test]
fn bytes_that_are_no_text_cost_nothing_but_themselves() {
    let world = World::new();
    let mut bytes = line("1", 5).ended().into_bytes();
    let at = bytes.windows(7).position(|window| window == b"/home/x").expect("it is there");
    bytes[at] = 0xFF;
    world.write("p/s.jsonl", [bytes, line("2", 6).ended().into_bytes()].concat());
    assert_eq!(world.figures().total.output_tokens, 11);
}

#[test]
fn an_empty_file_is_a_log_with_nothing_in_it() {
    let world = World::new();
    world.write("p/empty.jsonl", "");
    world.write("p/s.jsonl", line("1", 5).ended());
    let running = world.start();
    running.catch_up();
    assert_eq!((running.total().output_tokens, running.health().logs), (5, 2));
    world.append("p/empty.jsonl", line("2", 6).ended());
    running.catch_up();
    assert_eq!(running.total().output_tokens, 11, "and it may grow");
    running.stop();
}

#[test]
fn a_folder_named_like_a_log_is_passed_over_and_looked_into() {
    let world = World::new();
    world.write("p/x.jsonl/inner.jsonl", line("1", 5).ended());
    let running = world.start();
    running.catch_up();
    assert_eq!(running.total().output_tokens, 5);
    assert_eq!(passed_over(&running.health()), [("folders named like logs", 1)]);
    running.stop();
}

#[cfg(unix)]
pub(crate) mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;
    use std::process::Command;

    use super::*;
    use crate::world::{DEADLINE, Running};

    #[test]
    fn a_pipe_named_like_a_log_is_never_opened() {
        let world = World::new();
        world.write("p/s.jsonl", line("1", 5).ended());
        let made = Command::new("mkfifo").arg(world.log("p/x.jsonl")).status().expect("mkfifo runs");
        assert!(made.success());
        let running = world.start();
        running.catch_up();
        assert_eq!(running.total().output_tokens, 5, "opening it would wait for a writer for ever");
        assert_eq!(passed_over(&running.health()), [("named like logs but no files", 1)]);
        running.stop();
    }

    #[test]
    fn links_that_lead_nowhere_or_in_circles_are_passed_over() {
        let world = World::new();
        world.write("p/s.jsonl", line("1", 5).ended());
        symlink(world.outside("missing.jsonl"), world.log("p/dangling.jsonl")).expect("a link");
        symlink(world.log("p/loop.jsonl"), world.log("p/loop.jsonl")).expect("a link");
        symlink(world.projects(), world.log("p/circle")).expect("a link");
        let running = world.start();
        running.catch_up();
        assert_eq!(running.figures().total.output_tokens, 5);
        assert_eq!(passed_over(&running.health())[0], ("links that lead nowhere", 2));
        running.stop();
    }

    #[test]
    fn a_link_out_of_the_folder_is_not_followed() {
        let world = World::new();
        world.write("p/s.jsonl", line("1", 5).ended());
        fs::write(world.outside("secret.jsonl"), line("2", 1000).ended()).expect("a file");
        symlink(world.outside("secret.jsonl"), world.log("p/x.jsonl")).expect("a link");
        let running = world.start();
        running.catch_up();
        assert_eq!(running.figures().total.output_tokens, 5);
        assert_eq!(passed_over(&running.health()), [("links out of the folder", 1)]);
        running.stop();
    }

    /// Looks as often as it takes to be sure that what was heard before was acted on.
    fn hear_some_more(world: &World, running: &Running) {
        for number in 10..15 {
            world.append("p/s.jsonl", line(&number.to_string(), 6).ended());
            running.until("a line written later", |snapshot| snapshot.totals.message_count >= number - 8);
        }
    }

    #[test]
    fn a_link_out_of_the_folder_is_not_followed_when_its_making_is_heard_either() {
        let world = World::new();
        world.write("p/s.jsonl", line("1", 5).ended());
        fs::write(world.outside("secret.jsonl"), line("2", 1000).ended()).expect("a file");
        let running = world.live();
        running.until("the first log", |snapshot| snapshot.totals.output_tokens == 5);
        // Everything is looked at once more when the watch stands.
        running.catch_up();
        symlink(world.outside("secret.jsonl"), world.log("p/x.jsonl")).expect("a link");
        hear_some_more(&world, &running);
        assert_eq!(running.total().output_tokens, 5 + 5 * 6);
        running.stop();
    }

    #[test]
    fn a_folder_behind_a_link_is_not_read_when_changes_in_it_are_heard_either() {
        let world = World::new();
        world.write("p/s.jsonl", line("1", 5).ended());
        fs::create_dir(world.outside("secrets")).expect("a folder");
        symlink(world.outside("secrets"), world.log("p/secrets")).expect("a link");
        let running = world.live();
        running.until("the first log", |snapshot| snapshot.totals.output_tokens == 5);
        running.catch_up();
        fs::write(world.outside("secrets/s.jsonl"), line("2", 1000).ended()).expect("a file");
        hear_some_more(&world, &running);
        assert_eq!(running.total().output_tokens, 5 + 5 * 6);
        running.stop();
    }

    #[test]
    fn further_names_of_a_log_add_nothing() {
        let world = World::new();
        let path = world.write("p/s.jsonl", line("1", 5).ended());
        fs::hard_link(&path, world.log("p/t.jsonl")).expect("a second name");
        symlink(&path, world.log("p/u.jsonl")).expect("a link");
        let running = world.start();
        running.catch_up();
        assert_eq!(running.figures().total.output_tokens, 5);
        assert_eq!(passed_over(&running.health()), [("further names of a log", 2)]);
        assert_eq!(running.health().logs, 1);
        running.stop();
    }

    /// Set in the process that runs a test as a user whom permissions hold back.
    const HELD_BACK: &str = "TOKEN_MONITOR_TEST_HELD_BACK";

    /// Runs a test as somebody whom permissions hold back; they do not hold back root.
    pub(crate) fn held_back(test: &str, body: impl FnOnce()) {
        use std::os::unix::fs::MetadataExt;
        use std::os::unix::process::CommandExt;

        const NOBODY: u32 = 65534;
        let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        if std::env::var_os(HELD_BACK).is_some() || !is_root {
            return body();
        }
        // The build folder may be out of nobody's reach.
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
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }

    pub(crate) fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    }

    /// Asks again and again, because a file that could not be read is not tried at every turn.
    fn catch_up_until(running: &Running, output: u128) {
        let began = std::time::Instant::now();
        while running.total().output_tokens != output {
            assert!(began.elapsed() < DEADLINE, "it has {} instead of {output}", running.total().output_tokens);
            running.catch_up();
        }
    }

    #[test]
    fn a_log_without_permission_is_told_and_read_once_there_is() {
        held_back("bad_input::unix::a_log_without_permission_is_told_and_read_once_there_is", || {
            let world = World::new();
            world.write("p/s.jsonl", line("1", 5).ended());
            let path = world.write("p/t.jsonl", line("2", 6).ended());
            set_mode(&path, 0);
            let running = world.start();
            running.catch_up();
            assert_eq!(running.figures().total.output_tokens, 5);
            let told = running.health().passed_over;
            assert!(told.len() == 1 && told[0].example == path.display().to_string(), "{told:?}");
            set_mode(&path, 0o600);
            catch_up_until(&running, 11);
            assert_eq!(passed_over(&running.health()), []);
            running.stop();
        });
    }

    #[test]
    fn a_folder_without_permission_is_told_and_read_once_there_is() {
        held_back("bad_input::unix::a_folder_without_permission_is_told_and_read_once_there_is", || {
            let world = World::new();
            world.write("p/s.jsonl", line("1", 5).ended());
            let path = world.write("q/t.jsonl", line("2", 6).ended());
            let folder = path.parent().expect("it lies in a project").to_owned();
            set_mode(&folder, 0);
            let running = world.start();
            running.catch_up();
            assert_eq!(running.figures().total.output_tokens, 5);
            assert_eq!(passed_over(&running.health()), [("without permission to read", 1)]);
            let problem = format!("The folder {} cannot be read.", folder.display());
            assert_eq!(running.problems(), [problem.as_str()], "surfaces say it, not only those who ask");
            set_mode(&folder, 0o700);
            catch_up_until(&running, 11);
            assert_eq!(running.problems(), [""; 0]);
            running.stop();
        });
    }

    #[test]
    fn a_root_that_may_not_be_entered_is_no_root_that_is_not_there() {
        held_back("bad_input::unix::a_root_that_may_not_be_entered_is_no_root_that_is_not_there", || {
            let world = World::new();
            let root = world.projects();
            let above = root.parent().expect("it lies in a folder").to_owned();
            set_mode(&above, 0);
            let running = world.start();
            running.catch_up();
            let problem = format!("The folder {} cannot be read.", root.display());
            assert_eq!(running.problems(), [problem.as_str()]);
            set_mode(&above, 0o700);
            running.stop();
        });
    }

    #[test]
    fn a_file_name_may_be_no_text() {
        use std::os::unix::ffi::OsStrExt;

        let world = World::new();
        let folder = world.log("p/s.jsonl").parent().expect("it lies in a project").to_owned();
        let name = std::ffi::OsStr::from_bytes(b"\xff\xfe\n\x1b[31m.jsonl");
        fs::write(folder.join(name), line("1", 5).ended()).expect("it is written");
        assert_eq!(world.figures().total.output_tokens, 5);
        assert_eq!(world.figures().total.output_tokens, 5, "nor is it counted again after a restart");
    }
}

#[rstest]
#[case::that_shrinks(&|world: &World| {
    world.write("p/s.jsonl", line("1", 5).ended());
})]
#[case::that_is_emptied(&|world: &World| {
    world.write("p/s.jsonl", "");
})]
#[case::that_is_deleted(&|world: &World| {
    fs::remove_file(world.log("p/s.jsonl")).expect("it goes");
})]
#[case::whose_project_is_deleted(&|world: &World| {
    fs::remove_dir_all(world.projects().join("p")).expect("it goes");
})]
#[case::whose_root_is_deleted(&|world: &World| {
    fs::remove_dir_all(world.projects()).expect("it goes");
})]
#[case::that_moves_to_another_project(&|world: &World| {
    fs::rename(world.log("p/s.jsonl"), world.log("q/s.jsonl")).expect("it moves");
})]
#[case::whose_project_is_renamed(&|world: &World| {
    fs::rename(world.projects().join("p"), world.projects().join("r")).expect("it moves");
})]
#[case::that_moves_out(&|world: &World| {
    fs::rename(world.log("p/s.jsonl"), world.outside("s.jsonl")).expect("it moves");
})]
fn a_log_keeps_what_was_counted_from_it(#[case] change: &dyn Fn(&World)) {
    let world = World::new();
    let lines = line("1", 5).ended() + &line("2", 6).ended() + &line("", 7).ended().replace("msg_", "");
    world.write("p/s.jsonl", lines);
    let running = world.start();
    running.catch_up();
    let before = running.figures();
    change(&world);
    running.catch_up();
    assert_eq!(running.figures(), before, "while it runs");
    running.stop();
    assert_eq!(world.figures(), before, "and after a restart");
    world.append("p/s.jsonl", line("3", 100).ended());
    assert_eq!(world.figures().total.output_tokens, before.total.output_tokens + 100, "and it goes on from there");
}

/// The old lines stay counted, the new ones come to them.
#[rstest]
#[case::the_same_length("3", 7)]
#[case::a_longer_one("a much longer id than before", 7)]
fn a_replaced_log_is_read_anew(#[case] id: &str, #[case] output: u64) {
    for in_place in [true, false] {
        let world = World::new();
        world.write("p/s.jsonl", line("1", 5).ended() + &line("2", 6).ended());
        let running = world.start();
        running.catch_up();
        let replaced = line(id, output).ended() + &line("2", 6).ended();
        if in_place {
            world.write("p/s.jsonl", replaced);
        } else {
            let new = world.write("p/new.tmp", replaced);
            fs::rename(new, world.log("p/s.jsonl")).expect("it takes the place");
        }
        running.catch_up();
        assert_eq!(running.figures().total.output_tokens, 18);
        running.stop();
        assert_eq!(world.figures().total.output_tokens, 18);
    }
}
