//! The tray icon on a real bus: a private one, with a tray of our own on it.

use token_monitor_core::report::model::Pause;
use token_monitor_tray::{
    ActivationToken, Choice, Click, Figure, Gauge, Host, Ink, Item, Picture, Row, Tooltip, TrayView,
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use zbus::zvariant::Value;

use crate::bus::{on_a_private_bus, where_a_bus_may_come};
use crate::panel::{Icon, Panel, Settings, soon};

fn view(tokens: u128) -> TrayView {
    let title = format!("{tokens} tokens today");
    let figure = Some(Figure::of(tokens));
    let pauses = [Pause::Hour, Pause::UntilTomorrow].map(|pause| Row::Choice(Choice::Pause(pause)));
    TrayView {
        label: Figure::of(tokens).to_string(),
        tooltip: Tooltip { title: title.clone(), lines: vec!["calm".to_owned(), "late".to_owned()] },
        menu: vec![
            Row::Choice(Choice::Open),
            Row::Separator,
            Row::Figure(title),
            Row::Group("Pause alerts".to_owned(), pauses.into()),
            Row::Choice(Choice::StartAtLogin(true)),
            Row::Choice(Choice::Quit),
        ],
        picture: Picture { figure, gauge: Some(Gauge::of(50.0)), stale: false, unseen: false, ink: Ink::Light },
    }
}

/// An item on the bus and what it reports.
struct Served {
    item: Item,
    clicks: UnboundedReceiver<(Click, Option<ActivationToken>)>,
    hosts: UnboundedReceiver<Host>,
    serving: JoinHandle<()>,
}

impl Served {
    async fn click(&mut self) -> Click {
        soon(self.clicks.recv()).await.expect("the item is served").0
    }

    async fn host(&mut self) -> Host {
        soon(self.hosts.recv()).await.expect("the item is served")
    }
}

fn serve(view: TrayView) -> Served {
    let (click, clicks) = unbounded_channel();
    let (host, hosts) = unbounded_channel();
    let item = Item::new(view);
    let serving = tokio::spawn(item.serve(
        move |happened, token| click.send((happened, token)).expect("the test listens"),
        move |found| host.send(found).expect("the test listens"),
    ));
    Served { item, clicks, hosts, serving }
}

#[test]
fn an_icon_registers_with_the_tray_and_says_who_it_is() {
    on_a_private_bus("item::an_icon_registers_with_the_tray_and_says_who_it_is", async {
        let mut panel = Panel::start().await;
        let mut served = serve(view(4_213_902));
        let icon = panel.icon().await;
        assert_eq!(served.host().await, Host::Present);
        assert_eq!(icon.text("Id").await, "token-monitor");
        assert_eq!(icon.text("Title").await, "Token Monitor");
        assert_eq!(icon.text("Category").await, "ApplicationStatus");
        assert_eq!(icon.text("Status").await, "Active");
        assert!(!icon.flag("ItemIsMenu").await, "a left click activates");
    });
}

#[test]
fn a_tray_reads_pixels_and_tooltip() {
    on_a_private_bus("item::a_tray_reads_pixels_and_tooltip", async {
        let mut panel = Panel::start().await;
        let served = serve(view(4_213_902));
        let icon = panel.icon().await;
        let pixmaps = icon.pixmaps().await;
        let sides: Vec<_> = pixmaps.iter().map(|(width, _, _)| *width).collect();
        assert_eq!(sides, [16, 22, 24, 32, 44, 48]);
        for (width, height, data) in pixmaps {
            assert_eq!(width, height, "panels squeeze what is not square");
            assert_eq!(data.len(), usize::try_from(width * height * 4).unwrap());
        }
        let (title, description) = icon.tooltip().await;
        assert_eq!((title.as_str(), description.as_str()), ("4213902 tokens today", "calm\nlate"));
        drop(served);
    });
}

#[test]
fn the_text_beside_the_icon_is_there_for_panels_that_have_room() {
    on_a_private_bus("item::the_text_beside_the_icon_is_there_for_panels_that_have_room", async {
        let mut panel = Panel::start().await;
        let served = serve(view(4_213_902));
        let icon = panel.icon().await;
        assert_eq!(icon.text("XAyatanaLabel").await, "4.2M");
        assert_eq!(icon.text("XAyatanaLabelGuide").await, "8.8M");
        let mut signals = icon.signals().await;
        served.item.update(TrayView { label: "38 % · $3.41".to_owned(), ..view(4_213_902) });
        let (name, said) = signals.next_with::<(String, String)>().await;
        assert_eq!(name, "XAyatanaNewLabel");
        assert_eq!(said, ("38 % · $3.41".to_owned(), "88 % · $8.88".to_owned()));
        assert_eq!(icon.text("XAyatanaLabel").await, "38 % · $3.41");
    });
}

#[test]
fn clicks_and_menu_choices_come_through() {
    on_a_private_bus("item::clicks_and_menu_choices_come_through", async {
        let mut panel = Panel::start().await;
        let mut served = serve(view(4_213_902));
        let icon = panel.icon().await;
        for method in ["Activate", "SecondaryActivate", "ContextMenu"] {
            icon.click(method, 10, 20).await;
            assert_eq!(served.click().await, Click::Activate { x: 10, y: 20 }, "{method}");
        }
        let menu = icon.menu().await;
        let labels: Vec<_> = menu.iter().map(|entry| entry.label.as_str()).collect();
        let expected = ["Open Token Monitor", "", "4213902 tokens today", "Pause alerts", "Start at login", "Quit"];
        assert_eq!(labels, expected);
        let enabled: Vec<_> = menu.iter().map(|entry| entry.enabled).collect();
        assert_eq!(enabled, [true, true, false, true, true, true], "figures are to read");
        icon.choose(menu[0].id).await;
        assert_eq!(served.click().await, Click::Choose(Choice::Open));
        icon.choose(menu[5].id).await;
        assert_eq!(served.click().await, Click::Choose(Choice::Quit));
    });
}

#[test]
fn a_submenu_offers_its_rows_to_panels_that_ask_for_them() {
    on_a_private_bus("item::a_submenu_offers_its_rows_to_panels_that_ask_for_them", async {
        let mut panel = Panel::start().await;
        let mut served = serve(view(1));
        let icon = panel.icon().await;
        assert!(icon.layout(1).await.1[3].rows.is_empty(), "one level was asked for");
        let group = &icon.menu().await[3];
        let kind = icon.property_of(&[group.id], "children-display").await.remove(&group.id).expect("it has rows");
        assert_eq!(*kind, Value::from("submenu"));
        let labels: Vec<_> = group.rows.iter().map(|entry| entry.label.as_str()).collect();
        assert_eq!(labels, ["For 1 hour", "Until tomorrow"]);
        assert_eq!(icon.choose_all(&[group.rows[1].id, 77]).await, [77], "there is no such row");
        assert_eq!(served.click().await, Click::Choose(Choice::Pause(Pause::UntilTomorrow)));
    });
}

#[test]
fn a_check_mark_follows_the_view_without_another_layout() {
    on_a_private_bus("item::a_check_mark_follows_the_view_without_another_layout", async {
        let mut panel = Panel::start().await;
        let mut served = serve(view(1));
        let icon = panel.icon().await;
        let (revision, menu) = icon.layout(-1).await;
        assert_eq!((menu[0].checked, menu[4].checked), (None, Some(false)));
        icon.choose(menu[4].id).await;
        assert_eq!(served.click().await, Click::Choose(Choice::StartAtLogin(true)));

        let mut signals = icon.menu_signals().await;
        let mut on = view(1);
        on.menu[4] = Row::Choice(Choice::StartAtLogin(false));
        served.item.update(on);
        assert_eq!(signals.next().await, "ItemsPropertiesUpdated");
        let (later, menu) = icon.layout(-1).await;
        assert_eq!((later, menu[4].checked), (revision, Some(true)));
    });
}

#[test]
fn another_set_of_rows_is_another_layout_and_quit_stays_quit() {
    on_a_private_bus("item::another_set_of_rows_is_another_layout_and_quit_stays_quit", async {
        let mut panel = Panel::start().await;
        let mut served = serve(view(1));
        let icon = panel.icon().await;
        let (revision, before) = icon.layout(-1).await;
        let mut signals = icon.menu_signals().await;
        let mut more = view(1);
        more.menu.insert(3, Row::Figure("late".to_owned()));
        served.item.update(more);
        let (name, (later, parent)) = signals.next_with::<(u32, i32)>().await;
        assert_eq!((name.as_str(), later, parent), ("LayoutUpdated", revision + 1, 0));
        assert_eq!(icon.layout(-1).await.0, later);
        icon.choose(before[5].id).await;
        assert_eq!(served.click().await, Click::Choose(Choice::Quit), "a menu that was open still means what it shows");
    });
}

#[test]
fn a_click_carries_the_token_that_lets_its_window_have_the_focus() {
    on_a_private_bus("item::a_click_carries_the_token_that_lets_its_window_have_the_focus", async {
        let mut panel = Panel::start().await;
        let mut served = serve(view(1));
        let icon = panel.icon().await;
        icon.allow_a_window("once").await;
        icon.click("Activate", 1, 2).await;
        icon.click("Activate", 1, 2).await;
        let tokens = [soon(served.clicks.recv()).await, soon(served.clicks.recv()).await].map(|click| click.unwrap().1);
        assert_eq!(tokens, [Some(ActivationToken("once".to_owned())), None]);
    });
}

#[test]
fn another_view_has_other_pixels_and_only_what_changed_is_told() {
    on_a_private_bus("item::another_view_has_other_pixels_and_only_what_changed_is_told", async {
        let mut panel = Panel::start().await;
        let served = serve(view(4_213_902));
        let icon = panel.icon().await;
        let before = icon.pixmaps().await;
        let mut signals = icon.signals().await;

        served.item.update(view(4_213_902));
        served.item.update(view(4_213_903));
        assert_eq!(signals.next().await, "NewToolTip", "the same icon is not sent again");
        served.item.update(view(5_000_000));
        assert_eq!(signals.next().await, "NewIcon");
        assert_ne!(icon.pixmaps().await, before);
        assert_eq!(signals.next().await, "NewToolTip");
        assert_eq!(signals.next().await, "XAyatanaNewLabel");
    });
}

#[test]
fn the_ink_follows_the_colours_of_the_desktop() {
    on_a_private_bus("item::the_ink_follows_the_colours_of_the_desktop", async {
        let mut panel = Panel::start().await;
        let served = serve(view(42));
        let icon = panel.icon().await;
        let mut signals = icon.signals().await;
        let light = icon.pixmaps().await;
        let settings = Settings::start(2).await;
        assert_eq!(signals.next().await, "NewIcon", "a portal came");
        let dark = icon.pixmaps().await;
        assert_ne!(light, dark);
        settings.change(0).await;
        assert_eq!(signals.next().await, "NewIcon", "the user chose other colours");
        assert_eq!(icon.pixmaps().await, light);
        drop(served);
    });
}

#[test]
fn a_watcher_without_a_panel_is_no_tray_until_a_panel_comes() {
    on_a_private_bus("item::a_watcher_without_a_panel_is_no_tray_until_a_panel_comes", async {
        let panel = Panel::without_a_panel().await;
        let mut served = serve(view(1));
        assert_eq!(served.host().await, Host::Absent);
        panel.panel_comes().await;
        assert_eq!(served.host().await, Host::Present);
    });
}

#[test]
fn a_second_tray_gets_the_icon_when_the_first_is_killed() {
    on_a_private_bus("item::a_second_tray_gets_the_icon_when_the_first_is_killed", async {
        let mut first = Panel::start().await;
        let mut second = Panel::start().await;
        let mut served = serve(view(1));
        let icon = first.icon().await;
        assert_eq!(icon.text_read_by(&second, "XAyatanaLabel").await, "1", "both can show it");
        assert_eq!(served.host().await, Host::Present);
        first.stop().await;
        let icon = second.icon().await;
        assert_eq!(icon.text("Id").await, "token-monitor");
    });
}

#[test]
fn a_tray_that_starts_late_gets_the_icon() {
    on_a_private_bus("item::a_tray_that_starts_late_gets_the_icon", async {
        let mut served = serve(view(1));
        assert_eq!(served.host().await, Host::Absent);
        let mut panel = Panel::start().await;
        panel.icon().await;
        assert_eq!(served.host().await, Host::Present);
    });
}

#[test]
fn a_tray_that_restarts_gets_the_icon_again() {
    on_a_private_bus("item::a_tray_that_restarts_gets_the_icon_again", async {
        let mut panel = Panel::start().await;
        let mut served = serve(view(1));
        panel.icon().await;
        assert_eq!(served.host().await, Host::Present);
        panel.stop().await;
        assert_eq!(served.host().await, Host::Absent);
        served.item.update(view(2_000));
        let mut panel = Panel::start().await;
        let icon: Icon = panel.icon().await;
        assert_eq!(served.host().await, Host::Present);
        assert_eq!(icon.tooltip().await.0, "2000 tokens today", "it shows the latest view");
    });
}

#[test]
fn a_tray_that_refuses_is_asked_again() {
    on_a_private_bus("item::a_tray_that_refuses_is_asked_again", async {
        let mut panel = Panel::refusing(2).await;
        let mut served = serve(view(1));
        assert_eq!(served.host().await, Host::Absent);
        panel.icon().await;
        assert_eq!(served.host().await, Host::Present);
    });
}

#[test]
fn a_panel_that_comes_is_no_answer_of_the_watcher_that_refused() {
    on_a_private_bus("item::a_panel_that_comes_is_no_answer_of_the_watcher_that_refused", async {
        let mut panel = Panel::refusing(1).await;
        let mut served = serve(view(1));
        assert_eq!(served.host().await, Host::Absent);
        panel.panel_comes().await;
        panel.icon().await;
        assert_eq!(served.host().await, Host::Present);
    });
}

#[test]
fn a_session_bus_that_goes_and_comes_again_takes_the_icon_along() {
    where_a_bus_may_come("item::a_session_bus_that_goes_and_comes_again_takes_the_icon_along", async |bus| {
        let mut served = serve(view(1));
        assert_eq!(served.host().await, Host::Absent, "there is no bus yet");
        let first = bus.comes();
        let mut panel = Panel::start().await;
        panel.icon().await;
        assert_eq!(served.host().await, Host::Present);
        drop(first);
        assert_eq!(served.host().await, Host::Absent);
        served.item.update(view(2_000));
        let second = bus.comes();
        let mut panel = Panel::start().await;
        let icon = panel.icon().await;
        assert_eq!(served.host().await, Host::Present);
        assert_eq!(icon.tooltip().await.0, "2000 tokens today", "it shows the latest view");
        drop(second);
    });
}

#[test]
fn an_item_without_a_bus_ends_when_it_is_dropped() {
    where_a_bus_may_come("item::an_item_without_a_bus_ends_when_it_is_dropped", async |_| {
        let mut served = serve(view(1));
        assert_eq!(served.host().await, Host::Absent);
        drop(served.item);
        soon(served.serving).await.expect("it does not panic");
    });
}

#[test]
fn dropping_the_item_takes_the_icon_away() {
    on_a_private_bus("item::dropping_the_item_takes_the_icon_away", async {
        let mut panel = Panel::start().await;
        let served = serve(view(1));
        let icon = panel.icon().await;
        drop(served.item);
        soon(served.serving).await.expect("it does not panic");
        icon.gone().await;
    });
}
