//! A cache of recently drawn icons, evicting the least recently used one.
//!
//! Bounded by count: it stays below a few hundred kilobytes.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::icon::types::{IconSize, IconSpec, PixelFormat};

/// The number of icons kept: four specs at each standard size, which is what a tray alternates between.
const MAX_CACHED: usize = 4 * IconSize::STANDARD.len();

/// A cache of pixels by spec, size and format.
#[derive(Default)]
pub struct IconCache {
    /// Ordered by last use, the oldest first.
    icons: VecDeque<CachedIcon>,
}

struct CachedIcon {
    spec: IconSpec,
    size: IconSize,
    format: PixelFormat,
    pixels: Arc<[u8]>,
}

impl IconCache {
    /// Creates an empty cache.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the pixels of an icon, drawing them unless they are cached.
    pub fn render(&mut self, spec: &IconSpec, size: IconSize, format: PixelFormat) -> Arc<[u8]> {
        let icon = self.remove(spec, size, format).unwrap_or_else(|| CachedIcon {
            spec: spec.clone(),
            size,
            format,
            pixels: spec.render(size, format).into(),
        });
        let pixels = Arc::clone(&icon.pixels);
        self.insert(icon);
        pixels
    }

    fn remove(&mut self, spec: &IconSpec, size: IconSize, format: PixelFormat) -> Option<CachedIcon> {
        let is_same = |icon: &CachedIcon| icon.size == size && icon.format == format && icon.spec == *spec;
        let index = self.icons.iter().position(is_same)?;
        self.icons.remove(index)
    }

    fn insert(&mut self, icon: CachedIcon) {
        if self.icons.len() == MAX_CACHED {
            self.icons.pop_front();
        }
        self.icons.push_back(icon);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::CompactFigure;
    use crate::icon::types::IconTheme;

    fn spec_of(tokens: u128) -> IconSpec {
        let figure = Some(CompactFigure::from_tokens(tokens));
        IconSpec { figure, gauge: None, bars: None, is_stale: false, badge: None, theme: IconTheme::Light }
    }

    #[test]
    fn an_icon_shown_again_is_not_drawn_again() {
        let (mut cache, size) = (IconCache::new(), IconSize::from_pixels(16));
        let first = cache.render(&spec_of(42), size, PixelFormat::Rgba);
        let again = cache.render(&spec_of(42), size, PixelFormat::Rgba);
        assert!(Arc::ptr_eq(&first, &again));
    }

    #[test]
    fn another_size_or_format_is_cached_separately() {
        let mut cache = IconCache::new();
        let small = cache.render(&spec_of(42), IconSize::from_pixels(16), PixelFormat::Rgba);
        assert_ne!(small, cache.render(&spec_of(42), IconSize::from_pixels(22), PixelFormat::Rgba));
        assert_ne!(small, cache.render(&spec_of(42), IconSize::from_pixels(16), PixelFormat::Argb));
    }

    #[test]
    fn the_cache_is_bounded_and_evicts_the_oldest_icon() {
        let (mut cache, size) = (IconCache::new(), IconSize::from_pixels(16));
        let first = cache.render(&spec_of(0), size, PixelFormat::Rgba);
        for tokens in 1..200 {
            cache.render(&spec_of(tokens), size, PixelFormat::Rgba);
        }
        assert_eq!(cache.icons.len(), MAX_CACHED);
        let again = cache.render(&spec_of(0), size, PixelFormat::Rgba);
        assert!(!Arc::ptr_eq(&first, &again), "it was evicted");
    }
}
