//! `token-monitor completions` and `token-monitor man`: files for shells and for `man`, from the definitions of the
//! command line.

use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, CommandFactory};
use clap_complete::Shell;

use crate::args::Args;
use crate::error::CliError;
use crate::render::output::print_raw;

/// The name under which the command is installed.
const COMMAND_NAME: &str = "token-monitor";

/// The options of `man`.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct ManArgs {
    /// Write the pages of all subcommands to this folder instead of printing the first one
    #[arg(short = 'o', long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

/// Prints the completions for a shell.
pub(crate) fn print_completions(shell: Shell) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), COMMAND_NAME, &mut script);
    print_raw(&String::from_utf8(script).map_err(CliError::internal)?)
}

/// Prints the manual page, or writes all pages to a folder.
pub(crate) fn print_manual(args: &ManArgs) -> Result<(), CliError> {
    match &args.output {
        Some(folder) => write_pages(folder).map_err(|error| {
            CliError::request_failed(format!("cannot write manual pages to {}: {error}", folder.display()))
        }),
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Args::command()).render(&mut page)?;
            print_raw(&String::from_utf8(page).map_err(CliError::internal)?)
        }
    }
}

fn write_pages(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(Args::command(), folder)
}
