//! Rows are decoded as they were encoded, and damaged ones are rejected or readable.

use proptest::prelude::*;
use token_monitor_core::ledger::UsageByModel;
use token_monitor_core::money::{CostSum, KindCostSums};
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::{TokenSums, Usage, UsageSum};

use super::*;

fn usages() -> impl Strategy<Value = Usage> {
    any::<[u32; Usage::FIELDS]>().prop_map(|fields| Usage::from_array(fields.map(u64::from)))
}

fn reports() -> impl Strategy<Value = UsageReport> {
    let parts = (usages(), any::<u32>(), 0..12_u8, proptest::option::of(any::<u64>()), any::<bool>());
    parts.prop_map(|(usage, model, terms, reported_cost, under_logged)| UsageReport {
        usage,
        model: ModelId(model),
        terms: BillingTerms::from_byte(terms).expect("each is a combination"),
        reported_cost: reported_cost.map(Usd),
        under_logged,
    })
}

fn sums() -> impl Strategy<Value = UsageSum> {
    let kinds = any::<[u128; KindCostSums::KINDS]>().prop_map(KindCostSums::from_array);
    let parts = (any::<[u128; Usage::FIELDS]>(), 0..20_u64, any::<u128>(), kinds, any::<u128>(), any::<u64>());
    parts.prop_map(|(fields, messages, nanos, kinds, unpriced_tokens, under_logged)| UsageSum {
        tokens: TokenSums::from_array(fields),
        messages,
        cost: CostSum { nanos, kinds, unpriced_tokens },
        under_logged,
    })
}

fn timestamps() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        (-62_135_596_800_000_i64..253_402_300_800_000).prop_map(|millis| Timestamp(millis * 1000)),
        (-62_135_596_800_000_000_i64..253_402_300_800_000_000).prop_map(Timestamp),
    ]
}

fn titles() -> impl Strategy<Value = StoredTitle> {
    let parts = (proptest::option::of(timestamps()), any::<u64>(), ".{0,80}");
    parts.prop_map(|(when, offset, text)| StoredTitle { when, offset, text })
}

fn prompts() -> impl Strategy<Value = SessionPrompts> {
    let ttls = prop::sample::select(vec![None, Some(CacheTtl::FiveMinutes), Some(CacheTtl::Hour)]);
    let messages = proptest::option::of(any::<u128>());
    let last = ([(); 2].map(|()| timestamps()), any::<u32>(), any::<[u64; 3]>(), ttls, messages);
    let last = last.prop_map(|([when, first_line], model, tokens, ttl, message)| {
        let [input, cache_read, cache_write] = tokens;
        let (model, message) = (ModelId(model), message.map(MessageKey));
        Prompt { when, first_line, model, input, cache_read, cache_write, ttl, message }
    });
    let miss = (timestamps(), any::<u64>(), any::<bool>());
    let miss = miss.prop_map(|(when, tokens, expired)| PromptMiss { when, tokens, expired });
    let parts = (proptest::option::of(last), proptest::option::of(timestamps()), proptest::option::of(miss));
    parts.prop_map(|(last, compacted_at, last_miss)| SessionPrompts { last, compacted_at, last_miss })
}

fn pull_requests() -> impl Strategy<Value = PullRequestLink> {
    let parts = (timestamps(), ".{0,80}", proptest::option::of(".{0,20}"), proptest::option::of(any::<u64>()));
    parts.prop_map(|(when, url, repository, number)| PullRequestLink {
        when,
        url: url.into(),
        repository: repository.map(Into::into),
        number,
    })
}

proptest! {
    #[test]
    fn any_bytes_are_decoded_or_rejected(bytes in proptest::collection::vec(any::<u8>(), 0..200), version in 0..4_u8) {
        let bytes = [vec![version], bytes].concat();
        if let Some(bucket) = decode_bucket(&bytes) {
            prop_assert_eq!(decode_sum(&bytes), Some(bucket.sum), "the sum is that of the bucket");
            prop_assert_eq!(decode_bucket(&encode_bucket(&bucket)), Some(bucket));
        }
        if let Some(run) = decode_run(&bytes) {
            prop_assert_eq!(decode_run(&encode_run(&run)), Some(run));
        }
        if let Some(session) = decode_session(&bytes) {
            prop_assert_eq!(decode_session(&encode_session(&session)), Some(session));
        }
        if let Some(cursor) = decode_cursor(&bytes) {
            prop_assert_eq!(decode_cursor(&encode_cursor(&cursor)), Some(cursor));
        }
        decode_any_message(&bytes);
    }

    #[test]
    fn messages_round_trip(
        key: u128, main in proptest::option::of(reports()), side in proptest::option::of(reports()),
        when in timestamps(), has_old_session: bool, foreign_session: bool, log: u32, session: u32,
        run in proptest::option::of(any::<u32>()),
    ) {
        let (log, session, run) = (LogId(log), SessionId(session), run.map(RunId));
        let first = Occurrence { when, has_old_session, foreign_session, log, session, run };
        let original = Message { main, side, first };
        let row = encode_message(MessageKey(key), &original);
        let decoded = decode_message(MessageKey(key), &row);
        prop_assert!(matches!(decoded, Some(DecodedMessage::Match(message)) if message == original));
        prop_assert!(matches!(decode_message(MessageKey(key ^ 1), &row), Some(DecodedMessage::OtherKey)));
        prop_assert_eq!(decode_any_message(&row), Some(original));
    }

    #[test]
    fn buckets_round_trip(
        sum in sums(), offsets in proptest::collection::vec(0..300_000_000_u32, 0..20),
    ) {
        let mut offsets: Vec<_> = offsets.into_iter().map(SlotOffset).collect();
        offsets.sort();
        let original = Bucket { sum: UsageSum { messages: offsets.len() as u64, ..sum }, offsets };
        let row = encode_bucket(&original);
        prop_assert_eq!(decode_sum(&row), Some(original.sum));
        prop_assert_eq!(decode_bucket(&row), Some(original));
    }

    #[test]
    fn sessions_round_trip(
        span in proptest::option::of((timestamps(), timestamps())),
        project in proptest::option::of((timestamps(), any::<u32>().prop_map(ProjectId))),
        branch in proptest::option::of((timestamps(), any::<u32>().prop_map(BranchId))),
        titles in [(); TitleKind::ALL.len()].map(|()| proptest::option::of(titles())),
        cost in proptest::option::of(any::<u64>()), start in proptest::option::of(timestamps()),
        last_folder in proptest::option::of((timestamps(), any::<u32>().prop_map(ProjectId))),
        last_copy in proptest::option::of((timestamps(), any::<u32>().prop_map(SessionId))),
        model_sums in proptest::collection::vec((any::<u32>().prop_map(ModelId), sums()), 1..4),
        pull_requests in proptest::collection::vec(pull_requests(), 0..4),
        prompts in proptest::option::of(prompts()),
    ) {
        let prompts = prompts.map(Box::new);
        let template = ReportedTotals { cost_is_lower_bound: true, output: 7, start, ..ReportedTotals::default() };
        let totals = |cost| Box::new(ReportedTotals { cost: Usd(cost), ..template });
        let mut models = UsageByModel::default();
        model_sums.into_iter().for_each(|(model, sum)| *models.get_or_insert(model) = sum);
        let reported_totals = cost.map(totals);
        let original = Session {
            span, project, last_folder, branch, last_copy, titles, reported_totals, models, pull_requests,
            prompts,
        };
        prop_assert_eq!(decode_session(&encode_session(&original)), Some(original));
    }

    #[test]
    fn an_earlier_session_row_has_values_of_low_rank(when in timestamps(), project: u32, text in ".{0,80}") {
        let title = StoredTitle { when: Some(when), offset: 3, text };
        let session = Session {
            project: Some((when, ProjectId(project))),
            branch: Some((when, BranchId(project))),
            titles: [Some(title.clone()), None, None, Some(title.clone())],
            ..Session::default()
        };
        let mut row = encode_session(&session);
        // The five fields that earlier versions did not write are missing. Without models, no costs follow them.
        row.truncate(row.len() - 5);
        let decoded = decode_session(&row).expect("the row can be decoded");
        prop_assert!(decoded.project > session.project && decoded.branch < session.branch);
        let ranks: Vec<_> = TitleKind::ALL.into_iter().zip(&decoded.titles).filter_map(|(kind, decoded)| {
            decoded.as_ref().map(|decoded| kind.prefers(&title, decoded) && decoded.text == title.text)
        }).collect();
        prop_assert_eq!(ranks, [true, true], "a title that is read again is preferred");
        prop_assert_eq!(decode_session(&encode_session(&decoded)), Some(decoded));
    }

    #[test]
    fn a_session_row_without_pull_requests_can_be_decoded(when in timestamps(), session: u32) {
        let session = Session { last_copy: Some((when, SessionId(session))), ..Session::default() };
        let mut row = encode_session(&session);
        row.truncate(row.len() - 2);
        prop_assert_eq!(decode_session(&row), Some(session));
    }

    #[test]
    fn runs_round_trip(
        span in proptest::option::of((timestamps(), timestamps())),
        agent_type in proptest::option::of(".{0,20}"), sum in sums(),
    ) {
        let original = SubagentRun { span, agent_type, sum };
        prop_assert_eq!(decode_run(&encode_run(&original)), Some(original));
    }

    #[test]
    fn a_bucket_without_costs_by_kind_can_be_decoded(sum in sums(), offset in 0..300_000_000_u32) {
        let cost = CostSum { kinds: KindCostSums::default(), ..sum.cost };
        let original = Bucket { sum: UsageSum { messages: 1, cost, ..sum }, offsets: vec![SlotOffset(offset)] };
        let mut row = encode_bucket(&original);
        // Earlier versions did not write the four costs, each of which is a zero here.
        row.truncate(row.len() - KindCostSums::KINDS);
        prop_assert_eq!(decode_sum(&row), Some(original.sum));
        prop_assert_eq!(decode_bucket(&row), Some(original));
    }

    #[test]
    fn any_bytes_decode_without_panic(bytes: Vec<u8>) {
        let _ = (decode_message(MessageKey(0), &bytes), decode_any_message(&bytes), decode_bucket(&bytes));
        let _ = (decode_session(&bytes), decode_run(&bytes), decode_cursor(&bytes));
    }
}
