//! Joins the columns of one channel: its spend, its exposure, its reach and frequency.

use super::names::{Measure, media_part, words};

/// The columns of one channel, by their numbers in the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Name of the channel, as the first column spells it.
    pub name: String,
    /// Spend.
    pub spend: Option<usize>,
    /// Exposures, the most telling measure first.
    pub exposures: Vec<usize>,
    /// Reach.
    pub reach: Option<usize>,
    /// Frequency.
    pub frequency: Option<usize>,
}

/// Groups media columns (number and name) by channel, in order of first appearance. Totals over channels are left out
/// where the channels themselves are there.
pub fn group_media(columns: &[(usize, &str)]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut exposures: Vec<(usize, usize, &str)> = Vec::new();
    for &(i, name) in columns {
        let Some((measure, stem)) = media_part(name) else { continue };
        let stem = if stem.is_empty() { name.to_owned() } else { stem };
        let at = match groups.iter().position(|group| group.name.eq_ignore_ascii_case(&stem)) {
            Some(at) => at,
            None => {
                groups.push(Group { name: stem, ..Group::default() });
                groups.len() - 1
            }
        };
        let group = &mut groups[at];
        match measure {
            // A second spend of one channel is left for the user to sort out.
            Measure::Spend if group.spend.is_none() => group.spend = Some(i),
            Measure::Spend => {}
            Measure::Exposure => exposures.push((at, i, name)),
            Measure::Reach => group.reach = group.reach.or(Some(i)),
            Measure::Frequency => group.frequency = group.frequency.or(Some(i)),
        }
    }
    exposures.sort_by_key(|(at, i, name)| (*at, preference(name), *i));
    for (at, i, _) in exposures {
        groups[at].exposures.push(i);
    }
    if groups.len() > 1 {
        groups.retain(|group| !is_total(&group.name));
    }
    groups.retain(|group| group.spend.is_some() || !group.exposures.is_empty() || group.reach.is_some());
    groups
}

fn is_total(stem: &str) -> bool {
    words(stem).iter().all(|word| matches!(word.as_str(), "total" | "media" | "all" | "marketing" | "sum"))
}

/// Contacts say more about media pressure than what people did with them.
fn preference(name: &str) -> usize {
    const ORDER: [&str; 4] = ["imp", "grp", "view", "click"];
    if name.ends_with("_I") {
        return 0;
    }
    let lowered = name.to_lowercase();
    ORDER.iter().position(|word| lowered.contains(word)).unwrap_or(ORDER.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_one_channel_find_each_other() {
        let names = [
            "tv_S",
            "facebook_I",
            "search_clicks_P",
            "search_S",
            "facebook_S",
            "total_spend",
            "facebook_clicks",
        ];
        let columns: Vec<(usize, &str)> = names.into_iter().enumerate().collect();
        let groups = group_media(&columns);
        let seen: Vec<_> =
            groups.iter().map(|group| (group.name.as_str(), group.spend, group.exposures.clone())).collect();
        assert_eq!(
            seen,
            [("tv", Some(0), vec![]), ("facebook", Some(4), vec![1, 6]), ("search", Some(3), vec![2])]
        );
    }
}
