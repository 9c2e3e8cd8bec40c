//! One channel at one draw: what it brought in the window, what a little more would have, and the shape of its effect.

use crate::decision::window::Window;
use crate::model::compile::CompiledModel;
use crate::model::media::MediaWork;
use crate::posterior::Posterior;
use crate::posterior::replay::Replay;
use crate::spec::TransformOrder;

/// Share by which exposure is raised for a marginal return.
pub(super) const RAISE: f64 = 0.01;

/// One channel at one draw.
#[derive(Clone, Copy, Default)]
pub(super) struct Drawn {
    pub(super) kpi: f64,
    pub(super) money: f64,
    pub(super) raised: f64,
    pub(super) immediate: f64,
    pub(super) fitted: f64,
    pub(super) half_life: f64,
    pub(super) time_to_5_percent: f64,
    pub(super) peak_lag: f64,
    pub(super) ec50: f64,
    pub(super) ec90: f64,
    pub(super) beyond_half: f64,
}

/// What does not change from draw to draw.
pub(super) struct Facts {
    pub(super) spend: Option<f64>,
    pub(super) exposure: f64,
    /// Money per unit of exposure by geo; 1 where nothing was spent.
    cost: Vec<f64>,
    pub(super) has_ceiling: bool,
    /// Exposure with the window at zero, and raised there, on the scale of the priors.
    without: Vec<f64>,
    raised: Vec<f64>,
}

impl Facts {
    pub(super) fn of(model: &CompiledModel, channel: usize, window: Window) -> Self {
        let panel = &model.panel;
        let n = panel.n_times();
        let Some(media) = panel.media.iter().chain(&panel.organic).nth(channel) else {
            unreachable!("a compiled model has data for each of its channels")
        };
        let inside = |i: usize| window.spent().contains(&(i % n));
        let total =
            |series: &[f64]| (0..panel.n_geos()).map(|geo| spent(series, geo, n, window)).sum::<f64>();
        let term = &model.mean.channels[channel];
        let training = &model.training.exposure[channel];
        let changed = |factor: f64| -> Vec<f64> {
            training.iter().enumerate().map(|(i, x)| if inside(i) { factor * x } else { *x }).collect()
        };
        Self {
            spend: media.spend.as_deref().map(total),
            exposure: total(&media.exposure),
            cost: cost_by_geo(model, channel, window),
            has_ceiling: term.saturation.inverse(&[1.0; 2], 0.5).is_some(),
            without: changed(0.0),
            raised: changed(1.0 + RAISE),
        }
    }
}

/// Sum of a series of one geo over the periods of the window.
fn spent(series: &[f64], geo: usize, n: usize, window: Window) -> f64 {
    series[geo * n..][window.spent()].iter().sum()
}

/// Money paid per unit of exposure in the window by geo: that of all geos where one spent nothing; 1 where nobody did.
pub(crate) fn cost_by_geo(model: &CompiledModel, channel: usize, window: Window) -> Vec<f64> {
    let panel = &model.panel;
    let n = panel.n_times();
    let media = panel.media.iter().chain(&panel.organic).nth(channel);
    let price = |geo: usize| {
        let media = media?;
        let paid = media.spend.as_ref()?;
        let of = |geo: usize| (spent(paid, geo, n, window), spent(&media.exposure, geo, n, window));
        let all = (0..panel.n_geos()).map(of).fold((0.0, 0.0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
        let (spend, exposure) = [of(geo), all].into_iter().find(|(s, x)| *s > 0.0 && *x > 0.0)?;
        Some(spend / exposure)
    };
    (0..panel.n_geos()).map(|geo| price(geo).unwrap_or(1.0)).collect()
}

/// The scratch of one thread.
pub(super) struct Pass<'a> {
    model: &'a CompiledModel,
    window: Window,
    replay: Replay<'a>,
    media: Vec<MediaWork>,
    change: Vec<f64>,
    shares: Vec<f64>,
    mean: Vec<f64>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(model: &'a CompiledModel, window: Window) -> Self {
        let (geos, n) = (model.panel.n_geos(), model.panel.n_times());
        let cells = vec![0.0; model.panel.n_cells()];
        Self {
            model,
            window,
            replay: Replay::new(model),
            media: model.mean.channels.iter().map(|term| term.work(geos, n)).collect(),
            change: cells.clone(),
            shares: cells.clone(),
            mean: cells,
        }
    }

    pub(super) fn go_to(&mut self, posterior: &Posterior, chain: usize, draw: usize) {
        self.replay.go_to(posterior, chain, draw);
        self.mean.fill(0.0);
        self.replay.add_mean(&self.model.training, self.replay.training(), &mut self.mean);
    }

    pub(super) fn channel(&mut self, c: usize, facts: &Facts) -> Drawn {
        let (model, n) = (self.model, self.model.panel.n_times());
        let value = |i: usize| model.panel.revenue_per_kpi.as_ref().map_or(1.0, |value| value[i]);
        let n_geos = model.panel.n_geos();
        let cells = || (0..n_geos).flat_map(|geo| self.window.counted().map(move |t| geo * n + t));
        let mut drawn = Drawn::default();

        let spent = (0..n_geos).flat_map(|geo| self.window.spent().map(move |t| geo * n + t));
        drawn.fitted = spent.map(|i| self.mean[i]).sum();
        self.change.fill(0.0);
        self.replay.add_change(c, &facts.without, &mut self.media[c], &mut self.change);
        drawn.kpi = cells().map(|i| self.change[i]).sum();
        drawn.money = cells().map(|i| self.change[i] * value(i)).sum();
        self.replay.immediate_shares(c, self.window.spent(), &mut self.shares);
        let at_once: f64 = cells().map(|i| self.change[i] * self.shares[i]).sum();
        drawn.immediate = if drawn.kpi == 0.0 { 0.0 } else { at_once / drawn.kpi };

        self.change.fill(0.0);
        self.replay.add_change(c, &facts.raised, &mut self.media[c], &mut self.change);
        // The change is mean less raised mean.
        drawn.raised = -cells().map(|i| self.change[i] * value(i)).sum::<f64>();
        self.shape(c, facts, &mut drawn);
        drawn
    }

    /// Carry-over and saturation, which follow from the parameters.
    fn shape(&self, c: usize, facts: &Facts, drawn: &mut Drawn) {
        let (model, n) = (self.model, self.model.panel.n_times());
        let term = &model.mean.channels[c];
        let n_geos = model.panel.n_geos();
        let (n_carry, n_bend) =
            (term.adstock.parameter_names().len(), term.saturation.parameter_names().len());
        let mut beyond = 0.0;
        for geo in 0..n_geos {
            let (carry, bend) = self.replay.transform_parameters(c, geo);
            let (carry, bend) = (&carry[..n_carry], &bend[..n_bend]);
            let memory = term.adstock.memory(carry);
            let per_geo = 1.0 / n_geos as f64;
            drawn.half_life += per_geo * memory.half_life;
            drawn.time_to_5_percent += per_geo * memory.time_to_5_percent;
            drawn.peak_lag += per_geo * memory.peak_lag;
            let adstock_first = term.order == TransformOrder::AdstockFirst;
            let grown = if adstock_first { term.adstock.steady_state_gain(carry) } else { 1.0 };
            let money = facts.cost[geo] * model.units.media[c] * model.units.geo[geo] / grown;
            drawn.ec50 += term.saturation.inverse(bend, 0.5).unwrap_or(0.0) * money;
            drawn.ec90 += term.saturation.inverse(bend, 0.9).unwrap_or(0.0) * money;
            let half = term.saturation.half_saturation(bend).unwrap_or(f64::INFINITY);
            let ceiling = 0.5 * term.saturation.ceiling(bend) / term.feature_scale;
            let transformed = &self.replay.training().channels[c].transformed;
            let exposure = &model.training.exposure[c];
            beyond += self
                .window
                .spent()
                .map(|t| geo * n + t)
                .filter(|&i| if adstock_first { transformed[i] > ceiling } else { exposure[i] > half })
                .count() as f64;
        }
        drawn.beyond_half = beyond / (n_geos * self.window.spent().len()) as f64;
    }
}
