//! Recovered against true: every parameter and every channel's ROAS of a simulated market beside its estimate.

use crate::adstock::{Adstock, Window};
use crate::decision::contribution::totals;
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::interval::Interval;
use crate::posterior::summary::table;
use crate::saturation::Saturation;
use crate::simulate::truth::GroundTruth;
use crate::spec::TransformOrder;
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

    /// From an estimate.
    pub fn of(name: String, truth: f64, estimate: &Interval) -> Self {
        Self::new(name, truth, estimate.mean, estimate.lower, estimate.upper)
    }
}

/// Parameters that the truth knows under the same label, and the labels of those that mean something else in `model`.
///
/// `ec50` and `rate` are points on adstocked exposure, so they mean the same only where the adstock is neither normalised
/// nor cut off; slope and `beta` only on the same saturation curve, decay only under geometric adstock.
pub fn recovered_parameters(
    model: &CompiledModel,
    posterior: &Posterior,
    truth: &GroundTruth,
    level: f64,
) -> (Vec<Recovered>, Vec<String>) {
    let (mut rows, mut other) = (Vec::new(), Vec::new());
    for row in table(model, posterior, level, 1) {
        let (kind, channel) = row.name.split_once('[').unwrap_or((&row.name, ""));
        let Some(value) = truth.parameters.get(&row.name).filter(|_| !MONEY.contains(&kind)) else {
            continue;
        };
        if !means_the_same(model, truth, kind, channel.trim_end_matches(']')) {
            other.push(row.name);
            continue;
        }
        let s = &row.summary;
        rows.push(Recovered::new(row.name, *value, s.mean, s.lower, s.upper));
    }
    (rows, other)
}

/// What follows from the other parameters and the spend, and is compared by channel.
const MONEY: [&str; 2] = ["roas", "contribution_share"];

fn means_the_same(model: &CompiledModel, truth: &GroundTruth, kind: &str, channel: &str) -> bool {
    let term = model.mean.channels.iter().find(|term| term.name == channel);
    let (Some(term), Some(known)) = (term, truth.channel(channel)) else { return true };
    let geometric = matches!(term.adstock, Adstock::Geometric { .. });
    let whole = term.adstock == Adstock::Geometric { window: Window::Infinite, normalize: false };
    let curve =
        if known.parameters.contains_key("rate") { Saturation::Exponential } else { Saturation::Hill };
    let same_curve = term.saturation == curve && geometric && term.order == TransformOrder::AdstockFirst;
    match kind {
        "decay" => geometric,
        "slope" | "beta" => same_curve,
        "ec50" | "rate" => same_curve && whole,
        _ => true,
    }
}

/// Every true number that the fit has an estimate for: parameters by label, then ROAS by channel.
pub fn recovery(
    model: &CompiledModel,
    posterior: &Posterior,
    truth: &GroundTruth,
    level: f64,
) -> Vec<Recovered> {
    let mut rows: Vec<Recovered> = table(model, posterior, level, 1)
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
