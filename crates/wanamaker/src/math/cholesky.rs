//! Cholesky's factor of small symmetric matrices, again and again in the same memory.

use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::cholesky::llt;
use faer::linalg::triangular_solve::solve_upper_triangular_in_place;
use faer::{Mat, MatMut, Par};

/// `A = L·Lᵀ` of one `n × n` matrix at a time.
pub struct Cholesky {
    factor: Mat<f64>,
    inverse: Mat<f64>,
    memory: MemBuffer,
}

impl std::fmt::Debug for Cholesky {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cholesky").field("factor", &self.factor).finish_non_exhaustive()
    }
}

impl Cholesky {
    /// Room for matrices of `n` rows.
    pub fn new(n: usize) -> Self {
        let needed = StackReq::any_of(&[
            llt::factor::cholesky_in_place_scratch::<f64>(n, Par::Seq, Default::default()),
            llt::inverse::inverse_scratch::<f64>(n, Par::Seq),
        ]);
        Self { factor: Mat::zeros(n, n), inverse: Mat::zeros(n, n), memory: MemBuffer::new(needed) }
    }

    /// Factors the matrix whose lower triangle `entry(row, column)` gives; `ln |A|`, or `None` when it is not positive definite.
    pub fn factor(&mut self, entry: impl Fn(usize, usize) -> f64) -> Option<f64> {
        let n = self.factor.nrows();
        for column in 0..n {
            for row in column..n {
                self.factor[(row, column)] = entry(row, column);
            }
        }
        let stack = MemStack::new(&mut self.memory);
        llt::factor::cholesky_in_place(
            self.factor.as_mut(),
            Default::default(),
            Par::Seq,
            stack,
            Default::default(),
        )
        .ok()?;
        let ln_determinant = 2.0 * (0..n).map(|i| self.factor[(i, i)].ln()).sum::<f64>();
        ln_determinant.is_finite().then_some(ln_determinant)
    }

    /// `x ← A⁻¹·x`.
    pub fn solve(&mut self, x: &mut [f64]) {
        let stack = MemStack::new(&mut self.memory);
        llt::solve::solve_in_place(self.factor.as_ref(), column(x), Par::Seq, stack);
    }

    /// `x ← L⁻ᵀ·x`: independent standard normals become draws with the covariance `A⁻¹`.
    pub fn spread(&self, x: &mut [f64]) {
        solve_upper_triangular_in_place(self.factor.transpose(), column(x), Par::Seq);
    }

    /// `A⁻¹`, of which the lower triangle is filled.
    pub fn inverse(&mut self) -> &Mat<f64> {
        let stack = MemStack::new(&mut self.memory);
        llt::inverse::inverse(self.inverse.as_mut(), self.factor.as_ref(), Par::Seq, stack);
        &self.inverse
    }

    /// What [`Cholesky::inverse`] gave last.
    pub fn inverted(&self) -> &Mat<f64> {
        &self.inverse
    }
}

fn column(x: &mut [f64]) -> MatMut<'_, f64> {
    let n = x.len();
    MatMut::from_column_major_slice_mut(x, n, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_solves_and_inverts() {
        let a = [[4.0, 1.0, -0.5], [1.0, 3.0, 0.25], [-0.5, 0.25, 2.0]];
        let mut cholesky = Cholesky::new(3);
        for scale in [1.0, 7.0] {
            let ln_determinant = cholesky.factor(|i, j| scale * a[i][j]).unwrap();
            let determinant: f64 = 4.0 * (6.0 - 0.0625) - (2.0 + 0.125) - 0.5 * (0.25 + 1.5);
            assert!((ln_determinant - (determinant * scale.powi(3)).ln()).abs() < 1e-13);
            let truth = [0.3, -1.0, 2.0];
            let mut x = [0, 1, 2].map(|i| (0..3).map(|j| scale * a[i][j] * truth[j]).sum::<f64>());
            cholesky.solve(&mut x);
            assert!(x.iter().zip(truth).all(|(x, t)| (x - t).abs() < 1e-14));
            // Columns of L⁻ᵀ make up the inverse: Σ_k s_k·s_kᵀ = A⁻¹.
            let columns = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|mut e| {
                cholesky.spread(&mut e);
                e
            });
            let inverse = cholesky.inverse();
            for i in 0..3 {
                for j in 0..=i {
                    let sum: f64 = columns.iter().map(|s| s[i] * s[j]).sum();
                    assert!((sum - inverse[(i, j)]).abs() < 1e-14);
                    let mut unit = [0.0; 3];
                    unit[j] = 1.0;
                    let row: f64 = (0..3).map(|k| scale * a[i][k] * inverse[(k.max(j), k.min(j))]).sum();
                    assert!((row - unit[i]).abs() < 1e-14);
                }
            }
        }
    }

    #[test]
    fn what_is_not_positive_definite_has_no_factor() {
        let mut cholesky = Cholesky::new(2);
        assert!(cholesky.factor(|i, j| if i == j { 1.0 } else { 2.0 }).is_none());
        assert!(cholesky.factor(|_, _| f64::NAN).is_none());
    }
}
