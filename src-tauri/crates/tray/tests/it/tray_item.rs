//! Tests the tray item on a private bus with a test tray.

use token_monitor_core::report::model::Pause;
use token_monitor_tray::{
    ActivationToken, Click, CompactFigure, IconSpec, IconTheme, LimitGauge, MenuAction, MenuItem, Tooltip, TrayHost,
    TrayItem, TrayView,
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use zbus::zvariant::Value;

use crate::private_bus::{run_on_private_bus, run_with_bus_socket};
use crate::tray_host::{Icon, Panel, SettingsPortal, within_timeout};

fn sample_view(tokens: u128) -> TrayView {
    let title = format!("{tokens} tokens today");
    let figure = Some(CompactFigure::from_tokens(tokens));
    let pauses = [Pause::Hour, Pause::UntilTomorrow].map(|pause| MenuItem::Action(MenuAction::Pause(pause)));
    TrayView {
        label: CompactFigure::from_tokens(tokens).to_string(),
        tooltip: Tooltip { title: title.clone(), lines: vec!["calm".to_owned(), "late".to_owned()] },
        menu: vec![
            MenuItem::Action(MenuAction::Open),
            MenuItem::Separator,
            MenuItem::Label(title),
            MenuItem::Submenu("Pause alerts".to_owned(), pauses.into()),
            MenuItem::Action(MenuAction::StartAtLogin(true)),
            MenuItem::Action(MenuAction::Quit),
        ],
        icon: IconSpec {
            figure,
            gauge: Some(LimitGauge::from_percent(50.0)),
            is_stale: false,
            bars: None,
            badge: None,
            theme: IconTheme::Light,
        },
        is_popover_open: false,
    }
}

/// An item on the bus with its reports.
struct ServedItem {
    item: TrayItem,
    clicks: UnboundedReceiver<(Click, Option<ActivationToken>)>,
    hosts: UnboundedReceiver<TrayHost>,
    serving: JoinHandle<()>,
}

impl ServedItem {
    async fn next_click(&mut self) -> Click {
        within_timeout(self.clicks.recv()).await.expect("the item is served").0
    }

    async fn next_host(&mut self) -> TrayHost {
        within_timeout(self.hosts.recv()).await.expect("the item is served")
    }
}

fn serve(view: TrayView) -> ServedItem {
    let (sender, clicks) = unbounded_channel();
    let (host_sender, hosts) = unbounded_channel();
    let item = TrayItem::new(view);
    let serving = tokio::spawn(item.serve(
        move |click, token| sender.send((click, token)).expect("the test receives"),
        move |host| host_sender.send(host).expect("the test receives"),
    ));
    ServedItem { item, clicks, hosts, serving }
}

#[test]
fn an_icon_registers_and_identifies_itself() {
    run_on_private_bus("tray_item::an_icon_registers_and_identifies_itself", async {
        let mut panel = Panel::start().await;
        let mut served = serve(sample_view(4_213_902));
        let icon = panel.next_icon().await;
        assert_eq!(served.next_host().await, TrayHost::Present);
        assert_eq!(icon.text_property("Id").await, "token-monitor");
        assert_eq!(icon.text_property("Title").await, "Token Monitor");
        assert_eq!(icon.text_property("Category").await, "ApplicationStatus");
        assert_eq!(icon.text_property("Status").await, "Active");
        assert!(!icon.bool_property("ItemIsMenu").await, "a left click activates");
    });
}

#[test]
fn a_tray_reads_pixels_and_tooltip() {
    run_on_private_bus("tray_item::a_tray_reads_pixels_and_tooltip", async {
        let mut panel = Panel::start().await;
        let served = serve(sample_view(4_213_902));
        let icon = panel.next_icon().await;
        let pixmaps = icon.icon_pixmaps().await;
        let sides: Vec<_> = pixmaps.iter().map(|(width, _, _)| *width).collect();
        assert_eq!(sides, [16, 22, 24, 32, 44, 48]);
        for (width, height, data) in pixmaps {
            assert_eq!(width, height, "panels distort images that are not square");
            assert_eq!(data.len(), usize::try_from(width * height * 4).unwrap());
        }
        let (title, description) = icon.tooltip().await;
        assert_eq!((title.as_str(), description.as_str()), ("4213902 tokens today", "calm\nlate"));
        drop(served);
    });
}

#[test]
fn invisible_characters_never_reach_a_panel() {
    run_on_private_bus("tray_item::invisible_characters_never_reach_a_panel", async {
        let mut panel = Panel::start().await;
        let hostile = "a\u{0}b\u{1b}[2J\u{202e}c\nd";
        let view = TrayView {
            label: hostile.to_owned(),
            tooltip: Tooltip { title: hostile.to_owned(), lines: vec![hostile.to_owned()] },
            menu: vec![MenuItem::Label(hostile.to_owned()), MenuItem::Submenu(hostile.to_owned(), Vec::new())],
            ..sample_view(1)
        };
        let served = serve(view.clone());
        let icon = panel.next_icon().await;
        for _ in 0..2 {
            assert_eq!(icon.text_property("XAyatanaLabel").await, "ab[2Jc d");
            assert_eq!(icon.tooltip().await, ("ab[2Jc d".to_owned(), "ab[2Jc d".to_owned()));
            let menu = icon.menu().await;
            assert!(menu.iter().all(|entry| entry.label == "ab[2Jc d"), "{:?}", menu[0].label);
            served.item.update(view.clone());
        }
    });
}

#[test]
fn a_tooltip_that_changes_after_a_click_is_not_signaled() {
    run_on_private_bus("tray_item::a_tooltip_that_changes_after_a_click_is_not_signaled", async {
        let mut panel = Panel::start().await;
        let mut served = serve(sample_view(1));
        let icon = panel.next_icon().await;
        let mut signals = icon.signals().await;
        let with = |title: &str, label: &str| TrayView {
            tooltip: Tooltip { title: title.to_owned(), lines: Vec::new() },
            label: label.to_owned(),
            ..sample_view(1)
        };
        served.item.update(with("before", "1"));
        assert_eq!(signals.next().await, "NewToolTip");
        icon.click("Activate", 12, 3).await;
        served.next_click().await;
        served.item.update(with("after", "2"));
        assert_eq!(signals.next().await, "XAyatanaNewLabel", "panels would show it above the popover");
        assert_eq!(icon.tooltip().await.0, "after");
    });
}

#[test]
fn panels_can_show_the_label_beside_the_icon() {
    run_on_private_bus("tray_item::panels_can_show_the_label_beside_the_icon", async {
        let mut panel = Panel::start().await;
        let served = serve(sample_view(4_213_902));
        let icon = panel.next_icon().await;
        assert_eq!(icon.text_property("XAyatanaLabel").await, "4.2M");
        assert_eq!(icon.text_property("XAyatanaLabelGuide").await, "8.8M");
        let mut signals = icon.signals().await;
        served.item.update(TrayView { label: "38% · $3.41".to_owned(), ..sample_view(4_213_902) });
        let (name, labels) = signals.next_with::<(String, String)>().await;
        assert_eq!(name, "XAyatanaNewLabel");
        assert_eq!(labels, ("38% · $3.41".to_owned(), "88% · $8.88".to_owned()));
        assert_eq!(icon.text_property("XAyatanaLabel").await, "38% · $3.41");
    });
}

#[test]
fn clicks_and_menu_actions_are_reported() {
    run_on_private_bus("tray_item::clicks_and_menu_actions_are_reported", async {
        let mut panel = Panel::start().await;
        let mut served = serve(sample_view(4_213_902));
        let icon = panel.next_icon().await;
        for method in ["Activate", "SecondaryActivate", "ContextMenu"] {
            icon.click(method, 10, 20).await;
            assert_eq!(served.next_click().await, Click::Activate { x: 10, y: 20 }, "{method}");
        }
        let menu = icon.menu().await;
        let labels: Vec<_> = menu.iter().map(|entry| entry.label.as_str()).collect();
        let expected = ["Open Token Monitor", "", "4213902 tokens today", "Pause alerts", "Start at login", "Quit"];
        assert_eq!(labels, expected);
        let enabled: Vec<_> = menu.iter().map(|entry| entry.enabled).collect();
        assert_eq!(enabled, [true, true, false, true, true, true], "labels are disabled");
        icon.select(menu[0].id).await;
        assert_eq!(served.next_click().await, Click::Menu(MenuAction::Open));
        icon.select(menu[5].id).await;
        assert_eq!(served.next_click().await, Click::Menu(MenuAction::Quit));
    });
}

#[test]
fn a_submenu_returns_its_items_on_request() {
    run_on_private_bus("tray_item::a_submenu_returns_its_items_on_request", async {
        let mut panel = Panel::start().await;
        let mut served = serve(sample_view(1));
        let icon = panel.next_icon().await;
        assert!(icon.menu_layout(1).await.1[3].rows.is_empty(), "one level was requested");
        let group = &icon.menu().await[3];
        let kind =
            icon.menu_property(&[group.id], "children-display").await.remove(&group.id).expect("the submenu has items");
        assert_eq!(*kind, Value::from("submenu"));
        let labels: Vec<_> = group.rows.iter().map(|entry| entry.label.as_str()).collect();
        assert_eq!(labels, ["For 1 hour", "Until tomorrow"]);
        assert_eq!(icon.select_all(&[group.rows[1].id, 77]).await, [77], "there is no item of this id");
        assert_eq!(served.next_click().await, Click::Menu(MenuAction::Pause(Pause::UntilTomorrow)));
    });
}

#[test]
fn a_check_item_is_updated_without_a_new_layout() {
    run_on_private_bus("tray_item::a_check_item_is_updated_without_a_new_layout", async {
        let mut panel = Panel::start().await;
        let mut served = serve(sample_view(1));
        let icon = panel.next_icon().await;
        let (revision, menu) = icon.menu_layout(-1).await;
        assert_eq!((menu[0].checked, menu[4].checked), (None, Some(false)));
        icon.select(menu[4].id).await;
        assert_eq!(served.next_click().await, Click::Menu(MenuAction::StartAtLogin(true)));

        let mut signals = icon.menu_signals().await;
        let mut on = sample_view(1);
        on.menu[4] = MenuItem::Action(MenuAction::StartAtLogin(false));
        served.item.update(on);
        assert_eq!(signals.next().await, "ItemsPropertiesUpdated");
        let (later, menu) = icon.menu_layout(-1).await;
        assert_eq!((later, menu[4].checked), (revision, Some(true)));
    });
}

#[test]
fn another_set_of_items_is_a_new_layout_with_stable_ids() {
    run_on_private_bus("tray_item::another_set_of_items_is_a_new_layout_with_stable_ids", async {
        let mut panel = Panel::start().await;
        let mut served = serve(sample_view(1));
        let icon = panel.next_icon().await;
        let (revision, before) = icon.menu_layout(-1).await;
        let mut signals = icon.menu_signals().await;
        let mut more = sample_view(1);
        more.menu.insert(3, MenuItem::Label("late".to_owned()));
        served.item.update(more);
        let (name, (later, parent)) = signals.next_with::<(u32, i32)>().await;
        assert_eq!((name.as_str(), later, parent), ("LayoutUpdated", revision + 1, 0));
        assert_eq!(icon.menu_layout(-1).await.0, later);
        icon.select(before[5].id).await;
        assert_eq!(served.next_click().await, Click::Menu(MenuAction::Quit), "ids of an open menu stay valid");
    });
}

#[test]
fn a_click_has_the_activation_token_sent_before_it() {
    run_on_private_bus("tray_item::a_click_has_the_activation_token_sent_before_it", async {
        let mut panel = Panel::start().await;
        let mut served = serve(sample_view(1));
        let icon = panel.next_icon().await;
        icon.send_activation_token("once").await;
        icon.click("Activate", 1, 2).await;
        icon.click("Activate", 1, 2).await;
        let tokens = [within_timeout(served.clicks.recv()).await, within_timeout(served.clicks.recv()).await]
            .map(|click| click.unwrap().1);
        assert_eq!(tokens, [Some(ActivationToken("once".to_owned())), None]);
    });
}

#[test]
fn only_changed_properties_are_signaled() {
    run_on_private_bus("tray_item::only_changed_properties_are_signaled", async {
        let mut panel = Panel::start().await;
        let served = serve(sample_view(4_213_902));
        let icon = panel.next_icon().await;
        let before = icon.icon_pixmaps().await;
        let mut signals = icon.signals().await;

        served.item.update(sample_view(4_213_902));
        served.item.update(sample_view(4_213_903));
        assert_eq!(signals.next().await, "NewToolTip", "an equal icon is not signaled");
        served.item.update(sample_view(5_000_000));
        assert_eq!(signals.next().await, "NewIcon");
        assert_ne!(icon.icon_pixmaps().await, before);
        assert_eq!(signals.next().await, "NewToolTip");
        assert_eq!(signals.next().await, "XAyatanaNewLabel");
    });
}

#[test]
fn the_theme_follows_the_color_scheme_of_the_desktop() {
    run_on_private_bus("tray_item::the_theme_follows_the_color_scheme_of_the_desktop", async {
        let mut panel = Panel::start().await;
        let served = serve(sample_view(42));
        let icon = panel.next_icon().await;
        let mut signals = icon.signals().await;
        let light = icon.icon_pixmaps().await;
        let portal = SettingsPortal::start(2).await;
        assert_eq!(signals.next().await, "NewIcon", "a portal started");
        let dark = icon.icon_pixmaps().await;
        assert_ne!(light, dark);
        portal.set_color_scheme(0).await;
        assert_eq!(signals.next().await, "NewIcon", "the user changed the color scheme");
        assert_eq!(icon.icon_pixmaps().await, light);
        drop(served);
    });
}

#[test]
fn a_watcher_without_a_panel_is_no_tray() {
    run_on_private_bus("tray_item::a_watcher_without_a_panel_is_no_tray", async {
        let panel = Panel::start_without_panel().await;
        let mut served = serve(sample_view(1));
        assert_eq!(served.next_host().await, TrayHost::Absent);
        panel.register_panel().await;
        assert_eq!(served.next_host().await, TrayHost::Present);
    });
}

#[test]
fn a_second_tray_gets_the_icon_after_the_first_ends() {
    run_on_private_bus("tray_item::a_second_tray_gets_the_icon_after_the_first_ends", async {
        let mut first = Panel::start().await;
        let mut second = Panel::start().await;
        let mut served = serve(sample_view(1));
        let icon = first.next_icon().await;
        assert_eq!(icon.text_property_read_by(&second, "XAyatanaLabel").await, "1", "both can show it");
        assert_eq!(served.next_host().await, TrayHost::Present);
        first.stop().await;
        let icon = second.next_icon().await;
        assert_eq!(icon.text_property("Id").await, "token-monitor");
    });
}

#[test]
fn a_tray_that_starts_late_gets_the_icon() {
    run_on_private_bus("tray_item::a_tray_that_starts_late_gets_the_icon", async {
        let mut served = serve(sample_view(1));
        assert_eq!(served.next_host().await, TrayHost::Absent);
        let mut panel = Panel::start().await;
        panel.next_icon().await;
        assert_eq!(served.next_host().await, TrayHost::Present);
    });
}

#[test]
fn a_tray_that_restarts_gets_the_icon_again() {
    run_on_private_bus("tray_item::a_tray_that_restarts_gets_the_icon_again", async {
        let mut panel = Panel::start().await;
        let mut served = serve(sample_view(1));
        panel.next_icon().await;
        assert_eq!(served.next_host().await, TrayHost::Present);
        panel.stop().await;
        assert_eq!(served.next_host().await, TrayHost::Absent);
        served.item.update(sample_view(2_000));
        let mut panel = Panel::start().await;
        let icon: Icon = panel.next_icon().await;
        assert_eq!(served.next_host().await, TrayHost::Present);
        assert_eq!(icon.tooltip().await.0, "2000 tokens today", "it shows the latest view");
    });
}

#[test]
fn registration_is_repeated_after_a_refusal() {
    run_on_private_bus("tray_item::registration_is_repeated_after_a_refusal", async {
        let mut panel = Panel::start_refusing(2).await;
        let mut served = serve(sample_view(1));
        assert_eq!(served.next_host().await, TrayHost::Absent);
        panel.next_icon().await;
        assert_eq!(served.next_host().await, TrayHost::Present);
    });
}

#[test]
fn a_new_panel_does_not_end_a_refusal() {
    run_on_private_bus("tray_item::a_new_panel_does_not_end_a_refusal", async {
        let mut panel = Panel::start_refusing(1).await;
        let mut served = serve(sample_view(1));
        assert_eq!(served.next_host().await, TrayHost::Absent);
        panel.register_panel().await;
        panel.next_icon().await;
        assert_eq!(served.next_host().await, TrayHost::Present);
    });
}

#[test]
fn the_icon_is_served_again_after_a_restart_of_the_bus() {
    run_with_bus_socket("tray_item::the_icon_is_served_again_after_a_restart_of_the_bus", async |bus| {
        let mut served = serve(sample_view(1));
        assert_eq!(served.next_host().await, TrayHost::Absent, "there is no bus yet");
        let first = bus.start_bus();
        let mut panel = Panel::start().await;
        panel.next_icon().await;
        assert_eq!(served.next_host().await, TrayHost::Present);
        drop(first);
        assert_eq!(served.next_host().await, TrayHost::Absent);
        served.item.update(sample_view(2_000));
        let second = bus.start_bus();
        let mut panel = Panel::start().await;
        let icon = panel.next_icon().await;
        assert_eq!(served.next_host().await, TrayHost::Present);
        assert_eq!(icon.tooltip().await.0, "2000 tokens today", "it shows the latest view");
        drop(second);
    });
}

#[test]
fn an_item_without_a_bus_ends_when_it_is_dropped() {
    run_with_bus_socket("tray_item::an_item_without_a_bus_ends_when_it_is_dropped", async |_| {
        let mut served = serve(sample_view(1));
        assert_eq!(served.next_host().await, TrayHost::Absent);
        drop(served.item);
        within_timeout(served.serving).await.expect("it does not panic");
    });
}

#[test]
fn dropping_the_item_removes_the_icon() {
    run_on_private_bus("tray_item::dropping_the_item_removes_the_icon", async {
        let mut panel = Panel::start().await;
        let served = serve(sample_view(1));
        let icon = panel.next_icon().await;
        drop(served.item);
        within_timeout(served.serving).await.expect("it does not panic");
        icon.assert_gone().await;
    });
}
