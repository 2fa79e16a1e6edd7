//! `token-monitor tray`: what runs for months on Linux.
//!
//! Engine, tray item and socket, and no window toolkit: a popover is a process of its own that lives until it is
//! dismissed, or some moments longer. If it dies, nothing here notices.

mod alerts;
mod no_tray_fallback;
mod popover;

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use token_monitor_core::report::model::Route;
use token_monitor_engine::Homes;
use token_monitor_engine::config::Layers;
use token_monitor_ipc::{Core, Raise, Raises, Seat, Updates};
use token_monitor_tray::{
    ActivationToken, Choice, Click, Host, Item, LoginEntry, Pressed, Report, Response, Surroundings, TrayView, respond,
    view,
};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::commands::watch::stopped;
use crate::connect::{Desk, PATIENCE};
use crate::daemon::alerts::Alerts;
use crate::daemon::no_tray_fallback::WithoutHost;
use crate::daemon::popover::Popover;
use crate::error::Failure;

/// A command that reads a large history has the store for as long as that takes, and what stays in the tray is still
/// there then.
const FOR_EVER: Duration = Duration::MAX;

/// Shows the tray until the user quits. Where a tray runs already, this one ends at once.
pub(crate) async fn run(layers: Layers) -> Result<(), Failure> {
    let mut desk = Desk::open_live(layers.clone(), PATIENCE).await?;
    let Some(seat) = Seat::take(&layers.settle().db_path)? else {
        info!("Token Monitor is in the tray already.");
        return desk.close();
    };
    let (happened, mut happenings) = mpsc::unbounded_channel();
    hear_second_starts(&seat, happened.clone());
    let mut resident = Resident::new(Some(layers.file.path.clone()), happened.clone());
    let mut updates = subscribed(&mut desk, &layers).await?;
    let item = Item::new(resident.view(&updates));
    let serving = serve(&item, happened);
    while let End::EngineGone = resident.show(&desk.core, &mut updates, &item, &mut happenings).await {
        if !desk.is_elsewhere() {
            break;
        }
        updates = tokio::select! {
            subscribed = subscribed(&mut desk, &layers) => subscribed?,
            () = stopped() => break,
        };
    }
    resident.popover.close().await;
    drop(item);
    // Whatever it met, the icon is gone with it.
    let _ = serving.await;
    desk.close()
}

fn hear_second_starts(seat: &Seat, happened: mpsc::UnboundedSender<Happening>) {
    match seat.listen() {
        Ok(raises) => drop(tokio::spawn(pass_on(raises, happened))),
        Err(error) => warn!(%error, "Second starts are not heard."),
    }
}

/// Shows the icon. Whoever does outlives the loop by moments, and is heard by nobody then.
fn serve(item: &Item, happened: mpsc::UnboundedSender<Happening>) -> JoinHandle<()> {
    let found = happened.clone();
    let on_click = move |click, token| drop(happened.send(Happening::Click(click, token)));
    let on_host = move |host| drop(found.send(Happening::Host(host)));
    tokio::spawn(item.serve(on_click, on_host))
}

/// Snapshots of whoever counts now: the process that did may just have ended.
async fn subscribed(desk: &mut Desk, layers: &Layers) -> Result<Updates, Failure> {
    loop {
        match desk.core.subscribe().await {
            Ok(updates) => return Ok(updates),
            Err(_) if desk.is_elsewhere() => *desk = Desk::open_live(layers.clone(), FOR_EVER).await?,
            Err(refusal) => return Err(refusal.into()),
        }
    }
}

enum End {
    /// The user or the system wants it.
    Quit,
    /// The process that counted ended.
    EngineGone,
}

/// What reaches the resident from outside, in the order in which it came.
enum Happening {
    /// Somebody did something with the icon.
    Click(Click, Option<ActivationToken>),
    /// A tray came or went.
    Host(Host),
    /// The app was started a second time.
    Raise(Raise),
    /// Something became of an alert.
    Report(Report),
}

/// Whoever shows the tray, and what it keeps in mind between snapshots.
struct Resident {
    alerts: Alerts,
    popover: Popover,
    /// What starts the app with the session; none where there is no place for it.
    login: Option<LoginEntry>,
    without_host: WithoutHost,
    surroundings: Surroundings,
}

impl Resident {
    fn new(config: Option<PathBuf>, happened: mpsc::UnboundedSender<Happening>) -> Self {
        // What comes when the loop has ended is of no use to anybody.
        let alerts = Alerts::new(move |report| drop(happened.send(Happening::Report(report))));
        let mut resident = Self {
            alerts,
            popover: Popover::new(config),
            login: login_entry(),
            without_host: WithoutHost::default(),
            surroundings: Surroundings::default(),
        };
        resident.look_at_login();
        resident
    }

    /// Notes whether the app starts with the session. It may have been changed in the popover.
    fn look_at_login(&mut self) {
        self.surroundings.starts_at_login = self.login.as_ref().and_then(|entry| entry.is_on().ok());
    }

    fn view(&self, updates: &Updates) -> TrayView {
        view(&updates.borrow(), &self.surroundings)
    }

    async fn show(
        &mut self,
        core: &Core,
        updates: &mut Updates,
        item: &Item,
        happenings: &mut mpsc::UnboundedReceiver<Happening>,
    ) -> End {
        let stop = stopped();
        tokio::pin!(stop);
        self.alerts.listen(core);
        updates.mark_changed();
        loop {
            tokio::select! {
                changed = updates.changed() => match changed {
                    Ok(()) => {
                        self.popover.keep_for(updates.borrow_and_update().display.keep_popover_seconds);
                        item.update(self.view(updates));
                    }
                    Err(_) => return End::EngineGone,
                },
                Some(happening) = happenings.recv() => {
                    if self.take(happening, core) {
                        return End::Quit;
                    }
                    item.update(self.view(updates));
                }
                () = self.popover.ended() => {
                    self.look_at_login();
                    item.update(self.view(updates));
                }
                () = self.without_host.due() => self.popover.open(None, Some(&Route::Now)),
                () = &mut stop => return End::Quit,
            }
        }
    }

    /// Answers a happening; true where it ends the app.
    fn take(&mut self, happening: Happening, core: &Core) -> bool {
        match happening {
            Happening::Click(click, token) => {
                self.popover.allow(token);
                match click {
                    Click::Activate { x, y } => self.activate(x, y),
                    Click::Choose(Choice::Quit) => return true,
                    Click::Choose(choice) => self.choose(choice, core),
                }
            }
            Happening::Host(host) => {
                tell_of_host(host);
                self.popover.be_window(host == Host::Absent);
                self.without_host.heard(host, Instant::now());
            }
            Happening::Raise(raise) => self.popover.open(None, raise.route.as_ref()),
            Happening::Report(Report::Fate(id, fate)) => alerts::note(core.clone(), id, fate),
            Happening::Report(Report::Pressed(Pressed::Open { route, token })) => {
                self.popover.allow(token.map(ActivationToken));
                self.popover.open(None, Some(&route));
            }
            Happening::Report(Report::Pressed(Pressed::Snooze(pause))) => alerts::pause(core.clone(), pause),
        }
        false
    }

    fn choose(&mut self, choice: Choice, core: &Core) {
        match choice {
            Choice::Open => self.popover.open(None, None),
            Choice::Settings => self.popover.open(None, Some(&Route::Settings)),
            Choice::Pause(pause) => alerts::pause(core.clone(), pause),
            Choice::StartAtLogin(to) => self.start_at_login(to),
            // Ended the loop already.
            Choice::Quit => {}
        }
    }

    fn start_at_login(&mut self, to: bool) {
        let Some(entry) = &self.login else { return };
        if let Err(error) = if to { entry.turn_on() } else { entry.turn_off() } {
            warn!(%error, to, "Starting with the session could not be changed.");
        }
        self.look_at_login();
    }

    fn activate(&mut self, x: i32, y: i32) {
        match respond(self.popover.state(), Instant::now()) {
            Response::Open => self.popover.open(((x, y) != (0, 0)).then_some((x, y)), None),
            Response::Close => self.popover.hide(),
            Response::Ignore => {}
        }
    }
}

async fn pass_on(mut raises: Raises, happened: mpsc::UnboundedSender<Happening>) {
    while let Some(raise) = raises.next().await {
        if happened.send(Happening::Raise(raise)).is_err() {
            return;
        }
    }
}

/// The entry that starts the desktop app with the session, where that app is.
fn login_entry() -> Option<LoginEntry> {
    let program = app_program().ok().filter(|program| program.exists())?;
    Some(LoginEntry::new(&Homes::from_env().autostart()?, program))
}

/// The desktop app, which lies beside this program.
fn app_program() -> io::Result<PathBuf> {
    std::env::current_exe().map(|own| own.with_file_name("token-monitor-app"))
}

fn tell_of_host(host: Host) {
    match host {
        Host::Present => info!("The icon is in the tray."),
        Host::Absent => warn!(
            "This desktop shows no tray icons. On GNOME the extension “AppIndicator and KStatusNotifierItem Support” does."
        ),
    }
}
