//! `mmm fit`: one spec, one fit, one file.

use crate::args::Global;
use crate::commands::flag_spec::FlagSpec;
use crate::commands::summary::readable;
use crate::commands::tables::verdict;
use crate::commands::words::word;
use crate::interrupt;
use crate::load::{Loaded, load_data, read_spec};
use crate::outcome::{Exit, Failure, Outcome, usage};
use crate::problems::show;
use crate::terminal::number::count;
use crate::terminal::progress::SamplingBar;
use crate::terminal::{Format, Style, Terminal};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Instant;
use wanamaker::data::table::Table;
use wanamaker::decision::contribution::totals;
use wanamaker::engine::fit::{Fit, FitError, fit_through};
use wanamaker::model::compile::CompiledModel;
use wanamaker::posterior::summary::table;
use wanamaker::problem::{Place, Problem, Problems, Severity};
use wanamaker::spec::{EngineName, ModelSpec, UntilSpec};
use wanamaker_io::fit_file::{Host, Stamp, Timing};
use wanamaker_io::spill::Spill;
use wanamaker_mcmc::nuts::SampleError;
use wanamaker_mcmc::store::Store;

/// Fit the model of a spec; draws, data and spec go into one file.
#[derive(Clone, Debug, Args)]
pub struct FitArgs {
    /// The spec
    #[arg(default_value = "mmm.toml")]
    pub spec: PathBuf,
    /// The spec, as older tools name it
    #[arg(long, short = 'c', hide = true, conflicts_with = "spec", value_name = "SPEC")]
    pub config: Option<PathBuf>,
    /// File to write
    #[arg(long, short = 'o', default_value = "fit.mmm", alias = "out", alias = "model-out")]
    pub output: PathBuf,
    /// Data file instead of the one the spec names
    #[arg(long, short = 'd')]
    pub data: Option<PathBuf>,
    /// The draws
    #[command(flatten)]
    pub sampling: SamplingArgs,
    /// Keep this many draws in the file, of all chains together, evenly spaced [default: all]
    #[arg(long, value_name = "N")]
    pub save_draws: Option<usize>,
    /// Print the model, its priors and its design matrix, and fit nothing
    #[arg(long)]
    pub explain: bool,
    /// The model, where there is no spec
    #[command(flatten)]
    pub flags: FlagSpec,
}

/// What flags say about the draws; each wins over the spec.
#[derive(Clone, Debug, Default, Args)]
pub struct SamplingArgs {
    /// Chains [default: the spec's, else 4]
    #[arg(long, env = "MMM_CHAINS")]
    pub chains: Option<usize>,
    /// Draws kept per chain [default: the spec's, else 1000]
    #[arg(long, env = "MMM_DRAWS")]
    pub draws: Option<usize>,
    /// Most warm-up draws per chain; one that has settled begins earlier [default: the spec's, else 1000]
    #[arg(long, alias = "burn", env = "MMM_TUNE")]
    pub tune: Option<usize>,
    /// Stop when bulk and tail ESS of every parameter reach this and the chains agree, as in `ess=400`; --draws are the most
    #[arg(long, value_name = "GOAL", value_parser = until)]
    pub until: Option<UntilSpec>,
    /// Target acceptance, between 0 and 1
    #[arg(long)]
    pub target_accept: Option<f64>,
    /// Deepest trajectory tree
    #[arg(long)]
    pub max_depth: Option<u64>,
    /// Keep every n-th draw (gibbs)
    #[arg(long)]
    pub thin: Option<usize>,
    /// Periods at the end to hold back
    #[arg(long)]
    pub holdout: Option<usize>,
    /// Engine: nuts (every model), gibbs and ridge (fixed transforms: presets lite and ridge), laplace (a quick preview)
    #[arg(long, value_parser = word::<EngineName>)]
    pub engine: Option<EngineName>,
    /// Sampler, as older tools name it: pymc, nutpie, numpyro, all of which are NUTS
    #[arg(long, hide = true, value_parser = ["nuts", "pymc", "nutpie", "numpyro", "blackjax"], conflicts_with = "engine")]
    pub sampler: Option<String>,
}

impl SamplingArgs {
    /// Puts the flags into the spec.
    pub fn apply(&self, global: &Global, spec: &mut ModelSpec) {
        let s = &mut spec.sampler;
        s.seed = global.seed.or(s.seed);
        s.chains = self.chains.or(s.chains);
        s.draws = self.draws.or(s.draws);
        s.tune = self.tune.or(s.tune);
        s.until = self.until.or(s.until);
        s.target_accept = self.target_accept.or(s.target_accept);
        s.max_depth = self.max_depth.or(s.max_depth);
        s.thin = self.thin.or(s.thin);
        s.engine = self.engine.or(s.engine);
        spec.data.holdout = self.holdout.or(spec.data.holdout);
    }
}

/// `ess=NUMBER`.
fn until(text: &str) -> Result<UntilSpec, String> {
    let number = text.strip_prefix("ess=").and_then(|number| number.parse().ok());
    number.map(|ess| UntilSpec { ess }).ok_or_else(|| "write ess=400, or another number".to_owned())
}

/// Loads, fits, saves, and shows what came out.
pub fn run(args: &FitArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let spec = match args.flags.spec()? {
        Some(spec) => spec,
        None => read_spec(args.config.as_ref().unwrap_or(&args.spec))?,
    };
    let loaded = load_data(spec, args.data.as_deref(), |spec| args.sampling.apply(global, spec))?;
    show(terminal, &doubts(&loaded.remarks), &loaded.sources);
    if args.explain {
        terminal.print(&super::explain::explain(&loaded.model))?;
        return Ok(Exit::Fine);
    }
    let Loaded { model, table, .. } = loaded;
    let per_chain = args.save_draws.map(|n| per_chain(n, model.spec.sampler.n_chains())).transpose()?;
    let Some(fit) = draw(model, Some(&args.output), global, terminal)? else { return Ok(Exit::Interrupted) };
    let fewer = per_chain.map(|n| fit.fit.with_draws(n));
    save(&args.output, fewer.as_ref().unwrap_or(&fit.fit), &table, global.threads, fit.seconds)?;
    print(&fit.fit, global, terminal)?;
    conclude(&fit.fit, fit.seconds, &args.output, terminal);
    Ok(if fit.fit.cancelled { Exit::Interrupted } else { Exit::Fine })
}

/// Draws of each of `n_chains` when `n` are kept of all.
fn per_chain(n: usize, n_chains: usize) -> Result<usize, Failure> {
    // Fewer than four draws of a chain say nothing about it.
    let least = 4 * n_chains;
    if n < least {
        let hint = format!("give --save-draws {least} or more: four of each of the {n_chains} chains");
        return Err(usage(format!("{n} draws are too few to keep"), hint));
    }
    Ok(n.div_ceil(n_chains))
}

/// What is worth a look; the infos are `mmm check`'s to tell.
pub fn doubts(remarks: &Problems) -> Problems {
    Problems(remarks.iter().filter(|problem| problem.severity > Severity::Info).cloned().collect())
}

/// A fit and how long it took.
pub struct Timed {
    /// The fit.
    pub fit: Fit,
    /// Wall-clock seconds of sampling.
    pub seconds: f64,
}

/// Draws with a moving bar; `None` when it was stopped before there was anything to keep. What does not fit in memory waits beside
/// `output`, where the fit will be written.
pub fn draw(
    model: CompiledModel,
    output: Option<&Path>,
    global: &Global,
    terminal: &Terminal,
) -> Result<Option<Timed>, Failure> {
    interrupt::watch();
    let bar = SamplingBar::new(terminal);
    let began = Instant::now();
    let make_store = || -> Box<dyn Store> {
        match output {
            Some(path) => Box::new(Spill::beside(path)),
            None => Box::new(Vec::new()),
        }
    };
    let result = fit_through(model, global.threads, &make_store, &mut |progress| {
        bar.set(progress);
        interrupt::flow()
    });
    bar.clear();
    match result {
        Ok(fit) => Ok(Some(Timed { fit, seconds: began.elapsed().as_secs_f64() })),
        Err(error @ FitError::TooFewDraws { .. }) if interrupt::requested() => {
            terminal.say(&format!("{error}; no file was written"));
            Ok(None)
        }
        Err(error) => {
            let hint = match &error {
                FitError::Sampling(SampleError::Store { .. }) => {
                    "free some space there, or write the fit to another disk with -o"
                }
                _ => "`mmm density` shows the model at its prior median, term by term",
            };
            Err(Problem::error("fit.failed", Place::default(), error.to_string()).hint(hint).into())
        }
    }
}

/// Writes the fit file.
pub fn save(path: &Path, fit: &Fit, table: &Table, threads: usize, seconds: f64) -> Result<(), Failure> {
    let machine = std::thread::available_parallelism().map_or(1, usize::from);
    let stamp = Stamp {
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        created: now(),
        host: Host {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            threads: if threads == 0 { machine } else { threads },
        },
        timings: vec![Timing { stage: "sample".to_owned(), seconds }],
    };
    Ok(wanamaker_io::fit_file::save(path, fit, table, &stamp)?)
}

/// Seconds since 1970, or those of SOURCE_DATE_EPOCH, as a date and time in UTC.
fn now() -> String {
    let stated = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    let seconds = stated.unwrap_or_else(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |since| since.as_secs() as i64)
    });
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |time| time.to_string())
}

/// The tables of a new fit, on standard output.
fn print(fit: &Fit, global: &Global, terminal: &Terminal) -> Result<(), Failure> {
    let rows = table(&fit.model, &fit.posterior, global.level, global.threads);
    let text = match terminal.format {
        Format::Json => {
            let object = json!({
                "level": global.level,
                "interval": "equal-tailed",
                "cancelled": fit.cancelled,
                "parameters": rows,
                "channels": totals(&fit.model, &fit.posterior, global.level),
                "convergence": fit.convergence,
                "engine": fit.report,
                "warnings": fit.warnings,
            });
            serde_json::to_string_pretty(&object).expect("numbers and words are JSON")
        }
        _ => readable(fit, &rows, false, global.level),
    };
    Ok(terminal.print(&text)?)
}

fn conclude(fit: &Fit, seconds: f64, path: &Path, terminal: &Terminal) {
    verdict(fit, terminal);
    if fit.cancelled {
        let words = "stopped before the end; what was drawn is kept and marked as cancelled";
        terminal.say(&Style::Yellow.paint(words));
    }
    let gradients: usize = fit.statistics.iter().flatten().map(|draw| draw.n_leapfrogs as usize).sum();
    let took = if seconds < 1.0 { format!("{:.0} ms", 1000.0 * seconds) } else { format!("{seconds:.1} s") };
    let speed = match gradients {
        0 => String::new(),
        _ => format!(" ({} gradients per second)", count((gradients as f64 / seconds.max(1e-9)) as usize)),
    };
    terminal.say(&format!("{} after {took}{speed}", path.display()));
}
