//! The tray icon on a real bus: a private one, with a tray of our own on it.

use token_monitor_desktop::{Click, Figure, Gauge, Host, Ink, Item, ItemError, Picture, Row, Tooltip, TrayView};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;

use crate::bus::on_a_private_bus;
use crate::panel::{Icon, Panel, soon};

fn view(tokens: u128) -> TrayView {
    let title = format!("{tokens} tokens today");
    TrayView {
        label: title.clone(),
        tooltip: Tooltip { title: title.clone(), lines: vec!["calm".to_owned(), "late".to_owned()] },
        menu: vec![Row::Open, Row::Separator, Row::Figure(title), Row::Quit],
        picture: Picture { figure: Figure::of(tokens), gauge: Some(Gauge::of(50.0)), stale: false, ink: Ink::Light },
    }
}

/// An item on the bus and what it reports.
struct Served {
    item: Item,
    clicks: UnboundedReceiver<Click>,
    hosts: UnboundedReceiver<Host>,
    serving: JoinHandle<Result<(), ItemError>>,
}

fn serve(view: TrayView) -> Served {
    let (click, clicks) = unbounded_channel();
    let (host, hosts) = unbounded_channel();
    let item = Item::new(view);
    let serving = tokio::spawn(item.serve(
        move |happened| click.send(happened).expect("the test listens"),
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
        assert_eq!(soon(served.hosts.recv()).await, Some(Host::Present));
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
fn clicks_and_menu_choices_come_through() {
    on_a_private_bus("item::clicks_and_menu_choices_come_through", async {
        let mut panel = Panel::start().await;
        let mut served = serve(view(4_213_902));
        let icon = panel.icon().await;
        icon.activate(10, 20).await;
        assert_eq!(soon(served.clicks.recv()).await, Some(Click::Activate { x: 10, y: 20 }));
        let menu = icon.menu().await;
        let labels: Vec<_> = menu.iter().map(|entry| entry.label.as_str()).collect();
        assert_eq!(labels, ["Open Token Monitor", "", "4213902 tokens today", "Quit"]);
        let enabled: Vec<_> = menu.iter().map(|entry| entry.enabled).collect();
        assert_eq!(enabled, [true, true, false, true], "figures are to read");
        icon.choose(menu[0].id).await;
        assert_eq!(soon(served.clicks.recv()).await, Some(Click::Open));
        icon.choose(menu[3].id).await;
        assert_eq!(soon(served.clicks.recv()).await, Some(Click::Quit));
    });
}

#[test]
fn another_view_has_other_pixels_and_an_equal_one_sends_nothing() {
    on_a_private_bus("item::another_view_has_other_pixels_and_an_equal_one_sends_nothing", async {
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
    });
}

#[test]
fn a_tray_that_starts_late_gets_the_icon() {
    on_a_private_bus("item::a_tray_that_starts_late_gets_the_icon", async {
        let mut served = serve(view(1));
        assert_eq!(soon(served.hosts.recv()).await, Some(Host::Absent));
        let mut panel = Panel::start().await;
        panel.icon().await;
        assert_eq!(soon(served.hosts.recv()).await, Some(Host::Present));
    });
}

#[test]
fn a_tray_that_restarts_gets_the_icon_again() {
    on_a_private_bus("item::a_tray_that_restarts_gets_the_icon_again", async {
        let mut panel = Panel::start().await;
        let mut served = serve(view(1));
        panel.icon().await;
        assert_eq!(soon(served.hosts.recv()).await, Some(Host::Present));
        panel.stop().await;
        assert_eq!(soon(served.hosts.recv()).await, Some(Host::Absent));
        served.item.update(view(2_000));
        let mut panel = Panel::start().await;
        let icon: Icon = panel.icon().await;
        assert_eq!(soon(served.hosts.recv()).await, Some(Host::Present));
        assert_eq!(icon.tooltip().await.0, "2000 tokens today", "it shows the latest view");
    });
}

#[test]
fn a_tray_that_refuses_is_asked_again() {
    on_a_private_bus("item::a_tray_that_refuses_is_asked_again", async {
        let mut panel = Panel::refusing(2).await;
        let mut served = serve(view(1));
        assert_eq!(soon(served.hosts.recv()).await, Some(Host::Absent));
        panel.icon().await;
        assert_eq!(soon(served.hosts.recv()).await, Some(Host::Present));
    });
}

#[test]
fn dropping_the_item_takes_the_icon_away() {
    on_a_private_bus("item::dropping_the_item_takes_the_icon_away", async {
        let mut panel = Panel::start().await;
        let served = serve(view(1));
        let icon = panel.icon().await;
        drop(served.item);
        soon(served.serving).await.expect("it does not panic").expect("nothing went wrong");
        icon.gone().await;
    });
}
