//! What each part brought in each geo: totals as in `contribution`, one table per geo.

use super::contribution::{Part, Total, parts, write_part};
use crate::model::compile::CompiledModel;
use crate::posterior::Posterior;
use crate::posterior::interval::Interval;
use crate::posterior::replay::Replay;

/// Totals, shares and ROAS of every part over the observed training cells of each geo, with intervals of probability
/// `level`; one entry per geo in the order of the panel.
///
/// Shares are of that geo's fitted mean; spend and ROAS are that geo's.
pub fn totals_by_geo(model: &CompiledModel, posterior: &Posterior, level: f64) -> Vec<(String, Vec<Total>)> {
    let parts = parts(model);
    let (n_geos, n) = (model.panel.n_geos(), model.panel.n_times());
    let n_draws = posterior.n_chains * posterior.n_draws;
    // `[part][geo][draw]`, in KPI units and in money.
    let mut kpi = vec![vec![Vec::with_capacity(n_draws); n_geos]; parts.len()];
    let mut money = kpi.clone();
    let mut replay = Replay::new(model);
    let mut cells = vec![0.0; model.panel.n_cells()];
    for s in 0..n_draws {
        replay.go_to(posterior, s / posterior.n_draws, s % posterior.n_draws);
        for (p, (_, part)) in parts.iter().enumerate() {
            write_part(&replay, model, part, &mut cells);
            for geo in 0..n_geos {
                let seen = || (geo * n..(geo + 1) * n).filter(|i| model.window.observed[*i]);
                kpi[p][geo].push(seen().map(|i| cells[i]).sum());
                let value = |i: usize| model.panel.revenue_per_kpi.as_ref().map_or(1.0, |value| value[i]);
                money[p][geo].push(seen().map(|i| cells[i] * value(i)).sum());
            }
        }
    }
    let total = |p: usize, geo: usize| {
        let (name, part) = &parts[p];
        let fitted = &kpi[parts.len() - 1][geo];
        let spend = match part {
            Part::Channel(channel) => spend_in_geo(model, *channel, geo),
            _ => None,
        };
        let mut share: Vec<f64> = kpi[p][geo].iter().zip(fitted).map(|(x, all)| x / all).collect();
        let roas = spend.filter(|spend| *spend > 0.0).map(|spend| {
            let mut values: Vec<f64> = money[p][geo].iter().map(|x: &f64| x / spend).collect();
            Interval::of(&mut values, level)
        });
        Total {
            name: name.clone(),
            is_channel: matches!(part, Part::Channel(_)),
            contribution: Interval::of(&mut kpi[p][geo].clone(), level),
            share: Interval::of(&mut share, level),
            spend,
            roas,
        }
    };
    let geos = model.panel.geos.iter().enumerate();
    geos.map(|(geo, name)| (name.clone(), (0..parts.len()).map(|p| total(p, geo)).collect())).collect()
}

/// Spend of a channel over the observed training cells of a geo; `None` for organic media.
fn spend_in_geo(model: &CompiledModel, channel: usize, geo: usize) -> Option<f64> {
    let n = model.panel.n_times();
    let spend = model.panel.media.get(channel)?.spend.as_ref()?;
    Some((geo * n..(geo + 1) * n).filter(|i| model.window.observed[*i]).map(|i| spend[i]).sum())
}
