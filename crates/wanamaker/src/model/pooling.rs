//! From parameters to coefficients: how geos share them, and how a horseshoe shrinks a group of them.
//!
//! A *group* is one idea (the decays, the control coefficients). Its items are cut into *blocks* that share one rule; each
//! block reads some parameters and writes one coefficient per item, or per geo and item. The pull-back takes gradients
//! the other way.

/// Where the coefficient of one item stands: geo `g` reads `coefficients[at + g·stride]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoefficientRef {
    /// Index for the first geo.
    pub at: usize,
    /// 0 when all geos share it.
    pub stride: usize,
}

impl CoefficientRef {
    /// Index of the coefficient for geo `g`.
    pub fn index(self, geo: usize) -> usize {
        self.at + geo * self.stride
    }

    /// Whether all geos read the same number.
    pub fn is_shared(self) -> bool {
        self.stride == 0
    }
}

/// How a block turns parameters into coefficients. Numbers are indices of first scalars in the parameter array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `c[i] = θ[i]`; also for geos of their own, where the items are geo × item.
    Direct {
        /// θ
        values: usize,
    },
    /// `c[g,i] = mean[i] + scale[i]·z[g,i]`, z standard normal.
    PooledNormal {
        /// mean
        mean: usize,
        /// scale
        scale: usize,
        /// z
        offset: usize,
    },
    /// `c[g,i] = mean[i]·exp(scale[i]·z[g,i])`, z standard normal; `mean` is the median over geos.
    PooledLogNormal {
        /// mean
        mean: usize,
        /// scale
        scale: usize,
        /// z
        offset: usize,
    },
    /// Regularised horseshoe, Piironen & Vehtari 2017 eq. 2.8:
    /// `c[i] = z[i]·τ·λ̃[i]`, `λ̃² = c²·λ²/(c² + τ²·λ²)`, z standard normal, λ half-Cauchy, c² inverse-gamma.
    Horseshoe {
        /// z
        offset: usize,
        /// τ, one scalar
        global: usize,
        /// λ
        local: usize,
        /// c², one scalar
        slab: usize,
    },
}

/// A set of coefficients under one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The rule.
    pub rule: Rule,
    /// First coefficient written.
    pub out: usize,
    /// Items per geo.
    pub n_items: usize,
    /// Number of geos with their own coefficients; 1 when shared.
    pub n_geos: usize,
}

impl Block {
    /// Writes the coefficients of this block.
    pub fn forward(&self, parameters: &[f64], coefficients: &mut [f64]) {
        let n = self.n_items * self.n_geos;
        let out = &mut coefficients[self.out..self.out + n];
        match self.rule {
            Rule::Direct { values } => out.copy_from_slice(&parameters[values..values + n]),
            Rule::PooledNormal { mean, scale, offset } => {
                for k in 0..n {
                    let i = k % self.n_items;
                    out[k] = parameters[mean + i] + parameters[scale + i] * parameters[offset + k];
                }
            }
            Rule::PooledLogNormal { mean, scale, offset } => {
                for k in 0..n {
                    let i = k % self.n_items;
                    out[k] = parameters[mean + i] * (parameters[scale + i] * parameters[offset + k]).exp();
                }
            }
            Rule::Horseshoe { offset, global, local, slab } => {
                let (tau, slab) = (parameters[global], parameters[slab]);
                for k in 0..n {
                    out[k] = parameters[offset + k] * shrinkage(tau, parameters[local + k], slab).value;
                }
            }
        }
    }

    /// Adds the pull-back of [`Block::forward`]: ∂L/∂coefficients to ∂L/∂parameters.
    pub fn pullback(
        &self,
        parameters: &[f64],
        coefficients: &[f64],
        d_coefficients: &[f64],
        d_parameters: &mut [f64],
    ) {
        let n = self.n_items * self.n_geos;
        let out = &coefficients[self.out..self.out + n];
        let d_out = &d_coefficients[self.out..self.out + n];
        match self.rule {
            Rule::Direct { values } => {
                for k in 0..n {
                    d_parameters[values + k] += d_out[k];
                }
            }
            Rule::PooledNormal { mean, scale, offset } => {
                for k in 0..n {
                    let i = k % self.n_items;
                    d_parameters[mean + i] += d_out[k];
                    d_parameters[scale + i] += d_out[k] * parameters[offset + k];
                    d_parameters[offset + k] += d_out[k] * parameters[scale + i];
                }
            }
            Rule::PooledLogNormal { mean, scale, offset } => {
                for k in 0..n {
                    let i = k % self.n_items;
                    d_parameters[mean + i] +=
                        d_out[k] * (parameters[scale + i] * parameters[offset + k]).exp();
                    d_parameters[scale + i] += d_out[k] * out[k] * parameters[offset + k];
                    d_parameters[offset + k] += d_out[k] * out[k] * parameters[scale + i];
                }
            }
            Rule::Horseshoe { offset, global, local, slab } => {
                for k in 0..n {
                    let (tau, lambda, c2) = (parameters[global], parameters[local + k], parameters[slab]);
                    let s = shrinkage(tau, lambda, c2);
                    let d_s = d_out[k] * parameters[offset + k];
                    d_parameters[offset + k] += d_out[k] * s.value;
                    d_parameters[global] += d_s * s.d_tau;
                    d_parameters[local + k] += d_s * s.d_lambda;
                    d_parameters[slab] += d_s * s.d_slab;
                }
            }
        }
    }
}

struct Shrinkage {
    value: f64,
    d_tau: f64,
    d_lambda: f64,
    d_slab: f64,
}

/// `s = τ·λ̃ = √(c²·v/(c² + v))` with `v = τ²λ²`, and its slopes: `∂s/∂v = s·c²/(2v(c² + v))`, `∂s/∂c² = s·v/(2c²(c² + v))`.
fn shrinkage(tau: f64, lambda: f64, c2: f64) -> Shrinkage {
    let tl = tau * lambda;
    let v = tl * tl;
    // Divided through by the larger, so that neither overflows.
    let (share_c, share_v) = if v > c2 {
        (c2 / v / (1.0 + c2 / v), 1.0 / (1.0 + c2 / v))
    } else {
        (1.0 / (1.0 + v / c2), v / c2 / (1.0 + v / c2))
    };
    let value = tl * share_c.sqrt();
    Shrinkage {
        value,
        d_tau: lambda * share_c.sqrt() * share_c,
        d_lambda: tau * share_c.sqrt() * share_c,
        d_slab: 0.5 * value * share_v / c2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::differences::{difference, uniforms};

    fn rules() -> Vec<(Block, usize)> {
        let block = |rule, n_geos| Block { rule, out: 0, n_items: 2, n_geos };
        vec![
            (block(Rule::Direct { values: 0 }, 3), 6),
            (block(Rule::PooledNormal { mean: 0, scale: 2, offset: 4 }, 3), 10),
            (block(Rule::PooledLogNormal { mean: 0, scale: 2, offset: 4 }, 3), 10),
            (block(Rule::Horseshoe { offset: 0, local: 6, global: 12, slab: 13 }, 3), 14),
        ]
    }

    #[test]
    fn every_pullback_matches_differences() {
        for (block, n) in rules() {
            for mut random in uniforms(600) {
                let parameters: Vec<f64> = (0..n).map(|_| 0.2 + 1.8 * random()).collect();
                let weights: Vec<f64> = (0..6).map(|_| 2.0 * random() - 1.0).collect();
                let value = |p: &[f64]| {
                    let mut out = vec![0.0; 6];
                    block.forward(p, &mut out);
                    out.iter().zip(&weights).map(|(a, b)| a * b).sum::<f64>()
                };
                let mut coefficients = vec![0.0; 6];
                block.forward(&parameters, &mut coefficients);
                let mut gradient = vec![0.0; n];
                block.pullback(&parameters, &coefficients, &weights, &mut gradient);
                for i in 0..n {
                    let slope = difference(value, &parameters, i, 2e-3);
                    let tolerance = 1e-9 * (1.0 + slope.abs());
                    assert!(
                        (gradient[i] - slope).abs() < tolerance,
                        "{:?} {i}: {} {slope}",
                        block.rule,
                        gradient[i]
                    );
                }
            }
        }
    }

    #[test]
    fn the_slab_bounds_a_horseshoe_that_no_longer_shrinks() {
        assert!((shrinkage(1e9, 1e9, 4.0).value - 2.0).abs() < 1e-9);
        assert!((shrinkage(1e-3, 1.0, 4.0).value - 1e-3).abs() < 1e-9);
    }
}
