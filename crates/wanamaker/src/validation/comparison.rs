//! Several fits of the same observations: which predicts better, by how much, and what a mixture would weigh.

use super::accuracy::{Accuracy, accuracy};
use super::information::{Information, information};
use crate::engine::fit::Fit;
use crate::problem::{Place, Problem, Problems};
use jiff::civil::Date;
use serde::Serialize;
use wanamaker_mcmc::comparison::stacking;

/// How one fit stands among others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// Name of the fit.
    pub name: String,
    /// Its figures.
    pub information: Information,
    /// Leave-one-out `elpd` less that of the best; 0 of the best itself.
    pub difference: f64,
    /// Standard error of that difference, from the differences by observation.
    pub difference_se: f64,
    /// Weight in the mixture that predicts best.
    pub weight: f64,
    /// Errors in the periods held out, where every fit held out the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holdout: Option<Accuracy>,
}

/// What the fits held out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holdout {
    /// Nothing.
    None,
    /// The same cells.
    Same,
    /// Not the same: why what they did there is not compared.
    Differs(String),
}

/// Fits held against each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Best first, by leave-one-out.
    pub best_first: Vec<Standing>,
    /// What they held out.
    pub holdout: Holdout,
}

/// The fits by name, best first; `seed` is that of the noise in the predictions of what was held out.
///
/// # Errors
/// Fewer than two fits, or fits that did not see the same observations: how they differ, one fault per fit.
pub fn compare(fits: &[(String, Fit)], seed: u64) -> Result<Comparison, Problems> {
    let mut problems = Problems::new();
    let Some((first, rest)) = fits.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return Err(Problem::error(
            "compare.single",
            Place::default(),
            "one fit has nothing to be held against",
        )
        .hint("name two or more")
        .into());
    };
    let seen = |fit: &Fit| -> Vec<f64> {
        let cells = fit.model.panel.kpi.values.iter().zip(&fit.model.likelihood.weight);
        cells.filter(|(_, weight)| **weight > 0.0).map(|(y, _)| *y).collect()
    };
    let expected = seen(&first.1);
    for (name, fit) in rest {
        let own = seen(fit);
        let message = if own.len() != expected.len() {
            format!("`{name}` was fitted to {} observations, `{}` to {}", own.len(), first.0, expected.len())
        } else if own != expected {
            format!("`{name}` was fitted to other values of the KPI than `{}`", first.0)
        } else {
            continue;
        };
        problems.push(
            Problem::error("compare.other_data", Place::default(), message)
                .hint("compare fits of the same rows, with the same --holdout"),
        );
    }
    if problems.has_errors() {
        return Err(problems);
    }
    let figures: Vec<Information> =
        fits.iter().map(|(_, fit)| information(&fit.model, &fit.posterior)).collect();
    let pointwise: Vec<Vec<f64>> = figures.iter().map(|own| own.loo.pointwise.clone()).collect();
    let weights = stacking(&pointwise);
    let best = figures
        .iter()
        .max_by(|a, b| a.loo.elpd.total_cmp(&b.loo.elpd))
        .map(|best| best.loo.pointwise.clone());
    let best = best.unwrap_or_default();
    let holdout = holdout(fits);
    let standing = |(((name, fit), information), weight): ((&(String, Fit), Information), f64)| {
        let by: Vec<f64> =
            information.loo.pointwise.iter().zip(&best).map(|(own, best)| own - best).collect();
        let difference: f64 = by.iter().sum();
        let centre = difference / by.len() as f64;
        let difference_se = by.iter().map(|d| (d - centre).powi(2)).sum::<f64>().sqrt();
        let seen_later = (holdout == Holdout::Same).then(|| accuracy(&fit.model, &fit.posterior, 0.95, seed));
        let holdout = seen_later.and_then(|all| all.holdout);
        Standing { name: name.clone(), information, difference, difference_se, weight, holdout }
    };
    let mut standings: Vec<Standing> = fits.iter().zip(figures).zip(weights).map(standing).collect();
    standings.sort_by(|a, b| b.difference.total_cmp(&a.difference));
    Ok(Comparison { best_first: standings, holdout })
}

/// Whether all fits held out the same dates and geos with the same KPI.
fn holdout(fits: &[(String, Fit)]) -> Holdout {
    let held = |fit: &Fit| -> Vec<(Date, String, u64)> {
        let (panel, end) = (&fit.model.panel, fit.model.window.end);
        let n = panel.n_times();
        let cells = (0..panel.n_cells()).filter(|i| i % n >= end && panel.kpi.values[*i].is_finite());
        cells
            .map(|i| (panel.calendar.date(i % n), panel.geos[i / n].clone(), panel.kpi.values[i].to_bits()))
            .collect()
    };
    let all: Vec<_> = fits.iter().map(|(_, fit)| held(fit)).collect();
    let (name, first) = (&fits[0].0, &all[0]);
    let Some(other) = all.iter().position(|own| own != first) else {
        return if first.is_empty() { Holdout::None } else { Holdout::Same };
    };
    let words = |own: &[(Date, String, u64)]| match (own.first(), own.last()) {
        (Some((from, ..)), Some((to, ..))) => format!("held out {from} to {to}, {} observations", own.len()),
        _ => "held out nothing".to_owned(),
    };
    let (own, others) = (words(first), words(&all[other]));
    let others =
        if own == others { "held out the same periods with other values of the KPI" } else { &others };
    Holdout::Differs(format!("`{name}` {own}, `{}` {others}", fits[other].0))
}
