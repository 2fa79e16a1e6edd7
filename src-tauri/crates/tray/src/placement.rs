//! The place of the popover: beside the click that requested it, and never outside of a screen.
//!
//! Pure geometry. The caller queries the screens and moves the window.

/// A point on the desktop in physical pixels, negative to the left of and above the first screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScreenPoint {
    /// The distance to the right.
    pub x: i32,
    /// The distance downwards.
    pub y: i32,
}

/// The size of a window in logical pixels, which is the same on every screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowSize {
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

/// A rectangle of the desktop in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScreenArea {
    /// The top left corner.
    pub corner: ScreenPoint,
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

/// A screen that is switched on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Monitor {
    /// The whole screen.
    pub area: ScreenArea,
    /// The part without panels.
    pub work_area: ScreenArea,
    /// The number of physical pixels per logical pixel.
    pub scale: f64,
}

/// The place next to which the popover appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PopoverAnchor {
    /// A click on the icon.
    Click(ScreenPoint),
    /// The icon, whose position is unknown.
    Tray,
    /// The center of the primary screen: there is no icon.
    ScreenCenter,
}

/// The distance between the popover and the edges of the work area in logical pixels.
pub const PANEL_GAP: u32 = 8;

/// The position and size of the popover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The top left corner.
    pub corner: ScreenPoint,
    /// The requested size, reduced to the work area.
    pub size: WindowSize,
}

/// Returns the place of the popover.
///
/// The popover opens 8 pixels from the edge of the work area that is nearest to the click, where the panel is. It is centered on
/// the click along that edge and is completely inside the work area. Without a click it opens at the end of the panel
/// where trays are: at the right, or at the bottom. Without a panel or an icon it is centered on the primary screen,
/// which is the first of `monitors`. If no screen is known, as with some Wayland compositors, its corner is at the
/// click.
pub fn place_popover(anchor: PopoverAnchor, popover: WindowSize, monitors: &[Monitor]) -> Placement {
    let Some((monitor, edge)) = find_monitor_edge(anchor, monitors) else {
        return Placement { corner: click_position(anchor).unwrap_or_default(), size: popover };
    };
    let size = fit_to_work_area(popover, monitor);
    let (across, down) = free_spans(monitor);
    let (width, height) = (to_physical(size.width, monitor.scale), to_physical(size.height, monitor.scale));
    let point = click_position(anchor).unwrap_or(last_pixel(monitor.work_area));
    let (x, y) = match edge {
        None => (across.center() - width / 2, down.center() - height / 2),
        Some(Edge::Top) => (i64::from(point.x) - width / 2, down.start),
        Some(Edge::Bottom) => (i64::from(point.x) - width / 2, down.end - height),
        Some(Edge::Left) => (across.start, i64::from(point.y) - height / 2),
        Some(Edge::Right) => (across.end - width, i64::from(point.y) - height / 2),
    };
    Placement { corner: ScreenPoint { x: across.clamp_inside(x, width), y: down.clamp_inside(y, height) }, size }
}

fn click_position(anchor: PopoverAnchor) -> Option<ScreenPoint> {
    match anchor {
        PopoverAnchor::Click(point) => Some(point),
        PopoverAnchor::Tray | PopoverAnchor::ScreenCenter => None,
    }
}

/// Returns the screen of the popover, and the edge with the panel that has the icon.
fn find_monitor_edge(anchor: PopoverAnchor, monitors: &[Monitor]) -> Option<(&Monitor, Option<Edge>)> {
    let primary = monitors.first()?;
    Some(match anchor {
        PopoverAnchor::Click(point) => {
            let nearest = monitors.iter().min_by_key(|monitor| squared_distance(point, monitor.area))?;
            (nearest, Some(nearest_edge(point, nearest.work_area)))
        }
        PopoverAnchor::Tray => {
            let panels = monitors.iter().filter_map(|monitor| Some((monitor, Some(panel_edge(monitor)?))));
            panels.into_iter().next().unwrap_or((primary, None))
        }
        PopoverAnchor::ScreenCenter => (primary, None),
    })
}

/// Returns the size reduced to the work area of a screen, rounded down so that it does not exceed it.
fn fit_to_work_area(popover: WindowSize, monitor: &Monitor) -> WindowSize {
    let limit = |length: u32, room: Span| length.min((room.length() as f64 / monitor.scale) as u32);
    let (across, down) = free_spans(monitor);
    WindowSize { width: limit(popover.width, across), height: limit(popover.height, down) }
}

/// Returns the part of the work area that the popover may cover, horizontally and vertically. A tiny work area is
/// covered to at least three quarters.
fn free_spans(monitor: &Monitor) -> (Span, Span) {
    let gap = to_physical_length(f64::from(PANEL_GAP), monitor.scale);
    let inset = |span: Span| {
        let inset = gap.min(span.length() / 8);
        Span { start: span.start + inset, end: span.end - inset }
    };
    (inset(Span::horizontal(monitor.work_area)), inset(Span::vertical(monitor.work_area)))
}

/// Returns the edge with the largest panel, if there is a panel.
fn panel_edge(monitor: &Monitor) -> Option<Edge> {
    let (area, free) = (monitor.area, monitor.work_area);
    let (across, down) =
        ((Span::horizontal(area), Span::horizontal(free)), (Span::vertical(area), Span::vertical(free)));
    let taken = [
        (down.1.start - down.0.start, Edge::Top),
        (down.0.end - down.1.end, Edge::Bottom),
        (across.1.start - across.0.start, Edge::Left),
        (across.0.end - across.1.end, Edge::Right),
    ];
    // `max_by_key` returns the last of equals, so the order is reversed to prefer the first.
    let (most, edge) = taken.into_iter().rev().max_by_key(|(taken, _)| *taken)?;
    (most > 0).then_some(edge)
}

/// Returns the bottom right pixel of an area.
fn last_pixel(area: ScreenArea) -> ScreenPoint {
    let at = |span: Span| i32::try_from(span.end - 1).unwrap_or(i32::MAX);
    ScreenPoint { x: at(Span::horizontal(area)), y: at(Span::vertical(area)) }
}

/// Converts a click to physical pixels if the tray host may have reported logical ones: GTK and Qt panels do, GNOME
/// does not.
///
/// A click that would be outside of every screen after scaling was physical already.
pub fn to_physical_pixels(click: ScreenPoint, monitors: &[Monitor]) -> ScreenPoint {
    let scale = monitors.first().map_or(1.0, |monitor| monitor.scale);
    let scale_up = |length: i32| (f64::from(length) * scale) as i32;
    let scaled = ScreenPoint { x: scale_up(click.x), y: scale_up(click.y) };
    let is_on_screen = monitors.iter().any(|monitor| squared_distance(scaled, monitor.area) == 0);
    if is_on_screen { scaled } else { click }
}

/// The edge of a screen that has a panel.
#[derive(Clone, Copy)]
enum Edge {
    Top,
    Bottom,
    Left,
    Right,
}

/// A dimension of an area, in integers wide enough that no sum of coordinates overflows.
#[derive(Clone, Copy)]
struct Span {
    start: i64,
    end: i64,
}

impl Span {
    fn horizontal(area: ScreenArea) -> Self {
        Self::new(area.corner.x, area.width)
    }

    fn vertical(area: ScreenArea) -> Self {
        Self::new(area.corner.y, area.height)
    }

    fn new(start: i32, length: u32) -> Self {
        Self { start: i64::from(start), end: i64::from(start) + i64::from(length) }
    }

    fn length(self) -> i64 {
        self.end - self.start
    }

    fn center(self) -> i64 {
        i64::midpoint(self.start, self.end)
    }

    /// Returns the distance of a coordinate from the span, 0 if it is inside.
    fn distance(self, at: i32) -> i64 {
        let at = i64::from(at);
        (self.start - at).max(at - (self.end - 1)).max(0)
    }

    /// Moves a range of a length inside. A range that is too long starts at the start of the span.
    fn clamp_inside(self, at: i64, length: i64) -> i32 {
        let start = at.min(self.end - length).max(self.start);
        i32::try_from(start).expect("a span starts at an i32, and a range is only moved towards it")
    }
}

/// Returns the squared distance of a point from an area.
fn squared_distance(point: ScreenPoint, area: ScreenArea) -> i128 {
    let x = i128::from(Span::horizontal(area).distance(point.x));
    let y = i128::from(Span::vertical(area).distance(point.y));
    x * x + y * y
}

fn nearest_edge(point: ScreenPoint, area: ScreenArea) -> Edge {
    let (across, down) = (Span::horizontal(area), Span::vertical(area));
    let (x, y) = (i64::from(point.x), i64::from(point.y));
    let distances = [
        (y - down.start, Edge::Top),
        (down.end - 1 - y, Edge::Bottom),
        (x - across.start, Edge::Left),
        (across.end - 1 - x, Edge::Right),
    ];
    distances.into_iter().min_by_key(|(distance, _)| *distance).map_or(Edge::Top, |(_, edge)| edge)
}

/// Converts a logical length to physical pixels, rounded up. The cast saturates.
fn to_physical(length: u32, scale: f64) -> i64 {
    to_physical_length(f64::from(length), scale)
}

fn to_physical_length(length: f64, scale: f64) -> i64 {
    (length * scale).ceil() as i64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const POPOVER: WindowSize = WindowSize { width: 380, height: 600 };

    fn corner_at((x, y): (i32, i32), popover: WindowSize, monitors: &[Monitor]) -> ScreenPoint {
        place_popover(PopoverAnchor::Click(ScreenPoint { x, y }), popover, monitors).corner
    }

    fn area(x: i32, y: i32, width: u32, height: u32) -> ScreenArea {
        ScreenArea { corner: ScreenPoint { x, y }, width, height }
    }

    fn screen(work_area: ScreenArea) -> Monitor {
        Monitor { area: area(0, 0, 1920, 1080), work_area, scale: 1.0 }
    }

    #[rstest]
    #[case::top(area(0, 32, 1920, 1048), (1500, 16), (1310, 40))]
    #[case::bottom(area(0, 0, 1920, 1040), (1500, 1060), (1310, 432))]
    #[case::left(area(48, 0, 1872, 1080), (24, 700), (56, 400))]
    #[case::right(area(0, 0, 1872, 1080), (1900, 400), (1484, 100))]
    #[case::corner(area(0, 0, 1920, 1040), (1910, 1060), (1532, 432))]
    fn the_popover_opens_beside_the_panel(
        #[case] work: ScreenArea,
        #[case] click: (i32, i32),
        #[case] corner: (i32, i32),
    ) {
        let found = corner_at(click, POPOVER, &[screen(work)]);
        assert_eq!((found.x, found.y), corner);
    }

    #[test]
    fn without_an_icon_the_popover_is_centered_on_the_primary_screen() {
        let primary = screen(area(0, 32, 1920, 1048));
        let other = Monitor { area: area(-1280, 0, 1280, 1024), work_area: area(-1280, 0, 1280, 1024), scale: 1.0 };
        let found = place_popover(PopoverAnchor::ScreenCenter, POPOVER, &[primary, other]);
        assert_eq!(found, Placement { corner: ScreenPoint { x: 770, y: 256 }, size: POPOVER });
    }

    #[rstest]
    #[case::top(area(0, 32, 1920, 1048), (1532, 40))]
    #[case::bottom(area(0, 0, 1920, 1040), (1532, 432))]
    #[case::left(area(48, 0, 1872, 1080), (56, 472))]
    #[case::right(area(0, 0, 1872, 1080), (1484, 472))]
    #[case::two_panels_of_one_height(area(0, 32, 1920, 1016), (1532, 40))]
    #[case::no_panel(area(0, 0, 1920, 1080), (770, 240))]
    fn without_a_click_the_popover_opens_at_the_end_of_the_panel(#[case] work: ScreenArea, #[case] corner: (i32, i32)) {
        let bare = Monitor { area: area(-1280, 0, 1280, 1024), work_area: area(-1280, 0, 1280, 1024), scale: 1.0 };
        let found = place_popover(PopoverAnchor::Tray, POPOVER, &[screen(work), bare]).corner;
        assert_eq!((found.x, found.y), corner);
    }

    #[test]
    fn a_panel_on_another_screen_than_the_primary_is_found() {
        let bare = screen(area(0, 0, 1920, 1080));
        let with = Monitor { area: area(1920, 0, 1280, 1024), work_area: area(1920, 0, 1280, 984), scale: 1.0 };
        let found = place_popover(PopoverAnchor::Tray, POPOVER, &[bare, with]);
        assert_eq!(found.corner, ScreenPoint { x: 1920 + 1280 - 388, y: 376 });
    }

    #[rstest]
    #[case::a_laptop_at_a_quarter_more(1366, 728, 1.25, WindowSize { width: 380, height: 566 }, 50)]
    #[case::full_hd_at_twice(1920, 1040, 2.0, WindowSize { width: 380, height: 504 }, 56)]
    #[case::a_narrow_one(300, 900, 1.0, WindowSize { width: 284, height: 600 }, 48)]
    fn the_popover_is_not_larger_than_the_work_area(
        #[case] width: u32,
        #[case] height: u32,
        #[case] scale: f64,
        #[case] size: WindowSize,
        #[case] top: i32,
    ) {
        let monitor = Monitor { area: area(0, 0, width, height + 40), work_area: area(0, 40, width, height), scale };
        let click = ScreenPoint { x: i32::try_from(width).expect("small") - 10, y: 10 };
        let found = place_popover(PopoverAnchor::Click(click), POPOVER, &[monitor]);
        assert_eq!((found.size, found.corner.y), (size, top));
    }

    #[test]
    fn a_click_in_logical_pixels_is_converted() {
        let dense = Monitor { area: area(0, 0, 3840, 2160), work_area: area(0, 64, 3840, 2096), scale: 2.0 };
        let convert = |x, y| to_physical_pixels(ScreenPoint { x, y }, &[dense]);
        assert_eq!(convert(1900, 15), ScreenPoint { x: 3800, y: 30 });
        assert_eq!(convert(3800, 30), ScreenPoint { x: 3800, y: 30 }, "it would be outside of the screen");
        assert_eq!(
            to_physical_pixels(ScreenPoint { x: 7, y: 9 }, &[screen(area(0, 0, 1920, 1080))]),
            ScreenPoint { x: 7, y: 9 }
        );
        assert_eq!(to_physical_pixels(ScreenPoint { x: 7, y: 9 }, &[]), ScreenPoint { x: 7, y: 9 });
    }

    #[test]
    fn the_popover_has_more_pixels_on_a_dense_screen() {
        let dense = Monitor { area: area(0, 0, 3840, 2160), work_area: area(0, 64, 3840, 2096), scale: 2.0 };
        let found = corner_at((3800, 30), POPOVER, &[dense]);
        assert_eq!(found, ScreenPoint { x: 3840 - 776, y: 80 });
    }

    #[rstest]
    #[case::top(1.0, (16, 4), (8, 40))]
    #[case::top_and_a_half(1.5, (960, 4), (675, 44))]
    #[case::top_twice(2.0, (1904, 4), (1144, 48))]
    #[case::top_thrice(3.0, (960, 4), (390, 56))]
    fn each_scale_has_its_own_position(#[case] scale: f64, #[case] click: (i32, i32), #[case] corner: (i32, i32)) {
        let screen = Monitor { area: area(0, 0, 1920, 2080), work_area: area(0, 32, 1920, 2048), scale };
        let found = corner_at(click, POPOVER, &[screen]);
        assert_eq!((found.x, found.y), corner);
    }

    #[test]
    fn with_screens_of_different_scales_the_popover_opens_on_the_screen_of_the_click() {
        let first = screen(area(0, 0, 1920, 1040));
        let dense =
            Monitor { area: area(-3840, -1080, 3840, 2160), work_area: area(-3840, -1080, 3840, 2080), scale: 2.0 };
        let found = |x, y| corner_at((x, y), POPOVER, &[first, dense]);
        assert_eq!(
            found(-200, 1060),
            ScreenPoint { x: -776, y: 984 - 1200 },
            "twice as many pixels, inside its own screen"
        );
        assert_eq!(found(1900, 1060), ScreenPoint { x: 1532, y: 432 }, "the first screen has a scale of 1");
    }

    #[test]
    fn a_click_on_a_removed_screen_opens_on_the_nearest_screen() {
        let left = screen(area(0, 0, 1920, 1080));
        let found = corner_at((2500, 10), POPOVER, &[left]);
        assert_eq!(found, ScreenPoint { x: 1532, y: 8 }, "the right edge is the nearest one");
    }

    #[test]
    fn without_screens_the_corner_is_at_the_click() {
        let click = ScreenPoint { x: 10, y: 20 };
        assert_eq!(place_popover(PopoverAnchor::Click(click), POPOVER, &[]).corner, click);
        assert_eq!(place_popover(PopoverAnchor::Tray, POPOVER, &[]).corner, ScreenPoint::default());
    }

    prop_compose! {
        fn any_monitor()(
            x in -8_000_i32..8_000, y in -8_000_i32..8_000,
            width in 320_u32..4_000, height in 240_u32..4_000,
            panel in 0_u32..120, side in 0_u8..4,
            scale in prop::sample::select(vec![1.0, 1.25, 1.5, 2.0, 3.0]),
        ) -> Monitor {
            let thick = i32::try_from(panel).unwrap();
            let work_area = match side {
                0 => area(x, y + thick, width, height - panel),
                1 => area(x, y, width, height - panel),
                2 => area(x + thick, y, width - panel, height),
                _ => area(x, y, width - panel, height),
            };
            Monitor { area: area(x, y, width, height), work_area, scale }
        }
    }

    fn any_anchor() -> impl Strategy<Value = PopoverAnchor> {
        let click = any::<(i32, i32)>().prop_map(|(x, y)| PopoverAnchor::Click(ScreenPoint { x, y }));
        prop_oneof![Just(PopoverAnchor::Tray), Just(PopoverAnchor::ScreenCenter), click]
    }

    fn is_inside(placement: &Placement, monitor: &Monitor) -> bool {
        let Placement { corner, size } = *placement;
        contains(
            monitor.work_area,
            corner,
            to_physical(size.width, monitor.scale),
            to_physical(size.height, monitor.scale),
        )
    }

    fn contains(work: ScreenArea, corner: ScreenPoint, width: i64, height: i64) -> bool {
        let (across, down) = (Span::horizontal(work), Span::vertical(work));
        let (x, y) = (i64::from(corner.x), i64::from(corner.y));
        x >= across.start && x + width <= across.end && y >= down.start && y + height <= down.end
    }

    proptest! {
        #[test]
        fn the_popover_is_always_inside_a_work_area(
            anchor in any_anchor(),
            monitors in prop::collection::vec(any_monitor(), 1..5),
            width in 100_u32..9_000, height in 60_u32..9_000,
        ) {
            let placed = place_popover(anchor, WindowSize { width, height }, &monitors);
            let inside = monitors.iter().any(|monitor| is_inside(&placed, monitor));
            prop_assert!(inside, "{placed:?} is in none of {monitors:?}");
        }

        #[test]
        fn a_click_opens_the_popover_on_its_screen(
            monitor in any_monitor(), across in 0.0_f64..1.0, down in 0.0_f64..1.0,
        ) {
            let far = Monitor { area: area(20_000, 0, 800, 800), work_area: area(20_000, 0, 800, 800), scale: 1.0 };
            let click = ScreenPoint {
                x: monitor.area.corner.x + (f64::from(monitor.area.width) * across) as i32,
                y: monitor.area.corner.y + (f64::from(monitor.area.height) * down) as i32,
            };
            let placed = place_popover(PopoverAnchor::Click(click), POPOVER, &[far, monitor]);
            prop_assert!(is_inside(&placed, &monitor), "{placed:?}");
        }
    }
}
