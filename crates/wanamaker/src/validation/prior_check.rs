//! What the prior thinks possible before it has seen a KPI: markets drawn from it, held against the one there is.

use crate::decision::contribution::{Counted, Part, parts, total_draws};
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::interval::Interval;
use crate::posterior::replay::Replay;
use crate::problem::{Place, Problem, Problems};
use serde::Serialize;
use wanamaker_mcmc::seed::{Purpose, stream};

/// A mean KPI so many times that of the data is nonsense.
const NONSENSE: f64 = 10.0;
/// Share of markets or cells from which nonsense is worth a word.
const NOTEWORTHY: f64 = 0.05;

/// Markets drawn from the prior on the user's own exposures, controls and calendar.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PriorCheck {
    /// Markets drawn.
    pub markets: usize,
    /// Those that have no KPI at all: a count with a mean below zero, a number beyond all bounds. They count nowhere below.
    pub impossible: usize,
    /// Mean of the KPI over the cells that train.
    pub observed_mean: f64,
    /// Its standard deviation.
    pub observed_sd: f64,
    /// Mean of each market's KPI.
    pub mean: Interval,
    /// Standard deviation of each market's KPI.
    pub sd: Interval,
    /// Share of cells below zero.
    pub negative_cells: f64,
    /// Share of markets whose mean is more than ten times that of the data, above or below zero.
    pub beyond_ten: f64,
    /// What all channels bring, per observed KPI.
    pub media_share: Interval,
    /// Share of markets in which they bring more than the observed KPI.
    pub media_beyond_kpi: f64,
    /// By channel.
    pub channels: Vec<PriorChannel>,
}

/// What the prior says of one channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PriorChannel {
    /// Name.
    pub name: String,
    /// What it brings per unit of spend; `None` without spend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roas: Option<Interval>,
    /// What it brings per observed KPI.
    pub share: Interval,
}

/// Draws `markets` from the prior. `level`: probability inside the intervals.
pub fn prior_check(model: &CompiledModel, markets: usize, level: f64, seed: u64) -> PriorCheck {
    prior_check_of(model, &Posterior::from_prior(model, markets, seed), level, seed)
}

/// The same for draws from the prior that are there already, one market each.
pub fn prior_check_of(model: &CompiledModel, prior: &Posterior, level: f64, seed: u64) -> PriorCheck {
    let markets = prior.n_chains * prior.n_draws;
    let n = model.panel.n_times();
    let cells: Vec<usize> =
        (0..model.panel.n_cells()).filter(|i| model.likelihood.weight[*i] > 0.0).collect();
    let observed: Vec<f64> = cells.iter().map(|i| model.panel.kpi.values[*i]).collect();
    let (observed_mean, observed_sd) = mean_and_sd(&observed);
    let mut replay = Replay::new(model);
    let mut moments = Vec::with_capacity(markets);
    let mut negative = 0;
    for s in 0..markets {
        replay.go_to(prior, 0, s);
        let mut rng = stream(seed, Purpose::Predictive, s as u64);
        let draw = |i: &usize| {
            let (mu, noise) = (replay.training().mu[*i], replay.noise(i / n));
            model.likelihood.sample(mu, &noise, &mut rng) * model.units.kpi_of(i / n)
        };
        let y: Vec<f64> = cells.iter().map(draw).collect();
        if y.iter().all(|y| y.is_finite()) {
            negative += y.iter().filter(|y| **y < 0.0).count();
            moments.push(mean_and_sd(&y));
        }
    }
    let possible = moments.len();
    let share_of = |count: usize, all: usize| count as f64 / all as f64;
    let beyond = moments.iter().filter(|(mean, _)| mean.abs() > NONSENSE * observed_mean.abs()).count();
    let (mut means, mut sds): (Vec<f64>, Vec<f64>) = moments.into_iter().unzip();

    let channels: Vec<(String, Part)> =
        parts(model).into_iter().filter(|(_, part)| matches!(part, Part::Channel(_))).collect();
    let all_geos = 0..model.panel.n_geos();
    let groups = std::slice::from_ref(&all_geos);
    let totals = total_draws(model, prior, &channels, &Counted::observed(model), groups).remove(0);
    let kpi: f64 = observed.iter().sum();
    let mut media: Vec<f64> =
        (0..markets).map(|s| totals.kpi.iter().map(|channel| channel[s]).sum::<f64>() / kpi).collect();
    let media_beyond_kpi = share_of(media.iter().filter(|share| **share > 1.0).count(), markets);
    let of_channel = |(c, (name, _)): (usize, &(String, Part))| {
        let spend = model.panel.media.get(c).and_then(|media| media.spend.as_ref());
        let spend: Option<f64> = spend.map(|spend| model.window.observed_values(spend).sum());
        let per = |draws: &[f64], unit: f64| {
            Interval::of(&mut draws.iter().map(|x| x / unit).collect::<Vec<_>>(), level)
        };
        PriorChannel {
            name: name.clone(),
            roas: spend.filter(|spend| *spend > 0.0).map(|spend| per(&totals.money[c], spend)),
            share: per(&totals.kpi[c], kpi),
        }
    };
    PriorCheck {
        markets,
        impossible: markets - possible,
        observed_mean,
        observed_sd,
        mean: Interval::of(&mut means, level),
        sd: Interval::of(&mut sds, level),
        negative_cells: share_of(negative, possible * cells.len()),
        beyond_ten: share_of(beyond, possible),
        media_share: Interval::of(&mut media, level),
        media_beyond_kpi,
        channels: channels.iter().enumerate().map(of_channel).collect(),
    }
}

fn mean_and_sd(x: &[f64]) -> (f64, f64) {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    (mean, (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (x.len() as f64 - 1.0)).sqrt())
}

impl PriorCheck {
    /// Where the prior allows nonsense, each with what to do.
    pub fn findings(&self) -> Problems {
        let mut problems = Problems::new();
        let mut note = |code: &'static str, message: String, hint: &str| {
            problems.push(Problem::attention(code, Place::default(), message).hint(hint));
        };
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        if self.impossible > 0 {
            note(
                "prior.impossible",
                format!(
                    "{} of {} markets have no KPI: the mean of a count falls below zero, or a number beyond all bounds",
                    self.impossible, self.markets
                ),
                "link = \"log\" keeps the mean above zero; scales need priors with lighter tails",
            );
        }
        if self.negative_cells > NOTEWORTHY && self.observed_mean > 0.0 {
            note(
                "prior.negative",
                format!("{} of the KPI that the prior foresees is below zero", percent(self.negative_cells)),
                "centre the intercept on the usual KPI, narrow intercept, trend and noise; or take link = \"log\"",
            );
        }
        if self.beyond_ten > NOTEWORTHY {
            note(
                "prior.beyond_ten",
                format!(
                    "{} of the markets have ten times the KPI of yours, or more",
                    percent(self.beyond_ten)
                ),
                "state priors relative to the data: \"0.5 * mean_kpi\", \"sd_kpi\"",
            );
        }
        if self.media_beyond_kpi > NOTEWORTHY {
            note(
                "prior.media_share",
                format!(
                    "in {} of the markets media bring more than the whole KPI of yours",
                    percent(self.media_beyond_kpi)
                ),
                "say what you believe of a channel by effect = { roas = … } or { contribution_share = … }",
            );
        }
        problems
    }
}
