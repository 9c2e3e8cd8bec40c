//! Several fits of the same observations: which predicts better, by how much, and what a mixture would weigh.

use super::information::{Information, information};
use crate::engine::fit::Fit;
use crate::problem::{Place, Problem, Problems};
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
}

/// The fits by name, best first.
///
/// # Errors
/// Fewer than two fits, or fits that did not see the same observations: how they differ, one fault per fit.
pub fn compare(fits: &[(String, Fit)]) -> Result<Vec<Standing>, Problems> {
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
    let standing = |(((name, _), information), weight): ((&(String, Fit), Information), f64)| {
        let by: Vec<f64> =
            information.loo.pointwise.iter().zip(&best).map(|(own, best)| own - best).collect();
        let difference: f64 = by.iter().sum();
        let centre = difference / by.len() as f64;
        let difference_se = by.iter().map(|d| (d - centre).powi(2)).sum::<f64>().sqrt();
        Standing { name: name.clone(), information, difference, difference_se, weight }
    };
    let mut standings: Vec<Standing> = fits.iter().zip(figures).zip(weights).map(standing).collect();
    standings.sort_by(|a, b| b.difference.total_cmp(&a.difference));
    Ok(standings)
}
