//! Other people's data at the front door: every file is read, guessed and built, or refused with a reason.

use std::path::{Path, PathBuf};

use wanamaker::data::build::build_panel;
use wanamaker::data::guess::{ColumnRole, Guess, guess_roles};
use wanamaker::data::review::review;
use wanamaker::data::roles::{ExposureColumns, MediaColumns};
use wanamaker::problem::Severity;
use wanamaker_io::read::read_table;

/// The folder of shared data, when this checkout lies beside it.
fn shared() -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    if folder.is_dir() {
        return Some(folder.to_owned());
    }
    println!("skipped: the folder of shared data is not there");
    None
}

/// A guess in a few words: one line per part.
fn told(guess: &Guess) -> String {
    let media = |list: &[MediaColumns]| -> String {
        let one = |media: &MediaColumns| {
            let exposure = match &media.exposure {
                ExposureColumns::One(column) => column.clone(),
                ExposureColumns::ReachFrequency { reach, frequency } => format!("{reach} × {frequency}"),
            };
            match &media.spend {
                Some(spend) if *spend == exposure => format!("{} ({spend})", media.name),
                Some(spend) => format!("{} ({spend} for {exposure})", media.name),
                None => format!("{} ({exposure})", media.name),
            }
        };
        list.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let roles = &guess.roles;
    let excluded: Vec<&str> = guess
        .notes
        .iter()
        .filter(|note| note.role == ColumnRole::Excluded)
        .map(|note| note.column.as_str())
        .collect();
    let controls: Vec<&str> = roles.controls.iter().map(|control| control.column.as_str()).collect();
    let problems: Vec<&str> = guess.problems.iter().map(|problem| problem.code).collect();
    let lines = [
        ("time", roles.time.clone().unwrap_or_default()),
        ("kpi", roles.kpi.clone()),
        ("geo", roles.geo.clone().unwrap_or_default()),
        ("population", roles.population.clone().unwrap_or_default()),
        ("per kpi", roles.revenue_per_kpi.clone().unwrap_or_default()),
        ("media", media(&roles.media)),
        ("organic", media(&roles.organic)),
        ("controls", controls.join(", ")),
        ("events", roles.events.join(", ")),
        ("excluded", excluded.join(", ")),
        ("problems", problems.join(", ")),
    ];
    let said = lines.iter().filter(|(_, what)| !what.is_empty());
    said.map(|(part, what)| format!("{part}: {what}\n")).collect()
}

/// Every data file with the guess it must get.
const GUESSES: [(&str, &str); 14] = [
    (
        "meridian/geo_media.csv",
        "time: time\nkpi: conversions\ngeo: geo\npopulation: population\nper kpi: revenue_per_conversion\n\
         media: Channel0 (Channel0_spend for Channel0_impression), Channel1 (Channel1_spend for Channel1_impression), \
         Channel2 (Channel2_spend for Channel2_impression), Channel3 (Channel3_spend for Channel3_impression)\n\
         controls: competitor_activity_score_control, sentiment_score_control\n",
    ),
    (
        "meridian/geo_media_rf.csv",
        "time: time\nkpi: conversions\ngeo: geo\npopulation: population\nper kpi: revenue_per_conversion\n\
         media: Channel0 (Channel0_spend for Channel0_impression), Channel1 (Channel1_spend for Channel1_impression), \
         Channel2 (Channel2_spend for Channel2_impression), \
         Channel3 (Channel3_spend for Channel3_reach × Channel3_frequency)\n\
         controls: competitor_activity_score_control, sentiment_score_control\nexcluded: Channel3_impression\n",
    ),
    (
        "meridian/national_media.csv",
        "time: time\nkpi: conversions\nper kpi: revenue_per_conversion\n\
         media: Channel0 (Channel0_spend for Channel0_impression), Channel1 (Channel1_spend for Channel1_impression), \
         Channel2 (Channel2_spend for Channel2_impression), Channel3 (Channel3_spend for Channel3_impression)\n\
         controls: competitor_activity_score_control, sentiment_score_control\n",
    ),
    (
        "mmm_stan/data.csv",
        "time: wk_strt_dt\nkpi: sales\n\
         media: dm (mdsp_dm for mdip_dm), inst (mdsp_inst for mdip_inst), nsp (mdsp_nsp for mdip_nsp), \
         auddig (mdsp_auddig for mdip_auddig), audtr (mdsp_audtr for mdip_audtr), vidtr (mdsp_vidtr for mdip_vidtr), \
         viddig (mdsp_viddig for mdip_viddig), so (mdsp_so for mdip_so), on (mdsp_on for mdip_on), \
         sem (mdsp_sem for mdip_sem)\n\
         organic: em (mdip_em), sms (mdip_sms), aff (mdip_aff)\n\
         controls: me_ics_all, me_gas_dpg, st_ct, mrkdn_valadd_edw, mrkdn_pdm, va_pub_0.15, va_pub_0.2, va_pub_0.25, \
         va_pub_0.3, hldy_Black Friday, hldy_Christmas Day, hldy_Christmas Eve, hldy_Columbus Day, hldy_Cyber Monday, \
         hldy_Easter, hldy_Father's Day, hldy_Green Monday, hldy_July 4th, hldy_Labor Day, hldy_MLK, \
         hldy_Memorial Day, hldy_Mother's Day, hldy_NYE, hldy_New Year's Day, hldy_Presidents Day, hldy_Prime Day, \
         hldy_Valentine's Day, hldy_Veterans Day\n\
         excluded: yr_nbr, qtr_nbr, prd, wk_nbr, wk_in_yr_nbr, hldy_Day after Christmas, hldy_Pre Thanksgiving, \
         hldy_Thanksgiving, seas_prd_1, seas_prd_2, seas_prd_3, seas_prd_4, seas_prd_5, seas_prd_6, seas_prd_7, \
         seas_prd_8, seas_prd_9, seas_prd_12, seas_week_40, seas_week_41, seas_week_42, seas_week_43, seas_week_44, \
         seas_week_45, seas_week_46, seas_week_47, seas_week_48\n",
    ),
    (
        "pymc_marketing/mmm_example.csv",
        "time: date_week\nkpi: y\nmedia: x1 (x1), x2 (x2)\ncontrols: event_1, event_2\nexcluded: dayofyear, t\n",
    ),
    (
        "pymc_marketing/mmm_multidimensional_example.csv",
        "time: date\nkpi: y\ngeo: geo\nmedia: x1 (x1), x2 (x2)\ncontrols: event_1, event_2\n",
    ),
    (
        "pymc_marketing/mmm_roas_data.csv",
        "time: date\nkpi: y\nmedia: x1 (x1), x2 (x2)\ncontrols: z\n\
         excluded: dayofyear, quarter, trend, cs, cc, seasonality, epsilon, x1_adstock, x2_adstock, \
         x1_adstock_saturated, x2_adstock_saturated, x1_effect, x2_effect, y01, y02\n",
    ),
    (
        "robyn/dt_simulated_weekly.csv",
        "time: DATE\nkpi: revenue\n\
         media: tv (tv_S), ooh (ooh_S), print (print_S), facebook (facebook_S for facebook_I), \
         search (search_S for search_clicks_P)\n\
         organic: newsletter (newsletter)\ncontrols: competitor_sales_B\nevents: events\n",
    ),
    (
        "seed_tools/s0_lite/data.csv",
        "time: date\nkpi: sales\nmedia: search (search), social (social), video (video)\n",
    ),
    (
        "seed_tools/s1_weekly4/baseline_104w_seed42.csv",
        "time: date\nkpi: revenue\n\
         media: TV (TV_spend), Radio (Radio_spend), Digital (Digital_spend), Social (Social_spend)\n\
         controls: price, promotion\n\
         excluded: week, year, month, TV_contribution_gt, Radio_contribution_gt, Digital_contribution_gt, \
         Social_contribution_gt, total_media_contribution_gt\n",
    ),
    (
        "seed_tools/s1_weekly4/synthetic_mmm_high_tv.csv",
        "time: date\nkpi: revenue\n\
         media: TV (TV_spend), Radio (Radio_spend), Digital (Digital_spend), Social (Social_spend)\n\
         controls: price, promotion\n\
         excluded: week, year, month, TV_contribution_gt, Radio_contribution_gt, Digital_contribution_gt, \
         Social_contribution_gt, total_media_contribution_gt\n",
    ),
    (
        "seed_tools/s2_analytics/data.csv",
        "time: date\nkpi: kpi\n\
         media: search (spend_search), social (spend_social), display (spend_display), audio (spend_audio)\n\
         excluded: week, trend, seasonality, noise\n",
    ),
    (
        "seed_tools/s3_daily5/mmm_daily_data.csv",
        "time: date\nkpi: revenue\n\
         media: tv (tv_spend), search (search_spend), social (social_spend), display (display_spend), \
         print_ooh (print_ooh_spend)\n\
         controls: is_us_holiday, price_index, is_promotion, competitor_spend, economic_index\n\
         excluded: t, day_of_week, month, quarter, is_weekend, fourier_sin_1, fourier_cos_1, fourier_sin_2, \
         fourier_cos_2, fourier_sin_3, fourier_cos_3\n",
    ),
    (
        "seed_tools/s4_kpi4/data.csv",
        "time: week\nkpi: kpi\n\
         media: search (spend_search), social (spend_social), audio (spend_audio), display (spend_display)\n\
         excluded: trend, season, eps\n",
    ),
];

/// Files that hold no market data: the guess says so.
const REFUSED: [&str; 2] =
    ["robyn/dt_prophet_holidays.csv", "seed_tools/s3_daily5/mmm_contributions_truth.csv"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "csv") {
            found.push(path);
        }
    }
}

#[test]
fn every_file_is_guessed_right_and_becomes_a_panel() {
    let Some(folder) = shared() else { return };
    for (name, expected) in GUESSES {
        let read = read_table(&folder.join(name)).unwrap_or_else(|found| panic!("{found}"));
        assert_eq!(read.remarks.0, [], "{name}");
        let guess = guess_roles(&read.table);
        assert_eq!(told(&guess), expected, "{name}");
        assert_eq!(guess.notes.len(), read.table.columns.len());
        let (panel, remarks) = build_panel(&read.table, &guess.roles, &guess.options)
            .unwrap_or_else(|found| panic!("{name}: {found}"));
        assert_eq!(panel.n_cells(), read.table.n_rows(), "{name}");
        assert_eq!(remarks.count(Severity::Attention), 0, "{name}: {remarks}");
        let reviewed = review(&panel);
        println!("--- {name}\n{reviewed}");
        assert!(!reviewed.has_errors(), "{name}: {reviewed}");
    }
}

#[test]
fn what_is_no_market_data_is_refused_with_a_reason() {
    let Some(folder) = shared() else { return };
    for name in REFUSED {
        let read = read_table(&folder.join(name)).unwrap_or_else(|found| panic!("{found}"));
        let guess = guess_roles(&read.table);
        let codes: Vec<_> = guess.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["data.no_kpi", "data.no_media"], "{name}");
        assert!(guess.problems.iter().all(|problem| problem.hint.is_some()));
        assert!(build_panel(&read.table, &guess.roles, &guess.options).is_err());
    }
}

#[test]
fn no_shared_file_is_forgotten() {
    let Some(folder) = shared() else { return };
    let mut all = Vec::new();
    files(&folder, &mut all);
    for path in all {
        let name = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
        let is_known = REFUSED.contains(&name.as_str()) || GUESSES.iter().any(|(known, _)| *known == name);
        assert!(is_known, "{name} has no expected guess");
    }
}
