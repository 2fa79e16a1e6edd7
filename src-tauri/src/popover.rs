//! The popover's window: made on a click; destroyed when it is dismissed, or kept out of sight for a while.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tauri::{
    AppHandle, LogicalSize, Manager, PhysicalPosition, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
    webview::NewWindowResponse,
};
use token_monitor_core::figures::Route;
use token_monitor_desktop::{Area, Became, Monitor, Opening, Point, Size, Told, place};
use tokio::sync::watch;

use crate::{bridge, desktop, shell};

/// The window's name, which the capability file grants its few commands to.
pub(crate) const LABEL: &str = "popover";

/// Its size when it opens, the least and the most it can be made, in logical pixels.
const SIZE: (f64, f64) = (380.0, 600.0);
const LEAST: (f64, f64) = (320.0, 400.0);
const MOST: (f64, f64) = (760.0, 900.0);

/// Focus that went to a menu of the popover's own comes back within this time.
const FLICKER: Duration = Duration::from_millis(120);

/// A popover that was kept shows figures of this instant, unless they take longer than this to come.
const FRESH: Duration = Duration::from_millis(100);

/// What kind of window it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Without a frame, above all others, gone as soon as another window gets the focus.
    Popover,
    /// One like any other, for desktops without a tray.
    Window,
}

/// What becomes of it when it is dismissed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stay {
    /// It is destroyed.
    Not,
    /// It stays out of sight, and the resident says for how long.
    Led,
    /// It stays out of sight for this long.
    For(Duration),
}

/// What is known of the popover.
pub(crate) struct Popover {
    stay: Mutex<Stay>,
    route: Mutex<Route>,
    /// When it lost the focus to another window, if that closed it.
    left: Mutex<Option<Instant>>,
    shown: watch::Sender<bool>,
    /// Since when it is awaited; none once its figures are on the screen.
    awaited: Mutex<Option<Instant>>,
    /// Goes up with each opening, so that a wait that began before one ends without harm.
    openings: AtomicU64,
}

impl Popover {
    /// None yet.
    pub(crate) fn new(stay: Stay) -> Self {
        Self {
            stay: Mutex::new(stay),
            route: Mutex::new(Route::Now),
            left: Mutex::new(None),
            shown: watch::Sender::new(false),
            awaited: Mutex::new(None),
            openings: AtomicU64::new(0),
        }
    }

    /// Decides what becomes of it from now on.
    pub(crate) fn stay(&self, stay: Stay) {
        set(&self.stay, stay);
    }

    /// Whether a resident leads it.
    pub(crate) fn is_led(&self) -> bool {
        self.stay.lock().is_ok_and(|stay| *stay == Stay::Led)
    }

    /// The page it was opened for.
    pub(crate) fn route(&self) -> Route {
        self.route.lock().map_or(Route::Now, |route| route.clone())
    }

    /// Whether it is on the screen, as it changes.
    pub(crate) fn shown(&self) -> watch::Receiver<bool> {
        self.shown.subscribe()
    }

    /// Whether it is on the screen.
    pub(crate) fn is_shown(&self) -> bool {
        *self.shown.borrow()
    }

    /// Which opening this is, and whether it is on the screen.
    fn now(&self) -> (u64, bool) {
        (self.openings.load(Ordering::Relaxed), self.is_shown())
    }

    /// Notes an opening; whether it was on the screen before.
    fn begin(&self, route: Option<&Route>) -> bool {
        self.openings.fetch_add(1, Ordering::Relaxed);
        set(&self.left, None);
        if let Some(route) = route {
            set(&self.route, route.clone());
        }
        let was_shown = self.shown.send_replace(true);
        if !was_shown {
            set(&self.awaited, Some(Instant::now()));
        }
        was_shown
    }

    /// Notes that its figures are on the screen.
    pub(crate) fn painted(&self) {
        set(&self.awaited, None);
    }

    /// What became of this opening.
    pub(crate) fn told(&self, became: Became) -> Told {
        Told { became, opening: self.openings.load(Ordering::Relaxed) }
    }
}

fn get(place: &Mutex<Option<Instant>>) -> Option<Instant> {
    place.lock().ok().and_then(|at| *at)
}

fn set<T>(place: &Mutex<T>, value: T) {
    if let Ok(mut place) = place.lock() {
        *place = value;
    }
}

/// What a click has to know of the popover.
pub(crate) fn state(app: &AppHandle) -> token_monitor_desktop::Popover {
    let popover = app.state::<Popover>();
    let is_shown = popover.is_shown() && app.get_webview_window(LABEL).is_some();
    match (is_shown, get(&popover.awaited), get(&popover.left)) {
        (true, Some(since), _) => token_monitor_desktop::Popover::Coming(since),
        (true, None, _) => token_monitor_desktop::Popover::Open,
        (false, _, Some(at)) => token_monitor_desktop::Popover::Dismissed(at),
        (false, _, None) => token_monitor_desktop::Popover::Closed,
    }
}

/// Opens the popover, fully inside a screen's work area. To be called on the main thread.
///
/// Not as a private session, though nothing of it needs to be kept: such a window has a web context of its own, and
/// from the second on that context does not know where the app's pages come from.
pub(crate) fn open(app: &AppHandle, opening: &Opening, frame: Frame) -> tauri::Result<()> {
    let was_shown = app.state::<Popover>().begin(opening.route.as_ref());
    match app.get_webview_window(LABEL) {
        Some(window) => bring_back(window, opening, was_shown),
        None => {
            let window = build(app, frame)?;
            desktop::focus_when_shown(&window);
            appear(&window, opening.near)?;
            desktop::when_page_dies(&window, give_up);
            tell_when_gone(&window);
            if frame == Frame::Popover {
                close_when_left(&window);
            }
        }
    }
    Ok(())
}

fn build(app: &AppHandle, frame: Frame) -> tauri::Result<WebviewWindow> {
    let is_window = frame == Frame::Window;
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Token Monitor")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(LEAST.0, LEAST.1)
        .max_inner_size(MOST.0, MOST.1)
        .decorations(is_window)
        .skip_taskbar(!is_window)
        .always_on_top(!is_window)
        .visible(false)
        .disable_drag_drop_handler()
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()
}

/// Shows one that is there, with the figures of this instant.
fn bring_back(window: WebviewWindow, opening: &Opening, was_shown: bool) {
    if let Some(route) = &opening.route {
        bridge::tell_route(window.app_handle(), route);
    }
    if was_shown {
        return desktop::focus(&window);
    }
    let near = opening.near;
    tauri::async_runtime::spawn(async move {
        refresh(window.app_handle()).await;
        // It may be gone already.
        let _ = window.clone().run_on_main_thread(move || {
            let shown = window.state::<Popover>().is_shown().then(|| appear(&window, near));
            if let Some(Err(error)) = shown {
                tracing::warn!(%error, "The popover could not be shown.");
            }
        });
    });
}

async fn refresh(app: &AppHandle) {
    let source = app.state::<shell::Source>();
    let asked = async { source.get().await?.snapshot().await };
    if let Ok(Ok(snapshot)) = tokio::time::timeout(FRESH, asked).await {
        bridge::tell_snapshot(app, &snapshot);
    }
}

fn appear(window: &WebviewWindow, near: Option<Point>) -> tauri::Result<()> {
    move_to(window, near)?;
    window.show()?;
    desktop::focus(window);
    Ok(())
}

/// Takes the popover off the screen.
pub(crate) fn dismiss(window: &WebviewWindow, became: Became) {
    let popover = window.state::<Popover>();
    if !popover.shown.send_replace(false) {
        return;
    }
    set(&popover.left, (became == Became::Left).then(Instant::now));
    let stay = popover.stay.lock().map_or(Stay::Not, |stay| *stay);
    match stay {
        Stay::Not => destroy(window),
        Stay::Led => {
            hide(window);
            bridge::say(popover.told(became));
        }
        Stay::For(time) => {
            hide(window);
            destroy_after(window.clone(), time);
        }
    }
}

fn hide(window: &WebviewWindow) {
    if let Err(error) = window.hide() {
        tracing::warn!(%error, "The popover could not be hidden.");
    }
}

/// Ends a window whose page died. The resident hears of it first: a click on what just vanished opens another.
fn give_up(window: &WebviewWindow) {
    tell_gone(window);
    destroy(window);
}

/// Ends the window and what runs in it.
fn destroy(window: &WebviewWindow) {
    if let Err(error) = window.destroy() {
        tracing::warn!(%error, "The popover could not be closed.");
    }
}

/// Ends it once its time is over, unless it was opened again meanwhile.
fn destroy_after(window: WebviewWindow, time: Duration) {
    let (opening, _) = window.state::<Popover>().now();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(time).await;
        // It may be gone already.
        let _ = window.clone().run_on_main_thread(move || {
            if window.state::<Popover>().now() == (opening, false) {
                destroy(&window);
            }
        });
    });
}

/// Has the resident know at once: the process takes a while to end, and a click meanwhile is to open another.
fn tell_when_gone(window: &WebviewWindow) {
    let watched = window.clone();
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Destroyed) {
            watched.state::<Popover>().shown.send_replace(false);
            tell_gone(&watched);
        }
    });
}

fn tell_gone(window: &WebviewWindow) {
    let popover = window.state::<Popover>();
    if popover.is_led() {
        bridge::say(popover.told(Became::Gone));
    }
}

/// Whether a WebDriver runs it: then the focus is elsewhere by rights.
fn is_driven() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}

/// Only pages of the app itself.
fn is_ours(url: &tauri::Url) -> bool {
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost")
}

fn move_to(window: &WebviewWindow, near: Option<Point>) -> tauri::Result<()> {
    let monitors: Vec<Monitor> = window.available_monitors()?.iter().map(monitor).collect();
    if monitors.is_empty() {
        // Where clients may not place themselves the compositor does.
        return Ok(());
    }
    let Point { x, y } = place(near, size(window), &monitors);
    window.set_position(PhysicalPosition::new(x, y))
}

/// As large as its user made it; before it was first shown its size says nothing.
fn size(window: &WebviewWindow) -> Size {
    let logical = |window: &WebviewWindow| Some(window.inner_size().ok()?.to_logical(window.scale_factor().ok()?));
    let usual = LogicalSize { width: SIZE.0, height: SIZE.1 };
    let LogicalSize { width, height } =
        logical(window).filter(|size| size.width >= LEAST.0 && size.height >= LEAST.1).unwrap_or(usual);
    Size { width: width as u32, height: height as u32 }
}

fn monitor(monitor: &tauri::Monitor) -> Monitor {
    let work = monitor.work_area();
    Monitor {
        area: area(*monitor.position(), *monitor.size()),
        work_area: area(work.position, work.size),
        scale: monitor.scale_factor(),
    }
}

fn area(corner: PhysicalPosition<i32>, size: tauri::PhysicalSize<u32>) -> Area {
    Area { corner: Point { x: corner.x, y: corner.y }, width: size.width, height: size.height }
}

/// Closes the popover once it had the focus and lost it for good.
fn close_when_left(window: &WebviewWindow) {
    if is_driven() {
        return;
    }
    let watched = window.clone();
    window.on_window_event(move |event| {
        // One that was dismissed loses the focus by it, and may be opened again before the wait below is over.
        let (opening, shown) = watched.state::<Popover>().now();
        if matches!(event, WindowEvent::Focused(false)) && shown {
            let left = watched.clone();
            tauri::async_runtime::spawn(async move {
                tokio::time::sleep(FLICKER).await;
                let window = left.clone();
                // It may be gone already.
                let _ = left.run_on_main_thread(move || {
                    if window.state::<Popover>().now() == (opening, true) && !desktop::has_focus(&window) {
                        dismiss(&window, Became::Left);
                    }
                });
            });
        }
    });
}
