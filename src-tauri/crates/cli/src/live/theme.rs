//! The colors of the live view, by the meaning of what they color.
//!
//! The default theme uses the sixteen colors that people choose for their terminal, and never sets a background. The other
//! colored themes use the fixed colors of the 256-color palette that are readable on light and on dark. A color is never
//! the only carrier of a meaning: levels have words and shapes, states have signs, kinds stand in a fixed order.

use clap::ValueEnum;
use ratatui::style::{Color, Modifier, Style};
use token_monitor_core::report::LimitLevel;

/// A theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ThemeName {
    /// The terminal's own sixteen colors
    #[default]
    Terminal,
    /// No color, only bold, dim and reversed text
    Mono,
    /// High contrast: bright colors, nothing dim
    Contrast,
    /// For red-green color blindness (deuteranopia)
    Deuteranopia,
    /// For red-green color blindness (protanopia)
    Protanopia,
    /// For blue-yellow color blindness (tritanopia)
    Tritanopia,
}

impl ThemeName {
    /// All themes, in the order of the menu.
    pub(crate) const ALL: [Self; 6] =
        [Self::Terminal, Self::Mono, Self::Contrast, Self::Deuteranopia, Self::Protanopia, Self::Tritanopia];

    /// Returns the entry of the menu.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Terminal => "terminal: its own sixteen colors",
            Self::Mono => "mono: no color",
            Self::Contrast => "contrast: bright, nothing dim",
            Self::Deuteranopia => "deuteranopia: blue and orange",
            Self::Protanopia => "protanopia: blue and yellow",
            Self::Tritanopia => "tritanopia: teal and red",
        }
    }
}

/// The meaning of what is colored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Text,
    Strong,
    Dim,
    Heading,
    Accent,
    Level(LimitLevel),
    Stale,
    Track,
    Output,
    CacheWrite,
    CacheRead,
    Input,
    /// A model, project or tag, by rank.
    Series(usize),
    Waiting,
    Busy,
    Idle,
    Selected,
    Key,
    Problem,
}

/// The number of colors for models, projects and tags; further ones are shown in the last.
pub(crate) const SERIES_COLORS: usize = 6;

/// The colors of a theme.
struct ThemeColors {
    accent: Color,
    /// Of the levels calm, busy, high and over.
    levels: [Color; 4],
    kinds: [Color; 4],
    series: [Color; SERIES_COLORS],
    waiting: Color,
    problem: Color,
}

impl ThemeColors {
    fn level_color(&self, level: LimitLevel) -> Color {
        let [calm, busy, high, over] = self.levels;
        match level {
            LimitLevel::Calm => calm,
            LimitLevel::Busy => busy,
            LimitLevel::High => high,
            LimitLevel::Over => over,
        }
    }
}

const TERMINAL: ThemeColors = ThemeColors {
    accent: Color::Cyan,
    levels: [Color::Cyan, Color::Yellow, Color::LightRed, Color::Red],
    kinds: [Color::Magenta, Color::LightMagenta, Color::Blue, Color::LightBlue],
    series: [Color::Magenta, Color::LightBlue, Color::Green, Color::LightMagenta, Color::Blue, Color::LightGreen],
    waiting: Color::Yellow,
    problem: Color::LightRed,
};

const CONTRAST: ThemeColors = ThemeColors {
    accent: Color::LightCyan,
    levels: [Color::LightGreen, Color::LightYellow, Color::LightRed, Color::LightRed],
    kinds: [Color::LightMagenta, Color::LightRed, Color::LightBlue, Color::LightCyan],
    series: [
        Color::LightMagenta,
        Color::LightCyan,
        Color::LightGreen,
        Color::LightBlue,
        Color::LightYellow,
        Color::White,
    ],
    waiting: Color::LightYellow,
    problem: Color::LightRed,
};

/// Blue, amber and vermilion, which differ for eyes without green cones.
const DEUTERANOPIA: ThemeColors = ThemeColors {
    accent: Color::Indexed(32),
    levels: [Color::Indexed(32), Color::Indexed(172), Color::Indexed(166), Color::Indexed(160)],
    kinds: [Color::Indexed(25), Color::Indexed(172), Color::Indexed(102), Color::Indexed(74)],
    series: [
        Color::Indexed(25),
        Color::Indexed(172),
        Color::Indexed(74),
        Color::Indexed(102),
        Color::Indexed(130),
        Color::Indexed(139),
    ],
    waiting: Color::Indexed(172),
    problem: Color::Indexed(166),
};

/// Blue and yellow, with reds bright enough for eyes without red cones.
const PROTANOPIA: ThemeColors = ThemeColors {
    accent: Color::Indexed(33),
    levels: [Color::Indexed(33), Color::Indexed(136), Color::Indexed(173), Color::Indexed(167)],
    kinds: [Color::Indexed(27), Color::Indexed(136), Color::Indexed(102), Color::Indexed(75)],
    series: [
        Color::Indexed(27),
        Color::Indexed(136),
        Color::Indexed(75),
        Color::Indexed(102),
        Color::Indexed(173),
        Color::Indexed(140),
    ],
    waiting: Color::Indexed(136),
    problem: Color::Indexed(167),
};

/// Teal and red, which differ for eyes without blue cones.
const TRITANOPIA: ThemeColors = ThemeColors {
    accent: Color::Indexed(37),
    levels: [Color::Indexed(37), Color::Indexed(175), Color::Indexed(167), Color::Indexed(160)],
    kinds: [Color::Indexed(160), Color::Indexed(175), Color::Indexed(102), Color::Indexed(37)],
    series: [
        Color::Indexed(37),
        Color::Indexed(167),
        Color::Indexed(102),
        Color::Indexed(175),
        Color::Indexed(23),
        Color::Indexed(88),
    ],
    waiting: Color::Indexed(175),
    problem: Color::Indexed(160),
};

/// A theme in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ColorTheme {
    pub(crate) name: ThemeName,
}

impl ColorTheme {
    /// Returns the style of a role.
    pub(crate) fn style(self, role: Role) -> Style {
        let palette = match self.name {
            ThemeName::Terminal => &TERMINAL,
            ThemeName::Mono => return without_color(role),
            ThemeName::Contrast => return with_contrast(role),
            ThemeName::Deuteranopia => &DEUTERANOPIA,
            ThemeName::Protanopia => &PROTANOPIA,
            ThemeName::Tritanopia => &TRITANOPIA,
        };
        let base = without_color(role);
        color_of(palette, role).map_or(base, |color| base.fg(color))
    }

    /// Returns true if parts of a bar are told apart by texture instead of color.
    pub(crate) fn uses_texture(self) -> bool {
        matches!(self.name, ThemeName::Mono | ThemeName::Contrast)
    }
}

/// Returns the style of a role without colors: also the attributes that the colored themes add their colors to.
fn without_color(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Text | Role::Accent | Role::Busy | Role::Series(_) => style,
        Role::Output | Role::CacheWrite | Role::CacheRead | Role::Input => style,
        Role::Strong | Role::Heading | Role::Key | Role::Waiting | Role::Problem => style.add_modifier(Modifier::BOLD),
        Role::Dim | Role::Stale | Role::Track | Role::Idle => style.add_modifier(Modifier::DIM),
        Role::Level(LimitLevel::Calm) => style,
        Role::Level(LimitLevel::Busy | LimitLevel::High | LimitLevel::Over) => style.add_modifier(Modifier::BOLD),
        Role::Selected => style.add_modifier(Modifier::REVERSED),
    }
}

fn with_contrast(role: Role) -> Style {
    let base = without_color(role).remove_modifier(Modifier::DIM);
    color_of(&CONTRAST, role).map_or(base, |color| base.fg(color))
}

fn color_of(palette: &ThemeColors, role: Role) -> Option<Color> {
    match role {
        Role::Text | Role::Strong | Role::Dim | Role::Heading | Role::Stale | Role::Track => None,
        Role::Idle | Role::Selected => None,
        Role::Accent | Role::Busy | Role::Key => Some(palette.accent),
        Role::Level(level) => Some(palette.level_color(level)),
        Role::Output => Some(palette.kinds[0]),
        Role::CacheWrite => Some(palette.kinds[1]),
        Role::CacheRead => Some(palette.kinds[2]),
        Role::Input => Some(palette.kinds[3]),
        Role::Series(rank) => Some(palette.series[rank.min(SERIES_COLORS - 1)]),
        Role::Waiting => Some(palette.waiting),
        Role::Problem => Some(palette.problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 13] = [
        Role::Text,
        Role::Dim,
        Role::Accent,
        Role::Level(LimitLevel::Calm),
        Role::Level(LimitLevel::Over),
        Role::Output,
        Role::CacheWrite,
        Role::CacheRead,
        Role::Input,
        Role::Series(9),
        Role::Waiting,
        Role::Selected,
        Role::Problem,
    ];

    #[test]
    fn mono_has_no_color_and_no_theme_has_a_background() {
        for name in ThemeName::ALL {
            for role in ROLES {
                let style = ColorTheme { name }.style(role);
                assert_eq!(style.bg, None, "{name:?} {role:?}");
                assert!(name != ThemeName::Mono || style.fg.is_none(), "{role:?}");
            }
        }
    }

    #[test]
    fn the_default_theme_uses_the_sixteen_colors_only() {
        for role in ROLES {
            let fg = ColorTheme { name: ThemeName::Terminal }.style(role).fg;
            assert!(!matches!(fg, Some(Color::Indexed(_) | Color::Rgb(..))), "{role:?}");
        }
    }

    #[test]
    fn nothing_is_dim_with_high_contrast() {
        let style = ColorTheme { name: ThemeName::Contrast }.style(Role::Dim);
        assert!(!style.add_modifier.contains(Modifier::DIM));
    }
}
