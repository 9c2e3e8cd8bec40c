//! Cholesky's factor of a symmetric matrix in the shape of an arrow: blocks along the diagonal that do not meet, and a
//! corner that meets all of them. Its cost grows with the number of blocks, not with its cube.
//!
//! ```text
//! A = | K_1          B_1 |       K_g = L_g·L_gᵀ          W_g = L_g⁻¹·B_g
//!     |      …       …   |       C − Σ_g W_gᵀ·W_g = M·Mᵀ
//!     | B_1ᵀ …       C   |       ln|A| = Σ_g ln|K_g| + ln|M·Mᵀ|
//! ```
//! The inverse is `R·Rᵀ` with `R` the inverse of the transposed factor, `L_g⁻ᵀ` and `−L_g⁻ᵀ·W_g·M⁻ᵀ` in the rows of block g and
//! `M⁻ᵀ` in those of the corner: any entry of it is the product of two rows.
//!
//! All matrices here are a few dozen rows large and row-major, and what lies beyond the diagonal of symmetric and triangular ones
//! is never read.

use super::linalg::{add_scaled, dot};
use super::vector::wide;

/// One such matrix at a time, again and again in the same memory.
#[derive(Debug)]
pub struct Arrow {
    blocks: Vec<Block>,
    /// `C`, then `M`.
    corner: Vec<f64>,
    /// `M⁻ᵀ`.
    corner_root: Vec<f64>,
    n_corner: usize,
}

/// One block with its border.
#[derive(Debug)]
struct Block {
    n: usize,
    /// `K`, then `L`, `[n, n]`.
    own: Vec<f64>,
    /// `B`, then `W`, `[n, corner]`.
    border: Vec<f64>,
    /// `L⁻ᵀ`, `[n, n]`.
    own_root: Vec<f64>,
    /// `−L⁻ᵀ·W·M⁻ᵀ`, `[n, corner]`.
    border_root: Vec<f64>,
}

impl Arrow {
    /// Room for blocks of these sizes and a corner.
    pub fn new(sizes: impl IntoIterator<Item = usize>, n_corner: usize) -> Self {
        let block = |n: usize| Block {
            n,
            own: vec![0.0; n * n],
            border: vec![0.0; n * n_corner],
            own_root: vec![0.0; n * n],
            border_root: vec![0.0; n * n_corner],
        };
        let corner = vec![0.0; n_corner * n_corner];
        let blocks = sizes.into_iter().map(block).collect();
        Self { blocks, corner_root: corner.clone(), corner, n_corner }
    }

    /// `K_g` and `B_g`, to be filled before [`Arrow::factor`].
    pub fn block_mut(&mut self, g: usize) -> (&mut [f64], &mut [f64]) {
        let block = &mut self.blocks[g];
        (&mut block.own, &mut block.border)
    }

    /// `C`, to be filled before [`Arrow::factor`].
    pub fn corner_mut(&mut self) -> &mut [f64] {
        &mut self.corner
    }

    /// Factors what was filled in: `ln |A|`, or `None` when it is not positive definite.
    pub fn factor(&mut self) -> Option<f64> {
        let q = self.n_corner;
        let mut ln_determinant = 0.0;
        for block in &mut self.blocks {
            ln_determinant += ln_determinant_of(block.n, &mut block.own)?;
            solve_lower(block.n, &block.own, q, &mut block.border);
            for row in block.border.chunks_exact(q.max(1)) {
                subtract_square(row, &mut self.corner);
            }
        }
        Some(ln_determinant + ln_determinant_of(q, &mut self.corner)?)
    }

    /// `x ← A⁻¹·x`, the parts of x that belong to the blocks and the one that belongs to the corner.
    pub fn solve(&self, own: &mut [Vec<f64>], corner: &mut [f64]) {
        let q = self.n_corner;
        for (block, x) in self.blocks.iter().zip(own.iter_mut()) {
            solve_lower(block.n, &block.own, 1, x);
            for (row, x) in block.border.chunks_exact(q.max(1)).zip(&*x) {
                add_scaled(-x, row, corner);
            }
        }
        solve_lower(q, &self.corner, 1, corner);
        self.spread(own, corner);
    }

    /// `x ← L⁻ᵀ·x` of the whole factor: independent standard normals become draws with the covariance `A⁻¹`.
    pub fn spread(&self, own: &mut [Vec<f64>], corner: &mut [f64]) {
        let q = self.n_corner;
        solve_upper(q, &self.corner, 1, corner);
        for (block, x) in self.blocks.iter().zip(own) {
            for (x, row) in x.iter_mut().zip(block.border.chunks_exact(q.max(1))) {
                *x -= dot(row, corner);
            }
            solve_upper(block.n, &block.own, 1, x);
        }
    }

    /// Works out the root of the inverse, for the functions below.
    pub fn invert(&mut self) {
        let q = self.n_corner;
        invert_transposed(q, &self.corner, &mut self.corner_root);
        for block in &mut self.blocks {
            invert_transposed(block.n, &block.own, &mut block.own_root);
            block.border_root.fill(0.0);
            let rows = block.border_root.chunks_exact_mut(q.max(1)).zip(block.border.chunks_exact(q.max(1)));
            for (root, row) in rows {
                for (k, (x, corner)) in row.iter().zip(self.corner_root.chunks_exact(q)).enumerate() {
                    add_scaled(-x, &corner[k..], &mut root[k..]);
                }
            }
            solve_upper(block.n, &block.own, q, &mut block.border_root);
        }
    }

    /// `(A⁻¹)[i, j]` of the corner, after [`Arrow::invert`].
    pub fn corner_inverse(&self, i: usize, j: usize) -> f64 {
        let (q, from) = (self.n_corner, i.max(j));
        dot(&self.corner_root[i * q + from..(i + 1) * q], &self.corner_root[j * q + from..(j + 1) * q])
    }

    /// `(A⁻¹)[i, j]` of what block `g` and the corner make up together, the block first, after [`Arrow::invert`].
    pub fn inverse(&self, g: usize, i: usize, j: usize) -> f64 {
        let (block, q) = (&self.blocks[g], self.n_corner);
        let n = block.n;
        let border = |i: usize| &block.border_root[i * q..(i + 1) * q];
        match (i.max(j), i.min(j)) {
            (i, j) if i < n => {
                let own = |row: usize| &block.own_root[row * n + i..(row + 1) * n];
                dot(own(i), own(j)) + dot(border(i), border(j))
            }
            (i, j) if j < n => {
                let row = i - n;
                dot(&self.corner_root[row * q + row..(row + 1) * q], &border(j)[row..])
            }
            (i, j) => self.corner_inverse(i - n, j - n),
        }
    }
}

/// `L` of `A = L·Lᵀ`, `[n, n]`, in place of A: `ln |A|`, or `None` when it is not positive definite.
fn ln_determinant_of(n: usize, a: &mut [f64]) -> Option<f64> {
    factor(n, a);
    let ln_determinant = 2.0 * (0..n).map(|i| a[i * n + i].ln()).sum::<f64>();
    // The root of what is not positive is no number, nor is anything after it.
    ln_determinant.is_finite().then_some(ln_determinant)
}

wide! {
    /// Column by column: what is left of the matrix loses the square of each, so that no number waits for a long sum. Columns
    /// of L are left in the rows beyond the diagonal as well, where they are contiguous.
    fn factor(n: usize, a: &mut [f64]) {
        for j in 0..n {
            let (above, below) = a.split_at_mut((j + 1) * n);
            let column = &mut above[j * n + j..];
            column[0] = column[0].sqrt();
            let per_pivot = 1.0 / column[0];
            for (x, row) in column[1..].iter_mut().zip(below.chunks_exact_mut(n)) {
                row[j] *= per_pivot;
                *x = row[j];
            }
            for (i, row) in below.chunks_exact_mut(n).enumerate() {
                let (factor, end) = (-row[j], i + 1);
                let left = row[j + 1..=j + end].iter_mut().zip(&column[1..=end]);
                left.for_each(|(left, x)| *left = factor.mul_add(*x, *left));
            }
        }
    }
}

wide! {
    /// `X ← L⁻¹·X`, `X [n, m]`.
    fn solve_lower(n: usize, l: &[f64], m: usize, x: &mut [f64]) {
        for i in 0..n {
            let (above, row) = x.split_at_mut(i * m);
            eliminate(&l[i * n..i * n + i], above, &mut row[..m], l[i * n + i]);
        }
    }
}

wide! {
    /// `X ← L⁻ᵀ·X`, `X [n, m]`.
    fn solve_upper(n: usize, l: &[f64], m: usize, x: &mut [f64]) {
        for i in (0..n).rev() {
            let (above, row) = x.split_at_mut(i * m);
            let row = &mut row[..m];
            let pivot = l[i * n + i];
            row.iter_mut().for_each(|x| *x /= pivot);
            for (k, above) in above.chunks_exact_mut(m.max(1)).enumerate() {
                let factor = -l[i * n + k];
                above.iter_mut().zip(&*row).for_each(|(above, x)| *above = factor.mul_add(*x, *above));
            }
        }
    }
}

wide! {
    /// `L⁻ᵀ`, of which the upper triangle is written: row `i` of `Lᵀ·X = 1`, from row `i` on, from the last to the first.
    fn invert_transposed(n: usize, l: &[f64], root: &mut [f64]) {
        for i in (0..n).rev() {
            let (above, below) = root.split_at_mut((i + 1) * n);
            let row = &mut above[i * n + i..];
            row.fill(0.0);
            row[0] = 1.0;
            for (k, other) in below.chunks_exact(n).enumerate() {
                let (k, factor) = (k + 1, -l[(i + 1 + k) * n + i]);
                let beyond = row[k..].iter_mut().zip(&other[i + k..]);
                beyond.for_each(|(x, other)| *x = factor.mul_add(*other, *x));
            }
            let per_pivot = 1.0 / l[i * n + i];
            row.iter_mut().for_each(|x| *x *= per_pivot);
        }
    }
}

wide! {
    /// `C ← C − row·rowᵀ`.
    fn subtract_square(row: &[f64], c: &mut [f64]) {
        let q = row.len();
        for (i, c) in c.chunks_exact_mut(q).enumerate() {
            let factor = -row[i];
            c[..=i].iter_mut().zip(row).for_each(|(c, x)| *c = factor.mul_add(*x, *c));
        }
    }
}

/// `row ← (row − Σ_k factors[k]·above[k]) / pivot`.
#[inline(always)]
fn eliminate(factors: &[f64], above: &[f64], row: &mut [f64], pivot: f64) {
    for (factor, above) in factors.iter().zip(above.chunks_exact(row.len().max(1))) {
        row.iter_mut().zip(above).for_each(|(x, above)| *x = (-factor).mul_add(*above, *x));
    }
    row.iter_mut().for_each(|x| *x /= pivot);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::testing::{check_close, stream, uniforms};
    use faer::linalg::solvers::DenseSolveCore;
    use faer::{Mat, Side};

    /// Blocks of one, two and no rows, and a corner of `q`: the arrow filled, and the same as a whole matrix.
    fn example(q: usize) -> (Arrow, Mat<f64>, Vec<usize>) {
        let sizes = vec![1, 2, 0, 3];
        let n = sizes.iter().sum::<usize>() + q;
        let mut rng = stream(3);
        let root = uniforms(&mut rng, n * n, -1.0, 1.0);
        let full = Mat::from_fn(n, n, |i, j| {
            let within = |i: usize| {
                sizes
                    .iter()
                    .scan(0, |end, size| {
                        *end += size;
                        Some(*end)
                    })
                    .position(|end| i < end)
            };
            let meet = within(i) == within(j) || within(i).is_none() || within(j).is_none();
            let product: f64 = (0..n).map(|k| root[i * n + k] * root[j * n + k]).sum();
            if i == j {
                product + 3.0 * n as f64
            } else if meet {
                product
            } else {
                0.0
            }
        });
        let mut arrow = Arrow::new(sizes.iter().copied(), q);
        let mut start = 0;
        for (g, &size) in sizes.iter().enumerate() {
            let (own, border) = arrow.block_mut(g);
            for i in 0..size {
                (0..size).for_each(|j| own[i * size + j] = full[(start + i, start + j)]);
                (0..q).for_each(|j| border[i * q + j] = full[(start + i, n - q + j)]);
            }
            start += size;
        }
        (0..q)
            .for_each(|i| (0..q).for_each(|j| arrow.corner_mut()[i * q + j] = full[(start + i, start + j)]));
        (arrow, full, sizes)
    }

    fn parts(x: &[f64], sizes: &[usize]) -> (Vec<Vec<f64>>, Vec<f64>) {
        let mut start = 0;
        let own = sizes
            .iter()
            .map(|size| {
                start += size;
                x[start - size..start].to_vec()
            })
            .collect();
        (own, x[start..].to_vec())
    }

    #[test]
    fn it_is_what_a_dense_factor_says() {
        for q in [0, 1, 4] {
            let (mut arrow, full, sizes) = example(q);
            let n = full.nrows();
            let ln_determinant = arrow.factor().unwrap();
            check_close(ln_determinant, full.determinant().ln(), 1e-12, 0.0, &|| "determinant".into());
            let inverse = full.llt(Side::Lower).unwrap().inverse();
            let x: Vec<f64> = uniforms(&mut stream(4), n, -1.0, 1.0);
            let (mut own, mut corner) = parts(&x, &sizes);
            arrow.solve(&mut own, &mut corner);
            let solved: Vec<f64> = own.concat().into_iter().chain(corner).collect();
            arrow.invert();
            let mut start = 0;
            for i in 0..n {
                let expected: f64 = (0..n).map(|j| inverse[(i, j)] * x[j]).sum();
                check_close(solved[i], expected, 1e-12, 1e-14, &|| format!("solution {i}"));
            }
            for (g, &size) in sizes.iter().enumerate() {
                let place = |i: usize| if i < size { start + i } else { n - q + i - size };
                for i in 0..size + q {
                    for j in 0..size + q {
                        let expected = inverse[(place(i), place(j))];
                        check_close(arrow.inverse(g, i, j), expected, 1e-12, 1e-15, &|| {
                            format!("{g} {i} {j}")
                        });
                    }
                }
                start += size;
            }
        }
    }

    #[test]
    fn what_it_spreads_has_the_inverse_for_a_covariance() {
        let (mut arrow, full, sizes) = example(3);
        arrow.factor().unwrap();
        let n = full.nrows();
        let columns: Vec<Vec<f64>> = (0..n)
            .map(|k| {
                let unit: Vec<f64> = (0..n).map(|i| f64::from(i == k)).collect();
                let (mut own, mut corner) = parts(&unit, &sizes);
                arrow.spread(&mut own, &mut corner);
                own.concat().into_iter().chain(corner).collect()
            })
            .collect();
        let inverse = full.llt(Side::Lower).unwrap().inverse();
        for i in 0..n {
            for j in 0..n {
                let sum: f64 = columns.iter().map(|s| s[i] * s[j]).sum();
                check_close(sum, inverse[(i, j)], 1e-12, 1e-14, &|| format!("{i} {j}"));
            }
        }
    }

    #[test]
    fn what_is_not_positive_definite_has_no_factor() {
        for in_the_corner in [false, true] {
            let (mut arrow, ..) = example(2);
            if in_the_corner {
                arrow.corner_mut()[0] = -1.0;
            } else {
                arrow.block_mut(1).0[0] = f64::NAN;
            }
            assert!(arrow.factor().is_none());
        }
    }
}
