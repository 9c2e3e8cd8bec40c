//! The `mmm` command: parse the words, run one command, turn what came of it into an exit code.

mod args;
mod commands;
mod interrupt;
mod load;
mod outcome;
mod problems;
mod terminal;

use clap::{CommandFactory, Parser};
use outcome::Outcome;
use std::process::ExitCode;
use terminal::Terminal;

fn main() -> ExitCode {
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version arrive here too. A reader who closed the pipe has seen enough of either.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let terminal = match Terminal::new(&cli.global) {
        Ok(terminal) => terminal,
        Err(problems) => {
            eprintln!("{problems}");
            return ExitCode::from(2);
        }
    };
    let outcome = run(cli, &terminal);
    ExitCode::from(outcome::conclude(outcome, &terminal))
}

fn run(cli: args::Cli, terminal: &Terminal) -> Outcome {
    let Some(command) = cli.command else {
        terminal.print(&args::Cli::command().render_help().to_string())?;
        return Ok(outcome::Exit::Fine);
    };
    commands::dispatch(command, &cli.global, terminal)
}
