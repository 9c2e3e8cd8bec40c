//! Hill curves as the sampler sees them: how far a usual exposure lies below half saturation, instead of `ec50`.
//!
//! Where the data do not reach saturation, they fix how the response rises at the exposures they hold. Along all curves that
//! do so, `ec50` runs away as the slope falls, ever faster: a bent valley, which the logit of the saturation at a usual
//! exposure x0, `slope·ln(x0/ec50)`, does not have. But as the slope goes to 0 that logit does so, too, whatever `ec50` is: a
//! funnel. Between the two, with the exposure's mean after carry-over at the prior medians for x0, the sampler moves in
//!
//! ```text
//! q = ω·ln(x0/ec50)          ω² = slope² + ¼          |∂ ln ec50/∂q| = 1/ω
//! ```
//! With slopes `g` in the logarithms of the two and of the whole density:
//!
//! ```text
//! ∂L/∂q = −g[ec50]/ω                      ∂L/∂ ln slope = g[slope] + g[ec50]·q·slope²/ω³ − slope²/ω²
//! ```

use crate::distribution::support::Support;
use crate::model::compile::CompiledModel;
use crate::model::density::Evaluator;
use crate::model::linear_form::direct;
use crate::saturation::Saturation;

/// The Hill curves of a model that are seen this way.
#[derive(Clone, Debug)]
pub struct Bends(Vec<Bend>);

/// One curve: a channel's, or a channel's in a geo.
#[derive(Clone, Copy, Debug)]
struct Bend {
    /// Places in the position.
    slope: usize,
    ec50: usize,
    ln_x0: f64,
}

impl Bends {
    /// Those whose slope and `ec50` are both to be found.
    pub(super) fn of(model: &CompiledModel) -> Self {
        let mut at_medians = Evaluator::new(model);
        at_medians.resolve();
        let free = |coefficient: usize| {
            let own = &model.layout.parameters[direct(model, coefficient)?];
            own.free.filter(|_| own.support == Support::Positive)
        };
        let mut bends = Vec::new();
        for (c, channel) in model.mean.channels.iter().enumerate() {
            let (Saturation::Hill, &[slope, ec50]) = (channel.saturation, &channel.saturation_parameters[..])
            else {
                continue;
            };
            if slope.is_shared() != ec50.is_shared() {
                continue;
            }
            for geo in 0..if slope.is_shared() { 1 } else { model.training.n_geos } {
                let ln_x0 = at_medians.mean_bent_exposure(c, (!slope.is_shared()).then_some(geo)).ln();
                if let (Some(slope), Some(ec50), true) =
                    (free(slope.index(geo)), free(ec50.index(geo)), ln_x0.is_finite())
                {
                    bends.push(Bend { slope, ec50, ln_x0 });
                }
            }
        }
        Self(bends)
    }

    /// From the model's coordinates to the sampler's, in place.
    pub(super) fn leave(&self, position: &mut [f64]) {
        for bend in &self.0 {
            position[bend.ec50] = omega(position[bend.slope]) * (bend.ln_x0 - position[bend.ec50]);
        }
    }

    /// From the sampler's coordinates to the model's, in place: the log Jacobian.
    pub(super) fn place(&self, position: &mut [f64]) -> f64 {
        let mut ln_jacobian = 0.0;
        for bend in &self.0 {
            let omega = omega(position[bend.slope]);
            position[bend.ec50] = bend.ln_x0 - position[bend.ec50] / omega;
            ln_jacobian -= omega.ln();
        }
        ln_jacobian
    }

    /// From slopes in the model's coordinates at `position` to slopes in the sampler's, in place.
    pub(super) fn pull(&self, position: &[f64], gradient: &mut [f64]) {
        for bend in &self.0 {
            let omega = omega(position[bend.slope]);
            let q = omega * (bend.ln_x0 - position[bend.ec50]);
            // slope²/ω²
            let share = 1.0 - 0.25 / (omega * omega);
            gradient[bend.slope] += share * (gradient[bend.ec50] * q / omega - 1.0);
            gradient[bend.ec50] /= -omega;
        }
    }
}

fn omega(ln_slope: f64) -> f64 {
    ((2.0 * ln_slope).exp() + 0.25).sqrt()
}
