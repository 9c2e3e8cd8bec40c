//! Each item of bad input at the front door: its code, its row, its column, and a way out.

use super::build::{build_new_periods, build_panel};
use super::calendar::Spacing;
use super::options::{DataOptions, Duplicates, Gaps, MissingControls, MissingMedia};
use super::panel::Panel;
use super::roles::{ExposureColumns, MediaColumns, NamedColumn, Roles};
use super::table::{Column, Table, TextColumn, Values};
use crate::problem::{Problems, Severity};

const HEADER: &str = "date,sales,tv,radio,price";
const ROWS: [&str; 6] = [
    "2024-01-01,100,10,1,5",
    "2024-01-08,120,20,0,6",
    "2024-01-15,130,30,2,5",
    "2024-01-22,110,0,0,7",
    "2024-01-29,105,5,3,5",
    "2024-02-05,140,40,1,6",
];

/// A table of text cells from lines as a file has them.
fn table(header: &str, rows: &[&str]) -> Table {
    let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.split(',').collect()).collect();
    let column = |(i, name): (usize, &str)| {
        let cells: TextColumn = cells.iter().map(|row| row[i]).collect();
        Column { name: name.into(), values: Values::Text(cells) }
    };
    Table::new("data.csv", header.split(',').enumerate().map(column).collect())
}

fn channel(column: &str) -> MediaColumns {
    MediaColumns {
        name: column.into(),
        exposure: ExposureColumns::One(column.into()),
        spend: Some(column.into()),
    }
}

fn roles() -> Roles {
    Roles {
        time: Some("date".into()),
        kpi: "sales".into(),
        media: vec![channel("tv"), channel("radio")],
        controls: vec![NamedColumn { name: "price".into(), column: "price".into() }],
        ..Roles::default()
    }
}

/// The six good rows with some replaced.
fn with(changes: &[(usize, &str)]) -> Table {
    let mut rows = ROWS.to_vec();
    for (row, text) in changes {
        rows[*row] = text;
    }
    table(HEADER, &rows)
}

type Seen<'a> = Vec<(&'a str, Option<usize>, Option<&'a str>)>;

fn seen(found: &Problems, severity: Severity) -> Seen<'_> {
    let wanted = found.iter().filter(|problem| problem.severity == severity);
    wanted.map(|problem| (problem.code, problem.at.row, problem.at.column.as_deref())).collect()
}

/// The table is refused for exactly these reasons, each with a hint.
fn refused(table: &Table, options: &DataOptions, expected: &[(&str, Option<usize>, Option<&str>)]) {
    let found = build_panel(table, &roles(), options).expect_err("a fault was expected");
    assert_eq!(seen(&found, Severity::Error), expected, "{found}");
    for problem in found.iter().filter(|problem| problem.severity == Severity::Error) {
        assert!(problem.hint.is_some() || problem.message.contains("more of the same"), "{problem}");
    }
}

fn built(table: &Table, options: &DataOptions) -> (Panel, Problems) {
    build_panel(table, &roles(), options).unwrap_or_else(|found| panic!("{found}"))
}

#[test]
fn a_good_table_becomes_a_panel_without_remarks() {
    let (panel, remarks) = built(&with(&[]), &DataOptions::default());
    assert_eq!(remarks, Problems::new());
    assert_eq!((panel.n_geos(), panel.n_times(), panel.n_history), (1, 6, 0));
    assert_eq!(panel.calendar.spacing(), Spacing::Days(7));
    assert_eq!(panel.geos, ["national"]);
    assert_eq!(panel.kpi.values, [100.0, 120.0, 130.0, 110.0, 105.0, 140.0]);
    assert_eq!(panel.media[0].exposure, [10.0, 20.0, 30.0, 0.0, 5.0, 40.0]);
    assert_eq!(panel.media[0].spend.as_ref(), Some(&panel.media[0].exposure));
    assert_eq!(panel.controls[0].values, [5.0, 6.0, 5.0, 7.0, 5.0, 6.0]);
    assert_eq!(panel.population, [1.0]);
}

#[test]
fn a_gap_is_refused_and_filled_only_on_request() {
    let rows: Vec<&str> =
        ROWS.iter().copied().enumerate().filter(|(i, _)| *i != 2).map(|(_, row)| row).collect();
    let table = table(HEADER, &rows);
    refused(
        &table,
        &DataOptions::default(),
        &[("data.gap", Some(4), Some("date")), ("data.missing_control", None, Some("price"))],
    );
    let options = DataOptions { gaps: Some(Gaps::Zero), ..DataOptions::default() };
    refused(&table, &options, &[("data.missing_control", None, Some("price"))]);
    let options = DataOptions { missing_controls: Some(MissingControls::Previous), ..options };
    let (panel, remarks) = built(&table, &options);
    assert_eq!(panel.media[0].exposure[2], 0.0);
    assert!(panel.kpi.values[2].is_nan());
    assert_eq!(panel.controls[0].values[2], 6.0);
    assert_eq!(
        seen(&remarks, Severity::Info),
        [("data.gaps_filled", None, None), ("data.missing_control_previous", None, Some("price"))]
    );
}

#[test]
fn a_duplicate_key_is_refused_and_added_up_only_on_request() {
    let mut rows = ROWS.to_vec();
    rows.push("2024-01-15,1,2,3,5");
    let table = table(HEADER, &rows);
    refused(&table, &DataOptions::default(), &[("data.duplicate_key", Some(8), Some("date"))]);
    let options = DataOptions { duplicates: Some(Duplicates::Sum), ..DataOptions::default() };
    let (panel, remarks) = built(&table, &options);
    assert_eq!(
        (panel.kpi.values[2], panel.media[0].exposure[2], panel.controls[0].values[2]),
        (131.0, 32.0, 5.0)
    );
    assert!(remarks.iter().any(|remark| remark.code == "data.duplicates_summed"));
    rows[6] = "2024-01-15,1,2,3,99";
    let conflict = self::table(HEADER, &rows);
    refused(&conflict, &options, &[("data.duplicate_conflict", Some(8), Some("price"))]);
}

#[test]
fn unsorted_rows_are_sorted_with_a_remark() {
    let (panel, remarks) = built(&with(&[(0, ROWS[1]), (1, ROWS[0])]), &DataOptions::default());
    assert_eq!(panel, built(&with(&[]), &DataOptions::default()).0);
    assert_eq!(seen(&remarks, Severity::Info), [("data.unsorted_rows", Some(3), Some("date"))]);
}

#[test]
fn mixed_cadence_is_refused_at_the_odd_row() {
    let table = with(&[(3, "2024-01-24,110,0,0,7")]);
    refused(&table, &DataOptions::default(), &[("data.mixed_cadence", Some(5), Some("date"))]);
}

#[test]
fn bad_cells_are_all_found_in_one_pass() {
    let table = with(&[
        (0, "2024-01-01,inf,-10,1,5"),
        (1, "2024-01-08,120,,0,x"),
        (2, "2024-01-15,abc,30,2,NA"),
        (4, "n/a,105,5,3,5"),
    ]);
    refused(
        &table,
        &DataOptions::default(),
        &[
            ("data.missing_date", Some(6), Some("date")),
            ("data.gap", Some(7), Some("date")),
            ("data.not_a_number", Some(4), Some("sales")),
            ("data.not_finite", Some(2), Some("sales")),
            ("data.negative", Some(2), Some("tv")),
            ("data.missing_media", Some(3), Some("tv")),
            ("data.not_a_number", Some(3), Some("price")),
        ],
    );
}

#[test]
fn an_empty_media_cell_is_zero_only_on_request() {
    let table = with(&[(1, "2024-01-08,120,,0,6")]);
    refused(&table, &DataOptions::default(), &[("data.missing_media", Some(3), Some("tv"))]);
    let options = DataOptions { missing_media: Some(MissingMedia::Zero), ..DataOptions::default() };
    let (panel, remarks) = built(&table, &options);
    assert_eq!(panel.media[0].exposure[1], 0.0);
    assert_eq!(seen(&remarks, Severity::Info), [("data.missing_media_zero", None, Some("tv"))]);
}

#[test]
fn a_missing_kpi_leaves_the_likelihood_and_leading_ones_are_history() {
    let table = with(&[(0, "2024-01-01,,10,1,"), (2, "2024-01-15,NA,30,2,5"), (5, "2024-02-05,,40,1,6")]);
    let (panel, remarks) = built(&table, &DataOptions::default());
    assert_eq!(panel.n_history, 1);
    assert_eq!(panel.controls[0].values[0], 0.0);
    assert!([0, 2, 5].iter().all(|t| panel.kpi.values[*t].is_nan()));
    assert_eq!(
        seen(&remarks, Severity::Attention),
        [("data.kpi_unknown_at_end", None, Some("sales")), ("data.missing_kpi", Some(4), Some("sales"))]
    );
    assert_eq!(
        seen(&remarks, Severity::Info),
        [("data.media_history", None, Some("sales")), ("data.history_control_zero", None, Some("price"))]
    );
}

#[test]
fn series_that_say_nothing_are_refused() {
    let rows = ROWS.map(|row| format!("{},7,0,1,5", &row[..10]));
    let table = table(HEADER, &rows.each_ref().map(String::as_str));
    refused(
        &table,
        &DataOptions::default(),
        &[
            ("data.constant_kpi", None, Some("sales")),
            ("data.channel_all_zero", None, Some("tv")),
            ("data.constant_column", None, Some("price")),
        ],
    );
}

#[test]
fn dates_and_numbers_in_local_writing_are_understood_and_said() {
    let rows = [
        "29.01.2024;1.100,5;€ 10,5;1;5,0",
        "05.02.2024;1.200,0;€ 1.020,5;0;6,5",
        "12.02.2024;1.300,0;€ 30,0;2;5,5",
    ];
    let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.split(';').collect()).collect();
    let columns = HEADER.split(',').enumerate().map(|(i, name)| Column {
        name: name.into(),
        values: Values::Text(cells.iter().map(|row| row[i]).collect()),
    });
    let (panel, remarks) = built(&Table::new("d.csv", columns.collect()), &DataOptions::default());
    assert_eq!(panel.kpi.values, [1100.5, 1200.0, 1300.0]);
    assert_eq!(panel.media[0].exposure, [10.5, 1020.5, 30.0]);
    assert_eq!(panel.calendar.start(), jiff::civil::date(2024, 1, 29));
    let codes: Vec<_> = remarks.iter().map(|remark| remark.code).collect();
    assert_eq!(codes, ["data.date_format", "data.number_format", "data.number_format", "data.number_format"]);
}

#[test]
fn text_where_numbers_are_needed_points_to_events() {
    let rows = ROWS.map(|row| format!("{}e", &row[..row.len() - 1]));
    let table = table(HEADER, &rows.each_ref().map(String::as_str));
    refused(&table, &DataOptions::default(), &[("data.text_column", Some(2), Some("price"))]);
    let roles = Roles { controls: Vec::new(), events: vec!["price".into()], ..roles() };
    let rows = ["na", "Sale", "na", "Strike", "Sale", "none"];
    let rows: Vec<String> =
        ROWS.iter().zip(rows).map(|(row, e)| format!("{}{e}", &row[..row.len() - 1])).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let (panel, remarks) = build_panel(&self::table(HEADER, &rows), &roles, &DataOptions::default()).unwrap();
    let names: Vec<_> =
        panel.events.iter().map(|event| (event.name.as_str(), event.values.iter().sum())).collect();
    assert_eq!(names, [("Sale", 2.0), ("Strike", 1.0)]);
    assert!(remarks.0[0].message.contains("`Sale` in 2 weeks, `Strike` in 1 week"), "{remarks}");
}

const GEO_HEADER: &str = "date,geo,sales,tv,radio,price,people";

fn geo_rows() -> Vec<String> {
    let mut rows = Vec::new();
    for (g, geo) in ["south", "north"].iter().enumerate() {
        for (t, row) in ROWS.iter().enumerate() {
            let (date, rest) = row.split_once(',').unwrap();
            rows.push(format!("{date},{geo},{}{rest},{}", (g + t) % 7, 1000 + g));
        }
    }
    rows
}

fn geo_roles() -> Roles {
    Roles { geo: Some("geo".into()), population: Some("people".into()), ..roles() }
}

#[test]
fn a_panel_keeps_geos_in_order_of_appearance_and_names_missing_keys() {
    let rows = geo_rows();
    let lines: Vec<&str> = rows.iter().map(String::as_str).collect();
    let (panel, _) = build_panel(&table(GEO_HEADER, &lines), &geo_roles(), &DataOptions::default()).unwrap();
    assert_eq!(
        (panel.geos.as_slice(), panel.n_cells()),
        (["south".to_owned(), "north".to_owned()].as_slice(), 12)
    );
    assert_eq!(panel.population, [1000.0, 1001.0]);
    assert_eq!(panel.media[0].exposure[6..8], [10.0, 20.0]);
    let mut fewer = lines.clone();
    fewer.remove(8);
    let roles = Roles { controls: Vec::new(), ..geo_roles() };
    let found = build_panel(&table(GEO_HEADER, &fewer), &roles, &DataOptions::default()).unwrap_err();
    assert_eq!(seen(&found, Severity::Error), [("data.gap", Some(10), Some("date"))]);
    assert!(found.0[0].message.contains("2024-01-15 in geo `north`"), "{found}");
}

#[test]
fn a_population_that_varies_and_a_geo_that_is_missing_are_refused() {
    let mut rows = geo_rows();
    rows[3] = rows[3].replace(",1000", ",999");
    rows[9] = rows[9].replace("north", "");
    let lines: Vec<&str> = rows.iter().map(String::as_str).collect();
    let roles = Roles { controls: Vec::new(), ..geo_roles() };
    let found = build_panel(&table(GEO_HEADER, &lines), &roles, &DataOptions::default()).unwrap_err();
    assert_eq!(
        seen(&found, Severity::Error),
        [("data.missing_geo", Some(11), Some("geo")), ("data.gap", Some(12), Some("date"))]
    );
    rows[9] = geo_rows()[9].clone();
    let lines: Vec<&str> = rows.iter().map(String::as_str).collect();
    let found = build_panel(&table(GEO_HEADER, &lines), &roles, &DataOptions::default()).unwrap_err();
    assert_eq!(seen(&found, Severity::Error), [("data.population_varies", Some(5), Some("people"))]);
}

#[test]
fn no_time_column_means_numbered_weeks_unless_a_column_holds_dates() {
    let roles = Roles { time: None, ..roles() };
    let found = build_panel(&with(&[]), &roles, &DataOptions::default()).unwrap_err();
    assert_eq!(
        (found.0[0].code, found.0[0].hint.as_deref()),
        ("spec.missing_time", Some("say `time = \"date\"`"))
    );
    let mut undated = with(&[]);
    undated.columns.remove(0);
    let (panel, remarks) = build_panel(&undated, &roles, &DataOptions::default()).unwrap();
    assert_eq!((panel.n_times(), remarks.0[0].code), (6, "data.counted_periods"));
}

#[test]
fn new_periods_need_no_kpi_and_follow_the_fitted_panel() {
    let rows = geo_rows();
    let lines: Vec<&str> = rows.iter().map(String::as_str).collect();
    let (fitted, _) = build_panel(&table(GEO_HEADER, &lines), &geo_roles(), &DataOptions::default()).unwrap();
    let new = table("date,geo,tv,radio,price", &["2024-02-12,north,0,0,5", "2024-02-12,south,9,0,5"]);
    let (panel, _) = build_new_periods(&new, &geo_roles(), &DataOptions::default(), &fitted)
        .unwrap_or_else(|found| panic!("{found}"));
    assert_eq!(panel.geos, fitted.geos);
    assert_eq!(panel.media[0].exposure, [9.0, 0.0]);
    assert!(panel.kpi.values.iter().all(|y| y.is_nan()));
    let new = table("date,geo,tv,radio,price", &["2024-02-12,west,0,0,5"]);
    let found = build_new_periods(&new, &geo_roles(), &DataOptions::default(), &fitted).unwrap_err();
    let codes: Vec<_> = found.iter().map(|problem| problem.code).collect();
    assert!(codes.ends_with(&["data.unknown_geo", "data.missing_geo", "data.missing_geo"]), "{found}");
}

mod properties {
    use super::*;
    use crate::data::guess::guess_roles;
    use crate::data::review::review;
    use proptest::prelude::*;

    fn values() -> impl Strategy<Value = Values> {
        let odd =
            prop::sample::select(vec![0.0, 1.0, -1.0, f64::NAN, f64::INFINITY, 1e308, -1e-308, 45_323.0]);
        let number = prop_oneof![2 => 0.0..100.0_f64, 1 => odd];
        let day = (-700_000..2_900_000_i64)
            .prop_map(|n| jiff::civil::date(1970, 1, 1).saturating_add(jiff::ToSpan::days(n)));
        let cells = prop::sample::select(vec![
            "",
            "1",
            "2.5",
            "2024-01-01",
            "2024-01-08",
            "a",
            "na",
            "True",
            "1,5",
            "€",
            "202401",
        ]);
        prop_oneof![
            prop::collection::vec(prop::option::of(number), 6).prop_map(Values::Number),
            prop::collection::vec(prop::option::of(day), 6).prop_map(Values::Date),
            prop::collection::vec(prop::option::of(any::<bool>()), 6).prop_map(Values::Bool),
            prop::collection::vec(cells, 6).prop_map(|cells| Values::Text(cells.into_iter().collect())),
            Just(Values::Number((0..6).map(|n| Some(f64::from(n))).collect())),
        ]
    }

    fn name() -> impl Strategy<Value = String> {
        prop::sample::select(vec!["a", "b", "c", "d", "e", "", "nope"]).prop_map(str::to_owned)
    }

    fn options() -> impl Strategy<Value = DataOptions> {
        (any::<[bool; 4]>(), prop::option::of("[a-z%Y/-]{0,6}")).prop_map(|(on, date_format)| DataOptions {
            date_format,
            missing_media: on[0].then_some(MissingMedia::Zero),
            gaps: on[1].then_some(Gaps::Zero),
            duplicates: on[2].then_some(Duplicates::Sum),
            missing_controls: on[3].then_some(MissingControls::Previous),
            ..DataOptions::default()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

        #[test]
        fn any_table_under_any_roles_is_a_panel_or_a_list_of_errors(
            columns in prop::collection::vec(values(), 5),
            parts in prop::collection::vec(prop::option::of(name()), 9),
            options in options(),
        ) {
            let named = columns.into_iter().zip(["a", "b", "c", "d", "e"]);
            let columns = named.map(|(values, name)| Column { name: name.into(), values }).collect();
            let table = Table::new("t", columns);
            let part = |i: usize| parts[i].clone();
            let exposure = match (part(4), part(5)) {
                (Some(reach), Some(frequency)) => ExposureColumns::ReachFrequency { reach, frequency },
                (one, _) => ExposureColumns::One(one.unwrap_or_default()),
            };
            let roles = Roles {
                time: part(0),
                kpi: part(1).unwrap_or_default(),
                geo: part(2),
                population: part(3),
                media: vec![MediaColumns { name: "m".into(), exposure, spend: part(6) }],
                controls: part(7).map(|column| NamedColumn { name: "z".into(), column }).into_iter().collect(),
                events: part(8).into_iter().collect(),
                ..Roles::default()
            };
            match build_panel(&table, &roles, &options) {
                Ok((panel, remarks)) => {
                    prop_assert!(!remarks.has_errors());
                    check_whole(&panel)?;
                    let _ = review(&panel);
                    let again = build_new_periods(&table, &roles, &options, &panel);
                    prop_assert!(again.is_ok(), "{}", again.unwrap_err());
                }
                Err(found) => prop_assert!(found.has_errors()),
            }
            let guess = guess_roles(&table);
            prop_assert_eq!(guess.notes.len(), 5);
            let _ = build_panel(&table, &guess.roles, &options);
        }
    }

    /// Geo, week, sales and spend.
    type Row = (usize, i64, u8, Option<f64>);

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

        #[test]
        fn with_all_repairs_allowed_a_ragged_market_becomes_a_whole_panel(
            rows in prop::collection::vec((0..2_usize, 1..12_i64, 0..90_u8, prop::option::of(0.0..9.0_f64)), 24),
            order in Just((0..28_usize).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            // Both geos begin and end together and hold a control there, so that it can be carried on.
            let ends = [(0, 0, 5, Some(1.0)), (1, 0, 6, Some(2.0)), (0, 12, 7, Some(3.0)), (1, 12, 8, Some(0.0))];
            let rows: Vec<_> = ends.into_iter().chain(rows).collect();
            let rows: Vec<_> = order.iter().map(|i| rows[*i]).collect();
            // Gaps that look like a cadence of their own, or outnumber the weeks, are refused whatever is allowed.
            let weeks: std::collections::BTreeSet<i64> = rows.iter().map(|row| row.1).collect();
            let steps: Vec<i64> = weeks.iter().zip(weeks.iter().skip(1)).map(|(a, b)| b - a).collect();
            prop_assume!(2 * steps.iter().filter(|step| **step == 1).count() > steps.len());
            prop_assume!(!steps.windows(3).any(|three| three[0] > 1 && three.iter().all(|step| *step == three[0])));
            let start = jiff::civil::date(2024, 1, 1);
            let day = |t: i64| Some(start.saturating_add(jiff::ToSpan::weeks(t)));
            // A control that depends on the key alone agrees between duplicates.
            let control: fn(usize, i64) -> Option<f64> = |g, t| (t % 3 != 1).then_some((t * 7 % 5) as f64 + g as f64);
            let column = |name: &str, values| Column { name: name.into(), values };
            let numbers = |f: &dyn Fn(&Row) -> Option<f64>| Values::Number(rows.iter().map(f).collect());
            let table = Table::new("t", vec![
                column("date", Values::Date(rows.iter().map(|row| day(row.1)).collect())),
                column("geo", Values::Text(rows.iter().map(|row| ["n", "s"][row.0]).collect())),
                column("sales", numbers(&|row| (row.2 % 9 != 0).then_some(f64::from(row.2)))),
                column("tv", numbers(&|row| row.3)),
                column("price", numbers(&|row| control(row.0, row.1))),
            ]);
            let roles = Roles { geo: Some("geo".into()), media: vec![channel("tv")], ..roles() };
            let options = DataOptions {
                missing_media: Some(MissingMedia::Zero),
                gaps: Some(Gaps::Zero),
                duplicates: Some(Duplicates::Sum),
                missing_controls: Some(MissingControls::Previous),
                ..DataOptions::default()
            };
            let (panel, _) = build_panel(&table, &roles, &options).map_err(|found| TestCaseError::fail(found.to_string()))?;
            prop_assert_eq!((panel.n_geos(), panel.n_times()), (2, 13));
            check_whole(&panel)?;
            let total: f64 = rows.iter().filter_map(|row| row.3).sum();
            prop_assert!((panel.media[0].exposure.iter().sum::<f64>() - total).abs() < 1e-9);
            let _ = review(&panel);
        }
    }

    /// Every array fills the grid and is finite where it must be.
    fn check_whole(panel: &Panel) -> Result<(), TestCaseError> {
        let n = panel.n_cells();
        prop_assert_eq!(panel.kpi.values.len(), n);
        prop_assert!(panel.kpi.values.iter().all(|y| !y.is_infinite()));
        for media in panel.media.iter().chain(&panel.organic) {
            let spend = media.spend.as_ref().unwrap_or(&media.exposure);
            prop_assert_eq!((media.exposure.len(), spend.len()), (n, n));
            prop_assert!(media.exposure.iter().chain(spend).all(|x| x.is_finite() && *x >= 0.0));
        }
        for series in panel.controls.iter().chain(&panel.treatments) {
            prop_assert!(series.values.len() == n && series.values.iter().all(|x| x.is_finite()));
        }
        prop_assert!(panel.events.iter().all(|event| event.values.iter().all(|x| *x == 0.0 || *x == 1.0)));
        prop_assert!(panel.population.len() == panel.n_geos() && panel.population.iter().all(|p| *p > 0.0));
        Ok(())
    }
}
