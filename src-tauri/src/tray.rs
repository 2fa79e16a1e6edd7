//! The tray icon of the one-process app, by Tauri's own tray.

use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use tauri::image::Image;
use tauri::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, WindowEvent, Wry};
use token_monitor_desktop::{Album, Ink, Order, Point, Popover, Response, Row, Side, TrayView, respond};

use crate::popover;

/// Large enough for a panel at twice the usual scale; every system scales down well.
const SIDE: u16 = 44;

/// The icon and what is shown in it.
pub(crate) struct Tray {
    icon: TrayIcon,
}

/// When the popover was dismissed last, so that the click that did it does not open it again.
struct Dismissed(Mutex<Option<Instant>>);

impl Tray {
    /// Puts the icon into the tray.
    pub(crate) fn show(app: &AppHandle) -> tauri::Result<Self> {
        app.manage(Dismissed(Mutex::new(None)));
        let icon = TrayIconBuilder::with_id("token-monitor")
            .show_menu_on_left_click(false)
            .icon_as_template(cfg!(target_os = "macos"))
            .on_tray_icon_event(|icon, event| clicked(icon.app_handle(), &event))
            .on_menu_event(|app, event| chosen(app, &event))
            .build(app)?;
        Ok(Self { icon })
    }

    /// Shows views as they come, each only where it differs.
    pub(crate) fn follow(self, app: AppHandle, views: Receiver<TrayView>) {
        std::thread::spawn(move || {
            let (mut shown, mut album) = (None, Album::new());
            while let Ok(mut view) = views.recv() {
                while let Ok(newer) = views.try_recv() {
                    view = newer;
                }
                if cfg!(target_os = "macos") {
                    // The menu bar tints it.
                    view.picture.ink = Ink::Template;
                }
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
            let pixels = album.pixels(&view.picture, Side::of(SIDE), Order::Rgba);
            self.icon.set_icon(Some(Image::new(&pixels, SIDE.into(), SIDE.into())))?;
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

fn menu(app: &AppHandle, rows: &[Row]) -> tauri::Result<Menu<Wry>> {
    let menu = Menu::new(app)?;
    for row in rows {
        match row {
            Row::Open => menu.append(&MenuItem::with_id(app, "open", row.text(), true, None::<&str>)?)?,
            Row::Quit => menu.append(&MenuItem::with_id(app, "quit", row.text(), true, None::<&str>)?)?,
            Row::Figure(text) => menu.append(&MenuItem::new(app, text, false, None::<&str>)?)?,
            Row::Separator => menu.append(&PredefinedMenuItem::separator(app)?)?,
        }
    }
    Ok(menu)
}

fn chosen(app: &AppHandle, event: &MenuEvent) {
    match event.id().as_ref() {
        "open" => open(app, None),
        "quit" => app.exit(0),
        _ => {}
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
    let window = app.get_webview_window(popover::LABEL);
    let dismissed = app.state::<Dismissed>().0.lock().ok().and_then(|dismissed| *dismissed);
    let state = match (&window, dismissed) {
        (Some(_), _) => Popover::Open,
        (None, Some(at)) => Popover::Dismissed(at),
        (None, None) => Popover::Closed,
    };
    match (respond(state, Instant::now()), window) {
        (Response::Open, _) => open(app, ((at.x, at.y) != (0, 0)).then_some(at)),
        (Response::Close, Some(window)) => popover::dismiss(&window),
        (Response::Close, None) | (Response::Ignore, _) => {}
    }
}

fn open(app: &AppHandle, near: Option<Point>) {
    if let Err(error) = popover::open(app, near) {
        tracing::error!(%error, "The popover could not be opened.");
        return;
    }
    if let Some(window) = app.get_webview_window(popover::LABEL) {
        let app = app.clone();
        window.on_window_event(move |event| {
            if let (WindowEvent::Destroyed, Ok(mut dismissed)) = (event, app.state::<Dismissed>().0.lock()) {
                let left = app.state::<popover::Left>().0.swap(false, Ordering::Relaxed);
                *dismissed = left.then(Instant::now);
            }
        });
    }
}
