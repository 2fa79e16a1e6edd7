//! Notifications on a real bus: a private one, with services of our own on it, and a real one.

use std::sync::Arc;
use std::time::Duration;

use token_monitor_core::alerts::Urgency;
use token_monitor_core::report::model::{Pause, Route};
use token_monitor_tray::{Fate, Notice, Notifier, Pressed, Report};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::bus::on_a_private_bus;
use crate::dunst::Dunst;
use crate::panel::soon;
use crate::service::{Letter, Mood, Service};

/// For services that answer: no test waits for its end.
const FOR_EVER: Duration = Duration::from_secs(3600);

/// For services that do not: what a test has to wait out. However short it is, nothing but the answer depends on it.
const BRIEFLY: Duration = Duration::from_millis(100);

fn notice(id: u64) -> Notice {
    Notice {
        id,
        tag: format!("tag {id}"),
        title: "75 % of the block used".to_owned(),
        body: "82 of 109 M tokens, resets at 15:00".to_owned(),
        urgency: Urgency::Normal,
        sound: false,
        route: Route::Blocks,
    }
}

/// A notifier and what it reports.
struct Notifying {
    notifier: Notifier,
    reports: UnboundedReceiver<Report>,
}

fn start(patience: Duration) -> Notifying {
    let (tell, reports) = unbounded_channel();
    let told = move |report| tell.send(report).expect("the test listens");
    Notifying { notifier: Notifier::with_patience(patience, told).expect("there is a thread"), reports }
}

impl Notifying {
    async fn report(&mut self) -> Report {
        soon(self.reports.recv()).await.expect("the notifier is there")
    }

    /// Shows a notice that the service takes.
    async fn shown(&mut self, notice: Notice, service: &mut Service) -> Letter {
        let id = notice.id;
        self.notifier.show(notice);
        let letter = service.letter().await;
        assert_eq!(self.report().await, Report::Fate(id, Fate::Shown));
        letter
    }

    /// Shows a notice that nobody takes, and returns why.
    async fn failed(&mut self, id: u64) -> &'static str {
        self.notifier.show(notice(id));
        match self.report().await {
            Report::Fate(failed, Fate::Failed { why }) if failed == id => why,
            other => panic!("{id} should have failed: {other:?}"),
        }
    }
}

fn opened(route: Route, token: Option<&str>) -> Report {
    Report::Pressed(Pressed::Open { route, token: token.map(str::to_owned) })
}

#[test]
fn a_service_gets_all_it_needs_and_nothing_it_could_misread() {
    on_a_private_bus("notices::a_service_gets_all_it_needs_and_nothing_it_could_misread", async {
        let mut service = Service::start(Mood::Fine).await;
        let mut notifying = start(FOR_EVER);
        let title = "<b>75 %</b> of\nthe \u{202e}block";
        let body = "R&D <script>: 82 %\u{7}\nsecond line".to_owned();
        let letter = notifying.shown(Notice { title: title.to_owned(), body, ..notice(1) }, &mut service).await;
        assert_eq!((letter.app.as_str(), letter.icon.as_str()), ("Token Monitor", "token-monitor-app"));
        assert_eq!((letter.replaces, letter.time), (0, -1));
        assert_eq!(letter.title, "<b>75 %</b> of the block", "a title is never markup");
        assert_eq!(letter.body, "R&amp;D &lt;script&gt;: 82 %\nsecond line");
        assert_eq!(letter.actions, ["default", "Open", "open", "Open", "snooze", "Snooze 1 h"]);
        let mut hints: Vec<_> = letter.hints.iter().map(|(name, value)| format!("{name} {}", **value)).collect();
        hints.sort();
        assert_eq!(hints, ["desktop-entry \"Token Monitor\"", "suppress-sound true", "urgency byte 0x01"]);
    });
}

#[test]
fn what_presses_and_what_sounds_say_so() {
    on_a_private_bus("notices::what_presses_and_what_sounds_say_so", async {
        let mut service = Service::start(Mood::Fine).await;
        let mut notifying = start(FOR_EVER);
        for (id, (urgency, level)) in (0..).zip([(Urgency::Low, 0_u8), (Urgency::Normal, 1), (Urgency::Critical, 2)]) {
            let letter = notifying.shown(Notice { urgency, sound: true, ..notice(id) }, &mut service).await;
            let said: u8 = (&letter.hints["urgency"]).try_into().expect("a byte");
            assert_eq!(said, level);
            assert!(letter.hints.contains_key("sound-name") && !letter.hints.contains_key("suppress-sound"));
        }
    });
}

#[test]
fn a_service_without_markup_or_actions_gets_none() {
    on_a_private_bus("notices::a_service_without_markup_or_actions_gets_none", async {
        let mut service = Service::that_can(&["body"], Mood::Fine).await;
        let mut notifying = start(FOR_EVER);
        let letter = notifying.shown(Notice { body: "R&D: 82 %".to_owned(), ..notice(1) }, &mut service).await;
        assert_eq!(letter.body, "R&D: 82 %");
        assert!(letter.actions.is_empty(), "buttons nobody can press: {:?}", letter.actions);
    });
}

#[test]
fn long_words_are_cut_before_they_are_escaped() {
    on_a_private_bus("notices::long_words_are_cut_before_they_are_escaped", async {
        let mut service = Service::start(Mood::Fine).await;
        let mut notifying = start(FOR_EVER);
        let long = Notice { title: "t".repeat(10_240), body: "&".repeat(10_240), ..notice(1) };
        let letter = notifying.shown(long, &mut service).await;
        assert_eq!(letter.title, "t".repeat(79) + "…");
        assert_eq!(letter.body, "&amp;".repeat(199) + "…");
    });
}

#[test]
fn clicks_come_back_as_what_they_mean() {
    on_a_private_bus("notices::clicks_come_back_as_what_they_mean", async {
        let mut service = Service::start(Mood::Fine).await;
        let mut notifying = start(FOR_EVER);
        let session = Route::Session { session_id: "s1".to_owned() };
        let first = notifying.shown(notice(1), &mut service).await.id;
        let second = notifying.shown(Notice { route: session.clone(), ..notice(2) }, &mut service).await.id;
        service.click(4711, "default").await;
        service.click(first, "something else").await;
        service.click(second, "default").await;
        assert_eq!(notifying.report().await, opened(session.clone(), None), "what is nobody's means nothing");
        service.click(first, "open").await;
        assert_eq!(notifying.report().await, opened(Route::Blocks, None));
        service.entitle(second, "token-1").await;
        service.click(second, "open").await;
        assert_eq!(notifying.report().await, opened(session, Some("token-1")));
        service.click(first, "snooze").await;
        assert_eq!(notifying.report().await, Report::Pressed(Pressed::Snooze(Pause::Hour)));
    });
}

#[test]
fn a_later_notice_of_a_tag_takes_the_place_of_the_earlier() {
    on_a_private_bus("notices::a_later_notice_of_a_tag_takes_the_place_of_the_earlier", async {
        let mut service = Service::start(Mood::Fine).await;
        let mut notifying = start(FOR_EVER);
        let block = |id, route| Notice { tag: "block".to_owned(), route, ..notice(id) };
        let first = notifying.shown(block(1, Route::Now), &mut service).await;
        let other = notifying.shown(notice(2), &mut service).await;
        let second = notifying.shown(block(3, Route::Blocks), &mut service).await;
        assert_eq!((first.replaces, other.replaces, second.replaces), (0, 0, first.id));
        service.click(first.id, "default").await;
        assert_eq!(notifying.report().await, opened(Route::Blocks, None), "the page of the later one");
        service.take_away(first.id, 2).await;
        // Its answer comes after the news.
        notifying.shown(notice(4), &mut service).await;
        let third = notifying.shown(block(5, Route::Blocks), &mut service).await;
        assert_eq!(third.replaces, 0, "what was thrown away is not replaced");
    });
}

#[test]
fn all_of_them_come_over_one_connection_that_asks_once() {
    on_a_private_bus("notices::all_of_them_come_over_one_connection_that_asks_once", async {
        let mut service = Service::start(Mood::Fine).await;
        let mut notifying = start(FOR_EVER);
        let first = notifying.shown(notice(0), &mut service).await.sender;
        for id in 1..200 {
            assert_eq!(notifying.shown(notice(id), &mut service).await.sender, first);
        }
        assert_eq!(service.times_asked(), 1);
    });
}

#[test]
fn another_service_is_asked_anew_and_counts_anew() {
    on_a_private_bus("notices::another_service_is_asked_anew_and_counts_anew", async {
        let mut service = Service::start(Mood::Fine).await;
        let mut notifying = start(FOR_EVER);
        let block = |id, route| Notice { tag: "block".to_owned(), route, ..notice(id) };
        let first = notifying.shown(block(1, Route::Now), &mut service).await;
        service.stop().await;
        let mut service = Service::that_can(&["actions", "body"], Mood::Fine).await;
        let second = notifying.shown(Notice { body: "R&D".to_owned(), ..block(2, Route::Blocks) }, &mut service).await;
        assert_eq!(second.replaces, 0, "its numbers are its own");
        assert_eq!(second.body, "R&D", "it reads no markup");
        assert_eq!(first.sender, second.sender, "the connection stays");
        service.click(second.id, "default").await;
        assert_eq!(notifying.report().await, opened(Route::Blocks, None));
    });
}

#[test]
fn without_a_service_it_says_so_until_there_is_one() {
    on_a_private_bus("notices::without_a_service_it_says_so_until_there_is_one", async {
        let mut notifying = start(FOR_EVER);
        for id in 1..4 {
            assert_eq!(notifying.failed(id).await, "This desktop has no notification service.");
        }
        let mut service = Service::start(Mood::Fine).await;
        notifying.shown(notice(4), &mut service).await;
    });
}

#[test]
fn a_service_that_hangs_holds_up_nobody() {
    on_a_private_bus("notices::a_service_that_hangs_holds_up_nobody", async {
        for mood in [Mood::Hangs, Mood::HangsAtOnce] {
            let service = Service::start(mood).await;
            let mut notifying = start(BRIEFLY);
            for id in 0..50 {
                notifying.notifier.show(notice(id));
            }
            let mut fates = Vec::new();
            for _ in 0..50 {
                let Report::Fate(id, Fate::Failed { why }) = notifying.report().await else { panic!("it hangs") };
                fates.push((id, why));
            }
            assert_eq!(fates.last(), Some(&(49, "The notification service does not answer.")), "the latest is tried");
            fates.sort_unstable();
            assert!(fates.iter().map(|(id, _)| *id).eq(0..50), "each has one fate: {fates:?}");
            service.stop().await;
            assert_eq!(notifying.failed(50).await, "This desktop has no notification service.");
        }
    });
}

#[test]
fn a_slow_service_is_waited_for_and_nobody_else_waits() {
    on_a_private_bus("notices::a_slow_service_is_waited_for_and_nobody_else_waits", async {
        let permits = Arc::new(Semaphore::new(0));
        let mut service = Service::start(Mood::Waits(Arc::clone(&permits))).await;
        let mut notifying = start(FOR_EVER);
        notifying.notifier.show(notice(1));
        let first = service.letter().await;
        notifying.notifier.show(notice(2));
        assert!(notifying.reports.try_recv().is_err(), "it has not answered");
        permits.add_permits(2);
        assert_eq!(notifying.report().await, Report::Fate(1, Fate::Shown));
        assert_eq!(notifying.report().await, Report::Fate(2, Fate::Shown));
        service.click(first.id, "default").await;
        assert_eq!(notifying.report().await, opened(Route::Blocks, None));
    });
}

#[test]
fn a_service_that_dies_over_a_notice_costs_that_notice() {
    on_a_private_bus("notices::a_service_that_dies_over_a_notice_costs_that_notice", async {
        let dying = Service::start(Mood::Dies).await;
        let mut notifying = start(FOR_EVER);
        assert_eq!(notifying.failed(1).await, "The notification service ended before it answered.");
        drop(dying);
        let mut service = Service::start(Mood::Fine).await;
        notifying.shown(notice(2), &mut service).await;
    });
}

#[test]
fn a_service_that_refuses_is_asked_again_for_the_next() {
    on_a_private_bus("notices::a_service_that_refuses_is_asked_again_for_the_next", async {
        let mut service = Service::start(Mood::Refuses).await;
        let mut notifying = start(FOR_EVER);
        for id in 1..3 {
            assert_eq!(notifying.failed(id).await, "The notification service refused the notification.");
            service.letter().await;
        }
    });
}

#[test]
fn dropping_the_notifier_ends_its_thread_and_its_connection() {
    on_a_private_bus("notices::dropping_the_notifier_ends_its_thread_and_its_connection", async {
        let mut service = Service::start(Mood::Fine).await;
        let mut notifying = start(FOR_EVER);
        let sender = notifying.shown(notice(1), &mut service).await.sender;
        let mut departures = service.departures().await;
        drop(notifying.notifier);
        assert_eq!(soon(notifying.reports.recv()).await, None, "nobody is left to report");
        while departures.next().await != sender {}
    });
}

#[test]
fn dunst_shows_it_and_its_clicks_come_back() {
    on_a_private_bus("notices::dunst_shows_it_and_its_clicks_come_back", async {
        let dunst = Dunst::start().await;
        let mut notifying = start(FOR_EVER);
        notifying.notifier.show(Notice { body: "R&D: <b>82 %</b>".to_owned(), ..notice(1) });
        assert_eq!(notifying.report().await, Report::Fate(1, Fate::Shown));
        assert_eq!(dunst.displayed().await, 1);
        dunst.press_default().await;
        assert_eq!(notifying.report().await, opened(Route::Blocks, None));
        let past = dunst.past().await;
        for said in ["Token Monitor", "75 % of the block used", "R&amp;D: &lt;b&gt;82 %&lt;/b&gt;"] {
            assert!(past.contains(said), "{said} is missing: {past}");
        }
    });
}
