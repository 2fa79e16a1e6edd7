//! A disk that fails, is full or is read-only. Figures go on in memory, the problem names its cause, and everything is
//! exact once the disk works again.

use std::fs;

use rstest::rstest;
use token_monitor_core::report::model::{Grouping, ProblemCode, ReportQuery, Snapshot};
use token_monitor_engine::{ErrorCode, Request, Response};
use token_monitor_store::fault_injection::{InjectedFault, SystemCall};

use crate::harness::{TestEnv, line};

/// The numbers of these errors on Linux and macOS.
const EIO: i32 = 5;
const ENOSPC: i32 = 28;

fn has_outage(snapshot: &Snapshot) -> bool {
    snapshot.problems.iter().any(|problem| problem.code == ProblemCode::StoreUnavailable)
}

fn outage_message(snapshot: &Snapshot) -> &str {
    let outage = snapshot.problems.iter().find(|problem| problem.code == ProblemCode::StoreUnavailable);
    outage.map(|problem| problem.message.as_str()).unwrap_or_default()
}

#[rstest]
#[case(SystemCall::Sync, EIO, "os error 5")]
#[case(SystemCall::Write, ENOSPC, "os error 28")]
#[case(SystemCall::Write, EIO, "os error 5")]
fn figures_go_on_while_the_disk_fails(#[case] call: SystemCall, #[case] errno: i32, #[case] cause: &str) {
    let env = TestEnv::new();
    env.write("gone/g.jsonl", line("9", 1000).with_newline());
    env.write("p/s.jsonl", line("1", 5).with_newline());
    env.figures();
    fs::remove_dir_all(env.log("gone")).expect("it is deleted");
    let running = env.live();
    running.sync();
    let fault = InjectedFault::start(&env.store(), call, errno);
    env.append("p/s.jsonl", line("2", 10).with_newline());
    let snapshot = running.until("the problem", has_outage);
    assert!(outage_message(&snapshot).contains(cause), "{:?}", snapshot.problems);
    for (id, output, total) in [("3", 20, 1035), ("1", 7, 1037), ("4", 40, 1077)] {
        env.append("p/s.jsonl", line(id, output).with_newline());
        running.until("figures go on", |snapshot| snapshot.totals.output_tokens == total);
    }
    let by_agent = ReportQuery { by: vec![Grouping::Agent], ..ReportQuery::default() };
    let Response::Report(report) = running.request(Request::Report(Box::new(by_agent))) else { panic!("a report") };
    assert_eq!(report.sums.totals.output_tokens, 1077, "agents are read from the store in memory");
    assert_eq!(running.rename("s", "Login").expect_err("it cannot be saved").code, ErrorCode::Busy);
    assert!(fault.hits() > 0, "something was injected");
    drop(fault);
    running.until("the end of the outage", |snapshot| !has_outage(snapshot) && snapshot.totals.output_tokens == 1077);
    running.rename("s", "Login").expect("it can be saved again");
    running.stop();
    let figures = env.figures();
    assert_eq!((figures.total.output_tokens, figures.sessions["s"].title.as_str()), (1077, "Login"));
}

#[rstest]
#[case(SystemCall::Write, ENOSPC)]
#[case(SystemCall::Sync, EIO)]
#[case(SystemCall::Read, EIO)]
fn it_starts_while_the_disk_fails(#[case] call: SystemCall, #[case] errno: i32) {
    let env = TestEnv::new();
    env.write("gone/g.jsonl", line("9", 1000).with_newline());
    env.write("p/s.jsonl", line("1", 5).with_newline());
    env.figures();
    fs::remove_dir_all(env.log("gone")).expect("it is deleted");
    let fault = InjectedFault::start(&env.store(), call, errno);
    let running = env.live();
    running.sync();
    let snapshot = running.snapshot();
    assert_eq!(snapshot.totals.output_tokens, 1005, "figures of the file are used");
    assert!(outage_message(&snapshot).contains(&format!("os error {errno}")), "{:?}", snapshot.problems);
    env.append("p/s.jsonl", line("2", 10).with_newline());
    running.until("figures go on", |snapshot| snapshot.totals.output_tokens == 1015);
    assert!(fault.hits() > 0, "something was injected");
    drop(fault);
    running.until("the end of the outage", |snapshot| !has_outage(snapshot) && snapshot.totals.output_tokens == 1015);
    running.stop();
    assert_eq!(env.figures().total.output_tokens, 1015);
}

#[cfg(unix)]
#[test]
fn a_read_only_store_is_used_in_memory() {
    use crate::permissions::{run_without_root, set_mode};
    run_without_root("disk_faults::a_read_only_store_is_used_in_memory", || {
        let env = TestEnv::new();
        env.write("gone/g.jsonl", line("9", 1000).with_newline());
        env.write("p/s.jsonl", line("1", 5).with_newline());
        env.figures();
        fs::remove_dir_all(env.log("gone")).expect("it is deleted");
        let folder = env.store().parent().expect("a folder").to_owned();
        let before = fs::read(env.store()).expect("it is readable");
        set_mode(&env.store(), 0o400);
        set_mode(&folder, 0o500);
        env.append("p/s.jsonl", line("2", 10).with_newline());
        let running = env.live();
        running.until("the figures", |snapshot| snapshot.totals.output_tokens == 1015);
        assert!(outage_message(&running.snapshot()).contains("ermission denied"), "{:?}", running.problems());
        assert!(fs::read(env.store()).expect("it is readable") == before, "it was not changed");
        set_mode(&folder, 0o700);
        set_mode(&env.store(), 0o600);
        running.until("the end of the outage", |snapshot| !has_outage(snapshot));
        running.stop();
        fs::remove_dir_all(env.log("p")).expect("it is deleted");
        assert_eq!(env.figures().total.output_tokens, 1015);
    });
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_does_not_end_the_program() {
    use crate::permissions::{run_without_root, set_mode};
    run_without_root("disk_faults::a_folder_that_cannot_be_written_does_not_end_the_program", || {
        let env = TestEnv::new();
        env.write("p/s.jsonl", line("1", 5).with_newline());
        let folder = env.store().parent().expect("a folder").to_owned();
        fs::create_dir_all(&folder).expect("a folder");
        set_mode(&folder, 0o500);
        let running = env.start();
        running.sync();
        assert_eq!(running.figures().total.output_tokens, 5);
        assert!(has_outage(&running.snapshot()));
        running.stop();
        set_mode(&folder, 0o700);
        assert_eq!(env.figures().total.output_tokens, 5);
    });
}
