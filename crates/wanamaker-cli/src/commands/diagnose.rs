//! `mmm diagnose`: whether a fit can be trusted, as a checklist for people and as an exit code for programs.

use crate::args::Global;
use crate::commands::checklist::{autocorrelation_bars, checklist_text};
use crate::commands::predictive::check_text;
use crate::commands::tables::range;
use crate::outcome::{Exit, Outcome};
use crate::terminal::number::{Digits, count, level as level_words, percent, plain};
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Style, Terminal};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::PathBuf;
use wanamaker::decision::identification::identification;
use wanamaker::engine::convergence::{Convergence, Gates, judge};
use wanamaker::validation::accuracy::{Accuracy, FitAccuracy};
use wanamaker::validation::checklist::{Mark, Profile, checklist, worst};
use wanamaker::validation::diagnosis::diagnosis;
use wanamaker::validation::information::Information;
use wanamaker::validation::predictive_check::predictive_check;
use wanamaker::validation::residuals::Residuals;

const EXAMPLES: &str = "\
Examples:
  mmm diagnose fit.mmm                    the checklist, then the tables behind it
  mmm diagnose fit.mmm --checklist        the checklist alone
  mmm diagnose fit.mmm --ppc              and what the model predicts beside what was seen
  mmm diagnose fit.mmm && mmm optimize    plan only with a fit that passed

Exit code 1 when a check FAILED; what is worth a look does not change it.";

/// A checklist of convergence, accuracy, residuals and what the data can tell; exits with 1 when a check fails.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DiagnoseArgs {
    /// The fit
    #[arg(default_value = "fit.mmm")]
    pub fit: PathBuf,
    /// Which gates it has to pass
    #[arg(long, value_enum, default_value_t)]
    pub profile: ProfileName,
    /// Leave out the tables behind the checklist
    #[arg(long)]
    pub checklist: bool,
    /// Also whether the model could have made these data: predictive draws beside the KPI, figure by figure
    #[arg(long)]
    pub ppc: bool,
}

/// Sets of gates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ProfileName {
    /// R-hat below 1.01, ESS of 400, no divergence.
    #[default]
    Default,
    /// The older tools': R-hat below 1.1, ESS of 100, ten divergences; R² of 0.8, MAPE below 10 %, 90 % covered.
    Legacy,
}

impl ProfileName {
    fn profile(self) -> Profile {
        match self {
            ProfileName::Default => Profile::DEFAULT,
            ProfileName::Legacy => Profile::LEGACY,
        }
    }
}

/// Prints the checklist and the figures, and says what fails.
pub fn run(args: &DiagnoseArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let (fit, _, _) = wanamaker_io::fit_file::load(&args.fit)?;
    let profile = args.profile.profile();
    let mut failures = judge(&fit.convergence, &profile.gates);
    failures.extend(fit.report.findings());
    let seed = global.seed.or(fit.model.spec.sampler.seed).unwrap_or_default();
    let found = diagnosis(&fit.model, &fit.posterior, global.level, seed);
    let known = identification(&fit.model, &fit.posterior, global.level, seed);
    let lines = checklist(&fit, &found, &known, &profile);
    let passed = worst(&lines) < Mark::Failed;
    let ppc = args.ppc.then(|| predictive_check(&fit.model, &found.predictive, global.level));
    let mut remarks = found.residuals.findings();
    remarks.0.extend(found.information.findings().0);
    if terminal.format == Format::Json {
        let object = json!({
            "passed": passed,
            "cancelled": fit.cancelled,
            "gates": profile.gates,
            "targets": profile.targets,
            "checks": lines,
            "convergence": fit.convergence,
            "engine": fit.report,
            "level": global.level,
            "accuracy": found.accuracy,
            "residuals": found.residuals,
            "information": found.information,
            "identification": known,
            "predictive_check": ppc,
            "remarks": remarks,
            "problems": failures,
        });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
        return Ok(if passed { Exit::Fine } else { Exit::No });
    }
    let mut parts = vec![checklist_text(&lines)];
    if !args.checklist {
        parts.extend([
            convergence_table(&fit.convergence, &profile.gates),
            accuracy_table(&found.accuracy, global.level),
            residual_table(&found.residuals),
            autocorrelation_bars(&found.residuals),
            information_table(&found.information),
        ]);
    }
    parts.extend(ppc.as_ref().map(|ppc| check_text(ppc, global.level)));
    terminal.print(&parts.join("\n"))?;
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
    if c.e_bfmi.is_empty() {
        row("chains × draws", format!("{} × {}", c.chains, count(c.draws)), String::new(), None, "");
        return table.render();
    }
    let bfmi = c.e_bfmi.iter().copied().fold(f64::INFINITY, f64::min);
    row("smallest E-BFMI", Digits::Decimals(2).write(bfmi), "≥ 0.3".into(), Some(bfmi >= 0.3), "");
    row("cut at greatest depth", count(c.max_depth_reached), String::new(), None, "");
    row("acceptance", percent(c.acceptance), String::new(), None, "");
    row("gradients per draw", plain(c.leapfrogs_per_draw), String::new(), None, "");
    row("chains × draws", format!("{} × {}", c.chains, count(c.draws)), String::new(), None, "");
    table.render()
}

fn accuracy_table(accuracy: &FitAccuracy, level: f64) -> String {
    let held = accuracy.holdout.is_some();
    let columns: &[&str] =
        if held { &["accuracy", ">training", ">holdout"] } else { &["accuracy", ">training"] };
    let mut table = TextTable::new(columns);
    let all: Vec<_> = std::iter::once(&accuracy.training).chain(&accuracy.holdout).collect();
    let mut row = |name: &str, value: &dyn Fn(&Accuracy) -> String| {
        table.row(std::iter::once(name.to_owned()).chain(all.iter().map(|accuracy| value(accuracy))));
    };
    let four = |x: f64| Digits::Decimals(4).write(x);
    row("cells", &|a| count(a.n));
    row("R²", &|a| four(a.r_squared));
    row("adjusted R²", &|a| four(a.adjusted_r_squared));
    row("RMSE", &|a| plain(a.rmse));
    row("MAE", &|a| plain(a.mae));
    row("MAPE", &|a| percent(a.mape / 100.0));
    row("WMAPE", &|a| percent(a.wmape / 100.0));
    row("CRPS", &|a| plain(a.crps));
    row("inside their 50 % predictive interval", &|a| percent(a.coverage_50));
    row("inside their 80 % predictive interval", &|a| percent(a.coverage_80));
    row("inside their 95 % predictive interval", &|a| percent(a.coverage_95));
    row("PIT, distance from uniform", &|a| four(a.pit_distance));
    let bayes = &accuracy.bayesian_r_squared;
    let digits = Digits::Decimals(3);
    table.render()
        + &format!(
            "Bayesian R² {} ({}, {})\n",
            digits.write(bayes.mean),
            range(digits, bayes.lower, bayes.upper),
            level_words(level)
        )
}

fn residual_table(residuals: &Residuals) -> String {
    let mut table = TextTable::new(&["residuals", ">value", ">p", ""]);
    let p_words = |p: f64| if p < 1e-4 { "< 0.0001".to_owned() } else { Digits::Decimals(4).write(p) };
    let three = |x: f64| Digits::Decimals(3).write(x);
    let first = residuals.autocorrelation.first().copied().unwrap_or(f64::NAN);
    for (name, value, p, meaning) in [
        ("Durbin-Watson", residuals.durbin_watson, None, "2 where residuals do not follow each other"),
        ("autocorrelation at lag 1", first, None, ""),
        ("Ljung-Box", residuals.ljung_box.statistic, Some(residuals.ljung_box.p), "serial correlation"),
        ("Shapiro-Wilk", residuals.shapiro_wilk.statistic, Some(residuals.shapiro_wilk.p), "normality"),
        ("Jarque-Bera", residuals.jarque_bera.statistic, Some(residuals.jarque_bera.p), "normality"),
        ("D'Agostino K²", residuals.dagostino.statistic, Some(residuals.dagostino.p), "normality"),
    ] {
        table.row([name.to_owned(), three(value), p.map_or_else(String::new, p_words), meaning.to_owned()]);
    }
    let inflation = residuals.variance_inflation.iter();
    let inflation: Vec<String> =
        inflation.map(|(name, factor)| format!("{name} {}", Digits::Decimals(1).write(*factor))).collect();
    format!("{}Variance inflation: {}\n", table.render(), inflation.join(", "))
}

fn information_table(information: &Information) -> String {
    let mut table = TextTable::new(&["prediction of the unseen", ">elpd", ">standard error", ">parameters"]);
    let one = |x: f64| Digits::Decimals(1).write(x);
    let (loo, waic) = (&information.loo, &information.waic);
    table.row(["leave-one-out".into(), one(loo.elpd), one(loo.se), one(loo.p)]);
    table.row(["WAIC".into(), one(waic.elpd), one(waic.se), one(waic.p)]);
    format!(
        "{}AIC {}, BIC {} with {} parameters and {} observations; more elpd, less AIC and BIC is better.\n",
        table.render(),
        one(information.aic),
        one(information.bic),
        information.n_parameters,
        count(information.n)
    )
}
