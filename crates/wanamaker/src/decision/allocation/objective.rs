//! What a plan is to be good at: a number from the outcomes of all draws, with its weights by draw.
//!
//! ```text
//! Mean            U = mean(x)
//! Profit          U = margin·mean(x) − Σ b
//! Quantile(p)     U = Q_p(x)                       linear interpolation
//! Cvar(p)         U = mean of the lowest share p of x
//! MeanMinusSd(λ)  U = mean(x) − λ·sd(x)            sd with n − 1
//! ```
//! Every `U` is, at a point, `Σ_s w_s·x_s` with weights that are also its slopes, so its gradient is that of the outcomes
//! weighted by `w`; Rockafellar & Uryasev (2000) for the conditional value at risk.

use serde::Serialize;

/// What a plan is to be good at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "parameter")]
pub enum Objective {
    /// The expected outcome.
    #[default]
    Mean,
    /// The expected outcome times the margin, less the money spent.
    Profit,
    /// The outcome that is exceeded with probability `1 − p`.
    Quantile(f64),
    /// The mean of the worst share `p` of outcomes.
    Cvar(f64),
    /// The expected outcome less `λ` standard deviations.
    MeanMinusSd(f64),
}

impl Objective {
    /// Whether it is a mean over draws, so that it splits over channels where outcomes do.
    pub fn is_mean(self) -> bool {
        matches!(self, Objective::Mean | Objective::Profit)
    }

    /// `Σ_s w_s·x_s` of the outcomes `x`, without money, and the weights `w`.
    pub fn weigh(self, x: &[f64]) -> (f64, Vec<f64>) {
        let n = x.len();
        let even = 1.0 / n as f64;
        let mean = x.iter().sum::<f64>() * even;
        match self {
            Objective::Mean | Objective::Profit => (mean, vec![even; n]),
            Objective::Quantile(p) => {
                let order = ascending(x);
                let place = p * (n - 1) as f64;
                let (below, share) = (place.floor() as usize, place.fract());
                let mut weights = vec![0.0; n];
                weights[order[below]] += 1.0 - share;
                weights[order[(below + 1).min(n - 1)]] += share;
                (dot(x, &weights), weights)
            }
            Objective::Cvar(p) => {
                let order = ascending(x);
                let held = p * n as f64;
                let mut weights = vec![0.0; n];
                for (rank, &s) in order.iter().enumerate() {
                    weights[s] = (held - rank as f64).clamp(0.0, 1.0) / held;
                }
                (dot(x, &weights), weights)
            }
            Objective::MeanMinusSd(lambda) => {
                let square: f64 = x.iter().map(|x| (x - mean).powi(2)).sum();
                let sd = if n > 1 { (square / (n - 1) as f64).sqrt() } else { 0.0 };
                let pull = if sd > 0.0 { lambda / ((n - 1) as f64 * sd) } else { 0.0 };
                (mean - lambda * sd, x.iter().map(|x| even - pull * (x - mean)).collect())
            }
        }
    }
}

fn dot(x: &[f64], weights: &[f64]) -> f64 {
    x.iter().zip(weights).map(|(x, w)| x * w).sum()
}

/// Draws from the worst outcome to the best.
fn ascending(x: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 10] = [3.0, 1.0, 2.0, 4.0, 10.0, 6.0, 7.0, 8.0, 9.0, 5.0];

    #[test]
    fn values_are_those_of_the_definitions() {
        for (objective, expected) in [
            (Objective::Mean, 5.5),
            (Objective::Quantile(0.05), 1.45),
            (Objective::Cvar(0.05), 1.0),
            (Objective::Cvar(0.25), (1.0 + 2.0 + 0.5 * 3.0) / 2.5),
            (Objective::MeanMinusSd(1.0), 5.5 - (82.5_f64 / 9.0).sqrt()),
        ] {
            let (value, _) = objective.weigh(&X);
            assert!((value - expected).abs() < 1e-12, "{objective:?}: {value} {expected}");
        }
    }

    #[test]
    fn weights_are_slopes() {
        for objective in
            [Objective::Mean, Objective::Quantile(0.3), Objective::Cvar(0.33), Objective::MeanMinusSd(0.7)]
        {
            let (_, weights) = objective.weigh(&X);
            for s in 0..X.len() {
                let moved = |h: f64| {
                    let mut x = X;
                    x[s] += h;
                    objective.weigh(&x).0
                };
                let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                assert!((weights[s] - slope).abs() < 1e-8, "{objective:?} {s}: {} {slope}", weights[s]);
            }
        }
    }
}
