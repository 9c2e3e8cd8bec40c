//! A point of the parameter space as people write it down: JSON by name, on the scale of the priors or the sampler's.

use super::layout::{Layout, Parameter, Variable};
use crate::problem::{Place, Problem, Problems, nearest};
use serde_json::{Map, Value};

/// The prior median of every scalar, in the order of the layout.
pub fn prior_median(layout: &Layout) -> Vec<f64> {
    layout.parameters.iter().map(|parameter| parameter.distribution.median()).collect()
}

/// Reads a point: one number per scalar of the layout, on the scale of the priors.
///
/// Each key is a variable with a number, a list in row-major order (nested or flat) or a table by coordinate, or the
/// label of one scalar such as `decay[tv]`. A table under `unconstrained` holds the same on the sampler's scale. Fixed
/// parameters need not be given.
///
/// # Errors
/// Unknown and missing names, wrong counts, values outside their support: all of them at once.
pub fn read(layout: &Layout, json: &Value) -> Result<Vec<f64>, Problems> {
    let mut reader = Reader { layout, values: vec![None; layout.n_parameters()], problems: Problems::new() };
    let Value::Object(map) = json else {
        return Err(Problem::error(
            "point.not_a_table",
            Place::default(),
            "a point is a JSON object of names",
        )
        .hint(format!("the names are {}", names(layout)))
        .into());
    };
    for (key, value) in map {
        match (key.as_str(), value) {
            ("unconstrained", Value::Object(inner)) => reader.table(inner, "unconstrained.", true),
            _ => reader.entry(key, value, key, false),
        }
    }
    reader.finish()
}

struct Reader<'a> {
    layout: &'a Layout,
    values: Vec<Option<f64>>,
    problems: Problems,
}

impl Reader<'_> {
    fn fault(&mut self, code: &'static str, key: &str, message: String, hint: String) {
        self.problems.push(Problem::error(code, Place::key(key), message).hint(hint));
    }

    fn table(&mut self, map: &Map<String, Value>, above: &str, unconstrained: bool) {
        for (key, value) in map {
            self.entry(key, value, &format!("{above}{key}"), unconstrained);
        }
    }

    fn entry(&mut self, name: &str, value: &Value, key: &str, unconstrained: bool) {
        let layout = self.layout;
        if let Some(variable) = layout.variables.iter().find(|variable| variable.name == name) {
            self.variable(variable, value, key, unconstrained);
        } else if let Some(i) = layout.parameters.iter().position(|parameter| parameter.label == name) {
            self.scalar(i, value, key, unconstrained);
        } else {
            let known = layout.variables.iter().map(|v| v.name.as_str());
            let known = known.chain(layout.parameters.iter().map(|p| p.label.as_str()));
            let hint = match nearest(name, known) {
                Some(near) => format!("did you mean `{near}`? The names are {}", names(layout)),
                None => format!("the names are {}", names(layout)),
            };
            self.fault("point.unknown_name", key, format!("the model has no parameter `{name}`"), hint);
        }
    }

    fn variable(&mut self, variable: &Variable, value: &Value, key: &str, unconstrained: bool) {
        if let Value::Object(map) = value {
            return self.by_coordinate(variable, map, key, unconstrained);
        }
        let mut flat = Vec::new();
        flatten(value, &mut flat);
        if flat.len() != variable.len() {
            let message = format!("`{}` has {} values, not {}", variable.name, variable.len(), flat.len());
            return self.fault(
                "point.wrong_count",
                key,
                message,
                format!("in order: {}", variable.labels().join(", ")),
            );
        }
        for (k, value) in flat.into_iter().enumerate() {
            self.scalar(variable.start + k, value, key, unconstrained);
        }
    }

    /// A table by coordinate, one level per axis: each leaf becomes an entry such as `beta[north,tv]`.
    fn by_coordinate(
        &mut self,
        variable: &Variable,
        map: &Map<String, Value>,
        key: &str,
        unconstrained: bool,
    ) {
        let mut open: Vec<(String, String, &Map<String, Value>)> = vec![(String::new(), key.to_owned(), map)];
        while let Some((above, key, map)) = open.pop() {
            for (coordinate, value) in map {
                let path =
                    if above.is_empty() { coordinate.clone() } else { format!("{above},{coordinate}") };
                let key = format!("{key}.{coordinate}");
                match value {
                    Value::Object(inner) => open.push((path, key, inner)),
                    value => self.entry(&format!("{}[{path}]", variable.name), value, &key, unconstrained),
                }
            }
        }
    }

    fn scalar(&mut self, i: usize, value: &Value, key: &str, unconstrained: bool) {
        let parameter: &Parameter = &self.layout.parameters[i];
        let label = parameter.label.clone();
        let Some(number) = value.as_f64() else {
            return self.fault(
                "point.not_a_number",
                key,
                format!("`{label}` is {value}, not a number"),
                "write e.g. 0.5".into(),
            );
        };
        let number = if unconstrained { parameter.support.constrain(number).value } else { number };
        if parameter.free.is_none() {
            let fixed = parameter.distribution.median();
            if number != fixed {
                self.fault(
                    "point.fixed",
                    key,
                    format!("`{label}` is fixed at {fixed}, not {number}"),
                    "leave it out".into(),
                );
            }
        } else if !parameter.support.contains(number) {
            let prior = parameter.distribution.name();
            self.fault(
                "point.off_support",
                key,
                format!("`{label}` = {number} is where its {prior} prior has no density"),
                "give a value inside".into(),
            );
        }
        if self.values[i].replace(number).is_some() {
            self.fault(
                "point.twice",
                key,
                format!("`{label}` is given twice"),
                "give each parameter once".into(),
            );
        }
    }

    fn finish(mut self) -> Result<Vec<f64>, Problems> {
        let layout = self.layout;
        // A name that was given wrongly is not missing as well.
        let missing: Vec<&str> = layout
            .parameters
            .iter()
            .zip(&self.values)
            .filter(|(parameter, value)| parameter.free.is_some() && value.is_none())
            .map(|(parameter, _)| parameter.label.as_str())
            .collect();
        if !missing.is_empty() && !self.problems.iter().any(|problem| problem.code == "point.wrong_count") {
            let message = format!("{} of {} free parameters are not given", missing.len(), layout.n_free());
            let hint = format!("missing: {}", missing.join(", "));
            self.problems.push(Problem::error("point.missing_name", Place::default(), message).hint(hint));
        }
        let median = prior_median(layout);
        let values =
            self.values.into_iter().zip(median).map(|(value, median)| value.unwrap_or(median)).collect();
        self.problems.or(values)
    }
}

fn flatten<'a>(value: &'a Value, out: &mut Vec<&'a Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| flatten(item, out)),
        value => out.push(value),
    }
}

fn names(layout: &Layout) -> String {
    let free = |variable: &&Variable| {
        (0..variable.len()).any(|k| layout.parameters[variable.start + k].free.is_some())
    };
    layout.variables.iter().filter(free).map(|variable| variable.name.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::model::layout::Visibility;
    use serde_json::json;

    fn layout() -> Layout {
        let mut layout = Layout::default();
        let axis = |name: &str, labels: [&str; 2]| (name.to_owned(), labels.map(str::to_owned).to_vec());
        let beta = || Distribution::Beta(crate::distribution::Beta { alpha: 1.0, beta: 3.0 });
        let half = || Distribution::HalfNormal(crate::distribution::HalfNormal { sd: 2.0 });
        let one = || vec![1.0];
        layout.push(
            "decay",
            vec![axis("channel", ["tv", "web"])],
            vec![beta(), beta()],
            vec![1.0; 2],
            Visibility::Public,
        );
        let both = vec![axis("geo", ["n", "s"]), axis("channel", ["tv", "web"])];
        layout.push("beta", both, vec![half(); 4], vec![1.0; 4], Visibility::Public);
        layout.push("slope", vec![], vec![Distribution::Fixed(1.5)], one(), Visibility::Public);
        layout.push("sigma", vec![], vec![half()], one(), Visibility::Public);
        layout
    }

    #[test]
    fn names_labels_lists_and_tables_say_the_same() {
        let expected = [0.5, 0.25, 1.0, 2.0, 3.0, 4.0, 1.5, 0.5];
        for point in [
            json!({ "decay": [0.5, 0.25], "beta": [[1, 2], [3, 4]], "sigma": 0.5 }),
            json!({ "decay": { "tv": 0.5, "web": 0.25 }, "beta": { "n": { "tv": 1, "web": 2 }, "s": { "tv": 3, "web": 4 } }, "sigma": [0.5] }),
            json!({ "decay[web]": 0.25, "decay[tv]": 0.5, "beta": [1, 2, 3, 4], "sigma": 0.5, "slope": 1.5 }),
            json!({ "decay": [0.5, 0.25], "beta": [1, 2, 3, 4], "unconstrained": { "sigma": 0.5_f64.ln() } }),
        ] {
            let read = read(&layout(), &point).unwrap();
            assert!(read.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{read:?}");
        }
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let point = json!({ "decy": [0.5, 0.25], "beta": [1, 2, 3, -4], "sigma": "much", "slope": 2, "decay": { "radio": 1 } });
        let problems = read(&layout(), &point).unwrap_err();
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
        for code in [
            "point.unknown_name",
            "point.off_support",
            "point.not_a_number",
            "point.fixed",
            "point.missing_name",
        ] {
            assert!(codes.contains(&code), "{code} not in {codes:?}");
        }
        let missing = problems.iter().find(|problem| problem.code == "point.missing_name").unwrap();
        assert!(missing.hint.as_deref().unwrap().contains("decay[tv]"));
    }
}
