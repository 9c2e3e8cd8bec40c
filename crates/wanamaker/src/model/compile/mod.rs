//! The one door from a spec and a panel to a density: everything that needs checking is checked here.

pub mod channels;
mod linear;
mod placing;

use crate::data::build::build_panel;
use crate::data::panel::Panel;
use crate::data::table::Table;
use crate::distribution::support::Support;
use crate::model::baseline::{ColumnSource, TrendClock};
use crate::model::layout::Layout;
use crate::model::likelihood::{Likelihood, NoiseScale};
use crate::model::linear_form::LinearForm;
use crate::model::media::MediaTerm;
use crate::model::outcome::{Inputs, LinearTerm, MeanFunction};
use crate::model::pooling::{Block, CoefficientRef};
use crate::model::scaling::{Training, Units, Words, find_units};
use crate::prior::Prior;
use crate::problem::Problems;
use crate::spec::pooling::Pooling;
use crate::spec::preset::{Facts, fill};
use crate::spec::roles::roles_of;
use crate::spec::{EngineName, Level, LevelWord, LikelihoodKind, Link, ModelSpec, TrendUnit, check};

/// A model that cannot be misconfigured: spec and data, compiled to a mean function, a likelihood and a layout.
#[derive(Clone, Debug)]
pub struct CompiledModel {
    /// The spec with everything said.
    pub spec: ModelSpec,
    /// The data it was compiled for.
    pub panel: Panel,
    /// The parameters.
    pub layout: Layout,
    /// Quantities that follow from parameters and are reported beside them.
    pub derived: Vec<Derived>,
    /// From parameters to coefficients.
    pub blocks: Vec<Block>,
    /// Number of coefficients.
    pub n_coefficients: usize,
    /// From coefficients to the mean.
    pub mean: MeanFunction,
    /// The noise.
    pub likelihood: Likelihood,
    /// The panel's inputs on the scale of the priors.
    pub training: Inputs,
    /// Which cells train.
    pub window: Training,
    /// The way back to the user's units.
    pub units: Units,
    /// Time of the trend.
    pub clock: TrendClock,
    /// Where each design column comes from.
    pub sources: Vec<ColumnSource>,
}

/// A reported array read from the coefficients, or a channel's `beta`.
#[derive(Clone, Debug)]
pub struct Derived {
    /// Name, e.g. `beta`.
    pub name: String,
    /// Names of its axes.
    pub dims: Vec<String>,
    /// Coordinates along each axis.
    pub coords: Vec<Vec<String>>,
    /// One value per label, in row-major order.
    pub values: Vec<DerivedValue>,
    /// `user = unit · model`, per value.
    pub units: Vec<f64>,
}

/// Where a derived value stands after an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DerivedValue {
    /// In the coefficients.
    Coefficient(usize),
    /// `beta` of a channel in a geo.
    Beta {
        /// Channel.
        channel: usize,
        /// Geo.
        geo: usize,
    },
}

/// Compiles; on failure says everything that is wrong at once.
///
/// # Errors
/// Unknown names, impossible combinations, priors off their support, data that cannot carry the model.
pub fn compile(spec: &ModelSpec, panel: &Panel) -> Result<CompiledModel, Problems> {
    let spec = fill(spec, &Facts::of(panel));
    let mut problems = check::check(&spec);
    problems.extend(check::check_against(&spec, panel));
    if problems.has_errors() {
        // Priors are still looked at, so that their faults are told in the same breath.
        let mut builder = Builder::new(&spec, panel);
        builder.parameters();
        problems.extend(builder.problems);
        return Err(problems);
    }
    let mut builder = Builder::new(&spec, panel);
    let parts = builder.parameters();
    problems.extend(std::mem::take(&mut builder.problems));
    if problems.has_errors() {
        return Err(problems);
    }
    let model = builder.assemble(parts);
    match model.spec.sampler.engine.unwrap_or_default() {
        EngineName::Gibbs => LinearForm::conjugate(&model).map(|_| model),
        EngineName::Ridge => LinearForm::of(&model).map(|_| model),
        EngineName::Nuts | EngineName::Laplace => Ok(model),
    }
}

/// One coefficient to be placed.
struct Item<'a> {
    label: String,
    prior: Option<&'a Prior>,
    pooling: &'a Pooling,
    natural: Support,
    unit: f64,
    words: Words,
    key: String,
}

/// What [`Builder::parameters`] found.
struct Parts {
    terms: Vec<LinearTerm>,
    sources: Vec<ColumnSource>,
    channels: Vec<MediaTerm>,
    intercept: CoefficientRef,
    scale: NoiseScale,
    shape: Option<CoefficientRef>,
}

struct Builder<'a> {
    spec: &'a ModelSpec,
    panel: &'a Panel,
    window: Training,
    units: Units,
    clock: TrendClock,
    words: Words,
    layout: Layout,
    derived: Vec<Derived>,
    blocks: Vec<Block>,
    n_coefficients: usize,
    problems: Problems,
}

const SHARED: Pooling = Pooling::Shared;

impl<'a> Builder<'a> {
    fn new(spec: &'a ModelSpec, panel: &'a Panel) -> Self {
        let window = Training::new(panel, spec.data.holdout.unwrap_or(0));
        let levels: Vec<f64> = spec
            .treatment
            .iter()
            .zip(&panel.treatments)
            .map(|(treatment, series)| {
                level(treatment.counterfactual, window.observed_values(&series.values))
            })
            .collect();
        let units = find_units(panel, &window, &spec.scaling, &levels);
        let unit = spec.baseline.trend.as_ref().and_then(|trend| trend.unit).unwrap_or(TrendUnit::Window);
        let clock = TrendClock::new(window.start, window.end, unit);
        let n = panel.n_times();
        let log = spec.outcome.link == Some(Link::Log);
        let kpi: Vec<f64> = panel
            .kpi
            .values
            .iter()
            .enumerate()
            .filter(|(i, _)| window.observed[*i])
            .map(|(i, y)| y / units.kpi_of(i / n))
            .map(|y| if log { y.ln() } else { y })
            .filter(|y| y.is_finite())
            .collect();
        Self {
            spec,
            panel,
            window,
            units,
            clock,
            words: Words::of_kpi(&kpi),
            layout: Layout::default(),
            derived: Vec::new(),
            blocks: Vec::new(),
            n_coefficients: 0,
            problems: Problems::new(),
        }
    }

    /// One unit of the mean in KPI units, for reporting coefficients; 1 on the log scale.
    fn kpi_unit(&self) -> f64 {
        if self.spec.outcome.link == Some(Link::Log) { 1.0 } else { self.units.kpi }
    }

    /// Places every parameter of the model, in the order in which it is reported.
    fn parameters(&mut self) -> Parts {
        let mut terms = Vec::new();
        let mut sources = Vec::new();
        let intercept = self.intercept(&mut terms, &mut sources);
        self.trend(&mut terms, &mut sources);
        self.seasonality(&mut terms, &mut sources);
        self.day_of_week(&mut terms, &mut sources);
        self.events(&mut terms, &mut sources);
        self.controls(&mut terms, &mut sources);
        self.treatments(&mut terms, &mut sources);
        let channels = self.channels();
        let (scale, shape) = self.noise();
        Parts { terms, sources, channels, intercept, scale, shape }
    }

    fn noise(&mut self) -> (NoiseScale, Option<CoefficientRef>) {
        let outcome = &self.spec.outcome;
        let unit = self.kpi_unit();
        let mut place = |name: &str, prior: Option<&'a Prior>, pooling: Option<&'a Pooling>, unit: f64| {
            let item = Item {
                label: String::new(),
                prior,
                pooling: pooling.unwrap_or(&SHARED),
                natural: Support::Positive,
                unit,
                words: self.words,
                key: format!("outcome.{name}"),
            };
            self.group(name, None, &[item])[0]
        };
        let scale = match (&outcome.sigma, &outcome.variance) {
            (_, Some(variance)) => {
                let unit = unit * unit;
                NoiseScale::Variance(place(
                    "variance",
                    variance.prior.as_ref(),
                    variance.pooling.as_ref(),
                    unit,
                ))
            }
            (Some(sigma), None) => {
                NoiseScale::Sigma(place("sigma", sigma.prior.as_ref(), sigma.pooling.as_ref(), unit))
            }
            (None, None) => NoiseScale::Absent,
        };
        let shape = match outcome.likelihood.unwrap_or_default() {
            LikelihoodKind::StudentT => Some(place("df", outcome.df.as_ref(), None, 1.0)),
            LikelihoodKind::NegativeBinomial => {
                Some(place("dispersion", outcome.dispersion.as_ref(), None, 1.0))
            }
            _ => None,
        };
        (scale, shape)
    }

    fn assemble(self, parts: Parts) -> CompiledModel {
        let (spec, panel) = (self.spec, self.panel);
        let n = panel.n_times();
        let link = spec.outcome.link.unwrap_or_default();
        let likelihood = Likelihood {
            kind: spec.outcome.likelihood.unwrap_or_default(),
            link,
            scale: parts.scale,
            shape: parts.shape,
            y: (0..panel.n_cells())
                .map(|i| {
                    if self.window.observed[i] { panel.kpi.values[i] / self.units.kpi_of(i / n) } else { 0.0 }
                })
                .collect(),
            weight: self.window.observed.iter().map(|seen| f64::from(*seen)).collect(),
            n_geos: panel.n_geos(),
        };
        let mean = MeanFunction {
            terms: parts.terms,
            channels: parts.channels,
            intercept: parts.intercept,
            media_mode: spec.outcome.media.unwrap_or_default(),
            link,
        };
        let training = inputs(panel, &self.units, &self.clock, &parts.sources, mean.channels.len());
        CompiledModel {
            spec: spec.clone(),
            panel: panel.clone(),
            layout: self.layout,
            derived: self.derived,
            blocks: self.blocks,
            n_coefficients: self.n_coefficients,
            mean,
            likelihood,
            training,
            window: self.window,
            units: self.units,
            clock: self.clock,
            sources: parts.sources,
        }
    }
}

impl CompiledModel {
    /// The inputs of another panel with the same columns whose calendar starts with the training data, such as the
    /// training panel followed by new periods.
    pub fn inputs(&self, panel: &Panel) -> Inputs {
        inputs(panel, &self.units, &self.clock, &self.sources, self.mean.channels.len())
    }
}

fn inputs(
    panel: &Panel,
    units: &Units,
    clock: &TrendClock,
    sources: &[ColumnSource],
    n_channels: usize,
) -> Inputs {
    Inputs {
        n_geos: panel.n_geos(),
        n_times: panel.n_times(),
        exposure: (0..n_channels).map(|c| scaled_exposure(panel, units, c)).collect(),
        columns: sources.iter().map(|source| source.column(panel, clock, units)).collect(),
    }
}

fn scaled_exposure(panel: &Panel, units: &Units, channel: usize) -> Vec<f64> {
    let n = panel.n_times();
    let media = panel.media.iter().chain(&panel.organic).nth(channel);
    media.map_or_else(Vec::new, |media| {
        media
            .exposure
            .iter()
            .enumerate()
            .map(|(i, x)| x / (units.media[channel] * units.geo[i / n]))
            .collect()
    })
}

fn level(stated: Option<Level>, values: impl Iterator<Item = f64>) -> f64 {
    match stated.unwrap_or(Level::Word(LevelWord::Min)) {
        Level::Number(number) => number,
        Level::Word(LevelWord::Min) => values.fold(f64::INFINITY, f64::min),
        Level::Word(LevelWord::Max) => values.fold(f64::NEG_INFINITY, f64::max),
        Level::Word(LevelWord::Mean) => crate::model::scaling::mean(values),
    }
}

/// From a spec and a raw table to a model, with remarks on what was understood or repaired on the way.
///
/// # Errors
/// Every fault of the spec and of the data that can be found in one pass.
pub fn from_table(spec: &ModelSpec, table: &Table) -> Result<(CompiledModel, Problems), Problems> {
    match build_panel(table, &roles_of(spec), &spec.data.options) {
        Ok((panel, remarks)) => compile(spec, &panel).map(|model| (model, remarks)),
        Err(mut problems) => {
            // The spec is still checked by itself, so that its faults are told in the same breath.
            problems.extend(check::check(&fill(spec, &Facts::default())));
            Err(problems)
        }
    }
}
