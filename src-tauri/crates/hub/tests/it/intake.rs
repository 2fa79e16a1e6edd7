//! Updates in every order: repeated, late, of earlier generations, and not valid ones.

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use token_monitor_core::team::{DeviceToken, SharingLevel, TeamUpdate};
use token_monitor_hub::ReportGroup;

use crate::harness::{TestHub, problem, row, row_at, send_to, update};

const BY_DAY: [ReportGroup; 1] = [ReportGroup::Day];

fn expected<const N: usize>(rows: [(&str, u128); N]) -> BTreeMap<String, u128> {
    rows.into_iter().map(|(key, output)| (key.to_owned(), output)).collect()
}

#[test]
fn a_row_overwrites_lower_revisions_of_itself_only() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let receipt = hub.accept(&token, &update(1, 0, vec![row(1, 1, 10), row(2, 2, 20)]));
    assert_eq!((receipt.generation, receipt.highest_revision), (1, 2));
    hub.accept(&token, &update(1, 2, vec![row(1, 3, 15)]));
    assert_eq!(hub.outputs("acme", &BY_DAY), expected([("2026-03-01", 35)]));
    hub.accept(&token, &update(1, 3, vec![row(1, 1, 10), row(2, 2, 20)]));
    assert_eq!(hub.outputs("acme", &BY_DAY), expected([("2026-03-01", 35)]), "the same rows again change nothing");
    hub.accept(&token, &update(1, 3, vec![row(2, 4, 0), row_at(5, 5, 20, "2026-02-28T23:55:00Z")]));
    let moved = expected([("2026-02-28", 20), ("2026-03-01", 15)]);
    assert_eq!(hub.outputs("acme", &BY_DAY), moved, "a message that moved to an earlier day");
}

#[test]
fn an_update_made_without_knowing_what_the_hub_has_is_refused() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    hub.accept(&token, &update(1, 0, vec![row(1, 1, 10), row(2, 2, 20)]));
    let before = hub.dump("usage_buckets", "acme");
    for refused in [update(1, 1, vec![row(3, 2, 7)]), update(0, 9, vec![row(3, 9, 7)])] {
        let (status, body) = hub.send(&token, &refused);
        assert_eq!((status, &body["generation"], &body["highestRevision"]), (409, &json!(1), &json!(2)));
        assert_eq!(hub.dump("usage_buckets", "acme"), before);
    }
}

#[test]
fn a_new_generation_replaces_everything() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let other = hub.add_device("acme", "ada", "laptop");
    hub.accept(&other, &update(1, 0, vec![row(1, 1, 1)]));
    hub.accept(&token, &update(1, 0, vec![row(1, 1, 10), row_at(2, 2, 20, "2026-02-28T00:00:00Z")]));
    hub.accept(&token, &update(2, 0, vec![row(1, 1, 7)]));
    assert_eq!(hub.outputs("acme", &BY_DAY), expected([("2026-03-01", 8)]), "the other device keeps its rows");
    let lowered = TeamUpdate { level: SharingLevel::Totals, ..update(3, 0, Vec::new()) };
    hub.accept(&token, &lowered);
    assert_eq!(hub.outputs("acme", &BY_DAY), expected([("2026-03-01", 1)]), "an update without rows deletes as well");
    assert!(!hub.dump("usage_buckets", "acme").contains("\"number\":2"), "nothing is left of the deleted rows");
    assert_eq!(hub.send(&token, &update(2, 9, vec![row(1, 9, 7)])).0, 409, "a late update of an earlier generation");
}

#[test]
fn an_update_that_is_not_valid_changes_nothing() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let above = TeamUpdate { level: SharingLevel::Totals, ..update(1, 0, vec![row(1, 1, 10)]) };
    let detail = "row 1 has a property above the level";
    assert_eq!(hub.send(&token, &above), (422, problem(422, "Unprocessable Entity", detail)));
    for body in ["", "{}", "[]", "{\"format\":1}", "\u{0}"] {
        assert_eq!(send_to(&hub.url, &token, body).0, 400, "{body}");
    }
    assert_eq!(hub.dump("usage_buckets", "acme"), "");
}

#[test]
fn a_token_that_is_wrong_or_revoked_is_refused() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let rows = update(1, 0, vec![row(1, 1, 10)]);
    hub.accept(&token, &rows);
    let wrong = DeviceToken { secret: [0; 32], ..token.clone() };
    let detail = "The token is missing, wrong or revoked.";
    assert_eq!(hub.send(&wrong, &rows), (401, problem(401, "Unauthorized", detail)));
    assert_eq!(hub.get("", "/api/v1/report").0, 401);
    let renewed = hub.add_device("acme", "ada", "desk");
    assert_eq!((renewed.device, hub.send(&token, &rows).0), (token.device, 401), "the former token of the device");
    let members = hub.members("acme");
    assert_eq!(hub.runtime.block_on(members.revoke("ada", None, false)).expect("it is revoked"), 1);
    assert_eq!(hub.send(&renewed, &rows).0, 401);
    assert_eq!(hub.get(&renewed.credential(), "/api/v1/report").0, 401);
    assert_eq!(hub.outputs("acme", &BY_DAY), expected([("2026-03-01", 10)]), "what was counted stays");
    hub.runtime.block_on(members.revoke("ada", Some("desk"), true)).expect("it is revoked");
    assert_eq!(hub.outputs("acme", &BY_DAY), BTreeMap::new());
    assert!(hub.runtime.block_on(members.revoke("bob", None, false)).is_err());
}

/// Updates with the rows of one device in any order and with repetitions. What a row contains depends on its revision only.
#[test]
fn the_order_and_number_of_deliveries_do_not_matter() {
    let hub = TestHub::start();
    let count = Cell::new(0);
    let deliveries = prop::collection::vec((1_u64..5, 1_u64..40), 1..30);
    let mut runner = TestRunner::new(Config { cases: 24, ..Config::default() });
    let ran = runner.run(&deliveries, |rows| {
        count.set(count.get() + 1);
        let member = format!("member{}", count.get());
        let token = hub.add_device("acme", &member, "desk");
        let mut highest: BTreeMap<u64, u64> = BTreeMap::new();
        for (number, revision) in rows {
            hub.accept(&token, &update(1, 1_000, vec![row(number, revision, output_of(number, revision))]));
            let known = highest.entry(number).or_default();
            *known = revision.max(*known);
        }
        let total: u128 = highest.iter().map(|(number, revision)| u128::from(output_of(*number, *revision))).sum();
        let found = hub.outputs("acme", &[ReportGroup::Member]).get(&member).copied().unwrap_or_default();
        prop_assert_eq!(found, total);
        Ok(())
    });
    ran.expect("the totals are those of the highest revisions");
}

/// Returns the output tokens of a revision of a row; some revisions delete it.
fn output_of(number: u64, revision: u64) -> u64 {
    (number + 7 * revision) % 6 * 100
}
