//! `mmm run`: the whole way from a spec to a report, into one folder.
//!
//! Idempotent: a finished fit in the folder is used again where it was made from this very spec and data by this version; the
//! rest follows from the fit in seconds and is written anew. Every file is whole at any moment, so that a run that was killed
//! is begun again by the same words.

use crate::args::Global;
use crate::commands::fit::{SamplingArgs, Timed, doubts, draw, save};
use crate::commands::planning::plan_file::read_given_plan;
use crate::commands::planning::tables::{plan_json, plan_text};
use crate::commands::{check, checklist, curves, decompose, pdf, report, roi, summary, tables};
use crate::load::{Loaded, load};
use crate::outcome::{Exit, Failure, Outcome};
use crate::problems::show;
use crate::terminal::{Format, Style, Terminal};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use wanamaker::data::table::Table;
use wanamaker::decision::allocation::plan::Plan;
use wanamaker::decision::contribution::{Counted, over_time, parts, totals_of};
use wanamaker::decision::response_curve::{ResponseCurve, steady};
use wanamaker::engine::fit::Fit;
use wanamaker::model::compile::CompiledModel;
use wanamaker::report::study::Study;
use wanamaker::validation::checklist::{Line, Mark, Profile, worst};
use wanamaker_io::atomic::write_atomically;
use wanamaker_io::export::{TableFormat, Target, write_rows};
use wanamaker_io::fit_file::load_same;
use wanamaker_io::rows::Rows;

const EXAMPLES: &str = "\
Examples:
  mmm run                            mmm.toml: check, fit, diagnose, plan, report, all into mmm-run/
  mmm run spec.toml -o q3 --pdf      into q3/, the report also as PDF
  mmm run --holdout 13 --plan ours.csv

Run it again after a kill or a change: a finished fit of the same spec and data is not made twice.";

/// How far curves run, as a multiple of today's or the highest spend, and their steps.
const CURVES: (f64, usize) = (2.0, 100);

/// The whole way from a spec to a report: check, fit, diagnose, plan, tables, report. Exits with 1 when a gate fails.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    /// The spec
    #[arg(default_value = "mmm.toml")]
    pub spec: PathBuf,
    /// Folder for fit, tables, plan and report
    #[arg(long, short = 'o', default_value = "mmm-run", alias = "out", alias = "output-dir")]
    pub output: PathBuf,
    /// Data file instead of the one the spec names
    #[arg(long, short = 'd')]
    pub data: Option<PathBuf>,
    /// The plan to recommend in the report [default: the best within 30 % of today's mix]
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// Fit again even where a finished fit is there
    #[arg(long)]
    pub refit: bool,
    /// Also tell in the report whether the model would have foreseen what came: fit this many folds of the past again
    #[arg(long, value_name = "FOLDS", num_args = 0..=1, default_missing_value = "3")]
    pub backtest: Option<usize>,
    /// Also print the report as PDF, by a Chromium of this machine
    #[arg(long)]
    pub pdf: bool,
    /// The draws
    #[command(flatten)]
    pub sampling: SamplingArgs,
}

/// Goes the whole way.
pub fn run(args: &RunArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let step = |words: &str| terminal.say(&format!("\n{}", Style::Bold.paint(words)));
    let readable = terminal.format != Format::Json;
    step("1 check");
    let loaded = load(&args.spec, args.data.as_deref(), |spec| args.sampling.apply(global, spec))?;
    // A plan that cannot be read is told before an hour of sampling.
    let plan = args.plan.as_deref().map(read_given_plan).transpose()?;
    if readable {
        check::report(&loaded, terminal)?;
    } else {
        show(terminal, &doubts(&loaded.remarks), &loaded.sources);
    }
    let path = args.output.join("fit.mmm");

    step("2 fit");
    let Loaded { model, table, .. } = loaded;
    let Some((fit, is_new)) = fitted(model, &table, &path, args.refit, global, terminal)? else {
        return Ok(Exit::Interrupted);
    };
    if fit.cancelled {
        terminal.say("stopped before the end: what was drawn is kept, and nothing is concluded from it");
        return Ok(Exit::Interrupted);
    }
    tables::verdict(&fit, terminal);

    step("3 diagnose");
    let study = report::study(&fit, None, global);
    let lines = study.checklist(&Profile::DEFAULT);
    if readable {
        terminal.print(&checklist::checklist_text(&lines))?;
    }

    step("4 plan");
    let found = proposal(&study)?;
    if let (Some(found), true) = (found, readable) {
        terminal.print(&plan_text(found, true, global.level))?;
    }
    if found.is_none() {
        terminal.say("no channel is paid for: there is nothing to plan");
    }

    step("5 tables and report");
    let mut written = vec![path];
    written.extend(write_tables(&study, &args.output)?);
    if let Some(found) = found {
        let path = args.output.join("plan.json");
        let text = plan_json(found, global.level) + "\n";
        write_atomically(&path, |out| out.write_all(text.as_bytes()))?;
        written.push(path);
    }
    let page = args.output.join("report.html");
    let Some(study) = report::with_backtest(study.with_plan(plan), args.backtest, terminal)? else {
        return Ok(Exit::Interrupted);
    };
    report::write(&study, &page)?;
    if args.pdf {
        let path = args.output.join("report.pdf");
        pdf::print(&page, &path)?;
        written.push(path);
    }
    written.push(page);
    conclude(&fit, is_new, &lines, &written, global, terminal)
}

/// A finished fit of this very model that is there already, or a new one; `false` with one that was there. `None` when it was
/// stopped before there was anything to keep.
fn fitted(
    model: CompiledModel,
    table: &Table,
    path: &Path,
    refit: bool,
    global: &Global,
    terminal: &Terminal,
) -> Result<Option<(Fit, bool)>, Failure> {
    if path.exists() && !refit {
        match load_same(path, &model, table, env!("CARGO_PKG_VERSION")) {
            Ok(Some(fit)) => {
                terminal.say(&format!("{} is of this very spec and data: not fitted again", path.display()));
                return Ok(Some((fit, false)));
            }
            Ok(None) => {
                terminal.say(&format!("{} is of another spec, or other data: fitted again", path.display()))
            }
            Err(problems) => {
                let reason = problems.0.first().map_or_else(String::new, |problem| problem.message.clone());
                terminal.say(&format!("{} cannot be used ({reason}): fitted again", path.display()));
            }
        }
    }
    crate::commands::files::make_folder_of(path)?;
    let Some(Timed { fit, seconds }) = draw(model, Some(path), global, terminal)? else { return Ok(None) };
    save(path, &fit, table, global.threads, seconds)?;
    Ok(Some((fit, true)))
}

/// The plan that is proposed for the next quarter; `None` where nothing can be planned.
fn proposal<'a>(study: &'a Study<'_>) -> Result<Option<&'a Plan>, Failure> {
    if study.plan_surface().is_err() {
        return Ok(None);
    }
    Ok(Some(study.proposal().map_err(Clone::clone)?))
}

/// Writes the tables; gives their places.
fn write_tables(study: &Study<'_>, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let (fit, level) = (study.fit, study.settings.level);
    let (model, posterior) = (&fit.model, &fit.posterior);
    let all = parts(model);
    let by_geo = model.panel.has_geo;
    let totals = totals_of(model, posterior, &all, &Counted::observed(model), by_geo, level);
    let range = model.window.start..model.panel.n_times();
    let by_period = over_time(model, posterior, &all, range.clone(), by_geo, level);
    let curves: Vec<ResponseCurve> = study
        .surface()
        .map_or_else(|_| Vec::new(), |(surface, _)| steady(surface, CURVES.0, CURVES.1, level));
    let written: [(&str, Rows); 5] = [
        ("parameters.csv", summary::parameter_rows(study.table())),
        ("channels.csv", roi::rows(fit, study.returns(), study.identification())),
        ("contributions.csv", decompose::total_rows(&totals, by_geo)),
        ("contributions_over_time.csv", decompose::period_rows(fit, &by_period, range.start)),
        ("curves.csv", curves::rows(&curves)),
    ];
    let write = |(name, rows): &(&str, Rows)| -> Result<PathBuf, Failure> {
        let path = folder.join(name);
        write_rows(Target::File(&path), TableFormat::Csv, rows)?;
        Ok(path)
    };
    written.iter().map(write).collect()
}

fn conclude(
    fit: &Fit,
    is_new: bool,
    lines: &[Line],
    written: &[PathBuf],
    global: &Global,
    terminal: &Terminal,
) -> Outcome {
    let passed = worst(lines) < Mark::Failed;
    if terminal.format == Format::Json {
        let object = json!({
            "passed": passed,
            "fitted": is_new,
            "level": global.level,
            "checks": lines,
            "convergence": fit.convergence,
            "warnings": fit.warnings,
            "files": written,
        });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
    }
    for path in written {
        terminal.say(&format!("  {}", path.display()));
    }
    if !passed {
        terminal.say(&Style::Red.paint("A GATE FAILED: do not use these numbers yet"));
    }
    Ok(if passed { Exit::Fine } else { Exit::No })
}
