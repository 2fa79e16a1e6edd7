//! The event loop of the tray process.
//!
//! Shows each snapshot of the engine in the tray and handles clicks, second launches and notification reports. If the
//! engine runs in another process and that process ends, this one connects to the next engine, or starts its own.

use std::time::{Duration, Instant};

use token_monitor_core::report::model::{BackgroundCommand, Route, Snapshot};
use token_monitor_engine::config::ConfigSources;
use token_monitor_ipc::{ActivateAction, ActivateRequest, Activations, EngineClient, InstanceLock, SnapshotStream};
use token_monitor_tray::{
    ActivationToken, AutostartEntry, BackgroundCommands, Click, ClickAction, MenuAction, NotificationAction,
    NotificationReport, PopoverShortcut, ShortcutEvent, TrayContext, TrayHost, TrayItem, TrayView, build_view,
    on_click,
};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::connect::{CONNECT_TIMEOUT, EngineSession};
use crate::daemon::alerts::AlertNotifier;
use crate::daemon::desktop_app;
use crate::daemon::engine_requests::{pause_alerts, report_background, report_delivery, report_shortcut};
use crate::daemon::no_tray_fallback::NoTrayFallback;
use crate::daemon::popover::PopoverController;
use crate::error::CliError;
use crate::signals::wait_for_shutdown;

/// The wait for the store after the engine's process has ended. A command that reads a large history owns the store for
/// as long as that takes, so there is no limit.
const RECONNECT_TIMEOUT: Duration = Duration::MAX;

type EventSender = mpsc::UnboundedSender<DaemonEvent>;

/// Shows the tray icon until the user quits. Returns at once if another process shows it already.
pub(crate) async fn run(sources: ConfigSources) -> Result<(), CliError> {
    let mut session = EngineSession::open_live(sources.clone(), CONNECT_TIMEOUT).await?;
    let Some(lock) = InstanceLock::acquire(&sources.resolve().db_path)? else {
        info!("Token Monitor is already running in the tray.");
        return session.close();
    };
    let (sender, mut events) = mpsc::unbounded_channel();
    listen_for_launches(&lock, sender.clone());
    let mut daemon = Daemon::new(&sources, sender.clone());
    let mut updates = subscribe(&mut session, &sources).await?;
    let item = TrayItem::new(daemon.tray_view(&updates));
    let item_task = spawn_tray_item(&item, sender);
    if sources.is_demo {
        report_demo_ready();
    }
    while let LoopExit::EngineGone = daemon.run(&session.client, &mut updates, &item, &mut events).await {
        if !session.is_remote() {
            break;
        }
        updates = tokio::select! {
            subscribed = subscribe(&mut session, &sources) => subscribed?,
            () = wait_for_shutdown() => break,
        };
    }
    daemon.popover.close().await;
    drop(item);
    // The icon is gone in any case, also if the task has panicked.
    let _ = item_task.await;
    session.close()
}

/// Informs the launcher, which does not know the address of the sample data, that the tray process runs.
#[expect(clippy::print_stdout, reason = "the launcher reads it")]
fn report_demo_ready() {
    println!("ready");
}

fn listen_for_launches(lock: &InstanceLock, sender: EventSender) {
    match lock.listen() {
        Ok(launches) => drop(tokio::spawn(forward_launches(launches, sender))),
        Err(error) => warn!(%error, "Cannot listen for second launches."),
    }
}

async fn forward_launches(mut launches: Activations, sender: EventSender) {
    while let Some(request) = launches.next().await {
        if sender.send(DaemonEvent::Launch(request)).is_err() {
            return;
        }
    }
}

/// Spawns the task of the tray icon. It may outlive the event loop briefly; its events are dropped then.
fn spawn_tray_item(item: &TrayItem, sender: EventSender) -> JoinHandle<()> {
    let host_sender = sender.clone();
    let on_click = move |click, token| drop(sender.send(DaemonEvent::Click(click, token)));
    let on_host = move |host| drop(host_sender.send(DaemonEvent::TrayHost(host)));
    tokio::spawn(item.serve(on_click, on_host))
}

/// Subscribes to snapshots. Connects again if the process of the engine has ended.
async fn subscribe(session: &mut EngineSession, sources: &ConfigSources) -> Result<SnapshotStream, CliError> {
    loop {
        match session.client.subscribe_snapshots().await {
            Ok(updates) => return Ok(updates),
            Err(_) if session.is_remote() => {
                *session = EngineSession::open_live(sources.clone(), RECONNECT_TIMEOUT).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The reason for which the event loop ends.
enum LoopExit {
    /// The user or the system ends the process.
    Quit,
    /// The engine has ended.
    EngineGone,
}

/// An event from outside. Events are handled in the order in which they arrive.
enum DaemonEvent {
    /// A click on the icon or a choice from its menu.
    Click(Click, Option<ActivationToken>),
    /// A change of the tray host.
    TrayHost(TrayHost),
    /// A second launch of the app.
    Launch(ActivateRequest),
    /// A report of the notification service.
    Report(NotificationReport),
    /// An event of the shortcut.
    Shortcut(ShortcutEvent),
    /// The problem of a background command, or none.
    Background(BackgroundCommand, Option<String>),
}

/// The state of the tray process.
struct Daemon {
    alerts: AlertNotifier,
    popover: PopoverController,
    /// The entry that starts the app at login. None if the app is not installed.
    autostart: Option<AutostartEntry>,
    fallback: NoTrayFallback,
    shortcut: PopoverShortcut,
    /// The reason why the shortcut is not available.
    shortcut_problem: Option<String>,
    /// The commands that run beside this process. None for sample data, which is not given away.
    background: Option<BackgroundCommands>,
    context: TrayContext,
    /// The text of the tooltip, which can be copied.
    summary: String,
}

impl Daemon {
    fn new(sources: &ConfigSources, sender: EventSender) -> Self {
        // Events that arrive after the event loop has ended are dropped.
        let (shortcut_sender, background_sender) = (sender.clone(), sender.clone());
        let alerts = AlertNotifier::new(move |report| drop(sender.send(DaemonEvent::Report(report))));
        let mut daemon = Self {
            alerts,
            popover: PopoverController::new(sources.environment_variable()),
            // Sample data changes nothing of the user's.
            autostart: desktop_app::autostart_entry().filter(|_| !sources.is_demo),
            fallback: NoTrayFallback::default(),
            shortcut: PopoverShortcut::new(move |event| drop(shortcut_sender.send(DaemonEvent::Shortcut(event)))),
            shortcut_problem: None,
            background: create_background_commands(sources, background_sender),
            context: TrayContext { can_copy: true, ..TrayContext::default() },
            summary: String::new(),
        };
        daemon.refresh_autostart();
        daemon
    }

    /// Reads whether the app starts at login. The popover can change it, too.
    fn refresh_autostart(&mut self) {
        self.context.starts_at_login = self.autostart.as_ref().and_then(|entry| entry.is_enabled().ok());
    }

    fn tray_view(&mut self, updates: &SnapshotStream) -> TrayView {
        self.context.is_popover_open = self.popover.is_open();
        let view = build_view(&updates.borrow(), &self.context);
        self.summary = view.clone().sanitized().tooltip.full_text();
        view
    }

    async fn run(
        &mut self,
        client: &EngineClient,
        updates: &mut SnapshotStream,
        item: &TrayItem,
        events: &mut mpsc::UnboundedReceiver<DaemonEvent>,
    ) -> LoopExit {
        let shutdown = wait_for_shutdown();
        tokio::pin!(shutdown);
        self.alerts.show_alerts_of(client);
        report_shortcut(client.clone(), self.shortcut_problem.clone());
        updates.mark_changed();
        loop {
            tokio::select! {
                changed = updates.changed() => match changed {
                    Ok(()) => {
                        self.apply_settings(&updates.borrow_and_update());
                        item.update(self.tray_view(updates));
                    }
                    Err(_) => return LoopExit::EngineGone,
                },
                Some(event) = events.recv() => {
                    if let Some(exit) = self.handle(event, client) {
                        return exit;
                    }
                    item.update(self.tray_view(updates));
                }
                () = self.popover.next_change() => {
                    self.refresh_autostart();
                    item.update(self.tray_view(updates));
                }
                () = self.fallback.wait_until_due() => self.popover.open(None, Some(&Route::Now)),
                () = &mut shutdown => return LoopExit::Quit,
            }
        }
    }

    fn apply_settings(&mut self, snapshot: &Snapshot) {
        self.popover.set_keep_seconds(snapshot.display.keep_popover_seconds);
        self.shortcut.set(snapshot.display.shortcut);
        if let Some(background) = &mut self.background {
            background.set(&snapshot.background);
        }
    }

    /// Handles an event. Returns the reason if it ends the loop.
    fn handle(&mut self, event: DaemonEvent, client: &EngineClient) -> Option<LoopExit> {
        match event {
            DaemonEvent::Click(click, token) => {
                self.popover.set_activation_token(token);
                return self.handle_click(click, client);
            }
            DaemonEvent::TrayHost(host) => {
                log_tray_host(host);
                self.popover.set_window_mode(host == TrayHost::Absent);
                self.fallback.update(host, Instant::now());
            }
            DaemonEvent::Launch(request) => return self.handle_launch(&request),
            DaemonEvent::Report(NotificationReport::Delivered(id, result)) => {
                report_delivery(client.clone(), id, result);
            }
            DaemonEvent::Report(NotificationReport::Action(action)) => self.handle_notification(action, client),
            DaemonEvent::Shortcut(event) => self.handle_shortcut(event, client),
            DaemonEvent::Background(command, problem) => report_background(client.clone(), command, problem),
        }
        None
    }

    fn handle_launch(&mut self, request: &ActivateRequest) -> Option<LoopExit> {
        match request.action {
            ActivateAction::Open => self.popover.open(None, request.route.as_ref()),
            ActivateAction::Toggle => self.toggle_popover(0, 0),
            ActivateAction::Quit => return Some(LoopExit::Quit),
        }
        None
    }

    fn handle_click(&mut self, click: Click, client: &EngineClient) -> Option<LoopExit> {
        match click {
            Click::Activate { x, y } => self.toggle_popover(x, y),
            Click::Menu(MenuAction::Open) => self.popover.open(None, None),
            Click::Menu(MenuAction::Show(page)) => self.popover.open(None, Some(&page.route())),
            Click::Menu(MenuAction::CopyFigures) => self.copy_figures(),
            Click::Menu(MenuAction::Settings) => self.popover.open(None, Some(&Route::Settings)),
            Click::Menu(MenuAction::Pause(pause)) => pause_alerts(client.clone(), pause),
            Click::Menu(MenuAction::StartAtLogin(enable)) => self.set_autostart(enable),
            Click::Menu(MenuAction::Quit) => return Some(LoopExit::Quit),
        }
        None
    }

    fn handle_notification(&mut self, action: NotificationAction, client: &EngineClient) {
        match action {
            NotificationAction::Open { route, token } => {
                self.popover.set_activation_token(token.map(ActivationToken));
                self.popover.open(None, Some(&route));
            }
            NotificationAction::Snooze(pause) => pause_alerts(client.clone(), pause),
        }
    }

    fn handle_shortcut(&mut self, event: ShortcutEvent, client: &EngineClient) {
        self.shortcut_problem = match event {
            ShortcutEvent::Pressed => return self.toggle_popover(0, 0),
            ShortcutEvent::Available => None,
            ShortcutEvent::Unavailable(reason) => Some(reason),
        };
        report_shortcut(client.clone(), self.shortcut_problem.clone());
    }

    fn copy_figures(&self) {
        if let Err(error) = desktop_app::copy_text(&self.summary) {
            warn!(%error, "Cannot copy the figures.");
        }
    }

    fn set_autostart(&mut self, enable: bool) {
        let Some(entry) = &self.autostart else { return };
        if let Err(error) = if enable { entry.enable() } else { entry.disable() } {
            warn!(%error, enable, "Cannot change whether the app starts at login.");
        }
        self.refresh_autostart();
    }

    /// Opens or closes the popover. The position is (0, 0) if the tray does not report it.
    fn toggle_popover(&mut self, x: i32, y: i32) {
        match on_click(self.popover.visibility(), Instant::now()) {
            ClickAction::Open => self.popover.open(((x, y) != (0, 0)).then_some((x, y)), None),
            ClickAction::Close => self.popover.hide(),
            ClickAction::Ignore => {}
        }
    }
}

fn create_background_commands(sources: &ConfigSources, sender: EventSender) -> Option<BackgroundCommands> {
    let program = desktop_app::command_path().inspect_err(|error| warn!(%error, "Cannot find the command.")).ok()?;
    let (variable, path) = sources.environment_variable();
    let on_status = move |command, problem| drop(sender.send(DaemonEvent::Background(command, problem)));
    (!sources.is_demo).then(|| BackgroundCommands::new(program, (variable, path.to_owned()), on_status))
}

fn log_tray_host(host: TrayHost) {
    match host {
        TrayHost::Present => info!("The icon is in the tray."),
        TrayHost::Absent => warn!(
            "This desktop shows no tray icons. On GNOME, install the extension “AppIndicator and KStatusNotifierItem Support”."
        ),
    }
}
