//! A plan as a media plan: when the money of every cell is spent, by period and by the months, quarters and years they
//! begin in.

use super::allocation::round::quantum;
use super::surface::Surface;
use crate::data::calendar::Calendar;
use crate::data::grain::groupings;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

/// The money of a plan over time, at one grain.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Schedule {
    /// `day`, `week`, `month`, `quarter`, `year`.
    pub grain: String,
    /// First days; a period counts where it begins.
    pub first: Vec<String>,
    /// Money by cell, in the order of the plan, and span; whole cents that add up to the cell's money.
    pub spend: Vec<Vec<f64>>,
}

/// `plan` (money by cell over the horizon) by period, and by every longer grain of which there are two.
///
/// `data`: the calendar of the data; the horizon begins where it ends.
pub fn schedules(surface: &Surface, plan: &[f64], data: &Calendar) -> Vec<Schedule> {
    let dates: Vec<Date> = (0..surface.horizon.periods).map(|t| data.date(data.len() + t)).collect();
    groupings(&dates, data.spacing())
        .into_iter()
        .map(|grouping| {
            let over = |(money, shares): (&f64, &[f64])| spread(*money, shares, &grouping.of);
            let shares = surface.cells.iter().map(|cell| cell.shares.as_slice());
            Schedule {
                grain: grouping.name.to_owned(),
                first: grouping.first.iter().map(Date::to_string).collect(),
                spend: plan.iter().zip(shares).map(over).collect(),
            }
        })
        .collect()
}

/// `total` over spans: what is due by the end of each in whole cents, less what was spent before, so that nothing is lost
/// to rounding. `of`: the span of each period, in order.
fn spread(total: f64, shares: &[f64], of: &[usize]) -> Vec<f64> {
    let steps = (1.0 / quantum(total)).round();
    let whole = |x: f64| if steps.is_finite() { (x * steps).round() / steps } else { x };
    let mut due = 0.0;
    let mut by_end = vec![0.0; of.last().map_or(0, |last| last + 1)];
    for (share, span) in shares.iter().zip(of) {
        due += share * total;
        by_end[*span] = whole(due);
    }
    if let Some(last) = by_end.last_mut() {
        *last = total;
    }
    let before = std::iter::once(0.0).chain(by_end.iter().copied());
    by_end.iter().zip(before).map(|(end, before)| whole(end - before)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_and_months_add_up_to_the_money_to_the_cent() {
        let shares = [0.25, 0.125, 0.3, 0.2, 0.125];
        let by_period = spread(1000.01, &shares, &[0, 1, 2, 3, 4]);
        assert_eq!(by_period, [250.0, 125.0, 300.01, 200.0, 125.0]);
        let by_month = spread(1000.01, &shares, &[0, 0, 0, 1, 1]);
        assert_eq!(by_month, [675.01, 325.0]);
        assert_eq!(spread(0.0, &shares, &[0, 0, 0, 1, 1]), [0.0, 0.0]);
    }

    #[test]
    fn a_third_of_a_cent_is_nobodys() {
        let thirds = spread(100_000.0, &[1.0 / 3.0; 3], &[0, 1, 2]);
        assert_eq!(thirds, [33_333.33, 33_333.34, 33_333.33]);
    }
}
