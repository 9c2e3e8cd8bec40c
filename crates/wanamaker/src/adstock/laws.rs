//! What every adstock must obey, and every pull-back against dual numbers. A new kind joins by `every_kind`.

use super::{Adstock, BinomialConvention, Window};
use crate::math::testing::{check_close, log_uniform, numbers, shared_reference, stream, uniform, uniforms};
use num_dual::{Dual64, DualNum};
use rand::Rng;

/// Every kind with windows that are one tap, short, and longer than the series of the tests.
fn every_kind() -> Vec<Adstock> {
    let mut kinds = vec![Adstock::None, Adstock::Geometric { window: Window::Infinite, normalize: false }];
    for normalize in [true, false] {
        for window in [1, 2, 7, 30] {
            kinds.extend([
                Adstock::Geometric { window: Window::Periods(window), normalize },
                Adstock::Delayed { window, normalize },
                Adstock::Binomial { window, normalize, convention: BinomialConvention::WindowPlusOne },
                Adstock::Binomial { window, normalize, convention: BinomialConvention::Window },
                Adstock::WeibullPdf { window, normalize },
                Adstock::WeibullCdf { window, normalize },
            ]);
        }
    }
    kinds
}

fn is_normalised(kind: Adstock) -> bool {
    // Without a wildcard: a new variant has to say, and to join the list above.
    match kind {
        Adstock::None | Adstock::Geometric { window: Window::Infinite, .. } => false,
        Adstock::Geometric { normalize, .. }
        | Adstock::Delayed { normalize, .. }
        | Adstock::Binomial { normalize, .. }
        | Adstock::WeibullPdf { normalize, .. }
        | Adstock::WeibullCdf { normalize, .. } => normalize,
    }
}

/// Ordinary parameters, where textbook formulas keep their digits too.
fn ordinary(kind: Adstock, rng: &mut impl Rng) -> Vec<f64> {
    match kind.parameter_names() {
        [] => vec![],
        ["decay"] => vec![uniform(rng, 0.02, 0.98)],
        ["decay", "peak"] => vec![uniform(rng, 0.05, 0.98), uniform(rng, 0.0, 8.0)],
        ["shape", "scale"] => vec![log_uniform(rng, 0.4, 4.0), log_uniform(rng, 0.8, 20.0)],
        other => panic!("no range is stated for {other:?}"),
    }
}

/// Every combination of a parameter's extremes.
fn corners(kind: Adstock) -> Vec<Vec<f64>> {
    let extremes = |name: &str| -> Vec<f64> {
        match name {
            "decay" => vec![0.0, f64::MIN_POSITIVE, 1e-300, 1e-12, 0.5, 1.0 - 1e-16, 1.0],
            "peak" => vec![0.0, 1e-300, 1e-12, 0.5, 1.0, 2.5, 1e12, 1e100],
            "shape" | "scale" => vec![0.0, f64::MIN_POSITIVE, 1e-12, 0.5, 1.0, 2.0, 50.0, 1e12, 1e100],
            other => panic!("no extremes are stated for `{other}`"),
        }
    };
    let mut all = vec![vec![]];
    for name in kind.parameter_names() {
        all = all
            .into_iter()
            .flat_map(|head: Vec<f64>| {
                extremes(name).into_iter().map(move |x| [head.clone(), vec![x]].concat())
            })
            .collect();
    }
    all
}

fn forward(kind: Adstock, parameters: &[f64], exposure: &[f64]) -> Vec<f64> {
    let mut weights = vec![0.0; kind.n_weights()];
    kind.weights(parameters, &mut weights);
    let mut out = vec![f64::NAN; exposure.len()];
    kind.forward(parameters, &weights, exposure, &mut out);
    out
}

/// `(∂L/∂parameters, ∂L/∂exposure)` for `L = Σ d_out·a`.
fn pullback(kind: Adstock, parameters: &[f64], exposure: &[f64], d_out: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let n = exposure.len();
    let (mut weights, mut d_weights) = (vec![0.0; kind.n_weights()], vec![0.0; kind.n_weights()]);
    let (mut d_parameters, mut d_exposure) = (vec![0.0; parameters.len()], vec![0.0; n]);
    kind.weights(parameters, &mut weights);
    let adstocked = forward(kind, parameters, exposure);
    kind.pullback(
        parameters,
        &weights,
        exposure,
        &adstocked,
        d_out,
        &mut d_weights,
        &mut d_parameters,
        Some(&mut d_exposure),
        &mut vec![f64::NAN; n],
    );
    kind.weights_pullback(parameters, &weights, &d_weights, &mut d_parameters);
    (d_parameters, d_exposure)
}

/// The formulas of the documentation, term by term, in dual numbers.
fn textbook(kind: Adstock, parameters: &[Dual64], exposure: &[f64]) -> Vec<Dual64> {
    let lags = match kind {
        Adstock::None => 1,
        Adstock::Geometric { window: Window::Infinite, .. } => exposure.len(),
        _ => kind.n_weights(),
    };
    let p = |i: usize| parameters[i];
    let weibull = |j: usize| (Dual64::from(j as f64) / p(1)).powd(p(0));
    let density = |l: usize| {
        let j = Dual64::from((l + 1) as f64);
        p(0) / p(1) * (j / p(1)).powd(p(0) - 1.0) * (-weibull(l + 1)).exp()
    };
    let mut w: Vec<Dual64> = (0..lags)
        .map(|l| match kind {
            Adstock::None => Dual64::from(1.0),
            Adstock::Geometric { .. } => p(0).powi(l as i32),
            Adstock::Delayed { .. } => p(0).powd((p(1) - l as f64).powi(2)),
            Adstock::Binomial { window, convention: BinomialConvention::WindowPlusOne, .. } => {
                Dual64::from(1.0 - l as f64 / (window as f64 + 1.0)).powd(p(0).recip() - 1.0)
            }
            Adstock::Binomial { window, convention: BinomialConvention::Window, .. } => {
                Dual64::from(1.0 - l as f64 / window as f64).powd(p(0).recip() - 1.0)
            }
            Adstock::WeibullCdf { .. } => (1..=l).map(weibull).map(|h| (-h).exp()).product(),
            Adstock::WeibullPdf { .. } if lags == 1 => Dual64::from(1.0),
            Adstock::WeibullPdf { .. } => {
                let all: Vec<Dual64> = (0..lags).map(density).collect();
                let most = *all.iter().max_by(|a, b| a.re.total_cmp(&b.re)).unwrap();
                let least = *all.iter().min_by(|a, b| a.re.total_cmp(&b.re)).unwrap();
                (all[l] - least) / (most - least)
            }
        })
        .collect();
    if is_normalised(kind) {
        let total: Dual64 = w.iter().copied().sum();
        w.iter_mut().for_each(|w| *w /= total);
    }
    (0..exposure.len()).map(|t| (0..=t.min(lags - 1)).map(|l| w[l] * exposure[t - l]).sum()).collect()
}

#[test]
fn adstock_is_linear() {
    let mut rng = stream(10);
    for kind in every_kind() {
        for _ in 0..20 {
            let parameters = ordinary(kind, &mut rng);
            let (x, y) = (uniforms(&mut rng, 23, 0.0, 5.0), uniforms(&mut rng, 23, 0.0, 5.0));
            let mixed: Vec<f64> = x.iter().zip(&y).map(|(x, y)| 2.5 * x + y).collect();
            let (fx, fy) = (forward(kind, &parameters, &x), forward(kind, &parameters, &y));
            for (t, both) in forward(kind, &parameters, &mixed).iter().enumerate() {
                let what = || format!("{kind:?} {parameters:?} t {t}");
                check_close(*both, 2.5 * fx[t] + fy[t], 1e-13, 0.0, &what);
            }
        }
    }
}

#[test]
fn adstock_is_non_negative_finite_and_silent_before_the_first_exposure() {
    for kind in every_kind() {
        for parameters in corners(kind) {
            let x = [0.0, 0.0, 3.0, 0.0, 1e6, 0.0, 0.0];
            let out = forward(kind, &parameters, &x);
            assert_eq!(out[..2], [0.0, 0.0], "{kind:?} {parameters:?}");
            assert!(out.iter().all(|a| a.is_finite() && *a >= 0.0), "{kind:?} {parameters:?} {out:?}");
        }
    }
}

#[test]
fn normalised_weights_keep_mass() {
    let mut rng = stream(11);
    for kind in every_kind().into_iter().filter(|kind| is_normalised(*kind)) {
        let ordinary = (0..50).map(|_| ordinary(kind, &mut rng)).collect::<Vec<_>>();
        for parameters in corners(kind).into_iter().chain(ordinary) {
            let mut weights = vec![0.0; kind.n_weights()];
            kind.weights(&parameters, &mut weights);
            let what = || format!("{kind:?} {parameters:?}");
            check_close(weights.iter().sum(), 1.0, 1e-14, 0.0, &what);
            check_close(kind.steady_state_gain(&parameters), 1.0, 1e-14, 0.0, &what);
            let constant = vec![4.0; kind.n_weights() + 3];
            check_close(*forward(kind, &parameters, &constant).last().unwrap(), 4.0, 1e-14, 0.0, &what);
        }
    }
}

#[test]
fn forward_and_pullback_agree_with_dual_numbers() {
    let mut rng = stream(12);
    for kind in every_kind() {
        for round in 0..120 {
            let parameters = ordinary(kind, &mut rng);
            let n = [1, 2, 9, 25][round % 4];
            let x: Vec<f64> = (0..n)
                .map(|t| if (t + round) % 3 == 0 { 0.0 } else { uniform(&mut rng, 0.0, 9.0) })
                .collect();
            let d_out = uniforms(&mut rng, n, -1.0, 1.0);
            let out = forward(kind, &parameters, &x);
            let (d_parameters, d_x) = pullback(kind, &parameters, &x, &d_out);
            for i in 0..parameters.len() {
                let mut seeded: Vec<Dual64> = parameters.iter().map(|p| Dual64::from(*p)).collect();
                seeded[i].eps = 1.0;
                let expected = textbook(kind, &seeded, &x);
                let (mut slope, mut size) = (0.0, 0.0);
                for t in 0..n {
                    check_close(out[t], expected[t].re, 1e-10, 1e-12, &|| {
                        format!("{kind:?} {parameters:?} t {t}")
                    });
                    slope += expected[t].eps * d_out[t];
                    size += (expected[t].eps * d_out[t]).abs();
                }
                // 1e-9 of the terms' size: the sum itself may cancel.
                check_close(d_parameters[i], slope, 1e-9, 1e-9 * size + 1e-12, &|| {
                    format!("{kind:?} {parameters:?}, derivative in parameter {i}, n {n}")
                });
            }
            let through: f64 = d_x.iter().zip(&x).map(|(d, x)| d * x).sum();
            let direct: f64 = d_out.iter().zip(&out).map(|(d, a)| d * a).sum();
            check_close(through, direct, 1e-11, 1e-11, &|| format!("{kind:?} {parameters:?}, exposure"));
        }
    }
}

#[test]
fn pullbacks_are_finite_at_every_corner_on_every_series() {
    let series: [&[f64]; 5] =
        [&[], &[0.0], &[7.0], &[0.0; 12], &[0.0, 1e12, 0.0, 1e-12, 3.0, 0.0, 0.0, 2.0, 9.0]];
    for kind in every_kind() {
        for parameters in corners(kind) {
            for x in series {
                let (d_parameters, d_x) = pullback(kind, &parameters, x, &vec![1.0; x.len()]);
                let all = d_parameters.iter().chain(&d_x);
                assert!(
                    all.clone().all(|d| !d.is_nan()),
                    "{kind:?} {parameters:?} {x:?}: {d_parameters:?} {d_x:?}"
                );
                // Infinite slopes are only for the parameter values that no map reaches from a finite coordinate.
                let reachable = parameters.iter().all(|p| (1e-12..=1e12).contains(p));
                assert!(
                    !reachable || all.clone().all(|d| d.is_finite()),
                    "{kind:?} {parameters:?}: {d_parameters:?}"
                );
            }
        }
    }
}

#[test]
fn pullbacks_accumulate() {
    for kind in every_kind() {
        let parameters = ordinary(kind, &mut stream(13));
        let x = [1.0, 2.0, 3.0];
        let mut weights = vec![0.0; kind.n_weights()];
        kind.weights(&parameters, &mut weights);
        let out = forward(kind, &parameters, &x);
        let (fresh, d_x) = pullback(kind, &parameters, &x, &[1.0, -1.0, 0.5]);
        let (mut d_parameters, mut d_exposure) = (vec![10.0; parameters.len()], vec![20.0; 3]);
        let mut d_weights = vec![0.0; weights.len()];
        let exposure = Some(&mut d_exposure[..]);
        let d_out = [1.0, -1.0, 0.5];
        kind.pullback(
            &parameters,
            &weights,
            &x,
            &out,
            &d_out,
            &mut d_weights,
            &mut d_parameters,
            exposure,
            &mut [0.0; 3],
        );
        kind.weights_pullback(&parameters, &weights, &d_weights, &mut d_parameters);
        for i in 0..parameters.len() {
            check_close(d_parameters[i] - 10.0, fresh[i], 1e-12, 1e-13, &|| format!("{kind:?}"));
        }
        for t in 0..3 {
            check_close(d_exposure[t] - 20.0, d_x[t], 1e-12, 1e-13, &|| format!("{kind:?}"));
        }
    }
}

#[test]
fn names_and_supports_go_together() {
    for kind in every_kind() {
        assert_eq!(kind.parameter_names().len(), kind.parameter_supports().len(), "{kind:?}");
    }
}

#[test]
fn memory_never_outlives_its_window_and_halves_before_it_is_nearly_gone() {
    let mut rng = stream(23);
    for kind in every_kind() {
        let ordinary = (0..20).map(|_| ordinary(kind, &mut rng)).collect::<Vec<_>>();
        for parameters in corners(kind).into_iter().chain(ordinary) {
            let memory = kind.memory(&parameters);
            let what = format!("{kind:?} {parameters:?} {memory:?}");
            assert!(memory.half_life >= 0.0 && memory.peak_lag >= 0.0, "{what}");
            assert!(memory.half_life <= memory.time_to_5_percent, "{what}");
            if kind.n_weights() > 0 {
                let last = kind.n_weights() as f64 - 1.0;
                assert!(memory.peak_lag + memory.time_to_5_percent <= last + 1e-12, "{what}");
            }
        }
    }
}

#[test]
fn agrees_with_pymc_marketing_0_19_2() {
    let Some(reference) = shared_reference("transforms.json") else { return };
    let mut compared = 0;
    for case in reference["adstock"].as_array().expect("cases").iter().filter(|case| case["mode"] == "After")
    {
        let window = case["l_max"].as_u64().expect("a window") as usize;
        let normalize = case["normalize"].as_bool().expect("a flag");
        let p = |name: &str| case["params"][name].as_f64().expect("a parameter");
        let (kind, parameters) = match case["fn"].as_str().expect("a name") {
            "geometric_adstock" => {
                (Adstock::Geometric { window: Window::Periods(window), normalize }, vec![p("alpha")])
            }
            "delayed_adstock" => (Adstock::Delayed { window, normalize }, vec![p("alpha"), p("theta")]),
            "binomial_adstock" => (
                Adstock::Binomial { window, normalize, convention: BinomialConvention::default() },
                vec![p("alpha")],
            ),
            "weibull_pdf_adstock" => (Adstock::WeibullPdf { window, normalize }, vec![p("k"), p("lam")]),
            // That library prepends the leading one to its window; ours counts it in.
            "weibull_cdf_adstock" => {
                (Adstock::WeibullCdf { window: window + 1, normalize }, vec![p("k"), p("lam")])
            }
            other => panic!("`{other}` is not a kind of ours"),
        };
        let mut weights = vec![0.0; kind.n_weights()];
        kind.weights(&parameters, &mut weights);
        let what = || format!("{kind:?} {parameters:?}");
        for (actual, expected) in weights.iter().zip(numbers(&case["kernel"])) {
            check_close(*actual, expected, 1e-9, 1e-16, &what);
        }
        for (actual, expected) in
            forward(kind, &parameters, &numbers(&case["x"])).iter().zip(numbers(&case["y"]))
        {
            check_close(*actual, expected, 1e-9, 1e-16, &what);
        }
        compared += 1;
    }
    println!("{compared} adstock cases of PyMC-Marketing 0.19.2 compared at 1e-9");
    assert_eq!(compared, 16);
}
