//! Cost allocation: which rule applies, and that the rows add up to the totals.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use token_monitor_core::report::model::ExactTotals;
use token_monitor_core::team::{RowGroup, TeamRow, UsageCounts};
use token_monitor_hub::{
    AllocationFormat, AllocationReport, AllocationRules, CostCenterShare, ReportGroup, ReportRequest, RuleSettings,
    Share, TeamReport,
};

use crate::harness::{TestHub, row_at, update};

fn rules(hub: &TestHub) -> AllocationRules {
    AllocationRules::new(&hub.database, hub.members("acme").organization())
}

fn rule<const N: usize>(shares: [(&str, u32); N]) -> RuleSettings {
    let share = |(name, share): (&str, u32)| CostCenterShare { cost_center: name.to_owned(), share: Share(share) };
    RuleSettings { shares: shares.map(share).to_vec(), ..RuleSettings::default() }
}

fn add(hub: &TestHub, settings: RuleSettings) {
    hub.runtime.block_on(rules(hub).add(settings)).expect("the rule is added");
}

fn allocate(hub: &TestHub, request: &ReportRequest) -> AllocationReport {
    let organization = hub.members("acme").organization();
    hub.runtime.block_on(AllocationReport::load(&hub.database, organization, request)).expect("a report")
}

/// Returns the output tokens by cost center.
fn outputs(report: &AllocationReport) -> BTreeMap<String, u128> {
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "unallocated".to_owned());
    report.rows.iter().map(|row| (name(&row.cost_center), row.totals.totals.output_tokens)).collect()
}

fn expected<const N: usize>(rows: [(&str, u128); N]) -> BTreeMap<String, u128> {
    rows.into_iter().map(|(name, output)| (name.to_owned(), output)).collect()
}

/// Returns a row with a repository, a tag and a project.
fn tagged_row(number: u64, output: u64, repository: &str, tag: &str, start: &str) -> TeamRow {
    let row = row_at(number, number, output, start);
    let group = RowGroup {
        repository: Some(repository.to_owned()),
        session: Some(format!("session{number}")),
        tags: vec!["other".to_owned(), tag.to_owned()],
        ..row.group
    };
    TeamRow { group, ..row }
}

#[test]
fn the_first_rule_that_applies_on_the_day_assigns_the_usage() {
    let hub = TestHub::start();
    let ada = hub.add_device("acme", "ada", "desk");
    let bob = hub.add_device("acme", "bob", "desk");
    let day = |text: &str| Some(text.parse().expect("a day"));
    let rows = vec![
        tagged_row(1, 1, "acme/shop", "billing", "2026-02-28T12:00:00Z"),
        tagged_row(2, 10, "acme/shop", "billing", "2026-03-01T12:00:00Z"),
        tagged_row(3, 100, "acme/blog", "", "2026-03-01T12:00:00Z"),
    ];
    hub.accept(&ada, &update(1, 0, rows));
    hub.accept(&bob, &update(1, 0, vec![row_at(1, 1, 1_000, "2026-03-02T12:00:00Z")]));
    add(
        &hub,
        RuleSettings { repository: Some("acme/*".to_owned()), from: day("2026-03-01"), ..rule([("web", 10_000)]) },
    );
    add(&hub, RuleSettings { member: Some("b?b".to_owned()), until: day("2026-03-01"), ..rule([("never", 10_000)]) });
    let all = ReportRequest::default();
    assert_eq!(outputs(&allocate(&hub, &all)), expected([("unallocated", 1_001), ("web", 110)]));
    add(
        &hub,
        RuleSettings { tag: Some("billing".to_owned()), position: Some(0), ..rule([("sales", 7_500), ("ops", 2_500)]) },
    );
    let split = expected([("ops", 2), ("sales", 9), ("unallocated", 1_000), ("web", 100)]);
    assert_eq!(outputs(&allocate(&hub, &all)), split, "the lowest position applies; 1 and 10 are split together");
    let of_ada = ReportRequest { member: Some("ada".to_owned()), ..ReportRequest::default() };
    assert_eq!(outputs(&allocate(&hub, &of_ada)), expected([("ops", 2), ("sales", 9), ("web", 100)]));
}

#[test]
fn a_project_is_found_by_its_name() {
    let hub = TestHub::start();
    let ada = hub.add_device("acme", "ada", "desk");
    let pseudonym = |name: &str| {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &ada.pseudonym_key);
        let tag = ring::hmac::sign(&key, format!("project\0{name}").as_bytes());
        tag.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let row = row_at(1, 1, 7, "2026-03-01T12:00:00Z");
    let group = RowGroup { project: Some(pseudonym("shop")), ..row.group.clone() };
    hub.accept(&ada, &update(1, 0, vec![TeamRow { group, ..row }]));
    add(&hub, RuleSettings { project: Some("shop".to_owned()), ..rule([("web", 10_000)]) });
    assert_eq!(outputs(&allocate(&hub, &ReportRequest::default())), expected([("web", 7)]));
}

/// A row of any device, with any usage.
fn any_row() -> impl Strategy<Value = (usize, u64, u32, UsageCounts)> {
    let counts = prop::collection::vec(0..1_u64 << 50, 15);
    (0..3_usize, 0..4_u64, 0..60_u32, counts).prop_map(|(device, kind, day, counts)| {
        let [input, output, write_5m, write_1h, read, kinds @ ..] = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(|at| counts[at]);
        let usage = UsageCounts {
            messages: 1 + counts[9] % 1_000,
            input_tokens: input,
            output_tokens: output,
            cache_creation_tokens: write_5m + write_1h,
            cache_creation_1h_tokens: write_1h,
            cache_read_tokens: read,
            cost_nanos: kinds.iter().sum::<u64>() + counts[10],
            input_cost_nanos: kinds[0],
            output_cost_nanos: kinds[1],
            cache_creation_cost_nanos: kinds[2],
            cache_read_cost_nanos: kinds[3],
            unpriced_tokens: counts[11] % (output + 1),
            under_logged_messages: counts[12] % 2,
            ..UsageCounts::default()
        };
        (device, kind, day, usage)
    })
}

/// A rule with any days, conditions and shares.
fn any_rule() -> impl Strategy<Value = RuleSettings> {
    let day = || prop::option::of(0..60_u32);
    let text = |values: &'static [&'static str]| prop::option::of(prop::sample::select(values).prop_map(str::to_owned));
    let shares = prop::collection::btree_set(1..10_000_u32, 0..4);
    let conditions = (text(&["member0", "member?", "*"]), text(&["repo1", "repo*"]), text(&["tag2", "tag*"]));
    (day(), day(), conditions, shares).prop_map(|(first, last, (member, repository, tag), cuts)| {
        let (from, until) = match (first, last) {
            (Some(first), Some(last)) => (Some(first.min(last)), Some(first.max(last))),
            ends => ends,
        };
        let ends = cuts.iter().copied().chain([10_000]);
        let starts = [0].into_iter().chain(cuts.iter().copied());
        let shares = ends.zip(starts).enumerate().map(|(index, (end, start))| CostCenterShare {
            cost_center: format!("center{index}"),
            share: Share(end - start),
        });
        let shares = shares.collect();
        RuleSettings {
            from: from.map(date),
            until: until.map(date),
            member,
            repository,
            tag,
            shares,
            ..RuleSettings::default()
        }
    })
}

fn date(day: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day") + chrono::Days::new(u64::from(day))
}

/// Returns the sums of totals that are comparable without rounding.
fn counts(totals: &ExactTotals) -> [u128; 10] {
    let ExactTotals { totals, cost_nanos } = totals;
    [
        u128::from(totals.message_count),
        totals.input_tokens,
        totals.output_tokens,
        totals.cache_creation_tokens,
        totals.cache_creation_1h_tokens,
        totals.cache_read_tokens,
        totals.total_tokens,
        totals.unpriced_tokens,
        u128::from(totals.under_logged_messages),
        *cost_nanos,
    ]
}

fn add_counts(to: &mut [u128; 10], from: [u128; 10]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
}

#[test]
fn allocated_rows_add_up_to_the_report_in_every_count() {
    let hub = TestHub::start();
    let devices = ["member0", "member1", "member2"].map(|member| hub.add_device("acme", member, "desk"));
    let generation = std::cell::Cell::new(0);
    let groups = prop::sample::subsequence(ReportGroup::ALL.to_vec(), 0..3);
    let input = (prop::collection::vec(any_row(), 1..12), prop::collection::vec(any_rule(), 0..5), groups);
    let mut runner = TestRunner::new(Config { cases: 40, ..Config::default() });
    let ran = runner.run(&input, |(rows, settings, by)| {
        generation.set(generation.get() + 1);
        for (index, token) in devices.iter().enumerate() {
            let own = rows.iter().filter(|(device, ..)| *device == index);
            let own = (1..).zip(own).map(|(number, (_, kind, day, usage))| {
                let start = format!("{}T12:00:00Z", date(*day));
                let row = tagged_row(number, 1, &format!("repo{kind}"), &format!("tag{kind}"), &start);
                TeamRow { usage: *usage, ..row }
            });
            hub.accept(token, &update(generation.get(), 0, own.collect()));
        }
        for stored in hub.runtime.block_on(rules(&hub).list()).expect("rules") {
            hub.runtime.block_on(rules(&hub).remove(stored.id)).expect("it is removed");
        }
        settings.into_iter().for_each(|settings| add(&hub, settings));
        let request = ReportRequest { by: by.clone(), since: Some(date(2)), until: Some(date(57)), member: None };
        let organization = hub.members("acme").organization();
        let plain = hub.runtime.block_on(TeamReport::load(&hub.database, organization, &request)).expect("a report");
        let allocated = allocate(&hub, &request);
        let key = |values: &serde_json::Map<String, Value>| {
            by.iter().map(|group| values[group.name()].to_string()).collect::<Vec<_>>()
        };
        let mut sums: BTreeMap<Vec<String>, [u128; 10]> = BTreeMap::new();
        for row in &allocated.rows {
            add_counts(sums.entry(key(&row.values)).or_default(), counts(&row.totals));
        }
        let expected: BTreeMap<_, _> = plain.rows.iter().map(|row| (key(&row.values), counts(&row.totals))).collect();
        prop_assert_eq!(sums, expected);
        prop_assert_eq!(counts(&allocated.totals), counts(&plain.totals));
        Ok(())
    });
    ran.expect("the rows add up");
}

#[test]
fn a_report_by_cost_center_is_exported_as_csv_and_focus() {
    let hub = TestHub::start();
    let ada = hub.add_device("acme", "ada", "desk");
    let row = row_at(1, 1, 7, "2026-03-01T12:00:00Z");
    let usage = UsageCounts { cost_nanos: 3, output_cost_nanos: 3, ..row.usage };
    hub.accept(&ada, &update(1, 0, vec![TeamRow { usage, ..row }]));
    add(&hub, rule([("=web", 5_000), ("ops, old", 5_000)]));
    let document = |format: AllocationFormat, by: &[ReportGroup]| {
        let request = format.adapt_request(ReportRequest { by: by.to_vec(), ..ReportRequest::default() });
        let report = allocate(&hub, &request);
        report.to_document(&request, format, token_monitor_export::Billing::Api).expect("it is written")
    };
    let csv = document(AllocationFormat::Csv, &[ReportGroup::Member]);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines,
        [
            "cost_center,member,messages,input_tokens,output_tokens,cache_write_5m_tokens,cache_write_1h_tokens,\
             cache_read_tokens,total_tokens,unpriced_tokens,under_logged_messages,cost_usd,cost_basis",
            "'=web,ada,1,0,4,0,0,0,4,0,0,0.000000002,API-equivalent",
            "\"ops, old\",ada,0,0,3,0,0,0,3,0,0,0.000000001,API-equivalent",
        ]
    );
    let focus = document(AllocationFormat::Focus, &[ReportGroup::Member]);
    let mut reader = csv::Reader::from_reader(focus.as_bytes());
    let head: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let column = |name: &str| head.iter().position(|column| column == name).expect("the column");
    assert!(head[column("x_CacheReadTokens")..].is_sorted(), "own columns are in order");
    let first = reader.records().next().expect("a row").expect("it is read");
    let value = |name: &str| &first[column(name)];
    assert_eq!((value("x_CostCenter"), value("BilledCost")), ("'=web", "0.000000002"));
    assert_eq!((value("ChargePeriodStart"), value("SkuId")), ("2026-03-01T00:00:00Z", "opus"));
}

#[test]
fn only_administrators_change_rules() {
    let hub = TestHub::start();
    let ada = hub.add_device("acme", "ada", "desk").credential();
    let bob = hub.add_device("acme", "bob", "desk").credential();
    hub.runtime.block_on(hub.members("acme").set_admin("ada", true)).expect("it is set");
    let body = json!({ "repository": "acme/*", "shares": [{ "costCenter": "web", "percent": 12.5 }, { "costCenter": "ops", "percent": 87.5 }] });
    assert_eq!(hub.request(&bob, "POST", "/api/v1/rules", &body).0, 403);
    let (status, added) = hub.request(&ada, "POST", "/api/v1/rules", &body);
    assert_eq!((status, &added["position"], &added["shares"]), (201, &json!(1), &body["shares"]));
    let path = format!("/api/v1/rules/{}", added["id"].as_str().expect("an id"));
    let changed = json!({ "tag": "x", "shares": [{ "costCenter": "web", "percent": 100 }] });
    assert_eq!(hub.request(&bob, "PUT", &path, &changed).0, 403);
    assert_eq!(hub.request(&ada, "PUT", &path, &changed).0, 200);
    let wrong = json!({ "shares": [{ "costCenter": "web", "percent": 99 }] });
    let (status, problem) = hub.request(&ada, "PUT", &path, &wrong);
    assert_eq!((status, &problem["detail"]), (400, &json!("the shares add up to 99%, not to 100%")));
    let (_, listed) = hub.get(&bob, "/api/v1/rules");
    assert_eq!((&listed["rules"][0]["tag"], &listed["rules"][0]["repository"]), (&json!("x"), &Value::Null));
    assert_eq!(listed["rules"][0]["position"], json!(1), "it keeps its place");
    assert_eq!(hub.request(&bob, "DELETE", &path, &Value::Null).0, 403);
    assert_eq!(hub.request(&ada, "DELETE", &path, &Value::Null).0, 204);
    assert_eq!(hub.request(&ada, "DELETE", &path, &Value::Null).0, 404);
    let other = hub.add_device("globex", "eve", "desk").credential();
    hub.runtime.block_on(hub.members("globex").set_admin("eve", true)).expect("it is set");
    hub.request(&ada, "POST", "/api/v1/rules", &body);
    let (_, listed) = hub.get(&other, "/api/v1/rules");
    assert_eq!(listed, json!({ "rules": [] }), "rules belong to one organization");
}
