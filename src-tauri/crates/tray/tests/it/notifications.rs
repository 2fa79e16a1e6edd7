//! Tests notifications on a private bus with test services, and with dunst.

use std::sync::Arc;
use std::time::Duration;

use token_monitor_core::alerts::Urgency;
use token_monitor_core::report::model::{Pause, Route};
use token_monitor_tray::{DeliveryResult, Notification, NotificationAction, NotificationReport, Notifier};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::dunst::Dunst;
use crate::notification_service::{Behavior, NotifyArgs, TestService};
use crate::private_bus::run_on_private_bus;
use crate::tray_host::within_timeout;

/// The timeout for services that respond, which no test reaches.
const LONG_TIMEOUT: Duration = Duration::from_secs(3600);

/// The timeout for services that hang, which the tests wait for. Its length affects nothing but the duration.
const SHORT_TIMEOUT: Duration = Duration::from_millis(100);

fn sample_notification(id: u64) -> Notification {
    Notification {
        id,
        tag: format!("tag {id}"),
        title: "75% of the block used".to_owned(),
        body: "82 of 109 M tokens, resets at 15:00".to_owned(),
        urgency: Urgency::Normal,
        sound: false,
        route: Route::Blocks,
    }
}

/// A notifier with its reports.
struct TestNotifier {
    notifier: Notifier,
    reports: UnboundedReceiver<NotificationReport>,
}

fn start_notifier(timeout: Duration) -> TestNotifier {
    let (sender, reports) = unbounded_channel();
    let on_report = move |report| sender.send(report).expect("the test receives");
    TestNotifier { notifier: Notifier::with_timeout(timeout, on_report).expect("there is a thread"), reports }
}

impl TestNotifier {
    async fn next_report(&mut self) -> NotificationReport {
        within_timeout(self.reports.recv()).await.expect("the notifier is there")
    }

    /// Shows a notification and asserts that it is delivered.
    async fn show_delivered(&mut self, notification: Notification, service: &mut TestService) -> NotifyArgs {
        let id = notification.id;
        self.notifier.show(notification);
        let args = service.next_call().await;
        assert_eq!(self.next_report().await, NotificationReport::Delivered(id, DeliveryResult::Shown));
        args
    }

    /// Shows a notification, asserts that it fails, and returns the reason.
    async fn show_failed(&mut self, id: u64) -> &'static str {
        self.notifier.show(sample_notification(id));
        match self.next_report().await {
            NotificationReport::Delivered(failed, DeliveryResult::Failed { reason: why }) if failed == id => why,
            other => panic!("{id} should have failed: {other:?}"),
        }
    }
}

fn open_report(route: Route, token: Option<&str>) -> NotificationReport {
    NotificationReport::Action(NotificationAction::Open { route, token: token.map(str::to_owned) })
}

#[test]
fn a_notification_is_sent_sanitized_with_all_arguments() {
    run_on_private_bus("notifications::a_notification_is_sent_sanitized_with_all_arguments", async {
        let mut service = TestService::start(Behavior::Accept).await;
        let mut test = start_notifier(LONG_TIMEOUT);
        let title = "<b>75%</b> of\nthe \u{202e}block";
        let body = "R&D <script>: 82%\u{7}\nsecond line".to_owned();
        let args = test
            .show_delivered(Notification { title: title.to_owned(), body, ..sample_notification(1) }, &mut service)
            .await;
        assert_eq!((args.app.as_str(), args.icon.as_str()), ("Token Monitor", "token-monitor-app"));
        assert_eq!((args.replaces, args.time), (0, -1));
        assert_eq!(args.title, "<b>75%</b> of the block", "a title is never markup");
        assert_eq!(args.body, "R&amp;D &lt;script&gt;: 82%\nsecond line");
        assert_eq!(args.actions, ["default", "Open", "open", "Open", "snooze", "Snooze 1 h"]);
        let mut hints: Vec<_> = args.hints.iter().map(|(name, value)| format!("{name} {}", **value)).collect();
        hints.sort();
        assert_eq!(
            hints,
            ["desktop-entry \"io.github.token_monitor.app\"", "suppress-sound true", "urgency byte 0x01"]
        );
    });
}

#[test]
fn urgency_and_sound_are_sent_as_hints() {
    run_on_private_bus("notifications::urgency_and_sound_are_sent_as_hints", async {
        let mut service = TestService::start(Behavior::Accept).await;
        let mut test = start_notifier(LONG_TIMEOUT);
        for (id, (urgency, level)) in (0..).zip([(Urgency::Low, 0_u8), (Urgency::Normal, 1), (Urgency::Critical, 2)]) {
            let args = test
                .show_delivered(Notification { urgency, sound: true, ..sample_notification(id) }, &mut service)
                .await;
            let sent: u8 = (&args.hints["urgency"]).try_into().expect("a byte");
            assert_eq!(sent, level);
            assert!(args.hints.contains_key("sound-name") && !args.hints.contains_key("suppress-sound"));
        }
    });
}

#[test]
fn a_service_without_markup_and_actions_gets_neither() {
    run_on_private_bus("notifications::a_service_without_markup_and_actions_gets_neither", async {
        let mut service = TestService::start_with_capabilities(&["body"], Behavior::Accept).await;
        let mut test = start_notifier(LONG_TIMEOUT);
        let args = test
            .show_delivered(Notification { body: "R&D: 82%".to_owned(), ..sample_notification(1) }, &mut service)
            .await;
        assert_eq!(args.body, "R&D: 82%");
        assert!(args.actions.is_empty(), "the service does not support buttons: {:?}", args.actions);
    });
}

#[test]
fn long_texts_are_truncated_before_they_are_escaped() {
    run_on_private_bus("notifications::long_texts_are_truncated_before_they_are_escaped", async {
        let mut service = TestService::start(Behavior::Accept).await;
        let mut test = start_notifier(LONG_TIMEOUT);
        let long = Notification { title: "t".repeat(10_240), body: "&".repeat(10_240), ..sample_notification(1) };
        let args = test.show_delivered(long, &mut service).await;
        assert_eq!(args.title, "t".repeat(79) + "…");
        assert_eq!(args.body, "&amp;".repeat(199) + "…");
    });
}

#[test]
fn clicks_are_reported_as_actions() {
    run_on_private_bus("notifications::clicks_are_reported_as_actions", async {
        let mut service = TestService::start(Behavior::Accept).await;
        let mut test = start_notifier(LONG_TIMEOUT);
        let session = Route::Session { session_id: "s1".to_owned() };
        let first = test.show_delivered(sample_notification(1), &mut service).await.id;
        let second = test
            .show_delivered(Notification { route: session.clone(), ..sample_notification(2) }, &mut service)
            .await
            .id;
        service.click(4711, "default").await;
        service.click(first, "something else").await;
        service.click(second, "default").await;
        assert_eq!(test.next_report().await, open_report(session.clone(), None), "unknown clicks are ignored");
        service.click(first, "open").await;
        assert_eq!(test.next_report().await, open_report(Route::Blocks, None));
        service.send_activation_token(second, "token-1").await;
        service.click(second, "open").await;
        assert_eq!(test.next_report().await, open_report(session, Some("token-1")));
        service.click(first, "snooze").await;
        assert_eq!(test.next_report().await, NotificationReport::Action(NotificationAction::Snooze(Pause::Hour)));
    });
}

#[test]
fn a_notification_replaces_an_earlier_one_with_the_same_tag() {
    run_on_private_bus("notifications::a_notification_replaces_an_earlier_one_with_the_same_tag", async {
        let mut service = TestService::start(Behavior::Accept).await;
        let mut test = start_notifier(LONG_TIMEOUT);
        let block = |id, route| Notification { tag: "block".to_owned(), route, ..sample_notification(id) };
        let first = test.show_delivered(block(1, Route::Now), &mut service).await;
        let other = test.show_delivered(sample_notification(2), &mut service).await;
        let second = test.show_delivered(block(3, Route::Blocks), &mut service).await;
        assert_eq!((first.replaces, other.replaces, second.replaces), (0, 0, first.id));
        service.click(first.id, "default").await;
        assert_eq!(test.next_report().await, open_report(Route::Blocks, None), "the page of the later one");
        service.close_notification(first.id, 2).await;
        // The reply of this call arrives after the signal.
        test.show_delivered(sample_notification(4), &mut service).await;
        let third = test.show_delivered(block(5, Route::Blocks), &mut service).await;
        assert_eq!(third.replaces, 0, "a dismissed notification is not replaced");
    });
}

#[test]
fn all_notifications_use_one_connection_and_one_capability_request() {
    run_on_private_bus("notifications::all_notifications_use_one_connection_and_one_capability_request", async {
        let mut service = TestService::start(Behavior::Accept).await;
        let mut test = start_notifier(LONG_TIMEOUT);
        let first = test.show_delivered(sample_notification(0), &mut service).await.sender;
        for id in 1..200 {
            assert_eq!(test.show_delivered(sample_notification(id), &mut service).await.sender, first);
        }
        assert_eq!(service.count_capability_requests(), 1);
    });
}

#[test]
fn another_service_has_its_own_capabilities_and_ids() {
    run_on_private_bus("notifications::another_service_has_its_own_capabilities_and_ids", async {
        let mut service = TestService::start(Behavior::Accept).await;
        let mut test = start_notifier(LONG_TIMEOUT);
        let block = |id, route| Notification { tag: "block".to_owned(), route, ..sample_notification(id) };
        let first = test.show_delivered(block(1, Route::Now), &mut service).await;
        service.stop().await;
        let mut service = TestService::start_with_capabilities(&["actions", "body"], Behavior::Accept).await;
        let second =
            test.show_delivered(Notification { body: "R&D".to_owned(), ..block(2, Route::Blocks) }, &mut service).await;
        assert_eq!(second.replaces, 0, "ids belong to a service");
        assert_eq!(second.body, "R&D", "it does not interpret markup");
        assert_eq!(first.sender, second.sender, "the connection stays");
        service.click(second.id, "default").await;
        assert_eq!(test.next_report().await, open_report(Route::Blocks, None));
    });
}

#[test]
fn without_a_service_notifications_fail_until_one_starts() {
    run_on_private_bus("notifications::without_a_service_notifications_fail_until_one_starts", async {
        let mut test = start_notifier(LONG_TIMEOUT);
        for id in 1..4 {
            assert_eq!(test.show_failed(id).await, "This desktop has no notification service.");
        }
        let mut service = TestService::start(Behavior::Accept).await;
        test.show_delivered(sample_notification(4), &mut service).await;
    });
}

#[test]
fn a_hanging_service_does_not_block_the_caller() {
    run_on_private_bus("notifications::a_hanging_service_does_not_block_the_caller", async {
        for behavior in [Behavior::Hang, Behavior::HangAtOnce] {
            let service = TestService::start(behavior).await;
            let mut test = start_notifier(SHORT_TIMEOUT);
            for id in 0..50 {
                test.notifier.show(sample_notification(id));
            }
            let mut results = Vec::new();
            for _ in 0..50 {
                let NotificationReport::Delivered(id, DeliveryResult::Failed { reason: why }) =
                    test.next_report().await
                else {
                    panic!("the service hangs")
                };
                results.push((id, why));
            }
            assert_eq!(
                results.last(),
                Some(&(49, "The notification service did not respond.")),
                "the latest one is attempted"
            );
            results.sort_unstable();
            assert!(results.iter().map(|(id, _)| *id).eq(0..50), "each has one result: {results:?}");
            service.stop().await;
            assert_eq!(test.show_failed(50).await, "This desktop has no notification service.");
        }
    });
}

#[test]
fn a_slow_service_does_not_block_the_caller() {
    run_on_private_bus("notifications::a_slow_service_does_not_block_the_caller", async {
        let permits = Arc::new(Semaphore::new(0));
        let mut service = TestService::start(Behavior::Wait(Arc::clone(&permits))).await;
        let mut test = start_notifier(LONG_TIMEOUT);
        test.notifier.show(sample_notification(1));
        let first = service.next_call().await;
        test.notifier.show(sample_notification(2));
        assert!(test.reports.try_recv().is_err(), "it has not responded");
        permits.add_permits(2);
        assert_eq!(test.next_report().await, NotificationReport::Delivered(1, DeliveryResult::Shown));
        assert_eq!(test.next_report().await, NotificationReport::Delivered(2, DeliveryResult::Shown));
        service.click(first.id, "default").await;
        assert_eq!(test.next_report().await, open_report(Route::Blocks, None));
    });
}

#[test]
fn a_service_that_disconnects_fails_one_notification() {
    run_on_private_bus("notifications::a_service_that_disconnects_fails_one_notification", async {
        let dying = TestService::start(Behavior::Disconnect).await;
        let mut test = start_notifier(LONG_TIMEOUT);
        assert_eq!(test.show_failed(1).await, "The notification service ended before it responded.");
        drop(dying);
        let mut service = TestService::start(Behavior::Accept).await;
        test.show_delivered(sample_notification(2), &mut service).await;
    });
}

#[test]
fn a_rejection_does_not_affect_the_next_notification() {
    run_on_private_bus("notifications::a_rejection_does_not_affect_the_next_notification", async {
        let mut service = TestService::start(Behavior::Reject).await;
        let mut test = start_notifier(LONG_TIMEOUT);
        for id in 1..3 {
            assert_eq!(test.show_failed(id).await, "The notification service rejected the notification.");
            service.next_call().await;
        }
    });
}

#[test]
fn dropping_the_notifier_ends_its_thread_and_connection() {
    run_on_private_bus("notifications::dropping_the_notifier_ends_its_thread_and_connection", async {
        let mut service = TestService::start(Behavior::Accept).await;
        let mut test = start_notifier(LONG_TIMEOUT);
        let sender = test.show_delivered(sample_notification(1), &mut service).await.sender;
        let mut disconnects = service.watch_disconnects().await;
        drop(test.notifier);
        assert_eq!(within_timeout(test.reports.recv()).await, None, "no thread is left to report");
        while disconnects.next().await != sender {}
    });
}

#[test]
fn dunst_shows_a_notification_and_reports_its_click() {
    run_on_private_bus("notifications::dunst_shows_a_notification_and_reports_its_click", async {
        let dunst = Dunst::start().await;
        let mut test = start_notifier(LONG_TIMEOUT);
        test.notifier.show(Notification { body: "R&D: <b>82%</b>".to_owned(), ..sample_notification(1) });
        assert_eq!(test.next_report().await, NotificationReport::Delivered(1, DeliveryResult::Shown));
        assert_eq!(dunst.count_displayed().await, 1);
        dunst.click_latest().await;
        assert_eq!(test.next_report().await, open_report(Route::Blocks, None));
        let history = dunst.close_all().await;
        for text in ["Token Monitor", "75% of the block used", "R&amp;D: &lt;b&gt;82%&lt;/b&gt;"] {
            assert!(history.contains(text), "{text} is missing: {history}");
        }
    });
}
