//! A real notification service, on a display of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use futures_lite::StreamExt;
use tempfile::TempDir;
use zbus::fdo::DBusProxy;

use crate::panel::soon;

/// Where it announces itself.
const NAME: &str = "org.freedesktop.Notifications";

/// Dunst and its display, which end with the test.
pub(crate) struct Dunst {
    _dunst: Ended,
    _screen: Ended,
    _home: TempDir,
}

impl Dunst {
    /// Starts it on the bus of this process.
    pub(crate) async fn start() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let (screen, display) = screen();
        let bus = zbus::Connection::session().await.expect("the bus is there");
        let proxy = DBusProxy::new(&bus).await.expect("the bus answers");
        let mut owners = proxy.receive_name_owner_changed_with_args(&[(0, NAME)]).await.expect("it tells");
        let dunst = dunst(&display, home.path());
        soon(owners.next()).await.expect("dunst takes its name");
        Self { _dunst: dunst, _screen: screen, _home: home }
    }

    /// How many are on the screen.
    pub(crate) async fn displayed(&self) -> usize {
        dunstctl(&["count", "displayed"]).trim().parse().expect("a number")
    }

    /// Clicks the latest.
    pub(crate) async fn press_default(&self) {
        dunstctl(&["action"]);
    }

    /// Sends all away, and tells what dunst remembers of them.
    pub(crate) async fn past(&self) -> String {
        dunstctl(&["close-all"]);
        dunstctl(&["history"])
    }
}

/// The server picks a free display number itself and writes it to a descriptor.
fn screen() -> (Ended, String) {
    let mut screen = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb is installed: these tests never skip");
    let output = screen.stdout.take().expect("it is piped");
    let mut number = String::new();
    BufReader::new(output).read_line(&mut number).expect("it tells its number");
    (Ended(screen), format!(":{}", number.trim()))
}

/// With its own usual settings, and none of the person's.
fn dunst(display: &str, home: &Path) -> Ended {
    let dunst = Command::new("dunst")
        .env("DISPLAY", display)
        .env_remove("WAYLAND_DISPLAY")
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("dunst is installed: these tests never skip");
    Ended(dunst)
}

fn dunstctl(args: &[&str]) -> String {
    let output = Command::new("dunstctl").args(args).output().expect("dunstctl comes with dunst");
    assert!(output.status.success(), "dunstctl {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A program that ends with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
