//! Laplace's approximation: the normal distribution that has the mode and the curvature of a density [gelman2013] sec. 13.3.
//!
//! ```text
//! q = N(û, H⁻¹)        û = argmax ln p        H = −∂² ln p/∂u² at û
//! ```
//! How far it is from the density is measured by Pareto's k of the importance ratios `p/q` at its own draws [yao2018b].

use crate::comparison;
use crate::log_density::LogDensity;
use crate::seed::{Purpose, stream};
use basin::{CostFunction, Executor, FirstOrderState, Gradient, HessianProduct, State, TrustRegion};
use faer::linalg::solvers::Solve;
use faer::{Mat, Scale, Side};
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::cell::RefCell;
use std::convert::Infallible;

const MOST_ITERATIONS: u64 = 500;
/// The mode is found when Newton's step would gain less than this in ln p.
const GAIN: f64 = 1e-10;
/// Newton's steps after the search; each doubles the digits.
const POLISH: usize = 8;
/// Nothing is taken to be flatter, in the units of the coordinates.
const LEAST_CURVATURE: f64 = 1e-6;
/// Draws beyond this many say no more about the tail.
const MOST_RATIOS: usize = 1000;

/// Draws of the approximation, and how good it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Laplace {
    /// Draws of every chain, `[chain][draw, dim]`, dimension contiguous.
    pub chains: Vec<Vec<f64>>,
    /// Pareto's k of the importance ratios: below 0.5 the approximation is good, above 0.7 it is not to be trusted.
    pub pareto_k: f64,
}

/// Why there is no approximation.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LaplaceError {
    /// The density is not finite at the start.
    #[error("the density is not finite at the starting point")]
    BadStart,
    /// No point with zero gradient and positive curvature in all directions was found.
    #[error("no mode was found: the density is flat, or rises without end, along coordinate {coordinate}")]
    NoMode {
        /// The coordinate that dominates the worst direction.
        coordinate: usize,
    },
}

/// Draws `n_chains` times `n_draws` positions around a mode; chain `k` owns stream `k`.
///
/// The mode is that of `density` itself or, where that has kinks (a curvature needs two derivatives), of one without them; how
/// good the result is, is measured against `density` in any case.
pub fn approximate<D: LogDensity>(
    mut density: D,
    mode: &Mode,
    n_chains: usize,
    n_draws: usize,
    seed: u64,
) -> Laplace {
    let draw = |chain: usize| -> Vec<f64> {
        let mut rng = stream(seed, Purpose::Chain, chain as u64);
        (0..n_draws).flat_map(|_| mode.draw(&mut rng)).collect()
    };
    let chains: Vec<Vec<f64>> = (0..n_chains).map(draw).collect();
    let dim = mode.position.len();
    // ln q = const − ½·(u − û)ᵀ·H·(u − û); the constant does not change the tail.
    let mut gradient = vec![0.0; dim];
    let mut ratio = |u: &[f64]| density.log_density(u, &mut gradient) + 0.5 * mode.squared_length(u);
    let draws = chains.iter().flat_map(|chain| chain.chunks_exact(dim));
    let ratios: Vec<f64> = draws.take(MOST_RATIOS).map(&mut ratio).collect();
    Laplace { pareto_k: comparison::smooth(&ratios, 1.0).k, chains }
}

/// The mode of a density and its curvature there.
#[derive(Clone, Debug, PartialEq)]
pub struct Mode {
    /// û, `[dim]`.
    pub position: Vec<f64>,
    /// `L` of `H = L·Lᵀ`, lower triangular and row-major, `[dim, dim]`.
    pub factor: Vec<f64>,
}

/// Climbs from `start` to the mode of a density without kinks.
///
/// Coordinates should have comparable scales: the climb begins with steps of length one.
///
/// # Errors
/// See [`LaplaceError`].
pub fn mode<D: LogDensity>(density: D, start: &[f64]) -> Result<Mode, LaplaceError> {
    let hill = Hill { density: RefCell::new(density), last: RefCell::new(None) };
    if !hill.at(start, |point| point.ln_density.is_finite()) {
        return Err(LaplaceError::BadStart);
    }
    let (position, precision) = top(&hill, climb(&hill, start))?;
    Mode::with(position, &precision).ok_or(LaplaceError::NoMode { coordinate: 0 })
}

/// Where the draws of a density lie, and how it is curved there on average.
///
/// ```text
/// H = −E ∂² ln p/∂u² = E ∂ ln p/∂u·(∂ ln p/∂u)ᵀ
/// ```
/// That is positive in all directions; over a few draws it may not be, and then counts by its size.
pub fn around<D: LogDensity>(density: D, draws: &[Vec<f64>]) -> Option<Mode> {
    let dim = density.dim();
    let n = draws.len() as f64;
    let hill = Hill { density: RefCell::new(density), last: RefCell::new(None) };
    let mut precision = Mat::<f64>::zeros(dim, dim);
    for draw in draws {
        precision += hill.precision(draw);
    }
    let precision = precision * Scale(1.0 / n);
    let eigen = precision.self_adjoint_eigen(Side::Lower).ok()?;
    let (vectors, values) = (eigen.U(), eigen.S().column_vector());
    let positive = Mat::from_fn(dim, dim, |i, k| vectors[(i, k)] * values[k].abs().max(LEAST_CURVATURE));
    let centre = (0..dim).map(|i| draws.iter().map(|draw| draw[i]).sum::<f64>() / n).collect();
    Mode::with(centre, &(positive * vectors.transpose()))
}

impl Mode {
    /// `None` where the curvature is not positive in all directions.
    fn with(position: Vec<f64>, precision: &Mat<f64>) -> Option<Self> {
        let dim = position.len();
        let factor = precision.llt(Side::Lower).ok()?;
        let l = factor.L();
        Some(Self { factor: (0..dim * dim).map(|k| l[(k / dim, k % dim)]).collect(), position })
    }

    /// `û + L⁻ᵀ·z`, by back substitution.
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<f64> {
        let (dim, l) = (self.position.len(), &self.factor);
        let mut x: Vec<f64> = (0..dim).map(|_| StandardNormal.sample(rng)).collect();
        for i in (0..dim).rev() {
            let below: f64 = (i + 1..dim).map(|k| l[k * dim + i] * x[k]).sum();
            x[i] = (x[i] - below) / l[i * dim + i];
        }
        x.iter().zip(&self.position).map(|(x, u)| x + u).collect()
    }

    /// `‖Lᵀ·(u − û)‖²`.
    fn squared_length(&self, u: &[f64]) -> f64 {
        let dim = self.position.len();
        let apart: Vec<f64> = u.iter().zip(&self.position).map(|(u, m)| u - m).collect();
        let along = |i: usize| (i..dim).map(|k| self.factor[k * dim + i] * apart[k]).sum::<f64>();
        (0..dim).map(|i| along(i).powi(2)).sum()
    }
}

/// A density as the library sees it, upside down.
struct Hill<D> {
    density: RefCell<D>,
    last: RefCell<Option<Point>>,
}

#[derive(Clone, Debug)]
struct Point {
    position: Vec<f64>,
    ln_density: f64,
    gradient: Vec<f64>,
}

impl<D: LogDensity> Hill<D> {
    /// Reads what is known at a position; value and gradient are asked for one after the other at the same one.
    fn at<T>(&self, position: &[f64], read: impl FnOnce(&Point) -> T) -> T {
        let mut last = self.last.borrow_mut();
        if last.as_ref().is_none_or(|point| point.position != position) {
            let mut gradient = vec![0.0; position.len()];
            let ln_density = self.density.borrow_mut().log_density(position, &mut gradient);
            *last = Some(Point { position: position.to_vec(), ln_density, gradient });
        }
        read(last.as_ref().expect("it was just put there"))
    }

    /// `∂² ln p/∂u²·v` by central differences of the gradient.
    fn curvature_along(&self, position: &[f64], v: &[f64]) -> Vec<f64> {
        let length = v.iter().map(|v| v * v).sum::<f64>().sqrt();
        if length == 0.0 {
            return vec![0.0; v.len()];
        }
        // Errors of order step² of the difference and ε/step of the gradient are balanced at ε^⅓.
        let step = f64::EPSILON.cbrt() / length;
        let shifted = |sign: f64| -> Vec<f64> {
            let there: Vec<f64> = position.iter().zip(v).map(|(u, v)| u + sign * step * v).collect();
            self.at(&there, |point| point.gradient.clone())
        };
        let (above, below) = (shifted(1.0), shifted(-1.0));
        above.iter().zip(&below).map(|(a, b)| (a - b) / (2.0 * step)).collect()
    }

    /// H, symmetric.
    fn precision(&self, position: &[f64]) -> Mat<f64> {
        let dim = position.len();
        let columns: Vec<Vec<f64>> = (0..dim)
            .map(|j| {
                let unit: Vec<f64> = (0..dim).map(|i| f64::from(i == j)).collect();
                self.curvature_along(position, &unit)
            })
            .collect();
        Mat::from_fn(dim, dim, |i, j| -0.5 * (columns[j][i] + columns[i][j]))
    }
}

impl<D: LogDensity> CostFunction for &Hill<D> {
    type Param = Vec<f64>;
    type Output = f64;
    type Error = Infallible;
    fn cost(&self, position: &Vec<f64>) -> Result<f64, Infallible> {
        Ok(self.at(position, |point| -point.ln_density))
    }
}

impl<D: LogDensity> Gradient for &Hill<D> {
    type Gradient = Vec<f64>;
    fn gradient(&self, position: &Vec<f64>) -> Result<Vec<f64>, Infallible> {
        Ok(self.at(position, |point| point.gradient.iter().map(|g| -g).collect()))
    }
}

impl<D: LogDensity> HessianProduct for &Hill<D> {
    fn hessian_product(&self, position: &Vec<f64>, v: &Vec<f64>) -> Result<Vec<f64>, Infallible> {
        Ok(self.curvature_along(position, v).iter().map(|c| -c).collect())
    }
}

/// Near the mode, by the library's trust-region method; where it fails, as far as it came.
fn climb<D: LogDensity>(hill: &Hill<D>, start: &[f64]) -> Vec<f64> {
    let solver = TrustRegion::matrix_free().with_absolute_gradient_tolerance(1e-3);
    let state = FirstOrderState::new(start.to_vec());
    match Executor::new(hill, solver, state).max_iter(MOST_ITERATIONS).run() {
        Ok(result) => result.state.param().clone(),
        Err(_) => start.to_vec(),
    }
}

/// The mode itself with its curvature, by Newton's steps from nearby.
fn top<D: LogDensity>(hill: &Hill<D>, near: Vec<f64>) -> Result<(Vec<f64>, Mat<f64>), LaplaceError> {
    let mut mode = near;
    let mut precision = hill.precision(&mode);
    for _ in 0..POLISH {
        let Ok(factor) = precision.llt(Side::Lower) else { break };
        let gradient = hill.at(&mode, |point| point.gradient.clone());
        let step = factor.solve(Mat::from_fn(mode.len(), 1, |i, _| gradient[i]));
        let gain = 0.5 * (0..mode.len()).map(|i| gradient[i] * step[(i, 0)]).sum::<f64>();
        mode.iter_mut().enumerate().for_each(|(i, u)| *u += step[(i, 0)]);
        if gain < GAIN {
            return Ok((mode, precision));
        }
        precision = hill.precision(&mode);
    }
    Err(LaplaceError::NoMode { coordinate: flattest(&precision) })
}

/// The coordinate with the least curvature.
fn flattest(precision: &Mat<f64>) -> usize {
    let n = precision.nrows();
    (0..n).min_by(|a, b| precision[(*a, *a)].total_cmp(&precision[(*b, *b)])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A normal of given precision, or its exponential: `u` is the logarithm of a gamma variable in every coordinate.
    struct LogGamma(Vec<f64>);

    impl LogDensity for LogGamma {
        fn dim(&self) -> usize {
            self.0.len()
        }
        fn log_density(&mut self, u: &[f64], gradient: &mut [f64]) -> f64 {
            let mut sum = 0.0;
            for ((u, a), g) in u.iter().zip(&self.0).zip(gradient) {
                sum += a * u - u.exp();
                *g = a - u.exp();
            }
            sum
        }
    }

    struct Plateau;

    impl LogDensity for Plateau {
        fn dim(&self) -> usize {
            2
        }
        fn log_density(&mut self, u: &[f64], gradient: &mut [f64]) -> f64 {
            gradient[0] = -u[0];
            gradient[1] = 0.0;
            -0.5 * u[0] * u[0]
        }
    }

    /// `ln p = 2·u₀² − 4.5·u₁²`.
    struct Saddle;

    impl LogDensity for Saddle {
        fn dim(&self) -> usize {
            2
        }
        fn log_density(&mut self, u: &[f64], gradient: &mut [f64]) -> f64 {
            gradient.copy_from_slice(&[4.0 * u[0], -9.0 * u[1]]);
            2.0 * u[0] * u[0] - 4.5 * u[1] * u[1]
        }
    }

    #[test]
    fn mode_and_curvature_are_those_of_the_formula() {
        // ln p = a·u − e^u: the mode is ln a, the curvature a.
        let shapes = vec![400.0, 900.0, 2500.0];
        let mode = mode(LogGamma(shapes.clone()), &[0.0; 3]).unwrap();
        let laplace = approximate(LogGamma(shapes.clone()), &mode, 2, 20_000, 1);
        for (i, a) in shapes.iter().enumerate() {
            assert!((mode.position[i] - a.ln()).abs() < 1e-8, "{:?}", mode.position);
            let draws: Vec<f64> =
                laplace.chains.iter().flat_map(|chain| chain.iter().skip(i).step_by(3).copied()).collect();
            let mean = draws.iter().sum::<f64>() / draws.len() as f64;
            let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / draws.len() as f64;
            let sd = a.recip().sqrt();
            assert!((mean - a.ln()).abs() < 4.0 * sd / 200.0);
            assert!((variance / sd.powi(2) - 1.0).abs() < 4.0 * (2.0_f64 / 40_000.0).sqrt());
        }
        assert!(laplace.pareto_k < 0.5, "{}", laplace.pareto_k);
    }

    #[test]
    fn around_draws_the_curvature_is_their_average_and_counts_by_its_size() {
        // −∂² ln p/∂u² = e^u
        let draws = [vec![0.0, 1.0], vec![0.5, -1.0], vec![1.0, 0.3]];
        let around_draws = around(LogGamma(vec![3.0, 3.0]), &draws).unwrap();
        for i in 0..2 {
            let average = draws.iter().map(|draw| draw[i].exp()).sum::<f64>() / 3.0;
            let mean = draws.iter().map(|draw| draw[i]).sum::<f64>() / 3.0;
            assert!((around_draws.factor[3 * i].powi(2) - average).abs() < 1e-8);
            assert!((around_draws.position[i] - mean).abs() < 1e-15);
        }
        let between = around(Saddle, &[vec![0.0, 0.0]]).unwrap();
        assert!((between.factor[0].powi(2) - 4.0).abs() < 1e-8, "{between:?}");
        assert!((between.factor[3].powi(2) - 9.0).abs() < 1e-8, "{between:?}");
    }

    #[test]
    fn a_skewed_density_is_said_to_be_one() {
        // Three heavy left tails that no normal has.
        let mode = mode(LogGamma(vec![0.3; 3]), &[0.0; 3]).unwrap();
        let laplace = approximate(LogGamma(vec![0.3; 3]), &mode, 1, 1000, 1);
        assert!(laplace.pareto_k > 0.7, "{}", laplace.pareto_k);
    }

    #[test]
    fn a_density_without_a_mode_is_refused() {
        assert_eq!(mode(Plateau, &[1.0, 1.0]).unwrap_err(), LaplaceError::NoMode { coordinate: 1 });
    }
}
