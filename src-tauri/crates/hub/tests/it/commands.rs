//! The command line.

use std::process::Command;

use crate::harness::{TestHub, row_at, update};

/// Runs the hub's command and returns its output, or its error.
fn run(hub: &TestHub, args: &[&str]) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_token-monitor-hub"));
    command.args(args).env("TOKEN_MONITOR_HUB_DATABASE", &hub.address).env("TOKEN_MONITOR_LOG_LEVEL", "error");
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

#[test]
fn usage_is_allocated_by_rules_that_are_added_and_removed() {
    let hub = TestHub::start();
    let token = hub.add_device("default", "ada", "desk");
    hub.accept(&token, &update(1, 0, vec![row_at(1, 1, 1_000, "2026-03-01T12:00:00Z")]));
    let add = ["rule", "add", "--to", "research=60", "--to", "ops=40", "--member", "a*", "--from", "2026-01-01"];
    let id = run(&hub, &add).expect("the rule is added");
    let table = run(&hub, &["allocate"]).expect("a table");
    assert_eq!(
        table,
        "cost center  Input  Output  Cache write  Cache read  Total   Cost\n\
         ops              0     400            0           0    400  $0.00\n\
         research         0     600            0           0    600  $0.00\n\
         total            0   1,000            0           0  1,000  $0.00\n"
    );
    let list = run(&hub, &["rule", "list"]).expect("a list");
    let row = list.lines().nth(1).expect("a rule");
    let cells: Vec<&str> = row.split_whitespace().collect();
    let shares = ["research", "60%,", "ops", "40%"];
    assert_eq!(cells[..7], ["1", "2026-01-01", "-", "a*", "-", "-", "-"]);
    assert_eq!((&cells[7..11], cells[11]), (&shares[..], id.trim()));
    run(&hub, &["rule", "remove", id.trim()]).expect("it is removed");
    assert!(run(&hub, &["allocate", "--csv"]).expect("a document").contains("\r\n,1,0,1000,"));
    let json = run(&hub, &["allocate", "--json"]).expect("a document");
    assert!(json.starts_with("{\"rows\":[{\"costCenter\":null,"), "{json}");
    let refused = run(&hub, &["rule", "add", "--to", "research=60"]).expect_err("it is refused");
    assert_eq!(refused, "error: the shares add up to 60%, not to 100%\n");
}

#[test]
fn a_member_becomes_an_administrator() {
    let hub = TestHub::start();
    run(&hub, &["member", "add", "ada", "--admin"]).expect("it is added");
    run(&hub, &["member", "add", "bob"]).expect("it is added");
    let roles = || {
        let list = run(&hub, &["member", "list"]).expect("a list");
        let role = |line: &str| line.split_whitespace().nth(1).expect("a role").to_owned();
        list.lines().skip(1).map(role).collect::<Vec<_>>()
    };
    assert_eq!(roles(), ["admin", "member"]);
    run(&hub, &["member", "set-role", "ada", "member"]).expect("it is set");
    run(&hub, &["member", "set-role", "bob", "admin"]).expect("it is set");
    assert_eq!(roles(), ["member", "admin"]);
    assert!(run(&hub, &["member", "set-role", "eve", "admin"]).is_err());
}
