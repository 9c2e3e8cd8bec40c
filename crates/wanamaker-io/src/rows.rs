//! Rows on their way out: named columns with types, as exports write them.

use jiff::civil::Date;
use wanamaker::data::table::{Table, Values};
use wanamaker::engine::fit::Fit;
use wanamaker::posterior::summary::derived;

/// Cells of a column. What is missing is NaN in a number and `None` elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub enum RowValues {
    /// Words.
    Text(Vec<String>),
    /// Numbers; NaN where there is none.
    Number(Vec<f64>),
    /// Whole numbers.
    Integer(Vec<i64>),
    /// Days.
    Date(Vec<Option<Date>>),
    /// Yes and no.
    Bool(Vec<Option<bool>>),
}

impl RowValues {
    /// Number of cells.
    pub fn len(&self) -> usize {
        match self {
            RowValues::Text(cells) => cells.len(),
            RowValues::Number(cells) => cells.len(),
            RowValues::Integer(cells) => cells.len(),
            RowValues::Date(cells) => cells.len(),
            RowValues::Bool(cells) => cells.len(),
        }
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A named column.
#[derive(Clone, Debug, PartialEq)]
pub struct RowColumn {
    /// Name in the header.
    pub name: String,
    /// Its cells.
    pub values: RowValues,
}

/// A rectangular table to be written. All columns have the same length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// Columns from left to right.
    pub columns: Vec<RowColumn>,
}

impl Rows {
    /// No column yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more column on the right.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, values: RowValues) -> Self {
        self.columns.push(RowColumn { name: name.into(), values });
        self
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }
}

impl From<&Table> for Rows {
    fn from(table: &Table) -> Self {
        let column = |values: &Values| match values {
            Values::Text(cells) => RowValues::Text(cells.iter().map(str::to_owned).collect()),
            Values::Number(cells) => {
                RowValues::Number(cells.iter().map(|cell| cell.unwrap_or(f64::NAN)).collect())
            }
            Values::Date(cells) => RowValues::Date(cells.clone()),
            Values::Bool(cells) => RowValues::Bool(cells.clone()),
        };
        let columns = table.columns.iter();
        Rows {
            columns: columns.map(|c| RowColumn { name: c.name.clone(), values: column(&c.values) }).collect(),
        }
    }
}

/// Which draws of a fit are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draws {
    /// Every parameter, internal ones included, in the user's units.
    Posterior,
    /// Quantities that follow from the parameters: `beta`, pooled coefficients.
    Derived,
    /// What the sampler did: `lp`, `energy`, `tree_depth`, … as ArviZ names them.
    SampleStats,
}

/// One row per draw, chain by chain: `chain`, `draw`, then the columns asked for.
pub fn draws_rows(fit: &Fit, which: Draws) -> Rows {
    let (n_chains, n_draws) = (fit.posterior.n_chains, fit.posterior.n_draws);
    let index = |of: &dyn Fn(usize) -> usize| {
        RowValues::Integer((0..n_chains * n_draws).map(|row| of(row) as i64).collect())
    };
    let keys =
        Rows::new().with("chain", index(&|row| row / n_draws)).with("draw", index(&|row| row % n_draws));
    let columns = match which {
        Draws::Posterior => posterior_columns(fit),
        Draws::Derived => derived_columns(fit),
        Draws::SampleStats => statistics_columns(fit),
    };
    columns.into_iter().fold(keys, |rows, (name, values)| rows.with(name, values))
}

fn posterior_columns(fit: &Fit) -> Vec<(String, RowValues)> {
    let scalar = |k: usize| RowValues::Number(fit.posterior.scalar(k).concat());
    fit.posterior.labels().into_iter().enumerate().map(|(k, label)| (label, scalar(k))).collect()
}

fn derived_columns(fit: &Fit) -> Vec<(String, RowValues)> {
    let all = derived(&fit.model, &fit.posterior);
    all.into_iter().map(|(label, chains)| (label, RowValues::Number(chains.concat()))).collect()
}

fn statistics_columns(fit: &Fit) -> Vec<(String, RowValues)> {
    let all = || fit.statistics.iter().flatten();
    let columns = [
        ("lp", RowValues::Number(all().map(|s| s.log_density).collect())),
        ("energy", RowValues::Number(all().map(|s| s.energy).collect())),
        ("tree_depth", RowValues::Integer(all().map(|s| s.depth.into()).collect())),
        ("n_steps", RowValues::Integer(all().map(|s| s.n_leapfrogs.into()).collect())),
        ("step_size", RowValues::Number(all().map(|s| s.step_size).collect())),
        ("acceptance_rate", RowValues::Number(all().map(|s| s.acceptance).collect())),
        ("diverging", RowValues::Bool(all().map(|s| Some(s.diverging)).collect())),
        ("reached_max_treedepth", RowValues::Bool(all().map(|s| Some(s.max_depth_reached)).collect())),
    ];
    columns.map(|(name, values)| (name.to_owned(), values)).into()
}
