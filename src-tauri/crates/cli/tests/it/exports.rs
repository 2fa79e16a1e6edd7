//! Exports, and the PDF of a month.

use std::process::{Command, Stdio};

use insta::assert_snapshot;
use serde_json::Value;
use token_monitor_test_support::{LogLine, custom_title};

use crate::program::Home;

/// Returns a home whose titles, branches and models are hostile to spreadsheets.
fn home_with_hostile_names() -> Home {
    let home = Home::new();
    let names = [
        ("s-1", "=HYPERLINK(\"http://evil\",\"a\")", "+main"),
        ("s-2", "say \"hi\", then\tstop; done", "@fix"),
        ("s-3", "'=1+1", "-x"),
        ("s-4", "漢字 ünïcode\u{202e}", "main"),
    ];
    for (number, (session, title, branch)) in (0..).zip(names) {
        let line = |id: u64, model: &str, counts: [u64; 4]| {
            let when = format!("2026-02-0{}T1{}:30:00Z", 1 + id % 3, number);
            let line = LogLine::new(&format!("{session}-{id}")).session(session).model(model).at(&when).counts(counts);
            let line = line.field("costUSD", 0.123_456_789 * (number * 7 + id + 1) as f64);
            line.field("cwd", format!("/home/ada/p,{number}")).field("gitBranch", branch).with_newline()
        };
        home.write(
            &format!("p/{session}.jsonl"),
            &[
                line(0, "claude-opus-4-8", [1_200, 350, 20_000, 7]),
                line(1, "claude-haiku-4-5", [7, 70, 0, 700]),
                line(2, "=model", [1, 2, 3, 4]),
                custom_title(session, title) + "\n",
            ],
        );
    }
    home
}

/// All groupings, including those that need each message.
const ALL: &str = "day,week,month,block,project,session,branch,tag,pr,agent,model";

fn output(home: &Home, args: &[&str]) -> String {
    let output = home.run(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is text")
}

#[test]
fn exports_are_unchanged() {
    let home = home_with_hostile_names();
    assert_snapshot!(
        "export-csv",
        output(&home, &["export", "--by", "day,project,session,branch,model"]).replace('\r', "␍")
    );
    assert_snapshot!("export-json", output(&home, &["export", "--by", "model", "--format", "json"]));
    assert_snapshot!(
        "export-focus",
        output(&home, &["export", "--by", "month,project", "--format", "focus"]).replace('\r', "")
    );
}

#[test]
fn the_order_of_the_groupings_does_not_change_the_columns() {
    let home = home_with_hostile_names();
    assert_eq!(output(&home, &["export", "--by", "model,day"]), output(&home, &["export", "--by", "day,model"]));
}

#[test]
fn lines_end_as_rfc_4180_wants_and_a_mark_is_added_on_request() {
    let home = home_with_hostile_names();
    let csv = output(&home, &["export"]);
    assert_eq!(csv.matches('\n').count(), csv.matches("\r\n").count());
    assert_eq!(output(&home, &["export", "--bom"]), format!("\u{feff}{csv}"));
    let file = home.path().join("usage.csv");
    output(&home, &["export", "-o", file.to_str().expect("it is text")]);
    assert_eq!(std::fs::read_to_string(file).expect("it is written"), csv);
}

#[test]
fn a_report_as_csv_is_the_export_of_its_rows() {
    let home = home_with_hostile_names();
    for (report, by) in [("days", "day"), ("sessions", "session"), ("models", "model"), ("projects", "project")] {
        let sorted = |text: String| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines[1..].sort();
            lines
        };
        assert_eq!(
            sorted(output(&home, &[report, "--csv"])),
            sorted(output(&home, &["export", "--by", by])),
            "{report}"
        );
    }
}

/// Reads CSV or TSV with Python and returns its rows as JSON, without the apostrophes before formulas.
fn read_with_python(text: &str, delimiter: &str) -> Value {
    let program = r#"
import csv, json, sys
sys.stdin.reconfigure(encoding="utf-8", newline="")
sys.stdout.reconfigure(encoding="utf-8")
def unguard(cell):
    return cell[1:] if cell.startswith("'") and cell.lstrip("'")[:1] in tuple("=+-@＝＋－＠") else cell
rows = list(csv.reader(sys.stdin, delimiter=sys.argv[1], strict=True))
print(json.dumps([dict(zip(rows[0], map(unguard, row), strict=True)) for row in rows[1:]]))
"#;
    let mut python = Command::new("python3");
    python.args(["-c", program, delimiter]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = python.spawn().expect("Python 3 is installed");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), text.as_bytes()).expect("it is read");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "Python reads the file");
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

#[test]
fn python_reads_the_same_from_csv_and_tsv_as_from_json() {
    let home = home_with_hostile_names();
    let json: Value = serde_json::from_str(&output(&home, &["export", "--by", ALL, "--format", "json"])).expect("JSON");
    let expected: Vec<Value> = json["rows"].as_array().expect("a list").iter().map(as_texts).collect();
    assert_eq!(expected.len(), 12);
    for (format, delimiter) in [("csv", ","), ("tsv", "\t")] {
        let text = output(&home, &["export", "--by", ALL, "--format", format]);
        assert_eq!(read_with_python(&text, delimiter), Value::Array(expected.clone()), "{format}");
    }
}

/// Returns a row of JSON with texts for all values, as CSV has them.
fn as_texts(row: &Value) -> Value {
    let text = |(name, value): (&String, &Value)| {
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Number(number) if name == "cost_usd" => format!("{:.9}", number.as_f64().expect("a number")),
            other => other.to_string(),
        };
        (name.clone(), Value::String(text))
    };
    Value::Object(row.as_object().expect("an object").iter().map(text).collect())
}

#[test]
fn the_rows_add_up_to_the_totals_to_the_token_and_the_nano_dollar() {
    let home = home_with_hostile_names();
    let all = &home.json(&["models"])["totals"];
    for by in ["day", "session,model", "agent", "project,branch", ALL] {
        let csv = read_with_python(&output(&home, &["export", "--by", by]), ",");
        let rows = csv.as_array().expect("a list");
        let sum = |column: &str| -> u128 {
            let digits = rows.iter().map(|row| row[column].as_str().expect("a cell").replace('.', ""));
            digits.map(|digits| digits.parse::<u128>().expect("a number")).sum()
        };
        assert_eq!(u128::from(all["costNanos"].as_u64().expect("a number")), sum("cost_usd"), "{by}");
        assert_eq!(u128::from(all["totalTokens"].as_u64().expect("a number")), sum("total_tokens"), "{by}");
        let kinds =
            ["input_tokens", "output_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "cache_read_tokens"];
        assert_eq!(kinds.map(sum).iter().sum::<u128>(), sum("total_tokens"), "{by}");
    }
}

#[test]
fn focus_bills_nothing_under_a_subscription() {
    let home = home_with_hostile_names();
    let focus =
        |billing: &str| read_with_python(&output(&home, &["export", "--format", "focus", "--billing", billing]), ",");
    for (billing, is_billed) in [("subscription", false), ("api", true)] {
        for row in focus(billing).as_array().expect("a list") {
            let expected = if is_billed { &row["ListCost"] } else { &Value::String("0.000000000".to_owned()) };
            assert_eq!((&row["BilledCost"], &row["EffectiveCost"]), (expected, expected), "{billing}");
            assert_eq!(row["ContractedCost"], row["ListCost"]);
            assert_eq!(row["BillingPeriodStart"], "2026-02-01T00:00:00Z");
        }
    }
}

#[test]
fn a_month_is_written_as_pdf() {
    let home = home_with_hostile_names();
    let file = home.path().join("february.pdf");
    let path = file.to_str().expect("it is text");
    assert_eq!(home.prints(&["report", "--month", "2026-02", "-o", path]), "Wrote ~/february.pdf.");
    let bytes = std::fs::read(&file).expect("it is written");
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() > 10_000, "it has its fonts: {} bytes", bytes.len());
    let contains = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    assert!(contains(b"/StructTreeRoot") && contains(b"/FontFile2"), "it is tagged, and fonts are embedded");
    assert_eq!(home.run(&["report", "--month", "2026-02", "-o", "-"]).stdout[..5], *b"%PDF-");
    assert_eq!(home.run(&["report", "--month", "February"]).status.code(), Some(2));
    assert_eq!(home.run(&["report", "-o", "/nowhere/x.pdf"]).status.code(), Some(1));
}

/// Reads a PDF with a program of poppler-utils.
#[cfg(target_os = "linux")]
fn read_pdf(program: &str, args: &[&str], file: &std::path::Path) -> String {
    let output = Command::new(program).args(args).arg(file).args((program == "pdftotext").then_some("-")).output();
    let output = output.expect("poppler-utils is installed");
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn the_pdf_is_read_by_other_programs() {
    let home = home_with_hostile_names();
    let (file, redacted) = (home.path().join("a.pdf"), home.path().join("b.pdf"));
    output(&home, &["report", "--month", "2026-02", "-o", file.to_str().expect("it is text")]);
    output(&home, &["report", "--month", "2026-02", "--redact", "-o", redacted.to_str().expect("it is text")]);
    let info = read_pdf("pdfinfo", &[], &file);
    for line in ["Title:           Claude Code usage, February 2026", "Tagged:          yes", "Pages:           2"] {
        assert!(info.contains(line), "{line} in\n{info}");
    }
    let structure = read_pdf("pdfinfo", &["-struct-text"], &file);
    for part in ["H1 \"Claude Code usage, February 2026\"", "H2 \"By project\"", "Figure", "TH", "TD"] {
        assert!(structure.contains(part), "{part} in\n{structure}");
    }
    let fonts = read_pdf("pdffonts", &[], &file);
    assert!(fonts.lines().skip(2).all(|line| line.contains("Inter") && line.contains("yes yes yes")), "{fonts}");
    let pages = read_pdf("pdftotext", &["-layout"], &file);
    let pages: Vec<&str> = pages.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.iter().all(|page| page.contains("API-equivalent, not a bill")), "on each page");
    let text = pages.join("\n");
    for shown in ["/home/ada/p,0", "=HYPERLINK", "漢字 ünïcode", "claude-opus-4-8", "89,376", "$18.52"] {
        assert!(text.contains(shown), "{shown} in\n{text}");
    }
    let text = read_pdf("pdftotext", &["-layout"], &redacted);
    for hidden in ["/home/ada", "HYPERLINK", "漢字", "p,0"] {
        assert!(!text.contains(hidden), "{hidden} in\n{text}");
    }
    assert!(text.contains("Project 1") && text.contains("Session 4") && text.contains("89,376"), "{text}");
}
