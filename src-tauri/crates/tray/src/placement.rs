//! Where the popover goes: beside the click that asked for it, never outside a screen.
//!
//! Pure geometry in physical pixels. It asks no window system which screens there are and moves no window.

/// A spot on the desktop in physical pixels; left of or above the first screen is negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// Rightwards.
    pub x: i32,
    /// Downwards.
    pub y: i32,
}

/// The extent of a window in logical pixels, the same on every screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// A part of the desktop in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its top left corner.
    pub corner: Point,
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// A screen that is switched on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Monitor {
    /// All of it.
    pub area: Area,
    /// What its panels leave free.
    pub work_area: Area,
    /// Physical pixels per logical one.
    pub scale: f64,
}

/// What the popover is to appear beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// A click on the icon.
    Click(Point),
    /// The icon, wherever it is: nobody told.
    Tray,
    /// Nothing: there is no icon.
    Nowhere,
}

/// Where the popover goes, and how large it can be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Its top left corner.
    pub corner: Point,
    /// Its extent: the wanted one, or as much of it as the work area holds.
    pub size: Size,
}

/// Finds the popover's place.
///
/// It opens away from the edge of the work area the click is beyond or nearest to, which is where the panel is,
/// centred on the click along that edge and wholly within the work area. Where nobody told of a click, that is the end
/// of the panel at which trays are: right, or down. Where there is no panel either, and where there is no icon, it is
/// centred on the primary screen, the first of `monitors`. Where no screen is known, as under some Wayland compositors,
/// the click is all there is to go by.
pub fn place(anchor: Anchor, popover: Size, monitors: &[Monitor]) -> Placement {
    let Some((monitor, edge)) = beside(anchor, monitors) else {
        return Placement { corner: click(anchor).unwrap_or_default(), size: popover };
    };
    let size = fitting(popover, monitor);
    let (across, down) = (Span::across(monitor.work_area), Span::down(monitor.work_area));
    let (width, height) = (physical(size.width, monitor.scale), physical(size.height, monitor.scale));
    let point = click(anchor).unwrap_or(last(monitor.work_area));
    let (x, y) = match edge {
        None => (across.centre() - width / 2, down.centre() - height / 2),
        Some(Edge::Top) => (i64::from(point.x) - width / 2, down.start),
        Some(Edge::Bottom) => (i64::from(point.x) - width / 2, down.end - height),
        Some(Edge::Left) => (across.start, i64::from(point.y) - height / 2),
        Some(Edge::Right) => (across.end - width, i64::from(point.y) - height / 2),
    };
    Placement { corner: Point { x: across.hold(x, width), y: down.hold(y, height) }, size }
}

fn click(anchor: Anchor) -> Option<Point> {
    match anchor {
        Anchor::Click(point) => Some(point),
        Anchor::Tray | Anchor::Nowhere => None,
    }
}

/// The screen, and the edge of it the panel with the icon is at.
fn beside(anchor: Anchor, monitors: &[Monitor]) -> Option<(&Monitor, Option<Edge>)> {
    let primary = monitors.first()?;
    Some(match anchor {
        Anchor::Click(point) => {
            let nearest = monitors.iter().min_by_key(|monitor| distance(point, monitor.area))?;
            (nearest, Some(nearest_edge(point, nearest.work_area)))
        }
        Anchor::Tray => {
            let panels = monitors.iter().filter_map(|monitor| Some((monitor, Some(panel(monitor)?))));
            panels.into_iter().next().unwrap_or((primary, None))
        }
        Anchor::Nowhere => (primary, None),
    })
}

/// As much of a popover as a work area holds, rounded down so that nothing of it hangs over.
fn fitting(popover: Size, monitor: &Monitor) -> Size {
    let held = |length: u32, room: u32| length.min((f64::from(room) / monitor.scale) as u32);
    let room = monitor.work_area;
    Size { width: held(popover.width, room.width), height: held(popover.height, room.height) }
}

/// The edge at which most is not free, if any is not.
fn panel(monitor: &Monitor) -> Option<Edge> {
    let (area, free) = (monitor.area, monitor.work_area);
    let (across, down) = ((Span::across(area), Span::across(free)), (Span::down(area), Span::down(free)));
    let taken = [
        (down.1.start - down.0.start, Edge::Top),
        (down.0.end - down.1.end, Edge::Bottom),
        (across.1.start - across.0.start, Edge::Left),
        (across.0.end - across.1.end, Edge::Right),
    ];
    // The first of equals.
    let (most, edge) = taken.into_iter().rev().max_by_key(|(taken, _)| *taken)?;
    (most > 0).then_some(edge)
}

/// The last pixel of an area.
fn last(area: Area) -> Point {
    let at = |span: Span| i32::try_from(span.end - 1).unwrap_or(i32::MAX);
    Point { x: at(Span::across(area)), y: at(Span::down(area)) }
}

/// A click as physical pixels, where a host may have told it in logical ones: panels of GTK and Qt do, GNOME does not.
///
/// What would lie on no screen cannot have been logical.
pub fn in_pixels(click: Point, monitors: &[Monitor]) -> Point {
    let scale = monitors.first().map_or(1.0, |monitor| monitor.scale);
    let times = |length: i32| (f64::from(length) * scale) as i32;
    let scaled = Point { x: times(click.x), y: times(click.y) };
    let is_seen = monitors.iter().any(|monitor| distance(scaled, monitor.area) == 0);
    if is_seen { scaled } else { click }
}

/// The side of a screen a panel sits at.
#[derive(Clone, Copy)]
enum Edge {
    Top,
    Bottom,
    Left,
    Right,
}

/// One dimension of an area, wide enough that no sum of coordinates overflows.
#[derive(Clone, Copy)]
struct Span {
    start: i64,
    end: i64,
}

impl Span {
    fn across(area: Area) -> Self {
        Self::new(area.corner.x, area.width)
    }

    fn down(area: Area) -> Self {
        Self::new(area.corner.y, area.height)
    }

    fn new(start: i32, length: u32) -> Self {
        Self { start: i64::from(start), end: i64::from(start) + i64::from(length) }
    }

    fn centre(self) -> i64 {
        i64::midpoint(self.start, self.end)
    }

    /// How far a coordinate lies outside; nothing when inside.
    fn distance(self, at: i32) -> i64 {
        let at = i64::from(at);
        (self.start - at).max(at - (self.end - 1)).max(0)
    }

    /// Moves something of this length inside; what is too long starts where the span does.
    fn hold(self, at: i64, length: i64) -> i32 {
        let held = at.min(self.end - length).max(self.start);
        i32::try_from(held).expect("a span starts at an i32, and nothing is held beyond the place it was asked for")
    }
}

/// How far a point lies from an area, squared.
fn distance(point: Point, area: Area) -> i128 {
    let x = i128::from(Span::across(area).distance(point.x));
    let y = i128::from(Span::down(area).distance(point.y));
    x * x + y * y
}

fn nearest_edge(point: Point, area: Area) -> Edge {
    let (across, down) = (Span::across(area), Span::down(area));
    let (x, y) = (i64::from(point.x), i64::from(point.y));
    let ways = [
        (y - down.start, Edge::Top),
        (down.end - 1 - y, Edge::Bottom),
        (x - across.start, Edge::Left),
        (across.end - 1 - x, Edge::Right),
    ];
    ways.into_iter().min_by_key(|way| way.0).map_or(Edge::Top, |way| way.1)
}

/// A logical length on a screen, rounded up so that nothing of it hangs over. The cast saturates.
fn physical(length: u32, scale: f64) -> i64 {
    (f64::from(length) * scale).ceil() as i64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const POPOVER: Size = Size { width: 380, height: 600 };

    fn corner_at((x, y): (i32, i32), popover: Size, monitors: &[Monitor]) -> Point {
        place(Anchor::Click(Point { x, y }), popover, monitors).corner
    }

    fn area(x: i32, y: i32, width: u32, height: u32) -> Area {
        Area { corner: Point { x, y }, width, height }
    }

    fn screen(work_area: Area) -> Monitor {
        Monitor { area: area(0, 0, 1920, 1080), work_area, scale: 1.0 }
    }

    #[rstest]
    #[case::top(area(0, 32, 1920, 1048), (1500, 16), (1310, 32))]
    #[case::bottom(area(0, 0, 1920, 1040), (1500, 1060), (1310, 440))]
    #[case::left(area(48, 0, 1872, 1080), (24, 700), (48, 400))]
    #[case::right(area(0, 0, 1872, 1080), (1900, 400), (1492, 100))]
    #[case::corner(area(0, 0, 1920, 1040), (1910, 1060), (1540, 440))]
    fn it_opens_beside_the_panel(#[case] work: Area, #[case] click: (i32, i32), #[case] corner: (i32, i32)) {
        let found = corner_at(click, POPOVER, &[screen(work)]);
        assert_eq!((found.x, found.y), corner);
    }

    #[test]
    fn without_an_icon_it_is_centred_on_the_primary_screen() {
        let primary = screen(area(0, 32, 1920, 1048));
        let other = Monitor { area: area(-1280, 0, 1280, 1024), work_area: area(-1280, 0, 1280, 1024), scale: 1.0 };
        let found = place(Anchor::Nowhere, POPOVER, &[primary, other]);
        assert_eq!(found, Placement { corner: Point { x: 770, y: 256 }, size: POPOVER });
    }

    #[rstest]
    #[case::top(area(0, 32, 1920, 1048), (1540, 32))]
    #[case::bottom(area(0, 0, 1920, 1040), (1540, 440))]
    #[case::left(area(48, 0, 1872, 1080), (48, 480))]
    #[case::right(area(0, 0, 1872, 1080), (1492, 480))]
    #[case::two_panels_of_one_height(area(0, 32, 1920, 1016), (1540, 32))]
    #[case::no_panel(area(0, 0, 1920, 1080), (770, 240))]
    fn without_a_click_it_opens_where_trays_are(#[case] work: Area, #[case] corner: (i32, i32)) {
        let bare = Monitor { area: area(-1280, 0, 1280, 1024), work_area: area(-1280, 0, 1280, 1024), scale: 1.0 };
        let found = place(Anchor::Tray, POPOVER, &[screen(work), bare]).corner;
        assert_eq!((found.x, found.y), corner);
    }

    #[test]
    fn a_panel_on_another_screen_than_the_primary_is_found() {
        let bare = screen(area(0, 0, 1920, 1080));
        let with = Monitor { area: area(1920, 0, 1280, 1024), work_area: area(1920, 0, 1280, 984), scale: 1.0 };
        let found = place(Anchor::Tray, POPOVER, &[bare, with]);
        assert_eq!(found.corner, Point { x: 1920 + 1280 - 380, y: 384 });
    }

    #[rstest]
    #[case::a_laptop_at_a_quarter_more(1366, 728, 1.25, Size { width: 380, height: 582 })]
    #[case::full_hd_at_twice(1920, 1040, 2.0, Size { width: 380, height: 520 })]
    #[case::a_narrow_one(300, 900, 1.0, Size { width: 300, height: 600 })]
    fn it_is_no_larger_than_the_screen(
        #[case] width: u32,
        #[case] height: u32,
        #[case] scale: f64,
        #[case] size: Size,
    ) {
        let monitor = Monitor { area: area(0, 0, width, height + 40), work_area: area(0, 40, width, height), scale };
        let click = Point { x: i32::try_from(width).expect("small") - 10, y: 10 };
        let found = place(Anchor::Click(click), POPOVER, &[monitor]);
        assert_eq!((found.size, found.corner.y), (size, 40));
    }

    #[test]
    fn a_click_told_in_logical_pixels_is_understood() {
        let dense = Monitor { area: area(0, 0, 3840, 2160), work_area: area(0, 64, 3840, 2096), scale: 2.0 };
        let of = |x, y| in_pixels(Point { x, y }, &[dense]);
        assert_eq!(of(1900, 15), Point { x: 3800, y: 30 });
        assert_eq!(of(3800, 30), Point { x: 3800, y: 30 }, "it would lie right of the screen");
        assert_eq!(in_pixels(Point { x: 7, y: 9 }, &[screen(area(0, 0, 1920, 1080))]), Point { x: 7, y: 9 });
        assert_eq!(in_pixels(Point { x: 7, y: 9 }, &[]), Point { x: 7, y: 9 });
    }

    #[test]
    fn a_dense_screen_takes_more_pixels() {
        let dense = Monitor { area: area(0, 0, 3840, 2160), work_area: area(0, 64, 3840, 2096), scale: 2.0 };
        let found = corner_at((3800, 30), POPOVER, &[dense]);
        assert_eq!(found, Point { x: 3840 - 760, y: 64 });
    }

    #[rstest]
    #[case::top(1.0, (16, 4), (0, 32))]
    #[case::top_and_a_half(1.5, (960, 4), (675, 32))]
    #[case::top_twice(2.0, (1904, 4), (1160, 32))]
    #[case::top_thrice(3.0, (960, 4), (390, 32))]
    fn each_scale_takes_its_own_pixels(#[case] scale: f64, #[case] click: (i32, i32), #[case] corner: (i32, i32)) {
        let screen = Monitor { area: area(0, 0, 1920, 2080), work_area: area(0, 32, 1920, 2048), scale };
        let found = corner_at(click, POPOVER, &[screen]);
        assert_eq!((found.x, found.y), corner);
    }

    #[test]
    fn beside_a_dense_screen_left_of_and_above_the_first_it_opens_where_the_click_was() {
        let first = screen(area(0, 0, 1920, 1040));
        let dense =
            Monitor { area: area(-3840, -1080, 3840, 2160), work_area: area(-3840, -1080, 3840, 2080), scale: 2.0 };
        let found = |x, y| corner_at((x, y), POPOVER, &[first, dense]);
        assert_eq!(
            found(-200, 1060),
            Point { x: -760, y: 1000 - 1200 },
            "twice as many pixels, held on its own screen"
        );
        assert_eq!(found(1900, 1060), Point { x: 1540, y: 440 }, "the first screen has pixels of its own");
    }

    #[test]
    fn a_click_on_a_screen_gone_since_opens_on_the_nearest() {
        let left = screen(area(0, 0, 1920, 1080));
        let found = corner_at((2500, 10), POPOVER, &[left]);
        assert_eq!(found, Point { x: 1540, y: 0 }, "the right edge is the nearest one");
    }

    #[test]
    fn without_screens_the_click_is_all_there_is() {
        let click = Point { x: 10, y: 20 };
        assert_eq!(place(Anchor::Click(click), POPOVER, &[]).corner, click);
        assert_eq!(place(Anchor::Tray, POPOVER, &[]).corner, Point::default());
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

    fn any_anchor() -> impl Strategy<Value = Anchor> {
        let click = any::<(i32, i32)>().prop_map(|(x, y)| Anchor::Click(Point { x, y }));
        prop_oneof![Just(Anchor::Tray), Just(Anchor::Nowhere), click]
    }

    fn is_inside(placement: &Placement, monitor: &Monitor) -> bool {
        let Placement { corner, size } = *placement;
        holds(monitor.work_area, corner, physical(size.width, monitor.scale), physical(size.height, monitor.scale))
    }

    fn holds(work: Area, corner: Point, width: i64, height: i64) -> bool {
        let (across, down) = (Span::across(work), Span::down(work));
        let (x, y) = (i64::from(corner.x), i64::from(corner.y));
        x >= across.start && x + width <= across.end && y >= down.start && y + height <= down.end
    }

    proptest! {
        #[test]
        fn the_popover_always_lies_inside_a_work_area(
            anchor in any_anchor(),
            monitors in prop::collection::vec(any_monitor(), 1..5),
            width in 100_u32..9_000, height in 60_u32..9_000,
        ) {
            let placed = place(anchor, Size { width, height }, &monitors);
            let inside = monitors.iter().any(|monitor| is_inside(&placed, monitor));
            prop_assert!(inside, "{placed:?} is in none of {monitors:?}");
        }

        #[test]
        fn a_click_on_a_screen_opens_on_that_screen(
            monitor in any_monitor(), across in 0.0_f64..1.0, down in 0.0_f64..1.0,
        ) {
            let far = Monitor { area: area(20_000, 0, 800, 800), work_area: area(20_000, 0, 800, 800), scale: 1.0 };
            let click = Point {
                x: monitor.area.corner.x + (f64::from(monitor.area.width) * across) as i32,
                y: monitor.area.corner.y + (f64::from(monitor.area.height) * down) as i32,
            };
            let placed = place(Anchor::Click(click), POPOVER, &[far, monitor]);
            prop_assert!(is_inside(&placed, &monitor), "{placed:?}");
        }
    }
}
