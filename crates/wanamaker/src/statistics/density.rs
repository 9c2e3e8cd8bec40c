//! The density of draws by a Gaussian kernel.

use std::f64::consts::PI;

/// Density of `draws` at each point of `at`, in the inverse unit of the draws; zero outside `(low, high)`.
///
/// ```text
/// f(x) = 1/(n·h) Σ φ((x − xᵢ)/h)        h = 0.9·min(sd, IQR/1.34)·n^(−1/5)
/// ```
/// [silverman1986 eq. 3.31]. Mass that the kernel would put beyond a finite end of `(low, high)` is reflected there. For
/// draws that do not vary the density is zero everywhere.
pub fn kernel_density(draws: &[f64], (low, high): (f64, f64), at: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = draws.iter().copied().filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let h = bandwidth(&sorted);
    if h <= 0.0 || !h.is_finite() {
        return vec![0.0; at.len()];
    }
    let plain = |x: f64| -> f64 {
        // Beyond eight bandwidths a kernel adds nothing that a double could hold.
        let from = sorted.partition_point(|draw| *draw < x - 8.0 * h);
        let near = sorted[from..].iter().take_while(|draw| **draw <= x + 8.0 * h);
        near.map(|draw| (-0.5 * ((x - draw) / h).powi(2)).exp()).sum()
    };
    let scale = 1.0 / (sorted.len() as f64 * h * (2.0 * PI).sqrt());
    let density = |x: f64| {
        if x < low || x > high {
            return 0.0;
        }
        let beyond = |end: f64| if end.is_finite() { plain(2.0 * end - x) } else { 0.0 };
        scale * (plain(x) + beyond(low) + beyond(high))
    };
    at.iter().map(|x| density(*x)).collect()
}

fn bandwidth(sorted: &[f64]) -> f64 {
    let n = sorted.len() as f64;
    if sorted.len() < 2 {
        return 0.0;
    }
    let mean = sorted.iter().sum::<f64>() / n;
    let sd = (sorted.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let at = |p: f64| sorted[(p * (n - 1.0)).round() as usize];
    let robust = (at(0.75) - at(0.25)) / 1.34;
    0.9 * (if robust > 0.0 { sd.min(robust) } else { sd }) * n.powf(-0.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_integrates_to_one_and_lies_near_the_density_that_was_drawn_from() {
        // Draws of an exponential, evenly spaced in probability: much of their mass is at a finite end.
        let n = 20_000;
        let draws: Vec<f64> = (0..n).map(|i| -((i as f64 + 0.5) / f64::from(n)).ln()).collect();
        let at: Vec<f64> = (0..1200).map(|i| 0.01 * (f64::from(i) + 0.5)).collect();
        let density = kernel_density(&draws, (0.0, f64::INFINITY), &at);
        let total: f64 = density.iter().sum::<f64>() * 0.01;
        assert!((total - 1.0).abs() < 1e-3, "{total}");
        for (x, found) in at.iter().zip(&density) {
            // Reflection makes the density flat at the end, where this one is steepest.
            let tolerance = if *x < 0.2 { 0.1 } else { 0.01 };
            assert!((found - (-x).exp()).abs() < tolerance, "{x}: {found}");
        }
        assert_eq!(kernel_density(&draws, (0.0, 1.0), &[-0.1, 1.1]), [0.0, 0.0]);
        assert_eq!(kernel_density(&[1.0, 1.0], (0.0, 2.0), &[1.0]), [0.0]);
    }
}
