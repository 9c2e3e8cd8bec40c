//! `mmm demo`: the whole way to a report in one command, on a market whose truth is known.

use crate::args::Global;
use crate::commands::fit::{SamplingArgs, draw, save};
use crate::commands::words::parsed;
use crate::commands::{check, report, simulate, summary, tables};
use crate::load::{Loaded, load};
use crate::outcome::{Exit, Outcome};
use crate::terminal::{Format, Style, Terminal};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use wanamaker::decision::contribution::totals;
use wanamaker::engine::fit::Fit;
use wanamaker::posterior::summary::table;
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::validation::accuracy::accuracy;
use wanamaker::validation::recovery::recovery;

/// Simulate a market, check it, fit it, hold the estimates against the truth, and report.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// weekly4, daily5, kpi4, analytics, lite, recoverable, geo
    #[arg(long, short = 'p', default_value = "recoverable", value_parser = parsed::<Preset>)]
    pub preset: Preset,
    /// Half as many draws, for a test: exits with 1 unless MAPE is below 15 % and R² above 0.7
    #[arg(long)]
    pub quick: bool,
    /// Folder for data, truth, spec, fit and report
    #[arg(long, short = 'o', default_value = "mmm-demo", alias = "out", alias = "output-dir")]
    pub output: PathBuf,
    /// The draws
    #[command(flatten)]
    pub sampling: SamplingArgs,
}

/// Goes the whole way.
pub fn run(args: &DemoArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let step = |words: &str| terminal.say(&format!("\n{}", Style::Bold.paint(words)));
    let options = Options::new(args.preset, global.seed.unwrap_or(simulate::SEED));
    step(&format!("1 simulate: market {}, seed {}", options.preset, options.seed));
    let market = wanamaker::simulate::simulate(&options)?;
    let places = simulate::Places::of(&args.output);
    simulate::write(&market, &places, true)?;

    step("2 check");
    let loaded = load(&places.spec, None, |spec| {
        args.sampling.apply(global, spec);
        if args.quick {
            spec.sampler.draws = args.sampling.draws.or(Some(500));
            spec.sampler.tune = args.sampling.tune.or(Some(500));
        }
    })?;
    if terminal.format != Format::Json {
        check::report(&loaded, terminal)?;
    }

    step("3 fit");
    let Loaded { model, table: data, .. } = loaded;
    let path = args.output.join("fit.mmm");
    let Some(timed) = draw(model, Some(&path), global, terminal)? else { return Ok(Exit::Interrupted) };
    save(&path, &timed.fit, &data, global.threads, timed.seconds)?;
    let fit = &timed.fit;
    let rows = table(&fit.model, &fit.posterior, global.level, global.threads);
    let recovered = recovery(&fit.model, &fit.posterior, &market.truth, global.level);
    if terminal.format == Format::Json {
        let object = json!({
            "level": global.level,
            "interval": "equal-tailed",
            "fit": path,
            "report": args.output.join("report.html"),
            "parameters": rows,
            "channels": totals(&fit.model, &fit.posterior, global.level),
            "convergence": fit.convergence,
            "recovery": recovered,
        });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
    } else {
        terminal.print(&summary::readable(fit, &rows, false, global.level))?;
    }
    tables::verdict(fit, terminal);
    if terminal.format != Format::Json {
        step("4 recovered versus true");
        terminal.print(&tables::recovery(&recovered, global.level))?;
    }
    step("5 report");
    let page = args.output.join("report.html");
    report::write(&report::study(fit, None, global), &page)?;
    terminal.say(&format!("{} holds all of it: open it in a browser", page.display()));
    terminal.say(&format!("\n{} after {:.1} s of sampling", path.display(), timed.seconds));
    terminal.say(&format!(
        "next: mmm summary {0} · mmm diagnose {0} · mmm predict {0} · mmm decompose {0}",
        path.display()
    ));
    if fit.cancelled {
        return Ok(Exit::Interrupted);
    }
    Ok(if !args.quick || quick_check(fit, global, terminal) { Exit::Fine } else { Exit::No })
}

/// What a quick fit has to reach.
const MOST_MAPE: f64 = 15.0;
const LEAST_R_SQUARED: f64 = 0.7;

/// Whether a quick fit follows its data closely enough, said in one line.
fn quick_check(fit: &Fit, global: &Global, terminal: &Terminal) -> bool {
    let seed = fit.model.spec.sampler.seed.unwrap_or_default();
    let figures = accuracy(&fit.model, &fit.posterior, global.level, seed).training;
    let passed = figures.mape < MOST_MAPE && figures.r_squared > LEAST_R_SQUARED;
    let words = format!(
        "quick check: MAPE {:.1} % (below {MOST_MAPE} %), R² {:.2} (above {LEAST_R_SQUARED}): {}",
        figures.mape,
        figures.r_squared,
        if passed { "passed" } else { "FAILED" }
    );
    terminal.say(&if passed { Style::Green } else { Style::Red }.paint(&words));
    passed
}
