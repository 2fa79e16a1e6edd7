//! The surface of the popover's window: invisible until the page is painted, and with rounded corners and a shadow
//! where the desktop composites.
//!
//! The shadow is drawn in transparent margins around the page, so that the page's viewport is the visible window. The
//! margins are not part of the input region: clicks there reach what is below. Under X11 an invisible window is mapped
//! with an empty shape, because a page that is not mapped is not painted. Wayland has no shapes; there, the page itself
//! is transparent until it is complete.

use std::cell::Cell;
use std::ffi::{c_int, c_ulong, c_void};
use std::ptr;

use gtk::cairo::{Content, Context, FillRule, Operator, RectangleInt, Region, SurfacePattern};
use gtk::gdk::prelude::WindowExtManual;
use gtk::gdk::{EventMask, WindowEdge};
use gtk::glib::prelude::{ObjectExt, ToValue};
use gtk::prelude::{Cast, GtkWindowExt, WidgetExt, WidgetExtManual};
use gtk::{ApplicationWindow, glib};
use tauri::WebviewWindow;

use crate::popover::FrameStyle;

/// The transparent margin around the page in logical pixels, in which the shadow is drawn.
const SHADOW_MARGIN: i32 = 24;

/// The distance by which the shadow is moved down, in logical pixels.
const SHADOW_OFFSET: f64 = 6.0;

/// The opacity of the shadow at the edge of the page.
const SHADOW_OPACITY: f64 = 0.34;

/// The radius of the page's corners in logical pixels. Equals `--radius-window` in ui/src/styles/frame.css.
const CORNER_RADIUS: f64 = 12.0;

/// The thickness of the edge by which the user resizes the window, in logical pixels.
const RESIZE_EDGE: f64 = 5.0;

/// The frames between the report that the page is painted and its appearance.
const FRAMES_BEFORE_REVEAL: u32 = 2;

/// The visibility of a mapped window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Visibility {
    Concealed,
    /// Visible in a few frames.
    Revealing,
    Revealed,
}

thread_local! {
    /// The visibility of the page. Read and written on the main thread, which owns the only popover.
    static VISIBILITY: Cell<Visibility> = const { Cell::new(Visibility::Concealed) };
}

/// Returns the style of a popover without decorations.
pub(crate) fn popover_style() -> FrameStyle {
    let screen = gtk::gdk::Screen::default();
    let is_composited = screen.is_some_and(|screen| screen.is_composited() && screen.rgba_visual().is_some());
    if is_composited { FrameStyle::Shadow } else { FrameStyle::Hairline }
}

/// Returns the margin around the page in logical pixels.
pub(crate) fn margin(style: FrameStyle) -> u32 {
    if style == FrameStyle::Shadow { SHADOW_MARGIN.unsigned_abs() } else { 0 }
}

/// Prepares a popover without decorations before it is shown for the first time. `on_change` is called when the desktop
/// starts or stops compositing.
pub(crate) fn prepare(window: &WebviewWindow, on_change: fn(&WebviewWindow)) {
    let Ok(native) = window.gtk_window() else { return };
    // After the page, which replaces the pixels below its transparent corners.
    native.connect_local("draw", true, |values| {
        let (native, context) = (values.first()?.get::<ApplicationWindow>(), values.get(1)?.get::<Context>());
        if let (Ok(native), Ok(context)) = (native, context)
            && VISIBILITY.get() == Visibility::Revealed
            && popover_style() == FrameStyle::Shadow
        {
            draw_shadow(&native, &context);
        }
        Some(false.to_value())
    });
    native.connect_size_allocate(|native, _| update_input_region(native));
    if let Some(screen) = GtkWindowExt::screen(&native) {
        let watched = window.clone();
        screen.connect_composited_changed(move |_| on_change(&watched));
    }
    resize_by_edges(window);
    native.realize();
    apply_style(window);
    conceal(window);
}

/// Sets the margins for the current style.
pub(crate) fn apply_style(window: &WebviewWindow) {
    let (Ok(native), Ok(content)) = (window.gtk_window(), window.default_vbox()) else { return };
    let margin = if popover_style() == FrameStyle::Shadow { SHADOW_MARGIN } else { 0 };
    content.set_margin_start(margin);
    content.set_margin_end(margin);
    content.set_margin_top(margin);
    content.set_margin_bottom(margin);
    if let Some(surface) = native.window() {
        surface.set_shadow_width(margin, margin, margin, margin);
    }
    native.queue_draw();
}

/// Hides a mapped window without unmapping it. Its page is still painted.
pub(crate) fn conceal(window: &WebviewWindow) {
    VISIBILITY.set(Visibility::Concealed);
    let Ok(native) = window.gtk_window() else { return };
    if let Some(surface) = native.window().and_then(|surface| surface.downcast::<gdkx11::X11Window>().ok()) {
        native.shape_combine_region(Some(&Region::create()));
        set_empty_shape(&surface);
    }
    update_input_region(&native);
}

/// Sets the shape at once. GDK itself does it when it paints, which is after the window was mapped.
#[expect(unsafe_code, reason = "the bindings have no function for it")]
fn set_empty_shape(surface: &gdkx11::X11Window) {
    const BOUNDING: c_int = 0;
    const SET: c_int = 0;
    const UNSORTED: c_int = 0;
    // SAFETY: the display is open, the window exists, and no rectangle is read from the null pointer.
    unsafe {
        let display = gdkx11::ffi::gdk_x11_get_default_xdisplay().cast();
        XShapeCombineRectangles(display, surface.xid(), BOUNDING, 0, 0, ptr::null(), 0, SET, UNSORTED);
    }
}

#[link(name = "Xext")]
#[expect(unsafe_code, reason = "a function of the library that GDK uses for shapes")]
unsafe extern "C" {
    fn XShapeCombineRectangles(
        display: *mut c_void,
        window: c_ulong,
        kind: c_int,
        x: c_int,
        y: c_int,
        rectangles: *const c_void,
        count: c_int,
        operation: c_int,
        ordering: c_int,
    );
}

/// Shows a window that was hidden by [`conceal`], in a few frames: the page that reports its paint has sent its pixels,
/// but they may not have arrived.
pub(crate) fn reveal(window: &WebviewWindow) {
    if VISIBILITY.get() != Visibility::Concealed {
        return;
    }
    let Ok(native) = window.gtk_window() else { return };
    VISIBILITY.set(Visibility::Revealing);
    let frames_left = Cell::new(FRAMES_BEFORE_REVEAL);
    native.add_tick_callback(move |native, _| {
        if VISIBILITY.get() != Visibility::Revealing {
            return glib::ControlFlow::Break;
        }
        frames_left.set(frames_left.get().saturating_sub(1));
        if frames_left.get() > 0 {
            return glib::ControlFlow::Continue;
        }
        reveal_now(native);
        glib::ControlFlow::Break
    });
}

fn reveal_now(native: &ApplicationWindow) {
    VISIBILITY.set(Visibility::Revealed);
    if is_x11(native) {
        set_picture(native);
        native.shape_combine_region(None);
    }
    update_input_region(native);
    native.queue_draw();
}

/// Makes the current content the background of the window. The X server discards what is drawn outside of the shape and
/// without a compositor shows the background first when the shape grows.
fn set_picture(native: &ApplicationWindow) {
    let Some(surface) = native.window() else { return };
    let (width, height) = (native.allocated_width(), native.allocated_height());
    let picture = surface.create_similar_surface(Content::ColorAlpha, width, height);
    let Some(picture) = picture else { return };
    let Ok(context) = Context::new(&picture) else { return };
    native.draw(&context);
    drop(context);
    picture.flush();
    surface.set_background_pattern(Some(&SurfacePattern::create(&picture)));
}

fn is_x11(native: &ApplicationWindow) -> bool {
    native.window().is_some_and(|surface| surface.downcast::<gdkx11::X11Window>().is_ok())
}

/// Limits the input to the page: nothing while it is invisible, and never the margins.
fn update_input_region(native: &ApplicationWindow) {
    let Some(surface) = native.window() else { return };
    surface.set_opaque_region(Some(&Region::create()));
    let margin = if popover_style() == FrameStyle::Shadow { SHADOW_MARGIN } else { 0 };
    let region = match (VISIBILITY.get() == Visibility::Revealed, margin) {
        (false, _) => Some(Region::create()),
        (true, 0) => None,
        (true, _) => {
            let (width, height) = (native.allocated_width() - 2 * margin, native.allocated_height() - 2 * margin);
            Some(Region::create_rectangle(&RectangleInt::new(margin, margin, width.max(0), height.max(0))))
        }
    };
    native.input_shape_combine_region(region.as_ref());
}

/// Draws the shadow as nested rounded boxes of increasing opacity. The inner part of the page is left out, so that a
/// change inside the page draws no shadow.
fn draw_shadow(native: &ApplicationWindow, context: &Context) {
    let margin = f64::from(SHADOW_MARGIN);
    let (width, height) = (f64::from(native.allocated_width()), f64::from(native.allocated_height()));
    let inner = margin + CORNER_RADIUS;
    // Cairo's errors are sticky: a failed call makes the following ones do nothing.
    let _ = context.save();
    context.set_fill_rule(FillRule::EvenOdd);
    context.rectangle(0.0, 0.0, width, height);
    context.rectangle(inner, inner, width - 2.0 * inner, height - 2.0 * inner);
    context.clip();
    context.set_fill_rule(FillRule::Winding);
    // Below what is drawn.
    context.set_operator(Operator::DestOver);
    let mut covered = 0.0;
    for step in 1..=SHADOW_MARGIN {
        let outset = margin - f64::from(step);
        let part = f64::from(step) / margin;
        // The opacity grows with the third power of the distance from the outer edge, as a blurred box's does roughly.
        let wanted = SHADOW_OPACITY * part * part * part;
        let added = (wanted - covered) / (1.0 - covered);
        covered = wanted;
        context.set_source_rgba(0.0, 0.0, 0.0, added);
        let top = (margin - outset + SHADOW_OFFSET).min(height);
        let bottom = (height - margin + outset + SHADOW_OFFSET).min(height);
        let left = margin - outset;
        rounded_rectangle(context, left, top, width - 2.0 * left, bottom - top, CORNER_RADIUS + outset);
        let _ = context.fill();
    }
    let _ = context.restore();
}

fn rounded_rectangle(context: &Context, left: f64, top: f64, width: f64, height: f64, radius: f64) {
    use std::f64::consts::{FRAC_PI_2, PI};
    let (right, bottom) = (left + width - radius, top + height - radius);
    context.new_sub_path();
    context.arc(right, top + radius, radius, -FRAC_PI_2, 0.0);
    context.arc(right, bottom, radius, 0.0, FRAC_PI_2);
    context.arc(left + radius, bottom, radius, FRAC_PI_2, PI);
    context.arc(left + radius, top + radius, radius, PI, PI + FRAC_PI_2);
    context.close_path();
}

/// Lets the user resize the window by the edges of the page. Tauri does it by the edges of the window, which are in the
/// margins.
fn resize_by_edges(window: &WebviewWindow) {
    let connected = window.with_webview(|view| {
        let page = view.inner();
        page.add_events(EventMask::POINTER_MOTION_MASK | EventMask::BUTTON_PRESS_MASK);
        page.connect_button_press_event(|page, event| {
            let native = page.toplevel().and_then(|top| top.downcast::<gtk::Window>().ok());
            let edge = page_edge(page, event.position()).filter(|_| event.button() == 1);
            let (Some(native), Some((edge, _))) = (native, edge) else { return glib::Propagation::Proceed };
            let (x, y) = event.root();
            native.begin_resize_drag(edge, 1, x as i32, y as i32, event.time());
            glib::Propagation::Stop
        });
        page.connect_motion_notify_event(|page, event| {
            let (Some(surface), Some((_, cursor))) = (page.window(), page_edge(page, event.position())) else {
                return glib::Propagation::Proceed;
            };
            surface.set_cursor(gtk::gdk::Cursor::from_name(&surface.display(), cursor).as_ref());
            glib::Propagation::Stop
        });
    });
    if let Err(error) = connected {
        tracing::debug!(%error, "The popover cannot be resized by its edges.");
    }
}

/// Returns the edge of the page at a position, with the name of its cursor. `None` where the margins are zero: there,
/// Tauri's own edges work.
fn page_edge(page: &impl WidgetExt, (x, y): (f64, f64)) -> Option<(WindowEdge, &'static str)> {
    if popover_style() != FrameStyle::Shadow {
        return None;
    }
    let near = |at: f64, length: i32| match at {
        at if at < RESIZE_EDGE => -1,
        at if at >= f64::from(length) - RESIZE_EDGE => 1,
        _ => 0,
    };
    match (near(x, page.allocated_width()), near(y, page.allocated_height())) {
        (-1, -1) => Some((WindowEdge::NorthWest, "nw-resize")),
        (0, -1) => Some((WindowEdge::North, "n-resize")),
        (1, -1) => Some((WindowEdge::NorthEast, "ne-resize")),
        (-1, 0) => Some((WindowEdge::West, "w-resize")),
        (1, 0) => Some((WindowEdge::East, "e-resize")),
        (-1, 1) => Some((WindowEdge::SouthWest, "sw-resize")),
        (0, 1) => Some((WindowEdge::South, "s-resize")),
        (1, 1) => Some((WindowEdge::SouthEast, "se-resize")),
        _ => None,
    }
}
