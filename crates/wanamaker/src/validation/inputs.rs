//! Whether the inputs of new periods are those a model has learned from: shifts of distribution, and values never seen.

use crate::data::panel::Panel;
use crate::statistics::drift::{exceed_by_chance, psi, psi_by_chance, quantile_bins};
use serde::Serialize;
use std::ops::Range;
use wanamaker_mcmc::seed::{Purpose, stream};

/// Bins of a long stretch; a short one has a bin for every five periods, and at least two.
const MOST_BINS: usize = 10;
/// An index below is no shift.
const STABLE: f64 = 0.1;
/// An index above is one.
const SHIFTED: f64 = 0.25;
/// How seldom chance alone may show a shift in any input.
const FALSE_SHIFT: f64 = 0.05;

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// Money of a channel.
    Spend,
    /// Exposure of a channel without spend.
    Exposure,
    /// Treatment.
    Treatment,
    /// Control.
    Control,
}

impl InputKind {
    fn is_media(self) -> bool {
        matches!(self, InputKind::Spend | InputKind::Exposure)
    }

    /// What it is called.
    pub fn words(self) -> &'static str {
        match self {
            InputKind::Spend => "spend of",
            InputKind::Exposure => "exposure of",
            InputKind::Treatment => "treatment",
            InputKind::Control => "control",
        }
    }
}

/// How far a distribution has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Degree {
    /// Index below 0.1, or no larger than chance makes it in so few periods.
    Stable,
    /// Up to 0.25.
    Moderate,
    /// Above.
    Shifted,
}

/// One input in new periods against training.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shift {
    /// Channel, treatment or control.
    pub name: String,
    /// What it is.
    pub kind: InputKind,
    /// Mean by period in training: of sums over geos for media, of means over geos else.
    pub training_mean: f64,
    /// The same in the new periods.
    pub new_mean: f64,
    /// Population stability index of these numbers.
    pub psi: f64,
    /// Bins it was counted in.
    pub bins: usize,
    /// The index that chance seldom exceeds in so few periods.
    pub by_chance: f64,
    /// What that comes to.
    pub degree: Degree,
    /// New cells outside the range of their geo in training; for media above it.
    pub outside: usize,
    /// As many as chance makes.
    pub outside_by_chance: usize,
    /// New cells.
    pub n: usize,
}

impl Shift {
    /// Whether its distribution has moved far.
    pub fn has_shifted(&self) -> bool {
        self.degree == Degree::Shifted
    }

    /// Whether more cells lie where no data were than chance makes.
    pub fn has_left(&self) -> bool {
        self.outside > self.outside_by_chance
    }
}

/// Every input of `panel` in periods `new` against periods `training`.
pub fn shifts(panel: &Panel, training: Range<usize>, new: Range<usize>, seed: u64) -> Vec<Shift> {
    let media = panel.media.iter().chain(&panel.organic).map(|own| match &own.spend {
        Some(spend) => (&own.name, InputKind::Spend, spend),
        None => (&own.name, InputKind::Exposure, &own.exposure),
    });
    let treatments = panel.treatments.iter().map(|own| (&own.name, InputKind::Treatment, &own.values));
    let controls = panel.controls.iter().map(|own| (&own.name, InputKind::Control, &own.values));
    let all: Vec<_> = media.chain(treatments).chain(controls).collect();
    let alarm = FALSE_SHIFT / all.len().max(1) as f64;
    let one = |(k, (name, kind, values)): (usize, (&String, InputKind, &Vec<f64>))| {
        let (old, fresh) = (by_period(panel, kind, values, &training), by_period(panel, kind, values, &new));
        let ends = quantile_bins(&old, (fresh.len() / 5).clamp(2, MOST_BINS));
        let mut rng = stream(seed, Purpose::Resampling, k as u64);
        let by_chance = psi_by_chance(&old, fresh.len(), &ends, alarm, &mut rng);
        let psi = psi(&old, &fresh, &ends);
        let degree = match psi {
            x if x < STABLE || x <= by_chance => Degree::Stable,
            x if x <= SHIFTED => Degree::Moderate,
            _ => Degree::Shifted,
        };
        // Media below what was seen are known to the curve; geos go up and down together.
        let sides = if kind.is_media() { 1.0 } else { 2.0 };
        let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len() as f64;
        Shift {
            name: name.clone(),
            kind,
            training_mean: mean(&old),
            new_mean: mean(&fresh),
            psi,
            bins: ends.len() + 1,
            by_chance,
            degree,
            outside: outside(panel, kind, values, &training, &new),
            outside_by_chance: panel.n_geos() * exceed_by_chance(old.len(), fresh.len(), alarm / sides),
            n: panel.n_geos() * new.len(),
        }
    };
    all.into_iter().enumerate().map(one).collect()
}

fn by_period(panel: &Panel, kind: InputKind, values: &[f64], periods: &Range<usize>) -> Vec<f64> {
    let n = panel.n_times();
    let weight = if kind.is_media() { 1.0 } else { 1.0 / panel.n_geos() as f64 };
    let sum = |t: usize| (0..panel.n_geos()).map(|geo| values[geo * n + t]).sum::<f64>() * weight;
    periods.clone().map(sum).collect()
}

fn outside(panel: &Panel, kind: InputKind, values: &[f64], old: &Range<usize>, new: &Range<usize>) -> usize {
    let n = panel.n_times();
    let of_geo = |geo: usize| {
        let own = &values[geo * n..(geo + 1) * n];
        let seen = |pick: fn(f64, f64) -> f64, from: f64| own[old.clone()].iter().copied().fold(from, pick);
        let (least, most) = (seen(f64::min, f64::INFINITY), seen(f64::max, f64::NEG_INFINITY));
        own[new.clone()].iter().filter(|x| **x > most || (!kind.is_media() && **x < least)).count()
    };
    (0..panel.n_geos()).map(of_geo).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::calendar::{Calendar, Spacing};
    use crate::data::panel::{Media, Series};
    use crate::math::testing::{stream, uniforms};
    use jiff::civil::date;

    /// Two geos of `n` weeks; `spend` by geo and week, and a control.
    fn panel(n: usize, spend: Vec<f64>, control: Vec<f64>) -> Panel {
        Panel {
            source: String::new(),
            geos: vec!["north".into(), "south".into()],
            has_geo: true,
            calendar: Calendar::new(date(2022, 1, 3), Spacing::Days(7), n),
            population: vec![1.0; 2],
            kpi: Series { name: "y".into(), values: vec![1.0; 2 * n] },
            revenue_per_kpi: None,
            media: vec![Media { name: "tv".into(), exposure: spend.clone(), spend: Some(spend) }],
            organic: Vec::new(),
            treatments: Vec::new(),
            controls: vec![Series { name: "price".into(), values: control }],
            events: Vec::new(),
            n_history: 0,
        }
    }

    #[test]
    fn a_season_that_training_has_seen_is_no_shift() {
        let n = 117;
        let wave = |i: usize| (std::f64::consts::TAU * (i % n) as f64 / 52.0).sin();
        let (mut alarms, mut left) = (0, 0);
        for seed in 0..20 {
            let mut noise = stream(seed);
            let spend: Vec<f64> = uniforms(&mut noise, 2 * n, 1.0, 2.0);
            let control: Vec<f64> =
                uniforms(&mut noise, 2 * n, 0.0, 0.3).iter().enumerate().map(|(i, x)| wave(i) + x).collect();
            let found = shifts(&panel(n, spend, control), 0..104, 104..117, seed);
            alarms += found.iter().filter(|input| input.degree != Degree::Stable).count();
            left += found.iter().filter(|input| input.has_left()).count();
        }
        assert!(alarms <= 2 && left <= 3, "{alarms} and {left} of 40");
    }

    #[test]
    fn money_where_there_never_was_so_much_is_counted_by_geo() {
        let n = 60;
        let mut spend = uniforms(&mut stream(1), 2 * n, 1.0, 2.0);
        // The south spends a tenth; in the last ten weeks as much as the north always has.
        spend[n..n + 50].iter_mut().for_each(|x| *x /= 10.0);
        let control = uniforms(&mut stream(2), 2 * n, -1.0, 1.0);
        let mut market = panel(n, spend, control);
        market.controls[0].values[55] = -3.0;
        let found = shifts(&market, 0..50, 50..60, 1);
        assert_eq!((found[0].kind, found[0].n, found[0].bins), (InputKind::Spend, 20, 2));
        assert!(found[0].outside >= 10 && found[0].has_shifted() && found[0].has_left(), "{found:?}");
        assert!(found[0].new_mean > 1.5 * found[0].training_mean);
        assert_eq!((found[1].kind, found[1].outside, found[1].has_left()), (InputKind::Control, 1, false));
        // A channel that rests is below what was seen, which a curve knows, but spread otherwise.
        market.media[0].spend =
            Some((0..2 * n).map(|i| if i % n < 50 { 1.0 + (i % 7) as f64 } else { 0.0 }).collect());
        let found = shifts(&market, 0..50, 50..60, 1);
        assert!(found[0].outside == 0 && found[0].has_shifted(), "{found:?}");
    }
}
