//! Response curves: what a channel would bring at other levels of spend, with bands.
//!
//! Two questions, two curves. *Flighting*: the channel's own spend in a window, scaled from 0 to a multiple, everything
//! else as it was; the outcome is that of the whole window. *Steady*: the same money in every period with carry-over at
//! its limit; the outcome is that of one period. Neither is the saturation function of raw spend.

use super::surface::Surface;
use super::window::Window;
use crate::math::parallel;
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::interval::{Interval, quantile};
use crate::posterior::replay::Replay;
use serde::Serialize;

/// Draws in one block of work.
const BLOCK: usize = 64;
/// Share by which money is raised for the slope of a flighting curve.
const RAISE: f64 = 0.005;

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Money: per period on a steady curve, over the window on a flighting curve.
    pub spend: f64,
    /// That as a multiple of today's; NaN where nothing is spent today.
    pub factor: f64,
    /// What it brings.
    pub outcome: Interval,
    /// What one more unit of money would bring.
    pub marginal: Interval,
    /// Whether the data have never seen so much money in one period.
    pub beyond_seen: bool,
}

/// The curve of one channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResponseCurve {
    /// Channel, or `geo/channel`.
    pub name: String,
    /// Today's money: per period, or over the window.
    pub current: f64,
    /// The highest spend of one period that the data have seen.
    pub highest: Option<f64>,
    /// Points from nothing up.
    pub points: Vec<CurvePoint>,
}

/// Steady-state curves of every cell of a surface over one period, at `n` equal steps from nothing to `reach` times today's
/// or the highest spend, whichever is more, and at these two.
pub fn steady(surface: &Surface, reach: f64, n: usize, level: f64) -> Vec<ResponseCurve> {
    let periods = surface.horizon.periods as f64;
    let curve = |k: usize| {
        let cell = &surface.cells[k];
        let current = cell.current / periods;
        let most = reach * current.max(cell.highest.unwrap_or(0.0));
        let most = if most > 0.0 { most } else { 1.0 };
        let points = steps(most, n, [current, cell.highest.unwrap_or(0.0)]).into_iter().map(|spend| {
            let draws = surface.cell_outcomes(k, spend * periods);
            let of = |value: &dyn Fn(&(f64, f64)) -> f64| {
                Interval::of(&mut draws.iter().map(value).collect::<Vec<_>>(), level)
            };
            CurvePoint {
                spend,
                factor: spend / current,
                outcome: of(&|(value, _)| value / periods),
                marginal: of(&|(_, slope)| *slope),
                beyond_seen: cell.highest.is_some_and(|highest| spend > highest * (1.0 + 1e-9)),
            }
        });
        ResponseCurve { name: cell.name.clone(), current, highest: cell.highest, points: points.collect() }
    };
    parallel::map(surface.cells.len(), surface.threads, curve)
}

/// The spend at which one more unit of money brings exactly one.
///
/// A draw whose curve still pays at the end of the range has its break-even beyond it; a quantile that falls there is
/// missing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BreakEven {
    /// Median, money per period.
    pub median: Option<f64>,
    /// Lower end of the interval.
    pub lower: Option<f64>,
    /// Upper end of the interval.
    pub upper: Option<f64>,
    /// Probability that it lies above today's spend: that the next unit of money pays.
    pub p_above_current: f64,
}

/// Break-even of every cell of a surface in the steady state, between nothing and `reach` times today's or the highest
/// spend, by the last of `n` steps in which the slope comes down to one; draw by draw, interpolated in between.
pub fn break_even(surface: &Surface, reach: f64, n: usize, level: f64) -> Vec<BreakEven> {
    let periods = surface.horizon.periods as f64;
    let of_cell = |k: usize| {
        let cell = &surface.cells[k];
        let current = cell.current / periods;
        let most = reach * current.max(cell.highest.unwrap_or(0.0));
        let at = steps(if most > 0.0 { most } else { 1.0 }, n, [current]);
        let slopes: Vec<Vec<f64>> = at
            .iter()
            .map(|spend| surface.cell_outcomes(k, spend * periods).iter().map(|(_, slope)| *slope).collect())
            .collect();
        let mut found: Vec<f64> =
            (0..surface.n_draws).map(|s| last_fall_to_one(&at, |i| slopes[i][s])).collect();
        let above = found.iter().filter(|spend| **spend > current).count();
        found.sort_by(f64::total_cmp);
        let quantile = |p: f64| {
            // Between two draws one of which is beyond the range, nothing can be interpolated.
            let place = (p * (found.len() - 1) as f64).ceil() as usize;
            found[place].is_finite().then(|| quantile(&found, p))
        };
        let tail = 0.5 * (1.0 - level);
        BreakEven {
            median: quantile(0.5),
            lower: quantile(tail),
            upper: quantile(1.0 - tail),
            p_above_current: above as f64 / surface.n_draws as f64,
        }
    };
    parallel::map(surface.cells.len(), surface.threads, of_cell)
}

/// Where a slope known at ascending points last comes down to one: 0 where it never is above, ∞ where it still is.
fn last_fall_to_one(at: &[f64], slope: impl Fn(usize) -> f64) -> f64 {
    let Some(last) = (0..at.len()).rev().find(|i| slope(*i) > 1.0) else { return 0.0 };
    if last + 1 == at.len() {
        return f64::INFINITY;
    }
    let (above, below) = (slope(last), slope(last + 1));
    // A curve that starts vertically has no slope at nothing to interpolate from.
    let share = if above.is_finite() { (above - 1.0) / (above - below) } else { 1.0 };
    at[last] + share * (at[last + 1] - at[last])
}

/// `n` equal steps from 0 to `most`, and the points of `more` that lie in between, ascending.
fn steps(most: f64, n: usize, more: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let even = (0..=n).map(|i| most * i as f64 / n as f64);
    let mut all: Vec<f64> = even.chain(more.into_iter().filter(|x| (0.0..=most).contains(x))).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

/// Curves of every paid channel's own flighting in `window`, scaled from 0 to `reach` in `n` equal steps and as it was; outcomes in
/// money where the KPI has a value, else in KPI units, carry-over behind the window counted.
pub fn flighting(
    model: &CompiledModel,
    posterior: &Posterior,
    window: Window,
    reach: f64,
    n: usize,
    level: f64,
    threads: usize,
) -> Vec<ResponseCurve> {
    let n_draws = posterior.n_chains * posterior.n_draws;
    let times = model.panel.n_times();
    let n_paid = model.panel.media.len();
    let factors = steps(reach, n, [1.0]);
    let scaled = |c: usize, factor: f64| -> Vec<f64> {
        let inside = |i: usize| window.spent().contains(&(i % times));
        let exposure = model.training.exposure[c].iter().enumerate();
        exposure.map(|(i, x)| if inside(i) { factor * x } else { *x }).collect()
    };
    // `[draw][channel][factor]`: what is lost against the mean as it was, with money as it was and a little more.
    let blocks = parallel::map(n_draws.div_ceil(BLOCK), threads, |block| {
        let mut replay = Replay::new(model);
        let mut media: Vec<_> =
            model.mean.channels.iter().map(|term| term.work(model.panel.n_geos(), times)).collect();
        let mut cells = vec![0.0; model.panel.n_cells()];
        let value = |i: usize| model.panel.revenue_per_kpi.as_ref().map_or(1.0, |value| value[i]);
        let mut lost = Vec::new();
        for s in block * BLOCK..((block + 1) * BLOCK).min(n_draws) {
            replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
            for c in 0..n_paid {
                for factor in factors.iter().flat_map(|factor| [*factor, factor + RAISE]) {
                    cells.fill(0.0);
                    replay.add_change(c, &scaled(c, factor), &mut media[c], &mut cells);
                    let counted = (0..model.panel.n_geos())
                        .flat_map(|geo| window.counted().map(move |t| geo * times + t));
                    lost.push(counted.map(|i| cells[i] * value(i)).sum::<f64>());
                }
            }
        }
        lost
    });
    let lost = blocks.concat();
    let per_draw = n_paid * factors.len() * 2;
    let at = |s: usize, c: usize, i: usize, raised: usize| {
        lost[s * per_draw + (c * factors.len() + i) * 2 + raised]
    };
    (0..n_paid)
        .map(|c| {
            let paid = &model.panel.media[c];
            let spend = |t: usize| -> f64 {
                let spend = paid.spend.as_ref();
                spend.map_or(0.0, |spend| (0..model.panel.n_geos()).map(|geo| spend[geo * times + t]).sum())
            };
            let current: f64 = window.spent().map(spend).sum();
            let highest = (0..times).map(spend).fold(0.0, f64::max);
            let peak = window.spent().map(spend).fold(0.0, f64::max);
            let points = factors.iter().enumerate().map(|(i, factor)| {
                let of = |value: &dyn Fn(usize) -> f64| {
                    Interval::of(&mut (0..n_draws).map(value).collect::<Vec<_>>(), level)
                };
                CurvePoint {
                    spend: factor * current,
                    factor: *factor,
                    // Less is lost at this factor than with nothing: that is what it brings.
                    outcome: of(&|s| at(s, c, 0, 0) - at(s, c, i, 0)),
                    marginal: of(&|s| (at(s, c, i, 0) - at(s, c, i, 1)) / (RAISE * current)),
                    beyond_seen: factor * peak > highest * (1.0 + 1e-9),
                }
            });
            ResponseCurve {
                name: paid.name.clone(),
                current,
                highest: Some(highest),
                points: points.collect(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_break_even_is_where_the_slope_last_comes_down_to_one() {
        let at = [0.0, 1.0, 2.0, 4.0];
        let of = |slopes: [f64; 4]| last_fall_to_one(&at, |i| slopes[i]);
        assert_eq!(of([3.0, 2.0, 0.0, 0.0]), 1.5);
        // An S-curve pays only after its foot.
        assert_eq!(of([0.1, 2.0, 1.5, 0.5]), 3.0);
        assert_eq!(of([0.9, 0.5, 0.2, 0.1]), 0.0);
        assert_eq!(of([5.0, 4.0, 3.0, 2.0]), f64::INFINITY);
        assert_eq!(of([f64::INFINITY, 0.5, 0.2, 0.1]), 1.0);
    }
}
