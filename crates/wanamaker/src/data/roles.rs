//! Which column plays which part: stated by a spec, or guessed from names and contents.

use serde::{Deserialize, Serialize};

/// A column under a name of the user's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedColumn {
    /// Name shown to the user.
    pub name: String,
    /// Column of the table.
    pub column: String,
}

/// Where the exposure of a channel stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExposureColumns {
    /// One column: spend, impressions, clicks, GRPs.
    One(String),
    /// Reach and average frequency; exposure is their product.
    ReachFrequency {
        /// People reached.
        reach: String,
        /// Average contacts per person reached.
        frequency: String,
    },
}

/// The columns of one media channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaColumns {
    /// Channel name.
    pub name: String,
    /// Exposure.
    pub exposure: ExposureColumns,
    /// Spend in currency, when known.
    pub spend: Option<String>,
}

/// The part each column plays. Columns not named here are not read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// Dates; `None` numbers the rows as periods (only sensible without a geo column).
    pub time: Option<String>,
    /// The outcome.
    pub kpi: String,
    /// Geo names, for a panel.
    pub geo: Option<String>,
    /// Population by geo (constant in time).
    pub population: Option<String>,
    /// Money per unit of KPI.
    pub revenue_per_kpi: Option<String>,
    /// Paid media.
    pub media: Vec<MediaColumns>,
    /// Media without spend.
    pub organic: Vec<MediaColumns>,
    /// Non-media treatments.
    pub treatments: Vec<NamedColumn>,
    /// Controls.
    pub controls: Vec<NamedColumn>,
    /// Text or flag columns whose distinct values are events.
    pub events: Vec<String>,
}
