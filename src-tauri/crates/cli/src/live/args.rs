//! The options of `token-monitor live`.

use crate::live::app::page::Page;
use crate::live::theme::ThemeName;

/// The options of the live view.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct LiveArgs {
    /// Page to begin with
    #[arg(long, value_enum, default_value_t)]
    pub(crate) page: Page,

    /// Colors; T chooses another while it runs
    #[arg(long, value_enum)]
    pub(crate) theme: Option<ThemeName>,

    /// React to the mouse. The terminal then selects text only with Shift
    #[arg(long)]
    pub(crate) mouse: bool,

    /// Use ASCII characters only; the default where the locale is not UTF-8
    #[arg(long)]
    pub(crate) ascii: bool,
}
