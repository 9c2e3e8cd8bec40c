//! What every distribution must obey, slopes against dual numbers, and values against SciPy.

use super::*;
use crate::math::special::{integrate, ln_beta, ln_gamma, normal_cdf};
use crate::math::testing::{check_close, stream, uniform};
use num_dual::{Dual64, DualNum};
use std::f64::consts::{PI, SQRT_2};

const INFINITY: f64 = f64::INFINITY;
const NEG_INFINITY: f64 = f64::NEG_INFINITY;

/// Every family in several shapes: peaked, flat, heavy, cut, with an edge of finite and of infinite height.
fn every_family() -> Vec<Distribution> {
    use Distribution as D;
    let cut = |mean, sd, lower, upper| D::TruncatedNormal(TruncatedNormal { mean, sd, lower, upper });
    vec![
        D::Normal(Normal { mean: 0.3, sd: 2.0 }),
        D::Normal(Normal { mean: -1e6, sd: 1e-3 }),
        cut(0.0, 1.0, 0.0, INFINITY),
        cut(2.0, 1.5, -1.0, 2.5),
        cut(1.0, 0.5, NEG_INFINITY, 0.5),
        cut(0.0, 1.0, 30.0, 31.0),
        cut(0.0, 1.0, NEG_INFINITY, INFINITY),
        D::HalfNormal(HalfNormal { sd: 1.5 }),
        D::LogNormal(LogNormal { mean_log: 0.2, sd_log: 0.9 }),
        D::LogNormal(LogNormal { mean_log: -20.0, sd_log: 0.05 }),
        D::Gamma(Gamma { shape: 3.0, rate: 1.0 }),
        D::Gamma(Gamma { shape: 0.3, rate: 2.0 }),
        D::Gamma(Gamma { shape: 1.0, rate: 0.01 }),
        D::InverseGamma(InverseGamma { shape: 4.0, scale: 2.0 }),
        D::InverseGamma(InverseGamma { shape: 0.8, scale: 50.0 }),
        D::Beta(Beta { alpha: 1.0, beta: 3.0 }),
        D::Beta(Beta { alpha: 0.5, beta: 0.6 }),
        D::Beta(Beta { alpha: 30.0, beta: 7.0 }),
        D::Exponential(Exponential { rate: 0.4 }),
        D::Laplace(Laplace { location: 1.0, scale: 0.3 }),
        D::StudentT(StudentT { df: 3.0, location: 0.5, scale: 2.0 }),
        D::StudentT(StudentT { df: 0.8, location: 0.0, scale: 1.0 }),
        D::StudentT(StudentT { df: 1e3, location: 0.0, scale: 1.0 }),
        D::HalfStudentT(HalfStudentT { df: 4.0, scale: 2.5 }),
        D::Cauchy(Cauchy { location: -1.0, scale: 0.5 }),
        D::HalfCauchy(HalfCauchy { scale: 3.0 }),
        D::Uniform(Uniform { lower: -2.0, upper: 5.0 }),
        D::Weibull(Weibull { shape: 1.7, scale: 4.0 }),
        D::Weibull(Weibull { shape: 0.5, scale: 0.1 }),
        D::Weibull(Weibull { shape: 1.0, scale: 2.0 }),
    ]
}

/// Densities as a table of formulas gives them. Without a wildcard: a new family has to state its own.
fn textbook(distribution: &Distribution, x: Dual64) -> Dual64 {
    let bell = |mean: f64, sd: f64| -((x - mean) / sd).powi(2) / 2.0 - (sd * (2.0 * PI).sqrt()).ln();
    let student = |df: f64, location: f64, scale: f64| {
        -(((x - location) / scale).powi(2) / df).ln_1p() * ((df + 1.0) / 2.0) + ln_gamma((df + 1.0) / 2.0)
            - ln_gamma(df / 2.0)
            - (scale * (df * PI).sqrt()).ln()
    };
    match *distribution {
        Distribution::Normal(d) => bell(d.mean, d.sd),
        Distribution::TruncatedNormal(d) => {
            // Mirrored, so that both tails are lower ones.
            let (a, b) = ((d.lower - d.mean) / d.sd, (d.upper - d.mean) / d.sd);
            let (low, high) = if a > 0.0 { (-b, -a) } else { (a, b) };
            bell(d.mean, d.sd) - (normal_cdf(high) - normal_cdf(low)).ln()
        }
        Distribution::HalfNormal(d) => bell(0.0, d.sd) + 2f64.ln(),
        Distribution::LogNormal(d) => {
            -((x.ln() - d.mean_log) / d.sd_log).powi(2) / 2.0 - x.ln() - (d.sd_log * (2.0 * PI).sqrt()).ln()
        }
        Distribution::Gamma(d) => {
            x.ln() * (d.shape - 1.0) - x * d.rate + d.shape * d.rate.ln() - ln_gamma(d.shape)
        }
        Distribution::InverseGamma(d) => {
            -x.ln() * (d.shape + 1.0) - x.recip() * d.scale + d.shape * d.scale.ln() - ln_gamma(d.shape)
        }
        Distribution::Beta(d) => {
            x.ln() * (d.alpha - 1.0) + (-x + 1.0).ln() * (d.beta - 1.0) - ln_beta(d.alpha, d.beta)
        }
        Distribution::Exponential(d) => -x * d.rate + d.rate.ln(),
        Distribution::Laplace(d) => {
            let distance = if x.re < d.location { -x + d.location } else { x - d.location };
            -distance / d.scale - (2.0 * d.scale).ln()
        }
        Distribution::StudentT(d) => student(d.df, d.location, d.scale),
        Distribution::HalfStudentT(d) => student(d.df, 0.0, d.scale) + 2f64.ln(),
        Distribution::Cauchy(d) => -(((x - d.location) / d.scale).powi(2)).ln_1p() - (PI * d.scale).ln(),
        Distribution::HalfCauchy(d) => -((x / d.scale).powi(2)).ln_1p() - (0.5 * PI * d.scale).ln(),
        Distribution::Uniform(d) => Dual64::from(-(d.upper - d.lower).ln()),
        Distribution::Weibull(d) => {
            (x / d.scale).ln() * (d.shape - 1.0) - (x / d.scale).powf(d.shape) + (d.shape / d.scale).ln()
        }
        Distribution::Fixed(_) => Dual64::from(0.0),
    }
}

#[test]
fn density_and_slope_agree_with_dual_numbers() {
    let mut rng = stream(30);
    for distribution in every_family() {
        for _ in 0..3000 {
            let x = distribution.quantile(uniform(&mut rng, 1e-6, 1.0 - 1e-6));
            let (value, slope) = distribution.ln_density_and_slope(x);
            let expected = textbook(&distribution, Dual64::new(x, 1.0));
            let what = || format!("{distribution:?} at {x}");
            check_close(value, expected.re, 1e-11, 1e-11, &what);
            // Slopes are sums of two terms each as large as one over the spread.
            let spread = distribution.quantile(0.75) - distribution.quantile(0.25);
            check_close(slope, expected.eps, 1e-9, 1e-12 / spread.min(x.abs()), &what);
            assert_eq!(value, distribution.ln_density(x));
            let (kernel, again) = distribution.ln_kernel_and_slope(x);
            assert_eq!((kernel + distribution.ln_constant(), again), (value, slope));
        }
    }
}

/// Shares of the mass, closer together towards both ends.
const GRID: [f64; 19] = [
    1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 0.9999, 0.99999,
    0.999999, 0.9999999, 0.99999999,
];

#[test]
fn densities_integrate_to_one_and_to_their_distribution_functions() {
    for distribution in every_family() {
        let support = distribution.support();
        let mass = |u: f64| {
            let c = support.constrain(u);
            distribution.ln_density(c.value).exp() * c.slope.abs()
        };
        let mut total = 0.0;
        for pair in GRID.windows(2) {
            let ends = [distribution.quantile(pair[0]), distribution.quantile(pair[1])];
            let (from, to) = (support.unconstrain(ends[0]), support.unconstrain(ends[1]));
            let part = integrate(mass, from.min(to), from.max(to));
            check_close(part, pair[1] - pair[0], 1e-7, 1e-10, &|| format!("{distribution:?} {pair:?}"));
            total += part;
        }
        check_close(total, 1.0 - 2e-8, 0.0, 2e-9, &|| format!("{distribution:?}"));
    }
}

#[test]
fn quantile_and_distribution_function_undo_each_other() {
    for distribution in every_family() {
        let mut last = NEG_INFINITY;
        for p in [1e-12, 1e-10].into_iter().chain(GRID) {
            let x = distribution.quantile(p);
            // Where the line is coarse against the spread, a probability is only good to that grain.
            let grain = 4.0 * f64::EPSILON * x.abs() * distribution.ln_density(x).exp();
            check_close(distribution.cdf(x), p, 1e-10, grain, &|| format!("{distribution:?} at {p}"));
            assert!(x >= last, "{distribution:?} at {p}");
            last = x;
        }
        let (lower, upper) = distribution.support().bounds();
        assert_eq!((distribution.quantile(0.0), distribution.quantile(1.0)), (lower, upper));
        assert_eq!((distribution.cdf(lower), distribution.cdf(upper)), (0.0, 1.0));
        assert!(distribution.quantile(-0.1).is_nan() && distribution.quantile(f64::NAN).is_nan());
        assert_eq!(distribution.median(), distribution.quantile(0.5));
    }
}

#[test]
fn off_the_support_there_is_no_density_and_no_slope() {
    for distribution in every_family() {
        let (lower, upper) = distribution.support().bounds();
        for x in [lower - 1.0, upper + 1.0, f64::NAN, INFINITY, NEG_INFINITY] {
            if !x.is_finite() || x < lower || x > upper {
                assert_eq!(
                    distribution.ln_density_and_slope(x),
                    (NEG_INFINITY, 0.0),
                    "{distribution:?} at {x}"
                );
            }
        }
        for edge in [lower, upper] {
            let (value, slope) = distribution.ln_density_and_slope(edge);
            assert!(
                value < INFINITY && slope.is_finite(),
                "{distribution:?} on its edge {edge}: {value} {slope}"
            );
        }
    }
}

#[test]
fn twenty_four_orders_of_magnitude_give_no_nan_and_no_infinity() {
    let sizes = [1e-12, 1e-6, 1.0, 1e6, 1e12];
    for a in sizes {
        for b in sizes {
            for distribution in with_parameters(a, b) {
                assert_eq!(distribution.check(), Ok(()), "{distribution:?}");
                for x in sizes.into_iter().flat_map(|x| [x, -x]).chain([0.0]) {
                    let (value, slope) = distribution.ln_density_and_slope(x);
                    assert!(
                        value < INFINITY && !value.is_nan() && slope.is_finite(),
                        "{distribution:?} at {x}"
                    );
                }
                assert!(distribution.ln_constant().is_finite(), "{distribution:?}");
            }
        }
    }
}

fn with_parameters(a: f64, b: f64) -> Vec<Distribution> {
    use Distribution as D;
    vec![
        D::Normal(Normal { mean: a, sd: b }),
        D::TruncatedNormal(TruncatedNormal { mean: a, sd: b, lower: 0.0, upper: INFINITY }),
        D::TruncatedNormal(TruncatedNormal { mean: 0.0, sd: b, lower: -a, upper: 2.0 * a }),
        D::HalfNormal(HalfNormal { sd: a }),
        D::LogNormal(LogNormal { mean_log: a.ln(), sd_log: b }),
        D::Gamma(Gamma { shape: a, rate: b }),
        D::InverseGamma(InverseGamma { shape: a, scale: b }),
        D::Beta(Beta { alpha: a, beta: b }),
        D::Exponential(Exponential { rate: a }),
        D::Laplace(Laplace { location: a, scale: b }),
        D::StudentT(StudentT { df: a, location: 0.0, scale: b }),
        D::HalfStudentT(HalfStudentT { df: a, scale: b }),
        D::Cauchy(Cauchy { location: a, scale: b }),
        D::HalfCauchy(HalfCauchy { scale: a }),
        D::Uniform(Uniform { lower: -a, upper: b }),
        D::Weibull(Weibull { shape: a.clamp(1e-3, 20.0), scale: b }),
    ]
}

#[test]
fn draws_follow_their_distribution_function() {
    let mut rng = stream(31);
    let n = 20_000;
    for distribution in every_family() {
        let mut below = [0usize; 3];
        let marks = [0.05, 0.5, 0.9].map(|p| distribution.quantile(p));
        for _ in 0..n {
            let x = distribution.sample(&mut rng);
            assert!(distribution.support().admits(x), "{distribution:?} drew {x}");
            for (count, mark) in below.iter_mut().zip(marks) {
                *count += usize::from(x <= mark);
            }
        }
        for (count, p) in below.into_iter().zip([0.05, 0.5, 0.9]) {
            let error = (p * (1.0 - p) / n as f64).sqrt();
            check_close(count as f64 / n as f64, p, 0.0, 4.5 * error, &|| {
                format!("{distribution:?} below {p}")
            });
        }
    }
}

#[test]
fn a_parameter_out_of_range_is_named() {
    let bad = [
        (Distribution::Normal(Normal { mean: f64::NAN, sd: 1.0 }), "mean"),
        (Distribution::Normal(Normal { mean: 0.0, sd: -1.0 }), "sd"),
        (Distribution::HalfNormal(HalfNormal { sd: 0.0 }), "sd"),
        (Distribution::LogNormal(LogNormal { mean_log: 0.0, sd_log: INFINITY }), "sd_log"),
        (Distribution::Gamma(Gamma { shape: 1.0, rate: 0.0 }), "rate"),
        (Distribution::InverseGamma(InverseGamma { shape: -2.0, scale: 1.0 }), "shape"),
        (Distribution::Beta(Beta { alpha: 1.0, beta: 0.0 }), "beta"),
        (Distribution::Exponential(Exponential { rate: -1.0 }), "rate"),
        (Distribution::Laplace(Laplace { location: 0.0, scale: 0.0 }), "scale"),
        (Distribution::StudentT(StudentT { df: 0.0, location: 0.0, scale: 1.0 }), "df"),
        (Distribution::HalfStudentT(HalfStudentT { df: 3.0, scale: -1.0 }), "scale"),
        (Distribution::Cauchy(Cauchy { location: INFINITY, scale: 1.0 }), "location"),
        (Distribution::HalfCauchy(HalfCauchy { scale: 0.0 }), "scale"),
        (Distribution::Uniform(Uniform { lower: 1.0, upper: 0.0 }), "upper"),
        (Distribution::Weibull(Weibull { shape: 0.0, scale: 1.0 }), "shape"),
        (Distribution::Fixed(f64::NAN), "value"),
        (
            Distribution::TruncatedNormal(TruncatedNormal { mean: 0.0, sd: 1.0, lower: 2.0, upper: 1.0 }),
            "upper",
        ),
    ];
    for (distribution, argument) in bad {
        assert_eq!(distribution.check().unwrap_err().argument, argument, "{distribution:?}");
    }
    for distribution in every_family() {
        assert_eq!(distribution.check(), Ok(()));
    }
}

#[test]
fn a_fixed_value_is_all_in_one_place() {
    let fixed = Distribution::Fixed(2.5);
    assert_eq!((fixed.mean(), fixed.sd(), fixed.median(), fixed.ln_density(2.5)), (2.5, 0.0, 2.5, 0.0));
    assert_eq!((fixed.cdf(2.4), fixed.cdf(2.5), fixed.name()), (0.0, 1.0, "fixed"));
}

/// The distribution a case of the golden file speaks of.
fn from_case(case: &serde_json::Value) -> Distribution {
    use Distribution as D;
    let p = |name: &str| case["arguments"][name].as_f64().expect("an argument");
    let bound = |name: &str, none: f64| case["arguments"][name].as_f64().unwrap_or(none);
    match case["family"].as_str().expect("a family") {
        "normal" => D::Normal(Normal { mean: p("mean"), sd: p("sd") }),
        "truncated_normal" => D::TruncatedNormal(TruncatedNormal {
            mean: p("mean"),
            sd: p("sd"),
            lower: bound("lower", NEG_INFINITY),
            upper: bound("upper", INFINITY),
        }),
        "half_normal" => D::HalfNormal(HalfNormal { sd: p("sd") }),
        "log_normal" => D::LogNormal(LogNormal { mean_log: p("mean_log"), sd_log: p("sd_log") }),
        "gamma" => D::Gamma(Gamma { shape: p("shape"), rate: p("rate") }),
        "inverse_gamma" => D::InverseGamma(InverseGamma { shape: p("shape"), scale: p("scale") }),
        "beta" => D::Beta(Beta { alpha: p("alpha"), beta: p("beta") }),
        "exponential" => D::Exponential(Exponential { rate: p("rate") }),
        "laplace" => D::Laplace(Laplace { location: p("location"), scale: p("scale") }),
        "student_t" => D::StudentT(StudentT { df: p("df"), location: p("location"), scale: p("scale") }),
        "half_student_t" => D::HalfStudentT(HalfStudentT { df: p("df"), scale: p("scale") }),
        "cauchy" => D::Cauchy(Cauchy { location: p("location"), scale: p("scale") }),
        "half_cauchy" => D::HalfCauchy(HalfCauchy { scale: p("scale") }),
        "uniform" => D::Uniform(Uniform { lower: p("lower"), upper: p("upper") }),
        "weibull" => D::Weibull(Weibull { shape: p("shape"), scale: p("scale") }),
        other => panic!("`{other}` is no family of ours"),
    }
}

/// A number of the golden file, which writes `inf` and `nan` as words.
fn number(value: &serde_json::Value) -> f64 {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).expect("a number")
}

/// SciPy 1.17.1 and mpmath 1.4.1 through `tests/golden/distributions.py`, 2026-11-22, at 1e-11 and for quantiles 1e-9.
#[test]
fn agrees_with_scipy_1_17() {
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../../tests/golden/distributions.json"))
            .expect("the golden file is JSON");
    let mut names = std::collections::BTreeSet::new();
    for case in golden["cases"].as_array().expect("cases") {
        let distribution = from_case(case);
        assert_eq!(distribution.name(), case["family"]);
        names.insert(distribution.name());
        let what = |which: &str, at: f64| format!("{which} of {distribution:?} at {at}");
        check_close(distribution.mean(), number(&case["mean"]), 1e-11, 1e-13, &|| what("mean", 0.0));
        check_close(distribution.sd(), number(&case["sd"]), 1e-11, 1e-13, &|| what("sd", 0.0));
        for point in case["points"].as_array().expect("points") {
            let [x, ln_density, cdf] = [0, 1, 2].map(|i| number(&point[i]));
            check_close(distribution.ln_density(x), ln_density, 1e-11, 1e-11, &|| what("ln density", x));
            check_close(distribution.cdf(x), cdf, 1e-10, 0.0, &|| what("cdf", x));
        }
        for point in case["quantiles"].as_array().expect("quantiles") {
            let [p, x] = [0, 1].map(|i| number(&point[i]));
            check_close(distribution.quantile(p), x, 1e-9, 1e-13, &|| what("quantile", p));
        }
    }
    let ours: std::collections::BTreeSet<_> = every_family().iter().map(Distribution::name).collect();
    assert_eq!(names, ours, "every family has a golden case");
}

#[test]
fn the_bell_of_a_half_normal_is_twice_that_of_the_normal() {
    let (half, whole) = (HalfNormal { sd: SQRT_2 }, Normal { mean: 0.0, sd: SQRT_2 });
    let (half, whole) = (Distribution::HalfNormal(half), Distribution::Normal(whole));
    check_close(half.ln_density(0.7) - whole.ln_density(0.7), 2f64.ln(), 1e-14, 0.0, &|| "ratio".into());
}
