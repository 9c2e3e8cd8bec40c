//! How well draws foretell a number.

/// Continuous ranked probability score of ascending draws: `E|X − y| − ½·E|X − X'|`, in the unit of `y`; less is better.
///
/// ```text
/// ½·E|X − X'| = Σ_i (2i − n − 1)·x_(i) / n²         i = 1 … n
/// ```
pub fn crps(ascending: &[f64], y: f64) -> f64 {
    let n = ascending.len() as f64;
    let off = ascending.iter().map(|x| (x - y).abs()).sum::<f64>() / n;
    let spread: f64 = ascending.iter().enumerate().map(|(i, x)| (2.0 * i as f64 + 1.0 - n) * x).sum();
    off - spread / (n * n)
}

/// Probability integral transform: the share of ascending draws below `y`, ties counted half. Uniform where the draws
/// are honest.
pub fn pit(ascending: &[f64], y: f64) -> f64 {
    let below = ascending.partition_point(|x| *x < y);
    let equal = ascending.partition_point(|x| *x <= y) - below;
    (below as f64 + 0.5 * equal as f64) / ascending.len() as f64
}

/// Kolmogorov's distance of ascending numbers from the uniform on 0 … 1; 0 of none.
pub fn distance_from_uniform(ascending: &[f64]) -> f64 {
    let n = ascending.len() as f64;
    let off = |(i, p): (usize, &f64)| (p - i as f64 / n).abs().max(((i + 1) as f64 / n - p).abs());
    ascending.iter().enumerate().map(off).fold(0.0, f64::max)
}
