//! Autocovariances of a set of chains, lag by lag, computed only as far as they are asked for.

use super::mean;

/// Lags computed one by one before the rest is computed at once.
const DIRECT_LAGS: usize = 64;

/// The mean over chains of the autocovariance at each lag.
///
/// ```text
/// γ[k] = 1/n Σ_{t=0}^{n-1-k} (x[t] − x̄)(x[t+k] − x̄)
/// ```
///
/// The sum that asks for them ends after a few lags in a chain that mixes, where a direct sum is cheaper than a
/// transform of all lags. In one that does not, the Fourier transform takes over after `DIRECT_LAGS`.
pub(super) struct Autocovariance {
    /// Shape `[chain]`, each of length n, mean removed.
    centered: Vec<Vec<f64>>,
    /// Shape `[lag]`, filled by the transform once it is needed.
    all: Vec<f64>,
}

impl Autocovariance {
    /// For chains of one length, at least one draw each.
    pub(super) fn new(chains: &[&[f64]]) -> Self {
        let centered = chains.iter().map(|chain| {
            let center = mean(chain);
            chain.iter().map(|x| x - center).collect()
        });
        Self { centered: centered.collect(), all: Vec::new() }
    }

    /// The mean over chains of the autocovariance at `lag` < n.
    pub(super) fn at(&mut self, lag: usize) -> f64 {
        if lag >= DIRECT_LAGS && self.all.is_empty() {
            self.all = by_transform(&self.centered);
        }
        if lag < DIRECT_LAGS { direct(&self.centered, lag) } else { self.all[lag] }
    }
}

fn direct(centered: &[Vec<f64>], lag: usize) -> f64 {
    let n = centered[0].len();
    let products = |x: &Vec<f64>| x[..n - lag].iter().zip(&x[lag..]).map(|(a, b)| a * b).sum::<f64>();
    centered.iter().map(products).sum::<f64>() / (n * centered.len()) as f64
}

/// All lags at once: the transform of the power spectrum, after zeros enough that the ends do not meet.
fn by_transform(centered: &[Vec<f64>]) -> Vec<f64> {
    let n = centered[0].len();
    let size = (2 * n).next_power_of_two();
    let mut power = vec![0.0; size];
    for chain in centered {
        let mut re = chain.clone();
        re.resize(size, 0.0);
        let mut im = vec![0.0; size];
        fourier(&mut re, &mut im);
        for i in 0..size {
            power[i] += re[i] * re[i] + im[i] * im[i];
        }
    }
    // The spectrum is real and even, so the forward transform is the backward one but for the divisor.
    let mut im = vec![0.0; size];
    fourier(&mut power, &mut im);
    let divisor = (size * n * centered.len()) as f64;
    power.truncate(n);
    power.iter_mut().for_each(|x| *x /= divisor);
    power
}

/// The discrete Fourier transform in place, `X[k] = Σ_t x[t]·exp(−2πi·kt/N)`, N a power of two [cooley1965].
fn fourier(re: &mut [f64], im: &mut [f64]) {
    let size = re.len();
    let mut j = 0;
    for i in 1..size {
        let mut bit = size >> 1;
        while j & bit != 0 {
            j ^= bit;
            bit >>= 1;
        }
        j |= bit;
        if i < j {
            re.swap(i, j);
            im.swap(i, j);
        }
    }
    let turn = -std::f64::consts::TAU / size as f64;
    let (sin, cos): (Vec<f64>, Vec<f64>) = (0..size / 2).map(|k| (turn * k as f64).sin_cos()).unzip();
    let mut half = 1;
    while half < size {
        let stride = size / (2 * half);
        for block in (0..size).step_by(2 * half) {
            for k in 0..half {
                let (a, b, w) = (block + k, block + k + half, k * stride);
                let odd_re = re[b] * cos[w] - im[b] * sin[w];
                let odd_im = re[b] * sin[w] + im[b] * cos[w];
                (re[b], im[b]) = (re[a] - odd_re, im[a] - odd_im);
                (re[a], im[a]) = (re[a] + odd_re, im[a] + odd_im);
            }
        }
        half *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transform_agrees_with_the_direct_sum() {
        let chains: Vec<Vec<f64>> =
            (1..4).map(|c| (0..150).map(|t| f64::from(t * t * c % 71) - 30.0).collect()).collect();
        let slices: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
        let centered = Autocovariance::new(&slices).centered;
        let all = by_transform(&centered);
        assert_eq!(all.len(), 150);
        for lag in 0..150 {
            let (a, b) = (all[lag], direct(&centered, lag));
            assert!((a - b).abs() < 1e-12 * all[0], "lag {lag}: {a} {b}");
        }
    }

    #[test]
    fn lag_zero_is_the_variance() {
        let chain = [1.0, 2.0, 3.0, 6.0];
        assert_eq!(Autocovariance::new(&[&chain]).at(0), 3.5);
    }
}
