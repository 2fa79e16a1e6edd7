//! For any lines: the breakdown adds up to the counted sum, and the comparison steps lead to ccusage's sum.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use token_monitor_core::audit::{
    AuditCollector, AuditData, AuditScope, CcusageRule, LineLocation, PeerCommand, TokenDelta, UsageObservation,
    UsageScanner,
};
use token_monitor_core::interner::{Interner, SessionId};
use token_monitor_core::time::Timestamp;
use token_monitor_test_support::property_cases;

const COMMANDS: [PeerCommand; 4] =
    [PeerCommand::Daily, PeerCommand::Session, PeerCommand::Blocks, PeerCommand::Monthly];

const TIMES: [&str; 4] =
    ["2026-05-01T10:00:00.000Z", "2026-05-01T23:59:59.000Z", "2026-05-02T00:00:01.000Z", "2026-05-02T00:00:01.000001Z"];

fn one_of<T: Clone + std::fmt::Debug + 'static>(choices: impl Into<Vec<T>>) -> impl Strategy<Value = T> {
    prop::sample::select(choices.into())
}

/// Generates an object with some of these fields.
fn arbitrary_object(fields: Vec<(&'static str, Vec<Value>)>) -> impl Strategy<Value = Value> {
    let field = |(name, values): (&'static str, Vec<Value>)| {
        prop::option::of(one_of(values)).prop_map(move |value| value.map(|value| (name.to_owned(), value)))
    };
    let fields: Vec<_> = fields.into_iter().map(field).collect();
    fields.prop_map(|fields| Value::Object(fields.into_iter().flatten().collect::<Map<_, _>>()))
}

fn arbitrary_usage() -> impl Strategy<Value = Value> {
    let split = json!({ "ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20 });
    let advisor = json!({ "type": "advisor_message", "model": "m", "input_tokens": 4, "output_tokens": 8 });
    arbitrary_object(vec![
        ("input_tokens", vec![json!(3), json!(90), json!(-1)]),
        ("output_tokens", vec![json!(1), json!(50), json!(200), json!(7.5)]),
        ("cache_creation_input_tokens", vec![json!(0), json!(999), Value::Null]),
        ("cache_creation", vec![split, Value::Null]),
        ("cache_read_input_tokens", vec![json!(70)]),
        ("speed", vec![json!("fast")]),
        ("iterations", vec![json!([advisor]), json!([{ "type": "message" }, advisor])]),
    ])
}

fn arbitrary_record() -> impl Strategy<Value = Value> {
    let message = arbitrary_object(vec![
        ("id", vec![json!("msg_1"), json!("msg_2"), json!("x"), json!("")]),
        ("model", vec![json!("opus"), json!("<synthetic>")]),
    ]);
    let outer = arbitrary_object(vec![
        ("timestamp", TIMES.map(Value::from).to_vec()),
        ("sessionId", vec![json!("a"), json!("b")]),
        ("requestId", vec![json!("r1"), json!("r2")]),
        ("isSidechain", vec![json!(true), json!(false)]),
        ("version", vec![json!("2.1.9"), json!("dev")]),
        ("uuid", vec![json!("u1"), json!("u2")]),
    ]);
    let kind = one_of(["assistant", "assistant", "progress", "user"]);
    (outer, message, arbitrary_usage(), kind).prop_map(|(mut outer, mut message, usage, kind)| {
        message["usage"] = usage;
        outer["message"] = message;
        let mut record =
            if kind == "progress" { json!({ "data": { "message": outer.clone() } }) } else { outer.clone() };
        record["type"] = json!(kind);
        record["timestamp"] = outer["timestamp"].clone();
        record
    })
}

fn arbitrary_line() -> impl Strategy<Value = String> {
    (arbitrary_record(), 0..20_u8).prop_map(|(record, damage)| match damage {
        0 => format!("{record}{record}"),
        1 => record.to_string().replace("\":", "\": "),
        2 => record.to_string().split_at(30).0.to_owned(),
        _ => record.to_string(),
    })
}

/// Generates the lines of several logs.
fn arbitrary_logs() -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(prop::collection::vec(arbitrary_line(), 1..8), 1..4)
}

const FILE_SESSIONS: [&str; 3] = ["a", "b", "c"];

fn collect(
    logs: &[Vec<String>],
    scope: AuditScope,
    command: PeerCommand,
    sessions: &mut Interner<SessionId>,
) -> AuditData {
    let (scanner, mut collector) = (UsageScanner::new(command), AuditCollector::new(scope, command));
    for (log, lines) in (0_u32..).zip(logs) {
        let mut offset = 0;
        for line in lines {
            let session = FILE_SESSIONS[log as usize];
            let location = LineLocation {
                file_session: session,
                file: session,
                log_index: log,
                peer_session: session,
                peer_searches: log != 2,
                offset,
            };
            scanner.scan_line(line.as_bytes(), true, &location, sessions, || None, |line| collector.add(line));
            offset += line.len() as u64 + 1;
        }
    }
    collector.finish()
}

fn all_scopes(sessions: &mut Interner<SessionId>) -> [AuditScope; 4] {
    let midnight = Timestamp::parse("2026-05-02T00:00:00Z").expect("a time");
    [
        AuditScope::All,
        AuditScope::Between(Timestamp(0), midnight),
        AuditScope::Between(midnight, Timestamp(i64::MAX)),
        AuditScope::Session(sessions.intern(b"a")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(property_cases(64)))]

    #[test]
    fn the_breakdown_accounts_for_every_line(logs in arbitrary_logs()) {
        let mut sessions = Interner::default();
        for scope in all_scopes(&mut sessions) {
            let breakdown = collect(&logs, scope, PeerCommand::Daily, &mut sessions).breakdown(&sessions);
            prop_assert_eq!(breakdown.remainder(), breakdown.counted.tokens, "{:?}", scope);
        }
    }

    #[test]
    fn the_steps_lead_from_our_sum_to_that_of_ccusage(logs in arbitrary_logs()) {
        let mut sessions = Interner::default();
        for scope in all_scopes(&mut sessions) {
            for command in COMMANDS {
                let data = collect(&logs, scope, command, &mut sessions);
                let (breakdown, comparison) = (data.breakdown(&sessions), data.comparison(&sessions));
                let steps: TokenDelta = comparison.steps.iter().map(|step| step.tokens).sum();
                prop_assert_eq!(comparison.ours, breakdown.counted.tokens);
                prop_assert_eq!(comparison.ours + steps, comparison.theirs);
                prop_assert_eq!(comparison.steps.len(), CcusageRule::ALL.len());
            }
        }
    }

    #[test]
    fn days_add_up_to_the_total_by_both_sets_of_rules(logs in arbitrary_logs()) {
        let mut sessions = Interner::default();
        let [all, before, after, _] = all_scopes(&mut sessions);
        for command in COMMANDS {
            let mut figures = |scope| {
                let comparison = collect(&logs, scope, command, &mut sessions).comparison(&sessions);
                [comparison.ours, comparison.theirs]
            };
            let (all, before, after) = (figures(all), figures(before), figures(after));
            prop_assert_eq!(all, [before[0] + after[0], before[1] + after[1]]);
        }
    }

    #[test]
    fn lines_outside_the_scope_do_not_affect_the_result(logs in arbitrary_logs()) {
        let mut sessions = Interner::default();
        for scope in all_scopes(&mut sessions) {
            let all = collect(&logs, scope, PeerCommand::Daily, &mut sessions);
            let groups: std::collections::HashSet<_> =
                all.observations().filter(|line| scope.may_include(line)).map(UsageObservation::group_key).collect();
            let mut filtered = AuditCollector::new(scope, PeerCommand::Daily);
            all.observations().filter(|line| groups.contains(&line.group_key())).for_each(|line| filtered.add(*line));
            let filtered = filtered.finish();
            prop_assert_eq!(filtered.breakdown(&sessions), all.breakdown(&sessions));
            prop_assert_eq!(filtered.comparison(&sessions), all.comparison(&sessions));
        }
    }
}
