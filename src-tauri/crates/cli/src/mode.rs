//! What the command does without a subcommand.

use clap::ValueEnum;
use token_monitor_engine::config::DefaultMode;

use crate::args::{Command, FiguresCommand};
use crate::error::CliError;
use crate::live::{LiveArgs, has_screen};

/// The values of `--mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeArg {
    /// Live figures on the whole terminal; the table where the output is no terminal
    Live,
    /// One line of figures
    Compact,
    /// The figures in a table, as `status` prints them
    Table,
    /// The figures as JSON
    Json,
}

impl From<DefaultMode> for ModeArg {
    fn from(mode: DefaultMode) -> Self {
        match mode {
            DefaultMode::Live => Self::Live,
            DefaultMode::Compact => Self::Compact,
            DefaultMode::Table | DefaultMode::Status => Self::Table,
            DefaultMode::Json => Self::Json,
        }
    }
}

/// The command to run, and the form of its output.
#[derive(Clone, Debug)]
pub(crate) struct Mode {
    pub(crate) command: Command,
    pub(crate) is_compact: bool,
    pub(crate) is_json: bool,
}

impl Mode {
    /// Returns the subcommand that was given, or else what the mode stands for.
    ///
    /// # Errors
    ///
    /// If there are both.
    pub(crate) fn choose(
        command: Option<Command>,
        mode: Option<ModeArg>,
        default_mode: DefaultMode,
    ) -> Result<Self, CliError> {
        match (command, mode) {
            (Some(_), Some(_)) => {
                Err(CliError::bad_configuration("--mode is for the command without a subcommand".to_owned()))
            }
            (Some(command), None) => Ok(Self { command, is_compact: false, is_json: false }),
            (None, mode) => Ok(Self::of(mode.unwrap_or(default_mode.into()))),
        }
    }

    fn of(mode: ModeArg) -> Self {
        let command = match mode {
            ModeArg::Live => Command::Figures(FiguresCommand::Live(LiveArgs::default())),
            ModeArg::Compact | ModeArg::Table | ModeArg::Json => Command::Figures(FiguresCommand::Status),
        };
        Self { command, is_compact: mode == ModeArg::Compact, is_json: mode == ModeArg::Json }
    }

    /// Returns true if the command takes the whole screen.
    pub(crate) fn takes_screen(&self, prints_json: bool) -> bool {
        matches!(self.command, Command::Figures(FiguresCommand::Live(_))) && !prints_json && has_screen()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subcommand_has_no_mode() {
        let error =
            Mode::choose(Some(Command::Figures(FiguresCommand::Status)), Some(ModeArg::Json), DefaultMode::Live)
                .expect_err("both");
        assert_eq!(error.cause_chain(), "--mode is for the command without a subcommand");
    }

    #[test]
    fn the_option_overrides_the_setting() {
        let mode = |mode, setting| Mode::choose(None, mode, setting).expect("no subcommand");
        assert!(matches!(mode(None, DefaultMode::Live).command, Command::Figures(FiguresCommand::Live(_))));
        assert!(mode(Some(ModeArg::Json), DefaultMode::Live).is_json);
        assert!(mode(None, DefaultMode::Compact).is_compact);
        let table = mode(Some(ModeArg::Table), DefaultMode::Json);
        assert!(
            matches!(table.command, Command::Figures(FiguresCommand::Status)) && !table.is_json && !table.is_compact
        );
    }
}
