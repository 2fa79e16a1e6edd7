//! The tray icon of the one-process app, by Tauri's own tray.
//!
//! It shows views and hands choices on; what stands in them is decided where no toolkit is. Without a tray of our own
//! there is one picture at a time, so it is drawn at the side the screen wants.

use std::sync::mpsc::{Receiver, Sender};
use std::time::Instant;

use tauri::image::Image;
use tauri::menu::{CheckMenuItem, IsMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};
use token_monitor_core::figures::{Pause, Route, Snapshot};
use token_monitor_desktop::{
    Album, Became, Choice, Ink, Opening, Order, Point, Response, Row, Side, Surroundings, TrayView, respond, view,
};
use token_monitor_engine::Ask;

use crate::popover::{self, Frame};
use crate::{args, autostart, shell};

/// What the tray is told.
pub(crate) enum News {
    /// What surfaces show now.
    Snapshot(Box<Snapshot>),
    /// Whether the app starts with the session; none where nobody can tell.
    StartsAtLogin(Option<bool>),
}

/// The icon and what is shown in it.
pub(crate) struct Tray {
    icon: TrayIcon,
}

impl Tray {
    /// Puts the icon into the tray.
    pub(crate) fn show(app: &AppHandle) -> tauri::Result<Self> {
        let icon = TrayIconBuilder::with_id("token-monitor")
            .show_menu_on_left_click(false)
            .icon_as_template(cfg!(target_os = "macos"))
            .on_tray_icon_event(|icon, event| clicked(icon.app_handle(), &event))
            .on_menu_event(|app, event| chosen(app, &event))
            .build(app)?;
        Ok(Self { icon })
    }

    /// Shows what it is told, each view only where it differs.
    pub(crate) fn follow(self, app: AppHandle, news: Receiver<News>) {
        std::thread::spawn(move || {
            let (mut snapshot, mut surroundings) = (None, Surroundings::default());
            let (mut shown, mut album) = (None, Album::new());
            while let Ok(first) = news.recv() {
                for told in std::iter::once(first).chain(news.try_iter()) {
                    match told {
                        News::Snapshot(newer) => snapshot = Some(newer),
                        News::StartsAtLogin(starts) => surroundings.starts_at_login = starts,
                    }
                }
                let Some(snapshot) = &snapshot else { continue };
                let mut view = view(snapshot, &surroundings);
                view.picture.ink = ink();
                if shown.as_ref() != Some(&view) {
                    let done = self.draw(&app, &view, shown.as_ref(), &mut album);
                    if let Err(error) = done {
                        tracing::warn!(%error, "The tray icon could not be changed.");
                    }
                    shown = Some(view);
                }
            }
        });
    }

    fn draw(&self, app: &AppHandle, view: &TrayView, shown: Option<&TrayView>, album: &mut Album) -> tauri::Result<()> {
        if shown.is_none_or(|shown| shown.picture != view.picture) {
            let side = side(app);
            let pixels = album.pixels(&view.picture, side, Order::Rgba);
            let image = Image::new(&pixels, side.pixels().into(), side.pixels().into());
            set_icon(&self.icon, image)?;
        }
        self.icon.set_title(cfg!(target_os = "macos").then_some(&view.label))?;
        let tooltip = std::iter::once(&view.tooltip.title).chain(&view.tooltip.lines).cloned().collect::<Vec<_>>();
        self.icon.set_tooltip(Some(tooltip.join("\n")))?;
        if shown.is_none_or(|shown| shown.menu != view.menu) {
            self.icon.set_menu(Some(menu(app, &view.menu)?))?;
        }
        Ok(())
    }
}

/// The picture and that the menu bar is to tint it, at once: apart, each change would flash in black.
fn set_icon(icon: &TrayIcon, image: Image<'_>) -> tauri::Result<()> {
    if cfg!(target_os = "macos") {
        icon.set_icon_with_as_template(Some(image), true)
    } else {
        icon.set_icon(Some(image))
    }
}

/// Black where the menu bar tints it. Elsewhere the dark badge is readable on every taskbar.
fn ink() -> Ink {
    if cfg!(target_os = "macos") { Ink::Template } else { Ink::Light }
}

/// Windows scales badly, so it gets what its small icons measure; the others scale down well from twice the usual.
fn side(app: &AppHandle) -> Side {
    const SMALL: f64 = 16.0;
    const TWICE_THE_USUAL: u16 = 44;
    if cfg!(windows) {
        let scale = app.primary_monitor().ok().flatten().map_or(1.0, |monitor| monitor.scale_factor());
        Side::of((SMALL * scale).round() as u16)
    } else {
        Side::of(TWICE_THE_USUAL)
    }
}

fn menu(app: &AppHandle, rows: &[Row]) -> tauri::Result<Menu<Wry>> {
    let items = items(app, rows)?;
    Menu::with_items(app, &items.iter().map(AsRef::as_ref).collect::<Vec<_>>())
}

fn items(app: &AppHandle, rows: &[Row]) -> tauri::Result<Vec<Box<dyn IsMenuItem<Wry>>>> {
    rows.iter().map(|row| item(app, row)).collect()
}

fn item(app: &AppHandle, row: &Row) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    Ok(match row {
        Row::Separator => Box::new(PredefinedMenuItem::separator(app)?),
        Row::Figure(text) => Box::new(MenuItem::new(app, literal(text), false, None::<&str>)?),
        Row::Group(text, rows) => {
            let items = items(app, rows)?;
            let items: Vec<_> = items.iter().map(AsRef::as_ref).collect();
            Box::new(Submenu::with_items(app, literal(text), true, &items)?)
        }
        Row::Choice(choice) => chooseable(app, *choice)?,
    })
}

fn chooseable(app: &AppHandle, choice: Choice) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    let (key, text) = (choice.key(), literal(choice.text()));
    Ok(match choice.is_checked() {
        Some(checked) => Box::new(CheckMenuItem::with_id(app, key, text, true, checked, None::<&str>)?),
        None => Box::new(MenuItem::with_id(app, key, text, true, None::<&str>)?),
    })
}

/// Keeps an ampersand an ampersand: a single one would mark an access key and vanish.
fn literal(text: &str) -> String {
    text.replace('&', "&&")
}

fn chosen(app: &AppHandle, event: &MenuEvent) {
    match Choice::of_key(event.id().as_ref()) {
        Some(Choice::Open) => open(app, None, None),
        Some(Choice::Settings) => open(app, None, Some(Route::Settings)),
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
        let paused = match app.state::<shell::Source>().get().await {
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
        // A tray that is gone needs no news.
        let _ = app.state::<Sender<News>>().send(News::StartsAtLogin(starts.ok()));
    });
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

fn open(app: &AppHandle, near: Option<Point>, route: Option<Route>) {
    if let Err(error) = popover::open(app, &Opening { near, route }, Frame::Popover) {
        tracing::error!(%error, "The popover could not be opened.");
    }
}
