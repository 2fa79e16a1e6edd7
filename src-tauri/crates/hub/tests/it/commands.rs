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

/// Reads a PDF with a program of poppler-utils.
fn read_pdf(program: &str, args: &[&str], file: &std::path::Path) -> String {
    let output = Command::new(program).args(args).arg(file).args((program == "pdftotext").then_some("-")).output();
    let output = output.expect("poppler-utils is installed");
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Returns the words of the line of a text that begins with a name.
fn words_of<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let line = text.lines().find(|line| line.trim_start().starts_with(name));
    line.unwrap_or_else(|| panic!("{name} is missing in\n{text}")).split_whitespace().collect()
}

#[test]
fn a_month_by_cost_center_is_written_as_pdf() {
    let hub = TestHub::start();
    for (member, output) in [("ada", 1_000_001), ("bob", 20_000)] {
        let token = hub.add_device("default", member, "desk");
        let days = ["2026-02-28T23:55:00Z", "2026-03-01T00:00:00Z", "2026-03-31T23:55:00Z", "2026-04-01T00:00:00Z"];
        let rows = (1..).zip(days).map(|(number, day)| row_at(number, number, output * number, day)).collect();
        hub.accept(&token, &update(1, 0, rows));
    }
    let add = ["rule", "add", "--to", "research=60", "--to", "ops=40", "--member", "a*"];
    run(&hub, &add).expect("the rule is added");
    let file = tempfile::tempdir().expect("a folder");
    let file = file.path().join("march.pdf");
    let path = file.to_str().expect("it is text");
    let month = ["allocate", "--month", "2026-03", "--format", "pdf", "-o", path];
    assert_eq!(run(&hub, &month).expect("it is written"), "");
    let info = read_pdf("pdfinfo", &[], &file);
    for line in ["Title:           Usage by cost center, March 2026", "Tagged:          yes"] {
        assert!(info.contains(line), "{line} in\n{info}");
    }
    let text = read_pdf("pdftotext", &["-layout"], &file);
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.iter().all(|page| page.contains("API-equivalent, not a bill")), "on each page:\n{text}");
    let (_, tables) = text.split_once("By cost center").expect("a section");
    assert_eq!(words_of(tables, "research"), ["research", "0", "3M", "0", "3,000,003", "$0.00"]);
    assert_eq!(words_of(tables, "ops"), ["ops", "0", "2M", "0", "2,000,002", "$0.00"]);
    assert_eq!(words_of(tables, "unallocated"), ["unallocated", "0", "100k", "0", "100,000", "$0.00"]);
    assert_eq!(words_of(tables, "Total"), ["Total", "0", "5.1M", "0", "5,100,005", "$0.00"]);
    assert_eq!(words_of(tables, "2026-03-01")[4], "2,040,002");
    assert_eq!(words_of(tables, "2026-03-31")[4], "3,060,003");
    assert!(!text.contains("2026-02-28") && !text.contains("2026-04-01"));
    let (_, members) = text.split_once("By cost center and member").expect("a section");
    assert_eq!(words_of(members, "ops"), ["ops", "ada", "2,000,002", "$0.00"]);
    assert_eq!(words_of(members, "unallocated"), ["unallocated", "bob", "100,000", "$0.00"]);
}

#[test]
fn the_pdf_of_a_month_is_served_to_its_organization_only() {
    let hub = TestHub::start();
    let tokens = [("acme", "ada", 5_u64), ("globex", "eve", 700_000)].map(|(organization, member, output)| {
        let token = hub.add_device(organization, member, "desk");
        hub.accept(&token, &update(1, 0, vec![row_at(1, 1, output, "2026-03-07T12:00:00Z")]));
        token
    });
    let (disposition, bytes) =
        hub.download(&tokens[0].credential(), "/api/v1/allocation?format=pdf&month=2026-03&member=ada");
    assert_eq!(disposition, "attachment; filename=\"allocation-2026-03.pdf\"");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("march.pdf");
    std::fs::write(&file, bytes).expect("it is written");
    let text = read_pdf("pdftotext", &["-layout"], &file);
    assert!(text.contains("members of acme"), "{text}");
    let (_, tables) = text.split_once("By cost center").expect("a section");
    assert_eq!(words_of(tables, "unallocated"), ["unallocated", "0", "5", "0", "5", "$0.00"]);
    assert!(!text.contains("eve") && !text.contains("globex"), "{text}");
    for query in
        ["format=pdf", "format=pdf&month=2026-3", "format=pdf&month=2026-03&by=day", "month=2026-03&since=2026-03-01"]
    {
        let (status, problem) = hub.get(&tokens[0].credential(), &format!("/api/v1/allocation?{query}"));
        assert_eq!(status, 400, "{query}: {problem}");
    }
    let (_, csv) = hub.download(&tokens[1].credential(), "/api/v1/allocation?format=csv&month=2026-03");
    assert!(
        String::from_utf8_lossy(&csv).contains("\r\n,1,0,700000,"),
        "the month selects the days of other formats as well"
    );
}

#[test]
fn a_month_selects_its_days_in_all_formats() {
    let hub = TestHub::start();
    let token = hub.add_device("default", "ada", "desk");
    let rows = vec![row_at(1, 1, 1, "2026-02-28T23:55:00Z"), row_at(2, 2, 10, "2026-03-31T23:55:00Z")];
    hub.accept(&token, &update(1, 0, rows));
    let csv = run(&hub, &["allocate", "--month", "2026-03", "--csv", "-o", "-"]).expect("a document");
    assert!(csv.contains("\r\n,1,0,10,"), "{csv}");
    let refused = run(&hub, &["allocate", "--format", "pdf"]).expect_err("it is refused");
    assert_eq!(refused, "error: a PDF needs a month; add --month\n");
    for args in [["--month", "2026-13"], ["--month", "2026-3"], ["--month", "2026-03-01"], ["--month", "+2026-03"]] {
        assert!(run(&hub, &[&["allocate"], &args[..]].concat()).is_err(), "{args:?}");
    }
    assert!(run(&hub, &["allocate", "--month", "2026-03", "--since", "2026-03-01"]).is_err());
}
