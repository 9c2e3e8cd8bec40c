//! Whether a truth is the truth of the data that a fit has seen; if not, everything by which it shows.

use crate::model::compile::CompiledModel;
use crate::problem::{Place, Problem, Problems, nearest};
use crate::simulate::truth::GroundTruth;

/// Refuses a truth that made other data: other channels, another number of periods, other values of the KPI.
///
/// # Errors
/// All differences at once, each with what to do.
pub fn check_match(model: &CompiledModel, truth: &GroundTruth) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let mut fault = |code: &'static str, message: String, hint: String| {
        problems.push(Problem::error(code, Place::default(), message).hint(hint));
    };
    let fitted: Vec<&str> = model.panel.media.iter().map(|media| media.name.as_str()).collect();
    let known: Vec<&str> = truth.channels.iter().map(|channel| channel.name.as_str()).collect();
    let unknown: Vec<&str> = fitted.iter().filter(|name| !known.contains(name)).copied().collect();
    let missing: Vec<&str> = known.iter().filter(|name| !fitted.contains(name)).copied().collect();
    if unknown.len() == fitted.len() {
        fault(
            "truth.other_channels",
            format!("the truth knows none of the channels of the fit: it has {}", listed(&known)),
            format!("the fit has {}; give the ground_truth.json that lies beside its data", listed(&fitted)),
        );
    } else {
        for name in unknown {
            let near = nearest(name, missing.iter().copied());
            let hint = near.map_or_else(
                || format!("it knows {}", listed(&known)),
                |near| format!("did you mean `{near}`? Name the channel so in the spec and fit again"),
            );
            fault("truth.unknown_channel", format!("the truth does not know the channel `{name}`"), hint);
        }
        for name in missing {
            fault(
                "truth.missing_channel",
                format!("the fit leaves out the channel `{name}`, which the truth says is at work"),
                format!("add `{name}` to the spec and fit again: without it the others take what it brought"),
            );
        }
    }
    let n = model.panel.n_times();
    if n != truth.n_periods {
        fault(
            "truth.periods",
            format!("the truth covers {} periods, the data of the fit {n}", truth.n_periods),
            "give the truth of these data, or fit all of them; --holdout may keep some back".to_owned(),
        );
    } else if !same_kpi(model, truth) {
        fault(
            "truth.other_data",
            format!("the KPI of the fit does not add up to the {:.0} of the truth", truth.kpi_total),
            "the truth belongs to other data, of another seed perhaps".to_owned(),
        );
    }
    problems.or(())
}

/// Whether the KPI adds up to what the truth says; where cells are missing nobody knows.
fn same_kpi(model: &CompiledModel, truth: &GroundTruth) -> bool {
    let values = &model.panel.kpi.values;
    let total: f64 = values.iter().sum();
    total.is_nan() || (total - truth.kpi_total).abs() <= 1e-6 * truth.kpi_total.abs()
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile::from_table;
    use crate::simulate::options::Options;
    use crate::simulate::preset::Preset;
    use crate::simulate::simulate;
    use crate::spec::document::{Format, read};

    fn codes(change: impl FnOnce(&mut GroundTruth)) -> Vec<&'static str> {
        let market = simulate(&Options { n_periods: Some(40), ..Options::new(Preset::Weekly4, 1) }).unwrap();
        let (model, _) = from_table(&read(&market.spec, Format::Toml).spec, &market.table).unwrap();
        let mut truth = market.truth;
        change(&mut truth);
        check_match(&model, &truth).err().map_or(vec![], |problems| problems.iter().map(|p| p.code).collect())
    }

    #[test]
    fn a_truth_of_other_data_is_refused_for_what_it_is() {
        assert_eq!(codes(|_| ()), Vec::<&str>::new());
        assert_eq!(
            codes(|truth| truth.channels[0].name = "Tv".into()),
            ["truth.unknown_channel", "truth.missing_channel"]
        );
        assert_eq!(codes(|truth| drop(truth.channels.remove(1))), ["truth.unknown_channel"]);
        let none = |truth: &mut GroundTruth| truth.channels.iter_mut().for_each(|c| c.name.insert(0, '_'));
        assert_eq!(codes(none), ["truth.other_channels"]);
        assert_eq!(codes(|truth| truth.n_periods = 41), ["truth.periods"]);
        assert_eq!(codes(|truth| truth.kpi_total *= 1.01), ["truth.other_data"]);
    }
}
