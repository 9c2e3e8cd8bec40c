//! Pareto-smoothed importance weights of [vehtari2024].
//!
//! The largest weights are replaced by the quantiles of a generalised Pareto distribution that is fitted to them
//! [zhang2009]. Its shape `k` says whether the weights can be trusted: below 0.7 they can.

/// Above this shape the weights are not to be trusted.
pub const GREATEST_K: f64 = 0.7;

/// Log weights that sum to one, and how heavy their tail is.
#[derive(Clone, Debug, PartialEq)]
pub struct Smoothed {
    /// Normalised log weights, `[draw]`.
    pub ln_weights: Vec<f64>,
    /// Shape of the tail; infinite where too few draws make one.
    pub k: f64,
}

/// Smooths `ln_ratios`, `[draw]`; `relative_ess` is the effective number of draws over the number of draws.
pub fn smooth(ln_ratios: &[f64], relative_ess: f64) -> Smoothed {
    let n = ln_ratios.len();
    let most = ln_ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut x: Vec<f64> = ln_ratios.iter().map(|x| x - most).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    let tail_length = (0.2 * n as f64).min(3.0 * (n as f64 / relative_ess).sqrt()).ceil() as usize;
    let mut k = f64::INFINITY;
    if tail_length < n {
        // The largest value that is not in the tail; nothing below the smallest number that an exponential can be.
        let cutoff = x[order[n - tail_length - 1]].max(f64::MIN_POSITIVE.ln());
        let tail: Vec<usize> = order.into_iter().filter(|i| x[*i] > cutoff).collect();
        if tail.len() > 4 {
            let floor = cutoff.exp();
            let excess: Vec<f64> = tail.iter().map(|i| x[*i].exp() - floor).collect();
            let fitted = Pareto::fit(&excess);
            k = fitted.k;
            if k.is_finite() {
                for (rank, i) in tail.iter().enumerate() {
                    let p = (rank as f64 + 0.5) / tail.len() as f64;
                    // No smoothed weight is larger than the largest raw one.
                    x[*i] = (fitted.quantile(p) + floor).ln().min(0.0);
                }
            }
        }
    }
    let total = super::ln_sum_exp(x.iter().copied());
    Smoothed { ln_weights: x.into_iter().map(|x| x - total).collect(), k }
}

/// A generalised Pareto distribution from 0 up.
struct Pareto {
    k: f64,
    sigma: f64,
}

impl Pareto {
    /// Fits ascending, positive `x` by the estimator of Zhang and Stephens, with a weak prior of `k` around one half.
    fn fit(x: &[f64]) -> Self {
        const PRIOR_B: f64 = 3.0;
        const PRIOR_K: f64 = 10.0;
        let n = x.len() as f64;
        let points = 30 + n.sqrt() as usize;
        let quartile = x[(n / 4.0 + 0.5) as usize - 1];
        let b: Vec<f64> = (1..=points)
            .map(|i| {
                (1.0 - (points as f64 / (i as f64 - 0.5)).sqrt()) / (PRIOR_B * quartile)
                    + 1.0 / x[x.len() - 1]
            })
            .collect();
        let shape = |b: f64| x.iter().map(|x| (-b * x).ln_1p()).sum::<f64>() / n;
        let profile: Vec<f64> = b
            .iter()
            .map(|b| {
                let k = shape(*b);
                n * ((-(b / k)).ln() - k - 1.0)
            })
            .collect();
        let weights: Vec<f64> = profile
            .iter()
            .map(|own| 1.0 / profile.iter().map(|other| (other - own).exp()).sum::<f64>())
            .collect();
        let kept = || weights.iter().zip(&b).filter(|(w, _)| **w >= 10.0 * f64::EPSILON);
        let total: f64 = kept().map(|(w, _)| w).sum();
        let b = kept().map(|(w, b)| w / total * b).sum::<f64>();
        let k = shape(b);
        Self { k: (n * k + 0.5 * PRIOR_K) / (n + PRIOR_K), sigma: -k / b }
    }

    fn quantile(&self, p: f64) -> f64 {
        if self.sigma <= 0.0 {
            return f64::NAN;
        }
        let exponential = -(-p).ln_1p();
        let unit =
            if self.k.abs() < f64::EPSILON { exponential } else { (self.k * exponential).exp_m1() / self.k };
        self.sigma * unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_tails_stay_light_and_heavy_ones_are_found() {
        // Exact quantiles of e^x with x exponential of rate r: a Pareto tail with k = 1/r.
        for (rate, k) in [(5.0, 0.2), (2.0, 0.5), (1.0, 1.0)] {
            let n = 4000;
            let x: Vec<f64> = (0..n).map(|i| -((f64::from(i) + 0.5) / f64::from(n)).ln() / rate).collect();
            let smoothed = smooth(&x, 1.0);
            assert!((smoothed.k - k).abs() < 0.1, "{rate}: {}", smoothed.k);
            let total: f64 = smoothed.ln_weights.iter().map(|w| w.exp()).sum();
            assert!((total - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn too_few_draws_make_no_tail() {
        assert_eq!(smooth(&[0.0, 1.0, 2.0], 1.0).k, f64::INFINITY);
        let flat = smooth(&[0.3; 50], 1.0);
        assert!(flat.k == f64::INFINITY && (flat.ln_weights[0] + 50.0_f64.ln()).abs() < 1e-12);
    }
}
