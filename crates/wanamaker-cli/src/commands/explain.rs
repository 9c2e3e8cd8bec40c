//! `mmm fit --explain`: the model in words and numbers before anything is drawn.

use crate::terminal::number::{count, plain};
use crate::terminal::table::TextTable;
use std::ops::ControlFlow;
use wanamaker::engine::nuts;
use wanamaker::engine::space::Space;
use wanamaker::model::compile::CompiledModel;
use wanamaker::model::outcome::DesignColumn;
use wanamaker::spec::{EngineName, Link, MediaMode};
use wanamaker_mcmc::nuts::Metric;

/// Rows of the design matrix that are shown.
const SHOWN: usize = 5;

/// The mean function, every parameter with its prior, and the first rows of the design matrix.
pub fn explain(model: &CompiledModel) -> String {
    format!("{}\n\n{}\n{}", formula(model), priors(model), design(model))
}

fn formula(model: &CompiledModel) -> String {
    let left = if model.mean.link == Link::Log { "ln mean" } else { "mean" };
    let media: Vec<String> = model.mean.channels.iter().map(|c| format!("media[{}]", c.name)).collect();
    let media = media.join(" + ");
    let media = match model.mean.media_mode {
        MediaMode::TimesIntercept => format!("intercept · ({media})"),
        MediaMode::Additive => media,
    };
    let terms: Vec<&str> = model.mean.terms.iter().map(|term| term.name.as_str()).collect();
    format!(
        "{} ~ {} around\n{left} = {} + {media}",
        model.panel.kpi.name,
        likelihood(model),
        terms.join(" + ")
    )
}

fn likelihood(model: &CompiledModel) -> String {
    serde_json::to_value(model.likelihood.kind)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn priors(model: &CompiledModel) -> String {
    let mut table = TextTable::new(&["parameter", "prior", ">median", ">in KPI or exposure units"]);
    for variable in &model.layout.variables {
        for (k, unit) in variable.units.iter().enumerate() {
            let parameter = &model.layout.parameters[variable.start + k];
            let median = parameter.distribution.median();
            let name = parameter.distribution.name().to_owned();
            table.row([parameter.label.clone(), name, plain(median), plain(median * unit)]);
        }
    }
    let free = format!("{} free parameters\n", count(model.layout.n_free()));
    table.render() + &free + &integrated_out(model) + &movement(model)
}

/// Which parameters the sampler does not see.
fn integrated_out(model: &CompiledModel) -> String {
    if !matches!(model.spec.sampler.engine, Some(EngineName::Nuts | EngineName::Laplace)) {
        return String::new();
    }
    let space = Space::of(model);
    let linear = &space.marginal().linear.coefficients;
    if linear.is_empty() {
        return "none of them is integrated out\n".into();
    }
    let label = |parameter: usize| model.layout.parameters[parameter].label.as_str();
    let labels: Vec<&str> = linear.iter().map(|c| label(c.parameter)).collect();
    let mixed = match space.marginal().mixed().count() {
        0 => String::new(),
        n => format!(
            "the sampler sees the scales of {} Laplace priors in place of the coefficients\n",
            count(n)
        ),
    };
    format!(
        "{} of them integrated out and drawn given the others (marginalise = true under [sampler]): {}\n{mixed}",
        count(labels.len()),
        labels.join(", ")
    )
}

/// In what shape NUTS sees the rest, and how long it warms up.
fn movement(model: &CompiledModel) -> String {
    if model.spec.sampler.engine.is_some_and(|engine| engine != EngineName::Nuts) {
        return String::new();
    }
    let space = nuts::space(model, &mut || ControlFlow::Continue(()));
    let settings = nuts::settings(&model.spec.sampler, &space, 0);
    let shape = match settings.metric {
        _ if space.is_shaped() => "made round by its curvature",
        Metric::Diagonal => "scaled by the spreads that the warm-up finds",
        Metric::LowRank { .. } => "scaled by the spreads and correlations that the warm-up finds",
    };
    let warm_up = match settings.warmups().map(count).collect::<Vec<_>>().as_slice() {
        [settle, tune] => format!(
            "{settle} warm-ups, and {tune} more where a chain has not settled by then (adaptive_tune = true under [sampler])"
        ),
        lengths => format!("{} warm-ups", lengths.concat()),
    };
    format!("the sampler moves in {} dimensions, {shape}; {warm_up}\n", count(space.dim()))
}

fn design(model: &CompiledModel) -> String {
    let inputs = &model.training;
    let mut table = TextTable::new(
        &std::iter::once("date".to_owned())
            .chain(model.mean.terms.iter().map(|term| format!(">{}", term.name)))
            .chain(model.mean.channels.iter().map(|channel| format!(">{}", channel.name)))
            .collect::<Vec<_>>(),
    );
    for t in (0..inputs.n_times).take(SHOWN) {
        let columns = inputs.columns.iter().map(|column| match column {
            DesignColumn::Ones => 1.0,
            DesignColumn::Common(values) | DesignColumn::ByGeo(values) => values[t],
        });
        let exposure = inputs.exposure.iter().map(|values| values[t]);
        let date = model.panel.calendar.date(t).to_string();
        table.row(std::iter::once(date).chain(columns.chain(exposure).map(plain)));
    }
    let geo = if model.panel.has_geo { format!(" of {}", model.panel.geos[0]) } else { String::new() };
    let rows =
        format!("first {} of {} periods{geo}, as scaled", SHOWN.min(inputs.n_times), count(inputs.n_times));
    format!("Design matrix and exposure ({rows}):\n{}", table.render())
}
