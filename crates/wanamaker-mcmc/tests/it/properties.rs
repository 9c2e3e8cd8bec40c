//! Whatever the draws are, the diagnostics give a number or NaN, and never panic.

use crate::densities::slices;
use proptest::collection::vec;
use proptest::prelude::*;
use wanamaker_mcmc::diagnostics::{
    Summary, e_bfmi, ess_bulk, ess_mean, ess_tail, mcse_quantile, mcse_sd, r_hat, summarize,
};

/// Draws of every kind: any bits at all, a few repeated values, or well-behaved ones.
fn draws() -> impl Strategy<Value = Vec<Vec<f64>>> {
    let any = vec(vec(any::<f64>(), 0..40), 0..5);
    let values =
        prop_oneof![Just(0.0), Just(-0.0), Just(1.0), Just(f64::INFINITY), Just(1e-300), Just(f64::MAX)];
    let few = vec(vec(values, 0..40), 0..5);
    let tame = vec(vec(-10.0..10.0, 4..40), 1..5);
    prop_oneof![any, few, tame]
}

fn none_or_positive(x: f64) -> bool {
    x.is_nan() || x >= 0.0
}

proptest! {
    #[test]
    fn any_draws_have_a_diagnosis(series in draws()) {
        let chains = slices(&series);
        let n_draws = chains.iter().map(|chain| chain.len()).min().unwrap_or(0) * chains.len();
        // τ ≥ 1/log₁₀(n) bounds what antithetic chains may claim; half draws of odd chains are left out.
        let bound = n_draws as f64 * (n_draws.max(10) as f64).log10() + 1e-6;
        for ess in [ess_bulk(&chains), ess_tail(&chains), ess_mean(&chains)] {
            prop_assert!(ess.is_nan() || (ess > 0.0 && ess <= bound), "{ess} of {n_draws}");
        }
        for error in [mcse_sd(&chains), mcse_quantile(&chains, 0.25), summarize(&chains, 0.9).mcse_mean] {
            prop_assert!(none_or_positive(error), "{error}");
        }
        prop_assert!(none_or_positive(r_hat(&chains)));
        for chain in &chains {
            prop_assert!(none_or_positive(e_bfmi(chain)));
        }
    }

    #[test]
    fn ranks_do_not_see_a_monotone_map(series in vec(vec(-10.0..10.0f64, 30), 2..4)) {
        let mapped: Vec<Vec<f64>> = series.iter().map(|c| c.iter().map(|x| x.powi(3)).collect()).collect();
        prop_assert_eq!(ess_bulk(&slices(&series)), ess_bulk(&slices(&mapped)));
    }

    #[test]
    fn an_interval_lies_around_its_median(series in draws(), level in 0.01..0.99) {
        let Summary { lower, median, upper, .. } = summarize(&slices(&series), level);
        // Ends that share their neighbours with the median may differ from it by rounding alone.
        let rounding = 1e-14 * median.abs();
        let ordered = |a: f64, b: f64| a.is_nan() || b.is_nan() || a <= b || a - b <= rounding;
        prop_assert!(ordered(lower, median) && ordered(median, upper), "{lower} {median} {upper}");
    }
}
