//! Money to the cent: a plan whose amounts are whole cents wherever a bound does not say otherwise, and whose sum is the
//! budget.

use super::linear::Row;
use super::project::settle;

/// The unit that amounts are rounded to: a cent; for budgets below a thousand, which may be stated in thousands or
/// millions, a power of ten of which one part in ten million is left.
pub fn quantum(budget: f64) -> f64 {
    if budget >= 1000.0 { 0.01 } else { 10_f64.powf((budget * 1e-7).log10().floor()) }
}

/// Rounds `plan` within `bounds` and `rows`. Cells at a bound stay there.
///
/// Amounts are rounded down; of a fixed budget, what that leaves goes cent by cent to the cells that lost most and have
/// room. Where groups leave no way to whole cents, or a double holds none at this size, the plan is returned as it is.
pub fn to_cents(plan: &[f64], bounds: &[(f64, f64)], rows: &[Row], budget: f64, fixed: bool) -> Vec<f64> {
    let unit = quantum(budget);
    if !(unit.is_finite() && unit > 0.0) || budget / unit > 4e15 {
        return plan.to_vec();
    }
    let steps = (1.0 / unit).round();
    let whole = |x: f64| (x * steps).round() / steps;
    let mut rounded: Vec<f64> = plan
        .iter()
        .zip(bounds)
        .map(|(b, (lower, upper))| match *b {
            b if (b - lower).abs() <= 0.5 * unit => *lower,
            b if (b - upper).abs() <= 0.5 * unit => *upper,
            b => ((b * steps + 1e-6).floor() / steps).clamp(*lower, *upper),
        })
        .collect();
    let slack = 1e-9 * budget;
    let broken = |b: &[f64]| rows.iter().map(|row| (-row.room(b) - slack).max(0.0)).sum::<f64>();
    if fixed {
        for _ in 0..4 * plan.len() + 4 {
            let left = budget - rounded.iter().sum::<f64>();
            if left.abs() < 0.75 * unit {
                break;
            }
            let moved = |k: usize| whole(rounded[k] + unit * left.signum());
            let fits = |k: &usize| moved(*k) >= bounds[*k].0 && moved(*k) <= bounds[*k].1;
            // Groups come first, then whoever lost most.
            let rank = |k: usize| {
                let mut next = rounded.clone();
                next[k] = moved(k);
                (-broken(&next), (plan[k] - rounded[k]) * left.signum())
            };
            let best = (0..plan.len()).filter(fits).map(|k| (k, rank(k)));
            let best = best.max_by(|(_, a), (_, b)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let Some((k, _)) = best else { break };
            rounded[k] = moved(k);
        }
        // A budget or bound with fractions of a cent leaves a fraction: the cell that can take it does.
        let left = budget - rounded.iter().sum::<f64>();
        if left != 0.0 {
            let room = |k: &usize| (bounds[*k].0..=bounds[*k].1).contains(&(rounded[*k] + left));
            match (0..plan.len()).filter(room).max_by(|&a, &b| rounded[a].total_cmp(&rounded[b])) {
                Some(k) => rounded[k] += left,
                None => settle(&mut rounded, bounds, budget),
            }
        }
    }
    if broken(&rounded) > 0.0 && broken(plan) == 0.0 { plan.to_vec() } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_whole_cents_and_add_up() {
        let bounds = [(0.0, 1e5); 3];
        let plan = [100_000.0 / 3.0; 3];
        let rounded = to_cents(&plan, &bounds, &[], 100_000.0, true);
        assert!((rounded.iter().sum::<f64>() - 100_000.0).abs() < 1e-10, "{rounded:?}");
        assert!(rounded.iter().all(|b| ((b * 100.0).round() / 100.0 - b).abs() < 1e-9), "{rounded:?}");
        let millions = to_cents(&[1.0 / 3.0, 2.0 / 3.0], &[(0.0, 1.0); 2], &[], 1.0, true);
        assert!((millions[0] - 1.0 / 3.0).abs() < 1e-7 && (millions.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_group_is_not_broken_for_a_cent() {
        let rows = [Row { a: vec![1.0, 1.0, 0.0], c: 400.0 }, Row { a: vec![0.0, 0.0, -1.0], c: -600.0 }];
        let plan = [133.336, 266.664, 600.0];
        let rounded = to_cents(&plan, &[(0.0, 1000.0); 3], &rows, 1000.0, true);
        assert!(rows.iter().all(|row| row.room(&rounded) >= -1e-6), "{rounded:?}");
        assert!((rounded.iter().sum::<f64>() - 1000.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn bounds_and_budget_are_kept(
            cells in prop::collection::vec((0.0..1e5_f64, 0.0..1e5_f64, 0.0..1.0_f64), 1..12),
        ) {
            let bounds: Vec<(f64, f64)> = cells.iter().map(|(low, width, _)| (*low, low + width)).collect();
            let plan: Vec<f64> = cells.iter().map(|(low, width, share)| low + share * width).collect();
            let budget: f64 = plan.iter().sum();
            let rounded = to_cents(&plan, &bounds, &[], budget, true);
            prop_assert!((rounded.iter().sum::<f64>() - budget).abs() <= 1e-9 * budget.max(1e-3));
            for ((b, (lower, upper)), original) in rounded.iter().zip(&bounds).zip(&plan) {
                prop_assert!(b >= lower && b <= upper);
                prop_assert!((b - original).abs() <= 0.05);
            }
        }
    }
}
