//! Plans side by side: what each brings, how they stand against the first, and how likely each is the best.

use super::appraisal::{Appraisal, Comparison, appraise, compare, extrapolations};
use super::surface::Surface;
use crate::problem::{Place, Problem, Problems, nearest};
use serde::Serialize;

/// A plan by name: money over the horizon for some cells; cells that are not named get nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedPlan {
    /// Name shown.
    pub name: String,
    /// Money over the horizon by name of cell.
    pub spend: Vec<(String, f64)>,
}

/// A plan with what it brings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scenario {
    /// Name.
    pub name: String,
    /// What it brings.
    #[serde(flatten)]
    pub appraisal: Appraisal,
    /// Against the first plan; `None` for the first itself.
    pub against_first: Option<Comparison>,
    /// Probability that no other of these plans brings more.
    pub p_best: f64,
    /// Where it leaves the range of the data.
    pub warnings: Problems,
}

/// Weighs `plans`, of which there must be at least one, on the same draws.
///
/// # Errors
/// Names that are no cell of the surface, amounts that are none, two plans of one name.
pub fn scenarios(
    surface: &Surface,
    plans: &[NamedPlan],
    margin: f64,
    level: f64,
) -> Result<Vec<Scenario>, Problems> {
    let mut problems = Problems::new();
    let spends: Vec<Vec<f64>> = plans.iter().map(|plan| resolve(surface, plan, &mut problems)).collect();
    for (i, plan) in plans.iter().enumerate() {
        if plans[..i].iter().any(|other| other.name == plan.name) {
            let message = format!("two plans are called `{}`", plan.name);
            problems.push(
                Problem::error("plan.twice", Place::default(), message).hint("rename one of the files"),
            );
        }
    }
    let spends = problems.or(spends)?;
    let outcomes: Vec<Vec<f64>> = spends.iter().map(|spend| surface.outcomes(spend)).collect();
    let n = surface.n_draws;
    let best = |s: usize| outcomes.iter().map(|draws| draws[s]).fold(f64::NEG_INFINITY, f64::max);
    Ok(plans
        .iter()
        .zip(&spends)
        .enumerate()
        .map(|(i, (plan, spend))| Scenario {
            name: plan.name.clone(),
            appraisal: appraise(surface, spend, margin, level),
            against_first: (i > 0)
                .then(|| compare(surface, spend, &spends[0], &plans[0].name, margin, level)),
            p_best: (0..n).filter(|s| outcomes[i][*s] >= best(*s)).count() as f64 / n as f64,
            warnings: extrapolations(surface, spend),
        })
        .collect())
}

/// Money by cell of a plan by name; what cannot be is added to `problems`.
pub fn resolve(surface: &Surface, plan: &NamedPlan, problems: &mut Problems) -> Vec<f64> {
    let mut spend = vec![0.0; surface.cells.len()];
    let known: Vec<&str> = surface.cells.iter().map(|cell| cell.name.as_str()).collect();
    let mut fault = |code: &'static str, message: String, hint: String| {
        problems.push(Problem::error(code, Place::file(&plan.name), message).hint(hint));
    };
    let mut seen = vec![false; spend.len()];
    for (name, amount) in &plan.spend {
        let Some(k) = known.iter().position(|known| known == name) else {
            let hint = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`? Planned are {}", known.join(", ")),
                None => format!("planned are {}", known.join(", ")),
            };
            fault("plan.unknown_channel", format!("`{name}` is no channel here"), hint);
            continue;
        };
        if !(amount.is_finite() && *amount >= 0.0) {
            fault("plan.amount", format!("`{name}` gets {amount}"), "give amounts from 0 up".into());
        } else if std::mem::replace(&mut seen[k], true) {
            fault("plan.amount", format!("`{name}` is given twice"), "give each channel once".into());
        } else {
            spend[k] = *amount;
        }
    }
    spend
}
