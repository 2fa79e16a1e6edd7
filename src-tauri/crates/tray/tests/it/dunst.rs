//! Dunst as a real notification service, on its own display.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use futures_lite::StreamExt;
use tempfile::TempDir;
use zbus::fdo::DBusProxy;

use crate::tray_host::within_timeout;

/// The bus name of the notification service.
const BUS_NAME: &str = "org.freedesktop.Notifications";

/// Dunst on its own display. Both are killed when dropped.
pub(crate) struct Dunst {
    _dunst: KilledOnDrop,
    _screen: KilledOnDrop,
    _home: TempDir,
}

impl Dunst {
    /// Starts dunst on the bus of this process.
    pub(crate) async fn start() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let (screen, display) = start_display();
        let bus = zbus::Connection::session().await.expect("the bus is there");
        let proxy = DBusProxy::new(&bus).await.expect("the bus answers");
        let mut owners =
            proxy.receive_name_owner_changed_with_args(&[(0, BUS_NAME)]).await.expect("the bus sends signals");
        let dunst = start_dunst(&display, home.path());
        within_timeout(owners.next()).await.expect("dunst takes its name");
        Self { _dunst: dunst, _screen: screen, _home: home }
    }

    /// Returns the number of visible notifications.
    pub(crate) async fn count_displayed(&self) -> usize {
        dunstctl(&["count", "displayed"]).trim().parse().expect("a number")
    }

    /// Clicks the latest notification.
    pub(crate) async fn click_latest(&self) {
        dunstctl(&["action"]);
    }

    /// Closes all notifications and returns dunst's history.
    pub(crate) async fn close_all(&self) -> String {
        dunstctl(&["close-all"]);
        dunstctl(&["history"])
    }
}

/// Starts a display. The server chooses a free number and writes it to a descriptor.
fn start_display() -> (KilledOnDrop, String) {
    let mut screen = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb is installed: these tests never skip");
    let output = screen.stdout.take().expect("stdout is piped");
    let mut number = String::new();
    BufReader::new(output).read_line(&mut number).expect("the server writes its number");
    (KilledOnDrop(screen), format!(":{}", number.trim()))
}

/// Starts dunst with its default settings.
fn start_dunst(display: &str, home: &Path) -> KilledOnDrop {
    let dunst = Command::new("dunst")
        .env("DISPLAY", display)
        .env_remove("WAYLAND_DISPLAY")
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("dunst is installed: these tests never skip");
    KilledOnDrop(dunst)
}

fn dunstctl(args: &[&str]) -> String {
    let output = Command::new("dunstctl").args(args).output().expect("dunstctl comes with dunst");
    assert!(output.status.success(), "dunstctl {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A process that is killed when dropped.
struct KilledOnDrop(Child);

impl Drop for KilledOnDrop {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
