//! Rays against the forward pass.

use super::sums::{RaySums, RayWork};
use super::*;
use crate::adstock::{BinomialConvention, Window};
use crate::math::testing::{log_uniform, stream, uniform};
use crate::model::media::EffectKind;
use crate::model::media::MediaTerm;
use crate::model::pooling::CoefficientRef;

fn adstocks() -> Vec<Adstock> {
    let window = 6;
    vec![
        Adstock::None,
        Adstock::Geometric { window: Window::Infinite, normalize: false },
        Adstock::Geometric { window: Window::Periods(window), normalize: true },
        Adstock::Delayed { window, normalize: false },
        Adstock::Binomial { window, normalize: true, convention: BinomialConvention::Window },
        Adstock::WeibullPdf { window, normalize: true },
        Adstock::WeibullCdf { window, normalize: false },
    ]
}

fn term(transforms: Transforms) -> MediaTerm {
    let place = |at: usize| CoefficientRef { at, stride: 0 };
    MediaTerm {
        name: "tv".into(),
        adstock: transforms.adstock,
        adstock_parameters: (0..transforms.adstock.parameter_names().len()).map(place).collect(),
        saturation: transforms.saturation,
        saturation_parameters: (0..transforms.saturation.parameter_names().len())
            .map(|k| place(2 + k))
            .collect(),
        order: transforms.order,
        effect: place(4),
        kind: EffectKind::Coefficient,
        feature_scale: 1.0,
    }
}

fn every() -> Vec<Transforms> {
    let orders = [TransformOrder::AdstockFirst, TransformOrder::SaturationFirst];
    let mut all = Vec::new();
    for adstock in adstocks() {
        for saturation in Saturation::ALL {
            all.extend(orders.map(|order| Transforms { adstock, saturation, order }));
        }
    }
    all
}

fn parameters(transforms: Transforms, rng: &mut impl rand::Rng) -> [f64; 5] {
    let mut all = [0.0; 5];
    for (value, name) in all.iter_mut().zip(transforms.adstock.parameter_names()) {
        *value = match *name {
            "decay" => uniform(rng, 0.05, 0.9),
            "peak" => uniform(rng, 0.0, 4.0),
            _ => uniform(rng, 0.7, 3.0),
        };
    }
    for (value, name) in all[2..].iter_mut().zip(transforms.saturation.parameter_names()) {
        *value = if *name == "exponent" { uniform(rng, 0.2, 0.9) } else { log_uniform(rng, 0.3, 3.0) };
    }
    all[4] = uniform(rng, -1.0, 3.0);
    all
}

fn cut(transforms: Transforms, all: &[f64; 5]) -> (&[f64], &[f64]) {
    let (carry, bend) =
        (transforms.adstock.parameter_names().len(), transforms.saturation.parameter_names().len());
    (&all[..carry], &all[2..2 + bend])
}

#[test]
fn a_ray_is_the_forward_pass_on_scaled_exposure() {
    let mut rng = stream(31);
    for transforms in every() {
        let all = parameters(transforms, &mut rng);
        let (carry, bend) = cut(transforms, &all);
        let past: Vec<f64> = (0..20).map(|t| if t < 9 { uniform(&mut rng, 0.0, 2.0) } else { 0.0 }).collect();
        let profile: Vec<f64> =
            (0..20).map(|t| if (9..14).contains(&t) { uniform(&mut rng, 0.0, 0.3) } else { 0.0 }).collect();
        let mut work = RayWork::default();
        let mut rays = Rays::new(transforms);
        let from = 9;
        rays.push(carry, bend, all[4], Flight::Along { past: &past, profile: &profile, from }, &mut work);
        let term = term(transforms);
        let total = |b: f64| {
            let x: Vec<f64> = past.iter().zip(&profile).map(|(past, p)| past + b * p).collect();
            let mut media = term.work(1, x.len());
            term.transform(&all, &x, x.len(), &mut media);
            all[4] * media.transformed[from..].iter().sum::<f64>()
        };
        for b in [0.0, 0.7, 3.0, 11.0] {
            let (value, slope) = rays.at(0, b, &mut work);
            let expected = total(b) - total(0.0);
            assert!((value - expected).abs() < 1e-12 * (1.0 + expected.abs()), "{transforms:?} {b}");
            if b > 0.0 {
                let h = 1e-4;
                let difference = (total(b + h) - total(b - h)) / (2.0 * h);
                assert!((slope - difference).abs() < 1e-6 * (1.0 + slope.abs()), "{transforms:?} {b}");
            }
        }
    }
}

#[test]
fn a_steady_ray_is_what_a_long_constant_flighting_comes_to() {
    let mut rng = stream(32);
    for transforms in every() {
        let all = parameters(transforms, &mut rng);
        let (carry, bend) = cut(transforms, &all);
        let mut work = RayWork::default();
        let mut rays = Rays::new(transforms);
        rays.push(carry, bend, all[4], Flight::Steady { gain: 0.5, periods: 3.0 }, &mut work);
        let term = term(transforms);
        let x = vec![0.5 * 1.4; 400];
        let mut media = term.work(1, x.len());
        term.transform(&all, &x, x.len(), &mut media);
        let expected = 3.0 * all[4] * media.transformed[399];
        let (value, _) = rays.at(0, 1.4, &mut work);
        assert!(
            (value - expected).abs() < 1e-11 * (1.0 + expected.abs()),
            "{transforms:?} {value} {expected}"
        );
    }
}

#[test]
fn sums_hold_values_and_slopes_and_bound_the_slope_in_between() {
    let mut rng = stream(33);
    for transforms in every() {
        let mut work = RayWork::default();
        let mut rays = Rays::new(transforms);
        for _ in 0..3 {
            let all = parameters(transforms, &mut rng);
            let (carry, bend) = cut(transforms, &all);
            let profile = [0.2, 0.0, 0.4, 0.1, 0.0, 0.0];
            let flight = Flight::Along { past: &[0.0; 6], profile: &profile, from: 0 };
            rays.push(carry, bend, all[4], flight, &mut work);
        }
        let points = [0.0, 0.5, 2.0, 9.0, 30.0];
        let mut sums = RaySums::zeros(points.len());
        rays.add(0..rays.len(), &points, &mut sums, &mut work);
        let mut whole = |b: f64| {
            (0..rays.len())
                .map(|ray| rays.at(ray, b, &mut work))
                .fold((0.0, 0.0), |a, x| (a.0 + x.0, a.1 + x.1))
        };
        for (i, b) in points.iter().enumerate() {
            let (value, slope) = whole(*b);
            assert!((sums.value[i] - value).abs() < 1e-12 * (1.0 + value.abs()), "{transforms:?}");
            assert!(*b == 0.0 || (sums.slope[i] - slope).abs() < 1e-12 * (1.0 + slope.abs()));
        }
        for i in 0..points.len() - 1 {
            for k in 1..40 {
                let b = points[i] + (points[i + 1] - points[i]) * f64::from(k) / 40.0;
                let (_, slope) = whole(b);
                let slack = 1e-12 * (1.0 + slope.abs());
                assert!(slope <= sums.steepest[i] + slack, "{transforms:?} {b}: {slope} {:?}", sums.steepest);
                assert!(slope >= sums.flattest[i] - slack, "{transforms:?} {b}: {slope} {:?}", sums.flattest);
            }
        }
    }
}
