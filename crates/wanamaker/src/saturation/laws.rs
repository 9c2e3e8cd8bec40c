//! What every saturation must obey, and every pull-back against dual numbers. A new curve joins by `Saturation::ALL`.

use super::Saturation;
use crate::math::testing::{check_close, log_uniform, numbers, shared_reference, stream, uniform};
use num_dual::{Dual64, DualNum};
use rand::Rng;

fn ordinary(curve: Saturation, rng: &mut impl Rng) -> Vec<f64> {
    let draw = |name: &&str| match *name {
        "slope" => log_uniform(rng, 0.3, 5.0),
        "rate" => log_uniform(rng, 0.05, 5.0),
        "ec50" | "scale" => log_uniform(rng, 0.1, 20.0),
        "exponent" => uniform(rng, 0.05, 1.0),
        other => panic!("no range is stated for `{other}`"),
    };
    curve.parameter_names().iter().map(draw).collect()
}

fn corners(curve: Saturation) -> Vec<Vec<f64>> {
    let extremes: &[f64] = match curve {
        Saturation::Root => &[0.0, f64::MIN_POSITIVE, 1e-12, 0.5, 1.0],
        _ => &[0.0, f64::MIN_POSITIVE, 1e-12, 1e-3, 0.5, 1.0, 2.0, 1e12],
    };
    let mut all = vec![vec![]];
    for _ in curve.parameter_names() {
        all = all
            .into_iter()
            .flat_map(|head: Vec<f64>| extremes.iter().map(move |x| [head.clone(), vec![*x]].concat()))
            .collect();
    }
    all
}

const EXPOSURES: [f64; 12] = [0.0, 5e-324, 1e-300, 1e-12, 1e-3, 0.5, 1.0, 3.0, 250.0, 1e6, 1e12, 1e300];

/// The formulas of the documentation, in dual numbers. Without a wildcard: a new curve has to state its own.
fn textbook(curve: Saturation, p: &[Dual64], x: Dual64) -> Dual64 {
    let sigma = |z: Dual64| ((-z).exp() + 1.0).recip();
    match curve {
        Saturation::Hill => x.powd(p[0]) / (x.powd(p[0]) + p[1].powd(p[0])),
        Saturation::Exponential => -(-p[0] * x).exp_m1(),
        Saturation::Logistic => -(-p[0] * x).exp_m1() / ((-p[0] * x).exp() + 1.0),
        Saturation::Tanh => (p[0] * x).tanh(),
        Saturation::MichaelisMenten => x / (p[0] + x),
        Saturation::Root => x.powd(p[0]),
        Saturation::Log1p => (x / p[0]).ln_1p(),
        Saturation::Sigmoid => sigma(p[0] * (x - p[1])) - sigma(-p[0] * p[1]),
        Saturation::None => x,
    }
}

/// `(h, ∂h/∂x, ∂h/∂parameters)` by the code under test.
fn evaluate(curve: Saturation, parameters: &[f64], x: f64) -> (f64, f64, Vec<f64>) {
    let (mut out, mut aux, mut d_x) = ([f64::NAN], [f64::NAN], [f64::NAN]);
    let mut d_parameters = vec![0.0; parameters.len()];
    curve.forward(parameters, &[x], &mut out, &mut aux);
    curve.pullback(parameters, &[x], &out, &aux, &[1.0], &mut d_x, &mut d_parameters);
    (out[0], d_x[0], d_parameters)
}

#[test]
fn forward_and_pullback_agree_with_dual_numbers() {
    let mut rng = stream(20);
    for curve in Saturation::ALL {
        for _ in 0..4000 {
            let (parameters, x) = (ordinary(curve, &mut rng), log_uniform(&mut rng, 1e-3, 40.0));
            let (value, d_x, d_parameters) = evaluate(curve, &parameters, x);
            let plain: Vec<Dual64> = parameters.iter().map(|p| Dual64::from(*p)).collect();
            let what = || format!("{curve:?} {parameters:?} at {x}");
            let expected = textbook(curve, &plain, Dual64::new(x, 1.0));
            check_close(value, expected.re, 1e-11, 1e-15, &what);
            // Both sides form 1 − h: on a curve that is flat to double precision only the absolute size is sure.
            check_close(d_x, expected.eps, 1e-9, 1e-14 * (1.0 + 1.0 / x), &what);
            for i in 0..parameters.len() {
                let mut seeded = plain.clone();
                seeded[i].eps = 1.0;
                let expected = textbook(curve, &seeded, Dual64::from(x)).eps;
                check_close(d_parameters[i], expected, 1e-9, 1e-13 * (1.0 + 1.0 / parameters[i]), &what);
            }
        }
    }
}

#[test]
fn many_curves_side_by_side_are_what_each_is_alone() {
    let mut rng = stream(22);
    for curve in Saturation::ALL {
        let mut all: Vec<(Vec<f64>, f64)> =
            (0..50).map(|_| (ordinary(curve, &mut rng), log_uniform(&mut rng, 1e-3, 40.0))).collect();
        let sound = corners(curve).into_iter().filter(|p| p.iter().all(|x| *x > 0.0));
        all.extend(sound.flat_map(|p| EXPOSURES.map(|x| (p.clone(), x))));
        let prepared: Vec<[f64; 2]> = all.iter().map(|(parameters, _)| curve.prepared(parameters)).collect();
        let x: Vec<f64> = all.iter().map(|(_, x)| *x).collect();
        let [p, q] = [0, 1].map(|i| prepared.iter().map(|both| both[i]).collect::<Vec<f64>>());
        let (mut value, mut slope) = (vec![f64::NAN; x.len()], vec![f64::NAN; x.len()]);
        curve.each([&p, &q], &x, &mut value, &mut slope);
        for (i, (parameters, x)) in all.iter().enumerate() {
            let (h, d_x, _) = evaluate(curve, parameters, *x);
            let what = || format!("{curve:?} {parameters:?} at {x}");
            check_close(value[i], h, 1e-14, 0.0, &what);
            let starts = *x < f64::MIN_POSITIVE && matches!(curve, Saturation::Hill | Saturation::Root);
            check_close(slope[i], if starts { 0.0 } else { d_x }, 1e-14, 1e-300, &what);
        }
        for at in EXPOSURES {
            let [mut value, mut slope] = [value.clone(), slope.clone()];
            let [mut value_at, mut slope_at] = [value.clone(), slope.clone()];
            curve.each([&p, &q], &vec![at; x.len()], &mut value, &mut slope);
            curve.each_at([&p, &q], at, &mut value_at, &mut slope_at);
            for i in 0..x.len() {
                let what = || format!("{curve:?} {:?} at {at}", all[i].0);
                check_close(value_at[i], value[i], 1e-14, 0.0, &what);
                check_close(slope_at[i], slope[i], 1e-14, 1e-300, &what);
            }
        }
    }
}

#[test]
fn every_curve_starts_at_zero() {
    for curve in Saturation::ALL {
        for parameters in corners(curve) {
            assert_eq!(curve.value(&parameters, 0.0), 0.0, "{curve:?} {parameters:?}");
        }
    }
}

#[test]
fn no_curve_ever_falls_or_passes_its_ceiling() {
    let mut rng = stream(21);
    for curve in Saturation::ALL {
        let ordinary: Vec<Vec<f64>> = (0..200).map(|_| ordinary(curve, &mut rng)).collect();
        for parameters in corners(curve).into_iter().chain(ordinary) {
            let mut last = 0.0;
            for x in EXPOSURES {
                let value = curve.value(&parameters, x);
                let what = || format!("{curve:?} {parameters:?} at {x}: {value} after {last}");
                assert!(value >= last * (1.0 - 1e-15), "{}", what());
                assert!(value <= curve.ceiling(&parameters) * (1.0 + 1e-15), "{}", what());
                last = value;
            }
        }
    }
}

#[test]
fn no_corner_gives_nan_and_no_ordinary_scale_infinity() {
    for curve in Saturation::ALL {
        for parameters in corners(curve) {
            for x in EXPOSURES {
                let (value, d_x, d_parameters) = evaluate(curve, &parameters, x);
                let what = || format!("{curve:?} {parameters:?} at {x}: {value} {d_x} {d_parameters:?}");
                let slopes = || d_parameters.iter().chain([&d_x]);
                assert!(value.is_finite() && slopes().all(|d| !d.is_nan()), "{}", what());
                let reachable =
                    parameters.iter().all(|p| *p >= 1e-12) && (x == 0.0 || (1e-12..=1e12).contains(&x));
                assert!(!reachable || slopes().all(|d| d.is_finite()), "{}", what());
            }
        }
    }
}

#[test]
fn an_empty_or_dark_series_pulls_on_nothing() {
    for curve in Saturation::ALL {
        for n in [0, 1, 9] {
            let parameters = vec![0.7; curve.parameter_names().len()];
            let (x, mut out, mut aux) = (vec![0.0; n], vec![1.0; n], vec![1.0; n]);
            let (mut d_x, mut d_parameters) = (vec![f64::NAN; n], vec![0.0; parameters.len()]);
            curve.forward(&parameters, &x, &mut out, &mut aux);
            curve.pullback(&parameters, &x, &out, &aux, &vec![1.0; n], &mut d_x, &mut d_parameters);
            assert!(out.iter().all(|h| *h == 0.0) && d_x.iter().all(|d| d.is_finite()), "{curve:?}");
            assert!(d_parameters.iter().all(|d| *d == 0.0), "{curve:?} {d_parameters:?}");
        }
    }
}

#[test]
fn pullback_overwrites_the_exposure_and_accumulates_the_parameters() {
    for curve in Saturation::ALL {
        let parameters = vec![0.7; curve.parameter_names().len()];
        let x = [0.4, 2.0];
        let (mut out, mut aux, mut d_x) = ([0.0; 2], [0.0; 2], [f64::NAN; 2]);
        let mut d_parameters = vec![10.0; parameters.len()];
        curve.forward(&parameters, &x, &mut out, &mut aux);
        curve.pullback(&parameters, &x, &out, &aux, &[2.0, 3.0], &mut d_x, &mut d_parameters);
        let (one, two) = (evaluate(curve, &parameters, x[0]), evaluate(curve, &parameters, x[1]));
        let what = || format!("{curve:?}");
        check_close(d_x[0], 2.0 * one.1, 1e-14, 0.0, &what);
        check_close(d_x[1], 3.0 * two.1, 1e-14, 0.0, &what);
        for i in 0..parameters.len() {
            check_close(d_parameters[i], 10.0 + 2.0 * one.2[i] + 3.0 * two.2[i], 1e-13, 0.0, &what);
        }
    }
}

#[test]
fn units_say_how_parameters_move_with_the_exposure() {
    let mut rng = stream(22);
    for curve in Saturation::ALL.into_iter().filter(|c| !matches!(c, Saturation::Root | Saturation::None)) {
        assert_eq!(curve.parameter_units().len(), curve.parameter_names().len());
        for _ in 0..100 {
            let (parameters, x) = (ordinary(curve, &mut rng), uniform(&mut rng, 0.0, 30.0));
            let rescaled: Vec<f64> = parameters
                .iter()
                .zip(curve.parameter_units())
                .map(|(p, unit)| p * 1000f64.powi((*unit).into()))
                .collect();
            let what = || format!("{curve:?} {parameters:?} at {x}");
            check_close(curve.value(&rescaled, 1000.0 * x), curve.value(&parameters, x), 1e-12, 1e-15, &what);
        }
    }
}

#[test]
fn the_inverse_reaches_its_share_of_the_ceiling() {
    let mut rng = stream(23);
    for curve in Saturation::ALL {
        for share in [0.1, 0.5, 0.9] {
            let parameters = ordinary(curve, &mut rng);
            let Some(x) = curve.inverse(&parameters, share) else {
                assert_eq!(curve.ceiling(&parameters), f64::INFINITY);
                continue;
            };
            let reached = curve.value(&parameters, x) / curve.ceiling(&parameters);
            check_close(reached, share, 1e-12, 0.0, &|| format!("{curve:?} {parameters:?}"));
        }
    }
}

/// How a curve of PyMC-Marketing is written with ours: curve, parameters, and the factor in front.
fn translate(case: &serde_json::Value) -> Option<(Saturation, Vec<f64>, f64)> {
    let p = |name: &str| case["params"][name].as_f64().expect("a parameter");
    Some(match case["fn"].as_str().expect("a name") {
        "LogisticSaturation" => (Saturation::Logistic, vec![p("lam")], p("beta")),
        "InverseScaledLogisticSaturation" => (Saturation::Logistic, vec![3f64.ln() / p("lam")], p("beta")),
        "TanhSaturation" => (Saturation::Tanh, vec![1.0 / (p("b") * p("c"))], p("b")),
        "TanhSaturationBaselined" => {
            let (x0, r) = (p("x0"), p("r"));
            (Saturation::Tanh, vec![r.atanh() / x0], p("beta") * p("gain") * x0 / r)
        }
        "MichaelisMentenSaturation" => (Saturation::MichaelisMenten, vec![p("lam")], p("alpha")),
        "HillSaturation" => (Saturation::Hill, vec![p("slope"), p("kappa")], p("beta")),
        "HillSaturationSigmoid" => (Saturation::Sigmoid, vec![p("beta"), p("lam")], p("sigma")),
        "RootSaturation" => (Saturation::Root, vec![p("alpha")], p("beta")),
        "LogSaturation (1.0.0+)" => (Saturation::Log1p, vec![1.0], p("beta")),
        _ => return None,
    })
}

#[test]
fn agrees_with_pymc_marketing_0_19_2() {
    let Some(reference) = shared_reference("transforms.json") else { return };
    let cases = reference["saturation"].as_array().expect("cases");
    for case in cases {
        let (curve, parameters, factor) = translate(case).expect("every curve of the file is one of ours");
        for (x, y) in numbers(&case["x"]).into_iter().zip(numbers(&case["y"])) {
            let what = || format!("{} at {x}", case["fn"]);
            check_close(factor * curve.value(&parameters, x), y, 1e-9, 1e-15, &what);
        }
    }
    println!("{} saturation cases of PyMC-Marketing 0.19.2 compared at 1e-9", cases.len());
    assert_eq!(cases.len(), 14);
}

#[test]
fn the_reference_pass_through_adstock_and_saturation_agrees() {
    use crate::adstock::{Adstock, Window};
    let Some(reference) = shared_reference("transforms.json") else { return };
    let case = &reference["forward_pass"][0];
    let p = |name: &str| case[name].as_f64().expect("a number");
    let window = Window::Periods(case["l_max"].as_u64().expect("a window") as usize);
    let adstock = Adstock::Geometric { window, normalize: true };
    let x = numbers(&case["x"]);
    let mut weights = vec![0.0; adstock.n_weights()];
    let mut adstocked = vec![0.0; x.len()];
    adstock.weights(&[p("alpha")], &mut weights);
    adstock.forward(&[p("alpha")], &weights, &x, &mut adstocked);
    for (t, y) in numbers(&case["y"]).into_iter().enumerate() {
        let ours = p("beta") * Saturation::Logistic.value(&[p("lam")], adstocked[t]);
        check_close(ours, y, 1e-9, 1e-15, &|| format!("t {t}"));
    }
}

#[test]
fn the_slope_rises_to_its_steepest_point_and_falls_behind_it() {
    let mut rng = stream(23);
    for curve in Saturation::ALL {
        for _ in 0..300 {
            let parameters = ordinary(curve, &mut rng);
            let top = curve.steepest(&parameters);
            let slope = |x: f64| curve.slope_at(&parameters, x);
            let what = || format!("{curve:?} {parameters:?}, steepest at {top}");
            let widest = 4.0 * top.max(1.0);
            for k in 1..60 {
                let (near, far) = (widest * f64::from(k) / 60.0, widest * f64::from(k + 1) / 60.0);
                let (a, b) = (slope(near), slope(far));
                let slack = 1e-9 * a.max(b);
                assert!(far > top || a <= b + slack, "{}: {a} {b} before", what());
                assert!(near < top || a + slack >= b, "{}: {a} {b} behind", what());
                assert!(top == 0.0 || slope(top) + slack >= a, "{}", what());
            }
            let near_zero = slope(1e-9);
            if curve.starts_vertically(&parameters) {
                assert!(near_zero > slope(1e-6), "{}", what());
            } else {
                assert!(near_zero <= slope(top) * (1.0 + 1e-9), "{}", what());
            }
        }
    }
}
