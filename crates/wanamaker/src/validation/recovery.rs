//! Recovered against true: every parameter and every channel's ROAS of a simulated market beside its estimate.

use crate::decision::contribution::totals;
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::summary::table;
use crate::simulate::truth::GroundTruth;
use serde::Serialize;

/// One true number and what the fit says of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recovered {
    /// Label, e.g. `decay[tv]` or `roas[tv]`.
    pub name: String,
    /// The truth.
    pub truth: f64,
    /// Posterior mean.
    pub mean: f64,
    /// Lower end of the interval.
    pub lower: f64,
    /// Upper end of the interval.
    pub upper: f64,
    /// Whether the interval holds the truth.
    pub inside: bool,
    /// `mean/truth − 1`.
    pub relative_error: f64,
}

impl Recovered {
    fn new(name: String, truth: f64, mean: f64, lower: f64, upper: f64) -> Self {
        let inside = lower <= truth && truth <= upper;
        Self { name, truth, mean, lower, upper, inside, relative_error: mean / truth - 1.0 }
    }
}

/// Every true number that the fit has an estimate for: parameters by label, then ROAS by channel.
pub fn recovery(
    model: &CompiledModel,
    posterior: &Posterior,
    truth: &GroundTruth,
    level: f64,
) -> Vec<Recovered> {
    let mut rows: Vec<Recovered> = table(model, posterior, level)
        .into_iter()
        .filter(|row| !row.name.starts_with("roas["))
        .filter_map(|row| {
            let value = *truth.parameters.get(&row.name)?;
            let s = &row.summary;
            Some(Recovered::new(row.name.clone(), value, s.mean, s.lower, s.upper))
        })
        .collect();
    for total in totals(model, posterior, level).into_iter().filter(|total| total.is_channel) {
        let Some(channel) = truth.channels.iter().find(|channel| channel.name == total.name) else {
            continue;
        };
        if let Some(roas) = total.roas {
            rows.push(Recovered::new(
                format!("roas[{}]", total.name),
                channel.roas,
                roas.mean,
                roas.lower,
                roas.upper,
            ));
        }
    }
    rows
}
