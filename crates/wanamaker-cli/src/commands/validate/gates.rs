//! What every way of validating ends with: its report as JSON or as a table of gates, what failed, and the exit code.

use super::ValidateArgs;
use crate::commands::files::{NewFile, write_new};
use crate::commands::tables::verdict;
use crate::outcome::{Exit, Failure, Outcome};
use crate::problems::{Sources, show};
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Style, Terminal};
use serde_json::{Value, json};
use wanamaker::engine::fit::Fit;
use wanamaker::validation::gate::{Gate, all_hold, failures};

/// Shows the report in the form asked for, and says by word and exit code whether the gates hold.
pub fn conclude(
    args: &ValidateArgs,
    terminal: &Terminal,
    mut report: Value,
    gates: &[Gate],
    readable: impl FnOnce() -> Result<String, Failure>,
) -> Outcome {
    let failed = failures(gates);
    let passed = all_hold(gates);
    report["passed"] = passed.into();
    report["problems"] = serde_json::to_value(&failed).expect("problems are JSON");
    let json = serde_json::to_string_pretty(&report).expect("numbers and words are JSON");
    if let Some(path) = &args.output {
        write_new(&[NewFile { path, bytes: (json.clone() + "\n").into_bytes() }], args.force)?;
        terminal.say(&format!("the report is in {}", path.display()));
    }
    if terminal.format == Format::Json {
        terminal.print(&json)?;
        return Ok(if passed { Exit::Fine } else { Exit::No });
    }
    terminal.print(&format!("{}\n{}", readable()?, table(gates)))?;
    show(terminal, &failed, &Sources::default());
    let verdict = if passed {
        Style::Green.paint("all gates hold")
    } else {
        Style::Red.paint("A GATE FAILED: do not use these numbers yet")
    };
    terminal.say(&verdict);
    Ok(if passed { Exit::Fine } else { Exit::No })
}

/// What refits are held against did not converge itself: nothing is fitted again.
pub fn no_base(args: &ValidateArgs, terminal: &Terminal, base: &Fit, level: f64) -> Outcome {
    verdict(base, terminal);
    let gates = [Gate::convergence(1, 1)];
    let report = json!({ "level": level, "gates": gates, "convergence": base.convergence });
    conclude(args, terminal, report, &gates, || {
        Ok(Style::Red.paint("THE FIT DID NOT CONVERGE: there is nothing to hold refits against\n"))
    })
}

fn table(gates: &[Gate]) -> String {
    let mut table = TextTable::new(&["gate", ">value", ">accepted", ""]);
    for gate in gates {
        let mark = match gate.holds {
            Some(true) => "ok",
            Some(false) => "FAILED",
            None => "not judged",
        };
        table.row([gate.name.clone(), gate.write(gate.value), gate.range(), mark.to_owned()]);
    }
    table.render()
}
