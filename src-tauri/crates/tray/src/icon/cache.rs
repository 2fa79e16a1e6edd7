//! The last few pictures drawn, so that one shown again is not drawn again.
//!
//! Bounded by count: whatever the tray shows for months, the album stays under a few hundred kilobytes.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::icon::spec::{Order, Picture, Side};

/// Four pictures at the six usual sides: what a tray goes back and forth between.
const KEPT: usize = 4 * Side::USUAL.len();

/// Pixels by what they show.
#[derive(Default)]
pub struct Album {
    /// Least recently used first.
    prints: VecDeque<Print>,
}

struct Print {
    picture: Picture,
    side: Side,
    order: Order,
    pixels: Arc<[u8]>,
}

impl Album {
    /// An album with nothing drawn yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A picture's pixels, drawn unless they lately were.
    pub fn pixels(&mut self, picture: &Picture, side: Side, order: Order) -> Arc<[u8]> {
        let print = self.take(picture, side, order).unwrap_or_else(|| Print {
            picture: picture.clone(),
            side,
            order,
            pixels: picture.pixels(side, order).into(),
        });
        let pixels = Arc::clone(&print.pixels);
        self.keep(print);
        pixels
    }

    fn take(&mut self, picture: &Picture, side: Side, order: Order) -> Option<Print> {
        let same = |print: &Print| print.side == side && print.order == order && print.picture == *picture;
        let place = self.prints.iter().position(same)?;
        self.prints.remove(place)
    }

    fn keep(&mut self, print: Print) {
        if self.prints.len() == KEPT {
            self.prints.pop_front();
        }
        self.prints.push_back(print);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Figure;
    use crate::icon::spec::Ink;

    fn picture(tokens: u128) -> Picture {
        let figure = Some(Figure::of(tokens));
        Picture { figure, gauge: None, stale: false, unseen: false, ink: Ink::Light }
    }

    #[test]
    fn a_picture_shown_again_is_not_drawn_again() {
        let (mut album, side) = (Album::new(), Side::of(16));
        let first = album.pixels(&picture(42), side, Order::Rgba);
        let again = album.pixels(&picture(42), side, Order::Rgba);
        assert!(Arc::ptr_eq(&first, &again));
    }

    #[test]
    fn another_side_or_order_is_another_print() {
        let mut album = Album::new();
        let small = album.pixels(&picture(42), Side::of(16), Order::Rgba);
        assert_ne!(small, album.pixels(&picture(42), Side::of(22), Order::Rgba));
        assert_ne!(small, album.pixels(&picture(42), Side::of(16), Order::Argb));
    }

    #[test]
    fn an_album_stays_bounded_and_forgets_the_oldest() {
        let (mut album, side) = (Album::new(), Side::of(16));
        let first = album.pixels(&picture(0), side, Order::Rgba);
        for tokens in 1..200 {
            album.pixels(&picture(tokens), side, Order::Rgba);
        }
        assert_eq!(album.prints.len(), KEPT);
        let again = album.pixels(&picture(0), side, Order::Rgba);
        assert!(!Arc::ptr_eq(&first, &again), "it was forgotten long ago");
    }
}
