//! The checks of a fit as a list: the figure of each, what it should be, and what to try where it is not.

use super::diagnosis::Diagnosis;
use crate::decision::identification::Identification;
use crate::engine::convergence::Gates;
use crate::engine::fit::Fit;
use crate::engine::report::Report;
use crate::math::decimals::telling;
use crate::statistics::binomial::expected;
use schemars::JsonSchema;
use serde::Serialize;
use wanamaker_mcmc::comparison::GREATEST_K;

/// A count of cells outside this range is no accident; wide, for there are many counts and cells hang together.
const COVERAGE_LEVEL: f64 = 0.99;
/// Least E-BFMI of a chain.
const LEAST_E_BFMI: f64 = 0.3;
/// Least p of a test of residuals.
const LEAST_P: f64 = 0.01;
/// Variance inflation from which a series is mostly told by the others.
const GREATEST_INFLATION: f64 = 10.0;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// As it should be.
    Ok,
    /// Worth a look: the numbers can be used by those who know why.
    Look,
    /// The numbers must not be used.
    Failed,
}

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// All draws were made; the share of chains cut short.
    Complete,
    /// Pareto k of a preview: how far its normal is from the posterior.
    Approximation,
    /// Largest R-hat.
    RHat,
    /// Smallest bulk ESS.
    EssBulk,
    /// Smallest tail ESS.
    EssTail,
    /// Divergences.
    Divergences,
    /// Smallest E-BFMI.
    EBfmi,
    /// R² of the training window.
    RSquared,
    /// MAPE of the training window, in per cent.
    Mape,
    /// Share of training cells in their 95 % predictive interval.
    Coverage95,
    /// The same of 80 %.
    Coverage80,
    /// The same of 50 %.
    Coverage50,
    /// Share of held-out cells in their 95 % predictive interval.
    HoldoutCoverage95,
    /// p of Ljung and Box.
    SerialCorrelation,
    /// Larger p of Shapiro–Wilk and Jarque–Bera.
    Normality,
    /// Largest variance inflation factor.
    Collinearity,
    /// Largest Pareto k of leave-one-out.
    ParetoK,
    /// Channels whose posterior is mostly their prior.
    FollowsPrior,
    /// Pairs of channels that cannot be told apart.
    Confounded,
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Smaller than this.
    Below(f64),
    /// This or smaller.
    AtMost(f64),
    /// This or greater.
    AtLeast(f64),
    /// Between these, ends included.
    Between(f64, f64),
}

impl Wanted {
    /// Whether `figure` is as wanted; one that could not be computed is not.
    pub fn holds(self, figure: f64) -> bool {
        match self {
            Wanted::Below(bound) => figure < bound,
            Wanted::AtMost(bound) => figure <= bound,
            Wanted::AtLeast(bound) => figure >= bound,
            Wanted::Between(low, high) => low <= figure && figure <= high,
        }
    }

    /// Fewest decimals, at least `least`, with which `figure` as written comes out as it does here.
    pub fn telling(self, figure: f64, least: usize) -> usize {
        match self {
            Wanted::Below(bound) | Wanted::AtMost(bound) | Wanted::AtLeast(bound) => {
                telling(figure, bound, least)
            }
            Wanted::Between(low, high) => telling(figure, low, least).max(telling(figure, high, least)),
        }
    }
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// What is checked.
    pub check: Check,
    /// How it came out.
    pub mark: Mark,
    /// The figure.
    pub figure: f64,
    /// What it should be.
    pub wanted: Wanted,
    /// Whose figure it is where it is the worst of many, or who are concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub whose: Vec<String>,
    /// What to try, in one clause; empty where nothing needs to be.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub advice: &'static str,
}

/// What a fit has to pass.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Profile {
    /// Gates of convergence.
    pub gates: Gates,
    /// Targets of accuracy; those of older tools, nothing by default.
    pub targets: Option<Targets>,
}

/// Targets that older tools set: they fail a fit, though a noisy market misses them with the best of models.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Targets {
    /// R² must reach.
    pub r_squared: f64,
    /// MAPE must stay below, in per cent.
    pub mape: f64,
    /// Coverage of the 95 % predictive interval must reach.
    pub coverage: f64,
}

impl Profile {
    /// The gates alone.
    pub const DEFAULT: Profile = Profile { gates: Gates::DEFAULT, targets: None };
    /// Wider gates, and targets of accuracy.
    pub const LEGACY: Profile = Profile {
        gates: Gates::LEGACY,
        targets: Some(Targets { r_squared: 0.8, mape: 10.0, coverage: 0.9 }),
    };
}

/// Lines as they are written, with what an unwanted figure amounts to.
struct List(Vec<Line>);

impl List {
    fn add(
        &mut self,
        check: Check,
        unwanted: Mark,
        figure: f64,
        wanted: Wanted,
        whose: Vec<String>,
        advice: &'static str,
    ) {
        let holds = wanted.holds(figure);
        let (mark, advice) = if holds { (Mark::Ok, "") } else { (unwanted, advice) };
        self.0.push(Line { check, mark, figure, wanted, whose, advice });
    }
}

/// All checks in the order in which they matter: convergence, accuracy, what residuals say, what can be told at all.
pub fn checklist(
    fit: &Fit,
    diagnosis: &Diagnosis,
    identification: &Identification,
    profile: &Profile,
) -> Vec<Line> {
    let mut list = List(Vec::new());
    sampled(&mut list, fit, &profile.gates);
    accurate(&mut list, diagnosis, profile.targets);
    left_over(&mut list, diagnosis);
    told(&mut list, identification);
    list.0
}

fn sampled(list: &mut List, fit: &Fit, gates: &Gates) {
    use Mark::Failed;
    let c = &fit.convergence;
    if let Report::Laplace { pareto_k } = fit.report {
        let full = "take it for a first look only, and fit with engine = \"nuts\"";
        let k = pareto_k.unwrap_or(f64::NAN);
        list.add(Check::Approximation, Failed, k, Wanted::AtMost(GREATEST_K), vec![], full);
    }
    if fit.cancelled {
        list.add(Check::Complete, Failed, 1.0, Wanted::AtMost(0.0), vec![], "fit again and let it finish");
    }
    let longer = "draw longer (--tune 2000 --draws 2000), or say more about it in its prior";
    let of = |name: &String| vec![name.clone()];
    list.add(Check::RHat, Failed, c.max_r_hat.0, Wanted::Below(gates.r_hat), of(&c.max_r_hat.1), longer);
    let more = "draw longer (--draws 2000)";
    for (check, (ess, whose)) in [(Check::EssBulk, &c.min_ess_bulk), (Check::EssTail, &c.min_ess_tail)] {
        list.add(check, Failed, *ess, Wanted::AtLeast(gates.ess), of(whose), more);
    }
    if c.e_bfmi.is_empty() {
        // No trajectories, no energies.
        return;
    }
    let smaller = "--target-accept 0.95 or 0.99, or tighter priors for weakly identified channels";
    let most = Wanted::AtMost(gates.divergences as f64);
    list.add(Check::Divergences, Failed, c.divergences as f64, most, vec![], smaller);
    let energy = c.e_bfmi.iter().copied().fold(f64::INFINITY, f64::min);
    let scales = "draw longer, or give scales tighter priors";
    list.add(Check::EBfmi, Failed, energy, Wanted::AtLeast(LEAST_E_BFMI), vec![], scales);
}

fn accurate(list: &mut List, diagnosis: &Diagnosis, targets: Option<Targets>) {
    let training = &diagnosis.accuracy.training;
    let missing = "something that moves the KPI is missing: a control, a season, an event";
    if let Some(targets) = targets {
        let reached = Wanted::AtLeast(targets.r_squared);
        list.add(Check::RSquared, Mark::Failed, training.r_squared, reached, vec![], missing);
        list.add(Check::Mape, Mark::Failed, training.mape, Wanted::Below(targets.mape), vec![], missing);
        let covered = Wanted::AtLeast(targets.coverage);
        list.add(Check::Coverage95, Mark::Failed, training.coverage_95, covered, vec![], missing);
    }
    let within = |n: usize, level: f64| {
        let (low, high) = expected(n, level, COVERAGE_LEVEL);
        Wanted::Between(low as f64 / n as f64, high as f64 / n as f64)
    };
    let noise = "the noise has another shape: likelihood = \"student_t\", or name outliers as events";
    for (check, level, share) in [
        (Check::Coverage50, 0.5, training.coverage_50),
        (Check::Coverage80, 0.8, training.coverage_80),
        (Check::Coverage95, 0.95, training.coverage_95),
    ] {
        if targets.is_none() || check != Check::Coverage95 {
            list.add(check, Mark::Look, share, within(training.n, level), vec![], noise);
        }
    }
    if let Some(holdout) = &diagnosis.accuracy.holdout {
        let changed = "the market changed, or the model follows noise: fewer changepoints, tighter priors";
        let wanted = within(holdout.n, 0.95);
        list.add(Check::HoldoutCoverage95, Mark::Look, holdout.coverage_95, wanted, vec![], changed);
    }
}

fn left_over(list: &mut List, diagnosis: &Diagnosis) {
    let residuals = &diagnosis.residuals;
    let slow = "something slow is missing: a more flexible trend, a season, a control, a longer carry-over";
    let p = Wanted::AtLeast(LEAST_P);
    list.add(Check::SerialCorrelation, Mark::Look, residuals.ljung_box.p, p, vec![], slow);
    let normal = residuals.shapiro_wilk.p.max(residuals.jarque_bera.p);
    let outliers = "name the outliers as events, or take likelihood = \"student_t\"";
    list.add(Check::Normality, Mark::Look, normal, p, vec![], outliers);
    // A series that does not vary has no factor, and nothing to hide.
    let worst = residuals
        .variance_inflation
        .iter()
        .filter(|(_, factor)| !factor.is_nan())
        .max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((name, factor)) = worst {
        let apart = "its effect is hard to tell from theirs: leave one out, or say more in its prior";
        let most = Wanted::AtMost(GREATEST_INFLATION);
        list.add(Check::Collinearity, Mark::Look, *factor, most, vec![name.clone()], apart);
    }
    let information = &diagnosis.information;
    let k = information.loo.pareto_k.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let doubtful = match information.doubtful {
        0 => vec![],
        count => vec![format!("{count} of {} observations", information.n)],
    };
    let holdout = "compare models by holdout (fit --holdout N), or see what is special in that period";
    list.add(Check::ParetoK, Mark::Look, k, Wanted::AtMost(GREATEST_K), doubtful, holdout);
}

fn told(list: &mut List, identification: &Identification) {
    let none = Wanted::AtMost(0.0);
    let prior: Vec<String> = identification
        .channels
        .iter()
        .filter(|known| known.follows_prior)
        .map(|k| k.channel.clone())
        .collect();
    let experiment = "the data do not tell what they bring: an experiment, or spend that varies more, would";
    list.add(Check::FollowsPrior, Mark::Look, prior.len() as f64, none, prior, experiment);
    let pairs: Vec<String> = identification.confounded.iter().map(|pair| pair.channels.join(" + ")).collect();
    let apart = "trust their sum; run them at different times or places to part them";
    list.add(Check::Confounded, Mark::Look, pairs.len() as f64, none, pairs, apart);
}

/// The worst mark of all.
pub fn worst(lines: &[Line]) -> Mark {
    lines.iter().map(|line| line.mark).max().unwrap_or(Mark::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_that_could_not_be_computed_is_never_as_wanted() {
        for wanted in
            [Wanted::Below(1.0), Wanted::AtMost(1.0), Wanted::AtLeast(0.0), Wanted::Between(0.0, 1.0)]
        {
            assert!(!wanted.holds(f64::NAN) && wanted.holds(0.5), "{wanted:?}");
        }
        assert!(!Wanted::Below(1.0).holds(1.0) && Wanted::AtMost(1.0).holds(1.0));
    }

    #[test]
    fn what_is_as_wanted_needs_no_advice_and_the_worst_mark_counts() {
        let mut list = List(Vec::new());
        list.add(Check::RHat, Mark::Failed, 1.0, Wanted::Below(1.01), vec![], "draw longer");
        list.add(Check::Normality, Mark::Look, 0.001, Wanted::AtLeast(0.01), vec![], "name the outliers");
        assert_eq!((list.0[0].mark, list.0[0].advice), (Mark::Ok, ""));
        assert_eq!(worst(&list.0), Mark::Look);
        list.add(Check::EssTail, Mark::Failed, f64::NAN, Wanted::AtLeast(400.0), vec![], "draw longer");
        assert_eq!(worst(&list.0), Mark::Failed);
    }
}
