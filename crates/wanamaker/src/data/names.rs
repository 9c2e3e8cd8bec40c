//! What the name of a column gives away: media, outcome, geo, calendar, or something derived from the others.

/// What a media column measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Money.
    Spend,
    /// Impressions, clicks, GRPs and the like.
    Exposure,
    /// People reached.
    Reach,
    /// Average contacts per person reached.
    Frequency,
}

/// Words of a name in lower case: split at anything but letters and digits, and where a capital begins a word.
pub fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let after_lower = i > 0 && chars[i - 1].is_lowercase();
        let before_lower = chars.get(i + 1).is_some_and(|next| next.is_lowercase());
        let after_upper = i > 0 && chars[i - 1].is_uppercase();
        let begins = c.is_uppercase() && (after_lower || (after_upper && before_lower));
        if (begins || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.contains(&word)
}

const SPEND: [&str; 15] = [
    "spend", "spends", "spending", "spent", "cost", "costs", "expenditure", "expense", "invest", "investment",
    "budget", "adspend", "mdsp", "outlay", "media_spend",
];
const EXPOSURE: [&str; 19] = [
    "impressions", "impression", "imps", "imp", "impr", "mdip", "grp", "grps", "trp", "trps", "views", "plays",
    "clicks", "click", "exposure", "exposures", "contacts", "sends", "insertions",
];
const FILLER: [&str; 9] = ["usd", "eur", "gbp", "chf", "amount", "total", "media", "ad", "ads"];

/// What a column measures for which channel: `tv_spend` is the spend of `tv`.
///
/// The stem keeps the letters of the name; it is empty when the name is nothing but words of measure.
pub fn media_part(name: &str) -> Option<(Measure, String)> {
    let words = words(name);
    if words.iter().any(|word| is_one_of(word, &["per", "avg", "average", "cpc", "cpm", "cumulative"])) {
        return None;
    }
    let (name, suffix) = robyn_suffix(name);
    let kept = pieces(name);
    let mut measure = suffix;
    let mut stem: Vec<&str> = Vec::new();
    for piece in &kept {
        let lowered = piece.to_lowercase();
        let found = match lowered.as_str() {
            word if is_one_of(word, &SPEND) => Some(Measure::Spend),
            "reach" => Some(Measure::Reach),
            "frequency" | "freq" => Some(Measure::Frequency),
            word if is_one_of(word, &EXPOSURE) => Some(Measure::Exposure),
            _ => None,
        };
        match found {
            Some(_) => measure = measure.or(found),
            None => stem.push(piece),
        }
    }
    let measure = measure?;
    let core: Vec<&str> = stem.iter().copied().filter(|word| !is_one_of(&word.to_lowercase(), &FILLER)).collect();
    Some((measure, if core.is_empty() { stem.join("_") } else { core.join("_") }))
}

/// Robyn's suffixes: `_S` spend, `_I` impressions, `_P` clicks or another exposure. Capitals only.
fn robyn_suffix(name: &str) -> (&str, Option<Measure>) {
    for (suffix, measure) in [("_S", Measure::Spend), ("_I", Measure::Exposure), ("_P", Measure::Exposure)] {
        if let Some(stem) = name.strip_suffix(suffix) {
            return (stem, Some(measure));
        }
    }
    (name, None)
}

/// The words of a name as they are written.
fn pieces(name: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    for part in name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        // `tvSpend` and `TVSpend` end in a word of measure without a separator.
        let split = ["Spend", "Cost", "Impressions", "Clicks"].iter().find_map(|word| {
            part.strip_suffix(word).filter(|stem| !stem.is_empty()).map(|stem| [stem, &part[stem.len()..]])
        });
        match split {
            Some(two) => pieces.extend(two),
            None => pieces.push(part),
        }
    }
    pieces
}

/// How strongly a name says that the column is the outcome; higher is stronger, 0 is not at all.
pub fn kpi_rank(name: &str) -> u8 {
    const WORDS: [&str; 20] = [
        "revenue", "sales", "y", "kpi", "target", "outcome", "conversions", "subscriptions", "orders", "purchases",
        "signups", "bookings", "leads", "installs", "registrations", "gmv", "turnover", "conversion", "transactions",
        "units",
    ];
    let words = words(name);
    if is_competitor(name) || words.iter().any(|word| is_one_of(word, &["per", "control", "lag", "rate", "share"])) {
        return 0;
    }
    let rank = |word: &String| WORDS.iter().position(|known| known == word).map(|i| 20 - i as u8);
    let best = words.iter().filter_map(rank).max().unwrap_or(0);
    match (best, words.len()) {
        (0, _) => 0,
        (best, 1) => 40 + best,
        (best, _) if words.last().and_then(rank).is_some() || is_one_of(&words[0], &["total", "net", "gross"]) => {
            20 + best
        }
        (best, _) => best,
    }
}

/// Whether the name is that of an outcome with a number behind it, such as `y01` beside `y`.
pub fn is_numbered(name: &str, kpi: &str) -> bool {
    name.len() > kpi.len()
        && name.strip_prefix(kpi).is_some_and(|rest| rest.trim_start_matches('_').bytes().all(|b| b.is_ascii_digit()))
}

/// Whether the column is about competitors: never ours to spend, so a control.
pub fn is_competitor(name: &str) -> bool {
    words(name).iter().any(|word| {
        word.starts_with("competit") || is_one_of(word, &["competitor", "competitors", "rival", "rivals", "comp"])
    })
}

/// Whether the name is that of a region.
pub fn is_geo(name: &str) -> bool {
    const WORDS: [&str; 16] = [
        "geo", "geos", "region", "market", "dma", "state", "country", "city", "province", "territory", "area", "store",
        "county", "zip", "district", "geography",
    ];
    words(name).iter().any(|word| is_one_of(word, &WORDS))
}

/// Whether the name is that of a number of people.
pub fn is_population(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| is_one_of(word, &["population", "inhabitants", "households"]))
        || words == ["pop"]
}

/// Whether the name is that of money per unit of outcome.
pub fn is_revenue_per_kpi(name: &str) -> bool {
    let words = words(name);
    let per = words.iter().position(|word| word == "per");
    let is_money = |word: &String| is_one_of(word, &["revenue", "value", "margin", "profit", "income"]);
    per.is_some_and(|at| words[..at].iter().any(is_money)) || words == ["aov"] || words == ["ltv"]
}

/// Whether the name is that of a time axis.
pub fn is_time(name: &str) -> bool {
    const WORDS: [&str; 12] =
        ["date", "ds", "dt", "day", "week", "wk", "month", "quarter", "time", "period", "timestamp", "datum"];
    words(name).iter().any(|word| is_one_of(word, &WORDS))
}

/// Why a column should stay out because it is made from others or from the truth of a simulation.
pub fn derived(name: &str) -> Option<&'static str> {
    const PARTS: [&str; 32] = [
        "year", "yr", "month", "mon", "week", "wk", "day", "dow", "doy", "dayofyear", "dayofweek", "weekday", "weekend",
        "weekofyear", "isoweek", "quarter", "qtr", "prd", "period", "number", "nbr", "num", "no", "of", "in", "is",
        "iso", "the", "monthofyear", "fiscal", "date", "time",
    ];
    const TRUTH: [&str; 12] = [
        "gt", "contribution", "contributions", "adstock", "adstocked", "saturated", "saturation", "effect", "effects",
        "truth", "true", "incremental",
    ];
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| is_one_of(word, list));
    if has(&["fourier", "sin", "cos", "seas", "season", "seasonal", "seasonality"]) {
        Some("a season made from the date; the seasonality of the spec covers it")
    } else if has(&TRUTH) {
        Some("a result of a model or a simulation, not something observed")
    } else if has(&["noise", "eps", "epsilon", "error", "residual", "residuals"]) {
        Some("the noise of a simulation, not something observed")
    } else if words == ["trend"] {
        Some("a trend; the trend of the spec covers it")
    } else if !words.is_empty() && words.iter().all(|word| is_one_of(word, &PARTS)) {
        Some("a part of the date; seasonality and day of week of the spec cover it")
    } else {
        None
    }
}

/// Whether the name is that of a count of periods or rows.
pub fn is_counter(name: &str) -> bool {
    let words = words(name);
    matches!(
        words.iter().map(String::as_str).collect::<Vec<_>>()[..],
        ["t"] | ["idx"] | ["index"] | ["n"] | ["id"] | ["row"] | ["obs"] | ["step"] | ["time", "index"] | ["row", "id"]
    )
}

/// Whether the name is that of media nobody pays for per contact.
pub fn is_organic(name: &str) -> bool {
    const WORDS: [&str; 10] =
        ["newsletter", "newsletters", "organic", "email", "emails", "crm", "push", "blog", "sms", "referral"];
    words(name).iter().any(|word| is_one_of(word, &WORDS))
}

/// Whether every word of the name is a known medium or platform.
pub fn is_medium(name: &str) -> bool {
    const WORDS: [&str; 44] = [
        "tv", "television", "ctv", "ott", "radio", "audio", "podcast", "podcasts", "print", "newspaper", "newspapers",
        "magazine", "magazines", "ooh", "dooh", "outdoor", "billboard", "cinema", "search", "sem", "ppc", "shopping",
        "social", "video", "display", "programmatic", "banner", "affiliate", "affiliates", "influencer", "digital",
        "online", "facebook", "meta", "instagram", "google", "youtube", "tiktok", "snapchat", "pinterest", "linkedin",
        "twitter", "bing", "mail",
    ];
    const QUALIFIERS: [&str; 8] = ["paid", "brand", "nonbrand", "generic", "direct", "linear", "national", "local"];
    let words = words(name);
    words.iter().any(|word| is_one_of(word, &WORDS))
        && words.iter().all(|word| is_one_of(word, &WORDS) || is_one_of(word, &QUALIFIERS))
}

/// Whether the name is a letter and a number, as `x1`: the convention of textbooks for inputs.
pub fn is_textbook_input(name: &str) -> bool {
    let rest = name.strip_prefix(['x', 'X']).map(|rest| rest.trim_start_matches('_'));
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether the name says that the column is a control.
pub fn is_control(name: &str) -> bool {
    words(name).iter().any(|word| is_one_of(word, &["control", "controls", "ctrl"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_columns_are_recognised_by_any_convention() {
        for (name, measure, stem) in [
            ("tv_spend", Measure::Spend, "tv"),
            ("spend_search", Measure::Spend, "search"),
            ("TV_spend", Measure::Spend, "TV"),
            ("print_ooh_spend", Measure::Spend, "print_ooh"),
            ("mdsp_auddig", Measure::Spend, "auddig"),
            ("mdip_auddig", Measure::Exposure, "auddig"),
            ("facebook_I", Measure::Exposure, "facebook"),
            ("search_clicks_P", Measure::Exposure, "search"),
            ("search_S", Measure::Spend, "search"),
            ("Channel3_reach", Measure::Reach, "Channel3"),
            ("Channel3_frequency", Measure::Frequency, "Channel3"),
            ("tvSpend", Measure::Spend, "tv"),
            ("Google Ads Cost (USD)", Measure::Spend, "Google"),
            ("media_cost", Measure::Spend, "media"),
        ] {
            assert_eq!(media_part(name), Some((measure, stem.to_owned())), "{name}");
        }
        for name in ["price", "revenue", "cost_per_click", "tv_s", "sales_B"] {
            assert_eq!(media_part(name), None, "{name}");
        }
    }

    #[test]
    fn outcomes_are_ranked() {
        assert!(kpi_rank("revenue") > kpi_rank("conversions"));
        assert!(kpi_rank("conversions") > kpi_rank("net_sales"));
        assert!(kpi_rank("net_sales") > kpi_rank("sales_team"));
        for name in ["competitor_sales_B", "revenue_per_conversion", "price", "conversion_rate"] {
            assert_eq!(kpi_rank(name), 0, "{name}");
        }
        assert!(is_numbered("y01", "y") && !is_numbered("year", "y") && !is_numbered("y", "y"));
    }

    #[test]
    fn derived_columns_have_a_reason() {
        for name in [
            "month", "day_of_week", "dayofyear", "is_weekend", "wk_in_yr_nbr", "prd", "fourier_sin_1", "season", "eps",
            "TV_contribution_gt", "x1_adstock_saturated", "x1_effect", "trend", "seas_week_40",
        ] {
            assert!(derived(name).is_some(), "{name}");
        }
        for name in ["price", "economic_index", "is_us_holiday", "event_1", "st_ct", "hldy_NYE", "mrkdn_pdm", "z"] {
            assert!(derived(name).is_none(), "{name}");
        }
    }
}
