//! Which column plays which part, as a spec says.

use super::{ChannelSpec, ModelSpec};
use crate::data::roles::{ExposureColumns, MediaColumns, NamedColumn, Roles};

/// The roles that a spec gives to columns. Channels without any column are left out: `check` names them.
pub fn roles_of(spec: &ModelSpec) -> Roles {
    let named = |name: &Option<String>, column: &String| NamedColumn {
        name: name.clone().unwrap_or_else(|| column.clone()),
        column: column.clone(),
    };
    let mut events: Vec<String> =
        spec.baseline.events.iter().flatten().filter_map(|event| event.column.clone()).collect();
    events.dedup();
    Roles {
        time: spec.data.time.clone(),
        kpi: spec.data.kpi.clone(),
        geo: spec.data.geo.clone(),
        population: spec.data.population.clone(),
        revenue_per_kpi: spec.data.revenue_per_kpi.clone(),
        media: spec.channel.iter().filter_map(media_columns).collect(),
        organic: spec.organic.iter().filter_map(media_columns).collect(),
        treatments: spec
            .treatment
            .iter()
            .map(|treatment| named(&treatment.name, &treatment.column))
            .collect(),
        controls: spec.control.iter().map(|control| named(&control.name, &control.column)).collect(),
        events,
    }
}

fn media_columns(channel: &ChannelSpec) -> Option<MediaColumns> {
    let exposure =
        match (&channel.reach, &channel.frequency, channel.exposure.as_ref().or(channel.spend.as_ref())) {
            (Some(reach), Some(frequency), _) => {
                ExposureColumns::ReachFrequency { reach: reach.clone(), frequency: frequency.clone() }
            }
            (_, _, Some(column)) => ExposureColumns::One(column.clone()),
            _ => return None,
        };
    Some(MediaColumns { name: channel.name.clone(), exposure, spend: channel.spend.clone() })
}
