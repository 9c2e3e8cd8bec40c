//! The density that samplers see, against the joint density that it is the integral of.

use crate::gradient::{Noise, WEEK, model};
use crate::support::difference;
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};
use wanamaker::distribution::{Distribution, Normal};
use wanamaker::model::compile::CompiledModel;
use wanamaker::model::density::Evaluator;
use wanamaker::model::marginal::{Marginal, MarginalEvaluator};
use wanamaker_mcmc::log_density::LogDensity;
use wanamaker_mcmc::seed::{Purpose, stream};

const INFINITE: &str = "adstock = { kind = \"geometric\", l_max = \"infinite\" }";
const HALF: &str = "beta = { half_normal = { sd = 0.5 } }";

/// Every way in which coefficients and effects can enter: what is beside the base model, and the number of geos.
fn kinds() -> Vec<(String, usize)> {
    let mut kinds = vec![
        (String::new(), 1),
        ("[baseline]\ntrend = { kind = \"piecewise\", changepoints = 3 }\nseasonality = [{ period = 60, order = 2 }]".into(), 1),
        ("[defaults]\ncontrol_prior = { laplace = { location = 0.2, scale = 0.5 } }\ntreatment_prior = { laplace = { location = 0, scale = 0.3 } }".into(), 1),
        ("[baseline]\ntrend = { kind = \"piecewise\", changepoints = 2, pooling = \"independent\" }".into(), 3),
        ("[baseline]\ntrend = { kind = \"knots\", knots = 4 }\nevents = [{ column = \"events\", window = [0, 7] }]".into(), 1),
        (format!("[outcome]\nmedia = \"times_intercept\"\n[defaults.effect]\n{HALF}"), 1),
        ("[outcome]\nmedia = \"times_intercept\"".into(), 1),
        (format!("[defaults.effect]\n{HALF}"), 1),
        (format!("[outcome]\nlink = \"log\"\nlikelihood = \"log_normal\"\n[defaults.effect]\n{HALF}"), 1),
        ("[outcome]\nlikelihood = \"student_t\"".into(), 1),
        (format!("[scaling]\nkpi = \"max\"\nmedia = \"max\"\n[outcome]\nvariance = {{ prior = {{ inverse_gamma = {{ shape = 3, scale = 1 }} }} }}\n[defaults.effect]\n{HALF}"), 1),
    ];
    for pooling in ["shared", "independent", "pooled"] {
        for mode in ["additive", "times_intercept"] {
            let sigma = if pooling == "independent" { "independent" } else { "shared" };
            kinds.push((
                format!(
                    "[baseline]\nintercept = {{ pooling = \"{pooling}\" }}\ntrend = {{ kind = \"linear\", pooling = \"{pooling}\" }}\n\
                     [outcome]\nmedia = \"{mode}\"\nsigma = {{ pooling = \"{sigma}\" }}\n[defaults.effect]\n{HALF}"
                ),
                3,
            ));
        }
    }
    kinds
}

/// All that can be integrated out, Laplace priors as normal ones of sampled scales.
fn marginal(model: &CompiledModel) -> Marginal {
    let is_laplace = |i: &usize| matches!(model.layout.parameters[*i].distribution, Distribution::Laplace(_));
    let mixed: Vec<usize> = (0..model.layout.parameters.len()).filter(is_laplace).collect();
    Marginal::mixing(model, &mixed)
}

/// Positions of what is left to the sampler, near the prior medians.
fn positions(model: &CompiledModel, marginal: &Marginal, n: usize) -> Vec<Vec<f64>> {
    let free: Vec<_> = model.layout.parameters.iter().filter(|p| p.free.is_some()).collect();
    let mut evaluator = MarginalEvaluator::new(model, marginal);
    let mut noise = Noise(23);
    let mut position = || {
        let whole: Vec<f64> = (free.iter())
            .map(|own| {
                let at = |q: f64| own.support.unconstrain(own.distribution.quantile(q));
                at(0.5) + 0.5 * (at(0.7) - at(0.3)) * (2.0 * noise.next() - 1.0)
            })
            .collect();
        evaluator.others_of(&whole)
    };
    (0..n).map(|_| position()).collect()
}

/// `ln ∫ exp f(b) db` of a density that is quadratic in the coordinates `at`, from its gradients alone, with the centre and the
/// covariance.
fn gaussian_integral(model: &CompiledModel, whole: &[f64], at: &[usize]) -> (f64, Vec<f64>, Mat<f64>) {
    let mut evaluator = Evaluator::new(model);
    let p = at.len();
    let scale: Vec<f64> = at
        .iter()
        .map(|i| {
            let own = model.layout.parameters.iter().find(|parameter| parameter.free == Some(*i)).unwrap();
            own.distribution.quantile(0.841) - own.distribution.median()
        })
        .collect();
    let mut gradient = |x: &[f64]| {
        let mut gradient = vec![0.0; x.len()];
        let value = evaluator.log_density(x, &mut gradient);
        (value, gradient)
    };
    let (value, slopes) = gradient(whole);
    // In units of the priors, where the numbers are tame.
    let hessian = Mat::from_fn(p, p, |i, j| {
        let mut moved = whole.to_vec();
        moved[at[j]] += scale[j];
        -(gradient(&moved).1[at[i]] - slopes[at[i]]) * scale[i]
    });
    let hessian = Mat::from_fn(p, p, |i, j| 0.5 * (hessian[(i, j)] + hessian[(j, i)]));
    let factor = hessian.llt(Side::Lower).unwrap();
    let right = Mat::from_fn(p, 1, |i, _| slopes[at[i]] * scale[i]);
    let step = factor.solve(&right);
    let rise: f64 = 0.5 * (0..p).map(|i| step[(i, 0)] * right[(i, 0)]).sum::<f64>();
    let ln_root: f64 = (0..p).map(|i| factor.L()[(i, i)].ln() - scale[i].ln()).sum();
    let centre = (0..p).map(|i| whole[at[i]] + step[(i, 0)] * scale[i]).collect();
    let identity = Mat::from_fn(p, p, |i, j| f64::from(i == j));
    let covariance = factor.solve(&identity);
    let covariance = Mat::from_fn(p, p, |i, j| covariance[(i, j)] * scale[i] * scale[j]);
    (value + rise + 0.5 * p as f64 * (2.0 * std::f64::consts::PI).ln() - ln_root, centre, covariance)
}

/// The same model where the scales of Laplace priors are as the sampler's position says: with normal priors in their place, and the
/// log density of those scales.
fn given_scales(model: &CompiledModel, marginal: &Marginal, others: &[f64]) -> (CompiledModel, f64) {
    let (mut given, mut ln_density) = (model.clone(), 0.0);
    for index in marginal.mixed() {
        let (v, free) = (others[index], marginal.others[index]);
        let own = given.layout.parameters.iter_mut().find(|own| own.free == Some(free)).unwrap();
        let Distribution::Laplace(prior) = &own.distribution else { panic!("{}", own.label) };
        let normal = Normal { mean: prior.location, sd: prior.scale * v.exp() };
        own.distribution = Distribution::Normal(normal);
        ln_density += 2.0 * v - 0.5 * (2.0 * v).exp();
    }
    (given, ln_density)
}

/// `ln |∂u/∂v|` of the map from the sampler's coordinates to the model's, scales left out, by differences of the map itself.
fn ln_jacobian(model: &CompiledModel, marginal: &Marginal, others: &[f64]) -> f64 {
    let mut evaluator = MarginalEvaluator::new(model, marginal);
    let shared: Vec<usize> =
        (0..others.len()).filter(|i| marginal.mixed().all(|mixed| mixed != *i)).collect();
    let d = shared.len();
    let jacobian = Mat::from_fn(d, d, |i, j| {
        let mut coordinate = |x: &[f64]| {
            let mut rng = stream(1, Purpose::Conditional, 0);
            evaluator.complete(x, &mut rng)[marginal.others[shared[i]]]
        };
        difference(&mut coordinate, others, shared[j], 1e-3)
    });
    jacobian.determinant().abs().ln()
}

#[test]
fn it_is_the_integral_of_the_joint_density() {
    let mut integrated = 0;
    for (extra, n_geos) in kinds() {
        let model = model(&extra, INFINITE, n_geos, WEEK);
        let marginal = marginal(&model);
        let places: Vec<usize> = marginal.linear.coefficients.iter().map(|c| c.free).collect();
        integrated += usize::from(!places.is_empty());
        let mut evaluator = MarginalEvaluator::new(&model, &marginal);
        for others in positions(&model, &marginal, 4) {
            let value = evaluator.log_density(&others, &mut vec![0.0; others.len()]);
            let whole = evaluator.complete(&others, &mut stream(1, Purpose::Conditional, 0)).to_vec();
            let (given, of_scales) = given_scales(&model, &marginal, &others);
            let expected = if places.is_empty() {
                Evaluator::new(&model).log_density(&whole, &mut vec![0.0; whole.len()])
            } else {
                gaussian_integral(&given, &whole, &places).0
            } + of_scales
                + ln_jacobian(&model, &marginal, &others);
            let tolerance = 1e-9 * (1.0 + expected.abs());
            assert!((value - expected).abs() < tolerance, "{value} against {expected}\n{extra}");
        }
    }
    assert!(integrated >= 12, "{integrated}");
}

/// Two coefficients and no formula: the integral by the trapezoidal rule, which is exact to rounding for a normal density.
#[test]
fn it_is_the_integral_by_brute_force() {
    for mode in ["additive", "times_intercept"] {
        let extra = format!(
            "[baseline]\ntrend = {{ kind = \"linear\" }}\nseasonality = []\n[outcome]\nmedia = \"{mode}\"\n[defaults]\neffect = {{ {HALF} }}\n\
             control_prior = {{ student_t = {{ df = 5, location = 0, scale = 1 }} }}\ntreatment_prior = {{ student_t = {{ df = 5, location = 0, scale = 1 }} }}"
        );
        let model = model(&extra, INFINITE, 1, WEEK);
        let marginal = marginal(&model);
        let places: Vec<usize> = marginal.linear.coefficients.iter().map(|c| c.free).collect();
        assert_eq!(places.len(), 2, "{mode}");
        let mut evaluator = MarginalEvaluator::new(&model, &marginal);
        for others in positions(&model, &marginal, 2) {
            let value = evaluator.log_density(&others, &mut vec![0.0; others.len()]);
            let mut whole = evaluator.complete(&others, &mut stream(1, Purpose::Conditional, 0)).to_vec();
            let (_, centre, covariance) = gaussian_integral(&model, &whole, &places);
            let mut joint = Evaluator::new(&model);
            let mut gradient = vec![0.0; whole.len()];
            let (n, width) = (240, 12.0);
            let step: Vec<f64> =
                (0..2).map(|i| 2.0 * width * covariance[(i, i)].sqrt() / f64::from(n)).collect();
            let mut sum = 0.0;
            for i in 0..=n {
                for j in 0..=n {
                    whole[places[0]] = centre[0] + step[0] * f64::from(i - n / 2);
                    whole[places[1]] = centre[1] + step[1] * f64::from(j - n / 2);
                    sum += (joint.log_density(&whole, &mut gradient) - value).exp();
                }
            }
            let ratio = sum * step[0] * step[1] * ln_jacobian(&model, &marginal, &others).exp();
            assert!((ratio - 1.0).abs() < 1e-9, "{mode}: {ratio}");
        }
    }
}

#[test]
fn its_gradient_is_that_of_differences() {
    for (extra, n_geos) in kinds() {
        let model = model(&extra, INFINITE, n_geos, WEEK);
        let marginal = marginal(&model);
        let mut evaluator = MarginalEvaluator::new(&model, &marginal);
        let labels = model.layout.free_labels();
        for at in positions(&model, &marginal, 4) {
            let mut gradient = vec![0.0; at.len()];
            let value = evaluator.log_density(&at, &mut gradient);
            assert!(value.is_finite(), "{extra}");
            let mut f = |x: &[f64]| evaluator.log_density(x, &mut vec![0.0; x.len()]);
            for i in 0..at.len() {
                let prior =
                    &model.layout.parameters.iter().filter(|p| p.free.is_some()).nth(marginal.others[i]);
                let prior = prior.unwrap();
                let at_quantile = |q: f64| prior.support.unconstrain(prior.distribution.quantile(q));
                let scale = 0.5 * (at_quantile(0.8) - at_quantile(0.2));
                let scale = if marginal.mixed().any(|mixed| mixed == i) { 0.5 } else { scale };
                let h = 2e-3 * scale;
                let slope = difference(&mut f, &at, i, h);
                let tolerance = 2e-8 * slope.abs() + 1e-11 * value.abs() / h + 1e-8 / scale;
                let label = labels[marginal.others[i]];
                assert!(
                    (gradient[i] - slope).abs() <= tolerance,
                    "{label}: {} {slope}\n{extra}",
                    gradient[i]
                );
            }
        }
    }
}

#[test]
fn there_and_back_is_the_same_position() {
    for (extra, n_geos) in kinds() {
        let model = model(&extra, INFINITE, n_geos, WEEK);
        let marginal = marginal(&model);
        let mut evaluator = MarginalEvaluator::new(&model, &marginal);
        for others in positions(&model, &marginal, 3) {
            let whole = evaluator.complete(&others, &mut stream(1, Purpose::Conditional, 0)).to_vec();
            let mut again = evaluator.others_of(&whole);
            // Of the scale that a coefficient was drawn with it only keeps a trace.
            marginal.mixed().for_each(|mixed| again[mixed] = others[mixed]);
            let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-10 * (1.0 + a.abs());
            assert!(others.iter().zip(&again).all(close), "{others:?} {again:?}\n{extra}");
        }
    }
}

#[test]
fn coefficients_are_drawn_from_their_conditional() {
    for (extra, n_geos) in kinds() {
        let model = model(&extra, INFINITE, n_geos, WEEK);
        let marginal = marginal(&model);
        let places: Vec<usize> = marginal.linear.coefficients.iter().map(|c| c.free).collect();
        if places.is_empty() {
            continue;
        }
        let others = positions(&model, &marginal, 1).remove(0);
        let mut evaluator = MarginalEvaluator::new(&model, &marginal);
        let mut rng = stream(5, Purpose::Conditional, 0);
        let n = 4000;
        let draws: Vec<Vec<f64>> = (0..n)
            .map(|_| {
                let whole = evaluator.complete(&others, &mut rng);
                places.iter().map(|&i| whole[i]).collect()
            })
            .collect();
        let whole = evaluator.complete(&others, &mut rng).to_vec();
        let (given, _) = given_scales(&model, &marginal, &others);
        let (_, centre, covariance) = gaussian_integral(&given, &whole, &places);
        for i in 0..places.len() {
            let sd = covariance[(i, i)].sqrt();
            let mean = draws.iter().map(|draw| draw[i]).sum::<f64>() / f64::from(n);
            assert!(
                (mean - centre[i]).abs() < 5.0 * sd / f64::from(n).sqrt(),
                "{mean} {}\n{extra}",
                centre[i]
            );
            for j in 0..=i {
                let other = covariance[(j, j)].sqrt();
                let product = |draw: &Vec<f64>| (draw[i] - centre[i]) / sd * (draw[j] - centre[j]) / other;
                let correlation = draws.iter().map(product).sum::<f64>() / f64::from(n);
                let expected = covariance[(i, j)] / (sd * other);
                assert!(
                    (correlation - expected).abs() < 5.0 * (2.0 / f64::from(n)).sqrt(),
                    "{i} {j}\n{extra}"
                );
            }
        }
    }
}

#[test]
fn what_is_not_to_be_integrated_stays_with_the_sampler() {
    let linear = |extra: &str| Marginal::of(&model(extra, INFINITE, 1, WEEK)).linear.len();
    let all = linear("");
    // Intercept, slope, two controls, a treatment.
    assert!(all >= 5, "{all}");
    assert_eq!(linear("[sampler]\nmarginalise = false"), 0);
    assert_eq!(linear("[outcome]\nlikelihood = \"student_t\""), 0);
    assert_eq!(linear("[outcome]\nlink = \"log\"\nlikelihood = \"log_normal\""), 0);
    // An intercept that enters money figures.
    assert_eq!(linear("[outcome]\nmedia = \"times_intercept\""), all - 1);
    assert_eq!(linear(&format!("[outcome]\nmedia = \"times_intercept\"\n[defaults.effect]\n{HALF}")), all);
}
