//! `mmm diagnose`: whether a fit can be trusted, as figures for people and as an exit code for programs.

use crate::args::Global;
use crate::outcome::{Exit, Outcome};
use crate::problems::{Sources, show};
use crate::terminal::number::{Digits, count, percent, plain};
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Style, Terminal};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::PathBuf;
use wanamaker::engine::convergence::{Convergence, Gates, judge};
use wanamaker::validation::accuracy::{FitAccuracy, accuracy};

/// Convergence and accuracy of a fit; exits with 1 when a gate fails.
#[derive(Debug, Args)]
pub struct DiagnoseArgs {
    /// The fit
    #[arg(default_value = "fit.mmm")]
    pub fit: PathBuf,
    /// Which gates it has to pass
    #[arg(long, value_enum, default_value_t)]
    pub profile: Profile,
}

/// Sets of gates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// R-hat below 1.01, ESS of 400, no divergence.
    #[default]
    Default,
    /// The older tools' gates: R-hat below 1.1, ESS of 100, ten divergences.
    Legacy,
}

impl Profile {
    fn gates(self) -> Gates {
        match self {
            Profile::Default => Gates::DEFAULT,
            Profile::Legacy => Gates::LEGACY,
        }
    }
}

/// Prints the figures and says what fails.
pub fn run(args: &DiagnoseArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let (fit, _, _) = wanamaker_io::fit_file::load(&args.fit)?;
    let gates = args.profile.gates();
    let failures = judge(&fit.convergence, &gates);
    let seed = global.seed.or(fit.model.spec.sampler.seed).unwrap_or_default();
    let accuracy = accuracy(&fit.model, &fit.posterior, seed);
    let passed = failures.0.is_empty() && !fit.cancelled;
    if terminal.format == Format::Json {
        let object = json!({
            "passed": passed,
            "cancelled": fit.cancelled,
            "gates": gates,
            "convergence": fit.convergence,
            "accuracy": accuracy,
            "problems": failures,
        });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
        return Ok(if passed { Exit::Fine } else { Exit::No });
    }
    terminal.print(&(convergence_table(&fit.convergence, &gates) + "\n" + &accuracy_table(&accuracy)))?;
    show(terminal, &failures, &Sources::default());
    if fit.cancelled {
        terminal.say(&Style::Red.paint("the fit was stopped before all draws were made"));
    }
    let verdict = if passed {
        Style::Green.paint("all gates passed")
    } else {
        Style::Red.paint("A GATE FAILED: do not use these numbers yet")
    };
    terminal.say(&verdict);
    Ok(if passed { Exit::Fine } else { Exit::No })
}

fn convergence_table(c: &Convergence, gates: &Gates) -> String {
    let mut table = TextTable::new(&["convergence", ">value", ">gate", "", "worst"]);
    let mut row = |name: &str, value: String, gate: String, holds: Option<bool>, whose: &str| {
        let mark = holds.map_or("", |holds| if holds { "ok" } else { "FAILED" });
        table.row([name.to_owned(), value, gate, mark.to_owned(), whose.to_owned()]);
    };
    let whole = |value: f64| Digits::Decimals(0).write(value);
    let r_hat = Digits::Decimals(4).write(c.max_r_hat.0);
    row(
        "largest R-hat",
        r_hat,
        format!("< {}", gates.r_hat),
        Some(c.max_r_hat.0 < gates.r_hat),
        &c.max_r_hat.1,
    );
    for (name, (ess, whose)) in
        [("smallest bulk ESS", &c.min_ess_bulk), ("smallest tail ESS", &c.min_ess_tail)]
    {
        row(name, whole(*ess), format!("≥ {}", gates.ess), Some(*ess >= gates.ess), whose);
    }
    let divergences = c.divergences <= gates.divergences;
    row("divergences", count(c.divergences), format!("≤ {}", gates.divergences), Some(divergences), "");
    let bfmi = c.e_bfmi.iter().copied().fold(f64::INFINITY, f64::min);
    row("smallest E-BFMI", Digits::Decimals(2).write(bfmi), "≥ 0.3".into(), Some(bfmi >= 0.3), "");
    row("cut at greatest depth", count(c.max_depth_reached), String::new(), None, "");
    row("acceptance", percent(c.acceptance), String::new(), None, "");
    row("gradients per draw", plain(c.leapfrogs_per_draw), String::new(), None, "");
    row("chains × draws", format!("{} × {}", c.chains, count(c.draws)), String::new(), None, "");
    table.render()
}

fn accuracy_table(accuracy: &FitAccuracy) -> String {
    let held = accuracy.holdout.is_some();
    let columns: &[&str] =
        if held { &["accuracy", ">training", ">holdout"] } else { &["accuracy", ">training"] };
    let mut table = TextTable::new(columns);
    let all: Vec<_> = std::iter::once(&accuracy.training).chain(&accuracy.holdout).collect();
    let mut row = |name: &str, value: &dyn Fn(&wanamaker::validation::accuracy::Accuracy) -> String| {
        table.row(std::iter::once(name.to_owned()).chain(all.iter().map(|accuracy| value(accuracy))));
    };
    row("cells", &|a| count(a.n));
    row("R²", &|a| Digits::Decimals(4).write(a.r_squared));
    row("RMSE", &|a| plain(a.rmse));
    row("MAE", &|a| plain(a.mae));
    row("MAPE", &|a| percent(a.mape / 100.0));
    row("WMAPE", &|a| percent(a.wmape / 100.0));
    row("inside their 95 % predictive interval", &|a| percent(a.coverage_95));
    table.render()
}
