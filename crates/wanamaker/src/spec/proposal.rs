//! The spec that a look at the data proposes: the words for roles that were guessed, and nothing else.

use super::{BaselineSpec, ChannelSpec, ControlSpec, DataSpec, EventSpec, KpiKind, ModelSpec, TreatmentSpec};
use crate::data::guess::Guess;
use crate::data::roles::{ExposureColumns, MediaColumns, NamedColumn};

/// A spec in the guessed roles; `file` is the name of the data.
pub fn proposed(guess: &Guess, file: &str) -> ModelSpec {
    let roles = &guess.roles;
    let events: Vec<EventSpec> = roles
        .events
        .iter()
        .map(|column| EventSpec { column: Some(column.clone()), ..EventSpec::default() })
        .collect();
    ModelSpec {
        data: DataSpec {
            file: Some(file.to_owned()),
            time: roles.time.clone(),
            kpi: roles.kpi.clone(),
            kpi_kind: roles.revenue_per_kpi.is_some().then_some(KpiKind::Count),
            revenue_per_kpi: roles.revenue_per_kpi.clone(),
            geo: roles.geo.clone(),
            population: roles.population.clone(),
            holdout: None,
            options: guess.options.clone(),
        },
        channel: roles.media.iter().map(channel).collect(),
        organic: roles.organic.iter().map(channel).collect(),
        treatment: roles.treatments.iter().map(treatment).collect(),
        control: roles.controls.iter().map(control).collect(),
        baseline: BaselineSpec { events: (!events.is_empty()).then_some(events), ..BaselineSpec::default() },
        ..ModelSpec::default()
    }
}

fn channel(media: &MediaColumns) -> ChannelSpec {
    let mut channel =
        ChannelSpec { name: media.name.clone(), spend: media.spend.clone(), ..ChannelSpec::default() };
    match &media.exposure {
        ExposureColumns::One(column) if media.spend.as_ref() == Some(column) => {}
        ExposureColumns::One(column) => channel.exposure = Some(column.clone()),
        ExposureColumns::ReachFrequency { reach, frequency } => {
            channel.reach = Some(reach.clone());
            channel.frequency = Some(frequency.clone());
        }
    }
    channel
}

fn name_of(series: &NamedColumn) -> Option<String> {
    (series.name != series.column).then(|| series.name.clone())
}

fn treatment(series: &NamedColumn) -> TreatmentSpec {
    TreatmentSpec { column: series.column.clone(), name: name_of(series), ..TreatmentSpec::default() }
}

fn control(series: &NamedColumn) -> ControlSpec {
    ControlSpec { column: series.column.clone(), name: name_of(series), ..ControlSpec::default() }
}
