//! The four pages.

use clap::ValueEnum;

/// A page of the live view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Page {
    /// The current figures
    #[default]
    Now,
    /// The list of sessions
    Sessions,
    /// The list of blocks
    Blocks,
    /// Days, weeks and months
    History,
}

impl Page {
    /// All pages, in the order of their keys.
    pub(crate) const ALL: [Self; 4] = [Self::Now, Self::Sessions, Self::Blocks, Self::History];

    /// Returns the title of the page.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Now => "Now",
            Self::Sessions => "Sessions",
            Self::Blocks => "Blocks",
            Self::History => "History",
        }
    }

    /// Returns the page `step` places further, around the ends.
    pub(crate) fn moved_by(self, step: isize) -> Self {
        let count = Self::ALL.len() as isize;
        let place = Self::ALL.iter().position(|page| *page == self).unwrap_or_default() as isize;
        Self::ALL[(place + step).rem_euclid(count) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn the_pages_are_a_ring() {
        assert_eq!(Page::History.moved_by(1), Page::Now);
        assert_eq!(Page::Now.moved_by(-1), Page::History);
        assert_eq!(Page::Sessions.moved_by(1), Page::Blocks);
    }
}
