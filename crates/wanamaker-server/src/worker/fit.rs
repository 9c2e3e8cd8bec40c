//! A fit, as `mmm fit` makes it: the same functions of the library, hence the same bytes for the same seed.

use super::check::{Loaded, facts, load};
use super::wish::{is_stopped, stand_still};
use super::{DataFile, Line, fault, say};
use crate::problem::findings;
use serde_json::{Value, json};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};
use wanamaker::engine::fit::{FitError, fit_through};
use wanamaker::problem::Problems;
use wanamaker_io::fit_file::{self, Host, Stamp, Timing};
use wanamaker_io::spill::Spill;
use wanamaker_mcmc::nuts::SampleError;
use wanamaker_mcmc::progress::Progress;

/// Least time between two reports of progress.
const PACE: Duration = Duration::from_millis(500);

/// Loads, fits, saves.
pub fn fit(file: &DataFile, spec: &Value, threads: usize, output: &Path) -> Result<Line, Problems> {
    let Loaded { model, table, .. } = load(file, spec)?;
    let began = Instant::now();
    let (mut last, mut paused) = (None, Duration::ZERO);
    let make_store = || Box::new(Spill::beside(output)) as _;
    let result = fit_through(model, threads, &make_store, &mut |progress| {
        if last.is_none_or(|last: Instant| last.elapsed() >= PACE) {
            last = Some(Instant::now());
            say(&Line::Progress(report(progress, (began.elapsed() - paused).as_secs_f64())));
        }
        // The chains stand still until this returns.
        paused += stand_still();
        if is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if is_stopped() {
        return Ok(Line::Cancelled);
    }
    let fit = result.map_err(|error| why(&error))?;
    let seconds = (began.elapsed() - paused).as_secs_f64();
    let machine = std::thread::available_parallelism().map_or(1, usize::from);
    let stamp = Stamp {
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        created: jiff::Timestamp::now().to_string(),
        host: Host {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            threads: if threads == 0 { machine } else { threads },
        },
        timings: vec![Timing { stage: "sample".to_owned(), seconds }],
    };
    fit_file::save(output, &fit, &table, &stamp)?;
    let mut known = facts(&fit.model);
    known["converged"] = json!(fit.converged());
    known["convergence"] = json!(fit.convergence);
    known["warnings"] = json!(findings(&fit.warnings, ""));
    known["seconds"] = json!(seconds);
    known["seed"] = json!(fit.model.spec.sampler.seed.unwrap_or_default());
    Ok(Line::Done(known))
}

fn why(error: &FitError) -> Problems {
    let hint = match error {
        FitError::Unsuitable(problems) => return problems.clone(),
        FitError::Sampling(SampleError::Store { .. }) => "free some space on the server's disk",
        _ => "look at the priors: the model may have no sensible starting point",
    };
    fault("fit.failed", error.to_string()).hint(hint).into()
}

/// How far the chains are.
fn report(progress: &Progress, seconds: f64) -> Value {
    let is_begun = progress.total() > 0;
    let fraction = if is_begun { progress.fraction() } else { 0.0 };
    let warming_up = progress.chains.iter().any(|chain| chain.warming_up);
    let phase = match (is_begun, warming_up) {
        (false, _) => "preparing",
        (true, true) => "warm_up",
        (true, false) => "sampling",
    };
    json!({
        "phase": phase,
        "fraction": fraction,
        "done": progress.done(),
        "total": progress.total(),
        "divergences": progress.n_divergences(),
        "seconds": seconds,
        // As many iterations per second as so far; unknown before there are any.
        "seconds_left": (fraction > 0.0).then(|| seconds * (1.0 - fraction) / fraction),
        "chains": progress.chains,
    })
}
