//! A calibration: what all simulations amount to, which of them count, and what to think of it.

use super::figures::{Figures, Verdict, figures};
use super::ranks::quantities;
use super::{Outcome, Ranked, Simulation};
use crate::model::compile::CompiledModel;
use crate::problem::{Place, Problem, Problems};
use serde::Serialize;

/// Simulations below which only gross faults show.
pub const FEW: usize = 50;

/// The calibration of a model, as far as it was simulated.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Simulations made.
    pub simulations: usize,
    /// Draws a truth was ranked among, `L`; ranks run from 0 to `L`.
    pub ranks: usize,
    /// Fits that gave draws but did not pass the gates, not even drawn longer; they count in `all`.
    pub not_converged: usize,
    /// Fits that passed, or not, only after they were drawn longer.
    pub lengthened: usize,
    /// Markets that could not be drawn or fitted; they count nowhere.
    pub failed: usize,
    /// Draws of the prior that no KPI can come of.
    pub redrawn: usize,
    /// Every simulation that gave draws: what the verdict is about.
    pub all: Figures,
    /// Those alone whose fit converged; `None` where all did.
    pub converged: Option<Figures>,
}

/// The calibration that `simulations` of `model` amount to; `None` where none of them gave draws.
pub fn calibration(model: &CompiledModel, simulations: &[Simulation], ranks: usize) -> Option<Calibration> {
    let mut sorted: Vec<&Simulation> = simulations.iter().collect();
    sorted.sort_by_key(|simulation| simulation.index);
    let ranked: Vec<&Ranked> = sorted
        .iter()
        .filter_map(|simulation| match &simulation.outcome {
            Outcome::Ranked(ranked) => Some(ranked),
            Outcome::Failed(_) => None,
        })
        .collect();
    let wanted = quantities(model);
    let all = figures(model, &wanted, &ranked, ranks)?;
    let converged: Vec<&Ranked> = ranked.iter().copied().filter(|ranked| ranked.converged).collect();
    let not_converged = ranked.len() - converged.len();
    Some(Calibration {
        simulations: sorted.len(),
        ranks,
        not_converged,
        lengthened: ranked.iter().filter(|ranked| ranked.lengthened).count(),
        failed: sorted.len() - ranked.len(),
        redrawn: sorted.iter().map(|simulation| simulation.redrawn).sum(),
        all,
        converged: if not_converged > 0 { figures(model, &wanted, &converged, ranks) } else { None },
    })
}

impl Calibration {
    /// Whether nothing was found: ranks and intervals are as they should be, and at most one market in twenty failed.
    pub fn passed(&self) -> bool {
        self.all.calibrated && self.failed * 20 <= self.simulations
    }

    /// What to think of it, each with what to do.
    pub fn findings(&self) -> Problems {
        let mut problems = Problems::new();
        let mut note = |code: &'static str, message: String, hint: &str| {
            problems.push(Problem::attention(code, Place::default(), message).hint(hint));
        };
        let wrong: Vec<String> = (self.all.quantities.iter())
            .filter(|quantity| quantity.verdict != Verdict::Calibrated)
            .map(|quantity| format!("`{}` {}", quantity.quantity.name, quantity.verdict.words()))
            .collect();
        if !wrong.is_empty() {
            note(
                "sbc.miscalibrated",
                format!("the draws are not what they claim to be: {}", wrong.join(", ")),
                "see whether it is the fits that did not converge (--target-accept 0.95, --draws 2000, tighter priors); if not, this is a fault of ours: please report it with the spec",
            );
        }
        if self.not_converged > 0 {
            let but = match &self.converged {
                Some(figures) if figures.calibrated && !self.all.calibrated => {
                    "; those that converged are calibrated by themselves: heed the gates"
                }
                _ => "",
            };
            note(
                "sbc.not_converged",
                format!(
                    "{} of {} fits did not converge, not even with four times the draws; they are counted, since leaving them out would judge the model on the markets it finds easy{but}",
                    self.not_converged, self.all.n
                ),
                "tighter priors keep the model from markets it cannot fit (`mmm check --prior` shows what yours allow); or raise --target-accept",
            );
        }
        if self.failed > 0 {
            note(
                "sbc.failed",
                format!(
                    "{} of {} markets could not be drawn or fitted at all",
                    self.failed, self.simulations
                ),
                "the prior allows markets beyond all numbers: give scales priors with lighter tails",
            );
        }
        if self.redrawn > self.simulations / 10 {
            note(
                "sbc.redrawn",
                format!(
                    "{} draws of the prior have no KPI and were drawn again: a count needs a mean above zero",
                    self.redrawn
                ),
                "link = \"log\" keeps the mean above zero; or state an intercept prior that lies there",
            );
        }
        if self.all.n < FEW {
            note(
                "sbc.few",
                format!("{} simulations show gross faults only", self.all.n),
                "a hundred are usual: --sbc 100 goes on from here",
            );
        }
        problems
    }
}
