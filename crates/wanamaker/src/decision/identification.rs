//! Which channels the data cannot tell: those that barely moved their prior, those that only their sum is known of, and
//! those whose effect could be almost anything.
//!
//! ```text
//! contraction = 1 − (width of the posterior / width of the prior)²      of the channel's total contribution
//! shift       = |median of the posterior − median of the prior| / half the width of the prior
//! ```
//! Widths are those of central intervals of probability ½, which heavy tails of a prior do not move.

use super::contribution::{Counted, Part, parts, total_draws};
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::interval::{Interval, quantile};
use crate::problem::{Place, Problem, Problems};
use serde::Serialize;

/// A posterior that keeps more than four fifths of its prior's width, and did not move, has learnt next to nothing.
const LEAST_CONTRACTION: f64 = 0.36;
/// A move by half of the prior's half-width counts as having learnt where the effect lies.
const LEAST_SHIFT: f64 = 0.5;
/// From here on one channel's gain is the other's loss: half of the variance of either is about the other.
const CONFOUNDED: f64 = -0.7;
/// An effect known to within half of itself in either direction is the least that a budget can be moved on.
const VAGUE: f64 = 0.5;
/// Draws from the prior.
const PRIOR_DRAWS: usize = 1000;

/// What is known of one channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Known {
    /// Channel name.
    pub channel: String,
    /// How much narrower the posterior of its contribution is than the prior, 0 … 1; negative when wider.
    pub contraction: f64,
    /// How far its median moved, in half-widths of the prior.
    pub shift: f64,
    /// Half of the interval's width per mean.
    pub relative_half_width: f64,
    /// Level of that interval.
    pub level: f64,
    /// Whether prior and posterior are nearly the same.
    pub follows_prior: bool,
    /// Whether the interval reaches beyond half of the mean on either side.
    pub vague: bool,
}

/// Two channels of which mainly the sum is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Confounded {
    /// The channels.
    pub channels: [String; 2],
    /// Posterior correlation of their contributions.
    pub correlation: f64,
}

/// What the data can and cannot tell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Identification {
    /// Every channel.
    pub channels: Vec<Known>,
    /// Pairs that cannot be told apart.
    pub confounded: Vec<Confounded>,
}

/// Compares posterior and prior contributions over the observed training cells.
pub fn identification(model: &CompiledModel, posterior: &Posterior, level: f64, seed: u64) -> Identification {
    let channels: Vec<(String, Part)> =
        parts(model).into_iter().filter(|(_, part)| matches!(part, Part::Channel(_))).collect();
    let prior = Posterior::from_prior(model, PRIOR_DRAWS, seed);
    let counted = Counted::observed(model);
    let totals = |posterior: &Posterior| -> Vec<Vec<f64>> {
        let all_geos = 0..model.panel.n_geos();
        total_draws(model, posterior, &channels, &counted, std::slice::from_ref(&all_geos)).remove(0).kpi
    };
    let names = channels.iter().map(|(name, _)| name.clone()).collect();
    of_draws(names, &totals(posterior), &totals(&prior), level)
}

/// The same from draws of contributions, `[channel][draw]`.
fn of_draws(names: Vec<String>, posterior: &[Vec<f64>], prior: &[Vec<f64>], level: f64) -> Identification {
    let middle = |draws: &[f64]| -> (f64, f64) {
        let mut sorted: Vec<f64> = draws.iter().copied().filter(|x| x.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        (quantile(&sorted, 0.5), quantile(&sorted, 0.75) - quantile(&sorted, 0.25))
    };
    let known = names.iter().zip(posterior).zip(prior).map(|((channel, posterior), prior)| {
        let ((centre, width), (prior_centre, prior_width)) = (middle(posterior), middle(prior));
        let ratio = if prior_width > 0.0 { width / prior_width } else { 1.0 };
        let contraction = 1.0 - ratio * ratio;
        let shift = if prior_width > 0.0 { (centre - prior_centre).abs() / (0.5 * prior_width) } else { 0.0 };
        let interval = Interval::of(&mut posterior.clone(), level);
        let relative_half_width = 0.5 * (interval.upper - interval.lower) / interval.mean.abs();
        Known {
            channel: channel.clone(),
            contraction,
            shift,
            relative_half_width,
            level,
            follows_prior: contraction < LEAST_CONTRACTION && shift < LEAST_SHIFT,
            // A channel that never ran has no effect to be vague about.
            vague: relative_half_width > VAGUE,
        }
    });
    let channels = known.collect();
    let mut confounded = Vec::new();
    for i in 0..names.len() {
        for j in i + 1..names.len() {
            let correlation = correlation(&posterior[i], &posterior[j]);
            if correlation < CONFOUNDED {
                confounded.push(Confounded { channels: [names[i].clone(), names[j].clone()], correlation });
            }
        }
    }
    Identification { channels, confounded }
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let sums = a.iter().zip(b).fold((0.0, 0.0, 0.0), |(ab, aa, bb), (a, b)| {
        let (a, b) = (a - mean_a, b - mean_b);
        (ab + a * b, aa + a * a, bb + b * b)
    });
    sums.0 / (sums.1 * sums.2).sqrt()
}

impl Identification {
    /// The findings as sentences, each with its figures.
    pub fn findings(&self) -> Problems {
        let mut problems = Problems::new();
        let mut finding = |code: &'static str, message: String, hint: &str| {
            problems.push(Problem::attention(code, Place::default(), message).hint(hint));
        };
        let named = |wanted: &dyn Fn(&Known) -> bool, figure: &dyn Fn(&Known) -> String| -> Vec<String> {
            let known = self.channels.iter().filter(|known| wanted(known));
            known.map(|known| format!("`{}` {}", known.channel, figure(known))).collect()
        };
        let of_prior = named(&|known| known.follows_prior, &|known| {
            format!("(contraction {:.2}, moved by {:.2} prior half-widths)", known.contraction, known.shift)
        });
        if !of_prior.is_empty() {
            let message =
                format!("what is said of these channels is mostly their prior: {}", of_prior.join(", "));
            let hint =
                "the data do not tell what they bring: an experiment, or spend that varies more, would";
            finding("identification.prior", message, hint);
        }
        for pair in &self.confounded {
            let [a, b] = &pair.channels;
            let message = format!(
                "`{a}` and `{b}` cannot be told apart: their contributions correlate {:.2}, what one gains the \
                 other loses",
                pair.correlation
            );
            let hint = "trust their sum; to part them, run them at different times or in different places";
            finding("identification.confounded", message, hint);
        }
        let vague = named(&|known| known.vague && !known.follows_prior, &|known| {
            format!("to ±{:.0} % of itself", 100.0 * known.relative_half_width)
        });
        if let (false, Some(known)) = (vague.is_empty(), self.channels.first()) {
            let level = (known.level * 1e4).round() / 1e2;
            let message =
                format!("contributions are known but roughly ({level} % interval): {}", vague.join(", "));
            let hint = "a longer history, a stronger prior or an experiment would narrow them";
            finding("identification.vague", message, hint);
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile::from_table;
    use crate::simulate::options::Options;
    use crate::simulate::preset::Preset;
    use crate::simulate::simulate;
    use crate::spec::document::{Format, read};
    use std::slice::from_ref;

    fn spread(n: usize, low: f64, high: f64, turn: bool) -> Vec<f64> {
        (0..n)
            .map(|s| {
                let s = if turn { n - 1 - s } else { s };
                low + (high - low) * s as f64 / (n - 1) as f64
            })
            .collect()
    }

    #[test]
    fn a_posterior_drawn_from_the_prior_of_a_model_is_named_channel_by_channel() {
        let market = simulate(&Options::new(Preset::Weekly4, 1)).unwrap();
        let (model, _) = from_table(&read(&market.spec, Format::Toml).spec, &market.table).unwrap();
        let posterior = Posterior::from_prior(&model, 1000, 7);
        let found = identification(&model, &posterior, 0.95, 8);
        for known in &found.channels {
            assert!(known.contraction.abs() < 0.3 && known.shift < 0.2 && known.follows_prior, "{known:?}");
        }
        assert!(found.confounded.is_empty() && codes(&found) == ["identification.prior"]);
    }

    fn codes(found: &Identification) -> Vec<&'static str> {
        found.findings().iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn a_posterior_that_is_its_prior_is_named_and_a_narrow_one_is_not() {
        let prior = spread(101, 0.0, 10.0, false);
        let same = of_draws(vec!["tv".into()], from_ref(&prior), from_ref(&prior), 0.95);
        assert!(same.channels[0].contraction.abs() < 1e-12 && codes(&same) == ["identification.prior"]);
        let narrow = of_draws(vec!["tv".into()], &[spread(101, 4.5, 5.5, false)], from_ref(&prior), 0.95);
        assert!((narrow.channels[0].contraction - 0.99).abs() < 1e-12 && codes(&narrow).is_empty());
        // As wide as before, but elsewhere: the data have spoken.
        let moved = of_draws(vec!["tv".into()], &[spread(101, 6.0, 16.0, false)], &[prior], 0.95);
        assert!(!moved.channels[0].follows_prior && moved.channels[0].shift > 1.0);
    }

    #[test]
    fn channels_whose_sum_alone_is_known_are_named_with_their_correlation() {
        let (up, down) = (spread(101, 4.0, 6.0, false), spread(101, 4.0, 6.0, true));
        let wide = spread(101, 0.0, 100.0, false);
        let found = of_draws(vec!["tv".into(), "web".into()], &[up, down], &[wide.clone(), wide], 0.95);
        assert!((found.confounded[0].correlation + 1.0).abs() < 1e-12);
        let problems = found.findings();
        assert!(problems.0[0].message.contains("`tv` and `web`") && problems.0[0].message.contains("-1.00"));
    }

    #[test]
    fn an_effect_that_could_be_almost_anything_is_vague() {
        let prior = spread(101, 0.0, 1000.0, false);
        let found = of_draws(vec!["tv".into()], &[spread(101, 1.0, 19.0, false)], &[prior], 0.9);
        assert_eq!(codes(&found), ["identification.vague"]);
        assert!(found.findings().0[0].message.contains("±81 %"), "{:?}", found.findings());
    }
}
