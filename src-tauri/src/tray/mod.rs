//! The tray icon of the one-process app, by Tauri's own tray.
//!
//! It shows views and hands choices on; what stands in them is decided where no toolkit is. Without a tray of our own
//! there is one picture at a time, so it is drawn at the side the screen wants.

mod menu;

use crate::platform::icon_style;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tauri::image::Image;
use tauri::menu::MenuEvent;
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager};
use token_monitor_core::report::model::{Pause, Route, Snapshot};
use token_monitor_engine::Ask;
use token_monitor_tray::{
    Album, Became, Choice, Opening, Order, Point, Response, Row, Side, Surroundings, TrayView, respond, view,
};

use crate::platform::autostart;
use crate::popover::{self, Frame};
use crate::tray::menu::TrayMenu;
use crate::{app, args};

/// The icon's name within the app.
const NAME: &str = "token-monitor";

/// What the tray is told.
pub(crate) enum News {
    /// What surfaces show now.
    Snapshot(Box<Snapshot>),
    /// Whether the app starts with the session; none where nobody can tell.
    StartsAtLogin(Option<bool>),
}

/// The icon and what is shown in it.
pub(crate) struct Tray {
    app: AppHandle,
    icon: TrayIcon,
    album: Album,
    /// Made, changed and dropped on the main thread.
    menu: Arc<Mutex<Option<TrayMenu>>>,
    shown: Option<Shown>,
}

/// What stands in the tray.
#[derive(Clone, PartialEq)]
struct Shown {
    view: TrayView,
    side: Side,
}

impl Tray {
    /// Puts the icon into the tray.
    pub(crate) fn show(app: &AppHandle) -> tauri::Result<Self> {
        let icon = TrayIconBuilder::with_id(NAME)
            .show_menu_on_left_click(false)
            .icon_as_template(cfg!(target_os = "macos"))
            .on_tray_icon_event(|icon, event| clicked(icon.app_handle(), &event))
            .on_menu_event(|app, event| chosen(app, &event))
            .build(app)?;
        Ok(Self { app: app.clone(), icon, album: Album::new(), menu: Arc::default(), shown: None })
    }

    /// Shows what it is told, each view only where it differs.
    pub(crate) fn follow(mut self, news: Receiver<News>) {
        std::thread::spawn(move || {
            let (mut snapshot, mut surroundings) = (None, Surroundings::default());
            while let Ok(first) = news.recv() {
                for told in std::iter::once(first).chain(news.try_iter()) {
                    match told {
                        News::Snapshot(newer) => snapshot = Some(newer),
                        News::StartsAtLogin(starts) => surroundings.starts_at_login = starts,
                    }
                }
                if let Some(snapshot) = &snapshot {
                    self.turn_to(view(snapshot, &surroundings));
                    std::thread::sleep(icon_style::BEAT);
                }
            }
        });
    }

    /// Shows a view. One that the system did not take is tried again with the next news, as while it is still starting
    /// its taskbar.
    fn turn_to(&mut self, mut view: TrayView) {
        view.picture.ink = icon_style::ink();
        let next = Shown { view, side: icon_style::side(&self.app) };
        if self.shown.as_ref() == Some(&next) {
            return;
        }
        match self.draw(next.clone()) {
            Ok(()) => self.shown = Some(next),
            Err(error) => tracing::warn!(%error, "The tray icon could not be changed."),
        }
    }

    /// All of it within one turn of the main loop, so that the system draws once.
    fn draw(&mut self, next: Shown) -> tauri::Result<()> {
        let same_picture = |shown: &Shown| (&shown.view.picture, shown.side) == (&next.view.picture, next.side);
        let has_other_picture = !self.shown.as_ref().is_some_and(same_picture);
        let pixels = has_other_picture.then(|| self.album.pixels(&next.view.picture, next.side, Order::Rgba));
        let (app, icon, menu) = (self.app.clone(), self.icon.clone(), Arc::clone(&self.menu));
        let (done, drawn) = channel();
        self.app.run_on_main_thread(move || {
            let side = next.side.pixels().into();
            let image = pixels.as_deref().map(|pixels| Image::new(pixels, side, side));
            let drawn = icon_style::set_picture(&icon, image, &next.view)
                .and_then(|()| icon.set_tooltip(Some(icon_style::tooltip(&next.view.tooltip))))
                .and_then(|()| set_menu(&app, &icon, &menu, &next.view.menu));
            // Whoever asked is there until it is answered, or the app is ending.
            let _ = done.send(drawn);
        })?;
        // A main loop that ends answers nobody, and needs no icon.
        drawn.recv().unwrap_or(Ok(()))
    }
}

fn set_menu(app: &AppHandle, icon: &TrayIcon, shown: &Mutex<Option<TrayMenu>>, rows: &[Row]) -> tauri::Result<()> {
    let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
    match shown.as_mut() {
        Some(menu) if menu.fits(rows) => menu.change(rows),
        Some(_) | None => {
            let menu = TrayMenu::new(app, rows)?;
            icon.set_menu(Some(menu.menu.clone()))?;
            *shown = Some(menu);
            Ok(())
        }
    }
}

fn chosen(app: &AppHandle, event: &MenuEvent) {
    match Choice::of_key(event.id().as_ref()) {
        Some(Choice::Open) => open(app, icon_on_screen(app), None),
        Some(Choice::Settings) => open(app, icon_on_screen(app), Some(Route::Settings)),
        Some(Choice::Pause(pause)) => pause_alerts(app, pause),
        Some(Choice::StartAtLogin(to)) => start_at_login(app, if to { args::Order::On } else { args::Order::Off }),
        Some(Choice::Quit) => app.exit(0),
        // Rows that are only read.
        None => {}
    }
}

/// What comes of it stands in the next snapshot.
fn pause_alerts(app: &AppHandle, pause: Pause) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let paused = match app.state::<app::Source>().get().await {
            Ok(core) => core.ask(Ask::PauseAlerts { pause }).await.map(drop),
            Err(refusal) => Err(refusal),
        };
        if let Err(error) = paused {
            tracing::warn!(%error, "Alerts were not paused.");
        }
    });
}

/// Asks or changes whether the app starts with the session, off the main thread, and tells the tray how it is then.
pub(crate) fn start_at_login(app: &AppHandle, order: args::Order) {
    let app = app.clone();
    std::thread::spawn(move || {
        let starts = autostart::obey(order, Some(&app));
        let starts = starts
            .inspect_err(|error| tracing::warn!(error = format!("{error:#}"), "Starting with the session is unclear."));
        tell_login(&app, starts.ok());
    });
}

/// Tells the tray whether the app starts with the session, where this process has one.
pub(crate) fn tell_login(app: &AppHandle, starts: Option<bool>) {
    if let Some(tray) = app.try_state::<Sender<News>>() {
        // One that is gone needs no news.
        let _ = tray.send(News::StartsAtLogin(starts));
    }
}

fn clicked(app: &AppHandle, event: &TrayIconEvent) {
    if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, position, .. } = event
    {
        let at = Point { x: position.x as i32, y: position.y as i32 };
        let app = app.clone();
        // The tray may speak from a thread of its own.
        let _ = app.clone().run_on_main_thread(move || activate(&app, at));
    }
}

fn activate(app: &AppHandle, at: Point) {
    match (respond(popover::state(app), Instant::now()), app.get_webview_window(popover::LABEL)) {
        (Response::Open, _) => open(app, ((at.x, at.y) != (0, 0)).then_some(at), None),
        (Response::Close, Some(window)) => popover::dismiss(&window, Became::Dismissed),
        (Response::Close, None) | (Response::Ignore, _) => {}
    }
}

/// The middle of the icon, where the system tells it.
fn icon_on_screen(app: &AppHandle) -> Option<Point> {
    let rect = app.tray_by_id(NAME)?.rect().ok()??;
    let (corner, size) = (rect.position.to_physical::<f64>(1.0), rect.size.to_physical::<f64>(1.0));
    let middle = Point { x: (corner.x + size.width / 2.0) as i32, y: (corner.y + size.height / 2.0) as i32 };
    (size.width > 0.0).then_some(middle)
}

fn open(app: &AppHandle, near: Option<Point>, route: Option<Route>) {
    if let Err(error) = popover::open(app, &Opening { near, route }, Frame::Popover) {
        tracing::error!(%error, "The popover could not be opened.");
    }
}
