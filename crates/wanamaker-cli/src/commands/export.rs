//! `mmm export`: the contents of a fit as tables for other programs.

use crate::args::Global;
use crate::commands::decompose::period_rows;
use crate::commands::output::deliver;
use crate::commands::summary::parameter_rows;
use crate::outcome::{Exit, Outcome};
use crate::terminal::{Format, Terminal};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use wanamaker::decision::contribution::{over_time, parts};
use wanamaker::posterior::summary::table;
use wanamaker_io::export::{TableFormat, Target, write_rows};
use wanamaker_io::rows::{Draws, Rows, draws_rows};

/// Write a part of a fit as CSV, Excel, Parquet, Arrow or JSON.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The fit
    #[arg(default_value = "fit.mmm")]
    pub fit: PathBuf,
    /// Which part
    #[arg(long, short = 'w', value_enum, default_value_t)]
    pub what: What,
    /// File; its extension decides the form. Without it, standard output as CSV or `--format json`
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
}

/// Parts of a fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Draws of every parameter, one row per chain and draw.
    #[default]
    Draws,
    /// Draws of what follows from the parameters.
    Derived,
    /// Statistics of the sampler, named as ArviZ names them.
    Stats,
    /// The parameter table.
    Summary,
    /// Every part of the mean by period and geo, with intervals.
    Contributions,
    /// The data as they were used.
    Data,
}

/// Writes the part.
pub fn run(args: &ExportArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let (fit, data, _) = wanamaker_io::fit_file::load(&args.fit)?;
    let rows = match args.what {
        What::Draws => draws_rows(&fit, Draws::Posterior),
        What::Derived => draws_rows(&fit, Draws::Derived),
        What::Stats => draws_rows(&fit, Draws::SampleStats),
        What::Summary => parameter_rows(&table(&fit.model, &fit.posterior, global.level, global.threads)),
        What::Contributions => {
            let by_geo = fit.model.panel.has_geo;
            let (model, posterior) = (&fit.model, &fit.posterior);
            let range = model.window.start..model.panel.n_times();
            let found = over_time(model, posterior, &parts(model), range.clone(), by_geo, global.level);
            period_rows(&fit, &found, range.start)
        }
        What::Data => Rows::from(&data),
    };
    // Here the reader is a program: where nothing is said it gets CSV, not a table for people.
    if terminal.format == Format::Table && args.output.as_deref().is_none_or(|path| path.as_os_str() == "-") {
        write_rows(Target::Stdout, TableFormat::Csv, &rows)?;
    } else {
        deliver(terminal, args.output.as_deref(), &rows, String::new)?;
    }
    Ok(Exit::Fine)
}
