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

/// Finds the popover's top left corner.
///
/// It opens away from the edge of the work area `anchor` is beyond or nearest to, which is where the panel is,
/// centred on the anchor along that edge and wholly within the work area. Without an anchor it is centred on the
/// primary screen, the first of `monitors`. One too large for the work area is pinned at its top left, where its
/// tabs are. Where no screen is known, as under some Wayland compositors, the anchor is all there is to go by.
pub fn place(anchor: Option<Point>, popover: Size, monitors: &[Monitor]) -> Point {
    let Some(monitor) = monitor_for(anchor, monitors) else {
        return anchor.unwrap_or_default();
    };
    let across = Span::across(monitor.work_area);
    let down = Span::down(monitor.work_area);
    let width = physical(popover.width, monitor.scale);
    let height = physical(popover.height, monitor.scale);
    let (x, y) = match anchor.map(|point| (point, nearest_edge(point, monitor.work_area))) {
        None => (across.centre() - width / 2, down.centre() - height / 2),
        Some((point, Edge::Top)) => (i64::from(point.x) - width / 2, i64::from(point.y)),
        Some((point, Edge::Bottom)) => (i64::from(point.x) - width / 2, i64::from(point.y) - height),
        Some((point, Edge::Left)) => (i64::from(point.x), i64::from(point.y) - height / 2),
        Some((point, Edge::Right)) => (i64::from(point.x) - width, i64::from(point.y) - height / 2),
    };
    Point { x: across.hold(x, width), y: down.hold(y, height) }
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

fn monitor_for(anchor: Option<Point>, monitors: &[Monitor]) -> Option<&Monitor> {
    match anchor {
        None => monitors.first(),
        Some(point) => monitors.iter().min_by_key(|monitor| distance(point, monitor.area)),
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
        let anchor = Point { x: click.0, y: click.1 };
        let found = place(Some(anchor), POPOVER, &[screen(work)]);
        assert_eq!((found.x, found.y), corner);
    }

    #[test]
    fn without_a_click_it_is_centred_on_the_primary_screen() {
        let primary = screen(area(0, 0, 1920, 1080));
        let other = Monitor { area: area(-1280, 0, 1280, 1024), work_area: area(-1280, 0, 1280, 1024), scale: 1.0 };
        assert_eq!(place(None, POPOVER, &[primary, other]), Point { x: 770, y: 240 });
    }

    #[test]
    fn a_dense_screen_takes_more_pixels() {
        let dense = Monitor { area: area(0, 0, 3840, 2160), work_area: area(0, 64, 3840, 2096), scale: 2.0 };
        let found = place(Some(Point { x: 3800, y: 30 }), POPOVER, &[dense]);
        assert_eq!(found, Point { x: 3840 - 760, y: 64 });
    }

    #[rstest]
    #[case::top(1.0, (16, 4), (0, 32))]
    #[case::top_and_a_half(1.5, (960, 4), (675, 32))]
    #[case::top_twice(2.0, (1904, 4), (1160, 32))]
    #[case::top_thrice(3.0, (960, 4), (390, 32))]
    fn each_scale_takes_its_own_pixels(#[case] scale: f64, #[case] click: (i32, i32), #[case] corner: (i32, i32)) {
        let screen = Monitor { area: area(0, 0, 1920, 2080), work_area: area(0, 32, 1920, 2048), scale };
        let found = place(Some(Point { x: click.0, y: click.1 }), POPOVER, &[screen]);
        assert_eq!((found.x, found.y), corner);
    }

    #[test]
    fn beside_a_dense_screen_left_of_and_above_the_first_it_opens_where_the_click_was() {
        let first = screen(area(0, 0, 1920, 1040));
        let dense =
            Monitor { area: area(-3840, -1080, 3840, 2160), work_area: area(-3840, -1080, 3840, 2080), scale: 2.0 };
        let found = |x, y| place(Some(Point { x, y }), POPOVER, &[first, dense]);
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
        let found = place(Some(Point { x: 2500, y: 10 }), POPOVER, &[left]);
        assert_eq!(found, Point { x: 1540, y: 0 }, "the right edge is the nearest one");
    }

    #[test]
    fn without_screens_the_click_is_all_there_is() {
        let click = Point { x: 10, y: 20 };
        assert_eq!(place(Some(click), POPOVER, &[]), click);
        assert_eq!(place(None, POPOVER, &[]), Point::default());
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

    fn holds(work: Area, corner: Point, width: i64, height: i64) -> bool {
        let (across, down) = (Span::across(work), Span::down(work));
        let (x, y) = (i64::from(corner.x), i64::from(corner.y));
        x >= across.start && x + width <= across.end && y >= down.start && y + height <= down.end
    }

    fn fits(work: Area, width: i64, height: i64) -> bool {
        i64::from(work.width) >= width && i64::from(work.height) >= height
    }

    proptest! {
        #[test]
        fn the_popover_always_lies_inside_a_work_area(
            anchor in prop::option::of((any::<i32>(), any::<i32>())),
            monitors in prop::collection::vec(any_monitor(), 1..5),
        ) {
            let anchor = anchor.map(|(x, y)| Point { x, y });
            let corner = place(anchor, POPOVER, &monitors);
            let inside = monitors.iter().any(|monitor| {
                let width = physical(POPOVER.width, monitor.scale);
                let height = physical(POPOVER.height, monitor.scale);
                let pinned = i64::from(corner.x) >= Span::across(monitor.work_area).start
                    && i64::from(corner.y) >= Span::down(monitor.work_area).start;
                if fits(monitor.work_area, width, height) { holds(monitor.work_area, corner, width, height) } else { pinned }
            });
            prop_assert!(inside, "{corner:?} is in none of {monitors:?}");
        }

        #[test]
        fn a_click_on_a_screen_opens_on_that_screen(
            monitor in any_monitor(), across in 0.0_f64..1.0, down in 0.0_f64..1.0,
        ) {
            let far = Monitor { area: area(20_000, 0, 800, 800), work_area: area(20_000, 0, 800, 800), scale: 1.0 };
            let small = Size { width: 100, height: 60 };
            let click = Point {
                x: monitor.area.corner.x + (f64::from(monitor.area.width) * across) as i32,
                y: monitor.area.corner.y + (f64::from(monitor.area.height) * down) as i32,
            };
            let corner = place(Some(click), small, &[far, monitor]);
            let (width, height) = (physical(100, monitor.scale), physical(60, monitor.scale));
            if fits(monitor.work_area, width, height) {
                prop_assert!(holds(monitor.work_area, corner, width, height));
            }
        }

        #[test]
        fn one_larger_than_the_work_area_is_pinned_at_its_top_left(
            monitor in any_monitor(), x in any::<i32>(), y in any::<i32>(),
        ) {
            let huge = Size { width: 9_000, height: 9_000 };
            prop_assert_eq!(place(Some(Point { x, y }), huge, &[monitor]), monitor.work_area.corner);
        }
    }
}
