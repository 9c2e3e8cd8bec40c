//! `mmm completions`: what a shell needs to complete the words of this command.

use crate::args::Cli;
use crate::outcome::{Exit, Outcome};
use crate::terminal::Terminal;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Print completions for a shell, e.g. `mmm completions bash > /etc/bash_completion.d/mmm`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// Prints the script.
pub fn run(args: &CompletionsArgs, terminal: &Terminal) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "mmm", &mut script);
    terminal.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}
