//! `mmm validate SPEC --sbc N`: are the intervals of this model, on this spend, what they claim to be?

use super::sbc_state::State;
use super::sbc_text::{rows, text};
use crate::args::Global;
use crate::commands::fit::SamplingArgs;
use crate::commands::output::deliver;
use crate::interrupt;
use crate::outcome::{Exit, Failure, Outcome};
use crate::problems::{Sources, show};
use crate::terminal::progress::CountBar;
use crate::terminal::{Format, Style, Terminal};
use clap::{Args, value_parser};
use serde_json::json;
use std::path::{Path, PathBuf};
use wanamaker::model::compile::CompiledModel;
use wanamaker::problem::{Place, Problem, Problems};
use wanamaker::spec::ModelSpec;
use wanamaker::validation::sbc::calibration::{FEW, calibration};
use wanamaker::validation::sbc::figures::ALPHA;
use wanamaker::validation::sbc::fingerprint::Fingerprint;
use wanamaker::validation::sbc::{Settings, Simulation, simulate};

/// How each fit is drawn where no flag says otherwise: a quarter of the work of `mmm fit`, for ranks need a hundred
/// independent draws where a report needs four hundred. A fit that falls short is drawn four times as long.
const CHAINS: usize = 2;
const DRAWS: usize = 500;
const TUNE: usize = 500;

/// What is said about calibration by simulation.
#[derive(Clone, Debug, Args)]
pub struct SbcArgs {
    /// Simulate N markets from the prior on your own spend, fit each (2 chains of 500 draws after 500, unless flags say
    /// otherwise), and see whether the truth ranks as it should and intervals hold it as often as they claim
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(10..=100_000), group = "way", help_heading = "Ways to validate (one of them)")]
    pub sbc: Option<u64>,
    /// Independent draws among which the truth is ranked
    #[arg(long, value_name = "L", default_value_t = 99, help_heading = "Calibration by simulation")]
    pub ranks: usize,
    /// File that keeps every simulation as soon as it is made; a run that finds it goes on from there
    #[arg(long, value_name = "FILE", default_value = "sbc.json", help_heading = "Calibration by simulation")]
    pub state: PathBuf,
}

/// Shortens the draws of each fit, where no flag says how long they are.
pub fn shorten(sampling: &SamplingArgs, spec: &mut ModelSpec) {
    let sampler = &mut spec.sampler;
    sampler.chains = Some(sampling.chains.unwrap_or(CHAINS));
    sampler.draws = Some(sampling.draws.unwrap_or(DRAWS));
    sampler.tune = Some(sampling.tune.unwrap_or(TUNE));
}

/// Simulates what the state does not hold yet, and says what all of it amounts to. `output`: the table of ranks.
pub fn run(
    model: CompiledModel,
    args: &SbcArgs,
    output: Option<&Path>,
    global: &Global,
    terminal: &Terminal,
) -> Outcome {
    let n = args.sbc.unwrap_or(100);
    let settings =
        Settings { ranks: args.ranks, seed: global.seed.or(model.spec.sampler.seed).unwrap_or_default() };
    settings.check(&model)?;
    let mut state = State::open(&args.state, Fingerprint::of(&model, &settings))?;
    interrupt::watch();
    let complete = go_on(&model, &settings, n, &mut state, global, terminal)?;
    let made: Vec<Simulation> = state.simulations().iter().filter(|s| s.index < n).cloned().collect();
    let kept = args.state.display();
    if !complete {
        let words = format!(
            "stopped; {} of {n} simulations are in {kept}, the same command goes on from there",
            made.len()
        );
        terminal.say(&Style::Yellow.paint(&words));
    }
    let Some(found) = calibration(&model, &made, settings.ranks) else {
        return if complete { Err(nothing(&made).into()) } else { Ok(Exit::Interrupted) };
    };
    if output.is_none() && terminal.format == Format::Json {
        let object = json!({
            "passed": found.passed(),
            "complete": complete,
            "asked_for": n,
            "seed": settings.seed,
            "sampler": model.spec.sampler,
            "alpha": ALPHA,
            "calibration": found,
            "problems": found.findings(),
        });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
    } else {
        deliver(terminal, output, &rows(&model, &made), || text(&found))?;
        if output.is_some() && terminal.format == Format::Table {
            terminal.print(&text(&found))?;
        }
        show(terminal, &found.findings(), &Sources::default());
        let verdict = match found.passed() {
            true if found.all.n < FEW => "nothing speaks against these intervals so far".to_owned(),
            true => Style::Green.paint("calibrated: nothing speaks against these intervals"),
            false => Style::Red.paint("NOT CALIBRATED: do not take these intervals at their word"),
        };
        terminal.say(&verdict);
        terminal.say(&format!("every simulation is in {kept}; a greater --sbc goes on from there"));
    }
    Ok(match (complete, found.passed()) {
        (false, _) => Exit::Interrupted,
        (true, true) => Exit::Fine,
        (true, false) => Exit::No,
    })
}

/// Makes the simulations that are missing, each kept as soon as it is there; whether all are.
fn go_on(
    model: &CompiledModel,
    settings: &Settings,
    n: u64,
    state: &mut State,
    global: &Global,
    terminal: &Terminal,
) -> Result<bool, Failure> {
    let known: Vec<Simulation> = state.simulations().to_vec();
    let there = known.iter().filter(|simulation| simulation.index < n).count() as u64;
    if there > 0 {
        terminal.say(&format!("{there} of {n} simulations are there already"));
    }
    let bar = CountBar::new(terminal, "markets", n, there);
    let mut problems = Problems::new();
    let complete = simulate(model, settings, n, &known, global.threads, |told| {
        if let Some(simulation) = told {
            bar.one_more();
            if let Err(more) = state.add(simulation) {
                problems.extend(more);
                return std::ops::ControlFlow::Break(());
            }
        }
        bar.tick();
        interrupt::flow()
    });
    bar.clear();
    if problems.has_errors() { Err(problems.into()) } else { Ok(complete) }
}

/// Why there is nothing to say.
fn nothing(made: &[Simulation]) -> Problem {
    use wanamaker::validation::sbc::Outcome;
    let why = made.iter().find_map(|simulation| match &simulation.outcome {
        Outcome::Failed(why) => Some(why.as_str()),
        Outcome::Ranked(_) => None,
    });
    let message = format!("none of {} markets could be fitted: {}", made.len(), why.unwrap_or("no reason"));
    let hint = "`mmm check --prior` shows what markets the prior allows";
    Problem::error("sbc.nothing", Place::default(), message).hint(hint)
}
