//! Whether the folds tell the same story of each channel: how far its figures move while the origin rolls on.

use super::folds::TrainingWindow;
use crate::decision::returns::returns;
use crate::decision::window::Window;
use crate::engine::fit::Fit;
use crate::posterior::interval::Interval;
use crate::posterior::replay::Replay;
use schemars::JsonSchema;
use serde::Serialize;

/// Draws that a decay is summarised from.
const MOST_DRAWS: usize = 1000;

/// Which figure of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ChannelFigure")]
pub enum Figure {
    /// What it earned per unit of money.
    Roas,
    /// What it brought per unit of exposure, where no money was spent.
    Effectiveness,
    /// Share of its pressure that is left a period later, mean over geos.
    Decay,
    /// Periods until half of its effect is left, where the adstock has no decay.
    HalfLife,
}

impl Figure {
    /// Its name as a label has it.
    pub fn name(self) -> &'static str {
        match self {
            Figure::Roas => "roas",
            Figure::Effectiveness => "effectiveness",
            Figure::Decay => "decay",
            Figure::HalfLife => "half_life",
        }
    }
}

/// One figure of one channel, as one fold estimates it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Channel.
    pub channel: String,
    /// Figure.
    pub figure: Figure,
    /// Its value.
    pub value: Interval,
}

/// All estimates of a fit: what each channel earned in `window`, and how long it works. Fixed parameters are left out.
pub fn estimates(fit: &Fit, window: Window, level: f64, threads: usize) -> Vec<Estimate> {
    let mut found = Vec::new();
    let all = returns(&fit.model, &fit.posterior, window, level, threads);
    let decays = decays(fit, level);
    for (channel, decay) in all.channels.into_iter().zip(decays) {
        let half_life = (decay.is_none() && channel.half_life.sd > 0.0).then_some(channel.half_life);
        let earned = match channel.roas {
            Some(roas) => (Figure::Roas, Some(roas)),
            None => (Figure::Effectiveness, channel.effectiveness),
        };
        let decay = decay.filter(|decay| decay.sd > 0.0);
        for (figure, value) in [earned, (Figure::Decay, decay), (Figure::HalfLife, half_life)] {
            if let Some(value) = value {
                found.push(Estimate { channel: channel.name.clone(), figure, value });
            }
        }
    }
    found
}

/// The decay of every channel whose adstock has one.
fn decays(fit: &Fit, level: f64) -> Vec<Option<Interval>> {
    let (model, posterior) = (&fit.model, &fit.posterior);
    let n_geos = model.panel.n_geos();
    let has = |c: usize| model.mean.channels[c].adstock.parameter_names().first() == Some(&"decay");
    let n_draws = posterior.n_chains * posterior.n_draws;
    let mut draws = vec![Vec::new(); model.mean.channels.len()];
    let mut replay = Replay::new(model);
    for s in (0..n_draws).step_by(n_draws.div_ceil(MOST_DRAWS).max(1)) {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        for (c, own) in draws.iter_mut().enumerate().filter(|(c, _)| has(*c)) {
            let sum: f64 = (0..n_geos).map(|geo| replay.transform_parameters(c, geo).0[0]).sum();
            own.push(sum / n_geos as f64);
        }
    }
    draws.iter_mut().map(|own| (!own.is_empty()).then(|| Interval::of(own, level))).collect()
}

/// One figure over the folds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stability {
    /// Channel.
    pub channel: String,
    /// Figure.
    pub figure: Figure,
    /// Number of the fold, from 1, and its estimate.
    pub by_fold: Vec<(usize, Interval)>,
    /// Largest move of the mean from a fold to a later one, in posterior standard deviations.
    pub largest_move: f64,
    /// The two folds of that move, from 1.
    pub between: (usize, usize),
    /// Whether the mean of a later fold lies outside the interval of an earlier one.
    pub outside: bool,
}

/// How each figure moves; `folds` are numbers of folds, in the order of time, with their estimates.
///
/// An expanding window only adds data, so that a later estimate should lie where the earlier one said it would: a move is
/// measured by the earlier standard deviation. The reverse does not hold, for the later interval is the narrower one.
/// Windows that roll share less, and a move is measured by `sqrt(sd² + sd²)` of both.
pub fn stability(folds: &[(usize, &[Estimate])], window: TrainingWindow) -> Vec<Stability> {
    let Some((_, first)) = folds.first() else { return Vec::new() };
    let follow = |estimate: &Estimate| {
        let own = |all: &[Estimate]| {
            let same = |e: &&Estimate| e.channel == estimate.channel && e.figure == estimate.figure;
            all.iter().find(same).map(|e| e.value)
        };
        let by_fold: Vec<(usize, Interval)> =
            folds.iter().filter_map(|(k, all)| own(all).map(|value| (*k, value))).collect();
        let mut moved = Stability {
            channel: estimate.channel.clone(),
            figure: estimate.figure,
            largest_move: 0.0,
            between: (by_fold[0].0, by_fold[0].0),
            outside: false,
            by_fold,
        };
        for (i, (early, a)) in moved.by_fold.iter().enumerate() {
            for (late, b) in &moved.by_fold[i + 1..] {
                let unit = match window {
                    TrainingWindow::Expanding => a.sd,
                    TrainingWindow::Rolling => a.sd.hypot(b.sd),
                };
                let by = (b.mean - a.mean).abs() / unit;
                if by > moved.largest_move {
                    (moved.largest_move, moved.between) = (by, (*early, *late));
                }
                moved.outside |= !a.contains(b.mean);
            }
        }
        moved
    };
    first.iter().map(follow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(mean: f64, sd: f64) -> Vec<Estimate> {
        let value =
            Interval { mean, sd, median: mean, lower: mean - 2.0 * sd, upper: mean + 2.0 * sd, level: 0.95 };
        vec![Estimate { channel: "tv".into(), figure: Figure::Roas, value }]
    }

    #[test]
    fn a_move_is_measured_by_what_the_earlier_fold_promised() {
        let all = [estimate(1.0, 0.5), estimate(1.5, 0.1), estimate(1.65, 0.1)];
        let folds: Vec<_> = all.iter().enumerate().map(|(k, own)| (k + 1, own.as_slice())).collect();
        let found = &stability(&folds, TrainingWindow::Expanding)[0];
        assert!((found.largest_move - 1.5).abs() < 1e-12, "{found:?}");
        assert_eq!((found.between, found.outside), ((2, 3), false));
        // 1.0 lies far outside the later intervals, which nobody had promised it would not.
        let back: Vec<_> = folds.iter().rev().copied().collect();
        let found = &stability(&back, TrainingWindow::Expanding)[0];
        assert!(found.outside && (found.largest_move - 6.5).abs() < 1e-12, "{found:?}");
        let rolling = &stability(&folds[1..], TrainingWindow::Rolling)[0];
        assert!((rolling.largest_move - 0.15 / 0.1_f64.hypot(0.1)).abs() < 1e-12);
    }

    #[test]
    fn one_fold_moves_nowhere() {
        let one = estimate(1.0, 0.5);
        let found = &stability(&[(2, &one)], TrainingWindow::Expanding)[0];
        assert_eq!((found.largest_move, found.between, found.outside), (0.0, (2, 2), false));
        assert!(stability(&[], TrainingWindow::Expanding).is_empty());
    }
}
