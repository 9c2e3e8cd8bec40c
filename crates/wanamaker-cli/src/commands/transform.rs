//! `mmm transform`: one media transform applied to numbers, as a desk calculator would.

use crate::args::Global;
use crate::commands::words::word;
use crate::outcome::{Exit, Failure, Outcome, usage};
use crate::terminal::{Format, Terminal};
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};
use std::io::Read;
use std::path::PathBuf;
use wanamaker::adstock::BinomialConvention;
use wanamaker::distribution::support::Support;
use wanamaker::model::compile::channels::{adstock_of, saturation_of};
use wanamaker::problem::{Place, Problem, Problems};
use wanamaker::spec::{AdstockKind, AdstockSpec, InfiniteWord, SaturationKind, SaturationSpec, WindowSpec};

/// Apply one media transform to numbers.
#[derive(Debug, Args)]
pub struct TransformArgs {
    /// Which
    #[command(subcommand)]
    pub which: Which,
}

/// The two transforms.
#[derive(Debug, Subcommand)]
pub enum Which {
    /// Carry exposure over, e.g. `mmm transform adstock --decay 0.5 100 0 0 0 0`
    Adstock(AdstockArgs),
    /// Bend exposure, e.g. `mmm transform saturation --kind hill --slope 2 --ec50 500 250 500 1000`
    Saturation(SaturationArgs),
}

/// Numbers from the command line, a file, or standard input.
#[derive(Debug, Args)]
pub struct Numbers {
    /// Exposure by period, ≥ 0; `-` reads standard input
    #[arg(allow_negative_numbers = true, value_name = "NUMBER")]
    pub numbers: Vec<String>,
    /// File with the numbers: a JSON array, or numbers apart by commas, blanks or lines
    #[arg(long, conflicts_with = "numbers")]
    pub file: Option<PathBuf>,
}

/// Flags of `transform adstock`.
#[derive(Debug, Args)]
pub struct AdstockArgs {
    /// geometric, delayed, binomial, weibull_pdf, weibull_cdf, none
    #[arg(long, default_value = "geometric", value_parser = word::<AdstockKind>)]
    pub kind: AdstockKind,
    /// Share kept from one period to the next, 0 ≤ decay < 1
    #[arg(long)]
    pub decay: Option<f64>,
    /// Lag of the peak in periods (delayed)
    #[arg(long)]
    pub peak: Option<f64>,
    /// Weibull shape
    #[arg(long)]
    pub shape: Option<f64>,
    /// Weibull scale in periods
    #[arg(long)]
    pub scale: Option<f64>,
    /// Number of periods L, or `infinite` [default: infinite for geometric, 13 for the others]
    #[arg(long, value_name = "L|infinite", value_parser = window)]
    pub l_max: Option<WindowSpec>,
    /// Divide the weights by their sum [default: true with a window]
    #[arg(long, num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub normalize: Option<bool>,
    /// Where binomial weights reach zero: window_plus_one or window
    #[arg(long, value_parser = word::<BinomialConvention>)]
    pub convention: Option<BinomialConvention>,
    /// The numbers
    #[command(flatten)]
    pub numbers: Numbers,
}

/// Flags of `transform saturation`.
#[derive(Debug, Args)]
pub struct SaturationArgs {
    /// hill, exponential, logistic, tanh, michaelis_menten, root, log1p, sigmoid, none
    #[arg(long, default_value = "hill", value_parser = word::<SaturationKind>)]
    pub kind: SaturationKind,
    /// Steepness (hill, sigmoid)
    #[arg(long, alias = "alpha")]
    pub slope: Option<f64>,
    /// Exposure at half of the maximum (hill, michaelis_menten, sigmoid)
    #[arg(long, alias = "k")]
    pub ec50: Option<f64>,
    /// Rate per unit of exposure (exponential, logistic, tanh)
    #[arg(long)]
    pub rate: Option<f64>,
    /// Exponent in (0, 1] (root)
    #[arg(long)]
    pub exponent: Option<f64>,
    /// Scale of exposure (log1p)
    #[arg(long)]
    pub scale: Option<f64>,
    /// The numbers
    #[command(flatten)]
    pub numbers: Numbers,
}

fn window(text: &str) -> Result<WindowSpec, String> {
    match text.parse::<usize>() {
        Ok(periods) if (1..=1_000_000).contains(&periods) => Ok(WindowSpec::Periods(periods)),
        Err(_) if text == "infinite" => Ok(WindowSpec::Word(InfiniteWord::Infinite)),
        _ => Err("a number of periods from 1 on, or `infinite`".into()),
    }
}

/// Reads the numbers, transforms them, prints them.
pub fn run(args: &TransformArgs, _: &Global, terminal: &Terminal) -> Outcome {
    let (source, input, output, facts) = match &args.which {
        Which::Adstock(args) => adstock(args)?,
        Which::Saturation(args) => saturation(args)?,
    };
    let text = match terminal.format {
        Format::Json => {
            let mut object =
                Map::from_iter([("input".into(), json!(input)), ("output".into(), json!(output))]);
            object.extend(facts);
            Value::Object(object).to_string()
        }
        Format::Table if source == Source::Words => joined(&output, " ", &readable),
        Format::Table => joined(&output, "\n", &readable),
        _ => joined(&output, "\n", &|x| x.to_string()),
    };
    terminal.print(&text)?;
    Ok(Exit::Fine)
}

fn joined(numbers: &[f64], between: &str, write: &dyn Fn(f64) -> String) -> String {
    numbers.iter().map(|x| write(*x)).collect::<Vec<_>>().join(between)
}

/// Fourteen significant digits, so that 0.2 does not read 0.19999999999999996; `--json` and `--format csv` give all.
fn readable(x: f64) -> String {
    format!("{x:.13e}").parse::<f64>().map_or_else(|_| x.to_string(), |rounded| rounded.to_string())
}

type Transformed = (Source, Vec<f64>, Vec<f64>, Map<String, Value>);

fn adstock(args: &AdstockArgs) -> Result<Transformed, Failure> {
    let l_max = args.l_max.unwrap_or(match args.kind {
        AdstockKind::Geometric => WindowSpec::Word(InfiniteWord::Infinite),
        _ => WindowSpec::Periods(13),
    });
    let infinite = matches!(l_max, WindowSpec::Word(_));
    if infinite && args.kind != AdstockKind::Geometric {
        return Err(usage(
            "only the geometric adstock has an infinite window",
            "give --l-max a number of periods",
        ));
    }
    if infinite && args.normalize == Some(true) {
        return Err(usage(
            "an infinite adstock has no window to normalise over",
            "give --l-max a number of periods",
        ));
    }
    let spec = AdstockSpec {
        kind: args.kind,
        l_max: Some(l_max),
        normalize: args.normalize,
        convention: args.convention,
        ..AdstockSpec::default()
    };
    let adstock = adstock_of(Some(&spec));
    let given = [("decay", args.decay), ("peak", args.peak), ("shape", args.shape), ("scale", args.scale)];
    let parameters = parameters(&given, adstock.parameter_names(), adstock.parameter_supports())?;
    let (source, input) = args.numbers.read()?;
    let mut weights = vec![0.0; adstock.n_weights()];
    adstock.weights(&parameters, &mut weights);
    let mut output = vec![0.0; input.len()];
    adstock.forward(&parameters, &weights, &input, &mut output);
    let facts = json!({
        "weights": weights,
        "half_life": adstock.half_life(&parameters),
        "steady_state_gain": adstock.steady_state_gain(&parameters),
    });
    Ok((source, input, output, object(facts)))
}

fn saturation(args: &SaturationArgs) -> Result<Transformed, Failure> {
    let saturation = saturation_of(Some(&SaturationSpec { kind: args.kind, ..SaturationSpec::default() }));
    let given = [
        ("slope", args.slope),
        ("ec50", args.ec50),
        ("rate", args.rate),
        ("exponent", args.exponent),
        ("scale", args.scale),
    ];
    let parameters = parameters(&given, saturation.parameter_names(), saturation.parameter_supports())?;
    let (source, input) = args.numbers.read()?;
    let (mut output, mut aux) = (vec![0.0; input.len()], vec![0.0; input.len()]);
    saturation.forward(&parameters, &input, &mut output, &mut aux);
    let slopes: Vec<f64> = input.iter().map(|x| saturation.slope_at(&parameters, *x)).collect();
    Ok((source, input, output, object(json!({ "slope": slopes }))))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The parameters that the kind wants, in its order: each given, none too many, all where they may be.
fn parameters(
    given: &[(&str, Option<f64>)],
    names: &[&str],
    supports: &[Support],
) -> Result<Vec<f64>, Failure> {
    let mut problems = Problems::new();
    let mut fault = |message: String, hint: &str| {
        problems.push(Problem::error("usage.invalid", Place::default(), message).hint(hint));
    };
    for (name, value) in given {
        if value.is_some() && !names.contains(name) {
            let wanted = names.iter().map(|name| format!("--{name}")).collect::<Vec<_>>().join(", ");
            fault(format!("--{name} means nothing to this kind"), &format!("it takes {wanted}"));
        }
    }
    let mut values = Vec::new();
    for (name, support) in names.iter().zip(supports) {
        match given.iter().find(|(given, _)| given == name).and_then(|(_, value)| *value) {
            None => fault(format!("--{name} is needed"), &format!("write e.g. --{name} 0.5")),
            Some(value) if support.contains(value) || is_at_the_edge(name, value) => values.push(value),
            Some(value) => fault(format!("--{name} {value} is out of its range"), range(*support)),
        }
    }
    problems.or(values).map_err(Failure::from)
}

/// A memory of nothing and a root that is a straight line lie on the edge of their supports, and are fine.
fn is_at_the_edge(name: &str, value: f64) -> bool {
    (name == "decay" && value == 0.0) || (name == "exponent" && value == 1.0)
}

fn range(support: Support) -> &'static str {
    match support {
        Support::UnitInterval => "it lies between 0 and 1",
        _ => "it is positive",
    }
}

/// Where numbers came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Words,
    Text,
}

impl Numbers {
    fn read(&self) -> Result<(Source, Vec<f64>), Failure> {
        let (source, text) = match (&self.file, self.numbers.as_slice()) {
            (Some(path), _) => (
                Source::Text,
                std::fs::read_to_string(path).map_err(|e| unreadable(&path.display().to_string(), &e))?,
            ),
            (None, [dash]) if dash == "-" => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text).map_err(|e| unreadable("standard input", &e))?;
                (Source::Text, text)
            }
            (None, words) => (Source::Words, words.join(" ")),
        };
        let numbers = parse(&text)?;
        if numbers.is_empty() {
            return Err(usage(
                "there are no numbers",
                "write them behind the flags, name a --file, or give - for standard input",
            ));
        }
        match numbers.iter().position(|x| !(x.is_finite() && *x >= 0.0)) {
            Some(at) => Err(usage(
                format!("number {} is {}", at + 1, numbers[at]),
                "exposure is finite and not negative",
            )),
            None => Ok((source, numbers)),
        }
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Problem {
    Problem::error("file.unreadable", Place::file(name), format!("the numbers cannot be read: {error}"))
}

fn parse(text: &str) -> Result<Vec<f64>, Failure> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).map_err(|error| {
            usage(format!("this is no JSON array of numbers: {error}"), "write e.g. [100, 0, 0]")
        });
    }
    let words =
        text.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|word| !word.is_empty());
    words
        .map(|word| {
            word.parse().map_err(|_| {
                usage(
                    format!("`{word}` is not a number"),
                    "numbers have a decimal point and stand apart by blanks, commas or lines",
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_apart_by_blanks_commas_lines_or_as_json() {
        for text in ["1 2.5 3e2", "1,2.5,300", "1\n2.5\r\n300\n", "[1, 2.5, 300]", "1; 2.5; 300"] {
            assert_eq!(parse(text).unwrap(), [1.0, 2.5, 300.0]);
        }
        assert!(parse("1 two").is_err() && parse("[1,").is_err());
    }
}
