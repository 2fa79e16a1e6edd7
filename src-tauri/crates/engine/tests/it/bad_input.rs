//! Invalid input: damaged lines and unusual files.
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
#[case::a_carriage_return_for_a_newline("{\"type\":\"user\"}\r", &[])]
#[case::a_control_character_in_a_text("{\"type\":\"user\",\"x\":\"\u{1}\t\"}\n", &[])]
#[case::a_control_character_in_a_message(
    &(line("x", 1).to_string().replace("/home/x", "a\u{1}b") + "\n"),
    &[(SkipReason::NotJson, 1)]
)]
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

/// Reads logs in which each character has two bytes. Their lines end with a newline and a zero, in one order or the other.
#[rstest]
#[case::little_endian(u16::to_le_bytes)]
#[case::big_endian(u16::to_be_bytes)]
fn a_log_in_utf_16_is_counted_or_reported(#[case] bytes: fn(u16) -> [u8; 2]) {
    let env = TestEnv::new();
    let text = format!("\u{feff}{}{}", line("1", 5).with_newline(), line("2", 6).with_newline());
    let utf_16 = |text: &str| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    env.write("p/s.jsonl", utf_16(&text));
    // A character that contains a newline byte, and one that contains a quotation mark.
    env.write("p/t.jsonl", utf_16(&line("3", 100).with_newline().replace("/home/x", "\u{10a}\u{2200}")));
    env.write("p/u.jsonl", line("4", 7).with_newline());
    let running = env.start();
    running.sync();
    assert_eq!(running.figures().total.output_tokens, 18);
    let skipped = skip_counts(&running.health());
    assert!(skipped.iter().any(|(reason, _)| *reason == SkipReason::Damaged), "the mark at the start: {skipped:?}");
    assert!(skipped.iter().map(|(_, count)| count).sum::<u64>() >= 2, "the log that is not counted: {skipped:?}");
    running.stop();
}

#[rstest]
#[case::the_first_year("0001-01-01T00:00:00Z")]
#[case::before_1970("1969-12-31T23:59:59Z")]
#[case::the_last_year("9999-12-31T23:59:59.999Z")]
#[case::an_offset("2026-05-01T15:30:00+05:30")]
#[case::a_year_before_the_first("0000-12-31T23:59:59Z")]
#[case::a_year_of_five_digits("10000-01-01T00:00:00Z")]
#[case::a_leap_second("2026-05-01T10:00:60Z")]
#[case::no_day_of_the_calendar("2026-02-30T10:00:00Z")]
fn an_extreme_or_invalid_timestamp_keeps_all_sums_equal(#[case] when: &str) {
    let env = TestEnv::new();
    let odd = line("2", 6).with_newline().replace("2026-05-01T10:00:00Z", when);
    assert!(odd.contains(when), "something was injected");
    env.write("p/s.jsonl", line("1", 5).with_newline() + &odd + &line("3", 7).with_newline());
    let figures = env.figures();
    assert_eq!(figures.total.output_tokens, 18);
    assert_eq!(env.figures(), figures, "and after a restart");
    let running = env.live();
    running.sync();
    assert_eq!(running.total().output_tokens, 18);
    running.stop();
}

#[test]
fn names_of_any_length_are_counted_as_they_are() {
    let env = TestEnv::new();
    let names = ["", "x", "<b>", "</script>", "\u{202e}", &"m".repeat(10_000), &"名".repeat(10_000)];
    let lines = names.iter().enumerate().map(|(number, name)| {
        let odd = line(&number.to_string(), 1).with_newline();
        odd.replace("\"opus\"", &serde_json::json!(name).to_string()).replace("/home/x", name)
    });
    env.write("p/s.jsonl", lines.collect::<String>());
    let figures = env.figures();
    assert_eq!((figures.total.message_count, figures.models.len()), (7, 7));
    assert_eq!(env.figures(), figures, "and after a restart");
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
#[test]
fn a_pipe_named_like_a_log_is_not_opened() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let made = std::process::Command::new("mkfifo").arg(env.log("p/x.jsonl")).status().expect("mkfifo runs");
    assert!(made.success());
    let running = env.start();
    running.sync();
    assert_eq!(running.total().output_tokens, 5, "opening it would wait for a writer for ever");
    assert_eq!(ignored_counts(&running.health()), [("named like logs but no files", 1)]);
    running.stop();
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
