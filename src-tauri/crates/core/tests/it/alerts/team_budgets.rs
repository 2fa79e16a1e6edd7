//! Budgets of a team that the hub has reported as reached.

use chrono::NaiveDate;
use token_monitor_core::report::model::Route;

use super::*;

fn reached(budget: &str, threshold: u64) -> ReachedBudget {
    ReachedBudget {
        budget: budget.to_owned(),
        cost_center: (budget == "research").then(|| "Research\u{202e}\n".to_owned()),
        monthly_cost_nanos: 800_000_000_000,
        month: NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day"),
        threshold,
    }
}

#[test]
fn each_threshold_of_a_team_is_reported_once() {
    let mut harness = AlertHarness::new();
    harness.team_budgets = vec![reached("research", 50), reached("research", 90)];
    let alerts = harness.sent_after(1);
    let [alert] = alerts.as_slice() else { panic!("the highest one: {alerts:?}") };
    assert_eq!((alert.title.as_str(), &alert.route), ("90% of a team's budget used", &Route::History));
    assert_eq!(
        alert.body,
        "90% of $800.00 used of the team's budget of “Research” this month, API-equivalent (measured)."
    );
    assert_eq!(harness.sent_after(5), [], "once");
    harness.team_budgets.push(reached("research", 100));
    assert_eq!(titles(&harness.sent_after(1)), ["A team's budget is used up"]);
    harness.team_budgets.clear();
    assert_eq!(harness.sent_after(1), []);
    harness.team_budgets = vec![reached("research", 100), reached("whole team", 50)];
    let alerts = harness.sent_after(5);
    assert_eq!(titles(&alerts), ["50% of a team's budget used"], "another budget");
    assert!(alerts[0].body.contains("of the team's budget this month"), "{}", alerts[0].body);
}

#[test]
fn budgets_of_other_months_are_not_reported() {
    let mut harness = AlertHarness::new();
    let month = NaiveDate::from_ymd_opt(2026, 2, 1).expect("a day");
    harness.team_budgets = vec![ReachedBudget { month, ..reached("research", 100) }];
    assert_eq!(harness.sent_after(5), []);
}

#[test]
fn many_budgets_of_a_team_do_not_displace_the_own_ones() {
    let mut harness = AlertHarness::new();
    harness.settings.monthly_budget = Some(token_monitor_core::alerts::Budget::Dollars(10));
    harness.month_usage = Some(Amount { tokens: 1, cost: Some(9.0) });
    assert_eq!(titles(&harness.sent_after(1)), ["$1.00 of this month's budget left"]);
    harness.team_budgets = (0..200).map(|number| reached(&format!("budget {number}"), 50)).collect();
    for _ in 0..90 {
        assert!(titles(&harness.sent_after(1)).iter().all(|title| !title.contains("this month's budget")), "not again");
    }
}
