//! `mmm density`: the log density of a model at a point, term by term: the door through which anyone checks ours
//! against theirs.

use crate::args::Global;
use crate::load::load;
use crate::outcome::{Exit, Failure, Outcome};
use crate::terminal::number::plain;
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Terminal};
use clap::Args;
use serde_json::{Map, Value, json};
use std::io::Read;
use std::path::{Path, PathBuf};
use wanamaker::model::compile::CompiledModel;
use wanamaker::model::density::{Evaluator, Terms};
use wanamaker::model::point;
use wanamaker::problem::{Place, Problem};

/// The log density at a point, every term, and the gradient by parameter name.
///
/// The point is a JSON object of values on the scale on which the priors are stated: {"decay": {"tv": 0.5}, "sigma": 1},
/// a list in the order of the names, or labels such as "decay[tv]". {"unconstrained": {…}} gives them on the sampler's scale.
#[derive(Debug, Args)]
pub struct DensityArgs {
    /// The spec
    #[arg(default_value = "mmm.toml")]
    pub spec: PathBuf,
    /// Data file instead of the one the spec names
    #[arg(long, short = 'd')]
    pub data: Option<PathBuf>,
    /// JSON file with the point, `-` for standard input [default: the prior median]
    #[arg(long, value_name = "POINT")]
    pub at: Option<PathBuf>,
}

/// Evaluates and prints.
pub fn run(args: &DensityArgs, _: &Global, terminal: &Terminal) -> Outcome {
    let loaded = load(&args.spec, args.data.as_deref(), |_| {})?;
    let model = &loaded.model;
    let point = match &args.at {
        Some(path) => point::read(&model.layout, &read_json(path)?)
            .map_err(|problems| Failure::from(problems.in_file(&path.display().to_string())))?,
        None => point::prior_median(&model.layout),
    };
    let terms = Evaluator::new(model).terms(&point);
    match terminal.format {
        Format::Json => {
            let object = machine(model, &point, &terms);
            terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
        }
        _ => terminal.print(&readable(model, &point, &terms))?,
    }
    Ok(Exit::Fine)
}

fn read_json(path: &Path) -> Result<Value, Problem> {
    let name = path.display().to_string();
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(path).map(|content| text = content)
    };
    read.map_err(|error| {
        Problem::error("file.unreadable", Place::file(&name), format!("the point cannot be read: {error}"))
    })?;
    serde_json::from_str(&text).map_err(|error| {
        Problem::error("file.not_json", Place::file(&name), format!("the point is not JSON: {error}"))
            .hint("write e.g. {\"decay\": {\"tv\": 0.5}, \"sigma\": 1000}")
    })
}

fn machine(model: &CompiledModel, point: &[f64], terms: &Terms) -> Value {
    let by_name = |pairs: &[(String, f64)]| -> Map<String, Value> {
        pairs.iter().map(|(name, value)| (name.clone(), json!(value))).collect()
    };
    let parameters = || model.layout.parameters.iter().enumerate();
    let by_label = |value: &dyn Fn(usize) -> f64| -> Map<String, Value> {
        parameters().map(|(i, parameter)| (parameter.label.clone(), json!(value(i)))).collect()
    };
    let free = |value: &dyn Fn(usize, usize) -> f64| -> Map<String, Value> {
        parameters().filter_map(|(i, p)| Some((p.label.clone(), json!(value(i, p.free?))))).collect()
    };
    json!({
        "joint": terms.joint(),
        "joint_with_jacobian": terms.joint_with_jacobian(),
        "terms": {
            "priors": by_name(&terms.priors),
            "likelihood": terms.likelihood,
            "jacobians": by_name(&terms.jacobians),
        },
        "gradient": free(&|i, _| terms.gradient[i]),
        "gradient_unconstrained": free(&|_, at| terms.gradient_unconstrained[at]),
        "point": by_label(&|i| point[i]),
        "point_unconstrained": free(&|i, _| model.layout.parameters[i].support.unconstrain(point[i])),
    })
}

fn readable(model: &CompiledModel, point: &[f64], terms: &Terms) -> String {
    let mut sums = TextTable::new(&["term", ">log density", ">log Jacobian"]);
    for ((name, prior), (_, jacobian)) in terms.priors.iter().zip(&terms.jacobians) {
        sums.row([name.clone(), exact(*prior), exact(*jacobian)]);
    }
    sums.row(["likelihood".into(), exact(terms.likelihood), String::new()]);
    sums.row(["joint".into(), exact(terms.joint()), exact(terms.joint_with_jacobian() - terms.joint())]);
    let with = format!("joint with Jacobian: {}\n\n", exact(terms.joint_with_jacobian()));
    let mut slopes = TextTable::new(&["parameter", ">value", ">gradient", ">unconstrained"]);
    for (i, parameter) in model.layout.parameters.iter().enumerate() {
        let (gradient, unconstrained) = match parameter.free {
            Some(at) => (exact(terms.gradient[i]), exact(terms.gradient_unconstrained[at])),
            None => ("fixed".to_owned(), String::new()),
        };
        slopes.row([parameter.label.clone(), plain(point[i]), gradient, unconstrained]);
    }
    sums.render() + &with + &slopes.render()
}

/// Ten significant digits: enough to compare by eye; `--json` gives all.
fn exact(value: f64) -> String {
    format!("{value:.9e}").parse::<f64>().map_or_else(|_| value.to_string(), |rounded| rounded.to_string())
}
