//! E-BFMI: whether fresh momenta move the energy as far as the density spreads it.

use super::{mean, variance};

/// Bayesian fraction of missing information of one chain; below 0.3 the tails are hardly visited.
///
/// ```text
/// E-BFMI = mean((E[t] − E[t−1])²) / variance(E)
/// ```
///
/// - `energy`: the Hamiltonian at each draw of one chain, at least two draws; a constant added to all is no matter
///
/// NaN with fewer than two draws, with a NaN among them, or when all are equal.
/// Source: [betancourt2016] eq. 8, with the means of `arviz.bfmi` of 0.23.4.
pub fn e_bfmi(energy: &[f64]) -> f64 {
    let steps: Vec<f64> = energy.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).collect();
    mean(&steps) / variance(energy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energies_that_jump_about_score_high_and_energies_that_creep_score_low() {
        let jump: Vec<f64> = (0..101).map(|i| f64::from(i * 37 % 101)).collect();
        let creep: Vec<f64> = (0..101).map(f64::from).collect();
        assert!(e_bfmi(&jump) > 1.0);
        assert!(e_bfmi(&creep) < 0.01);
    }

    #[test]
    fn nothing_is_known_of_too_few_draws() {
        assert!(e_bfmi(&[]).is_nan());
        assert!(e_bfmi(&[1.0]).is_nan());
        assert!(e_bfmi(&[1.0, 1.0, 1.0]).is_nan());
    }
}
