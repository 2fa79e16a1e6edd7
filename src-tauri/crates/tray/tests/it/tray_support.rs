//! The detection of a tray: with a panel, without one, and without a bus.

use token_monitor_tray::TraySupport;

use crate::private_bus::{run_on_private_bus, run_with_bus_socket};
use crate::tray_host::Panel;

/// Detects the tray on another thread, since the test's own thread serves the panel.
async fn detect() -> TraySupport {
    let (sender, detected) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || sender.send(TraySupport::detect()));
    detected.await.expect("the thread ends")
}

#[test]
fn a_panel_is_a_tray_and_a_watcher_without_one_is_not() {
    run_on_private_bus("tray_support::a_panel_is_a_tray_and_a_watcher_without_one_is_not", async {
        assert_eq!(detect().await, TraySupport::NoTray, "nothing runs");
        let watcher = Panel::start_without_panel().await;
        assert_eq!(detect().await, TraySupport::NoTray);
        watcher.register_panel().await;
        assert_eq!(detect().await, TraySupport::Tray);
        watcher.stop().await;
        assert_eq!(detect().await, TraySupport::NoTray);
    });
}

#[test]
fn without_a_bus_there_is_none() {
    run_with_bus_socket("tray_support::without_a_bus_there_is_none", async |socket| {
        assert_eq!(detect().await, TraySupport::NoBus);
        let bus = socket.start_bus();
        assert_eq!(detect().await, TraySupport::NoTray);
        drop(bus);
    });
}
