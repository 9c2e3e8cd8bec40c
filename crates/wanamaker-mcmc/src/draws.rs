//! What sampling leaves behind: positions on the sampler's scale, and how each was reached.

use serde::{Deserialize, Serialize};

/// The draws of all chains, in the order of the chains; their positions in stores of kind `S`, in memory where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chains<S = Vec<f64>> {
    /// Number of dimensions of a position.
    pub dim: usize,
    /// One entry per chain asked for. After a cancellation they may differ in length, and some may be empty.
    pub chains: Vec<ChainDraws<S>>,
    /// Whether the observer stopped the run before it was complete.
    pub cancelled: bool,
}

impl<S> Chains<S> {
    /// Number of draws over all chains.
    pub fn n_draws(&self) -> usize {
        self.chains.iter().map(ChainDraws::n_draws).sum()
    }

    /// Divergences after warm-up, over all chains.
    pub fn n_divergences(&self) -> usize {
        self.chains.iter().flat_map(|chain| &chain.stats).filter(|draw| draw.diverging).count()
    }

    /// The energies, one series per chain that has any: what `diagnostics::e_bfmi` takes.
    pub fn energies(&self) -> Vec<Vec<f64>> {
        let column = |chain: &ChainDraws<S>| chain.stats.iter().map(|draw| draw.energy).collect();
        self.chains.iter().filter(|chain| chain.n_draws() > 0).map(column).collect()
    }
}

impl Chains {
    /// The draws of coordinate `i`, one series per chain that has any: the shape the diagnostics take.
    pub fn coordinate(&self, i: usize) -> Vec<Vec<f64>> {
        assert!(i < self.dim, "coordinate {i} of a position with {} dimensions", self.dim);
        let column = |chain: &ChainDraws| chain.positions.iter().skip(i).step_by(self.dim).copied().collect();
        self.chains.iter().filter(|chain| chain.n_draws() > 0).map(column).collect()
    }
}

/// The draws of one chain after its warm-up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChainDraws<S = Vec<f64>> {
    /// Shape `[draw, dim]`, dimension contiguous, on the sampler's unconstrained scale.
    pub positions: S,
    /// Shape `[draw]`: how each position was reached.
    pub stats: Vec<DrawStats>,
    /// What the chain learned before its first draw.
    pub warmup: WarmupSummary,
}

impl<S> ChainDraws<S> {
    /// No draws yet, their positions to be put into `positions`.
    pub fn into_store(positions: S) -> Self {
        Self { positions, stats: Vec::new(), warmup: WarmupSummary::default() }
    }

    /// Number of draws.
    pub fn n_draws(&self) -> usize {
        self.stats.len()
    }
}

impl ChainDraws {
    /// The positions, one slice of length `dim` per draw.
    pub fn rows(&self, dim: usize) -> std::slice::ChunksExact<'_, f64> {
        self.positions.chunks_exact(dim)
    }
}

/// How one draw was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DrawStats {
    /// log p at the draw, with the constants the density keeps.
    pub log_density: f64,
    /// The Hamiltonian at the draw: `½‖v‖² − log p`, v the momentum in the metric's own units.
    pub energy: f64,
    /// Doublings of the trajectory.
    pub depth: u32,
    /// Leapfrog steps of the trajectory; each is one evaluation of the density and its gradient.
    pub n_leapfrogs: u32,
    /// Step size the trajectory was made with.
    pub step_size: f64,
    /// Mean acceptance probability over the trajectory, 0 to 1.
    pub acceptance: f64,
    /// Whether the trajectory ended where the energy ran away or the density had no finite value.
    pub diverging: bool,
    /// Whether the trajectory was cut off at the largest depth allowed.
    pub max_depth_reached: bool,
}

/// What a chain learned in its warm-up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WarmupSummary {
    /// Warm-up iterations made.
    pub n_tune: usize,
    /// Divergences among them; they are part of learning.
    pub n_divergences: usize,
    /// Leapfrog steps made in them.
    pub n_leapfrogs: usize,
    /// The step size adopted, before the jitter of each draw; `None` when the chain ended in its warm-up.
    pub step_size: Option<f64>,
    /// Shape `[dim]`: the diagonal part of the inverse mass matrix, an estimate of the variances; `None` when
    /// the chain ended in its warm-up.
    pub inverse_mass: Option<Vec<f64>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(positions: &[f64], energies: &[f64]) -> ChainDraws {
        let stats = energies.iter().map(|&energy| DrawStats {
            energy,
            diverging: energy > 2.0,
            ..Default::default()
        });
        ChainDraws { positions: positions.to_vec(), stats: stats.collect(), warmup: WarmupSummary::default() }
    }

    #[test]
    fn coordinates_and_energies_skip_chains_that_never_started() {
        let chains = Chains {
            dim: 2,
            chains: vec![chain(&[1.0, 10.0, 2.0, 20.0], &[0.5, 3.0]), chain(&[], &[])],
            cancelled: true,
        };
        assert_eq!(chains.coordinate(1), [[10.0, 20.0]]);
        assert_eq!(chains.energies(), [[0.5, 3.0]]);
        assert_eq!((chains.n_draws(), chains.n_divergences()), (2, 1));
        assert_eq!(chains.chains[0].rows(2).nth(1), Some(&[2.0, 20.0][..]));
    }
}
