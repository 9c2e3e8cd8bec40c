//! How a command ends: the exit codes, and the faults that make it end early.

use crate::problems::{Sources, show};
use crate::terminal::Terminal;
use std::io;
use wanamaker::problem::{Place, Problem, Problems};

/// How a command that ran to its end came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Fine,
    /// 1: done, and the data or a gate said no.
    No,
    /// 130: stopped by the user; what was there by then is kept.
    Interrupted,
}

/// Why a command could not go on.
#[derive(Debug)]
pub enum Failure {
    /// Faults, with the texts they point into.
    Problems(Problems, Sources),
    /// Standard output is gone: not a fault when its reader simply has enough.
    Output(io::Error),
}

/// What every command returns.
pub type Outcome = Result<Exit, Failure>;

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Failure::Problems(problems, Sources::default())
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Problems::from(problem).into()
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

/// Shows what has to be shown and gives the exit code.
pub fn conclude(outcome: Outcome, terminal: &Terminal) -> u8 {
    match outcome {
        Ok(Exit::Fine) => 0,
        Ok(Exit::No) => 1,
        Ok(Exit::Interrupted) => 130,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(Failure::Output(error)) => {
            let message = format!("standard output cannot be written: {error}");
            show(
                terminal,
                &Problem::error("output.write", Place::default(), message).into(),
                &Sources::default(),
            );
            2
        }
        Err(Failure::Problems(problems, sources)) => {
            show(terminal, &problems, &sources);
            code_of(&problems)
        }
    }
}

/// 1 when only the data stand in the way, 2 when something has to be said differently.
fn code_of(problems: &Problems) -> u8 {
    let errors = problems.iter().filter(|problem| problem.severity == wanamaker::problem::Severity::Error);
    let mut areas = errors.map(|problem| problem.code.split('.').next().unwrap_or_default());
    if areas.all(|area| area == "data") { 1 } else { 2 }
}

/// A fault in the words of the command line.
pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Failure {
    Problem::error("usage.invalid", Place::default(), message).hint(hint).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faulty_data_exit_with_one_and_wrong_use_with_two() {
        let data = Problem::error("data.gap", Place::default(), "a week is missing");
        let spec = Problem::error("spec.unknown_key", Place::default(), "`tiem` is not a key");
        let remark = Problem::info("spec.note", Place::default(), "by the way");
        assert_eq!(code_of(&Problems(vec![data.clone(), remark])), 1);
        assert_eq!(code_of(&Problems(vec![data, spec])), 2);
    }
}
