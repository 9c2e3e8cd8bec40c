//! A fit under the settings of a report, with what several exhibits need computed once.

use super::planning::GivenPlan;
use crate::decision::allocation::plan::{Plan, Report, optimise};
use crate::decision::allocation::wishes::Wishes;
use crate::decision::identification::{Identification, identification};
use crate::decision::returns::{Returns, returns};
use crate::decision::surface::Surface;
use crate::decision::surface::fitted::{FittedOptions, surface};
use crate::decision::surface::flighting::Shape;
use crate::decision::window::Window;
use crate::engine::fit::Fit;
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::summary::{Row, table};
use crate::problem::Problems;
use crate::validation::backtest::Backtest;
use crate::validation::checklist::{Line, Profile, checklist};
use crate::validation::diagnosis::{Diagnosis, diagnosis};
use std::cell::OnceCell;

/// Draws from the prior that priors are shown by.
const PRIOR_DRAWS: usize = 1000;

/// Days that a plan is about where nothing else is said.
const QUARTER: f64 = 91.3;

/// Settings of a report.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Probability inside intervals, in (0, 1).
    pub level: f64,
    /// Seed of predictive draws and of those from the prior.
    pub seed: u64,
    /// Threads; never changes a result (0 for all there are).
    pub threads: usize,
}

/// A fit to be reported.
pub struct Study<'a> {
    /// The fit.
    pub fit: &'a Fit,
    /// Level, seed, threads.
    pub settings: Settings,
    diagnosis: OnceCell<Diagnosis>,
    identification: OnceCell<Identification>,
    returns: OnceCell<Returns>,
    prior: OnceCell<Posterior>,
    surface: OnceCell<Result<(Surface, Problems), Problems>>,
    plan: Option<GivenPlan>,
    plan_surface: OnceCell<Result<(Surface, Problems), Problems>>,
    proposal: OnceCell<Result<Plan, Problems>>,
    table: OnceCell<Vec<Row>>,
    backtest: Option<Backtest>,
}

impl<'a> Study<'a> {
    /// Nothing is computed yet.
    pub fn new(fit: &'a Fit, settings: Settings) -> Self {
        Self {
            fit,
            settings,
            diagnosis: OnceCell::new(),
            identification: OnceCell::new(),
            returns: OnceCell::new(),
            prior: OnceCell::new(),
            surface: OnceCell::new(),
            plan: None,
            plan_surface: OnceCell::new(),
            proposal: OnceCell::new(),
            table: OnceCell::new(),
            backtest: None,
        }
    }

    /// The same with a plan that is to be held against today's.
    #[must_use]
    pub fn with_plan(self, plan: Option<GivenPlan>) -> Self {
        if plan == self.plan {
            return self;
        }
        // The time of the plan is another one, and so is what could be proposed for it.
        Self { plan, plan_surface: OnceCell::new(), proposal: OnceCell::new(), ..self }
    }

    /// The same with a backtest of its spec on its data.
    #[must_use]
    pub fn with_backtest(self, backtest: Option<Backtest>) -> Self {
        Self { backtest, ..self }
    }

    /// The backtest that was made.
    pub fn backtest(&self) -> Option<&Backtest> {
        self.backtest.as_ref()
    }

    /// The plan that was given.
    pub fn plan(&self) -> Option<&GivenPlan> {
        self.plan.as_ref()
    }

    /// The model.
    pub fn model(&self) -> &'a CompiledModel {
        &self.fit.model
    }

    /// The draws.
    pub fn posterior(&self) -> &'a Posterior {
        &self.fit.posterior
    }

    /// The training window.
    pub fn window(&self) -> Window {
        Window::training(self.model())
    }

    /// Accuracy, residuals and predictive draws.
    pub fn diagnosis(&self) -> &Diagnosis {
        let Settings { level, seed, .. } = self.settings;
        self.diagnosis.get_or_init(|| diagnosis(self.model(), self.posterior(), level, seed))
    }

    /// What the data can tell of each channel.
    pub fn identification(&self) -> &Identification {
        let Settings { level, seed, .. } = self.settings;
        self.identification.get_or_init(|| identification(self.model(), self.posterior(), level, seed))
    }

    /// The checks of the fit.
    pub fn checklist(&self, profile: &Profile) -> Vec<Line> {
        checklist(self.fit, self.diagnosis(), self.identification(), profile)
    }

    /// What each channel earned over the training window.
    pub fn returns(&self) -> &Returns {
        self.returns.get_or_init(|| self.returns_of(self.posterior()))
    }

    /// The same for other draws, those of the prior.
    pub fn returns_of(&self, posterior: &Posterior) -> Returns {
        let Settings { level, threads, .. } = self.settings;
        returns(self.model(), posterior, self.window(), level, threads)
    }

    /// Draws from the prior.
    pub fn prior(&self) -> &Posterior {
        self.prior.get_or_init(|| Posterior::from_prior(self.model(), PRIOR_DRAWS, self.settings.seed))
    }

    /// Curves from money to outcome, one period in the steady state, with remarks.
    ///
    /// # Errors
    /// Where nothing can be planned: no channel is paid for.
    pub fn surface(&self) -> Result<&(Surface, Problems), &Problems> {
        let options = || FittedOptions { threads: self.settings.threads, ..FittedOptions::of(self.model()) };
        let made = self.surface.get_or_init(|| surface(self.model(), self.posterior(), &options()));
        made.as_ref()
    }

    /// The same over the time of the plan: that of the given one, else the next quarter in the steady state.
    ///
    /// # Errors
    /// As [`surface`](Self::surface), and what the given plan asks of a fit that has it not.
    pub fn plan_surface(&self) -> Result<&(Surface, Problems), &Problems> {
        let quarter = || Shape { horizon: self.periods_ahead(), ..Shape::default() };
        let options = || FittedOptions {
            threads: self.settings.threads,
            shape: self.plan.as_ref().map_or_else(quarter, |given| given.shape.clone()),
            by_geo: self.plan.as_ref().is_some_and(|given| given.by_geo),
            ..FittedOptions::of(self.model())
        };
        let made = self.plan_surface.get_or_init(|| surface(self.model(), self.posterior(), &options()));
        made.as_ref()
    }

    /// The best plan within the usual bounds at today's budget, over the time of the plan.
    ///
    /// # Errors
    /// As [`plan_surface`](Self::plan_surface), and where the usual bounds leave no room.
    pub fn proposal(&self) -> Result<&Plan, &Problems> {
        let (surface, _) = self.plan_surface()?;
        let Settings { level, seed, .. } = self.settings;
        let made = self.proposal.get_or_init(|| {
            let task = Wishes { seed, ..Wishes::default() }.task(surface)?;
            optimise(surface, &task, Report { level, spread_draws: 0 })
        });
        made.as_ref()
    }

    /// Periods of the next quarter, 1 at least.
    pub fn periods_ahead(&self) -> usize {
        (QUARTER / self.model().panel.calendar.spacing().mean_days()).round().max(1.0) as usize
    }

    /// The parameter table.
    pub fn table(&self) -> &[Row] {
        let Settings { level, threads, .. } = self.settings;
        self.table.get_or_init(|| table(self.model(), self.posterior(), level, threads))
    }
}
