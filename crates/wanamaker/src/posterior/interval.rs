//! A number with its uncertainty: no estimate leaves the library without one.

use serde::Serialize;

/// Mean, median and equal-tailed interval of draws.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Median.
    pub median: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// Probability inside, in (0, 1).
    pub level: f64,
}

impl Interval {
    /// Summarises `draws`, which it sorts. All NaN for no draws.
    pub fn of(draws: &mut [f64], level: f64) -> Self {
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let sd = (draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        draws.sort_by(f64::total_cmp);
        let tail = 0.5 * (1.0 - level);
        Self {
            mean,
            sd,
            median: quantile(draws, 0.5),
            lower: quantile(draws, tail),
            upper: quantile(draws, 1.0 - tail),
            level,
        }
    }

    /// Whether `value` lies inside, ends included.
    pub fn contains(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}

/// Linear-interpolated quantile of sorted values (NumPy's default); NaN for none.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    if sorted.is_empty() {
        return f64::NAN;
    }
    let place = p * (sorted.len() - 1) as f64;
    let (below, share) = (place.floor() as usize, place.fract());
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + share * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate_as_numpy_does() {
        let mut draws = vec![4.0, 1.0, 3.0, 2.0];
        let interval = Interval::of(&mut draws, 0.5);
        assert_eq!((interval.lower, interval.median, interval.upper), (1.75, 2.5, 3.25));
        assert_eq!(interval.mean, 2.5);
        assert!((interval.sd - 1.290_994_448_735_805_6).abs() < 1e-15);
    }
}
