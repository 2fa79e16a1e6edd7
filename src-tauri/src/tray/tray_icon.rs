//! The tray icon of the single-process app, by Tauri's tray.
//!
//! Renders views and reports actions. One image is shown at a time, drawn in the size of the screen.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tauri::image::Image;
use tauri::menu::MenuEvent;
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager};
use token_monitor_core::report::model::{Pause, Route, Snapshot};
use token_monitor_engine::Request;
use token_monitor_tray::{
    ClickAction, IconCache, IconSize, MenuAction, MenuItem, PixelFormat, PopoverRequest, PopoverState, ScreenPoint,
    TrayContext, TrayView, build_view, on_click,
};

use crate::engine_source::EngineSource;
use crate::events;
use crate::platform::{AutostartAction, autostart, clipboard, icon_style};
use crate::popover::{self, Frame};
use crate::tray::menu::TrayMenu;

/// The id of the tray icon within the app.
const TRAY_ID: &str = "token-monitor";

/// An update of the tray.
pub(crate) enum TrayUpdate {
    /// A new snapshot.
    Snapshot(Box<Snapshot>),
    /// True if the app starts at login; `None` if that is unknown.
    StartsAtLogin(Option<bool>),
}

/// The tray icon with the rendered view.
pub(crate) struct Tray {
    app: AppHandle,
    icon: TrayIcon,
    icon_cache: IconCache,
    /// Created, changed and dropped on the main thread.
    menu: Arc<Mutex<Option<TrayMenu>>>,
    shown: Option<RenderedView>,
}

/// A view as rendered in the tray.
#[derive(Clone, PartialEq)]
struct RenderedView {
    view: TrayView,
    size: IconSize,
}

impl Tray {
    /// Creates the icon in the tray.
    pub(crate) fn create(app: &AppHandle) -> tauri::Result<Self> {
        let icon = TrayIconBuilder::with_id(TRAY_ID)
            .show_menu_on_left_click(false)
            .icon_as_template(cfg!(target_os = "macos"))
            .on_tray_icon_event(|icon, event| on_icon_event(icon.app_handle(), &event))
            .on_menu_event(|app, event| on_menu_event(app, &event))
            .build(app)?;
        Ok(Self { app: app.clone(), icon, icon_cache: IconCache::new(), menu: Arc::default(), shown: None })
    }

    /// Starts a thread that renders each update that changes the view.
    pub(crate) fn run(mut self, updates: Receiver<TrayUpdate>) {
        std::thread::spawn(move || {
            let (mut snapshot, mut context) =
                (None, TrayContext { can_copy: clipboard::CAN_COPY, ..TrayContext::default() });
            while let Ok(first) = updates.recv() {
                for update in std::iter::once(first).chain(updates.try_iter()) {
                    match update {
                        TrayUpdate::Snapshot(newer) => snapshot = Some(newer),
                        TrayUpdate::StartsAtLogin(starts) => context.starts_at_login = starts,
                    }
                }
                if let Some(snapshot) = &snapshot {
                    self.render(build_view(snapshot, &context).sanitized());
                    std::thread::sleep(icon_style::MIN_UPDATE_INTERVAL);
                }
            }
        });
    }

    /// Renders a view. After an error, as while the taskbar is still starting, the next update tries again.
    fn render(&mut self, mut view: TrayView) {
        view.icon.theme = icon_style::theme();
        let next = RenderedView { view, size: icon_style::icon_size(&self.app) };
        if self.shown.as_ref() == Some(&next) {
            return;
        }
        match self.draw(next.clone()) {
            Ok(()) => self.shown = Some(next),
            Err(error) => tracing::warn!(%error, "Could not change the tray icon."),
        }
    }

    /// Applies all changes in one iteration of the main loop, so that the system draws once.
    fn draw(&mut self, next: RenderedView) -> tauri::Result<()> {
        let is_same_icon = |shown: &RenderedView| (&shown.view.icon, shown.size) == (&next.view.icon, next.size);
        let icon_changed = !self.shown.as_ref().is_some_and(is_same_icon);
        let pixels = icon_changed.then(|| self.icon_cache.render(&next.view.icon, next.size, PixelFormat::Rgba));
        let (app, icon, menu) = (self.app.clone(), self.icon.clone(), Arc::clone(&self.menu));
        let (done, drawn) = channel();
        self.app.run_on_main_thread(move || {
            let size = next.size.pixels().into();
            let image = pixels.as_deref().map(|pixels| Image::new(pixels, size, size));
            let drawn = icon_style::set_icon(&icon, image, &next.view)
                .and_then(|()| icon.set_tooltip(Some(icon_style::tooltip_text(&next.view.tooltip))))
                .and_then(|()| set_menu(&app, &icon, &menu, &next.view.menu));
            // Fails only if the app is exiting.
            let _ = done.send(drawn);
        })?;
        // A main loop that has ended needs no icon.
        drawn.recv().unwrap_or(Ok(()))
    }
}

fn set_menu(app: &AppHandle, icon: &TrayIcon, shown: &Mutex<Option<TrayMenu>>, rows: &[MenuItem]) -> tauri::Result<()> {
    let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
    match shown.as_mut() {
        Some(menu) if menu.has_same_structure(rows) => menu.update_labels(rows),
        Some(_) | None => {
            let menu = TrayMenu::new(app, rows)?;
            icon.set_menu(Some(menu.menu.clone()))?;
            *shown = Some(menu);
            Ok(())
        }
    }
}

fn on_menu_event(app: &AppHandle, event: &MenuEvent) {
    match MenuAction::from_key(event.id().as_ref()) {
        Some(MenuAction::Open) => open_popover(app, icon_center(app), None),
        Some(MenuAction::Show(page)) => open_popover(app, icon_center(app), Some(page.route())),
        Some(MenuAction::CopyFigures) => copy_figures(app),
        Some(MenuAction::Settings) => open_popover(app, icon_center(app), Some(Route::Settings)),
        Some(MenuAction::Pause(pause)) => pause_alerts(app, pause),
        Some(MenuAction::StartAtLogin(enable)) => {
            apply_autostart(app, if enable { AutostartAction::On } else { AutostartAction::Off });
        }
        Some(MenuAction::Quit) => app.exit(0),
        // Labels have no action.
        None => {}
    }
}

/// Copies the lines of the tooltip.
fn copy_figures(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let request = async { app.state::<EngineSource>().get().await?.snapshot().await };
        match request.await {
            Ok(snapshot) => {
                let text = build_view(&snapshot, &TrayContext::default()).sanitized().tooltip.full_text();
                // Fails only if the app is exiting.
                let _ = app.run_on_main_thread(move || clipboard::set_text(&text));
            }
            Err(error) => tracing::warn!(%error, "Could not copy the figures."),
        }
    });
}

/// Pauses alerts. The next snapshot has the new state.
fn pause_alerts(app: &AppHandle, pause: Pause) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let paused = match app.state::<EngineSource>().get().await {
            Ok(client) => client.request(Request::PauseAlerts { pause }).await.map(drop),
            Err(refusal) => Err(refusal),
        };
        if let Err(error) = paused {
            tracing::warn!(%error, "Could not pause alerts.");
        }
    });
}

/// Queries or changes the autostart on another thread, and updates the tray.
pub(crate) fn apply_autostart(app: &AppHandle, action: AutostartAction) {
    let app = app.clone();
    std::thread::spawn(move || {
        let starts = autostart::apply(action, Some(&app));
        let starts =
            starts.inspect_err(|error| tracing::warn!(error = format!("{error:#}"), "Could not access the autostart."));
        report_autostart(&app, starts.ok());
    });
}

/// Updates the autostart in the tray, if this process has one.
pub(crate) fn report_autostart(app: &AppHandle, starts: Option<bool>) {
    if let Some(tray) = app.try_state::<Sender<TrayUpdate>>() {
        // Fails only if the tray is gone.
        let _ = tray.send(TrayUpdate::StartsAtLogin(starts));
    }
}

fn on_icon_event(app: &AppHandle, event: &TrayIconEvent) {
    if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, position, .. } = event
    {
        let at = ScreenPoint { x: position.x as i32, y: position.y as i32 };
        let app = app.clone();
        // The event may come from another thread.
        let _ = app.clone().run_on_main_thread(move || activate(&app, at));
    }
}

/// Opens the popover, or closes it if it is open.
pub(crate) fn toggle_popover(app: &AppHandle) {
    activate(app, ScreenPoint { x: 0, y: 0 });
}

/// Handles a click on the icon. The position is (0, 0) if it is unknown.
fn activate(app: &AppHandle, at: ScreenPoint) {
    match (on_click(popover::visibility(app), Instant::now()), app.get_webview_window(events::POPOVER_LABEL)) {
        (ClickAction::Open, _) => open_popover(app, ((at.x, at.y) != (0, 0)).then_some(at), None),
        (ClickAction::Close, Some(window)) => popover::dismiss(&window, PopoverState::Dismissed),
        (ClickAction::Close, None) | (ClickAction::Ignore, _) => {}
    }
}

/// Returns the center of the icon, if the system reports its position.
fn icon_center(app: &AppHandle) -> Option<ScreenPoint> {
    let rect = app.tray_by_id(TRAY_ID)?.rect().ok()??;
    let (corner, size) = (rect.position.to_physical::<f64>(1.0), rect.size.to_physical::<f64>(1.0));
    let middle = ScreenPoint { x: (corner.x + size.width / 2.0) as i32, y: (corner.y + size.height / 2.0) as i32 };
    (size.width > 0.0).then_some(middle)
}

fn open_popover(app: &AppHandle, near: Option<ScreenPoint>, route: Option<Route>) {
    if let Err(error) = popover::open(app, &PopoverRequest { near, route }, Frame::Popover) {
        tracing::error!(%error, "Could not open the popover.");
    }
}
