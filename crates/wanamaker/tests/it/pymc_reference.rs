//! The preset `pymc-marketing` against that library's own log density, terms and gradient (release 0.19.2).

use crate::support::{plain_csv, shared};
use serde_json::Value;
use std::fs;
use wanamaker::model::compile::{CompiledModel, from_table};
use wanamaker::model::density::{Evaluator, Terms};
use wanamaker::spec::document::{Format, read};

const RELATIVE: f64 = 1e-9;

/// Our variable, its name there, and its name on the unconstrained scale there.
const NAMES: &[(&str, &str, &str)] = &[
    ("intercept", "intercept_contribution", "intercept_contribution"),
    ("decay", "adstock_alpha", "adstock_alpha_logodds__"),
    ("rate", "saturation_lam", "saturation_lam_log__"),
    ("beta", "saturation_beta", "saturation_beta_log__"),
    ("control", "gamma_control", "gamma_control"),
    ("seasonality_year", "gamma_fourier", "gamma_fourier"),
    ("sigma", "y_sigma", "y_sigma_log__"),
];

fn reference() -> Option<Value> {
    let path = shared("reference/pymc_marketing_logp.json")?;
    Some(serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap())
}

fn compile(spec: &str, csv: &str) -> Option<CompiledModel> {
    let table = plain_csv(&shared(csv)?);
    let document = read(spec, Format::Toml);
    assert!(document.problems.0.is_empty(), "{}", document.problems);
    Some(from_table(&document.spec, &table).unwrap_or_else(|problems| panic!("{problems}")).0)
}

fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(flat).collect(),
        other => vec![other.as_f64().unwrap()],
    }
}

fn point(model: &CompiledModel, constrained: &Value) -> Vec<f64> {
    let mut point = vec![f64::NAN; model.layout.n_parameters()];
    for (ours, theirs, _) in NAMES {
        let variable = model.layout.variables.iter().find(|v| v.name == *ours).unwrap();
        let values = flat(&constrained[theirs]);
        assert_eq!(values.len(), variable.len(), "{ours}");
        point[variable.start..variable.start + values.len()].copy_from_slice(&values);
    }
    assert!(point.iter().all(|x| x.is_finite()), "a parameter without a reference value");
    point
}

fn close(ours: f64, theirs: f64, what: &str) {
    assert!((ours - theirs).abs() <= RELATIVE * theirs.abs().max(1.0), "{what}: {ours} against {theirs}");
}

fn compare(model: &CompiledModel, case: &Value) {
    let terms: Terms = Evaluator::new(model).terms(&point(model, &case["constrained"]));
    close(terms.joint(), case["joint_logp_no_jacobian"].as_f64().unwrap(), "joint");
    close(
        terms.joint_with_jacobian(),
        case["joint_logp_with_jacobian"].as_f64().unwrap(),
        "joint with Jacobian",
    );
    close(terms.likelihood, case["terms_no_jacobian"]["y"].as_f64().unwrap(), "likelihood");
    for (ours, theirs, unconstrained) in NAMES {
        let (_, prior) = terms.priors.iter().find(|(name, _)| name == ours).unwrap();
        close(*prior, case["terms_no_jacobian"][theirs].as_f64().unwrap(), ours);
        let variable = model.layout.variables.iter().find(|v| v.name == *ours).unwrap();
        for (k, gradient) in flat(&case["grad_unconstrained"][unconstrained]).into_iter().enumerate() {
            let free = model.layout.parameters[variable.start + k].free.unwrap();
            close(terms.gradient_unconstrained[free], gradient, &format!("gradient of {ours}, {k}"));
        }
    }
}

#[test]
fn the_national_density_terms_and_gradient_agree() {
    let spec = "preset = \"pymc-marketing\"\n[data]\ntime = \"date_week\"\nkpi = \"y\"\n\
                [[channel]]\nname = \"x1\"\nspend = \"x1\"\n[[channel]]\nname = \"x2\"\nspend = \"x2\"\n\
                [[control]]\ncolumn = \"event_1\"\n[[control]]\ncolumn = \"event_2\"\n[[control]]\ncolumn = \"t\"\n";
    let (Some(reference), Some(model)) = (reference(), compile(spec, "data/pymc_marketing/mmm_example.csv"))
    else {
        return;
    };
    for case in reference["national"]["cases"].as_array().unwrap() {
        compare(&model, case);
    }
}

#[test]
fn the_panel_density_terms_and_gradient_agree() {
    let spec = "preset = \"pymc-marketing\"\n[data]\ntime = \"date\"\nkpi = \"y\"\ngeo = \"geo\"\n\
                [[channel]]\nname = \"x1\"\nspend = \"x1\"\n[[channel]]\nname = \"x2\"\nspend = \"x2\"\n\
                [[control]]\ncolumn = \"event_1\"\n[[control]]\ncolumn = \"event_2\"\n";
    let csv = "data/pymc_marketing/mmm_multidimensional_example.csv";
    let (Some(reference), Some(model)) = (reference(), compile(spec, csv)) else { return };
    compare(&model, &reference["panel_shared_scale"]);
}
