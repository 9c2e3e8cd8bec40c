//! Log-normal: `ln x` is normal with mean `mean_log` and standard deviation `sd_log`.
//!
//! ```text
//! p(x) = exp(−½ z²) / (x sd_log √(2π))     z = (ln x − mean_log)/sd_log
//! ```

use super::support::Support;
use super::{Univariate, Unsound, finite, positive, standard_normal};
use crate::math::special::{LN_SQRT_2_PI, normal_cdf, normal_quantile};
use rand::Rng;

/// Log-normal; its median is `exp(mean_log)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogNormal {
    /// Mean of the logarithm (μ), any finite number.
    pub mean_log: f64,
    /// Standard deviation of the logarithm (σ), above 0.
    pub sd_log: f64,
}

impl Univariate for LogNormal {
    const NAME: &'static str = "log_normal";

    fn check(&self) -> Result<(), Unsound> {
        finite("mean_log", self.mean_log)?;
        positive("sd_log", self.sd_log)
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn ln_constant(&self) -> f64 {
        -self.sd_log.ln() - LN_SQRT_2_PI
    }

    fn ln_kernel_and_slope(&self, x: f64) -> (f64, f64) {
        let ln_x = x.ln();
        let z = (ln_x - self.mean_log) / self.sd_log;
        (-0.5 * z * z - ln_x, -(1.0 + z / self.sd_log) / x)
    }

    fn cdf(&self, x: f64) -> f64 {
        normal_cdf((x.ln() - self.mean_log) / self.sd_log)
    }

    fn quantile(&self, p: f64) -> f64 {
        (self.mean_log + self.sd_log * normal_quantile(p)).exp()
    }

    fn mean(&self) -> f64 {
        (self.mean_log + 0.5 * self.sd_log * self.sd_log).exp()
    }

    fn sd(&self) -> f64 {
        self.mean() * (self.sd_log * self.sd_log).exp_m1().sqrt()
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        (self.mean_log + self.sd_log * standard_normal(rng)).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_exponential_of_mean_log() {
        assert!((LogNormal { mean_log: 0.7, sd_log: 0.8 }.quantile(0.5) - 0.7f64.exp()).abs() < 1e-14);
    }
}
