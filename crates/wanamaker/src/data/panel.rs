//! The data as the model sees them: every series on one grid of geos and equally spaced periods.

use super::calendar::Calendar;

/// A named series on the grid; values have the shape `[geo, time]`, time contiguous.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name shown to the user.
    pub name: String,
    /// `[geo, time]`.
    pub values: Vec<f64>,
}

/// A media channel on the grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Media {
    /// Name shown to the user, unique among channels.
    pub name: String,
    /// Exposure `x`: spend, impressions, clicks, GRPs, or reach × frequency; finite, ≥ 0. `[geo, time]`.
    pub exposure: Vec<f64>,
    /// Spend `s` in currency; finite, ≥ 0. `[geo, time]`. `None` for organic media and where only exposure is known.
    pub spend: Option<Vec<f64>>,
}

/// What happened in which cell: a 0/1 indicator of one event from a text or flag column.
#[derive(Clone, Debug, PartialEq)]
pub struct EventSeries {
    /// Column it came from.
    pub column: String,
    /// Name of the event, unique over all event columns.
    pub name: String,
    /// `[geo, time]`.
    pub values: Vec<f64>,
}

/// A complete grid: each geo has every period, each value is finite where it must be.
///
/// Axes are always `[geo, time]` with time contiguous. A national model has one geo, called `national`.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Where the data came from.
    pub source: String,
    /// Geo names, in order of first appearance.
    pub geos: Vec<String>,
    /// Whether the data had a geo column.
    pub has_geo: bool,
    /// The time axis; it begins with media history where the KPI starts later than the media.
    pub calendar: Calendar,
    /// Population by geo, > 0; 1 where not given.
    pub population: Vec<f64>,
    /// KPI `y`; NaN where missing or held back for the future: such a cell leaves the likelihood.
    pub kpi: Series,
    /// Money per unit of KPI `[geo, time]`, ≥ 0; `None` when the KPI is money already.
    pub revenue_per_kpi: Option<Vec<f64>>,
    /// Paid media in the order of the spec.
    pub media: Vec<Media>,
    /// Media without spend.
    pub organic: Vec<Media>,
    /// Non-media treatments (price, promotion).
    pub treatments: Vec<Series>,
    /// Controls; 0 in periods before the first KPI value where they are missing.
    pub controls: Vec<Series>,
    /// Indicators from event columns, one per distinct event.
    pub events: Vec<EventSeries>,
    /// Number of leading periods without any KPI value: media history that warms the adstock.
    pub n_history: usize,
}

impl Panel {
    /// Number of geos.
    pub fn n_geos(&self) -> usize {
        self.geos.len()
    }

    /// Number of periods, history included.
    pub fn n_times(&self) -> usize {
        self.calendar.len()
    }

    /// Number of cells of the grid, `n_geos · n_times`.
    pub fn n_cells(&self) -> usize {
        self.n_geos() * self.n_times()
    }
}
