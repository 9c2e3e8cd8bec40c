//! Sums of products over series, the width of the machine's registers at a time; several columns share one pass.
//!
//! The order of summation is fixed by the length alone: the same numbers give the same bits, whichever function of
//! this file adds them.

use super::vector::wide;

/// Sums kept in flight at once.
const LANES: usize = 8;
/// Columns that share one pass over the series they meet: so many that a sum of one is there when its next number comes, and so few
/// that the sums of all stay in sixteen registers of four numbers.
const COLUMNS: usize = 6;

wide! {
    /// `Σ a[i]·b[i]`.
    pub fn dot(a: &[f64], b: &[f64]) -> f64 {
        sum_of(a, b, |sum, a, b| a.mul_add(b, sum))
    }
}

wide! {
    /// `Σ a[i]`.
    pub fn sum(a: &[f64]) -> f64 {
        sum_of(a, a, |sum, a, _| sum + a)
    }
}

wide! {
    /// `y[i] += a·x[i]`.
    pub fn add_scaled(a: f64, x: &[f64], y: &mut [f64]) {
        debug_assert_eq!(x.len(), y.len());
        for (y, x) in y.iter_mut().zip(x) {
            *y = a.mul_add(*x, *y);
        }
    }
}

wide! {
    /// `out[i] = a·x[i] + b`.
    pub fn affine(a: f64, x: &[f64], b: f64, out: &mut [f64]) {
        debug_assert_eq!(x.len(), out.len());
        for (out, x) in out.iter_mut().zip(x) {
            *out = a.mul_add(*x, b);
        }
    }
}

wide! {
    /// `out[i] = x[i]·y[i]`.
    pub fn product(x: &[f64], y: &[f64], out: &mut [f64]) {
        debug_assert!(x.len() == out.len() && y.len() == out.len());
        for ((out, x), y) in out.iter_mut().zip(x).zip(y) {
            *out = x * y;
        }
    }
}

wide! {
    /// `x[i] *= a·y[i]`.
    pub fn scale_by(a: f64, y: &[f64], x: &mut [f64]) {
        debug_assert_eq!(x.len(), y.len());
        for (x, y) in x.iter_mut().zip(y) {
            *x *= a * y;
        }
    }
}

wide! {
    /// `out[i] = a·x[i] + b·y[i]`.
    pub fn combine(a: f64, x: &[f64], b: f64, y: &[f64], out: &mut [f64]) {
        debug_assert!(x.len() == out.len() && y.len() == out.len());
        for ((out, x), y) in out.iter_mut().zip(x).zip(y) {
            *out = a.mul_add(*x, b * y);
        }
    }
}

/// A sum over all `i`, to which `add(sum, a[i], b[i])` adds the next; as wide as its caller.
#[inline(always)]
pub fn sum_of(a: &[f64], b: &[f64], add: impl Fn(f64, f64, f64) -> f64) -> f64 {
    let [sum] = sums_of([a], b, add);
    sum
}

/// `out[i] += Σ_k b[k]·x[k][i]`, one addition after the other; every `x[k]` is as long as `out`.
pub fn add_columns<'a>(columns: impl IntoIterator<Item = (f64, &'a [f64])>, out: &mut [f64]) {
    in_groups((0.0, [].as_slice()), columns, |group| add_group(group, out));
}

/// `totals[place] += Σ_i x[i]·d[i]` for every column `(place, x)`; every `x` is as long as `d`.
pub fn dot_columns<'a>(columns: impl IntoIterator<Item = (usize, &'a [f64])>, d: &[f64], totals: &mut [f64]) {
    in_groups((0, [].as_slice()), columns, |group| dot_group(group, d, totals));
}

/// Hands columns over, `COLUMNS` at a time and then what is left.
fn in_groups<T: Copy>(none: T, columns: impl IntoIterator<Item = T>, mut take: impl FnMut(&[T])) {
    let (mut group, mut n) = ([none; COLUMNS], 0);
    for column in columns {
        group[n] = column;
        n += 1;
        if n == COLUMNS {
            take(&group);
            n = 0;
        }
    }
    take(&group[..n]);
}

/// One function for each number of columns up to `COLUMNS`: of an array of them the compiler keeps the sums in registers, of a slice
/// it does not, nor where all share one function.
macro_rules! together {
    ($($n:literal: $add:ident, $dot:ident);*) => {
        $(
            wide! {
                fn $add(b: [f64; $n], columns: [&[f64]; $n], out: &mut [f64]) {
                    let n = out.len();
                    let columns = columns.map(|x| &x[..n]);
                    for i in 0..n {
                        let mut sum = out[i];
                        for k in 0..$n {
                            sum = b[k].mul_add(columns[k][i], sum);
                        }
                        out[i] = sum;
                    }
                }
            }

            wide! {
                fn $dot(columns: [&[f64]; $n], d: &[f64]) -> [f64; $n] {
                    sums_of(columns, d, |sum, x, d| x.mul_add(d, sum))
                }
            }
        )*

        fn add_group(group: &[(f64, &[f64])], out: &mut [f64]) {
            match group.len() {
                $($n => $add(array(group, |(b, _)| b), array(group, |(_, x)| x), out),)*
                _ => {}
            }
        }

        fn dot_group(group: &[(usize, &[f64])], d: &[f64], totals: &mut [f64]) {
            match group.len() {
                $($n => {
                    let sums = $dot(array(group, |(_, x)| x), d);
                    group.iter().zip(sums).for_each(|((place, _), sum)| totals[*place] += sum);
                })*
                _ => {}
            }
        }
    };
}

together!(1: add_1, dot_1; 2: add_2, dot_2; 3: add_3, dot_3; 4: add_4, dot_4; 5: add_5, dot_5; 6: add_6, dot_6);

fn array<T: Copy, U, const N: usize>(group: &[T], part: impl Fn(T) -> U) -> [U; N] {
    std::array::from_fn(|k| part(group[k]))
}

/// As [`sum_of`] for every column.
#[inline(always)]
pub fn sums_of<const N: usize>(
    columns: [&[f64]; N],
    b: &[f64],
    add: impl Fn(f64, f64, f64) -> f64,
) -> [f64; N] {
    debug_assert!(columns.iter().all(|column| column.len() == b.len()));
    let mut sums = [[0.0; LANES]; N];
    let (b_blocks, b_rest) = b.as_chunks::<LANES>();
    let blocks = columns.map(|column| &column.as_chunks::<LANES>().0[..b_blocks.len()]);
    for (i, b) in b_blocks.iter().enumerate() {
        for k in 0..N {
            let a = &blocks[k][i];
            for lane in 0..LANES {
                sums[k][lane] = add(sums[k][lane], a[lane], b[lane]);
            }
        }
    }
    let mut totals = [0.0; N];
    for k in 0..N {
        let rest =
            columns[k][b.len() - b_rest.len()..].iter().zip(b_rest).fold(0.0, |sum, (a, b)| add(sum, *a, *b));
        totals[k] = sum_of_lanes(&sums[k]) + rest;
    }
    totals
}

/// Halves onto halves: in any other order the compiler shuffles all numbers on their way to the sums.
#[inline(always)]
pub fn sum_of_lanes<const N: usize>(sums: &[f64; N]) -> f64 {
    let (mut sums, mut n) = (*sums, N);
    while n > 1 {
        n /= 2;
        for k in 0..n {
            sums[k] += sums[k + n];
        }
    }
    sums[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waves(n: usize, speed: f64) -> Vec<f64> {
        (0..n).map(|i| (i as f64 * speed).sin()).collect()
    }

    #[test]
    fn dot_and_add_scaled_agree_with_the_plain_sum() {
        for n in 0..40 {
            let (a, b) = (waves(n, 0.7), waves(n, 1.3));
            let plain: f64 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
            assert!((dot(&a, &b) - plain).abs() < 1e-12);
            assert!((sum(&a) - a.iter().sum::<f64>()).abs() < 1e-12);
            let mut y = b.clone();
            add_scaled(2.0, &a, &mut y);
            assert!(y.iter().zip(a.iter().zip(&b)).all(|(y, (x, b))| (*y - (b + 2.0 * x)).abs() < 1e-15));
        }
    }

    #[test]
    fn columns_together_are_columns_one_by_one_bit_for_bit() {
        for n in [0, 1, 7, 8, 9, 31, 100] {
            for n_columns in 0..14 {
                let columns: Vec<_> =
                    (0..n_columns).map(|k| (0.3 * k as f64 - 1.0, waves(n, 0.1 + k as f64))).collect();
                let (mut together, mut single) = (waves(n, 0.9), waves(n, 0.9));
                add_columns(columns.iter().map(|(b, x)| (*b, x.as_slice())), &mut together);
                columns.iter().for_each(|(b, x)| add_scaled(*b, x, &mut single));
                assert_eq!(together, single);
                let mut sums = vec![0.0; n_columns];
                dot_columns(
                    columns.iter().enumerate().map(|(k, (_, x))| (k, x.as_slice())),
                    &single,
                    &mut sums,
                );
                assert_eq!(sums, columns.iter().map(|(_, x)| dot(x, &single)).collect::<Vec<_>>());
            }
        }
    }
}
