//! Whatever the lines: what they add up to is what is counted, and the steps lead to the other figure.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use token_monitor_core::audit::{Ear, Four, Gathered, Gathering, Heard, PeerCommand, Rule, Scope, Spot};
use token_monitor_core::interner::{Interner, SessionId};
use token_monitor_core::time::Timestamp;

const COMMANDS: [PeerCommand; 4] =
    [PeerCommand::Daily, PeerCommand::Session, PeerCommand::Blocks, PeerCommand::Monthly];

const TIMES: [&str; 4] =
    ["2026-05-01T10:00:00.000Z", "2026-05-01T23:59:59.000Z", "2026-05-02T00:00:01.000Z", "2026-05-02T00:00:01.000001Z"];

fn one_of<T: Clone + std::fmt::Debug + 'static>(choices: impl Into<Vec<T>>) -> impl Strategy<Value = T> {
    prop::sample::select(choices.into())
}

/// An object of some of these fields.
fn object(fields: Vec<(&'static str, Vec<Value>)>) -> impl Strategy<Value = Value> {
    let field = |(name, values): (&'static str, Vec<Value>)| {
        prop::option::of(one_of(values)).prop_map(move |value| value.map(|value| (name.to_owned(), value)))
    };
    let fields: Vec<_> = fields.into_iter().map(field).collect();
    fields.prop_map(|fields| Value::Object(fields.into_iter().flatten().collect::<Map<_, _>>()))
}

fn usage() -> impl Strategy<Value = Value> {
    let split = json!({ "ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20 });
    let advisor = json!({ "type": "advisor_message", "model": "m", "input_tokens": 4, "output_tokens": 8 });
    object(vec![
        ("input_tokens", vec![json!(3), json!(90), json!(-1)]),
        ("output_tokens", vec![json!(1), json!(50), json!(200), json!(7.5)]),
        ("cache_creation_input_tokens", vec![json!(0), json!(999), Value::Null]),
        ("cache_creation", vec![split, Value::Null]),
        ("cache_read_input_tokens", vec![json!(70)]),
        ("speed", vec![json!("fast")]),
        ("iterations", vec![json!([advisor]), json!([{ "type": "message" }, advisor])]),
    ])
}

fn record() -> impl Strategy<Value = Value> {
    let message = object(vec![
        ("id", vec![json!("msg_1"), json!("msg_2"), json!("x"), json!("")]),
        ("model", vec![json!("opus"), json!("<synthetic>")]),
    ]);
    let outer = object(vec![
        ("timestamp", TIMES.map(Value::from).to_vec()),
        ("sessionId", vec![json!("a"), json!("b")]),
        ("requestId", vec![json!("r1"), json!("r2")]),
        ("isSidechain", vec![json!(true), json!(false)]),
        ("version", vec![json!("2.1.9"), json!("dev")]),
        ("uuid", vec![json!("u1"), json!("u2")]),
    ]);
    let kind = one_of(["assistant", "assistant", "progress", "user"]);
    (outer, message, usage(), kind).prop_map(|(mut outer, mut message, usage, kind)| {
        message["usage"] = usage;
        outer["message"] = message;
        let mut record =
            if kind == "progress" { json!({ "data": { "message": outer.clone() } }) } else { outer.clone() };
        record["type"] = json!(kind);
        record["timestamp"] = outer["timestamp"].clone();
        record
    })
}

fn line() -> impl Strategy<Value = String> {
    (record(), 0..20_u8).prop_map(|(record, damage)| match damage {
        0 => format!("{record}{record}"),
        1 => record.to_string().replace("\":", "\": "),
        2 => record.to_string().split_at(30).0.to_owned(),
        _ => record.to_string(),
    })
}

/// Logs with their lines.
fn logs() -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(prop::collection::vec(line(), 1..8), 1..4)
}

const HOMES: [&str; 3] = ["a", "b", "c"];

fn gathered(logs: &[Vec<String>], scope: Scope, command: PeerCommand, sessions: &mut Interner<SessionId>) -> Gathered {
    let (ear, mut gathering) = (Ear::new(command), Gathering::new(scope, command));
    for (log, lines) in (0_u32..).zip(logs) {
        let mut offset = 0;
        for line in lines {
            let home = HOMES[log as usize];
            let spot = Spot { home, file: home, log, peer_session: home, peer_searches: log != 2, offset };
            ear.hear(line.as_bytes(), true, &spot, sessions, || None, |heard| gathering.add(heard));
            offset += line.len() as u64 + 1;
        }
    }
    gathering.finish()
}

fn scopes(sessions: &mut Interner<SessionId>) -> [Scope; 4] {
    let midnight = Timestamp::parse("2026-05-02T00:00:00Z").expect("a time");
    [
        Scope::All,
        Scope::Between(Timestamp(0), midnight),
        Scope::Between(midnight, Timestamp(i64::MAX)),
        Scope::Session(sessions.id(b"a")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_line_is_accounted_for(logs in logs()) {
        let mut sessions = Interner::default();
        for scope in scopes(&mut sessions) {
            let own = gathered(&logs, scope, PeerCommand::Daily, &mut sessions).own(&sessions);
            prop_assert_eq!(own.remainder(), own.counted.tokens, "{:?}", scope);
        }
    }

    #[test]
    fn the_steps_lead_from_our_figure_to_theirs(logs in logs()) {
        let mut sessions = Interner::default();
        for scope in scopes(&mut sessions) {
            for command in COMMANDS {
                let gathered = gathered(&logs, scope, command, &mut sessions);
                let (own, against) = (gathered.own(&sessions), gathered.against(&sessions));
                let steps: Four = against.steps.iter().map(|step| step.tokens).sum();
                prop_assert_eq!(against.ours, own.counted.tokens);
                prop_assert_eq!(against.ours + steps, against.theirs);
                prop_assert_eq!(against.steps.len(), Rule::ALL.len());
            }
        }
    }

    #[test]
    fn days_add_up_to_everything_by_either_rule(logs in logs()) {
        let mut sessions = Interner::default();
        let [all, before, after, _] = scopes(&mut sessions);
        for command in COMMANDS {
            let mut figures = |scope| {
                let against = gathered(&logs, scope, command, &mut sessions).against(&sessions);
                [against.ours, against.theirs]
            };
            let (all, before, after) = (figures(all), figures(before), figures(after));
            prop_assert_eq!(all, [before[0] + after[0], before[1] + after[1]]);
        }
    }

    #[test]
    fn only_what_concerns_the_scope_matters(logs in logs()) {
        let mut sessions = Interner::default();
        for scope in scopes(&mut sessions) {
            let whole = gathered(&logs, scope, PeerCommand::Daily, &mut sessions);
            let concerned: std::collections::HashSet<_> =
                whole.lines().filter(|heard| scope.concerns(heard)).map(Heard::group).collect();
            let mut fewer = Gathering::new(scope, PeerCommand::Daily);
            whole.lines().filter(|heard| concerned.contains(&heard.group())).for_each(|heard| fewer.add(*heard));
            let fewer = fewer.finish();
            prop_assert_eq!(fewer.own(&sessions), whole.own(&sessions));
            prop_assert_eq!(fewer.against(&sessions), whole.against(&sessions));
        }
    }
}
