//! What a plan would bring, draw by draw: one curve per cell of the plan, and how the cells come together.
//!
//! ```text
//! outcome_s(b) = Σ_k F_{k,s}(b_k)                          effects that add up
//! outcome_s(b) = Σ_g base_{g,s}·( exp(Σ_k v_{k,g,s}(b_k)) − 1 )     log link
//! ```
//! `b_k` is the money put on cell `k` over the whole horizon; the outcome is counted against no money at all. A cell is a
//! channel, or a channel in one geo. Every curve is a ray of `model::response`, so nothing here knows a transform.

pub mod fitted;
pub mod flighting;
pub mod stated;

use crate::math::parallel;
use crate::model::response::Rays;
use crate::model::response::sums::{RaySums, RayWork};
use serde::Serialize;

/// Draws that are evaluated together; sums are formed block by block, so threads change no bit.
const BLOCK: usize = 256;

/// In what an outcome is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
pub enum OutcomeUnit {
    /// Money: revenue, or a count times its value.
    Money,
    /// Units of the KPI of this name.
    Kpi(String),
}

/// The time that a plan covers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Horizon {
    /// Number of periods in which money is spent.
    pub periods: usize,
    /// What one period is called.
    pub period: String,
    /// Periods per year.
    pub per_year: f64,
    /// Periods behind the horizon in which carry-over is still counted; `None` in the steady state, which has no end.
    pub tail: Option<usize>,
}

/// Something that gets money: a channel, or a channel in one geo.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Shown name: the channel, or `geo/channel`.
    pub name: String,
    /// Channel.
    pub channel: String,
    /// Geo, where the plan is made by geo.
    pub geo: Option<String>,
    /// Money over the horizon at today's pace.
    pub current: f64,
    /// The highest spend of one period that the data have seen; `None` where nobody knows.
    pub highest: Option<f64>,
    /// The lowest spend of one period that the data have seen.
    pub lowest: Option<f64>,
    /// Shares of its money by period of the horizon; they sum to one.
    pub shares: Vec<f64>,
    /// Curves, `[draw, local geo]`.
    rays: Rays,
    /// The geos they act in.
    geos: Vec<usize>,
}

/// How cells come together.
#[derive(Clone, Debug)]
enum Combine {
    /// Outcomes add up.
    Sum,
    /// Effects add up in the exponent; `base` is the outcome without the planned media, `[draw, geo]`.
    Exponential { base: Vec<f64>, n_geos: usize },
}

/// Curves for all cells of a plan over all draws.
#[derive(Clone, Debug)]
pub struct Surface {
    /// The cells.
    pub cells: Vec<Cell>,
    /// Number of draws.
    pub n_draws: usize,
    /// The time it is about.
    pub horizon: Horizon,
    /// What the outcome is counted in.
    pub unit: OutcomeUnit,
    /// Threads; never changes a result.
    pub threads: usize,
    combine: Combine,
}

/// Outcomes with their slopes.
#[derive(Clone, Debug, PartialEq)]
pub struct Sloped {
    /// `[draw]`.
    pub outcome: Vec<f64>,
    /// `∂outcome_s/∂b_k`, `[cell][draw]`.
    pub slopes: Vec<Vec<f64>>,
}

impl Cell {
    /// Whether the first unit of money has an infinite return at some draw.
    pub fn starts_vertically(&self) -> bool {
        self.rays.starts_vertically()
    }
}

impl Surface {
    /// Whether outcomes of cells add up.
    pub fn is_additive(&self) -> bool {
        matches!(self.combine, Combine::Sum)
    }

    /// Whether nothing bends upwards, so that every local optimum of the mean is the global one.
    pub fn is_concave(&self) -> bool {
        self.is_additive() && self.cells.iter().all(|cell| cell.rays.is_concave())
    }

    /// Today's plan: money by cell over the horizon.
    pub fn current(&self) -> Vec<f64> {
        self.cells.iter().map(|cell| cell.current).collect()
    }

    /// The same curves at one draw alone.
    pub fn at_draw(&self, draw: usize) -> Self {
        let cells = self.cells.iter().map(|cell| {
            let n = cell.geos.len();
            Cell {
                name: cell.name.clone(),
                channel: cell.channel.clone(),
                geo: cell.geo.clone(),
                current: cell.current,
                highest: cell.highest,
                lowest: cell.lowest,
                shares: cell.shares.clone(),
                rays: cell.rays.part(draw * n..(draw + 1) * n),
                geos: cell.geos.clone(),
            }
        });
        let combine = match &self.combine {
            Combine::Sum => Combine::Sum,
            Combine::Exponential { base, n_geos } => Combine::Exponential {
                base: base[draw * n_geos..(draw + 1) * n_geos].to_vec(),
                n_geos: *n_geos,
            },
        };
        Self {
            cells: cells.collect(),
            n_draws: 1,
            horizon: self.horizon.clone(),
            unit: self.unit.clone(),
            threads: 1,
            combine,
        }
    }

    /// Incremental outcome of `plan` (money by cell over the horizon) at every draw.
    pub fn outcomes(&self, plan: &[f64]) -> Vec<f64> {
        self.blocks(|range| self.evaluate(plan, range, false).outcome).concat()
    }

    /// Incremental outcome with its slopes. Where a curve starts vertically, the slope at nothing is that at `nudge`.
    pub fn sloped(&self, plan: &[f64], nudge: f64) -> Sloped {
        let moved = |(b, cell): (&f64, &Cell)| {
            if *b < nudge && cell.starts_vertically() { nudge } else { *b }
        };
        let nudged: Vec<f64> = plan.iter().zip(&self.cells).map(moved).collect();
        let differs = nudged.iter().zip(plan).any(|(a, b)| a != b);
        let parts = self.blocks(|range| {
            let mut part = self.evaluate(plan, range.clone(), true);
            if differs {
                let moved = self.evaluate(&nudged, range, true);
                for k in (0..plan.len()).filter(|k| nudged[*k] != plan[*k]) {
                    part.slopes[k].clone_from(&moved.slopes[k]);
                }
            }
            part
        });
        let mut whole = Sloped { outcome: Vec::new(), slopes: vec![Vec::new(); plan.len()] };
        for part in parts {
            whole.outcome.extend(part.outcome);
            whole.slopes.iter_mut().zip(part.slopes).for_each(|(all, slopes)| all.extend(slopes));
        }
        whole
    }

    /// What cell `cell` brings at `spend` with its slope, at every draw; on the log link with the other cells as they are
    /// today.
    pub fn cell_outcomes(&self, cell: usize, spend: f64) -> Vec<(f64, f64)> {
        if !self.is_additive() {
            let mut plan = self.current();
            plan[cell] = 0.0;
            let without = self.outcomes(&plan);
            plan[cell] = spend;
            let with = self.sloped(&plan, 0.0);
            let brought = with.outcome.iter().zip(&without).map(|(with, without)| with - without);
            return brought.zip(with.slopes[cell].iter().copied()).collect();
        }
        let (cell, mut work) = (&self.cells[cell], RayWork::default());
        let n = cell.geos.len();
        let mut brought = vec![(0.0, 0.0); self.n_draws];
        let mut ray = 0;
        cell.rays.each(0..self.n_draws * n, spend, &mut work, |value, slope| {
            let sum = &mut brought[ray / n];
            *sum = (sum.0 + value, sum.1 + slope);
            ray += 1;
        });
        brought
    }

    /// Mean over draws of what each cell brings at its own ascending points. Only where outcomes add up.
    pub fn mean_curves(&self, points: &[Vec<f64>]) -> Vec<RaySums> {
        debug_assert!(self.is_additive());
        let n_blocks = self.n_draws.div_ceil(BLOCK);
        let parts = parallel::map(self.cells.len() * n_blocks, self.threads, |task| {
            let (k, block) = (task / n_blocks, task % n_blocks);
            let (cell, mut work) = (&self.cells[k], RayWork::default());
            let mut sums = RaySums::zeros(points[k].len());
            let n = cell.geos.len();
            if !points[k].is_empty() {
                let rays = block * BLOCK * n..((block + 1) * BLOCK).min(self.n_draws) * n;
                cell.rays.add(rays, &points[k], &mut sums, &mut work);
            }
            sums
        });
        parts
            .chunks(n_blocks.max(1))
            .zip(points)
            .map(|(blocks, points)| {
                let mut sums = RaySums::zeros(points.len());
                blocks.iter().for_each(|block| sums.add(block));
                sums.scale(1.0 / self.n_draws as f64);
                sums
            })
            .collect()
    }

    fn blocks<T: Send>(&self, work: impl Fn(std::ops::Range<usize>) -> T + Sync) -> Vec<T> {
        parallel::map(self.n_draws.div_ceil(BLOCK), self.threads, |block| {
            work(block * BLOCK..((block + 1) * BLOCK).min(self.n_draws))
        })
    }

    fn evaluate(&self, plan: &[f64], draws: std::ops::Range<usize>, with_slopes: bool) -> Sloped {
        let n_draws = draws.len();
        let n_geos = match &self.combine {
            Combine::Sum => 1,
            Combine::Exponential { n_geos, .. } => *n_geos,
        };
        // With outcomes that add up, every geo stands in the same sum.
        let place = |geo: usize| if self.is_additive() { 0 } else { geo };
        let mut work = RayWork::default();
        let mut sum = vec![0.0; n_draws * n_geos];
        let mut slopes: Vec<Vec<f64>> = Vec::new();
        for (cell, &b) in self.cells.iter().zip(plan) {
            let mut own = if with_slopes { vec![0.0; n_draws * n_geos] } else { Vec::new() };
            let local = cell.geos.len();
            let mut ray = 0;
            cell.rays.each(draws.start * local..draws.end * local, b, &mut work, |value, slope| {
                let at = ray / local * n_geos + place(cell.geos[ray % local]);
                sum[at] += value;
                if with_slopes {
                    own[at] += slope;
                }
                ray += 1;
            });
            if with_slopes {
                slopes.push(own);
            }
        }
        let Combine::Exponential { base, .. } = &self.combine else {
            return Sloped { outcome: sum, slopes };
        };
        let base = &base[draws.start * n_geos..draws.end * n_geos];
        let total = |term: &dyn Fn(usize) -> f64| -> Vec<f64> {
            (0..n_draws).map(|s| (s * n_geos..(s + 1) * n_geos).map(term).sum()).collect()
        };
        Sloped {
            outcome: total(&|i| base[i] * sum[i].exp_m1()),
            slopes: slopes.iter().map(|own| total(&|i| base[i] * sum[i].exp() * own[i])).collect(),
        }
    }
}
