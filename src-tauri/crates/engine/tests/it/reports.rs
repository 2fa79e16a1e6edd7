//! Reports: every filter and grouping against a slow plain filter over the messages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;
use token_monitor_core::report::model::{
    ExactTotals, GroupValue, Grouping, Report, ReportFilter, ReportQuery, ReportSort, SessionChanges, SortDirection,
    WeekStart,
};
use token_monitor_engine::{Request, Response};
use token_monitor_test_support::{LogLine, property_cases};

use crate::harness::{TestEngine, TestEnv};

/// A session of the made-up history.
#[derive(Clone, Copy, Debug)]
struct Session {
    id: &'static str,
    project: Option<&'static str>,
    branch: Option<&'static str>,
    tags: &'static [&'static str],
}

const SESSIONS: [Session; 6] = [
    Session { id: "s-0", project: Some("/home/ada/shop"), branch: Some("main"), tags: &["client", "urgent"] },
    Session { id: "s-1", project: Some("/home/ada/shop/api"), branch: Some("fix/login"), tags: &["client"] },
    Session { id: "s-2", project: Some("/home/ada/workshop"), branch: Some("maintenance"), tags: &[] },
    Session { id: "s-3", project: Some("/srv/docs"), branch: None, tags: &["private"] },
    Session { id: "s-4", project: None, branch: Some("main"), tags: &[] },
    Session { id: "s-5", project: Some("/home/ada/shop"), branch: Some("main"), tags: &["urgent", "client"] },
];

const MODELS: [&str; 4] = ["claude-opus-5-5", "claude-opus-5", "claude-haiku-4-5", "glm-4.7"];

/// A message of the made-up history.
#[derive(Clone, Debug)]
struct Message {
    session: Session,
    when: DateTime<Utc>,
    model: &'static str,
    /// Input, output, cache writes and cache reads.
    counts: [u64; 4],
    nanos: u64,
    /// `None` for the main conversation, empty for a subagent of unknown type.
    agent: Option<&'static str>,
}

/// Sums of messages: messages, the four counts, and the cost in billionths of a dollar.
type Sums = [u128; 6];

impl Message {
    fn sums(&self) -> Sums {
        let [input, output, write, read] = self.counts.map(u128::from);
        [1, input, output, write, read, u128::from(self.nanos)]
    }

    fn local_date(&self, zone: Tz) -> NaiveDate {
        self.when.with_timezone(&zone).date_naive()
    }

    fn value(&self, by: Grouping, zone: Tz) -> GroupValue {
        let (date, owned) = (self.local_date(zone), |text: Option<&str>| text.map(str::to_owned));
        match by {
            Grouping::Day => GroupValue::Day(date),
            Grouping::Week => GroupValue::Week(date.week(Weekday::Mon).first_day()),
            Grouping::Month => GroupValue::Month(date.with_day(1).expect("a date")),
            Grouping::Project => GroupValue::Project(owned(self.session.project)),
            Grouping::Session => GroupValue::Session(self.session.id.to_owned(), self.session.id.to_uppercase()),
            Grouping::Branch => GroupValue::Branch(owned(self.session.branch)),
            Grouping::Tag => GroupValue::Tag(self.session.tags.iter().map(ToString::to_string).collect()),
            Grouping::Agent => GroupValue::Agent(owned(self.agent)),
            Grouping::Model => GroupValue::Model(self.model.to_owned()),
            Grouping::PullRequest => GroupValue::PullRequest(None),
            Grouping::Block => panic!("blocks are tested on their own"),
        }
    }
}

fn add(sums: &mut Sums, more: Sums) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

/// Returns messages of the last two months: many around midnight in some zone, old ones that only the store has, and
/// recent ones.
fn made_up_messages() -> Vec<Message> {
    let mut state = 7_u64;
    let mut random = move |limit: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % limit
    };
    let now = Utc::now();
    let message = |_| {
        let minutes = random(60) * 1440 + random(24) * 60 + [0, 1, 14, 15, 16, 29, 30, 44, 45, 59][random(10) as usize];
        let agent = [None, None, Some("Explore"), Some("")][random(4) as usize];
        Message {
            session: SESSIONS[random(6) as usize],
            when: now - TimeDelta::minutes(i64::try_from(minutes).expect("it is small")),
            model: MODELS[random(4) as usize],
            counts: [random(50), random(5_000), random(90_000), random(900_000)],
            nanos: 1 + random(3_000_000_000),
            agent,
        }
    };
    (0..400).map(message).collect()
}

/// An engine with the history, shared by all cases.
struct History {
    engine: TestEngine,
    messages: Vec<Message>,
    _env: TestEnv,
}

static HISTORY: LazyLock<History> = LazyLock::new(|| {
    let (env, messages) = (TestEnv::new(), made_up_messages());
    for (index, message) in messages.iter().enumerate() {
        let Session { id, project, branch, .. } = message.session;
        let time = message.when.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        let mut line = LogLine::new(&index.to_string()).session(id).model(message.model).at(&time);
        line = line.counts(message.counts).field("costUSD", message.nanos as f64 / 1e9);
        line = line.field("isSidechain", message.agent.is_some());
        line = project.into_iter().fold(line, |line, project| line.field("cwd", project));
        line = branch.into_iter().fold(line, |line, branch| line.field("gitBranch", branch));
        let place = match message.agent {
            None => format!("p/{id}.jsonl"),
            Some("") => format!("p/{id}/subagents/agent-b.jsonl"),
            Some(_) => format!("p/{id}/subagents/agent-a.jsonl"),
        };
        env.append(&place, line.with_newline());
    }
    for Session { id, .. } in SESSIONS {
        let meta = env.log(&format!("p/{id}/subagents/agent-a.meta.json"));
        std::fs::write(meta, r#"{"agentType":"Explore"}"#).expect("it is written");
        env.append(
            &format!("p/{id}.jsonl"),
            format!("{}\n", json!({ "type": "custom-title", "sessionId": id, "customTitle": id.to_uppercase() })),
        );
    }
    let engine = env.start();
    engine.sync();
    for Session { id, tags, .. } in SESSIONS.into_iter().filter(|session| !session.tags.is_empty()) {
        let tags = Some(tags.iter().map(ToString::to_string).collect());
        let changes = SessionChanges { tags, ..SessionChanges::default() };
        engine.request(Request::UpdateSession { session: id.to_owned(), changes });
    }
    History { engine, messages, _env: env }
});

fn request(query: ReportQuery) -> Report {
    let Response::Report(report) = HISTORY.engine.request(Request::Report(Box::new(query))) else { panic!("a report") };
    *report
}

/// A text of a filter, with the sessions or models that it selects.
type Case = (&'static str, &'static [&'static str]);

const PROJECT_CASES: [Case; 9] = [
    ("shop", &["s-0", "s-1", "s-5"]),
    ("SHOP/api", &["s-1"]),
    ("/home/ada", &["s-0", "s-1", "s-2", "s-5"]),
    ("/home/*shop", &["s-0", "s-2", "s-5"]),
    ("docs", &["s-3"]),
    ("", &["s-4"]),
    ("*", &["s-0", "s-1", "s-2", "s-3", "s-5"]),
    ("nowhere", &[]),
    ("/ada", &[]),
];

const BRANCH_CASES: [Case; 5] = [
    ("main", &["s-0", "s-4", "s-5"]),
    ("main*", &["s-0", "s-2", "s-4", "s-5"]),
    ("fix/*", &["s-1"]),
    ("", &["s-3"]),
    ("mai", &[]),
];

const TAG_CASES: [Case; 4] =
    [("client", &["s-0", "s-1", "s-5"]), ("Urgent", &["s-0", "s-5"]), ("p*", &["s-3"]), ("", &["s-2", "s-4"])];

const MODEL_CASES: [Case; 5] = [
    ("opus", &["claude-opus-5-5", "claude-opus-5"]),
    ("claude-*-5", &["claude-opus-5-5", "claude-opus-5", "claude-haiku-4-5"]),
    ("claude-opus-5", &["claude-opus-5-5", "claude-opus-5"]),
    ("GLM", &["glm-4.7"]),
    ("gpt", &[]),
];

/// The days of a range, as text and counted from today.
const DAY_CASES: [(&str, u64); 5] = [("today", 0), ("yesterday", 1), ("7d", 6), ("4w", 27), ("60d", 59)];

/// A filter, and the same selection spelled out.
#[derive(Clone, Debug)]
struct Selection {
    filter: ReportFilter,
    since: Option<u64>,
    until: Option<u64>,
    /// The sessions of each list that is not empty.
    sessions: Vec<Vec<&'static str>>,
    models: Option<Vec<&'static str>>,
}

impl Selection {
    fn contains(&self, message: &Message, zone: Tz) -> bool {
        let (date, today) = (message.local_date(zone), Utc::now().with_timezone(&zone).date_naive());
        self.since.is_none_or(|ago| date >= today - Days::new(ago))
            && self.until.is_none_or(|ago| date <= today - Days::new(ago))
            && self.sessions.iter().all(|ids| ids.contains(&message.session.id))
            && self.models.as_ref().is_none_or(|models| models.contains(&message.model))
    }
}

fn arbitrary_selection() -> impl Strategy<Value = Selection> {
    let some = |cases: &'static [Case]| prop_oneof![2 => Just(Vec::new()), 3 => prop::collection::vec(prop::sample::select(cases), 1..3)];
    let day = || prop::option::of(prop::sample::select(&DAY_CASES[..]));
    let lists = (some(&PROJECT_CASES), some(&BRANCH_CASES), some(&TAG_CASES), some(&MODEL_CASES));
    (day(), day(), lists).prop_map(|(since, until, (projects, branches, tags, models))| {
        let texts = |cases: &[Case]| cases.iter().map(|(text, _)| (*text).to_owned()).collect();
        let all = |cases: &[Case]| cases.iter().flat_map(|(_, found)| found.iter().copied()).collect::<Vec<_>>();
        let bound = |day: Option<(&str, u64)>| day.map(|(text, _)| text.parse().expect("it is a day"));
        let filter = ReportFilter {
            since: bound(since),
            until: bound(until),
            projects: texts(&projects),
            branches: texts(&branches),
            models: texts(&models),
            tags: texts(&tags),
            search: None,
        };
        let lists = [&projects, &branches, &tags].into_iter().filter(|cases| !cases.is_empty());
        Selection {
            filter,
            since: since.map(|(_, ago)| ago),
            until: until.map(|(_, ago)| ago),
            sessions: lists.map(|cases| all(cases)).collect(),
            models: (!models.is_empty()).then(|| all(&models)),
        }
    })
}

fn arbitrary_zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![
        Tz::UTC,
        Tz::Asia__Kathmandu,
        Tz::America__New_York,
        Tz::Australia__Lord_Howe,
        Tz::Pacific__Kiritimati,
    ])
}

/// Groups and sums messages the plain way.
fn plain_rows(messages: &[&Message], by: &[Grouping], zone: Tz) -> BTreeMap<Vec<GroupValue>, Sums> {
    let mut rows: BTreeMap<Vec<GroupValue>, Sums> = BTreeMap::new();
    for message in messages {
        let values = by.iter().map(|by| message.value(*by, zone)).collect();
        add(rows.entry(values).or_default(), message.sums());
    }
    rows
}

fn exact_sums(sums: &ExactTotals) -> Sums {
    let totals = &sums.totals;
    assert_eq!(
        totals.total_tokens,
        totals.input_tokens + totals.output_tokens + totals.cache_creation_tokens + totals.cache_read_tokens
    );
    [
        u128::from(totals.message_count),
        totals.input_tokens,
        totals.output_tokens,
        totals.cache_creation_tokens,
        totals.cache_read_tokens,
        sums.cost_nanos,
    ]
}

fn sum_all(sums: impl IntoIterator<Item = Sums>) -> Sums {
    sums.into_iter().fold(Sums::default(), |mut all, more| {
        add(&mut all, more);
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(300)) })]

    #[test]
    fn every_filter_and_grouping_equals_a_plain_filter(
        selection in arbitrary_selection(),
        by in prop::sample::subsequence(
            Grouping::ALL.into_iter().filter(|by| *by != Grouping::Block).collect::<Vec<_>>(), 0..4,
        ),
        zone in arbitrary_zone(),
        breakdown in any::<bool>(),
    ) {
        let filter = selection.filter.clone();
        let week_start = Some(WeekStart::Monday);
        let report = request(ReportQuery { by: by.clone(), filter, breakdown, zone: Some(zone), week_start, ..ReportQuery::default() });
        let selected: Vec<&Message> =
            HISTORY.messages.iter().filter(|message| selection.contains(message, zone)).collect();
        let found: BTreeMap<Vec<GroupValue>, Sums> =
            report.rows.iter().map(|row| (row.values.clone(), exact_sums(&row.sums))).collect();
        prop_assert_eq!(&found, &plain_rows(&selected, &by, zone));
        prop_assert_eq!(exact_sums(&report.sums), sum_all(selected.iter().map(|message| message.sums())));
        prop_assert_eq!(report.row_count as usize, found.len());
        let part = if by.contains(&Grouping::Model) { Grouping::Project } else { Grouping::Model };
        for row in report.rows.iter().filter(|_| breakdown && !by.contains(&part)) {
            prop_assert_eq!(sum_all(row.parts.iter().map(|part| exact_sums(&part.sums))), exact_sums(&row.sums));
        }
    }

    #[test]
    fn blocks_have_the_selected_messages_between_their_edges(selection in arbitrary_selection(), zone in arbitrary_zone()) {
        let query = ReportQuery {
            by: vec![Grouping::Block], filter: selection.filter.clone(), zone: Some(zone), ..ReportQuery::default()
        };
        let report = request(query);
        let selected: Vec<&Message> =
            HISTORY.messages.iter().filter(|message| selection.contains(message, zone)).collect();
        for row in &report.rows {
            let [GroupValue::Block(start, end, None)] = row.values[..] else { panic!("a block: {row:?}") };
            let own = selected.iter().filter(|message| (start..end).contains(&message.when));
            prop_assert_eq!(exact_sums(&row.sums), sum_all(own.map(|message| message.sums())));
            let block = row.block.as_ref().expect("it has a block");
            prop_assert_eq!((block.tokens_used, block.is_gap), (row.sums.totals.total_tokens, block.message_count == 0));
        }
        prop_assert_eq!(exact_sums(&report.sums), sum_all(selected.iter().map(|message| message.sums())));
    }

    #[test]
    fn rows_are_ordered_and_limited(
        selection in arbitrary_selection(),
        by in prop::sample::select(vec![Grouping::Day, Grouping::Project, Grouping::Session, Grouping::Model]),
        sort in prop::sample::select(vec![ReportSort::Tokens, ReportSort::Cost, ReportSort::Input, ReportSort::Output, ReportSort::Messages]),
        direction in prop::option::of(prop::sample::select(vec![SortDirection::Asc, SortDirection::Desc])),
        limit in 0..8_usize,
    ) {
        let query = ReportQuery { by: vec![by], filter: selection.filter, sort: Some(sort), direction, ..ReportQuery::default() };
        let all = request(query.clone());
        let key = |report: &Report| -> Vec<u128> {
            let figure = |sums: Sums| match sort {
                ReportSort::Messages => sums[0],
                ReportSort::Input => sums[1],
                ReportSort::Output => sums[2],
                ReportSort::Cost => sums[5],
                ReportSort::Tokens | ReportSort::Time | ReportSort::Name => sums[1..5].iter().sum(),
            };
            report.rows.iter().map(|row| figure(exact_sums(&row.sums))).collect()
        };
        let figures = key(&all);
        match direction {
            Some(SortDirection::Asc) => prop_assert!(figures.is_sorted()),
            Some(SortDirection::Desc) | None => prop_assert!(figures.iter().rev().is_sorted()),
        }
        let some = request(ReportQuery { limit: Some(limit), ..query });
        prop_assert_eq!(&some.rows[..], &all.rows[..limit.min(all.rows.len())]);
        prop_assert_eq!(some.row_count, all.rows.len() as u64);
        prop_assert_eq!(exact_sums(&some.sums), sum_all(some.rows.iter().map(|row| exact_sums(&row.sums))));
    }
}

#[rstest]
#[case(Grouping::Day)]
#[case(Grouping::Week)]
#[case(Grouping::Month)]
#[case(Grouping::Block)]
fn a_limit_keeps_the_latest_times_in_order(#[case] by: Grouping) {
    let all = request(ReportQuery { by: vec![by], ..ReportQuery::default() });
    assert!(all.rows.is_sorted_by_key(|row| row.values.clone()));
    let some = request(ReportQuery { by: vec![by], limit: Some(2), ..ReportQuery::default() });
    assert_eq!(some.rows[..], all.rows[all.rows.len() - 2..]);
    let latest =
        ReportQuery { by: vec![by], limit: Some(2), direction: Some(SortDirection::Desc), ..ReportQuery::default() };
    let values = |report: Report| report.rows.into_iter().map(|row| row.values).collect::<Vec<_>>();
    assert_eq!(values(request(latest)), values(some).into_iter().rev().collect::<Vec<_>>());
}

#[test]
fn without_a_filter_blocks_have_their_gaps() {
    let gaps = |filter: ReportFilter| {
        let query = ReportQuery { by: vec![Grouping::Block], filter, ..ReportQuery::default() };
        request(query).rows.iter().filter(|row| row.block.as_ref().is_some_and(|block| block.is_gap)).count()
    };
    assert!(gaps(ReportFilter::default()) > 0);
    assert_eq!(gaps(ReportFilter { models: vec!["opus".to_owned()], ..ReportFilter::default() }), 0);
}

#[test]
fn a_session_row_has_the_figures_of_the_selected_messages() {
    let filter = ReportFilter { models: vec!["haiku".to_owned()], ..ReportFilter::default() };
    let report = request(ReportQuery { by: vec![Grouping::Session], filter, ..ReportQuery::default() });
    assert_eq!(report.rows.len(), 6);
    for row in &report.rows {
        let session = row.session.as_ref().expect("rows are sessions");
        assert_eq!(session.totals, row.sums.totals);
        assert_eq!(session.models_used.iter().collect::<Vec<_>>(), ["claude-haiku-4-5"]);
    }
}
